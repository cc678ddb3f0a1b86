"""Blocks of ``#define`` written out where they are printed.

What may live here: the rewriting of a tree, for templates that are rendered often. A block that is bound once, in the
open, and then only printed need not be an object that somebody calls: its statements take the place of the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.velocity import nodes as n

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_STATEMENTS: Final = 2_000
"""Statements that a template may grow to: blocks that print blocks twice double at every step."""

_LOOPS_OWN: Final = frozenset({"foreach", "velocityCount", "velocityHasNext"})
"""Variables that every loop binds anew."""


def written_out(tree: n.Block, defined: set[str]) -> n.Block | None:
    """The tree with its blocks where they are printed; None where there is one for which that would not do.

    ``defined`` are the names that ``#define`` binds. The variables that held the blocks are not there any more.
    """
    try:
        return _Inliner(tree, defined).tree
    except _Unfit:
        return None


class _Unfit(Exception):  # noqa: N818 - no error: the template is rendered in the other way
    """A block must stay an object."""


class _Inliner:
    """One tree on its way."""

    def __init__(self, tree: n.Block, defined: set[str]) -> None:
        if not _LOOPS_OWN.isdisjoint(defined):
            raise _Unfit
        self.waiting = set(defined)
        """Names whose block was not met yet."""
        self.blocks: dict[str, tuple[tuple[n.Statement, ...], int]] = {}
        """Each block's statements, and how many they are with those inside them."""
        self.count = 0
        statements: list[n.Statement] = []
        for statement in tree.statements:
            if type(statement) is n.DefineDirective:
                if statement.name not in self.waiting or _leaves(statement.body):
                    raise _Unfit  # bound twice, or its #break would leave what prints it
                before = self.count
                body = tuple(self._statements(statement.body.statements))
                self.waiting.discard(statement.name)
                self.blocks[statement.name] = (body, self.count - before)
            else:
                statements.extend(self._statements((statement,)))
        self.tree = tree._replace(statements=tuple(statements))

    def _statements(self, found: Iterable[n.Statement]) -> Iterator[n.Statement]:
        for statement in found:
            held = None
            if type(statement) is n.Reference and not statement.runt:
                held = self.blocks.get(statement.name)
                if held is not None and (
                    statement.steps or statement.escaped or statement.escape_prefix or statement.more_prefix
                ):
                    raise _Unfit
            self.count += 1 if held is None else held[1]
            if self.count > MOST_STATEMENTS:
                raise _Unfit
            if held is None:
                yield self._statement(statement)
            else:
                yield from held[0]

    def _statement(self, node: n.Statement) -> n.Statement:
        match node:
            case n.Text():
                return node
            case n.Reference():
                self._check(node)
                return node
            case n.SetDirective():
                self._check(node.target)
                self._check(node.value)
                return node
            case n.IfDirective():
                branches: list[n.Branch] = []
                for branch in node.branches:
                    self._check(branch.condition)
                    branches.append(branch._replace(body=self._block(branch.body)))
                otherwise = None if node.otherwise is None else self._block(node.otherwise)
                return node._replace(branches=tuple(branches), otherwise=otherwise)
            case n.ForeachDirective():
                self._name(node.element)
                self._check(node.iterable)
                return node._replace(body=self._block(node.body))
            case n.BreakDirective(arguments=()):
                return node
            case n.LiteralDirective():
                return node
            case _:
                raise _Unfit  # a block inside something else, or what is too seldom to be looked through

    def _block(self, block: n.Block) -> n.Block:
        return block._replace(statements=tuple(self._statements(block.statements)))

    def _name(self, name: str) -> None:
        if name in self.blocks or name in self.waiting:
            raise _Unfit

    def _check(self, node: n.Expression) -> None:
        """Raises _Unfit where a value is made of a block."""
        for name in _names_in(node):
            self._name(name)


def _names_in(node: n.Expression | n.Statement) -> Iterator[str]:
    """The variables that an expression reads. Raises _Unfit for a string with directives in it."""
    match node:
        case n.Reference():
            yield node.name
            for step in node.steps:
                if type(step) is n.Call:
                    for argument in step.arguments:
                        yield from _names_in(argument)
                elif type(step) is n.Index:
                    yield from _names_in(step.argument)
        case n.Interpolation():
            for statement in node.body.statements:
                if not isinstance(statement, n.Text | n.Reference):
                    raise _Unfit
                yield from _names_in(statement)
        case n.ListLiteral():
            for item in node.items:
                yield from _names_in(item)
        case n.MapLiteral():
            for key, value in node.entries:
                yield from _names_in(key)
                yield from _names_in(value)
        case n.RangeLiteral():
            yield from _names_in(node.first)
            yield from _names_in(node.last)
        case n.Group():
            yield from _names_in(node.inner)
        case n.Not():
            yield from _names_in(node.operand)
        case n.Binary():
            yield from _names_in(node.left)
            yield from _names_in(node.right)
        case _:
            return


def _leaves(block: n.Block) -> bool:
    """Whether a ``#break`` in a block would leave more than a loop of the block's own."""
    for statement in block.statements:
        if type(statement) is n.BreakDirective:
            return True
        if type(statement) is n.IfDirective and any(map(_leaves, statement.bodies)):
            return True
    return False
