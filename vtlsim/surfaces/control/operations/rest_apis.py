"""RestApi: create, get, list, update, delete.

What may live here: the API's own fields. Its parts have files of their own; importing is in definitions.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.surfaces.control.errors import bad_request
from vtlsim.surfaces.control.operations.models import new_models
from vtlsim.surfaces.control.operations.paging import page
from vtlsim.surfaces.control.patches import EDIT, Place, patched, rules
from vtlsim.surfaces.control.store import ResourceRecord, RestApi, new_id, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.surfaces.control.store import Store

NAME_LENGTH: Final = 1024
BINARY_TYPES: Final = 25

RULES: Final = rules(
    Place("/name"),
    Place("/description", EDIT),
    Place("/version"),
    Place("/policy", EDIT),
    Place("/apiKeySource"),
    Place("/minimumCompressionSize", kind="integer"),
    Place("/disableExecuteApiEndpoint", kind="boolean"),
    Place("/securityPolicy"),
    Place("/endpointAccessMode"),
    Place("/binaryMediaTypes/*", EDIT, "list"),
    Place("/endpointConfiguration/ipAddressType"),
    Place("/endpointConfiguration/vpcEndpointIds", ("add", "remove"), "list"),
    Place("/endpointConfiguration/types/*", kind="list"),
)
_GIVEN: Final = (
    *("description", "version", "binaryMediaTypes", "minimumCompressionSize", "policy", "tags"),
    *("securityPolicy", "endpointAccessMode"),
)


def new_document(name: str, **given: Any) -> dict[str, Any]:
    """An API's document with AWS's defaults: recorded."""
    return {
        "name": name,
        "createdDate": now(),
        "apiKeySource": "HEADER",
        "endpointConfiguration": {"types": ["EDGE"], "ipAddressType": "ipv4"},
        "disableExecuteApiEndpoint": False,
        **given,
    }


def add_api(store: Store, document: dict[str, Any]) -> RestApi:
    """A new API with its root resource and the models that every API has."""
    document.setdefault("id", new_id(10, store.apis))
    root = ResourceRecord(new_id(10, store.apis), "/")
    document["rootResourceId"] = root.id
    api = RestApi(document, root)
    api.models = new_models()
    store.apis[api.id] = api
    return api


def create_rest_api(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """CreateRestApi."""
    document = new_document(params["name"], **{name: params[name] for name in _GIVEN if name in params})
    for name in ("apiKeySource", "disableExecuteApiEndpoint"):
        if name in params:
            document[name] = params[name]
    if params.get("endpointConfiguration"):
        document["endpointConfiguration"] = {**document["endpointConfiguration"], **params["endpointConfiguration"]}
    _check(document)
    origin = store.api(params["cloneFrom"]) if "cloneFrom" in params else None
    api = add_api(store, document)
    if origin is not None:
        cloned = {**origin.document, **document, "rootResourceId": origin.document["rootResourceId"]}
        api.restore(origin.content()._replace(document=cloned))
    return described(api, fresh=True)


def described(api: RestApi, *, fresh: bool = False) -> dict[str, Any]:
    """An API's document as it is answered: tags are there, be they none, except in the answer to its creation."""
    document = {name: value for name, value in api.document.items() if value not in ([], None)}
    return document if fresh else {**document, "tags": document.get("tags") or {}}


def get_rest_api(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetRestApi."""
    return described(store.api(params["restApiId"]))


def get_rest_apis(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetRestApis."""
    items, more = page(((each.id, described(each)) for each in store.apis.values()), params)
    return {"items": items, **more}


def update_rest_api(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateRestApi."""
    api = store.api(params["restApiId"])
    document, _ = patched(api.document, params.get("patchOperations", ()), RULES)
    _check(document)
    api.document = document
    return described(api)


def delete_rest_api(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteRestApi."""
    api = store.api(params["restApiId"])
    del store.apis[api.id]
    store.changed(api.id)


def _check(document: Mapping[str, Any]) -> None:
    if not document.get("name", "").strip():
        raise bad_request("API Name cannot be blank")
    if len(document["name"]) > NAME_LENGTH:
        raise bad_request(f"API Name cannot be longer than {NAME_LENGTH:,} characters")
    size = document.get("minimumCompressionSize")
    if size is not None and not 0 <= size <= 10_485_760:
        raise bad_request("Invalid minimum compression size, must be between 0 and 10485760")
    if document.get("apiKeySource") not in {"HEADER", "AUTHORIZER"}:
        raise bad_request("Invalid API key source specified: it is HEADER or AUTHORIZER")
    types = document["endpointConfiguration"].get("types", [])
    if not types or any(each not in {"EDGE", "REGIONAL", "PRIVATE"} for each in types):
        raise bad_request("Invalid endpoint type specified: it is EDGE, REGIONAL or PRIVATE")
    if len(document.get("binaryMediaTypes") or ()) > BINARY_TYPES:
        raise bad_request(f"An API has at most {BINARY_TYPES} binary media types")
