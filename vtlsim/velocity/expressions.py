"""References and expressions become Python expressions.

What may live here: the code of everything that has a value or a truth, and of the text that a reference prints. Every
expression is emitted by :meth:`ExpressionCompiler.expression`: a watched compile wraps what it emits, an unwatched one
contains no trace of tracing.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, TypeGuard

from vtlsim.velocity import limits
from vtlsim.velocity import nodes as n
from vtlsim.velocity.emission import AND, EQ, IS, IS_NOT, LOAD, NE, NOT, OR, Emitter
from vtlsim.velocity.java.everyday import META
from vtlsim.velocity.source import Span
from vtlsim.velocity.survey import is_pure, is_scope_property, is_simple

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_REPLACES: Final = frozenset({"replace", "replaceAll"})
_SHORT_INT: Final = 10**18
_CLASS: Final = frozenset({"class", "Class"})
"""Properties that every object has, maps included, before a map's own keys: ``getClass()``."""


class ExpressionCompiler(Emitter):
    """Emits the code of references and expressions."""

    def string_function(self, node: n.Interpolation) -> str:
        """The name of a function that renders an interpolated string with directives in it."""
        raise NotImplementedError

    # -- printing -----------------------------------------------------------------------------------------------------

    def printed(self, node: n.Reference, *, formatted: bool = False) -> ast.expr:
        """Code for the text that a reference prints, where no value can be a block. Inside a format string, which is
        ``formatted``, it may be an integer instead: the format string writes that just so.
        """
        if node.runt:
            return self.constant(node.name)
        empty = self.dialect.invalid_reference_is_empty
        if node.escaped:
            shown = self.constant(node.escape_prefix + node.null_string)
            if empty and is_pure(node):
                return shown  # it always has a value here, and finding it changes nothing
            hidden = shown if empty else self.constant(node.escape_prefix + "\\" + node.null_string)
            return self.choose(self.test(self.chain(node), IS, self.constant(None)), hidden, shown)
        prefix = node.escape_prefix + node.more_prefix
        if not (self.quick or prefix or self.survey.has_define):
            if empty and self._ends_in_property(node):
                return self._property("property_text", node)
            value = self.chain(node)
            self.place(node.span)
            if empty:
                return self.call("text_or_empty", value)
            return self.call("text_or", value, self.constant(""), self.constant(node.null_string))
        first, held = self.held(self.chain(node))
        self.place(node.span)
        if self.survey.has_define:
            # A block's prefixes are lost, and one too deep inside itself prints as a null does.
            literal = self.constant(node.escape_prefix + prefix + node.null_string)
            null = self.constant(prefix) if empty else literal
            return self.choose(
                self.is_type(first, "str"),
                self._prefixed(prefix, self.load(held)),
                self.call("block_text", self.load(held), self.constant(prefix), null, literal),
            )
        if not prefix and formatted:
            plain = self.node(
                ast.BoolOp, op=OR, values=[self.is_type(first, "str"), self._is_short_int(self.load(held))]
            )
            other = "text_or_empty" if empty else "text_or"
            more = () if empty else (self.constant(""), self.constant(node.null_string))
            return self.choose(plain, self.load(held), self.call(other, self.load(held), *more))
        if empty:
            otherwise = self.call("text_or_empty", self.load(held))
        else:
            null = self.constant(node.escape_prefix + prefix + node.null_string)
            otherwise = self.call("text_or", self.load(held), self.constant(prefix), null)
        if not prefix:
            return self.choose(self.is_type(first, "str"), self.load(held), otherwise)
        if not empty:
            return self.call("text_or", first, self.constant(prefix), null)
        return self._prefixed(prefix, self.call("text_or_empty", first))

    def _ends_in_property(self, node: n.Reference) -> bool:
        """Whether what the last step of a reference gives and what becomes of it can be one call: at the same place, and
        not ``class``.
        """
        if not node.steps or node.name == "foreach":
            return False
        last = node.steps[-1]
        return type(last) is n.Property and last.name not in _CLASS and last.span.end == node.span.end

    def _property(self, function: str, node: n.Reference) -> ast.expr:
        """Code for what a function makes of a reference's last property."""
        owner = self.variable(node.name)
        for step in node.steps[:-1]:
            owner = self.step(owner, step, node.span.start)
        self.place(node.span)
        return self.call(function, owner, self.constant(node.steps[-1].name))  # type: ignore[union-attr] # a Property

    def _is_short_int(self, value: ast.expr) -> ast.expr:
        """Whether a value is an integer that Python prints, however many digits it lets itself print."""
        bound = self.constant(_SHORT_INT)
        near = self.node(
            ast.Compare, left=self.constant(-_SHORT_INT), ops=[ast.Lt(), ast.Lt()], comparators=[value, bound]
        )
        return self.node(ast.BoolOp, op=AND, values=[self.is_type(value, "int"), near])

    def _prefixed(self, prefix: str, text: ast.expr) -> ast.expr:
        return self.node(ast.BinOp, left=self.constant(prefix), op=ast.Add(), right=text) if prefix else text

    def joined(self, pieces: Sequence[n.Statement]) -> list[ast.expr]:
        """The parts of a format string that is the text of these texts and references."""
        parts = self.texts(pieces, formatted=self.quick)
        for at, part in enumerate(parts):
            if not isinstance(part, ast.Constant):
                made = ast.FormattedValue(value=part, conversion=-1, format_spec=None)
                parts[at] = ast.copy_location(made, part)
        return parts

    def texts(self, pieces: Sequence[n.Statement], *, formatted: bool = False) -> list[ast.expr]:
        """The texts of these texts and references, one by one; inside a format string some may be integers."""
        parts: list[ast.expr] = []
        for piece in pieces:
            self.place(piece.span)
            if isinstance(piece, n.Text):
                last = parts[-1] if parts else None
                if isinstance(last, ast.Constant) and isinstance(last.value, str):
                    last.value += piece.text
                elif piece.text:
                    parts.append(self.constant(piece.text))
            elif isinstance(piece, n.Reference):
                parts.append(self.printed(piece, formatted=formatted))
            elif isinstance(piece, n.IfDirective):
                parts.append(self.chosen(piece))
        return parts

    def chosen(self, node: n.IfDirective) -> ast.expr:
        """Code for the text that an ``#if`` chooses, all of whose branches are texts."""

        def written(block: n.Block | None) -> ast.expr:
            texts = [piece.text for piece in block.statements if isinstance(piece, n.Text)] if block is not None else []
            return self.constant("".join(texts))

        made = written(node.otherwise)
        for branch in reversed(node.branches):
            made = self.choose(self.condition(branch.condition), written(branch.body), made)
            self.place(node.span)
        return made

    # -- references ---------------------------------------------------------------------------------------------------

    def variable(self, name: str) -> ast.expr:
        """A variable's value, None where there is none."""
        if self.open:
            return self.call("get", self.constant(name))
        return self.load(f"${name}")

    def chain(self, node: n.Reference) -> ast.expr:
        """A reference's value, None where it has none."""
        if node.name == "foreach" and not self.open and not self.survey.foreach_object and is_scope_property(node):
            return self._loop_property(node.steps[0])
        value = self.variable(node.name)
        for step in node.steps:
            value = self.step(value, step, node.span.start)
        return value

    def _loop_property(self, step: n.Step) -> ast.expr:
        """``$foreach.index`` and its like from the loop's locals, without the object."""
        loop = self.frame.loops[-1]
        self.place(step.span)
        index, last = self.load(loop.index), self.load(loop.last)
        name = "" if isinstance(step, n.Index) else step.name
        if name == "index":
            return index
        if name == "count":
            return self.node(ast.BinOp, left=index, op=ast.Add(), right=self.constant(1))
        if name == "first":
            return self.test(index, EQ, self.constant(0))
        return self.test(index, ast.Lt() if name == "hasNext" else ast.GtE(), last)

    def step(self, owner: ast.expr, step: n.Step, start: int) -> ast.expr:
        """A step from a value that may be None to the next, in a reference that starts at ``start``: an error in it is
        told of the reference up to there.
        """
        place = Span(start, step.span.end)
        self.place(place)
        if isinstance(step, n.Property):
            name = self.constant(step.name)
            if step.name in _CLASS:
                return self.call("get_class", owner, name)
            if not self.quick:
                return self.call("get_property", owner, name)
            if self.direct:
                return self.node(ast.Subscript, value=owner, slice=name, ctx=LOAD)
            first, held = self.held(owner)
            quick = self.method(self.load(held), "get", name)
            return self.choose(self.is_type(first, "dict"), quick, self.call("get_property", self.load(held), name))
        if isinstance(step, n.Index):
            arguments: list[ast.expr] = [self.expression(step.argument)]
            pure = is_pure(step.argument)
            self.place(place)
            if pure:
                return self._item(owner, arguments[0])
            first, held = self.held(owner)
            made = self.call("get_index", self.load(held), arguments[0])
        else:
            arguments = [self.expression(argument) for argument in step.arguments]
            pure = all(is_pure(argument) for argument in step.arguments)
            self.place(place)
            function = "call" if len(arguments) > 2 else f"call{len(arguments)}"
            key = self.constant((step.name, len(arguments)))
            if self.quick and self._is_fixed(owner):
                # A method of a null is called too, and the arguments are evaluated: nobody can tell, they are pure.
                if pure:
                    return self.node(ast.Call, func=self.load(self._bound(owner, step)), args=arguments, keywords=[])
                method = self.node(ast.Call, func=self.load(self._bound(owner, step)), args=arguments, keywords=[])
                absent = self.test(owner, IS, self.constant(None))
                return self.choose(absent, self.constant(None), method)
            if (
                self.quick
                and step.name == "get"
                and len(arguments) == 1
                and isinstance(step.arguments[0], n.Reference)
                and pure
            ):
                return self._map_get(owner, key, arguments[0])
            if pure:
                at_once = self._at_once(step, owner, key, arguments) if self.quick else None
                return at_once or self.call(function, owner, key, *arguments)
            first, held = self.held(owner)
            made = self.call(function, self.load(held), key, *arguments)
        # Java stops at the first null: what comes after it, arguments included, is not evaluated.
        return self.choose(self.test(first, IS, self.constant(None)), self.constant(None), made)

    def _item(self, owner: ast.expr, index: ast.expr) -> ast.expr:
        """``owner[index]``, at once where the index is a number and the owner a JSON array or one that was split."""
        if not (self.quick and isinstance(index, ast.Constant) and type(index.value) is int and index.value >= 0):
            return self.call("get_index", owner, index)
        first, held = self.held(owner)
        kind = self.temporary()
        found = self.node(ast.NamedExpr, target=self.store(kind), value=self.call("type", first))
        array = self.test(found, IS, self.load("JavaArray"))
        json = self.test(self.load(kind), IS, self.load("JSONArray"))
        there = self.test(self.call("len", self.load(held)), ast.Gt(), index)
        plain = self.node(ast.BoolOp, op=AND, values=[self.node(ast.BoolOp, op=OR, values=[array, json]), there])
        item = self.node(ast.Subscript, value=self.load(held), slice=index, ctx=LOAD)
        return self.choose(plain, item, self.call("get_index", self.load(held), index))

    def _at_once(self, step: n.Call, owner: ast.expr, key: ast.expr, arguments: list[ast.expr]) -> ast.expr | None:
        """A string's method with constant arguments, as Python does it; None where there is nothing better than the way
        of all calls.
        """
        given: list[str] = []
        for argument in arguments:
            if not (isinstance(argument, ast.Constant) and type(argument.value) is str):
                return None
            given.append(argument.value)
        if step.name == "split" and len(given) == 1 and given[0] and META.isdisjoint(given[0]):
            return self.call("split", owner, arguments[0])
        if step.name not in _REPLACES or len(given) != 2 or not given[0] or not "".join(given).isascii():
            return None
        old, new = given
        if step.name == "replaceAll" and not (META.isdisjoint(old) and "\\" not in new and "$" not in new):
            return None
        first, held = self.held(owner)
        short = self.test(
            self.call("len", self.load(held)), ast.Lt(), self.constant(limits.STRING_CHARACTERS // (len(new) + 1))
        )
        ascii_only = self.method(self.load(held), "isascii")
        plain = self.node(ast.BoolOp, op=AND, values=[self.is_type(first, "str"), ascii_only, short])
        done = self.method(self.load(held), "replace", *arguments)
        return self.choose(plain, done, self.call("call2", self.load(held), key, *arguments))

    def _map_get(self, owner: ast.expr, key: ast.expr, argument: ast.expr) -> ast.expr:
        """``.get(name)``, at once where it is a map's and the name is a string."""
        first, held = self.held(owner)
        named, name = self.held(argument)
        found = self.method(self.load(held), "get", self.load(name))
        other = self.call("call1", self.load(held), key, self.load(name))
        quick = self.choose(self.is_type(named, "str"), found, other)
        return self.choose(self.is_type(first, "dict"), quick, self.call("call1", self.load(held), key, argument))

    def _is_fixed(self, owner: ast.expr) -> TypeGuard[ast.Name]:
        """Whether code is a variable, a local, that the template never sets: what it holds was handed to it."""
        return isinstance(owner, ast.Name) and owner.id[:1] == "$" and owner.id[1:] not in self.survey.changing

    def _bound(self, owner: ast.Name, step: n.Call) -> str:
        """The local that holds a method of such a variable."""
        key = (owner.id[1:], (step.name, len(step.arguments)))
        return self.bound.setdefault(key, f"method{len(self.bound)}")

    def _raw_or_empty(self, node: n.Reference) -> ast.expr:
        """A reference's value as the dialect sees it: ``""`` or None where it has none."""
        if self.dialect.invalid_reference_is_empty and not self.quick and self._ends_in_property(node):
            return self._property("property_or_empty", node)
        value = self.chain(node)
        self.place(node.span)
        if not self.dialect.invalid_reference_is_empty:
            return value
        if isinstance(value, (ast.Compare, ast.BinOp)):
            return value
        if not self.quick and not isinstance(value, ast.Name):
            return self.call("or_empty", value)
        first, held = self.held(value)
        return self.choose(self.test(first, IS, self.constant(None)), self.constant(""), self.load(held))

    # -- expressions --------------------------------------------------------------------------------------------------

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
                return self._raw_or_empty(node)
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
                value = self._watched_reference(node) if self.watched else self._raw_or_empty(node)
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
