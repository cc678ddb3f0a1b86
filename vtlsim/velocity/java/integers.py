"""java.lang.Integer, Long, Short and Byte: their methods as of JDK 17.

What may live here: functions of ints of these types and the four tables of them, which differ in little more than the
number of bits. BigInteger's are in :mod:`~vtlsim.velocity.java.big_integers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values import text as texts
from vtlsim.values.numbers import Byte, Float, Short, integer, long
from vtlsim.values.objects import JavaException
from vtlsim.values.order import java_equals, java_hash
from vtlsim.velocity.java.characters import digit
from vtlsim.velocity.java.problems import arithmetic, class_cast, index_out_of_bounds, null_pointer, number_format
from vtlsim.velocity.java.strings import described
from vtlsim.velocity.java.units import units

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.velocity.java.introspection import Table

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def digits(value: int, radix: int) -> str:
    """``toString(value, radix)``; a radix that is none is ten"""
    if not 2 <= radix <= 36 or radix == 10:
        return str(int(value))
    size, shown = abs(value), ""
    while size:
        size, rest = divmod(size, radix)
        shown = _DIGITS[rest] + shown
    return ("-" if value < 0 else "") + (shown or "0")


def byte(value: int) -> Byte:
    """A Byte of the low eight bits."""
    return Byte((value + 128 & 255) - 128)


def short(value: int) -> Short:
    """A Short of the low sixteen bits."""
    return Short((value + 0x8000 & 0xFFFF) - 0x8000)


# -- reading ----------------------------------------------------------------------------------------------------------


def _bad_input(text: str, radix: int) -> Exception:
    under = "" if radix == 10 else f" under radix {radix}"
    return number_format(f'For input string: "{text}"{under}')


def _check_radix(radix: int) -> None:
    if radix < 2:
        raise number_format(f"radix {radix} less than Character.MIN_RADIX")
    if radix > 36:
        raise number_format(f"radix {radix} greater than Character.MAX_RADIX")


def parse(text: str | None, radix: int, bits: int) -> int:
    """``Integer.parseInt`` and ``Long.parseLong``: digits of any script, with a sign. Raises JavaException."""
    if text is None:
        raise number_format("Cannot parse null string")
    _check_radix(radix)
    value = _value(text, radix)
    if value is None or not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise _bad_input(text, radix)
    return value


def _value(text: str, radix: int) -> int | None:
    """The number that a text spells, None if it does not, or is longer than any that fits."""
    start = 1 if text[:1] in {"+", "-"} else 0
    if len(text) == start:
        return None
    value = 0
    for character in units(text)[start:]:
        place = digit(ord(character), radix)
        if place < 0:
            return None
        value = value * radix + place
        if value >> 64:
            return None
    return -value if text[0] == "-" else value


def _parse_part(text: str | None, begin: int, end: int, radix: int, bits: int, *, unsigned: bool = False) -> int:
    if text is None:
        raise null_pointer()
    wide = units(text)
    if begin < 0 or begin > end or end > len(wide):
        raise index_out_of_bounds()
    part = wide[begin:end]
    if not part and unsigned == (bits == 32):
        raise number_format("")
    try:
        return parse_unsigned(part, radix, bits) if unsigned else parse(part, radix, bits)
    except JavaException as problem:
        told = unsigned and (part[:1] in {"", "-"} or _value(part, radix) is not None)
        if part and 2 <= radix <= 36 and not told:
            raise number_format(_part_message(wide, begin, end, radix, bits)) from problem
        raise


def _part_message(text: str, begin: int, end: int, radix: int, bits: int) -> str:
    """Where Java gives up: at what is no digit, or at the digit that makes the number too large."""
    at = begin + (text[begin] in "+-")
    if at == end:
        at = begin
    limit = (1 << bits - 1) - (text[begin] != "-")
    value = 0
    while at < end and (place := digit(ord(text[at]), radix)) >= 0:
        value = value * radix + place
        if value > limit:
            break
        at += 1
    return f'Error at index {at - begin} in: "{text[begin:end]}"'


def parse_unsigned(text: str | None, radix: int, bits: int) -> int:
    """``parseUnsignedInt`` and ``parseUnsignedLong``: the value as a signed number"""
    if text is None:
        raise number_format("Cannot parse null string")
    if not text:
        raise number_format(f'For input string: ""{"" if radix == 10 else f" under radix {radix}"}')
    if text[0] == "-":
        raise number_format(f"Illegal leading minus sign on unsigned string {text}.")
    _check_radix(radix)
    value = _value(text, radix)
    if bits == 64 and len(text) > (18 if radix == 10 else 12):
        last = digit(ord(text[-1]), radix)
        first = _value(text[:-1], radix)
        if first is None or first >> 63:
            raise number_format(_part_message(text, 0, len(text) - 1, radix, 64))
        if last < 0:
            raise number_format(f"Bad digit at end of {text}")
        if value is None:
            raise number_format(f"String value {text} exceeds range of unsigned long.")
    elif value is None or (bits == 32 and value >> 63):
        raise _bad_input(text, radix)
    if value >> bits:
        raise number_format(f"String value {text} exceeds range of unsigned {'int' if bits == 32 else 'long'}.")
    return (value + (1 << bits - 1) & (1 << bits) - 1) - (1 << bits - 1)


def decode(text: str | None, bits: int) -> int:
    """``decode``: with a sign, then ``0x``, ``#`` or ``0`` for another radix"""
    if text is None:
        raise null_pointer()
    if not text:
        raise number_format("Zero length string")
    sign = text[0] if text[0] in "+-" else ""
    rest = text[len(sign) :]
    radix = 10
    for prefix, other in (("0x", 16), ("0X", 16), ("#", 16)):
        if rest.startswith(prefix):
            radix, rest = other, rest[len(prefix) :]
            break
    else:
        if rest.startswith("0") and len(rest) > 1:
            radix, rest = 8, rest[1:]
    if rest[:1] in {"+", "-"} and rest:
        raise number_format("Sign character in wrong position")
    return parse(("-" if sign == "-" else "") + rest if sign == "-" else rest, radix, bits)


