"""The calls that templates are made of, without any ceremony.

What may live here: for a Python type, a method's name and its number of arguments, a function that does at once what
Java's method does for arguments of the plain kinds, and gives :data:`UNSURE` for all others: then the way through the
overloads is taken. Nothing here may be the only place that knows a method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from vtlsim.values.collections import EntrySet, HashMap, JavaArray, JSONArray, KeySet, LazyRange, QuietMap, ValuesView
from vtlsim.velocity import limits

if TYPE_CHECKING:
    from collections.abc import Callable

UNSURE: Final = object()
"""The answer of a function that leaves the call to the others."""

_BLANKS: Final = "".join(map(chr, range(33)))
META: Final = frozenset("\\[](){}.*+?^$|")
"""The characters that mean something in a regex."""
_ITEMS: Final = limits.COLLECTION_ITEMS
_CHARACTERS: Final = limits.STRING_CHARACTERS

# -- strings ----------------------------------------------------------------------------------------------------------


def _length(text: str) -> object:
    return len(text) if text.isascii() else UNSURE


def _same(text: str) -> str:
    return text


def _is_empty(value: Any) -> bool:
    return not value


def _equals(text: str, other: object) -> object:
    return text == other if type(other) is str else UNSURE


def _equals_ignore_case(text: str, other: object) -> object:
    if type(other) is str and text.isascii() and other.isascii():
        return text.lower() == other.lower()
    return UNSURE


def _contains(text: str, wanted: object) -> object:
    return wanted in text if type(wanted) is str and text.isascii() else UNSURE


def _starts_with(text: str, prefix: object) -> object:
    return text.startswith(prefix) if type(prefix) is str and text.isascii() else UNSURE


def _ends_with(text: str, suffix: object) -> object:
    return text.endswith(suffix) if type(suffix) is str and text.isascii() else UNSURE


def _index_of(text: str, wanted: object) -> object:
    return text.find(wanted) if type(wanted) is str and text.isascii() else UNSURE


def _last_index_of(text: str, wanted: object) -> object:
    return text.rfind(wanted) if type(wanted) is str and text.isascii() else UNSURE


def _substring_from(text: str, begin: object) -> object:
    return text[begin:] if type(begin) is int and text.isascii() and 0 <= begin <= len(text) else UNSURE


def _substring(text: str, begin: object, end: object) -> object:
    if type(begin) is int and type(end) is int and text.isascii() and 0 <= begin <= end <= len(text):
        return text[begin:end]
    return UNSURE


def _replace(text: str, old: object, new: object) -> object:
    if type(old) is str and type(new) is str and old and text.isascii() and new.isascii():
        if len(text) * (len(new) + 1) > _CHARACTERS:
            return UNSURE
        return text.replace(old, new)
    return UNSURE


def _replace_all(text: str, pattern: object, replacement: object) -> object:
    if (
        type(pattern) is str
        and type(replacement) is str
        and pattern
        and META.isdisjoint(pattern)
        and "\\" not in replacement
        and "$" not in replacement
    ):
        return _replace(text, pattern, replacement)
    return UNSURE


def _split(text: str, pattern: object) -> object:
    if type(pattern) is not str or not pattern or not META.isdisjoint(pattern) or len(text) >= _ITEMS:
        return UNSURE
    return split_plainly(text, pattern)


def split_plainly(text: str, pattern: str) -> JavaArray:
    """``text.split(pattern)`` for a pattern without any sign of a regex."""
    parts = text.split(pattern)
    if not parts[-1] and len(parts) > 1:
        while parts and not parts[-1]:
            parts.pop()
    return JavaArray.of_strings(parts)


def _trim(text: str) -> str:
    return text.strip(_BLANKS)


def _concat(text: str, other: object) -> object:
    if type(other) is str and text.isascii() and len(text) + len(other) <= _CHARACTERS:
        return text + other
    return UNSURE


# -- lists ------------------------------------------------------------------------------------------------------------


def _get(items: Any, index: object) -> object:
    return items[index] if type(index) is int and 0 <= index < len(items) else UNSURE


def _add(items: list[object], value: object) -> object:
    if len(items) >= _ITEMS:
        return UNSURE
    items.append(value)
    return True


def _set(items: list[object], index: object, value: object) -> object:
    if type(index) is int and 0 <= index < len(items):
        old = items[index]
        items[index] = value
        return old
    return UNSURE


# -- maps -------------------------------------------------------------------------------------------------------------


def _map_get(mapping: dict[object, object], key: object) -> object:
    return mapping.get(key) if type(key) is str else UNSURE


def _map_put(mapping: dict[object, object], key: object, value: object) -> object:
    if type(key) is not str or len(mapping) >= _ITEMS:
        return UNSURE
    old = mapping.get(key)
    mapping[key] = value
    return old


def _contains_key(mapping: dict[object, object], key: object) -> object:
    return key in mapping if type(key) is str else UNSURE


def _map_remove(mapping: dict[object, object], key: object) -> object:
    return mapping.pop(key, None) if type(key) is str else UNSURE


def _get_or_default(mapping: dict[object, object], key: object, default: object) -> object:
    return mapping.get(key, default) if type(key) is str else UNSURE


def _integer_text(value: int) -> object:
    return int.__repr__(value) if -(1 << 63) <= value < 1 << 63 else UNSURE


_STRING: Final[dict[tuple[str, int], Callable[..., object]]] = {
    ("length", 0): _length,
    ("toString", 0): _same,
    ("isEmpty", 0): _is_empty,
    ("equals", 1): _equals,
    ("equalsIgnoreCase", 1): _equals_ignore_case,
    ("contains", 1): _contains,
    ("startsWith", 1): _starts_with,
    ("endsWith", 1): _ends_with,
    ("indexOf", 1): _index_of,
    ("lastIndexOf", 1): _last_index_of,
    ("substring", 1): _substring_from,
    ("substring", 2): _substring,
    ("replace", 2): _replace,
    ("replaceAll", 2): _replace_all,
    ("split", 1): _split,
    ("trim", 0): _trim,
    ("concat", 1): _concat,
    ("toLowerCase", 0): str.lower,
    ("toUpperCase", 0): str.upper,
}
_LIST: Final[dict[tuple[str, int], Callable[..., object]]] = {
    ("size", 0): len,
    ("isEmpty", 0): _is_empty,
    ("get", 1): _get,
    ("add", 1): _add,
    ("set", 2): _set,
}
_MAP: Final[dict[tuple[str, int], Callable[..., object]]] = {
    ("size", 0): len,
    ("isEmpty", 0): _is_empty,
    ("get", 1): _map_get,
    ("put", 2): _map_put,
    ("containsKey", 1): _contains_key,
    ("remove", 1): _map_remove,
    ("getOrDefault", 2): _get_or_default,
    ("keySet", 0): KeySet,
    ("values", 0): ValuesView,
    ("entrySet", 0): EntrySet,
}
_VIEW: Final[dict[tuple[str, int], Callable[..., object]]] = {
    ("size", 0): len,
    ("isEmpty", 0): lambda view: not len(view),
}

_Table: TypeAlias = "dict[tuple[str, int], Callable[..., object]]"
_TABLES: Final[tuple[tuple[tuple[type, ...], _Table], ...]] = (
    ((str,), _STRING),
    ((list, JSONArray), _LIST),
    ((dict, HashMap, QuietMap), _MAP),
    ((KeySet, ValuesView, EntrySet), _VIEW),
    ((JavaArray, LazyRange), {("size", 0): len, ("isEmpty", 0): lambda items: not len(items), ("get", 1): _get}),
    ((int,), {("toString", 0): _integer_text}),
)
DIRECT: Final[dict[tuple[type, str, int], Callable[..., object]]] = {
    (kind, name, count): function
    for kinds, table in _TABLES
    for kind in kinds
    for (name, count), function in table.items()
}
"""By type, name and number of arguments."""
