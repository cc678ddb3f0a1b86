"""Why a path found nothing.

What may live here: looking for the first step that leads nowhere, for those who explain. Nothing here words anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.jsonpath.errors import JsonPathError
from vtlsim.jsonpath.evaluate import Reader
from vtlsim.jsonpath.nodes import Function, Path, Property, Scan, Step, path_text, step_text
from vtlsim.jsonpath.reading import Bounds, Invalid, LimitReached, NotFound, Reading, Thrown, as_list
from vtlsim.values.objects import JavaException
from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from vtlsim.jsonpath.paths import JsonPath

NAMES: Final = 200
"""Names that are told at most."""

LOOKED_AT: Final = 10_000
"""Objects and arrays that are looked into for names."""


class Gap(NamedTuple):
    """The first step that found nothing."""

    step: str
    """The step as Jayway prints it: ``['sku']``, ``[3]``, ``[?]``, ``..['sku']``"""
    name: str | None
    """The name that was looked for, if the step is one name."""
    before: str
    """The path up to the step, which does find something: ``$['items'][*]``"""
    found: tuple[str, ...]
    """What stands there: ``object``, ``array``, ``string``, ``number``, ``boolean``, ``null``, each once."""
    names: tuple[str, ...]
    """The names that the objects there have, in their order, each once. Of a scan: all below."""
    length: int | None
    """How many items the array there has, if it is one array."""


def explain_missing(path: JsonPath, document: object) -> Gap | None:
    """The first step of ``path`` that finds nothing in ``document``, None when all find something or nothing can be said.

    The steps are read by 2.9's rules, whatever the path's own are. Of filters and slices "nothing" is an empty list.
    """
    parsed = path.parsed()
    steps = parsed.steps
    if document is None or any(isinstance(step, Function) and step.name == "append" for step in steps):
        return None  # append changes the document
    before: list[object] = [document]
    start = 0
    try:
        for index, step in enumerate(steps):
            if isinstance(step, Scan):
                continue
            now = _found(Path(parsed.root, steps[: index + 1]), document)
            if not now:
                return _gap(parsed, start, index, before)
            before = now
            start = index + 1
    except (Invalid, Thrown, LimitReached, JavaException, JsonPathError, RecursionError, TypeError):
        return None
    return None


def _found(path: Path, document: object) -> list[object]:
    """All values that the path finds."""
    reader = Reader(path)
    try:
        value = reader.read(document, Reading(document, Bounds()))
    except NotFound:
        return []
    return [value] if reader.definite else list(as_list(value) or ())


def _gap(path: Path, start: int, index: int, before: list[object]) -> Gap:
    step = path.steps[index]
    scanned = index > start
    names: dict[str, None] = {}
    kinds: dict[str, None] = {}
    for value in before:
        kinds[_kind(value)] = None
        _add_names(value, names, deep=scanned)
    first = as_list(before[0]) if len(before) == 1 else None
    return Gap(
        "".join(map(step_text, path.steps[start : index + 1])),
        _wanted(step),
        path_text(Path(path.root, path.steps[:start])),
        tuple(kinds),
        tuple(names)[:NAMES],
        None if first is None else len(first),
    )


def _wanted(step: Step) -> str | None:
    return step.names[0] if isinstance(step, Property) and len(step.names) == 1 else None


def _add_names(value: object, names: dict[str, None], *, deep: bool) -> None:
    waiting = [value]
    for _ in range(LOOKED_AT):
        if not waiting or len(names) >= NAMES:
            break
        value = waiting.pop()
        if isinstance(value, dict):
            names.update((name, None) for name in value if isinstance(name, str))
            items = list(value.values())
        else:
            items = list(as_list(value) or ())
        if deep:
            waiting += [item for item in reversed(items) if isinstance(item, dict) or as_list(item) is not None]


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "object"
    if as_list(value) is not None:
        return "array"
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    return "null" if value is None else "number"
