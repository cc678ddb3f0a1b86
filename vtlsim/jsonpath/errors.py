"""What can go wrong with a path, each with its place.

What may live here: exception types that carry facts. The messages are Jayway's own, word for word where Jayway has one
(they reach logs and traces); how to help somebody who sees one is explain's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class JsonPathError(Exception):
    """A path failed. ``path`` is the path as given, ``message`` the bare fact."""

    message: str

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return self.message


class InvalidPathError(JsonPathError):
    """The path does not parse, or asks for what there is not (an unknown function).

    ``position`` is where the fault was met, counted in characters of ``path`` from 0: what was not closed begins there.
    It is ``len(path)`` where more was expected, and None for a fault that only shows in reading.
    """

    def __init__(self, path: str, position: int | None, message: str) -> None:
        super().__init__(path, message)
        self.position = position


class PathNotFoundError(JsonPathError):
    """The path leads nowhere in this document: Jayway's PathNotFoundException, which callers take as "no value".

    The message is made when it is asked for: Jayway's may hold the text of the whole document.
    """

    def __init__(self, path: str, message: str | Callable[[], str]) -> None:
        Exception.__init__(self, path)
        self.path = path
        self._message = message

    @property
    def message(self) -> str:  # type: ignore[override] # an attribute there, made late here
        """Jayway's message."""
        if not isinstance(self._message, str):
            self._message = self._message()
        return self._message


class EvaluationError(JsonPathError):
    """Reading ended with another exception, ``java_class``, as Jayway's own would; or, for bounds of ours, a LimitError."""

    def __init__(self, path: str, java_class: str, message: str) -> None:
        super().__init__(path, message)
        self.java_class = java_class


class LimitError(EvaluationError):
    """A bound of :mod:`vtlsim.jsonpath.limits` ended the reading."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path, "java.lang.StackOverflowError", message)


class Malformed(Exception):  # noqa: N818 - never leaves the room: it becomes an InvalidPathError at the door
    """Inside the parsers: Jayway's InvalidPathException. ``position`` is an index into the text being parsed."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
