"""Case files: what their members mean, and what is said of a mistake."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
import yaml

from vtlsim.cases import load as loading
from vtlsim.cases.case import ABSENT, ExpectedError, Mark
from vtlsim.cases.load import load
from vtlsim.explain.problems import page

SCHEMA = json.loads(files("vtlsim.cases").joinpath("vtltest.schema.json").read_text("utf-8"))


def one(text):
    found = load(f"tests:\n  - name: n\n    template: t.vtl\n{text}", "c.vtltest.yaml")
    assert not found.problems, page(found.problems)
    return found.cases[0]


MEMBERS = [
    ("body: {b: 1, a: [null, é]}", "body", '{"b":1,"a":[null,"é"]}'),
    ("body: plain text", "body", "plain text"),
    ("body: '{\"a\": 1}'", "body", '{"a": 1}'),
    ("body: 1.50", "body", "1.5"),
    ("body: [on, 2020-01-01]", "body", '[true,"2020-01-01"]'),
    ("headers: {X-T: 1.0, B: [a, b]}", "headers", (("X-T", "1.0"), ("B", "a"), ("B", "b"))),
    ("query: {q: 'x y'}", "query", (("q", "x y"),)),
    ("path: {id: 007}", "path_parameters", {"id": "007"}),
    ("stage_variables: {a: true}", "stage_variables", {"a": "true"}),
    ("context: {identity: {user: u}}", "context", {"identity": {"user": "u"}}),
    ("variables: {x: [1]}", "variables", {"x": [1]}),
    ("phase: response", "phase", "response"),
    ("engine: airspeed", "engine", "airspeed"),
    ("jsonpath: jayway-2.0", "jsonpath", "jayway-2.0"),
    ("marks: slow", "marks", (Mark("slow"),)),
    ("marks: [skip, {xfail: {reason: r, strict: true}}]", "marks",
     (Mark("skip"), Mark("xfail", {"reason": "r", "strict": True}))),
    ("marks: [{skip: because}]", "marks", (Mark("skip", {"reason": "because"}),)),
]  # fmt: skip


@pytest.mark.parametrize("text, field, value", MEMBERS)
def test_members(text, field, value):
    assert getattr(one(f"    {text}\n"), field) == value


EXPECTS = [
    ("{json: null}", "body.json", None),
    ("{text: x}", "body.json", ABSENT),
    ("{contains: x}", "body.contains", ("x",)),
    ("{contains: [x, 1]}", "body.contains", ("x", "1")),
    ("{json: {}, strict: false}", "body.strict", False),
    ("{valid_json: false}", "body.valid_json", False),
    ("{snapshot: true}", "snapshot", True),
    ("{error: true}", "error", ExpectedError()),
    ("{error: bad}", "error", ExpectedError(message="bad")),
    ("{error: {line: 3, column: 2}}", "error", ExpectedError(3, 2)),
    ("{overrides: {requestOverride: {header: {a: b}}}}", "overrides", {"requestOverride": {"header": {"a": "b"}}}),
]


@pytest.mark.parametrize("text, field, value", EXPECTS)
def test_expectations(text, field, value):
    found = one(f"    expect: {text}\n").expect
    for name in field.split("."):
        found = getattr(found, name)
    assert found == value


def test_defaults_lie_below_each_case():
    found = load(
        """
defaults:
  template: a.vtl
  body: {x: 1}
  headers: {A: 1, B: 2}
  context: {stage: dev, identity: {user: u, caller: c}}
  expect: {valid_json: true}
tests:
  - {name: as it is}
  - name: its own
    template: b.vtl
    body: {y: 2}
    headers: {B: 3, A: null}
    context: {identity: {user: v}}
    expect: {json: 1}
