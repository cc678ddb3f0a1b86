"""contentHandling x text or binary type x binaryMediaTypes on the way in: every cell, with its source.

All cells were recorded on AWS: the source is the recorded case's name, ``R (by rule)`` where the rule recorded for the
same cell with another payload is applied.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from vtlsim.gateway import findings as f
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Integration, MethodRequest
from vtlsim.gateway.refusals import Refused
from vtlsim.gateway.stages.convert_body import convert_body

GZIP = bytes.fromhex("1f8b0800") + b"\x92\xe9tea"  # no UTF-8
TEXT = "grüner Tee".encode()
SENTENCE = b"a cup of tea"
ENCODED = b64encode(GZIP)
REGISTERED = {"none registered": (), "text type": ("image/png",), "binary type": ("image/png",)}
SENT_AS = {"none registered": "image/png", "text type": "text/plain", "binary type": "image/png"}
REFUSED = "refused"

TABLE = [
    # handling, type, payload, result, source
    (None, "none registered", TEXT, TEXT.decode(), "R (by rule)"),
    (None, "none registered", GZIP, "\x1f\ufffd\x08\x00\ufffd\ufffdtea", "R bin-req-None-nomedia-binary-raw"),
    (None, "none registered", ENCODED, ENCODED.decode(), "R bin-req-None-nomedia-*"),
    (None, "text type", GZIP, "\x1f\ufffd\x08\x00\ufffd\ufffdtea", "R bin-req-None-nomatch-binary-raw"),
    (None, "text type", TEXT, TEXT.decode(), "R bin-req-None-nomatch-text"),
    (None, "binary type", GZIP, GZIP, "R bin-req-None-match-binary-raw"),
    (None, "binary type", TEXT, TEXT, "R bin-req-None-match-text"),
    (
        "CONVERT_TO_TEXT",
        "none registered",
        GZIP,
        "\x1f\ufffd\x08\x00\ufffd\ufffdtea",
        "R bin-req-CONVERT_TO_TEXT-nomedia-*",
    ),
    ("CONVERT_TO_TEXT", "none registered", TEXT, TEXT.decode(), "R bin-req-CONVERT_TO_TEXT-nomedia-*"),
    ("CONVERT_TO_TEXT", "text type", GZIP, "\x1f\ufffd\x08\x00\ufffd\ufffdtea", "R bin-req-CONVERT_TO_TEXT-nomatch-*"),
    ("CONVERT_TO_TEXT", "text type", TEXT, TEXT.decode(), "R bin-req-CONVERT_TO_TEXT-nomatch-*"),
    ("CONVERT_TO_TEXT", "binary type", GZIP, ENCODED.decode(), "R bin-req-CONVERT_TO_TEXT-match-binary-raw"),
    ("CONVERT_TO_TEXT", "binary type", ENCODED, b64encode(ENCODED).decode(), "R: base64 is encoded again"),
    ("CONVERT_TO_BINARY", "none registered", ENCODED, GZIP, "R bin-req-CONVERT_TO_BINARY-nomedia-*"),
    ("CONVERT_TO_BINARY", "none registered", SENTENCE, REFUSED, "R S3Bin request_convert_to_binary"),
    ("CONVERT_TO_BINARY", "none registered", GZIP, REFUSED, "R bin-req-CONVERT_TO_BINARY-nomedia-binary-raw"),
    ("CONVERT_TO_BINARY", "text type", ENCODED, GZIP, "R bin-req-CONVERT_TO_BINARY-nomatch-*"),
    ("CONVERT_TO_BINARY", "text type", SENTENCE, REFUSED, "R bin-req-CONVERT_TO_BINARY-nomatch-text"),
    ("CONVERT_TO_BINARY", "binary type", GZIP, GZIP, "R bin-req-CONVERT_TO_BINARY-match-binary-raw"),
    ("CONVERT_TO_BINARY", "binary type", SENTENCE, SENTENCE, "R bin-req-CONVERT_TO_BINARY-match-text"),
]


@pytest.mark.parametrize("handling, kind, payload, result, source", TABLE)
def test_cell(handling: Any, kind: str, payload: bytes, result: object, source: str) -> None:
    request = MethodRequest(headers=Headers.of({"Content-Type": SENT_AS[kind]}), body=payload)
    integration = Integration("HTTP", "POST", content_handling=handling)
    if result is REFUSED:
        with pytest.raises(Refused) as refused:
            convert_body(request, integration, REGISTERED[kind])
        assert refused.value.status == 500, source
        assert refused.value.log_message is not None
        assert refused.value.log_message.endswith("Unable to base64 decode the body.")
        assert refused.value.because.fault  # type: ignore[union-attr]  # it is a BodyConverted
        return
    found = convert_body(request, integration, REGISTERED[kind])
    assert found.body == result, source
    assert found.size_before == len(payload)
    assert found.replaced == (str(result).count("\ufffd") if isinstance(result, str) else 0)


def test_every_cell_of_the_table_is_there() -> None:
    cells = {(handling, kind) for handling, kind, *_ in TABLE}
    assert cells == {
        (handling, kind) for handling in (None, "CONVERT_TO_TEXT", "CONVERT_TO_BINARY") for kind in REGISTERED
    }


@pytest.mark.parametrize(
    "registered, content_type, binary_type",
    [
        (("image/png",), "IMAGE/PNG; q=1", "image/png"),  # by media type, whatever the case
        (("image/*",), "image/jpeg", "image/*"),  # documented, observed
        (("*/*",), "text/plain", "*/*"),  # documented, observed
        (("*/*",), None, "*/*"),  # GW015
        (("*/png",), "image/png", None),  # R proxy-binary-media-*: only type/* and */* are patterns
        (("image/png",), None, None),
    ],
)
def test_which_type_is_binary(registered: tuple[str, ...], content_type: str | None, binary_type: str | None) -> None:
    headers = Headers.of({} if content_type is None else {"content-type": content_type})
    found = convert_body(MethodRequest(headers=headers, body=b"x"), Integration("HTTP", "POST"), registered)
    assert found.binary_type == binary_type


@pytest.mark.parametrize(
    "handling, kind, body, status",
    [
        ("CONVERT_TO_BINARY", "text/plain", ENCODED, 500),  # R S3Bin request_convert_to_binary_with_request_template
        ("CONVERT_TO_TEXT", "image/png", GZIP, 200),  # R: binary as text may be rendered
        (None, "image/png", b"{}", 500),  # GW008: whatever the bytes are
        (None, "image/png", b"", 500),  # GW008: users' logs of OPTIONS under */*
        (None, "text/plain", TEXT, 200),
    ],
)
def test_template_over_binary(handling: Any, kind: str, body: bytes, status: int, exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {
                "type": "HTTP",
                "contentHandling": handling,
                "requestTemplates": {"text/plain": "$input.body", "image/png": "$input.body"},
            },
            "integrationResponses": [{"statusCode": "200"}],
            "binaryMediaTypes": ["image/png"],
            "request": {"method": "POST", "headers": {"Content-Type": kind}, "body_base64": b64encode(body).decode()},
        }
    )
    assert outcome.status == status
    if status == 500:
        assert outcome.finding(f.RenderFailed).fault == "binary_body"
        assert outcome.turned_back.log_message.endswith("Unable to transform request")
