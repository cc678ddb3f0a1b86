"""Definitions on disk, read again when they change; a broken edit keeps the last good one.

What may live here: reading definitions and their templates, seeing that a file changed, and what is wrong with it now.
Where an Api is then mounted is :mod:`vtlsim.surfaces.server.mounts`' business.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vtlsim.config.definition import AmbiguousApi, Loaded, load_definition
from vtlsim.config.reader import Texts
from vtlsim.explain.console import fault
from vtlsim.explain.places import located, retold
from vtlsim.explain.problems import block
from vtlsim.surfaces.files import Folder, reason, text_of
from vtlsim.surfaces.server.mounts import Snapshot
from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vtlsim.gateway.model import Api, TemplateText


class Trouble(NamedTuple):
    """Something wrong with a definition. ``text`` is the whole block with its place; ``severity`` error or warning.

    ``in_template``: a template does not parse. The service finds out when the template is used, and answers 500.
    """

    severity: str
    message: str
    file: str
    line: int
    column: int
    text: str
    in_template: bool = False


class Read(NamedTuple):
    """What reading a definition gave. ``apis`` are by name; with errors among the ``troubles`` they may be missing."""

    apis: Mapping[str, Api]
    snapshots: Mapping[str, Snapshot]
    files: tuple[Path, ...]
    troubles: tuple[Trouble, ...]

    @property
    def errors(self) -> tuple[Trouble, ...]:
        """What keeps it from taking the place of one that is served."""
        return tuple(each for each in self.troubles if each.severity == "error")

    @property
    def can_be_served(self) -> bool:
        """Whether AWS would take it: templates that do not parse are no hindrance."""
        return bool(self.apis) and all(each.in_template for each in self.errors)


class _Recorded:
    """A Reader that keeps what it read."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.texts: dict[str, str] = {}

    def read(self, path: str) -> str:
        text = self.texts[path] = self._folder.read(path)
        return text


def read(definition: str, wanted: str | None = None, parameters: Mapping[str, str] | None = None) -> Read:
    """Reads a definition, every API of it or the wanted one, and compiles its templates. Raises nothing."""
    path = Path(definition)
    try:
        text = text_of(path)
    except (OSError, ValueError) as error:
        why = reason(error)
        trouble = Trouble("error", why, definition, 0, 0, f"{definition}: error: {why}")
        return Read({}, {}, (path,), (trouble,))
    reader = _Recorded(Folder(path.parent))
    found = load_definition(text, definition, reader, parameters=parameters, environment=os.environ, api=wanted)
    names: tuple[str | None, ...] = (wanted,)
    if isinstance(found, AmbiguousApi):
        if wanted is not None:
            why = f"has no API {wanted!r}; it has {', '.join(found.names)}"
            trouble = Trouble("error", why, definition, 0, 0, f"{definition}: error: {why}")
            return Read({}, {}, (path,), (trouble,))
        names = found.names
    apis: dict[str, Api] = {}
    snapshots: dict[str, Snapshot] = {}
    troubles: dict[Trouble, None] = {}
    for name in names:
        if name is not wanted or isinstance(found, AmbiguousApi):
            found = load_definition(text, definition, reader, parameters=parameters, environment=os.environ, api=name)
        if isinstance(found, AmbiguousApi):
            continue
        for problem in found.problems:
            troubles[
                Trouble(problem.severity, problem.message, problem.file, problem.line, problem.column, block(problem))
            ] = None
        if found.api is None:
            continue
        for trouble in template_troubles(found.api):
            troubles[trouble] = None
        key = found.name or "api"
        apis[key] = found.api
        snapshots[key] = _snapshot(definition, text, reader.texts, name, parameters)
    if not apis and not any(each.severity == "error" for each in troubles):
        why = "it defines no REST API"
        troubles[Trouble("error", why, definition, 0, 0, f"{definition}: error: {why}")] = None
    files = (path, *(path.parent / each for each in reader.texts))
    return Read(apis, snapshots, files, tuple(troubles))


def api_of(snapshot: Snapshot) -> Api | None:
    """The Api of a snapshot's texts; None when this version of vtlsim reads none from them."""
    found = load_definition(
        snapshot.text,
        snapshot.name,
        Texts(snapshot.files),
        parameters=snapshot.parameters,
        environment=os.environ,
        api=snapshot.api,
    )
    return found.api if isinstance(found, Loaded) else None


def templates_of(api: Api) -> Iterator[tuple[str, TemplateText]]:
    """Every mapping template of an Api, with ``request`` or ``response``."""
    methods = [method for resource in api.resources for method in resource.methods.values()]
    if api.fallback is not None:
        methods.append(api.fallback)
    for method in methods:
        if method.integration is None:
            continue
        for _, template in method.integration.request_templates:
            yield "request", template
        for answer in method.integration.integration_responses:
            for _, template in answer.response_templates:
                yield "response", template


def template_troubles(api: Api) -> list[Trouble]:
    """Templates that do not parse, each with its place: in its own file, or in the document that holds it."""
    found: list[Trouble] = []
    for _, template in templates_of(api):
        try:
            Template(template.text, template.name)
        except TemplateSyntaxError as error:
            source, span = located(template, error.span)
            line, column = source.position(span.start)
            shown = fault(source, span, retold(template, error.message), expected=error.expected)
            found.append(Trouble("error", error.message, source.name, line, column, shown, in_template=True))
    return found


def _snapshot(
    name: str, text: str, files: Mapping[str, str], api: str | None, parameters: Mapping[str, str] | None
) -> Snapshot:
    digest = hashlib.sha256()
    parts: list[Sequence[str]] = [(name, text, api or ""), *sorted(files.items()), *sorted((parameters or {}).items())]
    for part in parts:
        for each in part:
            digest.update(f"{len(each)}:".encode())
            digest.update(each.encode("utf-8", "surrogatepass"))
    return Snapshot(digest.hexdigest()[:24], name, text, dict(files), api, dict(parameters) if parameters else None)


class Watched:
    """A definition and whether its files are as they were when it was read last."""

    def __init__(
        self, definition: str, base: str, wanted: str | None = None, parameters: Mapping[str, str] | None = None
    ) -> None:
        self.definition = definition
        self.base = base
        self.wanted = wanted
        self.parameters = parameters
        self.good: Read | None = None
        self.last: Read | None = None
        self._seen: dict[Path, object] = {}

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What is wrong with the definition as it stands on disk."""
        return () if self.last is None else self.last.troubles

    @property
    def is_stale(self) -> bool:
        """Whether an older state is served than the one on disk, because that one is broken."""
        return self.last is not None and bool(self.last.errors) and self.good is not self.last

    def has_changed(self) -> bool:
        """Whether a file is not as it was read."""
        return any(_look(path) != seen for path, seen in self._seen.items())

    def read(self) -> Read:
        """Reads the definition. Without errors it becomes :attr:`good`; the first one does if AWS would take it."""
        before = {path: _look(path) for path in (*self._seen, Path(self.definition))}
        found = read(self.definition, self.wanted, self.parameters)
        files = dict.fromkeys((*found.files, *(self.good.files if self.good is not None else ())))
        if found.errors:
            files[Path(self.definition).parent] = None  # a file that is missing may yet appear
        self._seen = {path: before[path] if path in before else _look(path) for path in files}
        self.last = found
        if found.can_be_served and (not found.errors or self.good is None):
            self.good = found
        return found


def _look(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)
