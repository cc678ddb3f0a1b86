"""Documents become what the gateway works with, through config's readers and their checks.

What may live here: the way from a record to gateway.model. Every check of a mapping is config's own; what it finds is
raised as the refusal that API Gateway would answer.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from vtlsim.config.fields import Fields, Spelling
from vtlsim.config.gateway_responses import API as GATEWAY_RESPONSE
from vtlsim.config.gateway_responses import read_gateway_response
from vtlsim.config.integration import FIELDS, read_integration
from vtlsim.config.integration_response import API as RESPONSE
from vtlsim.config.integration_response import read_integration_response
from vtlsim.config.marked import Mapping as Node
from vtlsim.config.marked import read
from vtlsim.config.method import authorization_type, declared_parameters, declared_response, names_of
from vtlsim.config.problems import Problems
from vtlsim.config.schemas import local_references
from vtlsim.config.templates import TemplateReader
from vtlsim.gateway.model import Api, Method, Model, Resource, Stage, Templates, TemplateText, Validator
from vtlsim.surfaces.control.errors import bad_request, from_problems, no_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import (
        ApiKeySource,
        CustomGatewayResponse,
        DeclaredParameter,
        DeclaredResponse,
        EndpointType,
        Integration,
        IntegrationResponse,
    )
    from vtlsim.surfaces.control.store import Content, MethodRecord

INTEGRATION: Final = Spelling(
    "integration", {name: name for name in FIELDS}, frozenset(("responseTransferMode", "integrationTarget"))
)


def node_of(document: Mapping[str, Any], name: str, problems: Problems) -> Node:
    """A document as config reads it."""
    found = read(json.dumps(document), name, problems)
    if not isinstance(found, Node):
        refused = from_problems(problems)
        raise refused if refused is not None else bad_request(f"{name}: an object was expected")
    return found


def integration_of(document: Mapping[str, Any], declared: tuple[DeclaredParameter, ...], label: str) -> Integration:
    """An integration, checked as PutIntegration checks it. ``label`` names its templates. Raises ControlError."""
    problems = Problems()
    templates = TemplateReader(problems)
    fields = Fields(node_of(document, "PutIntegration", problems), INTEGRATION, problems)
    found = read_integration(fields, templates, declared=names_of(declared))
    _settle(problems)
    assert found is not None, "an integration without a type is a problem"
    named = _named(found.request_templates, label)
    return found._replace(request_templates=named, origin=None)


def response_of(document: Mapping[str, Any], declared: tuple[DeclaredResponse, ...], label: str) -> IntegrationResponse:
    """An integration response, checked as PutIntegrationResponse checks it. Raises ControlError."""
    problems = Problems()
    templates = TemplateReader(problems)
    node = node_of(document, "PutIntegrationResponse", problems)
    found = read_integration_response(node, RESPONSE, templates, problems, declared=declared)
    _settle(problems)
    if found is None:
        raise no_response()
    named = _named(found.response_templates, f"{label} {found.status_code}")
    return found._replace(response_templates=named, origin=None)


def gateway_response_of(kind: str, document: Mapping[str, Any]) -> CustomGatewayResponse:
    """A gateway response, checked as PutGatewayResponse checks it. Raises ControlError."""
    problems = Problems()
    node = node_of(document, "PutGatewayResponse", problems)
    # Gateway responses may name request parameters alone; what else a value is, is its own business.
    found = read_gateway_response(kind, node, GATEWAY_RESPONSE, TemplateReader(problems), problems)
    _settle(problems)
    return found._replace(templates=_named(found.templates, kind), origin=None)


def declared_of(parameters: Mapping[str, bool]) -> tuple[DeclaredParameter, ...]:
    """What a method's ``requestParameters`` declare. Raises ControlError."""
    problems = Problems()
    found = declared_parameters(node_of(parameters, "PutMethod", problems), problems)
    _settle(problems)
    return found


def method_response_of(document: Mapping[str, Any]) -> DeclaredResponse:
    """A method response. Raises ControlError."""
    problems = Problems()
    node = node_of(document, "PutMethodResponse", problems)
    found = declared_response(
        document["statusCode"], node.get("responseParameters"), node.get("responseModels"), problems
    )
    _settle(problems)
    return found


def _settle(problems: Problems) -> None:
    refused = from_problems(problems)
    if refused is not None:
        raise refused


def _named(templates: Templates, label: str) -> Templates:
    return Templates((key, TemplateText(each.text, f"{label} {key}")) for key, each in templates)


# -- the whole --------------------------------------------------------------------------------------------------------


def method_of(verb: str, record: MethodRecord, validators: Mapping[str, Mapping[str, Any]]) -> Method:
    """A method as the gateway knows it."""
    document = record.document
    integration = record.integration
    validator = validators.get(document.get("requestValidatorId", ""), {})
    return Method(
        http_method=verb,
        integration=None
        if integration is None
        else integration.model._replace(
            integration_responses=tuple(response for _, response in integration.responses.values())
        ),
        request_parameters=record.declared,
        request_models=MappingProxyType(dict(document.get("requestModels", {}))),
        validator=Validator(
            validator.get("validateRequestBody", False),
            validator.get("validateRequestParameters", False),
            validator.get("name"),
        ),
        api_key_required=document.get("apiKeyRequired", False),
        authorization_type=authorization_type(document.get("authorizationType")),
        authorizer=document.get("authorizerId"),
        responses=declared_responses(record),
        operation_name=document.get("operationName"),
    )


def declared_responses(record: MethodRecord) -> tuple[DeclaredResponse, ...]:
    """What a method's responses declare, by status."""
    return tuple(method_response_of(each) for _, each in sorted(record.responses.items()))


def api_of(content: Content, only: str | None = None) -> Api:
    """An API as the gateway knows it; with ``only``, that one resource of it."""
    verbs: dict[str, dict[str, Method]] = {}
    for (resource_id, verb), record in content.methods.items():
        if only is None or resource_id == only:
            verbs.setdefault(resource_id, {})[verb] = method_of(verb, record, content.validators)
    document = content.document
    resources = sorted((content.resources[each].path, each, methods) for each, methods in verbs.items())
    endpoint = document.get("endpointConfiguration", {}).get("types") or ["EDGE"]
    return Api(
        resources=tuple(Resource.at(path, MappingProxyType(methods), each) for path, each, methods in resources),
        models=MappingProxyType({name: _model(each) for name, each in content.models.items()}),
        gateway_responses=MappingProxyType({kind: each.model for kind, each in content.gateway_responses.items()}),
        binary_media_types=tuple(each.lower() for each in document.get("binaryMediaTypes", ())),
        api_key_source=cast("ApiKeySource", document.get("apiKeySource", "HEADER")),
        endpoint_type=cast("EndpointType", endpoint[0]),
        minimum_compression_size=document.get("minimumCompressionSize"),
        name=document["name"],
        id=document["id"],
        description=document.get("description", ""),
    )


def _model(document: Mapping[str, Any]) -> Model:
    try:
        schema: object = json.loads(document.get("schema") or "{}")
    except ValueError:
        schema = {}
    return Model(document["name"], local_references(schema), document.get("contentType", "application/json"))


def staged(api: Api, document: Mapping[str, Any]) -> Api:
    """The Api of a deployment as one stage serves it."""
    name = document["stageName"]
    canary = True if document.get("canarySettings") else None
    variables = MappingProxyType(dict(document.get("variables", {})))
    stage = Stage(name, variables, canary, document.get("deploymentId"))
    return api._replace(stages=MappingProxyType({name: stage}))
