"""Java's strings are sequences of UTF-16 units, Python's of characters: the way from one to the other.

What may live here: what counts, indexes and cuts text as Java does. A character beyond U+FFFF is two units, a high and
a low surrogate; text without such a character, nearly all there is, is the same in both.
"""

from __future__ import annotations

import re
from typing import Final

_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def units(text: str) -> str:
    """The text with each unit as a character of its own: what is to be indexed or cut."""
    if text.isascii():
        return text
    return _BEYOND.sub(_split, text)


def joined(text: str) -> str:
    """The text with each pair of surrogates as the character that it stands for: the form that all strings have."""
    if text.isascii():
        return text
    return _PAIR.sub(_join, text)


def length(text: str) -> int:
    """The number of units."""
    if text.isascii():
        return len(text)
    return len(text) + len(_BEYOND.findall(text))


def _split(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _join(match: re.Match[str]) -> str:
    pair = match[0]
    return chr(0x10000 + (ord(pair[0]) - 0xD800 << 10) + ord(pair[1]) - 0xDC00)
