"""Expressions become Python expressions.

What may live here: the code of everything that has a value or a truth; of references, :mod:`references` has it. Every
expression is emitted by :meth:`ExpressionCompiler.expression`: a watched compile wraps what it emits, an unwatched one
contains no trace of tracing.
"""

from __future__ import annotations

import ast
from typing import Final

from vtlsim.velocity import limits
from vtlsim.velocity import nodes as n
from vtlsim.velocity.emission import AND, EQ, IS, IS_NOT, LOAD, NE, NOT, OR
from vtlsim.velocity.printing import PrintingCompiler
from vtlsim.velocity.survey import is_simple

_ARITHMETIC: Final = {"-": "subtract", "*": "multiply", "/": "divide", "%": "modulo"}
_ORDER: Final[dict[str, tuple[str, ast.cmpop]]] = {
    "<": ("less", ast.Lt()),
    ">": ("greater", ast.Gt()),
    "<=": ("less_or_equal", ast.LtE()),
    ">=": ("greater_or_equal", ast.GtE()),
}
_COMPARISONS: Final[dict[str, tuple[str, ast.cmpop]]] = {"==": ("equal", EQ), "!=": ("not_equal", NE), **_ORDER}
_TRUTHS: Final = frozenset({"&&", "||", *_COMPARISONS})
_NEVER_NULL: Final = frozenset(
    {"or_empty", "property_or_empty", "checked", "equal", "not_equal", "make_map", "Block", "PlainBlock"}
)


