"""One template rendered by us, for comparing with the reference; and where the recorded comparisons are.

What may live here: what test_agreement.py and the recording program share.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from reference.generator import VARIABLES

from vtlsim.values.json_reader import read
from vtlsim.velocity.dialect import APACHE, API_GATEWAY
from vtlsim.velocity.errors import VelocityError
from vtlsim.velocity.template import Template

DIALECTS: Final = {dialect.name: dialect for dialect in (APACHE, API_GATEWAY)}
RECORDED: Final = Path(__file__).resolve().parents[2] / "fixtures" / "velocity" / "agreement.jsonl"
_VARIABLES: Final = json.dumps(VARIABLES)


def ours(template: str, profile: str) -> str | None:
    """What we print; None when we refuse or fail as a template may. Any other exception is a fault of ours."""
    variables: Any = read(_VARIABLES)
    try:
        return Template(template, dialect=DIALECTS[profile]).render(variables)
    except VelocityError:
        return None
