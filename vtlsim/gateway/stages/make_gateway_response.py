"""What does the client get when API Gateway turns a request back?

What may live here: gateway responses. Recorded on AWS: a type that the Api does not set inherits its family's entry
(``DEFAULT_5XX``), status, headers and templates alike; a set one ignores it. Templates are no Velocity: variables are
substituted and that is all (documented).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.gateway import media_types
from vtlsim.gateway.findings import GatewayResponseMade, MappedParameter, PlaceholderFilled
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import GatewayResponse
from vtlsim.gateway.sources import BodyUnreadableError
from vtlsim.gateway.utf8 import bytes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.gateway.model import Api, CustomGatewayResponse, Surroundings
    from vtlsim.gateway.refusals import Refused
    from vtlsim.gateway.sources import Sources

BODY_SPELLING: Final = "GW001"
"""Register: error types, messages and the blank after the colon in built-in bodies."""

SUBSTITUTION: Final = "GW046"
"""Register: a variable in a gateway response's template that has no value is substituted by nothing."""

_VARIABLE: Final = re.compile(
    r"\$(?:\{(?P<braced>(?:context|stageVariables|method)(?:\.[A-Za-z0-9_-]+)+)\}"
    r"|(?P<plain>(?:context|stageVariables|method)(?:\.[A-Za-z0-9_-]+)+))"
)


def make_gateway_response(
    refused: Refused, sources: Sources, api: Api, around: Surroundings
) -> tuple[GatewayResponseMade, GatewayResponse]:
    """The gateway response of a refusal and how it came about."""
    refusal = refused.refusal
    set_by: str | None = None
    custom: CustomGatewayResponse | None = None
    for name in (refusal.type, refusal.family):
        if name in api.gateway_responses:
            set_by, custom = name, api.gateway_responses[name]
            break
    status = refused.status
    if custom is not None and custom.status_code is not None:
        status = custom.status_code
    headers: list[tuple[str, str]] = [
        ("x-amzn-RequestId", around.request_id),
        ("x-amz-apigw-id", around.extended_request_id),
        ("x-amzn-ErrorType", refused.error_type),
    ]
    content_type = media_types.JSON
    mapped: list[MappedParameter] = []
    substituted: list[PlaceholderFilled] = []
    key: str | None = None
    body = _builtin(refusal.key, refused.message, spaced=refusal.spaced)
    if custom is not None:
        for target, source in custom.parameters:
            try:
                found = sources.find(source)
            except BodyUnreadableError:
                mapped.append(MappedParameter(target, source, None, "no_such_path"))
                continue
            mapped.append(MappedParameter(target, source, found.values, found.absence, found.near))
            if found.values is not None:
                headers = [pair for pair in headers if pair[0].lower() != target.name.lower()]
                headers.extend((target.name, value) for value in found.values)
        chosen = _template(custom, sources.request.headers.first("accept"))
        if chosen is not None:
            key, template = chosen
            content_type = key
            body = _substituted(template, _values(refused, sources), substituted)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", content_type))
    codes = [BODY_SPELLING] if key is None else []
    if any(each.value is None for each in substituted):
        codes.append(SUBSTITUTION)
    finding = GatewayResponseMade(
        refusal.type, status, set_by, key, tuple(mapped), refused.message, tuple(substituted), tuple(codes)
    )
    return finding, GatewayResponse(refusal.type, status, Headers(headers), bytes_of(body))


def _builtin(key: str, message: str | None, *, spaced: bool) -> str:
    return f'{{"{key}":{" " if spaced else ""}{_quoted(message)}}}'


def _quoted(message: str | None) -> str:
    if message is None:
        return "null"
    from vtlsim.values.json_writer import write

    return write(message)


def _template(custom: CustomGatewayResponse, accept: str | None) -> tuple[str, str] | None:
    if not custom.templates:
        return None
    found = custom.templates.find(media_types.first_of(accept) or media_types.JSON)
    if found is None:
        found = custom.templates.find(media_types.JSON) or custom.templates.items[0]
    return found[0], found[1].text


def _values(refused: Refused, sources: Sources) -> Callable[[tuple[str, ...]], str | None]:
    error: dict[str, object] = {
        "message": refused.message,
        "messageString": _quoted(refused.message),
        "responseType": refused.refusal.type,
        "validationErrorString": refused.validation_error,
    }

    def look_up(steps: tuple[str, ...]) -> str | None:
        value: object
        match steps:
            case ("context", "error", *rest):
                value, steps = error, tuple(rest)
            case ("context", *rest):
                value, steps = sources.context, tuple(rest)
            case ("stageVariables", *rest):
                value, steps = dict(sources.stage), tuple(rest)
            case ("method", "request", place, *rest):
                value = {
                    "header": sources.request.headers.single(),
                    "querystring": sources.request.query_single(),
                    "path": dict(sources.path),
                }.get(place)
                steps = (".".join(rest),)
            case _:
                return None
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
        if value is None or isinstance(value, dict):
            return None
        from vtlsim.values.text import text

        return text(value)

    return look_up


def _substituted(
    template: str, look_up: Callable[[tuple[str, ...]], str | None], substituted: list[PlaceholderFilled]
) -> str:
    def one(match: re.Match[str]) -> str:
        steps = tuple((match["braced"] or match["plain"]).split("."))
        value = look_up(steps)
        substituted.append(PlaceholderFilled(match[0], value))
        return "" if value is None else value

    return _VARIABLE.sub(one, template)
