"""java.lang.Character's tables: what kind a character is, and its other cases.

What may live here: questions about one code point, answered as JDK 17 answers them from Python's own Unicode tables.
Those may be of a later Unicode than Java's 13: a character that was assigned since is a letter here and nothing there.

A code point is an int from 0 to 0x10FFFF.
"""

from __future__ import annotations

import unicodedata
from typing import Final

MAX_CODE_POINT: Final = 0x10FFFF

# getType()'s numbers, by the category's name
TYPES: Final = {
    "Cn": 0,
    "Lu": 1,
    "Ll": 2,
    "Lt": 3,
    "Lm": 4,
    "Lo": 5,
    "Mn": 6,
    "Me": 7,
    "Mc": 8,
    "Nd": 9,
    "Nl": 10,
    "No": 11,
    "Zs": 12,
    "Zl": 13,
    "Zp": 14,
    "Cc": 15,
    "Cf": 16,
    "Co": 18,
    "Cs": 19,
    "Pd": 20,
    "Ps": 21,
    "Pe": 22,
    "Pc": 23,
    "Po": 24,
    "Sm": 25,
    "Sc": 26,
    "Sk": 27,
    "So": 28,
    "Pi": 29,
    "Pf": 30,
}


def is_valid(code: int) -> bool:
    """Whether it is a code point at all."""
    return 0 <= code <= MAX_CODE_POINT


def category(code: int) -> str:
    """The two-letter category; of what is no code point, that of an unassigned one."""
    return unicodedata.category(chr(code)) if 0 <= code <= MAX_CODE_POINT else "Cn"


def is_letter(code: int) -> bool:
    """``Character.isLetter``"""
    return category(code)[0] == "L"


def is_digit(code: int) -> bool:
    """``Character.isDigit``"""
    return category(code) == "Nd"


def is_letter_or_digit(code: int) -> bool:
    """``Character.isLetterOrDigit``"""
    kind = category(code)
    return kind[0] == "L" or kind == "Nd"


def is_lower(code: int) -> bool:
    """``Character.isLowerCase``: Ll and Other_Lowercase"""
    return is_valid(code) and chr(code).islower()


def is_upper(code: int) -> bool:
    """``Character.isUpperCase``: Lu and Other_Uppercase"""
    return is_valid(code) and chr(code).isupper()


def is_title(code: int) -> bool:
    """``Character.isTitleCase``"""
    return category(code) == "Lt"


def is_whitespace(code: int) -> bool:
    """``Character.isWhitespace``: separators that allow a line break, and the controls TAB to CR and FS to US"""
    if code < 128:
        return code == 32 or 9 <= code <= 13 or 28 <= code <= 31
    return code not in {0xA0, 0x2007, 0x202F} and category(code)[0] == "Z"


def is_space_char(code: int) -> bool:
    """``Character.isSpaceChar``"""
    return category(code)[0] == "Z"


def is_iso_control(code: int) -> bool:
    """``Character.isISOControl``"""
    return 0 <= code <= 0x1F or 0x7F <= code <= 0x9F


def is_identifier_ignorable(code: int) -> bool:
    """``Character.isIdentifierIgnorable``"""
    return 0 <= code <= 8 or 0xE <= code <= 0x1B or 0x7F <= code <= 0x9F or category(code) == "Cf"


_OTHER_ID_START: Final = frozenset({0x1885, 0x1886, 0x2118, 0x212E, 0x309B, 0x309C})
_OTHER_ID_CONTINUE: Final = frozenset({0xB7, 0x387, *range(0x1369, 0x1372), 0x19DA})


def is_unicode_identifier_start(code: int) -> bool:
    """``Character.isUnicodeIdentifierStart``"""
    kind = category(code)
    return kind[0] == "L" or kind == "Nl" or code in _OTHER_ID_START


def is_unicode_identifier_part(code: int) -> bool:
    """``Character.isUnicodeIdentifierPart``"""
    kind = category(code)
    return (
        is_unicode_identifier_start(code)
        or kind in {"Pc", "Nd", "Mn", "Mc"}
        or code in _OTHER_ID_CONTINUE
        or is_identifier_ignorable(code)
    )


def is_java_identifier_start(code: int) -> bool:
    """``Character.isJavaIdentifierStart``"""
    kind = category(code)
    return kind[0] == "L" or kind in {"Nl", "Sc", "Pc"}


def is_java_identifier_part(code: int) -> bool:
    """``Character.isJavaIdentifierPart``"""
    kind = category(code)
    return kind[0] == "L" or kind in {"Nl", "Sc", "Pc", "Nd", "Mn", "Mc"} or is_identifier_ignorable(code)


def is_mirrored(code: int) -> bool:
    """``Character.isMirrored``"""
    return is_valid(code) and unicodedata.mirrored(chr(code)) == 1


