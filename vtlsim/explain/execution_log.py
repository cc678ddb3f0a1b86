"""The execution log: the text that TestInvokeMethod answers with and that CloudWatch gets, line by line.

What may live here: AWS's wording of what the findings say, and its time stamps, masks and cuts. The lines and their
order are recorded (TestInvokeMethod over MOCK, Lambda and a failing HTTP_PROXY); the lines of validation are from users'
logs. A journey that was cut short has the lines up to there, its failure and the status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway import findings as f
from vtlsim.gateway.model import Function

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vtlsim.gateway.findings import Finding
    from vtlsim.gateway.headers import Headers
    from vtlsim.gateway.model import IntegrationRequest, MethodRequest

HEADERS_LENGTH: Final = 998
"""Characters of a map of headers that a line holds; an emulator's reading of recorded lines."""

TRUNCATED: Final = " [TRUNCATED]"
BINARY: Final = "[Binary Data]"

MODEL_MISMATCH: Final = "LOG001"
"""Register: the line about a body that does not fit its model. Users' logs have the line; what stands in its brackets is
AWS's validator's wording there, and our validator's here."""

FUNCTION_ERROR: Final = "LOG002"
"""Register: the line about a function that failed, from users' logs of TestInvokeMethod and of CloudWatch."""

_UNLOGGED: Final = frozenset({"x-amzn-RequestId", "x-amz-apigw-id"})
"""Headers that every answer has and no recorded line of method response headers."""

_FUNCTION_FAILED: Final = "Lambda execution failed with status"

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def execution_log(
    request: MethodRequest,
    trace: Sequence[Finding],
    *,
    request_id: str,
    time_ms: int,
    failure: str | None = None,
    sent: IntegrationRequest | None = None,
) -> str:
    """The log of one exchange; every line ends in a line feed.

    ``time_ms`` is milliseconds since 1970 (UTC); every line bears it. ``failure`` is AWS's line about a refusal.
    ``sent`` is the integration request, where there is one: the body that a function gets is in no finding.
    """
    stamp = timestamp(time_ms)
    lines = [f"Execution log for request {request_id}"]
    lines += (f"{stamp} : {line}" for line in _lines(request, trace, request_id, failure, sent))
    return "\n".join(lines) + "\n"


def timestamp(time_ms: int) -> str:
    """``Fri Jan 02 03:04:05 UTC 2026``, whatever the machine's language."""
    from datetime import UTC, datetime, timedelta

    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms)
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at:%d %H:%M:%S} UTC {at.year}"


def _lines(
    request: MethodRequest,
    trace: Sequence[Finding],
    request_id: str,
    failure: str | None,
    integration: IntegrationRequest | None,
) -> Iterator[str]:
    matched = next((found for found in trace if isinstance(found, f.ResourceMatched)), None)
    parameters = matched.path_parameters if matched is not None else ()
    yield f"Starting execution for request: {request_id}"
    yield f"HTTP Method: {request.method}, Resource Path: {request.path}"
    yield f"Method request path: {_map(parameters)}"
    yield f"Method request query string: {_map(request.query_single().items())}"
    yield f"Method request headers: {_headers(request.headers)}"
    yield f"Method request body before transformations: {_received(request, trace)}"
    body: str | bytes = ""
    told = False
    status: int | None = None
    response_body: str | bytes | None = None
    for found in trace:
        match found:
            case f.RequestValidated(body_valid=True, missing=(), media_type=str() as media_type):
                yield f"Request validation succeeded for content type {media_type}"
            case f.RequestValidated(body_valid=False, media_type=str() as media_type, faults=faults):
                shown = ", ".join(fault.message for fault in faults)
                yield f"Request body does not match model schema for content type {media_type}: [{shown}]"
            case f.BodyRendered(phase="request", text=text):
                body = text
            case f.BodyPassed(phase="request", body=passed):
                body = passed
            case f.BodyRendered(text=text):
                response_body = text
            case f.BodyPassed(body=passed):
                response_body = passed
            case f.RequestAssembled(fault=None) if found.type != "MOCK":
                sent = [(fate.sent_as, fate.value) for fate in found.headers if fate.sent_as is not None]
                yield f"Endpoint request URI: {found.uri}"
                yield f"Endpoint request headers: {_headers(sent)}"
                if integration is not None and integration.type == "AWS_PROXY":
                    body = (
                        integration.body
                    )  # the event; of AWS the recorded line has what passed, not the event made of it
                yield f"Endpoint request body after transformations: {_text(body)}"
                yield f"Sending request to {found.uri}"
            case f.BackendAnswered():
                yield f"Received response. Status: {found.status}, Integration latency: {found.latency_ms} ms"
                yield f"Endpoint response headers: {_headers(found.headers)}"
                yield f"Endpoint response body before transformations: {_answered(found.body, trace)}"
                if integration is not None and isinstance(integration.destination, Function):
                    reason = _function_error(found.status, found.headers, found.body)
                    if reason is not None:
                        told = True
                        yield reason
            case f.ResponseAssembled():
                status = found.status
                sent = [
                    (fate.sent_as, fate.value)
                    for fate in found.headers
                    if fate.sent_as is not None and not (fate.verdict == "added" and fate.name in _UNLOGGED)
                ]
                yield f"Method response body after transformations: {_text(response_body or '')}"
                yield f"Method response headers: {_headers(sent)}"
                yield "Successfully completed execution"
            case f.GatewayResponseMade():
                status = found.status
                if failure is not None and not (told and failure.startswith(_FUNCTION_FAILED)):
                    yield failure
            case _:
                continue
    if status is not None:
        yield f"Method completed with status: {status}"


def _received(request: MethodRequest, trace: Sequence[Finding]) -> str:
    """The request's body as the log shows it: bytes of a binary media type are only named."""
    for found in trace:
        if isinstance(found, f.BodyConverted) and found.phase == "request" and found.binary_type is not None:
            return BINARY
    return _decoded(request.body)


def _answered(body: bytes, trace: Sequence[Finding]) -> str:
    """The backend's body as the log shows it: bytes of a binary media type are only named."""
    for found in trace:
        if isinstance(found, f.BodyConverted) and found.phase == "response" and found.binary_type is not None:
            return BINARY
    return _decoded(body)


def _function_error(status: int, headers: Headers, body: bytes) -> str | None:
    """The line about a function that failed; None for one that did not."""
    if not headers.holds("x-amz-function-error"):
        return None
    import json

    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    message = found.get("errorMessage") if isinstance(found, dict) else None
    request_id = headers.first("x-amzn-requestid")
    line = f"{_FUNCTION_FAILED} {status} due to customer function error"
    if isinstance(message, str):
        line += f": {message}"
    return line if request_id is None else f"{line}. Lambda request id: {request_id}"


def _decoded(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _text(body: str | bytes) -> str:
    return BINARY if isinstance(body, bytes) else body


def _map(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{name}={value}" for name, value in pairs) + "}"


def _headers(pairs: Iterable[tuple[str, str]]) -> str:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(_masked(value) if name.lower() == "authorization" else value)
    text = _map((name, ",".join(values)) for name, values in grouped.items())
    return text if len(text) <= HEADERS_LENGTH else text[:HEADERS_LENGTH] + TRUNCATED


def _masked(value: str) -> str:
    """An Authorization header: asterisks but for its last six characters."""
    return "*" * max(0, len(value) - 6) + value[-6:]
