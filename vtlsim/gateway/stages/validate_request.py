"""Is this the request that the method declares?

What may live here: required parameters and the body's model. Recorded on AWS: parameters come before the body; missing
ones are named in the order header, path, query string; an empty body is validated too, even of a GET; schema faults and
a missing body get the same text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.gateway import media_types
from vtlsim.gateway.findings import ParameterChecked, RequestValidated, SchemaFault
from vtlsim.gateway.refusals import BAD_REQUEST_BODY, BAD_REQUEST_PARAMETERS, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import Api, Method, MethodRequest, Model, Surroundings

MODEL_BY_TYPE: Final = "GW010"
"""Register: the model is that of the request's media type, else ``$default``; without either nothing is validated."""

BLANK_IS_MISSING: Final = "GW011"
"""Register: a required parameter that is blank counts as missing."""

_ORDER: Final = ("header", "path", "querystring")
_FAULTS: Final = 50


def validate_request(
    request: MethodRequest, method: Method, path_parameters: Mapping[str, str], api: Api, around: Surroundings
) -> RequestValidated | None:
    """What the validator says; None when the method has none to do. Raises Refused with 400."""
    validator = method.validator
    if not validator.parameters and not validator.body:
        return None
    checked: tuple[ParameterChecked, ...] = ()
    if validator.parameters:
        checked, missing, codes = _parameters(request, method, path_parameters)
        if missing:
            raise Refused(
                BAD_REQUEST_PARAMETERS,
                because=RequestValidated(checked, missing, codes=codes),
                message=f"Missing required request parameters: [{', '.join(missing)}]",
            )
    if not validator.body or not method.request_models:
        return RequestValidated(checked)
    media_type = media_types.bare(request.headers.first("content-type")) or media_types.JSON
    name = _model_name(method.request_models, media_type)
    if name is None:
        return RequestValidated(checked, (), media_type, codes=(MODEL_BY_TYPE,))
    codes = (MODEL_BY_TYPE,) if media_type != media_types.JSON else ()
    model = api.models.get(name)
    if model is None:
        return RequestValidated(checked, (), media_type, name, codes=codes)
    faults = _faults(request.body, model, api.models, around)
    finding = RequestValidated(checked, (), media_type, name, not faults, faults, codes)
    if faults:
        told = ", ".join(fault.message for fault in faults)
        raise Refused(BAD_REQUEST_BODY, because=finding, validation_error=f"[{told}]")
    return finding


def _parameters(
    request: MethodRequest, method: Method, path_parameters: Mapping[str, str]
) -> tuple[tuple[ParameterChecked, ...], tuple[str, ...], tuple[str, ...]]:
    checked: list[ParameterChecked] = []
    missing: list[str] = []
    blank = False
    values: dict[str, Mapping[str, str]] = {
        "header": request.headers.single(),
        "path": path_parameters,
        "querystring": request.query_single(),
    }
    for place in _ORDER:
        for declared in method.request_parameters:
            if declared.parameter.place != place:
                continue
            value = values[place].get(declared.parameter.name)
            present = value is not None and bool(value.strip())
            checked.append(ParameterChecked(declared.parameter, declared.required, present))
            if declared.required and not present:
                missing.append(declared.parameter.name)
                blank = blank or value is not None
    return tuple(checked), tuple(missing), (BLANK_IS_MISSING,) if blank else ()


def _model_name(models: Mapping[str, str], media_type: str) -> str | None:
    for key, name in models.items():
        if key.strip().lower() == media_type:
            return name
    return models.get("$default")


def _faults(body: bytes, model: Model, models: Mapping[str, Model], around: Surroundings) -> tuple[SchemaFault, ...]:
    import json

    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        return (SchemaFault("$", "json", str(error)),)
    if around.validate is not None:
        return tuple(SchemaFault(*fault) for fault in around.validate(model.schema, document, models))
    try:
        return _by_jsonschema(model, document, models)
    except RecursionError:
        return (SchemaFault("$", "depth", "the document is nested too deep"),)


_validators: dict[int, tuple[object, Any]] = {}


def _by_jsonschema(model: Model, document: object, models: Mapping[str, Model]) -> tuple[SchemaFault, ...]:
    from referencing.exceptions import Unresolvable

    held = _validators.get(id(model))
    if held is None or held[0] is not model:
        if len(_validators) >= 64:
            _validators.clear()
        held = _validators[id(model)] = (model, _validator(model, models))
    found: list[SchemaFault] = []
    try:
        for error in held[1].iter_errors(document):
            found.append(SchemaFault(error.json_path, str(error.validator), error.message))
            if len(found) >= _FAULTS:
                break
    except Unresolvable as error:
        found.append(SchemaFault("$", "$ref", str(error)))
    return tuple(found)


def _validator(model: Model, models: Mapping[str, Model]) -> Any:
    import jsonschema
    import referencing
    from referencing.exceptions import NoSuchResource
    from referencing.jsonschema import DRAFT4

    package: Any = referencing  # its classes are attrs', whose arguments mypy does not see
    missing: Any = NoSuchResource

    def retrieve(uri: str) -> Any:
        named = models.get(uri.partition("#")[0].rpartition("/")[2])
        if named is None:
            raise missing(ref=uri)
        return package.Resource(contents=_schema(named.schema, models), specification=DRAFT4)

    validator: Any = jsonschema.Draft4Validator
    return validator(_schema(model.schema, models), registry=package.Registry(retrieve=retrieve))


def _schema(schema: object, models: Mapping[str, Model]) -> object:
    """A model's schema with the other models where documents refer to them: ``#/definitions/X`` and the like."""
    if not isinstance(schema, dict):
        return schema
    named = {name: each.schema for name, each in models.items()}
    whole = {key: value for key, value in schema.items() if key not in ("id", "$id")}
    whole["definitions"] = {**named, **schema.get("definitions", {})}
    whole["components"] = {"schemas": named}
    return whole
