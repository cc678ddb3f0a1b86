"""Cases, run: from the disk to a verdict with the words of a failure.

What may live here: finding case files and folders, reading what a case names, rendering or invoking, snapshots, and the
text that a failing case prints. The pytest plugin, `vtlsim test`, `vtlsim render -e` and the REPL all come here. What a
case means is vtlsim.cases'; nothing here imports pytest.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from vtlsim.cases.case import ENDINGS, Case
from vtlsim.cases.verdict import Fault, Outcome, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtlsim.cases.load import CaseFile
    from vtlsim.gateway.findings import BodyRendered
    from vtlsim.gateway.model import TemplateText
    from vtlsim.surfaces.library import Api, Exchange
    from vtlsim.surfaces.rendering import Call


class CaseError(Exception):
    """A case cannot be run: its file has mistakes, its template is not there. The text says so, with the place."""


class Definitions:
    """Templates' texts and definitions, each read once while its file stays as it is."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[tuple[int, int], str]] = {}
        self._loaded: dict[tuple[Path, str | None], tuple[tuple[int, int], Api]] = {}

    def text(self, path: Path) -> str:
        """A file's text. Raises OSError, ValueError."""
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            from vtlsim.surfaces.files import text_of

            known = self._read[path] = (stamp, text_of(path))
        return known[1]

    def api(self, path: Path, name: str | None) -> Api:
        """A definition. Raises DefinitionError, OSError."""
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._loaded.get((path, name))
        if known is None or known[0] != stamp:
            from vtlsim.surfaces.library import load

            known = self._loaded[path, name] = (stamp, load(shown_path(path), api=name))
        return known[1]


def is_case_file(name: str) -> bool:
    """Whether a file's name is that of a case file."""
    return name.endswith(ENDINGS)


def read_file(path: Path, name: str) -> tuple[Case, ...]:
    """The cases of a file, which messages call ``name``. Raises CaseError with all of its mistakes."""
    from vtlsim.cases.load import load
    from vtlsim.surfaces.files import text_of

    try:
        found: CaseFile = load(text_of(path), name)
    except (OSError, ValueError) as error:
        raise CaseError(f"{name}: {error}") from None
    if found.problems:
        from vtlsim.explain.problems import page

        raise CaseError(page(found.problems))
    return found.cases


def is_case_folder(template: Path) -> bool:
    """Whether a ``template.vtl`` stands in a folder that is a case."""
    from vtlsim.cases.folder import EXPECTED, TEMPLATE

    return template.name == TEMPLATE and any((template.parent / each).is_file() for each in EXPECTED)


def read_folder(template: Path, name: str) -> Case:
    """The case of the folder in which a ``template.vtl`` stands. Raises CaseError."""
    from vtlsim.cases.folder import FILES, FolderError, folder_case
    from vtlsim.surfaces.files import text_of

    folder = template.parent
    try:
        texts = {each: text_of(folder / each) for each in FILES if (folder / each).is_file()}
        return folder_case(folder.resolve().name, name, texts)
    except FolderError as error:
        raise CaseError(f"{folder / error.file}: {error}") from None
    except (OSError, ValueError) as error:
        raise CaseError(f"{folder}: {error}") from None


def find(place: str, folder: Path | None = None) -> tuple[Case, Path]:
    """The case that ``CASEFILE::NAME`` means, and the path of its file; without a name, a file's only case.

    Raises CaseError, with the nearest name where there is no such case.
    """
    file, _, name = place.partition("::")
    path = (folder or Path()) / file
    if path.is_dir():
        path = path / "template.vtl"
    if path.name == "template.vtl" and not is_case_file(path.name):
        return read_folder(path, file), path
    if not path.is_file():
        raise CaseError(f"error: {file}: no such case file")
    cases = read_file(path, file)
    if not name and len(cases) == 1:
        return cases[0], path
    for case in cases:
        if case.name == name:
            return case, path
    from vtlsim.config.problems import nearest

    names = [case.name for case in cases]
    near = nearest(name, names)
    hint = f"did you mean {near!r}?" if near is not None else f"there are {', '.join(map(repr, names[:12]))}"
    raise CaseError(f"error: {file} has no case {name!r}; {hint}" if name else f"error: {file}: which case? {hint}")


