"""java.lang.String: its methods as of JDK 17.

What may live here: functions of a str and a method's arguments, and the table of them. Places are in UTF-16 units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values import text as texts
from vtlsim.values.collections import JavaArray
from vtlsim.values.numbers import Byte
from vtlsim.values.objects import JavaException
from vtlsim.values.order import java_hash
from vtlsim.velocity.java import regexes
from vtlsim.velocity.java.characters import lower, upper
from vtlsim.velocity.java.problems import (
    check_items,
    check_length,
    class_cast,
    illegal_argument,
    null_pointer,
    string_index,
)
from vtlsim.velocity.java.units import joined, length, units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.velocity.java.introspection import Table

_BLANKS: Final = "".join(map(chr, range(33)))
"""What ``trim`` takes away."""
_WHITESPACE: Final = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
"""``Character.isWhitespace``: what ``strip`` takes away."""


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
    if other is None:
        raise null_pointer()
    one, two = units(text), units(other)
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
    for first, second in zip(one, two, strict=False):
        if first != second:
            return ord(first) - ord(second)
    return len(one) - len(two)


def compare(one: str | None, two: str | None) -> int:
    """``CharSequence.compare(one, two)``"""
    if one is None or two is None:
        raise null_pointer()
    return compare_to(one, two)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(chr(lower(upper(ord(character)))) for character in text)


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


# -- making others ----------------------------------------------------------------------------------------------------


def concat(text: str, other: str | None) -> str:
    """``concat``"""
    if other is None:
        raise null_pointer()
    check_length(len(text) + len(other))
    return joined(text + other)


def replace_character(text: str, old: str, new: str) -> str:
    """``replace(char, char)``"""
    return joined(units(text).replace(old, new))


def replace(text: str, old: str | None, new: str | None) -> str:
    """``replace(CharSequence, CharSequence)``; an empty text is between any two units"""
    if old is None or new is None:
        raise null_pointer()
    wide = units(text)
    old, new = units(old), units(new)
    if not old:
        check_length(len(wide) + (len(wide) + 1) * len(new))
        return joined(wide.replace(old, new))
    return joined(regexes.replace_text(wide, old, new))


def matches(text: str, pattern: str | None) -> bool:
    """``matches(regex)``"""
    if pattern is None:
        raise null_pointer()
    return regexes.matches(text, pattern)


def replace_all(text: str, pattern: str | None, replacement: str | None) -> str:
    """``replaceAll(regex, replacement)``"""
    return _replace_matches(text, pattern, replacement, once=False)


def replace_first(text: str, pattern: str | None, replacement: str | None) -> str:
    """``replaceFirst(regex, replacement)``"""
    return _replace_matches(text, pattern, replacement, once=True)


def _replace_matches(text: str, pattern: str | None, replacement: str | None, *, once: bool) -> str:
    if pattern is None:
        raise null_pointer('Cannot invoke "String.isEmpty()" because "this.pattern" is null')
    if replacement is None:
        if once:
            raise null_pointer("replacement")
        if regexes.compiled(pattern).first(text) is None:
            return text
        raise null_pointer()
    return (regexes.replace_first if once else regexes.replace_all)(text, pattern, replacement)


def split(text: str, pattern: str | None, limit: int = 0) -> JavaArray:
    """``split(regex, limit)``: String[]"""
    if pattern is None:
        raise null_pointer()
    return JavaArray(regexes.split(text, pattern, limit), "java.lang.String")


def join_array(separator: str | None, parts: JavaArray | None) -> str:
    """``join(CharSequence, CharSequence...)``"""
    return join(separator, parts)


def join(separator: str | None, parts: Iterable[object] | None) -> str:
    """``join(CharSequence, Iterable)``: null is ``null``, all else must be text"""
    if separator is None or parts is None:
        raise null_pointer()
    pieces: list[str] = []
    size = 0
    for part in parts:
        if part is None:
            piece = "null"
        elif type(part) is str:
            piece = part
        else:
            raise class_cast(texts.class_name(part), "java.lang.CharSequence")
        pieces.append(piece)
        size += len(piece) + len(separator)
        check_length(size)
    return joined(separator.join(pieces))


def to_lower_case(text: str) -> str:
    """``toLowerCase()``"""
    return text.lower()


def to_upper_case(text: str) -> str:
    """``toUpperCase()``"""
    return text.upper()


def in_locale(_text: str, _locale: object) -> str:
    """``toLowerCase(Locale)`` and ``toUpperCase(Locale)``: no template can get a Locale, null alone"""
    raise null_pointer()


def trim(text: str) -> str:
    """``trim``: takes away what is not above U+0020"""
    return text.strip(_BLANKS)


def strip(text: str) -> str:
    """``strip``"""
    return text.strip(_WHITESPACE)


def strip_leading(text: str) -> str:
    """``stripLeading``"""
    return text.lstrip(_WHITESPACE)


def strip_trailing(text: str) -> str:
    """``stripTrailing``"""
    return text.rstrip(_WHITESPACE)


def is_blank(text: str) -> bool:
    """``isBlank``"""
    return not text.strip(_WHITESPACE)


def repeat(text: str, count: int) -> str:
    """``repeat(count)``"""
    if count < 0:
        raise illegal_argument(f"count is negative: {count}")
    check_length(len(text) * count)
    return joined(text * count)


def line_list(text: str) -> list[str]:
    r"""The lines as ``lines()`` gives them: ended by ``\n``, ``\r`` or ``\r\n``, none after the last end"""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def lines(text: str) -> object:
    """``lines()``"""
    from vtlsim.velocity.java.streams import Stream

    found: list[object] = [*line_list(text)]
    check_items(len(found))
    return Stream(found)


def indent(text: str, count: int) -> str:
    """``indent(count)``: every line gets or loses blanks and ends with a line feed"""
    if not text:
        return ""
    found = line_list(text)
    if count > 0:
        check_length(len(text) + len(found) * (count + 1))
        found = [" " * count + line for line in found]
    elif count < 0:
        found = [line[min(-count, len(line) - len(strip_leading(line))) :] for line in found]
    return "\n".join(found) + "\n"


def strip_indent(text: str) -> str:
    """``stripIndent()``: what a text block's compilation takes away"""
    if not text:
        return ""
    found = line_list(text)
    last = text[-1]
    open_end = last in "\n\r"
    indents = [len(line) - len(strip_leading(line)) for line in found if not is_blank(line)]
    if found and is_blank(found[-1]) and not open_end:
        indents.append(len(found[-1]))
    if open_end:
        indents.append(0)
    margin = min(indents, default=0)
    kept = [strip_trailing(line[margin:]) if not is_blank(line) else "" for line in found]
    return "\n".join(kept) + ("\n" if open_end else "")


