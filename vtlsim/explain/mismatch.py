"""Where two JSON values differ, each place with its path and its words.

What may live here: comparing JSON values member by member, wholly or as a part, and finding where in a JSON text a path
leads. Whether a difference matters is the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from vtlsim.explain.excerpt import printable
from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vtlsim.config.marked import Node

Path: TypeAlias = "tuple[str | int, ...]"

MOST: Final = 20
"""Differing places that are listed; the rest is counted."""

_WIDTH: Final = 100
_AROUND: Final = 30


class Mismatch(NamedTuple):
    """One place. ``path`` leads into the actual value; where something is missing, to what should hold it. ``at`` is
    the first differing character of two texts, None for other values.
    """

    path: Path
    said: str
    at: int | None = None
    missing: bool = False


def mismatches(expected: object, actual: object, *, strict: bool = True) -> list[Mismatch]:
    """Every place at which two JSON values differ, in the order of what was expected.

    Numbers are compared as numbers (1 equals 1.0), members without regard to their order. With ``strict`` False an
    object may have members that were not expected; lists are compared item by item all the same.
    """
    return list(_differences((), expected, actual, strict))


def page(found: Sequence[Mismatch]) -> str:
    """Mismatches as lines."""
    lines = [each.said for each in found[:MOST]]
    if len(found) > MOST:
        lines.append(f"and {len(found) - MOST} more")
    return "\n".join(lines)


def _differences(path: Path, expected: object, actual: object, strict: bool) -> Iterator[Mismatch]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, wanted in expected.items():
            if key in actual:
                yield from _differences((*path, key), wanted, actual[key], strict)
            else:
                said = f"{_name((*path, key))}: missing, expected {_json(wanted)}{_near(key, actual)}"
                yield Mismatch(path, said, missing=True)
        if strict:
            for key in actual:
                if key not in expected:
                    yield Mismatch((*path, key), f"{_name((*path, key))}: not expected, got {_json(actual[key])}")
    elif isinstance(expected, list) and isinstance(actual, list):
        for at, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from _differences((*path, at), one, other, strict)
        for at in range(len(actual), len(expected)):
            yield Mismatch(path, f"{_name((*path, at))}: missing, expected {_json(expected[at])}", missing=True)
        for at in range(len(expected), len(actual)):
            yield Mismatch((*path, at), f"{_name((*path, at))}: not expected, got {_json(actual[at])}")
    elif isinstance(expected, str) and isinstance(actual, str):
        if expected != actual:
            at = first_difference(expected, actual)
            yield Mismatch(path, f"{_name(path)}: expected {_around(expected, at)}, got {_around(actual, at)}", at)
    elif isinstance(expected, bool) != isinstance(actual, bool) or expected != actual:
        yield Mismatch(
            path, f"{_name(path)}: expected {_json(expected)}, got {_json(actual)}{_kinds(expected, actual)}"
        )


def first_difference(one: str, other: str) -> int:
    """The offset of the first character in which two texts differ."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _kinds(expected: object, actual: object) -> str:
    """A word where the two would look alike on a page."""
    if isinstance(expected, str) != isinstance(actual, str) and str(expected) == str(actual):
        return " (a string)" if isinstance(actual, str) else " (no string)"
    return ""


def _near(key: str, actual: dict[str, object]) -> str:
    from vtlsim.config.problems import nearest

    near = nearest(key, actual)
    return f" (there is {near})" if near is not None else ""


def _name(path: Path) -> str:
    shown = "$"
    for step in path:
        if isinstance(step, int):
            shown += f"[{step}]"
        else:
            shown += f".{step}" if step.isidentifier() else f"[{_json(step)}]"
    return shown


def _around(text: str, at: int) -> str:
    if len(text) <= _WIDTH:
        return _json(text)
    start = max(0, at - _AROUND)
    cut = text[start : start + _WIDTH]
    before = "…" if start else ""
    after = "…" if start + _WIDTH < len(text) else ""
    return f"{before}{_json(cut)}{after} ({len(text):,} characters)"


def _json(value: object) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False)
    return printable(text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…")


def place(text: str, path: Path, at: int | None = None) -> Span | None:
    """Which characters of a JSON text a path leads to; None where that cannot be told.

    With ``at``, the one character of a string that is decoded to its character of that number.
    """
    from vtlsim.config.json_text import read_json
    from vtlsim.config.marked import Document, Mapping, Scalar, Sequence
    from vtlsim.config.problems import Problems

    node: Node | None = read_json(Document(text, "output"), Problems())
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    if node is None:
        return None
    if at is None or not isinstance(node, Scalar):
        return Span(node.start, node.end)
    start = node.start + 1
    while at > 0 and start < node.end - 1:
        start += (6 if text[start + 1] == "u" else 2) if text[start] == "\\" else 1
        at -= 1
    return Span(start, start + 1)
