"""coverage.py on templates: lines, and branches between lines, of ``.vtl`` and ``.vm`` files beside the Python code.

What may live here: the plugin by which coverage.py asks. In its settings: ``[run] plugins =
vtlsim.surfaces.coverage_plugin``. What shares a line it cannot tell apart; ``--vtl-cov`` of the pytest plugin can.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coverage.exceptions import NoSource
from coverage.plugin import CoveragePlugin, FileReporter, FileTracer

from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.lines import arcs, executable_lines
from vtlsim.velocity.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coverage.plugin_support import Plugins
    from coverage.types import TArc, TConfigSectionOut, TLineNo

TEMPLATE_ENDINGS = (".vtl", ".vm")


class TemplateCoverage(CoveragePlugin):
    """Claims templates, by their file's ending."""

    def file_tracer(self, filename: str) -> FileTracer | None:
        """The tracer of a template's file."""
        return TemplateTracer(filename) if filename.endswith(TEMPLATE_ENDINGS) else None

    def file_reporter(self, filename: str) -> FileReporter:
        """The reporter of a template's file."""
        return TemplateReporter(filename)

    def find_executable_files(self, src_dir: str) -> Iterable[str]:
        """Templates that no test rendered count as not covered."""
        return (str(path) for ending in TEMPLATE_ENDINGS for path in Path(src_dir).rglob(f"*{ending}"))


class TemplateTracer(FileTracer):
    """A template's code says where it is by itself: file and lines are the template's."""

    def __init__(self, filename: str) -> None:
        self._filename = filename

    def source_filename(self) -> str:
        """The template's file."""
        return self._filename


class TemplateReporter(FileReporter):
    """What could have run in a template."""

    def __init__(self, filename: str) -> None:
        super().__init__(filename)
        self._made: Template | None = None

    @property
    def _template(self) -> Template:
        if self._made is None:
            try:
                self._made = Template(self.source(), self.filename)
            except TemplateSyntaxError as error:
                # coverage.py's own word for a file that it cannot use: ``ignore_errors`` leaves it out.
                message = f"{self.filename}:{error.position.line}: {error.message}"
                raise NoSource(message) from None
        return self._made

    def source(self) -> str:
        """The template's text."""
        return Path(self.filename).read_bytes().decode("utf-8")

    def lines(self) -> set[TLineNo]:
        """Lines at which something happens."""
        return set(executable_lines(self._template))

    def arcs(self) -> set[TArc]:
        """Which line may follow which."""
        return set(arcs(self._template))

    def exit_counts(self) -> dict[TLineNo, int]:
        """In how many ways each line may be left."""
        counts: dict[TLineNo, int] = {}
        for line, _ in self.arcs():
            if line > 0:
                counts[line] = counts.get(line, 0) + 1
        return counts


def coverage_init(registry: Plugins, options: TConfigSectionOut) -> None:
    """What coverage.py calls to load the plugin."""
    del options
    registry.add_file_tracer(TemplateCoverage())
