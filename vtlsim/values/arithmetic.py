"""What ``+ - * / %`` give.

What may live here: Velocity 1.7's rules for two operands of any types, as its MathUtils and ASTMathNode have them. How
numbers compare is order's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.values.numbers import (
    DIGITS,
    LONG_MAX,
    LONG_MIN,
    Byte,
    Float,
    Short,
    big_integer,
    exact,
    integer_type,
    is_decimal,
    is_number,
    long,
    overflow,
    scaled,
    unscaled,
)
from vtlsim.values.objects import JavaException
from vtlsim.values.text import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from vtlsim.values.numbers import Number

LONG, FLOAT, DOUBLE, BIG_INTEGER, BIG_DECIMAL = range(5)
"""How two numbers are calculated with: what MathUtils calls the base."""

_HALF: Final = 1 << 31
"""Integers are below it: what two of them give is the Integer or Long that holds it."""


def add(left: object, right: object) -> object | None:
    """``left + right``: text put together when either is a String, else a sum; None when one is no number.

    Null beside a String is the caller's business: Velocity puts the operand's source there.
    """
    if type(left) is int and type(right) is int and -_HALF <= left < _HALF and -_HALF <= right < _HALF:
        return left + right
    if type(left) is str or type(right) is str:
        return text(left) + text(right)
    return _calculated(left, right, _ADD)


def subtract(left: object, right: object) -> object | None:
    """``left - right``; None when one is no number."""
    if type(left) is int and type(right) is int and -_HALF <= left < _HALF and -_HALF <= right < _HALF:
        return left - right
    return _calculated(left, right, _SUBTRACT)


def multiply(left: object, right: object) -> object | None:
    """``left * right``; None when one is no number."""
    if type(left) is int and type(right) is int and -_HALF <= left < _HALF and -_HALF <= right < _HALF:
        return left * right
    return _calculated(left, right, _MULTIPLY)


def divide(left: object, right: object) -> object | None:
    """``left / right``, of integers without the fraction; None when one is no number or ``right`` is zero."""
    return None if _is_zero(right) else _calculated(left, right, _DIVIDE)


def modulo(left: object, right: object) -> object | None:
    """``left % right`` with the sign of ``left``; None when one is no number or ``right`` is zero.

    Raises JavaException(ArithmeticException) for a BigDecimal and for a BigInteger by a negative number.
    """
    return None if _is_zero(right) else _calculated(left, right, _MODULO)


def _is_zero(value: object) -> bool:
    return is_number(value) and not value


def base_of(left: Number, right: Number) -> int:
    """Which of :data:`LONG` and its like two numbers are calculated in."""
    if isinstance(left, int) and isinstance(right, int):
        if integer_type(left) == "BigInteger" or integer_type(right) == "BigInteger":
            return BIG_INTEGER
        return LONG
    for number in (left, right):
        if is_decimal(number) or (isinstance(number, int) and integer_type(number) == "BigInteger"):
            return BIG_DECIMAL
    return DOUBLE if type(left) is float or type(right) is float else FLOAT


def as_decimal(value: Number) -> Decimal:
    """MathUtils.toBigDecimal: by way of a double for all but the big types, so a large Long loses digits."""
    from decimal import Decimal

    if is_decimal(value):
        return value  # type: ignore[return-value]
    if isinstance(value, int):
        return Decimal(value if integer_type(value) == "BigInteger" else float(value))
    number = float(value)
    if number - number != 0:
        raise JavaException("java.lang.NumberFormatException", "Infinite or NaN")
    return Decimal(number) if number else Decimal(0)


# -- by base ----------------------------------------------------------------------------------------------------------

_ADD, _SUBTRACT, _MULTIPLY, _DIVIDE, _MODULO = range(5)


def _calculated(left: object, right: object, operation: int) -> object | None:
    if not is_number(left) or not is_number(right):
        return None
    first: Number = left  # type: ignore[assignment]
    second: Number = right  # type: ignore[assignment]
    base = base_of(first, second)
    if base == LONG:
        return _whole(_LONG[operation](int(first), int(second)), first, second)
    if base == DOUBLE:
        return _DOUBLE[operation](float(first), float(second))
    if base == BIG_INTEGER:
        return big_integer(_BIG_INTEGER[operation](int(first), int(second)))
    if base == FLOAT:
        return Float(_DOUBLE[operation](Float(first), Float(second)))  # type: ignore[arg-type]
    return _decimal(first, second, operation)


def _whole(value: int, left: object, right: object) -> int:
    """The result of integers that are no BigIntegers, in the larger of their types or the next that holds it."""
    if not LONG_MIN <= value <= LONG_MAX:
        return value
    size = max(_SIZES[integer_type(left)], _SIZES[integer_type(right)])  # type: ignore[arg-type]
    if size == 0 and -(1 << 7) <= value < 1 << 7:
        return Byte(value)
    if size <= 1 and -(1 << 15) <= value < 1 << 15:
        return Short(value)
    return int(value) if size <= 2 else long(value)


_SIZES: Final = {"Byte": 0, "Short": 1, "Integer": 2, "Long": 3}


def _quotient(left: int, right: int) -> int:
    """Division toward zero."""
    value = abs(left) // abs(right)
    return -value if (left < 0) != (right < 0) else value


def _remainder(left: int, right: int) -> int:
    """What is left of it, with the sign of ``left``."""
    value = abs(left) % abs(right)
    return -value if left < 0 else value


def _long_product(left: int, right: int) -> int:
    """A product that MathUtils looks at for overflow by dividing again, which overlooks one: -2^63 * -1."""
    return LONG_MIN if left == LONG_MIN and right == -1 else left * right


def _long_quotient(left: int, right: int) -> int:
    return int(long(_quotient(left, right)))


def _big_product(left: int, right: int) -> int:
    if left.bit_length() + right.bit_length() > 4 * DIGITS:
        raise overflow()
    return left * right


def _big_remainder(left: int, right: int) -> int:
    if right < 0:
        raise JavaException("java.lang.ArithmeticException", "BigInteger: modulus not positive")
    return left % right


def _double_remainder(left: float, right: float) -> float:
    from math import fmod

    return float("nan") if left - left != 0 else fmod(left, right)  # Python refuses to divide an infinity


_LONG: Final[tuple[Callable[[int, int], int], ...]] = (
    int.__add__,
    int.__sub__,
    _long_product,
    _long_quotient,
    _remainder,
)
_BIG_INTEGER: Final[tuple[Callable[[int, int], int], ...]] = (
    int.__add__,
    int.__sub__,
    _big_product,
    _quotient,
    _big_remainder,
)
_DOUBLE: Final[tuple[Callable[[float, float], float], ...]] = (
    float.__add__,
    float.__sub__,
    float.__mul__,
    float.__truediv__,
    _double_remainder,
)


def _decimal(left: Number, right: Number, operation: int) -> Decimal:
    """BigDecimal's own: exact but for division, which keeps the left side's scale and rounds half down."""
    from decimal import DecimalException

    if operation == _MODULO:
        raise JavaException("java.lang.ArithmeticException", "Cannot calculate the modulo of BigDecimals.")
    first, second = as_decimal(left), as_decimal(right)
    if operation == _DIVIDE:
        return _decimal_quotient(first, second)
    context = exact()
    try:
        methods: tuple[Callable[[Decimal, Decimal], Decimal], ...] = (context.add, context.subtract, context.multiply)
        value = methods[operation](first, second)
    except (DecimalException, MemoryError):
        raise overflow() from None
    return value or abs(value)


def _decimal_quotient(left: Decimal, right: Decimal) -> Decimal:
    (dividend, scale), (divisor, shift) = unscaled(left), unscaled(right)
    if abs(shift) > DIGITS:
        raise overflow()
    if shift > 0:
        dividend *= 10**shift
    else:
        divisor *= 10**-shift
    value, rest = divmod(abs(dividend), abs(divisor))
    if 2 * rest > abs(divisor):
        value += 1
    return scaled(-value if (dividend < 0) != (divisor < 0) else value, scale)
