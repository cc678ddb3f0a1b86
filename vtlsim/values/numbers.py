"""Numbers as Java has them: which type a value is, and how it is printed.

What may live here: the number types that Python's own cannot tell apart, the way from a Python number to its Java type
and back, and numbers' text. What two numbers do to each other is arithmetic's and order's.

An exact ``int`` is an Integer if it fits 32 bits, else a Long if it fits 64, else a BigInteger; the subclasses here are
for the values whose type is wider or narrower than that. They are ints in everything else, so whatever must tell
``Long(1)`` from ``1`` looks at ``type()``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from vtlsim.values.objects import JavaException

if TYPE_CHECKING:
    from decimal import Context, Decimal
    from typing import Self

INTEGER_MIN: Final = -(1 << 31)
INTEGER_MAX: Final = (1 << 31) - 1
LONG_MIN: Final = -(1 << 63)
LONG_MAX: Final = (1 << 63) - 1

DIGITS: Final = 300_000
"""Digits that a BigInteger or BigDecimal may have. Java's bound is some 600 million, which no request lives to see."""

_BITS: Final = 1_000_000
"""About :data:`DIGITS` as bits."""


class Byte(int):
    """java.lang.Byte"""

    __slots__ = ()


class Short(int):
    """java.lang.Short"""

    __slots__ = ()


class Long(int):
    """java.lang.Long, where the value would fit an Integer; make it with :func:`long`"""

    __slots__ = ()


class BigInteger(int):
    """java.math.BigInteger, where the value would fit a Long; make it with :func:`big_integer`"""

    __slots__ = ()


class Float(float):
    """java.lang.Float: the nearest 32-bit number is kept, infinity beyond the largest. Made from digits (``"0.1"``) it
    is rounded once, as Float.parseFloat does.
    """

    __slots__ = ()

    def __new__(cls, value: float | str = 0.0) -> Self:
        """Round to 32 bits."""
        return super().__new__(cls, _single_of(value))


Number: TypeAlias = "int | float | Decimal"
"""What stands for a java.lang.Number. A bool is none, although Python's is an int."""

# -- types ------------------------------------------------------------------------------------------------------------


def long(value: int) -> int:
    """A Long of the low 64 bits of ``value``."""
    value = (value + (1 << 63) & (1 << 64) - 1) - (1 << 63)
    return Long(value) if INTEGER_MIN <= value <= INTEGER_MAX else int(value)


def big_integer(value: int) -> int:
    """A BigInteger. Raises JavaException(ArithmeticException) for one of more than :data:`DIGITS` digits."""
    if LONG_MIN <= value <= LONG_MAX:
        return BigInteger(value)
    if value.bit_length() > _BITS:
        raise overflow()
    return int(value)


def integer(value: int) -> int:
    """An Integer of the low 32 bits of ``value``."""
    return (value + (1 << 31) & (1 << 32) - 1) - (1 << 31)


def overflow() -> JavaException:
    """What Java throws when a BigInteger grows beyond its bound."""
    return JavaException("java.lang.ArithmeticException", "BigInteger would overflow supported range")


def is_number(value: object) -> bool:
    """Whether ``value`` is a java.lang.Number."""
    kind = type(value)
    return kind is int or kind in _TYPES or is_decimal(value)


def is_decimal(value: object) -> bool:
    """Whether ``value`` is a BigDecimal; asks without importing :mod:`decimal`."""
    return type(value).__name__ == "Decimal"


def integer_type(value: int) -> str:
    """The simple name of an int's Java type: Byte, Short, Integer, Long or BigInteger."""
    kind = type(value)
    if kind is not int:
        return kind.__name__
    if INTEGER_MIN <= value <= INTEGER_MAX:
        return "Integer"
    return "Long" if LONG_MIN <= value <= LONG_MAX else "BigInteger"


def number_type(value: object) -> str | None:
    """The simple name of a number's Java type, None when ``value`` is no number."""
    kind = type(value)
    if kind is int:
        return integer_type(value)  # type: ignore[arg-type]
    return _TYPES.get(kind) or ("BigDecimal" if is_decimal(value) else None)


_TYPES: Final[dict[type, str]] = {
    float: "Double",
    Float: "Float",
    Long: "Long",
    BigInteger: "BigInteger",
    Short: "Short",
    Byte: "Byte",
}

