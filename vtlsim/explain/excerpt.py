"""A place in a text, shown: the line with carets under the part that is meant.

What may live here: laying out one line of somebody's text for a terminal of fixed-width characters. What is said about
the line is the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from vtlsim.velocity.source import Source, Span

WIDTH: Final = 100
"""Columns of a line that are shown; a longer line is cut on both sides of the place."""

LEAD: Final = 30
"""Columns that stay before the place when the line is cut there."""

_TAB: Final = 4
_BEFORE: Final = 4 * WIDTH
_LONG: Final = 20 * WIDTH
_CUT: Final = "…"


def cells(character: str, column: int = 0) -> tuple[str, int]:
    """How a character is shown, and how many columns that takes, when it stands in a column (counted from 0).

    Tabs become blanks up to the next multiple of four. Control characters, lone surrogates and characters that turn the
    direction of writing become visible stand-ins, so that a template can neither move the carets nor drive the terminal.
    """
    if character == "\t":
        blanks = _TAB - column % _TAB
        return " " * blanks, blanks
    if " " <= character <= "~":
        return character, 1
    if character < " ":
        return chr(0x2400 + ord(character)), 1
    if character == "\x7f":
        return "\u2421", 1
    from unicodedata import bidirectional, category, east_asian_width

    kind = category(character)
    if kind in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} or bidirectional(character) in _TURNS:
        return "\ufffd", 1
    if kind in {"Mn", "Me", "Cf"}:
        return character, 0
    return character, 2 if east_asian_width(character) in {"W", "F"} else 1


_TURNS: Final = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))


def printable(text: str) -> str:
    """A text on one line of a terminal: what :func:`cells` shows of each character."""
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    column = 0
    for character in text:
        glyph, width = cells(character, column)
        shown.append(glyph)
        column += width
    return "".join(shown)


def excerpt(source: Source, span: Span) -> tuple[str, str]:
    """The line on which a span begins, with its number before it, and the carets for the line below.

    A span that goes on over several lines is marked to the end of its first; an empty one, and one that begins at a
    line's end, is marked with one caret.
    """
    position = source.position(span.start)
    line = source.line(position.line)
    first = min(position.column - 1, len(line))
    last = max(first, min(first + (span.end - span.start), len(line)))
    # Of a line of megabytes only what can be shown is laid out.
    skipped = max(0, first - _BEFORE) if len(line) > _LONG else 0
    cut = len(line) > skipped + _LONG
    line = line[skipped : skipped + _LONG]
    first, last = first - skipped, min(last - skipped, len(line))
    shown: list[str] = []
    starts: list[int] = []
    column = 0
    for character in line:
        glyph, width = cells(character, column)
        starts.append(column)
        shown.append(glyph)
        column += width
    starts.append(column)
    shown.append("")
    from_column, to_column = starts[first], max(starts[last], starts[first] + 1)

    left, right = 0, len(line)
    before = after = ""
    if column > WIDTH:
        if to_column > WIDTH - 1:
            while starts[left] < from_column - LEAD:
                left += 1
        if left > 0 or skipped:
            before = _CUT
        limit = starts[left] + WIDTH - len(before)
        if column > limit or cut:
            while starts[right] > limit - 1:
                right -= 1
            after = _CUT
    base = starts[left] - len(before)
    edge = starts[right] - base
    begin = from_column - base
    end = max(begin + 1, min(to_column - base, edge + len(after)))
    number = f"{position.line:>4}"
    text = before + "".join(shown[left:right]) + after
    return f"{number} | {text}".rstrip(), f"{'':>{len(number)}} | {'':>{begin}}{'^' * (end - begin)}"
