"""The execution log, against the lines that TestInvokeMethod was recorded to give.

Recorded: the lines of a MOCK, of a Lambda integration and of an invalid endpoint, in that order and wording. Times, ids
and names are ours.
"""

from __future__ import annotations

import pytest

import vtlsim
from vtlsim.explain.execution_log import execution_log, timestamp
from vtlsim.gateway import findings as f
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Endpoint, MethodRequest, Overrides, TemplateText

T = "Fri Jan 02 03:04:05 UTC 2026"
AT = 1_767_323_045_678
MATCHED = f.ResourceMatched("POST", "/pets/123", "/pets/{petId}", "POST", (("petId", "123"),))


def lines(request, *findings, failure=None):
    log = execution_log(request, findings, request_id="id-1", time_ms=AT, failure=failure)
    assert log.endswith("\n")
    head, *rest = log[:-1].split("\n")
    assert head == "Execution log for request id-1"
    assert all(line.startswith(f"{T} : ") for line in rest)
    return [line.removeprefix(f"{T} : ") for line in rest]


ARRIVING = [
    "Starting execution for request: id-1",
    "HTTP Method: POST, Resource Path: /pets/123",
    "Method request path: {petId=123}",
    "Method request query string: {foo=bar}",
    "Method request headers: {}",
]
REQUEST = MethodRequest("POST", "/pets/123", (("foo", "bar"),), body=b'{"a": 1}')


def test_a_mock_has_no_endpoint_lines():
    assert lines(
        REQUEST,
        MATCHED,
        f.BodyRendered("request", TemplateText(""), "velocity", '{"statusCode": 200}', Overrides()),
        f.MockAnswered('{"statusCode": 200}', 200),
        f.BodyRendered("response", TemplateText(""), "velocity", '{"petId": "123"}', Overrides()),
        f.ResponseAssembled(200, (f.HeaderFate("Content-Type", "application/json", "added", "Content-Type"),), 16),
    ) == [
        *ARRIVING,
        'Method request body before transformations: {"a": 1}',
        'Method response body after transformations: {"petId": "123"}',
        "Method response headers: {Content-Type=application/json}",
        "Successfully completed execution",
        "Method completed with status: 200",
    ]


def test_a_backend_has_them():
    sent = (
        f.HeaderFate("Authorization", "AWS4 Signature=abcdef", "added", "Authorization"),
        f.HeaderFate("Host", "h", "dropped"),
    )
    assert lines(
        REQUEST,
        MATCHED,
        f.BodyPassed("request", "passthrough", '{"a": 1}'),
        f.RequestAssembled("HTTP", "POST", "http://b/x", sent, (), (), Endpoint(), 8),
        f.BackendAnswered(200, Headers([("A", "1"), ("B", "2"), ("A", "3")]), 2, 12, b"ok"),
        f.BodyPassed("response", "no_template", "ok"),
        f.ResponseAssembled(200, (), 2),
    )[5:] == [
        'Method request body before transformations: {"a": 1}',
        "Endpoint request URI: http://b/x",
        "Endpoint request headers: {Authorization=***************abcdef}",
        'Endpoint request body after transformations: {"a": 1}',
        "Sending request to http://b/x",
        "Received response. Status: 200, Integration latency: 12 ms",
        "Endpoint response headers: {A=1,3, B=2}",
        "Endpoint response body before transformations: ok",
        "Method response body after transformations: ok",
        "Method response headers: {}",
        "Successfully completed execution",
        "Method completed with status: 200",
    ]


def test_a_journey_cut_short_has_its_failure_and_the_status():
    failure = "Execution failed due to configuration error: Invalid endpoint address"
    made = f.GatewayResponseMade("API_CONFIGURATION_ERROR", 500, None, None, (), "Internal server error")
    found = f.RequestAssembled("HTTP_PROXY", "GET", "https://", (), (), (), None, 0, fault="invalid_address")
    assert lines(REQUEST, MATCHED, found, made, failure=failure)[6:] == [failure, "Method completed with status: 500"]


def test_an_empty_body_leaves_its_blank():
    assert lines(MethodRequest("GET", "/"))[-1] == "Method request body before transformations: "


def test_binary_bodies_are_named_only():
    converted = f.BodyConverted("request", "image/png", "image/*", None, "kept_bytes", b"\xff", 1)
    assert (
        lines(MethodRequest(body=b"\xff"), converted)[-1] == "Method request body before transformations: [Binary Data]"
    )


