"""What templates see of a request, fact by fact, through :func:`vtlsim.render`.

``fixtures/gateway/renders.json`` says which evidence each fact has; its README says what the tiers mean and which cases
of others were left out.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import vtlsim

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "gateway" / "renders.json"
CASES: list[dict[str, Any]] = json.loads(FIXTURE.read_text(encoding="utf-8"))
GIVEN = ("body", "headers", "query", "path", "stage_variables", "context", "variables", "phase")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_fact(case: dict[str, Any]) -> None:
    result = vtlsim.render(case["template"], **{name: case[name] for name in GIVEN if name in case})
    if "output" in case:
        assert result.text == case["output"], case["states"]
    else:
        assert result.json == case["output_json"], case["states"]
    for which, places in case.get("overrides", {}).items():
        left = result.overrides[which]
        assert {place: left[place] for place in places} == places, case["states"]


def test_each_case_has_a_name_and_evidence_of_its_own() -> None:
    assert max(Counter(case["id"] for case in CASES).values()) == 1
    assert max(Counter(case["evidence"]["case"] for case in CASES).values()) == 1
    assert {case["evidence"]["tier"] for case in CASES} == {"1a", "4"}


def test_each_case_says_what_is_rendered() -> None:
    assert [case["id"] for case in CASES if ("output" in case) == ("output_json" in case)] == []
