"""A mapping becomes an Integration: the one place where that happens, whatever the format.

What may live here: AWS's defaults, every check of every field of PutIntegration, and AWS's own message where one is
known. A format says how it spells the fields (a Spelling) and hands its mapping over. Integration responses are read
in integration_response.py, parameter mappings in expressions.py, endpoints in uri.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast, get_args

from vtlsim.config.expressions import cache_key, check_declared, request_mappings
from vtlsim.config.fields import Fields, Spelling, enum_message, is_unknown
from vtlsim.config.problems import place_of
from vtlsim.config.uri import check_uri
from vtlsim.gateway.locations import RequestParameter
from vtlsim.gateway.model import (
    DEFAULT_TIMEOUT_MS,
    TIMEOUT_RANGE_MS,
    ConnectionType,
    ContentHandling,
    Integration,
    IntegrationType,
    PassthroughBehavior,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.locations import RequestMapping
    from vtlsim.gateway.model import IntegrationResponse

TYPES: Final = ("HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS")
"""In the order in which AWS's message lists them."""

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
_HTTP_TYPES: Final = frozenset(("HTTP", "HTTP_PROXY"))

WRONG_TYPE: Final = enum_message("putIntegrationInput.type", TYPES)
NO_HTTP_METHOD: Final = "Enumeration value for HttpMethod must be non-empty"
WRONG_PASSTHROUGH: Final = "Invalid passthrough behavior specified"
WRONG_TIMEOUT: Final = f"Timeout should be between {TIMEOUT_RANGE_MS[0]} ms and {TIMEOUT_RANGE_MS[1]} ms"
WRONG_CONTENT_HANDLING: Final = enum_message("putIntegrationInput.contentHandling", get_args(ContentHandling))
WRONG_CONNECTION_TYPE: Final = enum_message("putIntegrationInput.connectionType", get_args(ConnectionType))
# CFG004: the last two are built as AWS's message for `type` is; contentHandling and connectionType are enums of the
# service model too. A PutIntegration with a wrong value of each would settle it.

FIELDS: Final = (
    *("type", "httpMethod", "uri", "connectionType", "connectionId", "credentials", "requestParameters"),
    *("requestTemplates", "passthroughBehavior", "cacheNamespace", "cacheKeyParameters", "contentHandling"),
    *("timeoutInMillis", "tlsConfig"),
)
"""Every field of the PutIntegration page, by its name there."""

TLS: Final = Spelling(
    "tlsConfig",
    {"insecureSkipVerification": "insecureSkipVerification"},
    # An extension of the OpenAPI documentation; it bears on the check of the certificate alone.
    frozenset(("serverNameToVerify",)),
)


def read_integration(
    fields: Fields,
    templates: TemplateReader,
    *,
    declared: frozenset[RequestParameter] | None,
    responses: Iterable[IntegrationResponse] = (),
    tls: Spelling = TLS,
) -> Integration | None:
    """The Integration that the fields make; None when there is no valid ``type``, without which no other field means
    anything. Everything wrong is reported.

    ``declared`` holds the parameters that the method declares; None for a bare integration, which declares what it
    maps. Defaults: passthroughBehavior WHEN_NO_MATCH, timeoutInMillis 29,000, connectionType INTERNET, no cache key
    parameters, the resource's id as cacheNamespace: recorded on AWS.
    """
    problems = fields.problems
    kind = _type(fields)
    http_method = _http_method(fields, kind)
    uri = fields.scalar("uri")
    if kind is not None:
        if uri is not None:
            check_uri(uri, kind, problems)
        elif kind != "MOCK" and fields.get("uri") is None:
            problems.error(fields.mapping, f"an integration of type {kind} needs a uri", code="no-uri")
    connection, connection_id = _connection(fields, kind)
    mappings = request_mappings(fields.get("requestParameters"), problems)
    if declared is None:
        declared = _mapped(mappings)
    else:
        check_declared(fields.get("requestParameters"), mappings, declared, problems)
    passthrough = fields.one_of("passthroughBehavior", get_args(PassthroughBehavior), WRONG_PASSTHROUGH)
    handling = fields.one_of("contentHandling", get_args(ContentHandling), WRONG_CONTENT_HANDLING)
    request_templates = templates.templates(fields.get("requestTemplates"), "requestTemplates")
    cache_keys = cache_key(fields.texts("cacheKeyParameters"), mappings, declared, problems)
    timeout = _timeout(fields)
    credentials = _credentials(fields)
    namespace = fields.text("cacheNamespace")
    insecure = _insecure(fields, kind, tls)
    if kind is None:
        return None
    mock = kind == "MOCK"
    return Integration(
        type=kind,
        http_method=None if mock else http_method,
        uri=None if mock or uri is None else uri.text,
        connection_type=connection,
        connection_id=connection_id,
        credentials=credentials,
        request_parameters=mappings,
        request_templates=request_templates,
        passthrough_behavior=cast("PassthroughBehavior", passthrough or "WHEN_NO_MATCH"),
        cache_namespace=namespace,
        cache_key_parameters=cache_keys,
        content_handling=cast("ContentHandling | None", handling),
        timeout_in_millis=timeout,
        insecure_skip_verification=insecure,
        integration_responses=tuple(responses),
        origin=place_of(fields.mapping),
    )


