"""An exchange run again with something changed, without touching a file.

What may live here: putting edits into a kept request and into copies of an Api's templates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vtlsim.gateway.addresses import pairs
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Templates, TemplateText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vtlsim.gateway.model import Api, Integration, Method, MethodRequest


class Edit(NamedTuple):
    """What is changed; None leaves it as it was. ``path`` follows the stage and may have a query string."""

    method: str | None = None
    path: str | None = None
    headers: Sequence[tuple[str, str]] | None = None
    body: bytes | None = None
    templates: Mapping[str, str] = {}


def edited_request(request: MethodRequest, edit: Edit) -> MethodRequest:
    """The request with its edits."""
    if edit.method is not None:
        request = request._replace(method=edit.method.strip().upper())
    if edit.path is not None:
        before, _, query = edit.path.partition("?")
        request = request._replace(path=before or "/", query=pairs(query))
    if edit.headers is not None:
        request = request._replace(headers=Headers(edit.headers))
    if edit.body is not None:
        request = request._replace(body=edit.body)
    return request


def edited_api(api: Api, texts: Mapping[str, str]) -> Api:
    """The Api with other texts in the templates of the given names."""
    if not texts:
        return api
    resources = tuple(
        resource._replace(methods={name: _method(method, texts) for name, method in resource.methods.items()})
        for resource in api.resources
    )
    return api._replace(resources=resources, fallback=None if api.fallback is None else _method(api.fallback, texts))


def _method(method: Method, texts: Mapping[str, str]) -> Method:
    return (
        method if method.integration is None else method._replace(integration=_integration(method.integration, texts))
    )


def _integration(integration: Integration, texts: Mapping[str, str]) -> Integration:
    return integration._replace(
        request_templates=_templates(integration.request_templates, texts),
        integration_responses=tuple(
            answer._replace(response_templates=_templates(answer.response_templates, texts))
            for answer in integration.integration_responses
        ),
    )


def _templates(templates: Templates, texts: Mapping[str, str]) -> Templates:
    if not any(template.name in texts for _, template in templates):
        return templates
    return Templates(
        (
            key,
            TemplateText(texts[template.name], template.name, template.origin) if template.name in texts else template,
        )
        for key, template in templates
    )
