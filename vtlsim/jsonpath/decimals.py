"""Numbers in filters, which Jayway compares as BigDecimal.

What may live here: reading a number as ``new BigDecimal(text)`` does, its text, and comparing two. A number of the
document becomes a BigDecimal by way of its own text, so a double counts as the shortest decimal that names it: 0.1 is
exactly 0.1. Floats are compared as they are wherever that gives the same answer; ``decimal`` is slow to import.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard

from vtlsim.values.numbers import decimal_of, decimal_text, integer_of_digits, is_decimal, number_text
from vtlsim.values.objects import JavaException

if TYPE_CHECKING:
    from decimal import Decimal

Number: TypeAlias = "int | float | Decimal"

EXACT: Final = float(1 << 53)
"""Below this, a double and an int compare as their shortest decimals do."""
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?")


class WrittenNumber(float):
    """A number written in a path, of so few digits that a double holds it; ``written`` is how."""

    __slots__ = ("written",)
    written: str


def parse_number(written: str) -> Number:
    """``new BigDecimal(written)``. Raises ValueError where that throws."""
    match = _NUMBER.fullmatch(written)
    if match is None:
        raise ValueError(written)
    digits, exponent = match.groups()
    try:
        if exponent is None and "." not in digits:
            return integer_of_digits(written)
        # 15 digits name one double at most, and are its shortest name.
        if len(digits) <= 16 and (exponent is None or -250 < int(exponent[:5]) < 250):
            number = WrittenNumber(written)
            number.written = written
            return number
        value = decimal_of(written)
    except JavaException as thrown:
        raise ValueError(written) from thrown
    if abs(int(value.as_tuple().exponent)) >= 1 << 31:
        raise ValueError(written)
    return value


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a value stands for a java.lang.Number."""
    kind = type(value)
    return kind is int or kind is float or (kind is not bool and (isinstance(value, int | float) or is_decimal(value)))


def to_text(value: Number) -> str:
    """``new BigDecimal(value.toString()).toString()``"""
    if type(value) is int:
        return number_text(value)
    if type(value) is float and 1e-3 <= abs(value) < 1e7:
        return repr(value)
    return decimal_text(to_decimal(value))


def to_decimal(value: Number) -> Decimal:
    """``new BigDecimal(value.toString())``"""
    if not isinstance(value, int | float):
        return value
    return decimal_of(value.written if isinstance(value, WrittenNumber) else number_text(value))


def compare(left: Number, right: Number) -> int:
    """``BigDecimal.compareTo``: negative, zero or positive."""
    one, other = type(left), type(right)
    if one not in _COMPARABLE or other not in _COMPARABLE:
        return _sign(to_decimal(left), to_decimal(right))
    if (one is int) is (other is int) or (-EXACT < left < EXACT and -EXACT < right < EXACT):
        return _sign(left, right)
    return _sign(to_decimal(left), to_decimal(right))


_COMPARABLE: Final = frozenset((int, float, WrittenNumber))


def _sign(left: Number, right: Number) -> int:
    return (left > right) - (left < right)
