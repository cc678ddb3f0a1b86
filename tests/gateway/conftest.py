"""Definitions, requests and whole exchanges from plain values: what the tests of this room are written with."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from vtlsim.gateway import locations
from vtlsim.gateway.addresses import pairs
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.journey import Arrived, TurnedBack
from vtlsim.gateway.model import (
    Api,
    BackendResponse,
    CustomGatewayResponse,
    DeclaredParameter,
    DeclaredResponse,
    Integration,
    IntegrationRequest,
    IntegrationResponse,
    Method,
    MethodRequest,
    Mock,
    Model,
    Resource,
    Surroundings,
    Templates,
    Validator,
)
from vtlsim.gateway.transform import answer_mock, transform_request, transform_response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vtlsim.gateway.findings import Finding

FIXTURES = Path(__file__).parents[2] / "fixtures" / "gateway"
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "aws_cases.json"

FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:orders/invocations"
)


class Exchange(NamedTuple):
    """Everything that one exchange came to."""

    status: int
    headers: Headers
    body: bytes
    sent: IntegrationRequest | None
    trace: tuple[Finding, ...]
    turned_back: TurnedBack | None

    @property
    def text(self) -> str:
        return self.body.decode()

    def finding(self, kind: type, phase: str | None = None) -> Any:
        for each in self.trace:
            if isinstance(each, kind) and (phase is None or getattr(each, "phase", None) == phase):
                return each
        raise AssertionError(f"no {kind.__name__} in {[type(each).__name__ for each in self.trace]}")


def integration_of(document: Mapping[str, Any], responses: list[Mapping[str, Any]] | None = None) -> Integration:
    """An Integration from the members of PutIntegration, and of PutIntegrationResponse."""
    kind = document.get("type", "HTTP")
    uri = document.get("uri")
    if (kind == "AWS" and uri in (None, "lambda")) or (kind == "AWS_PROXY" and uri is None):
        uri = FUNCTION
    elif uri is None and kind != "MOCK":
        uri = "https://backend.example"
    if uri is not None:
        uri = (
            uri.replace("<server>", "https://backend.example")
            .replace("<region>", "us-east-1")
            .replace("<account>", "123456789012")
            .replace("<bucket>", "bucket")
        )
    return Integration(
        kind,
        document.get("httpMethod", "POST" if kind != "MOCK" else None),
        uri,
        document.get("connectionType", "INTERNET"),
        document.get("connectionId"),
        document.get("credentials"),
        tuple(
            locations.RequestMapping(locations.request_target(key), locations.request_source(value))
            for key, value in document.get("requestParameters", {}).items()
        ),
        Templates.of(document.get("requestTemplates")),
        document.get("passthroughBehavior", "WHEN_NO_MATCH"),
        document.get("cacheNamespace"),
        tuple(locations.method_parameter(each) for each in document.get("cacheKeyParameters", [])),
        document.get("contentHandling"),
        document.get("timeoutInMillis", 29_000),
        document.get("tlsConfig", {}).get("insecureSkipVerification", False),
        tuple(
            IntegrationResponse(
                each["statusCode"],
                each.get("selectionPattern"),
                tuple(
                    locations.ResponseMapping(locations.response_target(key), locations.response_source(value))
                    for key, value in each.get("responseParameters", {}).items()
                ),
                Templates.of(each.get("responseTemplates")),
                each.get("contentHandling"),
            )
            for each in responses or []
        ),
    )


def method_of(given: Mapping[str, Any]) -> Method:
    """A Method from a case's ``given``."""
    declared = given.get("method")
    declared = declared if isinstance(declared, dict) else {}
    validator = given.get("requestValidator", {})
    models = declared.get("requestModels", {"application/json": "M"} if "model" in given else {})
    return Method(
        "ANY",
        integration_of(given.get("integration", {}), given.get("integrationResponses")),
        tuple(
            DeclaredParameter(locations.method_parameter(key), required)
            for key, required in declared.get("requestParameters", {}).items()
        ),
        {key: value if isinstance(value, str) else f"model-{key}" for key, value in models.items()},
        Validator(validator.get("validateRequestBody", False), validator.get("validateRequestParameters", False)),
        declared.get("apiKeyRequired", False),
        responses=tuple(DeclaredResponse(each) for each in given["methodResponses"]) if given.get("declared") else None,
    )


