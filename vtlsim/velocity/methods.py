"""What may be read, called and set on a value: Velocity 1.7's Uberspect over the tables of Java's types.

What may live here: the face of :mod:`vtlsim.velocity.java` for the rest of the room: properties, calls, indices,
iteration, by Velocity's rules of which of them means which Java method. Names reach nothing but those tables, or the
table of an object that was lent to the template; none is ever looked up on a Python object.

Every function may raise :class:`~vtlsim.values.objects.JavaException`, what Java's method throws, and
:class:`LimitReached`, which names a bound of :mod:`vtlsim.velocity.limits`. The runtime knows where that happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values.collections import (
    EntrySet,
    JavaArray,
    JavaIterator,
    KeySet,
    LazyRange,
    SubList,
    ValuesView,
)
from vtlsim.values.objects import JavaException, JavaObject
from vtlsim.velocity.java.everyday import DIRECT, UNSURE
from vtlsim.velocity.java.introspection import invoke, kind_of, kinds_of, short_name
from vtlsim.velocity.java.problems import LimitReached, illegal_argument
from vtlsim.velocity.java.types import type_of, type_of_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = [
    "LimitReached",
    "call",
    "exists",
    "get_index",
    "get_property",
    "iterate",
    "names",
    "set_index",
    "set_property",
]

_REFUSED: Final = frozenset(("wait", "notify"))
"""What the secure introspector lets nobody call."""


class _Missing:
    __slots__ = ()


_MISSING: Final = _Missing()

# -- calls ------------------------------------------------------------------------------------------------------------


def call(value: object, name: str, args: Sequence[object]) -> object | None:
    """``$value.name(args)``: None when there is no such method or it returns null, "" when it returns nothing."""
    direct = DIRECT.get((type(value), name, len(args)))
    if direct is not None:
        result = direct(value, *args)
        if result is not UNSURE:
            return result
    result = _call(value, name, args)
    return None if result is _MISSING else result


def _call(value: object, name: str, args: Sequence[object]) -> object | None:
    """The same by Java's rules; _MISSING when there is no such method."""
    if name in _REFUSED:
        return _MISSING
    if isinstance(value, JavaObject) and value.methods:
        found: object = _call_lent(value, name, args)
        if found is not _MISSING:
            return found
    elif isinstance(value, LazyRange):
        value = value.list
    kind = kind_of(value)
    kinds = kinds_of(args)
    method = type_of(kind).choose(name, kinds)
    if method is not None:
        return invoke(method, value, args)
    if isinstance(value, JavaArray):
        method = type_of("List of array").choose(name, kinds)
        if method is not None:
            return invoke(method, value, args)
    return _call_on_class(value, name, args, kinds) if kind == "Class" else _MISSING


def _call_on_class(value: Any, name: str, args: Sequence[object], kinds: tuple[str, ...]) -> object | None:
    """A class can be asked for the static methods of the type that it stands for. Other methods of that type are found
    too, but a class is no instance of it; unless they are Object's.
    """
    method = type_of(short_name(value.name)).choose(name, kinds)
    if method is None:
        return _MISSING
    if not method.static and not method.root:
        raise illegal_argument("object is not an instance of declaring class")
    return invoke(method, value, args)


def _call_lent(value: JavaObject, name: str, args: Sequence[object]) -> Any:
    function = value.methods.get((name, len(args)))
    if function is not None:
        return function(value, *args)
    if args and (name, 0) in value.methods:
        raise illegal_argument("wrong number of arguments")
    return _MISSING


def exists(value: object, name: str, arity: int) -> bool:
    """Whether the value has a method of this name that takes so many arguments of some kind."""
    if name in _REFUSED:
        return False
    if isinstance(value, JavaObject) and (name, arity) in value.methods:
        return True
    found = list(type_of_value(value).methods.get(name, ()))
    if isinstance(value, JavaArray):
        found += type_of("List of array").methods.get(name, ())
    for method in found:
        count = len(method.parameters)
        if count == arity or (count and method.parameters[-1].endswith("[]") and arity >= count - 1):
            return True
    return False


