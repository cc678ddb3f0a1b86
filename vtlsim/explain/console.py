"""A trace, and a template's failure, as text for a terminal.

What may live here: the layout of interfaces.md's trace and error blocks. What the lines say comes from story.py,
cautions.py and seen.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.explain.excerpt import excerpt, printable
from vtlsim.explain.phrases import listed
from vtlsim.explain.story import tell
from vtlsim.gateway.findings import BodyRendered, RenderFailed, ResourceMatched
from vtlsim.velocity.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vtlsim.explain.story import Chapter
    from vtlsim.gateway.findings import Finding
    from vtlsim.velocity.source import Position, Span

TITLE: Final = 10
"""Columns of the word that names a chapter."""

CODE: Final = 100
"""The column at which register codes stand, where the line leaves room."""


def trace(findings: Sequence[Finding]) -> str:
    """A trace, a chapter for each finding, lines of a chapter below one another; no line end at its end."""
    return "\n".join(line for found in findings for line in _lines(found))


def _lines(found: Finding) -> Iterator[str]:
    chapter = tell(found)
    if isinstance(found, ResourceMatched):
        yield _coded(chapter.verdict, chapter)
        for fact in chapter.facts:
            yield f"  {'':<{TITLE}} {fact}"
        return
    if isinstance(found, (BodyRendered, RenderFailed)) and found.sightings:
        from vtlsim.explain.seen import lines

        shown = lines(found.template, found.sightings)
        for at, line in enumerate(shown):
            yield f"  {chapter.title if at == 0 else '':<{TITLE}} {line}"
        if isinstance(found, RenderFailed):
            yield _coded(f"  {'':<{TITLE}} {chapter.verdict}", chapter)
        else:
            yield _coded(f"  {'':<{TITLE}} = {_output(found.text)}", chapter)
    else:
        yield _coded(f"  {chapter.title:<{TITLE}} {chapter.verdict}", chapter)
    for fact in chapter.facts:
        yield f"  {'':<{TITLE}} {fact}"


def _output(text: str) -> str:
    from vtlsim.explain.phrases import shortened

    return shortened(" ".join(text.split())) or "nothing"


def _coded(line: str, chapter: Chapter) -> str:
    return f"{line:<{CODE}} {' '.join(chapter.codes)}" if chapter.codes else line


def failure(found: RenderFailed) -> str:
    """Why a template was not rendered: ``file:line:column: error: message``, the line, carets, notes."""
    source = Source(found.template.text, found.template.name)
    return fault(source, found.span, _message(found), expected=found.expected, also=found.also)


def _message(found: RenderFailed) -> str:
    match found.fault:
        case "unreadable_body":
            return f"the body cannot be read as JSON: {found.message}"
        case "binary_body":
            return "a template cannot be rendered over a binary body"
        case "override_twice":
            return f"the same override is written twice: {found.message}"
        case "syntax" | "render" | "limit":
            return found.message


def fault(
    source: Source,
    span: Span | None,
    message: str,
    *,
    expected: tuple[str, ...] = (),
    also: Position | None = None,
    notes: tuple[str, ...] = (),
) -> str:
    """An error in a text, in the form of compilers; without a span, the file's name alone."""
    shown = printable(message)
    if span is None:
        lines = [f"{printable(source.name)}: error: {shown}"]
    else:
        line, column = source.position(span.start)
        lines = [f"{printable(source.name)}:{line}:{column}: error: {shown}", *excerpt(source, span)]
    if expected:
        lines.append(f"  note: expected {listed(expected, 'or')}")
    if also is not None:
        lines.append(f"  note: the first is at {printable(source.name)}:{also.line}:{also.column}")
    lines += (f"  {note}" for note in notes)
    return "\n".join(lines)
