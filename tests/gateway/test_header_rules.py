"""What becomes of which header, by integration type: every cell of both tables, with its source.

R recorded on AWS (``headers-<type>-no-mapping``, ``-full-mapping``, ``-illegal-*``, ``response-header-*``), D the
developer guide's "known issues" page, E an emulator's reading. The recorded cell wins where the two tables differ.
"""

from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import findings as f

NAMES = [
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Age",
    "Authorization",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-MD5",
    "Content-Type",
    "Date",
    "Expect",
    "Host",
    "Max-Forwards",
    "Pragma",
    "Proxy-Authenticate",
    "Range",
    "Referer",
    "Server",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "Via",
    "Warn",
    "WWW-Authenticate",
]

# Taken off at the door: never visible to $input.params, to a mapping or to a proxy. R
AT_THE_DOOR = [
    "Connection",
    "Content-Length",
    "Content-MD5",
    "Expect",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Server",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "WWW-Authenticate",
]
# HTTP_PROXY forwards what is left but for these. R
WITHHELD_BY_PROXY = ["Content-Encoding", "Host", "Via"]
# A mapping of these is a 500. R
FORBIDDEN = {
    "HTTP": ["Content-Length", "Transfer-Encoding"],
    "HTTP_PROXY": ["Content-Length", "Transfer-Encoding"],
    "AWS": ["Content-Length", "Transfer-Encoding", "Authorization", "Connection", "Expect", "Proxy-Authenticate", "TE"],
    "AWS_PROXY": [
        "Content-Length",
        "Transfer-Encoding",
        "Authorization",
        "Connection",
        "Expect",
        "Proxy-Authenticate",
        "TE",
    ],
}
# A mapping of these is allowed and does not arrive. R for HTTP types, E for Referer (GW028)
NOT_DELIVERED = {
    "HTTP": ["Connection", "Expect", "Proxy-Authenticate", "TE", "Via"],
    "HTTP_PROXY": ["Connection", "Expect", "Proxy-Authenticate", "TE", "Via"],
    "AWS": ["Referer"],
}
# HTTP sends the client's Content-Type on when the client did not use GET. R
FORWARDED_BY_HTTP = ["Content-Type"]


def _client_cells() -> list[Any]:
    cells = []
    for kind in ("HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY"):
        for name in NAMES:
            if name in AT_THE_DOOR:
                arrives, source = False, "R entry drop"
            elif kind == "HTTP":
                arrives, source = name in FORWARDED_BY_HTTP, "R http-HTTP-forwarded-headers-post"
            elif kind == "HTTP_PROXY":
                arrives, source = name not in WITHHELD_BY_PROXY, "R headers-HTTP_PROXY-no-mapping"
            elif kind == "AWS":
                arrives, source = False, "R headers-AWS-no-mapping"
            else:
                arrives, source = True, "R headers-AWS_PROXY-no-mapping"
            cells.append(pytest.param(kind, name, arrives, source, id=f"{kind}-{name}"))
    return cells


@pytest.mark.parametrize("kind, name, arrives, source", _client_cells())
def test_client_header(kind: str, name: str, arrives: bool, source: str, exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": kind},
            "integrationResponses": [{"statusCode": "200"}],
            "request": {"method": "POST", "headers": {name: "the client's"}},
            "backend": {"lambda_payload": {}},
        }
    )
    if kind == "AWS_PROXY":
        import json

        assert (json.loads(outcome.sent.body)["headers"].get(name) == "the client's") is arrives, source
    else:
        assert ("the client's" in outcome.sent.headers.folded(name)) is arrives, source


def _mapped_cells() -> list[Any]:
    cells = []
    for kind in ("HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY"):
        for name in NAMES:
            if name in FORBIDDEN[kind]:
                fate = "forbidden"
            elif kind == "AWS_PROXY":
                fate = "ignored"
            else:
                fate = "not_delivered" if name in NOT_DELIVERED[kind] else "mapped"
            source = f"R headers-{kind}-illegal-{name}" if fate == "forbidden" else f"R headers-{kind}-full-mapping"
            cells.append(pytest.param(kind, name, fate, source, id=f"{kind}-{name}"))
    return cells


@pytest.mark.parametrize("kind, name, fate, source", _mapped_cells())
def test_mapped_header(kind: str, name: str, fate: str, source: str, exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": kind, "requestParameters": {f"integration.request.header.{name}": "'mapped'"}},
            "integrationResponses": [{"statusCode": "200"}],
            "request": {"method": "GET"},
            "backend": {"lambda_payload": {}},
        }
    )
    if fate == "forbidden":
        assert (outcome.status, outcome.text) == (500, '{"message": "Internal server error"}'), source
        assert outcome.headers.first("x-amzn-ErrorType") == "InternalServerErrorException"
        assert not outcome.headers.holds("X-Amzn-Trace-Id")
        assert outcome.finding(f.RequestAssembled).fault_detail == name
        return
    assert outcome.sent.headers.folded(name).count("mapped") == (fate == "mapped"), source
    if fate != "ignored":
        assert any(each.verdict == fate for each in outcome.finding(f.RequestAssembled).headers if each.name == name)


