"""Variables at run time, where they cannot be locals of the compiled function.

What may live here: the chain of scopes that Velocity builds for macros and loops, and the arguments of macros. A scope
has ``get``, ``put`` and ``remove``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class RootScope:
    """A template's variables."""

    __slots__ = ("get", "variables")

    def __init__(self, variables: dict[str, Any]) -> None:
        self.variables = variables
        self.get = variables.get

    def put(self, name: str, value: object) -> None:
        """Sets a variable."""
        self.variables[name] = value

    def remove(self, name: str) -> None:
        """Unsets a variable."""
        self.variables.pop(name, None)


class MacroScope:
    """A macro's variables: parameters by name, everything else the caller's; what is set is set in both."""

    __slots__ = ("arguments", "inner", "local")

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.local: dict[str, Any] = {}
        self.arguments: dict[str, Argument] = {}

    def bind(self, name: str, argument: Argument) -> None:
        """Lets a parameter stand for an argument, which is evaluated at each use unless it is constant."""
        if argument.constant:
            self.local[name] = argument.value(self.inner)
        else:
            self.arguments[name] = argument
            self.local[".literal.$" + name] = argument

    def get(self, name: str) -> Any:
        """A variable's value."""
        value = self.local.get(name)
        if value is not None:
            return value
        argument = self.arguments.get(name)
        if argument is not None:
            return argument.value(self.inner)
        return self.inner.get(name)

    def put(self, name: str, value: object) -> None:
        """Sets a variable here and in the caller."""
        self.local[name] = value
        self.inner.put(name, value)

    def remove(self, name: str) -> None:
        """Unsets a variable here and in the caller."""
        self.local.pop(name, None)
        self.arguments.pop(name, None)
        self.inner.remove(name)


class NullHolder:
    """The variables of a ``#foreach`` body whose element is null: the element stays null whatever is set."""

    __slots__ = ("active", "element", "inner")

    def __init__(self, inner: Any, element: str) -> None:
        self.inner = inner
        self.element = element
        self.active = True

    def get(self, name: str) -> Any:
        """A variable's value."""
        return None if self.active and name == self.element else self.inner.get(name)

    def put(self, name: str, value: object) -> None:
        """Sets a variable, though the element is not seen to change."""
        if name == self.element and value is None:
            self.active = True
        self.inner.put(name, value)

    def remove(self, name: str) -> None:
        """Unsets a variable; unsetting the element ends its being hidden."""
        if name == self.element:
            self.active = False
        self.inner.remove(name)


class Argument:
    """What a macro's parameter stands for: evaluated in the caller's variables at each use."""

    __slots__ = ("constant", "is_word", "literal", "value")

    def __init__(self, value: Callable[[Any], Any], literal: str, constant: bool, is_word: bool = False) -> None:
        self.value = value
        self.literal = literal
        self.constant = constant
        self.is_word = is_word


def word(literal: str) -> Argument:
    """A bare word in a macro's call: an error once the macro is known."""
    return Argument(lambda _: None, literal, constant=True, is_word=True)


def put(scope: Any, name: str, value: object) -> None:
    """``#set($name = value)``: a null is refused and the old value stays."""
    if value is not None:
        scope.put(name, value)


def keep(variables: dict[str, Any], found: dict[str, Any], names: tuple[str, ...]) -> None:
    """Hands a function's locals of these names, which begin with a ``$`` there, back to the variables that outlive the
    rendering.
    """
    for name in names:
        value = found.get(f"${name}")
        if value is None:
            variables.pop(name, None)
        else:
            variables[name] = value


def null_string(scope: Any, literal: str) -> str:
    """What a reference without a value prints: inside a macro, a parameter prints the caller's argument as typed."""
    if scope is None:
        return literal
    argument = scope.get(".literal." + literal)
    return argument.literal if type(argument) is Argument else literal
