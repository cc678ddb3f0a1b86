"""GatewayResponse: put, get, list, update, delete.

What may live here: what an API sets, and what shows of those that it does not set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.config.gateway_responses import TYPES
from vtlsim.surfaces.control.assemble import gateway_response_of
from vtlsim.surfaces.control.errors import not_found
from vtlsim.surfaces.control.patches import EDIT, NO_SUCH_PARAMETER, NO_SUCH_TYPE, Place, patched, rules
from vtlsim.surfaces.control.store import GatewayRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.surfaces.control.store import RestApi, Store

STATUSES: Final = {
    **dict.fromkeys(("ACCESS_DENIED", "EXPIRED_TOKEN", "INVALID_API_KEY", "INVALID_SIGNATURE"), "403"),
    **dict.fromkeys(("MISSING_AUTHENTICATION_TOKEN", "WAF_FILTERED"), "403"),
    **dict.fromkeys(("API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE"), "500"),
    **dict.fromkeys(("BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS"), "400"),
    **dict.fromkeys(("INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"), "504"),
    **dict.fromkeys(("QUOTA_EXCEEDED", "THROTTLED"), "429"),
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
}
"""The status of each type; DEFAULT_4XX and DEFAULT_5XX have none: recorded."""

DEFAULT_TEMPLATES: Final = {"application/json": '{"message":$context.error.messageString}'}

RULES: Final = rules(
    Place("/statusCode", quiet=True),
    Place("/responseParameters/*", EDIT, missing=NO_SUCH_PARAMETER),
    Place("/responseTemplates/*", EDIT, missing=NO_SUCH_TYPE),
)


def described(api: RestApi, kind: str) -> dict[str, Any]:
    """A gateway response, be it set or not. One that is not set shows what it inherits: recorded."""
    own = api.gateway_responses.get(kind)
    if own is not None:
        return dict(own.document)
    status = STATUSES.get(kind)
    found: dict[str, Any] = {
        "responseType": kind,
        "responseParameters": {},
        "responseTemplates": DEFAULT_TEMPLATES,
        "defaultResponse": True,
    }
    if status is not None:
        found["statusCode"] = status
        general = api.gateway_responses.get(f"DEFAULT_{status[0]}XX")
        if general is not None:
            found |= {
                name: general.document[name]
                for name in ("statusCode", "responseParameters", "responseTemplates")
                if name in general.document
            }
    return found


def put_gateway_response(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """PutGatewayResponse. What is not given has the type's default: recorded."""
    api = store.api(params["restApiId"])
    kind = params["responseType"]
    status = params.get("statusCode", STATUSES.get(kind))
    document: dict[str, Any] = {
        "responseType": kind,
        "responseParameters": params.get("responseParameters", {}),
        "responseTemplates": params.get("responseTemplates") or DEFAULT_TEMPLATES,
        "defaultResponse": False,
    }
    if status is not None:
        document["statusCode"] = status
    return _kept(api, document)


def get_gateway_response(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetGatewayResponse."""
    return described(store.api(params["restApiId"]), params["responseType"])


def get_gateway_responses(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetGatewayResponses: all types at once, in alphabetical order."""
    api = store.api(params["restApiId"])
    return {"items": [described(api, kind) for kind in sorted(TYPES)]}


def update_gateway_response(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateGatewayResponse: one that is not set yet is set by it."""
    api = store.api(params["restApiId"])
    before = described(api, params["responseType"])
    document, _ = patched(before, params.get("patchOperations", ()), RULES)
    return _kept(api, {**document, "defaultResponse": False})


def delete_gateway_response(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteGatewayResponse."""
    api = store.api(params["restApiId"])
    if api.gateway_responses.pop(params["responseType"], None) is None:
        raise not_found("Gateway response type not defined on api")


def _kept(api: RestApi, document: dict[str, Any]) -> dict[str, Any]:
    kind = document["responseType"]
    checked = {name: document[name] for name in ("statusCode", "responseTemplates") if document.get(name)}
    # What the value of a parameter may be was seen to be more than a mapping's source: it is let pass, and mapped when
    # it is one.
    readable = {name: value for name, value in document.get("responseParameters", {}).items() if isinstance(value, str)}
    model = gateway_response_of(kind, {**checked, "responseParameters": readable})
    api.gateway_responses[kind] = GatewayRecord(document, model)
    return document
