"""What the code of a compiled template calls, by the names it sees.

What may live here: functions that emitted code calls for what it cannot say in Python itself, and the table of the
names that it sees: nothing else is within its reach. How values behave is the values' room; what may be called on them
is :mod:`methods`.
"""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any, Final

from vtlsim.values import arithmetic, order
from vtlsim.values.collections import JavaArray, JSONArray, LazyRange, key_of, key_value
from vtlsim.values.numbers import double_text
from vtlsim.values.objects import JavaObject
from vtlsim.values.text import text
from vtlsim.velocity import limits, methods
from vtlsim.velocity.java.everyday import DIRECT, UNSURE, split_plainly
from vtlsim.velocity.java.problems import LimitReached
from vtlsim.velocity.java.units import joined
from vtlsim.velocity.loops import ForeachScope, items
from vtlsim.velocity.rendering import Block, PlainBlock
from vtlsim.velocity.scopes import Argument, keep, null_string, put, word
from vtlsim.velocity.signals import BreakScope, Nearest, Stop, TemplateFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from vtlsim.velocity.rendering import Rendering

SHORT_INT: Final = 10**18
"""Integers nearer to 0 are printed by Python itself, whatever its own bound on digits is."""

# -- text -------------------------------------------------------------------------------------------------------------


def text_or_empty(value: object) -> str:
    """What a reference prints in a dialect in which nothing is the empty string."""
    kind = type(value)
    if kind is int and -SHORT_INT < value < SHORT_INT:  # type: ignore[operator]
        return int.__repr__(value)
    if kind is float:
        return double_text(value)  # type: ignore[arg-type]
    if value is None:
        return ""
    return value if kind is str else text(value)  # type: ignore[return-value]


def scalar_text(value: object, null: str) -> str:
    """What a value prints that holds no others, and so can be printed twice. Raises KeyError for all others."""
    kind = type(value)
    if kind is float:
        return double_text(value)  # type: ignore[arg-type]
    if value is None:
        return null
    if kind is bool:
        return "true" if value else "false"
    raise KeyError


def property_text(owner: object, name: str) -> str:
    """What ``$owner.name`` prints, in a dialect in which nothing is the empty string."""
    return text_or_empty(get_property(owner, name))


def text_or(value: object, prefix: str, null: str) -> str:
    """What a reference prints: its value behind its prefix, or itself."""
    return null if value is None else prefix + text(value)


def show(scope: Any, out: list[str], value: object, literal: str) -> None:
    """Prints a value that may be a block."""
    kind = type(value)
    if kind is PlainBlock or kind is Block:
        if not value.render(scope, out):  # type: ignore[attr-defined]
            out.append(null_string(scope, literal))
    elif value is None:
        out.append(null_string(scope, literal))
    else:
        out.append(text(value))  # not counted here: text() has its own bound, and pieces are counted in loops


def show_or_empty(scope: Any, out: list[str], value: object, literal: str) -> None:
    """As :func:`show`, in a dialect in which nothing is the empty string."""
    if value is not None:
        show(scope, out, value, literal)


def block_text(value: object, prefix: str, null: str, literal: str) -> str:
    """What a reference prints where the value may be a block, as a string; ``literal`` is what it prints when the block
    prints nothing, being too deep inside itself.
    """
    if value is None:
        return null
    if isinstance(value, Block):
        made = value.java_text()
        return literal if made is None else made
    return prefix + text(value)


def show_prefixed(
    scope: Any, out: list[str], value: object, escaped: bool, escape: str, more: str, literal: str
) -> None:
    """Prints a reference with backslashes or other text before it."""
    if escaped:
        out.append(escape + ("\\" if value is None else "") + null_string(scope, literal))
        return
    if isinstance(value, Block) and value.render(scope, out):
        return  # a block writes itself: the prefix is lost
    if value is None or isinstance(value, Block):
        out.append(escape + escape + more + null_string(scope, literal))
    else:
        out.append(escape + more + text(value))


# -- values -----------------------------------------------------------------------------------------------------------


def get_property(owner: object, name: str) -> Any:
    """``owner.name``; None of nothing. ``name`` is not ``class``, which a map has besides its keys."""
    if isinstance(owner, dict):
        return owner.get(name)
    return None if owner is None else methods.get_property(owner, name)


def property_or_empty(owner: object, name: str) -> Any:
    """``owner.name``, in a dialect in which nothing is the empty string."""
    return or_empty(get_property(owner, name))


def get_class(owner: object, name: str) -> Any:
    """``owner.class``; None of nothing"""
    return None if owner is None else methods.get_property(owner, name)


def get_index(owner: object, index: object) -> Any:
    """``owner[index]``; None of nothing"""
    if type(index) is int and type(owner) in _LISTS and 0 <= index < len(owner):  # type: ignore[arg-type]
        return owner[index]  # type: ignore[index]
    return None if owner is None else methods.get_index(owner, index)


