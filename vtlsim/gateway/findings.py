"""What the stages find out: one immutable type per thing, in the order in which a request meets them. Read downwards,
this file is the story of a request; a trace is a tuple of these.

What may live here: facts and the reasons for them (candidates considered and why each fell, what happened to each
header). No words about them: those are ``explain``'s, whose ``match`` over :data:`Finding` ends in ``assert_never``.

Every finding has ``codes``: the register codes of the rules it rests on where AWS has not been seen. Places and sources
are locations; sizes are bytes unless a name says otherwise.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.gateway.headers import Headers
    from vtlsim.gateway.locations import (
        GatewayTarget,
        RequestParameter,
        RequestTarget,
        ResponseTarget,
        Source,
    )
    from vtlsim.gateway.model import (
        AuthorizationType,
        ContentHandling,
        Destination,
        FailureKind,
        IntegrationType,
        Overrides,
        PassthroughBehavior,
        Phase,
        TemplateText,
    )
    from vtlsim.velocity.source import Position, Span
    from vtlsim.velocity.watch import Notice, Sighting

# -- the way in -------------------------------------------------------------------------------------------------------

RouteVerdict: TypeAlias = Literal["chosen", "other_path", "other_method", "less_specific"]


class RouteCandidate(NamedTuple):
    """A resource's method that was looked at. ``http_method`` is as declared (``ANY``); None for a resource without."""

    resource_path: str
    http_method: str | None
    verdict: RouteVerdict


class ResourceMatched(NamedTuple):
    """Which resource and method serve the request. ``resource_path`` None: no route, and the request is refused.

    ``given`` says that the caller named the resource (TestInvokeMethod) or that the definition has only one method.
    """

    method: str
    path: str
    resource_path: str | None
    http_method: str | None
    path_parameters: tuple[tuple[str, str], ...] = ()
    considered: tuple[RouteCandidate, ...] = ()
    given: bool = False
    codes: tuple[str, ...] = ()


class ApiKeyChecked(NamedTuple):
    """Whether the key that the method requires was sent and is known. ``key_id`` None: refused."""

    source: Literal["HEADER", "AUTHORIZER"]
    sent: bool
    key_id: str | None
    known: int
    codes: tuple[str, ...] = ()


class AuthorizationSupplied(NamedTuple):
    """The method names an authorizer; it is not run. ``supplied`` says whether the caller gave its result."""

    type: AuthorizationType
    authorizer: str | None
    supplied: bool
    principal_id: str | None
    codes: tuple[str, ...] = ()


class ParameterChecked(NamedTuple):
    """A declared parameter and whether the request has it."""

    parameter: RequestParameter
    required: bool
    present: bool


class SchemaFault(NamedTuple):
    """Where a document breaks its model: ``path`` into the document (``$.a[0]``), the schema's keyword, the fact."""

    path: str
    keyword: str
    message: str


class RequestValidated(NamedTuple):
    """What the request validator saw. ``missing`` names the parameters that were required and absent, in AWS's order;
    ``body_valid`` is None when no model was consulted.
    """

    parameters: tuple[ParameterChecked, ...] = ()
    missing: tuple[str, ...] = ()
    media_type: str | None = None
    model: str | None = None
    body_valid: bool | None = None
    faults: tuple[SchemaFault, ...] = ()
    codes: tuple[str, ...] = ()


# -- the template -----------------------------------------------------------------------------------------------------

TemplateVerdict: TypeAlias = Literal["matched", "other_type", "empty", "default_key", "first", "not_reached"]


class TemplateCandidate(NamedTuple):
    """A key of ``requestTemplates`` or ``responseTemplates`` and what became of it."""

    key: str
    verdict: TemplateVerdict


TemplateOutcome: TypeAlias = Literal["template", "passthrough", "unsupported", "proxy"]


class TemplateSelected(NamedTuple):
    """Which request template was chosen, if any.

    ``content_type`` is the header as sent, ``media_type`` what it counted as. ``outcome`` ``proxy``: the integration
    type uses no templates; ``unsupported``: refused with 415.
    """

    content_type: str | None
    media_type: str
    behavior: PassthroughBehavior
    considered: tuple[TemplateCandidate, ...]
    outcome: TemplateOutcome
    key: str | None = None
    template: TemplateText | None = None
    codes: tuple[str, ...] = ()


class ResponseTemplateSelected(NamedTuple):
    """Which response template was chosen, if any.

    ``accept`` is the request's header as sent, ``media_type`` what it counted as. ``reason``: ``accept`` matched;
    ``json`` stood in for an absent or unmatched Accept; ``first`` existing one; ``empty`` template, so the body passes
    as it is; ``none`` defined; ``proxy`` types use none.
    """

    accept: str | None
    media_type: str
    considered: tuple[TemplateCandidate, ...]
    reason: Literal["accept", "json", "first", "empty", "none", "proxy"]
    key: str | None = None
    template: TemplateText | None = None
    codes: tuple[str, ...] = ()


# -- the body ---------------------------------------------------------------------------------------------------------

Conversion: TypeAlias = Literal["to_text", "kept_bytes", "base64_encoded", "base64_decoded", "proxy"]


