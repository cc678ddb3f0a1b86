"""Every answer that Java gave about values is ours too: recorded ones always, fresh ones where Java is at hand."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from values.oracle import java_answers, missing, our_answer, same
from values.samples import Samples

FIXTURES = Path(__file__).parents[2] / "fixtures" / "values"
TABLES = sorted(FIXTURES.glob("*.json"))
MISSING = missing()
FRESH = int(time.time())
QUESTIONS = 1_500
"""Of each kind for each seed."""


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_recorded_answers(table):
    recorded = json.loads(table.read_text(encoding="utf-8"))
    assert recorded["evidence"]
    differing = [
        (asked, answer, ours) for asked, answer in recorded["cases"] if not same(answer, ours := our_answer(asked))
    ]
    assert differing == []


@pytest.mark.reference
@pytest.mark.skipif(MISSING is not None, reason=f"Java cannot be asked: {MISSING}")
@pytest.mark.parametrize("kind", ["about_one", "about_two", "about_json", "about_table"])
@pytest.mark.parametrize("seed", [1, pytest.param(FRESH, id="fresh")])
def test_fresh_answers(kind, seed):
    samples = Samples(seed)
    ask = getattr(samples, kind)
    questions = [ask() for _ in range(QUESTIONS if kind != "about_table" else QUESTIONS // 5)]
    answers = java_answers(questions)
    assert len(answers) == len(questions)
    differing = [
        (asked, answer, ours)
        for asked, answer in zip(questions, answers, strict=True)
        if not same(answer, ours := our_answer(asked))
    ]
    assert differing == [], f"seed {seed}"
