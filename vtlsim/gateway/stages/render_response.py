"""Which response template is used, and what does it make of the backend's body?

What may live here: the choice by Accept (documented: none matching takes the first, an empty one passes the body), the
rendering, and which refusal a failure is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway import media_types
from vtlsim.gateway.findings import (
    BodyPassed,
    BodyRendered,
    ResponseTemplateSelected,
    TemplateCandidate,
)
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, Refused
from vtlsim.gateway.rendering import render

if TYPE_CHECKING:
    from typing import Literal

    from vtlsim.gateway.findings import BodyConverted, TemplateVerdict
    from vtlsim.gateway.model import MethodRequest, Surroundings, Templates
    from vtlsim.gateway.rendering import Scene

FAILED_TEMPLATE: Final = "GW023"
"""Register: a response template that fails, or that reads a payload that is none, is a 500."""

FIRST_TEMPLATE: Final = "GW024"
"""Register: when no key matches Accept, application/json stands in if it is there, else the first key does."""

LOG_LINE: Final = "Execution failed due to configuration error: Unable to transform response"


def select_response_template(request: MethodRequest, templates: Templates) -> ResponseTemplateSelected:
    """The template for the client's Accept."""
    accept = request.headers.first("accept")
    media_type = media_types.first_of(accept) or media_types.JSON
    if not templates:
        return ResponseTemplateSelected(accept, media_type, (), "none")
    codes: tuple[str, ...] = ()
    reason: Literal["accept", "json", "first", "empty"] = "accept" if accept is not None else "json"
    found = templates.find(media_type)
    if found is None:
        codes = (FIRST_TEMPLATE,)
        found, reason = templates.find(media_types.JSON), "json"
    if found is None:
        found, reason = templates.items[0], "first"
    key, template = found
    if not template.text:
        reason = "empty"
    verdict: TemplateVerdict = "empty" if reason == "empty" else "first" if reason == "first" else "matched"
    considered = tuple(
        [TemplateCandidate(each, verdict if each == key else "other_type") for each, _ in templates.items]
    )
    return ResponseTemplateSelected(
        accept, media_type, considered, reason, key, template if template.text else None, codes
    )


def render_response(
    selected: ResponseTemplateSelected, converted: BodyConverted, scene: Scene, around: Surroundings
) -> BodyRendered | BodyPassed:
    """The rendered text, or the body as it is. Raises Refused with 500."""
    template = selected.template
    if template is None:
        reason: Literal["empty_template", "no_template"] = (
            "empty_template" if selected.reason == "empty" else "no_template"
        )
        return BodyPassed("response", reason, converted.body)
    outcome = render(template, "response", converted.body, scene, around)
    if isinstance(outcome, BodyRendered):
        return outcome
    raise Refused(
        API_CONFIGURATION_ERROR,
        because=outcome._replace(codes=(*outcome.codes, FAILED_TEMPLATE)),
        log_message=LOG_LINE,
    )