def _type(fields: Fields) -> IntegrationType | None:
    kind = fields.one_of("type", TYPES, WRONG_TYPE)
    if kind is None and fields.get("type") is None:
        fields.problems.error(fields.mapping, "an integration needs a type", code="no-type", expected=TYPES)
    return cast("IntegrationType | None", kind)


def _http_method(fields: Fields, kind: IntegrationType | None) -> str | None:
    method = fields.one_of("httpMethod", METHODS)
    if kind not in {None, "MOCK"} and fields.get("httpMethod") is None:
        fields.problems.error(fields.mapping, NO_HTTP_METHOD, code="no-http-method", expected=METHODS)
    return method


def _connection(fields: Fields, kind: IntegrationType | None) -> tuple[ConnectionType, str | None]:
    """CFG005: a connectionId that is missing, or that stands beside INTERNET. Documented ("required", "undefined
    otherwise"); the messages are ours.
    """
    problems = fields.problems
    connection = fields.one_of("connectionType", get_args(ConnectionType), WRONG_CONNECTION_TYPE) or "INTERNET"
    connection_id = fields.text("connectionId") or None
    if connection == "VPC_LINK":
        if connection_id is None and not is_unknown(fields.get("connectionId")):
            problems.error(
                fields.key("connectionType"),
                "connectionType VPC_LINK needs a connectionId: the id of the VPC link",
                code="CFG005",
            )
        if kind is not None and kind not in _HTTP_TYPES:
            problems.warning(
                fields.key("connectionType"),
                f"connectionType means nothing to an integration of type {kind}",
                code="CFG005",
            )
    elif connection_id is not None and not is_unknown(fields.get("connectionType")):
        problems.warning(
            fields.key("connectionId"), "connectionId is used with connectionType VPC_LINK only", code="CFG005"
        )
    return cast("ConnectionType", connection), connection_id


def _timeout(fields: Fields) -> int:
    timeout = fields.integer("timeoutInMillis")
    if timeout is None:
        return DEFAULT_TIMEOUT_MS
    least, most = TIMEOUT_RANGE_MS
    if least <= timeout <= most:
        return timeout
    node = fields.get("timeoutInMillis")
    assert node is not None, "an integer was read from it"
    fields.problems.error(node, WRONG_TIMEOUT, code="timeout", expected=(f"{least} to {most}",))
    return DEFAULT_TIMEOUT_MS


def _credentials(fields: Fields) -> str | None:
    """CFG006: credentials that are no ARN are let pass with a warning. Documented as an ARN; what PutIntegration says
    of another text was not recorded.
    """
    node = fields.scalar("credentials")
    if node is None:
        return None
    text = node.text
    if not text.startswith(("arn:", "${")) and not is_unknown(node):
        fields.problems.warning(
            node,
            "credentials are the ARN of a role, or arn:aws:iam::*:user/* for the caller's own",
            code="CFG006",
            expected=("arn:aws:iam::123456789012:role/name", "arn:aws:iam::*:user/*"),
        )
    return text


def _insecure(fields: Fields, kind: IntegrationType | None, spelling: Spelling) -> bool:
    """CFG007: tlsConfig of an integration that is no HTTP one is refused. Documented as supported only for HTTP and
    HTTP_PROXY; the message is ours.
    """
    mapping = fields.mapped("tlsConfig")
    if mapping is None:
        return False
    if kind is not None and kind not in _HTTP_TYPES:
        fields.problems.error(
            fields.key("tlsConfig"), "tlsConfig is supported only for HTTP and HTTP_PROXY integrations", code="CFG007"
        )
    return Fields(mapping, spelling, fields.problems).boolean("insecureSkipVerification") or False


def _mapped(mappings: Iterable[RequestMapping]) -> frozenset[RequestParameter]:
    """What a bare integration declares: the parameters that it maps."""
    return frozenset(
        each.source._replace(place=each.source.place.removeprefix("multivalue"))  # type: ignore[arg-type] # one of the places
        for each in mappings
        if isinstance(each.source, RequestParameter)
    )
