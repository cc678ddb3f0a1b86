"""Did the backend answer?

What may live here: an answer or the reason why there is none, and the gateway response that each reason is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import BackendAnswered, BackendFailed
from vtlsim.gateway.model import BackendFailure
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, INTEGRATION_FAILURE, INTEGRATION_TIMEOUT, Refused

if TYPE_CHECKING:
    from vtlsim.gateway.model import BackendResponse

FAILURES: Final = "GW039"
"""Register: what each kind of failure to reach a backend is answered with."""

_CONFIGURATION: Final = "Execution failed due to configuration error: "


def check_backend(answer: BackendResponse | BackendFailure, timeout_ms: int) -> BackendAnswered:
    """The answer. Raises Refused: 504 for a timeout or a broken connection, else 500."""
    if not isinstance(answer, BackendFailure):
        return BackendAnswered(answer.status, answer.headers, len(answer.body), answer.latency_ms, answer.body)
    finding = BackendFailed(answer.kind, answer.detail, timeout_ms, (FAILURES,))
    match answer.kind:
        case "timeout":
            raise Refused(INTEGRATION_TIMEOUT, because=finding, log_message="Execution failed due to a timeout error")
        case "connection":
            raise Refused(
                INTEGRATION_FAILURE,
                because=finding,
                log_message="Execution failed due to an internal error",
            )
        case "invalid_endpoint":
            raise Refused(
                API_CONFIGURATION_ERROR, because=finding, log_message=f"{_CONFIGURATION}Invalid endpoint address"
            )
        case "certificate":
            detail = answer.detail or "Certificate check failed"
            raise Refused(API_CONFIGURATION_ERROR, because=finding, log_message=f"{_CONFIGURATION}{detail}")
        case _:
            raise Refused(
                API_CONFIGURATION_ERROR,
                because=finding,
                log_message=f"{_CONFIGURATION}Invalid permissions on Lambda function",
            )
