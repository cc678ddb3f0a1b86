"""Folders as AWS's VTL editor lays them out (aws-samples/serverless-samples, apigw-vtl-editor)."""

from __future__ import annotations

import pytest

from vtlsim.cases.case import ABSENT
from vtlsim.cases.folder import FolderError, folder_case, is_case


def test_a_request():
    case = folder_case(
        "orders",
        "orders/template.vtl",
        {
            "request.http": 'POST /orders?a=1&b=x%20y HTTP/1.1\r\nHost: h\r\nX-T: t: u\r\n\r\n{"a": 1}\r\n',
            "context.json": '{"context": {"stage": "dev"}, "stageVariables": {"e": "dev", "n": 1}}',
            "expected.json": '{"a": 1}\n',
        },
    )
    assert (case.name, case.phase, case.method, case.body) == ("orders", "request", "POST", '{"a": 1}')
    assert case.headers == (("Host", "h"), ("X-T", "t: u"))
    assert case.query == (("a", "1"), ("b", "x y"))
    assert (case.context, case.stage_variables) == ({"stage": "dev"}, {"e": "dev", "n": "1"})
    assert case.expect.body.json == {"a": 1}


def test_a_response():
    case = folder_case(
        "r",
        "r/template.vtl",
        {
            "response.http": "HTTP/1.1 200 OK\nX-A: b\n\n{}",
            "context.json": '{"stage": "dev"}',
            "expected.json": "Action=Send",
        },
    )
    assert (case.phase, case.body, case.headers) == ("response", "{}", ())
    assert case.context == {"stage": "dev"}
    assert (case.expect.body.json, case.expect.body.text) == (ABSENT, "Action=Send")


def test_a_body_alone():
    case = folder_case("r", "r/template.vtl", {"request.json": '{"a": 1}\n', "expected.json": "1"})
    assert (case.body, case.context, case.stage_variables) == ('{"a": 1}', {}, None)


@pytest.mark.parametrize(
    "texts, message",
    [
        ({"request.http": "nothing", "expected.json": "1"}, "request.http: begins with a start line"),
        ({"context.json": "{", "expected.json": "1"}, "context.json: not JSON"),
        ({"context.json": "[]", "expected.json": "1"}, "context.json: not a JSON object"),
        ({"context.json": '{"context": 1}', "expected.json": "1"}, "context.json: context and stageVariables"),
    ],
)
def test_a_mistake_names_the_file(texts, message):
    with pytest.raises(FolderError, match=message):
        folder_case("f", "f/template.vtl", texts)


@pytest.mark.parametrize(
    "names, is_one",
    [({"template.vtl", "expected.json"}, True), ({"template.vtl", "request.http"}, False), ({"expected.json"}, False)],
)
def test_which_folders_are_cases(names, is_one):
    assert is_case(frozenset(names)) is is_one
