"""Collections that cannot be changed: what ``List.of``, ``Set.of``, ``Map.of`` and ``Map.entry`` make.

What may live here: those collections as values, and the tables of their methods. Templates reach them through any
list, set or map, whose static methods they are. The order of Java's sets and maps of this kind is another one in every
run of the machine; here it is that of the arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn

from vtlsim.values import text as texts
from vtlsim.values.collections import KeySet, ValuesView, index_of, key_of
from vtlsim.values.objects import JavaException, JavaObject
from vtlsim.values.order import java_equals, java_hash
from vtlsim.velocity.java import lists, maps
from vtlsim.velocity.java.iterators import FixedIterator
from vtlsim.velocity.java.problems import check_items, illegal_argument, index_out_of_bounds, null_pointer, unsupported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vtlsim.velocity.java.introspection import Table


def _without_null(values: Iterable[object]) -> list[object]:
    kept = list(values)
    if None in kept:
        raise null_pointer()
    check_items(len(kept))
    return kept


class _Fixed(JavaObject):
    """Items that stay as they are. One or two are of a class of their own."""

    __slots__ = ("items", "java_class")

    several: ClassVar[str] = ""
    few: ClassVar[str] = ""

    def __init__(self, values: Iterable[object]) -> None:
        self.items = _without_null(values)
        self.java_class = self.few if 1 <= len(self.items) <= 2 else self.several  # type: ignore[misc]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[object]:
        return iter(self.items)

    def java_text(self) -> str:
        """``toString()``"""
        return texts.text(self.items)


class ImmutableList(_Fixed):
    """``List.of(...)``"""

    __slots__ = ()

    several: ClassVar[str] = "java.util.ImmutableCollections$ListN"
    few: ClassVar[str] = "java.util.ImmutableCollections$List12"

    def __getitem__(self, index: int) -> object:
        return self.items[index]

    def java_equals(self, other: object) -> bool:
        """Equal to every list with the same items."""
        if isinstance(other, ImmutableList):
            other = other.items
        return java_equals(self.items, other)

    def java_hash(self) -> int:
        """``hashCode()``"""
        return java_hash(self.items)


class ListWithNull(ImmutableList):
    """``Stream.toList()``, which is the one list of this kind that may hold null"""

    __slots__ = ()

    def __init__(self, values: Iterable[object]) -> None:
        self.items = list(values)
        self.java_class = self.several  # type: ignore[misc]


class ImmutableSet(_Fixed):
    """``Set.of(...)``"""

    __slots__ = ()

    several: ClassVar[str] = "java.util.ImmutableCollections$SetN"
    few: ClassVar[str] = "java.util.ImmutableCollections$Set12"

    def java_equals(self, other: object) -> bool:
        """Equal to every set with the same items."""
        if isinstance(other, ImmutableSet | KeySet):
            mine = set(map(key_of, self.items))
            return mine == set(map(key_of, other))
        return False

    def java_hash(self) -> int:
        """``hashCode()``"""
        return java_hash(KeySet(dict.fromkeys(map(key_of, self.items))))


class ImmutableMap(JavaObject):
    """``Map.of(...)``"""

    __slots__ = ("java_class", "map")

    def __init__(self, mapping: dict[object, object]) -> None:
        self.map = mapping
        self.java_class = f"java.util.ImmutableCollections$Map{1 if len(mapping) == 1 else 'N'}"  # type: ignore[misc]

    def __len__(self) -> int:
        return len(self.map)

    def get(self, key: object, default: object = None) -> object:
        """The value of a key that ``key_of`` made."""
        return self.map.get(key, default)

    def items(self) -> Any:
        """Keys and values."""
        return self.map.items()

    def java_text(self) -> str:
        """``toString()``"""
        return texts.text(self.map)

    def java_equals(self, other: object) -> bool:
        """Equal to every map with the same entries."""
        return java_equals(self.map, other.map if isinstance(other, ImmutableMap) else other)

    def java_hash(self) -> int:
        """``hashCode()``"""
        return java_hash(self.map)


class FixedEntry(JavaObject):
    """``Map.entry(key, value)``"""

    __slots__ = ("key", "value")

    java_class: ClassVar[str] = "java.util.KeyValueHolder"

    def __init__(self, key: object, value: object) -> None:
        if key is None or value is None:
            raise null_pointer()
        self.key = key
        self.value = value

    def java_text(self) -> str:
        """``toString()``"""
        return f"{texts.text(self.key)}={texts.text(self.value)}"

    def java_equals(self, other: object) -> bool:
        """Equal to every entry with the same key and value."""
        from vtlsim.values.collections import Entry

        return (
            isinstance(other, FixedEntry | Entry)
            and java_equals(self.key, other.key)
            and java_equals(self.value, other.value)
        )

    def java_hash(self) -> int:
        """``hashCode()``"""
        return java_hash(self.key) ^ java_hash(self.value)


def immutable_set(values: list[object], *, copied: bool) -> ImmutableSet:
    """``Set.of(...)``, which refuses an item given twice, or ``Set.copyOf(...)``, which does not"""
    _without_null(values)
    seen: dict[object, object] = {}
    for value in values:
        key = key_of(value)
        if key in seen and not copied:
            raise illegal_argument(f"duplicate element: {texts.text(value)}")
        seen.setdefault(key, value)
    return ImmutableSet(seen.values())


def immutable_map(pairs: list[tuple[object, object]]) -> ImmutableMap:
    """``Map.of(...)``"""
    mapping: dict[object, object] = {}
    for key, value in pairs:
        if key is None or value is None:
            raise null_pointer()
        place = key_of(key)
        if place in mapping:
            raise illegal_argument(f"duplicate key: {texts.text(key)}")
        mapping[place] = value
    return ImmutableMap(mapping)


def _no_change(*_arguments: object) -> NoReturn:
    raise unsupported()


def _contains(items: Any, value: object) -> bool:
    if value is None and not isinstance(items, ListWithNull):
        raise null_pointer()
    return any(java_equals(value, item) for item in items)


def _iterator(items: Any) -> FixedIterator:
    kind = "ListItr" if isinstance(items, ImmutableList) else "SetN$SetNIterator"
    return FixedIterator(items.items, f"java.util.ImmutableCollections${kind}")


def _index_of(items: ImmutableList, value: object) -> int:
    if value is None and not isinstance(items, ListWithNull):
        raise null_pointer()
    return index_of(items.items, value)


def _last_index_of(items: ImmutableList, value: object) -> int:
    if value is None and not isinstance(items, ListWithNull):
        raise null_pointer()
    return lists.last_index_of(items.items, value)


def _get(items: ImmutableList, index: int) -> object:
    if not 0 <= index < len(items):
        if len(items) in {1, 2}:
            raise index_out_of_bounds(f"Index: {index} Size: {len(items)}")
        message = f"Index {index} out of bounds for length {len(items)}"
        raise JavaException("java.lang.ArrayIndexOutOfBoundsException", message)
    return items[index]


def _iterator_from(items: ImmutableList, place: int) -> FixedIterator:
    if not 0 <= place <= len(items):
        raise index_out_of_bounds(f"Index: {place} Size: {len(items)}")
    made = _iterator(items)
    made.place = place
    return made


def _sub_list(items: ImmutableList, first: int, last: int) -> object:
    lists.sub_list(items, first, last)
    return type(items)(items.items[first:last])


_COLLECTION: Final[Table] = {
    **lists.COLLECTION,
    "contains(Object)": _contains,
    "containsAll(Collection)": lambda items, others: all(_contains(items, value) for value in lists.items_of(others)),
    "iterator()": _iterator,
    **dict.fromkeys(
        (
            "add(Object)",
            "addAll(Collection)",
            "clear()",
            "remove(Object)",
            "removeAll(Collection)",
            "removeIf(Predicate)",
            "retainAll(Collection)",
        ),
        _no_change,
    ),
}
LIST: Final[Table] = {
    **_COLLECTION,
    **lists.LIST_READING,
    "get(int)": _get,
    "indexOf(Object)": _index_of,
    "lastIndexOf(Object)": _last_index_of,
    "subList(int,int)": _sub_list,
    "listIterator()": _iterator,
    "listIterator(int)": _iterator_from,
    **dict.fromkeys(
        (
            "add(int,Object)",
            "addAll(int,Collection)",
            "remove(int)",
            "replaceAll(UnaryOperator)",
            "set(int,Object)",
            "sort(Comparator)",
        ),
        _no_change,
    ),
}
SET: Final[Table] = {**_COLLECTION, **maps.SET_STATICS}


def _given(mapping: ImmutableMap, key: object) -> object:
    if key is None:
        raise null_pointer()
    return mapping.get(key_of(key))


MAP: Final[Table] = {
    **{
        signature: function
        for signature, function in maps.MAP.items()
        if signature.startswith("static ")
        or signature in {"isEmpty()", "size()", "equals(Object)", "hashCode()", "toString()"}
    },
    "get(Object)": _given,
    "getOrDefault(Object,Object)": lambda mapping, key, default: (
        default if (found := _given(mapping, key)) is None else found
    ),
    "containsKey(Object)": lambda mapping, key: _given(mapping, key) is not None,
    "containsValue(Object)": lambda mapping, value: _contains(list(mapping.map.values()), value),
    "keySet()": lambda mapping: ImmutableSet(KeySet(mapping.map)),
    "values()": lambda mapping: ImmutableSet(ValuesView(mapping.map)),
    "entrySet()": lambda mapping: ImmutableSet(
        [FixedEntry(key, mapping.map[key_of(key)]) for key in KeySet(mapping.map)]
    ),
    "forEach(BiConsumer)": lists.no_function,
    **dict.fromkeys(
        (
            "clear()",
            "compute(Object,BiFunction)",
            "computeIfAbsent(Object,Function)",
            "computeIfPresent(Object,BiFunction)",
            "merge(Object,Object,BiFunction)",
            "put(Object,Object)",
            "putAll(Map)",
            "putIfAbsent(Object,Object)",
            "remove(Object)",
            "remove(Object,Object)",
            "replace(Object,Object)",
            "replace(Object,Object,Object)",
            "replaceAll(BiFunction)",
        ),
        _no_change,
    ),
}
ENTRY: Final[Table] = {**maps.ENTRY, "setValue(Object)": lambda _entry, _value: _fixed_entry()}


def _fixed_entry() -> NoReturn:
    raise JavaException("java.lang.UnsupportedOperationException", "not supported")
