"""How values compare: Velocity's ``==`` and ``<``, Java's ``equals``, ``hashCode`` and ``compareTo``.

What may live here: functions of one or two values of any types that say which is the same or comes first.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from vtlsim.values.arithmetic import BIG_DECIMAL, DOUBLE, as_decimal, base_of
from vtlsim.values.collections import (
    ByType,
    Entry,
    EntrySet,
    HashMap,
    JavaArray,
    JSONArray,
    KeySet,
    LazyRange,
    QuietMap,
    SubList,
    key_of,
    key_value,
)
from vtlsim.values.numbers import BigInteger, Byte, Float, Long, Short, integer_type, is_decimal, is_number, unscaled
from vtlsim.values.objects import DEPTH, JavaObject, stack_overflow
from vtlsim.values.text import Character, class_name, text_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from vtlsim.values.numbers import Number

# -- Velocity's operators ---------------------------------------------------------------------------------------------


def equal(left: object, right: object) -> bool:
    """``left == right``: numbers by value, values of related classes by ``equals``, all others by their text.

    Source: ASTEQNode of Velocity 1.7; ASTNENode is its opposite.
    """
    kind, other = type(left), type(right)
    if kind is other and (kind is str or kind is int):
        return left == right
    if kind is str or other is str:
        return left is not None and right is not None and text_or_none(left) == text_or_none(right)
    if is_number(left) and is_number(right):
        return compare(left, right) == 0  # type: ignore[arg-type]
    if left is not None and right is not None and _related(left, right):
        return java_equals(left, right)
    return (None if left is None else text_or_none(left)) == (None if right is None else text_or_none(right))


def less(left: object, right: object) -> bool:
    """``left < right``; False unless both are numbers."""
    if type(left) is int and type(right) is int:
        return left < right
    return is_number(left) and is_number(right) and compare(left, right) < 0  # type: ignore[arg-type]


def less_or_equal(left: object, right: object) -> bool:
    """``left <= right``; False unless both are numbers."""
    if type(left) is int and type(right) is int:
        return left <= right
    return is_number(left) and is_number(right) and compare(left, right) <= 0  # type: ignore[arg-type]


def greater(left: object, right: object) -> bool:
    """``left > right``; False unless both are numbers."""
    if type(left) is int and type(right) is int:
        return left > right
    return is_number(left) and is_number(right) and compare(left, right) > 0  # type: ignore[arg-type]


def greater_or_equal(left: object, right: object) -> bool:
    """``left >= right``; False unless both are numbers."""
    if type(left) is int and type(right) is int:
        return left >= right
    return is_number(left) and is_number(right) and compare(left, right) >= 0  # type: ignore[arg-type]


def compare(left: Number, right: Number) -> int:
    """MathUtils.compare: -1, 0 or 1. NaN is neither less nor greater than any Double or Float, so it is 0 to all.

    Raises JavaException(NumberFormatException) for NaN or an infinity beside a BigInteger or BigDecimal.
    """
    if isinstance(left, int) and isinstance(right, int):
        return (left > right) - (left < right)
    base = base_of(left, right)
    if base == BIG_DECIMAL:
        first, second = as_decimal(left), as_decimal(right)
        return (first > second) - (first < second)
    make = float if base == DOUBLE else Float
    one, two = make(left), make(right)  # type: ignore[arg-type]
    return (one > two) - (one < two)


_CLASSES: Final[ByType[str]] = ByType(
    {
        list: "ArrayList",
        LazyRange: "ArrayList",
        JSONArray: "JSONArray",
        SubList: "SubList",
        HashMap: "HashMap",
        QuietMap: "QuietMap",
        JavaArray: None,
        dict: "LinkedHashMap",
    }
)
_EXTENDED: Final = {"JSONArray": "ArrayList", "LinkedHashMap": "HashMap", "QuietMap": "HashMap"}


def _related(left: object, right: object) -> bool:
    """Whether one value's class is the other's or extends it."""
    one, two = _CLASSES[type(left)], _CLASSES[type(right)]
    if one is not None and two is not None:
        return one == two or _EXTENDED.get(one) == two or _EXTENDED.get(two) == one
    if isinstance(left, JavaArray) and isinstance(right, JavaArray):
        return left.component == right.component or "java.lang.Object" in (left.component, right.component)
    if isinstance(left, JavaObject) and isinstance(right, JavaObject):
        return isinstance(left, type(right)) or isinstance(right, type(left))
    return type(left) is type(right) and class_name(left) == class_name(right)


# -- equals -----------------------------------------------------------------------------------------------------------


def java_equals(left: object, right: object) -> bool:
    """``left.equals(right)``, and whether both are null where ``left`` is.

    Raises JavaException(StackOverflowError) for collections inside one another deeper than :data:`DEPTH`.
    """
    if left is right:
        return True
    kind = type(left)
    if _PARTS[kind] is not None:
        return _nested_equal(left, right)
    if isinstance(left, JavaObject):
        return left.java_equals(right)
    if kind is not type(right):
        return False
    if isinstance(left, float):
        if left != left:  # noqa: PLR0124 - NaN is what differs from itself
            return right != right  # noqa: PLR0124 - as above
        return left == right and repr(left) == repr(right)  # zero has two signs
    if is_decimal(left):
        return unscaled(left) == unscaled(right)  # type: ignore[arg-type]
    return kind in _BY_VALUE and left == right


_BY_VALUE: Final = frozenset((str, int, bool, Character, Long, BigInteger, Short, Byte))
_Pairs: TypeAlias = "list[tuple[object, object]]"


def _nested_equal(left: object, right: object) -> bool:
    """Collections are equal when all pairs of their parts are, so pairs wait in a list instead of on a stack. One that
    was found equal is not looked at again (a small value can hold another very often); one that is met inside itself
    would go on forever.
    """
    waiting: list[tuple[object, object] | None] = [(left, right)]  # None: the pair opened last is done with
    open_: dict[tuple[int, int], tuple[object, object]] = {}
    done: dict[tuple[int, int], tuple[object, object]] = {}
    while waiting:
        pair = waiting.pop()
        if pair is None:
            known, pair = open_.popitem()
            done[known] = pair
            continue
        one, two = pair
        numbers = (id(one), id(two))
        if numbers in done:
            continue
        if numbers in open_ or len(open_) == DEPTH:
            raise stack_overflow()
        find_parts = _PARTS[type(one)]
        assert find_parts is not None
        parts = find_parts(one, two)
        if parts is None:
            return False
        open_[numbers] = pair
        waiting.append(None)
        waiting += parts
    return True


def _unequal(pairs: Iterable[tuple[object, object]], later: _Pairs) -> bool:
    """Whether two values that hold no others differ; those that do hold others are kept for later."""
    for one, two in pairs:
        if one is two:
            continue
        if _PARTS[type(one)] is not None:
            later.append((one, two))
        elif not java_equals(one, two):
            return True
    return False


def _list_parts(left: Any, right: Any) -> _Pairs | None:
    if _PARTS[type(right)] is not _list_parts or len(left) != len(right):
        return None
    later: _Pairs = []
    return None if _unequal(zip(left, right, strict=True), later) else later


def _map_parts(left: Any, right: Any) -> _Pairs | None:
    if not isinstance(right, dict) or len(left) != len(right) or not all(key in right for key in left):
        return None
    later: _Pairs = []
    return None if _unequal(((value, right[key]) for key, value in left.items()), later) else later


def _set_parts(left: Any, right: Any) -> _Pairs | None:
    if type(right) not in (KeySet, EntrySet) or len(left) != len(right):
        return None
    if type(left) is KeySet:
        return [] if all(item in left for item in right) else None
    if type(right) is KeySet or not all(key_of(entry.key) in left.map for entry in right):
        return None
    later: _Pairs = []
    return None if _unequal(((left.map[key_of(entry.key)], entry.value) for entry in right), later) else later


def _entry_parts(left: Any, right: Any) -> _Pairs | None:
    if type(right) is not Entry:
        return None
    later: _Pairs = []
    return None if _unequal(((left.key, right.key), (left.value, right.value)), later) else later


_PARTS: Final[ByType[Callable[[Any, Any], _Pairs | None]]] = ByType(
    {
        list: _list_parts,
        LazyRange: _list_parts,
        SubList: _list_parts,
        dict: _map_parts,
        KeySet: _set_parts,
        EntrySet: _set_parts,
        Entry: _entry_parts,
        JavaArray: None,
    }
)
"""For each type whose values are equal by their parts: the pairs that remain to be compared, None for unequal."""

# -- hashCode ---------------------------------------------------------------------------------------------------------


def java_hash(value: object) -> int:
    """``hashCode()``, a signed 32-bit number; 0 for None, as a HashMap takes it.

    Raises JavaException(StackOverflowError) for collections inside one another deeper than :data:`DEPTH`.
    """
    if isinstance(value, str):
        return _short_text_hash(str(value)) if len(value) <= _SHORT else _text_hash(value)
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, int):
        return _integer_hash(value)
    if value is None:
        return 0
    if _HASHES[type(value)] is not None:
        return _nested_hash(value)
    if isinstance(value, float):
        return _float_hash(value)
    if is_decimal(value):
        number, scale = unscaled(value)  # type: ignore[arg-type]
        return _signed(31 * _big_hash(number) + scale)
    if isinstance(value, JavaObject):
        return value.java_hash()
    return _text_hash(class_name(value))


_SHORT: Final = 64


def _signed(number: int) -> int:
    return (number + 0x80000000 & 0xFFFFFFFF) - 0x80000000


def _text_hash(value: str) -> int:
    """String.hashCode: over UTF-16 units."""
    number = 0
    if value.isascii():
        for unit in value.encode():
            number = (31 * number + unit) & 0xFFFFFFFF
    else:
        units = value.encode("utf-16-le", "surrogatepass")
        for low, high in zip(units[::2], units[1::2], strict=True):
            number = (31 * number + (high << 8 | low)) & 0xFFFFFFFF
    return _signed(number)


_short_text_hash: Final = lru_cache(maxsize=4096)(_text_hash)
"""A map's keys are hashed whenever its order is asked for, and they are few."""