# -- text -------------------------------------------------------------------------------------------------------------


def number_text(value: Number) -> str:
    """``toString()`` of any number."""
    if isinstance(value, int):
        return integer_text(value)
    if isinstance(value, float):
        return float_text(value) if type(value) is Float else double_text(value)
    return decimal_text(value)


def integer_text(value: int) -> str:
    """The digits of an int of any type."""
    try:
        return int.__repr__(value)
    except ValueError:  # Python's bound on the digits of one conversion
        return _digits(value)


_repr: Final = float.__repr__


def double_text(value: float) -> str:
    """``Double.toString``, in the shortest form: as JDK 19 and later print it."""
    if 1e-3 <= value < 1e7:  # nearly all of them
        return _repr(value)
    size = abs(value)
    if 1e-3 <= size < 1e7 or size == 0:
        return _repr(value)
    if size != size:  # noqa: PLR0124 - NaN is what differs from itself
        return "NaN"
    if size == _INFINITY:
        return "Infinity" if value > 0 else "-Infinity"
    # Java wants the best of the two-digit forms where one digit would do; they differ for the smallest numbers only
    text = f"{value:.1e}" if size < 1e-322 and len(_repr(size)) == 6 else _repr(value)
    return _scientific(text)


def float_text(value: float) -> str:
    """``Float.toString`` of a number that is a 32-bit one, in the shortest form: as JDK 19 and later print it."""
    size = abs(value)
    if not 0 < size < _INFINITY:
        return double_text(value)
    text = _shortest_single(size)
    if value < 0:
        text = "-" + text
    if not 1e-3 <= size < 1e7:
        return _scientific(text)
    return float.__repr__(float(text))


def _scientific(text: str) -> str:
    """Java's layout of a number outside 10^-3 to 10^7, from any form of Python's."""
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    sign = ""
    if whole[0] == "-":
        sign, whole = "-", whole[1:]
    power = int(exponent or 0) + len(whole) - 1
    digits = whole + fraction
    stripped = digits.lstrip("0")
    power -= len(digits) - len(stripped)
    stripped = stripped.rstrip("0")
    return f"{sign}{stripped[0]}.{stripped[1:] or '0'}E{power}"


def decimal_text(value: Decimal) -> str:
    """``BigDecimal.toString``: Python's is the same algorithm, but for the sign of zero, which Java has not."""
    return str(value or value.copy_abs())


def _digits(value: int) -> str:
    """A large int's digits, in nearly linear time: halves of its bits are put together in decimal."""
    context = exact()
    two = context.create_decimal(2)

    def convert(number: int, bits: int) -> Decimal:
        if bits <= 1_024:
            return context.create_decimal(number)
        half = bits >> 1
        high = number >> half
        low = number & ((1 << half) - 1)
        return context.add(context.multiply(convert(high, bits - half), context.power(two, half)), convert(low, half))

    text = str(convert(abs(value), value.bit_length()))
    return "-" + text if value < 0 else text


def integer_of_digits(text: str) -> int:
    """The exact int that decimal digits with an optional sign spell; raises JavaException beyond :data:`DIGITS`."""
    if len(text) <= 4_000:  # Python's bound on one conversion is 4,300
        return int(text)
    if len(text) > DIGITS:
        raise overflow()
    if text[0] in "+-":
        value = integer_of_digits(text[1:])
        return -value if text[0] == "-" else value
    half = len(text) >> 1
    power: int = 10**half
    return integer_of_digits(text[:-half]) * power + integer_of_digits(text[-half:])


# -- BigDecimal -------------------------------------------------------------------------------------------------------


def decimal_of(text: str) -> Decimal:
    """``new BigDecimal(text)`` for digits with an optional point and exponent; JavaException when Java refuses them."""
    from decimal import Decimal, InvalidOperation

    if len(text) > DIGITS:
        raise overflow()
    mantissa, mark, exponent = text.replace("e", "E").partition("E")
    digits = exponent.lstrip("+-")
    if mark and not digits:
        raise _no_decimal(None)
    if len(digits.lstrip("0")) > 10:
        raise _no_decimal("Too many nonzero exponent digits.")
    power = int(exponent or 0)
    if not INTEGER_MIN <= power <= INTEGER_MAX:
        raise _no_decimal("Exponent overflow.")
    if not INTEGER_MIN <= len(mantissa.partition(".")[2]) - power <= INTEGER_MAX:
        raise _no_decimal("Scale out of range.")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _no_decimal("No digits found.") from None
    return value or value.copy_abs()


