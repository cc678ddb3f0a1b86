"""Numbers in filters, which Jayway compares as BigDecimal.

What may live here: reading a number as ``new BigDecimal(text)`` does, its text, and comparing two. A number of the
document becomes a BigDecimal by way of its own text, so a double counts as the shortest decimal that names it: 0.1 is
exactly 0.1. Floats are compared as they are wherever that gives the same answer; ``decimal`` is slow to import.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from vtlsim.values.text import text

if TYPE_CHECKING:
    from decimal import Decimal

Number: TypeAlias = "int | float | Decimal"

_EXACT = float(1 << 53)
_DECIMAL = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,10}))?")


class WrittenNumber(float):
    """A number written in a path, of so few digits that a double holds it; ``written`` is how."""

    __slots__ = ("written",)
    written: str


def parse_number(written: str) -> Number:
    """``new BigDecimal(written)``. Raises ValueError where that throws."""
    match = _DECIMAL.fullmatch(written)
    if match is None:
        raise ValueError(written)
    _, digits, exponent = match.groups()
    if exponent is None and "." not in digits and len(digits) < 1000:
        return int(written)
    power = int(exponent or 0)
    if not -(1 << 31) < power < (1 << 31):
        raise ValueError(written)
    # 15 digits name one double at most, and are its shortest name.
    if len(digits) <= 16 and -250 < power < 250:
        number = WrittenNumber(written)
        number.written = written
        return number
    from decimal import Decimal

    return Decimal(written)


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a value stands for a java.lang.Number."""
    kind = type(value)
    return kind is int or kind is float or (kind is not bool and (isinstance(value, int | float) or _is_decimal(value)))


def _is_decimal(value: object) -> bool:
    return type(value).__name__ == "Decimal"


def decimal_text(value: Number) -> str:
    """``new BigDecimal(value.toString()).toString()``"""
    if type(value) is int:
        return str(value)
    if type(value) is float and 1e-3 <= abs(value) < 1e7:
        return repr(value)
    number = to_decimal(value)
    return str(number if number else abs(number))


def to_decimal(value: Number) -> Decimal:
    """``new BigDecimal(value.toString())``"""
    from decimal import Decimal

    if isinstance(value, Decimal):
        return value
    return Decimal(value.written if isinstance(value, WrittenNumber) else text(value))


def compare(left: Number, right: Number) -> int:
    """``BigDecimal.compareTo``: negative, zero or positive."""
    kinds = (type(left), type(right))
    if kinds == (int, int) or (
        _PLAIN.issuperset(kinds)
        and ((kinds[0] is not int and kinds[1] is not int) or (-_EXACT < left < _EXACT and -_EXACT < right < _EXACT))
    ):
        return (left > right) - (left < right)  # type: ignore[operator] # Decimals are not among them
    one, other = to_decimal(left), to_decimal(right)
    return (one > other) - (one < other)


_PLAIN = frozenset((int, float, WrittenNumber))