def _integer_hash(value: int) -> int:
    kind = integer_type(value)
    if kind == "BigInteger":
        return _big_hash(value)
    return _signed(value ^ value >> 32) if kind == "Long" else int(value)


def _big_hash(value: int) -> int:
    """BigInteger.hashCode: over the magnitude's 32-bit words."""
    size = abs(value)
    number = 0
    words = size.to_bytes((size.bit_length() + 31) // 32 * 4, "big")
    for start in range(0, len(words), 4):
        number = (31 * number + int.from_bytes(words[start : start + 4], "big")) & 0xFFFFFFFF
    return _signed(-number if value < 0 else number)


def _float_hash(value: float) -> int:
    from struct import pack

    nan = value != value  # noqa: PLR0124 - NaN is what differs from itself
    if type(value) is Float:
        return _signed(0x7FC00000 if nan else int.from_bytes(pack(">f", value), "big"))
    bits = 0x7FF8000000000000 if nan else int.from_bytes(pack(">d", value), "big")
    return _signed(bits ^ bits >> 32)


def _nested_hash(value: object) -> int:
    """A collection's hash, without recursion. What was hashed once is not hashed again."""
    known: dict[int, tuple[int, object]] = {}
    open_ = [(value, _hash_steps(value))]
    answer = 0
    sent: int | None = None
    while open_:
        current, steps = open_[-1]
        try:
            part = next(steps) if sent is None else steps.send(sent)
        except StopIteration as end:
            open_.pop()
            answer = sent = end.value
            known[id(current)] = (answer, current)
            continue
        if _HASHES[type(part)] is None:
            sent = java_hash(part)
        elif id(part) in known:
            sent = known[id(part)][0]
        else:
            if len(open_) == DEPTH:
                raise stack_overflow()
            open_.append((part, _hash_steps(part)))
            sent = None
    return answer


def _hash_steps(value: object) -> Generator[object, int, int]:
    steps = _HASHES[type(value)]
    assert steps is not None
    return steps(value)


def _list_hash(value: Any) -> Generator[object, int, int]:
    number = 1
    for item in value:
        number = (31 * number + (yield item)) & 0xFFFFFFFF
    return _signed(number)


def _set_hash(value: Any) -> Generator[object, int, int]:
    number = 0
    for item in value:
        number += yield item
    return _signed(number)


def _map_hash(value: Any) -> Generator[object, int, int]:
    number = 0
    for key, item in value.items():
        number += (yield key_value(key)) ^ (yield item)
    return _signed(number)


def _entry_hash(value: Entry) -> Generator[object, int, int]:
    return (yield value.key) ^ (yield value.value)


_HASHES: Final[ByType[Callable[[Any], Generator[object, int, int]]]] = ByType(
    {
        list: _list_hash,
        LazyRange: _list_hash,
        SubList: _list_hash,
        dict: _map_hash,
        KeySet: _set_hash,
        EntrySet: _set_hash,
        Entry: _entry_hash,
        JavaArray: None,
    }
)
