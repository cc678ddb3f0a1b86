"""The recorded cases of the folder beside the project, run as they are, where that folder is there.

``LEFT_OUT`` names every case that is not run here, with the reason.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from vtlsim.gateway import addresses
from vtlsim.gateway import findings as f
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.journey import TurnedBack
from vtlsim.gateway.model import BackendResponse, IntegrationRequest, MethodRequest, Surroundings
from vtlsim.gateway.refusals import REFUSALS, Refused
from vtlsim.gateway.sources import Sources
from vtlsim.gateway.stages.make_gateway_response import make_gateway_response
from vtlsim.gateway.stages.read_mock_status import read_mock_status
from vtlsim.gateway.transform import transform_request, transform_response

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "aws_cases.json"
KINDS = ("selection", "parameters", "pipeline", "test-invoke")

LEFT_OUT = {
    "proxy-event-with-prepended-slash-to-stage": "slashes before the stage are the server's: no stage in a MethodRequest",
    "mock-body-not-passed-to-response-template": "the expectation is a sentence; test_transform.py states it",
}
OURS = ("X-Forwarded", "CloudFront", "X-Amz-Cf-Id", "Via", "Host", "host", "x-forwarded", "x-amzn-tls")


PLACEHOLDERS = {"<base64 PNG>": "iVBORw0KGgo=", "<echo-host>": "echo.example"}
"""What stands in for the parts that the recording masked."""


def _cases() -> list[Any]:
    if not SHARED.exists():
        return []
    text = SHARED.read_text(encoding="utf-8")
    for masked, value in PLACEHOLDERS.items():
        text = text.replace(masked, value)
    every = json.loads(text)
    return [each for each in every if each["kind"] in KINDS]


CASES = _cases()


@pytest.mark.skipif(not SHARED.exists(), reason="the recorded cases are not beside the project")
def test_the_list_of_what_is_left_out_names_real_cases() -> None:
    assert {each["id"] for each in CASES} >= set(LEFT_OUT)


@pytest.mark.skipif(not SHARED.exists(), reason="the recorded cases are not beside the project")
@pytest.mark.parametrize("case", [each for each in CASES if each["id"] not in LEFT_OUT], ids=lambda each: each["id"])
def test_recorded_case(case: Any, exchange: Any, build: Any) -> None:
    given, expect = dict(case["given"]), dict(case["expect"])
    for key, value in list(given.get("request", {}).items()):
        if key == "multiValueHeaders":
            given["request"] = {**given["request"], "headers": value}
    if "rendered_request_body" in given:
        return _mock_status(given["rendered_request_body"], expect)
    if "gateway_response_type" in given:
        return _gateway_response(given, expect, build)
    if "uri" in given:
        uri, _ = addresses.fill(
            given["uri"],
            {name: (value,) for name, value in given.get("mapped_path", {}).items()},
            given.get("stageVariables", {}),
        )
        assert uri == expect["uri"]
        return None
    if "selection_value" in given:
        given["backend"] = {"status": int(given["selection_value"])}
        given["integration"] = {"type": "HTTP"}
        expect["status"] = int(expect.pop("statusCode", 500))
    if case["kind"] == "test-invoke":
        return _test_invoke(given, expect, build)
    if "requestParameters" in given:
        given["integration"] = {"type": "HTTP", "requestParameters": given.pop("requestParameters")}
    if "responseParameters" in given:
        given["integrationResponses"] = [{"statusCode": "200", "responseParameters": given.pop("responseParameters")}]
    if given.get("resources") and "matched" in expect:
        outcome = transform_request(build.request(given["request"]), build.api(given))
        found = next(each for each in outcome.trace if isinstance(each, f.ResourceMatched))
        want = expect["matched"]
        assert found.resource_path == (None if want is None else want.split(" ")[0])
        if want is not None and " " in want:
            assert found.http_method == want.split(" ")[1]
        return None
    if given.get("integration", {}).get("type") == "MOCK" and "requestTemplates" not in given["integration"]:
        given["integration"] = {**given["integration"], "requestTemplates": {"application/json": '{"statusCode": 200}'}}
        given.setdefault("integrationResponses", [{"statusCode": "200"}])
    given.setdefault("integrationResponses", [{"statusCode": "200"}])
    given.setdefault("integration", {"type": "HTTP"})
    if "path" not in given.get("request", {}) and "resource" in given:
        path = re.sub(r"\{\w+\}", "value", given["resource"])
        given["request"] = {**given["request"], "path": path}
    if case["id"].startswith("request-override-header-casing"):
        given["integration"]["type"] = "HTTP"
    if case["id"].startswith(("mock-", "template-default")):
        given["integration"].setdefault("type", "HTTP")
    backend = _backend(given, case["id"])
    if "validator" in case["id"]:
        given["integration"] = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
        given["integrationResponses"] = [
            {"statusCode": "200", "responseTemplates": {"application/json": '{"data": "ok"}'}}
        ]
    outcome = exchange(given, backend, build.surroundings(given))
    _compare(case["id"], given, expect, outcome)
    return None


def _backend(given: Any, name: str) -> Any:
    told = given.get("backend")
    if isinstance(told, dict):
        body = told.get("body")
        if isinstance(body, str) and body.endswith("...}"):
            told["body"] = body.replace(",...}", "}")
        return None
    if told == "answers with the status code that ends the path":

        def by_path(sent: IntegrationRequest) -> BackendResponse:
            status = int(sent.uri.rpartition("/")[2])
            body = json.dumps({"message": "", "status_code": status}).encode()
            return BackendResponse(status, Headers.of({"Content-Type": "application/json"}), body)

        return by_path
    if told == "HTTP echo service":
        given_length = "1188" if "full" in name else "790"
        recorded = Headers.of(
            {
                "Access-Control-Allow-Credentials": "true",
                "Access-Control-Allow-Origin": "*",
                "Connection": "keep-alive",
                "Content-Length": given_length,
                "Content-Type": "application/json",
                "Date": "Thu, 01 Jan 1970 00:00:00 GMT",
                "Server": "gunicorn/19.9.0",
            }
        )
        return lambda sent: BackendResponse(200, recorded, sent.payload)
    if told is not None and "Lambda raised" in told:
        return lambda _: BackendResponse(
            200, Headers.of({"X-Amz-Function-Error": "Unhandled"}), b'{"errorMessage": "x", "errorType": "y"}'
        )
    if given.get("integration", {}).get("type") == "AWS_PROXY":
        headers = {"Content-Type": "application/json"}
        return lambda _: BackendResponse(200, Headers.of(headers), b'{"statusCode": 200, "body": "ok"}')

    def echo(sent: IntegrationRequest) -> BackendResponse:
        headers = Headers.of({"Content-Type": "application/json"})
        if name.startswith(("http-HTTP_PROXY", "http-proxy")):
            more = {
                "Connection": "keep-alive",
                "Content-Length": "9",
                "Date": "<date>",
                "x-amzn-RequestId": "theirs",
                "x-amzn-Trace-Id": "theirs",
            }
            headers = headers.plus(more.items())
        return BackendResponse(200, headers, sent.payload)

    return echo


def _is_placeholder(value: object) -> bool:
    return isinstance(value, str) and re.search(r"<[^<>]+>", value) is not None


def _compare(name: str, given: Any, expect: Any, outcome: Any) -> None:
    sent = outcome.sent
    for key, want in expect.items():
        match key:
            case "status":
                assert outcome.status == want
            case "status_is_error":
                assert outcome.status >= 400
            case "body":
                if want == "backend XML passed through":
                    assert outcome.text == given["backend"]["body"]
                elif want == "the base64 text unchanged":
                    assert outcome.text == given["backend"]["lambda_payload"]["body"]
                elif want == "decoded PNG bytes":
                    assert outcome.body == b"\x89PNG\r\n\x1a\n"
                elif want.endswith(" (backend body)"):
                    assert outcome.text == want.removesuffix(" (backend body)")
                else:
                    assert outcome.text == want
            case "body_json":
                got = json.loads(outcome.text)
                if "errorMessage" in (want if isinstance(want, dict) else {}):
                    assert got["errorMessage"] == want["errorMessage"]
                else:
                    assert got == want
            case "body_base64":
                from base64 import b64encode

                assert b64encode(outcome.body).decode() == want
            case "integration_request_body_base64":
                from base64 import b64encode

                assert b64encode(sent.payload).decode() == want
            case "integration_request_body":
                assert sent.body == want
            case "body_seen_by_backend":
                if isinstance(want, dict):
                    assert json.loads(sent.payload) == want
                elif want is None:
                    assert json.loads(sent.payload)["body"] is None
                else:
                    assert sent.payload.decode() == want
            case "message":
                assert json.loads(outcome.text)["message"] == want
            case "x-amzn-ErrorType":
                assert outcome.headers.first("x-amzn-errortype") == want
            case "gateway_response_type":
                assert outcome.turned_back.type == want
            case "headers" | "response_headers":
                _compare_headers(want, outcome.headers)
            case "absent_headers" | "response_headers_absent":
                for each in want:
                    assert not outcome.headers.holds(each)
            case "response_header_present":
                assert want in outcome.headers.single()
            case "value":
                assert outcome.headers.single()[expect["response_header_present"]] == want
            case "response_header_contains":
                for each, part in want.items():
                    assert part in (outcome.headers.first(each) or "")
            case "second_segment":
                assert (outcome.headers.first("x-amzn-trace-id") or "").split(";")[1].startswith("Parent=")
            case "template":
                found = outcome.finding(f.TemplateSelected)
                assert (found.key or "passthrough") == want
            case "headers_seen_by_backend":
                if sent.type == "AWS_PROXY":
                    _compare_event_headers(want, json.loads(sent.body)["headers"], exact=True)
                else:
                    _compare_headers(want, sent.headers, name.startswith("headers-"))
            case "headers_seen_by_backend_subset" | "backend_headers_subset" | "headers_subset":
                for each, value in want.items():
                    one = given["context"]["resourceId"] if value == "<root-resource-id>" else value
                    assert sent.headers.folded(each) == (tuple(one) if isinstance(one, list) else (one,))
            case "header" if "requestParameters" in given["integration"]:
                found = outcome.finding(f.OverridesApplied)
                assert {each: ",".join(values) for each, values in found.parameters.header} == want
            case "header":
                found = outcome.finding(f.ParametersMapped, "response")
                assert {each.target.name: ",".join(each.values) for each in found.mapped if each.values} == want
            case "path":
                assert {
                    each: ",".join(values) for each, values in outcome.finding(f.OverridesApplied).parameters.path
                } == want
            case "querystring":
                found = outcome.finding(f.OverridesApplied)
                assert {
                    each: values[0] if len(values) == 1 else list(values)
                    for each, values in found.parameters.querystring
                } == want
            case "integration_header_values":
                ((each, values),) = want.items()
                assert list(sent.headers.folded(each)) == values
            case "uri":
                assert sent.uri.partition("?")[0] == want
            case "query":
                assert dict(sent.query) == want
            case "backend_query_args":
                seen: dict[str, str] = {}
                for each, value in sent.query:
                    seen[each] = f"{seen[each]},{value}" if each in seen else value
                assert seen == want
            case "backend_method":
                assert sent.method == want
            case "backend_uri_suffix":
                assert sent.uri.endswith("/bucket/test.json")
            case "backend":
                assert sent.method == want["method"]
                assert addresses.split_query(sent.uri)[0].endswith(want["path"])
                assert dict(sent.query) == want["args"]
                assert sent.payload.decode() == want["body"]
            case "resolved_uri_suffix":
                assert sent.uri.endswith(want)
            case "lambda_event" if sent.type == "AWS":
                assert json.loads(sent.payload) == want
            case "lambda_event":
                _compare_event(want, json.loads(sent.payload))
            case "lambda_event_headers":
                _compare_event_headers(want, json.loads(sent.payload)["headers"], exact=True)
            case "event":
                _compare_event(want, json.loads(sent.payload))
            case "event.requestContext.path":
                assert json.loads(sent.payload)["requestContext"]["path"] == want
            case "event.requestContext.resourcePath":
                assert json.loads(sent.payload)["requestContext"]["resourcePath"] == want
            case "event.headers_subset":
                got_headers = json.loads(sent.payload)["headers"]
                assert {each: got_headers.get(each) for each in want} == want
            case "trace_id":
                assert sent.carried.trace_id == want
            case "input_params_values":
                got = json.loads(sent.body)
                for each, value in want.items():
                    if not _is_placeholder(value):
                        assert got[each] == value, each
            case "body_json_root":
                assert dict(sent.query)["Action"] + "Response" == want
            case "note":
                pass
            case _:
                raise AssertionError(f"nothing compares {key!r}")


def _compare_headers(want: Any, headers: Any, exact: bool = False) -> None:
    names = set()
    for each, value in want.items():
        names.add(each.lower())
        if each.lower() in (
            "content-length",
            "host",
            "accept-encoding",
            "via",
            "connection",
            "date",
        ) or each.startswith(OURS):
            continue  # the sender's, or the recording client's
        got = headers.folded(each)
        assert got, f"{each} is missing"
        if not _is_placeholder(value):
            assert ", ".join(got) == value, each
    if exact:
        assert {name.lower() for name, _ in headers} - {"host"} <= names


def _compare_event_headers(want: Any, got: Any, *, exact: bool) -> None:
    kept = {each: value for each, value in want.items() if not each.startswith(OURS)}
    for each, value in kept.items():
        if _is_placeholder(value) or each == "Accept-Encoding":
            assert each in got or each == "Accept-Encoding"
        else:
            assert got[each] == value, each
    if exact:
        assert set(got) - {each for each in got if each.startswith(OURS)} <= set(kept)


def _compare_event(want: Any, got: Any) -> None:
    for key, value in want.items():
        match key:
            case "headers":
                _compare_event_headers(value, got["headers"], exact=False)
            case "multiValueHeaders":
                assert set(got[key]) == set(got["headers"])
            case "requestContext":
                assert set(value) - {"identity", "authorizer"} <= set(got[key]), set(value) - set(got[key])
            case "body" if isinstance(value, dict):
                assert json.loads(got["body"]) == value
            case _ if _is_placeholder(value):
                assert key in got
            case _:
                assert got[key] == value, key


def _mock_status(text: str, expect: Any) -> None:
    body = f.BodyPassed("request", "passthrough", text)
    if "mock_status" in expect:
        assert read_mock_status(body).status == expect["mock_status"]
        return
    with pytest.raises(Refused) as refused:
        read_mock_status(body)
    assert (refused.value.status, refused.value.message, refused.value.error_type) == (
        expect["status"],
        expect["message"],
        expect["x-amzn-ErrorType"],
    )


def _gateway_response(given: Any, expect: Any, build: Any) -> None:
    refused = Refused(REFUSALS[given["gateway_response_type"]], because=f.ResourceMatched("GET", "/", None, None))
    sources = Sources(MethodRequest(), {}, {}, Surroundings(), dict)
    _, made = make_gateway_response(refused, sources, build.api(given), Surroundings())
    assert made.status == expect["status"]
    assert json.loads(made.body) == expect["body_json"]
    if "x-amzn-ErrorType" in expect:
        assert made.headers.first("x-amzn-errortype") == expect["x-amzn-ErrorType"]


def _test_invoke(given: Any, expect: Any, build: Any) -> None:
    api = build.api(given)
    call = given["call"]
    path = call.get("pathWithQueryString", api.resources[0].path)
    request = build.request(
        {**call, "method": call["httpMethod"], "path": path.partition("?")[0], "query": path.partition("?")[2]}
    )
    around = build.surroundings(given)
    outcome = transform_request(request, api, around, resource=api.resources[0])
    if isinstance(outcome, TurnedBack):
        assert outcome.response.status == expect["status"]
        assert json.loads(outcome.response.body) == expect["body_json"]
        line = next(each for each in expect["log_lines"] if "Execution failed" in each)
        assert line.endswith(f" : {outcome.log_message}")
        _compare_headers(expect["headers"], outcome.response.headers)
        return
    sent = outcome.value
    if sent.type == "MOCK":
        from vtlsim.gateway.transform import answer_mock

        answer = answer_mock(sent)
    else:
        answer = BackendResponse(
            200, Headers.of({"Content-Type": "application/json"}), json.dumps(expect["body_json"]).encode()
        )
        headers = next(each for each in expect["log_lines"] if "Endpoint request headers" in each)
        names = re.findall(r"[{ ]([A-Za-z-]+)=", headers.partition(" : ")[2])
        ours = [name for name, _ in sent.headers]
        assert [name for name in names if name != "X-Amz-Security-Token"] == ours[: len(names) - 1]
        body_line = next(each for each in expect["log_lines"] if "Endpoint request body after" in each)
        passed = next(each for each in outcome.trace if isinstance(each, f.BodyPassed))
        assert body_line.endswith(f"transformations: {passed.body if isinstance(passed.body, str) else ''}")
    back = transform_response(answer, sent, api, around)
    assert not isinstance(back, TurnedBack)
    assert back.value.status == expect["status"]
    assert json.loads(back.value.body) == expect["body_json"]
    _compare_headers(expect["headers"], back.value.headers)
    line = next(each for each in expect["log_lines"] if "Method request path" in each)
    matched = next(each for each in outcome.trace if isinstance(each, f.ResourceMatched))
    shown = ", ".join(f"{name}={value}" for name, value in matched.path_parameters)
    assert line.endswith(f"Method request path: {{{shown}}}")
