"""Integration and IntegrationResponse: put, get, update, delete.

What may live here: PutIntegration's defaults and what is answered. The checks of every field are config's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.gateway.model import DEFAULT_TIMEOUT_MS
from vtlsim.surfaces.control.assemble import declared_responses, integration_of, response_of
from vtlsim.surfaces.control.errors import no_integration, no_response
from vtlsim.surfaces.control.patches import EDIT, NO_SUCH_PARAMETER, NO_SUCH_TYPE, Place, patched, rules
from vtlsim.surfaces.control.store import IntegrationRecord, MethodRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.surfaces.control.store import RestApi, Store

RESPONSES_DROPPED: Final = "CTL002"
"""Register: a second PutIntegration replaces everything, so the integration responses are gone. Not seen on AWS."""

UNDECLARED_RESPONSE: Final = "CTL011"
"""Register: PutIntegrationResponse passes without a method response of that status unless it maps parameters. The
guide wants the method response first; an answer that says so without parameters is not known."""

RULES: Final = rules(
    Place("/httpMethod"),
    Place("/uri"),
    Place("/connectionType"),
    Place("/connectionId"),
    Place("/credentials"),
    Place("/passthroughBehavior"),
    Place("/contentHandling", EDIT),
    Place("/timeoutInMillis", kind="integer"),
    Place("/cacheNamespace"),
    Place("/responseTransferMode"),
    Place("/tlsConfig/insecureSkipVerification", EDIT, "boolean"),
    Place("/requestParameters/*", EDIT, missing=NO_SUCH_PARAMETER),
    Place("/requestTemplates/*", EDIT, missing=NO_SUCH_TYPE),
    Place("/cacheKeyParameters/*", EDIT, "list"),
)
RESPONSE_RULES: Final = rules(
    Place("/selectionPattern"),
    Place("/contentHandling", EDIT),
    Place("/responseParameters/*", EDIT, missing=NO_SUCH_PARAMETER),
    Place("/responseTemplates/*", EDIT, missing=NO_SUCH_TYPE),
)
_GIVEN: Final = (
    *("connectionType", "connectionId", "credentials", "requestParameters", "requestTemplates", "passthroughBehavior"),
    *("contentHandling", "timeoutInMillis", "cacheNamespace", "cacheKeyParameters", "tlsConfig"),
    *("responseTransferMode", "integrationTarget"),
)
_HTTP: Final = frozenset(("HTTP", "HTTP_PROXY"))


def described(record: IntegrationRecord) -> dict[str, Any]:
    """An integration as it is answered."""
    found = dict(record.document)
    if record.responses:
        found["integrationResponses"] = {status: document for status, (document, _) in record.responses.items()}
    return found


def put_integration(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """PutIntegration. What was there before is replaced, its responses included."""
    api, method = _method(store, params)
    given = {"type": params["type"], **{name: params[name] for name in _GIVEN if name in params}}
    for name, spelled in (("integrationHttpMethod", "httpMethod"), ("uri", "uri")):
        if name in params:
            given[spelled] = params[name]
    if given["type"] == "MOCK":
        # A MOCK's endpoint is dropped: recorded.
        given.pop("httpMethod", None)
        given.pop("uri", None)
    record = made(api, method, given, params["resourceId"], params["httpMethod"])
    _keep(api, params, method._replace(integration=record))
    return described(record)


def made(
    api: RestApi, method: MethodRecord, given: Mapping[str, Any], resource_id: str, verb: str
) -> IntegrationRecord:
    """An integration from the fields that were given, with AWS's defaults: recorded. Raises ControlError."""
    model = integration_of(given, method.declared, f"{verb} {api.resources[resource_id].path}")
    document = {
        **given,
        "passthroughBehavior": model.passthrough_behavior,
        "timeoutInMillis": model.timeout_in_millis,
        "cacheNamespace": model.cache_namespace or resource_id,
        "cacheKeyParameters": list(given.get("cacheKeyParameters", ())),
    }
    if model.type in _HTTP:
        document["connectionType"] = model.connection_type
    for name in ("requestParameters", "requestTemplates"):
        if not document.get(name):
            document.pop(name, None)
    return IntegrationRecord(document, model)