class BodyConverted(NamedTuple):
    """What content handling did to a body, in either phase.

    ``media_type`` is the payload's (lower case, bare); ``binary_type`` the entry of ``binaryMediaTypes`` that covers
    it, or None: then the payload is text. On the way back ``accept`` and ``accept_binary_type`` are the client's side.
    ``replaced`` counts bytes that were no UTF-8 and became U+FFFD; ``fault`` is set when base64 could not be decoded
    (refused) and then ``body`` is empty.
    """

    phase: Phase
    media_type: str | None
    binary_type: str | None
    content_handling: ContentHandling | None
    conversion: Conversion
    body: str | bytes
    size_before: int
    replaced: int = 0
    accept: str | None = None
    accept_binary_type: str | None = None
    fault: str | None = None
    codes: tuple[str, ...] = ()


# -- parameters -------------------------------------------------------------------------------------------------------

Absence: TypeAlias = Literal["absent", "empty", "not_text", "no_such_path", "other_case"]


class MappedParameter(NamedTuple):
    """One entry of a parameter mapping. ``values`` is what was written; None when the source had nothing, for the
    reason in ``absence``. ``near`` is a name of the request that differs in case only.
    """

    target: RequestTarget | ResponseTarget | GatewayTarget
    source: Source
    values: tuple[str, ...] | None
    absence: Absence | None = None
    near: str | None = None


class ParametersMapped(NamedTuple):
    """What the parameter mapping wrote, entry by entry. ``fault`` is set when the body could not be read (refused)."""

    phase: Phase
    mapped: tuple[MappedParameter, ...]
    fault: str | None = None
    codes: tuple[str, ...] = ()


# -- rendering --------------------------------------------------------------------------------------------------------


class UnknownMember(NamedTuple):
    """A template names a member that does not exist: ``$util.toJson``, ``$context.requestid``.

    ``nearest`` is the best-known name like it; ``appsync`` says that AppSync's templates have it and API Gateway's do
    not. ``span`` and ``position`` are places in the template.
    """

    root: str
    name: str
    nearest: str | None
    appsync: bool
    span: Span
    position: Position


