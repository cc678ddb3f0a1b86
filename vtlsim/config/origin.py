"""Where each character of a string stands in its file.

What may live here: the map from offsets in a value to places, and how each way of writing a string (JSON, YAML's
plain, quoted and block styles) lays its characters out. It is computed only when somebody asks: when there is an
error to point at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.config.marked import Document, Scalar
    from vtlsim.gateway.model import Origin
    from vtlsim.velocity.source import Source


_JSON_ESCAPE: Final = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.", re.DOTALL)


class Piece(NamedTuple):
    """A run of characters of a value: it begins at ``start`` there and at ``offset`` in the document.

    ``moving`` runs stand in the document as they do in the value; the others (an escape, a folded line end, a value
    that an intrinsic put in) stand at one place as a whole.
    """

    start: int
    document: Document
    offset: int
    moving: bool = True


class TextOrigin:
    """The pieces of a value, in order; the first begins at 0."""

    __slots__ = ("_starts", "pieces")

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        self.pieces = pieces
        self._starts = [piece.start for piece in pieces]

    def place(self, offset: int) -> Origin:
        """File, line and column of a character of the value (or of its end)."""
        piece = self.pieces[max(0, bisect_right(self._starts, offset) - 1)]
        at = piece.offset + (offset - piece.start if piece.moving else 0)
        return piece.document.place(min(at, len(piece.document.text)))

    def marked(self, span: Span) -> tuple[Source, Span]:
        """The file in which a span of the value begins, and the characters there that it covers.

        What ends in another file, or before it begins (values put together by an intrinsic), is marked by its first
        character.
        """
        document, start, after = self._standing(span.start)
        if span.end > span.start + 1:
            last, _, end = self._standing(span.end - 1)
            if last is document and end > start:
                after = end
        return document.source, Span(start, start if span.end == span.start else after)

    def _standing(self, offset: int) -> tuple[Document, int, int]:
        """The file of a character of the value, and the offsets there at which it begins and ends."""
        index = max(0, bisect_right(self._starts, offset) - 1)
        piece = self.pieces[index]
        document = piece.document
        at = min(piece.offset + (offset - piece.start if piece.moving else 0), len(document.text))
        after = at + 1
        if not piece.moving and index + 1 < len(self.pieces):
            following = self.pieces[index + 1]
            if following.document is document and following.start == offset + 1 and following.offset > at:
                after = following.offset
        after = min(after, len(document.text))
        if document.within is None:
            return document, at, after
        outer, begins, ends = document.within._standing(at)  # noqa: SLF001 - of the same class
        if after > at + 1:
            last, _, end = document.within._standing(after - 1)  # noqa: SLF001 - as above
            ends = end if last is outer and end > begins else ends
        return outer, begins, ends

    def part(self, start: int, end: int) -> TextOrigin:
        """The origin of ``value[start:end]``."""
        first = max(0, bisect_right(self._starts, start) - 1)
        kept: list[Piece] = []
        for piece in self.pieces[first:]:
            if piece.start >= end and kept:
                break
            skipped = max(0, start - piece.start)
            offset = piece.offset + (skipped if piece.moving else 0)
            kept.append(Piece(max(0, piece.start - start), piece.document, offset, piece.moving))
        return TextOrigin(tuple(kept))

    def fixed(self) -> TextOrigin:
        """The origin of a value that stands where this one begins, whatever its text."""
        piece = self.pieces[0]
        return TextOrigin((Piece(0, piece.document, piece.offset, moving=False),))


def joined(parts: Iterable[tuple[int, TextOrigin]]) -> TextOrigin:
    """The origin of texts put together; each part is its length and its origin. Parts of length 0 leave no trace."""
    pieces: list[Piece] = []
    last: TextOrigin | None = None
    at = 0
    for length, origin in parts:
        last = origin if last is None else last
        if length:
            pieces.extend(Piece(at + each.start, each.document, each.offset, each.moving) for each in origin.pieces)
            at += length
    if not pieces:
        assert last is not None, "a text is put together from at least one part"
        return last
    return TextOrigin(tuple(pieces))


def whole_file(document: Document) -> TextOrigin:
    """The origin of a value that is a file's whole text."""
    return TextOrigin((Piece(0, document, 0),))


