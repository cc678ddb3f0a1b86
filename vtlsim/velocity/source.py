"""A template's text and places in it.

What may live here: text, spans, and the one place that turns an offset into a line and a column.
Nothing here knows the language.
"""

from __future__ import annotations

from bisect import bisect_right

from vtlsim.values.records import NamedTuple


class Span(NamedTuple):
    """A half-open range of offsets (in characters) into a source's text."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people name it: line and column, both counted from 1."""

    line: int
    column: int


class Source:
    r"""A template's text under a name.

    Lines end at ``\n``, ``\r\n`` or a lone ``\r``, as Velocity's reader counts them. Columns count characters; a tab
    is one.
    """

    __slots__ = ("_starts", "name", "text")

    def __init__(self, text: str, name: str = "template") -> None:
        self.text = text
        self.name = name
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """The offset at which each line begins; always at least one."""
        if self._starts is None:
            text, starts, at = self.text, [0], 0
            if "\r" in text:
                length = len(text)
                while at < length:
                    character = text[at]
                    at += 1
                    if character == "\r" and at < length and text[at] == "\n":
                        at += 1
                    elif character not in "\r\n":
                        continue
                    starts.append(at)
            else:
                while (at := text.find("\n", at) + 1) > 0:
                    starts.append(at)
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> Position:
        """The line and column of an offset; the end of the text is a place too."""
        starts = self.starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line end."""
        starts = self.starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def slice(self, span: Span) -> str:
        """The text that a span covers."""
        return self.text[span.start : span.end]
