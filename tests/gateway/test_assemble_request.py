from __future__ import annotations

import json
from typing import Any

import pytest

from vtlsim.gateway import findings as f
from vtlsim.gateway.model import Endpoint, Function, Service, Surroundings


def run(exchange: Any, integration: dict[str, Any], request: dict[str, Any] | None = None, **given: Any) -> Any:
    return exchange(
        {
            "integration": integration,
            "integrationResponses": [{"statusCode": "200"}],
            "request": request or {"method": "POST"},
            "backend": {"lambda_payload": {}},
            **given,
        }
    )


@pytest.mark.parametrize(
    "configured, used, sent",
    [("POST", "GET", "POST"), ("ANY", "PATCH", "PATCH"), ("GET", "POST", "GET")],
)
def test_method(configured: str, used: str, sent: str, exchange: Any) -> None:
    assert run(exchange, {"type": "HTTP", "httpMethod": configured}, {"method": used}).sent.method == sent


@pytest.mark.parametrize(
    "kind, method, body",
    [
        ("HTTP", "GET", ""),
        ("HTTP", "HEAD", ""),
        ("HTTP_PROXY", "OPTIONS", ""),
        ("HTTP", "DELETE", "tea"),
        ("AWS", "GET", "tea"),
    ],
)
def test_bodyless_methods(kind: str, method: str, body: str, exchange: Any) -> None:
    integration = {"type": kind, "httpMethod": method}
    if kind == "AWS":
        integration["uri"] = "arn:aws:apigateway:us-east-1:s3:path/a"
    assert run(exchange, integration, {"method": "POST", "body": "tea"}).sent.body == body


def test_every_other_field_is_carried(exchange: Any) -> None:
    sent = run(
        exchange,
        {
            "type": "HTTP",
            "uri": "http://internal.example/a",
            "connectionType": "VPC_LINK",
            "connectionId": "l1nk",
            "credentials": "arn:aws:iam::*:user/*",
            "timeoutInMillis": 5000,
            "tlsConfig": {"insecureSkipVerification": True},
            "cacheNamespace": "teas",
            "cacheKeyParameters": ["method.request.querystring.leaf", "method.request.header.X"],
        },
        {"method": "POST", "query": "leaf=green"},
    ).sent
    assert sent.destination == Endpoint("VPC_LINK", "l1nk")
    assert (sent.credentials, sent.timeout_ms, sent.insecure_skip_verification) == ("arn:aws:iam::*:user/*", 5000, True)
    assert (sent.cache_namespace, sent.cache_key) == (
        "teas",
        "teas|method.request.querystring.leaf=green|method.request.header.X=",
    )


def test_an_address_keeps_nothing_of_the_request_before(exchange: Any) -> None:
    integration = {
        "type": "HTTP",
        "uri": "http://tea.example/${stageVariables.leaf}?a=b",
        "requestParameters": {"integration.request.querystring.n": "method.request.querystring.n"},
    }
    for query, leaf, uri in (
        ("", "green", "http://tea.example/green?a=b"),
        ("n=1", "green", "http://tea.example/green?a=b&n=1"),
        ("n=2", "black", "http://tea.example/black?a=b&n=2"),
        ("", "black", "http://tea.example/black?a=b"),
    ):
        request = {"method": "POST", "query": query}
        assert run(exchange, integration, request, stageVariables={"leaf": leaf}).sent.uri == uri
    plain = {"type": "HTTP", "uri": "http://tea.example/"}
    assert run(exchange, plain).sent.destination == Endpoint()
    link = {"connectionType": "VPC_LINK", "connectionId": "l1nk"}
    assert run(exchange, {**plain, **link}).sent.destination == Endpoint("VPC_LINK", "l1nk")
    proxy = {**plain, "type": "HTTP_PROXY"}
    for query in ("", "a=1", ""):
        sent = run(exchange, proxy, {"method": "POST", "query": query}).sent
        assert sent.uri == "http://tea.example/" + (query and f"?{query}")