_LISTS: Final = frozenset((list, JSONArray, JavaArray))


class _Direct(dict[type, dict[tuple[str, int], Any]]):
    """For each Python type: a method's name and number of arguments -> what does it at once. The methods of lent objects
    are in their class; they are copied when a template first meets it.
    """

    def __missing__(self, kind: type) -> dict[tuple[str, int], Any]:
        table: dict[tuple[str, int], Any] = dict(kind.methods) if issubclass(kind, JavaObject) else {}
        if len(self) < _KNOWN_TYPES:
            self[kind] = table
        return table


_KNOWN_TYPES: Final = 200
_DIRECT: Final = _Direct()

for (_type, _name, _count), _function in DIRECT.items():
    _DIRECT[_type][_name, _count] = _function


def call0(owner: object, key: tuple[str, int]) -> Any:
    """``owner.name()``; None of nothing"""
    method = _DIRECT[type(owner)].get(key)
    if method is not None:
        result = method(owner)
        if result is not UNSURE:
            return result
    return None if owner is None else methods.call(owner, key[0], ())


def call1(owner: object, key: tuple[str, int], argument: object) -> Any:
    """``owner.name(argument)``; None of nothing"""
    method = _DIRECT[type(owner)].get(key)
    if method is not None:
        result = method(owner, argument)
        if result is not UNSURE:
            return result
    return None if owner is None else methods.call(owner, key[0], (argument,))


def call2(owner: object, key: tuple[str, int], first: object, second: object) -> Any:
    """``owner.name(first, second)``; None of nothing"""
    method = _DIRECT[type(owner)].get(key)
    if method is not None:
        result = method(owner, first, second)
        if result is not UNSURE:
            return result
    return None if owner is None else methods.call(owner, key[0], (first, second))


def split(owner: object, pattern: str) -> Any:
    """``owner.split(pattern)`` for a pattern without any sign of a regex; None of nothing"""
    if type(owner) is str and len(owner) < limits.COLLECTION_ITEMS:
        return split_plainly(owner, pattern)
    return call1(owner, ("split", 1), pattern)


_STRINGS: Final = {str}


def loop_keys(owner: object) -> Any:
    """``owner.keySet()`` for a loop that changes nothing: the keys as they are now."""
    if type(owner) is dict:
        return JSONArray(owner if {*map(type, owner)} == _STRINGS else map(key_value, owner))
    return call0(owner, ("keySet", 0))


def loop_values(owner: object) -> Any:
    """``owner.values()`` for a loop that changes nothing: the values as they are now."""
    return JSONArray(owner.values()) if type(owner) is dict else call0(owner, ("values", 0))


def bind(owner: object, key: tuple[str, int]) -> Callable[..., Any]:
    """``owner.name`` to be called again and again with the same number of arguments."""
    if isinstance(owner, JavaObject):
        method = owner.methods.get(key)
        if method is not None:
            return MethodType(method, owner)
    return lambda *arguments: call(owner, key, *arguments)


def call(owner: object, key: tuple[str, int], *arguments: object) -> Any:
    """``owner.name(arguments)``; None of nothing"""
    method = _DIRECT[type(owner)].get(key)
    if method is not None:
        result = method(owner, *arguments)
        if result is not UNSURE:
            return result
    return None if owner is None else methods.call(owner, key[0], arguments)


def set_property(owner: object, name: str, value: object) -> None:
    """``#set($owner.name = value)``; of nothing, nothing"""
    if owner is not None:
        methods.set_property(owner, name, value)


def is_true(value: object) -> bool:
    """A reference's truth: null and false are false; what has no text is too."""
    if value is None or value is False:
        return False
    return not isinstance(value, Block) or value.java_text() is not None


def not_equal(left: object, right: object) -> bool:
    """``left != right``"""
    return not order.equal(left, right)


def add(left: Any, right: Any, left_literal: str, right_literal: str) -> object:
    """``left + right``: beside a string everything is text, and a null is what was typed."""
    kind, other = type(left), type(right)
    if kind is int and other is int:
        return arithmetic.add(left, right)
    if kind is str or other is str:
        made = (left_literal if left is None else left if kind is str else _text_of(left)) + (
            right_literal if right is None else right if other is str else _text_of(right)
        )
        if len(made) > limits.STRING_CHARACTERS:
            raise LimitReached("STRING_CHARACTERS")
        return joined(made)
    return arithmetic.add(left, right)


def _text_of(value: object) -> str:
    return text(value)


def make_map(pairs: Sequence[tuple[object, object]]) -> dict[object, object]:
    """``{key : value, ...}`` with keys of any type"""
    return {key_of(key): value for key, value in pairs}


