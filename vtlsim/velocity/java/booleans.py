"""java.lang.Boolean and java.lang.Character: their methods as of JDK 17.

What may live here: functions of a bool, or of a Character, and a method's arguments, and the tables of them.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from vtlsim.values import text as texts
from vtlsim.values.collections import JavaArray
from vtlsim.values.numbers import Byte
from vtlsim.values.objects import JavaException
from vtlsim.values.order import java_hash
from vtlsim.values.text import Character
from vtlsim.velocity.java import characters
from vtlsim.velocity.java.problems import class_cast, illegal_argument, index_out_of_bounds, null_pointer
from vtlsim.velocity.java.strings import (
    char_at,
    code_point_at,
    code_point_before,
    code_point_count,
    described,
    offset_by_code_points,
)
from vtlsim.velocity.java.units import joined, length, units

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.velocity.java.introspection import Table

# -- Boolean ----------------------------------------------------------------------------------------------------------


def boolean_compare(one: bool, other: object) -> int:
    """``compareTo``: false comes first"""
    if other is None:
        raise null_pointer()
    if not isinstance(other, bool):
        raise class_cast(texts.class_name(other), "java.lang.Boolean")
    return one - other


def parse_boolean(text: str | None) -> bool:
    """``parseBoolean``: whether the text is ``true`` in any case"""
    return text is not None and len(text) == 4 and text.lower() == "true"


BOOLEAN: Final[Table] = {
    "equals(Object)": lambda value, other: other is value,
    "toString()": texts.text,
    "static toString(boolean)": texts.text,
    "hashCode()": java_hash,
    "static hashCode(boolean)": java_hash,
    "compareTo(Boolean)": boolean_compare,
    "compareTo(Object)": boolean_compare,
    "static getBoolean(String)": lambda _name: False,  # no template sees a property of the machine
    "static compare(boolean,boolean)": boolean_compare,
    "booleanValue()": lambda value: value,
    "static valueOf(String)": parse_boolean,
    "static valueOf(boolean)": lambda value: value,
    "describeConstable()": described,
    "static parseBoolean(String)": parse_boolean,
    "static logicalAnd(boolean,boolean)": lambda one, other: one and other,
    "static logicalOr(boolean,boolean)": lambda one, other: one or other,
    "static logicalXor(boolean,boolean)": lambda one, other: one is not other,
}

# -- Character --------------------------------------------------------------------------------------------------------


def character_compare(one: str, other: object) -> int:
    """``compareTo``: the difference of the units"""
    if other is None:
        raise null_pointer()
    if type(other) is not Character:
        raise class_cast(texts.class_name(other), "java.lang.Character")
    return ord(one) - ord(other)


def _valid(code: int) -> int:
    if not characters.is_valid(code):
        raise illegal_argument(f"Not a valid Unicode code point: 0x{code & 0xFFFFFFFF:X}")
    return code


def _to_chars(code: int) -> JavaArray:
    return JavaArray(map(Character, units(chr(_valid(code)))), "char")


def _to_chars_in(code: int, target: JavaArray | None, place: int) -> int:
    wide = units(chr(_valid(code)))
    if target is None:
        raise null_pointer()
    for offset, unit in enumerate(wide):
        _array_index(place + offset, target)
        target[place + offset] = Character(unit)
    return len(wide)


def _array_index(index: int, items: JavaArray) -> int:
    if not 0 <= index < len(items):
        raise JavaException(
            "java.lang.ArrayIndexOutOfBoundsException", f"Index {index} out of bounds for length {len(items)}"
        )
    return index


def _name(code: int) -> str | None:
    return characters.name(_valid_code(code))


def _valid_code(code: int) -> int:
    if not characters.is_valid(code):
        raise illegal_argument(f"Not a valid Unicode code point: 0x{code & 0xFFFFFFFF:X}")
    return code


def _code_point_of(name: str | None) -> int:
    if name is None:
        raise null_pointer()
    code = characters.code_point_of(name)
    if code < 0:
        raise illegal_argument(f"Unrecognized character name :{name.strip().upper()}")
    return code


def _for_digit(digit: int, radix: int) -> Character:
    if not 2 <= radix <= 36 or not 0 <= digit < radix:
        return Character("\0")
    return Character("0123456789abcdefghijklmnopqrstuvwxyz"[digit])


def _directionality(code: int) -> Byte:
    kind = unicodedata.bidirectional(chr(code)) if characters.is_valid(code) else ""
    if characters.category(code) == "Cn":
        return Byte(-1)
    return Byte(_DIRECTIONS.get(kind, -1))


_DIRECTIONS: Final = {
    kind: number
    for number, kind in enumerate(
        [
            "L",
            "R",
            "AL",
            "EN",
            "ES",
            "ET",
            "AN",
            "CS",
            "NSM",
            "BN",
            "B",
            "S",
            "WS",
            "ON",
            "LRE",
            "LRO",
            "RLE",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        ],
    )
}


def _by_regex(pattern: str) -> Callable[[int], bool]:
    """A property that Python's own tables lack."""

    def test(code: int) -> bool:
        if not characters.is_valid(code):
            return False
        import regex

        return regex.match(pattern, chr(code)) is not None

    return test


