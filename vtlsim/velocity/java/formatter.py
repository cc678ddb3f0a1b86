"""``String.format``: java.util.Formatter of JDK 17, for the locale that en, en_US and ROOT have in common.

What may live here: reading a format text into specifiers with Java's checks, and what each conversion but dates makes
of an argument. Doubles are rounded as Java does, half up on the digits that ``Double.toString`` shows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from vtlsim.values import text as texts
from vtlsim.values.numbers import Byte, Short, integer_text, integer_type, is_decimal, unscaled
from vtlsim.values.objects import JavaException
from vtlsim.velocity.java import units
from vtlsim.velocity.java.problems import check_length

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

_SPECIFIER: Final = re.compile(r"%([0-9]+\$)?([-#+ 0,(<]*)([0-9]+)?(\.[0-9]+)?([tT])?([a-zA-Z%])")
_CONVERSIONS: Final = frozenset("bBsShHcCdoxXeEgGfaAn%")
_DATE_CONVERSIONS: Final = frozenset("HIklMNLQpsSTzZaAbBCdehjmyYrRcDF")
_FLAG_ORDER: Final = "-^#+ 0,(<"
_UPPER: Final = "^"
_INTEGER_MIN: Final = -(1 << 31)
_INTEGER_MAX: Final = (1 << 31) - 1
_FIXED, _PREVIOUS, _NEXT = -2, -1, 0


class _Specifier(NamedTuple):
    """``%[index$][flags][width][.precision]conversion``; -1 for no width or precision."""

    index: int
    flags: frozenset[str]
    width: int
    precision: int
    date: bool
    conversion: str

    def __str__(self) -> str:
        upper = _UPPER in self.flags
        parts = ["%", _flags_text(self.flags - {_UPPER})]
        if self.index > 0:
            parts.append(f"{self.index}$")
        if self.width != -1:
            parts.append(str(self.width))
        if self.precision != -1:
            parts.append(f".{self.precision}")
        if self.date:
            parts.append("T" if upper else "t")
        parts.append(self.conversion.upper() if upper else self.conversion)
        return "".join(parts)


def format_text(pattern: str, arguments: Sequence[object] | None) -> str:
    """``String.format(pattern, arguments)``; for None, which is a null array, every argument is null.

    Raises JavaException with a subclass of IllegalFormatException, LimitReached for what is too long.
    """
    out: list[str] = []
    length = 0
    last = ordinary = -1
    for part in _parse(pattern):
        if isinstance(part, str):
            piece = part
        elif part.index == _FIXED:
            piece = "\n" if part.conversion == "n" else _justified("%", part)
        else:
            if part.index == _NEXT:
                ordinary += 1
                last = ordinary
            elif part.index > 0:
                last = part.index - 1
            if last < 0 or (arguments is not None and last >= len(arguments)):
                raise _illegal("MissingFormatArgument", f"Format specifier '{part}'")
            piece = _print(part, None if arguments is None else arguments[last])
        length += len(piece)
        check_length(length)
        out.append(piece)
    return units.joined("".join(out))


def _illegal(name: str, message: str) -> JavaException:
    return JavaException(f"java.util.{name}Exception", message)


def _flags_text(flags: frozenset[str]) -> str:
    return "".join(flag for flag in _FLAG_ORDER if flag in flags)


# -- reading ----------------------------------------------------------------------------------------------------------


def _parse(pattern: str) -> list[str | _Specifier]:
    parts: list[str | _Specifier] = []
    at = 0
    while (percent := pattern.find("%", at)) >= 0:
        if percent > at:
            parts.append(pattern[at:percent])
        if percent + 1 == len(pattern):
            raise _illegal("UnknownFormatConversion", "Conversion = '%'")
        match = _SPECIFIER.match(pattern, percent)
        if match is None:
            raise _illegal("UnknownFormatConversion", f"Conversion = '{units.units(pattern[percent + 1])[0]}'")
        parts.append(_specifier(match))
        at = match.end()
    parts.append(pattern[at:])
    return parts


def _number(digits: str | None, kind: str) -> int:
    if digits is None:
        return -1
    if len(digits) > 100 or int(digits) > _INTEGER_MAX:
        raise _illegal(f"IllegalFormat{kind}", str(_INTEGER_MIN))
    return int(digits)


def _specifier(match: re.Match[str]) -> _Specifier:
    position, flag_text, width_text, precision_text, date_text, conversion = match.groups()
    index = _NEXT
    if position is not None:
        digits = position[:-1].lstrip("0")
        if len(digits) > 10 or int(digits or "0") > _INTEGER_MAX:
            message = "Format argument index: (not representable as int)"
            raise _illegal("IllegalFormatArgumentIndex", message)
        index = int(digits or "0")
        if index == 0:
            raise _illegal("IllegalFormatArgumentIndex", "Illegal format argument index = 0")
    for place, flag in enumerate(flag_text):
        if flag in flag_text[:place]:
            raise _illegal("DuplicateFormatFlags", f"Flags = '{flag}'")
    flags = frozenset(flag_text)
    if "<" in flags:
        index = _PREVIOUS
    width = _number(width_text, "Width")
    precision = _number(None if precision_text is None else precision_text[1:], "Precision")
    date = date_text is not None
    if date:
        if date_text == "T":
            flags |= {_UPPER}
    else:
        if conversion not in _CONVERSIONS:
            raise _illegal("UnknownFormatConversion", f"Conversion = '{conversion}'")
        if conversion.isupper():
            flags |= {_UPPER}
            conversion = conversion.lower()
        if conversion in "n%":
            index = _FIXED
    specifier = _Specifier(index, flags, width, precision, date, conversion)
    _check(specifier)
    return specifier


def _check(what: _Specifier) -> None:
    """Java's checks of a specifier, before anything is printed."""
    conversion = what.conversion
    if what.date:
        _refuse_precision(what)
        if conversion not in _DATE_CONVERSIONS:
            raise _illegal("UnknownFormatConversion", f"Conversion = 't{conversion}'")
        _refuse_flags(what, "#+ 0,(")
        _want_width(what, "-")
    elif conversion in "bsh":
        if conversion != "s":
            _refuse_flags(what, "#")
        _want_width(what, "-")
        _refuse_flags(what, "+ 0,(")
    elif conversion == "c":
        _refuse_precision(what)
        _refuse_flags(what, "#+ 0,(")
        _want_width(what, "-")
    elif conversion in "dox":
        _check_numeric(what)
        _refuse_precision(what)
        _refuse_flags(what, "#" if conversion == "d" else ",")
    elif conversion in "egfa":
        _check_numeric(what)
        _refuse_flags(what, {"e": ",", "g": "#", "f": "", "a": "(,"}[conversion])
    else:
        _check_text(what)


