"""java.math.BigDecimal: its methods as of JDK 17.

What may live here: functions of Decimals that are BigDecimals, and the table of them. A BigDecimal is a number and a
scale, number / 10^scale, and that is what these functions work with. What has more digits than
:data:`vtlsim.values.numbers.DIGITS` is refused before it is computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from vtlsim.values import text as texts
from vtlsim.values.collections import JavaArray
from vtlsim.values.numbers import (
    DIGITS,
    INTEGER_MAX,
    INTEGER_MIN,
    LONG_MAX,
    LONG_MIN,
    Float,
    big_integer,
    integer,
    integer_text,
    is_decimal,
    long,
    overflow,
    scaled,
    unscaled,
)
from vtlsim.values.order import java_equals, java_hash
from vtlsim.velocity.java.integers import byte, short
from vtlsim.velocity.java.problems import (
    arithmetic,
    check_length,
    class_cast,
    illegal_argument,
    null_pointer,
    number_format,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from vtlsim.velocity.java.introspection import Table

from vtlsim.velocity.java.big_integers import bounded, given


def _power(exponent: int) -> int:
    if exponent > DIGITS:
        raise overflow()
    return int(10**exponent)


def _size(number: int) -> int:
    """``precision()``: the number of digits, 1 for zero"""
    if -1_000_000_000 < number < 1_000_000_000:
        return len(str(abs(number)))
    estimate = number.bit_length() * 30103 // 100000
    return estimate + 1 if abs(number) >= _power(estimate) else estimate


def _scale(scale: int) -> int:
    """A scale, which must be an int. Raises JavaException."""
    if scale > INTEGER_MAX:
        raise arithmetic("Underflow")
    if scale < INTEGER_MIN:
        raise arithmetic("Overflow")
    return scale


def _aligned(one: Decimal, other: Decimal | None) -> tuple[int, int, int]:
    """Two numbers at the larger of their scales, and that scale."""
    first, one_scale = unscaled(one)
    second, other_scale = unscaled(given(other))
    scale = max(one_scale, other_scale)
    return first * _power(scale - one_scale), second * _power(scale - other_scale), scale


def _add(one: Decimal, other: Decimal | None) -> Decimal:
    first, second, scale = _aligned(one, other)
    return scaled(first + second, scale)


def _subtract(one: Decimal, other: Decimal | None) -> Decimal:
    first, second, scale = _aligned(one, other)
    return scaled(first - second, scale)


def _times(one: Decimal, other: Decimal | None) -> Decimal:
    first, one_scale = unscaled(one)
    second, other_scale = unscaled(given(other))
    bounded(first.bit_length() + second.bit_length() - 1)
    return scaled(first * second, _scale(one_scale + other_scale))


_UP, _DOWN, _CEILING, _FLOOR, _HALF_UP, _HALF_DOWN, _HALF_EVEN, _UNNECESSARY = range(8)
"""BigDecimal's rounding modes as ints."""


def _divided(number: int, divisor: int, mode: int) -> int:
    """The quotient, rounded."""
    quotient, rest = divmod(abs(number), abs(divisor))
    negative = (number < 0) != (divisor < 0)
    if rest:
        if mode == _UNNECESSARY:
            raise arithmetic("Rounding necessary")
        twice = 2 * rest - abs(divisor)
        up = {
            _UP: True,
            _DOWN: False,
            _CEILING: not negative,
            _FLOOR: negative,
            _HALF_UP: twice >= 0,
            _HALF_DOWN: twice > 0,
            _HALF_EVEN: twice > 0 or (twice == 0 and quotient % 2 == 1),
        }[mode]
        quotient += up
    return -quotient if negative else quotient


def _mode(mode: int) -> int:
    if not 0 <= mode <= 7:
        raise illegal_argument("Invalid rounding mode")
    return mode


