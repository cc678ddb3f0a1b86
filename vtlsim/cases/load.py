"""A case file's text -> cases, with every mistake told at its place.

What may live here: what the members of a case file mean. The file's name for each member is in the tables below, and
the JSON schema that ships beside this module (vtltest.schema.json) says the same for editors; a test holds them
together. Nothing here reads a disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.cases.case import (
    ABSENT,
    NOTHING,
    Case,
    Expectation,
    ExpectedError,
    ExpectedMessage,
    Mark,
    Text,
)
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain, read
from vtlsim.config.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problem
    from vtlsim.gateway.model import BackendFailure, BackendResponse

FILE: Final = ("defaults", "tests")
REQUEST: Final = (
    *("template", "definition", "phase", "api", "method", "path", "stage", "body", "headers", "query"),
    *("stage_variables", "context", "variables", "engine", "jsonpath", "backend", "marks", "expect"),
)
"""Members of a case and of ``defaults``."""
CASE: Final = ("name", *REQUEST, "parametrize")
ROW: Final = ("id", *REQUEST)
EXPECT: Final = (
    *("json", "text", "regex", "contains", "strict", "snapshot", "valid_json", "error", "status", "overrides"),
    *("integrationRequest", "response"),
)
ERROR: Final = ("line", "column", "message")
BODY: Final = ("json", "text", "regex", "contains", "strict", "valid_json")
SENT: Final = ("method", "uri", "headers", "query", *BODY)
RESPONSE: Final = ("status", "headers", *BODY)
BACKEND: Final = ("status", "headers", "body", "latency", "failure", "detail")
FAILURES: Final = ("timeout", "connection", "invalid_endpoint", "certificate", "permission")
CHOICES: Final = {
    "phase": ("request", "response"),
    "engine": ("velocity", "airspeed"),
    "jsonpath": ("jayway", "jayway-2.0", "jsonpath-ng"),
}
_OF_A_DEFINITION: Final = ("api", "method", "stage", "backend")
_MERGED: Final = frozenset({"headers", "query", "stage_variables", "context", "variables"})


class CaseFile(NamedTuple):
    """A case file, read: the cases that could be read, in its order, and every mistake."""

    cases: tuple[Case, ...]
    problems: tuple[Problem, ...]


def load(text: str, name: str) -> CaseFile:
    """The cases of a file. ``name`` is what people call the file; cases carry it."""
    problems = Problems()
    node = read(text, name, problems)
    cases = tuple(_File(name, problems).cases(node)) if node is not None else ()
    return CaseFile(cases, problems.all())


class _File:
    """One file on its way to cases."""

    def __init__(self, name: str, problems: Problems) -> None:
        self.name = name
        self.problems = problems
        self.starts: Any = None

    def wrong(self, at: Node, message: str) -> None:
        self.problems.error(at, message, code="case")

    def members(self, node: Node, what: str, valid: tuple[str, ...]) -> Mapping | None:
        """A mapping whose members are known; anything else is reported."""
        if not isinstance(node, Mapping):
            self.wrong(node, f"{what} is a mapping")
            return None
        for key in node.entries:
            if key not in valid:
                self.problems.unknown(node.key(key), f"member of {what}", key, valid)
        return node

    def cases(self, node: Node) -> Iterator[Case]:
        top = self.members(node, "a case file", FILE)
        if top is None:
            return
        defaults = top.get("defaults")
        below = None if defaults is None or _is_null(defaults) else self.members(defaults, "defaults", REQUEST)
        tests = top.get("tests")
        if tests is None:
            self.wrong(node, "a case file has tests")
            return
        if not isinstance(tests, Sequence):
            self.wrong(tests, "tests is a list of cases")
            return
        names: dict[str, Node] = {}
        for each in tests:
            found = self.members(each, "a case", CASE)
            if found is None:
                continue
            for case, at in self.expanded(found, below):
                if case.name in names:
                    self.wrong(at, f"there are two cases named {case.name!r}")
                    continue
                names[case.name] = at
                yield case

    def expanded(self, node: Mapping, below: Mapping | None) -> Iterator[tuple[Case, Node]]:
        """The case, or one for each row of ``parametrize``."""
        named = node.get("name")
        if named is None:
            self.wrong(node, "a case has a name")
            return
        name = self.text(named, "name")
        if name is None:
            return
        if not name or "::" in name or "\n" in name:
            self.wrong(named, "a case's name is one line without ::")
            return
        layers = [node] if below is None else [node, below]
        rows = node.get("parametrize")
        if rows is None:
            yield _Case(self, layers).made(name), named
            return
        if not isinstance(rows, Sequence):
            self.wrong(rows, "parametrize is a list of what differs")
            return
        for at, each in enumerate(rows):
            row = self.members(each, "a row of parametrize", ROW)
            if row is not None:
                given = row.get("id")
                label = str(at) if given is None else self.text(given, "id")
                yield _Case(self, [row, *layers]).made(f"{name}[{label}]"), each

    def text(self, node: Node, what: str) -> str | None:
        if isinstance(node, Scalar):
            return node.text
        self.wrong(node, f"{what} is a text")
        return None

    def number(self, node: Node, what: str, low: int = 0, high: int = 2**31) -> int | None:
        if isinstance(node, Scalar) and type(node.value) is int and low <= node.value <= high:
            return node.value
        self.wrong(node, f"{what} is a whole number" + (f" from {low} to {high}" if high < 2**31 else ""))
        return None

    def truth(self, node: Node, what: str) -> bool:
        if isinstance(node, Scalar) and type(node.value) is bool:
            return node.value
        self.wrong(node, f"{what} is true or false")
        return True

    def mapping(self, node: Node | None, what: str) -> Mapping | None:
        if node is None or isinstance(node, Mapping):
            return node
        if not _is_null(node):
            self.wrong(node, f"{what} is a mapping")
        return None

    def line(self, node: Node) -> int:
        return node.document.source.position(node.start).line


class _Case:
    """One case: its own members over those of the file's defaults."""

    def __init__(self, file: _File, layers: list[Mapping]) -> None:
        self.file = file
        self.layers = layers

    def get(self, name: str) -> Node | None:
        for layer in self.layers:
            node = layer.entries.get(name)
            if node is not None:
                return node
        return None

    def each(self, name: str) -> list[Mapping]:
        """The mappings under a name, outermost layer first."""
        found = [layer.entries[name] for layer in reversed(self.layers) if name in layer.entries]
        return [each for node in found if (each := self.file.mapping(node, name)) is not None]

    def made(self, name: str) -> Case:
        file = self.file
        subject = next((layer for layer in self.layers if "template" in layer or "definition" in layer), None)
        if subject is None:
            file.wrong(self.layers[0], f"the case {name!r} has neither a template nor a definition")
        elif "template" in subject and "definition" in subject:
            file.wrong(subject.key("definition"), "a case has a template or a definition, not both")
        template = None if subject is None else subject.get("template")
        definition = None if subject is None else subject.get("definition")
        for member in _OF_A_DEFINITION if template is not None else ("phase",):
            if member in self.layers[0]:
                needed = "a definition" if template is not None else "a template"
                file.wrong(self.layers[0].key(member), f"{member} needs {needed}")
        path, path_parameters = self.path(template is not None)
        return Case(
            name,
            file.name,
            file.line(self.layers[0]),
            None if template is None else file.text(template, "template"),
            None if definition is None else file.text(definition, "definition"),
            self.choice("phase"),
            self.optional("api"),
            self.optional("method") or "POST",
            path,
            self.optional("stage"),
            self.body(),
            self.pairs("headers"),
            self.pairs("query"),
            path_parameters,
            self.texts("stage_variables"),
            self.merged("context"),
            self.merged("variables"),
            self.choice("engine"),
            self.choice("jsonpath"),
            self.backend(),
            self.marks(),
            self.expectation(of_template=template is not None),
        )

    def optional(self, name: str) -> str | None:
        node = self.get(name)
        return None if node is None or _is_null(node) else self.file.text(node, name)

    def choice(self, name: str) -> Any:
        node = self.get(name)
        if node is None:
            return CHOICES[name][0]
        value = self.file.text(node, name)
        if value is not None and value not in CHOICES[name]:
            self.file.problems.unknown(node, name, value, CHOICES[name])
            return CHOICES[name][0]
        return value or CHOICES[name][0]

    def path(self, of_template: bool) -> tuple[str, Any]:
        node = self.get("path")
        if node is None:
            return "/", NOTHING
        if isinstance(node, Mapping):
            if not of_template:
                self.file.wrong(node, "with a definition, path is the request's path")
            return "/", {key: self.file.text(each, f"path.{key}") or "" for key, each in node.items()}
        text = self.file.text(node, "path") or "/"
        if of_template and "path" in self.layers[0]:
            self.file.wrong(node, "with a template, path is a mapping of path parameters")
        elif not text.startswith("/"):
            self.file.wrong(node, "a path begins with a slash")
        return text, NOTHING

    def body(self) -> str | None:
        node = self.get("body")
        if node is None:
            return None
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return node.value
        return self.file_json(node)

    def file_json(self, node: Node) -> str | None:
        """A value as compact JSON in the order of its keys."""
        import json

        try:
            return json.dumps(plain(node), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        except ValueError:
            self.file.wrong(node, "JSON has no such number")
            return None

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        found: dict[str, tuple[str, ...]] = {}
        for mapping in self.each(name):
            for key, node in mapping.items():
                if _is_null(node):
                    found.pop(key, None)
                    continue
                nodes = list(node.items) if isinstance(node, Sequence) else [node]
                found[key] = tuple(self.file.text(each, f"{name}.{key}") or "" for each in nodes)
        return tuple((key, value) for key, values in found.items() for value in values)

    def texts(self, name: str) -> dict[str, str] | None:
        found: dict[str, str] | None = None
        for mapping in self.each(name):
            found = found or {}
            for key, node in mapping.items():
                found[key] = self.file.text(node, f"{name}.{key}") or ""
        return found

    def merged(self, name: str) -> Any:
        layers = self.each(name)
        if not layers:
            return NOTHING
        made: dict[str, Any] = {}
        for mapping in layers:
            _merge(made, plain(mapping))
        return made

    def backend(self) -> BackendResponse | BackendFailure | None:
        node = self.get("backend")
        if node is None or _is_null(node):
            return None
        found = self.file.members(node, "a backend", BACKEND)
        if found is None:
            return None
        from vtlsim.gateway.headers import Headers
        from vtlsim.gateway.model import BackendFailure, BackendResponse

        failure = found.get("failure")
        if failure is not None:
            kind: Any = self.file.text(failure, "failure")
            if kind not in FAILURES:
                self.file.problems.unknown(failure, "failure", str(kind), FAILURES)
                return None
            detail = found.get("detail")
            return BackendFailure(kind, (detail is not None and self.file.text(detail, "detail")) or "")
        status, body, latency = found.get("status"), found.get("body"), found.get("latency")
        pairs: list[tuple[str, str]] = []
        headers = self.file.mapping(found.get("headers"), "headers")
        for key, each in headers.items() if headers is not None else ():
            values = each.items if isinstance(each, Sequence) else [each]
            pairs += ((key, self.file.text(value, f"headers.{key}") or "") for value in values)
        content = ""
        if body is not None:
            is_text = isinstance(body, Scalar) and isinstance(body.value, str)
            content = body.text if isinstance(body, Scalar) and is_text else self.file_json(body) or ""
        return BackendResponse(
            200 if status is None else self.file.number(status, "status", 100, 599) or 200,
            Headers(pairs),
            content.encode("utf-8", "replace"),
            0 if latency is None else self.file.number(latency, "latency") or 0,
        )

    def marks(self) -> tuple[Mark, ...]:
        found: list[Mark] = []
        for layer in reversed(self.layers):
            node = layer.get("marks")
            for each in _listed(node):
                if isinstance(each, Scalar) and isinstance(each.value, str):
                    found.append(Mark(each.value))
                elif isinstance(each, Mapping) and len(each) == 1:
                    name, given = next(each.items())
                    arguments = plain(given)
                    found.append(
                        Mark(name, arguments if isinstance(arguments, dict) else {"reason": given_text(given)})
                    )
                else:
                    self.file.wrong(each, "a mark is a name, or one name with its arguments")
        return tuple(found)

    # -- what is expected ---------------------------------------------------------------------------------------------

    def expectation(self, *, of_template: bool) -> Expectation:
        file = self.file
        nodes: dict[str, Node] = {}
        for layer in reversed(self.layers):
            node = layer.get("expect")
            found = None if node is None else file.members(node, "expect", EXPECT)
            if found is not None:
                if of_template:
                    for member in ("status", "integrationRequest", "response"):
                        if member in found:
                            file.wrong(found.key(member), f"{member} needs a definition")
                nodes.update(found.entries)
        get = nodes.get
        return Expectation(
            self.expected_text(nodes),
            (node := get("snapshot")) is not None and file.truth(node, "snapshot"),
            self.expected_error(get("error")),
            None if (node := get("status")) is None else file.number(node, "status", 100, 599),
            None if (node := get("overrides")) is None else self.overrides(node),
            self.message(get("integrationRequest"), "integrationRequest", SENT),
            self.message(get("response"), "response", RESPONSE),
        )

    def overrides(self, node: Node) -> dict[str, Any] | None:
        found = self.file.members(node, "overrides", ("requestOverride", "responseOverride"))
        value = None if found is None else plain(found)
        return value if isinstance(value, dict) else None

    def expected_text(self, nodes: dict[str, Node]) -> Text:
        file, get = self.file, nodes.get
        regex = None if (node := get("regex")) is None else file.text(node, "regex")
        if regex is not None:
            import re

            try:
                re.compile(regex)
            except re.error as error:
                file.wrong(nodes["regex"], f"not a regular expression: {error}")
                regex = None
        return Text(
            ABSENT if (node := get("json")) is None else plain(node),
            None if (node := get("text")) is None else file.text(node, "text"),
            regex,
            tuple(file.text(each, "contains") or "" for each in _listed(get("contains"))),
            None if (node := get("valid_json")) is None else file.truth(node, "valid_json"),
            (node := get("strict")) is None or file.truth(node, "strict"),
        )

    def expected_error(self, node: Node | None) -> ExpectedError | None:
        if node is None:
            return None
        if isinstance(node, Scalar):
            if node.value is True:
                return ExpectedError()
            if isinstance(node.value, str):
                return ExpectedError(message=node.value)
            self.file.wrong(node, "error is true, a part of its message, or line, column and message")
            return None
        found = self.file.members(node, "error", ERROR)
        if found is None:
            return None
        line, column, message = (found.get(each) for each in ERROR)
        return ExpectedError(
            None if line is None else self.file.number(line, "line", 1),
            None if column is None else self.file.number(column, "column", 1),
            None if message is None else self.file.text(message, "message"),
        )

    def message(self, node: Node | None, what: str, valid: tuple[str, ...]) -> ExpectedMessage | None:
        if node is None:
            return None
        file = self.file
        found = file.members(node, what, valid)
        if found is None:
            return None
        headers = file.mapping(found.get("headers"), "headers")
        query = file.mapping(found.get("query"), "query")
        return ExpectedMessage(
            None if (each := found.get("method")) is None else file.text(each, "method"),
            None if (each := found.get("uri")) is None else file.text(each, "uri"),
            None if (each := found.get("status")) is None else file.number(each, "status", 100, 599),
            {
                key: None if _is_null(each) else file.text(each, f"headers.{key}")
                for key, each in (headers.items() if headers is not None else ())
            },
            {
                key: tuple(file.text(item, f"query.{key}") or "" for item in each.items)
                if isinstance(each, Sequence)
                else file.text(each, f"query.{key}") or ""
                for key, each in (query.items() if query is not None else ())
            },
            self.expected_text(found.entries),
        )


def given_text(node: Node) -> str:
    """A mark's one argument, as text."""
    return node.text if isinstance(node, Scalar) else ""


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _listed(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return list(node.items) if isinstance(node, Sequence) else [node]


def _merge(into: dict[str, Any], given: Any) -> None:
    for key, value in given.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            inner = dict(into[key])
            _merge(inner, value)
            into[key] = inner
        else:
            into[key] = value
