"""Api events of SAM's functions and state machines become methods.

What may live here: one event. Which Api it belongs to is settled in sam.py.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from vtlsim.config.expressions import declared_parameter
from vtlsim.config.fields import Fields, Spelling
from vtlsim.config.marked import Mapping, Scalar
from vtlsim.config.method import ordered_parameters, validator_of
from vtlsim.config.problems import place_of
from vtlsim.gateway.model import (
    DEFAULT_SURROUNDINGS,
    DeclaredParameter,
    DeclaredResponse,
    Integration,
    IntegrationResponse,
    Method,
    Templates,
    TemplateText,
    Validator,
)

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from vtlsim.config.intrinsics import Resolver
    from vtlsim.config.problems import Problems
    from vtlsim.gateway.model import Model

EVENT: Final = Spelling(
    "Api event",
    {
        "Auth": "auth",
        "Method": "method",
        "Path": "path",
        "RequestModel": "requestModel",
        "RequestParameters": "requestParameters",
        "RestApiId": "restApiId",
        "UnescapeMappingTemplate": "unescapeMappingTemplate",
    },
    frozenset(("Stage", "TimeoutInMillis", "ResponseTransferMode")),
)


def function_method(
    logical_id: str, alias: str | None, fields: Fields, verb: str, models: Dict[str, Model], resolver: Resolver
) -> Method:
    """What an event of a function becomes: a Lambda proxy."""
    arn = resolver.stand_ins.attribute(logical_id, "Arn")[0]
    arn = f"{arn}:{alias}" if alias is not None else arn
    parameters = _parameters(fields)
    named, validator = _model(fields, models)
    uri = f"arn:aws:apigateway:{_region(resolver)}:lambda:path/2015-03-31/functions/{arn}/invocations"
    place = place_of(fields.mapping)
    integration = Integration(type="AWS_PROXY", http_method="POST", uri=uri, origin=place)
    return Method(
        verb,
        integration,
        request_parameters=parameters,
        request_models=MappingProxyType(named),
        validator=validator,
        responses=(),
        origin=place,
    )


def state_machine_method(logical_id: str, fields: Fields, verb: str, resolver: Resolver) -> Method:
    """What an event of a state machine becomes: its input is the body, as a string inside JSON."""
    machine = resolver.stand_ins.ref(logical_id)[0]
    escaped = "$util.escapeJavaScript($input.json('$'))"
    if fields.boolean("unescapeMappingTemplate"):
        escaped += '.replaceAll("\\\\\'","\'")'
    place = place_of(fields.mapping)
    text = f'{{"input": "{escaped}", "stateMachineArn": "{machine}"}}'
    templates = Templates([("application/json", TemplateText(text, f"{logical_id} event", place))])
    integration = Integration(
        type="AWS",
        http_method="POST",
        uri=f"arn:aws:apigateway:{_region(resolver)}:states:action/StartExecution",
        credentials=f"arn:aws:iam::{DEFAULT_SURROUNDINGS.account_id}:role/{logical_id}",
        request_templates=templates,
        integration_responses=(IntegrationResponse("200", "200"), IntegrationResponse("400", "400")),
        origin=place,
    )
    return Method(verb, integration, responses=(DeclaredResponse("200"), DeclaredResponse("400")), origin=place)


def _parameters(fields: Fields) -> tuple[DeclaredParameter, ...]:
    """``RequestParameters``: a list of names, or of a name with what it is."""
    found: list[DeclaredParameter] = []
    for each in fields.listed("requestParameters") or ():
        if isinstance(each, Scalar):
            found.extend(_parameter(each, fields.problems, required=False))
        for name, options in each.items() if isinstance(each, Mapping) else ():
            assert isinstance(each, Mapping), "its items were taken"
            required = options.get("Required") if isinstance(options, Mapping) else None
            needed = isinstance(required, Scalar) and required.text.lower() == "true"
            found.extend(_parameter(each.key(name), fields.problems, required=needed))
    return ordered_parameters(found)


def _parameter(name: Scalar, problems: Problems, *, required: bool) -> list[DeclaredParameter]:
    parameter = declared_parameter(name, problems)
    return [] if parameter is None else [DeclaredParameter(parameter, required)]


def _model(fields: Fields, models: Dict[str, Model]) -> tuple[dict[str, str], Validator]:
    node = fields.mapped("requestModel")
    name = node.get("Model") if node is not None else None
    if node is None or not isinstance(name, Scalar):
        return {}, Validator()
    known = {each.lower(): each for each in models}
    if name.text.lower() not in known:
        fields.problems.unknown(name, "model", name.text, models)
        return {}, Validator()
    body, parameters = (
        isinstance(each, Scalar) and each.text.lower() == "true"
        for each in (node.get("ValidateBody"), node.get("ValidateParameters"))
    )
    names = {(True, True): "body-and-params", (True, False): "body-only", (False, True): "params-only"}
    validator = validator_of(names.get((body, parameters), "no-validation"), body, parameters)
    return {"application/json": known[name.text.lower()]}, validator


def _region(resolver: Resolver) -> str:
    return resolver.given.get("AWS::Region", DEFAULT_SURROUNDINGS.region)
