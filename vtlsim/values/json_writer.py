r"""JSON text of a value, as json-smart 2.2 writes it.

What may live here: its two styles of writing. :func:`write` is ``JSONValue.toJSONString(value, LT_COMPRESS)``, which
``$input.json`` gives; :func:`write_array` is ``JSONArray.toString()``, whose style escapes ``/`` besides.

Both escape the control characters, U+007F to U+009F and U+2000 to U+20FF as ``\uXXXX`` in upper case, write no blanks,
leave every other character as it is, lone surrogates too, and write infinite numbers as ``null`` but NaN as ``NaN``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from vtlsim.values.collections import (
    ByType,
    Entry,
    EntrySet,
    JavaIterator,
    KeySet,
    LazyRange,
    SubList,
    ValuesView,
    key_value,
)
from vtlsim.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigInteger,
    Byte,
    Float,
    Long,
    Short,
    decimal_text,
    double_text,
    float_text,
    integer_text,
    is_decimal,
)
from vtlsim.values.objects import DEPTH, JavaException, stack_overflow
from vtlsim.values.pieces import LONG, Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def write(value: object) -> str:
    """Compact JSON in which ``/`` is as it is.

    Raises JavaException: StackOverflowError for values inside one another deeper than :data:`DEPTH`, OutOfMemoryError
    for text longer than :data:`TEXT_CHARACTERS`, NullPointerException for a map with the key null.
    """
    return _write(value, _special(_COMPACT))


def write_array(value: object) -> str:
    r"""Compact JSON in which ``/`` is ``\/``; raises as :func:`write` does."""
    return _write(value, _special(_WEB))


# -- strings ----------------------------------------------------------------------------------------------------------

_COMPACT, _WEB = "", "/"
"""The two styles, by the character that only one of them escapes."""


@cache
def _special(style: str) -> re.Pattern[str]:
    return re.compile(f'["\\\\{style}\x00-\x1f\x7f-\x9f\u2000-\u20ff]')


_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


class _Names(dict[object, str]):
    """The keys of one document as they are written, colon included: records have the same keys again and again."""

    __slots__ = ("special",)

    special: re.Pattern[str]

    def __missing__(self, key: object) -> str:
        text = key if type(key) is str else _key_text(key_value(key))
        name = f'"{text if text.isascii() and text.isalnum() else self.special.sub(_escape, text)}":'
        if len(name) <= LONG:
            self[key] = name
        return name


def _key_text(key: object) -> str:
    if key is None:
        message = 'Cannot invoke "Object.toString()" because the return value of "java.util.Map$Entry.getKey()" is null'
        raise JavaException("java.lang.NullPointerException", message)
    from vtlsim.values.text import text  # text imports this module

    return text(key)


# -- values -----------------------------------------------------------------------------------------------------------

_INTEGERS: Final = {int}
_RUN: Final = 1_000
_MAP, _LIST = True, False
_SHAPES: Final[ByType[bool]] = ByType(
    {
        dict: _MAP,
        list: _LIST,
        LazyRange: _LIST,
        SubList: _LIST,
        KeySet: _LIST,
        ValuesView: _LIST,
        EntrySet: _LIST,
    }
)


def _write(value: Any, special: re.Pattern[str]) -> str:
    """Without recursion: behind the collection that is being written wait the rests of those around it."""
    search, escaped = special.search, special.sub
    if type(value) is str:
        return f'"{escaped(_escape, value)}"'
    is_map = _SHAPES[type(value)]
    if is_map is None:
        return _leaf(value)
    out = Pieces()
    add, add_long = out.append, out.add_long
    names = _Names()
    names.special = special
    waiting: list[tuple[Iterator[Any], bool]] = []
    around = value
    rest: Iterator[Any] = iter(value.items() if is_map else value)
    lead = "{" if is_map else "["
    while True:
        # either loop ends with its collection, or is left at an item that is a collection itself
        if is_map:
            for key, item in rest:
                kind = type(item)
                if kind is str:
                    piece = f'{lead}{names[key]}"{escaped(_escape, item) if search(item) else item}"'
                elif kind is int and LONG_MIN <= item <= LONG_MAX:
                    piece = f"{lead}{names[key]}{item}"
                elif _SHAPES[kind] is not None:
                    add_long(lead + names[key])
                    break
                else:
                    piece = f"{lead}{names[key]}{_leaf(item)}"
                if len(piece) <= LONG:
                    add(piece)
                else:
                    add_long(piece)
                lead = ","
            else:
                add("{}" if lead == "{" else "}")
                kind = None
        else:
            if lead == "[" and _are_integers(around):
                add_long(list.__repr__(around)[:-1].replace(" ", ""))
                rest, lead = iter(()), ","
            for item in rest:
                kind = type(item)
                if kind is str:
                    piece = f'{lead}"{escaped(_escape, item) if search(item) else item}"'
                elif kind is int and LONG_MIN <= item <= LONG_MAX:
                    piece = f"{lead}{item}"
                elif _SHAPES[kind] is not None:
                    add(lead)
                    break
                else:
                    piece = lead + _leaf(item)
                if len(piece) <= LONG:
                    add(piece)
                else:
                    add_long(piece)
                lead = ","
            else:
                add("[]" if lead == "[" else "]")
                kind = None
        if kind is not None:
            assert is_map is not None
            waiting.append((rest, is_map))
            if len(waiting) == DEPTH:
                raise stack_overflow()
            is_map = _SHAPES[kind]
            around = item
            rest = iter(item.items() if is_map else item)
            lead = "{" if is_map else "["
        else:
            out.settle()
            if not waiting:
                return out.join()
            rest, is_map = waiting.pop()
            lead = ","


def _are_integers(items: Any) -> bool:
    """Whether items are few, and all of them integers of a few digits: those are written at once."""
    return (
        isinstance(items, list)
        and 0 < len(items) <= _RUN
        and {*map(type, items)} == _INTEGERS
        and min(items) >= LONG_MIN
        and max(items) <= LONG_MAX
    )


def _leaf(value: object) -> str:
    """The text of a value that is no string and holds no others."""
    write_leaf = _LEAVES[type(value)]
    if write_leaf is not None:
        return write_leaf(value)
    if is_decimal(value):
        return decimal_text(value)  # type: ignore[arg-type]
    return _object(value)


def _double(value: float) -> str:
    return "null" if value in _INFINITE else double_text(value)


def _float(value: float) -> str:
    return "null" if value in _INFINITE else float_text(value)


def _object(value: object) -> str:
    """What json-smart makes of any other object, by its fields: it may not look into a class of Java's own that is not
    public, and finds nothing in one without fields that can be read.
    """
    if isinstance(value, Entry | JavaIterator):
        from vtlsim.values.text import class_name

        raise JavaException("java.lang.IllegalAccessError", f"failed to access class {class_name(value)}")
    return "{}"


_INFINITE: Final = (float("inf"), float("-inf"))

_LEAVES: Final[ByType[Callable[[Any], str]]] = ByType(
    {
        type(None): lambda _: "null",
        bool: lambda value: "true" if value else "false",
        int: integer_text,
        float: _double,
        Float: _float,
        Byte: integer_text,
        Short: integer_text,
        Long: integer_text,
        BigInteger: integer_text,
    }
)
