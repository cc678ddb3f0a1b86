"""java.util.Iterator and ListIterator, and what ``#foreach`` goes through.

What may live here: iterators over every kind of collection, with Java's way of noticing that a collection was changed
meanwhile (here: that its size was), and the tables of their methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values.collections import EntrySet, JavaArray, JavaIterator, KeySet, LazyRange, SubList, ValuesView
from vtlsim.velocity.java.problems import (
    concurrent_modification,
    illegal_state,
    index_out_of_bounds,
    no_such_element,
    null_pointer,
    unsupported,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from vtlsim.velocity.java.introspection import Table

_NOTHING: Final = object()


class Cursor(JavaIterator):
    """A place between two items of a list: java.util.Iterator and ListIterator over anything that has places."""

    __slots__ = ("items", "last", "place", "size")

    def __init__(self, items: Any, java_class: str, place: int = 0) -> None:
        super().__init__((), java_class)
        self.items = items
        self.size = len(items)
        self.place = place
        self.last = -1

    def check(self) -> None:
        """Raise JavaException if somebody else changed the list's size."""
        if len(self.items) != self.size:
            raise concurrent_modification()

    @property
    def cursor(self) -> int:
        """``nextIndex()``"""
        return self.place

    def remaining(self) -> int:
        """How many items are left."""
        return len(self.items) - self.place

    def has_next(self) -> bool:
        """``hasNext()``: of a list that has become shorter, whether the place is not exactly its end"""
        return self.place != len(self.items)

    def next(self) -> object:
        """``next()``"""
        self.check()
        if self.place >= self.size:
            raise no_such_element()
        self.last = self.place
        self.place += 1
        return self.items[self.last]

    def previous(self) -> object:
        """``previous()``"""
        self.check()
        if self.place <= 0:
            raise no_such_element()
        self.place -= 1
        self.last = self.place
        return self.items[self.last]

    def remove(self) -> None:
        """``remove()``: takes away what was given last"""
        if self.last < 0:
            raise illegal_state()
        self.check()
        _fixed(self.items)
        _changeable(self.items).pop(self.last)
        self.place = self.last
        self.last = -1
        self.size -= 1

    def set(self, value: object) -> None:
        """``set(value)``: in place of what was given last"""
        if self.last < 0:
            raise illegal_state()
        self.check()
        _changeable(self.items)[self.last] = value

    def add(self, value: object) -> None:
        """``add(value)``: before what would be given next"""
        self.check()
        _fixed(self.items)
        _changeable(self.items).insert(self.place, value)
        self.place += 1
        self.size += 1
        self.last = -1


def _fixed(items: object) -> None:
    if isinstance(items, JavaArray):
        raise unsupported()


def _changeable(items: Any) -> Any:
    return items.list if isinstance(items, LazyRange) else items


class ViewIterator(JavaIterator):
    """java.util.Iterator over a map's keys, values or entries."""

    __slots__ = ("given", "keys", "place", "size", "view")

    def __init__(self, view: KeySet | ValuesView | EntrySet, java_class: str) -> None:
        super().__init__((), java_class)
        self.view = view
        self.keys: list[object] = list(view.map)
        self.place = 0
        self.size = len(view.map)
        self.given: object = _NOTHING

    def remaining(self) -> int:
        """How many items are left."""
        return len(self.keys) - self.place

    def has_next(self) -> bool:
        """``hasNext()``"""
        return self.place < len(self.keys)

    def next(self) -> object:
        """``next()``"""
        if len(self.view.map) != self.size:
            raise concurrent_modification()
        if self.place >= len(self.keys):
            raise no_such_element()
        self.given = self.keys[self.place]
        self.place += 1
        return _item(self.view, self.given)

    def remove(self) -> None:
        """``remove()``: takes the key away that was given last"""
        if self.given is _NOTHING:
            raise illegal_state()
        if len(self.view.map) != self.size:
            raise concurrent_modification()
        del self.view.map[self.given]
        self.given = _NOTHING
        self.size -= 1


def _item(view: KeySet | ValuesView | EntrySet, key: object) -> object:
    from vtlsim.values.collections import Entry, key_value

    if isinstance(view, KeySet):
        return key_value(key)
    return view.map.get(key) if isinstance(view, ValuesView) else Entry(view.map, key)


