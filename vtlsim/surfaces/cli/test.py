"""`vtlsim test`: case files, run without writing Python.

What may live here: the command's options and what it prints. Running is vtlsim.surfaces.case_session's.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from vtlsim.surfaces.cli import Command, Stopped, writing

if TYPE_CHECKING:
    from vtlsim.surfaces.case_session import Broken, Done, Found
    from vtlsim.surfaces.coverage.counting import Recorder

_SIGNS: Final = {"passed": ".", "failed": "F", "skipped": "s", "xfailed": "x", "xpassed": "X"}
_COLOURS: Final = {"passed": "32", "failed": "31;1", "skipped": "33", "xfailed": "33", "xpassed": "33"}
_PAUSE: Final = 0.3
"""Seconds between two looks at the files under ``--watch``."""


@click.command(cls=Command)
@click.argument("paths", nargs=-1)
@click.option("-k", "expression", metavar="EXPR", help="Only the cases whose id fits: words, and, or, not, ( ).")
@click.option("-v", "--verbose", is_flag=True, help="A line for each case.")
@click.option("--update", is_flag=True, help="Write snapshots anew.")
@click.option("--trace", is_flag=True, help="Show what each case did, step by step.")
@click.option("--coverage", is_flag=True, help="Tell which lines, branches and loops of the templates ran.")
@click.option("--coverage-html", metavar="DIR", help="The same as a page.")
@click.option("--fail-under", type=float, metavar="PERCENT", help="Fail when less of the templates ran.")
@click.option("--junit", metavar="FILE", help="Write the results as JUnit's XML.")
@click.option("--watch", is_flag=True, help="Run again whenever a file changes, until Ctrl-C.")
def command(
    paths: tuple[str, ...],
    expression: str | None,
    verbose: bool,
    update: bool,
    trace: bool,
    coverage: bool,
    coverage_html: str | None,
    fail_under: float | None,
    junit: str | None,
    watch: bool,
) -> int:
    r"""Run the cases at or below PATHS: *.vtltest.yaml files, FILE::NAME, folders (default: this one).

    \b
    vtlsim test
    vtlsim test orders.vtltest.yaml -k 'items and not empty' --watch

    Exits 1 when a case fails, 4 when a case file has mistakes or there is no case.
    """
    run = _Run(paths, expression, verbose, update, trace, coverage, coverage_html, fail_under, junit)
    return run.watched() if watch else run.once()


class _Run:
    def __init__(
        self,
        paths: tuple[str, ...],
        expression: str | None,
        verbose: bool,
        update: bool,
        trace: bool,
        coverage: bool,
        html: str | None,
        least: float | None,
        junit: str | None,
    ) -> None:
        self.paths = paths
        self.expression = expression
        self.verbose = verbose
        self.update = update
        self.trace = trace
        self.coverage = coverage or html is not None or least is not None
        self.html = html
        self.least = least
        self.junit = junit
        self._file = ""
        import sys

        self._colour = writing.wants_colour(sys.stdout)

    def watched(self) -> int:
        """Runs again and again."""
        import sys
        from time import sleep

        from vtlsim.surfaces.case_session import stamps

        while True:
            before = stamps(self.paths)
            if sys.stdout.isatty():
                writing.product("\x1b[2J\x1b[H")
            try:
                self.once()
            except Stopped as stopped:
                writing.complain(stopped.diagnostic)
            writing.product("watching; Ctrl-C ends\n")
            while stamps(self.paths) == before:
                sleep(_PAUSE)

    def once(self) -> int:
        """One run; its exit code."""
        from vtlsim.surfaces.case_session import Broken, SelectionError, find_all, run_all, unused
        from vtlsim.surfaces.clock import Stopwatch

        stopwatch = Stopwatch()
        self._file = ""
        try:
            everything = list(find_all(self.paths))
            found, left_out = self._chosen(everything)
        except SelectionError as error:
            raise Stopped(2, f"error: {error}") from None
        broken = [each for each in everything if isinstance(each, Broken)]
        recorder = self._recorder()
        with self._counting(recorder):
            done = run_all(found, update=self.update, each=self._each)
        self._end_of_file()
        snapshots = list(unused(found)) if not left_out else []
        if self.update:
            for path in snapshots:
                path.unlink(missing_ok=True)
            snapshots = []
        self._failures(done, broken, snapshots)
        if self.junit is not None:
            from vtlsim.surfaces.case_session import junit

            Path(self.junit).write_text(junit(done, broken), encoding="utf-8")
        enough = self._covered(recorder)
        self._summary(done, broken, snapshots, left_out, stopwatch.milliseconds / 1000)
        if broken:
            return 4
        if not done and not left_out:
            raise Stopped(4, "error: no cases: a case file's name ends in .vtltest.yaml")
        failed = any(each.result == "failed" for each in done)
        return 1 if failed or snapshots or not enough else 0

    def _chosen(self, everything: list[Found | Broken]) -> tuple[list[Found], int]:
        from vtlsim.surfaces.case_session import Broken, selector

        found = [each for each in everything if not isinstance(each, Broken)]
        if self.expression is None:
            return found, 0
        wanted = selector(self.expression)
        chosen = [each for each in found if wanted(each.case.id)]
        return chosen, len(found) - len(chosen)

    def _recorder(self) -> Recorder | None:
        if not self.coverage:
            return None
        from vtlsim.surfaces.coverage.counting import Recorder

        return Recorder()

    def _counting(self, recorder: Recorder | None) -> Any:
        if recorder is None:
            return nullcontext()
        from vtlsim.surfaces.coverage.counting import recording

        return recording(recorder)

    # -- printing -----------------------------------------------------------------------------------------------------

    def _painted(self, text: str, result: str) -> str:
        return f"\x1b[{_COLOURS[result]}m{text}\x1b[0m" if self._colour else text

    def _each(self, done: Done) -> None:
        if self.verbose or self.trace:
            said = f" ({done.said})" if done.said and done.result in {"skipped", "xfailed"} else ""
            writing.product(f"{self._painted(f'{done.result:<7}', done.result)} {done.id}{said}\n")
            if self.trace and done.ran is not None:
                writing.product(f"{_traced(done)}\n")
            return
        if done.file != self._file:
            self._end_of_file()
            self._file = done.file
            writing.product(f"{done.file} ")
        writing.product(self._painted(_SIGNS[done.result], done.result))

    def _end_of_file(self) -> None:
        if self._file:
            writing.product("\n")
        self._file = ""

    def _failures(self, done: list[Done], broken: list[Broken], snapshots: list[Path]) -> None:
        for file, said in broken:
            writing.product(f"\n{self._painted('ERROR', 'failed')} {file}\n{said}\n")
        for each in done:
            if each.result == "failed":
                writing.product(f"\n{self._painted('FAIL', 'failed')} {each.id}\n{each.said}\n")
        if snapshots:
            writing.product(
                f"\n{self._painted('FAIL', 'failed')} snapshots that no case uses (--update removes them)\n"
            )
            writing.product("".join(f"  {path}\n" for path in snapshots))

    def _covered(self, recorder: Recorder | None) -> bool:
        if recorder is None:
            return True
        from shutil import get_terminal_size

        from vtlsim.surfaces.coverage.report import covered, table, total

        templates = covered(recorder)
        writing.product(f"\n{table(templates, get_terminal_size((100, 24)).columns)}\n")
        if self.html is not None:
            from vtlsim.surfaces.coverage.pages import write

            writing.product(f"pages: {write(templates, Path(self.html))}\n")
        percent = total(templates).percent
        if self.least is not None and percent < self.least:
            writing.product(f"coverage of templates: {percent:.2f} % is less than {self.least:g} %\n")
            return False
        return True

    def _summary(
        self, done: list[Done], broken: list[Broken], snapshots: list[Path], left_out: int, seconds: float
    ) -> None:
        counts: dict[str, int] = {}
        for each in done:
            counts[each.result] = counts.get(each.result, 0) + 1
        parts = [f"{counts[result]} {result}" for result in _SIGNS if counts.get(result)]
        if broken:
            parts.append(f"{len(broken)} broken")
        if snapshots:
            parts.append(f"{len(snapshots)} unused snapshot{'s' if len(snapshots) > 1 else ''}")
        if left_out:
            parts.append(f"{left_out} left out")
        if parts:
            bad = broken or snapshots or counts.get("failed")
            line = f"{', '.join(parts)} in {seconds:.2f} s"
            writing.product(f"\n{self._painted(line, 'failed' if bad else 'passed')}\n")


def _traced(done: Done) -> str:
    ran = done.ran
    assert ran is not None
    if ran.exchange is not None:
        return str(ran.exchange.trace)
    assert ran.call is not None
    from vtlsim.explain.console import trace

    return trace((ran.call.run(watched=True),))
