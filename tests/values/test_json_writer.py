import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtlsim.values import pieces
from vtlsim.values.collections import (
    Entry,
    HashMap,
    JavaArray,
    JavaIterator,
    JSONArray,
    KeySet,
    LazyRange,
    QuietMap,
    key_of,
)
from vtlsim.values.json_writer import write, write_array
from vtlsim.values.numbers import BigInteger, Float
from vtlsim.values.objects import DEPTH, TEXT_CHARACTERS, JavaException, JavaObject
from vtlsim.values.text import Character

# json-smart 2.2; fixtures/values/one_value.json has its own answers. A third text where JSONArray.toString() differs.
WRITTEN = [
    (None, "null"),
    (True, "true"),
    ("a", '"a"'),
    ("a/b", '"a/b"', '"a\\/b"'),
    ('"\\\b\f\n\r\t', '"\\"\\\\\\b\\f\\n\\r\\t"'),
    ("\x00\x1f\x7f\x80\x9f\xa0", '"\\u0000\\u001F\\u007F\\u0080\\u009F\xa0"'),
    ("\u1fff\u2000\u2028\u20ac\u20ff\u2100", '"\u1fff\\u2000\\u2028\\u20AC\\u20FF\u2100"'),
    ("é😀\ud800", '"é😀\ud800"'),
    (2**80, str(2**80)),
    (BigInteger(1), "1"),
    (1.0, "1.0"),
    (1e10, "1.0E10"),
    (float("nan"), "NaN"),
    (float("inf"), "null"),
    (Float("-inf"), "null"),
    (Float(0.1), "0.1"),
    (Decimal("1E+5"), "1E+5"),
    ({}, "{}"),
    ([], "[]"),
    (
        {"a": 1, "b": [True, None, {"c/": "/"}]},
        '{"a":1,"b":[true,null,{"c/":"/"}]}',
        '{"a":1,"b":[true,null,{"c\\/":"\\/"}]}',
    ),
    ({key_of(1.5): 1, key_of([1]): 2, 5: 3}, '{"1.5":1,"[1]":2,"5":3}'),
    (HashMap({"b": 1, "a": 2}), '{"a":2,"b":1}'),
    (QuietMap({"a": QuietMap()}), '{"a":{}}'),
    (JSONArray([LazyRange(1, 3), KeySet({"k": 1}), JavaArray([1])]), '[[1,2,3],["k"],[1]]'),
    ([JavaObject(), Character("a")], "[{},{}]"),
]


@pytest.mark.parametrize("row", WRITTEN, ids=lambda row: repr(row[0])[:40])
def test_both_styles(row):
    value, compact, *web = row
    assert write(value) == compact
    assert write_array(value) == (web[0] if web else compact)


SIMPLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(SIMPLE)
def test_what_is_written_is_json(value):
    assert json.loads(write(value)) == value
    assert json.loads(write_array(value)) == value
    assert write_array(value) == write(value).replace("/", "\\/")


@pytest.mark.parametrize(
    "value, thrown",
    [
        ({key_of(None): 1}, "java.lang.NullPointerException"),
        ([Entry({"a": 1}, "a")], "java.lang.IllegalAccessError"),
        (JavaIterator([]), "java.lang.IllegalAccessError"),
    ],
)
def test_what_cannot_be_written(value, thrown):
    with pytest.raises(JavaException) as caught:
        write(value)
    assert caught.value.java_class == thrown


def test_depth_is_bounded_and_needs_no_recursion():
    value: object = 1
    for _ in range(DEPTH):
        value = {"a": [value]} if isinstance(value, int) else {"a": value}
    with pytest.raises(JavaException, match="StackOverflowError"):
        write(value)
    inner = value["a"]  # type: ignore[index]
    assert write(inner).count("{") == DEPTH - 1


def test_a_value_that_holds_itself_overflows_the_stack():
    items: list = []
    items.append(items)
    with pytest.raises(JavaException, match="StackOverflowError"):
        write(items)


@pytest.mark.parametrize(
    "leaf",
    ["x" * 1_000, {"k" * 1_000: 1}, 10**4_000, Decimal("1" * 1_000), [1] * 30_000],
    ids=["text", "key", "integer", "decimal", "list"],
)
def test_a_small_value_that_unfolds_to_a_huge_one_costs_no_memory(leaf, monkeypatch):
    monkeypatch.setattr(pieces, "TEXT_CHARACTERS", 200_000)
    value: object = [leaf]
    for _ in range(60):
        value = [value, value]
    with pytest.raises(JavaException, match="OutOfMemoryError"):
        write(value)


def test_the_bound_is_what_is_written():
    assert len(write(["x" * (TEXT_CHARACTERS - 5)])) == TEXT_CHARACTERS - 1
    with pytest.raises(JavaException, match="OutOfMemoryError"):
        write(["x" * TEXT_CHARACTERS])


def test_long_keys_count_once(monkeypatch):
    monkeypatch.setattr(pieces, "TEXT_CHARACTERS", 30_000)
    value = [{"k" * 1_000: "x"}, {"k" * 1_000: [1]}] * 10
    assert len(write(value)) < 30_000
    with pytest.raises(JavaException, match="OutOfMemoryError"):
        write(value * 2)


def test_a_kind_of_map_or_list_is_written_as_what_it_is_a_kind_of():
    class Special(QuietMap):
        __slots__ = ()

    assert write([Special({"a": 1})]) == '[{"a":1}]'