# -- cases ------------------------------------------------------------------------------------------------------------


def upper(code: int) -> int:
    """``Character.toUpperCase``: one code point to one"""
    if code < 128:
        return code - 32 if 97 <= code <= 122 else code
    if code > MAX_CODE_POINT:
        return code
    text = chr(code).upper()
    if len(text) == 1:
        return ord(text)
    text = chr(code).title()  # Greek letters with iota have one capital that Java calls upper case and Unicode title
    return ord(text) if len(text) == 1 else code


def lower(code: int) -> int:
    """``Character.toLowerCase``: one code point to one"""
    if code < 128:
        return code + 32 if 65 <= code <= 90 else code
    if code > MAX_CODE_POINT:
        return code
    text = chr(code).lower()
    return ord(text) if len(text) == 1 else 0x69 if code == 0x130 else code


def title(code: int) -> int:
    """``Character.toTitleCase``: one code point to one"""
    if code < 128 or code > MAX_CODE_POINT:
        return upper(code)
    text = chr(code).title()
    return ord(text) if len(text) == 1 else upper(code)


_CASED_RANGES: Final = (
    (0x41, 0x588),
    (0x10A0, 0x1100),
    (0x13A0, 0x1400),
    (0x1C80, 0x1CC0),
    (0x1D79, 0x1D8F),
    (0x1E00, 0x2000),
    (0x2126, 0x2189),
    (0x24B6, 0x24EA),
    (0x2C00, 0x2D2E),
    (0xA640, 0xA69C),
    (0xA722, 0xA7FB),
    (0xAB53, 0xABC0),
    (0xFF21, 0xFF5B),
    (0x10400, 0x10600),
    (0x10C80, 0x10D00),
    (0x118A0, 0x118E0),
    (0x16E40, 0x16E80),
    (0x1E900, 0x1E944),
)
"""Where the characters lie that have another case."""

_folded: dict[int, tuple[int, ...]] = {}


def _folds() -> dict[int, tuple[int, ...]]:
    if not _folded:
        found: dict[int, list[int]] = {}
        for first, end in _CASED_RANGES:
            for code in range(first, end):
                found.setdefault(lower(upper(code)), []).append(code)
        _folded.update((code, tuple(codes)) for code, codes in found.items() if len(codes) > 1)
    return _folded


def same_letter(code: int) -> tuple[int, ...]:
    """All code points that are the same but for their case, as Java compares them: by the lower case of the upper."""
    return _folds().get(lower(upper(code)), (code,))


def cased_codes() -> list[int]:
    """All code points that have another case."""
    return [code for codes in _folds().values() for code in codes]


# -- numbers ----------------------------------------------------------------------------------------------------------


def digit(code: int, radix: int) -> int:
    """``Character.digit``: -1 for what is none in this radix"""
    if not 2 <= radix <= 36:
        return -1
    value = -1
    if 48 <= code <= 57:
        value = code - 48
    elif 97 <= code <= 122:
        value = code - 87
    elif 65 <= code <= 90:
        value = code - 55
    elif code > 127:
        if is_digit(code):
            value = unicodedata.digit(chr(code))
        elif 0xFF21 <= code <= 0xFF3A:
            value = code - 0xFF21 + 10
        elif 0xFF41 <= code <= 0xFF5A:
            value = code - 0xFF41 + 10
    return value if value < radix else -1


def numeric_value(code: int) -> int:
    """``Character.getNumericValue``: -1 for what is no number, -2 for fractions and what is too large"""
    value = digit(code, 36)
    if value >= 0 or code < 128 or not is_valid(code):
        return value
    if category(code)[0] != "N" and not (0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F):
        return -1  # Unicode gives numbers to all Han letters that mean one, Java to the compatibility forms only
    number = unicodedata.numeric(chr(code), -1.0)
    if number == -1.0:
        return -1
    return int(number) if number == int(number) and 0 <= number < 0x7FFFFFFF else -2


def name(code: int) -> str | None:
    """``Character.getName``: None for what is unassigned"""
    if code < 0xA0:
        for first, names in ((0x7F, _C1_NAMES), (0x00, _C0_NAMES)):
            if 0 <= code - first < len(names):
                return names[code - first]
    for first, last, block in _NAMED_BY_BLOCK:
        if first <= code <= last:
            return f"{block} {code:X}"
    return unicodedata.name(chr(code), None)


def code_point_of(wanted: str) -> int:
    """``Character.codePointOf``: -1 for a name that is none"""
    wanted = wanted.strip("".join(map(chr, range(33)))).upper()
    for first, names in ((0x00, _C0_NAMES), (0x7F, _C1_NAMES)):
        if wanted in names:
            return first + names.index(wanted)
    try:
        found = unicodedata.lookup(wanted)
    except (KeyError, ValueError):
        found = ""
    if len(found) == 1 and name(ord(found)) == wanted:
        return ord(found)
    try:
        code = int(wanted.rpartition(" ")[2], 16)
    except ValueError:
        return -1
    return code if is_valid(code) and name(code) == wanted else -1


