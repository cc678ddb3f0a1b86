"""A place in a template, as a place in the file that people open.

What may live here: following a template's characters to the document that holds it. Showing the line is excerpt.py's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.velocity.source import Source, Span

if TYPE_CHECKING:
    from vtlsim.gateway.model import TemplateText
    from vtlsim.velocity.source import Position


def located(template: TemplateText, span: Span) -> tuple[Source, Span]:
    """The document that holds a template and a span's place in it; the template itself where nothing holds it."""
    if template.places is None:
        return Source(template.text, template.name), span
    return template.places.marked(span)


def place(template: TemplateText, span: Span) -> str:
    """``file:line:column`` of where a span of a template begins."""
    source, there = located(template, span)
    line, column = source.position(there.start)
    return f"{source.name}:{line}:{column}"


def offset(template: TemplateText, position: Position) -> int:
    """The offset in a template's own text of a line and column there."""
    return Source(template.text).starts[position.line - 1] + position.column - 1
