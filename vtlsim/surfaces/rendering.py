"""``vtlsim.render``: one template over one request, and what comes of it.

What may live here: turning plain Python values into the gateway's types, and the two outcomes as users see them: a
:class:`Rendering`, or an exception whose text shows the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from vtlsim.gateway.findings import RenderFailed
from vtlsim.gateway.headers import NO_HEADERS, Headers
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS, EMPTY, TEXTS, MethodRequest, Overrides, TemplateText
from vtlsim.gateway.rendering import Scene
from vtlsim.gateway.rendering import render as render_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from vtlsim.explain.cautions import Caution
    from vtlsim.gateway.findings import BodyRendered, Finding
    from vtlsim.gateway.model import EngineName, JsonPathName, Phase, Surroundings

    Pairs: TypeAlias = Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]]
    """Names and values: a mapping whose values are one text or several, or pairs in order."""


class TemplateError(Exception):
    """A template was not rendered: it does not parse, a method of it failed, or it met a bound.

    ``line`` and ``column`` count from 1 (None where there is no place); ``finding`` has the facts. The text is that of
    the command line: the place, the line, carets.
    """

    def __init__(self, finding: RenderFailed) -> None:
        super().__init__(finding.message)
        self.finding = finding
        self.message = finding.message
        self.line = finding.position.line if finding.position is not None else None
        self.column = finding.position.column if finding.position is not None else None

    def __str__(self) -> str:
        from vtlsim.explain.console import failure

        return failure(self.finding)


class PayloadError(TemplateError):
    """The template read the body as JSON and it is none: API Gateway answers 400."""


class NotJsonError(ValueError):
    """What a template rendered is no JSON. ``line`` and ``column`` are places in the rendered text."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class Trace:
    """What was found out, step by step. ``str()`` is the text of ``--format trace``."""

    __slots__ = ("findings",)

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings

    @property
    def record(self) -> dict[str, object]:
        """The trace as plain values, with a version: see :mod:`vtlsim.explain.record`."""
        from vtlsim.explain.record import record

        return record(self.findings)

    def __str__(self) -> str:
        from vtlsim.explain.console import trace

        return trace(self.findings)


class Rendering:
    """A rendered template.

    ``text`` is the output. The rest is worked out when it is asked for.
    """

    __slots__ = ("_call", "_found", "text")

    def __init__(self, found: BodyRendered, call: Call) -> None:
        self.text = found.text
        self._found = found
        self._call = call

    @property
    def json(self) -> Any:
        """The output read as JSON. Raises NotJsonError, with the place, when it is none."""
        __tracebackhide__ = True
        import json

        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            from vtlsim.explain.console import fault
            from vtlsim.velocity.source import Source, Span

            name = f"{self._found.template.name} (output)"
            shown = fault(Source(self.text, name), Span(error.pos, error.pos + 1), f"not JSON: {error.msg}")
            raise NotJsonError(shown, error.lineno, error.colno) from None

    @property
    def overrides(self) -> dict[str, Any]:
        """What the template left in ``$context``: ``{"requestOverride": {...}, "responseOverride": {...}}``."""
        from vtlsim.explain.record import plain

        found = self._found.overrides
        return {"requestOverride": plain(found.request), "responseOverride": plain(found.response)}

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """What AWS would do silently and a person would want to know, each with its place."""
        if not (self._found.notices or self._found.unknown or self._found.unreadable):
            return ()
        from vtlsim.explain.cautions import cautions

        return cautions(self._found)

    @property
    def trace(self) -> Trace:
        """What each line of the template did. The template is rendered once more, watched, when this is asked for."""
        return Trace((self._call.run(watched=True),))

    def __repr__(self) -> str:
        return f"<Rendering of {self._found.template.name}: {self.text[:60]!r}>"


