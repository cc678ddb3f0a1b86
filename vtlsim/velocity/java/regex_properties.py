"""Java's names for kinds of characters in a regular expression, and what they are for Python's ``regex`` package.

What may live here: flags, and tables from a name to the items of a set, as they stand between brackets.
"""

from __future__ import annotations

from typing import Final

UNIX_LINES: Final = 1
CASE_INSENSITIVE: Final = 2
COMMENTS: Final = 4
MULTILINE: Final = 8
DOTALL: Final = 32
UNICODE_CASE: Final = 64
UNICODE_CHARACTER_CLASS: Final = 256

FLAGS: Final = {
    "i": CASE_INSENSITIVE,
    "m": MULTILINE,
    "s": DOTALL,
    "d": UNIX_LINES,
    "u": UNICODE_CASE,
    "c": 0,  # CANON_EQ, which has no effect on what is not decomposed
    "x": COMMENTS,
    "U": UNICODE_CHARACTER_CLASS | UNICODE_CASE,
}

_BLANKS: Final = r"\x20\t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
BREAKS: Final = r"\n\x0b\x0c\r\x85\u2028\u2029"
WORD_BOUND: Final = r"\p{L}\p{Nd}\p{Mn}_"
"""What ``\\b`` of JDK 17 takes for part of a word: not what ``\\w`` does."""

ASCII_CLASSES: Final = {"d": "0-9", "s": r"\x20\t\n\x0b\x0c\r", "w": "a-zA-Z0-9_", "h": _BLANKS, "v": BREAKS}
UNICODE_CLASSES: Final = {
    "d": r"\p{Nd}",
    "s": r"\p{Z}\t-\r\x85",
    "w": r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d",
    "h": _BLANKS,
    "v": BREAKS,
}

# A set's items, as they stand between brackets
_CASED: Final = r"\p{Lu}\p{Ll}\p{Lt}"
_CATEGORIES: Final = frozenset(
    [
        "Cn",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "Mn",
        "Me",
        "Mc",
        "Nd",
        "Nl",
        "No",
        "Zs",
        "Zl",
        "Zp",
        "Cc",
        "Cf",
        "Co",
        "Cs",
        "Pd",
        "Ps",
        "Pe",
        "Pc",
        "Po",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Pi",
        "Pf",
        "L",
        "M",
        "N",
        "Z",
        "C",
        "P",
        "S",
    ]
)
_GRAPH: Final = r"[^\p{Z}\p{Cc}\p{Cs}\p{Cn}]"
_PROPERTIES: Final = {
    "LC": _CASED,
    "LD": r"\p{L}\p{Nd}",
    "L1": r"\x00-\xff",
    "all": r"\x00-\U0010ffff",
    "ASCII": r"\x00-\x7f",
    "Alnum": "a-zA-Z0-9",
    "Alpha": "a-zA-Z",
    "Blank": r"\x20\t",
    "Cntrl": r"\x00-\x1f\x7f",
    "Digit": "0-9",
    "Graph": r"!-~",
    "Lower": "a-z",
    "Print": r"\x20-~",
    "Punct": r"!-\/:-@\[-`\{-~",
    "Space": r"\x20\t\n\x0b\x0c\r",
    "Upper": "A-Z",
    "XDigit": "0-9a-fA-F",
    "javaLowerCase": r"\p{Lowercase}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaAlphabetic": r"\p{Alphabetic}",
    "javaIdeographic": r"\p{Ideographic}",
    "javaTitleCase": r"\p{Lt}",
    "javaDigit": r"\p{Nd}",
    "javaDefined": r"\P{Cn}",
    "javaLetter": r"\p{L}",
    "javaLetterOrDigit": r"\p{L}\p{Nd}",
    "javaJavaIdentifierStart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}",
    "javaJavaIdentifierPart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}\p{Cf}\x00-\x08\x0e-\x1b\x7f-\x9f",
    "javaUnicodeIdentifierStart": r"\p{L}\p{Nl}\u1885\u1886\u2118\u212e\u309b\u309c",
    "javaUnicodeIdentifierPart": r"\p{L}\p{Nl}\u1885\u1886\u2118\u212e\u309b\u309c\p{Pc}\p{Nd}\p{Mn}\p{Mc}\p{Cf}"
    r"\xb7\u0387\u1369-\u1371\u19da\x00-\x08\x0e-\x1b\x7f-\x9f",
    "javaIdentifierIgnorable": r"\p{Cf}\x00-\x08\x0e-\x1b\x7f-\x9f",
    "javaSpaceChar": r"\p{Z}",
    "javaWhitespace": r"[\p{Z}--[\xa0\u2007\u202f]]\t-\r\x1c-\x1f",
    "javaISOControl": r"\x00-\x1f\x7f-\x9f",
    "javaMirrored": r"\p{Bidi_Mirrored}",
}
_ANY_CASE: Final = r"\p{Lowercase}\p{Uppercase}\p{Lt}"
_IGNORING_CASE: Final = {
    "Lu": _CASED,
    "Ll": _CASED,
    "Lt": _CASED,
    "Lower": "a-zA-Z",
    "Upper": "a-zA-Z",
    "javaLowerCase": _ANY_CASE,
    "javaUpperCase": _ANY_CASE,
    "javaTitleCase": _ANY_CASE,
}
_POSIX: Final = {
    "ALPHA": r"\p{Alphabetic}",
    "LOWER": r"\p{Lowercase}",
    "UPPER": r"\p{Uppercase}",
    "SPACE": r"\p{Z}\t-\r\x85",
    "PUNCT": r"\p{P}",
    "XDIGIT": r"\p{Nd}0-9A-Fa-f\uff10-\uff19\uff21-\uff26\uff41-\uff46",
    "ALNUM": r"\p{Alphabetic}\p{Nd}",
    "CNTRL": r"\p{Cc}",
    "DIGIT": r"\p{Nd}",
    "BLANK": r"\p{Zs}\t",
    "GRAPH": _GRAPH,
    "PRINT": rf"[{_GRAPH}\p{{Zs}}--\p{{Cc}}]",
}
_BINARY: Final = {
    "ALPHABETIC": r"\p{Alphabetic}",
    "ASSIGNED": r"\P{Cn}",
    "CONTROL": r"\p{Cc}",
    "HEXDIGIT": _POSIX["XDIGIT"],
    "HEX_DIGIT": _POSIX["XDIGIT"],
    "IDEOGRAPHIC": r"\p{Ideographic}",
    "JOINCONTROL": r"\u200c\u200d",
    "JOIN_CONTROL": r"\u200c\u200d",
    "LETTER": r"\p{L}",
    "LOWERCASE": r"\p{Lowercase}",
    "NONCHARACTERCODEPOINT": r"\p{Noncharacter_Code_Point}",
    "NONCHARACTER_CODE_POINT": r"\p{Noncharacter_Code_Point}",
    "TITLECASE": r"\p{Lt}",
    "PUNCTUATION": r"\p{P}",
    "UPPERCASE": r"\p{Uppercase}",
    "WHITESPACE": _POSIX["SPACE"],
    "WHITE_SPACE": _POSIX["SPACE"],
    "WORD": UNICODE_CLASSES["w"],
}
_CASED_NAMES: Final = frozenset(("LOWER", "UPPER", "LOWERCASE", "UPPERCASE", "TITLECASE"))


