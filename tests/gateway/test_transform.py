"""Whole exchanges, fact by fact: ``fixtures/gateway/exchanges.json`` names the evidence of each."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from vtlsim.gateway import findings as f
from vtlsim.gateway.journey import TurnedBack
from vtlsim.gateway.transform import transform_request

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "gateway" / "exchanges.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_fact(case: dict[str, Any], exchange: Any, build: Any) -> None:
    given, expect = case["given"], case["expect"]
    if "route" in expect:
        trace = transform_request(build.request(given["request"]), build.api(given)).trace
        found = next(each for each in trace if isinstance(each, f.ResourceMatched))
        assert [found.resource_path, found.http_method] == expect["route"]
        return
    given.setdefault("integrationResponses", [{"statusCode": "200"}])
    outcome = exchange(given, build.echo if given.get("backend") == {"echo": True} else None)
    _client_side(expect, outcome)
    _backend_side(expect, outcome)


def _client_side(expect: dict[str, Any], outcome: Any) -> None:
    if "status" in expect:
        assert outcome.status == expect["status"]
    if "body" in expect:
        assert outcome.text == expect["body"]
    if "body_base64" in expect:
        assert b64encode(outcome.body).decode() == expect["body_base64"]
    if "json" in expect:
        assert json.loads(outcome.text) == expect["json"]
    for name, value in expect.get("headers", {}).items():
        assert ", ".join(outcome.headers.folded(name)) == value
    for name, value in expect.get("headers_start", {}).items():
        assert outcome.headers.first(name).startswith(value)
    for name in expect.get("spelled", []):
        assert name in outcome.headers.single()
    for name in expect.get("absent", []):
        assert not outcome.headers.holds(name)
    if "refused" in expect:
        assert outcome.turned_back.type == expect["refused"]
    if "log" in expect:
        assert outcome.turned_back.log_message == expect["log"]
    if "template" in expect:
        assert outcome.finding(f.TemplateSelected).key == expect["template"]
    if "selected" in expect:
        found = outcome.finding(f.ResponseSelected)
        assert [found.matched_on, found.text] == expect["selected"]


def _backend_side(expect: dict[str, Any], outcome: Any) -> None:
    sent = outcome.sent
    for key, want in expect.get("sent", {}).items():
        match key:
            case "method" | "uri" | "body":
                assert getattr(sent, key) == want
            case "query":
                assert [list(pair) for pair in sent.query] == want
            case "json":
                assert json.loads(sent.payload) == want
            case "headers":
                for name, value in want.items():
                    assert ", ".join(sent.headers.exact(name)) == value, name
    if any(key.startswith(("event", "request_context")) for key in expect):
        event = json.loads(sent.payload)
        for key, value in expect.get("event", {}).items():
            assert event[key] == value, key
        for key, value in expect.get("request_context", {}).items():
            assert event["requestContext"][key] == value
        for key, value in expect.get("event_headers", {}).items():
            assert event["headers"][key] == value
            assert event["multiValueHeaders"][key] == [value]
        for key in expect.get("event_headers_absent", []):
            assert key not in event["headers"]


def test_each_fact_has_a_name_and_evidence() -> None:
    assert max(Counter(case["id"] for case in CASES).values()) == 1
    assert {case["evidence"]["tier"] for case in CASES} == {"1a"}
    assert all(case["evidence"]["cases"] and case["states"] for case in CASES)


def test_the_body_of_the_request_does_not_reach_a_mock_response(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}},
            "integrationResponses": [{"statusCode": "200", "responseTemplates": {"application/json": "$input.body"}}],
            "request": {"method": "POST", "body": '{"tea": 1}'},
        }
    )
    assert outcome.text == "{}"


def test_an_overridden_method_reaches_everything(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "HTTP_PROXY", "httpMethod": "ANY"},
            "resources": {"/tea": ["PUT"]},
            "request": {"method": "POST", "path": "/tea", "headers": {"X-HTTP-Method-Override": "PUT"}},
        }
    )
    assert outcome.sent.method == "PUT"
    assert not outcome.sent.headers.holds("X-HTTP-Method-Override")
    assert outcome.finding(f.ResourceMatched).method == "PUT"


def test_the_services_name_for_the_request_is_in_the_response_context(exchange: Any) -> None:
    template = {"application/json": "[$context.awsEndpointRequestId]"}
    given = {
        "integration": {"type": "AWS", "requestTemplates": template},
        "integrationResponses": [{"statusCode": "200", "responseTemplates": template}],
        "backend": {"headers": {"x-amzn-RequestId": "theirs"}},
    }
    outcome = exchange(given)
    assert (outcome.sent.body, outcome.text) == ("[]", "[theirs]")


def test_a_trace_is_complete(exchange: Any, build: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "HTTP", "requestTemplates": {"application/json": "$input.body"}},
            "integrationResponses": [{"statusCode": "200", "responseTemplates": {"application/json": "$input.body"}}],
            "request": {"method": "POST", "body": "{}"},
        },
        build.echo,
    )
    assert [type(each).__name__ for each in outcome.trace] == [
        "ResourceMatched",
        "TemplateSelected",
        "BodyConverted",
        "ParametersMapped",
        "BodyRendered",
        "OverridesApplied",
        "RequestAssembled",
        "BackendAnswered",
        "ResponseSelected",
        "BodyConverted",
        "ParametersMapped",
        "ResponseTemplateSelected",
        "BodyRendered",
        "OverridesApplied",
        "ResponseAssembled",
    ]


def test_a_refusal_ends_the_trace_with_its_finding_and_its_answer(build: Any) -> None:
    api = build.api({"integration": {"type": "HTTP", "passthroughBehavior": "NEVER"}})
    outcome = transform_request(build.request({"method": "POST"}), api)
    assert isinstance(outcome, TurnedBack)
    *_, because, made = outcome.trace
    assert because is outcome.because
    assert isinstance(because, f.TemplateSelected)
    assert isinstance(made, f.GatewayResponseMade)
    assert (outcome.type, outcome.response.status) == ("UNSUPPORTED_MEDIA_TYPE", 415)
    assert outcome.response.body == b'{"message": "Unsupported Media Type"}'
