from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import findings as f

REQUEST = {
    "method": "POST",
    "path": "/shops/7%2F8",
    "query": "leaf=green&leaf=black&empty=",
    "headers": {"X-Tea": ["1", "2"], "Connection": "close"},
    "body": ' {"cups": 2, "hot": true, "leaf": "green", "tins": [{"n": 1}], "none": null, "blank": ""} ',
}


@pytest.mark.parametrize(
    "source, values, absence, near",
    [
        ("method.request.header.X-Tea", ("2",), None, None),  # the last: unit test whose comment claims AWS
        ("method.request.multivalueheader.X-Tea", ("1,2",), None, None),  # as above
        ("method.request.header.x-tea", None, "other_case", "X-Tea"),
        ("method.request.header.Connection", None, "absent", None),  # recorded: taken off at the door
        ("method.request.querystring.leaf", ("black",), None, None),
        ("method.request.multivaluequerystring.leaf", ("green", "black"), None, None),
        ("method.request.querystring.empty", None, "empty", None),
        ("method.request.querystring.none", None, "absent", None),
        ("method.request.path.shop", ("7%2F8",), None, None),
        ("method.request.path.Shop", None, "other_case", "shop"),
        ("method.request.body.leaf", ("green",), None, None),
        ("method.request.body.cups", ("2",), None, None),
        ("method.request.body.hot", ("true",), None, None),
        ("method.request.body.tins", ('[{"n":1}]',), None, None),
        ("method.request.body.tins[0].n", ("1",), None, None),
        ("method.request.body.tins[*].n", ("[1]",), None, None),
        ("method.request.body.nowhere", None, "no_such_path", None),
        ("method.request.body.none", None, "empty", None),
        ("method.request.body.blank", None, "empty", None),
        ("context.stage", ("test",), None, None),
        ("context.requestTimeEpoch", ("1767323045678",), None, None),
        ("context.identity.sourceIp", ("127.0.0.1",), None, None),
        ("context.identity", None, "not_text", None),
        ("context.identity.caller", None, "absent", None),
        ("context.nowhere.at.all", None, "absent", None),
        ("stageVariables.kettle", ("small",), None, None),
        ("stageVariables.blank", None, "empty", None),
        ("stageVariables.none", None, "absent", None),
        ("'text/html'", ("text/html",), None, None),
        ("''", None, "empty", None),
    ],
)
def test_source(
    source: str, values: tuple[str, ...] | None, absence: str | None, near: str | None, exchange: Any
) -> None:
    outcome = exchange(
        {
            "integration": {"type": "HTTP", "requestParameters": {"integration.request.header.X": source}},
            "integrationResponses": [{"statusCode": "200"}],
            "resource": "/shops/{shop}",
            "request": REQUEST,
            "stageVariables": {"kettle": "small", "blank": ""},
        }
    )
    (found,) = outcome.finding(f.ParametersMapped).mapped
    assert (found.values, found.absence, found.near) == (values, absence, near)
    assert outcome.sent.headers.folded("X") == (values or ())


def test_body_as_a_whole_is_trimmed(exchange: Any) -> None:
    given: dict[str, Any] = {
        "integration": {
            "type": "HTTP",
            "requestParameters": {"integration.request.querystring.b": "method.request.body"},
        },
        "integrationResponses": [{"statusCode": "200"}],
    }
    assert exchange({**given, "request": {"method": "POST", "body": " <tea/>\n"}}).sent.query == (("b", "<tea/>"),)
    assert exchange({**given, "request": {"method": "POST", "body": ""}}).sent.query == (("b", "{}"),)
    refused = exchange({**given, "request": {"method": "POST", "body": "\n{tea"}})
    assert (refused.status, refused.text) == (400, '{"message": "Invalid JSON in request body"}')
    assert refused.headers.first("x-amzn-ErrorType") == "BadRequestException"
    assert refused.finding(f.ParametersMapped).fault


def test_response_sources(exchange: Any) -> None:
    sources = {
        "one": "integration.response.header.ETag",
        "case": "integration.response.header.etag",
        "many": "integration.response.multivalueheader.Via",
        "last": "integration.response.header.Via",
        "body": "integration.response.body.leaf",
        "static": "'s'",
        "context": "context.requestId",
    }
    outcome = exchange(
        {
            "integration": {"type": "HTTP"},
            "integrationResponses": [
                {
                    "statusCode": "200",
                    "responseParameters": {f"method.response.header.{k}": v for k, v in sources.items()},
                }
            ],
            "backend": {"headers": {"ETag": "e", "Via": ["a", "b"]}, "body": '{"leaf": "green"}'},
        }
    )
    assert {name: outcome.headers.first(name) for name in sources} == {
        "one": "e",
        "case": None,
        "many": "a,b",
        "last": "b",
        "body": "green",
        "static": "s",
        "context": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    }


def test_response_body_that_is_none(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "HTTP"},
            "integrationResponses": [
                {"statusCode": "200", "responseParameters": {"method.response.header.X": "integration.response.body"}}
            ],
            "backend": {"body": "{tea"},
        }
    )
    assert (outcome.status, outcome.headers.first("x-amzn-ErrorType")) == (500, "InternalFailureException")