def get_integration(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetIntegration."""
    return described(_integration(store, params)[2])


def update_integration(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateIntegration: the patched integration passes every check of PutIntegration again."""
    api, method, before = _integration(store, params)
    document, _ = patched(before.document, params.get("patchOperations", ()), RULES)
    document = {name: value for name, value in document.items() if value not in ("", None, {})}
    document.setdefault("timeoutInMillis", DEFAULT_TIMEOUT_MS)
    record = made(api, method, document, params["resourceId"], params["httpMethod"])
    record = record._replace(responses=before.responses)
    _keep(api, params, method._replace(integration=record))
    return described(record)


def delete_integration(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteIntegration."""
    api, method, _ = _integration(store, params)
    _keep(api, params, method._replace(integration=None))


def _method(store: Store, params: Mapping[str, Any]) -> tuple[RestApi, MethodRecord]:
    api = store.api_of_resource(params["restApiId"])
    return api, api.method(params["resourceId"], params["httpMethod"])


def _integration(store: Store, params: Mapping[str, Any]) -> tuple[RestApi, MethodRecord, IntegrationRecord]:
    api, method = _method(store, params)
    return api, method, api.integration(params["resourceId"], params["httpMethod"])


def _keep(api: RestApi, params: Mapping[str, Any], record: MethodRecord) -> None:
    api.methods[params["resourceId"], params["httpMethod"]] = record


# -- integration responses --------------------------------------------------------------------------------------------


def put_integration_response(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """PutIntegrationResponse."""
    api, method, integration = _integration(store, params)
    names = ("selectionPattern", "responseParameters", "responseTemplates", "contentHandling")
    given = {"statusCode": params["statusCode"], **{name: params[name] for name in names if name in params}}
    return _responded(api, method, integration, params, given)


def get_integration_response(store: Store, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """GetIntegrationResponse."""
    return _response(_integration(store, params)[2], params["statusCode"])


def update_integration_response(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateIntegrationResponse."""
    api, method, integration = _integration(store, params)
    before = _response(integration, params["statusCode"])
    document, _ = patched(before, params.get("patchOperations", ()), RESPONSE_RULES)
    document = {name: value for name, value in document.items() if value is not None and value != {}}
    return _responded(api, method, integration, params, document)


def delete_integration_response(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteIntegrationResponse. Unlike its sisters it says of an unknown method that the integration is: recorded."""
    api = store.api_of_resource(params["restApiId"])
    api.resource(params["resourceId"])
    method = api.methods.get((params["resourceId"], params["httpMethod"]))
    if method is None or method.integration is None:
        raise no_integration()
    _response(method.integration, params["statusCode"])
    left = {key: each for key, each in method.integration.responses.items() if key != params["statusCode"]}
    _keep(api, params, method._replace(integration=method.integration._replace(responses=left)))


def _response(integration: IntegrationRecord, status: str) -> Mapping[str, Any]:
    found = integration.responses.get(status)
    if found is None:
        raise no_response()
    return found[0]


def _responded(
    api: RestApi,
    method: MethodRecord,
    integration: IntegrationRecord,
    params: Mapping[str, Any],
    given: Mapping[str, Any],
) -> dict[str, Any]:
    label = f"{params['httpMethod']} {api.resources[params['resourceId']].path}"
    model = response_of(given, declared_responses(method), label)
    document = dict(given)
    if "responseTemplates" in document:
        # An empty template comes back as null: recorded.
        document["responseTemplates"] = {key: text or None for key, text in document["responseTemplates"].items()}
    for name in ("responseParameters", "responseTemplates"):
        if name in document and not document[name]:
            del document[name]
    responses = {**integration.responses, model.status_code: (document, model)}
    _keep(api, params, method._replace(integration=integration._replace(responses=responses)))
    return document
