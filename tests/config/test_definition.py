"""The room's door: choosing among Apis, and an answer for every document, however broken."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.documents import FIXTURES, Folder, ambiguous, fixture, loaded, places
from vtlsim.config.definition import AmbiguousApi, Loaded, load_definition

TWO = """
    Resources:
      A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: first}}
      B: {Type: AWS::ApiGateway::RestApi, Properties: {Name: second}}
      X:
        Type: AWS::ApiGateway::Method
        Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: GET, Integration: {Type: MOCK}}
      Y:
        Type: AWS::ApiGateway::Method
        Properties: {RestApiId: !Ref B, ResourceId: !GetAtt B.RootResourceId, HttpMethod: PUT, Integration: {Type: MOCK}}
    """


def test_several_apis_are_listed():
    assert ambiguous(TWO).names == ("A", "B")


def test_an_api_is_asked_for_by_its_logical_id_or_its_name():
    for asked in ("B", "second"):
        found = loaded(TWO, api=asked)
        assert found.api is not None
        assert (found.name, found.api.name, *found.api.resources[0].methods) == ("B", "second", "PUT")


def test_asking_for_an_api_that_is_not_there_lists_those_that_are():
    found = ambiguous(TWO, api="third")
    assert (found.names, found.asked) == (("A", "B"), "third")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", ["1:1 error empty"]),
        ("   \n", ["1:1 error empty"]),
        ("# a comment alone", ["1:1 error yaml"]),
        ("\x85", ["1:1 error yaml"]),
        ("hello", ["1:1 error unknown-format"]),
        ("[1, 2]", ["1:1 error unknown-format"]),
        ('{"hello": 1}', ["1:1 error unknown-format"]),
        ('{"type": "HTTP"', ["1:16 error json"]),
        ("a: [", ["1:5 error yaml"]),
        ("swagger: '2.0'", ["1:1 error no-paths"]),
        ("openapi: 3.0.1\npaths: {}", ["1:1 error no-api"]),
        ("Resources: {T: {Type: 'AWS::SNS::Topic'}}", ["1:1 error no-api"]),
    ],
)
def test_what_is_no_definition_says_so(text, expected):
    found = loaded(text)
    assert found.api is None
    assert places(found.problems) == expected


def test_the_files_beside_a_definition_are_listed():
    assert fixture("sam/template.yaml").files == ("api.yaml",)
    assert fixture("put-integration/orders-http.json").files == ("orders.vtl",)


def test_a_file_that_leaves_the_folder_is_asked_of_the_reader_as_it_is():
    found = loaded('{"type": "MOCK", "requestTemplates": {"application/json": "file://../x.vtl"}}')
    assert places(found.problems) == ["1:59 error read"]
    assert "../x.vtl" in found.problems[0].message


SEEDS = sorted(
    (*FIXTURES.glob("openapi/*"), *FIXTURES.glob("get-resources/*.json"), *FIXTURES.glob("put-integration/*.json"))
) + sorted(
    (
        *FIXTURES.glob("cloudformation/*.yaml"),
        *FIXTURES.glob("sam/*.yaml"),
        *FIXTURES.glob("serverless/*.yml"),
        *FIXTURES.glob("cdk/*.json"),
        *FIXTURES.glob("terraform/*.json"),
    )
)

_SCRAPS = (
    *(
        "null",
        "true",
        "-1",
        "1e999",
        '""',
        "[]",
        "{}",
        '"${"',
        '"${!x}"',
        '"${self:a}"',
        '"method.request.header."',
        '"x y"',
    ),
    *(
        '{"Ref": "Nope"}',
        '{"Fn::Sub": []}',
        '{"Fn::Join": [1]}',
        '{"$ref": "#/paths"}',
        '{"Fn::If": ["A", 1, 2]}',
        '"\\ud800"',
    ),
    '{"Fn::GetAtt": {}}',
)


def _mutated(text: str, choose: random.Random) -> str:
    """A document with a few of its values replaced, dropped or doubled, or a few of its characters."""
    try:
        value = json.loads(text)
    except ValueError:
        cut = choose.randrange(len(text))
        scrap = choose.choice((*_SCRAPS, "\t", ": ", "- ", "\n  ", "!Ref ", "&a *a ", "'", '"', ""))
        return text[:cut] + scrap + text[cut + choose.randrange(6) :]
    for _ in range(choose.randrange(1, 4)):
        places: list[tuple[object, object]] = []
        stack = [value]
        while stack:
            node = stack.pop()
            pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            for key, inner in pairs:
                places.append((node, key))
                stack.append(inner)
        if not places:
            break
        holder, key = choose.choice(places)
        if choose.random() < 0.3:
            del holder[key]
        else:
            holder[key] = json.loads(choose.choice(_SCRAPS))
    return json.dumps(value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), which=st.integers(0, len(SEEDS) - 1))
def test_a_broken_document_gives_problems_and_never_an_exception(seed, which):
    file = SEEDS[which]
    text = _mutated(file.read_text(encoding="utf-8"), random.Random(seed))
    found = load_definition(text, file.name, Folder(file.parent))
    assert isinstance(found, Loaded | AmbiguousApi)
    for problem in found.problems:
        assert problem.message
        assert problem.line >= 1
        assert problem.column >= 1
    if isinstance(found, Loaded) and found.api is None:
        assert found.problems


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_any_text_at_all_gives_problems(text):
    found = load_definition(text, "d")
    assert isinstance(found, Loaded)
    assert found.problems
