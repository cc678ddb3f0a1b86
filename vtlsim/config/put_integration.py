"""PutIntegration documents, as people type them for ``aws apigateway put-integration`` and as GetIntegration answers.

What may live here: the two spellings of one integration without a method of its own. It becomes an Api that serves
every method and path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.fields import Fields, Spelling
from vtlsim.config.integration import FIELDS, read_integration
from vtlsim.config.integration_response import API, read_by_status
from vtlsim.gateway.locations import RequestParameter
from vtlsim.gateway.model import Api, DeclaredParameter, Method

if TYPE_CHECKING:
    from vtlsim.config.marked import Mapping
    from vtlsim.config.problems import Problems
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import Integration

_LATER: Final = frozenset(("responseTransferMode", "integrationTarget"))
"""Fields that came after the page; they bear on how an answer travels, not on what is in it."""

REFERENCE: Final = Spelling(
    "PutIntegration",
    {**{name: name for name in FIELDS}, "integrationResponses": "integrationResponses"},
    frozenset(("_links", "_embedded", "ResponseMetadata", "restApiId", "resourceId")) | _LATER,
)
"""As the API reference and GetIntegration spell it: ``httpMethod`` is the backend's."""

COMMAND_LINE: Final = Spelling(
    "put-integration",
    {
        **{name: name for name in FIELDS if name != "httpMethod"},
        "integrationHttpMethod": "httpMethod",
        "integrationResponses": "integrationResponses",
    },
    frozenset(("httpMethod", "restApiId", "resourceId")) | _LATER,
)
"""As ``aws apigateway put-integration --cli-input-json`` and the SDKs spell it: ``httpMethod`` is the method's own."""


def read_put_integration(mapping: Mapping, templates: TemplateReader, problems: Problems) -> Api:
    """An Api whose fallback is the document's one integration."""
    integration = bare_integration(mapping, templates, problems)
    return Api(fallback=None if integration is None else _method(integration))


def bare_integration(mapping: Mapping, templates: TemplateReader, problems: Problems) -> Integration | None:
    """The document's integration, which declares what it maps."""
    fields = Fields(mapping, _spelling(mapping), problems)
    responses = read_by_status(fields.mapped("integrationResponses"), API, templates, problems)
    return read_integration(fields, templates, declared=None, responses=responses)


def _spelling(mapping: Mapping) -> Spelling:
    """The AWS CLI's is known by ``integrationHttpMethod``, or by the ids that it must name and an answer never has."""
    if "integrationHttpMethod" in mapping or ("resourceId" in mapping and "restApiId" in mapping):
        return COMMAND_LINE
    return REFERENCE


def _method(integration: Integration) -> Method:
    """The method that a bare integration stands for: it declares the parameters that are mapped, and any response."""
    declared = {
        each.source._replace(place=each.source.place.removeprefix("multivalue"))  # type: ignore[arg-type] # one of the places
        for each in integration.request_parameters
        if isinstance(each.source, RequestParameter)
    }
    ordered = sorted(declared, key=lambda each: each.expression)
    return Method("ANY", integration, tuple(DeclaredParameter(each) for each in ordered), origin=integration.origin)
