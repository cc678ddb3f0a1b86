from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtlsim.values.collections import (
    Entry,
    EntrySet,
    HashMap,
    JavaArray,
    JSONArray,
    KeySet,
    LazyRange,
    QuietMap,
    SubList,
    ValuesView,
    key_of,
)
from vtlsim.values.numbers import BigInteger, Float, Long
from vtlsim.values.objects import DEPTH, JavaException, JavaObject
from vtlsim.values.order import (
    compare,
    equal,
    greater,
    greater_or_equal,
    java_equals,
    java_hash,
    less,
    less_or_equal,
)
from vtlsim.values.text import Character

NAN = float("nan")

# value, value, whether Velocity's == and Java's equals hold
PAIRS = [
    ("a", "a", True, True),
    ("a", "b", False, False),
    ("1", 1, True, False),
    ("true", True, True, False),
    ("a", Character("a"), True, False),
    ("", None, False, False),
    (None, None, True, True),
    ("null", None, False, False),
    (1, 1.0, True, False),
    (1, Long(1), True, False),
    (1, BigInteger(1), True, False),
    (1, True, False, False),
    (2**40, 2**40, True, True),
    (0.0, -0.0, True, False),
    (NAN, float("nan"), True, True),
    (NAN, 5, True, False),
    (Float(0.1), 0.1, False, False),
    (Decimal("1.0"), Decimal("1.00"), True, False),
    (Decimal("1.0"), Decimal("1.0"), True, True),
    (2**53 + 1, Decimal(2**53), True, False),
    ([1], [1], True, True),
    ([1], [1.0], False, False),
    ([1], JSONArray([1]), True, True),
    (LazyRange(1, 3), [1, 2, 3], True, True),
    ([1, 2, 3], LazyRange(1, 3), True, True),
    (["a"], SubList(["a"], 0, 1), True, True),
    (JSONArray(["a"]), SubList(["a"], 0, 1), False, True),
    ([1], "[1]", True, False),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True, True),
    ({"a": 1}, HashMap({"a": 1}), True, True),
    ({"a": 1}, QuietMap({"a": 1}), False, True),
    (QuietMap({"a": 1}), "", True, False),
    ({"a": 1}, {"a": 1.0}, False, False),
    ({"a": None}, {"b": None}, False, False),
    ({key_of(1): 1}, {key_of(True): 1}, False, False),
    ({key_of([1]): 1}, {key_of(JSONArray([1])): 1}, True, True),
    (KeySet({"a": 1}), KeySet({"a": 2}), True, True),
    (KeySet({"a": 1}), ["a"], True, False),
    (EntrySet({"a": [1]}), EntrySet({"a": JSONArray([1])}), True, True),
    (EntrySet({"a": [1]}), EntrySet({"a": [2]}), False, False),
    (KeySet({"a": 1}), EntrySet({"a": 1}), False, False),
    (Entry({"a": [1]}, "a"), Entry(HashMap({"a": [1]}), "a"), True, True),
    (ValuesView({"a": 1}), ValuesView({"a": 1}), False, False),
    (JavaArray([1]), JavaArray([1]), False, False),
    (JavaObject(), JavaObject(), False, False),
]


@pytest.mark.parametrize("one, two, same, identical", PAIRS, ids=repr)
def test_equal(one, two, same, identical):
    assert equal(one, two) is same
    assert equal(two, one) is same
    assert java_equals(one, two) is identical
    assert java_equals(two, one) is identical


@pytest.mark.parametrize("one, two, same, identical", [pair for pair in PAIRS if pair[3]], ids=repr)
def test_what_is_equal_has_the_same_hash(one, two, same, identical):
    assert java_hash(one) == java_hash(two)


