"""Which status does a MOCK integration answer with?

What may live here: reading ``statusCode`` from the rendered request. AWS reads it leniently (recorded: ``{statusCode:
200}`` and trailing commas pass); the rules are json-smart's permissive ones, which agree with every recorded and
reported case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import BodyRendered, MockAnswered
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, Refused
from vtlsim.gateway.utf8 import text_of

if TYPE_CHECKING:
    from vtlsim.gateway.findings import BodyPassed

LENIENT_STATUS: Final = "GW038"
"""Register: the rendered request of a MOCK is read by json-smart's permissive rules; any whole number is a status."""

LOG_LINE: Final = (
    "Execution failed due to configuration error: "
    "Unable to parse statusCode. It should be an integer that is defined in the request template."
)


def read_mock_status(body: BodyRendered | BodyPassed) -> MockAnswered:
    """The status. Raises Refused with 500 when there is none."""
    from vtlsim.values.json_reader import JsonError, read

    content = body.text if isinstance(body, BodyRendered) else body.body
    text = text_of(content) if isinstance(content, bytes) else content
    status: object = None
    try:
        value = read(text) if text.strip() else None
        status = value.get("statusCode") if isinstance(value, dict) else None
    except JsonError:
        pass
    if not isinstance(status, int) or isinstance(status, bool):
        raise Refused(
            API_CONFIGURATION_ERROR, because=MockAnswered(text, None, codes=(LENIENT_STATUS,)), log_message=LOG_LINE
        )
    lenient = not _is_strict(text)
    return MockAnswered(text, int(status), lenient, (LENIENT_STATUS,) if lenient else ())


def _is_strict(text: str) -> bool:
    import json

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