def trace(scalar: Scalar) -> TextOrigin:
    """The origin of a string as it was written."""
    document, text = scalar.document, scalar.document.text
    at = scalar.start
    if document.language == "yaml" and scalar.style != "key":
        at = _after_properties(text, at)
    style = scalar.style
    value = scalar.text
    if style == "json" and document.language == "json" and text[at : at + 1] == '"':
        return TextOrigin(tuple(_json(document, at + 1, scalar.end - 1)))
    if style in {'"', "'", "key"} and text[at : at + 1] in {'"', "'"}:
        return TextOrigin(tuple(_folded(document, value, at + 1, text[at])))
    if style in {"|", ">"}:
        return TextOrigin(tuple(_block(document, value, at, literal=style == "|")))
    return TextOrigin(tuple(_folded(document, value, at, "")))


def _after_properties(text: str, at: int) -> int:
    while at < len(text) and text[at] in "!&":
        while at < len(text) and text[at] not in " \t\r\n":
            at += 1
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
    return at


def _json(document: Document, at: int, end: int) -> list[Piece]:
    """JSON's strings: runs between escapes."""
    pieces = [Piece(0, document, at)]
    moved = at  # what the document has more characters of than the value, up to here
    for match in _JSON_ESCAPE.finditer(document.text, at, end):
        start, after = match.span()
        here = start - moved
        if pieces[-1].start == here:
            pieces.pop()
        pieces.append(Piece(here, document, start, moving=False))
        pieces.append(Piece(here + 1, document, after))
        moved += after - start - 1
    return pieces


def _folded(document: Document, value: str, at: int, quote: str) -> list[Piece]:
    """Plain and quoted styles: escapes, and line ends that fold to a blank."""
    text = document.text
    pieces = [Piece(0, document, at)]
    here = 0
    while here < len(value) and at < len(text):
        character = text[at]
        length, written = 1, 1
        if character == "\\" and quote == '"':
            length, written = _escape(text, at)
        elif character == "'" and quote == "'":
            length = 2
        elif character in " \t\r\n" and document.language == "yaml":
            end = at
            while end < len(text) and text[end] in " \t\r\n":
                end += 1
            breaks = text.count("\n", at, end) or text.count("\r", at, end)
            if breaks:
                length, written = end - at, max(1, breaks - 1)
        if length != written:
            if pieces[-1].start == here:
                pieces.pop()
            if written:
                pieces.append(Piece(here, document, at, moving=False))
            pieces.append(Piece(here + written, document, at + length))
        here += written
        at += length
    return pieces


def _escape(text: str, at: int) -> tuple[int, int]:
    """How many characters an escape takes in the document, and in the value."""
    kind = text[at + 1 : at + 2]
    if kind in {"\r", "\n"}:
        end = at + 1
        while end < len(text) and text[end] in " \t\r\n":
            end += 1
        return end - at, 0
    if kind == "u" and text[at + 6 : at + 8] == "\\u" and text[at + 2 : at + 4].lower() in {"d8", "d9", "da", "db"}:
        return 12, 1
    return {"x": 4, "u": 6, "U": 10}.get(kind, 2), 1


def _block(document: Document, value: str, at: int, *, literal: bool) -> list[Piece]:
    """Block styles: a line of the value is a line of the file, less its indentation."""
    source = document.source
    header = source.position(at).line
    line = header + 1
    last = len(source.starts)
    while line < last and not source.line(line).strip():
        line += 1
    first = value[: len(value) - len(value.lstrip("\n"))]
    here = len(first)
    head = value[here:].split("\n", 1)[0]
    indent = _indentation(source.line(line), head, literal=literal)
    pieces = [Piece(number, document, source.starts[min(header + number, last - 1)]) for number in range(here)]
    while here < len(value) and line <= last:
        content = source.line(line)[indent:]
        if not literal:
            content = content if value.startswith(content, here) else content.rstrip()
        if content and not value.startswith(content, here):
            break
        if content or literal:
            pieces.append(Piece(here, document, source.starts[line - 1] + min(indent, len(source.line(line)))))
        here += len(content)
        if literal:
            here += 1
        else:
            here += _separators(value, here)
        line += 1
    return pieces or [Piece(0, document, at)]


def _separators(value: str, here: int) -> int:
    if value[here : here + 1] == " ":
        return 1
    end = here
    while end < len(value) and value[end] == "\n":
        end += 1
    return end - here


def _indentation(line: str, head: str, *, literal: bool) -> int:
    if literal and line.endswith(head):
        return len(line) - len(head)
    return len(line) - len(line.lstrip(" "))