def _check_text(what: _Specifier) -> None:
    _refuse_precision(what)
    if what.conversion == "%":
        if not what.flags <= {"-"}:
            raise _illegal("IllegalFormatFlags", f"Flags = '{_flags_text(what.flags)}'")
        _want_width(what, "-")
        return
    if what.width != -1:
        raise _illegal("IllegalFormatWidth", str(what.width))
    if what.flags:
        raise _illegal("IllegalFormatFlags", f"Flags = '{_flags_text(what.flags)}'")


def _check_numeric(what: _Specifier) -> None:
    _want_width(what, "-0")
    if {"+", " "} <= what.flags or {"-", "0"} <= what.flags:
        raise _illegal("IllegalFormatFlags", f"Flags = '{_flags_text(what.flags)}'")


def _want_width(what: _Specifier, flags: str) -> None:
    if what.width == -1 and not what.flags.isdisjoint(flags):
        raise _illegal("MissingFormatWidth", str(what))


def _refuse_precision(what: _Specifier) -> None:
    if what.precision != -1:
        raise _illegal("IllegalFormatPrecision", str(what.precision))


def _refuse_flags(what: _Specifier, flags: str) -> None:
    for flag in flags:
        if flag in what.flags:
            raise _illegal("FormatFlagsConversionMismatch", f"Conversion = {what.conversion}, Flags = {flag}")


# -- printing ---------------------------------------------------------------------------------------------------------


def _print(what: _Specifier, argument: object) -> str:
    conversion = what.conversion
    if what.date:
        return _print_date(what, argument)
    if conversion == "s":
        _refuse_flags(what, "#")
        return _print_text(what, texts.text(argument))
    if conversion == "b":
        return _print_text(what, "true" if argument is not None and argument is not False else "false")
    if argument is None:
        return _print_text(what, "null")
    if conversion == "h":
        from vtlsim.values.order import java_hash

        return _print_text(what, f"{java_hash(argument) & 0xFFFFFFFF:x}")
    if conversion == "c":
        return _print_text(what, _character(what, argument))
    if conversion in "dox":
        if not isinstance(argument, int) or isinstance(argument, bool):
            _wrong_type(what, argument)
        return _justified(_integer(what, argument), what)
    if isinstance(argument, float):
        return _justified(_double(what, argument), what)
    if is_decimal(argument) and conversion != "a":
        return _justified(_big_decimal(what, argument), what)  # type: ignore[arg-type]
    _wrong_type(what, argument)


