"""Reading numbers and reckoning with BigDecimals, against what OpenJDK 17 said."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from velocity.java import number_cases
from velocity.java.fixture_rows import rows

if TYPE_CHECKING:
    from reference import Reference


def test_recorded_numbers_give_what_java_gave() -> None:
    found = [
        (row, ours)
        for row in rows("methods_numbers")
        if (ours := number_cases.our_words((row[0], row[1], tuple(row[2])))) != row[3:]
    ]
    assert found == []


@pytest.mark.reference
def test_decimals_agree_with_the_live_reference(reference: Reference) -> None:
    seed = Random().randrange(10**6)
    questions = list(number_cases.decimal_cases(seed, 1_000))
    results = reference.render_all(map(number_cases.case, questions))
    found = [
        (question, ours, theirs)
        for question, result in zip(questions, results, strict=True)
        if (ours := number_cases.our_words(question)) != (theirs := number_cases.java_words(result))
    ]
    assert len(found) <= 2, (seed, found)  # a fresh seed may find one of a class that nobody knows yet
