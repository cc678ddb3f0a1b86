"""TestInvokeMethod as recorded (fixtures/control/test_invoke.json), and what was not recorded of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from control.talking import Refusal, Talk
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse
from vtlsim.surfaces.control.app import ControlPlane

ROOT = Path(__file__).parents[3]
CASES = json.loads((ROOT / "fixtures/control/test_invoke.json").read_text("utf-8"))["cases"]
SHARED = ROOT.parent / "shared" / "cases" / "aws_cases.json"
STAMP = re.compile(r"\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} : ")


def prepared(talk, case):
    """An API with the case's resource, method and integration: its id and the resource's."""
    api = talk.call("CreateRestApi", name="tested")
    resource, path = api["rootResourceId"], "/"
    for part in case["resource"].strip("/").split("/") if case["resource"] != "/" else ():
        made = talk.call("CreateResource", restApiId=api["id"], parentId=resource, pathPart=part)
        resource, path = made["id"], made["path"]
    assert path == case["resource"]
    method = {"restApiId": api["id"], "resourceId": resource, "httpMethod": case["method"]}
    talk.call("PutMethod", **method, authorizationType="NONE")
    talk.call("PutIntegration", **method, **case["integration"])
    for each in case["integrationResponses"]:
        talk.call("PutMethodResponse", **method, statusCode=each["statusCode"])
        talk.call("PutIntegrationResponse", **method, **each)
    return {"restApiId": api["id"], "resourceId": resource}


def like(expected, found):
    """Whether a text is the expected one; ``…`` stands for anything."""
    return re.fullmatch(".*".join(re.escape(each) for each in expected.split("…")), found, re.DOTALL) is not None


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_it_answers_as_recorded(case):
    async def ask(sent):
        assert sent.type == "AWS"
        return BackendResponse(200, Headers([("Content-Type", "application/json")]), case["backend"].encode(), 7)

    talk = Talk(ControlPlane(ask=ask))
    found = talk.call("TestInvokeMethod", **prepared(talk, case), **case["call"])
    expected = case["result"]
    assert talk.status == 200
    assert found["status"] == expected["status"]
    assert json.loads(found["body"]) == expected["body"]
    assert found["headers"].keys() == expected["headers"].keys()
    assert all(like(value, found["headers"][name]) for name, value in expected["headers"].items())
    assert found["multiValueHeaders"] == {name: [value] for name, value in found["headers"].items()}
    assert isinstance(found["latency"], int)
    first, *lines, end = found["log"].split("\n")
    assert end == ""
    request_id = first.removeprefix("Execution log for request ")
    assert all(STAMP.match(line) for line in lines)
    plain = [first, *(STAMP.sub("", line, count=1) for line in lines)]
    wanted = [line.replace("{id}", request_id) for line in expected["log"]]
    assert [b if like(a, b) else a for a, b in zip(wanted, plain, strict=False)] == plain
    assert len(wanted) == len(plain)


def test_the_recorded_cases_are_all_restated():
    if not SHARED.exists():
        pytest.skip("the collection of recorded cases is not beside the project")
    restated = {each["restates"]: each["result"] for each in CASES}
    recorded = [each for each in json.loads(SHARED.read_text("utf-8")) if each["kind"] == "test-invoke"]
    assert len(recorded) == 10
    for each in recorded:
        own, expect = restated[each["id"]], each["expect"]
        assert own["status"] == expect["status"]
        assert own["body"] == expect["body_json"]
        assert own["headers"].keys() == expect["headers"].keys()
        assert len(own["log"]) == len(expect["log_lines"]) - 1


HTTP = {
    "resource": "/x",
    "method": "ANY",
    "integration": {"type": "HTTP", "uri": "http://127.0.0.1:1/", "integrationHttpMethod": "POST"},
    "integrationResponses": [{"statusCode": "200"}],
}


def test_a_backend_that_does_not_answer_is_told_in_the_answer_not_by_an_error():
    talk = Talk(ControlPlane())
    found = talk.call("TestInvokeMethod", **prepared(talk, HTTP), httpMethod="POST", body="{}")
    assert found["status"] == 504
    assert json.loads(found["body"]) == {"message": "Network error communicating with endpoint"}
    assert found["log"].endswith("Method completed with status: 504\n")


def test_stage_variables_and_several_headers_reach_the_template():
    async def ask(sent):
        seen.append(sent.body)
        return BackendFailure("timeout")

    seen = []
    talk = Talk(ControlPlane(ask=ask))
    ids = prepared(talk, HTTP)
    template = "$stageVariables.a $input.params('X-A') $context.stage $context.resourcePath"
    operations = [{"op": "add", "path": "/requestTemplates/application~1json", "value": template}]
    talk.call("UpdateIntegration", **ids, httpMethod="ANY", patchOperations=operations)
    found = talk.call(
        "TestInvokeMethod",
        **ids,
        httpMethod="POST",
        headers={"X-B": "b"},
        multiValueHeaders={"X-A": ["1", "2"]},
        stageVariables={"a": "v"},
    )
    assert seen == ["v 2 test-invoke-stage /x"]
    assert found["status"] == 504
    assert "Endpoint request timed out" in found["body"]


def test_a_method_without_an_integration_is_a_500_of_the_api():
    talk = Talk(ControlPlane())
    ids = prepared(talk, HTTP)
    talk.call("DeleteIntegration", **ids, httpMethod="ANY")
    found = talk.call("TestInvokeMethod", **ids, httpMethod="GET")
    assert found["status"] == 500


def test_what_is_tested_must_be_there():
    talk = Talk(ControlPlane())
    ids = prepared(talk, {**HTTP, "method": "POST"})
    with pytest.raises(Refusal, match="Invalid Method identifier specified"):
        talk.call("TestInvokeMethod", **ids, httpMethod="GET")
    with pytest.raises(Refusal, match="Invalid Resource identifier specified"):
        talk.call("TestInvokeMethod", **{**ids, "restApiId": "none"}, httpMethod="POST")
