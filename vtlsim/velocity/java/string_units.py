"""java.lang.String's methods that take a text apart into units and bytes, or put one together: as of JDK 17.

What may live here: functions between a str and a char[] or byte[].
"""

from __future__ import annotations

from typing import Any, Final

from vtlsim.values import text as texts
from vtlsim.values.collections import JavaArray
from vtlsim.values.numbers import Byte
from vtlsim.values.objects import JavaException
from vtlsim.velocity.java.problems import (
    check_items,
    null_pointer,
    string_index,
)
from vtlsim.velocity.java.units import joined, units


def to_char_array(text: str) -> JavaArray:
    """``toCharArray()``"""
    check_items(len(text))
    return JavaArray(map(texts.Character, units(text)), "char")


def _offsets(offset: int, count: int, size: int) -> None:
    if offset < 0 or count < 0 or offset > size - count:
        raise string_index(f"offset {offset}, count {count}, length {size}")


def get_chars(text: str, begin: int, end: int, target: JavaArray | None, place: int) -> str:
    """``getChars(begin, end, char[], place)``"""
    wide = units(text)
    if not 0 <= begin <= end <= len(wide):
        raise string_index(f"begin {begin}, end {end}, length {len(wide)}")
    if target is None:
        raise null_pointer()
    if place < 0 or place > len(target) - (end - begin):
        raise string_index(f"offset {place}, count {end - begin}, length {len(target)}")
    target[place : place + end - begin] = map(texts.Character, wide[begin:end])
    return ""


def get_low_bytes(text: str, begin: int, end: int, target: JavaArray | None, place: int) -> str:
    """``getBytes(begin, end, byte[], place)``: the low byte of each unit"""
    wide = units(text)
    if not 0 <= begin <= end <= len(wide):
        raise string_index(f"begin {begin}, end {end}, length {len(wide)}")
    if target is None:
        raise null_pointer()
    if place < 0 or place > len(target) - (end - begin):
        raise string_index(f"offset {place}, count {end - begin}, length {len(target)}")
    target[place : place + end - begin] = [_byte(ord(unit) & 0xFF) for unit in wide[begin:end]]
    return ""


def _byte(number: int) -> Byte:
    return Byte(number - 256 if number > 127 else number)


_CHARSETS: Final = {
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "UTF-16BE": "utf-16-be",
    "UTF-16LE": "utf-16-le",
    "UTF-32": "utf-32-be",
    "UTF-32BE": "utf-32-be",
    "UTF-32LE": "utf-32-le",
    "US-ASCII": "ascii",
    "ASCII": "ascii",
    "ISO-8859-1": "latin-1",
    "ISO8859_1": "latin-1",
    "LATIN1": "latin-1",
    "ISO-8859-15": "iso8859-15",
    "WINDOWS-1252": "cp1252",
    "CP1252": "cp1252",
}
_BYTES: Final = tuple(map(_byte, range(256)))


def get_bytes(text: str) -> JavaArray:
    """``getBytes()``: UTF-8"""
    return get_bytes_in(text, "UTF-8")


def get_bytes_in(text: str, charset: str | None) -> JavaArray:
    """``getBytes(charsetName)``; what the charset lacks is a question mark"""
    if charset is None:
        raise null_pointer()
    check_items(len(text))
    name = charset.upper()
    if name in {"UTF-16", "UTF16"}:
        data = b"\xfe\xff" + text.encode("utf-16-be", "surrogatepass") if text else b""
    else:
        codec = _CHARSETS.get(name)
        if codec is None:
            raise JavaException("java.io.UnsupportedEncodingException", charset)
        plain = "".join("?" if "\ud800" <= character <= "\udfff" else character for character in text)
        data = plain.encode(codec, "replace")
    return JavaArray([_BYTES[number] for number in data], "byte")


def no_charset(_text: str, _charset: object) -> JavaArray:
    """``getBytes(Charset)``: no template can get a Charset, null alone"""
    raise null_pointer("charset")


def of_characters(items: Any, offset: int | None = None, count: int = 0) -> str:
    """``valueOf(char[], offset, count)``"""
    if items is None:
        raise null_pointer()
    if offset is None:
        return joined("".join(items))
    _offsets(offset, count, len(items))
    return joined("".join(items[offset : offset + count]))
