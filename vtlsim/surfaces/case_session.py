"""A run over many cases without pytest: finding them, choosing, running, and the report for other tools.

What may live here: what `vtlsim test` does, but for its options and printing. One case is case_running's.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from vtlsim.surfaces.case_running import (
    CaseError,
    Definitions,
    is_case_file,
    is_case_folder,
    read_file,
    read_folder,
    run_with_snapshot,
    shown_path,
    unused_snapshots,
)
from vtlsim.surfaces.clock import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from vtlsim.cases.case import Case, Mark
    from vtlsim.surfaces.case_running import Ran

Result: TypeAlias = Literal["passed", "failed", "skipped", "xfailed", "xpassed"]

SKIPPED_FOLDERS: Final = frozenset({"node_modules", "__pycache__", "venv", "build", "dist", "__snapshots__"})
WATCHED: Final = frozenset({".vtl", ".vm", ".yaml", ".yml", ".json", ".http", ".txt"})
"""Endings of the files whose change makes ``--watch`` run again."""


class Found(NamedTuple):
    """A case with the path of its file."""

    case: Case
    path: Path


class Broken(NamedTuple):
    """A case file that cannot be used, and why."""

    file: str
    said: str


class Done(NamedTuple):
    """A case that was looked at. ``said`` is why it failed or was skipped; ``seconds`` what it took."""

    id: str
    file: str
    name: str
    result: Result
    said: str
    seconds: float
    ran: Ran | None = None


class SelectionError(ValueError):
    """A ``-k`` expression that does not parse, or a path that is not there."""


def find_all(paths: Sequence[str]) -> Iterator[Found | Broken]:
    """Every case at or below the paths (files, folders, ``FILE::NAME``), each once. Raises SelectionError."""
    seen: set[tuple[Path, str]] = set()
    for place in paths or (".",):
        name, _, wanted = place.partition("::")
        path = Path(name)
        if not path.exists():
            raise SelectionError(f"{name}: no such file or folder")
        matched = False
        for each in _files(path):
            for found in _cases(each):
                if isinstance(found, Found):
                    if wanted and wanted not in {found.case.name, found.case.name.partition("[")[0]}:
                        continue
                    key = (each, found.case.name)
                    if key in seen:
                        matched = True
                        continue
                    seen.add(key)
                matched = True
                yield found
        if wanted and not matched:
            raise SelectionError(f"{name} has no case {wanted!r}")


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for each in sorted(path.iterdir(), key=lambda entry: (entry.is_dir(), entry.name)):
        if each.is_dir():
            if not each.name.startswith(".") and each.name not in SKIPPED_FOLDERS:
                yield from _files(each)
        elif is_case_file(each.name) or is_case_folder(each):
            yield each


def _cases(path: Path) -> Iterator[Found | Broken]:
    shown = shown_path(path)
    try:
        if is_case_file(path.name):
            for case in read_file(path, shown):
                yield Found(case, path)
        else:
            yield Found(read_folder(path, shown), path)
    except CaseError as error:
        yield Broken(shown, str(error))


def run_all(found: Iterable[Found], *, update: bool, each: Callable[[Done], None] | None = None) -> list[Done]:
    """Runs cases one after the other; ``each`` is told of every one."""
    definitions = Definitions()
    made = []
    for case, path in found:
        done = _run(case, path, definitions, update=update)
        made.append(done)
        if each is not None:
            each(done)
    return made


def _run(case: Case, path: Path, definitions: Definitions, *, update: bool) -> Done:
    marks = {mark.name: mark for mark in case.marks}
    if "skip" in marks:
        return Done(case.id, case.file, case.name, "skipped", _reason(marks["skip"]), 0.0)
    watch = Stopwatch()
    ran = None
    try:
        ran = run_with_snapshot(case, path, definitions, update=update)
        said = ran.text() if ran.faults else ""
    except CaseError as error:
        said = str(error)
    seconds = watch.milliseconds / 1000
    result: Result = "failed" if said else "passed"
    expected = marks.get("xfail")
    if expected is not None:
        if said:
            result, said = "xfailed", _reason(expected)
        elif expected.arguments.get("strict"):
            result, said = "failed", f"it passed, and was expected to fail: {_reason(expected)}"
        else:
            result = "xpassed"
    return Done(case.id, case.file, case.name, result, said, seconds, ran)


def _reason(mark: Mark) -> str:
    reason = mark.arguments.get("reason", "")
    return reason if isinstance(reason, str) else str(reason)


def unused(found: Iterable[Found]) -> Iterator[Path]:
    """Snapshots of the files of these cases that belong to no case of the file."""
    for path in dict.fromkeys(each.path for each in found):
        if is_case_file(path.name):
            yield from unused_snapshots(read_file(path, str(path)), path)


# -- choosing ---------------------------------------------------------------------------------------------------------

_WORD: Final = re.compile(r"\s*(\(|\)|[^\s()]+)")


def selector(expression: str) -> Callable[[str], bool]:
    """What ``-k`` chooses, by a case's id: words with ``and``, ``or``, ``not`` and parentheses; a word is found in any
    part of the id, in either case. Raises SelectionError.
    """
    words = _WORD.findall(expression)
    at = 0

    def take() -> str | None:
        nonlocal at
        at += 1
        return words[at - 1] if at <= len(words) else None

    def peek() -> str | None:
        return words[at] if at < len(words) else None

    def either() -> Callable[[str], bool]:
        parts = [both()]
        while peek() == "or":
            take()
            parts.append(both())
        return lambda name: any(part(name) for part in parts)

    def both() -> Callable[[str], bool]:
        parts = [one()]
        while peek() == "and":
            take()
            parts.append(one())
        return lambda name: all(part(name) for part in parts)

    def one() -> Callable[[str], bool]:
        word = take()
        if word == "not":
            inner = one()
            return lambda name: not inner(name)
        if word == "(":
            inner = either()
            if take() != ")":
                raise SelectionError(f"-k {expression!r}: a parenthesis is not closed")
            return inner
        if word is None or word in {")", "and", "or"}:
            raise SelectionError(f"-k {expression!r}: expected a word, found {word or 'the end'}")
        wanted = word.lower()
        return lambda name: wanted in name.lower()

    chosen = either()
    if peek() is not None:
        raise SelectionError(f"-k {expression!r}: expected and, or, or the end; found {peek()}")
    return chosen


# -- other tools ------------------------------------------------------------------------------------------------------


def junit(done: Sequence[Done], broken: Sequence[Broken]) -> str:
    """The run in JUnit's XML."""
    import xml.etree.ElementTree as ET

    suite = ET.Element(
        "testsuite",
        name="vtlsim",
        tests=str(len(done) + len(broken)),
        failures=str(sum(each.result == "failed" for each in done)),
        errors=str(len(broken)),
        skipped=str(sum(each.result in {"skipped", "xfailed"} for each in done)),
        time=f"{sum(each.seconds for each in done):.3f}",
    )
    for each in done:
        case = ET.SubElement(
            suite, "testcase", classname=each.file, name=each.name, file=each.file, time=f"{each.seconds:.3f}"
        )
        if each.result == "failed":
            first = each.said.partition("\n")[0]
            ET.SubElement(case, "failure", message=_allowed(first)).text = _allowed(each.said)
        elif each.result in {"skipped", "xfailed"}:
            ET.SubElement(case, "skipped", type=each.result, message=_allowed(each.said))
    for file, said in broken:
        case = ET.SubElement(suite, "testcase", classname=file, name=file, file=file, time="0.000")
        ET.SubElement(case, "error", message="the case file has mistakes").text = _allowed(said)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _allowed(text: str) -> str:
    """A text without the characters that XML has no place for."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def stamps(paths: Sequence[str]) -> dict[str, int]:
    """When each file that cases may rest on was changed, below the folders of the paths."""
    found: dict[str, int] = {}
    for place in paths or (".",):
        path = Path(place.partition("::")[0])
        folder = path.parent if path.is_file() else path
        for each in folder.rglob("*"):
            if each.suffix in WATCHED and SKIPPED_FOLDERS.isdisjoint(each.parts):
                try:
                    found[str(each)] = each.stat().st_mtime_ns
                except OSError:
                    continue
    return found
