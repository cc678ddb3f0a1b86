"""``String.format``: java.util.Formatter of JDK 17, for the locale that en, en_US and ROOT have in common.

What may live here: reading a format text into specifiers with Java's checks, and what each conversion but dates makes
of an argument. Doubles are rounded as Java does, half up on the digits that ``Double.toString`` shows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.values import text as texts
from vtlsim.values.numbers import integer_type, is_decimal
from vtlsim.velocity.java import units
from vtlsim.velocity.java.formatted_numbers import (
    UPPER,
    Specifier,
    flags_text,
    format_big_decimal,
    format_double,
    format_integer,
    illegal_format,
    refuse_flags,
    wrong_type,
)
from vtlsim.velocity.java.problems import check_length

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPECIFIER: Final = re.compile(r"%([0-9]+\$)?([-#+ 0,(<]*)([0-9]+)?(\.[0-9]+)?([tT])?([a-zA-Z%])")
_CONVERSIONS: Final = frozenset("bBsShHcCdoxXeEgGfaAn%")
_DATE_CONVERSIONS: Final = frozenset("HIklMNLQpsSTzZaAbBCdehjmyYrRcDF")
_INTEGER_MIN: Final = -(1 << 31)
_INTEGER_MAX: Final = (1 << 31) - 1
_FIXED, _PREVIOUS, _NEXT = -2, -1, 0


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
        elif part.place == _FIXED:
            piece = "\n" if part.conversion == "n" else _justified("%", part)
        else:
            if part.place == _NEXT:
                ordinary += 1
                last = ordinary
            elif part.place > 0:
                last = part.place - 1
            if last < 0 or (arguments is not None and last >= len(arguments)):
                raise illegal_format("MissingFormatArgument", f"Format specifier '{part}'")
            piece = _print(part, None if arguments is None else arguments[last])
        length += len(piece)
        check_length(length)
        out.append(piece)
    return units.joined("".join(out))


# -- reading ----------------------------------------------------------------------------------------------------------


def _parse(pattern: str) -> list[str | Specifier]:
    parts: list[str | Specifier] = []
    at = 0
    while (percent := pattern.find("%", at)) >= 0:
        if percent > at:
            parts.append(pattern[at:percent])
        if percent + 1 == len(pattern):
            raise illegal_format("UnknownFormatConversion", "Conversion = '%'")
        match = _SPECIFIER.match(pattern, percent)
        if match is None:
            raise illegal_format("UnknownFormatConversion", f"Conversion = '{units.units(pattern[percent + 1])[0]}'")
        parts.append(_specifier(match))
        at = match.end()
    parts.append(pattern[at:])
    return parts


def _number(digits: str | None, kind: str) -> int:
    if digits is None:
        return -1
    if len(digits) > 100 or int(digits) > _INTEGER_MAX:
        raise illegal_format(f"IllegalFormat{kind}", str(_INTEGER_MIN))
    return int(digits)


def _specifier(match: re.Match[str]) -> Specifier:
    position, flag_text, width_text, precision_text, date_text, conversion = match.groups()
    index = _NEXT
    if position is not None:
        digits = position[:-1].lstrip("0")
        if len(digits) > 10 or int(digits or "0") > _INTEGER_MAX:
            message = "Format argument index: (not representable as int)"
            raise illegal_format("IllegalFormatArgumentIndex", message)
        index = int(digits or "0")
        if index == 0:
            raise illegal_format("IllegalFormatArgumentIndex", "Illegal format argument index = 0")
    for place, flag in enumerate(flag_text):
        if flag in flag_text[:place]:
            raise illegal_format("DuplicateFormatFlags", f"Flags = '{flag}'")
    flags = frozenset(flag_text)
    if "<" in flags:
        index = _PREVIOUS
    width = _number(width_text, "Width")
    precision = _number(None if precision_text is None else precision_text[1:], "Precision")
    date = date_text is not None
    if date:
        if date_text == "T":
            flags |= {UPPER}
    else:
        if conversion not in _CONVERSIONS:
            raise illegal_format("UnknownFormatConversion", f"Conversion = '{conversion}'")
        if conversion.isupper():
            flags |= {UPPER}
            conversion = conversion.lower()
        if conversion in "n%":
            index = _FIXED
    specifier = Specifier(index, flags, width, precision, date, conversion)
    _check(specifier)
    return specifier


def _check(what: Specifier) -> None:
    """Java's checks of a specifier, before anything is printed."""
    conversion = what.conversion
    if what.date:
        _refuse_precision(what)
        if conversion not in _DATE_CONVERSIONS:
            raise illegal_format("UnknownFormatConversion", f"Conversion = 't{conversion}'")
        refuse_flags(what, "#+ 0,(")
        _want_width(what, "-")
    elif conversion in "bsh":
        if conversion != "s":
            refuse_flags(what, "#")
        _want_width(what, "-")
        refuse_flags(what, "+ 0,(")
    elif conversion == "c":
        _refuse_precision(what)
        refuse_flags(what, "#+ 0,(")
        _want_width(what, "-")
    elif conversion in "dox":
        _check_numeric(what)
        _refuse_precision(what)
        refuse_flags(what, "#" if conversion == "d" else ",")
    elif conversion in "egfa":
        _check_numeric(what)
        refuse_flags(what, {"e": ",", "g": "#", "f": "", "a": "(,"}[conversion])
    else:
        _check_text(what)


