"""A place in a template, as a place in the file that people open.

What may live here: following a template's characters to the document that holds it. Showing the line is excerpt.py's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.velocity.source import Source, Span

if TYPE_CHECKING:
    from vtlsim.gateway.model import TemplateText
    from vtlsim.velocity.source import Position


_UNCLOSED: Final = re.compile(r" of line (\d+) is not closed$")


def located(template: TemplateText, span: Span) -> tuple[Source, Span]:
    """The document that holds a template and a span's place in it; the template itself where nothing holds it."""
    if template.places is None:
        return Source(template.text, template.name), span
    return template.places.marked(span)


def place_of(template: TemplateText, start: int) -> str:
    """``file:line:column`` of an offset in a template."""
    source, there = located(template, Span(start, start))
    line, column = source.position(there.start)
    return f"{source.name}:{line}:{column}"


def retold(template: TemplateText, message: str) -> str:
    """A parser's message with the line that it names (of a directive without its ``#end``) told as the document's."""
    found = _UNCLOSED.search(message)
    if found is None or template.places is None:
        return message
    source = Source(template.text)
    line = int(found[1])
    start = source.starts[line - 1] + source.line(line).find("#")
    document, there = located(template, Span(start, start))
    return f"{message[: found.start(1)]}{document.position(there.start).line}{message[found.end(1) :]}"


def offset(template: TemplateText, position: Position) -> int:
    """The offset in a template's own text of a line and column there."""
    return Source(template.text).starts[position.line - 1] + position.column - 1
