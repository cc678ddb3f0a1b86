"""Reading documents, as Jayway 2.9 does.

What may live here: each kind of step -> the function that takes it. A step's function knows the next one, so a path is
one call. What filters and functions do with values is in ``filters`` and ``functions``, what ``..`` does in ``scan``.

Whether a step that finds nothing says so depends on what stands before it: as long as every step could find one value
only ("strict" here), a missing property in the middle is an error; after a wildcard it is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from vtlsim.jsonpath.filters import filter_test, passing
from vtlsim.jsonpath.functions import FUNCTIONS, Bound
from vtlsim.jsonpath.messages import Place, no_array, no_object, shown
from vtlsim.jsonpath.nodes import (
    Filter,
    Function,
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
from vtlsim.jsonpath.reading import Invalid, NotFound, OutOfBounds, Reading, Run, Thrown, as_list
from vtlsim.jsonpath.scan import scan
from vtlsim.values.collections import JSONArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vtlsim.jsonpath.filters import Test

_Refuse: TypeAlias = "Callable[[object], None]"


class Reader:
    """A path made ready. ``definite`` says that it finds one value or none."""

    __slots__ = ("_children", "_path", "_required", "_run", "_turned", "definite", "text")

    def __init__(self, path: Path, *, required: bool = False) -> None:
        """``required`` is Option.REQUIRE_PROPERTIES: a missing property is an error everywhere, also in filters."""
        self._required = required
        self._path, self.text = _turn(path)
        self._turned = self._path is not path
        self.definite = all(_definite_flags(self._path.steps))
        self._run = _compile(self._path, required=required, strict=not self._turned)
        self._children: Run | None = None

    def read(self, value: object, reading: Reading) -> object:
        """The value, or the JSONArray of values. Raises NotFound, Invalid, Thrown."""
        return self._collect(self._run, value, reading, self.text)

    def read_children(self, value: object, reading: Reading) -> object:
        """As :meth:`read`, of the path with a wildcard put behind it: what ``length(path)`` counts.

        Behind a path that finds one value, it is still the one value that was found last.
        """
        steps = self._path.steps
        if not steps or self._turned or isinstance(steps[-1], Function):
            return self.read(value, reading)
        if self._children is None:
            longer = Path(self._path.root, (*steps, Wildcard()))
            self._children = _compile(longer, required=self._required, appended=True)
        return self._collect(self._children, value, reading, self.text + "[*]")

    def _collect(self, run: Run, value: object, reading: Reading, text_: str) -> object:
        found = JSONArray()
        run(value, found, reading)
        if not self.definite:
            return found
        if not found:
            raise NotFound(lambda: f"No results for path: {text_}")
        return found[-1]


def _turn(path: Path) -> tuple[Path, str]:
    """``$..a.length()`` as ``$.length($..a)``: a function at the end of a scan takes all that was found.

    The text shows no argument then, ``$.length()``.
    """
    steps = path.steps
    if not (steps and isinstance(steps[0], Scan) and isinstance(steps[-1], Function)):
        return path, path_text(path)
    at = next(place for place, step in enumerate(steps) if isinstance(step, Function))
    function = steps[at]
    assert isinstance(function, Function)
    turned = Function(function.name, (Path(path.root, steps[:at]),))
    return Path("$", (turned, *steps[at + 1 :])), path_text(Path("$", steps[at:]))


def _definite_flags(steps: Sequence[Step]) -> list[bool]:
    """For each step, whether it finds one value or none. Several names make one object only at the end."""
    last = len(steps) - 1
    return [
        isinstance(step, Function)
        or (isinstance(step, Property) and (place == last or len(step.names) == 1))
        or (isinstance(step, Index) and len(step.indexes) == 1)
        for place, step in enumerate(steps)
    ]


def _compile(path: Path, *, required: bool, strict: bool = True, appended: bool = False) -> Run:
    """The function that takes all steps.

    ``strict`` is False where Jayway still sees a scan before the first step, ``appended`` says that the last step was
    put there by :meth:`Reader.read_children`.
    """
    steps = path.steps
    flags = _definite_flags(steps)
    stricts = [strict]
    for flag in flags:
        stricts.append(stricts[-1] and flag)
    mark = _Mark(steps, appended=appended)
    runs: list[Run] = [_leaf]
    for index in range(len(steps) - 1, -1, -1):
        step = steps[index]
        then = runs[-1]
        leaf = index == len(steps) - 1
        strict_here = stricts[index]
        place = Place(path, index)
        if isinstance(step, Property):
            run = _property(step, then, place, leaf=leaf, strict=strict_here, required=required)
            if leaf and mark.watches and len(step.names) == 1:
                run = mark.guard(run)
        elif isinstance(step, Index):
            run = _index(step, then, _check_array(place, strict=strict_here))
        elif isinstance(step, Slice):
            run = _slice(step, then, _check_array(place, strict=strict_here))
        elif isinstance(step, Wildcard):
            run = _wildcard(then, leaf=leaf, required=required)
            if leaf and mark.watches:
                run = mark.guard(run, maps_only=True)
        elif isinstance(step, Filter):
            assert step.expression is not None
            run = _filter(filter_test(step.expression, Reader, required=required), then, place, strict=strict_here)
        elif isinstance(step, Function):
            run = _function(step, then, leaf=leaf, required=required)
        elif isinstance(step, Scan):
            run = _scan(steps, index, runs, mark, required=required)
        else:
            raise TypeError(step)
        runs.append(run)
    return runs[-1]


def _leaf(value: object, found: list[object], _reading: Reading) -> None:
    found.append(value)


# -- names ------------------------------------------------------------------------------------------------------------


def _property(step: Property, then: Run, place: Place, *, leaf: bool, strict: bool, required: bool) -> Run:
    names = step.names

    def refuse(value: object) -> None:
        if strict:
            raise NotFound(lambda: no_object(place, value))

    if len(names) > 1:
        return (
            _merge(names, place, refuse, required=required)
            if leaf
            else _each(names, then, place, refuse, required=required)
        )

    (name,) = names
    if leaf and not required:

        def last(value: Any, found: list[object], _reading: Reading) -> None:
            if isinstance(value, dict):
                if name in value:
                    found.append(value[name])
            else:
                refuse(value)

        return last

    raises = required or strict

    def run(value: Any, found: list[object], reading: Reading) -> None:
        if isinstance(value, dict):
            if name in value:
                then(value[name], found, reading)
            elif raises:
                raise NotFound(
                    lambda: f"{'No results for' if leaf else 'Missing property in'} path{':' * leaf} {place}['{name}']"
                )
        else:
            refuse(value)

    return run


def _merge(names: tuple[str, ...], place: Place, refuse: _Refuse, *, required: bool) -> Run:
    """``['a','b']`` at the end: one object of what is there."""

    def run(value: Any, found: list[object], _reading: Reading) -> None:
        if not isinstance(value, dict):
            refuse(value)
            return
        if required and not all(name in value for name in names):
            raise NotFound(lambda: f"Missing property in path {place}{step_text(Property(names), ', ')}")
        found.append({name: value[name] for name in names if name in value})

    return run


def _each(names: tuple[str, ...], then: Run, place: Place, refuse: _Refuse, *, required: bool) -> Run:
    """``['a','b']`` in the middle: one after the other."""

    def run(value: Any, found: list[object], reading: Reading) -> None:
        if not isinstance(value, dict):
            refuse(value)
            return
        reading.bounds.visit(len(names))
        for name in names:
            if name in value:
                then(value[name], found, reading)
            elif required:
                raise NotFound(lambda: f"Missing property in path {place}['{name}']")  # noqa: B023 - read at once

    return run


# -- arrays -----------------------------------------------------------------------------------------------------------


def _check_array(place: Place, *, strict: bool) -> _Refuse:
    """What to do with a value that is no array: nothing, or raise NotFound."""

    def refuse(value: object) -> None:
        if strict:
            raise NotFound(lambda: no_array(place, value))

    return refuse


def _index(step: Index, then: Run, refuse: _Refuse) -> Run:
    indexes = step.indexes

    def run(value: Any, found: list[object], reading: Reading) -> None:
        items = as_list(value)
        if items is None:
            refuse(value)
            return
        reading.bounds.visit(len(indexes))
        _take(items, indexes, then, found, reading)

    return run


def _slice(step: Slice, then: Run, refuse: _Refuse) -> Run:
    first, last = step

    def run(value: Any, found: list[object], reading: Reading) -> None:
        items = as_list(value)
        if items is None:
            refuse(value)
            return
        length = len(items)
        if last is None:
            assert first is not None
            indexes = range(max(0, first + length if first < 0 else first), length)
        elif first is None:
            indexes = range(min(length, last + length if last < 0 else last))
        else:
            # Both ends given, negative ones are not counted from the end here but index by index; those before the
            # first item find nothing.
            indexes = range(max(first, -length), min(length, last))
        reading.bounds.visit(len(indexes))
        _take(items, indexes, then, found, reading)

    return run


def _take(items: list[object], indexes: Sequence[int], then: Run, found: list[object], reading: Reading) -> None:
    length = len(items)
    for index in indexes:
        if -length <= index < length:
            try:  # a block of contextlib's would cost as much as the step
                then(items[index], found, reading)
            except OutOfBounds:
                continue


def _wildcard(then: Run, *, leaf: bool, required: bool) -> Run:
    def run(value: Any, found: list[object], reading: Reading) -> None:
        if isinstance(value, dict):
            reading.bounds.visit(len(value))
            if leaf:
                found.extend(value.values())
                return
            for item in list(value.values()):
                then(item, found, reading)
            return
        items = as_list(value)
        if items is None:
            return
        reading.bounds.visit(len(items))
        if leaf:
            found.extend(items)
            return
        for item in items:
            try:
                then(item, found, reading)
            except OutOfBounds:
                pass
            except NotFound:
                if required:
                    raise

    return run


# -- filters and functions --------------------------------------------------------------------------------------------


def _filter(test: Test, then: Run, place: Place, *, strict: bool) -> Run:
    accepts = passing(test)

    def run(value: Any, found: list[object], reading: Reading) -> None:
        if isinstance(value, dict):
            if accepts(value, reading):
                then(value, found, reading)
            return
        items = as_list(value)
        if items is None:
            if strict:
                raise Invalid(
                    f"Filter: {place.rest()} can not be applied to primitives. Current context is: {shown(value)}"
                )
            return
        reading.bounds.visit(len(items))
        for item in items:
            try:
                if not test(item, reading):
                    continue
            except (Invalid, NotFound):
                continue
            try:
                then(item, found, reading)
            except OutOfBounds:
                continue

    return run


def _function(step: Function, then: Run, *, leaf: bool, required: bool) -> Run:
    name = step.name
    function = FUNCTIONS.get(name)
    sources = [
        Reader(argument, required=required) if isinstance(argument, Path) else argument.text
        for argument in step.arguments or ()
    ]

    def run(value: object, found: list[object], reading: Reading) -> None:
        if function is None:
            raise Invalid(f"Function with name: {name} does not exist.")
        result = function(value, [Bound(source, reading) for source in sources], reading)
        found.append(result)
        if not leaf:
            then(result, found, reading)

    return run


# -- scans ------------------------------------------------------------------------------------------------------------


class _Mark:
    """The array index that ``..`` tells the last step, in paths that end in ``..``, an array step and one more.

    Jayway tries an array step behind ``..`` by trying the step after it on every item, whichever the array step would
    choose, and then has the last step refuse what came from another index. But the last step remembers the index until
    it is told the next, so it also refuses what it finds by other ways. The mistake is Jayway 2.9's; it is kept.
    """

    __slots__ = ("accepted", "watches")

    def __init__(self, steps: Sequence[Step], *, appended: bool) -> None:
        self.watches = (
            len(steps) > 2 and isinstance(steps[-3], Scan) and isinstance(steps[-2], Index | Slice | Wildcard | Filter)
        )
        self.accepted = -1
        """The index that the array step chooses, -1 where it is not a single one."""
        if self.watches and not appended:
            chosen = steps[-2]
            if isinstance(chosen, Index) and len(chosen.indexes) == 1:
                self.accepted = max(chosen.indexes[0], -1)

    def guard(self, run: Run, *, maps_only: bool = False) -> Run:
        accepted = self.accepted

        def guarded(value: object, found: list[object], reading: Reading) -> None:
            told = reading.marks.get(self, -1)
            if told in (-1, accepted) or (maps_only and not isinstance(value, dict)):
                run(value, found, reading)
            else:
                run(value, [], reading)

        return guarded


def _scan(steps: Sequence[Step], index: int, runs: list[Run], mark: _Mark, *, required: bool) -> Run:
    if index == len(steps) - 1:

        def nowhere(_value: object, _found: list[object], _reading: Reading) -> None:
            raise Thrown("java.lang.IllegalStateException", "Current path token is a leaf")

        return nowhere
    step = steps[index + 1]
    leaf = index == len(steps) - 2
    marks = mark if mark.watches and index == len(steps) - 3 else None
    test = None
    if isinstance(step, Filter):
        assert step.expression is not None
        test = passing(filter_test(step.expression, Reader, required=required))
    definite = isinstance(step, Property) and (leaf or len(step.names) == 1)
    return scan(step, runs[-1], None if leaf else runs[-2], test=test, marks=marks, definite=definite)
