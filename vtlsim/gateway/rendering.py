"""One rendering of a mapping template over what it may see, in either phase.

What may live here: making the variables, running the engine, and telling apart the ways in which it can end. What
becomes of the outcome is the business of the stages ``render_body`` and ``render_response``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from vtlsim.gateway.findings import BodyRendered, RenderFailed
from vtlsim.gateway.variables.context import OverrideWrittenTwiceError, context_map, overrides_of
from vtlsim.gateway.variables.input import Input
from vtlsim.gateway.variables.members import override_writes, unknown_members, uses
from vtlsim.gateway.variables.method import method_map, parameters
from vtlsim.gateway.variables.stage import stage_map
from vtlsim.gateway.variables.util import Util
from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vtlsim.gateway.findings import RenderFault
    from vtlsim.gateway.model import (
        EngineName,
        JsonPathName,
        MethodRequest,
        Overrides,
        Phase,
        Surroundings,
        TemplateText,
    )
    from vtlsim.jsonpath import CompiledPath, Engine
    from vtlsim.velocity.errors import TemplateSyntaxError, VelocityError
    from vtlsim.velocity.nodes import Block
    from vtlsim.velocity.source import Position
    from vtlsim.velocity.watch import Notice, Sighting, Watch

MISSING_AS_JSON: Final = "GW003"
"""Register: ``$input.json`` of nothing is two quotation marks."""

UNREADABLE_PARSE: Final = "GW005"
"""Register: ``$util.parseJson`` of what json-smart refuses is the empty string."""

OVERRIDE_TWICE: Final = "GW006"
"""Register: a second write of the same override is refused with 500."""

BINARY_TEMPLATE: Final = "GW008"
"""Register: a template over a binary body is refused, whatever the bytes are."""

OTHER_JSONPATH: Final = "GW009"
"""Register: JsonPath is Jayway's, by the rules of 2.9."""


class Scene(NamedTuple):
    """What a rendering can see besides the body."""

    request: MethodRequest
    resource_path: str
    resource_id: str
    path_parameters: Mapping[str, str]
    stage_variables: Mapping[str, str]
    overrides: Overrides
    api_key_id: str | None
    endpoint_request_id: str | None = None


class _Variables(dict[str, Any]):
    """The variables of a template, each made when the template first asks for it."""

    __slots__ = ("around", "scene", "seen", "util")

    def __init__(self, seen: Input, util: Util, scene: Scene, around: Surroundings) -> None:
        if around.variables:
            self.update(around.variables)
        self.seen = seen
        self.util = util
        self.scene = scene
        self.around = around

    def get(self, name: str, default: Any = None) -> Any:
        if name in self:
            return self[name]
        make = _MAKERS.get(name)
        if make is None:
            return default
        value = self[name] = make(self)
        return value


def _made_context(variables: _Variables) -> object:
    scene = variables.scene
    return context_map(
        scene.request,
        scene.resource_path,
        scene.resource_id,
        variables.around,
        scene.overrides,
        scene.api_key_id,
        scene.endpoint_request_id,
    )


_MAKERS: Final[Mapping[str, Callable[[_Variables], object]]] = {
    "input": lambda variables: variables.seen,
    "util": lambda variables: variables.util,
    "context": _made_context,
    "stageVariables": lambda variables: stage_map(variables.scene.stage_variables),
    "method": lambda variables: method_map(variables.scene.request, variables.scene.path_parameters),
}


