"""``--vtl-cov``: coverage of templates over a pytest run.

What may live here: when pytest begins and ends, and what travels between xdist's processes. Counting and showing are
vtlsim.surfaces.coverage's.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, Final

import pytest

from vtlsim.surfaces.coverage.counting import Recorder, recording

OUTPUT: Final = "vtlsim_coverage"
"""The name under which a worker hands its counts to the controller."""

TEMPLATE_ENDINGS: Final = frozenset({".vtl", ".vm"})


class Covering:
    """The plugin object of one run. In a worker of xdist it counts; elsewhere it also shows."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.recorder = Recorder()
        self.failure = ""
        self._open = ExitStack()
        self._open.enter_context(recording(self.recorder))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker of xdist is done."""
        del error
        output: dict[str, Any] = getattr(node, "workeroutput", {})
        self.recorder.merge(output.get(OUTPUT, ()))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """A worker hands its counts over; the controller holds them against the threshold."""
        output: dict[str, Any] | None = getattr(self.config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = self.recorder.dump()
            return
        least = self.config.option.vtl_cov_fail_under
        for folder in self.config.option.vtl_cov_source:
            know_all(self.recorder, Path(folder))
        if least is not None:
            from vtlsim.surfaces.coverage.report import covered, total

            percent = total(covered(self.recorder)).percent
            if percent < least:
                self.failure = f"coverage of templates: {percent:.2f} % is less than {least:g} %"
                if exitstatus == 0:
                    session.exitstatus = 1

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The table, and where the pages are."""
        from vtlsim.surfaces.coverage.report import covered, table

        templates = covered(self.recorder)
        terminalreporter.section("coverage of templates")
        terminalreporter.write_line(table(templates, get_terminal_size((100, 24)).columns))
        folder = self.config.option.vtl_cov_html
        if folder:
            from vtlsim.surfaces.coverage.pages import write

            terminalreporter.write_line(f"pages: {write(templates, Path(folder))}")
        if self.failure:
            terminalreporter.write_line(f"FAIL {self.failure}", red=True)

    def pytest_unconfigure(self) -> None:
        """The end."""
        self._open.close()


def know_all(recorder: Recorder, folder: Path) -> None:
    """Lets every template below a folder count, rendered or not."""
    from vtlsim.surfaces.files import text_of

    for path in sorted(folder.rglob("*")):
        if path.suffix in TEMPLATE_ENDINGS and path.is_file():
            recorder.know(str(path), text_of(path))
