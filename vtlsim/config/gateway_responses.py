"""Gateway responses that an Api sets.

What may live here: a mapping becomes a CustomGatewayResponse, with PutGatewayResponse's checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.expressions import gateway_mappings
from vtlsim.config.fields import Fields, Spelling, enum_message, is_unknown, wrong_kind
from vtlsim.config.integration_response import WRONG_STATUS
from vtlsim.config.marked import Mapping, Scalar
from vtlsim.config.problems import nearest, place_of
from vtlsim.gateway.model import CustomGatewayResponse

if TYPE_CHECKING:
    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.templates import TemplateReader

TYPES: Final = (
    *("REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "AUTHORIZER_CONFIGURATION_ERROR", "MISSING_AUTHENTICATION_TOKEN"),
    *("BAD_REQUEST_BODY", "INVALID_SIGNATURE", "INVALID_API_KEY", "BAD_REQUEST_PARAMETERS", "AUTHORIZER_FAILURE"),
    *("UNAUTHORIZED", "INTEGRATION_TIMEOUT", "ACCESS_DENIED", "DEFAULT_4XX", "DEFAULT_5XX", "WAF_FILTERED"),
    *("QUOTA_EXCEEDED", "THROTTLED", "API_CONFIGURATION_ERROR", "UNSUPPORTED_MEDIA_TYPE", "INTEGRATION_FAILURE"),
    "EXPIRED_TOKEN",
)
"""In the order in which AWS's message lists them."""

WRONG_TYPE: Final = enum_message("responseType", TYPES)

API: Final = Spelling(
    "gateway response",
    {name: name for name in ("statusCode", "responseParameters", "responseTemplates")},
    frozenset(("responseType", "defaultResponse", "_links")),
)
"""As the API reference and the OpenAPI extension spell it."""


def response_type(node: Scalar, problems: Problems) -> str | None:
    """A gateway response's type; None when it is none, which is reported."""
    if node.text in TYPES:
        return node.text
    if not is_unknown(node):
        problems.error(
            node,
            WRONG_TYPE.replace("{}", node.text),
            code="wrong-responseType",
            expected=TYPES,
            nearest=nearest(node.text, TYPES),
        )
    return None


def read_gateway_response(
    kind: str, mapping: Mapping, spelling: Spelling, templates: TemplateReader, problems: Problems
) -> CustomGatewayResponse:
    """One gateway response of a known type."""
    fields = Fields(mapping, spelling, problems)
    status = fields.integer("statusCode")
    node = fields.get("statusCode")
    if status is not None and node is not None and not 100 <= status <= 599:
        problems.error(node, WRONG_STATUS.replace("{}", str(status)), code="status-code")
        status = None
    return CustomGatewayResponse(
        type=kind,
        status_code=status,
        parameters=gateway_mappings(fields.get("responseParameters"), problems),
        templates=templates.templates(fields.get("responseTemplates"), "responseTemplates"),
        origin=place_of(mapping),
    )


def read_by_type(
    node: Node | None, spelling: Spelling, templates: TemplateReader, problems: Problems
) -> dict[str, CustomGatewayResponse]:
    """A mapping from types to gateway responses."""
    found: dict[str, CustomGatewayResponse] = {}
    if node is None or is_unknown(node):
        return found
    if not isinstance(node, Mapping):
        wrong_kind(node, "gateway responses", "a mapping", problems)
        return found
    for name, each in node.items():
        kind = response_type(node.key(name), problems)
        if kind is not None and isinstance(each, Mapping):
            found[kind] = read_gateway_response(kind, each, spelling, templates, problems)
    return found