@pytest.mark.parametrize(
    "value, expected",
    [
        (None, 0),
        ("", 0),
        ("a", 97),
        ("Aa", 2112),
        ("BB", 2112),
        ("polygenelubricants", -(2**31)),
        ("😀", 31 * 0xD83D + 0xDE00),
        (Character("a"), 97),
        (True, 1231),
        (False, 1237),
        (-5, -5),
        (Long(-1), 0),
        (2**32, 1),
        (BigInteger(-7), -7),
        (2**64, 961),
        (1.0, 1072693248),
        (-0.0, -(2**31)),
        (Float(1), 1065353216),
        (Decimal("1.0"), 311),
        ([], 1),
        (["a", None], (31 + 97) * 31),
        ({}, 0),
        ({"a": 1}, 97 ^ 1),
        (KeySet({"a": 1, "b": 1}), 97 + 98),
    ],
    ids=repr,
)
def test_hash(value, expected):
    assert java_hash(value) == expected


@pytest.mark.parametrize(
    "left, right, expected",
    [
        (1, 2, -1),
        (2**70, 1, 1),
        (1, 1.5, -1),
        (2**53 + 1, 2.0**53, 0),
        (2**63, 2.0**63, 0),
        (Float(0.5), 1, -1),
        (Float(0.1), 0.1, 1),
        (Decimal("1.0"), 1, 0),
        (NAN, 1, 0),
    ],
)
def test_compare(left, right, expected):
    assert compare(left, right) == expected
    assert compare(right, left) == -expected


@pytest.mark.parametrize("left, right", [(NAN, 2**64), (Decimal(1), float("inf"))])
def test_what_a_decimal_cannot_be_compared_to(left, right):
    with pytest.raises(JavaException, match="Infinite or NaN"):
        compare(left, right)


@given(st.integers(), st.integers())
def test_the_four_orders_belong_together(one, two):
    assert less(one, two) is greater(two, one) is (one < two)
    assert less_or_equal(one, two) is greater_or_equal(two, one) is (one <= two)
    assert less(one, two) is not greater_or_equal(one, two)


@pytest.mark.parametrize("order", [less, less_or_equal, greater, greater_or_equal])
@pytest.mark.parametrize("other", [None, "1", True, [1]], ids=repr)
def test_only_numbers_have_an_order(order, other):
    assert not order(1, other)
    assert not order(other, 1)


def deep(depth):
    value: object = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_depth_is_bounded_and_needs_no_recursion():
    assert java_equals(deep(DEPTH), deep(DEPTH))
    assert java_hash(deep(DEPTH)) == java_hash(deep(DEPTH))
    with pytest.raises(JavaException, match="StackOverflowError"):
        java_equals(deep(DEPTH + 1), deep(DEPTH + 1))
    with pytest.raises(JavaException, match="StackOverflowError"):
        java_hash(deep(DEPTH + 1))


def test_a_value_that_holds_itself():
    one: list = []
    one.append(one)
    two: list = []
    two.append(two)
    assert java_equals(one, one)
    with pytest.raises(JavaException, match="StackOverflowError"):
        java_equals(one, two)
    with pytest.raises(JavaException, match="StackOverflowError"):
        java_hash(one)


def test_a_small_value_that_unfolds_to_a_huge_one_is_compared_and_hashed_at_once():
    def unfolding():
        value: object = ["x"]
        for _ in range(100):
            value = [value, {"a": value}]
        return value

    assert java_equals(unfolding(), unfolding())
    assert java_hash(unfolding()) == java_hash(unfolding())


def test_objects_say_themselves_what_equals_them():
    class Agreeable(JavaObject):
        __slots__ = ()

        def java_equals(self, other):
            return True

    assert java_equals(Agreeable(), JavaObject())
    assert equal(Agreeable(), JavaObject())
    assert not equal(JavaObject(), Agreeable())


def test_a_kind_of_map_is_compared_as_what_it_is_a_kind_of():
    class Special(QuietMap):
        __slots__ = ()

    special = Special({"a": 1})
    assert java_equals(special, {"a": 1})
    assert java_equals({"a": 1}, special)
    assert java_hash(special) == java_hash({"a": 1})
    assert equal(special, HashMap({"a": 1}))
    assert equal(special, "")
    assert not equal(special, {"a": 1})
