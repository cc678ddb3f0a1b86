"""Paths of names and indexes only, the usual ones.

What may live here: what lets ``$.a.b[0].c`` be parsed by one expression and read by a loop, without the parser and the
evaluator. They give the same answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from vtlsim.jsonpath.reading import NotFound, as_list
from vtlsim.values.collections import JSONArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.jsonpath.nodes import Path

PlainSteps: TypeAlias = "tuple[tuple[type, str | int], ...]"
"""For each step the exact type of value that it is taken on, and the key: ``value[key]``."""

_PLAIN: Final = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_-]*|\[[0-9]{1,9}\])*")
_STEP: Final = re.compile(r"\.([A-Za-z0-9_-]+)|([0-9]+)\]")


def plain_steps_of(text: str) -> PlainSteps | None:
    """The steps of a path in the simplest spelling; None does not mean that there are none."""
    if _PLAIN.fullmatch(text) is None:
        return None
    return tuple([(dict, name) if name else (JSONArray, int(index)) for name, index in _STEP.findall(text)])


def plain_steps(path: Path, *, negative: bool = True) -> PlainSteps | None:
    """The plain steps of a path, None for a path that has other steps. ``negative`` indexes count from the end."""
    from vtlsim.jsonpath.nodes import Index, Property  # not needed by those who have only plain paths

    steps: list[tuple[type, str | int]] = []
    for step in path.steps:
        if isinstance(step, Property) and len(step.names) == 1:
            steps.append((dict, step.names[0]))
        elif isinstance(step, Index) and len(step.indexes) == 1 and (negative or step.indexes[0] >= 0):
            steps.append((JSONArray, step.indexes[0]))
        else:
            return None
    return tuple(steps)


def read_plain(steps: PlainSteps, document: Any, parsed: Callable[[], Path]) -> object:
    """What the loop over plain steps leaves: maps and lists of other types, and saying that there is nothing.

    Raises NotFound. ``parsed`` gives the path for a message.
    """
    value = document
    last = len(steps) - 1
    for index, (kind, key) in enumerate(steps):
        if kind is dict:
            if not isinstance(value, dict):
                raise _missing("no_object", parsed, index, value)
            if key not in value:
                raise _missing("" if index == last else "Missing property in path", parsed, index, value)
            value = value[key]
        else:
            items = as_list(value)
            if items is None:
                raise _missing("no_array", parsed, index, value)
            assert isinstance(key, int)
            if not -len(items) <= key < len(items):
                raise _missing("", parsed, index, value)
            value = items[key]
    return value


def _missing(what: str, parsed: Callable[[], Path], index: int, value: object) -> NotFound:
    def message() -> str:
        from vtlsim.jsonpath import messages
        from vtlsim.jsonpath.nodes import path_text

        path = parsed()
        if not what:
            return f"No results for path: {path_text(path)}"
        if what == "no_object":
            return messages.no_object(messages.Place(path, index), value)
        if what == "no_array":
            return messages.no_array(messages.Place(path, index), value)
        return f"{what} {messages.Place(path, index + 1)}"

    return NotFound(message)
