"""What a ``#foreach`` runs over, and the ``$foreach`` that its body sees.

What may live here: the items of a loop under the bound of iterations, and the loop's scope object. Running the body is
the compiled code's task, or :mod:`rendering`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from vtlsim.values.collections import (
    EntrySet,
    HashMap,
    JavaArray,
    JavaIterator,
    JSONArray,
    KeySet,
    LazyRange,
    ValuesView,
    key_of,
)
from vtlsim.values.objects import JavaException, JavaObject
from vtlsim.values.text import text
from vtlsim.velocity import methods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vtlsim.velocity.rendering import Rendering


class ForeachScope(JavaObject):
    """``$foreach``: where a loop stands, and a map for what the template likes to keep in it."""

    __slots__ = ("has_next", "index", "parent", "replaced", "storage")

    java_class: ClassVar[str] = "org.apache.velocity.runtime.directive.ForeachScope"

    def __init__(self, previous: object) -> None:
        self.index = -1
        self.has_next = False
        self.parent = previous if type(previous) is ForeachScope else None
        self.replaced = None if self.parent is not None else previous
        self.storage: HashMap | None = None

    def advance(self, index: int, last: int) -> None:
        """Moves to the next element."""
        self.index = index
        self.has_next = index < last

    def _map(self) -> HashMap:
        if self.storage is None:
            self.storage = HashMap()
        return self.storage

    def get(self, key: object) -> object:
        """``get(key)``: what was kept here or in a loop around."""
        scope: ForeachScope | None = self
        while scope is not None:
            if scope.storage is not None and key_of(key) in scope.storage:
                return scope.storage[key_of(key)]
            scope = scope.parent
        return None

    def put(self, key: object, value: object) -> object:
        """``put(key, value)``: the old value"""
        storage = self._map()
        old = storage.get(key_of(key))
        storage[key_of(key)] = value
        return old

    def topmost(self) -> ForeachScope:
        """``getTopmost()``: the outermost loop's scope"""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def found_replaced(self) -> object:
        """``getReplaced()``: the variable ``$foreach`` from before the loops"""
        return self.topmost().replaced

    def java_text(self) -> str | None:
        """``toString()``: that of the map"""
        return text(self._map())


def _scope_properties() -> dict[str, Callable[[Any], object]]:
    return {
        "index": lambda scope: scope.index,
        "count": lambda scope: scope.index + 1,
        "hasNext": lambda scope: scope.has_next,
        "first": lambda scope: scope.index < 1,
        "last": lambda scope: not scope.has_next,
        "parent": lambda scope: scope.parent,
        "topmost": ForeachScope.topmost,
        "replaced": ForeachScope.found_replaced,
    }


_PROPERTIES: Final = _scope_properties()
ForeachScope.properties = _PROPERTIES
ForeachScope.methods = {
    **{("get" + name[0].upper() + name[1:], 0): function for name, function in _PROPERTIES.items()},
    ("hasNext", 0): _PROPERTIES["hasNext"],
    ("isFirst", 0): _PROPERTIES["first"],
    ("isLast", 0): _PROPERTIES["last"],
    ("get", 1): ForeachScope.get,
    ("put", 2): ForeachScope.put,
    ("size", 0): lambda scope: len(scope._map()),  # noqa: SLF001 - its own class
    ("isEmpty", 0): lambda scope: not scope._map(),  # noqa: SLF001 - as above
    ("containsKey", 1): lambda scope, key: key_of(key) in scope._map(),  # noqa: SLF001 - as above
    ("keySet", 0): lambda scope: methods.call(scope._map(), "keySet", ()),  # noqa: SLF001 - as above
    ("entrySet", 0): lambda scope: methods.call(scope._map(), "entrySet", ()),  # noqa: SLF001 - as above
    ("values", 0): lambda scope: methods.call(scope._map(), "values", ()),  # noqa: SLF001 - as above
    ("toString", 0): ForeachScope.java_text,
}


# -- what loops run over ----------------------------------------------------------------------------------------------


class _More(list[object]):
    """The items of a collection up to the bound of iterations, when there are more: its length tells of those."""

    __slots__ = ("all",)

    def __init__(self, found: Iterator[object], count: int) -> None:
        super().__init__(found)
        self.all = count

    def __len__(self) -> int:
        return self.all


class _Live:
    """A collection that may change while a loop runs over it, iterated as Java's fail-fast iterators do."""

    __slots__ = ("bound", "count", "of")

    def __init__(self, of: Any, bound: int) -> None:
        self.of = of
        self.count = len(of)
        self.bound = bound

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[object]:
        of, count = self.of, self.count
        if isinstance(of, list):
            index = 0
            while index != len(of) and index < self.bound:
                if len(of) != count:
                    raise JavaException("java.util.ConcurrentModificationException")
                yield of[index]
                index += 1
            return
        for index, value in enumerate(list(of.values() if isinstance(of, dict) else of)):
            if index >= self.bound:
                return
            if len(of) != count:
                raise JavaException("java.util.ConcurrentModificationException")
            yield value


NO_LOOP: Final = ()
"""What a loop over nothing, or over what cannot be iterated, runs over."""


def items(rendering: Rendering, out: list[str], value: object, live: bool, place: tuple[int, int]) -> Any:
    """What a ``#foreach`` runs over: something with a length that can be iterated; NO_LOOP when there is no loop."""
    if value is None:
        return NO_LOOP
    kind = type(value)
    bound = rendering.loops
    found: Any
    if kind is list or kind is JSONArray or kind is JavaArray:
        found = value
        count = len(found)
        if live:
            found = _Live(found, bound)
    elif kind is str or kind is int:
        return NO_LOOP
    elif kind is dict:
        count = len(value)  # type: ignore[arg-type]
        found = _Live(value, bound) if live else list(value.values())  # type: ignore[attr-defined]
    elif kind is LazyRange:
        found = value
        count = len(found)
    elif kind is KeySet or kind is ValuesView or kind is EntrySet:
        found = _Live(value, bound) if live else list(value)  # type: ignore[call-overload]
        count = len(found)
    else:
        iterator = methods.iterate(value)
        if iterator is None:
            return NO_LOOP
        if isinstance(value, JavaIterator):
            found = _JavaIteration(value, bound)
            count = len(found)
        else:
            found = _first(iterator, bound)
            count = len(found)
    if count > bound:
        if rendering.notices is not None:
            from vtlsim.velocity.watch import foreach_stopped

            rendering.notices.append(foreach_stopped(place, count, bound))
        rendering.charge(bound, out)
        if type(found) in (_Live, _JavaIteration):
            return found
        return _More((found[i] for i in range(bound)), count)
    rendering.charge(count, out)
    return found


def _first(iterator: Iterator[object], bound: int) -> list[object]:
    found: list[object] = []
    for value in iterator:
        found.append(value)
        if len(found) > bound:
            break
    return found


class _JavaIteration:
    """A Java iterator: a loop takes from it what it uses and leaves the rest."""

    __slots__ = ("bound", "count", "of")

    def __init__(self, of: Any, bound: int) -> None:
        self.of = of
        self.bound = bound
        self.count = of.remaining() if hasattr(of, "remaining") else bound

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[object]:
        left = self.bound
        while left > 0 and self.of.has_next():
            left -= 1
            yield self.of.next()
