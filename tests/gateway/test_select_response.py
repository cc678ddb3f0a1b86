from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import findings as f


@pytest.mark.parametrize(
    "patterns, status, chosen, verdicts",
    [
        ([None, "400", "5\\d{2}"], 200, "200", ["default", "no_match", "no_match"]),
        ([None, "400", "5\\d{2}"], 400, "201", ["default", "matched", "not_reached"]),
        ([None, "400", "5\\d{2}"], 503, "202", ["default", "no_match", "matched"]),
        (["", "4"], 404, "200", ["default", "no_match"]),  # GW040: the whole text
        (["4\\d\\d", "40."], 404, "200", ["matched", "not_reached"]),
        (["(", None], 404, "201", ["bad_pattern", "default"]),
        ([None, None], 404, "200", ["default", "default"]),
        (["[45]\\d{2}", None], 404, "200", ["matched", "default"]),
        (["\\d{3}+", None], 404, "200", ["matched", "default"]),  # Java's possessive quantifier
    ],
)
def test_by_status(patterns: list[str | None], status: int, chosen: str, verdicts: list[str], exchange: Any) -> None:
    responses = [{"statusCode": str(200 + index), "selectionPattern": each} for index, each in enumerate(patterns)]
    outcome = exchange(
        {"integration": {"type": "HTTP"}, "integrationResponses": responses, "backend": {"status": status}}
    )
    found = outcome.finding(f.ResponseSelected)
    assert (found.matched_on, found.text, found.status_code) == ("status", str(status), chosen)
    assert [each.verdict for each in found.considered] == verdicts
    assert outcome.status == int(chosen)


@pytest.mark.parametrize(
    "body, text",
    [
        ('{"errorMessage": "no tea"}', "no tea"),
        ('{"errorMessage": null}', ""),
        ('{"errorMessage": 5}', "5"),
        ('{"message": "no tea"}', ""),
        ('["errorMessage"]', ""),
        ("errorMessage {", ""),
        ("", ""),
    ],
)
def test_by_error_message(body: str, text: str, exchange: Any) -> None:
    outcome = exchange(
        {"integration": {"type": "AWS"}, "integrationResponses": [{"statusCode": "200"}], "backend": {"body": body}}
    )
    found = outcome.finding(f.ResponseSelected)
    assert (found.matched_on, found.text) == ("errorMessage", text)


def test_a_dot_stops_at_a_newline(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "AWS"},
            "integrationResponses": [{"statusCode": "200"}, {"statusCode": "500", "selectionPattern": ".+"}],
            "backend": {"body": '{"errorMessage": "two\\nlines"}'},
        }
    )
    assert outcome.status == 200  # documented: .+ must not meet a newline


def test_none_fits(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "HTTP"},
            "integrationResponses": [{"statusCode": "200", "selectionPattern": "200"}],
            "backend": {"status": 403},
        }
    )
    assert (outcome.status, outcome.turned_back.type) == (500, "API_CONFIGURATION_ERROR")
    assert outcome.turned_back.log_message == (  # a user's log
        "Execution failed due to configuration error: No match for output mapping and no default output mapping "
        "configured. Endpoint Response Status Code: 403"
    )


def test_undeclared(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "HTTP"},
            "integrationResponses": [{"statusCode": "200"}],
            "declared": True,
            "methodResponses": ["201"],
        }
    )
    assert outcome.status == 500
    assert outcome.turned_back.log_message == (  # a user's log
        "Execution failed due to configuration error: Output mapping refers to an invalid method response: 200"
    )
    assert outcome.finding(f.ResponseSelected).declared is False


def test_a_pattern_without_end_ends(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "AWS"},
            "integrationResponses": [{"statusCode": "500", "selectionPattern": "(a+)+b"}, {"statusCode": "200"}],
            "backend": {"body": '{"errorMessage": "' + "a" * 60 + '"}'},
        }
    )
    assert outcome.status == 200