def test_cache_namespace_is_the_resource_by_default(exchange: Any) -> None:
    outcome = run(exchange, {"type": "HTTP"}, {"method": "GET", "path": "/tea"}, resource="/tea")
    assert outcome.sent.cache_namespace == outcome.sent.carried.resource_id
    assert outcome.sent.cache_key is None


def test_stage_variables_fill_credentials(exchange: Any) -> None:
    outcome = run(
        exchange,
        {"type": "HTTP", "credentials": "arn:aws:iam::1:role/${stageVariables.r}"},
        stageVariables={"r": "brew"},
    )
    assert outcome.sent.credentials == "arn:aws:iam::1:role/brew"


@pytest.mark.parametrize(
    "uri, codes",
    [
        ("https://backend.example/{unmapped}", True),
        ("https://${stageVariables.none}/a", False),
        ("backend.example", False),
        ("https://backend.example/a b", False),
    ],
)
def test_invalid_addresses(uri: str, codes: bool, exchange: Any) -> None:
    outcome = run(exchange, {"type": "HTTP", "uri": uri}, stageVariables={})
    assert (outcome.status, outcome.turned_back.log_message) == (
        500,
        "Execution failed due to configuration error: Invalid endpoint address",
    )
    found = outcome.finding(f.RequestAssembled)
    assert (found.fault, found.destination) == ("invalid_address", None)
    assert ("GW036" in found.codes) is codes


@pytest.mark.parametrize(
    "uri, destination",
    [
        (
            "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:brew:live/invocations",
            Function("arn:aws:lambda:eu-west-1:1:function:brew:live", "brew", "eu-west-1", "live"),
        ),
        ("arn:aws:apigateway:eu-west-1:sqs:path/1/teas", Service("eu-west-1", "sqs", None, "path", "1/teas")),
        (
            "arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem",
            Service("eu-west-1", "dynamodb", None, "action", "PutItem", "DynamoDB_20120810.PutItem"),
        ),
    ],
)
def test_destinations(uri: str, destination: object, exchange: Any) -> None:
    assert run(exchange, {"type": "AWS", "uri": uri}).sent.destination == destination


def test_an_event_invocation_is_asynchronous(exchange: Any) -> None:
    mapping = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    assert run(exchange, {"type": "AWS", "requestParameters": mapping}).sent.destination.asynchronous
    assert not run(exchange, {"type": "AWS"}).sent.destination.asynchronous


def test_headers_come_in_the_order_of_the_logs(exchange: Any) -> None:
    # documented in 2025 for HTTP; recorded for a function (testinvoke-lambda-simple)
    mapping = {"integration.request.header.DogsAge0": "'true'"}
    http = run(exchange, {"type": "HTTP", "requestParameters": mapping}, {"method": "GET"}).sent
    assert [name for name, _ in http.headers] == [
        "DogsAge0",
        "x-amzn-apigateway-api-id",
        "Accept",
        "User-Agent",
        "X-Amzn-Trace-Id",
    ]
    function = run(exchange, {"type": "AWS"}, {"method": "GET"}).sent
    assert [name for name, _ in function.headers][:6] == [
        "x-amzn-lambda-integration-tag",
        "Authorization",
        "X-Amz-Date",
        "x-amzn-apigateway-api-id",
        "Accept",
        "User-Agent",
    ]


def test_repeated_headers_of_the_client_stay_repeated(exchange: Any) -> None:
    sent = run(exchange, {"type": "HTTP_PROXY"}, {"method": "GET", "headers": {"X": ["1", "2"]}}).sent
    assert sent.headers.exact("X") == ("1", "2")