def api_of(given: Mapping[str, Any]) -> Api:
    """An Api from a case's ``given``: resources where it names them, else one method that serves everything."""
    method = method_of(given)
    models = {name: Model(name, schema) for name, schema in given.get("models", {}).items()}
    if "model" in given:
        models["M"] = Model("M", given["model"])
    declared = given.get("method")
    if isinstance(declared, dict):
        for key, schema in declared.get("requestModels", {}).items():
            if not isinstance(schema, str):
                models[f"model-{key}"] = Model(f"model-{key}", schema)
    resources: tuple[Resource, ...] = ()
    if isinstance(given.get("resources"), dict):
        resources = tuple(
            Resource.at(path, {name: method._replace(http_method=name) for name in methods})
            for path, methods in given["resources"].items()
        )
    elif "resources" in given:
        resources = tuple(Resource.at(path, {"ANY": method}) for path in given["resources"])
    elif "resource" in given:
        resources = (Resource.at("/" + given["resource"].lstrip("/"), {"ANY": method}),)
    return Api(
        resources,
        None if resources else method,
        models,
        {
            name: CustomGatewayResponse(
                name,
                int(each["statusCode"]) if "statusCode" in each else None,
                tuple(
                    locations.GatewayMapping(locations.gateway_target(key), locations.request_source(value))
                    for key, value in each.get("responseParameters", {}).items()
                ),
                Templates.of(each.get("responseTemplates")),
            )
            for name, each in given.get("gatewayResponses", {}).items()
        },
        tuple(given.get("binaryMediaTypes", ())),
        api_keys=given.get("apiKeys", {}),
        endpoint_type=given.get("endpointType", "EDGE"),
    )


def request_of(given: Mapping[str, Any]) -> MethodRequest:
    """A MethodRequest from a case's ``request``."""
    path = given.get("path", given.get("raw_path_after_stage", "/"))
    path, _, query = path.partition("?")
    query = given.get("query", query.partition("#")[0])
    body = given.get("body", "")
    return MethodRequest(
        given.get("method", "GET"),
        path,
        pairs(query),
        Headers.of(given.get("headers")),
        b64decode(given["body_base64"]) if "body_base64" in given else body.encode(),
        given.get("path_parameters"),
    )


def surroundings_of(given: Mapping[str, Any]) -> Surroundings:
    """Surroundings from a case's ``given``."""
    return Surroundings(
        stage=given.get("stage", "test"),
        stage_variables=given.get("stageVariables"),
        context=given.get("context", {}),
    )


def backend_of(given: Mapping[str, Any]) -> BackendResponse:
    """A BackendResponse from a case's ``backend``."""
    if "lambda_payload" in given:
        payload = json.dumps(given["lambda_payload"]).encode()
        return BackendResponse(200, Headers.of({"Content-Type": "application/json"}), payload)
    body = b64decode(given["body_base64"]) if "body_base64" in given else given.get("body", "").encode()
    return BackendResponse(
        given.get("status", 200), Headers.of(given.get("multiValueHeaders", given.get("headers"))), body
    )


def go(
    given: Mapping[str, Any],
    backend: Callable[[IntegrationRequest], BackendResponse] | None = None,
    around: Surroundings | None = None,
) -> Exchange:
    """One exchange, all the way round."""
    api = api_of(given)
    around = around or surroundings_of(given)
    outcome = transform_request(request_of(given.get("request", {})), api, around)
    if isinstance(outcome, TurnedBack):
        response = outcome.response
        return Exchange(response.status, response.headers, response.body, None, outcome.trace, outcome)
    sent = outcome.value
    if isinstance(sent.destination, Mock):
        answer = answer_mock(sent)
    elif backend is not None:
        answer = backend(sent)
    else:
        given_backend = given.get("backend", {})
        answer = backend_of(given_backend if isinstance(given_backend, dict) else {})
    back = transform_response(answer, sent, api, around)
    trace = outcome.trace + back.trace
    if isinstance(back, TurnedBack):
        return Exchange(back.response.status, back.response.headers, back.response.body, sent, trace, back)
    assert isinstance(back, Arrived)
    return Exchange(back.value.status, back.value.headers, back.value.body, sent, trace, None)


def echo(sent: IntegrationRequest) -> BackendResponse:
    """A backend that gives back the body that it got."""
    return BackendResponse(200, Headers.of({"Content-Type": "application/json"}), sent.payload)


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    """``exchange(given, backend=None, around=None)``: one exchange, all the way round."""
    return go


@pytest.fixture
def build() -> Any:
    """The builders, each by name: ``build.integration(document)``, ``build.request(given)`` and so on."""

    class Builders:
        api = staticmethod(api_of)
        backend = staticmethod(backend_of)
        echo = staticmethod(echo)
        integration = staticmethod(integration_of)
        method = staticmethod(method_of)
        request = staticmethod(request_of)
        surroundings = staticmethod(surroundings_of)

    return Builders


def fixture(name: str) -> Any:
    """A data file of ``fixtures/gateway``."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))