def _set_scale(value: Decimal, wanted: int, mode: int = _UNNECESSARY) -> Decimal:
    number, scale = unscaled(value)
    _mode(mode)
    if wanted >= scale:
        if number:
            bounded((wanted - scale) * 3)
            number *= _power(wanted - scale)
        return scaled(number, wanted)
    if scale - wanted > DIGITS + _size(number):
        # no digit is left: what remains is the sign and whether there was anything
        return scaled(_divided((number > 0) - (number < 0), 1000, mode), wanted)
    return scaled(_divided(number, _power(scale - wanted), mode), wanted)


def _divide(one: Decimal, other: Decimal | None, scale: int, mode: int) -> Decimal:
    _mode(mode)
    first, one_scale = unscaled(one)
    second, other_scale = unscaled(given(other))
    shift = scale - one_scale + other_scale
    first *= _power(max(shift, 0))
    second *= _power(max(-shift, 0))
    if second == 0:
        compact = LONG_MIN < first <= LONG_MAX and abs(shift) < 19  # Java then reckons with longs
        raise arithmetic("/ by zero" if compact else "BigInteger divide by zero")
    return scaled(_divided(first, second, mode), scale)


def _divide_to_scale(one: Decimal, other: Decimal | None, mode: int) -> Decimal:
    return _divide(one, other, unscaled(one)[1], mode)


def _divide_exactly(one: Decimal, other: Decimal | None) -> Decimal:
    """``divide(BigDecimal)``: the exact quotient, of the preferred scale if that holds it"""
    first, one_scale = unscaled(one)
    second, other_scale = unscaled(given(other))
    if second == 0:
        raise arithmetic("Division undefined" if first == 0 else "Division by zero")
    preferred = max(min(one_scale - other_scale, INTEGER_MAX), INTEGER_MIN)
    if first == 0:
        return scaled(0, preferred)
    from math import gcd

    if max(first.bit_length(), second.bit_length()) > 200_000:
        raise overflow()
    common = gcd(first, second)
    top, bottom = first // common, abs(second // common)
    if second < 0:
        top = -top
    twos = (bottom & -bottom).bit_length() - 1
    rest, fives = bottom >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    # Java gives up when the quotient has more digits than a terminating one can have
    if rest != 1:
        raise arithmetic("Non-terminating decimal expansion; no exact representable decimal result.")
    places = max(twos, fives)
    number, scale = top * _power(places) // bottom, places + one_scale - other_scale
    return _stripped(number, scale, preferred)


def _stripped(number: int, scale: int, preferred: int) -> Decimal:
    """Without zeros at the end down to a preferred scale; with zeros up to it."""
    if scale < preferred:
        return scaled(number * _power(preferred - scale), preferred)
    while scale > preferred and number % 10 == 0:
        number, scale = number // 10, scale - 1
    return scaled(number, scale)


def _integral_quotient(one: Decimal, other: Decimal | None) -> Decimal:
    """``divideToIntegralValue``"""
    first, one_scale = unscaled(one)
    second, other_scale = unscaled(given(other))
    preferred = max(min(one_scale - other_scale, INTEGER_MAX), INTEGER_MIN)
    if second == 0:
        raise arithmetic("Division undefined" if first == 0 else "Division by zero")
    if first == 0:
        return scaled(0, preferred)
    shift = other_scale - one_scale
    number = _divided(first * _power(max(shift, 0)), second * _power(max(-shift, 0)), _DOWN)
    if number == 0:
        return scaled(0, preferred)
    if preferred >= 0:
        return scaled(number * _power(preferred), preferred)
    return _stripped(number, 0, preferred)


def _remainder(one: Decimal, other: Decimal | None) -> Decimal:
    return _subtract(one, _times(_integral_quotient(one, other), other))


def _quotient_and_rest(one: Decimal, other: Decimal | None) -> JavaArray:
    quotient = _integral_quotient(one, other)
    return JavaArray([quotient, _subtract(one, _times(quotient, other))], "java.math.BigDecimal")