def test_a_binary_body_goes_into_the_event_as_base64(exchange: Any) -> None:
    request = {"method": "POST", "headers": {"Content-Type": "image/png"}, "body_base64": "iVBORw=="}
    event = json.loads(run(exchange, {"type": "AWS_PROXY"}, request, binaryMediaTypes=["image/png"]).sent.body)
    assert (event["body"], event["isBase64Encoded"]) == ("iVBORw==", True)
    event = json.loads(
        run(
            exchange,
            {"type": "AWS_PROXY", "contentHandling": "CONVERT_TO_TEXT"},
            request,
            binaryMediaTypes=["image/png"],
        ).sent.body
    )
    assert (event["body"], event["isBase64Encoded"]) == ("iVBORw==", True)


def test_the_event_comes_in_the_services_order(exchange: Any) -> None:
    event = json.loads(run(exchange, {"type": "AWS_PROXY"}, {"method": "GET"}).sent.body)
    assert list(event) == [
        "resource",
        "path",
        "httpMethod",
        "headers",
        "multiValueHeaders",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "requestContext",
        "body",
        "isBase64Encoded",
    ]
    assert list(event["requestContext"]) == [
        "resourceId",
        "resourcePath",
        "httpMethod",
        "extendedRequestId",
        "requestTime",
        "path",
        "accountId",
        "protocol",
        "stage",
        "domainPrefix",
        "requestTimeEpoch",
        "requestId",
        "identity",
        "domainName",
        "deploymentId",
        "apiId",
    ]


def test_a_regional_endpoint_keeps_the_case_of_headers(exchange: Any) -> None:
    request = {"method": "GET", "headers": {"user-agent": "k"}}
    event = json.loads(run(exchange, {"type": "AWS_PROXY"}, request, endpointType="REGIONAL").sent.body)
    assert "user-agent" in event["headers"]


def test_forwarded_addresses_are_added_to(exchange: Any) -> None:
    request = {"method": "GET", "headers": {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "http"}}
    headers = json.loads(run(exchange, {"type": "AWS_PROXY"}, request).sent.body)["headers"]
    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("10.0.0.1, 127.0.0.1", "https")


def test_overrides_reach_every_place(exchange: Any) -> None:
    template = (
        "#set($context.requestOverride.header.X = ['1', '2'])#set($context.requestOverride.querystring.q = 'a b')"
        "#set($context.requestOverride.path.way = 'over/there')"
    )
    sent = run(
        exchange,
        {
            "type": "HTTP",
            "uri": "https://backend.example/{way}",
            "requestParameters": {"integration.request.path.way": "'here'"},
            "requestTemplates": {"application/json": template},
        },
    ).sent
    assert sent.uri == "https://backend.example/over/there?q=a%20b"
    assert sent.headers.exact("X") == ("1", "2")


def test_an_override_may_not_forbid_what_a_mapping_may_not(exchange: Any) -> None:
    template = "#set($context.requestOverride.header.transfer-encoding = 'x')"
    outcome = run(exchange, {"type": "HTTP", "requestTemplates": {"application/json": template}})
    assert outcome.status == 500
    assert outcome.turned_back.log_message.endswith("transfer-encoding header already present")


@pytest.mark.parametrize(
    "sent, made",
    [
        (None, "Root=1-69574265-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0"),
        ("Root=r;Parent=p", "Root=r;Parent=p;Sampled=1"),
        ("Root=r", "Root=r;Parent=0123456789abcdef;Sampled=0"),
        ("Root=r;Parent=p;Sampled=0", "Root=r;Parent=p;Sampled=0"),
        ("nonsense", "Root=1-69574265-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0"),
    ],
)
def test_trace_id(sent: str | None, made: str, exchange: Any) -> None:
    headers = {} if sent is None else {"x-amzn-trace-id": sent}
    assert run(exchange, {"type": "HTTP"}, {"headers": headers}).sent.headers.folded("X-Amzn-Trace-Id") == (made,)


def test_surroundings_are_all_that_varies(exchange: Any) -> None:
    given = {"integration": {"type": "HTTP"}, "integrationResponses": [{"statusCode": "200"}]}
    one, two = exchange(given), exchange(given)
    other = exchange(given, None, Surroundings(request_id="other"))
    assert one == two
    assert one != other
