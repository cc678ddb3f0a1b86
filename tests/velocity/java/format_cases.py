"""Formats and arguments for ``String.format``, by chance.

A case is (format, names of arguments).
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, Any

from velocity.java.calls import VALUES
from velocity.java.calls import Call as MethodCall
from velocity.java.calls import case as call_case
from vtlsim.values.objects import JavaException
from vtlsim.velocity.java.formatter import format_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reference.harness import Case, Reference, Result

FormatCase = tuple[str, tuple[str, ...]]

ARGUMENTS = (
    *("twelve", "minus_five", "zero", "long", "minus_long", "long_three", "short", "byte", "big", "minus_big", "half"),
    *("minus_double", "huge", "tiny", "nan", "infinity", "minus_zero", "big_decimal", "minus_decimal", "round_decimal"),
    *("zero_decimal", "precise", "yes", "no", "null", "char", "text", "empty", "wide", "map", "json_array", "tenth"),
)
_ODD = (
    *("%", "%5", "%y", "%-", "%1$", "abc", "%n", "%%", "%5%", "%-5%", "%.2%", "%2n", "%-n", "%,", "% ", "%é", "%0$s"),
    *("%99999999999$s", "%99999999999s", "%.99999999999s", "%--5s", "%#s", "%S%s", "%1$s %1$s", "%<s", "%s %<s"),
    *("%2$s %s", "a%sb", "%t", "%tX", "%tY", "%TA %1$tF %1$tT", "%1$tc", "%-12tB|", "%.2tY", "%tQ"),
)


def format_cases(seed: int, count: int) -> Iterator[FormatCase]:
    """Formats by chance, half of them refused."""
    chance = Random(seed)
    for _ in range(count):
        pattern = "|".join(_specifier(chance) for _ in range(chance.choice((1, 1, 1, 2))))
        yield pattern, tuple(chance.choice(ARGUMENTS) for _ in range(chance.choice((0, 1, 1, 1, 1, 2))))


def _specifier(chance: Random) -> str:
    if chance.random() < 0.12:
        return chance.choice(_ODD)
    flags = "".join(
        chance.choice(("", "-", "#", "+", " ", "0", ",", "(")) for _ in range(chance.choice((0, 0, 1, 1, 2)))
    )
    place = chance.choice(("", "", "", "", "1$", "2$", "<"))
    width = chance.choice(("", "", "5", "12", "20", "1", "0"))
    precision = chance.choice(("", "", "", ".0", ".1", ".2", ".3", ".5", ".10", ".15"))
    return f"%{place}{flags}{width}{precision}{chance.choice('bBsShHcCdoxXeEgGfaAdfegsdfn%')}"


def case(question: FormatCase) -> Case:
    """The template that asks Java: that of a call of ``format``, with a format of its own."""
    pattern, names = question
    asked = call_case(MethodCall("text", "format", names))
    template = asked["template"].replace(
        "$text.format(", "$text.format($pattern, " if names else "$text.format($pattern"
    )
    return {"template": template, "vars": {**asked["vars"], "pattern": pattern}}


_THROWN = re.compile(r"threw exception (.*?) at \S+\[line \d+, column \d+\]$", re.DOTALL)


def java_answer(result: Result) -> str:
    """What Java printed; an exception after two exclamation marks."""
    if result.out is not None:
        return result.out.split("§§")[0]
    found = _THROWN.search(result.error or "")
    assert found is not None, result
    return f"!! {found[1]}"


def our_answer(question: FormatCase) -> str:
    """What we say: null alone is a null array."""
    pattern, names = question
    arguments = None if names == ("null",) else [VALUES[name].make() for name in names]
    try:
        return format_text(pattern, arguments)
    except JavaException as problem:
        return f"!! {problem}"


def rows(reference: Reference) -> Iterator[list[Any]]:
    """[format, arguments, answer]"""
    questions = list(format_cases(1, 2500))
    for question, result in zip(questions, reference.render_all(map(case, questions)), strict=True):
        yield [question[0], [*question[1]], java_answer(result)]
