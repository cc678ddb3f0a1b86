"""What is wrong with a document: every fault of one run, each with its place.

What may live here: the record of one problem, the collector that readers report to, and the search for the nearest
valid name. Printing them is explain's business.

Severity ``error`` means that API Gateway (or the tool whose document it is) would refuse this, or that vtlsim cannot
know what is meant; ``warning`` means that it goes on, and how. ``code`` names the kind; codes of the form CFG001 are
entries of the public register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from vtlsim.config.marked import Scalar, Within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.config.marked import Node
    from vtlsim.gateway.model import Origin
    from vtlsim.velocity.source import Source

Severity: TypeAlias = Literal["error", "warning"]

MOST: Final = 500
"""Problems kept from one run. A bound of ours."""


class Problem(NamedTuple):
    """One fault.

    ``line`` and ``column`` count from 1 in ``file`` (both 0: the fault is the file's as a whole). ``text`` is what
    stands there, ``expected`` what could have stood there instead, ``nearest`` the one of them most like it.
    ``source`` is the document, for printing the line; None when there is none to print.
    """

    severity: Severity
    message: str
    file: str
    line: int
    column: int
    text: str = ""
    expected: tuple[str, ...] = ()
    nearest: str | None = None
    code: str = ""
    source: Source | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        hint = f" (did you mean {self.nearest!r}?)" if self.nearest is not None else ""
        return f"{place}: {self.severity}: {self.message}{hint}"


class Problems:
    """Where readers report what they find. Reports of the same thing at the same place count once."""

    __slots__ = ("_found", "_order", "left_out")

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int, str], tuple[int, int, Problem]] = {}
        self._order: dict[str, int] = {}
        self.left_out = 0

    def error(
        self,
        at: Node | Within,
        message: str,
        *,
        code: str,
        expected: Iterable[str] = (),
        nearest: str | None = None,
    ) -> None:
        """Report something that cannot stand."""
        self._report("error", at, message, code, tuple(expected), nearest)

    def warning(
        self,
        at: Node | Within,
        message: str,
        *,
        code: str,
        expected: Iterable[str] = (),
        nearest: str | None = None,
    ) -> None:
        """Report something that people should know of."""
        self._report("warning", at, message, code, tuple(expected), nearest)

    def unknown(
        self,
        at: Node | Within,
        what: str,
        name: str,
        valid: Iterable[str],
        *,
        severity: Severity = "error",
        code: str = "",
    ) -> None:
        """Report a name that is none of the valid ones, with the nearest of them. Its code is ``unknown-`` and the last
        word of ``what``, unless one is given.
        """
        names = tuple(valid)
        code = code or f"unknown-{what.rpartition(' ')[2]}"
        self._report(severity, at, f"unknown {what} {name!r}", code, names, nearest(name, names))

    def _report(
        self,
        severity: Severity,
        at: Node | Within,
        message: str,
        code: str,
        expected: tuple[str, ...],
        closest: str | None,
    ) -> None:
        place = place_of(at)
        node = at.scalar if isinstance(at, Within) else at
        typed = at.typed if isinstance(at, Scalar) else ""
        text = at.scalar.text[at.start : at.end] if isinstance(at, Within) else typed
        source = node.document.file.source
        problem = Problem(
            severity,
            message,
            place.file,
            place.line,
            place.column,
            text,
            expected,
            closest,
            code,
            source if source.name == place.file else None,
        )
        self._keep(problem, node.start)

    def _keep(self, problem: Problem, offset: int) -> None:
        key = (problem.file, problem.line, problem.column, problem.message)
        if key in self._found:
            return
        if len(self._found) >= MOST:
            self.left_out += 1
            return
        order = self._order.setdefault(problem.file, len(self._order))
        self._found[key] = (order, offset, problem)

    @property
    def any_error(self) -> bool:
        """Whether anything reported cannot stand."""
        return any(problem.severity == "error" for _, _, problem in self._found.values())

    def all(self) -> tuple[Problem, ...]:
        """Everything reported: file after file, each from its top."""
        ranked = sorted(self._found.values(), key=lambda each: (each[0], each[2].line, each[2].column))
        return tuple(problem for _, _, problem in ranked)


def place_of(at: Node | Within) -> Origin:
    """File, line and column of a node, or of some characters of a string."""
    if isinstance(at, Within):
        return at.scalar.origin.place(at.start)
    if isinstance(at, Scalar) and at.is_made:
        return at.origin.place(0)
    return at.document.place(at.start)


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name that looks most like this one: None when none is within a third of its length.

    Letters count alike in either case; two neighbours that changed places count as one mistake.
    """
    best: str | None = None
    wanted = name.lower()[:80]
    bound = max(1, len(wanted) // 3) + 1
    for each in valid:
        distance = 0 if each.lower() == wanted else _distance(wanted, each.lower()[:80], bound)
        if distance < bound:
            best, bound = each, distance
    return best


def _distance(left: str, right: str, bound: int) -> int:
    if abs(len(left) - len(right)) >= bound:
        return bound
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, a in enumerate(left, 1):
        here = [row]
        for column, b in enumerate(right, 1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (a != b))
            if row > 1 and column > 1 and a == right[column - 2] and left[row - 2] == b:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]
