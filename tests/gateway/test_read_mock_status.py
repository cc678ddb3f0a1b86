"""MOCK's reading of ``statusCode``: json-smart's permissive rules, which agree with each of an emulator's examples."""

from __future__ import annotations

import pytest

from vtlsim.gateway.findings import BodyPassed, MockAnswered
from vtlsim.gateway.refusals import Refused
from vtlsim.gateway.stages.read_mock_status import read_mock_status


@pytest.mark.parametrize(
    "text, status, lenient",
    [
        ('{"statusCode": 200}', 200, False),
        ("{statusCode: 200}", 200, True),  # recorded
        ('\n\n  {\n "statusCode": 200,\n }\n', 200, True),  # recorded engine render
        ("{'statusCode': 404}", 404, True),
        ('{"statusCode": 200 ,, "tea": 1}', 200, True),
        ('{"statusCode": 0}', 0, False),
        ('{"statusCode": -1000}', -1000, False),
        ('{"statusCode": 200} tea', 200, True),
    ],
)
def test_read(text: str, status: int, lenient: bool) -> None:
    found = read_mock_status(BodyPassed("request", "passthrough", text))
    assert (found.status, found.lenient) == (status, lenient)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "200",
        "[200]",
        '{"statusCode": "200"}',
        '{"statusCode": 200.0}',
        '{"statusCode": true}',
        "{statusCode",
        b"\xff",
        "null",
    ],
)
def test_refused(body: str | bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_mock_status(BodyPassed("request", "passthrough", body))
    assert refused.value.status == 500
    assert refused.value.log_message is not None
    assert refused.value.log_message.startswith(
        "Execution failed due to configuration error: Unable to parse statusCode."
    )
    assert isinstance(refused.value.because, MockAnswered)
