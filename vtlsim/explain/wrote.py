"""Which part of a template wrote a part of its output.

What may live here: going back from the output of a watched rendering to the template, and showing the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vtlsim.explain.excerpt import excerpt, printable
from vtlsim.explain.phrases import shortened
from vtlsim.explain.places import located
from vtlsim.velocity.source import Source, Span

if TYPE_CHECKING:
    from vtlsim.gateway.findings import BodyRendered
    from vtlsim.velocity.source import Position
    from vtlsim.velocity.watch import Sighting


class Writer(NamedTuple):
    """What wrote a part of an output: a place in the template (or in the document that holds it), and in which
    iterations of the loops around it.
    """

    source: Source
    span: Span
    loops: tuple[int, ...]
    written: str

    @property
    def position(self) -> Position:
        """Line and column in ``source``."""
        return self.source.position(self.span.start)


def writer(found: BodyRendered, part: Span) -> Writer | None:
    """What wrote the given characters of the output: of several, the first reference that wrote nothing else; where
    plain text did, a reference right before it that printed nothing. None when the rendering was not watched.
    """
    source = Source(found.template.text, found.template.name)
    best: tuple[int, Sighting] | None = None
    for seen in found.sightings:
        if seen.kind != "output" or seen.end <= part.start or seen.start > max(part.start, part.end - 1):
            continue
        reference = source.text.startswith(("$", "\\"), seen.span.start)
        rank = 2 if reference and part.start <= seen.start and seen.end <= part.end else 1 if reference else 0
        if best is None or rank > best[0]:
            best = (rank, seen)
    if best is None or best[0] == 0:
        silent = _silent(found, part)
        if silent is not None:
            return Writer(*located(found.template, silent.span), silent.loops, "")
    if best is None:
        return None
    rank, seen = best
    span = seen.span
    start, end = max(seen.start, part.start), min(seen.end, part.end)
    if rank == 0 and span.end - span.start == seen.end - seen.start:
        # Plain text is written as it stands: the very characters can be shown.
        span = Span(span.start + start - seen.start, span.start + max(end, start + 1) - seen.start)
    written = found.text[start:end] if rank < 2 else found.text[seen.start : seen.end]
    return Writer(*located(found.template, span), seen.loops, written)


def _silent(found: BodyRendered, part: Span) -> Sighting | None:
    """The last reference that printed nothing between the part and what stands before it."""
    silent = [
        seen
        for seen in found.sightings
        if seen.kind == "value" and (seen.value is None or seen.value == "") and seen.start <= part.start
    ]
    if not silent:
        return None
    from vtlsim.explain.statements import statements
    from vtlsim.velocity import nodes as n
    from vtlsim.velocity.template import Template

    tree = Template(found.template.text, found.template.name).tree
    printed = {each.span for each, _ in statements(tree) if type(each) is n.Reference}
    low = len(found.text[: part.start].rstrip())
    return next((seen for seen in reversed(silent) if seen.start >= low and seen.span in printed), None)


def block(made: Writer) -> str:
    """The place in the form of compilers: ``file:line:column: this wrote …``, the line, carets."""
    line, column = made.position
    name = printable(made.source.name)
    said = f"this wrote {shortened(made.written, 60)}" if made.written else "this printed nothing"
    lines = [f"{name}:{line}:{column}: {said}", *excerpt(made.source, made.span)]
    if len(made.loops) == 1:
        lines.append(f"  note: in iteration {made.loops[0] + 1:,} of the loop around it")
    elif made.loops:
        where = ", ".join(f"{index + 1:,}" for index in made.loops)
        lines.append(f"  note: in iterations {where} of the loops around it, outermost first")
    return "\n".join(lines)
