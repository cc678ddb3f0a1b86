import pytest

from vtlsim.values import pieces
from vtlsim.values import text as texts
from vtlsim.values.collections import (
    Entry,
    EntrySet,
    HashMap,
    JavaArray,
    JavaIterator,
    JSONArray,
    KeySet,
    LazyRange,
    QuietMap,
    SubList,
    ValuesView,
    key_of,
)
from vtlsim.values.numbers import BigInteger, Float, Long
from vtlsim.values.objects import DEPTH, TEXT_CHARACTERS, JavaException, JavaObject
from vtlsim.values.text import Character, class_name, text, text_or_none


class Mute(JavaObject):
    __slots__ = ()
    java_class = "example.Mute"

    def java_text(self):
        return None


TEXTS = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    ("", ""),
    ("a\ud800", "a\ud800"),
    (Character("a"), "a"),
    (0, "0"),
    (-(2**70), str(-(2**70))),
    (Long(5), "5"),
    (BigInteger(-5), "-5"),
    (1.0, "1.0"),
    (1e7, "1.0E7"),
    (Float(0.1), "0.1"),
    ({}, "{}"),
    ({"a": 1, "b": "x"}, "{a=1, b=x}"),
    ({"a": None, key_of(None): True, key_of(1.5): []}, "{a=null, null=true, 1.5=[]}"),
    ([], "[]"),
    (["a", "b"], "[a, b]"),
    ([["a"], {"b": ["c"]}, None], "[[a], {b=[c]}, null]"),
    ({"b": JSONArray([{"c": 5}])}, '{b=[{"c":5}]}'),
    (JSONArray(["a/b", None, 1.5]), '["a\\/b",null,1.5]'),
    ({key_of(["k"]): 1}, "{[k]=1}"),
    (HashMap({"b": 1, "a": {"z": 1, "y": 2}}), "{a={z=1, y=2}, b=1}"),
    (QuietMap({"a": 1}), ""),
    ({"q": QuietMap({"a": 1})}, "{q=}"),
    (LazyRange(1, 3), "[1, 2, 3]"),
    (LazyRange(1, -1), "[1, 0, -1]"),
    (SubList([1, 2, 3, 4], 1, 3), "[2, 3]"),
    (KeySet({"a": 1, "b": 2}), "[a, b]"),
    (ValuesView({"a": 1, "b": []}), "[1, []]"),
    (EntrySet({"a": 1, "b": {}}), "[a=1, b={}]"),
    (Entry({"a": 1}, "a"), "a=1"),
    ([Mute()], "[null]"),
    (Mute(), "null"),
]


@pytest.mark.parametrize("value, expected", TEXTS, ids=lambda value: repr(value)[:40])
def test_text(value, expected):
    assert text(value) == expected


@pytest.mark.parametrize(
    "value, expected",
    [
        ("", "java.lang.String"),
        (Character("a"), "java.lang.Character"),
        (True, "java.lang.Boolean"),
        (1, "java.lang.Integer"),
        (2**31, "java.lang.Long"),
        (Long(1), "java.lang.Long"),
        (2**63, "java.math.BigInteger"),
        (1.0, "java.lang.Double"),
        (Float(1), "java.lang.Float"),
        ({}, "java.util.LinkedHashMap"),
        (HashMap(), "java.util.HashMap"),
        (QuietMap(), "java.util.HashMap"),
        ([], "java.util.ArrayList"),
        (LazyRange(1, 2), "java.util.ArrayList"),
        (JSONArray(), "net.minidev.json.JSONArray"),
        (SubList([], 0, 0), "java.util.ArrayList$SubList"),
        (JavaArray([], "java.lang.String"), "[Ljava.lang.String;"),
        (JavaArray([], "byte"), "[B"),
        (KeySet({}), "java.util.LinkedHashMap$LinkedKeySet"),
        (EntrySet(HashMap()), "java.util.HashMap$EntrySet"),
        (Entry({"a": 1}, "a"), "java.util.LinkedHashMap$Entry"),
        (JavaIterator([]), "java.util.ArrayList$Itr"),
        (Mute(), "example.Mute"),
    ],
    ids=repr,
)
def test_class_name(value, expected):
    assert class_name(value) == expected


@pytest.mark.parametrize("value", [JavaArray([1], "java.lang.String"), JavaIterator([]), JavaObject()])
def test_objects_without_text_of_their_own_print_their_class_and_a_number_that_never_changes(value):
    written = text(value)
    assert written.startswith(class_name(value) + "@")
    assert written == text(value)


def test_null_text_can_be_told_from_the_text_null():
    assert text_or_none(Mute()) is None
    assert text_or_none("null") == "null"


def test_no_java_type_behind_a_value_is_a_fault():
    with pytest.raises(TypeError):
        text(object())


def test_collections_that_hold_themselves():
    items: list = [1]
    items.append(items)
    mapping: dict = {"a": 1}
    mapping["me"] = mapping
    assert text(items) == "[1, (this Collection)]"
    assert text(mapping) == "{a=1, me=(this Map)}"


def test_collections_that_hold_one_another_overflow_the_stack():
    one: list = []
    two = [one]
    one.append(two)
    with pytest.raises(JavaException, match="StackOverflowError"):
        text(one)


def nested(depth, wrap):
    value = wrap("x")
    for _ in range(depth - 1):
        value = wrap(value)
    return value


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: {"a": v}, lambda v: SubList([v], 0, 1)])
def test_depth_is_bounded_and_needs_no_recursion(wrap):
    assert "x" in text(nested(DEPTH, wrap))
    with pytest.raises(JavaException, match="StackOverflowError"):
        text(nested(DEPTH + 1, wrap))


def test_keys_within_keys():
    written = text(nested(60, lambda value: {key_of(value): 1}))
    assert written == "{" * 60 + "x" + "=1}" * 60


def test_a_small_value_with_a_huge_text_costs_no_memory(monkeypatch):
    monkeypatch.setattr(texts, "TEXT_CHARACTERS", 200_000)
    value: object = "x" * 100
    array: object = JSONArray()
    for _ in range(60):
        value = [value, value]
        array = JSONArray([array, array])
    for huge in (value, {"a": value}, ["x" * 150_000] * 2):
        with pytest.raises(JavaException, match="OutOfMemoryError"):
            text(huge)
    monkeypatch.setattr(pieces, "TEXT_CHARACTERS", 200_000)
    with pytest.raises(JavaException, match="OutOfMemoryError"):
        text({"a": array})


def test_the_bound_is_what_is_printed():
    assert len(text(["x" * (TEXT_CHARACTERS - 2)])) == TEXT_CHARACTERS
    with pytest.raises(JavaException, match="OutOfMemoryError"):
        text(["x" * (TEXT_CHARACTERS - 1)])


def test_a_kind_of_map_prints_as_what_it_is_a_kind_of():
    class Quiet(QuietMap):
        __slots__ = ()

    class Loud(HashMap):
        __slots__ = ()

    assert text([Quiet({"a": 1}), Loud({"a": Loud()})]) == "[, {a={}}]"
    assert class_name(Quiet()) == "java.util.HashMap"