def _text_of(items: Any, offset: int, count: int) -> str:
    if items is None:
        raise null_pointer()
    if offset < 0 or count < 0 or offset > len(items) - count:
        raise index_out_of_bounds()
    return "".join(items[offset : offset + count])


def _code_at(text: Any, index: int, limit: int | None = None) -> int:
    """``codePointAt`` of a text or a char[], up to a limit"""
    if limit is not None and (index >= limit or limit < 0):
        raise index_out_of_bounds()
    if text is None:
        raise null_pointer()
    if isinstance(text, str):
        char_at(text, index)
        return code_point_at(text, index)
    if limit is not None and limit > len(text):
        raise index_out_of_bounds()
    _array_index(index, text)
    end = len(text) if limit is None else limit
    return ord(joined("".join(text[index : min(index + 2, end)]))[0])


def _code_before(text: Any, index: int, start: int | None = None) -> int:
    """``codePointBefore`` of a text or a char[], from a start"""
    if start is not None and (index <= start or start < 0):
        raise index_out_of_bounds()
    if text is None:
        raise null_pointer()
    if isinstance(text, str):
        char_at(text, index - 1)
        return code_point_before(text, index)
    if start is not None and start >= len(text):
        raise index_out_of_bounds()
    _array_index(index - 1, text)
    return ord(joined("".join(text[max(index - 2, start or 0) : index]))[-1])


def _code_count(text: Any, begin: int, end: int) -> int:
    if text is None:
        raise null_pointer()
    if isinstance(text, str):
        return code_point_count(text, begin, end)
    return len(joined(_text_of(text, begin, end)))


def _code_offset(text: Any, index: int, offset: int) -> int:
    if text is None:
        raise null_pointer()
    return offset_by_code_points(text, index, offset)


def _code_offset_in(items: Any, start: int, count: int, index: int, offset: int) -> int:
    text = _text_of(items, start, count)
    if not start <= index <= start + count:
        raise index_out_of_bounds()
    return start + offset_by_code_points(joined(text), index - start, offset)


def _of_both(name: str, test: Callable[[int], object]) -> dict[str, Callable[..., object]]:
    """A question that can be asked of a char and of a code point."""
    return {f"static {name}(int)": test, f"static {name}(char)": lambda unit: test(ord(unit))}


def _mapped(name: str, change: Callable[[int], int]) -> dict[str, Callable[..., object]]:
    return {
        f"static {name}(int)": change,
        f"static {name}(char)": lambda unit: Character(chr(code)) if (code := change(ord(unit))) <= 0xFFFF else unit,
    }


def _in(first: int, last: int) -> Callable[[str], bool]:
    return lambda unit: first <= ord(unit) <= last


