"""What becomes of a request's bytes: text, bytes, base64 or the reverse?

What may live here: contentHandling x binaryMediaTypes on the way in. Every cell of the table was recorded on AWS; it is
in ``tests/gateway/test_convert_body.py``.
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
    from vtlsim.gateway.model import Integration, MethodRequest

NO_TYPE_IS_JSON: Final = "GW015"
"""Register: a request without a Content-Type counts as application/json against binaryMediaTypes too."""

STRICT_BASE64: Final = "GW016"
"""Register: base64 is decoded as java.util.Base64's basic decoder does, so blanks and line ends are faults."""

UNDECODABLE: Final = "Execution failed due to configuration error: Unable to base64 decode the body."


def convert_body(
    request: MethodRequest, integration: Integration, binary_media_types: tuple[str, ...]
) -> BodyConverted:
    """The request's body as the integration gets it. Raises Refused with 500 for base64 that is none."""
    content_type = media_types.bare(request.headers.first("content-type"))
    binary_type = media_types.matching(binary_media_types, content_type or media_types.JSON)
    codes = (NO_TYPE_IS_JSON,) if content_type is None and binary_type is not None else ()
    handling = integration.content_handling
    body = request.body
    size = len(body)
    if binary_type is not None:
        if handling == "CONVERT_TO_TEXT":
            text = b2a_base64(body, newline=False).decode("ascii")
            return BodyConverted(
                "request", content_type, binary_type, handling, "base64_encoded", text, size, codes=codes
            )
        return BodyConverted("request", content_type, binary_type, handling, "kept_bytes", body, size, codes=codes)
    if handling != "CONVERT_TO_BINARY":
        text = text_of(body)
        return BodyConverted("request", content_type, None, handling, "to_text", text, size, replacements(body, text))
    try:
        decoded = base64_decode(text_of(body))
    except JavaException as error:
        raise Refused(
            API_CONFIGURATION_ERROR,
            because=BodyConverted(
                "request",
                content_type,
                None,
                handling,
                "base64_decoded",
                b"",
                size,
                fault=error.message,
                codes=(STRICT_BASE64,),
            ),
            log_message=UNDECODABLE,
        ) from error
    return BodyConverted("request", content_type, None, handling, "base64_decoded", decoded, size)
