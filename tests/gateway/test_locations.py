from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import locations as at


@pytest.mark.parametrize(
    "read, text, location",
    [
        (at.request_target, "integration.request.header.X-A", at.RequestTarget("header", "X-A")),
        (at.request_target, "integration.request.querystring.a.b", at.RequestTarget("querystring", "a.b")),
        (at.request_target, "integration.request.path.p", at.RequestTarget("path", "p")),
        (at.response_target, "method.response.header.X-A", at.ResponseTarget("X-A")),
        (at.gateway_target, "gatewayresponse.header.X-A", at.GatewayTarget("X-A")),
        (at.method_parameter, "method.request.header.X-A", at.RequestParameter("header", "X-A")),
        (at.request_source, "method.request.path.proxy", at.RequestParameter("path", "proxy")),
        (at.request_source, "method.request.multivalueheader.X", at.RequestParameter("multivalueheader", "X")),
        (
            at.request_source,
            "method.request.multivaluequerystring.q",
            at.RequestParameter("multivaluequerystring", "q"),
        ),
        (at.request_source, "method.request.body", at.RequestBody(None)),
        (at.request_source, "method.request.body.a[0].b", at.RequestBody("$.a[0].b")),
        (at.request_source, "method.request.body[0].price", at.RequestBody("$[0].price")),
        (at.request_source, "context.authorizer.claims.sub", at.ContextValue(("authorizer", "claims", "sub"))),
        (
            at.request_source,
            "context.authorizer.claims.cognito:username",
            at.ContextValue(("authorizer", "claims", "cognito:username")),
        ),
        (at.request_source, "stageVariables.url", at.StageVariable("url")),
        (at.request_source, "'text/html'", at.Static("text/html")),
        (at.request_source, "''", at.Static("")),
        (at.request_source, "'it's'", at.Static("it's")),
        (at.response_source, "integration.response.header.ETag", at.ResponseHeader("ETag")),
        (at.response_source, "integration.response.multivalueheader.X", at.ResponseHeader("X", multiple=True)),
        (at.response_source, "integration.response.body.a", at.ResponseBody("$.a")),
        (at.response_source, "integration.response.body", at.ResponseBody(None)),
        (at.response_source, "context.requestId", at.ContextValue(("requestId",))),
    ],
)
def test_reads_and_writes(read: Any, text: str, location: Any) -> None:
    assert read(text) == location
    assert location.expression == text


@pytest.mark.parametrize(
    "read, text, offset, expected",
    [
        (at.request_target, "integration.request.heder.X", 20, "integration.request.header"),
        (at.request_target, "integration.request.header.", 27, None),
        (at.request_target, "integration.requests.header.X", 19, "integration.request."),
        (at.request_target, "method.request.header.X", 0, "integration.request."),
        (at.response_target, "method.response.querystring.X", 16, "method.response.header"),
        (at.request_source, "method.request.cookie.X", 15, "method.request.header"),
        (at.request_source, "text/html", 0, "'"),
        (at.request_source, "'text", 5, "'"),
        (at.request_source, "'", 1, "'"),
        (at.request_source, "context.", 8, None),
        (at.request_source, "stageVariables.a b", 15, None),
        (at.request_source, "integration.response.header.X", 0, "method.request."),
        (at.response_source, "method.request.header.X", 0, "integration.response."),
        (at.response_source, "integration.response.body.", 26, None),
        (at.method_parameter, "method.request.body", 15, "method.request.path"),
    ],
)
def test_says_where_an_expression_stops_making_sense(read: Any, text: str, offset: int, expected: str | None) -> None:
    with pytest.raises(at.LocationError) as error:
        read(text)
    assert (error.value.expression, error.value.at) == (text, offset)
    if expected is not None:
        assert expected in error.value.expected
