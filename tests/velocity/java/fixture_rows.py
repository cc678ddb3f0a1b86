"""Reading what record_fixtures.py wrote."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "fixtures" / "velocity"


@cache
def rows(name: str) -> list[Any]:
    """The rows of a fixture."""
    found: list[Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="ascii"))["rows"]
    return found