# The way back. For HTTP and AWS all R (response-header-remapped-*, response-header-dropped-*, headers-*-full-mapping).
REMAPPED = [
    "Authorization",
    "Connection",
    "Content-Length",
    "Content-MD5",
    "Date",
    "Expect",
    "Host",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Server",
    "Trailer",
    "Upgrade",
    "User-Agent",
    "WWW-Authenticate",
]
DROPPED = ["Transfer-Encoding"]
# For the proxies: R for four names, D for the others.
PROXY_REMAPPED = {
    "Connection": "R headers-HTTP_PROXY-no-mapping",
    "Content-Length": "R headers-HTTP_PROXY-no-mapping; D says pass",
    "Date": "R headers-HTTP_PROXY-no-mapping",
    "Server": "R headers-HTTP_PROXY-no-mapping",
    "x-amzn-RequestId": "R http-HTTP_PROXY-forwarded-headers-post",
    "Authorization": "D",
    "Content-MD5": "D",
    "Max-Forwards": "D",
    "User-Agent": "D",
    "WWW-Authenticate": "D",
}
PROXY_DROPPED = ["Transfer-Encoding", "Expect", "Host", "Proxy-Authenticate", "TE", "Trailer", "Upgrade", "Via"]


def _response_cells() -> list[Any]:
    cells = []
    for kind in ("HTTP", "AWS", "MOCK", "HTTP_PROXY", "AWS_PROXY"):
        is_proxy = kind.endswith("PROXY")
        for name in [*NAMES, "x-amzn-RequestId"] if is_proxy else NAMES:
            if name in (PROXY_DROPPED if is_proxy else DROPPED):
                fate, source = "dropped", "D" if is_proxy else "R response-header-dropped-*"
            elif name in (PROXY_REMAPPED if is_proxy else REMAPPED):
                fate = "remapped"
                source = PROXY_REMAPPED[name] if is_proxy else f"R response-header-remapped-{name}"
            else:
                fate, source = "kept", "D" if is_proxy else "R headers-HTTP-full-mapping"
            if kind in ("MOCK", "AWS_PROXY"):
                source += " GW029"
            cells.append(pytest.param(kind, name, fate, source, id=f"{kind}-{name}"))
    return cells


@pytest.mark.parametrize("kind, name, fate, source", _response_cells())
def test_response_header(kind: str, name: str, fate: str, source: str, exchange: Any) -> None:
    response: dict[str, Any] = {"statusCode": "200"}
    if not kind.endswith("PROXY"):
        response["responseParameters"] = {f"method.response.header.{name}": "'theirs'"}
    outcome = exchange(
        {
            "integration": {"type": kind, "requestTemplates": {"application/json": '{"statusCode": 200}'}},
            "integrationResponses": [response],
            "request": {"method": "GET"},
            "backend": {"lambda_payload": {"headers": {name: "theirs"}}}
            if kind == "AWS_PROXY"
            else {"headers": {name: "theirs"}},
        }
    )
    assert ("theirs" in outcome.headers.exact(name)) is (fate == "kept"), source
    assert ("theirs" in outcome.headers.exact(f"x-amzn-Remapped-{name}")) is (fate == "remapped"), source


@pytest.mark.parametrize("kind", ["HTTP", "AWS", "MOCK"])
def test_backend_headers_are_not_forwarded(kind: str, exchange: Any) -> None:
    outcome = exchange(  # R headers-HTTP-no-mapping, headers-AWS-no-mapping
        {
            "integration": {"type": kind, "requestTemplates": {"application/json": '{"statusCode": 200}'}},
            "integrationResponses": [{"statusCode": "200"}],
            "request": {"method": "GET"},
            "backend": {"headers": {"X-Theirs": "1", "Content-Type": "text/html"}},
        }
    )
    assert not outcome.headers.holds("X-Theirs")
    assert outcome.headers.folded("Content-Type") == ("application/json",)


@pytest.mark.parametrize(
    "kind, traced",
    [("HTTP", True), ("AWS", True), ("AWS_PROXY", True), ("HTTP_PROXY", False), ("MOCK", False)],  # R
)
def test_what_every_answer_carries(kind: str, traced: bool, exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": kind, "requestTemplates": {"application/json": '{"statusCode": 200}'}},
            "integrationResponses": [{"statusCode": "200"}],
            "request": {"method": "GET"},
            "backend": {"lambda_payload": {}},
        }
    )
    assert outcome.headers.holds("x-amzn-RequestId")
    assert outcome.headers.holds("x-amz-apigw-id")
    assert outcome.headers.holds("X-Amzn-Trace-Id") is traced