""",
        "c.vtltest.yaml",
    )
    assert not found.problems
    first, second = found.cases
    assert (first.template, first.body, first.headers) == ("a.vtl", '{"x":1}', (("A", "1"), ("B", "2")))
    assert (second.template, second.body, second.headers) == ("b.vtl", '{"y":2}', (("B", "3"),))
    assert second.context == {"stage": "dev", "identity": {"user": "v", "caller": "c"}}
    assert first.context["identity"]["user"] == "u"
    assert (second.expect.body.json, second.expect.body.valid_json) == (1, True)
    assert (first.line, second.line) == (9, 10)
    assert second.id == "c.vtltest.yaml::its own"


def test_rows_of_parametrize_are_cases():
    found = load(
        """
tests:
  - name: sums
    template: t.vtl
    headers: {A: 1}
    parametrize:
      - {id: none, body: []}
      - {body: [1], headers: {A: 2}, marks: slow}
""",
        "c.vtltest.yaml",
    )
    assert not found.problems
    assert [(case.name, case.body, case.headers) for case in found.cases] == [
        ("sums[none]", "[]", (("A", "1"),)),
        ("sums[1]", "[1]", (("A", "2"),)),
    ]
    assert found.cases[1].marks == (Mark("slow"),)


def test_a_definition():
    found = load(
        """
tests:
  - name: whole way
    definition: api.yaml
    method: PUT
    path: /orders/7?dry=1
    stage: prod
    backend: {status: 201, headers: {A: [1, 2]}, body: {id: 7}, latency: 3}
    expect:
      status: 201
      integrationRequest: {method: PUT, uri: 'http://x/', headers: {A: b, C: null}, query: {q: [1, 2]}, json: {}}
      response: {status: 201, headers: {D: e}, contains: x}
  - {name: no answer, definition: api.yaml, backend: {failure: timeout, detail: late}}
