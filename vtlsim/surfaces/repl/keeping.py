"""``:save``: from exploring to a regression test.

What may live here: what of a session becomes a case, and where it goes. Writing YAML is saving.py's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from vtlsim.cases.case import ENDINGS
from vtlsim.gateway.findings import RenderFailed
from vtlsim.gateway.model import TemplateText
from vtlsim.surfaces.repl.saving import SaveError, added, entry, expectation

if TYPE_CHECKING:
    from vtlsim.surfaces.repl.session import Session

_WORDS: Final = re.compile(r"""(?:(?P<file>\S+)\s+)??(?:case\b\s*)?(?P<quote>["'])(?P<name>.+)(?P=quote)\Z""")
_BARE: Final = re.compile(r"""(?:(?P<file>\S+\.vtltest\.(?:ya?ml|json))\s+)?(?:case\s+)?(?P<name>[^"'].*)\Z""")


def save(session: Session, rest: str) -> str:
    """Appends the session's situation as a case and tells where. Raises FilesError."""
    from vtlsim.surfaces.repl.session import FilesError, render

    match = _WORDS.match(rest) or _BARE.match(rest)
    if match is None or not match["name"].strip() or match["name"].strip() == "case":
        raise FilesError(':save case "two items", or :save FILE.vtltest.yaml case "two items"')
    name = match["name"].strip()
    if "::" in name:
        raise FilesError("a case's name has no ::")
    file = match["file"] or session.case_file or _file_beside(session)
    if not file.endswith(ENDINGS):
        raise FilesError(f"{file}: a case file's name ends in {ENDINGS[0]}")
    template = _template(session, file)
    found = render(session)
    if session.template_path is None and template != session.current().text:
        found = session.situation.call(TemplateText(template, "lines")).run()
    if isinstance(found, RenderFailed):
        place = found.position
        expects: list[dict[str, Any]] = [{"error": {"line": place.line} if place is not None else found.message}]
    else:
        expects = [expectation(found.text), {"text": found.text}]
    text = session.files.read(file)
    case = session.situation.case._replace(name=name, template=template)
    fault = ""
    for expect in expects:
        try:
            changed = added(text, entry(case, expect), file)
        except SaveError as error:
            raise FilesError(str(error)) from None
        fault = session.files.check(file, changed, name)
        if not fault:
            session.files.write(file, changed)
            session.case_file = file
            return f"added to {file}; run it: vtlsim test {_quoted(f'{file}::{name}')}"
    raise FilesError(f"not saved: {fault}")


def _quoted(text: str) -> str:
    from shlex import quote

    return quote(text)


def _file_beside(session: Session) -> str:
    """The case file of the open template: its name with another ending."""
    if session.template_path is None:
        return f"repl{ENDINGS[0]}"
    path = session.template_path
    stem = path.rpartition(".")[0] if "." in path.rpartition("/")[2] else path
    return f"{stem}{ENDINGS[0]}"


def _template(session: Session, file: str) -> str:
    """What the case says under ``template``: a path seen from the case file, or the text."""
    if session.template_path is not None:
        import os

        relative = os.path.relpath(session.template_path, os.path.dirname(file) or ".")  # noqa: PTH120 - may climb
        return relative.replace(os.sep, "/")
    text = session.current().text
    return text if "\n" in text or any(sign in text for sign in "$#{") else f"{text}\n"
