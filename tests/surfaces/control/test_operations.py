"""What API Gateway was recorded to answer, operation by operation (fixtures/control/operations.json)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from control.talking import Refusal, Talk

ROOT = Path(__file__).parents[3]
CASES = json.loads((ROOT / "fixtures/control/operations.json").read_text("utf-8"))["cases"]
SHARED = ROOT.parent / "shared" / "cases" / "aws_cases.json"

NOT_HELD: dict[str, str] = {}
"""Recorded cases that do not hold, with the reason."""


def fits(expected, found):
    """Whether a value is what was expected; ``*`` stands for any."""
    if expected == "*":
        return found is not None
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(fits(expected[each], found[each]) for each in expected)
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(fits, expected, found))
    return expected == found


def with_ids(value, ids):
    if isinstance(value, dict):
        return {key: with_ids(each, ids) for key, each in value.items()}
    if isinstance(value, list):
        return [with_ids(each, ids) for each in value]
    return ids.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_an_operation_answers_as_recorded(plane, case):
    if case["restates"] in NOT_HELD:
        pytest.skip(NOT_HELD[case["restates"]])
    talk = Talk(plane)
    api = talk.call("CreateRestApi", name="recorded")
    resource = talk.call(
        "CreateResource", restApiId=api["id"], parentId=api["rootResourceId"], pathPart="{object_path}"
    )
    ids = {"$api": api["id"], "$resource": resource["id"]}
    for operation, params in case["setup"]:
        talk.call(operation, **with_ids(params, ids))
    error = case.get("error")
    if error is not None:
        with pytest.raises(Refusal) as caught:
            talk.call(case["operation"], **with_ids(case["params"], ids))
        assert (caught.value.type, caught.value.message) == (error["type"], error["message"])
        assert caught.value.status == case["status"]
        return
    found = talk.call(case["operation"], **with_ids(case["params"], ids))
    assert talk.status == case["status"]
    if "item" in found and "items" in case["result"]:
        found["items"] = found.pop("item")
    assert fits(case["result"], found), found


def test_the_recorded_cases_are_all_restated():
    """With the collection of recorded cases beside the project, none of them is missing here or says another thing."""
    if not SHARED.exists():
        pytest.skip("the collection of recorded cases is not beside the project")
    restated = {each["restates"]: each for each in CASES}
    recorded = [
        each for each in json.loads(SHARED.read_text("utf-8")) if each["kind"] == "control-plane" and each["validated"]
    ]
    assert len(recorded) == 96
    for each in recorded:
        own = restated[each["id"]]
        assert own["operation"] == each["given"]["operation"]
        assert own["status"] == each["expect"]["httpStatus"]
        error = each["expect"].get("error")
        if error is None:
            assert own["result"].keys() == each["expect"]["result"].keys()
        else:
            assert own["error"]["type"] == error["Code"]
            known = re.sub(r"<[^>]*>", "", error["Message"])
            assert re.sub(r"<[^>]*>", "", own["error"]["message"]) == known
