"""The filters of Jayway 2.0.

What may live here: the text of ``[?(...)]`` -> And, Or and Criterion, and what they decide. The text is cut at ``&&``
and ``||`` and then at the first operator, wherever they stand, in strings too; parentheses at the ends are dropped.
There is no order of precedence but the one that falls out of reading from the right. A literal is a string until it is
compared; a null, missing or incomparable operand makes the condition false.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from vtlsim.jsonpath.decimals import compare, is_number, parse_number
from vtlsim.jsonpath.errors import Malformed
from vtlsim.jsonpath.nodes import And, Criterion, Expression, FromEnd, Here, Index, Or, Path, Property, Step
from vtlsim.jsonpath.patterns import Pattern
from vtlsim.jsonpath.reading import NotFound, Reading, Thrown
from vtlsim.values.text import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.jsonpath.evaluate_2_0 import Reader

_Parse: TypeAlias = "Callable[[str, int], Path]"
_Test: TypeAlias = "Callable[[Any, Reading], bool]"
_Get: TypeAlias = "Callable[[Any, Reading], Any]"

_BLANKS: Final = "".join(map(chr, range(33)))
_OPERATOR_AHEAD: Final = re.compile(r"(?=&&|\|\|)")
_OPERATORS: Final = ("==", ">=", "<=", "!=", "<", ">", "=~")
"""In the order in which they are looked for."""


# -- the grammar ------------------------------------------------------------------------------------------------------


def parse_criteria(criteria: str, depth: int, parse: _Parse) -> Expression:
    """Parse ``[?(...)]``, brackets included. Raises Malformed, IndexError, ValueError."""
    inner = criteria[1:-1].strip(_BLANKS)
    if not inner.startswith("?"):
        raise Malformed(f"Filter must start with '[?' and end with ']'. {inner}", 0)
    inner = inner[1:].strip(_BLANKS)
    if not (inner.startswith("(") and inner.endswith(")")):
        raise Malformed(f"Filter must start with '[?(' and end with ')]'. {inner}", 0)
    inner = inner[1:-1].strip(_BLANKS)
    operators: list[str] = []
    conditions: list[Criterion] = []
    for piece in _pieces(inner):
        cut = piece.strip(_BLANKS)
        if cut in ("&&", "||"):
            operators.append(cut)
        else:
            conditions.append(_criterion(_cleaned(cut), depth, parse))
    if len(conditions) != len(operators) + 1:
        raise Malformed(f"Invalid operators {inner}", 0)
    # From the right: `a || b && c` is `(c && b) || a`, and `a && b || c` is `c || (b && a)`.
    alternatives: list[list[Expression]] = [[conditions.pop()]]
    while operators:
        if operators.pop() == "&&":
            alternatives[-1].append(conditions.pop())
        else:
            alternatives.append([conditions.pop()])
    parts: list[Expression] = [part[0] if len(part) == 1 else And(tuple(part)) for part in alternatives]
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _pieces(inner: str) -> list[str]:
    """The text cut before and after each ``&&`` and ``||``, also where they overlap, as in ``|||``."""
    cuts = {place for found in _OPERATOR_AHEAD.finditer(inner) for place in (found.start(), found.start() + 2)}
    places = [0, *sorted(cuts - {0, len(inner)}), len(inner)]
    return [inner[start:end] for start, end in pairwise(places)]


def _cleaned(piece: str) -> str:
    """Without brackets, question marks and parentheses in front and closing ones behind."""
    cleaned = piece.lstrip("[?( ").rstrip(") ")
    if not cleaned:
        raise IndexError(piece)
    return cleaned


def _criterion(condition: str, depth: int, parse: _Parse) -> Criterion:
    for operator in _OPERATORS:
        left, found, right = condition.partition(operator)
        if found:
            return Criterion(
                _operand(left.strip(_BLANKS), depth, parse, left=True),
                operator,
                _operand(right.strip(_BLANKS), depth, parse, left=False),
            )
    left = condition.strip(_BLANKS)
    operand = _operand(left, depth, parse, left=True)
    if not isinstance(operand, Path):
        raise Malformed("CriteriaType  can not be parsed", 0)
    return Criterion(operand, "", not left.startswith("!"))


def _operand(written: str, depth: int, parse: _Parse, *, left: bool) -> object:
    """A path, a pattern, a string without its quotes, or the text as it stands."""
    if written.startswith(("$", "@", "!@")):
        if written[0] == "!":
            if not left:
                raise Malformed("Invalid negation! Can only be used for existence check e.g [?(!@.foo)]", 0)
            written = written[1:]
        path = parse(written, depth)
        if not all(map(is_definite, path.steps)):
            raise Malformed(f"the predicate path: {written} is not definite", 0)
        return path
    if written[:1] == "'" and written[-1:] == "'":
        if len(written) == 1:
            raise IndexError(written)
        return written[1:-1]
    if written[:1] == "/" and (written[-1] == "/" or written[-2:] == "/i"):
        if written == "/":
            raise IndexError(written)
        return Pattern(written[1 : written.rindex("/")], "i" if written[-1] == "i" else "")
    return written


def is_definite(step: Step) -> bool:
    """Whether a step finds one value or none, by 2.0's rules."""
    return isinstance(step, Property | FromEnd | Here) or (isinstance(step, Index) and len(step.indexes) == 1)


