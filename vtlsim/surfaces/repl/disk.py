"""The disk, as a session may use it.

What may live here: reading, writing and checking files on behalf of a session, with a fault of one line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vtlsim.surfaces.repl.session import FilesError

if TYPE_CHECKING:
    from vtlsim.cases.case import Case


class Disk:
    """Files below and beside a folder (the working folder unless told otherwise)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path()

    def read(self, path: str) -> str | None:
        """A file's text; None where there is no such file. Raises FilesError."""
        from vtlsim.surfaces.files import reason, text_of

        try:
            return text_of(self.folder / path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise FilesError(f"{path}: {reason(error)}") from None

    def write(self, path: str, text: str) -> None:
        """Writes a file, whole. Raises FilesError."""
        try:
            (self.folder / path).write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            raise FilesError(f"{path}: {error.strerror}") from None

    def case(self, place: str) -> tuple[Case, str | None, str]:
        """The case, the path of its template, and its file. Raises FilesError."""
        from vtlsim.surfaces.case_running import CaseError, find

        try:
            case, path = find(place, self.folder)
        except CaseError as error:
            raise FilesError(str(error).removeprefix("error: ")) from None
        file = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
        template = None
        if case.template is not None and not case.template_is_text:
            template = str(file.parent / case.template)
        return case, template, str(file)

    def check(self, path: str, text: str, name: str) -> str:
        """What would be wrong with a case if the case file had this text; nothing when it would pass."""
        from vtlsim.cases.load import load
        from vtlsim.surfaces.case_running import CaseError, Definitions, run

        found = load(text, path)
        if found.problems:
            return str(found.problems[0])
        case = next((each for each in found.cases if each.name == name), None)
        if case is None:
            return f"{path} would have no case {name!r}"
        try:
            ran = run(case, self.folder / path, Definitions())
        except CaseError as error:
            return str(error)
        return "\n".join(fault.said for fault in ran.faults)
