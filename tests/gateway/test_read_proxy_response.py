"""The proxy response format. What was recorded on AWS is in ``fixtures/gateway/exchanges.json``; this is the rest."""

from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import findings as f


@pytest.mark.parametrize(
    "backend, rules",
    [
        ({"body": "{tea"}, ["not_json"]),
        ({"body": ""}, ["not_an_object"]),
        ({"body": "null"}, ["not_an_object"]),
        ({"body": "[]"}, ["not_an_object"]),
        ({"body": '{"statusCode": 99, "body": {}}'}, ["bad_status_code", "bad_body"]),
        ({"body": '{"statusCode": true}'}, ["bad_status_code"]),
        ({"body": '{"headers": []}'}, ["bad_headers"]),
        ({"body": '{"headers": {"a": {}}, "tea": 1}'}, ["unknown_key", "bad_headers"]),
        ({"body": '{"multiValueHeaders": 1}'}, ["bad_multi_value_headers"]),
        ({"body": "{}", "headers": {"X-Amz-Function-Error": "Unhandled"}}, ["function_error"]),
        ({"body": "{}", "status": 403}, ["function_error"]),
    ],
)
def test_faults(backend: dict[str, Any], rules: list[str], exchange: Any) -> None:
    outcome = exchange({"integration": {"type": "AWS_PROXY"}, "backend": backend})
    assert outcome.status == (500 if backend.get("status") == 403 else 502)
    assert [each.rule for each in outcome.finding(f.ProxyResponseRead).faults] == rules


@pytest.mark.parametrize("body, status", [("iVBORw==", 200), ("no base64", 502)])
def test_decoding(body: str, status: int, exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "AWS_PROXY"},
            "binaryMediaTypes": ["image/png"],
            "request": {"headers": {"Accept": "image/png"}},
            "backend": {"lambda_payload": {"body": body, "isBase64Encoded": True}},
        }
    )
    assert outcome.status == status
    if status == 200:
        assert outcome.body == b"\x89PNG"


def test_values_are_written_as_text(exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "AWS_PROXY"},
            "backend": {
                "lambda_payload": {"headers": {"a": 1.5, "b": False, "c": None}, "multiValueHeaders": {"d": [1, True]}}
            },
        }
    )
    assert [outcome.headers.folded(name) for name in "abcd"] == [("1.5",), ("false",), (), ("1", "true")]
