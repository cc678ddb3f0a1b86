from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway.variables.input import Input
from vtlsim.jsonpath import engine
from vtlsim.values.objects import JavaException

PARAMETERS: dict[str, dict[str, object]] = {
    "path": {"id": "7", "both": "path"},
    "querystring": {"both": "query", "late": "query"},
    "header": {"late": "header", "X-Tea": "green", "empty": ""},
}


def make(body: str, rules: str = "jayway") -> Input:
    return Input(body, PARAMETERS, engine(rules))


@pytest.mark.parametrize("body, seen", [("", "{}"), ("{}", "{}"), (" ", " "), ("tea", "tea")])
def test_body(body: str, seen: str) -> None:
    given = make(body)
    assert Input.properties["body"](given) == seen
    assert Input.methods[("getBody", 0)](given) == seen


@pytest.mark.parametrize(
    "body, path, value, as_json",
    [
        ("", "$", {}, "{}"),  # observed in 2016 and in users' Lambda events
        ("", "$.a", None, '""'),
        ('{"a":{"b":[1,"x/y"]}}', "$.a", {"b": [1, "x/y"]}, '{"b":[1,"x/y"]}'),
        ('{"a":{"b":[1,"x/y"]}}', "$.a.b[1]", "x/y", '"x/y"'),
        ('{"a":{"b":[1,"x/y"]}}', "a.b[0]", 1, "1"),
        ('{"a":null}', "$.a", None, '""'),
        ("tea", "$", "tea", '"tea"'),
        ("tea", "$.a", None, '""'),
        ("5", "$", 5, "5"),
        ('{"é":"漢"}', "$", {"é": "漢"}, '{"é":"漢"}'),
    ],
)
def test_path_and_json(body: str, path: str, value: object, as_json: str) -> None:
    given = make(body)
    assert given.path(path) == value
    assert given.json(path) == as_json
    assert given.missing_as_json is (value is None)


def test_the_document_is_live() -> None:
    given = make('{"a":{}}')
    found: Any = given.path("$.a")
    found["b"] = 1
    assert given.json("$") == '{"a":{"b":1}}'


def test_arguments_that_are_no_strings_find_no_method() -> None:
    given = make("{}")
    assert given.path(5) is None
    assert given.json({}) is None
    with pytest.raises(JavaException) as thrown:
        given.params(5)
    assert thrown.value.message == "wrong number of arguments"  # Velocity 1.7 calls params() with one argument


@pytest.mark.parametrize(
    "body, path, java_class",
    [
        ("{}", "", "java.lang.IllegalArgumentException"),
        ("{}", None, "java.lang.IllegalArgumentException"),
        ("null", "$", "java.lang.IllegalArgumentException"),
        ("{}", "$.[", "com.jayway.jsonpath.InvalidPathException"),
        ("{a", "$", "com.jayway.jsonpath.InvalidJsonException"),
    ],
)
def test_exceptions(body: str, path: str | None, java_class: str) -> None:
    given = make(body)
    with pytest.raises(JavaException) as thrown:
        given.path(path)
    assert thrown.value.java_class == java_class
    assert (given.unreadable is not None) is (body == "{a")


@pytest.mark.parametrize(
    "name, value",
    [
        ("id", "7"),
        ("both", "path"),
        ("late", "query"),
        ("X-Tea", "green"),
        ("x-tea", ""),
        ("none", ""),
        ("empty", ""),
        (None, ""),
    ],
)
def test_params_of_one_name(name: str | None, value: str) -> None:
    assert make("").params(name) == value


def test_all_params() -> None:
    assert make("").all_params() == PARAMETERS


def test_other_rules_of_jsonpath() -> None:
    assert make('{"a":[1]}', "jayway-2.0").path("$.a[0]") == 1
