"""The text that references print becomes Python expressions.

What may live here: the code of a reference's text, and of texts and references in a row as one string. Writing it to the
output is :mod:`output`'s business.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from vtlsim.velocity import nodes as n
from vtlsim.velocity.emission import AND, IS, OR
from vtlsim.velocity.references import ReferenceCompiler
from vtlsim.velocity.runtime import SHORT_INT
from vtlsim.velocity.survey import is_pure

if TYPE_CHECKING:
    from collections.abc import Sequence


class PrintingCompiler(ReferenceCompiler):
    """Emits the code of texts."""

    def condition(self, node: n.Expression) -> ast.expr:
        """Code for an expression's truth in ``#if`` and under the logical operators."""
        raise NotImplementedError

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
            if empty and self.ends_in_property(node):
                return self.last_property("property_text", node)
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
            if self.direct:
                null = self.constant("" if empty else node.null_string)
                return self.choose(plain, self.load(held), self.call("scalar_text", self.load(held), null))
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

    def _is_short_int(self, value: ast.expr) -> ast.expr:
        """Whether a value is an integer that Python prints, however many digits it lets itself print."""
        bound = self.constant(SHORT_INT)
        near = self.node(
            ast.Compare, left=self.constant(-SHORT_INT), ops=[ast.Lt(), ast.Lt()], comparators=[value, bound]
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
