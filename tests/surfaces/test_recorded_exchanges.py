"""What AWS was recorded to do, through a definition, the library, stand-in functions and the log: the cases of the folder
beside the project whose inputs are complete without stages of the gateway being called by hand.

tests/gateway/test_shared_cases.py runs every case against the gateway itself; what is added here is the way in and out.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest

import vtlsim
from vtlsim.explain.execution_log import execution_log
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.journey import TurnedBack
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS, BackendResponse
from vtlsim.gateway.transform import answer_mock, transform_request, transform_response
from vtlsim.surfaces.library import method_request

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "aws_cases.json"
FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:orders/invocations"
)
BUCKET = "arn:aws:apigateway:us-east-1:s3:path/bucket/key"
PNG = "iVBORw0KGgo="
ROLE = "arn:aws:iam::123456789012:role/r"
OF_THE_CONNECTION = {"content-length", "connection", "date", "via", "host"}
PROSE = {
    "backend XML passed through": lambda given: given["backend"]["body"],
    "the base64 text unchanged": lambda given: PNG,
    "decoded PNG bytes": lambda given: b64decode(PNG),
}

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the recorded cases are not beside the project")


def cases(*kinds):
    if not SHARED.exists():
        return []
    text = SHARED.read_text(encoding="utf-8").replace("<base64 PNG>", PNG)
    return [each for each in json.loads(text) if each["kind"] in kinds and each["validated"]]


def is_complete(case):
    given, expect = case["given"], case["expect"]
    kind = given.get("integration", {}).get("type")
    knows_the_answer = isinstance(given.get("backend"), dict) or kind == "MOCK"
    return knows_the_answer and not expect.keys() - {"status", "body", "body_json", "body_base64", "headers"}


WHOLE = [each for each in cases("pipeline", "selection", "parameters") if is_complete(each)]


def definition(given, path="/{id}"):
    integration = dict(given["integration"])
    kind = integration["type"]
    if kind == "MOCK":
        integration.setdefault("requestTemplates", {"application/json": '{"statusCode": 200}'})
    else:
        is_function = kind == "AWS_PROXY" or integration.get("uri") == "lambda"
        integration |= {"uri": FUNCTION if is_function else BUCKET, "httpMethod": "POST", "credentials": ROLE}
    responses = {}
    for each in given.get("integrationResponses", [] if kind == "AWS_PROXY" else [{"statusCode": "200"}]):
        named = {key: value for key, value in each.items() if key != "selectionPattern"}
        responses[each.get("selectionPattern") or "default"] = named
    integration["responses"] = responses
    declared = {each["statusCode"]: {"description": "-"} for each in responses.values()}
    name = re.search(r"\{(\w+)\+?\}", path)
    parameters = [{"name": name[1], "in": "path", "required": True, "schema": {"type": "string"}}] if name else []
    operation = {"responses": declared, "parameters": parameters, "x-amazon-apigateway-integration": integration}
    return {
        "openapi": "3.0.1",
        "info": {"title": "recorded", "version": "1"},
        "x-amazon-apigateway-binary-media-types": given.get("binaryMediaTypes", []),
        "paths": {path: {"x-amazon-apigateway-any-method": operation}},
    }


def load(folder, given, path="/{id}"):
    file = folder / "definition.json"
    file.write_text(json.dumps(definition(given, path)), encoding="utf-8")
    return vtlsim.load(file)


def test_there_are_cases_to_run():
    assert len(WHOLE) > 80


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case["id"])
def test_a_recorded_exchange(case, tmp_path):
    given, expect = case["given"], case["expect"]
    asked, told = given.get("request", {}), given.get("backend", {})
    body = b64decode(asked["body_base64"]) if "body_base64" in asked else asked.get("body")
    ((name, value),) = asked.get("path_parameters", {"id": "x"}).items()
    answering = {}
    if "lambda_payload" in told:
        answering["lambdas"] = {"orders": lambda event, context: told["lambda_payload"]}
    elif told:
        content = (
            b64decode(told["body_base64"])
            if "body_base64" in told
            else told.get("body", "").replace(",...}", "}").encode()
        )
        answering["backend"] = BackendResponse(told.get("status", 200), Headers.of(told.get("headers")), content)
    out = load(tmp_path, given, f"/{{{name}}}").invoke(
        asked.get("method", "GET"), f"/{value}", body, asked.get("headers"), **answering
    )
    if "status" in expect:
        assert out.status == expect["status"]
    received = out.body if isinstance(out.body, bytes) else out.body.encode()
    if "body_base64" in expect:
        assert received == b64decode(expect["body_base64"])
    if "body_json" in expect:
        got = out.json
        want = expect["body_json"]
        if isinstance(want, dict) and "errorMessage" in want:  # the rest of it is masked in the recording
            got, want = got["errorMessage"], want["errorMessage"]
        assert got == want
    if "body" in expect:
        want = expect["body"]
        want = PROSE[want](given) if want in PROSE else want.removesuffix(" (backend body)")
        assert received == (want if isinstance(want, bytes) else want.encode())
    folded = {name.lower(): ", ".join(values) for name, values in out.multi_value_headers.items()}
    for name, value in expect.get("headers", {}).items():
        if "<" not in value and name.lower() not in OF_THE_CONNECTION:
            assert folded[name.lower()] == value
    assert out.log.endswith(f"Method completed with status: {out.status}\n")
    assert str(out.trace)


TESTED = cases("test-invoke")


@pytest.mark.parametrize("case", TESTED, ids=lambda case: case["id"])
def test_a_recorded_log_line_by_line(case, tmp_path):
    """Every line in its order; of headers that differ with every request the names, as far as the line is not cut."""
    given, call = case["given"], case["given"]["call"]
    api = load(tmp_path, given, given["resource"]).model if given["integration"]["type"] != "HTTP_PROXY" else None
    if api is None:
        file = tmp_path / "d.json"
        file.write_text(json.dumps(given["integration"]))
        api = vtlsim.load(file).model
    resource = next(iter(api.resources), None)
    target = call.get("pathWithQueryString", given["resource"])
    request = method_request(call["httpMethod"], target, call.get("body"), call.get("headers"))
    there = transform_request(request, api, resource=resource)
    sent, findings, failure = None, there.trace, None
    if isinstance(there, TurnedBack):
        failure = there.log_message
    else:
        sent = there.value
        recorded = json.dumps(case["expect"]["body_json"], separators=(",", ":")).encode()
        answer = answer_mock(sent) if sent.type == "MOCK" else BackendResponse(200, Headers(), recorded)
        findings += transform_response(answer, sent, api).trace
    ours = execution_log(
        request,
        findings,
        request_id=DEFAULT_SURROUNDINGS.request_id,
        time_ms=DEFAULT_SURROUNDINGS.time_ms,
        failure=failure,
        sent=sent,
    ).split("\n")
    theirs = case["expect"]["log_lines"]
    assert [re.split(r": | to https?:", line.partition(" : ")[2])[0] for line in ours] == [
        re.split(r": | to https?:", line.partition(" : ")[2])[0] for line in theirs
    ]
    for mine, recorded in zip(ours[1:], theirs[1:], strict=True):
        _compare(mine.partition(" : ")[2], recorded.partition(" : ")[2])


def _compare(mine, recorded):
    start = recorded.partition(": ")[0]
    if start == "Endpoint response headers":
        return  # the function's, not the gateway's
    if start.endswith("headers") and "<" in recorded:
        names = re.findall(r"[{ ]([A-Za-z-]+)=", recorded)
        ours = re.findall(r"[{ ]([A-Za-z-]+)=", mine)
        left_out = {"X-Amz-Security-Token", "X-Amzn-Trace-Id", "Content-Type"} if "[TRUNCATED]" in recorded else set()
        ours = [name for name in ours if name not in {"Credential", "SignedHeaders", "Signature"} | left_out]
        assert ours == [name for name in names if name not in left_out]
        return
    if "<" in recorded or "Integration latency" in recorded:
        return
    assert mine == recorded
