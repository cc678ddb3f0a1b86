"""java.lang.String: its methods as of JDK 17.

What may live here: functions of a str and a method's arguments, and the table of them. Places are in UTF-16 units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.values import text as texts
from vtlsim.values.objects import JavaException
from vtlsim.values.order import java_hash
from vtlsim.velocity.java.problems import (
    check_items,
    class_cast,
    null_pointer,
    string_index,
)
from vtlsim.velocity.java.units import joined, length, units

if TYPE_CHECKING:
    from vtlsim.velocity.java.introspection import Table

from vtlsim.velocity.java.string_changes import (
    concat,
    formatted,
    formatted_in_locale,
    in_locale,
    indent,
    is_blank,
    join,
    join_array,
    lines,
    matches,
    repeat,
    replace,
    replace_all,
    replace_character,
    replace_first,
    split,
    strip,
    strip_indent,
    strip_leading,
    strip_trailing,
    to_lower_case,
    to_upper_case,
    translate_escapes,
    trim,
)
from vtlsim.velocity.java.string_units import (
    get_bytes,
    get_bytes_in,
    get_chars,
    get_low_bytes,
    no_charset,
    of_characters,
    to_char_array,
)


def _is_latin(text: str) -> bool:
    """Whether Java keeps the string in bytes: some messages depend on it."""
    return text.isascii() or max(text) <= "\xff"


# -- places -----------------------------------------------------------------------------------------------------------


def char_at(text: str, index: int) -> texts.Character:
    """``charAt(index)``"""
    wide = units(text)
    if not 0 <= index < len(wide):
        if _is_latin(text):
            raise string_index(f"String index out of range: {index}")
        raise string_index(f"index {index}, length {len(wide)}")
    return texts.Character(wide[index])


def substring_from(text: str, begin: int) -> str:
    """``substring(begin)``"""
    wide = units(text)
    if not 0 <= begin <= len(wide):
        raise string_index(f"begin {begin}, end {len(wide)}, length {len(wide)}")
    return joined(wide[begin:])


def substring(text: str, begin: int, end: int) -> str:
    """``substring(begin, end)``"""
    wide = units(text)
    if not 0 <= begin <= end <= len(wide):
        raise string_index(f"begin {begin}, end {end}, length {len(wide)}")
    return joined(wide[begin:end])


def _code_text(code: int) -> str:
    return units(chr(code)) if 0 <= code <= 0x10FFFF else ""


def index_of_code(text: str, code: int, start: int = 0) -> int:
    """``indexOf(int, start)``: the place of a code point"""
    wanted = _code_text(code)
    return units(text).find(wanted, max(start, 0)) if wanted else -1


def last_index_of_code(text: str, code: int, start: int | None = None) -> int:
    """``lastIndexOf(int, start)``"""
    wanted = _code_text(code)
    return _last_index(units(text), wanted, start) if wanted else -1


def index_of(text: str, wanted: str | None, start: int = 0) -> int:
    """``indexOf(String, start)``; beyond the end an empty text is found at the end"""
    if wanted is None:
        raise null_pointer()
    wide = units(text)
    return wide.find(units(wanted), min(max(start, 0), len(wide)))


def last_index_of(text: str, wanted: str | None, start: int | None = None) -> int:
    """``lastIndexOf(String, start)``"""
    if wanted is None:
        raise null_pointer()
    return _last_index(units(text), units(wanted), start)


def _last_index(text: str, wanted: str, start: int | None) -> int:
    if start is None:
        return text.rfind(wanted)
    return text.rfind(wanted, 0, min(start, len(text)) + len(wanted)) if start >= 0 else -1


def code_point_at(text: str, index: int) -> int:
    """``codePointAt(index)``"""
    wide = units(text)
    if not 0 <= index < len(wide):
        raise string_index(f"index {index}, length {len(wide)}")
    return ord(joined(wide[index : index + 2])[0])


def code_point_before(text: str, index: int) -> int:
    """``codePointBefore(index)``"""
    wide = units(text)
    if not 1 <= index <= len(wide):
        raise string_index(f"String index out of range: {index}")
    return ord(joined(wide[max(index - 2, 0) : index])[-1])


def code_point_count(text: str, begin: int, end: int) -> int:
    """``codePointCount(begin, end)``"""
    wide = units(text)
    if not 0 <= begin <= end <= len(wide):
        raise JavaException("java.lang.IndexOutOfBoundsException")
    return len(joined(wide[begin:end]))


def offset_by_code_points(text: str, index: int, offset: int) -> int:
    """``offsetByCodePoints(index, offset)``"""
    wide = units(text)
    if not 0 <= index <= len(wide):
        raise JavaException("java.lang.IndexOutOfBoundsException")
    rest = joined(wide[index:] if offset >= 0 else wide[:index])
    if abs(offset) > len(rest):
        raise JavaException("java.lang.IndexOutOfBoundsException")
    if offset >= 0:
        return index + length(rest[:offset])
    return index - length(rest[offset:])


def region_matches(text: str, place: int, other: str | None, other_place: int, size: int) -> bool:
    """``regionMatches(place, other, otherPlace, size)``"""
    return region_matches_case(text, False, place, other, other_place, size)


def region_matches_case(text: str, ignore: bool, place: int, other: str | None, other_place: int, size: int) -> bool:
    """``regionMatches(ignoreCase, place, other, otherPlace, size)``"""
    one = units(text)
    if ignore and (other_place < 0 or place < 0 or place > len(one) - size):
        return False
    if other is None:
        raise null_pointer()
    two = units(other)
    if other_place < 0 or place < 0 or place > len(one) - size or other_place > len(two) - size:
        return False
    size = max(size, 0)
    first, second = one[place : place + size], two[other_place : other_place + size]
    return equals_ignore_case(first, second) if ignore else first == second


# -- comparing --------------------------------------------------------------------------------------------------------


def equals(text: str, other: object) -> bool:
    """``equals(Object)``"""
    return type(other) is str and text == other


def compare_to(text: str, other: object) -> int:
    """``compareTo(String)``: the difference of the first units that differ, else of the lengths"""
    if other is None:
        raise null_pointer()
    if type(other) is not str:
        raise class_cast(texts.class_name(other), "java.lang.String")
    one, two = units(text), units(other)
    same, end = 0, min(len(one), len(two))
    if one[:end] == two[:end]:
        return len(one) - len(two)
    while end - same > 1:  # the first difference lies between the two
        middle = (same + end) // 2
        if one[same:middle] == two[same:middle]:
            same = middle
        else:
            end = middle
    return ord(one[same]) - ord(two[same])


def compare(one: str | None, two: str | None) -> int:
    """``CharSequence.compare(one, two)``"""
    if one is None or two is None:
        raise null_pointer()
    return compare_to(one, two)


def _folded(text: str) -> str:
    """What is the same for texts that differ in case alone: Java takes each unit's upper case, and of that the lower"""
    if text.isascii():
        return text.lower()
    from vtlsim.velocity.java.characters import lower, upper

    return text.translate({code: lower(upper(code)) for code in map(ord, set(text))})


