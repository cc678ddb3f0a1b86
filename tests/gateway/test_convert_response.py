"""contentHandling x backend's Content-Type x client's Accept x binaryMediaTypes: every cell, with its source (recorded
on AWS: the name of the recorded case begins with it)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendResponse, MethodRequest
from vtlsim.gateway.refusals import Refused
from vtlsim.gateway.stages.convert_response import convert_response

BYTES = b"\x89PNG\xff"
LOSSY = "\ufffdPNG\ufffd"
ENCODED = b64encode(BYTES)
AGAIN = b64encode(ENCODED).decode()
REFUSED = "refused"

TABLE = [
    # handling, payload, accept, registered, raw bytes in -> out, base64 in -> out, source
    (None, "text", "text", True, LOSSY, ENCODED.decode(), "bin-resp-none-payloadtext-accepttext"),
    (None, "text", "binary", True, REFUSED, BYTES, "bin-resp-none-payloadtext-acceptbin"),
    (None, "binary", "text", True, ENCODED.decode(), AGAIN, "bin-resp-none-payloadbin-accepttext"),
    (None, "binary", "binary", True, BYTES, ENCODED, "bin-resp-none-payloadbin-acceptbin"),
    (None, "binary", "binary", False, LOSSY, ENCODED.decode(), "bin-resp-none-nomedia"),
    (
        "CONVERT_TO_TEXT",
        "text",
        "text",
        True,
        LOSSY,
        ENCODED.decode(),
        "bin-resp-CONVERT_TO_TEXT-payloadtext-accepttext",
    ),
    (
        "CONVERT_TO_TEXT",
        "text",
        "binary",
        True,
        LOSSY,
        ENCODED.decode(),
        "bin-resp-CONVERT_TO_TEXT-payloadtext-acceptbin",
    ),
    (
        "CONVERT_TO_TEXT",
        "binary",
        "text",
        True,
        ENCODED.decode(),
        AGAIN,
        "bin-resp-CONVERT_TO_TEXT-payloadbin-accepttext",
    ),
    (
        "CONVERT_TO_TEXT",
        "binary",
        "binary",
        True,
        ENCODED.decode(),
        AGAIN,
        "bin-resp-CONVERT_TO_TEXT-payloadbin-acceptbin",
    ),
    ("CONVERT_TO_TEXT", "binary", "binary", False, LOSSY, ENCODED.decode(), "bin-resp-CONVERT_TO_TEXT-nomedia"),
    ("CONVERT_TO_BINARY", "text", "text", True, REFUSED, BYTES, "bin-resp-CONVERT_TO_BINARY-payloadtext-accepttext"),
    ("CONVERT_TO_BINARY", "text", "binary", True, REFUSED, BYTES, "bin-resp-CONVERT_TO_BINARY-payloadtext-acceptbin"),
    ("CONVERT_TO_BINARY", "binary", "text", True, BYTES, ENCODED, "bin-resp-CONVERT_TO_BINARY-payloadbin-accepttext"),
    ("CONVERT_TO_BINARY", "binary", "binary", True, BYTES, ENCODED, "bin-resp-CONVERT_TO_BINARY-payloadbin-acceptbin"),
    ("CONVERT_TO_BINARY", "binary", "binary", False, REFUSED, BYTES, "bin-resp-CONVERT_TO_BINARY-nomedia"),
]
TYPES = {"text": "text/plain", "binary": "image/png"}
CELLS = [
    pytest.param(handling, payload, accept, registered, given, result, source, id=f"{source}-{name}")
    for handling, payload, accept, registered, raw, encoded, source in TABLE
    for name, given, result in (("raw", BYTES, raw), ("encoded", ENCODED, encoded))
]


@pytest.mark.parametrize("handling, payload, accept, registered, given, result, source", CELLS)
def test_cell(
    handling: Any, payload: str, accept: str, registered: bool, given: bytes, result: object, source: str
) -> None:
    request = MethodRequest(headers=Headers.of({"Accept": TYPES[accept]}))
    answer = BackendResponse(200, Headers.of({"Content-Type": TYPES[payload]}), given)
    media_types = ("image/png",) if registered else ()
    if result is REFUSED:
        with pytest.raises(Refused) as refused:
            convert_response(request, answer, handling, media_types, proxy=False)
        assert (refused.value.status, refused.value.refusal.type) == (500, "API_CONFIGURATION_ERROR"), source
        return
    assert convert_response(request, answer, handling, media_types, proxy=False).body == result, source


def test_every_cell_of_the_table_is_there() -> None:
    kinds = (None, "CONVERT_TO_TEXT", "CONVERT_TO_BINARY")
    assert {row[:4] for row in TABLE if row[3]} == {
        (handling, payload, accept, True) for handling in kinds for payload in TYPES for accept in TYPES
    }
    assert {row[0] for row in TABLE if not row[3]} == set(kinds)


@pytest.mark.parametrize(
    "accept, binary",
    [
        ("image/png", True),
        ("image/png;q=0.5, text/plain", True),  # documented: the first type, without its parameters
        ("text/plain, image/png", False),
        ("*/*", False),  # recorded for AWS_PROXY: a client's wildcard matches no registered type
        (None, False),
    ],
)
def test_which_accept_is_binary(accept: str | None, binary: bool) -> None:
    headers = Headers.of({} if accept is None else {"accept": accept})
    answer = BackendResponse(200, Headers.of({"Content-Type": "image/png"}), BYTES)
    found = convert_response(MethodRequest(headers=headers), answer, None, ("image/png",), proxy=False)
    assert (found.body == BYTES) is binary


@pytest.mark.parametrize(
    "handling, result",
    [
        ("CONVERT_TO_TEXT", f'{{"data": "{ENCODED.decode()}"}}'),  # R bin-resp-template-CONVERT_TO_TEXT
        ("CONVERT_TO_BINARY", REFUSED),  # R bin-resp-template-CONVERT_TO_BINARY
    ],
)
def test_template_over_binary(handling: str, result: str, exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "AWS"},
            "integrationResponses": [
                {
                    "statusCode": "200",
                    "contentHandling": handling,
                    "responseTemplates": {"application/json": '{"data": "$input.body"}'},
                }
            ],
            "binaryMediaTypes": ["image/png"],
            "request": {"headers": {"Accept": "image/png"}},
            "backend": {"headers": {"Content-Type": "image/png"}, "body_base64": ENCODED.decode()},
        }
    )
    if result is REFUSED:
        assert outcome.status == 500
    else:
        assert (outcome.status, outcome.text) == (200, result)