# -- conversions of every integer -------------------------------------------------------------------------------------


def conversions() -> dict[str, Callable[..., Any]]:
    """``byteValue()`` and its kin: the low bits, or the nearest floating-point number."""
    return {
        "byteValue()": byte,
        "shortValue()": short,
        "intValue()": integer,
        "longValue()": long,
        "floatValue()": to_float,
        "doubleValue()": to_double,
    }


def to_float(value: int) -> Float:
    """``floatValue()``"""
    return Float(int(value))


def to_double(value: int) -> float:
    """``doubleValue()``"""
    return float(int(value))


def comparison(kind: str) -> Callable[[int, object], int]:
    """``compareTo`` of a type, which takes no number of another."""

    def compare_to(value: int, other: object) -> int:
        if other is None:
            raise null_pointer()
        name = texts.class_name(other)
        if name != f"java.lang.{kind}":
            raise class_cast(name, f"java.lang.{kind}")
        if kind in {"Byte", "Short"}:
            return int(value) - int(other)  # type: ignore[call-overload, no-any-return]
        return (value > other) - (value < other)  # type: ignore[operator]

    return compare_to


def _sign_of(one: int, other: int) -> int:
    return (one > other) - (one < other)


# -- bits -------------------------------------------------------------------------------------------------------------


def _unsigned(value: int, bits: int) -> int:
    return int(value) & (1 << bits) - 1


