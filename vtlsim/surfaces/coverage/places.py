"""What of a template can run: its pieces, the ways through its branches, how often its loops can go round.

What may live here: reading that off a parsed template. What did run is counting.py's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.explain.excerpt import printable
from vtlsim.explain.statements import bodies
from vtlsim.velocity import nodes as n
from vtlsim.velocity.errors import VelocityError
from vtlsim.velocity.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtlsim.velocity.source import Source, Span

LOOPS: Final = ("never", "once", "often")
"""Each ``#foreach`` should be seen with nothing to run over, with one thing and with several."""

_CONDITION: Final = 40


class Piece(NamedTuple):
    """Something that is evaluated or written. ``seen`` is the span under which a watch sees it; ``lines`` are those on
    which it shows, counted from 1.
    """

    seen: Span
    span: Span
    lines: tuple[int, ...]


class Arm(NamedTuple):
    """A way through an ``#if``. ``seen`` is the span of the branch; None for falling through all of them without an
    ``#else``. ``first`` is the first condition's span: how often the ``#if`` was reached.
    """

    line: int
    column: int
    seen: Span | None
    first: Span
    others: tuple[Span, ...]
    said: str


class Loop(NamedTuple):
    """A ``#foreach``. ``seen`` is its span."""

    line: int
    column: int
    seen: Span
    said: str


class Places(NamedTuple):
    """All that can run in a template."""

    source: Source
    pieces: tuple[Piece, ...]
    arms: tuple[Arm, ...]
    loops: tuple[Loop, ...]

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines on which something can run."""
        return tuple(sorted({line for piece in self.pieces for line in piece.lines}))


_known: dict[tuple[str, str], Places | None] = {}


def places(text: str, name: str) -> Places | None:
    """The places of a template; None for a text that does not parse."""
    key = (text, name)
    if key not in _known:
        try:
            template = Template(text, name)
        except VelocityError:
            _known[key] = None
        else:
            walk = _Walk(template.source)
            walk.block(template.tree)
            _known[key] = Places(template.source, tuple(walk.pieces), tuple(walk.arms), tuple(walk.loops))
    return _known[key]


class _Walk:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.pieces: list[Piece] = []
        self.arms: list[Arm] = []
        self.loops: list[Loop] = []

    def block(self, block: n.Block) -> None:
        for statement in block.statements:
            self.statement(statement)
            if type(statement) is n.MacroDefinition:
                continue  # API Gateway never renders it
            for inner in bodies(statement):
                self.block(inner)

    def statement(self, node: n.Statement) -> None:
        match node:
            case n.Text():
                if node.text.strip():
                    self.pieces.append(Piece(node.span, node.span, tuple(self._lines(node.span))))
            case n.Reference():
                if not node.runt:
                    self._piece(node.span, node.span)
            case n.SetDirective():
                self._piece(node.value.span, node.span)
            case n.IfDirective():
                self._if(node)
            case n.ForeachDirective():
                self._piece(node.span, node.iterable.span)
                line, column = self.source.position(node.span.start)
                shown = printable(self.source.slice(node.iterable.span))[:_CONDITION]
                self.loops.append(Loop(line, column, node.span, f"#foreach(${node.element} in {shown})"))
            case _:
                pass  # a watch does not see these: #break, #stop, what prints as typed

    def _piece(self, seen: Span, span: Span) -> None:
        self.pieces.append(Piece(seen, span, (self.source.position(span.start).line,)))

    def _lines(self, span: Span) -> Iterator[int]:
        first = self.source.position(span.start).line
        for at, text in enumerate(self.source.slice(span).splitlines()):
            if text.strip():
                yield first + at

    def _if(self, node: n.IfDirective) -> None:
        first = node.branches[0].condition.span
        taken = [branch.span for branch in node.branches]
        if node.otherwise is not None:
            taken.append(node.otherwise.span)
        for at, branch in enumerate(node.branches):
            condition = branch.condition.span
            self._piece(condition, condition)
            line, column = self.source.position(condition.start)
            shown = printable(self.source.slice(condition))[:_CONDITION]
            self.arms.append(
                Arm(line, column, branch.span, first, (), f"{'#if' if at == 0 else '#elseif'}({shown}) never true")
            )
        shown = printable(self.source.slice(first))[:_CONDITION]
        line, column = self.source.position(first.start)
        if node.otherwise is None:
            said = f"#if({shown}) never {'false' if len(node.branches) == 1 else 'false throughout'}"
            self.arms.append(Arm(line, column, None, first, tuple(taken), said))
        else:
            span = node.otherwise.span
            line, column = self.source.position(span.start)
            self.arms.append(Arm(line, column, span, first, (), f"#else of #if({shown}) never taken"))