class Ran(NamedTuple):
    """A case that was run. ``faults`` is empty when it passed; ``rendered`` are the outputs of watched renderings, for
    showing which line wrote what: they are made when asked for.
    """

    case: Case
    path: Path
    outcome: Outcome
    faults: tuple[Fault, ...]
    call: Call | None = None
    exchange: Exchange | None = None

    def text(self) -> str:
        """What a failing case prints: the differences, the template's lines that wrote them, one line to copy."""
        return "\n".join(_failure(self))


def run(case: Case, path: Path, definitions: Definitions, *, snapshot: str | None = None) -> Ran:
    """Runs a case that stands in ``path``. Raises CaseError when what it names cannot be had."""
    if case.definition is not None:
        return _invoked(case, path, definitions, snapshot)
    ready = call_of(case, path, definitions)
    from vtlsim.gateway.findings import RenderFailed

    found = ready.run()
    if isinstance(found, RenderFailed):
        outcome = Outcome(None, found)
    else:
        overrides = None
        if case.expect.overrides is not None:
            from vtlsim.explain.record import plain

            overrides = {
                "requestOverride": plain(found.overrides.request),
                "responseOverride": plain(found.overrides.response),
            }
        outcome = Outcome(found.text, None, overrides)
    return Ran(case, path, outcome, judge(case, outcome, snapshot), call=ready)


def call_of(case: Case, path: Path, definitions: Definitions) -> Call:
    """The rendering that a template's case asks for. Raises CaseError."""
    from vtlsim.gateway.model import TemplateText  # only the type is known above: start-up is a feature

    assert case.template is not None
    if case.template_is_text:
        template = TemplateText(case.template, f"{case.file} ({case.name})")
    else:
        file = path.parent / case.template
        try:
            template = TemplateText(definitions.text(file), shown_path(file))
        except (OSError, ValueError) as error:
            raise CaseError(_no_file(case, file, error)) from None
    return rendering_of(case, template)


def rendering_of(case: Case, template: TemplateText) -> Call:
    """The rendering of a template in a case's situation."""
    from vtlsim.surfaces.rendering import call

    return call(
        template,
        case.body,
        case.headers,
        case.query,
        case.path_parameters,
        case.stage_variables,
        case.context,
        case.variables,
        case.phase,
        case.engine,
        case.jsonpath,
    )


def shown_path(path: Path) -> str:
    """A path as people would type it: relative to the working folder where it is inside it."""
    import os

    absolute = os.path.abspath(path)  # noqa: PTH100 - symbolic links stay as they were typed
    here = os.getcwd()  # noqa: PTH109 - as above
    return absolute[len(here) + 1 :] if absolute.startswith(here + os.sep) else str(path)


