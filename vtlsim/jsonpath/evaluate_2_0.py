"""Reading documents, as Jayway 2.0 does.

What may live here: each kind of step -> the function that takes it, by the rules "2.0". A step that finds nothing is an
error almost everywhere, also behind wildcards; a wildcard over an array catches it, one over an object does not, and
what was found until then stays. What is no array is worse than nothing: it ends the reading. No index is counted from
the end. What ``..`` walks is the same as in 2.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vtlsim.jsonpath.criteria_2_0 import criteria_test, is_definite
from vtlsim.jsonpath.messages import shown
from vtlsim.jsonpath.nodes import (
    Filter,
    FromEnd,
    Index,
    Path,
    Property,
    Scan,
    Slice,
    Step,
    Wildcard,
    path_text,
    step_text,
)
from vtlsim.jsonpath.reading import Invalid, NotFound, Reading, Run, Thrown, as_list
from vtlsim.jsonpath.scan import scan
from vtlsim.values.collections import JSONArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Reader:
    """A path made ready. ``definite`` says that it finds one value or none."""

    __slots__ = ("_run", "definite", "text")

    def __init__(self, path: Path, *, required: bool = False) -> None:
        """``required`` is Option.REQUIRE_PROPERTIES: a missing property is an error everywhere."""
        self.text = path_text(path._replace(root="$"), ", ")
        flags = [is_definite(step) for step in path.steps]
        self.definite = all(flags)
        runs: list[Run] = [_leaf]
        for index in range(len(path.steps) - 1, -1, -1):
            # Whether what stands before is definite is asked of the step before and all that follow it: 2.0's mistake.
            strict = required or all(flags[max(index - 1, 0) :])
            runs.append(_compile(path.steps, index, runs, strict=strict, required=required))
        self._run = runs[-1]

    def read(self, value: object, reading: Reading) -> object:
        """The value, or the JSONArray of values. Raises NotFound, Invalid, Thrown."""
        found = JSONArray()
        self._run(value, found, reading)
        if not self.definite:
            return found
        if not found:
            raise NotFound(lambda: f"No results for path: {self.text}")
        return found[0]


def _leaf(value: object, found: list[object], _reading: Reading) -> None:
    found.append(value)


def _compile(steps: Sequence[Step], index: int, runs: list[Run], *, strict: bool, required: bool) -> Run:
    step = steps[index]
    then = runs[-1]
    leaf = index == len(steps) - 1
    place = _Place(steps, index)
    if isinstance(step, Property):
        if len(step.names) == 1:
            return _property(step, then, place, leaf=leaf, strict=strict)
        return _merge(step, place, leaf=leaf, required=required)
    if isinstance(step, Index | Slice | FromEnd):
        return _array(step, then, place)
    if isinstance(step, Wildcard):
        return _wildcard(then, required=required)
    if isinstance(step, Filter):
        return _filter(step, then, place)
    if isinstance(step, Scan):
        return _scan(steps, index, runs)
    return then


class _Place:
    """Before which step somebody stands; as text, the path so far (Jayway's messages name indexes for wildcards)."""

    __slots__ = ("index", "steps")

    def __init__(self, steps: Sequence[Step], index: int) -> None:
        self.steps = steps
        self.index = index

    def __str__(self) -> str:
        return path_text(Path("$", tuple(self.steps[: self.index])), ", ")

    def rest(self) -> str:
        return path_text(Path("", tuple(self.steps[self.index :])), ", ")


def _property(step: Property, then: Run, place: _Place, *, leaf: bool, strict: bool) -> Run:
    (name,) = step.names

    def run(value: Any, found: list[object], reading: Reading) -> None:
        if not isinstance(value, dict):
            raise NotFound(lambda: f"Property ['{name}'] not found in path {place}")
        if name in value:
            then(value[name], found, reading)
        elif leaf:
            raise NotFound(lambda: f"No results for path: {place}['{name}']")
        elif strict:
            raise NotFound(lambda: f"Missing property in path {place}['{name}']")

    return run


def _merge(step: Property, place: _Place, *, leaf: bool, required: bool) -> Run:
    names = step.names

    def run(value: Any, found: list[object], _reading: Reading) -> None:
        written = step_text(step, ", ")
        if not isinstance(value, dict):
            raise NotFound(lambda: f"Property {written} not found in path {place}")
        if not leaf:
            raise Invalid(f"Multi properties can only be used as path leafs: {place}{written}")
        if required and not all(name in value for name in names):
            raise NotFound(lambda: f"Missing property in path {place}{written}")
        found.append({name: value[name] for name in names if name in value})

    return run


def _array(step: Index | Slice | FromEnd, then: Run, place: _Place) -> Run:
    def run(value: object, found: list[object], reading: Reading) -> None:
        if value is None:
            raise NotFound(lambda: f"The path {place} is null")
        items = as_list(value)
        if items is None:
            raise Invalid(f"Filter: {place.rest()} can only be applied to arrays. Current context is: {shown(value)}")
        indexes = _indexes(step, len(items))
        reading.bounds.visit(len(indexes))
        for index in indexes:
            if not 0 <= index < len(items):
                raise NotFound(lambda: f"Index out of bounds when evaluating path {place}[{index}]")  # noqa: B023
            then(items[index], found, reading)

    return run


def _indexes(step: Index | Slice | FromEnd, length: int) -> Sequence[int]:
    if isinstance(step, Index):
        return step.indexes
    if isinstance(step, FromEnd):
        return (length + step.offset,)
    first, last = step
    if last is None:
        assert first is not None
        return range(max(0, first + length if first < 0 else first), length)
    if first is None:
        return range(min(length, last + length if last < 0 else last))
    return range(first, min(length, last)) if length else ()


def _wildcard(then: Run, *, required: bool) -> Run:
    def run(value: Any, found: list[object], reading: Reading) -> None:
        if isinstance(value, dict):
            reading.bounds.visit(len(value))
            for item in list(value.values()):
                then(item, found, reading)
            return
        items = as_list(value) or []
        reading.bounds.visit(len(items))
        for item in items:
            try:
                then(item, found, reading)
            except NotFound:
                if required:
                    raise

    return run


def _filter(step: Filter, then: Run, place: _Place) -> Run:
    test = _filter_test(step)

    def run(value: Any, found: list[object], reading: Reading) -> None:
        if isinstance(value, dict):
            if test(value, reading):
                then(value, found, reading)
            return
        items = as_list(value)
        if items is None:
            raise Invalid(
                f"Filter: {place.rest()} can not be applied to primitives. Current context is: {shown(value)}"
            )
        reading.bounds.visit(len(items))
        for item in items:
            if test(item, reading):
                then(item, found, reading)

    return run


def _filter_test(step: Filter) -> Callable[[Any, Reading], bool]:
    if step.expression is not None:
        return criteria_test(step.expression, Reader)

    def unfilled(_value: object, _reading: Reading) -> bool:
        raise Thrown("java.lang.NullPointerException", "null")

    return unfilled


def _scan(steps: Sequence[Step], index: int, runs: list[Run]) -> Run:
    if index == len(steps) - 1:

        def nowhere(_value: object, _found: list[object], _reading: Reading) -> None:
            raise Thrown("java.lang.IllegalStateException", "Current path token is a leaf")

        return nowhere
    step = steps[index + 1]
    leaf = index == len(steps) - 2
    test = _filter_test(step) if isinstance(step, Filter) else None
    return scan(step, runs[-1], None if leaf else runs[-2], test=test, marks=None, definite=True)