class Call:
    """Everything that one rendering is made from, so that it can be made again."""

    __slots__ = ("around", "body", "phase", "scene", "template")

    def __init__(
        self, template: TemplateText, phase: Phase, body: str | bytes | None, scene: Scene, around: Surroundings
    ) -> None:
        self.template = template
        self.phase = phase
        self.body = text_of_body(body)
        self.scene = scene
        self.around = around

    def run(self, *, watched: bool = False) -> BodyRendered | RenderFailed:
        """The finding of one rendering."""
        around = self.around._replace(watched=True) if watched else self.around
        return render_template(self.template, self.phase, self.body, self.scene, around)


def call(
    template: str | Path | TemplateText,
    body: str | bytes | None = None,
    headers: Pairs | None = None,
    query: Pairs | None = None,
    path: Mapping[str, str] | None = None,
    stage_variables: Mapping[str, str] | None = None,
    context: Mapping[str, object] | None = None,
    variables: Mapping[str, object] | None = None,
    phase: Phase = "request",
    engine: EngineName = "velocity",
    jsonpath: JsonPathName = "jayway",
) -> Call:
    """A rendering that is ready to be made. The parameters are those of :func:`render`."""
    parameters = dict(path or {})
    request = MethodRequest("POST", "/", pairs(query), _headers(headers), path_parameters=parameters)
    around = DEFAULT_SURROUNDINGS._replace(
        context=EMPTY if context is None else context,
        variables=EMPTY if variables is None else variables,
        stage_variables=stage_variables,
        engine=engine,
        jsonpath=jsonpath,
    )
    scene = Scene(request, "/", "resource", parameters, stage_variables or TEXTS, Overrides(), None)
    return Call(template_text(template), phase, body, scene, around)


def render(
    template: str | Path,
    body: str | bytes | None = None,
    headers: Pairs | None = None,
    query: Pairs | None = None,
    path: Mapping[str, str] | None = None,
    stage_variables: Mapping[str, str] | None = None,
    context: Mapping[str, object] | None = None,
    variables: Mapping[str, object] | None = None,
    phase: Phase = "request",
    engine: EngineName = "velocity",
    jsonpath: JsonPathName = "jayway",
) -> Rendering:
    """Renders a mapping template as API Gateway would.

    ``template`` is its text, or the pathlib.Path of its file. ``body`` is the payload that the template sees as
    ``$input``; with ``phase="response"`` that is the backend's. ``headers``, ``query`` and ``path`` are the method
    request's, names matching exactly. ``context`` overlays ``$context``; ``variables`` are further variables by name.
    ``engine`` is ``velocity`` or ``airspeed``, ``jsonpath`` ``jayway``, ``jayway-2.0`` or ``jsonpath-ng``. Raises
    TemplateError when the template does not render, PayloadError (a TemplateError) when the body is the reason,
    OSError when the file cannot be read.
    """
    __tracebackhide__ = True
    ready = call(template, body, headers, query, path, stage_variables, context, variables, phase, engine, jsonpath)
    return outcome(ready)


def outcome(ready: Call) -> Rendering:
    """A rendering, made. Raises TemplateError."""
    __tracebackhide__ = True
    found = ready.run()
    if isinstance(found, RenderFailed):
        raise (PayloadError if found.fault == "unreadable_body" else TemplateError)(found)
    return Rendering(found, ready)


def template_text(template: str | Path | TemplateText) -> TemplateText:
    """A template's text under the name that errors will use: the file's as it was given, or ``template``."""
    if isinstance(template, TemplateText):
        return template
    if isinstance(template, str):
        return TemplateText(template)
    return TemplateText(template.read_bytes().decode("utf-8-sig"), str(template))


def text_of_body(body: str | bytes | None) -> str:
    """A payload as a template sees it; bytes that are no UTF-8 become U+FFFD."""
    if body is None or isinstance(body, str):
        return body or ""
    from vtlsim.gateway.utf8 import text_of

    return text_of(bytes(body))


def pairs(given: Pairs | None) -> tuple[tuple[str, str], ...]:
    """Names and values in order, whichever way they were given."""
    return _headers(given).pairs


def _headers(given: Pairs | None) -> Headers:
    if not given:
        return NO_HEADERS
    return Headers.of(given) if hasattr(given, "items") else Headers(given)  # type: ignore[arg-type] # told apart by items
