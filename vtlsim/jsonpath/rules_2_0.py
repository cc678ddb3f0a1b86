"""Jayway 2.0: its grammar, and how it reads documents.

What may live here: what ``rules="2.0"`` means, where it shares nothing with 2.9: paths are cut into fragments without
regard to quotes, a step that finds nothing is an error almost everywhere (a wildcard over an array catches it), there
are no functions and no negative indexes. Its filters are in ``criteria_2_0``. What ``..`` walks is the same as in 2.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.jsonpath.criteria_2_0 import criteria_test, is_definite, parse_criteria
from vtlsim.jsonpath.errors import Malformed
from vtlsim.jsonpath.lexer import is_digit
from vtlsim.jsonpath.limits import NESTING, STEPS
from vtlsim.jsonpath.nodes import (
    Filter,
    FromEnd,
    Here,
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
from vtlsim.values.text import text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BLANKS: Final = "".join(map(chr, range(33)))
_PLACEHOLDERS: Final = frozenset("?,* \t\n\x0b\f\r")


# -- the grammar ------------------------------------------------------------------------------------------------------


def parse(text: str, depth: int = 0) -> Path:
    """Parse a whole path. Raises Malformed, whose position is an index into ``text``."""
    if not text:
        raise Malformed("Path may not be null empty", 0)
    if depth > NESTING:
        raise Malformed(f"more than {NESTING} levels of nesting", 0)
    path = text.strip(_BLANKS)
    shift = len(text) - len(text.lstrip(_BLANKS))
    if path.endswith(".."):
        raise Malformed("A path can not end with a scan.", shift + len(path) - 2)
    if not path:
        raise Malformed("Path ends where more was expected", 0)
    root = "@" if path[0] == "@" else "$"
    if path[0] not in "$@":
        path = "$." + path
        shift -= 2
    fragments = _Fragments("$" + path[1:], depth)
    try:
        return Path(root, tuple(fragments.steps()))
    except Malformed as fault:
        fault.position = max(fault.position + shift, 0)
        raise
    except IndexError:
        raise Malformed("Path ends where more was expected", len(text)) from None
    except ValueError as fault:
        raise Malformed(str(fault), max(fragments.position + shift, 0)) from None


class _Fragments:
    """Cuts a path into fragments, ``['name']`` for every name, and looks at each."""

    __slots__ = ("depth", "position", "text")

    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.depth = depth
        self.position = 1

    def steps(self) -> list[Step]:
        text, length = self.text, len(self.text)
        if length > 1 and text[1] not in ".[":
            raise Malformed(f"Invalid path {text}", 1)
        steps: list[Step] = []
        while self.position < length:
            character = text[self.position]
            begin = self.position
            if len(steps) == STEPS:
                raise Malformed(f"more than {STEPS} steps", begin)
            if character == " ":
                raise Malformed("Space not allowed in path", begin)
            if character == "$":
                self.position += 1
                steps.append(Here())
            elif character == "[":
                self.position = self._closed(begin)
                steps.append(self._fragment(text[begin : self.position], begin))
            elif character == "*":
                self.position += 1
                steps.append(Wildcard())
            elif character != ".":
                steps.append(self._name(begin, begin))
            elif text[begin + 1] == ".":
                self.position += 2
                steps.append(Scan())
            else:
                self.position += 1
                end = self._name_end(self.position)
                if text[begin + 1 : end] == "*":
                    self.position = end
                    steps.append(Wildcard())
                elif end > begin + 1:
                    steps.append(self._name(begin + 1, begin))
        return steps

    def _name(self, begin: int, place: int) -> Step:
        end = self._name_end(begin)
        self.position = end
        return self._fragment(f"['{self.text[begin:end]}']", place)

    def _name_end(self, begin: int) -> int:
        end = begin
        while end < len(self.text) and self.text[end] not in ".[ ":
            end += 1
        return end

    def _closed(self, begin: int) -> int:
        """After the bracket that closes the one at ``begin``; at the end of the text where none does."""
        nested = 0
        for index in range(begin + 1, len(self.text)):
            character = self.text[index]
            if character == "]":
                if nested == 0:
                    return index + 1
                nested -= 1
            elif character == "[":
                nested += 1
        return len(self.text)

    def _fragment(self, fragment: str, place: int) -> Step:
        if fragment == "[*]":
            return Wildcard()
        if (
            fragment[-1] == "]"
            and fragment[1:].lstrip(" \t\n\x0b\f\r")[:1] == "?"
            and _PLACEHOLDERS.issuperset(fragment[1:-1])
        ):
            return Filter(None, fragment.count("?"))
        for index, character in enumerate(fragment):
            if character == "?":
                try:
                    begin, end = _filter_bounds(fragment, index)
                    return Filter(parse_criteria(fragment[begin:end], self.depth + 1, parse))
                except Malformed as fault:
                    fault.position += place
                    raise
            if character == "'":
                return _quoted(fragment, index)
            if character in ":-@" or is_digit(character):
                return _numbers(fragment, index, place)
        raise Malformed(f"Could not analyze path component: {fragment}", place)


def _filter_bounds(fragment: str, question: int) -> tuple[int, int]:
    """From the bracket before the question mark to the first one after it that closes outside of parentheses."""
    start = fragment.rindex("[", 0, question)
    quoted = False
    parentheses = brackets = 0
    before = " "
    index = start
    while True:
        character = fragment[index]
        if character == "'":
            if before != "\\":
                quoted = not quoted
        elif not quoted:
            if character in "()":
                parentheses += 1 if character == "(" else -1
            elif character == "[":
                brackets += 1
            elif character == "]":
                brackets -= 1
                if parentheses == 0:
                    break
        before = character
        index += 1
    if brackets != 0:
        raise Malformed("Filter brackets are not balanced", index)
    return start, index + 1


def _quoted(fragment: str, index: int) -> Property:
    """The names between quotes, up to the first closing bracket wherever it stands; there may be none."""
    names: list[str] = []
    begin = -1
    while fragment[index] != "]":
        if fragment[index] == "'":
            if begin >= 0:
                names.append(fragment[begin:index])
                begin = -1
            else:
                begin = index + 1
        index += 1
    return Property(tuple(names))


def _numbers(fragment: str, index: int, place: int) -> Step:
    """Indexes and slices, read character by character from the first that looks like one."""
    if fragment[index] == "@":
        return _from_end(fragment, index, place)
    numbers: list[int] = []
    taken = ""
    kinds: set[str] = set()
    while True:
        character = fragment[index]
        if not (is_digit(character) or character in ", :-"):
            break
        if character == ":":
            first = taken
            index, taken = _digits(fragment, index + 1)
            character = fragment[index]
            if not first:
                kinds.add("to")
                numbers.append(_integer(taken))
            else:
                numbers.append(_integer(first))
                kinds.add("between" if taken else "from")
                if taken:
                    numbers.append(_integer(taken))
            taken = ""
        elif character == ",":
            numbers.append(_integer(taken))
            taken = ""
            kinds.add("sequence")
        elif character != " ":
            taken += character
        if character == "]":
            break
        index += 1
    if taken:
        numbers.append(_integer(taken))
    if "sequence" in kinds or not kinds:
        return Index(tuple(numbers))
    if "from" in kinds:
        return Slice(numbers[0], None)
    return Slice(None, numbers[0]) if "to" in kinds else Slice(numbers[0], numbers[1])


def _digits(fragment: str, index: int) -> tuple[int, str]:
    taken = ""
    while is_digit(fragment[index]) or fragment[index] in " -":
        taken += fragment[index].strip(" ")
        index += 1
    return index, taken


def _from_end(fragment: str, index: int, place: int) -> FromEnd:
    """``[(@.length-1)]``, ``[(@.size() - 1)]``"""
    index += 2
    name = ""
    while fragment[index] != "-":
        name += fragment[index].strip(" ()")
        index += 1
    if name not in ("size", "length"):
        raise Malformed(
            f"Invalid function: @.{name}. Supported functions are: [(@.length - n)] and [(@.size() - n)]", place
        )
    closing = fragment.find(")", index)
    if closing == -1:
        raise IndexError(fragment)
    return FromEnd(_integer(fragment[index:closing].replace(" ", "")))


def _integer(digits: str) -> int:
    try:
        number = int(digits)
    except ValueError:
        raise ValueError(f'For input string: "{digits}"') from None
    if not -(1 << 31) <= number < 1 << 31:
        raise ValueError(f'For input string: "{digits}"')
    return number


# -- reading ----------------------------------------------------------------------------------------------------------


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
        shown = step_text(step, ", ")
        if not isinstance(value, dict):
            raise NotFound(lambda: f"Property {shown} not found in path {place}")
        if not leaf:
            raise Invalid(f"Multi properties can only be used as path leafs: {place}{shown}")
        if required and not all(name in value for name in names):
            raise NotFound(lambda: f"Missing property in path {place}{shown}")
        found.append({name: value[name] for name in names if name in value})

    return run


def _array(step: Index | Slice | FromEnd, then: Run, place: _Place) -> Run:
    def run(value: object, found: list[object], reading: Reading) -> None:
        if value is None:
            raise NotFound(lambda: f"The path {place} is null")
        items = as_list(value)
        if items is None:
            raise Invalid(f"Filter: {place.rest()} can only be applied to arrays. Current context is: {text(value)}")
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
            shown = "null" if value is None else text(value)
            raise Invalid(f"Filter: {place.rest()} can not be applied to primitives. Current context is: {shown}")
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