class ExpressionCompiler(PrintingCompiler):
    """Emits the code of expressions."""

    def string_function(self, node: n.Interpolation) -> str:
        """The name of a function that renders an interpolated string with directives in it."""
        raise NotImplementedError

    def expression(self, node: n.Expression) -> ast.expr:
        """Code for an expression's value: the one door through which every value is emitted."""
        self.place(node.span)
        if self.watched and isinstance(node, n.Reference) and node.computable and not node.runt:
            return self._watched_reference(node)
        value = self._value(node)
        if self.watched:
            self.place(node.span)
            return self.call("watched_value", self.load("rendering"), self.number(node.span), value)
        return value

    def _watched_reference(self, node: n.Reference) -> ast.expr:
        """A reference's value as the dialect sees it, after the watch has seen whether there is one."""
        value = self.chain(node)
        self.place(node.span)
        seen = self.call("watched_value", self.load("rendering"), self.number(node.span), value)
        return self.call("or_empty", seen) if self.dialect.invalid_reference_is_empty else seen

    def _value(self, node: n.Expression) -> ast.expr:
        match node:
            case n.Reference():
                if not node.computable or node.runt:
                    return self.constant(None)
                return self.raw_or_empty(node)
            case n.StringLiteral() | n.IntegerLiteral() | n.FloatLiteral() | n.BooleanLiteral():
                return self._constant_value(node.value)
            case n.Interpolation():
                return self._interpolation(node)
            case n.ListLiteral():
                items = [self.expression(item) for item in node.items]
                self.place(node.span)
                return self.node(ast.List, elts=items, ctx=LOAD)
            case n.MapLiteral():
                return self._map(node)
            case n.RangeLiteral():
                first, last = self.expression(node.first), self.expression(node.last)
                self.place(node.span)
                return self.call("make_range", first, last)
            case n.Group():
                return self._value(node.inner)
            case n.Not():
                return self.node(ast.UnaryOp, op=NOT, operand=self.condition(node.operand))
            case n.Binary():
                return self._binary(node)
            case n.Word():
                return self.constant(None)

    def _constant_value(self, value: object) -> ast.expr:
        if type(value) in (str, int, float, bool):
            return self.constant(value)
        return self.call("big_decimal", self.constant(str(value)))

    def _map(self, node: n.MapLiteral) -> ast.expr:
        keys = [self.expression(key) for key, _ in node.entries]
        values = [self.expression(value) for _, value in node.entries]
        self.place(node.span)
        if all(isinstance(key, n.StringLiteral) for key, _ in node.entries):
            return self.node(ast.Dict, keys=list(keys), values=values)
        pairs = [self.pack([key, value]) for key, value in zip(keys, values, strict=True)]
        return self.call("make_map", self.pack(pairs))

    def _interpolation(self, node: n.Interpolation) -> ast.expr:
        if not (self.batches and is_simple(node)):
            name = self.string_function(node)  # directives inside: a function of its own
            scope = self.load("scope") if self.open else self.constant(None)
            return self.method(self.load("rendering"), "string", scope, self.load(name), self.constant(node.drop_last))
        pieces = list(node.body.statements)
        drop_last = node.drop_last
        tail = pieces[-1] if pieces else None
        if drop_last and isinstance(tail, n.Text) and tail.text:
            # Velocity appends a blank and takes the last character off again: they meet in a trailing text.
            pieces[-1] = n.Text(tail.span, tail.text[:-1])
            drop_last = False
        parts = self.joined(pieces)
        self.place(node.span)
        text: ast.expr = self.node(ast.JoinedStr, values=parts)
        if drop_last:
            upper = self.node(ast.Slice, lower=None, upper=self.constant(-1), step=None)
            text = self.node(ast.Subscript, value=text, slice=upper, ctx=LOAD)
        if not any(isinstance(piece, n.Reference) for piece in pieces):
            return text
        if not self.quick:
            return self.call("checked", text)
        first, held = self.held(text)
        short = self.test(self.call("len", first), ast.LtE(), self.constant(limits.STRING_CHARACTERS))
        return self.choose(short, self.load(held), self.call("too_long"))

    def condition(self, node: n.Expression) -> ast.expr:
        """Code for an expression's truth in ``#if`` and under the logical operators."""
        self.place(node.span)
        match node:
            case n.Reference():
                if node.runt:
                    return self.constant(False)
                if not (self.open or self.survey.has_define) and self.dialect.invalid_reference_is_empty:
                    chain = self.chain(node)  # neither null nor a block can be met: only false is false
                    if isinstance(chain, ast.Compare):
                        return chain
                    return self.test(chain, IS_NOT, self.constant(False))
                value = self._watched_reference(node) if self.watched else self.raw_or_empty(node)
                if isinstance(value, ast.Compare):
                    return value
                return self.call("is_true", value)
            case n.Group():
                return self.condition(node.inner)
            case n.Not() | n.Binary() if isinstance(node, n.Not) or node.operator in _TRUTHS:
                return self.expression(node)
            case n.BooleanLiteral():
                return self.constant(node.value)
            case _:
                return self.constant(False)  # Velocity does not even look at other literals and at arithmetic

    def _binary(self, node: n.Binary) -> ast.expr:
        operator = node.operator
        if operator in ("&&", "||"):
            left, right = self.condition(node.left), self.condition(node.right)
            self.place(node.span)
            return self.node(ast.BoolOp, op=AND if operator == "&&" else OR, values=[left, right])
        quick = self._quick_comparison(node)
        if quick is not None:
            return quick
        left, right = self.expression(node.left), self.expression(node.right)
        self.place(node.span)
        if operator in ("==", "!="):
            return self.call("equal" if operator == "==" else "not_equal", left, right)
        if operator in _ORDER:
            return self.call(_ORDER[operator][0], left, right)
        if operator == "+":
            if isinstance(left, ast.Constant) and type(left.value) is str and isinstance(right, ast.JoinedStr):
                return self.node(ast.BinOp, left=left, op=ast.Add(), right=right)
            literals = (self.constant(self.literal(node.left)), self.constant(self.literal(node.right)))
            return self.call("add", left, right, *literals)
        return self.call(_ARITHMETIC[operator], left, right)

    def _quick_comparison(self, node: n.Binary) -> ast.expr | None:
        """A comparison with a constant text or number, done at once when the other side is of the same type."""
        right, operator = node.right, node.operator
        while isinstance(right, n.Group):
            right = right.inner
        if not self.quick:
            return None
        if isinstance(right, n.IntegerLiteral):
            kind = "int"
        elif isinstance(right, n.StringLiteral) and operator in ("==", "!="):
            kind = "str"
        else:
            return None
        if operator not in _COMPARISONS:
            return None
        slow, comparison = _COMPARISONS[operator]
        left = node.left
        nothing: ast.expr | None = None
        if isinstance(left, n.Reference) and left.computable and not left.runt:
            value = self.chain(left)
            if self.dialect.invalid_reference_is_empty:
                nothing = self.constant("")
        else:
            value = self.expression(left)
        self.place(node.span)
        first, held = self.held(value)
        constant = self.constant(right.value)
        other: ast.expr = self.load(held)
        if nothing is not None:
            other = self.choose(self.test(other, IS, self.constant(None)), nothing, self.load(held))
        quick = self.test(self.load(held), comparison, constant)
        return self.choose(self.is_type(first, kind), quick, self.call(slow, other, constant))

    def literal(self, node: n.Expression) -> str:
        """An expression as typed: what ``+`` puts in the place of a null beside a string."""
        if isinstance(node, (n.Reference, n.Group, n.Not, n.Binary)):
            return node.literal
        return self.source.slice(node.span)


def never_null(value: ast.expr) -> bool:
    """Whether emitted code cannot give None."""
    if isinstance(value, ast.Constant):
        return value.value is not None
    if isinstance(value, ast.IfExp):
        return never_null(value.body) and (never_null(value.orelse) or isinstance(value.orelse, ast.Name))
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in _NEVER_NULL
    return isinstance(value, (ast.List, ast.Dict, ast.JoinedStr, ast.Compare, ast.BoolOp, ast.UnaryOp))
