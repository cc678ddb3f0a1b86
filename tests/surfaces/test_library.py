"""The public calls, as a user of the package makes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import vtlsim
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse

FIXTURES = Path(__file__).parents[2] / "fixtures" / "put-integration"


def test_render_takes_text_and_gives_the_output():
    r = vtlsim.render("$input.json('$.items[0]')", body='{"items": [1, 2]}')
    assert (r.text, r.json, r.warnings) == ("1", 1, ())


def test_render_takes_the_path_of_a_file(tmp_path):
    path = tmp_path / "t.vtl"
    path.write_bytes(b"\xef\xbb\xbf$input.body")
    assert vtlsim.render(path, body=b"caf\xe9").text == "caf\ufffd"


GIVEN = [
    ({"headers": {"A": "1"}}, "$input.params('A')", "1"),
    ({"headers": {"A": ["1", "2"]}}, "$method.request.multivalueheader.A", "[1, 2]"),
    ({"headers": [("A", "1"), ("a", "2")]}, "$input.params('a')$input.params('A')", "21"),
    ({"query": {"q": ["1", "2"]}}, "$input.params('q')", "2"),
    ({"path": {"id": "7"}}, "$input.params().path.id", "7"),
    ({"stage_variables": {"t": "orders"}}, "$stageVariables.t", "orders"),
    ({"context": {"stage": "prod", "identity": {"user": "u"}}}, "$context.stage $context.identity.user", "prod u"),
    ({"variables": {"own": {"a": [1]}}}, "$own.a[0]", "1"),
    ({"body": '{"a": 1}', "phase": "response"}, "$input.path('$').a", "1"),
    ({}, "$input.body", "{}"),
]


@pytest.mark.parametrize("given, template, text", GIVEN)
def test_render_hands_on_what_it_is_given(given, template, text):
    assert vtlsim.render(template, **given).text == text


def test_what_a_template_overrides_is_told():
    r = vtlsim.render("#set($context.requestOverride.header.X = 'y')")
    assert r.overrides["requestOverride"]["header"] == {"X": "y"}


def test_warnings_have_places():
    (warning,) = vtlsim.render("\n$util.toJson('x')").warnings
    assert (warning.line, warning.column) == (2, 6)
    assert str(warning).startswith("template:2:6: warning: ")


def test_output_that_is_no_json_says_where():
    with pytest.raises(vtlsim.NotJsonError, match=r"template \(output\):1:7: error: not JSON") as raised:
        _ = vtlsim.render('{"a": $x}').json
    assert (raised.value.line, raised.value.column) == (1, 7)


def test_a_template_that_fails_raises_with_its_place():
    with pytest.raises(vtlsim.TemplateError, match=r"(?s)template:2:2: error: .*\^") as raised:
        vtlsim.render("\n $util.urlDecode('%zz')")
    assert (raised.value.line, raised.value.column) == (2, 2)


def test_a_body_that_cannot_be_read_is_told_apart():
    with pytest.raises(vtlsim.PayloadError):
        vtlsim.render("$input.json('$')", body="{a")
    assert vtlsim.render("$input.json('$')", body="a=b").text == '"a=b"'


def test_the_trace_is_text_and_a_record():
    trace = vtlsim.render("#set($x = 1)$x").trace
    assert "$x = 1" in str(trace)
    assert trace.record["version"] == 1


def test_rendering_twice_gives_the_same_and_leaves_the_input_alone():
    given = {"variables": {"list": [1]}}
    assert vtlsim.render("$input.path('$')$list", body='{"a": [1]}', **given).text == "{a=[1]}[1]"
    assert given == {"variables": {"list": [1]}}


MOCK = {
    "type": "MOCK",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "integrationResponses": {"200": {"statusCode": "200", "responseTemplates": {"application/json": '{"a": "é"}'}}},
}


@pytest.fixture
def mock(tmp_path):
    path = tmp_path / "mock.json"
    path.write_text(json.dumps(MOCK), encoding="utf-8")
    return vtlsim.load(path)


def test_a_mock_goes_the_whole_way_round(mock):
    out = mock.invoke("GET", "/x?y=1")
    assert (out.status, out.body, out.json, out.refused) == (200, '{"a": "é"}', {"a": "é"}, False)
    assert out.headers["Content-Type"] == "application/json"
    assert out.log.endswith("Method completed with status: 200\n")
    assert "GET /x -> " in str(out.trace)


@pytest.fixture
def orders():
    return vtlsim.load(FIXTURES / "orders-http.json")


BODY = '{"reference": "r", "customer": {"name": "n"}, "items": []}'


def test_without_a_backend_the_journey_ends_with_the_integration_request(orders):
    out = orders.invoke("POST", "/?dry=1", BODY, {"X-Tenant": "t"})
    assert out.status is None
    assert (out.body, out.headers) == ("", {})
    sent = out.integration_request
    assert (sent.method, sent.uri) == ("POST", "http://localhost:9000/orders?dryRun=1")
    assert json.loads(sent.body)["Reference"] == "r"
    assert sent.headers.first("x-tenant") == "t"


def test_a_backend_is_a_callable(orders):
    seen = []

    def backend(request):
        seen.append(request)
        return BackendResponse(200, Headers(), b'{"OrderId": 7, "State": "new"}')

    out = orders.invoke("POST", "/", BODY, backend=backend)
    assert out.status == 200
    assert out.json == {"id": "7", "state": "new"}
    assert seen == [out.integration_request]
    assert str(out.trace).count("POST http://localhost:9000/orders") == 1
    assert len(seen) == 1, "asking for the trace must not ask the backend again"


def test_a_backend_is_a_canned_answer_or_a_failure(orders):
    refused = orders.invoke("POST", "/", BODY, backend=BackendResponse(404, Headers(), b'{"Message": "gone"}'))
    assert (refused.status, refused.json) == (422, {"error": "gone"})
    late = orders.invoke("POST", "/", BODY, backend=BackendFailure("timeout"))
    assert (late.status, late.json, late.refused) == (504, {"message": "Endpoint request timed out"}, True)


def test_the_same_request_gives_the_same_bytes(orders):
    first, second = (orders.invoke("POST", "/", BODY) for _ in range(2))
    assert first.log == second.log
    assert first.trace.record == second.trace.record


def test_a_definition_with_faults_raises_all_of_them(tmp_path):
    path = tmp_path / "d.json"
    path.write_text('{"type": "HTPT", "timeoutInMillis": 1}')
    with pytest.raises(vtlsim.DefinitionError, match=r"(?s)d\.json:1:10: error: .*errors") as raised:
        vtlsim.load(path)
    assert len(raised.value.problems) >= 2


def test_a_template_outside_the_definitions_folder_is_not_read(tmp_path):
    (tmp_path / "secret.vtl").write_text("secret")
    inner = tmp_path / "inner"
    inner.mkdir()
    definition = {**MOCK, "requestTemplates": {"application/json": "file://../secret.vtl"}}
    (inner / "d.json").write_text(json.dumps(definition))
    with pytest.raises(vtlsim.DefinitionError, match="outside the definition's folder"):
        vtlsim.load(inner / "d.json")


def test_a_missing_file_is_an_oserror():
    with pytest.raises(FileNotFoundError):
        vtlsim.load("nope.json")


def test_the_door_names_what_there_is():
    assert set(vtlsim.__all__) == set(dir(vtlsim))
    assert vtlsim.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = vtlsim.nonsense
