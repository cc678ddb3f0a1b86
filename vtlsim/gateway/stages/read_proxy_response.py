"""Is this what a Lambda proxy function may answer?

What may live here: the proxy response format. Recorded on AWS: only ``statusCode``, ``headers``, ``multiValueHeaders``,
``body`` and ``isBase64Encoded`` may stand in it, all may be absent, a numeric text is a status; anything else is a 502.
``multiValueHeaders`` come before ``headers`` and their spelling of a name wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NoReturn

from vtlsim.gateway import media_types
from vtlsim.gateway.findings import ProxyFault, ProxyResponseRead
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, DEFAULT_5XX, Refused
from vtlsim.gateway.utf8 import bytes_of, text_of
from vtlsim.gateway.variables.util import base64_decode
from vtlsim.values.objects import JavaException

if TYPE_CHECKING:
    from vtlsim.gateway.model import BackendResponse, MethodRequest

MALFORMED_TYPE: Final = "GW043"
"""Register: a malformed proxy response is a 502 of the family DEFAULT_5XX."""

BASE64_BODY: Final = "GW044"
"""Register: a proxy body that is flagged as base64 and cannot be decoded is malformed."""

KEYS: Final = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})
_MALFORMED: Final = "Execution failed due to configuration error: Malformed Lambda proxy response"

Headers = list[tuple[str, str]]


def read_proxy_response(
    request: MethodRequest, answer: BackendResponse, binary_media_types: tuple[str, ...]
) -> tuple[ProxyResponseRead, bytes]:
    """The function's response and its body. Raises Refused with 502."""
    if answer.status in (403, 404):
        raise Refused(
            API_CONFIGURATION_ERROR,
            because=ProxyResponseRead(
                500, (), len(answer.body), False, False, (ProxyFault("function_error", str(answer.status)),)
            ),
            log_message="Execution failed due to configuration error: Invalid permissions on Lambda function",
        )
    faults: list[ProxyFault] = []
    if answer.headers.holds("x-amz-function-error"):
        detail = answer.headers.first("x-amz-function-error") or ""
        faults.append(ProxyFault("function_error", detail))
        _refuse(faults, answer)
    value = _object(answer.body, faults)
    if value is None:
        _refuse(faults, answer)
    faults += [ProxyFault("unknown_key", str(key)) for key in value if key not in KEYS]
    status = _status(value.get("statusCode"), faults)
    headers = _headers(value, faults)
    body = value.get("body")
    if body is not None and not isinstance(body, str):
        faults.append(ProxyFault("bad_body", type(body).__name__))
    text = body if isinstance(body, str) else ""
    flagged = value.get("isBase64Encoded") is True
    accept = media_types.first_of(request.headers.first("accept"))
    decodes = flagged and media_types.matching(binary_media_types, accept) is not None
    content = b""
    codes: tuple[str, ...] = ()
    if decodes:
        try:
            content = base64_decode(text)
        except JavaException as error:
            faults.append(ProxyFault("bad_body", error.message or ""))
            codes = (BASE64_BODY,)
    else:
        content = bytes_of(text)
    if faults:
        _refuse(faults, answer, codes)
    return ProxyResponseRead(status, tuple(headers), len(content), flagged, decodes), content


def _refuse(faults: list[ProxyFault], answer: BackendResponse, codes: tuple[str, ...] = ()) -> NoReturn:
    message = _MALFORMED
    if faults[0].rule == "function_error":
        message = f"Lambda execution failed with status {answer.status} due to customer function error"
    raise Refused(
        DEFAULT_5XX,
        because=ProxyResponseRead(502, (), len(answer.body), False, False, tuple(faults), (MALFORMED_TYPE, *codes)),
        status=502,
        log_message=message,
    )


def _object(body: bytes, faults: list[ProxyFault]) -> dict[object, object] | None:
    from vtlsim.values.json_reader import JsonError, read

    text = text_of(body)
    try:
        value = read(text) if text.strip() else None
    except JsonError as error:
        faults.append(ProxyFault("not_json", str(error)))
        return None
    if not isinstance(value, dict):
        faults.append(ProxyFault("not_an_object", "null" if value is None else type(value).__name__))
        return None
    return value


def _status(value: object, faults: list[ProxyFault]) -> int:
    if value is None:
        return 200
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:9])
    if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 999:
        return int(value)
    from vtlsim.values.text import text

    faults.append(ProxyFault("bad_status_code", text(value)))
    return 502


def _headers(value: dict[object, object], faults: list[ProxyFault]) -> Headers:
    """Several values first, then single ones, as one list; a name's first spelling stays."""
    found: Headers = []
    spelled: dict[str, str] = {}
    _take("multiValueHeaders", value.get("multiValueHeaders"), "bad_multi_value_headers", found, spelled, faults)
    _take("headers", value.get("headers"), "bad_headers", found, spelled, faults)
    return found


def _take(
    key: str,
    given: object,
    rule: Literal["bad_headers", "bad_multi_value_headers"],
    found: Headers,
    spelled: dict[str, str],
    faults: list[ProxyFault],
) -> None:
    from vtlsim.values.text import text

    if given is None:
        return
    if not isinstance(given, dict):
        faults.append(ProxyFault(rule, key))
        return
    for name, each in given.items():
        if rule == "bad_multi_value_headers" and not isinstance(each, list):
            faults.append(ProxyFault(rule, str(name)))
            continue
        if rule == "bad_headers" and isinstance(each, dict | list):
            faults.append(ProxyFault(rule, str(name)))
            continue
        spelling = spelled.setdefault(str(name).lower(), str(name))
        for one in each if isinstance(each, list) else [each]:
            if one is not None:
                found.append((spelling, text(one)))