def equals_ignore_case(text: str, other: str | None) -> bool:
    """``equalsIgnoreCase``: unit by unit, so lengths must be the same"""
    return other is not None and (text == other or (len(text) == len(other) and _folded(text) == _folded(other)))


def compare_to_ignore_case(text: str, other: str | None) -> int:
    """``compareToIgnoreCase``"""
    if other is None:
        raise null_pointer()
    return compare_to(_folded(text), _folded(other))


def content_equals(text: str, other: str | None) -> bool:
    """``contentEquals(CharSequence)``"""
    if other is None:
        raise null_pointer()
    return text == other


def starts_with(text: str, prefix: str | None, place: int = 0) -> bool:
    """``startsWith(prefix, place)``"""
    if place < 0:
        return False
    if prefix is None:
        raise null_pointer()
    return text.startswith(prefix) if place == 0 else units(text).startswith(units(prefix), place)


def ends_with(text: str, suffix: str | None) -> bool:
    """``endsWith``"""
    if suffix is None:
        raise null_pointer()
    return units(text).endswith(units(suffix))


def contains(text: str, wanted: str | None) -> bool:
    """``contains(CharSequence)``"""
    if wanted is None:
        raise null_pointer()
    return wanted in text if text.isascii() else units(wanted) in units(text)


# -- others -----------------------------------------------------------------------------------------------------------


def value_of(value: object) -> str | None:
    """``valueOf(Object)``"""
    return "null" if value is None else texts.text_or_none(value)


def nothing_but_null(_text: object, _argument: object) -> object:
    """A method whose parameter is of a type of which no template can get a value: null alone."""
    raise null_pointer()


def _units_stream(text: str) -> object:
    from vtlsim.velocity.java.streams import IntStream

    check_items(length(text))
    return IntStream([ord(unit) for unit in units(text)])


def _code_stream(text: str) -> object:
    from vtlsim.velocity.java.streams import IntStream

    check_items(len(text))
    return IntStream([ord(character) for character in text])


