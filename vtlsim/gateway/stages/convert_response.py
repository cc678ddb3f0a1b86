"""What becomes of the backend's bytes: text, bytes, base64 or the reverse?

What may live here: contentHandling x the client's Accept x binaryMediaTypes on the way back. Every cell of the table was
recorded on AWS; it is in ``tests/gateway/test_convert_response.py``.
"""

from __future__ import annotations

from binascii import b2a_base64
from typing import TYPE_CHECKING, Final

from vtlsim.gateway import media_types
from vtlsim.gateway.findings import BodyConverted
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, Refused
from vtlsim.gateway.utf8 import replacements, text_of
from vtlsim.gateway.variables.util import base64_decode
from vtlsim.values.objects import JavaException

if TYPE_CHECKING:
    from vtlsim.gateway.findings import Conversion
    from vtlsim.gateway.model import BackendResponse, ContentHandling, MethodRequest

PROXY_CONVERTED: Final = "GW042"
"""Register: HTTP_PROXY bodies are converted as HTTP's are, without contentHandling."""

UNDECODABLE: Final = "Execution failed due to configuration error: Unable to base64 decode the body."


def convert_response(
    request: MethodRequest,
    answer: BackendResponse,
    handling: ContentHandling | None,
    binary_media_types: tuple[str, ...],
    *,
    proxy: bool,
) -> BodyConverted:
    """The backend's body as the method response gets it. Raises Refused with 500 for base64 that is none."""
    payload_type = media_types.bare(answer.headers.first("content-type"))
    accept = media_types.first_of(request.headers.first("accept"))
    binary_payload = media_types.matching(binary_media_types, payload_type)
    binary_accept = media_types.matching(binary_media_types, accept)
    operation: Conversion
    if handling is None:
        if binary_payload is not None:
            operation = "kept_bytes" if binary_accept is not None else "base64_encoded"
        else:
            operation = "base64_decoded" if binary_accept is not None else "to_text"
    elif handling == "CONVERT_TO_TEXT":
        operation = "to_text" if binary_payload is None else "base64_encoded"
    else:
        operation = "base64_decoded" if binary_payload is None else "kept_bytes"
    body = answer.body
    made: str | bytes = b""
    replaced = 0
    fault: str | None = None
    match operation:
        case "to_text":
            made = text_of(body)
            replaced = replacements(body, made)
        case "base64_encoded":
            made = b2a_base64(body, newline=False).decode("ascii")
        case "base64_decoded":
            try:
                made = base64_decode(text_of(body))
            except JavaException as error:
                fault = error.message or ""
        case _:
            made = body
    finding = BodyConverted(
        "response",
        payload_type,
        binary_payload,
        handling,
        operation,
        made,
        len(body),
        replaced,
        accept,
        binary_accept,
        fault,
        (PROXY_CONVERTED,) if proxy else (),
    )
    if fault is not None:
        raise Refused(API_CONFIGURATION_ERROR, because=finding, log_message=UNDECODABLE)
    return finding
