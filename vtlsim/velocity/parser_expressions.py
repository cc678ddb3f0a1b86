"""Expressions and references: tokens to nodes.

What may live here: everything that can stand inside a directive's or a method's parentheses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.velocity import tokens as t
from vtlsim.velocity.lexer_arguments import OPERATORS
from vtlsim.velocity.lexer_plain import plain_steps
from vtlsim.velocity.nodes import (
    Binary,
    Call,
    Group,
    Index,
    IntegerLiteral,
    ListLiteral,
    MapLiteral,
    Not,
    Property,
    RangeLiteral,
    StringLiteral,
)
from vtlsim.velocity.parser_literals import LiteralParser
from vtlsim.velocity.parser_references import plain_reference, properties, reference
from vtlsim.velocity.parser_tokens import UNREAD, new
from vtlsim.velocity.source import Span
from vtlsim.velocity.tokens import Token

if TYPE_CHECKING:
    from vtlsim.velocity.nodes import Expression, Reference, Step
_BINARY: Final = {
    t.OR: (1, "||"),
    t.AND: (2, "&&"),
    t.EQUAL: (3, "=="),
    t.NOT_EQUAL: (3, "!="),
    t.LESS: (4, "<"),
    t.GREATER: (4, ">"),
    t.LESS_EQUAL: (4, "<="),
    t.GREATER_EQUAL: (4, ">="),
    t.PLUS: (5, "+"),
    t.MINUS: (5, "-"),
    t.MULTIPLY: (6, "*"),
    t.DIVIDE: (6, "/"),
    t.MODULUS: (6, "%"),
}
"""Operators: how strongly they bind, and their symbol. All of them group from the left."""

PARAMETER: Final = ("a reference", "a string", "a number", "a list", "a map", "true or false")
_OPERAND: Final = (*PARAMETER, "'('", "'!'")
_INDEX: Final = ("a reference", "a string", "a whole number", "true or false")
_RANGE_END: Final = ("a reference", "a whole number")


class ExpressionParser(LiteralParser):
    """A parser that knows expressions.

    The grammar's levels are folded together so that a thing inside another costs two calls: that is what lets the
    bound on nesting be met before Python's on recursion.
    """

    __slots__ = ()

    # -- operators ----------------------------------------------------------------------------------------------------

    def expression(self) -> Expression:
        """One expression, with the white space around it. The token before it may be taken or not."""
        left = self.plain_value() or self.value(operand=True)
        if self.kind == t.RPAREN:
            return left
        found = _BINARY.get(self.kind)
        if found is None:
            return left
        operands = [left]
        # Each open operator: how strongly it binds, its symbol, and the token after it.
        operators: list[tuple[int, str, Token]] = []
        while found is not None:
            strength, symbol = found
            while operators and operators[-1][0] >= strength:
                self._apply(operators, operands)
            operator = self.finish()
            operands.append(self.plain_value() or self.value(operand=True))
            assert operator.next is not None
            operators.append((strength, symbol, operator.next))
            found = _BINARY.get(self.kind)
        while operators:
            self._apply(operators, operands)
        return operands[0]

    def plain_value(self) -> Expression | None:
        """A reference, a number or a string, read at once with what ends it, where it is plain and not lexed yet."""
        before = self.token
        shift = self.shift
        if self.kind != UNREAD or before.next is not None or shift is None:
            return None
        lexer = self.lexer
        at = lexer.at
        match = lexer.plain_value()
        if match is None:
            return None
        typed, bang, name, names, number, single, double, close, sign = match.groups()
        start, end = match.span(1)
        span = new(Span, (start + shift, end + shift))
        found: Expression
        if name is not None:
            steps = properties(names, end - len(names) + shift) if names else ()
            found = plain_reference(span, name, steps, bang == "!", typed)
        elif number is not None:
            found = new(IntegerLiteral, (span, int(number)))
        else:
            found = new(StringLiteral, (span, single if double is None else double))
        if close is None:
            kind, image = OPERATORS[sign], sign
        else:
            kind, image = t.RPAREN, close
        end = lexer.at - len(image)
        before.next = value = Token(t.WORD, at, end, lexer.text[at:end])
        value.next = self.token = Token(kind, end, lexer.at, image)
        self.kind = kind
        return found

    def _apply(self, operators: list[tuple[int, str, Token]], operands: list[Expression]) -> None:
        _, symbol, first = operators.pop()
        right = operands.pop()
        left = operands[-1]
        span = Span(left.span.start, right.span.end)
        operands[-1] = Binary(span, symbol, left, right, self.literal_since(first))

    def value(self, *, operand: bool = False) -> Expression:
        """One value, with the white space around it.

        An ``operand`` may be negated or stand in parentheses; an item of a list or a map and a method's argument may
        not.
        """
        if self.kind == UNREAD:
            self.advance()
        bangs: list[Token] = []
        kind = self.kind
        if kind == t.NOT or kind == t.WHITESPACE:
            while operand and (self.kind == t.NOT or self.kind == t.WHITESPACE) and self.at_not():
                self.skip_space()
                self.deeper()
                bangs.append(self.advance())
            self.skip_space()
            kind = self.kind
        found: Expression
        if kind == t.IDENTIFIER or kind == t.LCURLY:
            found = self.reference()
        elif kind == t.STRING:
            found = self.string()
        elif kind == t.INTEGER:
            found = self.integer()
        elif kind == t.TRUE or kind == t.FALSE:
            found = self.boolean()
        elif kind == t.FLOAT:
            found = self.number()
        elif kind == t.LBRACKET:
            found = self.range_literal() if self.at_range() else self.list_literal()
        elif kind == t.LEFT_CURLEY:
            found = self.map_literal()
        elif kind == t.LPAREN and operand:
            self.deeper()
            start = self.finish()
            inner = self.expression()
            assert start.next is not None
            literal = self.literal_since(start.next)
            close = self.take(t.RPAREN, "an operator", "')'")
            self.depth -= 1
            found = Group(self.span(start.start, close.start + 1), inner, literal)
        else:
            raise self.unexpected(*(_OPERAND if operand else PARAMETER))
        if self.kind == t.WHITESPACE:
            self.advance()
        while bangs:
            bang = bangs.pop()
            self.depth -= 1
            assert bang.next is not None
            span = Span(self.span(bang.start, bang.end).start, found.span.end)
            found = Not(span, found, self.literal_since(bang.next))
        return found

    # -- references ---------------------------------------------------------------------------------------------------

    def reference(self) -> Reference:
        """A reference, with or without curly brackets."""
        first = last = self.token
        if first.kind == t.LCURLY:
            self.advance()
            last = self.token
            if last.kind != t.IDENTIFIER:
                raise self.unexpected("a name")
        found: list[Step] = []
        if last.next is None:
            last = self._plain_steps(last, found)
        self.advance()
        if self.kind == t.INDEX_LBRACKET or self.kind == t.DOT:
            while self.kind == t.INDEX_LBRACKET:
                last = self._index(found)
            while self.kind == t.DOT and self.at_member():
                self.advance()
                last = self._call(found) if self.at_call() else self._property(found)
                while self.kind == t.INDEX_LBRACKET:
                    last = self._index(found)
        if first.kind == t.LCURLY:
            last = self.take(t.RCURLY, "'}'", "'.'", "'['")
        return reference(self, first, last, tuple(found))

    def _plain_steps(self, name: Token, steps: list[Step]) -> Token:
        """Read the properties that follow a name at once. Returns their token, or the name's where there are none."""
        lexer = self.lexer
        if lexer.state > t.REFMODIFIER or self.shift is None:
            return name
        at = lexer.at
        match = plain_steps(lexer.text, at)
        assert match is not None
        end = match.end()
        if end > at:
            image = match.group()
            if ".true" in image or ".false" in image:
                return name
            steps.extend(properties(image, at + self.shift))
            name.next = self.token = name = Token(t.IDENTIFIER, at, end, image)
            lexer.at = end
            lexer.state = t.REFMODIFIER
        if match.lastindex == 2:
            lexer.pop()
        return name

    def _property(self, steps: list[Step]) -> Token:
        name = self.advance()
        steps.append(Property(self.span(name.start - 1, name.end), name.image))
        return name

    def _call(self, steps: list[Step]) -> Token:
        name = self.advance()
        self.advance()
        self.deeper()
        arguments: tuple[Expression, ...] = ()
        if self.kind != t.REFMOD2_RPAREN:
            found = [self.value()]
            while self.kind == t.COMMA:
                self.advance()
                found.append(self.value())
            arguments = tuple(found)
        close = self.take(t.REFMOD2_RPAREN, "','", "')'")
        self.depth -= 1
        steps.append(Call(self.span(name.start - 1, close.end), name.image, arguments))
        return close

    def _index(self, steps: list[Step]) -> Token:
        self.deeper()
        start = self.advance()
        self.skip_space()
        kind = self.kind
        argument: Expression
        if kind == t.STRING:
            argument = self.string()
        elif kind == t.INTEGER:
            argument = self.integer()
        elif kind == t.TRUE or kind == t.FALSE:
            argument = self.boolean()
        elif kind == t.IDENTIFIER or kind == t.LCURLY:
            argument = self.reference()
        else:
            raise self.unexpected(*_INDEX)
        self.skip_space()
        close = self.take(t.INDEX_RBRACKET, "']'")
        self.depth -= 1
        steps.append(Index(self.span(start.start, close.end), argument))
        return close

    # -- collections --------------------------------------------------------------------------------------------------

    def range_literal(self) -> RangeLiteral:
        """``[first..last]``"""
        self.deeper()
        start = self.advance()
        first = self._range_bound()
        self.take(t.DOUBLEDOT, "'..'")
        last = self._range_bound()
        close = self.take(t.RBRACKET, "']'")
        self.depth -= 1
        return RangeLiteral(self.span(start.start, close.end), first, last)

    def _range_bound(self) -> Expression:
        self.skip_space()
        bound: Expression
        if self.kind == t.INTEGER:
            bound = self.integer()
        elif self.kind == t.IDENTIFIER or self.kind == t.LCURLY:
            bound = self.reference()
        else:
            raise self.unexpected(*_RANGE_END)
        self.skip_space()
        return bound

    def list_literal(self) -> ListLiteral:
        """``[a, b]``; white space alone between the brackets is an error."""
        self.deeper()
        start = self.advance()
        items: list[Expression] = []
        if self.kind != t.RBRACKET:
            items.append(self.value())
            while self.kind == t.COMMA:
                self.advance()
                items.append(self.value())
        close = self.take(t.RBRACKET, "','", "']'")
        self.depth -= 1
        return ListLiteral(self.span(start.start, close.end), tuple(items))

    def map_literal(self) -> MapLiteral:
        """``{key : value}``"""
        self.deeper()
        start = self.advance()
        entries: list[tuple[Expression, Expression]] = []
        if self.at_entry():
            while True:
                key = self.value()
                self.take(t.COLON, "':'")
                entries.append((key, self.value()))
                if self.kind != t.COMMA:
                    break
                self.advance()
        else:
            self.skip_space()
        if self.kind != t.RIGHT_CURLEY and self.kind != t.RCURLY:
            raise self.unexpected(*(("','", "'}'") if entries else (*PARAMETER, "'}'")))
        close = self.advance()
        self.depth -= 1
        return MapLiteral(self.span(start.start, close.end), tuple(entries))