# -- looking them up --------------------------------------------------------------------------------------------------


def property_items(name: str, flags: int) -> str | None:
    r"""The items for ``\p{name}``; None for a name that Java does not know."""
    if name.startswith("In"):
        return _by_regex("Block", name[2:])
    if name.startswith("Is"):
        short = name[2:]
        found = _binary(short, flags)
        if found is None:
            found = _simple(short, flags)
        return _by_regex("Script", short) if found is None else found
    if flags & UNICODE_CHARACTER_CLASS:
        found = _posix(name.upper(), flags)
        if found is not None:
            return found
    return _simple(name, flags)


def keyed_items(key: str, value: str, flags: int) -> str | None:
    r"""The items for ``\p{key=value}``; None for what Java does not know."""
    if key in ("sc", "script"):
        return _by_regex("Script", value)
    if key in ("blk", "block"):
        return _by_regex("Block", value)
    return _simple(value, flags) if key in ("gc", "general_category") else None


def _simple(name: str, flags: int) -> str | None:
    if flags & CASE_INSENSITIVE and name in _IGNORING_CASE:
        return _IGNORING_CASE[name]
    return rf"\p{{{name}}}" if name in _CATEGORIES else _PROPERTIES.get(name)


def _posix(name: str, flags: int) -> str | None:
    return _ANY_CASE if flags & CASE_INSENSITIVE and name in _CASED_NAMES else _POSIX.get(name)


def _binary(name: str, flags: int) -> str | None:
    name = name.upper()
    if name in _BINARY:
        return _ANY_CASE if flags & CASE_INSENSITIVE and name in _CASED_NAMES else _BINARY[name]
    return _posix(name, flags)


def _by_regex(kind: str, name: str) -> str | None:
    """A script or block by name, if the ``regex`` package knows it; Java knows the same, from the same tables."""
    import regex

    text = rf"\p{{{kind}={name}}}"
    try:
        regex.compile(text)
    except regex.error:
        return None
    return text
