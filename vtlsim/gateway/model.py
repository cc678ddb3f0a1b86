"""What a request meets on its way (the definition) and what travels (the messages): the types of the room.

What may live here: immutable types and what a definition settles once and for all. Reading other people's documents
is ``config``'s business; deciding anything about a request is a stage's.

The names follow API Gateway's own API reference in snake case.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from vtlsim.gateway.headers import NO_HEADERS, Headers
from vtlsim.gateway.utf8 import bytes_of
from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Protocol

    from vtlsim.gateway.locations import GatewayMapping, RequestMapping, RequestParameter, ResponseMapping
    from vtlsim.velocity.source import Source, Span

IntegrationType: TypeAlias = Literal["HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"]
PassthroughBehavior: TypeAlias = Literal["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]
ContentHandling: TypeAlias = Literal["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]
ConnectionType: TypeAlias = Literal["INTERNET", "VPC_LINK"]
AuthorizationType: TypeAlias = Literal["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"]
ApiKeySource: TypeAlias = Literal["HEADER", "AUTHORIZER"]
EndpointType: TypeAlias = Literal["EDGE", "REGIONAL", "PRIVATE"]
Phase: TypeAlias = Literal["request", "response"]
EngineName: TypeAlias = Literal["velocity", "airspeed"]
JsonPathName: TypeAlias = Literal["jayway", "jayway-2.0", "jsonpath-ng"]
FailureKind: TypeAlias = Literal["timeout", "connection", "invalid_endpoint", "certificate", "permission"]

EMPTY: Final[Mapping[str, object]] = MappingProxyType({})
TEXTS: Final[Mapping[str, str]] = MappingProxyType({})

DEFAULT_TIMEOUT_MS: Final = 29_000
TIMEOUT_RANGE_MS: Final = (50, 29_000)


# -- the definition ---------------------------------------------------------------------------------------------------


class Origin(NamedTuple):
    """Where a part of a definition stands: file, line and column (counted from 1)."""

    file: str
    line: int = 1
    column: int = 1


if TYPE_CHECKING:

    class Places(Protocol):
        """Where each character of a template stands in the file that holds it."""

        def marked(self, span: Span) -> tuple[Source, Span]:
            """That file, and where in it a span of the template stands."""
            ...


class TemplateText(NamedTuple):
    """A mapping template: its text, the name that messages give it, and where it stands in its document or file.

    ``places`` leads from the text's characters to those of the document; None where the text is all there is.
    """

    text: str
    name: str = "template"
    origin: Origin | None = None
    places: Places | None = None


class Templates:
    """``requestTemplates`` or ``responseTemplates``: media type -> template, in the order of the document.

    Keys keep their spelling; :meth:`find` compares without regard to case. Immutable.
    """

    __slots__ = ("_by_type", "items")

    items: tuple[tuple[str, TemplateText], ...]

    def __init__(self, items: Iterable[tuple[str, TemplateText]] = ()) -> None:
        self.items = tuple(items)
        self._by_type = {key.strip().lower(): (key, template) for key, template in reversed(self.items)}

    @classmethod
    def of(cls, texts: Mapping[str, str | TemplateText] | None) -> Templates:
        """Templates from media type -> text; each is named after its media type."""
        return cls(
            (key, value if isinstance(value, TemplateText) else TemplateText(value, key))
            for key, value in (texts or {}).items()
        )

    def find(self, media_type: str) -> tuple[str, TemplateText] | None:
        """The key as spelled and the template for a bare, lower-case media type (or ``$default``); None without."""
        return self._by_type.get(media_type)

    def __iter__(self) -> Iterator[tuple[str, TemplateText]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Templates) and self.items == other.items

    def __hash__(self) -> int:
        return hash(self.items)

    def __repr__(self) -> str:
        return f"Templates({list(self.items)!r})"


NO_TEMPLATES: Final = Templates()


class IntegrationResponse(NamedTuple):
    """What becomes of the backend's answers that ``selection_pattern`` matches.

    ``selection_pattern`` is a Java regular expression; None or empty makes this the default. ``status_code`` is the
    three digits as text.
    """

    status_code: str
    selection_pattern: str | None = None
    response_parameters: tuple[ResponseMapping, ...] = ()
    response_templates: Templates = NO_TEMPLATES
    content_handling: ContentHandling | None = None
    origin: Origin | None = None


class Integration(NamedTuple):
    """Every field of PutIntegration, plus the integration responses in the order given.

    ``http_method`` may be ``ANY`` (the client's). ``uri`` is as in the document, placeholders and all; for HTTP an
    URL, for AWS an ARN, for MOCK None. ``timeout_in_millis`` is in milliseconds. ``cache_namespace`` None stands for
    the resource's id.
    """

    type: IntegrationType
    http_method: str | None = None
    uri: str | None = None
    connection_type: ConnectionType = "INTERNET"
    connection_id: str | None = None
    credentials: str | None = None
    request_parameters: tuple[RequestMapping, ...] = ()
    request_templates: Templates = NO_TEMPLATES
    passthrough_behavior: PassthroughBehavior = "WHEN_NO_MATCH"
    cache_namespace: str | None = None
    cache_key_parameters: tuple[RequestParameter, ...] = ()
    content_handling: ContentHandling | None = None
    timeout_in_millis: int = DEFAULT_TIMEOUT_MS
    insecure_skip_verification: bool = False
    integration_responses: tuple[IntegrationResponse, ...] = ()
    origin: Origin | None = None


class DeclaredParameter(NamedTuple):
    """A parameter that a method declares; ``parameter.place`` is header, querystring or path."""

    parameter: RequestParameter
    required: bool = False


class DeclaredResponse(NamedTuple):
    """A method response that a method declares: header names -> required, media type -> model name."""

    status_code: str
    headers: Mapping[str, bool] = MappingProxyType({})
    models: Mapping[str, str] = TEXTS


class Validator(NamedTuple):
    """What of a method request is validated."""

    body: bool = False
    parameters: bool = False
    name: str | None = None


class Model(NamedTuple):
    """A model: its JSON schema (Draft 4) as plain Python values."""

    name: str
    schema: object
    content_type: str = "application/json"


class Method(NamedTuple):
    """A method of a resource.

    ``http_method`` is as declared (``ANY`` included). ``request_models`` maps media types to names of models of the
    Api. ``responses`` is None where a document declares none at all: then every status counts as declared.
    """

    http_method: str
    integration: Integration | None
    request_parameters: tuple[DeclaredParameter, ...] = ()
    request_models: Mapping[str, str] = TEXTS
    validator: Validator = Validator()
    api_key_required: bool = False
    authorization_type: AuthorizationType = "NONE"
    authorizer: str | None = None
    responses: tuple[DeclaredResponse, ...] | None = None
    operation_name: str | None = None
    origin: Origin | None = None


class Segment(NamedTuple):
    """One segment of a resource's path: fixed text, ``{name}`` or the greedy ``{name+}``."""

    text: str
    parameter: str | None = None
    greedy: bool = False


class Resource(NamedTuple):
    """A path and its methods, keyed by HTTP method or ``ANY``. ``segments`` is its path, parsed: see :meth:`at`."""

    path: str
    methods: Mapping[str, Method]
    segments: tuple[Segment, ...]
    id: str

    @classmethod
    def at(cls, path: str, methods: Mapping[str, Method], id: str | None = None) -> Resource:  # noqa: A002 - AWS's name
        """A resource from its path as AWS writes it (``/orders/{id}``, ``/{proxy+}``); without an id it gets a made-up
        one that depends on the path alone.
        """
        return cls(path, methods, _segments(path), id or _made_up_id(path))


class Stage(NamedTuple):
    """A stage of an Api. ``canary`` None means that the stage has no canary settings."""

    name: str
    variables: Mapping[str, str] = TEXTS
    canary: bool | None = None
    deployment_id: str | None = None


class CustomGatewayResponse(NamedTuple):
    """A gateway response that the Api sets; ``status_code`` None keeps the default. ``templates`` maps media types to
    texts in which ``$context.…`` and its like are substituted (they are no Velocity).
    """

    type: str
    status_code: int | None = None
    parameters: tuple[GatewayMapping, ...] = ()
    templates: Templates = NO_TEMPLATES
    origin: Origin | None = None


class Api(NamedTuple):
    """A REST API.

    ``fallback`` serves every method and path that no resource matches: a bare PutIntegration document becomes an Api
    with a fallback and no resources. ``binary_media_types`` are bare and lower case. ``api_keys`` maps the values of
    known API keys to their ids. A document's own id and name, where it has them.
    """

    resources: tuple[Resource, ...] = ()
    fallback: Method | None = None
    models: Mapping[str, Model] = MappingProxyType({})
    gateway_responses: Mapping[str, CustomGatewayResponse] = MappingProxyType({})
    binary_media_types: tuple[str, ...] = ()
    stages: Mapping[str, Stage] = MappingProxyType({})
    api_key_source: ApiKeySource = "HEADER"
    api_keys: Mapping[str, str] = TEXTS
    endpoint_type: EndpointType = "EDGE"
    minimum_compression_size: int | None = None
    name: str = ""
    id: str | None = None
    description: str = ""


# -- the surroundings -------------------------------------------------------------------------------------------------


class Identity(NamedTuple):
    """Who calls: ``$context.identity``. None prints as nothing.

    ``client_cert`` holds clientCertPem, subjectDN, issuerDN, serialNumber and validity {notBefore, notAfter}.
    """

    source_ip: str | None = "127.0.0.1"
    user_agent: str | None = None
    account_id: str | None = None
    api_key: str | None = None
    api_key_id: str | None = None
    caller: str | None = None
    user: str | None = None
    user_arn: str | None = None
    access_key: str | None = None
    principal_org_id: str | None = None
    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None
    cognito_authentication_type: str | None = None
    cognito_authentication_provider: str | None = None
    vpc_id: str | None = None
    vpce_id: str | None = None
    client_cert: Mapping[str, object] | None = None


class Authorization(NamedTuple):
    """What an authorizer found, supplied by the caller: no authorizer is run.

    ``context`` is a Lambda authorizer's map (values are stringified), ``claims`` a Cognito authorizer's.
    """

    principal_id: str | None = None
    context: Mapping[str, object] = EMPTY
    claims: Mapping[str, object] | None = None


class Surroundings(NamedTuple):
    """What the world contributes to one exchange. Every default is fixed, so that a trace can be replayed.

    ``time_ms`` is milliseconds since 1970 (UTC). ``context`` overlays ``$context`` (nested maps are merged).
    ``stage_variables`` None takes those of the Api's stage. ``trace_root`` and ``trace_parent`` make the
    X-Amzn-Trace-Id. ``watched`` makes renderings record what each line did. ``validate`` takes a schema, a document
    and the Api's models and returns the faults found, as ``(path, keyword, message)``; None uses jsonschema.
    """

    request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    extended_request_id: str = "Jqn0zHZnIAMFTUg="
    time_ms: int = 1_767_323_045_678
    stage: str = "test"
    stage_variables: Mapping[str, str] | None = None
    identity: Identity = Identity()
    authorization: Authorization | None = None
    api_id: str = "a1b2c3d4e5"
    account_id: str = "123456789012"
    region: str = "us-east-1"
    domain_name: str | None = None
    deployment_id: str = "d3p10y"
    protocol: str = "HTTP/1.1"
    canary: bool | None = None
    web_acl_arn: str | None = None
    waf_response_code: str | None = None
    trace_root: str = "1-69574265-0123456789abcdef01234567"
    trace_parent: str = "0123456789abcdef"
    context: Mapping[str, object] = EMPTY
    variables: Mapping[str, object] = EMPTY
    engine: EngineName = "velocity"
    jsonpath: JsonPathName = "jayway"
    watched: bool = False
    validate: Callable[[object, object, Mapping[str, Model]], tuple[tuple[str, str, str], ...]] | None = None


DEFAULT_SURROUNDINGS: Final = Surroundings()


# -- the messages -----------------------------------------------------------------------------------------------------


class MethodRequest(NamedTuple):
    """A client's request.

    ``path`` is the path after the stage, percent-encoded as sent. ``query`` holds the decoded pairs in the order sent.
    ``path_parameters`` None has them taken from the path; given ones (a test's, TestInvokeMethod's) are used as they
    are.
    """

    method: str = "POST"
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    headers: Headers = NO_HEADERS
    body: bytes = b""
    path_parameters: Mapping[str, str] | None = None

    def query_single(self) -> dict[str, str]:
        """Name -> last value."""
        return dict(self.query)

    def query_multiple(self) -> dict[str, list[str]]:
        """Name -> every value, in the order sent."""
        found: dict[str, list[str]] = {}
        for name, value in self.query:
            found.setdefault(name, []).append(value)
        return found


class Overrides(NamedTuple):
    """What a template wrote to ``$context.requestOverride`` and ``$context.responseOverride``, as plain values.

    Both are nested mappings as the template left them (``{"header": {"X": "1"}, "querystring": {}, "path": {}}``,
    ``{"header": {}, "status": 404}``), never shared with a running template.
    """

    request: Mapping[str, object] = EMPTY
    response: Mapping[str, object] = EMPTY


class Carried(NamedTuple):
    """What the response journey needs of the request journey."""

    request: MethodRequest
    resource_path: str
    resource_id: str
    method: Method
    integration: Integration
    path_parameters: Mapping[str, str]
    overrides: Overrides
    trace_id: str | None
    api_key_id: str | None = None


class Endpoint(NamedTuple):
    """An HTTP(S) server, over the internet or a VPC link."""

    connection_type: ConnectionType = "INTERNET"
    connection_id: str | None = None


class Service(NamedTuple):
    """An AWS service. ``kind`` says whether the ARN named a path or an action; ``target`` is the X-Amz-Target that a
    JSON-protocol service needs, or None.
    """

    region: str
    service: str
    subdomain: str | None
    kind: Literal["path", "action"]
    api: str
    target: str | None = None


class Function(NamedTuple):
    """A Lambda function. ``asynchronous`` when X-Amz-Invocation-Type is Event."""

    arn: str
    name: str
    region: str
    qualifier: str | None = None
    asynchronous: bool = False


class Mock(NamedTuple):
    """API Gateway itself answers, with this status."""

    status: int


Destination: TypeAlias = Endpoint | Service | Function | Mock


class IntegrationRequest(NamedTuple):
    """What is sent to the backend.

    ``uri`` is complete, query string included (for AWS: the service's own URL). ``query`` holds the pairs of its query
    string, decoded. ``body`` is text (sent as UTF-8) or bytes. ``headers`` leaves out Host and Content-Length, which
    the sender computes. ``cache_key`` is None without cache key parameters. ``timeout_ms`` is in milliseconds.
    """

    type: IntegrationType
    method: str
    uri: str
    headers: Headers
    query: tuple[tuple[str, str], ...]
    body: bytes | str
    destination: Destination
    carried: Carried
    credentials: str | None = None
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    insecure_skip_verification: bool = False
    cache_namespace: str = ""
    cache_key: str | None = None

    @property
    def is_binary(self) -> bool:
        """Whether the body is bytes rather than text."""
        return isinstance(self.body, bytes)

    @property
    def payload(self) -> bytes:
        """The body as it goes over the wire."""
        return self.body if isinstance(self.body, bytes) else bytes_of(self.body)


class BackendResponse(NamedTuple):
    """The backend's answer. ``latency_ms`` is in milliseconds."""

    status: int = 200
    headers: Headers = NO_HEADERS
    body: bytes = b""
    latency_ms: int = 0


class BackendFailure(NamedTuple):
    """There is no answer: why. ``detail`` is the client's or the operating system's word on it."""

    kind: FailureKind
    detail: str = ""


class MethodResponse(NamedTuple):
    """What the client gets when all went well. ``headers`` are complete but for Date and Content-Length."""

    status: int
    headers: Headers
    body: bytes


class GatewayResponse(NamedTuple):
    """What the client gets from API Gateway itself, when it turns a request back."""

    type: str
    status: int
    headers: Headers
    body: bytes


def _segments(path: str) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for text in path.strip("/").split("/"):
        if text.startswith("{") and text.endswith("}") and len(text) > 2:
            greedy = text.endswith("+}")
            segments.append(Segment(text, text[1 : -2 if greedy else -1], greedy))
        elif text:
            segments.append(Segment(text))
    return tuple(segments)


def _made_up_id(path: str) -> str:
    state = 0xCBF29CE484222325
    for byte in path.encode("utf-8", "surrogatepass"):
        state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    digits = ""
    while len(digits) < 6:
        state, digit = divmod(state, 36)
        digits += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
    return digits