def _no_decimal(message: str | None) -> JavaException:
    return JavaException("java.lang.NumberFormatException", message)


def unscaled(value: Decimal) -> tuple[int, int]:
    """``unscaledValue()`` and ``scale()``"""
    sign, digits, exponent = value.as_tuple()
    number = integer_of_digits("".join(map(str, digits)))
    return (-number if sign else number), -int(exponent)


def scaled(number: int, scale: int) -> Decimal:
    """``new BigDecimal(BigInteger, scale)``; raises JavaException beyond :data:`DIGITS`."""
    from decimal import Decimal

    if number.bit_length() > _BITS:
        raise overflow()
    return Decimal(f"{integer_text(number)}E{-scale}")


def exact() -> Context:
    """A decimal context in which a result is exact or an error: BigDecimal rounds only where it is told to."""
    import decimal

    return decimal.Context(
        prec=DIGITS,
        rounding=decimal.ROUND_HALF_EVEN,
        Emin=-(10**12),
        Emax=10**12,
        capitals=1,
        clamp=0,
        traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow, decimal.Underflow, decimal.DivisionByZero],
    )


# -- 32-bit floats ----------------------------------------------------------------------------------------------------

_INFINITY: Final = float("inf")


def single(value: float) -> float:
    """The 32-bit float nearest to a 64-bit one, infinity beyond the largest."""
    from struct import pack, unpack

    try:
        return float(unpack("f", pack("f", value))[0])
    except OverflowError:
        return _INFINITY if value > 0 else -_INFINITY


def _single_of(value: float | str) -> float:
    """As :func:`single`, of an int or of digits too: rounded once, where going by way of 64 bits would round twice."""
    wide = float(value)
    if wide - wide != 0:
        return wide  # NaN and the infinities are the same in 32 bits
    near = single(wide)
    if near == wide or isinstance(value, float) or near in (_INFINITY, -_INFINITY):
        return near
    low, high = _midpoints(near)
    if wide not in (low, high):
        return near
    from decimal import Decimal

    true, tie = Decimal(value), Decimal(wide)
    if true == tie:
        return near
    if wide == low:  # the truth is off the middle between near and its neighbour: take the side on which it lies
        return single(_below(near)) if true < tie else near
    return near if true < tie else single(_above(near))


def _above(value: float) -> float:
    from struct import pack, unpack

    if value < 0:
        return -_below(-value)
    return float(unpack("<f", (int.from_bytes(pack("<f", value), "little") + 1).to_bytes(4, "little"))[0])


def _below(value: float) -> float:
    from struct import pack, unpack

    if value <= 0:
        return -_above(-value)
    return float(unpack("<f", (int.from_bytes(pack("<f", value), "little") - 1).to_bytes(4, "little"))[0])


def _midpoints(value: float) -> tuple[float, float]:
    """The middles between a 32-bit float and its neighbours: exact in 64 bits. Beside the largest lies 2^128."""
    below, above = (max(min(neighbour, 2.0**128), -(2.0**128)) for neighbour in (_below(value), _above(value)))
    return (below + value) / 2, (value + above) / 2


def _shortest_single(size: float) -> str:
    """The shortest decimal that rounds to a positive 32-bit float, the nearest of them, of two digits at least."""
    from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
    from struct import pack

    true = Decimal(size)
    even = pack("<f", size)[0] & 1 == 0
    below, above = (Decimal(middle) for middle in _midpoints(size))
    for precision in range(2, 10):
        candidates = [
            Context(prec=precision, rounding=rounding, Emin=-100, Emax=100).plus(true)
            for rounding in (ROUND_FLOOR, ROUND_CEILING)
        ]
        fitting = [c for c in candidates if below < c < above or (even and c in (below, above))]
        if fitting:
            return (
                f"{min(fitting, key=lambda candidate: (abs(candidate - true), candidate.as_tuple().digits[-1] & 1)):e}"
            )
    return repr(size)