def _wrong_type(what: _Specifier, argument: object) -> NoReturn:
    raise _illegal("IllegalFormatConversion", f"{what.conversion} != {texts.class_name(argument)}")


def _print_text(what: _Specifier, value: str) -> str:
    if what.precision != -1 and what.precision < units.length(value):
        value = units.units(value)[: what.precision]
    if _UPPER in what.flags:
        value = value.upper()
    return _justified(value, what)


def _justified(value: str, what: _Specifier) -> str:
    if what.width == -1:
        return value
    check_length(what.width)
    blanks = " " * (what.width - units.length(value))
    return value + blanks if "-" in what.flags else blanks + value


def _character(what: _Specifier, argument: object) -> str:
    if type(argument) is texts.Character:
        return str(argument)
    if (
        not isinstance(argument, int)
        or isinstance(argument, bool)
        or integer_type(argument)
        not in {
            "Byte",
            "Short",
            "Integer",
        }
    ):
        _wrong_type(what, argument)
    if not 0 <= argument <= 0x10FFFF:
        raise _illegal("IllegalFormatCodePoint", f"Code point = 0x{argument & 0xFFFFFFFF:x}")
    return chr(argument)


def _signed(what: _Specifier, negative: bool, magnitude: str) -> str:
    """The magnitude with its sign, without padding."""
    if negative:
        return f"({magnitude})" if "(" in what.flags else f"-{magnitude}"
    if "+" in what.flags:
        return f"+{magnitude}"
    return f" {magnitude}" if " " in what.flags else magnitude


def _padded(what: _Specifier, negative: bool, magnitude: str, exponent: str = "") -> str:
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


def _integer(what: _Specifier, value: int) -> str:
    upper = _UPPER in what.flags
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
        _refuse_flags(what, "( +")
        bits = 8 if type(value) is Byte else 16 if type(value) is Short else 32 if kind == "Integer" else 64
        digits = format(int(value) & (1 << bits) - 1, what.conversion)
        sign = closing = ""
    if "0" in what.flags:
        check_length(what.width)
        digits = digits.rjust(what.width - len(sign) - len(prefix) - len(closing), "0")
    return sign + prefix + (digits.upper() if upper else digits) + closing


# -- floating-point numbers -------------------------------------------------------------------------------------------


def _double(what: _Specifier, value: float) -> str:
    upper = _UPPER in what.flags
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


def _scientific(what: _Specifier, negative: bool, digits: str, point: int, places: int) -> str:
    check_length(places)
    mantissa = digits[0]
    if places > 0:
        mantissa += "." + digits[1:].ljust(places, "0")
    elif "#" in what.flags:
        mantissa += "."
    power = point - 1
    exponent = f"{'E' if _UPPER in what.flags else 'e'}{'-' if power < 0 else '+'}{abs(power):02d}"
    return _padded(what, negative, mantissa, exponent)


def _hexadecimal(what: _Specifier, negative: bool, size: float) -> str:
    from vtlsim.velocity.java.floating import hexadecimal

    upper = _UPPER in what.flags
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


def _big_decimal(what: _Specifier, value: Decimal) -> str:
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
        exponent_text = f"{'E' if _UPPER in what.flags else 'e'}{'-' if power < 0 else '+'}{abs(power):02d}"
        return _padded(what, negative, mantissa + "0" * zeros, exponent_text)
    return _padded(what, negative, _big_plain(what, digits, scale, precision))


def _big_plain(what: _Specifier, digits: str, scale: int, precision: int) -> str:
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


def _print_date(what: _Specifier, argument: object) -> str:
    if argument is None:
        return _print_text(what, "null")
    if not isinstance(argument, int) or isinstance(argument, bool) or integer_type(argument) != "Long":
        _wrong_type(what, argument)
    from vtlsim.velocity.java.dates import date_text

    shown = date_text(int(argument), what.conversion)
    return _justified(shown.upper() if _UPPER in what.flags else shown, what)
