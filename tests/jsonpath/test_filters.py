"""What the operators decide is recorded from Java in fixtures/jsonpath/corpus.json (document ``operands``)."""

import pytest

from jsonpath.generator import Generator
from vtlsim.jsonpath import EvaluationError, compile  # noqa: A004 - its name
from vtlsim.jsonpath import filters as filters_module
from vtlsim.jsonpath.evaluate import Reader
from vtlsim.jsonpath.filters import filter_test, passing
from vtlsim.jsonpath.parser import parse
from vtlsim.jsonpath.reading import Bounds, Reading, Thrown
from vtlsim.values.collections import JSONArray
from vtlsim.values.json_reader import read


def decide(expression, value):
    test = passing(filter_test(expression, Reader))
    try:
        return test(value, Reading(value, Bounds()))
    except Thrown as thrown:
        return thrown.java_class


def test_the_shortcut_decides_as_the_operators_do(monkeypatch):
    maker = Generator("shortcut")
    values = [{"a": maker.scalar()} for _ in range(60)] + [{}, {"a": {}}, {"a": JSONArray()}, None, 1, JSONArray()]
    for _ in range(150):
        sign = maker.random.choice(["==", "!=", "<", "<=", ">", ">="])
        literal = maker.literal().replace("e+", "e")  # Jayway's numbers have no plus
        (step,) = parse(f"$[?(@.a {sign} {literal})]").steps
        quick = [decide(step.expression, value) for value in values]
        with monkeypatch.context() as patch:
            patch.setattr(filters_module, "_shortcut", lambda *_: None)
            slow = [decide(step.expression, value) for value in values]
        assert quick == slow, step


@pytest.mark.parametrize(
    "path, found",
    [
        ("$[?(@.a && @.b)]", [{"a": 1, "b": 2}]),
        ("$[?(@.a && @.b || @.c)].c", [3]),
        ("$[?(!(@.a) && !@.c)]", [{}]),
        ("$[?(@.a == 1 && @.b == 2 && @.b > 1)].b", [2]),
        ("$[?(@.a == 9 || @.b == 9 || @.c == 3)].c", [3]),
        ("$[?($[0].a == @.a)].b", [2]),
        ("$[?(@.a in $..a)].b", [2]),
    ],
)
def test_logic(path, found):
    assert compile(path).read(read('[{"a": 1, "b": 2}, {"c": 3}, {}]')) == found


def test_what_cannot_be_decided_is_no_match_but_what_java_throws_ends_the_reading():
    document = read('[{"a": 1}, {"a": [{"b": 1}]}, {"a": {}}]')
    assert compile("$[?(@.a in 1)]").read(document) == []
    assert compile("$[?(!(@.a in 1))]").read(document) == []
    with pytest.raises(EvaluationError) as caught:
        compile("$[?(@.a contains 1)]").read(document)
    assert caught.value.java_class == "com.jayway.jsonpath.JsonPathException"
    with pytest.raises(EvaluationError) as caught:
        compile("$[?(@.a empty true)]").read(document)
    assert caught.value.java_class == "java.lang.ClassCastException"


def test_there_is_no_decimal_of_infinity():
    document = JSONArray([{"a": float("inf")}])
    for sign in ("==", "<", "in"):
        with pytest.raises(EvaluationError) as caught:
            compile(f"$[?(@.a {sign} {'[1]' if sign == 'in' else 1})]").read(document)
        assert caught.value.java_class == "java.lang.NumberFormatException"


def test_utf_16_order():
    document = JSONArray(["\uffee", "😀"])
    assert compile("$[?(@ < '\uffee')]").read(document) == ["😀"]
    assert compile("$[?(@ size 2)]").read(document) == ["😀"]
