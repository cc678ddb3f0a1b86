"""java.lang.Comparable and java.util.Comparator: putting values in order.

What may live here: the natural order of two values, comparators as values, and their methods. No template can write a
comparator; these are the ones that Java's own methods hand out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values import text as texts
from vtlsim.values.objects import JavaObject
from vtlsim.velocity.java.problems import LimitReached, class_cast, null_pointer

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.velocity.java.introspection import Table


def natural(one: object, other: object) -> int:
    """``((Comparable) one).compareTo(other)``"""
    if one is None:
        raise null_pointer()
    from vtlsim.velocity.java import types

    method = types.type_of_value(one).choose("compareTo", ("",))
    if method is None:
        raise class_cast(texts.class_name(one), "java.lang.Comparable")
    return int(method.function(one, other))


class Comparator(JavaObject):
    """java.util.Comparator; ``order`` compares two values, ``java_class`` is its class without the number that Java
    gives to a nameless one.
    """

    __slots__ = ("java_class", "order")

    def __init__(self, order: Callable[[Any, Any], int], java_class: str) -> None:
        self.order = order
        self.java_class = java_class  # type: ignore[misc]

    def java_text(self) -> str:
        """The natural order is one of an enum and says its name; all others are nameless."""
        return "INSTANCE" if self.java_class == _NATURAL else super().java_text() or ""


_NATURAL: Final = "java.util.Comparators$NaturalOrderComparator"
_REVERSE: Final = "java.util.Collections$ReverseComparator"


def sort(items: list[object], comparator: Comparator | None) -> list[object]:
    """The items in order, equal ones as they were; the natural order where there is no comparator."""
    if comparator is None:
        from vtlsim.velocity.java.introspection import kind_of

        kinds = set(map(kind_of, items)) if None not in items else set()
        if len(kinds) == 1:
            kind = kinds.pop()
            if kind == "String":
                from vtlsim.velocity.java.units import units

                return sorted(items, key=units)  # type: ignore[arg-type]
            if kind in _ORDERED_BY_PYTHON:
                return sorted(items)  # type: ignore[type-var]
    if len(items) > _MANY:
        raise LimitReached("COLLECTION_ITEMS")
    from functools import cmp_to_key

    return sorted(items, key=cmp_to_key(natural if comparator is None else comparator.order))


_ORDERED_BY_PYTHON: Final = frozenset(("Integer", "Long", "BigInteger", "Boolean"))
_MANY: Final = 200_000
"""Items that are put in order by comparing any two of them, which takes its time."""


def natural_order() -> Comparator:
    """``Comparator.naturalOrder()``"""
    return Comparator(natural, _NATURAL)


def reverse_order() -> Comparator:
    """``Comparator.reverseOrder()``"""
    return Comparator(lambda one, other: natural(other, one), _REVERSE)


def reversed_(comparator: Comparator) -> Comparator:
    """``reversed()``"""
    kind = {_NATURAL: _REVERSE, _REVERSE: _NATURAL}.get(comparator.java_class, f"{_REVERSE}2")
    return Comparator(lambda one, other: comparator.order(other, one), kind)


def _then(comparator: Comparator, other: Comparator | None) -> Comparator:
    if other is None:
        raise null_pointer()
    second = other.order
    return Comparator(lambda one, two: comparator.order(one, two) or second(one, two), "java.util.Comparator$$Lambda")


def _nulls(comparator: Comparator | None, sign: int) -> Comparator:
    def order(one: object, other: object) -> int:
        if one is None or other is None:
            return 0 if one is other else sign if one is None else -sign
        return 0 if comparator is None else comparator.order(one, other)

    return Comparator(order, "java.util.Comparators$NullComparator")


def by_part(part: str, comparator: Comparator | None = None) -> Comparator:
    """``Map.Entry.comparingByKey()`` and ``comparingByValue()``; ``part`` is ``key`` or ``value``"""
    inner = natural if comparator is None else comparator.order

    def order(one: Any, other: Any) -> int:
        _check_entries(one, other)
        return inner(one.key, other.key) if part == "key" else inner(one.value, other.value)

    return Comparator(order, "java.util.Map$Entry$$Lambda")


def _check_entries(*values: object) -> None:
    from vtlsim.velocity.java.introspection import kind_of

    for value in values:
        if value is not None and kind_of(value) != "Entry":
            raise class_cast(texts.class_name(value), "java.util.Map$Entry")
    if None in values:
        raise null_pointer()


def by_part_with(part: str) -> Callable[[Comparator | None], Comparator]:
    """The same with a comparator of one's own, which may not be null."""

    def make(comparator: Comparator | None) -> Comparator:
        if comparator is None:
            raise null_pointer()
        return by_part(part, comparator)

    return make


def _nothing_but_null(*_arguments: object) -> object:
    """A method that takes a function: no template can get one, null alone"""
    raise null_pointer()


COMPARATOR: Final[Table] = {
    "compare(Object,Object)": lambda value, one, other: value.order(one, other),
    "static reverseOrder()": reverse_order,
    "static comparing(Function)": _nothing_but_null,
    "static comparing(Function,Comparator)": _nothing_but_null,
    "thenComparing(Comparator)": _then,
    "thenComparing(Function,Comparator)": _nothing_but_null,
    "thenComparing(Function)": _nothing_but_null,
    "static comparingInt(ToIntFunction)": _nothing_but_null,
    "static comparingLong(ToLongFunction)": _nothing_but_null,
    "static comparingDouble(ToDoubleFunction)": _nothing_but_null,
    "reversed()": reversed_,
    "thenComparingInt(ToIntFunction)": _nothing_but_null,
    "thenComparingLong(ToLongFunction)": _nothing_but_null,
    "thenComparingDouble(ToDoubleFunction)": _nothing_but_null,
    "static naturalOrder()": natural_order,
    "static nullsFirst(Comparator)": lambda comparator: _nulls(comparator, -1),
    "static nullsLast(Comparator)": lambda comparator: _nulls(comparator, 1),
}