def names(value: object) -> tuple[str, ...]:
    """The names that may be read or called, in order: for hints of what somebody may have meant."""
    found: set[str] = set()
    called = set(type_of_value(value).methods)
    if isinstance(value, JavaArray):
        called.update(type_of("List of array").methods)
    if isinstance(value, dict):
        found.update(key for key in value if isinstance(key, str))
        return tuple(sorted(found | called | {"class"}))
    if isinstance(value, JavaObject):
        found.update(value.properties)
        called.update(name for name, _ in value.methods)
    for name in called:
        for prefix in ("get", "is"):
            if name.startswith(prefix) and len(name) > len(prefix):
                found.add(name[len(prefix)].lower() + name[len(prefix) + 1 :])
    return tuple(sorted(found | called))


# -- properties -------------------------------------------------------------------------------------------------------

_getters: Final[dict[tuple[str, str], Callable[[Any], object] | None]] = {}
_KEPT: Final = 2_000


def get_property(value: object, name: str) -> object | None:
    """``$value.name``: ``getname()`` or ``getName()``, a map's key, ``get("name")``, ``isname()`` or ``isName()``.

    None when there is none of them, or null. ``value`` is not None.
    """
    if isinstance(value, dict):
        if name in _CLASS_NAMES:
            return _getter("LinkedHashMap", name)(value)  # type: ignore[misc]
        return value.get(name)
    if isinstance(value, JavaObject):
        found: object = _lent_property(value, name)
        if found is not _MISSING:
            return found
    getter = _getter(kind_of(value), name)
    return None if getter is None else getter(value)


_CLASS_NAMES: Final = frozenset(("class", "Class"))
"""All that a map has a getter for."""


def _flipped(name: str) -> str:
    """The name with its first letter in the other case."""
    first = name[:1]
    return (first.upper() if first.islower() else first.lower()) + name[1:]


def _lent_property(value: JavaObject, name: str) -> Any:
    other = _flipped(name)
    for candidate in (name, other):
        function = value.properties.get(candidate)
        if function is not None:
            return function(value)
    for key in (f"get{name}", f"get{other}"):
        function = value.methods.get((key, 0))
        if function is not None:
            return function(value)
    if name in _CLASS_NAMES:
        return _MISSING  # every object has a getClass()
    function = value.methods.get(("get", 1))
    if function is not None:
        return function(value, name)
    for key in (f"is{name}", f"is{other}"):
        function = value.methods.get((key, 0))
        if function is not None:
            return function(value)
    return _MISSING


def _getter(kind: str, name: str) -> Callable[[Any], object] | None:
    key = (kind, name)
    try:
        return _getters[key]
    except KeyError:
        if len(_getters) >= _KEPT:
            _getters.clear()
        found = _getters[key] = _find_getter(kind, name)
        return found


def _find_getter(kind: str, name: str) -> Callable[[Any], object] | None:
    java_type = type_of(kind)
    other = _flipped(name)
    for candidate in (f"get{name}", f"get{other}"):
        method = java_type.choose(candidate, ())
        if method is not None and candidate not in _REFUSED and not method.parameters:
            return method.function
    if kind == "ImmutableMap":
        return lambda value: value.get(name)
    method = java_type.choose("get", ("String",))
    if method is not None:
        # the only such methods take no argument at all: Velocity then answers with nothing
        return None
    for candidate in (f"is{name}", f"is{other}"):
        method = java_type.choose(candidate, ())
        if method is not None and not method.parameters:
            return method.function
    return None