def described(value: object) -> object:
    """``describeConstable()``: the value itself, but for those that class files have no constant for"""
    from vtlsim.velocity.java.streams import Described, Optional

    name = texts.class_name(value).rpartition(".")[2]
    if name in {"Character", "Short", "Byte"}:
        number = ord(value) if isinstance(value, str) else int(value)  # type: ignore[call-overload]
        primitive = "char" if name == "Character" else name.lower()
        return Optional(Described(f"DynamicConstantDesc[ConstantBootstraps::explicitCast({number}){primitive}]"))
    if name == "Boolean":
        constant = "TRUE" if value else "FALSE"
        return Optional(
            Described(f"DynamicConstantDesc[ConstantBootstraps::getStaticFinal({constant}/ClassDesc[Boolean])Boolean]")
        )
    return Optional(value)


METHODS: Final[Table] = {
    "equals(Object)": equals,
    "length()": length,
    "toString()": lambda text: text,
    "hashCode()": java_hash,
    "getChars(int,int,char[],int)": get_chars,
    "compareTo(String)": compare_to,
    "compareTo(Object)": compare_to,
    "indexOf(int)": index_of_code,
    "indexOf(String)": index_of,
    "indexOf(String,int)": index_of,
    "indexOf(int,int)": index_of_code,
    "static valueOf(int)": str,
    "static valueOf(char[])": of_characters,
    "static valueOf(Object)": value_of,
    "static valueOf(boolean)": texts.text,
    "static valueOf(char[],int,int)": of_characters,
    "static valueOf(char)": str,
    "static valueOf(double)": texts.text,
    "static valueOf(float)": texts.text,
    "static valueOf(long)": str,
    "charAt(int)": char_at,
    "codePointAt(int)": code_point_at,
    "codePointBefore(int)": code_point_before,
    "codePointCount(int,int)": code_point_count,
    "offsetByCodePoints(int,int)": offset_by_code_points,
    "getBytes(Charset)": no_charset,
    "getBytes(String)": get_bytes_in,
    "getBytes(int,int,byte[],int)": get_low_bytes,
    "getBytes()": get_bytes,
    "contentEquals(CharSequence)": content_equals,
    "contentEquals(StringBuffer)": content_equals,
    "regionMatches(boolean,int,String,int,int)": region_matches_case,
    "regionMatches(int,String,int,int)": region_matches,
    "startsWith(String,int)": starts_with,
    "startsWith(String)": starts_with,
    "lastIndexOf(String)": last_index_of,
    "lastIndexOf(String,int)": last_index_of,
    "lastIndexOf(int,int)": last_index_of_code,
    "lastIndexOf(int)": last_index_of_code,
    "substring(int,int)": substring,
    "substring(int)": substring_from,
    "isEmpty()": lambda text: not text,
    "replace(char,char)": replace_character,
    "replace(CharSequence,CharSequence)": replace,
    "matches(String)": matches,
    "replaceFirst(String,String)": replace_first,
    "replaceAll(String,String)": replace_all,
    "split(String)": split,
    "split(String,int)": split,
    "static join(CharSequence,CharSequence[])": join_array,
    "static join(CharSequence,Iterable)": join,
    "toLowerCase()": to_lower_case,
    "toLowerCase(Locale)": in_locale,
    "toUpperCase()": to_upper_case,
    "toUpperCase(Locale)": in_locale,
    "trim()": trim,
    "strip()": strip,
    "stripLeading()": strip_leading,
    "stripTrailing()": strip_trailing,
    "lines()": lines,
    "repeat(int)": repeat,
    "isBlank()": is_blank,
    "toCharArray()": to_char_array,
    "static format(String,Object[])": formatted,
    "static format(Locale,String,Object[])": formatted_in_locale,
    "resolveConstantDesc(MethodHandles$Lookup)": lambda text, _: text,
    "codePoints()": _code_stream,
    "equalsIgnoreCase(String)": equals_ignore_case,
    "compareToIgnoreCase(String)": compare_to_ignore_case,
    "endsWith(String)": ends_with,
    "subSequence(int,int)": substring,
    "concat(String)": concat,
    "contains(CharSequence)": contains,
    "indent(int)": indent,
    "stripIndent()": strip_indent,
    "translateEscapes()": translate_escapes,
    "chars()": _units_stream,
    "transform(Function)": nothing_but_null,
    "formatted(Object[])": formatted,
    "static copyValueOf(char[],int,int)": of_characters,
    "static copyValueOf(char[])": of_characters,
    "intern()": lambda text: text,
    "describeConstable()": described,
    "static compare(CharSequence,CharSequence)": compare,
}