""",
        "c.vtltest.yaml",
    )
    assert not found.problems, page(found.problems)
    case, failing = found.cases
    assert (case.method, case.path, case.stage, case.template) == ("PUT", "/orders/7?dry=1", "prod", None)
    assert (case.backend.status, case.backend.body, case.backend.latency_ms) == (201, b'{"id":7}', 3)
    assert case.backend.headers.pairs == (("A", "1"), ("A", "2"))
    sent = case.expect.integration_request
    assert (sent.headers, sent.query, sent.body.json) == ({"A": "b", "C": None}, {"q": ("1", "2")}, {})
    assert case.expect.response.body.contains == ("x",)
    assert (failing.backend.kind, failing.backend.detail) == ("timeout", "late")


MISTAKES = [
    # the text, what stands at the place, the message, the nearest name
    ("tests:\n  - {name: a, template: t, headrs: {}}", "headrs", "unknown member of a case 'headrs'", "headers"),
    ("tests:\n  - {name: a, template: t, expect: {jsn: 1}}", "jsn", "unknown member of expect 'jsn'", "json"),
    ("tests:\n  - {name: a, template: t, engine: velocty}", "velocty", "unknown engine 'velocty'", "velocity"),
    ("defalts: {}\ntests: []", "defalts", "unknown member of a case file 'defalts'", "defaults"),
    ("tests:\n  - {template: t}", "{template", "a case has a name", None),
    ("tests:\n  - {name: a}", "{name", "neither a template nor a definition", None),
    ("tests:\n  - {name: a, template: t, definition: d}", "definition", "not both", None),
    ("tests:\n  - {name: a, template: t}\n  - {name: a, template: t}", "a, temp", "two cases named 'a'", None),
    ("tests:\n  - {name: 'a::b', template: t}", "'a::b'", "without ::", None),
    ("tests:\n  - {name: a, template: t, expect: {status: 200}}", "status", "status needs a definition", None),
    ("tests:\n  - {name: a, template: t, method: GET}", "method", "method needs a definition", None),
    ("tests:\n  - {name: a, definition: d, phase: response}", "phase", "phase needs a template", None),
    ("tests:\n  - {name: a, definition: d, path: orders}", "orders", "begins with a slash", None),
    ("tests:\n  - {name: a, template: t, path: /x}", "/x", "mapping of path parameters", None),
    ("tests:\n  - {name: a, definition: d, path: {x: 1}}", "{x", "path is the request's path", None),
    ("tests:\n  - {name: a, template: t, expect: {error: 3}}", "3", "error is true", None),
    ("tests:\n  - {name: a, template: t, expect: {regex: '('}}", "'('", "not a regular expression", None),
    ("tests:\n  - {name: a, template: t, expect: {strict: 1}}", "1", "true or false", None),
    ("tests:\n  - {name: a, definition: d, expect: {status: 42}}", "42", "from 100 to 599", None),
    ("tests:\n  - {name: a, definition: d, backend: {failure: tmeout}}", "tmeout", "unknown failure", "timeout"),
    ("tests:\n  - {name: a, definition: d, backend: {stats: 1}}", "stats", "unknown member of a backend", "status"),
    ("tests:\n  - {name: a, template: t, body: .nan}", ".nan", "no such number", None),
    ("tests:\n  - {name: a, template: t, marks: [[1]]}", "[1]", "a mark is a name", None),
    ("tests:\n  - {name: a, template: t, parametrize: 1}", "1", "a list of what differs", None),
    ("tests:\n  - {name: a, template: t, parametrize: [{nme: 1}]}", "nme", "unknown member of a row", None),
    ("tests: {}", "{}", "a list of cases", None),
    ("defaults: {}", "defaults", "has tests", None),
    ("- 1", "- 1", "a case file is a mapping", None),
    ("tests:\n  - a", "a", "a case is a mapping", None),
    ("tests: [", "", "not YAML", None),
]


@pytest.mark.parametrize("text, there, message, near", MISTAKES)
def test_a_mistake_has_its_place_and_the_nearest_name(text, there, message, near):
    problem = load(text, "c.vtltest.yaml").problems[0]
    assert text.splitlines()[problem.line - 1][problem.column - 1 :].startswith(there)
    assert message in problem.message
    assert problem.nearest == near


def test_all_mistakes_are_told_at_once():
    text = "tests:\n  - {nme: a, tmplate: t}\n  - {name: b, template: t, expect: {jsn: 1}}\n"
    shown = page(load(text, "c.vtltest.yaml").problems)
    assert "c.vtltest.yaml:2:6: error: unknown member of a case 'nme'" in shown
    assert "did you mean name?" in shown
    assert "did you mean template?" in shown
    assert "c.vtltest.yaml:3:37: error" in shown


def test_a_file_may_be_json():
    found = load('{"tests": [{"name": "a", "template": "t.vtl", "body": {"x": 1}}]}', "c.vtltest.json")
    assert [case.body for case in found.cases] == ['{"x":1}']


# -- the schema for editors -------------------------------------------------------------------------------------------


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "path, members",
    [
        (("properties",), loading.FILE),
        (("definitions", "request", "properties"), loading.REQUEST),
        (("definitions", "case", "properties"), loading.CASE),
        (("definitions", "case", "properties", "parametrize", "items", "properties"), loading.ROW),
        (("properties", "defaults", "anyOf", 1, "properties"), loading.REQUEST),
        (("definitions", "expect", "properties"), loading.EXPECT),
        (("definitions", "expect", "properties", "error", "anyOf", 2, "properties"), loading.ERROR),
        (("definitions", "expect", "properties", "integrationRequest", "properties"), loading.SENT),
        (("definitions", "expect", "properties", "response", "properties"), loading.RESPONSE),
        (("definitions", "request", "properties", "backend", "properties"), loading.BACKEND),
    ],
)
def test_the_schema_names_what_the_reader_knows(path, members):
    found = SCHEMA
    for step in path:
        found = found[step]
    assert set(found) == set(members)


@pytest.mark.parametrize("text, field, value", MEMBERS)
def test_the_schema_takes_what_the_reader_takes(text, field, value):
    document = yaml.load(f"tests:\n  - name: n\n    template: t.vtl\n    {text}\n", Loader=yaml.BaseLoader)
    document = json.loads(json.dumps(document))
    errors = [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(document)]
    assert not errors


def test_the_schema_refuses_what_the_reader_refuses():
    document = {"tests": [{"name": "n", "headrs": {}}]}
    (error,) = jsonschema.Draft7Validator(SCHEMA).iter_errors(document)
    assert "headrs" in error.message
