"""What PutIntegration was recorded to take and to refuse, as the cases beside the project have it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vtlsim.config.definition import Loaded, load_definition

CASES = Path(__file__).parents[3] / "shared" / "cases" / "aws_cases.json"

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the recorded cases are not beside the project")


def recorded() -> list[object]:
    if not CASES.exists():
        return []
    found = []
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        given = case["given"]
        if case["kind"] != "control-plane" or not case["validated"] or given.get("operation") != "PutIntegration":
            continue
        if "type" in given["params"] and case["expect"]["httpStatus"] in {201, 400}:
            found.append(pytest.param(given["params"], case["expect"], id=case["id"]))
    return found


def _filled(value: object) -> object:
    """The masks of the recordings, filled in."""
    if not isinstance(value, str):
        return value
    masks = {"<region>": "us-east-1", "<account>": "123456789012", "<uri>": "http://example.com"}
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    for mask, text in {**masks, "<lambda function arn>": arn, "<lambda arn>": arn}.items():
        value = value.replace(mask, text)
    return value


@pytest.mark.parametrize("params, expect", recorded())
def test_put_integration(params, expect):
    document = {"restApiId": "a", "resourceId": "r", "httpMethod": "POST", **{k: _filled(v) for k, v in params.items()}}
    found = load_definition(json.dumps(document), "d")
    assert isinstance(found, Loaded)
    errors = [each.message for each in found.errors]
    if expect["httpStatus"] == 400:
        assert expect["error"]["Message"] in errors
    else:
        assert errors == []
        assert found.api is not None
        assert found.api.fallback is not None
        made = found.api.fallback.integration
        assert made is not None
        result = expect["result"]
        assert made.passthrough_behavior == result["passthroughBehavior"]
        assert made.timeout_in_millis == result["timeoutInMillis"]
        assert made.http_method == result.get("httpMethod")
        assert (made.uri is None) == ("uri" not in result)


def test_there_are_cases():
    assert len(recorded()) > 15
