"""Numbers in ``String.format``: ``%d %o %x %e %f %g %a``.

What may live here: what a specifier is, and what a numeric conversion makes of its argument, without the blanks around
it. Doubles are rounded as Java does, half up on the digits that ``Double.toString`` shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from vtlsim.values import text as texts
from vtlsim.values.numbers import Byte, Short, integer_text, integer_type, unscaled
from vtlsim.values.objects import JavaException
from vtlsim.values.records import NamedTuple
from vtlsim.velocity.java.problems import check_length

if TYPE_CHECKING:
    from decimal import Decimal

_FLAG_ORDER: Final = "-^#+ 0,(<"
UPPER: Final = "^"


class Specifier(NamedTuple):
    """``%[place$][flags][width][.precision]conversion``; -1 for no width or precision."""

    place: int
    flags: frozenset[str]
    width: int
    precision: int
    date: bool
    conversion: str

    def __str__(self) -> str:
        upper = UPPER in self.flags
        parts = ["%", flags_text(self.flags - {UPPER})]
        if self.place > 0:
            parts.append(f"{self.place}$")
        if self.width != -1:
            parts.append(str(self.width))
        if self.precision != -1:
            parts.append(f".{self.precision}")
        if self.date:
            parts.append("T" if upper else "t")
        parts.append(self.conversion.upper() if upper else self.conversion)
        return "".join(parts)


def illegal_format(name: str, message: str) -> JavaException:
    """One of the subclasses of IllegalFormatException."""
    return JavaException(f"java.util.{name}Exception", message)


def flags_text(flags: frozenset[str]) -> str:
    """Flags as Java lists them."""
    return "".join(flag for flag in _FLAG_ORDER if flag in flags)


def refuse_flags(what: Specifier, flags: str) -> None:
    """Raise JavaException for the first of these flags that is set."""
    for flag in flags:
        if flag in what.flags:
            raise illegal_format("FormatFlagsConversionMismatch", f"Conversion = {what.conversion}, Flags = {flag}")


def wrong_type(what: Specifier, argument: object) -> NoReturn:
    """Raise JavaException: no such conversion of such an argument."""
    raise illegal_format("IllegalFormatConversion", f"{what.conversion} != {texts.class_name(argument)}")


def _signed(what: Specifier, negative: bool, magnitude: str) -> str:
    """The magnitude with its sign, without padding."""
    if negative:
        return f"({magnitude})" if "(" in what.flags else f"-{magnitude}"
    if "+" in what.flags:
        return f"+{magnitude}"
    return f" {magnitude}" if " " in what.flags else magnitude


def _padded(what: Specifier, negative: bool, magnitude: str, exponent: str = "") -> str:
    """The magnitude with grouping, zeros up to the width, and its sign."""
    if "," in what.flags:
        whole, point, fraction = magnitude.partition(".")
        magnitude = f"{_grouped(whole)}{point}{fraction}"
    if "0" in what.flags:
        check_length(what.width)
        bare = len(_signed(what, negative, "")) + len(exponent)
        magnitude = magnitude.rjust(what.width - bare, "0")
    return _signed(what, negative, magnitude + exponent)


def _grouped(digits: str) -> str:
    first = len(digits) % 3
    groups = [digits[:first]] if first else []
    groups += [digits[at : at + 3] for at in range(first, len(digits), 3)]
    return ",".join(groups)


def format_integer(what: Specifier, value: int) -> str:
    """``%d %o %x`` of an int of any type."""
    upper = UPPER in what.flags
    if what.conversion == "d":
        return _padded(what, value < 0, integer_text(abs(value)))
    kind = integer_type(value)
    prefix = ""
    if "#" in what.flags:
        prefix = "0" if what.conversion == "o" else "0X" if upper else "0x"
    if kind == "BigInteger":
        digits = format(abs(int(value)), what.conversion)
        sign = _signed(what, value < 0, "")
        closing = ")" if sign == "()" else ""
        sign = sign[:1]
    else:
        refuse_flags(what, "( +")
        bits = 8 if type(value) is Byte else 16 if type(value) is Short else 32 if kind == "Integer" else 64
        digits = format(int(value) & (1 << bits) - 1, what.conversion)
        sign = closing = ""
    if "0" in what.flags:
        check_length(what.width)
        digits = digits.rjust(what.width - len(sign) - len(prefix) - len(closing), "0")
    return sign + prefix + (digits.upper() if upper else digits) + closing


# -- floating-point numbers -------------------------------------------------------------------------------------------


def format_double(what: Specifier, value: float) -> str:
    """``%e %f %g %a`` of a Double or Float."""
    upper = UPPER in what.flags
    if value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return "NAN" if upper else "NaN"
    negative = value < 0 or (value == 0 and str(value)[0] == "-")
    size = abs(float(value))
    if size == float("inf"):
        return _signed(what, negative, "INFINITY" if upper else "Infinity")
    if what.conversion == "a":
        return _hexadecimal(what, negative, size)
    digits, point = _digits_of(repr(size))
    precision = what.precision
    if what.conversion == "g":
        precision = 6 if precision == -1 else precision or 1
        if size == 0:
            return _padded(what, negative, _with_zeros("0", precision - 1))
        digits, point = _rounded(digits, point, precision)
        if point - 1 < -4 or point - 1 >= precision:
            return _scientific(what, negative, digits, point, precision - 1)
        return _padded(what, negative, _plain(digits, point, precision - point))
    precision = 6 if precision == -1 else precision
    check_length(precision)
    if what.conversion == "e":
        digits, point = _rounded(digits, point, precision + 1)
        return _scientific(what, negative, digits, point if size else 1, precision)
    digits, point = _rounded(digits, point, point + precision)
    magnitude = _plain(digits, point, precision)
    return _padded(what, negative, magnitude + "." if precision == 0 and "#" in what.flags else magnitude)


def _digits_of(shown: str) -> tuple[str, int]:
    """Significant digits, and the place of the point among them, of a positive number as Python shows it."""
    mantissa, _, exponent = shown.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    return digits.rstrip("0") or "0", point


def _rounded(digits: str, point: int, count: int) -> tuple[str, int]:
    """The first ``count`` digits, rounded half up: all nines become one digit more. No digits are zero."""
    if count >= len(digits):
        return digits, point
    if count < 0:
        return "0", 1
    up = digits[count] >= "5"
    kept = digits[:count]
    if not up:
        return kept or "0", point if kept else 1
    kept = kept.rstrip("9")
    if not kept:
        return "1", point + 1
    return kept[:-1] + chr(ord(kept[-1]) + 1), point


def _plain(digits: str, point: int, precision: int) -> str:
    """The digits without an exponent, with so many places."""
    check_length(max(point, 0) + max(precision, 0))
    if point <= 0:
        whole, fraction = "0", "0" * -point + digits
    else:
        whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
    if precision <= 0:
        return whole
    return f"{whole}.{fraction[:precision].ljust(precision, '0')}"


def _with_zeros(digits: str, places: int) -> str:
    check_length(places)
    return f"{digits}.{'0' * places}" if places > 0 else digits


def _scientific(what: Specifier, negative: bool, digits: str, point: int, places: int) -> str:
    check_length(places)
    mantissa = digits[0]
    if places > 0:
        mantissa += "." + digits[1:].ljust(places, "0")
    elif "#" in what.flags:
        mantissa += "."
    power = point - 1
    exponent = f"{'E' if UPPER in what.flags else 'e'}{'-' if power < 0 else '+'}{abs(power):02d}"
    return _padded(what, negative, mantissa, exponent)


def _hexadecimal(what: Specifier, negative: bool, size: float) -> str:
    from vtlsim.velocity.java.floating import hexadecimal

    upper = UPPER in what.flags
    precision = 1 if what.precision == 0 else what.precision
    mantissa, _, power = hexadecimal(size, precision)[2:].partition("p")
    whole, _, fraction = mantissa.partition(".")
    if precision > 0:
        check_length(precision)
        fraction = fraction.ljust(precision, "0")
    body = f"{whole}.{fraction}p{power}"
    if "0" in what.flags:
        check_length(what.width)
        lead = 3 if negative or not what.flags.isdisjoint(" +") else 2
        # the padding is reckoned before zeros are added for the precision
        body = "0" * (what.width - len(f"{mantissa}p{power}") - lead) + body
    if upper:
        body = body.upper()
    return _signed(what, negative, ("0X" if upper else "0x") + body)


# -- BigDecimal -------------------------------------------------------------------------------------------------------


def format_big_decimal(what: Specifier, value: Decimal) -> str:
    """``%e %f %g`` of a BigDecimal."""
    number, scale = unscaled(value)
    negative = number < 0
    digits = integer_text(abs(number))
    conversion, precision = what.conversion, what.precision
    if conversion == "g":
        precision = 6 if precision == -1 else precision or 1
        digits, scale = _half_up(digits, scale, precision)
        exponent = len(digits) - 1 - scale
        # compared with 0.0001 and 10^precision, whatever the scale; only the zero of scale 0 counts as zero
        if (digits == "0" and scale == 0) or (digits != "0" and -4 <= exponent < precision):
            conversion, precision = "f", precision - exponent - 1
        else:
            conversion, precision = "e", precision - 1
    if precision == -1:
        precision = 6
    check_length(precision)
    if conversion == "e":
        shown = len(digits) - 1
        digits, scale = _half_up(digits, scale, precision + 1)
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        zeros = max(precision - shown, 0)
        if "." not in mantissa and (zeros or "#" in what.flags):
            mantissa += "."
        power = len(digits) - 1 - scale
        exponent_text = f"{'E' if UPPER in what.flags else 'e'}{'-' if power < 0 else '+'}{abs(power):02d}"
        return _padded(what, negative, mantissa + "0" * zeros, exponent_text)
    return _padded(what, negative, _big_plain(what, digits, scale, precision))


def _big_plain(what: Specifier, digits: str, scale: int, precision: int) -> str:
    if scale > precision:
        digits, scale = _at_scale(digits, scale, precision)
    if scale < 0:
        check_length(-scale)
        digits += "0" * (-scale if digits != "0" else 0)
        scale = 0
    check_length(scale)
    if scale == 0:
        magnitude = digits
        if precision > 0 or "#" in what.flags:
            magnitude += "."
    elif scale >= len(digits):
        magnitude = f"0.{'0' * (scale - len(digits))}{digits}"
    else:
        magnitude = f"{digits[:-scale]}.{digits[-scale:]}"
    return magnitude + "0" * max(precision - scale, 0)


def _half_up(digits: str, scale: int, count: int) -> tuple[str, int]:
    """``round(new MathContext(count))`` of a coefficient and its scale."""
    dropped = len(digits) - count
    if dropped <= 0:
        return digits, scale
    return _at_scale(digits, scale, scale - dropped)


def _at_scale(digits: str, scale: int, wanted: int) -> tuple[str, int]:
    """``setScale(wanted, HALF_UP)`` to fewer places."""
    dropped = scale - wanted
    if dropped > len(digits):
        return "0", wanted
    kept, rest = digits[:-dropped] or "0", digits[-dropped:]
    if rest[0] >= "5":
        stem = kept.rstrip("9")
        nines = len(kept) - len(stem)
        kept = (stem[:-1] + chr(ord(stem[-1]) + 1) if stem else "1") + "0" * nines
    return kept, wanted
