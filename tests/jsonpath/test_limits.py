"""A short path or a large document must not take the machine."""

import time

import pytest

from vtlsim.jsonpath import (
    EvaluationError,
    JsonPathError,
    LimitError,
    PathNotFoundError,
    compile,  # noqa: A004 - its name
    engine,
    explain_missing,
    jsonpath_ng_engine,
    reading,
)
from vtlsim.values.collections import JSONArray


@pytest.fixture
def few_visits(monkeypatch):
    """A bound that is met sooner, to save the tests' time."""
    for module in (reading, jsonpath_ng_engine):
        monkeypatch.setattr(module, "VISITS", 300_000)


def nested(levels, make):
    value = "end"
    for _ in range(levels):
        value = make(value)
    return value


@pytest.mark.parametrize("rules", ["2.9", "2.0"])
def test_deep_documents(rules):
    document = nested(50_000, lambda value: {"a": value})
    assert len(compile("$..a", rules).read(document)) == 50_000
    assert compile("$" + ".a" * 200, rules).read(document)
    arrays = nested(50_000, lambda value: JSONArray([value]))
    assert len(compile("$..[0]", rules).read(arrays)) == 50_000
    assert len(compile("$..*", rules).read(arrays)) == 50_000


def test_long_plain_paths():
    document = nested(5_000, lambda value: {"a": value})
    assert compile("$" + ".a" * 5_000).read(document) == "end"
    with pytest.raises(PathNotFoundError) as caught:
        compile("$" + ".a" * 4_999 + ".b").read(document)
    assert caught.value.message.endswith("['a']['b']")


@pytest.mark.parametrize("rules", ["2.9", "2.0"])
@pytest.mark.parametrize("path", ["$" + "[0,0]" * 60, "$" + "..*" * 8])
def test_paths_that_multiply(path, rules, few_visits):
    document = nested(60, lambda value: JSONArray([value]))
    began = time.perf_counter()
    with pytest.raises(LimitError):
        compile(path, rules).read(document)
    assert time.perf_counter() - began < 30


@pytest.mark.parametrize("rules", ["2.9", "2.0"])
def test_patterns_that_take_long(rules):
    document = JSONArray(["a" * 40 + "!"])
    began = time.perf_counter()
    with pytest.raises(LimitError, match="took too long"):
        compile("$[?(@ =~ /(a|aa)+b?(a|aa)+$/)]", rules).read(document)
    assert time.perf_counter() - began < 5


def test_slices_beyond_the_array():
    document = JSONArray([1, 2, 3])
    assert compile("$[-2147483648:2147483647]").read(document) == [1, 2, 3, 1, 2, 3]
    assert compile("$[-2147483648:]").read(document) == [1, 2, 3]
    assert compile("$[:2147483647]").read(document) == [1, 2, 3]


def test_scans_grow_linearly():
    def took(size):
        document = JSONArray([{"a": {"b": number}} for number in range(size)])
        path = compile("$..b")
        began = time.perf_counter()
        assert len(path.read(document)) == size
        return time.perf_counter() - began

    small = min(took(5_000) for _ in range(3))
    large = min(took(50_000) for _ in range(3))
    assert large < 40 * small


def test_a_message_is_not_made_unless_asked_for():
    document = {"a": {f"k{number}": "x" * 1000 for number in range(2_000)}}
    path = compile("$.a[0]")
    began = time.perf_counter()
    for _ in range(2_000):
        with pytest.raises(PathNotFoundError):
            path.read(document)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("rules", ["2.9", "2.0"])
def test_a_document_that_holds_itself(rules, few_visits):
    document = {"b": 1, "t": JSONArray([1])}
    document["a"] = document
    document["l"] = JSONArray([document])
    assert compile("$.a.a.a.b", rules).read(document) == 1
    with pytest.raises(LimitError):
        compile("$..b", rules).read(document)
    with pytest.raises(JsonPathError) as caught:
        compile("$[0]", rules).read(document)
    assert caught.value.message
    assert explain_missing(compile("$.a.c"), document).names == ("b", "t", "a", "l")
    assert explain_missing(compile("$..c"), document) is None


def test_a_document_that_holds_itself_in_jsonpath_ng(few_visits):
    document = {}
    document["a"] = document
    with pytest.raises(LimitError):
        engine("jsonpath-ng")("$..b").read(document)


def test_comparing_what_holds_itself():
    document = {"a": JSONArray()}
    document["a"].append(document["a"])
    other = JSONArray()
    other.append(other)
    document["b"] = other
    with pytest.raises(EvaluationError):
        compile("$[?(@.a == @.b)]").read(document)