class BodyRendered(NamedTuple):
    """A template was rendered, in either phase.

    ``notices`` are the engine's (a loop stopped at 1,000), ``sightings`` what each place evaluated to (only when
    asked for), ``unknown`` members that do not exist, ``unreadable`` faults of ``$util.parseJson`` and its like that
    ended in an empty value. ``overrides`` is what the template left in ``$context``.
    """

    phase: Phase
    template: TemplateText
    engine: str
    text: str
    overrides: Overrides
    notices: tuple[Notice, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    unknown: tuple[UnknownMember, ...] = ()
    unreadable: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


RenderFault: TypeAlias = Literal["syntax", "render", "binary_body", "unreadable_body", "limit", "override_twice"]


class RenderFailed(NamedTuple):
    """A template was not rendered, and the request is refused.

    ``span`` and ``position`` are the place in the template, where there is one; ``also`` is a second place (the first
    of two writes of the same override). ``sightings`` is what was seen before it ended.
    """

    phase: Phase
    template: TemplateText
    engine: str
    fault: RenderFault
    message: str
    span: Span | None = None
    position: Position | None = None
    also: Position | None = None
    expected: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    codes: tuple[str, ...] = ()


class BodyPassed(NamedTuple):
    """No template: the body goes on as it is."""

    phase: Phase
    reason: Literal["passthrough", "proxy", "empty_template", "no_template", "mock"]
    body: str | bytes
    codes: tuple[str, ...] = ()


# -- overrides --------------------------------------------------------------------------------------------------------


class OverrideWritten(NamedTuple):
    """One parameter that an override sets; ``replaced`` is what the parameter mapping had put there.

    ``place`` is ``header``, ``querystring``, ``path`` or ``status``. ``used`` is False for a value that means nothing
    there (a status that is no number from 100 to 599).
    """

    place: Literal["header", "querystring", "path", "status"]
    name: str
    values: tuple[str, ...]
    replaced: tuple[str, ...] | None = None
    used: bool = True


class ParameterSet(NamedTuple):
    """The integration's parameters after overrides: name -> values, in order of writing."""

    header: tuple[tuple[str, tuple[str, ...]], ...] = ()
    querystring: tuple[tuple[str, tuple[str, ...]], ...] = ()
    path: tuple[tuple[str, tuple[str, ...]], ...] = ()


class OverridesApplied(NamedTuple):
    """What ``$context.requestOverride`` or ``$context.responseOverride`` changed.

    ``parameters`` is the outcome, overrides and mapped parameters together. ``status`` is the response's status when
    an override set one.
    """

    phase: Phase
    written: tuple[OverrideWritten, ...]
    parameters: ParameterSet
    status: int | None = None
    codes: tuple[str, ...] = ()


# -- the integration request ------------------------------------------------------------------------------------------

HeaderVerdict: TypeAlias = Literal[
    "forwarded", "mapped", "added", "dropped", "not_forwarded", "replaced", "remapped", "forbidden", "not_delivered"
]


class HeaderFate(NamedTuple):
    """What became of a header. ``sent_as`` is its name afterwards (``x-amzn-Remapped-Date``), None when it is gone."""

    name: str
    value: str
    verdict: HeaderVerdict
    sent_as: str | None = None


def header_fates(fates: Iterable[tuple[str, str, HeaderVerdict, str | None]]) -> tuple[HeaderFate, ...]:
    """The fates of a message's headers, made at once: there are many, and of every message."""
    return tuple(map(_header_fate, fates))


_header_fate: Final = partial(tuple.__new__, HeaderFate)


class QueryFate(NamedTuple):
    """A pair of the query string that is sent, and where it came from."""

    name: str
    value: str
    origin: Literal["uri", "client", "mapped"]


class PlaceholderFilled(NamedTuple):
    """``{name}`` or ``${stageVariables.name}`` in a URI. ``value`` None: left as typed (``{name}``) or empty."""

    text: str
    value: str | None


class RequestAssembled(NamedTuple):
    """How the integration request came about. ``uri`` is complete; ``fault`` is set when the request is refused:
    a forbidden header or an invalid endpoint address (``fault_detail`` names the header or the address).
    """

    type: IntegrationType
    method: str
    uri: str
    headers: tuple[HeaderFate, ...]
    query: tuple[QueryFate, ...]
    filled: tuple[PlaceholderFilled, ...]
    destination: Destination | None
    body_size: int
    content_type: str | None = None
    cache_namespace: str = ""
    cache_key: tuple[tuple[str, str | None], ...] = ()
    credentials: str | None = None
    fault: Literal["forbidden_header", "invalid_address", "non_post"] | None = None
    fault_detail: str = ""
    codes: tuple[str, ...] = ()


class MockAnswered(NamedTuple):
    """The status that a MOCK integration read from its rendered request. None: there is none, and it is refused."""

    text: str
    status: int | None
    lenient: bool = False
    codes: tuple[str, ...] = ()


# -- the way back -----------------------------------------------------------------------------------------------------


class BackendAnswered(NamedTuple):
    """The backend's answer arrived."""

    status: int
    headers: Headers
    size: int
    latency_ms: int
    body: bytes
    codes: tuple[str, ...] = ()


class BackendFailed(NamedTuple):
    """No answer arrived, and the request is refused."""

    kind: FailureKind
    detail: str
    timeout_ms: int
    codes: tuple[str, ...] = ()


class ResponseCandidate(NamedTuple):
    """An integration response that was considered. ``fault`` says why its pattern is no regular expression."""

    status_code: str
    pattern: str | None
    verdict: Literal["matched", "no_match", "default", "not_reached", "bad_pattern"]
    fault: str | None = None


class ResponseSelected(NamedTuple):
    """Which integration response was chosen. ``status_code`` None: none matched and there is no default (refused).

    ``matched_on`` says what the patterns were held against: the backend's status, or a Lambda's ``errorMessage``.
    ``declared`` False: the method declares no response of that status (refused). ``proxy``: the type has none.
    """

    matched_on: Literal["status", "errorMessage", "proxy"]
    text: str
    considered: tuple[ResponseCandidate, ...]
    status_code: str | None
    declared: bool = True
    codes: tuple[str, ...] = ()


class ProxyFault(NamedTuple):
    """A rule of the proxy response format that a function's answer breaks."""

    rule: Literal[
        "function_error",
        "not_json",
        "not_an_object",
        "unknown_key",
        "bad_status_code",
        "bad_headers",
        "bad_multi_value_headers",
        "bad_body",
    ]
    detail: str = ""


class ProxyResponseRead(NamedTuple):
    """What a Lambda proxy function answered. ``faults`` not empty: refused with 502."""

    status: int
    headers: tuple[tuple[str, str], ...]
    size: int
    base64: bool
    decoded: bool
    faults: tuple[ProxyFault, ...] = ()
    codes: tuple[str, ...] = ()


class ResponseAssembled(NamedTuple):
    """How the method response came about."""

    status: int
    headers: tuple[HeaderFate, ...]
    body_size: int
    codes: tuple[str, ...] = ()


class GatewayResponseMade(NamedTuple):
    """API Gateway's own answer. ``set_by`` names the entry of the Api that was used: the type itself, its family
    (``DEFAULT_4XX``), or None for the built-in one.
    """

    type: str
    status: int
    set_by: str | None
    template_key: str | None
    mapped: tuple[MappedParameter, ...]
    message: str | None
    substituted: tuple[PlaceholderFilled, ...] = ()
    codes: tuple[str, ...] = ()


Finding: TypeAlias = (
    ResourceMatched
    | ApiKeyChecked
    | AuthorizationSupplied
    | RequestValidated
    | TemplateSelected
    | BodyConverted
    | ParametersMapped
    | BodyRendered
    | RenderFailed
    | BodyPassed
    | OverridesApplied
    | RequestAssembled
    | MockAnswered
    | BackendAnswered
    | BackendFailed
    | ResponseSelected
    | ProxyResponseRead
    | ResponseTemplateSelected
    | ResponseAssembled
    | GatewayResponseMade
)
"""Everything that a trace may hold."""