def _of_bits(bits: int, wrap: Callable[[int], int]) -> dict[str, Callable[..., Any]]:
    """What Integer and Long do with their bits."""
    kind = "int" if bits == 32 else "long"
    name = "Int" if bits == 32 else "Long"

    def unsigned(value: int) -> int:
        return _unsigned(value, bits)

    def divide(one: int, other: int, *, rest: bool) -> int:
        if other == 0:
            raise arithmetic("/ by zero")
        return wrap(divmod(unsigned(one), unsigned(other))[rest])

    def highest(value: int) -> int:
        return wrap(1 << unsigned(value).bit_length() - 1) if value else wrap(0)

    def rotate(value: int, distance: int) -> int:
        distance %= bits
        return wrap(unsigned(value) << distance | unsigned(value) >> bits - distance)

    def trailing(value: int) -> int:
        return (value & -value).bit_length() - 1 if value else bits

    def parsed(text: str | None, radix: int = 10) -> int:
        return wrap(parse_unsigned(text, radix, bits))

    return {
        f"static numberOfLeadingZeros({kind})": lambda value: bits - unsigned(value).bit_length(),
        f"static numberOfTrailingZeros({kind})": trailing,
        f"static bitCount({kind})": lambda value: unsigned(value).bit_count(),
        f"static min({kind},{kind})": lambda one, other: wrap(min(one, other)),
        f"static max({kind},{kind})": lambda one, other: wrap(max(one, other)),
        f"static signum({kind})": lambda value: _sign_of(value, 0),
        f"static reverseBytes({kind})": lambda value: wrap(
            int.from_bytes(unsigned(value).to_bytes(bits // 8, "big"), "little")
        ),
        f"static compare({kind},{kind})": _sign_of,
        f"static toHexString({kind})": lambda value: f"{unsigned(value):x}",
        f"static reverse({kind})": lambda value: wrap(int(f"{unsigned(value):0{bits}b}"[::-1], 2)),
        f"static sum({kind},{kind})": lambda one, other: wrap(one + other),
        f"static compareUnsigned({kind},{kind})": lambda one, other: _sign_of(unsigned(one), unsigned(other)),
        f"static toUnsignedString({kind},int)": lambda value, radix: digits(unsigned(value), radix),
        f"static toUnsignedString({kind})": lambda value: str(unsigned(value)),
        f"static parseUnsigned{name}(String,int)": parsed,
        f"static parseUnsigned{name}(CharSequence,int,int,int)": lambda text, begin, end, radix: wrap(
            _parse_part(text, begin, end, radix, bits, unsigned=True)
        ),
        f"static parseUnsigned{name}(String)": parsed,
        f"static toOctalString({kind})": lambda value: f"{unsigned(value):o}",
        f"static toBinaryString({kind})": lambda value: f"{unsigned(value):b}",
        f"static divideUnsigned({kind},{kind})": lambda one, other: divide(one, other, rest=False),
        f"static remainderUnsigned({kind},{kind})": lambda one, other: divide(one, other, rest=True),
        f"static highestOneBit({kind})": highest,
        f"static lowestOneBit({kind})": lambda value: wrap(value & -value),
        f"static rotateLeft({kind},int)": rotate,
        f"static rotateRight({kind},int)": lambda value, distance: rotate(value, -distance),
    }


def _common(kind: str, primitive: str, bits: int, wrap: Callable[[int], int]) -> dict[str, Callable[..., Any]]:
    """What the four types have in common; ``kind`` is Integer, ``primitive`` int."""
    name = "Int" if kind == "Integer" else kind

    def parsed(text: str | None, radix: int = 10) -> int:
        if bits >= 32:
            return wrap(parse(text, radix, bits))
        return wrap(_narrow(parse(text, radix, 32), text or "", radix, bits))

    def decoded(text: str | None) -> int:
        if bits >= 32:
            return wrap(decode(text, bits))
        value = decode(text, 32)
        if not -(1 << bits - 1) <= value < 1 << bits - 1:
            raise number_format(f"Value {value} out of range from input {text}")
        return wrap(value)

    return {
        "equals(Object)": java_equals,
        f"static toString({primitive})": str,
        "toString()": lambda value: str(int(value)),
        "hashCode()": java_hash,
        f"static hashCode({primitive})": lambda value: java_hash(wrap(value)),
        f"compareTo({kind})": comparison(kind),
        "compareTo(Object)": comparison(kind),
        **conversions(),
        "static valueOf(String,int)": parsed,
        "static valueOf(String)": parsed,
        f"static valueOf({primitive})": wrap,
        "static decode(String)": decoded,
        "describeConstable()": described,
        f"static parse{name}(String)": parsed,
        f"static parse{name}(String,int)": parsed,
    }


def _narrow(value: int, text: str, radix: int, bits: int) -> int:
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise number_format(f'Value out of range. Value:"{text}" Radix:{radix}')
    return value


def _property(_name: str | None, default: object = None) -> object:
    """``Integer.getInteger(name, default)``: no template sees a property of the machine."""
    return default


INTEGER: Final[Table] = {
    **_common("Integer", "int", 32, integer),
    **_of_bits(32, integer),
    "static toString(int,int)": digits,
    "resolveConstantDesc(MethodHandles$Lookup)": lambda value, _: value,
    "static toUnsignedLong(int)": lambda value: long(_unsigned(value, 32)),
    "static parseInt(CharSequence,int,int,int)": lambda text, begin, end, radix: _parse_part(
        text, begin, end, radix, 32
    ),
    "static getInteger(String,Integer)": _property,
    "static getInteger(String)": _property,
}

LONG: Final[Table] = {
    **_common("Long", "long", 64, long),
    **_of_bits(64, long),
    "static toString(long,int)": digits,
    "static getLong(String,long)": lambda name, default: _property(name, long(default)),
    "static getLong(String)": _property,
    "resolveConstantDesc(MethodHandles$Lookup)": lambda value, _: value,
    "static parseLong(CharSequence,int,int,int)": lambda text, begin, end, radix: long(
        _parse_part(text, begin, end, radix, 64)
    ),
}

SHORT: Final[Table] = {
    **_common("Short", "short", 16, short),
    "static reverseBytes(short)": lambda value: short((value & 0xFF) << 8 | (value >> 8) & 0xFF),
    "static compare(short,short)": lambda one, other: one - other,
    "static toUnsignedLong(short)": lambda value: long(_unsigned(value, 16)),
    "static toUnsignedInt(short)": lambda value: _unsigned(value, 16),
    "static compareUnsigned(short,short)": lambda one, other: _unsigned(one, 16) - _unsigned(other, 16),
}

BYTE: Final[Table] = {
    **_common("Byte", "byte", 8, byte),
    "static compare(byte,byte)": lambda one, other: one - other,
    "static toUnsignedLong(byte)": lambda value: long(_unsigned(value, 8)),
    "static toUnsignedInt(byte)": lambda value: _unsigned(value, 8),
    "static compareUnsigned(byte,byte)": lambda one, other: _unsigned(one, 8) - _unsigned(other, 8),
}
