"""Case files and case folders as pytest's own items.

What may live here: what pytest asks of a collector and an item. Reading, running and wording are case_running's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from vtlsim.surfaces.case_running import (
    CaseError,
    Definitions,
    read_file,
    read_folder,
    run_with_snapshot,
    shown_path,
    unused_snapshots,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike
    from pathlib import Path

    from vtlsim.cases.case import Case
    from vtlsim.surfaces.case_running import Ran

DEFINITIONS = pytest.StashKey[Definitions]()


class CaseFailed(Exception):  # noqa: N818 - what pytest shows is the case's text
    """A case whose outcome is not as expected."""

    def __init__(self, ran: Ran) -> None:
        super().__init__(ran.case.id)
        self.ran = ran


class CaseFile(pytest.File):
    """A ``*.vtltest.yaml``."""

    def collect(self) -> Iterable[pytest.Item]:
        """One item for each case, and one for snapshots that no case uses."""
        try:
            cases = read_file(self.path, shown_path(self.path))
        except CaseError as error:
            raise self.CollectError(str(error)) from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case)
        unused = unused_snapshots(cases, self.path)
        if unused:
            yield UnusedSnapshots.from_parent(self, name="unused snapshots", files=unused)


class CaseFolder(pytest.File):
    """A ``template.vtl`` with its request, context and expectation beside it."""

    def collect(self) -> Iterable[pytest.Item]:
        """The one item."""
        try:
            case = read_folder(self.path, shown_path(self.path))
        except CaseError as error:
            raise self.CollectError(str(error)) from None
        yield CaseItem.from_parent(self, name=case.name, case=case)


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **given: Any) -> None:
        super().__init__(**given)
        self.case = case
        for mark in case.marks:
            self.add_marker(getattr(pytest.mark, mark.name)(**mark.arguments))

    def runtest(self) -> None:
        """Runs the case. Raises CaseFailed, or CaseError when what it names cannot be had."""
        stash = self.session.stash
        definitions = stash.get(DEFINITIONS, None)
        if definitions is None:
            definitions = stash[DEFINITIONS] = Definitions()
        ran = run_with_snapshot(self.case, self.path, definitions, update=self.config.option.vtl_update)
        if ran.faults:
            raise CaseFailed(ran)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The case's own text; a fault of ours as pytest shows it."""
        if isinstance(excinfo.value, CaseFailed):
            return excinfo.value.ran.text()
        if isinstance(excinfo.value, CaseError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style or "short")

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Where the case stands, and its name."""
        return self.path, self.case.line - 1, self.case.name


class UnusedSnapshots(pytest.Item):
    """Snapshots on the disk that no case of the file claims: a failure, or with ``--vtl-update`` removed."""

    def __init__(self, *, files: list[Path], **given: Any) -> None:
        super().__init__(**given)
        self.files = files

    def runtest(self) -> None:
        """Removes them, or fails."""
        if self.config.option.vtl_update:
            for each in self.files:
                each.unlink(missing_ok=True)
            return
        names = "\n".join(f"  {shown_path(each)}" for each in self.files)
        pytest.fail(f"snapshots that no case uses (--vtl-update removes them):\n{names}", pytrace=False)

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """The case file."""
        return self.path, None, self.name
