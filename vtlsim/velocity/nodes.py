"""What a template consists of, once parsed.

What may live here: a closed set of immutable nodes, each with its Span, and nothing that acts on them. Parsing has
already settled everything that depends on the text alone: backslashes, quotes, what a reference prints when it has no
value. What depends on values is left to the compiled code.
"""

from __future__ import annotations

from typing import TypeAlias

from vtlsim.values.records import NamedTuple
from vtlsim.velocity.source import Span

# -- references -------------------------------------------------------------------------------------------------------


class Property(NamedTuple):
    """``.name``"""

    span: Span
    name: str


class Call(NamedTuple):
    """``.name(argument, ...)``"""

    span: Span
    name: str
    arguments: tuple[Expression, ...]


class Index(NamedTuple):
    """``[argument]``"""

    span: Span
    argument: Expression


Step: TypeAlias = Property | Call | Index


class Reference(NamedTuple):
    """``$name.step.step``, in every spelling: ``$!x``, ``${x}``, ``$!{x}``, with backslashes before it."""

    span: Span
    name: str
    """The variable that is looked up."""
    steps: tuple[Step, ...]
    quiet: bool
    """Written with ``$!``: prints nothing instead of itself when it has no value."""
    escaped: bool
    """An odd number of backslashes stood before it."""
    escape_prefix: str
    """Half of the backslashes before it, rounded down: printed before a reference that has a value."""
    more_prefix: str
    """Other text that the lexer took into the reference's first token: the ``$`` of ``$$x``."""
    null_string: str
    """What is printed, after the prefixes, when it has no value: the reference as typed, or nothing."""
    computable: bool
    """False for ``$\\!x``, which never has a value inside an expression."""
    runt: bool
    """A first token without a dollar sign: prints ``name`` and nothing else."""
    literal: str
    """As typed, without the prefixes that were taken off."""


# -- expressions ------------------------------------------------------------------------------------------------------


class StringLiteral(NamedTuple):
    """A string without interpolation; quotes undone."""

    span: Span
    value: str


class Interpolation(NamedTuple):
    """A double-quoted string that holds ``$`` or ``#``: a template of its own."""

    span: Span
    body: Block
    drop_last: bool
    """Velocity renders the text with a blank appended, so that a reference may end it, and takes the last character
    off again; it does neither when the text holds ``##``."""


class IntegerLiteral(NamedTuple):
    """Integer, Long or BigInteger, by size."""

    span: Span
    value: int


class FloatLiteral(NamedTuple):
    """Double."""

    span: Span
    value: float


class BooleanLiteral(NamedTuple):
    """``true`` or ``false``"""

    span: Span
    value: bool


class ListLiteral(NamedTuple):
    """``[a, b]``"""

    span: Span
    items: tuple[Expression, ...]


class MapLiteral(NamedTuple):
    """``{key : value}``"""

    span: Span
    entries: tuple[tuple[Expression, Expression], ...]


class RangeLiteral(NamedTuple):
    """``[first..last]``"""

    span: Span
    first: Expression
    last: Expression


class Group(NamedTuple):
    """An expression in parentheses."""

    span: Span
    inner: Expression
    literal: str = ""
    """What is between the parentheses, as typed: what ``+`` puts in the place of a null beside a string."""


class Not(NamedTuple):
    """``! operand``"""

    span: Span
    operand: Expression
    literal: str = ""
    """What ``+`` puts in its place as for a Group: the operand, with the white space around it."""


class Binary(NamedTuple):
    """``left operator right``; the operator in its symbol form whatever was typed: ``||  &&  ==  !=  <  >  <=  >=  +  -
    *  /  %``
    """

    span: Span
    operator: str
    left: Expression
    right: Expression
    literal: str = ""
    """What ``+`` puts in its place as for a Group: for Velocity that is the right side alone, with the white space
    around it."""


class Word(NamedTuple):
    """A bare word as a directive's argument; valid only where a directive takes one."""

    span: Span
    text: str


Expression: TypeAlias = (
    Reference
    | StringLiteral
    | Interpolation
    | IntegerLiteral
    | FloatLiteral
    | BooleanLiteral
    | ListLiteral
    | MapLiteral
    | RangeLiteral
    | Group
    | Not
    | Binary
    | Word
)

# -- statements -------------------------------------------------------------------------------------------------------


class Text(NamedTuple):
    """Text that is printed as it stands here: plain text, the inside of ``#[[ ]]#``, resolved escapes."""

    span: Span
    text: str


class SetDirective(NamedTuple):
    """``#set(target = value)``"""

    span: Span
    target: Reference
    key: str
    """The variable that is set when the target has no steps. Velocity takes it from the target's first token, so for
    ``#set(${x} = 1)`` and ``#set($!x = 1)`` it is not ``x``."""
    value: Expression


class Branch(NamedTuple):
    """One ``#if`` or ``#elseif`` with what it guards."""

    span: Span
    condition: Expression
    body: Block


class IfDirective(NamedTuple):
    """``#if ... #elseif ... #else ... #end``"""

    span: Span
    branches: tuple[Branch, ...]
    otherwise: Block | None

    @property
    def bodies(self) -> tuple[Block, ...]:
        """What its branches hold, that of ``#else`` last where there is one."""
        found = [branch.body for branch in self.branches]
        return (*found, self.otherwise) if self.otherwise is not None else tuple(found)


class ForeachDirective(NamedTuple):
    """``#foreach($element in iterable) body #end``"""

    span: Span
    element: str
    iterable: Expression
    body: Block


class DefineDirective(NamedTuple):
    """``#define($name) body #end``"""

    span: Span
    name: str
    body: Block


class BreakDirective(NamedTuple):
    """``#break``, with the scope named by its argument where it has one"""

    span: Span
    arguments: tuple[Expression, ...]


class StopDirective(NamedTuple):
    """``#stop``"""

    span: Span
    arguments: tuple[Expression, ...]


class EvaluateDirective(NamedTuple):
    """``#evaluate(argument)``"""

    span: Span
    arguments: tuple[Expression, ...]


class ResourceDirective(NamedTuple):
    """``#include`` or ``#parse``: there is no resource loader, so reaching one is an error."""

    span: Span
    name: str
    arguments: tuple[Expression, ...]


class FailingDirective(NamedTuple):
    """A directive that parses and fails when it is reached: ``#foreach($x)`` without anything to run over."""

    span: Span
    message: str


class LiteralDirective(NamedTuple):
    """``#literal() ... #end``: prints ``text``, its body as typed. ``body`` is never rendered, but macros that it
    defines are known.
    """

    span: Span
    text: str
    body: Block | None = None


class MacroDefinition(NamedTuple):
    """``#macro(name $parameter ...) body #end``"""

    span: Span
    name: str
    parameters: tuple[str, ...]
    body: Block


class MacroCall(NamedTuple):
    """``#name(argument ...)``, ``#@name(argument ...) body #end``, or text that only looks like one."""

    span: Span
    name: str
    arguments: tuple[Expression, ...]
    body: Block | None
    """The block of ``#@name``; None for ``#name``."""
    literal: str
    """What is printed when there is no such macro."""


Statement: TypeAlias = (
    Text
    | Reference
    | SetDirective
    | IfDirective
    | ForeachDirective
    | DefineDirective
    | BreakDirective
    | StopDirective
    | EvaluateDirective
    | ResourceDirective
    | FailingDirective
    | LiteralDirective
    | MacroDefinition
    | MacroCall
)


class Block(NamedTuple):
    """Statements that are rendered one after the other."""

    span: Span
    statements: tuple[Statement, ...]
