"""OPTIONS methods that tools add for CORS.

What may live here: the MOCK method that answers a preflight request, as SAM and serverless both make it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vtlsim.gateway.locations import ResponseMapping, ResponseTarget
from vtlsim.gateway.model import (
    DeclaredResponse,
    Integration,
    IntegrationResponse,
    Method,
    Templates,
    TemplateText,
)

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from vtlsim.gateway.locations import ResponseSource
    from vtlsim.gateway.model import ContentHandling, Origin


def preflight(
    headers: Dict[str, ResponseSource],
    origin: Origin | None,
    *,
    request: str,
    response: str,
    content_handling: ContentHandling | None = None,
) -> Method:
    """A method OPTIONS that answers 200 with the headers. ``request`` and ``response`` are its two templates."""
    mappings = tuple(ResponseMapping(ResponseTarget(name), source) for name, source in headers.items())
    answer = IntegrationResponse(
        status_code="200",
        response_parameters=mappings,
        response_templates=Templates([("application/json", TemplateText(response, "preflight response", origin))]),
        origin=origin,
    )
    integration = Integration(
        type="MOCK",
        request_templates=Templates([("application/json", TemplateText(request, "preflight request", origin))]),
        content_handling=content_handling,
        integration_responses=(answer,),
        origin=origin,
    )
    declared = DeclaredResponse("200", MappingProxyType(dict.fromkeys(headers, False)))
    return Method("OPTIONS", integration, responses=(declared,), origin=origin)
