"""The public calls of the package: ``render``, ``load`` and ``invoke``.

What may live here: what reads files and reaches backends on a caller's behalf, and an exchange as callers see it.
Rendering alone is in vtlsim.surfaces.rendering; everything is deterministic but for what a backend answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vtlsim.surfaces.rendering import (
    NotJsonError,
    PayloadError,
    Rendering,
    TemplateError,
    Trace,
    pairs,
    render,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from vtlsim.config.definition import AmbiguousApi, Loaded
    from vtlsim.config.problems import Problem
    from vtlsim.explain.cautions import Caution
    from vtlsim.gateway.findings import Finding, RenderFailed
    from vtlsim.gateway.model import (
        Api as ApiModel,
    )
    from vtlsim.gateway.model import (
        Authorization,
        BackendFailure,
        BackendResponse,
        EngineName,
        GatewayResponse,
        IntegrationRequest,
        JsonPathName,
        MethodRequest,
        MethodResponse,
        Surroundings,
    )
    from vtlsim.surfaces.backends import Backend, Backends
    from vtlsim.surfaces.rendering import Pairs

__all__ = [
    "Api",
    "DefinitionError",
    "Exchange",
    "NotJsonError",
    "PayloadError",
    "Rendering",
    "TemplateError",
    "Trace",
    "invoke",
    "load",
    "render",
]


class DefinitionError(Exception):
    """A definition cannot be used. ``problems`` are all of its faults; the text shows each with its place.

    ``names`` are the APIs that may be asked for, where it has several.
    """

    def __init__(self, problems: tuple[Problem, ...], message: str = "", names: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems
        self.message = message
        self.names = names

    def __str__(self) -> str:
        from vtlsim.explain.problems import page

        return "\n".join(part for part in (self.message, page(self.problems)) if part)


class Exchange:
    """One request and what came of it.

    ``status``, ``headers`` and ``body`` are the client's answer; without a backend there is none: ``status`` is None
    and ``integration_request`` is where the journey ended. ``body`` is text, or bytes where it is no UTF-8.
    ``integration_request`` is None when the request was turned back before there was one.
    """

    def __init__(
        self,
        api: ApiModel,
        request: MethodRequest,
        around: Surroundings,
        sent: IntegrationRequest | None,
        answer: BackendResponse | BackendFailure | None,
        response: MethodResponse | GatewayResponse | None,
        findings: tuple[Finding, ...],
        failure: str | None,
    ) -> None:
        self._api = api
        self._request = request
        self._around = around
        self._answer = answer
        self._response = response
        self._failure = failure
        self._trace: Trace | None = None
        self.findings = findings
        self.integration_request = sent

    @property
    def status(self) -> int | None:
        """The answer's status; None without an answer."""
        return None if self._response is None else self._response.status

    @property
    def headers(self) -> dict[str, str]:
        """The answer's headers; of a repeated one the last value."""
        return {} if self._response is None else self._response.headers.single()

    @property
    def multi_value_headers(self) -> dict[str, list[str]]:
        """The answer's headers with all their values."""
        return {} if self._response is None else self._response.headers.multiple()

    @property
    def body(self) -> str | bytes:
        """The answer's body; empty without an answer."""
        data = b"" if self._response is None else self._response.body
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data

    @property
    def json(self) -> Any:
        """The answer's body read as JSON. Raises ValueError when it is none."""
        import json

        return json.loads(self.body)

    @property
    def latency(self) -> int:
        """Milliseconds that the backend took; 0 without one."""
        return getattr(self._answer, "latency_ms", 0)

    @property
    def refused(self) -> bool:
        """Whether API Gateway turned the request back."""
        from vtlsim.gateway.findings import GatewayResponseMade

        return any(isinstance(found, GatewayResponseMade) for found in self.findings)

    @property
    def template_failure(self) -> RenderFailed | None:
        """Why a template was not rendered, where that is why the request was turned back."""
        from vtlsim.gateway.findings import RenderFailed

        return next((found for found in self.findings if isinstance(found, RenderFailed)), None)

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """What the templates did that AWS does silently and a person would want to know."""
        from vtlsim.explain.cautions import cautions
        from vtlsim.gateway.findings import BodyRendered

        return tuple(each for found in self.findings if isinstance(found, BodyRendered) for each in cautions(found))

    @property
    def log(self) -> str:
        """The execution log, as TestInvokeMethod gives it."""
        from vtlsim.explain.execution_log import execution_log

        return execution_log(
            self._request,
            self.findings,
            request_id=self._around.request_id,
            time_ms=self._around.time_ms,
            failure=self._failure,
            sent=self.integration_request,
        )

    @property
    def trace(self) -> Trace:
        """Every step with its reasons. The journey is replayed with watched templates when this is first asked for."""
        if self._trace is None:
            from vtlsim.surfaces.backends import Backends

            around = self._around._replace(watched=True)
            watched = _travel(self._api, self._request, around, Backends(self._answer))
            self._trace = Trace(watched.findings)
        return self._trace

    def __repr__(self) -> str:
        return f"<Exchange: {self._request.method} {self._request.path} -> {self.status}>"


