"""A trace, and a template's failure, as text for a terminal.

What may live here: the layout of interfaces.md's trace and error blocks. What the lines say comes from story.py,
cautions.py and seen.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.explain.excerpt import excerpt, printable
from vtlsim.explain.phrases import listed, one_line, size
from vtlsim.explain.places import located, offset, place_of, retold
from vtlsim.explain.story import tell
from vtlsim.gateway.findings import BodyPassed, BodyRendered, RenderFailed, RequestAssembled, ResourceMatched
from vtlsim.velocity.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vtlsim.explain.story import Chapter
    from vtlsim.gateway.findings import Finding
    from vtlsim.velocity.source import Span

TITLE: Final = 10
"""Columns of the word that names a chapter."""

CODE: Final = 100
"""The column at which register codes stand, where the line leaves room."""


def trace(findings: Sequence[Finding]) -> str:
    """A trace, a chapter for each finding that did something, its lines below one another; no line end at its end."""
    made: list[str] = []
    body: str | bytes = ""
    sizes = {found.body_size for found in findings if isinstance(found, RequestAssembled) and found.fault is None}
    for found in findings:
        if isinstance(found, BodyRendered):
            body = found.text
        elif isinstance(found, BodyPassed):
            body = found.body
        made += _lines(found, body, told_later=_size(body) in sizes)
    return "\n".join(made)


def _lines(found: Finding, body: str | bytes, *, told_later: bool) -> Iterator[str]:
    chapter = tell(found)
    if chapter.idle and not chapter.codes:
        return
    if isinstance(found, ResourceMatched):
        yield _coded(chapter.verdict, chapter)
    elif isinstance(found, (BodyRendered, RenderFailed)) and found.sightings:
        from vtlsim.explain.seen import lines

        title = chapter.title
        for line in lines(found.template, found.sightings):
            yield f"  {title:<{TITLE}} {line}"
            title = ""
        if (
            told_later
            and not title
            and isinstance(found, BodyRendered)
            and found.phase == "request"
            and not chapter.codes
        ):
            return
        outcome = chapter.verdict if isinstance(found, RenderFailed) else f"= {one_line(found.text)}"
        yield _coded(f"  {title:<{TITLE}} {outcome}", chapter)
    elif isinstance(found, RequestAssembled) and found.fault is None and found.body_size == _size(body):
        shown = one_line(body) if isinstance(body, str) else size(len(body))
        yield _coded(f"  {chapter.title:<{TITLE}} {found.method} {found.uri}{f'   {shown}' if body else ''}", chapter)
    else:
        yield _coded(f"  {chapter.title:<{TITLE}} {chapter.verdict}", chapter)
    for fact in chapter.facts:
        yield f"  {'':<{TITLE}} {fact}"


def _size(body: str | bytes) -> int:
    return len(body) if isinstance(body, bytes) else len(body.encode("utf-8", "replace"))


def _coded(line: str, chapter: Chapter) -> str:
    return f"{line:<{CODE}} {' '.join(chapter.codes)}" if chapter.codes else line


def failure(found: RenderFailed) -> str:
    """Why a template was not rendered: ``file:line:column: error: message``, the line, carets, notes."""
    template, span = found.template, found.span
    if span is None:
        source = Source(template.text, template.name)
    else:
        source, span = located(template, span)
    also = None if found.also is None else place_of(template, offset(template, found.also))
    return fault(source, span, _message(found), expected=found.expected, also=also)


def _message(found: RenderFailed) -> str:
    match found.fault:
        case "unreadable_body":
            return f"the body cannot be read as JSON: {found.message}"
        case "binary_body":
            return "a template cannot be rendered over a binary body"
        case "override_twice":
            return f"the same override is written twice: {found.message}"
        case "syntax" | "render" | "limit":
            return retold(found.template, found.message)


def fault(
    source: Source,
    span: Span | None,
    message: str,
    *,
    expected: tuple[str, ...] = (),
    also: str | None = None,
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
        lines.append(f"  note: the first is at {printable(also)}")
    lines += (f"  {note}" for note in notes)
    return "\n".join(lines)