_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "s": " ", "t": "\t", "'": "'", '"': '"', "\\": "\\"}


def translate_escapes(text: str) -> str:
    """``translateEscapes()``"""
    out: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character != "\\":
            out.append(character)
            continue
        escape = text[at] if at < len(text) else "\0"
        at += 1
        if escape in _ESCAPES:
            out.append(_ESCAPES[escape])
        elif escape in "01234567":
            end = min(at + (2 if escape <= "3" else 1), len(text))
            code = int(escape)
            while at < end and text[at] in "01234567":
                code = code * 8 + int(text[at])
                at += 1
            out.append(chr(code))
        elif escape == "\n":
            pass
        elif escape == "\r":
            at += text[at : at + 1] == "\n"
        else:
            raise illegal_argument(f"Invalid escape sequence: \\{escape} \\\\u{ord(escape):04X}")
    return "".join(out)


def formatted(text: str | None, arguments: JavaArray | None) -> str:
    """``format(String, Object...)``, ``formatted(Object...)``"""
    if text is None:
        raise null_pointer()
    from vtlsim.velocity.java.formatter import format_text

    return format_text(text, arguments)


def formatted_in_locale(_locale: object, text: str | None, arguments: JavaArray | None) -> str:
    """``format(Locale, String, Object...)``: the Locale can be null alone, which is none"""
    return formatted(text, arguments)


# -- units and bytes --------------------------------------------------------------------------------------------------


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


def _characters(items: Any, offset: int | None = None, count: int = 0) -> str:
    if items is None:
        raise null_pointer()
    if offset is None:
        return joined("".join(items))
    _offsets(offset, count, len(items))
    return joined("".join(items[offset : offset + count]))


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
    "static valueOf(char[])": _characters,
    "static valueOf(Object)": value_of,
    "static valueOf(boolean)": texts.text,
    "static valueOf(char[],int,int)": _characters,
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
    "static copyValueOf(char[],int,int)": _characters,
    "static copyValueOf(char[])": _characters,
    "intern()": lambda text: text,
    "describeConstable()": described,
    "static compare(CharSequence,CharSequence)": compare,
}
