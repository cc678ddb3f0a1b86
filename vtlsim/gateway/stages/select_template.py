"""Which request template does this request get?

What may live here: Content-Type x requestTemplates x passthroughBehavior. The table, with the source of each cell, is
in ``tests/gateway/test_select_template.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway import media_types
from vtlsim.gateway.findings import TemplateCandidate, TemplateSelected
from vtlsim.gateway.refusals import UNSUPPORTED_MEDIA_TYPE, Refused

if TYPE_CHECKING:
    from vtlsim.gateway.findings import TemplateOutcome, TemplateVerdict
    from vtlsim.gateway.model import Integration, MethodRequest, TemplateText

DEFAULT_KEY: Final = "GW012"
"""Register: the key ``$default`` is used when no key matches."""

EMPTY_TEMPLATE: Final = "GW013"
"""Register: an empty request template is no template for its media type, but the map is not empty."""

BEHAVIOR_UNSEEN: Final = "GW014"
"""Register: the bytes and headers of a 415."""

PROXIES: Final = frozenset({"HTTP_PROXY", "AWS_PROXY"})


def select_template(request: MethodRequest, integration: Integration) -> TemplateSelected:
    """The template, or that the body passes. Raises Refused with 415."""
    content_type = request.headers.first("content-type")
    media_type = media_types.bare(content_type) or media_types.JSON
    behavior = integration.passthrough_behavior
    templates = integration.request_templates
    if integration.type in PROXIES:
        return TemplateSelected(content_type, media_type, behavior, (), "proxy")
    codes: tuple[str, ...] = ()
    found = templates.find(media_type)
    if found is not None and not found[1].text:
        found, codes = None, (EMPTY_TEMPLATE,)
    if found is None:
        found = templates.find("$default")
        if found is not None:
            codes = (DEFAULT_KEY,) if found[1].text else (EMPTY_TEMPLATE,)
            if not found[1].text:
                found = None
    key: str | None = None
    template: TemplateText | None = None
    if found is not None:
        key, template = found
    considered = tuple(
        [TemplateCandidate(each, _verdict(each, text, key, media_type)) for each, text in templates.items]
    )
    outcome: TemplateOutcome
    if template is not None:
        outcome = "template"
    elif behavior == "WHEN_NO_MATCH" or (behavior == "WHEN_NO_TEMPLATES" and not templates):
        outcome = "passthrough"
    else:
        outcome, codes = "unsupported", (*codes, BEHAVIOR_UNSEEN)
    finding = TemplateSelected(content_type, media_type, behavior, considered, outcome, key, template, codes)
    if outcome == "unsupported":
        raise Refused(UNSUPPORTED_MEDIA_TYPE, because=finding)
    return finding


def _verdict(key: str, template: TemplateText, chosen: str | None, media_type: str) -> TemplateVerdict:
    if key == chosen:
        return "default_key" if key == "$default" else "matched"
    if not template.text and key.strip().lower() in (media_type, "$default"):
        return "empty"
    return "other_type"
