"""JSON text of a value, as json-smart 2.2 writes it.

What may live here: its two styles of writing. :func:`write` is ``JSONValue.toJSONString(value, LT_COMPRESS)``, which
``$input.json`` gives; :func:`write_array` is ``JSONArray.toString()``, whose style escapes ``/`` besides.

Both escape the control characters, U+007F to U+009F and U+2000 to U+20FF as ``\\uXXXX`` in upper case, write no blanks,
leave every other character as it is, lone surrogates too, and write infinite numbers as ``null`` but NaN as ``NaN``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

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
    key_value,
)
from vtlsim.values.numbers import (
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
from vtlsim.values.objects import DEPTH, TEXT_CHARACTERS, JavaException, out_of_memory, stack_overflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def write(value: object) -> str:
    """Compact JSON in which ``/`` is as it is.

    Raises JavaException: StackOverflowError for values inside one another deeper than :data:`DEPTH`, OutOfMemoryError
    for text longer than :data:`TEXT_CHARACTERS`, NullPointerException for a map with the key null.
    """
    return _write(value, _quoted)


def write_array(value: object) -> str:
    """Compact JSON in which ``/`` is ``\\/``; raises as :func:`write` does."""
    return _write(value, _quoted_for_web)


# -- strings ----------------------------------------------------------------------------------------------------------

_SPECIAL: Final = re.compile("[\"\\\\\x00-\x1f\x7f-\x9f\u2000-\u20ff]")
_SPECIAL_FOR_WEB: Final = re.compile("[\"\\\\/\x00-\x1f\x7f-\x9f\u2000-\u20ff]")
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


def _quoted(value: str, search: Callable[[str], object] = _SPECIAL.search) -> str:
    return f'"{_SPECIAL.sub(_escape, value)}"' if search(value) else f'"{value}"'


def _quoted_for_web(value: str, search: Callable[[str], object] = _SPECIAL_FOR_WEB.search) -> str:
    return f'"{_SPECIAL_FOR_WEB.sub(_escape, value)}"' if search(value) else f'"{value}"'


# -- values -----------------------------------------------------------------------------------------------------------


def _write(value: object, quoted: Callable[[str], str]) -> str:
    """Without recursion: each open collection is a generator of its pieces, strings and the collections between."""
    if type(value) is str:
        return quoted(value)
    if type(value) not in _PIECES:
        return _leaf(value)
    out: list[str] = []
    characters = 0
    open_ = [_PIECES[type(value)](value, quoted)]
    while open_:
        for piece in open_[-1]:
            if type(piece) is str:
                out.append(piece)
                characters += len(piece)
                if characters > TEXT_CHARACTERS:
                    raise out_of_memory()
            else:
                if len(open_) == DEPTH:
                    raise stack_overflow()
                open_.append(_PIECES[type(piece)](piece, quoted))
                break
        else:
            open_.pop()
    return "".join(out)


def _map_pieces(value: dict[object, object], quoted: Callable[[str], str]) -> Iterator[object]:
    lead = "{"
    for key, item in value.items():
        lead += quoted(key if type(key) is str else _key_text(key_value(key))) + ":"
        if type(item) is str:
            yield lead + quoted(item)
        elif type(item) in _PIECES:
            yield lead
            yield item
        else:
            yield lead + _leaf(item)
        lead = ","
    yield "{}" if lead == "{" else "}"


def _list_pieces(value: Any, quoted: Callable[[str], str]) -> Iterator[object]:
    lead = "["
    for item in value:
        if type(item) is str:
            yield lead + quoted(item)
        elif type(item) in _PIECES:
            yield lead
            yield item
        else:
            yield lead + _leaf(item)
        lead = ","
    yield "[]" if lead == "[" else "]"


def _key_text(key: object) -> str:
    if key is None:
        message = 'Cannot invoke "Object.toString()" because the return value of "java.util.Map$Entry.getKey()" is null'
        raise JavaException("java.lang.NullPointerException", message)
    from vtlsim.values.text import text  # text imports this module

    return text(key)


_PIECES: Final[dict[type, Callable[[Any, Callable[[str], str]], Iterator[object]]]] = {
    **dict.fromkeys((dict, HashMap, QuietMap), _map_pieces),
    **dict.fromkeys((list, JSONArray, LazyRange, SubList, JavaArray, KeySet, ValuesView, EntrySet), _list_pieces),
}


def _leaf(value: object) -> str:
    """The text of a value that is no string and holds no others."""
    write_leaf = _LEAVES.get(type(value))
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
    public, and finds nothing in one without fields that can be read."""
    if isinstance(value, Entry | JavaIterator):
        from vtlsim.values.text import class_name

        raise JavaException("java.lang.IllegalAccessError", f"failed to access class {class_name(value)}")
    return "{}"


_INFINITE: Final = (float("inf"), float("-inf"))

_LEAVES: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: integer_text,
    float: _double,
    Float: _float,
    **dict.fromkeys((Byte, Short, Long, BigInteger), integer_text),
}