def make_range(first: object, last: object) -> object:
    """``[first..last]``: None where one of them is no number"""
    begin, end = _int_value(first), _int_value(last)
    if begin is None or end is None:
        return None
    if abs(begin - end) >= limits.EAGER_RANGE:
        return LazyRange(begin, end)
    return list(range(begin, end + 1) if begin < end else range(begin, end - 1, -1))


def _int_value(value: object) -> int | None:
    if type(value) is int and -0x80000000 <= value <= 0x7FFFFFFF:
        return value
    if value is None or isinstance(value, (bool, str)):
        return None
    found = methods.call(value, "intValue", ())
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def big_decimal(literal: str) -> object:
    """A floating literal that no Double holds"""
    from decimal import Decimal

    return Decimal(literal)


def no_resource(name: str, value: object) -> None:
    """``#include`` and ``#parse``: there is nothing that could be found; of a null they do not complain."""
    if value is not None:
        raise TemplateFault(f"Unable to find resource '{text(value)}' for #{name}")


def or_empty(value: object) -> object:
    """A value, or the empty string in the place of nothing."""
    return "" if value is None else value


def checked(made: str) -> str:
    """A string that a template built, if it is not beyond its bound."""
    if len(made) > limits.STRING_CHARACTERS:
        too_long()
    return made


def too_long() -> None:
    """A string grew beyond its bound."""
    raise LimitReached("STRING_CHARACTERS")


def fault(message: str) -> None:
    """What Velocity refuses only when it comes to it."""
    raise TemplateFault(message)


def break_out_of(target: object, literal: str) -> None:
    """``#break($scope)``"""
    if type(target) is ForeachScope:
        raise BreakScope(target)
    raise TemplateFault(f"{literal} is not a valid org.apache.velocity.runtime.directive.Scope instance")


# -- watching ---------------------------------------------------------------------------------------------------------


def watched_value(rendering: Rendering, number: int, value: Any) -> Any:
    """Lets the watch see a value."""
    if rendering.watch is not None:
        rendering.watch.value(number, value)
    return value


def watched_text(rendering: Rendering, out: list[str], number: int, written: str) -> None:
    """Writes text and lets the watch see which part of the output it is."""
    if rendering.watch is not None:
        rendering.watch.wrote(number, out, written)
    out.append(written)


def watched_event(rendering: Rendering, number: int, event: str) -> None:
    """Lets the watch see that a branch was taken."""
    if rendering.watch is not None:
        rendering.watch.event(number, event)


def watched_show(
    rendering: Rendering,
    scope: Any,
    out: list[str],
    value: object,
    escaped: bool,
    escape: str,
    more: str,
    literal: str,
    empty: bool,
    number: int,
) -> None:
    """Prints a reference and lets the watch see its value and its part of the output."""
    watch = rendering.watch
    if watch is not None:
        watch.value(number, value)
    if value is None and empty:
        value = ""
    if isinstance(value, Block) and not escaped:
        if value.render(scope, out):
            return
        written = escape + escape + more + null_string(scope, literal)
    elif escaped:
        written = escape + ("\\" if value is None else "") + null_string(scope, literal)
    elif value is None:
        written = escape + escape + more + null_string(scope, literal)
    else:
        written = escape + more + text(value)
    if watch is not None:
        watch.wrote(number, out, written)
    out.append(written)


# -- the names that emitted code sees ---------------------------------------------------------------------------------

NAMES: Final[Mapping[str, Any]] = {
    "__builtins__": {},
    "type": type,
    "locals": locals,
    "map": map,
    "enumerate": enumerate,
    "str": str,
    "int": int,
    "dict": dict,
    "len": len,
    "JSONArray": JSONArray,
    "JavaArray": JavaArray,
    "Missing": (KeyError, TypeError),
    "text": text,
    "equal": order.equal,
    "less": order.less,
    "less_or_equal": order.less_or_equal,
    "greater": order.greater,
    "greater_or_equal": order.greater_or_equal,
    "subtract": arithmetic.subtract,
    "multiply": arithmetic.multiply,
    "divide": arithmetic.divide,
    "modulo": arithmetic.modulo,
    "set_index": methods.set_index,
    "Argument": Argument,
    "Block": Block,
    "PlainBlock": PlainBlock,
    "ForeachScope": ForeachScope,
    "Nearest": Nearest,
    "Stop": Stop,
    **{
        function.__name__: function
        for function in (
            add, big_decimal, bind, break_out_of, call, call0, call1, call2, get_class, get_index, checked, or_empty, fault, get_property, is_true, items, keep, loop_keys, loop_values, make_map,
            make_range, no_resource, not_equal, property_or_empty, property_text, put, scalar_text, set_property, show, show_or_empty, show_prefixed, split, block_text, too_long, text_or, text_or_empty,
            watched_event, watched_show, watched_text, watched_value, word,
        )
    },
}  # fmt: skip
