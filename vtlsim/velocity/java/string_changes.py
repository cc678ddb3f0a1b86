"""java.lang.String's methods that make another text, or many, out of one: as of JDK 17.

What may live here: functions of a str and a method's arguments that give str, or a list of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.values import text as texts
from vtlsim.values.collections import JavaArray
from vtlsim.velocity import limits
from vtlsim.velocity.java import regexes
from vtlsim.velocity.java.problems import (
    check_items,
    check_length,
    class_cast,
    illegal_argument,
    null_pointer,
)
from vtlsim.velocity.java.units import joined, units

if TYPE_CHECKING:
    from collections.abc import Iterable


_BLANKS: Final = "".join(map(chr, range(33)))
"""What ``trim`` takes away."""
_WHITESPACE: Final = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
"""``Character.isWhitespace``: what ``strip`` takes away."""


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
    if len(text) > limits.COLLECTION_ITEMS:
        check_items(text.count("\n") + text.count("\r"))
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
