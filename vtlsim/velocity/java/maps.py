"""java.util.LinkedHashMap and HashMap, their views and entries.

What may live here: functions of a map, of a view or of an entry, and the tables of them. What stands for a key in a
Python dict is the values' room's ``key_of``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from vtlsim.values import text as texts
from vtlsim.values.collections import Entry, EntrySet, JavaArray, KeySet, ValuesView, key_of
from vtlsim.values.order import java_equals, java_hash
from vtlsim.velocity.java import comparing, lists
from vtlsim.velocity.java.problems import check_items, null_pointer, unsupported

if TYPE_CHECKING:
    from vtlsim.velocity.java.introspection import Table


def get(mapping: Any, key: object) -> object:
    """``get(key)``"""
    return mapping.get(key_of(key))


def put(mapping: Any, key: object, value: object) -> object:
    """``put(key, value)``: gives what was there"""
    place = key_of(key)
    old = mapping.get(place)
    check_items(len(mapping) + 1)
    mapping[place] = value
    return old


def get_or_default(mapping: Any, key: object, default: object) -> object:
    """``getOrDefault(key, default)``: null is a value too"""
    return mapping.get(key_of(key), default)


def contains_key(mapping: Any, key: object) -> bool:
    """``containsKey(key)``"""
    return key_of(key) in mapping


def contains_value(mapping: Any, value: object) -> bool:
    """``containsValue(value)``"""
    return any(java_equals(value, held) for held in mapping.values())


def remove(mapping: Any, key: object) -> object:
    """``remove(key)``: gives what was there"""
    return mapping.pop(key_of(key), None)


def remove_pair(mapping: Any, key: object, value: object) -> bool:
    """``remove(key, value)``"""
    place = key_of(key)
    if place not in mapping or not java_equals(value, mapping[place]):
        return False
    del mapping[place]
    return True


def replace(mapping: Any, key: object, value: object) -> object:
    """``replace(key, value)``"""
    place = key_of(key)
    if place not in mapping:
        return None
    old = mapping[place]
    mapping[place] = value
    return old


def replace_pair(mapping: Any, key: object, old: object, new: object) -> bool:
    """``replace(key, old, new)``"""
    place = key_of(key)
    if place not in mapping or not java_equals(mapping[place], old):
        return False
    mapping[place] = new
    return True


def put_if_absent(mapping: Any, key: object, value: object) -> object:
    """``putIfAbsent(key, value)``: null is as good as absent"""
    place = key_of(key)
    old = mapping.get(place)
    if old is None:
        check_items(len(mapping) + 1)
        mapping[place] = value
    return old


def put_all(mapping: Any, other: Any) -> str:
    """``putAll(Map)``"""
    if other is None:
        raise null_pointer()
    check_items(len(mapping) + len(other))
    mapping.update(dict(other.items()) if not isinstance(other, dict) else other)
    return ""


def clear(mapping: Any) -> str:
    """``clear()``"""
    mapping.clear()
    return ""


def copy(mapping: Any) -> object:
    """``clone()``"""
    return mapping.copy()


def _no_function(*_arguments: object) -> NoReturn:
    """A method that takes a function: no template can get one, null alone"""
    raise null_pointer()


def map_of(*values: object) -> object:
    """``Map.of(key, value, ...)``"""
    from vtlsim.velocity.java.immutable import immutable_map

    return immutable_map(list(zip(values[::2], values[1::2], strict=True)))


def map_of_entries(entries: JavaArray | None) -> object:
    """``Map.ofEntries(...)``"""
    from vtlsim.velocity.java.immutable import immutable_map

    pairs = []
    for entry in lists.items_of(entries):
        if entry is None:
            raise null_pointer()
        pairs.append((entry.key, entry.value))  # type: ignore[attr-defined]
    return immutable_map(pairs)


def copy_of(mapping: Any) -> object:
    """``Map.copyOf(Map)``"""
    if mapping is None:
        raise null_pointer()
    from vtlsim.velocity.java.immutable import ImmutableMap, immutable_map

    if isinstance(mapping, ImmutableMap):
        return mapping
    return immutable_map([(entry.key, entry.value) for entry in EntrySet(mapping)])


def entry(key: object, value: object) -> object:
    """``Map.entry(key, value)``"""
    from vtlsim.velocity.java.immutable import FixedEntry

    return FixedEntry(key, value)


def _copy_of_entry(given: Any) -> object:
    if given is None:
        raise null_pointer()
    return entry(given.key, given.value)


MAP: Final[Table] = {
    "get(Object)": get,
    "values()": ValuesView,
    "clear()": clear,
    "replaceAll(BiFunction)": _no_function,
    "entrySet()": EntrySet,
    "forEach(BiConsumer)": _no_function,
    "keySet()": KeySet,
    "containsValue(Object)": contains_value,
    "getOrDefault(Object,Object)": get_or_default,
    "remove(Object)": remove,
    "remove(Object,Object)": remove_pair,
    "put(Object,Object)": put,
    "equals(Object)": java_equals,
    "hashCode()": java_hash,
    "static copyOf(Map)": copy_of,
    "isEmpty()": lambda mapping: not len(mapping),
    "replace(Object,Object)": replace,
    "replace(Object,Object,Object)": replace_pair,
    "size()": len,
    **dict.fromkeys(lists.of_signatures("of", 20, 2), map_of),
    "merge(Object,Object,BiFunction)": _no_function,
    "putAll(Map)": put_all,
    "putIfAbsent(Object,Object)": put_if_absent,
    "compute(Object,BiFunction)": _no_function,
    "static entry(Object,Object)": entry,
    "containsKey(Object)": contains_key,
    "computeIfAbsent(Object,Function)": _no_function,
    "computeIfPresent(Object,BiFunction)": _no_function,
    "static ofEntries(Map.Entry[])": map_of_entries,
    "clone()": copy,
    "toString()": texts.text,
}

# -- views ------------------------------------------------------------------------------------------------------------


def _no_add(_view: object, _value: object) -> NoReturn:
    raise unsupported()


def _add_nothing(_view: object, others: Any) -> bool:
    """``addAll`` of nothing is no change"""
    if lists.items_of(others):
        raise unsupported()
    return False


def _clear_view(view: Any) -> str:
    return clear(view.map)


def _remove_key(view: KeySet, key: object) -> bool:
    place = key_of(key)
    if place not in view.map:
        return False
    del view.map[place]
    return True


def _remove_value(view: ValuesView, value: object) -> bool:
    for key, held in view.map.items():
        if java_equals(value, held):
            del view.map[key]
            return True
    return False


def _remove_entry(view: EntrySet, value: object) -> bool:
    return isinstance(value, Entry) and remove_pair(view.map, value.key, value.value)


def _filter_view(view: Any, others: Any, *, keep: bool) -> bool:
    if others is None:
        raise null_pointer()
    holds = lists.membership(others, len(view))
    doomed = [key for key, item in zip(list(view.map), list(view), strict=True) if holds(item) is not keep]
    for key in doomed:
        del view.map[key]
    return bool(doomed)


def _contains_entry(view: EntrySet, value: object) -> bool:
    return value in view


def _set_of(*values: object) -> object:
    from vtlsim.velocity.java.immutable import immutable_set

    return immutable_set(list(values), copied=False)


def _set_of_array(values: JavaArray | None) -> object:
    return _set_of(*lists.items_of(values))


def _set_copy(values: Any) -> object:
    from vtlsim.velocity.java.immutable import immutable_set

    return immutable_set(lists.items_of(values), copied=True)


VIEW: Final[Table] = {
    "add(Object)": _no_add,
    "addAll(Collection)": _add_nothing,
    "clear()": _clear_view,
    "removeAll(Collection)": lambda view, others: _filter_view(view, others, keep=False),
    "retainAll(Collection)": lambda view, others: _filter_view(view, others, keep=True),
    **lists.COLLECTION,
}
SET_STATICS: Final[Table] = {
    "static copyOf(Collection)": _set_copy,
    **dict.fromkeys(lists.of_signatures("of", 10), _set_of),
    "static of(Object[])": _set_of_array,
}
KEY_SET: Final[Table] = {
    **VIEW,
    **SET_STATICS,
    "contains(Object)": lambda view, value: value in view,
    "remove(Object)": _remove_key,
}
ENTRY_SET: Final[Table] = {
    **VIEW,
    **SET_STATICS,
    "contains(Object)": _contains_entry,
    "remove(Object)": _remove_entry,
}
VALUES: Final[Table] = {**VIEW, "remove(Object)": _remove_value}

# -- entries ----------------------------------------------------------------------------------------------------------


def _set_value(item: Entry, value: object) -> object:
    old = item.value
    item.value = value
    return old


ENTRY: Final[Table] = {
    "equals(Object)": java_equals,
    "hashCode()": java_hash,
    "static copyOf(Map.Entry)": _copy_of_entry,
    "getValue()": lambda item: item.value,
    "getKey()": lambda item: item.key,
    "setValue(Object)": _set_value,
    "static comparingByKey(Comparator)": comparing.by_part_with("key"),
    "static comparingByKey()": lambda: comparing.by_part("key"),
    "static comparingByValue()": lambda: comparing.by_part("value"),
    "static comparingByValue(Comparator)": comparing.by_part_with("value"),
    "toString()": texts.text,
}
