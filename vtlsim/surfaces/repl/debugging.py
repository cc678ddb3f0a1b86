"""The debugger's commands: breakpoints, steps, watched expressions, and the page of a stop.

What may live here: what is kept between the commands, and laying out a stop for a terminal. Stopping is stepping.py's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.explain.excerpt import printable
from vtlsim.surfaces.repl.stepping import Ended, Stepper, Stop

if TYPE_CHECKING:
    from vtlsim.surfaces.repl.session import Kind, Session

WIDE: Final = 120
"""Columns from which the output stands beside the template rather than below it."""

CONTEXT: Final = 2
"""Lines of the template that are shown on either side of the one that stops."""


class Debugging:
    """The debugger of one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.breakpoints: set[int] = set()
        self.watched: list[str] = []
        self._stepper: Stepper | None = None

    @property
    def line(self) -> str | None:
        """``orders.vtl:7``, where the template stands; None when nothing is being debugged."""
        stepper = self._stepper
        if stepper is None or not isinstance(stepper.at, Stop):
            return None
        return f"{printable(stepper.source.name)}:{stepper.at.line}"

    def variables(self) -> dict[str, Any] | None:
        """The variables where the template stands; None when nothing is being debugged. What lines do to them is
        forgotten at the next step.
        """
        stepper = self._stepper
        if stepper is None or not isinstance(stepper.at, Stop):
            return None
        return {**stepper.variables(), **stepper.at.variables}

    def stop(self) -> None:
        """Ends debugging; breakpoints and watched expressions stay."""
        self._stepper = None

    def break_at(self, rest: str) -> tuple[str, Kind]:
        """``:break``"""
        if not rest:
            lines = ", ".join(str(line) for line in sorted(self.breakpoints))
            return f"breakpoints: {lines or 'none'}", "note"
        if not rest.isdigit():
            return ":break LINE", "error"
        line = int(rest)
        if line in self.breakpoints:
            self.breakpoints.discard(line)
            return f"no breakpoint on line {line} any more", "note"
        there = self._made().lines
        if line not in there:
            after = min((each for each in there if each > line), default=None)
            hint = "" if after is None else f"; the next line that can stop is {after}"
            return f"nothing happens on line {line}{hint}", "error"
        self.breakpoints.add(line)
        return f"breakpoint on line {line}", "note"

    def step(self, rest: str) -> tuple[str, Kind]:
        """``:step``"""
        del rest
        return self._page(self._ready().step())

    def next(self, rest: str) -> tuple[str, Kind]:
        """``:next``"""
        del rest
        return self._page(self._ready().next())

    def back(self, rest: str) -> tuple[str, Kind]:
        """``:back``"""
        del rest
        return self._page(self._ready().back())

    def proceed(self, rest: str) -> tuple[str, Kind]:
        """``:continue``"""
        del rest
        return self._page(self._ready().proceed(self.breakpoints))

    def watch(self, rest: str) -> tuple[str, Kind]:
        """``:watch``"""
        if not rest:
            return f"watching: {', '.join(self.watched) or 'nothing'}", "note"
        if rest in self.watched:
            self.watched.remove(rest)
            return f"no longer watching {rest}", "note"
        self.watched.append(rest)
        scope = self.variables()
        return (f"watching {rest}" if scope is None else "\n".join(self._watched(scope)[-1:])), "note"

    def _made(self) -> Stepper:
        if self._stepper is not None:
            return self._stepper
        template = self.session.current()
        return Stepper(template.text, template.name, self.session.situation.variables)

    def _ready(self) -> Stepper:
        if self._stepper is None or isinstance(self._stepper.at, Ended):
            self._stepper = None
            self._stepper = self._made()
        return self._stepper

    # -- the page of a stop -------------------------------------------------------------------------------------------

    def _page(self, at: Stop | Ended) -> tuple[str, Kind]:
        if isinstance(at, Ended):
            self._stepper = None
            if at.error is not None:
                from vtlsim.explain.console import fault

                error = at.error
                return fault(error.source, error.span, error.message), "error"
            return f"{at.output}\n(the end)", "note"
        assert self._stepper is not None
        source = self._stepper.source
        where = "".join(f", iteration {index + 1}" for index in at.loops)
        head = f"{printable(source.name)}:{at.line}{where}"
        width = self.session.width
        column = (width - 3) // 2 if width >= WIDE else width
        left = self._template(at, column)
        right = _tail(at.output, width - column - 3 if width >= WIDE else width - 4, len(left))
        if width >= WIDE:
            rows = max(len(left), len(right))
            left += [""] * (rows - len(left))
            right += [""] * (rows - len(right))
            body = [f"{one:<{column}} ┊ {other}".rstrip() for one, other in zip(left, right, strict=True)]
            title = f"{head:<{column}} ┊ output so far ({len(at.output):,} characters)"
        else:
            body = [*left, f"output so far ({len(at.output):,} characters)", *(f"    {line}" for line in right)]
            title = head
        return "\n".join([title, *body, *self._watched(self.variables() or {})]), "note"

    def _template(self, at: Stop, width: int) -> list[str]:
        assert self._stepper is not None
        source = self._stepper.source
        last = len(source.starts)
        made = []
        for number in range(max(1, at.line - CONTEXT), min(last, at.line + CONTEXT) + 1):
            text = printable(source.line(number))
            if number == last and not text:
                continue
            sign = ">" if number == at.line else "*" if number in self.breakpoints else " "
            row = f"{sign}{number:>4} | {text}"
            made.append(row if len(row) <= width else f"{row[: width - 1]}…")
        return made

    def _watched(self, scope: dict[str, Any]) -> list[str]:
        from vtlsim.explain.why import described, evaluate
        from vtlsim.velocity.errors import VelocityError

        made = []
        for each in self.watched:
            try:
                made.append(f"  {each} = {described(evaluate(each, scope))}")
            except VelocityError as error:
                made.append(f"  {each}: {error.message}")
        return made


def _tail(output: str, width: int, rows: int) -> list[str]:
    """The last lines of an output, each cut at its left."""
    lines = output.split("\n")[-max(3, rows) :] if output else ["(nothing)"]
    shown = [printable(line) for line in lines]
    return [line if len(line) <= width else f"…{line[len(line) - width + 1 :]}" for line in shown]
