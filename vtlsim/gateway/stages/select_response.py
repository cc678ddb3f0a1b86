"""Which integration response does the backend's answer get?

What may live here: selectionPattern against the backend's status, or against the ``errorMessage`` of a Lambda
function's answer (recorded: never against its status). Patterns are Java's and must match the whole text.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import ResponseCandidate, ResponseSelected
from vtlsim.gateway.model import Function
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, Refused
from vtlsim.gateway.utf8 import text_of
from vtlsim.values.objects import JavaException

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from vtlsim.gateway.model import BackendResponse, IntegrationRequest, IntegrationResponse
    from vtlsim.velocity.java.problems import LimitReached
    from vtlsim.velocity.java.regexes import JavaPattern

WHOLE_TEXT: Final = "GW040"
"""Register: a selection pattern must match the whole text, and the first that does, in the order given, wins."""

BAD_PATTERN: Final = "GW041"
"""Register: a selection pattern that is no regular expression, or takes too long, matches nothing."""

PROXIES: Final = frozenset({"HTTP_PROXY", "AWS_PROXY"})


def select_response(
    answer: BackendResponse, sent: IntegrationRequest
) -> tuple[ResponseSelected, IntegrationResponse | None]:
    """The integration response; None for proxy types. Raises Refused with 500 when none fits or it is undeclared."""
    if sent.type in PROXIES:
        return ResponseSelected("proxy", str(answer.status), (), str(answer.status)), None
    matched_on: Literal["status", "errorMessage"] = "status"
    text = str(answer.status)
    if isinstance(sent.destination, Function):
        matched_on, text = "errorMessage", _error_message(answer.body)
    considered: list[ResponseCandidate] = []
    chosen: IntegrationResponse | None = None
    default: IntegrationResponse | None = None
    codes: list[str] = []
    for each in sent.carried.integration.integration_responses:
        pattern = each.selection_pattern
        if not pattern:
            if default is None:
                default = each
            considered.append(ResponseCandidate(each.status_code, pattern, "default"))
        elif chosen is not None:
            considered.append(ResponseCandidate(each.status_code, pattern, "not_reached"))
        else:
            fits, fault = _matches(pattern, text)
            if fault is not None:
                codes.append(BAD_PATTERN)
                considered.append(ResponseCandidate(each.status_code, pattern, "bad_pattern", fault))
            elif fits:
                chosen = each
                codes.append(WHOLE_TEXT)
                considered.append(ResponseCandidate(each.status_code, pattern, "matched"))
            else:
                considered.append(ResponseCandidate(each.status_code, pattern, "no_match"))
    chosen = chosen or default
    if chosen is None:
        raise Refused(
            API_CONFIGURATION_ERROR,
            because=ResponseSelected(matched_on, text, tuple(considered), None, codes=tuple(codes)),
            log_message=(
                "Execution failed due to configuration error: No match for output mapping and no default output "
                f"mapping configured. Endpoint Response Status Code: {answer.status}"
            ),
        )
    declared = sent.carried.method.responses
    is_declared = declared is None or any(each.status_code == chosen.status_code for each in declared)
    finding = ResponseSelected(matched_on, text, tuple(considered), chosen.status_code, is_declared, tuple(codes))
    if not is_declared:
        raise Refused(
            API_CONFIGURATION_ERROR,
            because=finding,
            log_message=(
                "Execution failed due to configuration error: Output mapping refers to an invalid method response: "
                f"{chosen.status_code}"
            ),
        )
    return finding, chosen


def _matches(pattern: str, text: str) -> tuple[bool, str | None]:
    try:
        return _compiler()(pattern).matches(text), None
    except JavaException as error:
        return False, error.message or error.java_class
    except _limit_reached() as reached:
        return False, reached.limit


@cache
def _compiler() -> Callable[[str], JavaPattern]:
    """Java's regular expressions, imported for the first pattern."""
    from vtlsim.velocity.java.regexes import compiled

    return compiled


def _limit_reached() -> type[LimitReached]:
    from vtlsim.velocity.java.problems import LimitReached

    return LimitReached


def _error_message(body: bytes) -> str:
    from vtlsim.values.json_reader import JsonError, read
    from vtlsim.values.text import text

    content = text_of(body)
    if "errorMessage" not in content:
        return ""
    try:
        value = read(content)
    except JsonError:
        return ""
    found = value.get("errorMessage") if isinstance(value, dict) else None
    return "" if found is None else text(found)
