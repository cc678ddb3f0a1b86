"""Logs of API Gateway, read back. The lines are those of recorded and documented logs, with values of our own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtlsim.explain.log_reading import Body, Fields, read_log

T = "Fri Jan 02 03:04:05 UTC 2026"
A = "aaaaaaaa-1111-2222-3333-444444444444"
B = "bbbbbbbb-1111-2222-3333-444444444444"

LINES = [
    f"Starting execution for request: {A}",
    "HTTP Method: POST, Resource Path: /orders/7",
    "Method request path: {id=7}",
    "Method request query string: {dry=1, q=a b}",
    "Method request headers: {Accept=text/html, application/json;q=0.9, Authorization=**********ef0123, X-A=1}",
    'Method request body before transformations: {\n  "a": 1\n}',
    "Endpoint request URI: https://b.test/orders",
    "Endpoint request headers: {Accept=application/json, User-Agent=AmazonAPIGate [TRUNCATED]",
    "Endpoint request body after transformations: ",
    "Sending request to https://b.test/orders",
    "Received response. Status: 200, Integration latency: 449 ms",
    "Endpoint response headers: {Date=Fri, 02 Jan 2026 03:04:05 GMT, Cache-Control=no-cache, max-age=0, A=b}",
    "Endpoint response body before transformations: [Binary Data]",
    'Method response body after transformations: {"x": " [TRUNCATED]',
    "Method response headers: {X-Amzn-Trace-Id=Root=1-2;Parent=3, Content-Type=application/json}",
    "Successfully completed execution",
    "Method completed with status: 200",
]
CONSOLE = f"Execution log for request {A}\n" + "".join(f"{T} : {line}\n" for line in LINES)
CLOUDWATCH = "".join(f"({A}) {line}\n" for line in LINES)
FORMS = {
    "console": CONSOLE,
    "TestInvokeMethod": json.dumps({"status": 200, "log": CONSOLE, "latency": 3}),
    "CloudWatch text": CLOUDWATCH,
    "aws logs tail": "".join(f"2026-01-02T03:04:05.678000+00:00 stream/1 ({A}) {line}\n" for line in LINES),
    "filter-log-events": json.dumps({"events": [{"timestamp": 1, "message": f"({A}) {line}"} for line in LINES]}),
    "Insights CSV": "@timestamp,@message\n"
    + "".join('2026-01-02,"({}) {}"\n'.format(A, line.replace('"', '""')) for line in LINES),
    "Windows line ends": CLOUDWATCH.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_form_holds_the_same(text):
    (found,) = read_log(text)
    assert found.request_id == A
    assert (found.method, found.path) == ("POST", "/orders/7")
    assert found.path_parameters == Fields((("id", "7"),))
    assert found.query == Fields((("dry", "1"), ("q", "a b")))
    assert found.headers == Fields((("Accept", "text/html, application/json;q=0.9"), ("X-A", "1")), ("Authorization",))
    assert found.body == Body('{\n  "a": 1\n}')
    assert found.uri == "https://b.test/orders"
    assert found.sent_headers == Fields((("Accept", "application/json"),), (), True)
    assert found.sent_body == Body("")
    assert (found.backend_status, found.latency_ms, found.status) == (200, 449, 200)
    assert found.backend_headers == Fields(
        (("Date", "Fri, 02 Jan 2026 03:04:05 GMT"), ("Cache-Control", "no-cache, max-age=0"), ("A", "b"))
    )
    assert found.backend_body == Body(None, "binary")
    assert found.answer_body == Body(None, "cut in the log")
    assert found.answer_headers.pairs[0] == ("X-Amzn-Trace-Id", "Root=1-2;Parent=3")


def test_interleaved_requests_are_told_apart():
    other = [line.replace(A, B).replace("/orders/7", "/pets") for line in LINES[:4]]
    mixed = [f"({A}) {line}" for line in LINES]
    for at, line in enumerate(other):
        mixed.insert(at * 3, f"({B}) {line}")
    first, second = read_log("\n".join(mixed))
    assert (first.request_id, first.path, first.status) == (B, "/pets", None)
    assert (second.request_id, second.path, second.body.text) == (A, "/orders/7", '{\n  "a": 1\n}')


def test_several_logs_of_the_console_one_after_the_other():
    assert [each.request_id for each in read_log(CONSOLE + CONSOLE.replace(A, B))] == [A, B]


def test_what_only_deployed_stages_log():
    (found,) = read_log(
        f"({A}) Extended Request Id: Jqn0=\n"
        f"({A}) Verifying Usage Plan for request: {A}. API Key: ****  API Stage: a1b2c3/prod\n"
        f"({A}) HTTP Method: GET, Resource Path: /\n"
    )
    assert (found.extended_request_id, found.api_stage, found.is_test) == ("Jqn0=", "a1b2c3/prod", False)


def test_the_log_of_2017_has_no_status():
    (found,) = read_log(f"({A}) Received response. Integration latency: 328 ms\n")
    assert (found.backend_status, found.latency_ms) == (None, 328)


@pytest.mark.parametrize("text", ["", "hello\nworld", "{}", "[1, null]", '{"log": 3}', "message,x\n", "[" * 100_000])
def test_what_is_no_log(text):
    assert read_log(text) == ()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from([*LINES, *CONSOLE.splitlines(), *CLOUDWATCH.splitlines()]), st.text())))
def test_any_text_is_read_or_is_none(lines):
    for found in read_log("\n".join(lines)):
        assert found.request_id is not None
