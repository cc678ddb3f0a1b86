"""Outcomes held against expectations."""

from __future__ import annotations

import pytest

from vtlsim.cases.case import Case, Expectation, ExpectedError, ExpectedMessage, Text
from vtlsim.cases.verdict import Outcome, judge
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS
from vtlsim.surfaces.library import load
from vtlsim.surfaces.rendering import call


def faults(expect, outcome, snapshot=None):
    return [fault.said for fault in judge(Case("n", "f", 1, template="t", expect=expect), outcome, snapshot)]


TEXTS = [
    (Text(json={"a": 1}), '{"a": 1.0}', None),
    (Text(json={"a": [1, 2], "b": {}}), '{"b": {}, "a": [1, 2]}', None),
    (Text(json={"a": 1}), '{"a": 2}', "$.a: expected 1, got 2"),
    (Text(json={"a": "1"}), '{"a": 1}', '$.a: expected "1", got 1 (no string)'),
    (Text(json={"a": True}), '{"a": 1}', "$.a: expected true, got 1"),
    (Text(json={"a": None}), "{}", "$.a: missing, expected null"),
    (Text(json={}), '{"x": 1}', "$.x: not expected, got 1"),
    (Text(json={}, strict=False), '{"x": 1}', None),
    (Text(json={"a": {"b": 1}}, strict=False), '{"a": {"b": 1, "c": 2}}', None),
    (Text(json=[1], strict=False), "[1, 2]", "$[1]: not expected, got 2"),
    (Text(json=[1, 2]), "[1]", "$[1]: missing, expected 2"),
    (Text(json={"price": 1}), '{"prize": 1}', "$.price: missing, expected 1 (there is prize)"),
    (Text(json={}), '{"a": }', "not JSON: Expecting value at line 1, column 7 of the output"),
    (Text(valid_json=True), "1", None),
    (Text(valid_json=True), "", "not JSON: Expecting value at line 1, column 1"),
    (Text(valid_json=False), "x", None),
    (Text(valid_json=False), "1", "it is JSON, and should not be"),
    (Text(text="a"), "a", None),
    (Text(text="a"), "b", "-a"),
    (Text(text="a "), "a", "a·"),
    (Text(regex="^a.c"), "abc", None),
    (Text(regex="^b"), "abc", "nothing matches '^b'"),
    (Text(contains=("a", "x")), "abc", "it does not contain 'x'"),
]


@pytest.mark.parametrize("expected, actual, said", TEXTS)
def test_texts(expected, actual, said):
    found = faults(Expectation(expected), Outcome(actual))
    if said is None:
        assert found == []
    else:
        assert len(found) == 1
        assert said in found[0]


def test_a_difference_has_its_place_in_the_output():
    text = '{"a": [1, "xéz"]}'
    (fault,) = judge(
        Case("n", "f", 1, template="t", expect=Expectation(Text(json={"a": [1, "xyz"]}))), Outcome(text), None
    )
    assert text[fault.part.start : fault.part.end] == "é"


def failed(template):
    return call(template).run()


def test_errors():
    failure = failed("\n#if(")
    assert faults(Expectation(error=ExpectedError()), Outcome(None, failure)) == []
    assert faults(Expectation(error=ExpectedError(2, message="ends here")), Outcome(None, failure)) == []
    (said,) = faults(Expectation(error=ExpectedError(1, message="nothing")), Outcome(None, failure))
    assert "expected on line 1, got 2" in said
    assert "the message has no 'nothing'" in said
    assert faults(Expectation(error=ExpectedError()), Outcome("x")) == ["it rendered, and an error was expected"]
    (said,) = faults(Expectation(), Outcome(None, failure))
    assert "was not rendered" in said
    assert "template:2:4: error:" in said


