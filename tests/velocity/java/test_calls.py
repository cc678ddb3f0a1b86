"""Some ten thousand calls, properties, indices and loops, against what Velocity 1.7 on OpenJDK 17 said of them."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from velocity.java import calls
from velocity.java.fixture_rows import rows
from vtlsim.values.text import text

if TYPE_CHECKING:
    from reference import Reference


def _recorded(row: list[Any]) -> tuple[calls.Call, calls.Answer]:
    on, how, name, args, shown, kind, after, error = row
    if after is None and error is None:
        after = calls.comparable(calls.Answer(after=text(calls.VALUES[on].make()))).after
    return calls.Call(on, name, tuple(args), how), calls.Answer(shown, kind, after, error)


def _differences(pairs: list[tuple[calls.Call, calls.Answer]]) -> list[str]:
    found = []
    for question, theirs in pairs:
        ours = calls.comparable(calls.our_answer(question))
        if ours != theirs and not calls.excused(question, ours, theirs):
            found.append(f"{question}\n  ours   {ours}\n  theirs {theirs}")
    return found


@pytest.mark.parametrize("kind", calls.RECEIVERS)
def test_recorded_calls_give_what_java_gave(kind: str) -> None:
    receivers = set(calls.RECEIVERS[kind])
    pairs = [_recorded(row) for row in rows("methods") if row[0] in receivers]
    assert pairs
    assert _differences(pairs) == []


def test_most_recorded_calls_are_of_every_type_and_way() -> None:
    ways = Counter(row[1] for row in rows("methods"))
    assert set(ways) == set(calls.HOW)
    assert {row[0] for row in rows("methods")} == {on for names in calls.RECEIVERS.values() for on in names}
    thrown = sum(1 for row in rows("methods") if row[7] is not None)
    assert 0.1 < thrown / len(rows("methods")) < 0.5


def test_excuses_are_few() -> None:
    used = [
        question
        for question, theirs in map(_recorded, rows("methods"))
        if (ours := calls.comparable(calls.our_answer(question))) != theirs and calls.excused(question, ours, theirs)
    ]
    assert len(used) < 60, used


@pytest.mark.reference
def test_calls_agree_with_the_live_reference(reference: Reference) -> None:
    everything = calls.all_calls(12)
    chosen = Random().sample(everything, 3_000)
    results = reference.render_all([calls.case(question) for question in chosen])
    pairs = [
        (question, calls.comparable(calls.java_answer(result)))
        for question, result in zip(chosen, results, strict=True)
    ]
    assert _differences(pairs) == []