def _check_text(what: Specifier) -> None:
    _refuse_precision(what)
    if what.conversion == "%":
        if not what.flags <= {"-"}:
            raise illegal_format("IllegalFormatFlags", f"Flags = '{flags_text(what.flags)}'")
        _want_width(what, "-")
        return
    if what.width != -1:
        raise illegal_format("IllegalFormatWidth", str(what.width))
    if what.flags:
        raise illegal_format("IllegalFormatFlags", f"Flags = '{flags_text(what.flags)}'")


def _check_numeric(what: Specifier) -> None:
    _want_width(what, "-0")
    if {"+", " "} <= what.flags or {"-", "0"} <= what.flags:
        raise illegal_format("IllegalFormatFlags", f"Flags = '{flags_text(what.flags)}'")


def _want_width(what: Specifier, flags: str) -> None:
    if what.width == -1 and not what.flags.isdisjoint(flags):
        raise illegal_format("MissingFormatWidth", str(what))


def _refuse_precision(what: Specifier) -> None:
    if what.precision != -1:
        raise illegal_format("IllegalFormatPrecision", str(what.precision))


# -- printing ---------------------------------------------------------------------------------------------------------


def _print(what: Specifier, argument: object) -> str:
    conversion = what.conversion
    if what.date:
        return _print_date(what, argument)
    if conversion == "s":
        refuse_flags(what, "#")
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
            wrong_type(what, argument)
        return _justified(format_integer(what, argument), what)
    if isinstance(argument, float):
        return _justified(format_double(what, argument), what)
    if is_decimal(argument) and conversion != "a":
        return _justified(format_big_decimal(what, argument), what)  # type: ignore[arg-type]
    return wrong_type(what, argument)


def _print_text(what: Specifier, value: str) -> str:
    if what.precision != -1 and what.precision < units.length(value):
        value = units.units(value)[: what.precision]
    if UPPER in what.flags:
        value = value.upper()
    return _justified(value, what)


def _justified(value: str, what: Specifier) -> str:
    if what.width == -1:
        return value
    check_length(what.width)
    blanks = " " * (what.width - units.length(value))
    return value + blanks if "-" in what.flags else blanks + value


def _character(what: Specifier, argument: object) -> str:
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
        wrong_type(what, argument)
    if not 0 <= argument <= 0x10FFFF:
        raise illegal_format("IllegalFormatCodePoint", f"Code point = 0x{argument & 0xFFFFFFFF:x}")
    return chr(argument)


def _print_date(what: Specifier, argument: object) -> str:
    if argument is None:
        return _print_text(what, "null")
    if not isinstance(argument, int) or isinstance(argument, bool) or integer_type(argument) != "Long":
        wrong_type(what, argument)
    from vtlsim.velocity.java.dates import date_text

    shown = date_text(int(argument), what.conversion)
    return _justified(shown.upper() if UPPER in what.flags else shown, what)