_C0_NAMES: Final = (
    "NULL",
    "START OF HEADING",
    "START OF TEXT",
    "END OF TEXT",
    "END OF TRANSMISSION",
    "ENQUIRY",
    "ACKNOWLEDGE",
    "BEL",
    "BACKSPACE",
    "CHARACTER TABULATION",
    "LINE FEED (LF)",
    "LINE TABULATION",
    "FORM FEED (FF)",
    "CARRIAGE RETURN (CR)",
    "SHIFT OUT",
    "SHIFT IN",
    "DATA LINK ESCAPE",
    "DEVICE CONTROL ONE",
    "DEVICE CONTROL TWO",
    "DEVICE CONTROL THREE",
    "DEVICE CONTROL FOUR",
    "NEGATIVE ACKNOWLEDGE",
    "SYNCHRONOUS IDLE",
    "END OF TRANSMISSION BLOCK",
    "CANCEL",
    "END OF MEDIUM",
    "SUBSTITUTE",
    "ESCAPE",
    "INFORMATION SEPARATOR FOUR",
    "INFORMATION SEPARATOR THREE",
    "INFORMATION SEPARATOR TWO",
    "INFORMATION SEPARATOR ONE",
)
_C1_NAMES: Final = (
    "DELETE",
    "PADDING CHARACTER",
    "HIGH OCTET PRESET",
    "BREAK PERMITTED HERE",
    "NO BREAK HERE",
    "LATIN 1 SUPPLEMENT 84",
    "NEXT LINE (NEL)",
    "START OF SELECTED AREA",
    "END OF SELECTED AREA",
    "CHARACTER TABULATION SET",
    "CHARACTER TABULATION WITH JUSTIFICATION",
    "LINE TABULATION SET",
    "PARTIAL LINE FORWARD",
    "PARTIAL LINE BACKWARD",
    "REVERSE LINE FEED",
    "SINGLE SHIFT TWO",
    "SINGLE SHIFT THREE",
    "DEVICE CONTROL STRING",
    "PRIVATE USE ONE",
    "PRIVATE USE TWO",
    "SET TRANSMIT STATE",
    "CANCEL CHARACTER",
    "MESSAGE WAITING",
    "START OF GUARDED AREA",
    "END OF GUARDED AREA",
    "START OF STRING",
    "SINGLE GRAPHIC CHARACTER INTRODUCER",
    "SINGLE CHARACTER INTRODUCER",
    "CONTROL SEQUENCE INTRODUCER",
    "STRING TERMINATOR",
    "OPERATING SYSTEM COMMAND",
    "PRIVACY MESSAGE",
    "APPLICATION PROGRAM COMMAND",
)
_NAMED_BY_BLOCK: Final = (
    (0x3400, 0x4DBF, "CJK UNIFIED IDEOGRAPHS EXTENSION A"),
    (0x4E00, 0x9FFC, "CJK UNIFIED IDEOGRAPHS"),
    (0xAC00, 0xD7A3, "HANGUL SYLLABLES"),
    (0xD800, 0xDB7F, "HIGH SURROGATES"),
    (0xDB80, 0xDBFF, "HIGH PRIVATE USE SURROGATES"),
    (0xDC00, 0xDFFF, "LOW SURROGATES"),
    (0xE000, 0xF8FF, "PRIVATE USE AREA"),
    (0x17000, 0x187F7, "TANGUT"),
    (0x18D00, 0x18D08, "TANGUT SUPPLEMENT"),
    (0x20000, 0x2A6DD, "CJK UNIFIED IDEOGRAPHS EXTENSION B"),
    (0x2A700, 0x2B734, "CJK UNIFIED IDEOGRAPHS EXTENSION C"),
    (0x2B740, 0x2B81D, "CJK UNIFIED IDEOGRAPHS EXTENSION D"),
    (0x2B820, 0x2CEA1, "CJK UNIFIED IDEOGRAPHS EXTENSION E"),
    (0x2CEB0, 0x2EBE0, "CJK UNIFIED IDEOGRAPHS EXTENSION F"),
    (0x30000, 0x3134A, "CJK UNIFIED IDEOGRAPHS EXTENSION G"),
    (0xF0000, 0xFFFFD, "SUPPLEMENTARY PRIVATE USE AREA A"),
    (0x100000, 0x10FFFD, "SUPPLEMENTARY PRIVATE USE AREA B"),
)
"""Characters that have no name of their own, in Unicode 13."""