# -- deciding ---------------------------------------------------------------------------------------------------------


def criteria_test(expression: Expression, make_reader: type[Reader]) -> _Test:
    """The test of one value. Unlike 2.9's it may raise Invalid, which ends the reading."""
    if isinstance(expression, And | Or):
        tests = [criteria_test(operand, make_reader) for operand in expression.operands]
        if isinstance(expression, And):
            return lambda value, reading: all(test(value, reading) for test in tests)
        return lambda value, reading: any(test(value, reading) for test in tests)
    assert isinstance(expression, Criterion)
    if not expression.operator:
        return _exists(expression, make_reader)
    left = _get(expression.left, make_reader)
    right = _get(expression.right, make_reader)
    decide = _DECISIONS[expression.operator]

    def test(value: object, reading: Reading) -> bool:
        try:
            model = left(value, reading)
            return decide(right(value, reading), model, reading)
        except (NotFound, _Incomparable):
            return False

    return test


def _exists(expression: Criterion, make_reader: type[Reader]) -> _Test:
    """Null does not exist. A path from ``$`` is looked for below the value as well, as in 2.9."""
    assert isinstance(expression.left, Path)
    reader = make_reader(expression.left, required=True)
    expected = expression.right

    def test(value: object, reading: Reading) -> bool:
        try:
            return (reader.read(value, reading) is not None) is expected
        except NotFound:
            return not expected

    return test


def _get(operand: object, make_reader: type[Reader]) -> _Get:
    if not isinstance(operand, Path):
        return lambda _value, _reading: operand
    reader = make_reader(operand)
    if operand.root == "@":
        return reader.read
    known = id(reader)

    def get(_value: object, reading: Reading) -> object:
        if known not in reading.roots:
            reading.roots[known] = reader.read(reading.root, reading)
        return reading.roots[known]

    return get


class _Incomparable(Exception):  # noqa: N818 - Jayway's ValueCompareException, which ends as False
    """Two values that have no order."""


def _compare(expected: object, model: object) -> int:
    """Negative, zero or positive: how the right side compares to the left one. ``'null'`` is null."""
    if expected is model:
        return 0
    nothing = (expected is None or expected == "null", model is None or model == "null")
    if any(nothing):
        return nothing[1] - nothing[0]
    if isinstance(expected, str):
        if isinstance(model, str):
            one = expected.replace("\\'", "'").encode("utf-16-be", "surrogatepass")
            other = model.encode("utf-16-be", "surrogatepass")
            return (one > other) - (one < other)
        if is_number(model):
            try:
                return compare(parse_number(expected), model)
            except ValueError:
                raise Thrown("java.lang.NumberFormatException", expected) from None
        if isinstance(model, bool):
            return (expected.lower() == "true") - model
    elif isinstance(expected, bool):
        if isinstance(model, bool):
            return expected - model
    elif is_number(expected) and is_number(model):
        return compare(expected, model)
    raise _Incomparable


def _ordered(expected: object, model: object, signs: tuple[int, ...]) -> bool:
    if (expected is None) is not (model is None):
        return False
    order = _compare(expected, model)
    return (order > 0) - (order < 0) in signs


def _matches(expected: object, model: object, reading: Reading) -> bool:
    pattern, target = (model, expected) if isinstance(model, Pattern) else (expected, model)
    if not isinstance(pattern, Pattern):
        if pattern is None:
            if target is None:
                return False
            raise Thrown("java.lang.NullPointerException", "null")
        raise Thrown("java.lang.ClassCastException", "no java.util.regex.Pattern")
    return target is not None and reading.bounds.match(pattern, text(target))


_DECISIONS: Final[dict[str, Callable[[Any, Any, Reading], bool]]] = {
    "==": lambda expected, model, _: _compare(expected, model) == 0,
    "!=": lambda expected, model, _: _compare(expected, model) != 0,
    ">": lambda expected, model, _: _ordered(expected, model, (-1,)),
    ">=": lambda expected, model, _: _ordered(expected, model, (-1, 0)),
    "<": lambda expected, model, _: _ordered(expected, model, (1,)),
    "<=": lambda expected, model, _: _ordered(expected, model, (1, 0)),
    "=~": _matches,
}
