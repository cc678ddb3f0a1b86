"""What the functions give is recorded from Java in fixtures/jsonpath/corpus.json (document ``nums``)."""

import math

import pytest

from vtlsim.jsonpath import compile  # noqa: A004 - its name
from vtlsim.values.collections import JSONArray, KeySet
from vtlsim.values.json_reader import read


def test_append_changes_the_document():
    document = read('{"a": [1]}')
    assert compile("$.a.append(2)").read(document) is document["a"]
    assert document["a"] == [1, 2]


def test_json_arguments_are_read_anew():
    document = read('{"a": []}')
    path = compile('$.a.append({"k": []})')
    path.read(document)
    path.read(document)
    first, second = document["a"]
    assert first == second
    assert first is not second


def test_keys_are_a_live_set():
    document = read('{"a": 1}')
    keys = compile("$.keys()").read(document)
    assert type(keys) is KeySet
    document["b"] = 2
    assert list(keys) == ["a", "b"]


@pytest.mark.parametrize(
    "path, value",
    [("$.sum()", 1.5), ("$.avg()", 0.75), ("$.max()", 1.0), ("$.min()", 0.5), ("$.length()", 4)],
)
def test_numbers_are_doubles_and_booleans_are_none(path, value):
    found = compile(path).read(JSONArray([1, True, 0.5, None]))
    assert found == value
    assert type(found) is type(value)


def test_rounding_below_zero_has_no_deviation():
    assert math.isnan(compile("$.stddev()").read(JSONArray([1e8 + 0.1] * 5)))


def test_large_integers_are_infinite_doubles():
    assert compile("$.max()").read(JSONArray([10**400])) == math.inf