def set_property(value: object, name: str, new: object) -> bool:
    """``#set($value.name = new)``: ``setname(new)`` or ``setName(new)``, a map's key, ``put("name", new)``."""
    if isinstance(value, dict):
        value[name] = new
        return True
    for candidate in (f"set{name}", f"set{_flipped(name)}"):
        if _call(value, candidate, (new,)) is not _MISSING:
            return True
    return _call(value, "put", (name, new)) is not _MISSING


_VELOCITY_EXCEPTION: Final = "org.apache.velocity.exception.VelocityException"

# -- indices ----------------------------------------------------------------------------------------------------------


def get_index(value: object, index: object) -> object | None:
    """``$value[index]``: ``get(index)``; a negative Integer counts from the end, as ``size()`` gives it."""
    kind = type(value)
    if kind is list or kind is JavaArray:
        if type(index) is int and -len(value) <= index < len(value):  # type: ignore[arg-type]
            return value[index]  # type: ignore[index, no-any-return]
    elif kind is dict and type(index) is str:
        return value.get(index)  # type: ignore[attr-defined, no-any-return]
    return call(value, "get", (_from_the_end(value, index),))


def set_index(value: object, index: object, new: object) -> bool:
    """``#set($value[index] = new)``: ``set(index, new)``, else ``put(index, new)``. False when there is neither."""
    args = (_from_the_end(value, index), new)
    return _call(value, "set", args) is not _MISSING or _call(value, "put", args) is not _MISSING


def _from_the_end(value: object, index: object) -> object:
    if not isinstance(index, int) or index >= 0 or isinstance(index, bool):
        return index
    if kind_of(index) != "Integer":
        return index
    from vtlsim.values.text import class_name

    try:
        size = call(value, "size", ())
    except JavaException as problem:
        message = f"Error trying to calls the 'size()' method on '{class_name(value)}'"
        raise JavaException(_VELOCITY_EXCEPTION, message) from problem
    if size is None:
        message = (
            f"A 'size()' method required for negative value {index} does not exist for class '{class_name(value)}'"
        )
        raise JavaException(_VELOCITY_EXCEPTION, message)
    return size + index  # type: ignore[operator]


# -- iteration --------------------------------------------------------------------------------------------------------


def iterate(value: object) -> Iterator[object] | None:
    """What ``#foreach`` goes through: an array, a Collection, a Map's values, an Iterator; None for what is none.

    The iterator raises JavaException, ConcurrentModificationException, when a collection's size is changed under it.
    """
    from vtlsim.velocity.java import iterators

    if isinstance(value, JavaArray):
        return iter(value)
    if isinstance(value, list | SubList | LazyRange):
        return iterators.walk(value)
    if isinstance(value, dict):
        return iterators.walk_map(value, dict.get)
    if isinstance(value, KeySet | ValuesView | EntrySet):
        return iterators.walk_view(value)
    if isinstance(value, JavaIterator):
        return iterators.drain(value)
    if isinstance(value, JavaObject):
        return _iterate_lent(value)
    return None


def _iterate_lent(value: JavaObject) -> Iterator[object] | None:
    from vtlsim.velocity.java import iterators

    found = None if isinstance(value, LazyRange) else _iterable_parts(value)
    if found is not None:
        return found
    function = value.methods.get(("iterator", 0))
    if function is None:
        return None
    made = function(value)
    return iterators.drain(made) if isinstance(made, JavaIterator) else None


def _iterable_parts(value: JavaObject) -> Iterator[object] | None:
    name = value.java_class
    if not name.startswith("java.util."):
        return None
    from vtlsim.velocity.java.immutable import ImmutableList, ImmutableMap, ImmutableSet
    from vtlsim.velocity.java.streams import Stream

    if isinstance(value, Stream):
        message = f"Error invoking the method 'iterator' on class '{name}'"
        raise JavaException(_VELOCITY_EXCEPTION, message)
    if isinstance(value, ImmutableList | ImmutableSet):
        return iter(value)
    return iter(list(value.map.values())) if isinstance(value, ImmutableMap) else None
