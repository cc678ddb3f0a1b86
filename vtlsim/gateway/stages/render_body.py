"""What does the request template make of the body?

What may live here: which rendering runs, and which refusal each way of failing is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import BodyPassed, BodyRendered
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, BAD_REQUEST_BODY, Refused
from vtlsim.gateway.rendering import render

if TYPE_CHECKING:
    from vtlsim.gateway.findings import BodyConverted, TemplateSelected
    from vtlsim.gateway.model import Surroundings
    from vtlsim.gateway.rendering import Scene

UNREADABLE_BODY: Final = "GW021"
"""Register: a payload that json-smart refuses is a 400 ``Could not process payload`` once a template reads it."""

FAILED_TEMPLATE: Final = "GW022"
"""Register: a request template that fails is a 500 with ``Unable to transform request`` in the log."""

LOG_LINE: Final = "Execution failed due to configuration error: Unable to transform request"


def render_body(
    selected: TemplateSelected, converted: BodyConverted, scene: Scene, around: Surroundings
) -> BodyRendered | BodyPassed:
    """The rendered text, or the body as it is. Raises Refused: 400 for an unreadable payload, else 500."""
    template = selected.template
    if template is None:
        return BodyPassed("request", "proxy" if selected.outcome == "proxy" else "passthrough", converted.body)
    outcome = render(template, "request", converted.body, scene, around)
    if isinstance(outcome, BodyRendered):
        return outcome
    if outcome.fault == "unreadable_body":
        raise Refused(
            BAD_REQUEST_BODY,
            because=outcome._replace(codes=(*outcome.codes, UNREADABLE_BODY)),
            message=f"Could not process payload: {outcome.message}",
            log_message=None,
        )
    raise Refused(
        API_CONFIGURATION_ERROR,
        because=outcome._replace(codes=(*outcome.codes, FAILED_TEMPLATE)),
        log_message=LOG_LINE,
    )
