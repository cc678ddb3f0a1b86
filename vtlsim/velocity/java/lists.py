"""java.util.ArrayList, its sublists, json-smart's JSONArray, and arrays seen as lists.

What may live here: functions of a list and a method's arguments, and the tables of them. A list here is a Python list,
a SubList, or a JavaArray, which Velocity wraps so that it has a list's methods but keeps its length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from vtlsim.values import text as texts
from vtlsim.values.collections import EntrySet, JavaArray, JSONArray, KeySet, SubList, contains, index_of, key_of
from vtlsim.values.objects import JavaException
from vtlsim.values.order import java_equals, java_hash
from vtlsim.velocity.java import comparing
from vtlsim.velocity.java.iterators import iterator, list_iterator
from vtlsim.velocity.java.problems import (
    check_index,
    check_items,
    illegal_argument,
    index_out_of_bounds,
    null_pointer,
    unsupported,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vtlsim.velocity.java.introspection import Table


def items_of(collection: Any) -> list[object]:
    """The items of a collection now; null is an exception."""
    if collection is None:
        raise null_pointer()
    return list(collection)


# -- reading ----------------------------------------------------------------------------------------------------------


def get(items: Any, index: int) -> object:
    """``get(index)``"""
    check_index(index, items)
    return items[index]


def last_index_of(items: Any, value: object) -> int:
    """``lastIndexOf(value)``"""
    for place in range(len(items) - 1, -1, -1):
        if java_equals(value, items[place]):
            return place
    return -1


def contains_all(items: Any, others: Any) -> bool:
    """``containsAll(Collection)``"""
    wanted = items_of(others)
    holds = membership(items, len(wanted))
    return all(map(holds, wanted))


def membership(items: Any, questions: int) -> Callable[[object], bool]:
    """Whether a value is in a collection, for many values: by a table where going through all each time takes long."""
    if isinstance(items, KeySet | EntrySet):
        return items.__contains__
    if questions * len(items) <= _FEW:
        return lambda value: contains(items, value)
    table = set(map(key_of, items))
    return lambda value: key_of(value) in table


_FEW: Final = 1_000


def sub_list(items: Any, first: int, last: int) -> SubList:
    """``subList(first, last)``"""
    if first < 0:
        raise index_out_of_bounds(f"fromIndex = {first}")
    if last > len(items):
        raise index_out_of_bounds(f"toIndex = {last}")
    if first > last:
        raise illegal_argument(f"fromIndex({first}) > toIndex({last})")
    return (ArraySubList if isinstance(items, JavaArray) else SubList)(items, first, last)


class ArraySubList(SubList):
    """A part of an array, which keeps its length."""

    __slots__ = ()

    def insert(self, _index: int, _value: object) -> None:
        """Refused."""
        raise unsupported()

    def pop(self, _index: int) -> object:
        """Refused."""
        raise unsupported()


def to_array(items: Iterable[object]) -> JavaArray:
    """``toArray()``: Object[]"""
    return JavaArray(items)


def to_array_of(items: Any, target: JavaArray | None) -> JavaArray:
    """``toArray(T[])``: into the array if there is room, else into one of its kind"""
    if target is None:
        raise null_pointer()
    fresh = list(items)
    _storable(target.component, fresh, copied=isinstance(items, list | SubList) and not isinstance(items, JavaArray))
    if len(target) < len(fresh):
        return JavaArray(fresh, target.component)
    target[: len(fresh)] = fresh
    if len(target) > len(fresh):
        target[len(fresh)] = None
    return target


def _storable(component: str, items: list[object], *, copied: bool) -> None:
    """Refuse items that an array of this kind cannot hold; an ArrayList copies them all at once."""
    if component == "java.lang.Object":
        return
    for item in items:
        if item is not None and (name := texts.class_name(item)) != component:
            if copied:
                name = (
                    "arraycopy: element type mismatch: can not cast one of the elements of java.lang.Object[] "
                    f"to the type of the destination array, {component}"
                )
            raise JavaException("java.lang.ArrayStoreException", name)


def no_function(_items: object, _function: object) -> NoReturn:
    """A method that takes a function: no template can get one, null alone"""
    raise null_pointer()


def stream(items: Iterable[object]) -> object:
    """``stream()``"""
    from vtlsim.velocity.java.streams import Stream

    return Stream(list(items))


# -- changing ---------------------------------------------------------------------------------------------------------


def append(items: Any, value: object) -> bool:
    """``add(value)``"""
    check_items(len(items) + 1)
    items.append(value)
    return True


def insert(items: Any, index: int, value: object) -> str:
    """``add(index, value)``"""
    if not 0 <= index <= len(items):
        raise index_out_of_bounds(f"Index: {index}, Size: {len(items)}")
    check_items(len(items) + 1)
    items.insert(index, value)
    return ""


def add_all(items: Any, others: Any) -> bool:
    """``addAll(Collection)``"""
    fresh = items_of(others)
    check_items(len(items) + len(fresh))
    _insert_all(items, len(items), fresh)
    return bool(fresh)


def add_all_at(items: Any, index: int, others: Any) -> bool:
    """``addAll(index, Collection)``"""
    if not 0 <= index <= len(items):
        raise index_out_of_bounds(f"Index: {index}, Size: {len(items)}")
    fresh = items_of(others)
    check_items(len(items) + len(fresh))
    _insert_all(items, index, fresh)
    return bool(fresh)


def _insert_all(items: Any, index: int, fresh: list[object]) -> None:
    if isinstance(items, list):
        items[index:index] = fresh
        return
    for place, value in enumerate(fresh):
        items.insert(index + place, value)


def put(items: Any, index: int, value: object) -> object:
    """``set(index, value)``: gives what was there"""
    check_index(index, items)
    old = items[index]
    items[index] = value
    return old


def remove_at(items: Any, index: int) -> object:
    """``remove(int)``"""
    check_index(index, items)
    return items.pop(index)


def remove(items: Any, value: object) -> bool:
    """``remove(Object)``: the first that is equal"""
    place = index_of(items, value)
    if place < 0:
        return False
    items.pop(place)
    return True


def clear(items: Any) -> str:
    """``clear()``"""
    _keep(items, [])
    return ""


def _keep(items: Any, kept: list[object]) -> None:
    """Put other items, at most as many, in place of those there."""
    if isinstance(items, list):
        items[:] = kept
        return
    while len(items) > len(kept):
        items.pop(len(items) - 1)
    for place, value in enumerate(kept):
        items[place] = value


def _filter(items: Any, others: Any, *, keep: bool) -> bool:
    if others is None:
        raise null_pointer()
    holds = membership(others, len(items))
    kept = [value for value in items if holds(value) is keep]
    changed = len(kept) != len(items)
    if changed:
        _keep(items, kept)
    return changed


def remove_all(items: Any, others: Any) -> bool:
    """``removeAll(Collection)``"""
    return _filter(items, others, keep=False)


def retain_all(items: Any, others: Any) -> bool:
    """``retainAll(Collection)``"""
    return _filter(items, others, keep=True)


def sort(items: Any, comparator: comparing.Comparator | None) -> str:
    """``sort(Comparator)``: null is the natural order"""
    _keep(items, comparing.sort(list(items), comparator))
    return ""


def _ensure_capacity(_items: object, capacity: int) -> str:
    """``ensureCapacity(int)``: a promise that nobody sees"""
    check_items(capacity)
    return ""


def _nothing(_items: object) -> str:
    """``trimToSize()``"""
    return ""


def list_of(*values: object) -> object:
    """``List.of(...)``: a list that cannot be changed and holds no null"""
    from vtlsim.velocity.java.immutable import ImmutableList

    return ImmutableList(values)


def list_of_array(values: JavaArray | None) -> object:
    """``List.of(E...)``"""
    return list_of(*items_of(values))


def copy_of(collection: Any) -> object:
    """``List.copyOf(Collection)``"""
    return list_of(*items_of(collection))


def of_signatures(name: str, most: int, step: int = 1) -> list[str]:
    """``of()``, ``of(Object)`` and so on: Java has one for each number of arguments"""
    return [f"static {name}({','.join(['Object'] * count)})" for count in range(0, most + 1, step)]


def _spliterator(items: Any) -> object:
    from vtlsim.velocity.java.streams import Spliterator

    return Spliterator(items)


# -- the tables -------------------------------------------------------------------------------------------------------

COLLECTION: Final[Table] = {
    "isEmpty()": lambda items: not len(items),
    "size()": len,
    "contains(Object)": contains,
    "containsAll(Collection)": contains_all,
    "iterator()": iterator,
    "spliterator()": _spliterator,
    "toArray()": to_array,
    "toArray(Object[])": to_array_of,
    "toArray(IntFunction)": no_function,
    "stream()": stream,
    "parallelStream()": stream,
    "forEach(Consumer)": no_function,
    "removeIf(Predicate)": no_function,
    "equals(Object)": java_equals,
    "hashCode()": java_hash,
    "toString()": texts.text,
}


LIST_READING: Final[Table] = {
    "get(int)": get,
    "indexOf(Object)": index_of,
    "lastIndexOf(Object)": last_index_of,
    "subList(int,int)": sub_list,
    "listIterator()": list_iterator,
    "listIterator(int)": list_iterator,
    "static copyOf(Collection)": copy_of,
    **dict.fromkeys(of_signatures("of", 10), list_of),
    "static of(Object[])": list_of_array,
}

LIST: Final[Table] = {
    "add(Object)": append,
    "add(int,Object)": insert,
    "remove(Object)": remove,
    "remove(int)": remove_at,
    **LIST_READING,
    "set(int,Object)": put,
    "clear()": clear,
    "addAll(Collection)": add_all,
    "addAll(int,Collection)": add_all_at,
    "removeAll(Collection)": remove_all,
    "retainAll(Collection)": retain_all,
    "replaceAll(UnaryOperator)": no_function,
    "sort(Comparator)": sort,
    **COLLECTION,
}

ARRAY_LIST: Final[Table] = {
    **LIST,
    "clone()": list,
    "ensureCapacity(int)": _ensure_capacity,
    "trimToSize()": _nothing,
}


# -- json-smart -------------------------------------------------------------------------------------------------------


def _merge(items: JSONArray, other: object) -> str:
    """``merge(Object)``: all items of another JSONArray; null is nothing"""
    if other is None:
        return ""
    if not isinstance(other, JSONArray):
        name = texts.class_name(other)
        raise JavaException(
            "java.lang.ClassCastException",
            f"class {name} cannot be cast to class net.minidev.json.JSONArray ({name} is in module java.base of loader "
            "'bootstrap'; net.minidev.json.JSONArray is in unnamed module of loader 'app')",
        )
    add_all(items, other)
    return ""


def _written(items: Any) -> str:
    from vtlsim.values.json_writer import write_array

    return write_array(items)


def _static_written(items: Any, _style: object) -> str:
    """``toJSONString(List, JSONStyle)``: the style can be null alone, which does for null alone"""
    if items is None:
        return "null"
    raise null_pointer()


def _no_target(*_arguments: object) -> NoReturn:
    """``writeJSONString(Appendable)``: no template can get an Appendable, null alone"""
    raise null_pointer()


JSON_ARRAY: Final[Table] = {
    "toString()": _written,
    "toString(JSONStyle)": _no_target,
    "merge(Object)": _merge,
    "toJSONString()": _written,
    "toJSONString(JSONStyle)": _no_target,
    "static toJSONString(List,JSONStyle)": _static_written,
    "static toJSONString(List)": _written,
    "writeJSONString(Appendable,JSONStyle)": _no_target,
    "writeJSONString(Appendable)": _no_target,
    "static writeJSONString(List,Appendable)": _no_target,
    "static writeJSONString(Iterable,Appendable,JSONStyle)": _no_target,
    **ARRAY_LIST,
    "clone()": JSONArray,
}


# -- arrays -----------------------------------------------------------------------------------------------------------

_PRIMITIVES: Final = frozenset(("byte", "char", "int", "long", "double"))


def _array_get(items: JavaArray, index: int) -> object:
    if not 0 <= index < len(items):
        raise JavaException("java.lang.ArrayIndexOutOfBoundsException")
    return items[index]


def _array_set(items: JavaArray, index: int, value: Any) -> object:
    """``set(index, value)``: of an array, which holds one kind of item"""
    from vtlsim.velocity.java.introspection import accepts, kind_of, short_name

    old = _array_get(items, index)
    component = items.component
    primitive = component in _PRIMITIVES
    if not accepts(component if primitive else short_name(component), "" if value is None else kind_of(value)):
        if value is None:
            raise illegal_argument()
        raise illegal_argument("argument type mismatch" if primitive else "array element type mismatch")
    items[index] = float(value) if component == "double" else int(value) if component in {"int", "long"} else value
    return old


def _no_change(*_arguments: object) -> NoReturn:
    raise unsupported()


def _no_change_of_size(_items: JavaArray, others: Any) -> bool:
    """``addAll`` of nothing is no change"""
    if items_of(others):
        raise unsupported()
    return False


def _no_change_at(items: JavaArray, index: int, others: Any) -> bool:
    if not 0 <= index <= len(items):
        raise index_out_of_bounds(f"Index: {index}, Size: {len(items)}")
    return _no_change_of_size(items, others)


def _no_removal(items: JavaArray, value: object) -> bool:
    if contains(items, value):
        raise unsupported()
    return False


def _no_filter(*, keep: bool) -> Callable[[JavaArray, Any], bool]:
    def refuse(items: JavaArray, others: Any) -> bool:
        if others is None:
            raise null_pointer()
        if any(contains(others, value) is not keep for value in items):
            raise unsupported()
        return False

    return refuse


def _clear_array(items: JavaArray) -> str:
    if items:
        raise unsupported()
    return ""


ARRAY: Final[Table] = {
    **LIST,
    "get(int)": _array_get,
    "set(int,Object)": _array_set,
    "add(int,Object)": _no_change,
    "add(Object)": _no_change,
    "remove(int)": _no_change,
    "clear()": _clear_array,
    "addAll(Collection)": _no_change_of_size,
    "addAll(int,Collection)": _no_change_at,
    "remove(Object)": _no_removal,
    "removeAll(Collection)": _no_filter(keep=False),
    "retainAll(Collection)": _no_filter(keep=True),
}
"""What Velocity's wrapper adds to an array; what Object has is an array's own."""
