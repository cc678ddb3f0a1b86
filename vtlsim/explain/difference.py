"""How an output differs from what was expected, as lines to read.

What may live here: comparing two texts, or two JSON values, for people. Whether a difference matters is the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.explain.excerpt import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 20
"""Differing places that are listed; the rest is counted."""

_WIDTH: Final = 120


def of_texts(expected: str, actual: str, expected_name: str = "expected", actual_name: str = "actual") -> str:
    """A unified difference, with line ends and blanks made visible where they are all that differs; ``""`` for none."""
    if expected == actual:
        return ""
    from difflib import unified_diff

    if expected.split() == actual.split():
        expected, actual = _visible(expected), _visible(actual)
    lines = list(unified_diff(expected.splitlines(), actual.splitlines(), expected_name, actual_name, lineterm="", n=2))
    if not lines:
        return (
            f"the texts differ in their last line end: {expected_name} {expected[-2:]!r}, {actual_name} {actual[-2:]!r}"
        )
    return "\n".join(printable(line)[:_WIDTH] for line in lines)


def of_values(expected: object, actual: object) -> str:
    """The places at which two JSON values differ, a line each, with their paths; ``""`` for none.

    Numbers are compared as numbers (1 equals 1.0), members without regard to their order.
    """
    lines = list(_differences("$", expected, actual))
    if len(lines) > MOST:
        lines[MOST:] = [f"and {len(lines) - MOST} more"]
    return "\n".join(lines)


def _differences(path: str, expected: object, actual: object) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in expected:
            if key in actual:
                yield from _differences(_member(path, key), expected[key], actual[key])
            else:
                yield f"{_member(path, key)}: missing, expected {_json(expected[key])}"
        for key in actual:
            if key not in expected:
                yield f"{_member(path, key)}: not expected, got {_json(actual[key])}"
    elif isinstance(expected, list) and isinstance(actual, list):
        for at, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from _differences(f"{path}[{at}]", one, other)
        for at in range(len(actual), len(expected)):
            yield f"{path}[{at}]: missing, expected {_json(expected[at])}"
        for at in range(len(expected), len(actual)):
            yield f"{path}[{at}]: not expected, got {_json(actual[at])}"
    elif isinstance(expected, bool) != isinstance(actual, bool) or expected != actual:
        yield f"{path}: expected {_json(expected)}, got {_json(actual)}"


def _member(path: str, key: str) -> str:
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{_json(key)}]"


def _json(value: object) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False)
    return printable(text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…")


def _visible(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        line.replace("\t", "→").replace("\r", "␍").replace(" ", "·") + ("␊" if at < len(lines) - 1 else "")
        for at, line in enumerate(lines)
    )