@pytest.mark.parametrize(
    "stored, actual, said",
    [
        ("x\n", "x\n", None),
        (None, "x", "there is no snapshot"),
        ('{"a":1}', '{"a":2}', "$.a: expected 1, got 2"),
        ('{"a":1}', '{"a": 1}', "not the snapshot"),
    ],
)
def test_snapshots(stored, actual, said):
    found = faults(Expectation(snapshot=True), Outcome(actual), stored)
    assert (found == []) if said is None else (said in found[0])


def test_overrides_may_have_more_than_was_named():
    left = {"requestOverride": {"header": {"X": "1", "Y": "2"}}, "responseOverride": {}}
    wanted = {"requestOverride": {"header": {"X": "1"}}}
    assert faults(Expectation(overrides=wanted), Outcome("", overrides=left)) == []
    (said,) = faults(Expectation(overrides={"requestOverride": {"header": {"X": "2"}}}), Outcome("", overrides=left))
    assert said == 'overrides: $.requestOverride.header.X: expected "2", got "1"'


@pytest.fixture
def sent(tmp_path):
    path = tmp_path / "d.json"
    path.write_text(
        '{"type": "HTTP", "httpMethod": "PUT", "uri": "http://h/x", "requestParameters":'
        ' {"integration.request.querystring.q": "\'1\'", "integration.request.header.A": "\'b\'"},'
        ' "requestTemplates": {"application/json": "{\\"a\\": 1}"}}'
    )
    exchange = load(path).invoke("POST", "/", surroundings=DEFAULT_SURROUNDINGS)
    return exchange.integration_request


SENT = [
    (ExpectedMessage("PUT", "http://h/x?q=1", headers={"a": "b", "Z": None}, query={"q": "1"}), None),
    (ExpectedMessage(body=Text(json={"a": 1})), None),
    (ExpectedMessage("POST"), "integrationRequest.method: expected POST, got PUT"),
    (ExpectedMessage(uri="http://h/"), "integrationRequest.uri: expected http://h/"),
    (ExpectedMessage(headers={"A": "c"}), "integrationRequest.headers.A: expected c, got b"),
    (ExpectedMessage(headers={"A": None}), "integrationRequest.headers.A: expected none, got b"),
    (ExpectedMessage(headers={"Aa": "b"}), "expected b, got none (there is A)"),
    (ExpectedMessage(query={"q": ("1", "2")}), "integrationRequest.query.q: expected 1, 2, got 1"),
    (ExpectedMessage(body=Text(json={"a": 2})), "integrationRequest.body $.a: expected 2, got 1"),
]


@pytest.mark.parametrize("expected, said", SENT)
def test_integration_requests(sent, expected, said):
    found = faults(Expectation(integration_request=expected), Outcome("", sent=sent))
    assert (found == []) if said is None else (said in found[0])


def test_no_integration_request():
    assert "turned back" in faults(Expectation(integration_request=ExpectedMessage()), Outcome(""))[0]


RESPONSES = [
    (Expectation(status=200), None),
    (Expectation(status=201), "status: expected 201, got 200"),
    (Expectation(response=ExpectedMessage(status=200, headers={"x": "1"}, body=Text(contains=("b",)))), None),
    (Expectation(response=ExpectedMessage(status=500)), "response.status: expected 500, got 200"),
    (Expectation(response=ExpectedMessage(body=Text(text="z"))), "response.body "),
]


@pytest.mark.parametrize("expected, said", RESPONSES)
def test_answers(expected, said):
    answer = (200, Headers([("X", "1")]).pairs, "body")
    found = faults(expected, Outcome("body", answer=answer))
    assert (found == []) if said is None else (said in found[0])


def test_no_answer():
    assert "give the case a backend" in faults(Expectation(status=200), Outcome("x"))[0]
    assert "give the case a backend" in faults(Expectation(response=ExpectedMessage()), Outcome("x"))[0]


def test_binary():
    assert "it is binary (2 bytes)" in faults(Expectation(Text(text="x")), Outcome(b"\xff\xfe"))[0]
