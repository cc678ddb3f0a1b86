"""What ``..`` finds is recorded from Java in fixtures/jsonpath/corpus.json (documents ``deep`` and ``marks``)."""

import pytest

from vtlsim.jsonpath import EvaluationError, compile  # noqa: A004 - its name
from vtlsim.values.collections import HashMap
from vtlsim.values.json_reader import read


def test_objects_come_before_what_they_hold():
    document = read('{"x": {"x": {"x": 1}}, "l": [{"x": 2}, {"y": {"x": 3}}]}')
    assert compile("$..x").read(document) == [{"x": {"x": 1}}, {"x": 1}, 1, 2, 3]


def test_a_step_remembers_the_array_index_that_it_was_told():
    # Jayway 2.9: after the array, the last step takes what comes from index 0 only, and nothing that comes by name.
    document = read('{"m": [{"x": 1}, {"x": 2}], "n": {"m": [{"x": 3}]}}')
    assert compile("$..[0].x").read(document) == [1, 3]
    assert compile("$..[*].x").read(document) == []
    assert compile("$..[0].x", "2.0").read(document) == [1, 2, 3]


def test_a_reading_forgets():
    path = compile("$..[0].x")
    document = read('[{"x": 1}, {"x": 2}]')
    assert path.read(document) == [1]
    assert path.read(document) == [1]


def test_hash_order():
    assert compile("$..*").read(HashMap({"b": 1, "a": 2})) == [2, 1]


def test_nothing_behind_the_dots():
    with pytest.raises(EvaluationError) as caught:
        compile("$..length()").read({})
    assert caught.value.java_class == "java.lang.IllegalStateException"
