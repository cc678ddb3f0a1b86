"""Floating-point numbers as Java's Double and Float read and show them in their less usual forms.

What may live here: ``toHexString``, ``parseDouble`` and the bits of a number. Their usual text is the values' room's.
"""

from __future__ import annotations

import re
from typing import Final

from vtlsim.velocity.java.problems import null_pointer, number_format

_BLANKS: Final = "".join(map(chr, range(33)))
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?")
_HEXADECIMAL: Final = re.compile(
    r"([+-]?)0[xX](?:([0-9a-fA-F]+)\.?|([0-9a-fA-F]*)\.([0-9a-fA-F]+))[pP]([+-]?[0-9]+)[fFdD]?"
)


def bits(value: float, *, raw: bool = False) -> int:
    """``doubleToLongBits``: a signed 64-bit number."""
    from struct import pack

    if value != value and not raw:  # noqa: PLR0124 - NaN is what differs from itself
        return 0x7FF8000000000000
    return int.from_bytes(pack(">d", value), "big", signed=True)


def from_bits(number: int) -> float:
    """``longBitsToDouble``"""
    from struct import unpack

    return float(unpack(">d", (number & (1 << 64) - 1).to_bytes(8, "big"))[0])


def single_bits(value: float) -> int:
    """``floatToIntBits``: a signed 32-bit number."""
    from struct import pack

    if value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return 0x7FC00000
    return int.from_bytes(pack(">f", value), "big", signed=True)


def single_from_bits(number: int) -> float:
    """``intBitsToFloat``"""
    from struct import unpack

    return float(unpack(">f", (number & (1 << 32) - 1).to_bytes(4, "big"))[0])


def hexadecimal(value: float, digits: int = -1) -> str:
    """``Double.toHexString`` of a number that is not infinite, rounded to so many digits when they are 1 to 12."""
    number = bits(value)
    sign = "-" if number < 0 else ""
    number &= (1 << 63) - 1
    if number == 0:
        return f"{sign}0x0.0p0"
    power, fraction = number >> 52, number & (1 << 52) - 1
    if 1 <= digits <= 12:
        if power == 0:
            shift = 53 - fraction.bit_length()
            power, fraction = 1 - shift, (fraction << shift) & (1 << 52) - 1
        dropped = 52 - 4 * digits
        whole = (1 << 52) | fraction
        rest = whole & (1 << dropped) - 1
        whole >>= dropped
        half = 1 << (dropped - 1)
        if rest > half or (rest == half and whole & 1):
            whole += 1
        if whole.bit_length() > 4 * digits + 1:
            whole >>= 1
            power += 1
        if power >= 0x7FF:
            return f"{sign}0x1.0p1024"
        fraction = (whole << dropped) & (1 << 52) - 1
        lead = 1
    else:
        lead = 1 if power else 0
        power = power or 1
    places = f"{fraction:013x}".rstrip("0") or "0"
    return f"{sign}0x{lead}.{places}p{power - 1023}"


def single_hexadecimal(value: float) -> str:
    """``Float.toHexString``: the same, but for what is too small for a Float's own exponents."""
    size = abs(value)
    if 0 < size < 2.0**-126:
        number = single_bits(size)
        places = f"{number << 1:06x}".rstrip("0") or "0"
        return f"{'-' if value < 0 else ''}0x0.{places}p-126"
    return special(value) or hexadecimal(value)


def special(value: float) -> str | None:
    """The text of what is no finite number."""
    if value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return "NaN"
    if abs(value) == float("inf"):
        return "Infinity" if value > 0 else "-Infinity"
    return None


def parse(text: str | None) -> str | float:
    """What ``Double.parseDouble`` accepts: digits that Python reads in the same way, or a number that was written in
    hexadecimal. Raises JavaException.
    """
    if text is None:
        raise null_pointer()
    stripped = text.strip(_BLANKS)
    if _DECIMAL.fullmatch(stripped) is not None:
        return stripped.rstrip("fFdD")
    bare = stripped.lstrip("+-")
    if len(stripped) - len(bare) <= 1 and bare in {"NaN", "Infinity"}:
        return float(f"{stripped[0] if stripped[0] == '-' and bare != 'NaN' else ''}{bare}")
    match = _HEXADECIMAL.fullmatch(stripped)
    if match is not None:
        return _from_hexadecimal(match)
    raise number_format("empty String" if not stripped else f'For input string: "{stripped}"')


def _from_hexadecimal(match: re.Match[str]) -> float:
    sign, whole, before, after, power = match.groups()
    digits = whole if whole is not None else (before or "") + after
    try:
        value = float.fromhex(f"0x{digits or '0'}p{int(power[:12]) - (0 if whole is not None else 4 * len(after))}")
    except OverflowError:
        value = float("inf")
    return -value if sign == "-" else value
