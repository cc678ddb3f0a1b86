"""The tables of all types, each made when it is first asked for.

What may live here: the one list of which kind of value has which table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.velocity.java.introspection import JavaType, kind_of

if TYPE_CHECKING:
    from vtlsim.velocity.java.introspection import Table

_types: Final[dict[str, JavaType]] = {}


def type_of(kind: str) -> JavaType:
    """The methods of a kind of value; of a kind that has no table those of Object."""
    found = _types.get(kind)
    if found is None:
        from vtlsim.velocity.java.roots import METHODS

        table = _table(kind)
        if table is None:
            kind = "Object"
            if kind in _types:
                return _types[kind]
            table = {}
        found = _types[kind] = JavaType(table, {} if kind in _OWN_ROOTS else METHODS)
    return found


_OWN_ROOTS: Final = frozenset(("Class", "List of array"))


def type_of_value(value: object) -> JavaType:
    """The methods of a value."""
    return type_of(kind_of(value))


def _table(kind: str) -> Table | None:
    return _TEXT_AND_NUMBERS.get(kind, _nothing)() or _collections(kind) or _others(kind)


def _nothing() -> Table | None:
    return None


def _string() -> Table:
    from vtlsim.velocity.java import strings

    return strings.METHODS


def _character() -> Table:
    from vtlsim.velocity.java import booleans

    return booleans.CHARACTER


def _boolean() -> Table:
    from vtlsim.velocity.java import booleans

    return booleans.BOOLEAN


def _integer() -> Table:
    from vtlsim.velocity.java import integers

    return integers.INTEGER


def _long() -> Table:
    from vtlsim.velocity.java import integers

    return integers.LONG


def _short() -> Table:
    from vtlsim.velocity.java import integers

    return integers.SHORT


def _byte() -> Table:
    from vtlsim.velocity.java import integers

    return integers.BYTE


def _big_integer() -> Table:
    from vtlsim.velocity.java import big_integers

    return big_integers.BIG_INTEGER


def _big_decimal() -> Table:
    from vtlsim.velocity.java import big_decimals

    return big_decimals.BIG_DECIMAL


def _double() -> Table:
    from vtlsim.velocity.java import floats

    return floats.DOUBLE


def _float() -> Table:
    from vtlsim.velocity.java import floats

    return floats.FLOAT


_TEXT_AND_NUMBERS: Final = {
    "String": _string,
    "Character": _character,
    "Boolean": _boolean,
    "Integer": _integer,
    "Long": _long,
    "Short": _short,
    "Byte": _byte,
    "BigInteger": _big_integer,
    "BigDecimal": _big_decimal,
    "Double": _double,
    "Float": _float,
}


def _collections(kind: str) -> Table | None:
    match kind:
        case "ArrayList" | "JSONArray" | "SubList" | "List of array":
            from vtlsim.velocity.java import lists

            return {
                "ArrayList": lists.ARRAY_LIST,
                "JSONArray": lists.JSON_ARRAY,
                "SubList": lists.LIST,
                "List of array": lists.ARRAY,
            }[kind]
        case "LinkedHashMap" | "HashMap" | "KeySet" | "EntrySet" | "Values" | "Entry":
            from vtlsim.velocity.java import maps

            return {
                "LinkedHashMap": maps.MAP,
                "HashMap": maps.MAP,
                "KeySet": maps.KEY_SET,
                "EntrySet": maps.ENTRY_SET,
                "Values": maps.VALUES,
                "Entry": maps.ENTRY,
            }[kind]
        case "Iterator" | "ListIterator":
            from vtlsim.velocity.java import iterators

            return iterators.ITERATOR if kind == "Iterator" else iterators.LIST_ITERATOR
        case "ImmutableList" | "ImmutableSet" | "ImmutableMap":
            from vtlsim.velocity.java import immutable

            return {"ImmutableList": immutable.LIST, "ImmutableSet": immutable.SET, "ImmutableMap": immutable.MAP}[kind]
    return None


def _others(kind: str) -> Table | None:
    match kind:
        case "Class":
            from vtlsim.velocity.java import roots

            return roots.CLASS_METHODS
        case "Comparator":
            from vtlsim.velocity.java import comparing

            return comparing.COMPARATOR
        case "Optional" | "OptionalInt" | "OptionalLong" | "OptionalDouble" | "Stream" | "IntStream" | "Spliterator":
            from vtlsim.velocity.java import streams

            return {
                "Optional": streams.OPTIONAL,
                "OptionalInt": streams.OPTIONAL_INT,
                "OptionalLong": streams.OPTIONAL_LONG,
                "OptionalDouble": streams.OPTIONAL_DOUBLE,
                "Stream": streams.STREAM,
                "IntStream": streams.INT_STREAM,
                "Spliterator": streams.SPLITERATOR,
            }[kind]
    return None
