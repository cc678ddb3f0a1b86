"""What one reading of a path carries along, and what its steps have in common.

What may live here: the state of a reading (its root, its bounds, what Jayway's tokens remember meanwhile), how it may
end, and which Python values are Java's maps and lists.

A path is read depth first, one function for each step: ``run(value, found, reading)`` appends to ``found`` what the
rest of the path finds below ``value``. Going depth first is part of the behaviour: where a branch ends with an
exception, what was found before it may stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from vtlsim.jsonpath.limits import REGEX_SECONDS, REGEX_SECONDS_LEAST, VISITS
from vtlsim.values.collections import JavaArray, JSONArray, LazyRange, SubList

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.jsonpath.patterns import Pattern

Run: TypeAlias = "Callable[[Any, list[object], Reading], None]"


class Missing:
    """There is no value: not even null."""

    __slots__ = ()


MISSING: Final = Missing()


# -- how a reading may end --------------------------------------------------------------------------------------------


class NotFound(Exception):  # noqa: N818 - Jayway's PathNotFoundException, which becomes one at the door
    """The path leads nowhere. ``message`` makes Jayway's message, which may hold the text of a whole document."""

    def __init__(self, message: Callable[[], str]) -> None:
        super().__init__()
        self.message = message


class Invalid(Exception):  # noqa: N818 - Jayway's InvalidPathException, which becomes one at the door
    """The path asks for what there is not. Inside a filter it means: this one does not match."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Thrown(Exception):  # noqa: N818 - any other exception of Java's, which becomes an EvaluationError at the door
    """``java_class`` was thrown with ``message``."""

    def __init__(self, java_class: str, message: str) -> None:
        super().__init__(message)
        self.java_class = java_class
        self.message = message


class OutOfBounds(Thrown):
    """IndexOutOfBoundsException, which Jayway's array steps catch, whoever threw it."""

    def __init__(self, message: str) -> None:
        super().__init__("java.lang.IndexOutOfBoundsException", message)


class LimitReached(Exception):  # noqa: N818 - becomes a LimitError at the door
    """A bound of :mod:`vtlsim.jsonpath.limits` was met."""


def failed(message: str) -> Thrown:
    """A plain JsonPathException."""
    return Thrown("com.jayway.jsonpath.JsonPathException", message)


# -- one reading ------------------------------------------------------------------------------------------------------


class Bounds:
    """What a reading and all readings inside it may still use."""

    __slots__ = ("matches", "visits")

    def __init__(self) -> None:
        self.visits = VISITS
        self.matches = 0

    def visit(self, values: int) -> None:
        """Count values that are looked at."""
        self.visits -= values
        if self.visits < 0:
            raise LimitReached(f"more than {VISITS} values were looked at")

    def match(self, pattern: Pattern, text: str) -> bool:
        """Whether the whole text matches, within its share of time."""
        self.matches += 1
        try:
            return pattern.matches(text, max(REGEX_SECONDS / self.matches, REGEX_SECONDS_LEAST))
        except TimeoutError:
            raise LimitReached(f"the pattern /{pattern.expression}/ took too long") from None


class Reading:
    """One reading: ``root`` is what ``$`` means in filters and arguments."""

    __slots__ = ("bounds", "marks", "root", "roots")

    def __init__(self, root: object, bounds: Bounds) -> None:
        self.root = root
        self.bounds = bounds
        self.roots: dict[int, object] = {}
        """What paths from ``$`` in filters gave, by the identity of the path: each is read once."""
        self.marks: dict[object, int] = {}
        """The array index that a step was last told by the ``..`` before it, by the identity of the step."""


# -- Java's maps and lists --------------------------------------------------------------------------------------------


def is_list(value: object) -> bool:
    """Whether the value is a java.util.List. An array is none."""
    return (isinstance(value, list) and type(value) is not JavaArray) or isinstance(value, LazyRange | SubList)


def as_list(value: Any) -> list[object] | None:
    """The items of a java.util.List, None for anything else."""
    kind = type(value)
    if kind is JSONArray or kind is list:
        return value  # type: ignore[no-any-return]
    return list(value) if is_list(value) else None
