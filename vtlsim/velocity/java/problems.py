"""What Java's methods throw, and the one thing that ours raise besides.

What may live here: makers of :class:`~vtlsim.values.objects.JavaException`, one for each exception that more than one
type throws, and the exception for a bound of :mod:`vtlsim.velocity.limits`. The messages are JDK 17's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.values.objects import JavaException
from vtlsim.velocity import limits

if TYPE_CHECKING:
    from collections.abc import Sized


class LimitReached(Exception):  # noqa: N818 - it is no fault of anybody's, and the runtime turns it into one
    """A bound of ours was met inside a method. ``limit`` is its name in :mod:`vtlsim.velocity.limits`.

    It knows no place in a template: the runtime raises LimitExceededError with the span of the call.
    """

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


def check_length(characters: int) -> None:
    """Raise LimitReached before a string of so many characters is built."""
    if characters > limits.STRING_CHARACTERS:
        raise LimitReached("STRING_CHARACTERS")


def check_items(items: int) -> None:
    """Raise LimitReached before a list of so many items is built."""
    if items > limits.COLLECTION_ITEMS:
        raise LimitReached("COLLECTION_ITEMS")


def null_pointer(message: str | None = None) -> JavaException:
    """What using null gives."""
    return JavaException("java.lang.NullPointerException", message)


def illegal_argument(message: str | None = None) -> JavaException:
    """IllegalArgumentException"""
    return JavaException("java.lang.IllegalArgumentException", message)


def unsupported() -> JavaException:
    """What changing a collection gives that cannot be changed in this way."""
    return JavaException("java.lang.UnsupportedOperationException")


def illegal_state(message: str | None = None) -> JavaException:
    """IllegalStateException"""
    return JavaException("java.lang.IllegalStateException", message)


def no_such_element(message: str | None = None) -> JavaException:
    """NoSuchElementException"""
    return JavaException("java.util.NoSuchElementException", message)


def concurrent_modification() -> JavaException:
    """What an iterator throws whose collection was changed meanwhile."""
    return JavaException("java.util.ConcurrentModificationException")


def arithmetic(message: str) -> JavaException:
    """ArithmeticException"""
    return JavaException("java.lang.ArithmeticException", message)


def number_format(message: str) -> JavaException:
    """NumberFormatException"""
    return JavaException("java.lang.NumberFormatException", message)


def string_index(message: str) -> JavaException:
    """StringIndexOutOfBoundsException"""
    return JavaException("java.lang.StringIndexOutOfBoundsException", message)


def index_out_of_bounds(message: str | None = None) -> JavaException:
    """IndexOutOfBoundsException"""
    return JavaException("java.lang.IndexOutOfBoundsException", message)


def check_index(index: int, items: Sized) -> None:
    """``Objects.checkIndex``: an index that must name an item."""
    if not 0 <= index < len(items):
        raise index_out_of_bounds(f"Index {index} out of bounds for length {len(items)}")


def class_cast(value_class: str, wanted: str) -> JavaException:
    """What casting a value of one class to another gives, where both are of java.base."""
    return JavaException(
        "java.lang.ClassCastException",
        f"class {value_class} cannot be cast to class {wanted} "
        f"({value_class} and {wanted} are in module java.base of loader 'bootstrap')",
    )
