"""Regular expressions and texts to try them on, some chosen, some by chance.

A case is (method, text, pattern, replacement); ``split`` has its limit in the method's name.
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, Any

from velocity.java.fixture_rows import FOLDER
from vtlsim.values.objects import JavaException
from vtlsim.velocity.java import regexes
from vtlsim.velocity.java.problems import LimitReached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reference.harness import Case, Reference, Result

RegexCase = tuple[str, str, str, str]

TEXTS = (
    "",
    "a",
    "abc",
    "aXb",
    "Hello, World! 123",
    "a,b,,c,,",
    "aab",
    "foo.bar|baz",
    "line1\nline2\r\nline3\r",
    "x\x85y\u2028z",
    "Ärger ÄRGER straße É é",
    "tab\there  two",
    "a1b22c333",
    "((x))",
    "$5.00 \\ back",
    "{a:1,b:[2]}",
    "ſ K k İ i ı I",
    "e\u0301a",
    "_id-9.z",
    "aaaa bbbb",
    "\xa0 nbsp\u3000",
    "\n",
    "\r\n",
    "a\r\n",
    "a\n\n",
    "12:30:45",
    "CamelCaseString",
    "😀 a😀b",
)
PATTERNS = (FOLDER / "methods_patterns.txt").read_text(encoding="utf-8").splitlines()
"""One a line: every construct of java.util.regex.Pattern, well and badly used."""
REPLACEMENTS = (
    *(
        "-",
        "<$0>",
        "$1",
        "",
        "\\$",
        "$",
        "\\",
        "${n}",
        "${n1}",
        "${x}",
        "$12",
        "$9",
        "a$1b$2",
        "${",
        "${1}",
        "$a",
        "\\\\",
    ),
)
_ATOMS = (
    *("a", "b", "ab", "X", ".", r"\d", r"\w", r"\s", r"\S", r"\W", "[a-c]", "[^a-c]", "[ab&&[bc]]", "[a-z&&[^b]]"),
    *(r"\p{Lu}", r"\p{L}", r"\.", r"\b", r"\B", "^", "$", r"\R", " ", ",", "1", "é", r"\u0061", r"\x62", r"\Qa.\E"),
    *("(a)", "(b|c)", "(?:ab)", "(?=a)", "(?!b)", "(?<=a)", "(?<!b)", "(?>a+)", r"\1", r"\2", "(?i)", "(?s)", "(?m)"),
    *("(?-i)", "(?i:aB)", r"\z", r"\Z", "(", ")", "[", "]", "{", "}", "*", "?", "+", "\\", "-", "&&", "^", "(?<n>a)"),
    *(r"\k<n>", r"\t", "(?x)", "#", r"\h", r"\v", "(?u)", "(?iu)", "ä", "[Ä-Ü]", r"[\d-]", "[a-]"),
)
_QUANTIFIERS = (*("", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}", "{2,}?"),)
_METHODS = ("replaceAll", "replaceAll", "replaceAll", "replaceFirst", "matches", "split 0", "split -1", "split 2")


def chosen_cases(seed: int, each: int) -> Iterator[RegexCase]:
    """Every pattern with some texts."""
    chance = Random(seed)
    for pattern in PATTERNS:
        for text in chance.sample(TEXTS, each):
            replacement = chance.choice(REPLACEMENTS) if chance.random() < 0.2 else "<$0>"
            yield chance.choice(_METHODS), text, pattern, replacement


def _pattern(chance: Random, depth: int = 0) -> str:
    parts = []
    for _ in range(chance.randint(1, 4)):
        kind = chance.random()
        if kind < 0.15 and depth < 2:
            opening = chance.choice(("(", "(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!", "(?i:"))
            parts.append(opening + _pattern(chance, depth + 1) + ")" + chance.choice(_QUANTIFIERS))
        elif kind < 0.22 and depth < 2:
            parts.append(_pattern(chance, depth + 1) + "|" + _pattern(chance, depth + 1))
        else:
            parts.append(chance.choice(_ATOMS) + chance.choice(_QUANTIFIERS))
    return "".join(parts)


def chance_cases(seed: int, count: int) -> Iterator[RegexCase]:
    """Patterns by chance: half of them are none."""
    chance = Random(seed)
    for _ in range(count):
        text = "".join(chance.choice("aabbcABXé1 ,.\n\rÄ_") for _ in range(chance.randint(0, 9)))
        replacement = chance.choice(("-", "<$0>", "<$0>", "<$1>", "<$2>", "${n}"))
        yield chance.choice(_METHODS), text, _pattern(chance), replacement


def case(question: RegexCase) -> Case:
    """The template that asks Java."""
    method, text, pattern, replacement = question
    name, _, limit = method.partition(" ")
    if name == "split":
        template = f"#foreach($part in $s.split($p, {limit}))<$part>#end"
    elif name == "matches":
        template = "$s.matches($p)"
    else:
        template = f"$s.{name}($p, $r)"
    return {"template": template, "vars": {"s": text, "p": pattern, "r": replacement}}


_THROWN = re.compile(r"threw exception (.*?) at \S+\[line \d+, column \d+\]$", re.DOTALL)


def java_answer(result: Result) -> str:
    """What Java printed; an exception after two exclamation marks."""
    if result.out is not None:
        return result.out
    found = _THROWN.search(result.error or "")
    assert found is not None, result
    return f"!! {found[1]}"


def our_answer(question: RegexCase) -> str:
    """What we say."""
    method, text, pattern, replacement = question
    try:
        match method.split():
            case ["split", limit]:
                return "".join(f"<{part}>" for part in regexes.split(text, pattern, int(limit)))
            case ["matches"]:
                return "true" if regexes.matches(text, pattern) else "false"
            case ["replaceAll"]:
                return regexes.replace_all(text, pattern, replacement)
            case _:
                return regexes.replace_first(text, pattern, replacement)
    except JavaException as problem:
        return f"!! {problem}"
    except LimitReached as problem:  # the bound is in seconds: a busy machine meets it sooner
        return f"!! {problem}"


DIFFERENCES = (
    (r"\G after a match of nothing", r"\\G"),
    (r"groups of a part that was given up keep what they matched, in Java", r"\(.*(\+\+|\*\+|\?\+)"),
    (r"the same, of a negative look-ahead", r"\(\?!.*\((?!\?[:=!])"),
    (r"between the two units of a character beyond U+FFFF, Java looks too when it failed before it", r"\\B|\(\?<[=!]"),
    (r"look-behinds whose length Java adds up to less than nothing inside of groups", r"\(\?<[=!].*[+*}].*[+*}]"),
)
"""Where our answer may be another than Java's: why, and the patterns."""


def excused(question: RegexCase) -> bool:
    """Whether a pattern may be read or matched in another way."""
    return any(re.search(pattern, question[2]) for _, pattern in DIFFERENCES)


def rows(reference: Reference) -> Iterator[list[Any]]:
    """[method, text, pattern, replacement, answer]"""
    questions = [*chosen_cases(1, 8), *chance_cases(1, 1500)]
    for question, result in zip(questions, reference.render_all(map(case, questions)), strict=True):
        yield [*question, java_answer(result)]