def _no_file(case: Case, file: Path, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    near = ""
    if not file.exists() and file.parent.is_dir():
        from vtlsim.config.problems import nearest

        there = [
            each.name for each in file.parent.iterdir() if each.suffix in {".vtl", ".vm", ".yaml", ".yml", ".json"}
        ]
        found = nearest(file.name, there)
        near = f"; did you mean {found}?" if found is not None else ""
    return f"{case.file}:{case.line}: error: {shown_path(file)}: {reason}{near}"


def _invoked(case: Case, path: Path, definitions: Definitions, snapshot: str | None) -> Ran:
    from vtlsim.surfaces.library import DefinitionError

    assert case.definition is not None
    file = path.parent / case.definition
    try:
        api = definitions.api(file, case.api)
    except DefinitionError as error:
        raise CaseError(str(error)) from None
    except OSError as error:
        raise CaseError(_no_file(case, file, error)) from None
    exchange = api.invoke(
        case.method,
        target(case),
        case.body,
        case.headers,
        case.backend,
        stage=case.stage,
        stage_variables=case.stage_variables,
        context=case.context,
        engine=case.engine,
        jsonpath=case.jsonpath,
    )
    sent = exchange.integration_request
    answer = None
    text: str | bytes | None = None if sent is None else sent.body
    if exchange.status is not None:
        pairs = tuple((name, value) for name, values in exchange.multi_value_headers.items() for value in values)
        answer = (exchange.status, pairs, exchange.body)
        text = exchange.body
    overrides = None
    if case.expect.overrides is not None:
        overrides = _overrides(exchange)
    outcome = Outcome(text, exchange.template_failure, overrides, sent, answer)
    return Ran(case, path, outcome, judge(case, outcome, snapshot), exchange=exchange)


def target(case: Case) -> str:
    """The request's path with its query string."""
    if not case.query:
        return case.path
    from urllib.parse import urlencode

    return f"{case.path}{'&' if '?' in case.path else '?'}{urlencode(case.query)}"


def _overrides(exchange: Exchange) -> dict[str, Any]:
    from vtlsim.explain.record import plain
    from vtlsim.gateway.findings import BodyRendered

    made: dict[str, Any] = {"requestOverride": {}, "responseOverride": {}}
    for found in exchange.findings:
        if isinstance(found, BodyRendered):
            made = {
                "requestOverride": plain(found.overrides.request),
                "responseOverride": plain(found.overrides.response),
            }
    return made


# -- the words of a failure -------------------------------------------------------------------------------------------


def _failure(ran: Ran) -> Iterator[str]:
    watched: list[BodyRendered] | None = None
    for fault in ran.faults:
        yield fault.said
        if fault.output is None or fault.part is None:
            continue
        if watched is None:
            watched = _watched(ran)
        made = next((each for each in watched if each.text == fault.output), None)
        if made is not None:
            from vtlsim.explain.wrote import block, writer

            place = writer(made, fault.part)
            if place is not None:
                yield block(place)
    yield f"  rerun: {rerun(ran.case, ran.path)}"


def _watched(ran: Ran) -> list[BodyRendered]:
    from vtlsim.gateway.findings import BodyRendered

    findings = (ran.call.run(watched=True),) if ran.call is not None else ran.exchange.trace.findings  # type: ignore[union-attr] # one of the two is there
    return [found for found in findings if isinstance(found, BodyRendered)]


def rerun(case: Case, path: Path) -> str:
    """One line to copy that shows the case once more, step by step."""
    from shlex import quote

    place = quote(f"{shown_path(path)}::{case.name}")
    if path.name == "template.vtl":
        place = quote(shown_path(path.parent))
    if case.definition is not None:
        return f"vtlsim test {place} --trace"
    template = (
        "" if case.template is None or case.template_is_text else f" {quote(shown_path(path.parent / case.template))}"
    )
    return f"vtlsim render{template} -e {place} --format trace"


# -- snapshots --------------------------------------------------------------------------------------------------------

SNAPSHOTS = "__snapshots__"


def snapshot_path(case: Case, path: Path) -> Path:
    """Where the snapshot of a case is kept: one file for each, so that runs side by side do not meet."""
    from re import sub

    slug = sub(r"[^A-Za-z0-9._-]+", "-", case.name).strip("-.")[:80]
    if slug != case.name:
        from hashlib import sha256

        slug = f"{slug}-{sha256(case.name.encode('utf-8', 'replace')).hexdigest()[:6]}"
    return snapshot_folder(path) / f"{slug}.txt"


def snapshot_folder(path: Path) -> Path:
    """The folder of a case file's snapshots."""
    name = path.name
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return path.parent / SNAPSHOTS / name


def read_snapshot(case: Case, path: Path) -> str | None:
    """The stored snapshot, exactly; None where there is none."""
    place = snapshot_path(case, path)
    try:
        return place.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None


def write_snapshot(case: Case, path: Path, text: str) -> None:
    """Stores a snapshot."""
    place = snapshot_path(case, path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode("utf-8", "replace"))


def unused_snapshots(cases: tuple[Case, ...], path: Path) -> list[Path]:
    """Snapshots of a case file that belong to none of its cases."""
    folder = snapshot_folder(path)
    if not folder.is_dir():
        return []
    used = {snapshot_path(case, path) for case in cases if case.expect.snapshot}
    return sorted(each for each in folder.iterdir() if each.suffix == ".txt" and each not in used)


def run_with_snapshot(case: Case, path: Path, definitions: Definitions, *, update: bool) -> Ran:
    """Runs a case with its snapshot; with ``update``, a snapshot that is missing or differs is written anew."""
    if not case.expect.snapshot:
        return run(case, path, definitions)
    stored = read_snapshot(case, path)
    ran = run(case, path, definitions, snapshot=stored)
    text = ran.outcome.text
    if update and isinstance(text, str) and text != stored:
        write_snapshot(case, path, text)
        ran = ran._replace(faults=judge(case, ran.outcome, text))
    return ran
