"""Java's collections, where Python's own differ from them.

What may live here: the types that stand for Java's maps, lists, sets, views, arrays and iterators, how their items are
found and in which order they come. What printing, comparing or writing them gives is the other files' business; which
methods a template may call on them is the language's.

An exact ``dict`` is a LinkedHashMap and an exact ``list`` an ArrayList. The keys of every map are what :func:`key_of`
makes of a value: Python would take ``1``, ``1.0`` and ``True`` for one key and refuse a list as a key, Java does
neither. A str, an exact int and None stand for themselves, so whoever looks up a str may do so directly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Generic, NoReturn, TypeVar, cast

from vtlsim.values.objects import JavaException, stack_overflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
    from typing import Any, Self, SupportsIndex


Result = TypeVar("Result")


class Key:
    """A map's key that is neither str, exact int nor None; ``value`` is what the template sees."""

    __slots__ = ("_hash", "value")

    def __init__(self, value: object) -> None:
        from vtlsim.values.order import java_hash  # order imports this module

        self.value = value
        self._hash = java_hash(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        from vtlsim.values.order import java_equals

        if type(other) is not Key or self._hash != other._hash:
            return False
        try:
            return java_equals(self.value, other.value)
        except RecursionError:  # keys within keys within keys
            raise stack_overflow() from None

    def __repr__(self) -> str:
        return f"Key({self.value!r})"


def key_of(value: object) -> object:
    """What stands for ``value`` as a key of a dict. Raises JavaException where Java's ``hashCode`` would."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    return value if kind is Key else Key(value)


def key_value(key: object) -> object:
    """The value that a key of a dict stands for: what iterating over the map gives."""
    return key.value if type(key) is Key else key


class ByType(dict[type, Result | None], Generic[Result]):
    """What to do with a value, by ``type(value)``: a type that is not in it is treated as the first of its bases that is,
    and None tells that there is none.
    """

    __slots__ = ()

    def __missing__(self, kind: type) -> Result | None:
        found = next((self[base] for base in kind.__mro__ if base in self), None)
        self[kind] = found
        return found


# -- maps -------------------------------------------------------------------------------------------------------------

DEFAULT_CAPACITY: Final = 16


class HashMap(dict[object, object]):
    """java.util.HashMap: iterates in the order of its table.

    Made from a mapping, its table has the size that ``new HashMap(map)`` chooses; made empty, the size that growing by
    ``put`` leads to. The two differ: twelve keys put one by one lie in a table of 16, copied at once in one of 32. A
    table never shrinks.

    ``keys()``, ``values()`` and ``items()`` are lists in that order, made once and kept until the set of keys changes.
    Nine keys or more in one place of the table, which only happens on purpose, come in the order in which they were put;
    Java makes the table larger early, and from 64 places on makes a tree of them and moves its root to the front.
    """

    __slots__ = ("_capacity", "_order", "_peak")

    java_class: ClassVar[str] = "java.util.HashMap"

    def __init__(self, mapping: Mapping[Any, object] | None = None, capacity: int | None = None) -> None:
        self._order: list[object] | None = None
        self._peak = 0
        self._capacity = 0 if capacity is None else table_size(capacity)
        if mapping is not None:
            self.update(mapping)

    def _keys(self) -> list[object]:
        order = self._order
        if order is None:
            order = self._order = self._table_order()
        return order

    def _table_order(self) -> list[object]:
        from vtlsim.values.order import java_hash

        self._grow()
        keys = list(dict.keys(self))
        mask = (self._capacity or DEFAULT_CAPACITY) - 1
        places = {}
        for key in keys:
            number = java_hash(key_value(key)) & 0xFFFFFFFF
            places[key] = (number ^ (number >> 16)) & mask
        keys.sort(key=places.__getitem__)
        return keys

    def _grow(self) -> None:
        size = max(self._peak, len(self))
        self._peak = size
        if size:
            capacity = self._capacity or DEFAULT_CAPACITY
            while size > capacity * 3 // 4:
                capacity *= 2
            self._capacity = capacity

    def __setitem__(self, key: object, value: object) -> None:
        self._order = None
        super().__setitem__(key, value)

    def __delitem__(self, key: object) -> None:
        self._shrinking()
        super().__delitem__(key)

    def _shrinking(self) -> None:
        self._order = None
        self._peak = max(self._peak, len(self))

    def clear(self) -> None:
        """``clear()``: the table keeps its size."""
        self._shrinking()
        super().clear()

    def pop(self, key: object, *default: object) -> object:
        """Remove a key and give its value, as dict.pop does."""
        self._shrinking()
        return super().pop(key, *default)

    def popitem(self) -> tuple[object, object]:
        """Remove the key that was put last, as dict.popitem does."""
        self._shrinking()
        return super().popitem()

    def setdefault(self, key: object, default: object = None) -> object:
        """The key's value, put there if there was none."""
        self._order = None
        return super().setdefault(key, default)

    def update(self, mapping: Mapping[Any, object]) -> None:  # type: ignore[override]
        """``putAll(mapping)``: an empty table that was never used is made for as many keys at once."""
        more = len(mapping)
        if not more:
            return
        self._order = None
        self._grow()
        if self._peak == 0 and self._capacity < (fitting := table_size(int(more / 0.75 + 1.0))):
            self._capacity = fitting
        capacity = self._capacity or DEFAULT_CAPACITY
        while more > capacity * 3 // 4:
            capacity *= 2
        self._capacity = capacity
        super().update(mapping)

    def copy(self) -> Self:
        """``clone()``: the copy's table is made for the number of keys."""
        return type(self)(self)

    def __iter__(self) -> Iterator[object]:
        return iter(self._keys())

    def __reversed__(self) -> Iterator[object]:
        return reversed(self._keys())

    def keys(self) -> list[object]:  # type: ignore[override]
        """The keys in the table's order."""
        return list(self._keys())

    def values(self) -> list[object]:  # type: ignore[override]
        """The values in the table's order."""
        return [self[key] for key in self._keys()]

    def items(self) -> list[tuple[object, object]]:  # type: ignore[override]
        """Keys and values in the table's order."""
        return [(key, self[key]) for key in self._keys()]

    def __or__(self, other: object) -> NoReturn:
        raise TypeError("a HashMap has no union")

    __ror__ = __ior__ = __or__


def table_size(capacity: int) -> int:
    """The table that a HashMap makes for a wanted capacity: the next power of two."""
    return 1 << max(capacity - 1, 0).bit_length()


class QuietMap(HashMap):
    """One of ``$context``'s maps: a HashMap whose text is empty."""

    __slots__ = ()


class KeySet:
    """``map.keySet()``: a live view of ``map``'s keys."""

    __slots__ = ("map",)

    def __init__(self, mapping: dict[object, object]) -> None:
        self.map = mapping

    def __len__(self) -> int:
        return len(self.map)

    def __iter__(self) -> Iterator[object]:
        return map(key_value, self.map)

    def __contains__(self, value: object) -> bool:
        return key_of(value) in self.map


class ValuesView:
    """``map.values()``: a live view of ``map``'s values."""

    __slots__ = ("map",)

    def __init__(self, mapping: dict[object, object]) -> None:
        self.map = mapping

    def __len__(self) -> int:
        return len(self.map)

    def __iter__(self) -> Iterator[object]:
        return iter(self.map.values())

    def __contains__(self, value: object) -> bool:
        return contains(self, value)


class EntrySet:
    """``map.entrySet()``: a live view of ``map``'s entries."""

    __slots__ = ("map",)

    def __init__(self, mapping: dict[object, object]) -> None:
        self.map = mapping

    def __len__(self) -> int:
        return len(self.map)

    def __iter__(self) -> Iterator[Entry]:
        mapping = self.map
        return (Entry(mapping, key) for key in mapping)

    def __contains__(self, value: object) -> bool:
        from vtlsim.values.order import java_equals

        if type(value) is not Entry:
            return False
        key = key_of(value.key)
        return key in self.map and java_equals(self.map[key], value.value)


class Entry:
    """Map.Entry: ``value`` is what the map holds now, and setting it writes through."""

    __slots__ = ("_key", "_last", "map")

    def __init__(self, mapping: dict[object, object], key: object) -> None:
        self.map = mapping
        self._key = key_of(key)
        self._last = mapping.get(self._key)

    @property
    def key(self) -> object:
        """``getKey()``"""
        return key_value(self._key)

    @property
    def value(self) -> object:
        """``getValue()``; of an entry that was removed from its map, what it was."""
        self._last = self.map.get(self._key, self._last)
        return self._last

    @value.setter
    def value(self, new: object) -> None:
        self._last = new
        if self._key in self.map:
            self.map[self._key] = new


# -- lists ------------------------------------------------------------------------------------------------------------


class JSONArray(list[object]):
    """net.minidev.json.JSONArray, an ArrayList whose text is compact JSON."""

    __slots__ = ()


class JavaArray(list[object]):
    """An array: its length is fixed. ``component`` is the class of its items, ``java.lang.String`` for String[]."""

    __slots__ = ("component",)

    def __init__(self, items: Iterable[object] = (), component: str = "java.lang.Object") -> None:
        super().__init__(items)
        self.component = component

    @classmethod
    def of_strings(cls, items: list[str]) -> Self:
        """A ``String[]``, made faster than by the constructor."""
        made = cls.__new__(cls)
        made.extend(items)
        made.component = "java.lang.String"
        return made


class LazyRange:
    """``[first..last]``, an ArrayList of Integers whose items are made when needed. Either end may be the larger.

    Reading makes no items; whoever changes the list does so on ``list``, which makes them.
    """

    __slots__ = ("_items", "_range")

    def __init__(self, first: int, last: int) -> None:
        self._range = range(first, last + 1) if first <= last else range(first, last - 1, -1)
        self._items: list[object] | None = None

    @property
    def list(self) -> list[object]:
        """The items as a list of which this is the face from now on."""
        if self._items is None:
            self._items = list(self._range)
        return self._items

    def __len__(self) -> int:
        return len(self._range if self._items is None else self._items)

    def __iter__(self) -> Iterator[object]:
        return iter(self._range if self._items is None else self._items)

    def __getitem__(self, index: SupportsIndex) -> object:
        return (self._range if self._items is None else self._items)[index]

    def __contains__(self, value: object) -> bool:
        if self._items is None:
            return type(value) is int and value in self._range
        return contains(self._items, value)


class SubList:
    """``list.subList(first, last)``: a live view of ``parent`` from ``first`` up to but without ``last``.

    After the parent's length was changed by anybody else, using it is a ConcurrentModificationException.
    """

    __slots__ = ("_length", "_parent_length", "first", "parent")

    def __init__(self, parent: list[object] | SubList, first: int, last: int) -> None:
        self.parent = parent
        self.first = first
        self._length = last - first
        self._parent_length = len(parent)

    def _check(self) -> None:
        if len(self.parent) != self._parent_length:
            raise JavaException("java.util.ConcurrentModificationException")

    def _index(self, index: int, bound: int) -> int:
        if not 0 <= index < bound:
            message = f"Index {index} out of bounds for length {self._length}"
            raise JavaException("java.lang.IndexOutOfBoundsException", message)
        self._check()
        return self.first + index

    def __len__(self) -> int:
        self._check()
        return self._length

    def __iter__(self) -> Iterator[object]:
        return iter(self.snapshot())

    def snapshot(self) -> list[object]:
        """The items now, as a list of their own."""
        self._check()
        items = self.parent.snapshot() if isinstance(self.parent, SubList) else self.parent
        return items[self.first : self.first + self._length]

    def __getitem__(self, index: int) -> object:
        return self.parent[self._index(index, self._length)]

    def __setitem__(self, index: int, value: object) -> None:
        self.parent[self._index(index, self._length)] = value

    def insert(self, index: int, value: object) -> None:
        """``add(index, value)``; the parent grows."""
        self.parent.insert(self._index(index, self._length + 1), value)
        self._length += 1
        self._parent_length += 1

    def append(self, value: object) -> None:
        """``add(value)``; the parent grows."""
        self.insert(len(self), value)

    def pop(self, index: int) -> object:
        """``remove(index)``; the parent shrinks."""
        value = self.parent.pop(self._index(index, self._length))
        self._length -= 1
        self._parent_length -= 1
        return value


def contains(items: Iterable[object], value: object) -> bool:
    """``contains(value)``: whether an item is equal by Java's rules."""
    return index_of(items, value) >= 0


def index_of(items: Iterable[object], value: object) -> int:
    """``indexOf(value)``: the first item that is equal by Java's rules, -1 if none is."""
    from vtlsim.values.order import java_equals

    for index, item in enumerate(items):
        if java_equals(value, item):
            return index
    return -1


# -- iterators --------------------------------------------------------------------------------------------------------


class JavaIterator:
    """java.util.Iterator over ``items``, and java.util.ListIterator over a list.

    As Java's, it notices when the collection has changed its length meanwhile: ``next`` then throws
    ConcurrentModificationException, and a list of which just as many items are left as were taken has no next.
    """

    __slots__ = ("_ahead", "_cursor", "_iterator", "_length", "java_class", "source")

    def __init__(self, items: Iterable[object], java_class: str = "java.util.ArrayList$Itr") -> None:
        self.source = items
        self.java_class = java_class
        self._cursor = 0
        self._ahead: object = _NOTHING
        if isinstance(items, (list, SubList, LazyRange)):
            self._length = len(items)
            self._iterator: Iterator[object] | None = None
        else:
            self._length = len(cast("Sized", items)) if hasattr(items, "__len__") else -1
            self._iterator = iter(items)

    @property
    def cursor(self) -> int:
        """How many items were taken: ``nextIndex()`` of a ListIterator."""
        return self._cursor

    def has_next(self) -> bool:
        """``hasNext()``"""
        if self._iterator is None:
            return self._cursor != len(self.source)  # type: ignore[arg-type]
        if self._ahead is _NOTHING:
            try:
                self._ahead = next(self._iterator, _NOTHING)
            except RuntimeError:  # Python's way of noticing that a dict changed
                return True
        return self._ahead is not _NOTHING

    def next(self) -> object:
        """``next()``; NoSuchElementException at the end"""
        if self._length >= 0 and len(self.source) != self._length:  # type: ignore[arg-type]
            raise JavaException("java.util.ConcurrentModificationException")
        if self._iterator is None:
            if self._cursor >= self._length:
                raise JavaException("java.util.NoSuchElementException")
            value: object = self.source[self._cursor]  # type: ignore[index]
        else:
            if not self.has_next():
                raise JavaException("java.util.NoSuchElementException")
            value = self._ahead
            self._ahead = _NOTHING
            if value is _NOTHING:
                raise JavaException("java.util.ConcurrentModificationException")
        self._cursor += 1
        return value

    def previous(self) -> object:
        """``previous()`` of a ListIterator"""
        if self._cursor <= 0 or self._iterator is not None:
            raise JavaException("java.util.NoSuchElementException")
        if len(self.source) != self._length:  # type: ignore[arg-type]
            raise JavaException("java.util.ConcurrentModificationException")
        self._cursor -= 1
        return self.source[self._cursor]  # type: ignore[index]


_NOTHING: Final = object()


def sequence(value: object) -> Sequence[object] | None:
    """The items of a java.util.List, by position; None when ``value`` is no List (an array is none)."""
    if isinstance(value, list):
        return None if type(value) is JavaArray else value
    if type(value) is LazyRange:
        return value  # type: ignore[return-value]
    return value.snapshot() if type(value) is SubList else None