class FixedIterator(JavaIterator):
    """java.util.Iterator over what nobody changes."""

    __slots__ = ("items", "place")

    def __init__(self, items: Iterable[object], java_class: str) -> None:
        super().__init__((), java_class)
        self.items = list(items)
        self.place = 0

    def remaining(self) -> int:
        """How many items are left."""
        return len(self.items) - self.place

    def has_next(self) -> bool:
        """``hasNext()``"""
        return self.place < len(self.items)

    def next(self) -> object:
        """``next()``"""
        if not self.has_next():
            raise no_such_element()
        self.place += 1
        return self.items[self.place - 1]

    def remove(self) -> None:
        """``remove()``"""
        raise unsupported()


# -- making them ------------------------------------------------------------------------------------------------------

_VIEW_ITERATORS: Final = {KeySet: "Key", ValuesView: "Value", EntrySet: "Entry"}


def iterator(items: Any) -> JavaIterator:
    """``iterator()`` of any collection."""
    if isinstance(items, KeySet | ValuesView | EntrySet):
        from vtlsim.values.collections import HashMap

        kind = _VIEW_ITERATORS[type(items)]
        hashed = isinstance(items.map, HashMap)
        return ViewIterator(
            items, f"java.util.HashMap${kind}Iterator" if hashed else f"java.util.LinkedHashMap$Linked{kind}Iterator"
        )
    if isinstance(items, SubList):
        return Cursor(items, "java.util.ArrayList$SubList$1")
    if isinstance(items, JavaArray):
        return Cursor(items, "java.util.AbstractList$Itr")
    return Cursor(items, "java.util.ArrayList$Itr")


def list_iterator(items: Any, place: int = 0) -> JavaIterator:
    """``listIterator(place)`` of a list or an array"""
    if not 0 <= place <= len(items):
        raise index_out_of_bounds(f"Index: {place}, Size: {len(items)}")
    if isinstance(items, SubList):
        return Cursor(items, "java.util.ArrayList$SubList$1", place)
    if isinstance(items, JavaArray):
        return Cursor(items, "java.util.AbstractList$ListItr", place)
    return Cursor(items, "java.util.ArrayList$ListItr", place)


def walk(items: Any) -> Iterator[object]:
    """The items of a list, for ``#foreach``: as :class:`Cursor`, without the object."""
    size = len(items)
    place = 0
    while place != len(items):
        if len(items) != size:
            raise concurrent_modification()
        yield items[place]
        place += 1


def walk_map(mapping: Any, item: Callable[[Any, object], object]) -> Iterator[object]:
    """What ``item`` makes of each key of a map, for ``#foreach``. Java looks for a next one before the loop goes round,
    so it does not notice what the last time round does.
    """
    size = len(mapping)
    for place, key in enumerate(list(mapping)):
        if place and len(mapping) != size:
            raise concurrent_modification()
        yield item(mapping, key)


def walk_view(view: KeySet | ValuesView | EntrySet) -> Iterator[object]:
    """The items of a view of a map, for ``#foreach``."""
    return walk_map(view.map, lambda _mapping, key: _item(view, key))


def drain(source: JavaIterator) -> Iterator[object]:
    """What is left of an iterator, for ``#foreach``."""
    while source.has_next():
        yield source.next()


# -- their methods ----------------------------------------------------------------------------------------------------


def _no_consumer(_iterator: object, _consumer: object) -> object:
    """``forEachRemaining(Consumer)``: no template can get a Consumer, null alone"""
    raise null_pointer()


def _remove(value: Any) -> str:
    value.remove()
    return ""


def _add(value: Any, item: object) -> str:
    value.add(item)
    return ""


def _set(value: Any, item: object) -> str:
    value.set(item)
    return ""


ITERATOR: Final[Table] = {
    "remove()": _remove,
    "forEachRemaining(Consumer)": _no_consumer,
    "hasNext()": lambda value: value.has_next(),
    "next()": lambda value: value.next(),
}

LIST_ITERATOR: Final[Table] = {
    "add(Object)": _add,
    **ITERATOR,
    "set(Object)": _set,
    "nextIndex()": lambda value: value.cursor,
    "previousIndex()": lambda value: value.cursor - 1,
    "hasPrevious()": lambda value: value.cursor > 0,
    "previous()": lambda value: value.previous(),
}
