"""``..``: everything below a value.

What may live here: the walk, and which values the next step is tried on. Objects and arrays are visited before what
they hold, without recursion: a document may be deeper than Python's stack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.jsonpath.nodes import Filter, FromEnd, Function, Here, Index, Property, Scan, Slice, Step
from vtlsim.jsonpath.reading import Run, as_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.jsonpath.filters import Test
    from vtlsim.jsonpath.reading import Reading

_SCALARS: Final = frozenset((str, int, float, bool, type(None)))


def scan(step: Step, run: Run, after: Run | None, *, test: Test | None, marks: object, definite: bool) -> Run:
    """The function that takes ``..`` before ``step``.

    ``run`` takes ``step`` and all that follow, ``after`` only those that follow (None where there are none). On an
    array, what follows is tried on every item, whatever ``step`` would choose. ``test`` is a filter's. ``marks`` is
    told the index of each of those items. ``definite`` says that all of a property's names must be there.
    """
    if isinstance(step, Function | Here | Scan):
        return _nothing
    if isinstance(step, Property) and len(step.names) == 1 and after is None and marks is None:
        return _names(step.names[0])
    on_map, on_list = _choice(step, test, definite=definite)

    def walk(root: object, found: list[object], reading: Reading) -> None:
        bounds = reading.bounds
        waiting: list[Any] = [root]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                items = list(value.values())
                if on_map(value, reading):
                    run(value, found, reading)
            else:
                listed = as_list(value)
                if listed is None:
                    continue
                items = listed
                if on_list(value, reading):
                    if after is None:
                        run(value, found, reading)
                    else:
                        for index, item in enumerate(listed):
                            if marks is not None:
                                reading.marks[marks] = index
                            after(item, found, reading)
            bounds.visit(len(items))
            waiting += [item for item in reversed(items) if type(item) not in _SCALARS]

    return walk


def _nothing(_value: object, _found: list[object], _reading: Reading) -> None:
    """Before a function in the middle of a path, and before what only Jayway 2.0 allows, ``..`` finds nothing."""


def _choice(
    step: Step, test: Test | None, *, definite: bool
) -> tuple[Callable[[Any, Reading], bool], Callable[[Any, Reading], bool]]:
    """On which objects and on which arrays ``step`` is tried."""
    if isinstance(step, Property):
        names = step.names
        if not definite:
            return _always, _never
        return (lambda value, _: all(name in value for name in names)), _never
    if isinstance(step, Index | Slice | FromEnd):
        return _never, _always
    if isinstance(step, Filter):
        assert test is not None
        return test, test
    return _always, _always


def _always(_value: object, _reading: Reading) -> bool:
    return True


def _never(_value: object, _reading: Reading) -> bool:
    return False


def _names(name: str) -> Run:
    """``..name`` at the end of a path, the usual case."""

    def walk(root: object, found: list[object], reading: Reading) -> None:
        bounds = reading.bounds
        waiting: list[Any] = [root]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                if name in value:
                    found.append(value[name])
                items = list(value.values())
            else:
                listed = as_list(value)
                if listed is None:
                    continue
                items = listed
            bounds.visit(len(items))
            waiting += [item for item in reversed(items) if type(item) not in _SCALARS]

    return walk
