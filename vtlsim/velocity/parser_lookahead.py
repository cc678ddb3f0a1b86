"""Looking ahead: what Velocity's parser tries out before it decides.

What may live here: functions from a token to the token after what they recognise, or to None. Only one decision needs
more than three tokens: whether ``[`` begins a range. What was tried is remembered, so that trying costs linear time
however things lie inside one another (Velocity's own looking ahead does not).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.velocity import tokens as t
from vtlsim.velocity.parser_tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.velocity.source import Source, Span
    from vtlsim.velocity.tokens import Token

_PARAMETER_STARTS: Final = frozenset(
    {t.STRING, t.INTEGER, t.LBRACKET, t.LEFT_CURLEY, t.TRUE, t.FALSE, t.IDENTIFIER, t.LCURLY, t.FLOAT}
)
_METHOD_THIRDS: Final = _PARAMETER_STARTS | {t.WHITESPACE, t.REFMOD2_RPAREN}
_MAP_SECONDS: Final = _PARAMETER_STARTS | {t.WHITESPACE, t.RIGHT_CURLEY, t.RCURLY}
_ARRAY_SECONDS: Final = _PARAMETER_STARTS | {t.WHITESPACE, t.RBRACKET}
_ARGUMENT_STARTS: Final = _PARAMETER_STARTS | {t.WORD}
_PRIMARY_STARTS: Final = _PARAMETER_STARTS | {t.LPAREN, t.WHITESPACE, t.NOT}
_CONSTANTS: Final = frozenset({t.STRING, t.INTEGER, t.TRUE, t.FALSE})


class LookingAhead(Tokens):
    """Tokens that can be tried out."""

    __slots__ = ("_tried_parameters", "_tried_references")

    def __init__(self, text: str, source: Source, span: Callable[[int, int], Span], depth: int) -> None:
        super().__init__(text, source, span, depth)
        self._tried_parameters: dict[Token, Token | None] = {}
        self._tried_references: dict[Token, Token | None] = {}

    # -- two or three tokens ------------------------------------------------------------------------------------------

    def at_reference(self) -> bool:
        """Whether a reference begins here: a name, or a curly bracket and a name."""
        if self.kind == t.IDENTIFIER:
            return True
        return self.kind == t.LCURLY and self.after(self.token).kind == t.IDENTIFIER

    def at_member(self) -> bool:
        """Whether the reference goes on with a dot and a name."""
        return self.kind == t.DOT and self.after(self.token).kind == t.IDENTIFIER

    def at_call(self) -> bool:
        """Whether the name here is a method's: a parenthesis follows, and something that can begin an argument."""
        second = self.after(self.token)
        return second.kind == t.LPAREN and self.after(second).kind in _METHOD_THIRDS

    def at_not(self) -> bool:
        """Whether a negation begins here, and something that it can negate."""
        if self.kind == t.WHITESPACE:
            return self.after(self.token).kind == t.NOT
        return self.kind == t.NOT and self.after(self.token).kind in _PRIMARY_STARTS

    def at_entry(self) -> bool:
        """Whether a map's first entry begins here, as far as two tokens tell."""
        if self.kind == t.WHITESPACE:
            return self.after(self.token).kind in _PARAMETER_STARTS
        if self.kind not in _PARAMETER_STARTS:
            return False
        second = self.after(self.token).kind
        match self.kind:
            case t.IDENTIFIER:
                return second in (t.INDEX_LBRACKET, t.DOT, t.WHITESPACE, t.COLON)
            case t.LCURLY:
                return second == t.IDENTIFIER
            case t.LEFT_CURLEY:
                return second in _MAP_SECONDS
            case t.LBRACKET:
                return second in _ARRAY_SECONDS
            case _:
                return second in (t.WHITESPACE, t.COLON)

    def at_argument(self) -> bool:
        """Whether a directive's next argument begins here, behind white space or a comma, as far as two tokens tell."""
        kind = self.kind
        if kind == t.WHITESPACE:
            second = self.after(self.token).kind
            return second == t.COMMA or second in _ARGUMENT_STARTS
        if kind == t.COMMA:
            second = self.after(self.token).kind
            return second == t.WHITESPACE or second in _ARGUMENT_STARTS
        if kind == t.LCURLY:
            return self.after(self.token).kind == t.IDENTIFIER
        if kind == t.LEFT_CURLEY:
            return self.after(self.token).kind in _MAP_SECONDS
        if kind == t.LBRACKET:
            return self.after(self.token).kind in _ARRAY_SECONDS
        return kind in _ARGUMENT_STARTS

    # -- any number of tokens -----------------------------------------------------------------------------------------

    def at_range(self) -> bool:
        """Whether a range begins here: ``[``, a reference or an integer, and two dots."""
        if self.kind != t.LBRACKET:
            return False
        end = self._range_end(self.after(self.token))
        return end is not None and end.kind == t.DOUBLEDOT

    def _space(self, token: Token) -> Token:
        return self.after(token) if token.kind == t.WHITESPACE else token

    def _range_end(self, token: Token) -> Token | None:
        """Past one end of a range, with the white space around it."""
        token = self._space(token)
        end = self.after(token) if token.kind == t.INTEGER else self._reference(token)
        return None if end is None else self._space(end)

    def _reference(self, token: Token) -> Token | None:
        """Past a reference, with as many of its brackets, properties and methods as are whole."""
        start = token
        if start.kind != t.IDENTIFIER and start.kind != t.LCURLY:
            return None
        if start in self._tried_references:
            return self._tried_references[start]
        self.deeper()
        token = self.after(token)
        if start.kind == t.LCURLY:
            if token.kind != t.IDENTIFIER:
                self.depth -= 1
                return None
            token = self.after(token)
        while True:
            if token.kind == t.INDEX_LBRACKET:
                inner = self._space(self.after(token))
                close = self.after(inner) if inner.kind in _CONSTANTS else self._reference(inner)
                if close is None or (close := self._space(close)).kind != t.INDEX_RBRACKET:
                    break
                token = self.after(close)
            elif token.kind == t.DOT:
                name = self.after(token)
                if name.kind != t.IDENTIFIER:
                    break
                token = self.after(name)
                if token.kind == t.LPAREN:
                    close = self._list(self.after(token))
                    if close.kind == t.REFMOD2_RPAREN:
                        token = self.after(close)
            else:
                break
        end: Token | None = token
        if start.kind == t.LCURLY:
            end = self.after(token) if token.kind == t.RCURLY else None
        self.depth -= 1
        self._tried_references[start] = end
        return end

    def _list(self, token: Token) -> Token:
        """Past parameters between commas: as far as they go."""
        end = self._parameter(token)
        while end is not None:
            token = end
            end = self._parameter(self.after(token)) if token.kind == t.COMMA else None
        return token

    def _parameter(self, token: Token) -> Token | None:
        """Past one parameter, with the white space around it."""
        start = token
        if start in self._tried_parameters:
            return self._tried_parameters[start]
        token = self._space(token)
        kind = token.kind
        end: Token | None
        if kind in _CONSTANTS or kind == t.FLOAT:
            end = self.after(token)
        elif kind == t.LBRACKET:
            self.deeper()
            inner = self.after(token)
            end = self._range_end(inner)
            if end is not None:
                end = self._range_end(self.after(end)) if end.kind == t.DOUBLEDOT else None
            if end is None or end.kind != t.RBRACKET:
                end = self._list(inner)
            end = self.after(end) if end.kind == t.RBRACKET else None
            self.depth -= 1
        elif kind == t.LEFT_CURLEY:
            self.deeper()
            end = self._entries(self.after(token))
            end = self.after(end) if end.kind == t.RIGHT_CURLEY or end.kind == t.RCURLY else None
            self.depth -= 1
        else:
            end = self._reference(token)
        if end is not None:
            end = self._space(end)
        self._tried_parameters[start] = end
        return end

    def _entries(self, token: Token) -> Token:
        """Past a map's entries, or the white space of an empty one: as far as they go."""
        end: Token | None = token
        past = self._space(token)
        while end is not None:
            key = self._parameter(end)
            value = self._parameter(self.after(key)) if key is not None and key.kind == t.COLON else None
            if value is None:
                break
            past = value
            end = self.after(value) if value.kind == t.COMMA else None
        return past