def test_a_long_map_of_headers_is_cut():
    shown = lines(MethodRequest(headers=Headers([("A", "v" * 2_000)])))[4]
    assert shown.startswith("Method request headers: {A=vvv")
    assert shown.endswith("v [TRUNCATED]")
    assert len(shown) == len("Method request headers: ") + 998 + len(" [TRUNCATED]")


@pytest.mark.parametrize(
    "time_ms, text", [(0, "Thu Jan 01 00:00:00 UTC 1970"), (AT, T), (951_782_400_000, "Tue Feb 29 00:00:00 UTC 2000")]
)
def test_time_stamps(time_ms, text):
    assert timestamp(time_ms) == text


def test_the_log_of_an_exchange(tmp_path):
    path = tmp_path / "d.json"
    path.write_text('{"type": "HTTP_PROXY", "httpMethod": "ANY", "uri": "https://${stageVariables.host}"}')
    log = vtlsim.load(path).invoke("GET", "/").log
    assert [line.split(" : ")[-1] for line in log.splitlines()][-2:] == [
        "Execution failed due to configuration error: Invalid endpoint address",
        "Method completed with status: 500",
    ]


EVENT = '{"resource":"/pets/{petId}"}'
FUNCTION = "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:f/invocations"


def to_a_function(kind):
    from vtlsim.gateway.model import Function, IntegrationRequest

    return IntegrationRequest(kind, "POST", FUNCTION, Headers(), (), EVENT, Function("arn:f", "f", "eu-west-1"), None)


@pytest.mark.parametrize("kind, shown", [("AWS_PROXY", EVENT), ("AWS", "")])
def test_a_proxy_function_gets_its_event_and_another_the_body_as_recorded(kind, shown):
    passed = f.BodyPassed("request", "passthrough", "")
    found = f.RequestAssembled(kind, "POST", FUNCTION, (), (), (), to_a_function(kind).destination, 0)
    log = execution_log(REQUEST, (MATCHED, passed, found), request_id="id-1", time_ms=AT, sent=to_a_function(kind))
    assert f" : Endpoint request body after transformations: {shown}\n" in log


def test_a_function_that_failed_has_a_line_and_only_one():
    answered = f.BackendAnswered(
        200,
        Headers([("X-Amz-Function-Error", "Unhandled"), ("x-amzn-RequestId", "r-1")]),
        9,
        3,
        b'{"errorMessage": "no stock"}',
    )
    made = f.GatewayResponseMade("DEFAULT_5XX", 502, None, None, (), "Internal server error")
    log = execution_log(
        REQUEST,
        (MATCHED, answered, made),
        request_id="id-1",
        time_ms=AT,
        failure="Lambda execution failed with status 200 due to customer function error",
        sent=to_a_function("AWS_PROXY"),
    )
    assert [line.removeprefix(f"{T} : ") for line in log.splitlines()[-2:]] == [
        "Lambda execution failed with status 200 due to customer function error: no stock. Lambda request id: r-1",
        "Method completed with status: 502",
    ]


def test_a_binary_answer_is_named_only_and_no_answer_logs_its_ids():
    converted = f.BodyConverted("response", "image/png", "image/png", None, "base64_encoded", "/w==", 1)
    ids = (
        f.HeaderFate("x-amzn-RequestId", "r", "added", "x-amzn-RequestId"),
        f.HeaderFate("x-amz-apigw-id", "i", "added", "x-amz-apigw-id"),
        f.HeaderFate("X-Amzn-Trace-Id", "t", "added", "X-Amzn-Trace-Id"),
    )
    found = lines(
        REQUEST,
        MATCHED,
        f.BackendAnswered(200, Headers(), 1, 3, b"\xff"),
        converted,
        f.BodyPassed("response", "no_template", "/w=="),
        f.ResponseAssembled(200, ids, 4),
    )
    assert "Endpoint response body before transformations: [Binary Data]" in found
    assert "Method response headers: {X-Amzn-Trace-Id=t}" in found


def test_a_body_that_breaks_its_model_is_told():
    faults = (f.SchemaFault("$", "required", "'a' is a required property"),)
    found = f.RequestValidated((), (), "application/json", "M", False, faults)
    assert lines(REQUEST, MATCHED, found)[-1] == (
        "Request body does not match model schema for content type application/json: ['a' is a required property]"
    )