CHARACTER: Final[Table] = {
    "static getName(int)": _name,
    **_of_both("isJavaIdentifierStart", characters.is_java_identifier_start),
    **_of_both("isJavaIdentifierPart", characters.is_java_identifier_part),
    "equals(Object)": lambda value, other: type(other) is Character and str(value) == str(other),
    "static toString(int)": lambda code: chr(_valid(code)),
    "toString()": str,
    "static toString(char)": str,
    "static hashCode(char)": ord,
    "hashCode()": ord,
    "static reverseBytes(char)": lambda unit: Character(chr((ord(unit) & 0xFF) << 8 | ord(unit) >> 8)),
    "compareTo(Object)": character_compare,
    "compareTo(Character)": character_compare,
    **_of_both("isDigit", characters.is_digit),
    **_of_both("isLowerCase", characters.is_lower),
    **_of_both("isUpperCase", characters.is_upper),
    **_of_both("isWhitespace", characters.is_whitespace),
    "static compare(char,char)": character_compare,
    "charValue()": lambda value: value,
    "static valueOf(char)": lambda value: value,
    "static toChars(int)": _to_chars,
    "static toChars(int,char[],int)": _to_chars_in,
    "static isHighSurrogate(char)": _in(0xD800, 0xDBFF),
    "static isLowSurrogate(char)": _in(0xDC00, 0xDFFF),
    "static isSurrogate(char)": _in(0xD800, 0xDFFF),
    "static isSupplementaryCodePoint(int)": lambda code: 0x10000 <= code <= 0x10FFFF,
    "static highSurrogate(int)": lambda code: Character(chr((code >> 10) + 0xD7C0 & 0xFFFF)),
    "static lowSurrogate(int)": lambda code: Character(chr(code & 0x3FF | 0xDC00)),
    "static toCodePoint(char,char)": lambda high, low: (ord(high) << 10) + ord(low) - 0x35FDC00,
    "static codePointAt(char[],int)": _code_at,
    "static codePointAt(char[],int,int)": _code_at,
    "static codePointAt(CharSequence,int)": _code_at,
    "static codePointBefore(CharSequence,int)": _code_before,
    "static codePointBefore(char[],int)": _code_before,
    "static codePointBefore(char[],int,int)": _code_before,
    "static codePointCount(char[],int,int)": _code_count,
    "static codePointCount(CharSequence,int,int)": _code_count,
    "static offsetByCodePoints(CharSequence,int,int)": _code_offset,
    "static offsetByCodePoints(char[],int,int,int,int)": _code_offset_in,
    **_mapped("toLowerCase", characters.lower),
    **_mapped("toUpperCase", characters.upper),
    "static isBmpCodePoint(int)": lambda code: 0 <= code <= 0xFFFF,
    "describeConstable()": described,
    **_of_both("getType", lambda code: characters.TYPES[characters.category(code)]),
    **_of_both("isLetter", characters.is_letter),
    **_of_both("isLetterOrDigit", characters.is_letter_or_digit),
    "static isValidCodePoint(int)": characters.is_valid,
    **_of_both("isTitleCase", characters.is_title),
    **_of_both("isDefined", lambda code: characters.category(code) != "Cn"),
    "static isIdeographic(int)": _by_regex(r"\p{Ideographic}"),
    **_of_both("isUnicodeIdentifierStart", characters.is_unicode_identifier_start),
    **_of_both("isUnicodeIdentifierPart", characters.is_unicode_identifier_part),
    **_of_both("isIdentifierIgnorable", characters.is_identifier_ignorable),
    **_mapped("toTitleCase", characters.title),
    "static digit(int,int)": characters.digit,
    "static digit(char,int)": lambda unit, radix: characters.digit(ord(unit), radix),
    **_of_both("getNumericValue", characters.numeric_value),
    **_of_both("isSpaceChar", characters.is_space_char),
    **_of_both("isISOControl", characters.is_iso_control),
    **_of_both("getDirectionality", _directionality),
    **_of_both("isMirrored", characters.is_mirrored),
    "static isSurrogatePair(char,char)": lambda high, low: (
        length(joined(high + low)) == 2 and len(joined(high + low)) == 1
    ),
    "static charCount(int)": lambda code: 2 if code >= 0x10000 else 1,
    "static isJavaLetter(char)": lambda unit: characters.is_java_identifier_start(ord(unit)),
    "static isJavaLetterOrDigit(char)": lambda unit: characters.is_java_identifier_part(ord(unit)),
    "static isAlphabetic(int)": _by_regex(r"\p{Alphabetic}"),
    "static isSpace(char)": lambda unit: unit in "\t\n\f\r ",
    "static forDigit(int,int)": _for_digit,
    "static codePointOf(String)": _code_point_of,
}
