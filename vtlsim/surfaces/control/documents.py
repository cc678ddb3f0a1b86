"""What the gateway works with becomes documents: the way back of assemble.

What may live here: gateway.model -> the fields of the API reference. It is how a definition that was read from a file,
or imported, comes into the store.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from vtlsim.surfaces.control.operations.gateway_responses import DEFAULT_TEMPLATES, STATUSES
from vtlsim.surfaces.control.store import GatewayRecord, IntegrationRecord, MethodRecord, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import (
        CustomGatewayResponse,
        DeclaredResponse,
        Integration,
        IntegrationResponse,
        Method,
        Model,
    )


def integration_document(integration: Integration, resource_id: str) -> dict[str, Any]:
    """An integration's fields."""
    simple = {
        "httpMethod": integration.http_method,
        "uri": integration.uri,
        "connectionId": integration.connection_id,
        "credentials": integration.credentials,
        "contentHandling": integration.content_handling,
    }
    found: dict[str, Any] = {
        "type": integration.type,
        **{name: value for name, value in simple.items() if value is not None},
    }
    if integration.type in {"HTTP", "HTTP_PROXY"}:
        found["connectionType"] = integration.connection_type
    if integration.request_parameters:
        found["requestParameters"] = {
            each.target.expression: each.source.expression for each in integration.request_parameters
        }
    if len(integration.request_templates):
        found["requestTemplates"] = {key: template.text for key, template in integration.request_templates}
    if integration.insecure_skip_verification:
        found["tlsConfig"] = {"insecureSkipVerification": True}
    return {
        **found,
        "passthroughBehavior": integration.passthrough_behavior,
        "timeoutInMillis": integration.timeout_in_millis,
        "cacheNamespace": integration.cache_namespace or resource_id,
        "cacheKeyParameters": [each.expression for each in integration.cache_key_parameters],
    }


def response_document(response: IntegrationResponse) -> dict[str, Any]:
    """An integration response's fields."""
    found: dict[str, Any] = {"statusCode": response.status_code}
    if response.selection_pattern is not None:
        found["selectionPattern"] = response.selection_pattern
    if response.response_parameters:
        found["responseParameters"] = {
            each.target.expression: each.source.expression for each in response.response_parameters
        }
    if len(response.response_templates):
        found["responseTemplates"] = {key: template.text or None for key, template in response.response_templates}
    if response.content_handling is not None:
        found["contentHandling"] = response.content_handling
    return found


def method_response_document(response: DeclaredResponse) -> dict[str, Any]:
    """A method response's fields."""
    found: dict[str, Any] = {"statusCode": response.status_code}
    if response.headers:
        found["responseParameters"] = {f"method.response.header.{name}": on for name, on in response.headers.items()}
    if response.models:
        found["responseModels"] = dict(response.models)
    return found


def method_record(
    verb: str, method: Method, resource_id: str, validators: Mapping[str, str], authorizers: Mapping[str, str]
) -> MethodRecord:
    """A method with all that is in it. ``validators`` and ``authorizers`` are ids by name.

    Two integration responses of one status cannot both stand under their status: the later one gives way, as it does
    in API Gateway, whose integration responses are a map by status.
    """
    document: dict[str, Any] = {
        "httpMethod": verb,
        "authorizationType": method.authorization_type,
        "apiKeyRequired": method.api_key_required,
    }
    if method.authorizer is not None and method.authorizer in authorizers:
        document["authorizerId"] = authorizers[method.authorizer]
    if method.operation_name is not None:
        document["operationName"] = method.operation_name
    if method.validator.name is not None and method.validator.name in validators:
        document["requestValidatorId"] = validators[method.validator.name]
    if method.request_parameters:
        document["requestParameters"] = {each.parameter.expression: each.required for each in method.request_parameters}
    if method.request_models:
        document["requestModels"] = dict(method.request_models)
    integration = method.integration
    record = None
    if integration is not None:
        responses: dict[str, tuple[Mapping[str, Any], IntegrationResponse]] = {}
        for each in integration.integration_responses:
            responses.setdefault(each.status_code, (response_document(each), each))
        bare = integration._replace(integration_responses=())
        record = IntegrationRecord(integration_document(bare, resource_id), bare, responses)
    declared = method.responses
    if declared is None:
        # A document with no place for method responses declares each that it uses, with what is mapped to it.
        declared = _used(integration)
    return MethodRecord(
        document,
        method.request_parameters,
        {each.status_code: method_response_document(each) for each in declared},
        record,
    )


def _used(integration: Integration | None) -> tuple[DeclaredResponse, ...]:
    from vtlsim.gateway.model import DeclaredResponse

    if integration is None:
        return ()
    return tuple(
        DeclaredResponse(each.status_code, {mapping.target.name: False for mapping in each.response_parameters})
        for each in integration.integration_responses
    )


def model_document(model: Model) -> dict[str, Any]:
    """A model's fields."""
    return {
        "id": new_id(6, {}),
        "name": model.name,
        "schema": json.dumps(model.schema, indent=2),
        "contentType": model.content_type,
    }


def gateway_record(response: CustomGatewayResponse) -> GatewayRecord:
    """A gateway response that an API sets."""
    status = STATUSES.get(response.type) if response.status_code is None else str(response.status_code)
    document: dict[str, Any] = {
        "responseType": response.type,
        "responseParameters": {each.target.expression: each.source.expression for each in response.parameters},
        "responseTemplates": {key: template.text for key, template in response.templates} or DEFAULT_TEMPLATES,
        "defaultResponse": False,
    }
    if status is not None:
        document["statusCode"] = status
    return GatewayRecord(document, response)
