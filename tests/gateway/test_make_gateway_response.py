from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import findings as f
from vtlsim.gateway.model import BackendFailure, Surroundings
from vtlsim.gateway.refusals import REFUSALS
from vtlsim.gateway.transform import transform_request, transform_response

UNSUPPORTED = {
    "integration": {"type": "HTTP", "passthroughBehavior": "NEVER"},
    "request": {"method": "POST", "query": "q=1"},
}


def test_statuses_are_the_recorded_ones() -> None:
    # recorded: GetGatewayResponses
    assert {name: row.status for name, row in REFUSALS.items()} == {
        "ACCESS_DENIED": 403,
        "API_CONFIGURATION_ERROR": 500,
        "AUTHORIZER_CONFIGURATION_ERROR": 500,
        "AUTHORIZER_FAILURE": 500,
        "BAD_REQUEST_BODY": 400,
        "BAD_REQUEST_PARAMETERS": 400,
        "DEFAULT_4XX": None,
        "DEFAULT_5XX": None,
        "EXPIRED_TOKEN": 403,
        "INTEGRATION_FAILURE": 504,
        "INTEGRATION_TIMEOUT": 504,
        "INVALID_API_KEY": 403,
        "INVALID_SIGNATURE": 403,
        "MISSING_AUTHENTICATION_TOKEN": 403,
        "QUOTA_EXCEEDED": 429,
        "REQUEST_TOO_LARGE": 413,
        "RESOURCE_NOT_FOUND": 404,
        "THROTTLED": 429,
        "UNAUTHORIZED": 401,
        "UNSUPPORTED_MEDIA_TYPE": 415,
        "WAF_FILTERED": 403,
    }
    assert {row.family for row in REFUSALS.values() if (row.status or 500) >= 500 and row.type != "DEFAULT_4XX"} == {
        "DEFAULT_5XX"
    }


@pytest.mark.parametrize(
    "entries, status, set_by",
    [
        ({}, 415, None),
        ({"DEFAULT_4XX": {"statusCode": "418"}}, 418, "DEFAULT_4XX"),  # recorded: inherited by unset types
        ({"DEFAULT_4XX": {"statusCode": "418"}, "UNSUPPORTED_MEDIA_TYPE": {}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"UNSUPPORTED_MEDIA_TYPE": {"statusCode": "400"}}, 400, "UNSUPPORTED_MEDIA_TYPE"),
        ({"DEFAULT_5XX": {"statusCode": "599"}}, 415, None),
    ],
)
def test_which_entry_sets_it(entries: Any, status: int, set_by: str | None, exchange: Any) -> None:
    outcome = exchange({**UNSUPPORTED, "gatewayResponses": entries})
    assert (outcome.status, outcome.finding(f.GatewayResponseMade).set_by) == (status, set_by)
    assert outcome.text == '{"message": "Unsupported Media Type"}'


def test_templates_are_substituted_and_headers_mapped(exchange: Any) -> None:
    template = (
        '{"m": $context.error.messageString, "t": "$context.error.responseType", "r": "$context.requestId", '
        '"v": "$stageVariables.leaf", "q": "$method.request.querystring.q", "n": "${context.nope}", "e": "$context.identity", '
        '"x": "#if(true)kept#end $input.body"}'
    )
    outcome = exchange(
        {
            **UNSUPPORTED,
            "stageVariables": {"leaf": "green"},
            "gatewayResponses": {
                "UNSUPPORTED_MEDIA_TYPE": {
                    "responseTemplates": {"text/plain": "plain", "application/json": template},
                    "responseParameters": {
                        "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
                        "gatewayresponse.header.X-Q": "method.request.querystring.q",
                        "gatewayresponse.header.X-None": "method.request.header.None",
                        "gatewayresponse.header.x-amzn-errortype": "context.stage",
                    },
                }
            },
        }
    )
    assert outcome.text == (
        '{"m": "Unsupported Media Type", "t": "UNSUPPORTED_MEDIA_TYPE", "r": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", '
        '"v": "green", "q": "1", "n": "", "e": "", "x": "#if(true)kept#end $input.body"}'
    )
    assert outcome.headers.first("Access-Control-Allow-Origin") == "*"
    assert outcome.headers.first("X-Q") == "1"
    assert not outcome.headers.holds("X-None")
    assert outcome.headers.folded("x-amzn-ErrorType") == ("test",)
    made = outcome.finding(f.GatewayResponseMade)
    assert made.template_key == "application/json"
    assert [each.value is None for each in made.substituted] == [False, False, False, False, False, True, True]


def test_a_template_is_chosen_by_accept(exchange: Any) -> None:
    entries = {"DEFAULT_4XX": {"responseTemplates": {"text/plain": "sorry", "application/json": "{}"}}}
    given = {**UNSUPPORTED, "gatewayResponses": entries}
    given["request"] = {"method": "POST", "headers": {"Accept": "text/plain"}}
    outcome = exchange(given)
    assert (outcome.text, outcome.headers.first("content-type")) == ("sorry", "text/plain")


def test_validation_errors_can_be_shown(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "HTTP"},
            "model": {"type": "object", "required": ["cups"]},
            "requestValidator": {"validateRequestBody": True},
            "request": {"method": "POST", "body": "{}"},
            "gatewayResponses": {
                "BAD_REQUEST_BODY": {"responseTemplates": {"application/json": "$context.error.validationErrorString"}}
            },
        }
    )
    assert (outcome.status, outcome.text) == (400, "['cups' is a required property]")


@pytest.mark.parametrize(
    "kind, status, message, log",
    [
        ("timeout", 504, "Endpoint request timed out", "timeout"),
        ("connection", 504, "Network error communicating with endpoint", "internal error"),
        ("invalid_endpoint", 500, "Internal server error", "Invalid endpoint address"),
        ("certificate", 500, "Internal server error", "Host name 'a' does not match"),
        ("permission", 500, "Internal server error", "Invalid permissions on Lambda function"),
    ],
)
def test_when_no_answer_arrives(kind: Any, status: int, message: str, log: str, build: Any) -> None:
    api = build.api({"integration": {"type": "HTTP"}})
    sent = transform_request(build.request({}), api).value  # type: ignore[union-attr]  # it arrives
    outcome: Any = transform_response(BackendFailure(kind, "Host name 'a' does not match"), sent, api, Surroundings())
    assert (outcome.response.status, outcome.message) == (status, message)
    assert outcome.response.body.decode() == f'{{"message": "{message}"}}'
    assert log in outcome.log_message
    assert isinstance(outcome.because, f.BackendFailed)