def _decimal_pow(value: Decimal, exponent: int) -> Decimal:
    if not 0 <= exponent <= 999_999_999:
        raise arithmetic("Invalid operation")
    number, scale = unscaled(value)
    if abs(number) > 1:
        bounded(number.bit_length() * exponent - exponent + 1)
    return scaled(number**exponent, _scale(scale * exponent))


def _compare_decimals(one: Decimal, other: object) -> int:
    if other is None:
        raise null_pointer()
    if not is_decimal(other):
        raise class_cast(texts.class_name(other), "java.math.BigDecimal")
    return (one > other) - (one < other)  # type: ignore[operator]


def _whole(value: Decimal) -> int:
    """The integer part. Raises JavaException for one of too many digits."""
    number, scale = unscaled(value)
    if scale <= 0:
        return number * _power(-scale) if number else 0
    return _divided(number, _power(min(scale, _size(number) + 1)), _DOWN)


def _whole_bits(value: Decimal, bits: int) -> int:
    """The low bits of the integer part, which may be too long to be written down."""
    _, scale = unscaled(value)
    if scale <= -bits:
        return 0  # so many factors of two
    return _whole(value)


def _exact_whole(value: Decimal) -> int:
    number, scale = unscaled(value)
    if scale <= 0 or number == 0:
        return _whole(value)
    quotient, rest = divmod(abs(number), _power(min(scale, _size(number) + 1)))
    if rest:
        raise arithmetic("Rounding necessary")
    return -quotient if number < 0 else quotient


def _exact_integer(value: Decimal, low: int, high: int, make: Callable[[int], int]) -> int:
    number, scale = unscaled(value)
    if number and _size(number) - scale > 19:
        raise arithmetic("Overflow")
    whole = _exact_whole(value)
    if not low <= whole <= high:
        raise arithmetic("Overflow")
    return make(whole)


def _plain_text(value: Decimal) -> str:
    number, scale = unscaled(value)
    shown = integer_text(abs(number))
    sign = "-" if number < 0 else ""
    check_length(abs(scale) + len(shown))
    if scale <= 0:
        return sign + shown + ("0" * -scale if number else "")
    shown = shown.rjust(scale + 1, "0")
    return f"{sign}{shown[:-scale]}.{shown[-scale:]}"


def _engineering_text(value: Decimal) -> str:
    return (value or value.copy_abs()).to_eng_string()


