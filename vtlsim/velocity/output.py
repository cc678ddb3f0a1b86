"""Text and references become code that writes them.

What may live here: how pieces of output are joined and written, blocks included. What a reference's text is, is
:mod:`expressions`' business.
"""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, TypeGuard

from vtlsim.velocity import limits
from vtlsim.velocity import nodes as n
from vtlsim.velocity.emission import IS, NOT
from vtlsim.velocity.expressions import ExpressionCompiler
from vtlsim.velocity.source import Span
from vtlsim.velocity.survey import PIECES_AT_ONCE, is_pure

if TYPE_CHECKING:
    from collections.abc import Sequence


def _longest(piece: n.Statement) -> float:
    """Characters that a piece writes at most."""
    if isinstance(piece, n.Text):
        return len(piece.text)
    if isinstance(piece, n.IfDirective):
        return max(sum(map(_longest, body.statements)) for body in piece.bodies)
    return math.inf


class OutputCompiler(ExpressionCompiler):
    """Emits the code that writes output."""

    def flush(self, emitted: list[ast.stmt]) -> None:
        """Puts the functions that the next statement needs before it."""
        emitted.extend(self.frame.pending)
        self.frame.pending.clear()

    def is_block(self, piece: n.Statement) -> bool:
        """Whether a piece is a variable that ``#define`` binds: written on its own, it need not become a string."""
        return isinstance(piece, n.Reference) and not (piece.steps or piece.runt) and piece.name in self.survey.defined

    def is_piece(self, statement: n.Statement) -> TypeGuard[n.IfDirective]:
        """Whether an ``#if`` is a piece of output as a reference is: on one line, and all it does is to choose a text."""
        if not (isinstance(statement, n.IfDirective) and self.batches and self.quick):
            return False
        bodies = statement.bodies
        if len(bodies) > PIECES_AT_ONCE:
            return False
        pieces = [piece for body in bodies for piece in body.statements]
        return (
            len(pieces) <= PIECES_AT_ONCE
            and all(isinstance(piece, n.Text) for piece in pieces)
            and self.on_one_line(statement.span)
        )

    def write_pieces(self, pieces: Sequence[n.Text | n.Reference | n.IfDirective], emitted: list[ast.stmt]) -> None:
        """Adds the code that writes texts and references in a row."""
        self.frame.temporaries = 0
        if self.batches and len(pieces) > 1:
            span = pieces[0].span
            if pieces[-1].span.end > span.start:  # else a block was written out between them
                span = Span(span.start, pieces[-1].span.end)
            direct = self.quick and self.frame.name == "render" and not self.survey.has_define
            if direct and self._is_direct(pieces):
                emitted.extend(self._write_directly(pieces, span))
                return
            if not self.quick:
                parts = self.texts(pieces)
                self.place(span)
                self.flush(emitted)
                emitted.append(self.do(self.call("write", *parts)))
                return
            text = self._text(pieces, span)
            self.flush(emitted)
            short = sum(map(_longest, pieces)) < limits.LONG_PIECE
            emitted.append(self.do(self.call("write", text) if short else self._write(text)))
            return
        at = 0
        while at < len(pieces):
            piece = pieces[at]
            self.place(piece.span)
            self.frame.temporaries = 0
            if isinstance(piece, n.Text):
                if piece.text:
                    emitted.append(self.do(self.write_text(piece)))
            elif isinstance(piece, n.IfDirective):
                made = self._write(self.chosen(piece))
                self.flush(emitted)
                emitted.append(self.do(made))
            elif self.is_block(piece) and not self.open and not piece.escaped:
                emitted.append(self._write_block(piece))
            else:
                made = self._write_reference(piece)
                self.flush(emitted)
                emitted.append(self.do(made))
            at += 1

    def _text(self, pieces: Sequence[n.Text | n.Reference | n.IfDirective], span: Span) -> ast.expr:
        parts = self.joined(pieces)
        self.place(span)
        return self.node(ast.JoinedStr, values=parts)

    def _is_direct(self, pieces: Sequence[n.Statement]) -> bool:
        """Whether pieces read two properties or more and do nothing else, so that it does no harm to do it twice."""
        steps = 0
        for piece in pieces:
            if isinstance(piece, n.Reference):
                if not is_pure(piece) or piece.escaped:
                    return False
                steps += len(piece.steps)
            elif isinstance(piece, n.IfDirective) and not all(
                isinstance(branch.condition, n.Reference) and is_pure(branch.condition) for branch in piece.branches
            ):
                return False
        return steps > 1

    def _write_directly(self, pieces: Sequence[n.Text | n.Reference | n.IfDirective], span: Span) -> list[ast.stmt]:
        """Code that writes pieces as if every value were there and every owner a map, until that fails for the first time
        in a rendering: a lookup that does not ask first takes a third of the time.
        """
        flag = f"direct{len(self.flags)}"
        self.flags.append(flag)
        self.direct = True
        text = self._text(pieces, span)
        self.direct = False
        name = self.temporary()
        failed = self.node(
            ast.ExceptHandler, type=self.load("Missing"), name=None, body=[self.assign(flag, self.constant(False))]
        )
        trying = self.node(ast.Try, body=[self.assign(name, text)], handlers=[failed], orelse=[], finalbody=[])
        made: list[ast.stmt] = [
            self.assign(name, self.constant(None)),
            self.node(ast.If, test=self.load(flag), body=[trying], orelse=[]),
        ]
        text = self._text(pieces, span)
        missing = self.test(self.load(name), IS, self.constant(None))
        made.append(self.node(ast.If, test=missing, body=[self.assign(name, text)], orelse=[]))
        made.append(self.do(self._write(self.load(name))))
        return made

    def _write_block(self, piece: n.Reference) -> ast.stmt:
        """Code that lets a variable write its own output, when it is a block as it should be."""
        value = self.variable(piece.name)
        rendered = self.method(value, "render", self.constant(None), self.load("out"))
        hidden = self.call("write", self.constant(piece.escape_prefix * 2 + piece.more_prefix + piece.null_string))
        failed = self.node(
            ast.If, test=self.node(ast.UnaryOp, op=NOT, operand=rendered), body=[self.do(hidden)], orelse=[]
        )
        otherwise: list[ast.stmt] = [self.do(self._write_reference(piece))]
        return self.node(ast.If, test=self.is_type(value, "PlainBlock"), body=[failed], orelse=otherwise)

    def write_text(self, text: n.Text) -> ast.expr:
        """Code that writes text."""
        if self.watched:
            return self.call(
                "watched_text",
                self.load("rendering"),
                self.load("out"),
                self.number(text.span),
                self.constant(text.text),
            )
        return self.call("write", self.constant(text.text))

    def _write_reference(self, node: n.Reference) -> ast.expr:
        """Code that prints a reference to the current output, a ``#define`` block's text included."""
        if node.runt:
            return self.write_text(n.Text(node.span, node.name))
        if not self.batches or (self.survey.has_define and not node.escaped):
            return self._show(node)
        return self._write(self.printed(node))

    def _write(self, text: ast.expr) -> ast.expr:
        """Code that writes a string which may be long."""
        if not self.quick:
            return self.call("write", text)
        first, held = self.held(text)
        short = self.test(self.call("len", first), ast.Lt(), self.constant(limits.LONG_PIECE))
        long = self.method(self.load("rendering"), "write_long", self.load("out"), self.load(held))
        return self.choose(short, self.call("write", self.load(held)), long)

    def _show(self, node: n.Reference) -> ast.expr:
        """The general way to print: the value may be a block that writes its own output."""
        plain = not (self.watched or node.escaped or node.escape_prefix or node.more_prefix or self.survey.macros)
        value = self.chain(node) if plain or self.watched else self.raw_or_empty(node)
        self.place(node.span)
        scope = self.load("scope") if self.open else self.constant(None)
        if self.watched:
            return self.call(
                "watched_show",
                self.load("rendering"),
                scope,
                self.load("out"),
                value,
                self.constant(node.escaped),
                self.constant(node.escape_prefix),
                self.constant(node.more_prefix),
                self.constant(node.null_string),
                self.constant(self.dialect.invalid_reference_is_empty),
                self.number(node.span),
            )
        if plain:
            first, held = self.held(value)
            show = "show_or_empty" if self.dialect.invalid_reference_is_empty else "show"
            otherwise = self.call(show, scope, self.load("out"), self.load(held), self.constant(node.null_string))
            return self.choose(self.is_type(first, "str"), self._write(self.load(held)), otherwise)
        return self.call(
            "show_prefixed",
            scope,
            self.load("out"),
            value,
            self.constant(node.escaped),
            self.constant(node.escape_prefix),
            self.constant(node.more_prefix),
            self.constant(node.null_string),
        )
