"""The language, fact by fact: what API Gateway's engine was recorded to render.

``fixtures/velocity/engine_renders.json`` restates each recorded case in a template of our own. Its tier is 1b: recorded
on AWS without a validation record, and confirmed by the reference renderer without exception. On AWS every variable was
bound to a member of ``$util.parseJson``'s result, so here the variables are read as json-smart reads them.

Where the recorded cases themselves lie beside the project, they are rendered too, as they are.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from vtlsim.values.json_reader import read
from vtlsim.velocity import Template

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "fixtures" / "velocity" / "engine_renders.json"
RECORDED = ROOT.parent / "shared" / "cases" / "aws_cases.json"
EVIDENCE = "airspeed-fork-aws-snapshot"

CASES: list[dict[str, Any]] = json.loads(FIXTURE.read_text(encoding="utf-8"))


def recorded() -> list[dict[str, Any]]:
    if not RECORDED.exists():
        return []
    cases = json.loads(RECORDED.read_text(encoding="utf-8"))
    return [case for case in cases if case["kind"] == "render" and case["evidence"] == EVIDENCE]


RECORDED_CASES = recorded()
only_beside_the_recordings = pytest.mark.skipif(not RECORDED_CASES, reason="no ../shared/cases/aws_cases.json")


def rendered(template: str, variables: dict[str, Any]) -> str:
    bound = read(json.dumps(variables))
    assert isinstance(bound, dict)
    return Template(template).render(bound)


def comparable(text: str, compare: str | None) -> str:
    """The text as far as the evidence goes: some recordings did not keep white space."""
    if compare == "collapse-whitespace":
        return " ".join(text.split())
    assert compare is None
    return text


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_fact(case: dict[str, Any]) -> None:
    compare = case.get("compare")
    text = rendered(case["template"], case["variables"])
    assert comparable(text, compare) == comparable(case["output"], compare), case["states"]


def test_each_case_has_a_name_and_evidence_of_its_own() -> None:
    ids = Counter(case["id"] for case in CASES)
    evidence = Counter(case["evidence"]["case"] for case in CASES)
    assert max(ids.values()) == 1
    assert max(evidence.values()) == 1
    assert {case["evidence"]["tier"] for case in CASES} == {"1b"}


@only_beside_the_recordings
def test_every_recorded_case_is_restated() -> None:
    assert {case["evidence"]["case"] for case in CASES} == {case["id"] for case in RECORDED_CASES}


@only_beside_the_recordings
def test_no_template_is_the_recorded_one() -> None:
    templates = {case["id"]: case["given"]["template"] for case in RECORDED_CASES}
    assert [case["id"] for case in CASES if case["template"] == templates[case["evidence"]["case"]]] == []


@only_beside_the_recordings
@pytest.mark.parametrize("case", RECORDED_CASES, ids=[case["id"] for case in RECORDED_CASES])
def test_recorded_case(case: dict[str, Any]) -> None:
    given, expect = case["given"], case["expect"]
    text = rendered(given["template"], given["variables"])
    if "output_json" in expect:  # the recording kept the value, not its white space
        assert json.loads(text) == expect["output_json"]
    else:
        compare = expect.get("compare")
        assert comparable(text, compare) == comparable(expect["output"], compare)
