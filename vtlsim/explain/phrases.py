"""Turns of phrase that every page of explanation shares: sizes, counts, lists of names, values on one line.

What may live here: words for plain values. Words for findings are in story.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.explain.excerpt import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

VALUE_WIDTH: Final = 72
"""Characters of a value that a line shows; the rest is told as a size."""


def size(count: int) -> str:
    """Bytes, in words: ``1 byte``, ``2,048 bytes``."""
    return counted(count, "byte")


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: ``no templates``, ``1 template``, ``1,204 characters``."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {plural or noun + 's'}" if count else f"no {plural or noun + 's'}"


def listed(names: Iterable[str], word: str = "and") -> str:
    """Names as a sentence lists them: ``a``, ``a and b``, ``a, b and c``."""
    found = list(names)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {word} {found[-1]}"


def shortened(text: str, width: int = VALUE_WIDTH) -> str:
    """A text on one line, cut after so many characters with its whole length told."""
    if len(text) <= width:
        return printable(text)
    return f"{printable(text[:width])}… ({len(text):,} characters)"


def one_line(text: str) -> str:
    """A template's output on one line: line ends and indentation become single blanks."""
    return shortened(" ".join(text.split())) or "nothing"


def body(content: str | bytes, width: int = VALUE_WIDTH) -> str:
    """A body on one line: text as it is, bytes as ``[Binary Data]`` with their number."""
    if isinstance(content, bytes):
        return f"[Binary Data] ({size(len(content))})"
    return shortened(content, width)


def values(found: tuple[str, ...]) -> str:
    """The values of a parameter: one as it is (nothing as ``""``), several joined by commas."""
    return shortened(", ".join(found)) if any(found) else '""'
