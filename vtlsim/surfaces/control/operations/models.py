"""Model and RequestValidator: create, get, list, update, delete; GetModelTemplate.

What may live here: both, and the template that a model suggests.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from vtlsim.surfaces.control.errors import bad_request, conflict, not_found
from vtlsim.surfaces.control.operations.paging import page
from vtlsim.surfaces.control.patches import Place, patched, rules
from vtlsim.surfaces.control.store import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.surfaces.control.store import RestApi, Store

MODEL_RULES: Final = rules(Place("/schema"), Place("/description"))
VALIDATOR_RULES: Final = rules(
    Place("/name"),
    Place("/validateRequestBody", kind="boolean"),
    Place("/validateRequestParameters", kind="boolean"),
)
MODEL_MESSAGES: Final = "CTL008"
"""Register: what is said of models and request validators. Recorded: the identifiers that a method names; users quote
what is said of a wrong schema."""

_NAME: Final = re.compile(r"[A-Za-z0-9]+")
DEPTH: Final = 100
"""How deeply a schema may be nested, and how many parts a suggested template may have: bounds of ours."""

PARTS: Final = 5_000
_DRAFT: Final = "http://json-schema.org/draft-04/schema#"


def new_models() -> dict[str, Mapping[str, Any]]:
    """The models that every new API has."""
    error = {
        "$schema": _DRAFT,
        "title": "Error Schema",
        "type": "object",
        "properties": {"message": {"type": "string"}},
    }
    found: dict[str, Mapping[str, Any]] = {}
    for name, what, schema in (
        (
            "Empty",
            "This is a default empty schema model",
            {"$schema": _DRAFT, "title": "Empty Schema", "type": "object"},
        ),
        ("Error", "This is a default error schema model", error),
    ):
        found[name] = {
            "id": new_id(6, {}),
            "name": name,
            "description": what,
            "schema": json.dumps(schema, indent=2),
            "contentType": "application/json",
        }
    return found


def model_of(api: RestApi, name: str) -> Mapping[str, Any]:
    """A model. Raises ControlError."""
    found = api.models.get(name)
    if found is None:
        raise not_found(f"Invalid model name specified: {name}")
    return found


def create_model(store: Store, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """CreateModel."""
    api = store.api(params["restApiId"])
    name = params["name"]
    if not _NAME.fullmatch(name):
        raise bad_request(f"Model name must be alphanumeric: {name}")
    if name in api.models:
        raise conflict("Model name already exists for this REST API")
    if not params["contentType"]:
        raise bad_request("Invalid content type specified")
    document = {
        "id": new_id(6, {}),
        **{each: params[each] for each in ("name", "description", "schema", "contentType") if each in params},
    }
    document.setdefault("schema", "{}")
    _check_schema(document["schema"])
    api.models[name] = document
    return document


def get_model(store: Store, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """GetModel."""
    return model_of(store.api(params["restApiId"]), params["modelName"])


def get_models(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetModels."""
    items, more = page(store.api(params["restApiId"]).models.items(), params)
    return {"items": items, **more}


def update_model(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateModel."""
    api = store.api(params["restApiId"])
    found, _ = patched(model_of(api, params["modelName"]), params.get("patchOperations", ()), MODEL_RULES)
    _check_schema(found.get("schema", "{}"))
    api.models[found["name"]] = found
    return found


def delete_model(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteModel."""
    api = store.api(params["restApiId"])
    name = model_of(api, params["modelName"])["name"]
    for record in api.methods.values():
        answers = [each.get("responseModels", {}) for each in record.responses.values()]
        if name in {
            *record.document.get("requestModels", {}).values(),
            *(one for each in answers for one in each.values()),
        }:
            raise conflict(f"Cannot delete model '{name}', is referenced in method request or method response")
    del api.models[name]


def _check_schema(text: str) -> None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or _depth(found) > DEPTH:
        raise bad_request(
            "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]"
        )


def _depth(schema: object) -> int:
    """How deeply a value is nested."""
    depth = 0
    level: list[object] = [schema]
    while level:
        depth += 1
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def get_model_template(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetModelTemplate: a mapping template that writes what the model describes, each value to be filled in."""
    api = store.api(params["restApiId"])
    schema = json.loads(model_of(api, params["modelName"])["schema"])
    return {
        "value": "#set($inputRoot = $input.path('$'))\n" + _sample(schema, api, "$inputRoot", 0, frozenset(), [PARTS])
    }


def _sample(schema: Any, api: RestApi, at: str, depth: int, seen: frozenset[str], left: list[int]) -> str:
    """``left`` counts down the parts that may still be written: models that name one another twice would have no end."""
    left[0] -= 1
    if not isinstance(schema, dict) or left[0] < 0:
        return "{}"
    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        if name in seen or name not in api.models:
            return "{}"
        return _sample(json.loads(api.models[name]["schema"]), api, at, depth, seen | {name}, left)
    kind = schema.get("type", "object")
    inner, outer = "  " * (depth + 1), "  " * depth
    if kind == "array":
        item = _sample(schema.get("items", {}), api, "$elem", depth + 1, seen, left)
        return f"[\n#foreach($elem in {at})\n{inner}{item}#if($foreach.hasNext),#end\n\n#end\n{outer}]"
    if kind in {"integer", "number"}:
        return "42"
    if kind == "boolean":
        return "true"
    if kind == "string":
        return '"foo"'
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        return "{ }"
    lines = [
        f"{inner}{json.dumps(name)} : {_sample(each, api, f'{at}.{name}', depth + 1, seen, left)}"
        for name, each in properties.items()
    ]
    return "{\n" + ",\n".join(lines) + f"\n{outer}}}"


# -- request validators -----------------------------------------------------------------------------------------------


def validator_of(api: RestApi, identifier: str) -> Mapping[str, Any]:
    """A request validator. Raises ControlError."""
    found = api.validators.get(identifier)
    if found is None:
        raise not_found("Invalid Request Validator identifier specified")
    return found


def create_request_validator(store: Store, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """CreateRequestValidator."""
    api = store.api(params["restApiId"])
    document = {
        "id": new_id(6, api.validators),
        "name": params.get("name", ""),
        "validateRequestBody": params.get("validateRequestBody", False),
        "validateRequestParameters": params.get("validateRequestParameters", False),
    }
    api.validators[document["id"]] = document
    return document


def get_request_validator(store: Store, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """GetRequestValidator."""
    return validator_of(store.api(params["restApiId"]), params["requestValidatorId"])


def get_request_validators(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """GetRequestValidators."""
    items, more = page(store.api(params["restApiId"]).validators.items(), params)
    return {"items": items, **more}


def update_request_validator(store: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateRequestValidator."""
    api = store.api(params["restApiId"])
    before = validator_of(api, params["requestValidatorId"])
    found, _ = patched(before, params.get("patchOperations", ()), VALIDATOR_RULES)
    api.validators[found["id"]] = found
    return found


def delete_request_validator(store: Store, params: Mapping[str, Any]) -> None:
    """DeleteRequestValidator."""
    api = store.api(params["restApiId"])
    identifier = validator_of(api, params["requestValidatorId"])["id"]
    if any(each.document.get("requestValidatorId") == identifier for each in api.methods.values()):
        raise conflict("Cannot delete the request validator: a method refers to it")
    del api.validators[identifier]