def render(
    template: TemplateText, phase: Phase, body: str | bytes, scene: Scene, around: Surroundings
) -> BodyRendered | RenderFailed:
    """Render a template over a body. The template's own text and the body are all that is read; nothing is changed."""
    engine = around.engine
    if isinstance(body, bytes):
        return RenderFailed(phase, template, engine, "binary_body", "the body is binary", codes=(BINARY_TEMPLATE,))

    notices: list[Notice] = []
    watch: Watch | None = None
    try:
        made = _engine(engine)(template.text, template.name)
    except _syntax_error() as error:
        position = error.position
        return RenderFailed(
            phase, template, engine, "syntax", error.message, error.span, position, expected=error.expected
        )
    if around.watched and engine == "velocity":
        from vtlsim.velocity.watch import Watch

        watch = Watch()
    seen = Input(body, parameters(scene.request, scene.path_parameters), _paths(around.jsonpath))
    util = Util()
    variables = _Variables(seen, util, scene, around)
    try:
        if engine == "velocity":
            keep = "context" in uses(made.tree).assigned  # else what it holds is where the overrides are
            text = made.render_in(variables, watch=watch, notices=notices, keep=keep)
        else:
            for name in _MAKERS:
                variables.get(name)
            text = made.render(variables)
    except _velocity_error() as error:
        return _failed(template, phase, engine, made, seen, error, notices, watch)
    context = dict.get(variables, "context")
    tree: Block | None = getattr(made, "tree", None)
    return BodyRendered(
        phase,
        template,
        engine,
        text,
        scene.overrides if context is None else overrides_of(context),
        tuple(notices),
        _sightings(watch),
        () if tree is None else unknown_members(tree, made.source, scene.stage_variables),
        tuple(util.refused),
        _codes(tree, seen, util, around),
    )


def _failed(
    template: TemplateText,
    phase: Phase,
    engine: EngineName,
    made: Any,
    seen: Input,
    error: VelocityError,
    notices: list[Notice],
    watch: Watch | None,
) -> RenderFailed:
    from vtlsim.velocity.errors import LimitExceededError

    fault: RenderFault = "render"
    message, also = error.message, None
    codes: tuple[str, ...] = ()
    if isinstance(error, LimitExceededError):
        fault = "limit"
    elif seen.unreadable is not None:
        fault, message = "unreadable_body", str(seen.unreadable)
    elif isinstance(error.__cause__, OverrideWrittenTwiceError):
        fault, codes = "override_twice", (OVERRIDE_TWICE,)
        also = _first_write(made, error.__cause__, phase, error)
    return RenderFailed(
        phase,
        template,
        engine,
        fault,
        message,
        error.span,
        error.position,
        also,
        (),
        tuple(notices),
        _sightings(watch),
        codes,
    )


# -- what is imported when the first template is rendered ------------------------------------------------------------------


@cache
def _engine(name: EngineName) -> Any:
    if name == "velocity":
        from vtlsim.velocity.template import Template

        return Template
    from vtlsim.velocity.airspeed_engine import AirspeedTemplate

    return AirspeedTemplate


def _syntax_error() -> type[TemplateSyntaxError]:
    from vtlsim.velocity.errors import TemplateSyntaxError

    return TemplateSyntaxError


def _velocity_error() -> type[VelocityError]:
    from vtlsim.velocity.errors import VelocityError

    return VelocityError


@cache
def _paths(name: JsonPathName) -> Engine:
    """What compiles paths, imported when a template first reads one."""
    found: list[Engine] = []

    def compile_path(path: str) -> CompiledPath:
        if not found:
            from vtlsim.jsonpath import engine

            found.append(engine(name))
        return found[0](path)

    return compile_path


# -- what became of it -------------------------------------------------------------------------------------------------


def _first_write(made: Any, cause: OverrideWrittenTwiceError, phase: Phase, error: VelocityError) -> Position | None:
    """Where the override was written first: the first place that names it, as far as names are fixed in the text."""
    if not hasattr(made, "tree"):
        return None
    for kind in (f"{phase}Override", "requestOverride", "responseOverride"):
        spans = override_writes(made.tree, kind, cause.place, cause.name)
        if spans:
            return error.source.position(spans[0].start)
    return None


def _sightings(watch: Watch | None) -> tuple[Sighting, ...]:
    return () if watch is None else tuple(watch.sightings)


def _codes(tree: Block | None, seen: Input, util: Util, around: Surroundings) -> tuple[str, ...]:
    codes = () if tree is None else uses(tree).codes
    if seen.missing_as_json:
        codes = (MISSING_AS_JSON, *codes)
    if util.refused:
        codes += (UNREADABLE_PARSE,)
    if around.jsonpath != "jayway":
        codes += (OTHER_JSONPATH,)
    return codes
