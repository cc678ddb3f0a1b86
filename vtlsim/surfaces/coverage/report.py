"""Coverage as a table for a terminal.

What may live here: figures, and the words for what did not run. The pages are pages.py's.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.surfaces.coverage.places import LOOPS, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vtlsim.surfaces.coverage.counting import Counts, Recorder
    from vtlsim.surfaces.coverage.places import Places

_PLACE: Final = re.compile(r"(.*?):\d+(:\d+)?\Z", re.DOTALL)
NEVER: Final = {"never": "never empty", "once": "never with one item", "often": "never with several items"}


class Tally(NamedTuple):
    """The figures of one template, or of all: each as (what ran, what there is)."""

    lines: tuple[int, int]
    arms: tuple[int, int]
    loops: tuple[int, int]

    @property
    def percent(self) -> float:
        """Of lines, branches and loops together, from 0 to 100."""
        ran = self.lines[0] + self.arms[0] + self.loops[0]
        there = self.lines[1] + self.arms[1] + self.loops[1]
        return 100.0 * ran / there if there else 100.0


class Covered(NamedTuple):
    """One template, its places and what ran of them."""

    name: str
    found: Places
    counts: Counts

    @property
    def ran(self) -> set[int]:
        """The lines on which something ran."""
        return {line for at in self.counts.pieces for line in self.found.pieces[at].lines}

    @property
    def tally(self) -> Tally:
        """The figures."""
        return Tally(
            (len(self.ran), len(self.found.lines)),
            (len(self.counts.arms), len(self.found.arms)),
            (len(self.counts.loops), len(LOOPS) * len(self.found.loops)),
        )

    def missing(self) -> Iterator[tuple[int, int, str]]:
        """What did not run: line, column and words; the words of whole lines are empty."""
        ran = self.ran
        for line in self.found.lines:
            if line not in ran:
                yield line, 0, ""
        for at, arm in enumerate(self.found.arms):
            if at not in self.counts.arms and self._reached(arm.line, ran):
                yield arm.line, arm.column, arm.said
        for at, loop in enumerate(self.found.loops):
            unseen = [state for state in LOOPS if (at, state) not in self.counts.loops]
            if unseen and self._reached(loop.line, ran):
                said = "never ran" if len(unseen) == len(LOOPS) else ", ".join(NEVER[state] for state in unseen)
                yield loop.line, loop.column, f"{loop.said} {said}"

    def _reached(self, line: int, ran: set[int]) -> bool:
        """Whether a place is worth a word of its own: not when its whole line did not run."""
        return line in ran or line not in self.found.lines


def covered(recorder: Recorder) -> list[Covered]:
    """Every template that stands in a file, in the order of the names. The same text under two names of one file
    (relative and absolute) counts once.
    """
    merged: dict[tuple[str, str], Covered] = {}
    for (name, text), counts in recorder.counts.items():
        shown = _file(name)
        found = places(text, name)
        if shown is None or found is None:
            continue
        known = merged.get((shown, text))
        if known is None:
            from vtlsim.surfaces.coverage.counting import Counts

            known = merged[shown, text] = Covered(shown, found, Counts())
        known.counts.pieces.update(counts.pieces)
        known.counts.arms.update(counts.arms)
        known.counts.loops.update(counts.loops)
    return sorted(merged.values(), key=lambda each: each.name)


def _file(name: str) -> str | None:
    """A template's name as people would type it; None for one that stands in no file."""
    match = _PLACE.match(name)
    file = name if match is None else match[1]
    if not os.path.isfile(file):  # noqa: PTH113 - a name
        return None
    here = os.getcwd() + os.sep  # noqa: PTH109 - a name
    path = os.path.abspath(file)  # noqa: PTH100 - symbolic links stay as they are
    return (path.removeprefix(here)) + name[len(file) :]


def total(templates: Sequence[Covered]) -> Tally:
    """The figures of all templates together."""
    tallies = [each.tally for each in templates]

    def added(field: str) -> tuple[int, int]:
        pairs = [getattr(tally, field) for tally in tallies]
        return sum(ran for ran, _ in pairs), sum(there for _, there in pairs)

    return Tally(added("lines"), added("arms"), added("loops"))


def table(templates: Sequence[Covered], width: int = 100) -> str:
    """The table: a line for each template, what is missing below it, and the total."""
    if not templates:
        return "no template in a file was rendered"
    name_width = max(len("total"), len("template"), *(len(each.name) for each in templates))
    name_width = min(name_width, max(20, width - 45))
    lines = [f"{'template':<{name_width}}  {'lines':>9}  {'branches':>9}  {'loops':>9}  {'':>6}"]
    for each in templates:
        lines.append(_row(each.name, each.tally, name_width))
        lines += (f"    {said}" for said in _missing(each, width - 4))
    if len(templates) > 1:
        lines.append(_row("total", total(templates), name_width))
    return "\n".join(lines)


def _row(name: str, tally: Tally, width: int) -> str:
    shown = name if len(name) <= width else f"…{name[len(name) - width + 1 :]}"
    cells = "  ".join(f"{f'{ran}/{there}' if there else '-':>9}" for ran, there in tally)
    return f"{shown:<{width}}  {cells}  {_percent(tally.percent):>6}"


def _percent(value: float) -> str:
    """Rounded down: 100 % means that everything ran."""
    return f"{int(value)} %"


def _missing(each: Covered, width: int) -> Iterator[str]:
    found = list(each.missing())
    lines = [line for line, column, _ in found if not column]
    if lines:
        shown = f"not run: {'line' if len(lines) == 1 else 'lines'} {_ranges(lines)}"
        yield shown if len(shown) <= width else f"{shown[: width - 1]}…"
    for line, column, said in sorted(found):
        if column:
            yield f"{line}:{column}: {said}"


def _ranges(lines: Sequence[int]) -> str:
    """``3, 5-7``"""
    parts: list[list[int]] = []
    for line in sorted(lines):
        if parts and parts[-1][1] == line - 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)
