"""One rendering of a mapping template over what it may see, in either phase.

What may live here: making the variables, running the engine, and telling apart the ways in which it can end. What
becomes of the outcome is the business of the stages ``render_body`` and ``render_response``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.gateway.findings import BodyRendered, RenderFailed
from vtlsim.gateway.variables.context import OverrideWrittenTwiceError, context_map, overrides_of
from vtlsim.gateway.variables.input import Input
from vtlsim.gateway.variables.members import override_writes, unknown_members, uses
from vtlsim.gateway.variables.method import method_map, parameters
from vtlsim.gateway.variables.stage import stage_map
from vtlsim.gateway.variables.util import Util

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vtlsim.gateway.findings import RenderFault
    from vtlsim.gateway.model import MethodRequest, Overrides, Phase, Surroundings, TemplateText
    from vtlsim.jsonpath import CompiledPath, Engine
    from vtlsim.velocity.errors import VelocityError
    from vtlsim.velocity.nodes import Block
    from vtlsim.velocity.source import Position
    from vtlsim.velocity.watch import Notice, Sighting

MISSING_AS_JSON: Final = "GW003"
"""Register: ``$input.json`` of nothing is two quotation marks."""

PRINTED_WHOLE: Final = "GW004"
"""Register: ``$input``, ``$util`` and ``$stageVariables`` printed whole are nothing."""

UNREADABLE_PARSE: Final = "GW005"
"""Register: ``$util.parseJson`` of what json-smart refuses is the empty string."""

OVERRIDE_TWICE: Final = "GW006"
"""Register: a second write of the same override is refused with 500."""

METHOD_VARIABLE: Final = "GW007"
"""Register: ``$method.request`` exists."""

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

    __slots__ = ("makers",)

    def __init__(self, makers: dict[str, Callable[[], object]]) -> None:
        super().__init__()
        self.makers = makers

    def get(self, name: str, default: Any = None) -> Any:
        if name in self:
            return self[name]
        make = self.makers.get(name)
        if make is None:
            return default
        value = self[name] = make()
        return value


def render(
    template: TemplateText, phase: Phase, body: str | bytes, scene: Scene, around: Surroundings
) -> BodyRendered | RenderFailed:
    """Render a template over a body. The template's own text and the body are all that is read; nothing is changed."""
    engine = around.engine
    if isinstance(body, bytes):
        return RenderFailed(phase, template, engine, "binary_body", "the body is binary", codes=(BINARY_TEMPLATE,))

    from vtlsim.velocity.errors import LimitExceededError, TemplateSyntaxError, VelocityError

    notices: list[Notice] = []
    watch = None
    try:
        made = _template(template, engine)
    except TemplateSyntaxError as error:
        position = error.position
        return RenderFailed(
            phase, template, engine, "syntax", error.message, error.span, position, expected=error.expected
        )
    if around.watched and engine == "velocity":
        from vtlsim.velocity.watch import Watch

        watch = Watch()
    seen = Input(body, parameters(scene.request, scene.path_parameters), _paths(around.jsonpath))
    util = Util()
    variables = _Variables(
        {
            "input": lambda: seen,
            "util": lambda: util,
            "context": lambda: context_map(
                scene.request,
                scene.resource_path,
                scene.resource_id,
                around,
                scene.overrides,
                scene.api_key_id,
                scene.endpoint_request_id,
            ),
            "stageVariables": lambda: stage_map(scene.stage_variables),
            "method": lambda: method_map(scene.request, scene.path_parameters),
        }
    )
    variables.update(around.variables)
    if engine != "velocity":
        for name in variables.makers:
            variables.get(name)
    try:
        if engine == "velocity":
            text = made.render_in(variables, watch=watch, notices=notices)
        else:
            text = made.render(variables)
    except VelocityError as error:
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


def _template(template: TemplateText, engine: str) -> Any:
    if engine == "velocity":
        from vtlsim.velocity.template import Template

        return Template(template.text, template.name)
    from vtlsim.velocity.airspeed_engine import AirspeedTemplate

    return AirspeedTemplate(template.text, template.name)


def _paths(name: str) -> Engine:
    def compile_path(path: str) -> CompiledPath:
        from vtlsim.jsonpath import engine

        return engine(name)(path)

    return compile_path


def _first_write(made: Any, cause: OverrideWrittenTwiceError, phase: Phase, error: VelocityError) -> Position | None:
    """Where the override was written first: the first place that names it, as far as names are fixed in the text."""
    if not hasattr(made, "tree"):
        return None
    for kind in (f"{phase}Override", "requestOverride", "responseOverride"):
        spans = override_writes(made.tree, kind, cause.place, cause.name)
        if spans:
            return error.source.position(spans[0].start)
    return None


def _sightings(watch: Any) -> tuple[Sighting, ...]:
    return () if watch is None else tuple(watch.sightings)


def _codes(tree: Block | None, seen: Input, util: Util, around: Surroundings) -> tuple[str, ...]:
    found: list[str] = []
    if seen.missing_as_json:
        found.append(MISSING_AS_JSON)
    for each in () if tree is None else uses(tree).named:
        if each.root == "method" and METHOD_VARIABLE not in found:
            found.append(METHOD_VARIABLE)
        elif not each.names and len(each.spans) == 1 and PRINTED_WHOLE not in found and each.root in _WHOLE:
            found.append(PRINTED_WHOLE)
    if util.refused:
        found.append(UNREADABLE_PARSE)
    if around.jsonpath != "jayway":
        found.append(OTHER_JSONPATH)
    return tuple(found)


_WHOLE: Final = frozenset({"input", "util", "stageVariables"})
