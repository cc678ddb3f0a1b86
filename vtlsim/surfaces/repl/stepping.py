"""A template, rendered line by line: where it stands, with which variables, and what it has written so far.

What may live here: stopping. A rendering gives the same every time, so nothing is suspended: to go on to the next stop
it is rendered anew, watched, up to that stop, and given up there. That needs no thread and no trace function, so it
works under coverage and other debuggers, and one can go back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from vtlsim.velocity import nodes as n
from vtlsim.velocity.errors import VelocityError
from vtlsim.velocity.template import Template
from vtlsim.velocity.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from vtlsim.velocity.source import Source, Span


class Stop(NamedTuple):
    """A line that is about to run. ``number`` counts the stops from 1; ``loops`` is the path of iterations, from 0;
    ``depth`` how many loops and blocks are around; ``variables`` the template's own, ``output`` what it wrote.
    """

    number: int
    line: int
    loops: tuple[int, ...]
    depth: int
    variables: dict[str, Any]
    output: str


class Ended(NamedTuple):
    """The rendering is over: its output, or the error that ended it."""

    output: str
    error: VelocityError | None


class _Halt(BaseException):
    """Gives a rendering up. Nothing in between may catch it."""


class Stepper:
    """One template under the debugger. ``variables`` makes what it begins with, anew for each rendering."""

    def __init__(self, text: str, name: str, variables: Callable[[], dict[str, Any]]) -> None:
        self.template = Template(text, name)
        self.variables = variables
        self.at: Stop | Ended | None = None
        self._places = _Places(self.template)

    @property
    def source(self) -> Source:
        """The template's text."""
        return self.template.source

    @property
    def lines(self) -> frozenset[int]:
        """The lines at which it can stop."""
        return self._places.lines

    def step(self) -> Stop | Ended:
        """Goes on to the next line that runs."""
        after = self._number
        return self._run(lambda stop: stop.number > after)

    def next(self) -> Stop | Ended:
        """Goes on to the next line, over loops and blocks that begin on this one."""
        after = self._number
        depth = self.at.depth if isinstance(self.at, Stop) else 0
        return self._run(lambda stop: stop.number > after and stop.depth <= depth)

    def proceed(self, breakpoints: Collection[int]) -> Stop | Ended:
        """Goes on to the next line that has a breakpoint."""
        after = self._number
        return self._run(lambda stop: stop.number > after and stop.line in breakpoints)

    def back(self) -> Stop | Ended:
        """Goes back to the line that ran before."""
        wanted = max(1, self._number - 1)
        return self._run(lambda stop: stop.number == wanted)

    @property
    def _number(self) -> int:
        return self.at.number if isinstance(self.at, Stop) else 0

    def _run(self, wanted: Callable[[Stop], bool]) -> Stop | Ended:
        variables = self.variables()
        given = set(variables)
        watch = _Stepping(self._places, variables, given, wanted)
        try:
            text = self.template.render_in(variables, watch=watch)
        except _Halt:
            assert watch.halted is not None
            self.at = watch.halted
        except VelocityError as error:
            self.at = Ended("".join(watch.written), error)
        else:
            self.at = Ended(text, None)
        return self.at


class _Stepping(Watch):
    """A watch that looks at each new line and may end the rendering there."""

    __slots__ = ("_depth", "_given", "_last", "_number", "_places", "_variables", "_wanted", "halted", "written")

    def __init__(
        self, places: _Places, variables: dict[str, Any], given: set[str], wanted: Callable[[Stop], bool]
    ) -> None:
        super().__init__(limit=0)
        self._places = places
        self._variables = variables
        self._given = given
        self._wanted = wanted
        self._number = 0
        self._last: tuple[int, tuple[int, ...]] | None = None
        self.halted: Stop | None = None
        self.written: list[str] = []

    def value(self, number: int, value: object) -> None:
        """An expression was evaluated."""
        self._visit(number)
        super().value(number, value)

    def wrote(self, number: int, out: list[str], text: str) -> None:
        """Text is about to be written."""
        self._visit(number)
        if not self.in_string:
            self.written.append(text)
        super().wrote(number, out, text)

    def _visit(self, number: int) -> None:
        place = self._places.at(self.spans[number])
        if place is None:
            return
        line, depth = place
        loops = tuple(index for _, index in self._loops)
        if (line, loops) == self._last:
            return
        self._last = (line, loops)
        self._number += 1
        own = {name: value for name, value in self._variables.items() if name not in self._given}
        stop = Stop(self._number, line, loops, depth, own, "")
        if self._wanted(stop):
            self.halted = stop._replace(output="".join(self.written))
            raise _Halt


class _Places:
    """For the spans that a watch sees: the line that runs there, and how many loops and blocks are around it."""

    def __init__(self, template: Template) -> None:
        self.source = template.source
        self._statements = [
            (span, self._line(statement), depth) for statement, span, depth in _leaves(template.tree, 0)
        ]
        self._known: dict[Span, tuple[int, int] | None] = {}
        self.lines = frozenset(line for _, line, _ in self._statements)

    def _line(self, statement: n.Statement | n.Branch) -> int:
        start = statement.span.start
        if isinstance(statement, n.Text):
            text = self.source.slice(statement.span)
            start += len(text) - len(text.lstrip())
        return self.source.position(start).line

    def at(self, span: Span) -> tuple[int, int] | None:
        """The innermost statement that a span is a part of; None for blank text."""
        if span not in self._known:
            found = [
                (own.end - own.start, line, depth)
                for own, line, depth in self._statements
                if own.start <= span.start and span.end <= own.end
            ]
            self._known[span] = min(found)[1:] if found else None
        return self._known[span]


def _leaves(block: n.Block, depth: int) -> Iterator[tuple[n.Statement | n.Branch, Span, int]]:
    """The places that run, without what is only inside them: of a loop its head, of a branch its condition."""
    for statement in block.statements:
        match statement:
            case n.IfDirective():
                for branch in statement.branches:
                    yield n.Branch(branch.condition.span, branch.condition, branch.body), branch.condition.span, depth
                    yield from _leaves(branch.body, depth)
                if statement.otherwise is not None:
                    yield from _leaves(statement.otherwise, depth)
            case n.ForeachDirective():
                yield statement, statement.iterable.span, depth
                yield from _leaves(statement.body, depth + 1)
            case n.DefineDirective() | n.MacroDefinition():
                yield from _leaves(statement.body, depth + 1)
            case n.Text():
                if statement.text.strip():
                    yield statement, statement.span, depth
            case _:
                yield statement, statement.span, depth
