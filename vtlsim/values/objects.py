"""What a template may hold that is neither text, number nor collection, and what a method may throw.

What may live here: the base class of the objects that are lent to templates, and Java's exceptions as one Python
exception. Nothing that acts on values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEPTH: Final = 1_000
"""Maps and lists inside one another when a value is printed, hashed, compared, read or written. Java has no such bound
but its stack, which ends at a few thousand levels with a StackOverflowError; so do we."""


TEXT_CHARACTERS: Final = 20_000_000
"""Characters of one value's text. A list that holds another twice, which holds another twice, is small and its text is
not; Java ends with an OutOfMemoryError, and so do we."""


class JavaException(Exception):  # noqa: N818 - Java's own word, and most of those it stands for are exceptions there
    """What a Java method threw: ``java_class`` is the class's full name, ``message`` its message or None."""

    def __init__(self, java_class: str, message: str | None = None) -> None:
        super().__init__(java_class if message is None else f"{java_class}: {message}")
        self.java_class = java_class
        self.message = message


def stack_overflow() -> JavaException:
    """What Java throws when values are nested deeper than its stack: here, deeper than :data:`DEPTH`."""
    return JavaException("java.lang.StackOverflowError")


def out_of_memory() -> JavaException:
    """What Java throws when a text outgrows its memory: here, :data:`TEXT_CHARACTERS`."""
    return JavaException("java.lang.OutOfMemoryError", "Java heap space")


class JavaObject:
    """An object lent to templates: what its class says, and nothing of Python, is within a template's reach.

    ``methods`` maps (name, number of arguments) to a function that takes the object and the arguments; ``properties``
    maps a name to a function that takes the object. Both may raise :class:`JavaException`.
    """

    __slots__ = ()

    java_class: ClassVar[str] = "java.lang.Object"
    methods: ClassVar[Mapping[tuple[str, int], Callable[..., Any]]] = {}
    properties: ClassVar[Mapping[str, Callable[..., Any]]] = {}

    def java_text(self) -> str | None:
        """``toString()``"""
        return f"{self.java_class}@{self.java_hash() & 0xFFFFFFFF:x}"

    def java_equals(self, other: object) -> bool:
        """``equals(other)``; ``other`` may be None"""
        return self is other

    def java_hash(self) -> int:
        """``hashCode()``, a signed 32-bit number. Java's is different in every run; this one is the same in all."""
        number = 0
        for character in self.java_class:
            number = (31 * number + ord(character)) & 0x7FFFFFFF
        return number
