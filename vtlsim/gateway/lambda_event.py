"""The event that a Lambda proxy function gets, in payload format 1.0.

What may live here: that event. Recorded on AWS: nothing where there are no parameters is null, not an empty map; path
parameters are not decoded, query parameters are; ``path`` collapses slashes at its start, ``requestContext.path`` does
not.
"""

from __future__ import annotations

from binascii import b2a_base64
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from vtlsim.gateway.variables.method import visible_headers
from vtlsim.values.collections import HashMap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.findings import BodyConverted
    from vtlsim.gateway.model import MethodRequest, Surroundings

FORWARDED_HEADERS: Final = "GW032"
"""Register: the event's headers are the client's, then X-Amzn-Trace-Id and X-Forwarded-For, -Port, -Proto."""

_TITLES: Final = {"authorization": "Authorization", "user-agent": "User-Agent"}


def lambda_event(
    request: MethodRequest,
    resource_path: str,
    path_parameters: Mapping[str, str],
    stage_variables: Mapping[str, str],
    context: Mapping[str, object],
    body: BodyConverted,
    trace_id: str,
    around: Surroundings,
    *,
    title_cased: bool,
) -> dict[str, object]:
    """The event as plain values, in the order in which API Gateway writes its members."""
    headers = forwarded(request, trace_id, around, title_cased=title_cased)
    single: dict[str, str] = {}
    multiple: dict[str, list[str]] = {}
    for name, value in headers:
        single[name] = value
        multiple.setdefault(name, []).append(value)
    queries = request.query_multiple()
    text, is_base64 = _body(body)
    return {
        "resource": resource_path,
        "path": "/" + request.path.lstrip("/"),
        "httpMethod": request.method,
        "headers": single,
        "multiValueHeaders": multiple,
        "queryStringParameters": request.query_single() or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": dict(stage_variables) or None,
        "requestContext": _in_order(context),
        "body": text,
        "isBase64Encoded": is_base64,
    }


def forwarded(
    request: MethodRequest, trace_id: str, around: Surroundings, *, title_cased: bool
) -> list[tuple[str, str]]:
    """The headers of the event, in order. ``title_cased``: an edge-optimized endpoint rewrites two names (recorded)."""
    own = {"x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}
    pairs = [(name, value) for name, value in visible_headers(request.headers) if name.lower() not in own]
    if title_cased:
        pairs = [(_TITLES.get(name.lower(), name), value) for name, value in pairs]
    before = request.headers.first("x-forwarded-for")
    address = around.identity.source_ip or "127.0.0.1"
    pairs.append(("X-Amzn-Trace-Id", trace_id))
    pairs.append(("X-Forwarded-For", address if before is None else f"{before}, {address}"))
    pairs.append(("X-Forwarded-Port", "443"))
    pairs.append(("X-Forwarded-Proto", "https"))
    return pairs


def _body(body: BodyConverted) -> tuple[str | None, bool]:
    if body.size_before == 0:
        return None, False
    if isinstance(body.body, bytes):
        return b2a_base64(body.body, newline=False).decode("ascii"), True
    return body.body, body.conversion == "base64_encoded"


def _in_order(values: Mapping[str, object]) -> dict[str, object]:
    """A map of ``$context`` in java.util.HashMap's order, as in the recorded events."""
    ordered = {}
    for key in _order(tuple(values)):
        value = values[key]
        ordered[key] = _in_order(value) if isinstance(value, dict) else value
    return ordered


@lru_cache(maxsize=64)
def _order(keys: tuple[str, ...]) -> tuple[str, ...]:
    put = HashMap()
    for key in keys:
        put[key] = None
    return tuple(map(str, put))