def _strip_zeros(value: Decimal) -> Decimal:
    number, scale = unscaled(value)
    if number == 0:
        return scaled(0, 0)
    shown = integer_text(number)
    zeros = len(shown) - len(shown.rstrip("0"))
    return scaled(number // _power(zeros), _scale(scale - zeros))


def _move_point(value: Decimal, places: int) -> Decimal:
    """``movePointLeft(places)``; to the right when they are negative"""
    if places == 0:
        return value
    number, scale = unscaled(value)
    moved = scaled(number, _scale(scale + places))
    return _set_scale(moved, 0) if scale + places < 0 else moved


def _square_root(value: Decimal, _context: object) -> Decimal:
    """``sqrt(MathContext)``, which can be null alone and is not looked at for zero"""
    number, scale = unscaled(value)
    if number < 0:
        raise arithmetic("Attempted square root of negative BigDecimal")
    if number > 0:
        raise null_pointer()
    return scaled(0, -(-scale // 2) if scale < 0 else scale // 2)


def _no_context(_value: object, *_arguments: object) -> NoReturn:
    """A method that takes a MathContext or a RoundingMode: no template can get one, null alone"""
    raise null_pointer()


def _value_of_double(value: float) -> Decimal:
    from decimal import Decimal

    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is what differs from itself
        raise number_format(
            f'Character {texts.text(value)[0]} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.'
        )
    shown = Decimal(texts.text(value))
    return shown or shown.copy_abs()


def _nearest(value: Decimal) -> float:
    return float(value)


BIG_DECIMAL: Final[Table] = {
    "add(BigDecimal)": _add,
    "add(BigDecimal,MathContext)": _no_context,
    "equals(Object)": java_equals,
    "toString()": texts.text,
    "hashCode()": java_hash,
    "abs(MathContext)": _no_context,
    "abs()": lambda value: value.copy_abs(),
    "sqrt(MathContext)": _square_root,
    "pow(int,MathContext)": _no_context,
    "pow(int)": _decimal_pow,
    "min(BigDecimal)": lambda value, other: value if value <= given(other) else other,
    "max(BigDecimal)": lambda value, other: value if value >= given(other) else other,
    "signum()": lambda value: (value > 0) - (value < 0),
    "compareTo(Object)": _compare_decimals,
    "compareTo(BigDecimal)": _compare_decimals,
    "intValue()": lambda value: integer(_whole_bits(value, 32)),
    "longValue()": lambda value: long(_whole_bits(value, 64)),
    "floatValue()": lambda value: Float(str(value)),
    "doubleValue()": _nearest,
    "static valueOf(double)": _value_of_double,
    "static valueOf(long,int)": scaled,
    "static valueOf(long)": lambda number: scaled(number, 0),
    "scale()": lambda value: unscaled(value)[1],
    "multiply(BigDecimal)": _times,
    "multiply(BigDecimal,MathContext)": _no_context,
    "round(MathContext)": _no_context,
    "ulp()": lambda value: scaled(1, unscaled(value)[1]),
    "precision()": lambda value: _size(unscaled(value)[0]),
    "setScale(int)": _set_scale,
    "setScale(int,int)": _set_scale,
    "setScale(int,RoundingMode)": _no_context,
    "negate(MathContext)": _no_context,
    "negate()": lambda value: scaled(-unscaled(value)[0], unscaled(value)[1]),
    "subtract(BigDecimal)": _subtract,
    "subtract(BigDecimal,MathContext)": _no_context,
    "divide(BigDecimal,RoundingMode)": _no_context,
    "divide(BigDecimal)": _divide_exactly,
    "divide(BigDecimal,MathContext)": _no_context,
    "divide(BigDecimal,int)": _divide_to_scale,
    "divide(BigDecimal,int,int)": _divide,
    "divide(BigDecimal,int,RoundingMode)": _no_context,
    "divideToIntegralValue(BigDecimal)": _integral_quotient,
    "divideToIntegralValue(BigDecimal,MathContext)": _no_context,
    "divideAndRemainder(BigDecimal)": _quotient_and_rest,
    "divideAndRemainder(BigDecimal,MathContext)": _no_context,
    "stripTrailingZeros()": _strip_zeros,
    "scaleByPowerOfTen(int)": lambda value, power: scaled(unscaled(value)[0], _scale(unscaled(value)[1] - power)),
    "unscaledValue()": lambda value: big_integer(unscaled(value)[0]),
    "plus()": lambda value: value,
    "plus(MathContext)": _no_context,
    "toBigInteger()": lambda value: big_integer(_whole(value)),
    "longValueExact()": lambda value: _exact_integer(value, LONG_MIN, LONG_MAX, long),
    "remainder(BigDecimal)": _remainder,
    "remainder(BigDecimal,MathContext)": _no_context,
    "movePointLeft(int)": _move_point,
    "movePointRight(int)": lambda value, places: _move_point(value, -places),
    "toEngineeringString()": _engineering_text,
    "toPlainString()": _plain_text,
    "toBigIntegerExact()": lambda value: big_integer(_exact_whole(value)),
    "intValueExact()": lambda value: _exact_integer(value, INTEGER_MIN, INTEGER_MAX, integer),
    "shortValueExact()": lambda value: _exact_integer(value, -0x8000, 0x7FFF, short),
    "byteValueExact()": lambda value: _exact_integer(value, -128, 127, byte),
    "byteValue()": lambda value: byte(_whole_bits(value, 32)),
    "shortValue()": lambda value: short(_whole_bits(value, 32)),
}