class Api:
    """A definition, loaded. ``model`` is the gateway's own form of it, ``warnings`` are the problems it can live with."""

    def __init__(self, model: ApiModel, warnings: tuple[Problem, ...] = (), loaded: Loaded | None = None) -> None:
        self.model = model
        self.warnings = warnings
        self.loaded = loaded

    def invoke(
        self,
        method: str = "POST",
        path: str = "/",
        body: str | bytes | None = None,
        headers: Pairs | None = None,
        backend: Backend | None = None,
        *,
        stage: str | None = None,
        stage_variables: Mapping[str, str] | None = None,
        context: Mapping[str, object] | None = None,
        engine: EngineName = "velocity",
        jsonpath: JsonPathName = "jayway",
        surroundings: Surroundings | None = None,
        lambdas: Any = None,
        aws_endpoint: str | None = None,
        vpc_links: Mapping[str, str] | None = None,
        api_keys: Mapping[str, str] | Iterable[str] | None = None,
        authorizer: Authorization | Mapping[str, object] | None = None,
    ) -> Exchange:
        """Takes a request the whole way round, as far as somebody answers.

        ``path`` follows the stage and may have a query string. ``backend`` is a base URL, a callable that takes the
        integration request, or a canned BackendResponse; without one the journey ends with the integration request,
        but for MOCK, which needs none. ``surroundings`` sets time, ids and identity; the other keywords overlay it.

        More narrowly than ``backend``: ``lambdas`` is a Lambda function or a map of them by name: a callable of event
        and context, ``module:function``, the URL of an Invoke API, a command as a list; ``aws_endpoint`` is where AWS
        integrations go, ``vpc_links`` maps ids of VPC links to base URLs. ``api_keys`` are known keys (value -> id),
        ``authorizer`` is an authorizer's result: principalId, context, claims. Raises ValueError for what is none of
        these.
        """
        from vtlsim.gateway.model import DEFAULT_SURROUNDINGS

        around = surroundings or DEFAULT_SURROUNDINGS
        chosen = stage or (next(iter(self.model.stages)) if len(self.model.stages) == 1 else around.stage)
        around = around._replace(stage=chosen, engine=engine, jsonpath=jsonpath)
        if stage_variables is not None:
            around = around._replace(stage_variables=stage_variables)
        if context is not None:
            around = around._replace(context=context)
        model = self.model
        if api_keys is not None or authorizer is not None:
            from vtlsim.surfaces import callers

            model = model._replace(api_keys={**model.api_keys, **callers.api_keys(api_keys)})
            around = around._replace(authorization=callers.authorization(authorizer) or around.authorization)
        request = method_request(method, path, body, headers)
        return _travel(model, request, around, _behind(backend, lambdas, aws_endpoint, vpc_links))

    @property
    def routes(self) -> tuple[tuple[str, str], ...]:
        """Method and path of everything that is served, in the order of the definition."""
        return tuple((method, resource.path) for resource in self.model.resources for method in resource.methods)


def method_request(
    method: str, path: str, body: str | bytes | None = None, headers: Pairs | None = None
) -> MethodRequest:
    """A client's request from plain values. The query string is decoded, the path is kept as sent."""
    from urllib.parse import parse_qsl

    from vtlsim.gateway.headers import Headers
    from vtlsim.gateway.model import MethodRequest
    from vtlsim.gateway.utf8 import bytes_of

    before, _, query = path.partition("?")
    content = bytes_of(body) if isinstance(body, str) else bytes(body or b"")
    decoded = tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))
    return MethodRequest(method.upper(), before or "/", decoded, Headers(pairs(headers)), content)


