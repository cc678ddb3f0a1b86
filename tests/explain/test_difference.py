"""A difference says where, and what was expected there."""

from __future__ import annotations

import pytest

from vtlsim.explain.difference import MOST, of_texts, of_values

SAME = [(1, 1.0), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ([], []), (None, None), ("é", "é")]

DIFFERENT = [
    ({"a": 1}, {"a": 2}, "$.a: expected 1, got 2"),
    ({"a": 1}, {}, "$.a: missing, expected 1"),
    ({}, {"a-b": [1]}, '$["a-b"]: not expected, got [1]'),
    ([1, 2], [1], "$[1]: missing, expected 2"),
    ([1], [1, None], "$[1]: not expected, got null"),
    (True, 1, "$: expected true, got 1"),
    (0, False, "$: expected 0, got false"),
    ("1", 1, '$: expected "1", got 1'),
    ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, '$.a[0].b: expected "x", got "y"'),
    ({"a": {}}, {"a": []}, "$.a: expected {}, got []"),
]


@pytest.mark.parametrize("expected, actual", SAME)
def test_equal_values_have_no_difference(expected, actual):
    assert of_values(expected, actual) == ""


@pytest.mark.parametrize("expected, actual, line", DIFFERENT)
def test_a_difference_names_its_place(expected, actual, line):
    assert of_values(expected, actual) == line


def test_many_differences_are_counted_beyond_a_bound():
    lines = of_values(list(range(50)), [-1] * 50).splitlines()
    assert len(lines) == MOST + 1
    assert lines[-1] == "and 30 more"


def test_texts_differ_line_by_line():
    assert of_texts("a\nb\nc\n", "a\nx\nc\n").splitlines()[-4:] == [" a", "-b", "+x", " c"]


def test_equal_texts_have_no_difference():
    assert of_texts("a", "a") == ""


def test_blanks_are_shown_when_nothing_else_differs():
    assert of_texts("a b\n", "a  b\n").splitlines()[-2:] == ["-a·b␊", "+a··b␊"]


def test_a_missing_last_line_end_is_shown():
    assert of_texts("a\n", "a").splitlines()[-2:] == ["-a␊", "+a"]
