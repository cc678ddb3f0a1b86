"""Method and MethodResponse: put, get, update, delete.

What may live here: what a client may send to a method and get from it. Its integration has a file of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.config.method import AUTHORIZATION_TYPES, VERBS, WRONG_VERB
from vtlsim.surfaces.control.assemble import declared_of, method_response_of
from vtlsim.surfaces.control.errors import bad_request, conflict, no_response
from vtlsim.surfaces.control.operations.integrations import described as integration_described
from vtlsim.surfaces.control.patches import EDIT, NO_SUCH_PARAMETER, NO_SUCH_TYPE, Place, patched, rules
from vtlsim.surfaces.control.store import MethodRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.surfaces.control.store import RestApi, Store

NO_AUTHORIZER: Final = (
    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid "
    "authorizer."
)

METHOD_RULES: Final = rules(
    Place("/authorizationType"),
    Place("/authorizerId"),
    Place("/authorizationScopes", ("add", "remove"), "list"),
    Place("/apiKeyRequired", kind="boolean"),
    Place("/operationName"),
    Place("/requestValidatorId"),
    Place("/requestParameters/*", EDIT, "flags", NO_SUCH_PARAMETER),
    Place("/requestModels/*", EDIT, missing=NO_SUCH_TYPE),
)
RESPONSE_RULES: Final = rules(
    Place("/responseParameters/*", EDIT, "flags", NO_SUCH_PARAMETER),
    Place("/responseModels/*", EDIT, missing=NO_SUCH_TYPE),
)
_GIVEN: Final = (
    *("authorizationType", "authorizerId", "authorizationScopes", "apiKeyRequired", "operationName"),
    *("requestParameters", "requestModels", "requestValidatorId"),
)


def described(record: MethodRecord) -> dict[str, Any]:
    """A method as it is answered."""
    found = dict(record.document)
    if record.responses:
        found["methodResponses"] = dict(sorted(record.responses.items()))
    if record.integration is not None:
        found["methodIntegration"] = integration_described(record.integration)
    return found


def put_method(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """PutMethod."""
    api = store.api_of_resource(params["restApiId"])
    resource = api.resource(params["resourceId"])
    verb = params["httpMethod"]
    if verb not in VERBS:
        raise bad_request(WRONG_VERB)
    if (resource.id, verb) in api.methods:
        raise conflict("Method already exists for this resource")
    document = {
        "httpMethod": verb,
        "apiKeyRequired": False,
        **{name: params[name] for name in _GIVEN if name in params},
    }
    record = MethodRecord(document, _checked(api, document))
    api.methods[resource.id, verb] = record
    return described(record)


def get_method(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetMethod."""
    return described(_found(store, params)[1])


def update_method(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateMethod."""
    api, record = _found(store, params)
    document, _ = patched(record.document, params.get("patchOperations", ()), METHOD_RULES)
    for name in ("requestParameters", "requestModels", "authorizationScopes", "requestValidatorId", "operationName"):
        if name in document and not document[name]:
            del document[name]
    changed = record._replace(document=document, declared=_checked(api, document))
    api.methods[params["resourceId"], params["httpMethod"]] = changed
    return described(changed)


def delete_method(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteMethod."""
    api, _ = _found(store, params)
    del api.methods[params["resourceId"], params["httpMethod"]]


def _found(store: Store, params: Mapping[str, Any]) -> tuple[RestApi, MethodRecord]:
    api = store.api_of_resource(params["restApiId"])
    return api, api.method(params["resourceId"], params["httpMethod"])


def _checked(api: RestApi, document: Mapping[str, Any]) -> Any:
    kind = document.get("authorizationType")
    if kind not in AUTHORIZATION_TYPES:
        raise bad_request(
            f"Invalid authorization type specified: {kind}. Valid options are {', '.join(AUTHORIZATION_TYPES)}"
        )
    if kind in {"CUSTOM", "COGNITO_USER_POOLS"} and document.get("authorizerId") not in api.authorizers:
        raise bad_request(NO_AUTHORIZER)
    declared = declared_of(document.get("requestParameters", {}))
    validator = document.get("requestValidatorId")
    if validator is not None and validator not in api.validators:
        raise bad_request("Invalid Request Validator identifier specified")
    check_models(api, document.get("requestModels", {}))
    return declared


def check_models(api: RestApi, models: Mapping[str, Any]) -> None:
    """Whether the API has each model that is named. Raises ControlError."""
    for name in models.values():
        if name not in api.models:
            raise bad_request(f"Invalid model identifier specified: {name}")


# -- method responses -------------------------------------------------------------------------------------------------


def put_method_response(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """PutMethodResponse."""
    api, record = _found(store, params)
    status = params["statusCode"]
    if status in record.responses:
        raise conflict("Response already exists for this resource")
    document = {
        "statusCode": status,
        **{name: params[name] for name in ("responseParameters", "responseModels") if params.get(name)},
    }
    return _kept(api, record, params, document)


def get_method_response(store: Store, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """GetMethodResponse."""
    return _response(_found(store, params)[1], params["statusCode"])


def update_method_response(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateMethodResponse."""
    api, record = _found(store, params)
    before = _response(record, params["statusCode"])
    document, _ = patched(before, params.get("patchOperations", ()), RESPONSE_RULES)
    return _kept(api, record, params, {name: value for name, value in document.items() if value})


def delete_method_response(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteMethodResponse."""
    api, record = _found(store, params)
    _response(record, params["statusCode"])
    left = {status: each for status, each in record.responses.items() if status != params["statusCode"]}
    api.methods[params["resourceId"], params["httpMethod"]] = record._replace(responses=left)


def _response(record: MethodRecord, status: str) -> Mapping[str, Any]:
    found = record.responses.get(status)
    if found is None:
        raise no_response()
    return found


def _kept(api: RestApi, record: MethodRecord, params: Mapping[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    method_response_of(document)
    check_models(api, document.get("responseModels", {}))
    responses = {**record.responses, document["statusCode"]: document}
    api.methods[params["resourceId"], params["httpMethod"]] = record._replace(responses=responses)
    return document
