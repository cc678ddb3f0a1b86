"""The grammar of paths, as Jayway 2.0 has it.

What may live here: text -> nodes.Path by the rules "2.0". A path is cut into fragments without regard to quotes, and
each fragment is then searched for the first character that tells what it is; there are no functions. Filters are in
``criteria_2_0``.
"""

from __future__ import annotations

from typing import Final

from vtlsim.jsonpath.criteria_2_0 import parse_criteria
from vtlsim.jsonpath.errors import Malformed
from vtlsim.jsonpath.lexer import is_digit
from vtlsim.jsonpath.limits import NESTING, STEPS
from vtlsim.jsonpath.nodes import Filter, FromEnd, Here, Index, Path, Property, Scan, Slice, Step, Wildcard

_BLANKS: Final = "".join(map(chr, range(33)))
_PLACEHOLDERS: Final = frozenset("?,* \t\n\x0b\f\r")


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
