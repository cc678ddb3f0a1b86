"""Java's regular expressions: recorded answers, the live reference, and what they may cost."""

from __future__ import annotations

import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest

from velocity.java import regex_cases
from velocity.java.fixture_rows import rows
from vtlsim.values.objects import JavaException
from vtlsim.velocity import limits
from vtlsim.velocity.java import regexes
from vtlsim.velocity.java.problems import LimitReached
from vtlsim.velocity.java.regex_syntax import translate

if TYPE_CHECKING:
    from reference import Reference


def test_recorded_patterns_give_what_java_gave() -> None:
    found = [
        (question, ours, answer)
        for *question, answer in rows("methods_regexes")
        if (ours := regex_cases.our_answer(tuple(question))) != answer and not regex_cases.excused(tuple(question))
    ]
    assert found == []


def test_excuses_are_few() -> None:
    used = [q for *q, answer in rows("methods_regexes") if regex_cases.our_answer(tuple(q)) != answer]
    assert len(used) <= 5, used


@pytest.mark.reference
def test_patterns_agree_with_the_live_reference(reference: Reference) -> None:
    seed = Random().randrange(10**6)
    questions = [*regex_cases.chosen_cases(seed, 3), *regex_cases.chance_cases(seed, 1_500)]
    results = reference.render_all(map(regex_cases.case, questions))
    found = [
        (question, ours, theirs)
        for question, result in zip(questions, results, strict=True)
        if (ours := regex_cases.our_answer(question)) != (theirs := regex_cases.java_answer(result))
    ]
    unexcused = [difference for difference in found if not regex_cases.excused(difference[0])]
    assert len(unexcused) <= 2, (seed, unexcused)  # a fresh seed may find one of a class that nobody knows yet
    assert len(found) <= len(questions) * 0.003, (seed, found)


@pytest.mark.parametrize(
    "pattern, text",
    [(",", ","), ("a b", "a b"), (r"\.", "."), (r"\|\|", "||"), (r"\\", "\\"), ("", ""), (r"\d", None), ("a+", None)],
)
def test_text_that_means_itself_is_recognised(pattern: str, text: str | None) -> None:
    assert regexes.literal(pattern) == text


@pytest.mark.parametrize(
    "pattern, plain",
    [
        (r"\s+", True),
        ("[^0-9a-z]", True),
        (r"^\d{3}", True),
        (r",\s*", True),
        ("a|b|cd", True),
        (r"(?i)abc", True),
        (r"\s+$", False),
        ("(a+)+", False),
        ("a*b", False),
        (r"\p{L}", False),
        ("[a-z&&[^b]]", False),
        ("(a)", False),
        ("a++", False),
    ],
)
def test_only_what_takes_linear_time_goes_to_re(pattern: str, plain: bool) -> None:
    assert translate(pattern).plain is plain


def test_a_pattern_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REGEX_SECONDS", 0.05)
    with pytest.raises(LimitReached) as caught:
        regexes.matches("a" * 4_000 + "b", "(a|aa)+")
    assert caught.value.limit == "REGEX_SECONDS"


def test_many_slow_searches_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REGEX_SECONDS", 0.05)
    with pytest.raises(LimitReached):
        regexes.replace_all("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac" * 200, r"|((a|aa)+b)", "x")


def test_a_replacement_that_grows_too_long_is_refused() -> None:
    with pytest.raises(LimitReached) as caught:
        regexes.replace_all("a" * 50_000, "a|b", "x" * 1_000)
    assert caught.value.limit == "STRING_CHARACTERS"
    with pytest.raises(LimitReached):
        regexes.replace_all("a" * 50_000, "a", "x" * 1_000)


def test_deep_nesting_is_javas_stack_overflow() -> None:
    with pytest.raises(JavaException, match="StackOverflowError"):
        translate("(" * 10_000)


def test_patterns_longer_than_can_be_read_in_time_are_refused() -> None:
    assert regexes.split("abc", "b" * 200_000, 0) == ["abc"]
    with pytest.raises(LimitReached):
        regexes.split("abc", "[b]" * 200_000, 0)


def test_long_texts_are_watched_even_for_plain_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REGEX_SECONDS", 0.02)
    assert regexes.matches("ab" * 50_000, "[ab]+")
    with pytest.raises(LimitReached):
        regexes.replace_all("ab" * 2_000_000, "[ab]", "x")


def test_plain_patterns_do_not_import_the_regex_package() -> None:
    script = (
        "import sys; from vtlsim.velocity.methods import call;"
        "call('a,b', 'split', (',',)); call('a b', 'replaceAll', (r'\\s+', '-')); call('x', 'matches', ('[a-z]',));"
        "assert 'regex' not in sys.modules; call('x', 'matches', (r'(\\p{L})',)); assert 'regex' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
