"""Which values a filter lets pass, as Jayway 2.9 decides.

What may live here: nodes.Expression -> a test of one value. What the operators do is in ``operators``; comparing a name
of the value with a literal, which is what most filters are, takes a shortcut that gives the same answer.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from vtlsim.jsonpath.decimals import EXACT, WrittenNumber, is_number
from vtlsim.jsonpath.nodes import And, Exists, Expression, JsonText, Literal, Not, Operand, Or, Path, Relation
from vtlsim.jsonpath.operators import OPERATORS, Json, finite
from vtlsim.jsonpath.plain import plain_steps
from vtlsim.jsonpath.reading import MISSING, Invalid, NotFound, Reading, as_list, failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.jsonpath.evaluate import Reader

Test: TypeAlias = "Callable[[Any, Reading], bool]"
_Get: TypeAlias = "Callable[[Any, Reading], Any]"
_MakeReader: TypeAlias = "Callable[..., Reader]"


def filter_test(expression: Expression, reader: type[Reader], *, required: bool = False) -> Test:
    """The test of one value. May raise Thrown; Invalid and NotFound mean that the value does not pass.

    ``required`` holds inside a check for existence: it is handed down to every path in the filter.
    """

    def make_reader(path: Path, *, required: bool = required) -> Reader:
        return reader(path, required=required)

    return _test(expression, make_reader)


def passing(test: Test) -> Test:
    """The test without its exceptions: whether the value passes."""

    def passes(value: object, reading: Reading) -> bool:
        try:
            return test(value, reading)
        except (Invalid, NotFound):
            return False

    return passes


def _test(expression: Expression, make_reader: _MakeReader) -> Test:
    if isinstance(expression, And | Or):
        return _chain(
            [_test(operand, make_reader) for operand in expression.operands], all_=isinstance(expression, And)
        )
    if isinstance(expression, Not):
        inner = _test(expression.operand, make_reader)
        return lambda value, reading: not inner(value, reading)
    if isinstance(expression, Exists):
        return _exists(expression, make_reader)
    assert isinstance(expression, Relation)
    test = _relation(expression, make_reader)
    left, right = expression.left, expression.right
    if isinstance(left, Path) and left.root == "@" and isinstance(right, Literal):
        steps = plain_steps(left)
        if steps is not None and len(steps) == 1 and steps[0][0] is dict:
            return _shortcut(steps[0][1], expression.operator, right.value, test) or test
    return test


def _chain(tests: list[Test], *, all_: bool) -> Test:
    if len(tests) == 2:
        one, two = tests
        if all_:
            return lambda value, reading: one(value, reading) and two(value, reading)
        return lambda value, reading: one(value, reading) or two(value, reading)

    def test(value: object, reading: Reading) -> bool:
        for test in tests:
            if test(value, reading) is not all_:
                return not all_
        return all_

    return test


def _relation(expression: Relation, make_reader: _MakeReader) -> Test:
    left = _operand(expression.left, make_reader)
    right = _operand(expression.right, make_reader)
    decide = OPERATORS[expression.operator]
    return lambda value, reading: decide(left(value, reading), right(value, reading), reading)


_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _shortcut(name: object, sign: str, literal: Any, otherwise: Test) -> Test | None:
    """``@.name == literal``: Python compares where it compares as Java does; ``otherwise`` decides all else."""
    decide = _COMPARISONS.get(sign)
    kind = type(literal)
    if decide is None:
        return None
    if kind is str:
        return _compare_text(name, decide, literal, otherwise) if sign in ("==", "!=") else None
    if kind is int or kind is WrittenNumber:
        return _compare_number(name, decide, literal, otherwise) if -EXACT < literal < EXACT else None
    return None


def _compare_text(name: object, decide: Callable[[Any, Any], bool], literal: str, otherwise: Test) -> Test:
    def test(value: Any, reading: Reading) -> bool:
        if type(value) is dict:
            found = value.get(name)
            if type(found) is str:
                return decide(found, literal)
        return otherwise(value, reading)

    return test


def _compare_number(name: object, decide: Callable[[Any, Any], bool], literal: float, otherwise: Test) -> Test:
    def test(value: Any, reading: Reading) -> bool:
        if type(value) is dict:
            found = value.get(name)
            if (type(found) is int or type(found) is float) and -EXACT < found < EXACT:
                return decide(found, literal)
        return otherwise(value, reading)

    return test


# -- operands ---------------------------------------------------------------------------------------------------------


def _operand(operand: Operand, make_reader: _MakeReader) -> _Get:
    if isinstance(operand, Literal):
        literal = Json(operand.value.text) if isinstance(operand.value, JsonText) else operand.value
        return lambda _value, _reading: literal
    if operand.root == "$":
        return _root_path(operand, make_reader)
    steps = plain_steps(operand)
    reader = make_reader(operand)

    def slow(value: object, reading: Reading) -> object:
        try:
            return _converted(reader.read(value, reading))
        except NotFound:
            return MISSING

    if steps is None:
        return slow

    def get(value: Any, reading: Reading) -> object:
        start = value
        for kind, key in steps:
            if type(value) is not kind:
                return slow(start, reading)
            try:
                value = value[key]  # type: ignore[index] # mypy takes `kind` for `object`
            except LookupError:
                return MISSING
        return _converted(value)

    return get


def _root_path(path: Path, make_reader: _MakeReader) -> _Get:
    """``$...``: read once in a reading, unless it is not found."""
    reader = make_reader(path)
    known = id(reader)

    def get(_value: object, reading: Reading) -> object:
        if known not in reading.roots:
            try:
                reading.roots[known] = reader.read(reading.root, reading)
            except NotFound:
                return MISSING
        return _converted(reading.roots[known])

    return get


def _converted(value: object) -> object:
    """What was found as it counts in filters."""
    if value is None or isinstance(value, str | bool | dict):
        return value
    if is_number(value):
        return finite(value)
    if as_list(value) is not None:
        return value
    raise failed(f"Could not convert {type(value).__name__} to a ValueNode")


def _exists(expression: Exists, make_reader: _MakeReader) -> Test:
    """Null exists. A path from ``$`` is looked for below the value as well: Jayway hands it the wrong document."""
    expected = expression.expected
    steps = plain_steps(expression.path)
    reader = make_reader(expression.path, required=True)

    def slow(value: object, reading: Reading) -> bool:
        try:
            reader.read(value, reading)
        except NotFound:
            return not expected
        return expected

    if steps is None:
        return slow

    def test(value: Any, reading: Reading) -> bool:
        start = value
        for kind, key in steps:
            if type(value) is not kind:
                return slow(start, reading)
            try:
                value = value[key]  # type: ignore[index] # mypy takes `kind` for `object`
            except LookupError:
                return not expected
        return expected

    return test