def _behind(
    backend: Backend | None, lambdas: Any, aws_endpoint: str | None, vpc_links: Mapping[str, str] | None
) -> Backends | None:
    if backend is None and lambdas is None and aws_endpoint is None and not vpc_links:
        return None
    from vtlsim.surfaces.backends import Backends, base_url, not_aws

    functions: Mapping[str, Any] = {}
    if lambdas is not None:
        from vtlsim.surfaces.lambdas import functions_of

        functions = functions_of(lambdas)
    links = {link: base_url(url) for link, url in (vpc_links or {}).items()}
    return Backends(backend, functions, None if aws_endpoint is None else not_aws(aws_endpoint), links)


def _travel(api: ApiModel, request: MethodRequest, around: Surroundings, backends: Backends | None) -> Exchange:
    from vtlsim.gateway import answer_mock, transform_request, transform_response
    from vtlsim.gateway.journey import TurnedBack

    there = transform_request(request, api, around)
    if isinstance(there, TurnedBack):
        return Exchange(api, request, around, None, None, there.response, there.trace, there.log_message)
    sent = there.value
    if sent.type == "MOCK":
        answer: BackendResponse | BackendFailure | None = answer_mock(sent)
    elif backends is None:
        answer = None
    else:
        from vtlsim.surfaces.backends import answer as answer_of

        answer = answer_of(backends, sent)
    if answer is None:
        return Exchange(api, request, around, sent, None, None, there.trace, None)
    back = transform_response(answer, sent, api, around)
    findings = there.trace + back.trace
    if isinstance(back, TurnedBack):
        return Exchange(api, request, around, sent, answer, back.response, findings, back.log_message)
    return Exchange(api, request, around, sent, answer, back.value, findings, None)


def load(
    definition: str | Path,
    *,
    api: str | None = None,
    parameters: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Api:
    """Loads a definition from its file, or from a folder that holds cdk.out, serverless.yml or template.yaml.

    ``api`` names the wanted one of several; ``parameters`` are CloudFormation's or serverless' options,
    ``environment`` is what ``${env:...}`` may see. Raises DefinitionError with every problem of the document, OSError
    when the file cannot be read.
    """
    from pathlib import Path

    from vtlsim.config.definition import load_definition
    from vtlsim.surfaces.files import Folder, definition_in, text_of

    path = Path(definition)
    try:
        found_at = definition_in(path)
        text = text_of(found_at)
    except ValueError as error:
        raise DefinitionError((), f"error: {path}: {error}") from None
    name = str(definition) if found_at is path else str(found_at)
    found = load_definition(
        text, name, Folder(found_at.parent), parameters=parameters, environment=environment, api=api
    )
    return accepted(found, name)


def accepted(found: Loaded | AmbiguousApi, name: str) -> Api:
    """The Api of a load that went well. Raises DefinitionError."""
    from vtlsim.config.definition import AmbiguousApi
    from vtlsim.explain.phrases import listed

    if isinstance(found, AmbiguousApi):
        names = listed(found.names, "or")
        if found.asked is None:
            reason = f"defines several APIs: say which of them is meant: {names}"
        else:
            reason = f"has no API {found.asked!r}: it has {listed(found.names)}"
        raise DefinitionError(found.problems, f"error: {name}: {reason}", found.names)
    if found.api is None or found.errors:
        raise DefinitionError(found.problems, "" if found.problems else f"error: {name}: nothing could be made of it")
    return Api(found.api, found.problems, found)


def invoke(
    definition: str | Path,
    method: str = "POST",
    path: str = "/",
    body: str | bytes | None = None,
    headers: Pairs | None = None,
    backend: Backend | None = None,
    **given: Any,
) -> Exchange:
    """Loads a definition and takes one request through it: ``load(definition, ...).invoke(...)``.

    ``api``, ``parameters`` and ``environment`` are :func:`load`'s, the other keywords :meth:`Api.invoke`'s.
    """
    of_load = {name: given.pop(name) for name in ("api", "parameters", "environment") if name in given}
    return load(definition, **of_load).invoke(method, path, body, headers, backend, **given)
