"""What a path consists of, once parsed.

What may live here: a closed set of immutable nodes and the text in which Jayway prints them back. Nothing that reads a
document.
"""

from __future__ import annotations

from typing import TypeAlias

from vtlsim.values.records import NamedTuple

# -- steps ------------------------------------------------------------------------------------------------------------


class Property(NamedTuple):
    """``.name``, ``['name']``, ``["name"]``, ``['a','b']``"""

    names: tuple[str, ...]
    quote: str = "'"


class Index(NamedTuple):
    """``[0]``, ``[-1]``, ``[0,2]``"""

    indexes: tuple[int, ...]


class Slice(NamedTuple):
    """``[first:last]``, the last excluded; either may be missing, not both"""

    first: int | None
    last: int | None


class FromEnd(NamedTuple):
    """``[(@.length-1)]``, of Jayway 2.0 only. ``offset`` is added to the length."""

    offset: int


class Wildcard(NamedTuple):
    """``*``, ``[*]``"""


class Scan(NamedTuple):
    """``..``: the next step is tried on every object and array below"""


class Filter(NamedTuple):
    """``[?(expression)]``. An expression of None stands for ``placeholders`` that were never filled (Jayway 2.0 only)."""

    expression: Expression | None
    placeholders: int = 1


class Function(NamedTuple):
    """``.name()`` or ``.name(argument, ...)``. ``arguments`` is None where there are no parentheses' contents at all."""

    name: str
    arguments: tuple[Argument, ...] | None


class Here(NamedTuple):
    """``$`` in the middle, which changes nothing, of Jayway 2.0 only"""


Step: TypeAlias = Property | Index | Slice | FromEnd | Wildcard | Scan | Filter | Function | Here


class Path(NamedTuple):
    """``$.step.step`` or ``@.step.step``"""

    root: str
    steps: tuple[Step, ...]


class JsonArgument(NamedTuple):
    """A function's argument given as JSON text, which is read anew whenever the function is called."""

    text: str


Argument: TypeAlias = Path | JsonArgument


# -- filters ----------------------------------------------------------------------------------------------------------


class JsonText(NamedTuple):
    """A JSON object or array, or a string that looks like one. Jayway keeps it as text until somebody must look inside."""

    text: str


class PatternText(NamedTuple):
    """``/expression/flags``"""

    expression: str
    flags: str


class Literal(NamedTuple):
    """A value written in the filter: null, a boolean, a string, a number, JSON or a pattern."""

    value: object


Operand: TypeAlias = Path | Literal


class Relation(NamedTuple):
    """``left operator right``; the operator in capitals (``==``, ``IN``)"""

    left: Operand
    operator: str
    right: Operand


class Exists(NamedTuple):
    """``@.path`` or ``!@.path``"""

    path: Path
    expected: bool


class Not(NamedTuple):
    """``!(expression)``"""

    operand: Expression


class And(NamedTuple):
    """``a && b && c``"""

    operands: tuple[Expression, ...]


class Or(NamedTuple):
    """``a || b || c``"""

    operands: tuple[Expression, ...]


class Criterion(NamedTuple):
    """A condition of Jayway 2.0, whose operands are paths, patterns or bare strings. Without an operator it asks whether
    the path exists, or does not: ``right`` is then the answer that is wanted.
    """

    left: object
    operator: str
    right: object


Expression: TypeAlias = Relation | Exists | Not | And | Or | Criterion

# -- text -------------------------------------------------------------------------------------------------------------


def step_text(step: Step, separator: str = ",") -> str:
    """One step as Jayway prints it. ``separator`` stands between names: a comma, in Jayway 2.0 a comma and a space."""
    if isinstance(step, Property):
        return "[" + separator.join(f"{step.quote}{name}{step.quote}" for name in step.names) + "]"
    if isinstance(step, Index):
        return "[" + ",".join(map(str, step.indexes)) + "]"
    if isinstance(step, Slice):
        first = "" if step.first is None else step.first
        last = "" if step.last is None else step.last
        return f"[{first}:{last}]"
    if isinstance(step, FromEnd):
        return f"[@.size(){step.offset}]"
    if isinstance(step, Wildcard):
        return "[*]"
    if isinstance(step, Scan):
        return ".."
    if isinstance(step, Filter):
        return "[" + ",".join("?" * step.placeholders) + "]"
    if isinstance(step, Here):
        return "$"
    return f".{step.name}(...)" if step.arguments else f".{step.name}()"


def path_text(path: Path, separator: str = ",") -> str:
    """The whole path as Jayway prints it: ``$['items'][0]['sku']``"""
    return path.root + "".join([step_text(step, separator) for step in path.steps])
