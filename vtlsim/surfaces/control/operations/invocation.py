"""TestInvokeMethod: a request through the API as it is being edited, without a deployment, with its log.

What may live here: the call's own fields on their way into the gateway's journeys and out of them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from vtlsim.explain.execution_log import execution_log
from vtlsim.gateway import answer_mock, transform_request, transform_response
from vtlsim.gateway.findings import GatewayResponseMade, ResponseAssembled
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.journey import TurnedBack
from vtlsim.gateway.model import BackendFailure, Identity, MethodRequest, Surroundings
from vtlsim.gateway.utf8 import bytes_of
from vtlsim.surfaces.clock import Stopwatch, now_ms, request_id
from vtlsim.surfaces.control.assemble import api_of
from vtlsim.surfaces.control.errors import no_method

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from vtlsim.gateway.findings import Finding
    from vtlsim.gateway.model import Api, BackendResponse, IntegrationRequest, Resource
    from vtlsim.surfaces.control.store import Store

    Ask = Callable[[IntegrationRequest], Awaitable[BackendResponse | BackendFailure]]

STAGE: Final = "test-invoke-stage"
"""The stage that a test runs in."""

_OF_THE_EDGE: Final = frozenset(("content-length", "date", "x-amzn-requestid", "x-amz-apigw-id"))
"""Headers that an answer gets on its way to a client, which a test's does not have: recorded."""


async def test_invoke_method(store: Store, params: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    """TestInvokeMethod. ``ask`` reaches backends."""
    loop = asyncio.get_running_loop()
    watch = Stopwatch()
    api, resource = sliced(store, params)
    request = request_of(params, resource.path)
    around = surroundings(params, api)
    there = await loop.run_in_executor(None, lambda: transform_request(request, api, around, resource=resource))
    trace = there.trace
    if isinstance(there, TurnedBack):
        response, failure = there.response, there.log_message
    else:
        sent = there.value
        answer: BackendResponse | BackendFailure = answer_mock(sent) if sent.type == "MOCK" else await ask(sent)
        back = await loop.run_in_executor(None, lambda: transform_response(answer, sent, api, around))
        trace += back.trace
        if isinstance(back, TurnedBack):
            response, failure = back.response, back.log_message
        else:
            return _result(back.value, trace, request, around, None, watch)
    return _result(response, trace, request, around, failure, watch)


def sliced(store: Store, params: Mapping[str, Any]) -> tuple[Api, Resource]:
    """The API with the one resource that is tested. Raises ControlError for an unknown resource or method."""
    with store.lock:
        api = store.api_of_resource(params["restApiId"])
        api.resource(params["resourceId"])
        verb = params["httpMethod"]
        if not any((params["resourceId"], each) in api.methods for each in (verb, "ANY")):
            raise no_method()
        content = api.content()
    found = api_of(content, only=params["resourceId"])
    return found, found.resources[0]


def request_of(params: Mapping[str, Any], resource_path: str) -> MethodRequest:
    """The request that a test stands for. Without a path it is the resource's own, placeholders and all: recorded."""
    path, _, query = params.get("pathWithQueryString", resource_path).partition("?")
    given: dict[str, str | None] = params.get("headers") or {}
    pairs = [(name, value) for name, value in given.items() if value is not None]
    for name, values in (params.get("multiValueHeaders") or {}).items():
        pairs = [pair for pair in pairs if pair[0] != name]
        pairs += [(name, each) for each in values or () if each is not None]
    return MethodRequest(
        params["httpMethod"],
        path or "/",
        tuple(parse_qsl(query, keep_blank_values=True, errors="replace")),
        Headers(pairs),
        bytes_of(params.get("body") or ""),
    )


def surroundings(params: Mapping[str, Any], api: Api) -> Surroundings:
    """What the world contributes to a test."""
    digits = request_id()
    more = request_id().replace("-", "")
    time_ms = now_ms()
    variables = params.get("stageVariables") or {}
    return Surroundings(
        request_id=digits,
        extended_request_id=f"{more[:15]}=",
        time_ms=time_ms,
        stage=STAGE,
        stage_variables={name: value for name, value in variables.items() if value is not None},
        identity=Identity(source_ip="test-invoke-source-ip", user_agent="vtlsim"),
        api_id=api.id or "",
        domain_name="testPrefix.testDomainName",
        trace_root=f"1-{time_ms // 1000:08x}-{more[8:]}",
        trace_parent=digits.replace("-", "")[:16],
    )


def _result(
    response: Any, trace: Any, request: MethodRequest, around: Surroundings, failure: str | None, watch: Stopwatch
) -> dict[str, Any]:
    log = execution_log(
        request, _as_tested(trace), request_id=around.request_id, time_ms=around.time_ms, failure=failure
    )
    # API Gateway's built-in answers show no Content-Type in a test: recorded.
    built_in = any(isinstance(each, GatewayResponseMade) and each.set_by is None for each in trace)
    left_out = _OF_THE_EDGE | {"content-type"} if built_in else _OF_THE_EDGE
    headers = [(name, value) for name, value in response.headers if name.lower() not in left_out]
    multiple: dict[str, list[str]] = {}
    for name, value in headers:
        multiple.setdefault(name, []).append(value)
    return {
        "status": response.status,
        "body": response.body.decode("utf-8", "replace"),
        "headers": dict(headers),
        "multiValueHeaders": multiple,
        "log": log,
        "latency": watch.milliseconds,
    }


def _as_tested(trace: Sequence[Finding]) -> list[Finding]:
    """The findings without the headers that a test's answer does not have."""
    return [
        each._replace(headers=tuple(fate for fate in each.headers if (fate.sent_as or "").lower() not in _OF_THE_EDGE))
        if isinstance(each, ResponseAssembled)
        else each
        for each in trace
    ]
