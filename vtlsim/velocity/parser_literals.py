"""Literals: numbers, booleans, and strings with what is written in them undone.

What may live here: the text of one literal token to its value, with Java's rules for what it accepts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.velocity import tokens as t
from vtlsim.velocity.nodes import BooleanLiteral, FloatLiteral, IntegerLiteral, StringLiteral
from vtlsim.velocity.parser_lookahead import LookingAhead
from vtlsim.velocity.parser_tokens import new

if TYPE_CHECKING:
    from vtlsim.velocity.errors import TemplateSyntaxError
    from vtlsim.velocity.nodes import Interpolation
    from vtlsim.velocity.tokens import Token

_HEXADECIMAL: Final = "[+-][0-9A-Fa-f]{3}|[0-9A-Fa-f]{4}"
"""What Java's Integer.parseInt takes for four characters. Compiled when first used: it is rare."""

_DIGITS: Final = 4_000
"""Digits that Python turns into a number in one go."""


class LiteralParser(LookingAhead):
    """A parser that knows literals. What is inside an interpolated string is the business of the class above it."""

    __slots__ = ()

    # -- for the class above ------------------------------------------------------------------------------------------

    def interpolation(self, token: Token, text: str, offsets: list[int] | None) -> Interpolation:
        """The node of a string that holds ``$`` or ``#``.

        ``text`` is what is between its quotation marks, undone. ``offsets`` says where each character of it was typed,
        and last where the string ends; None when nothing had to be undone.
        """
        raise NotImplementedError

    def refuse(self, problem: TemplateSyntaxError) -> None:
        """Note what Velocity finds wrong only after it has parsed the whole text."""
        raise NotImplementedError

    # -- numbers ------------------------------------------------------------------------------------------------------

    def boolean(self) -> BooleanLiteral:
        """``true`` or ``false``"""
        token = self.advance()
        return BooleanLiteral(self.span(token.start, token.end), token.kind == t.TRUE)

    def integer(self) -> IntegerLiteral:
        """A whole number of any size."""
        token = self.advance()
        value = 0 if self._is_no_number(token) else _integer(token.image)
        return new(IntegerLiteral, (self.span(token.start, token.end), value))

    def number(self) -> FloatLiteral:
        """A number with a point or an exponent."""
        token = self.advance()
        value = 0.0 if self._is_no_number(token) else float(token.image)
        return FloatLiteral(self.span(token.start, token.end), value)

    def _is_no_number(self, token: Token) -> bool:
        """Whether the token is one like ``#5``, which is a number for Velocity's parser and for Java none."""
        if token.image[0] in "-.0123456789":
            return False
        self.refuse(self.error(f"'{token.image}' is not a number", token, "a number"))
        return True

    # -- strings ------------------------------------------------------------------------------------------------------

    def string(self) -> StringLiteral | Interpolation:
        r"""A string: ``\uXXXX`` undone between double quotes, doubled quotes between either."""
        token = self.advance()
        image = token.image
        quote = image[0]
        text = image[1:-1]
        offsets: list[int] | None = None
        escaped = quote == '"' and "\\u" in text
        if escaped or quote + quote in text:
            offsets = list(range(token.start + 1, token.end - 1))
            if escaped:
                text, offsets = self._without_escapes(token, text, offsets)
            text, offsets = _without_doubles(text, quote, offsets)
            offsets.append(token.end - 1)
        if quote == '"' and ("$" in image or "#" in image):
            return self.interpolation(token, text, offsets)
        return new(StringLiteral, (self.span(token.start, token.end), text))

    def _without_escapes(self, token: Token, text: str, offsets: list[int]) -> tuple[str, list[int]]:
        r"""The text with ``\uXXXX`` undone, two of which may be one character."""
        characters: list[str] = []
        kept: list[int] = []
        at = 0
        while (found := text.find("\\u", at)) >= 0:
            characters += text[at:found]
            kept += offsets[at:found]
            code = re.compile(_HEXADECIMAL).match(text, found + 2)
            if code is None:
                start = offsets[found]
                odd = t.Token(t.STRING, start, min(start + 6, token.end), "")
                self.refuse(self.error("'\\u' needs four hexadecimal digits", odd, "four hexadecimal digits"))
                return "", []
            unit = int(code.group(), 16) & 0xFFFF
            if 0xDC00 <= unit <= 0xDFFF and characters and "\ud800" <= characters[-1] <= "\udbff":
                characters[-1] = chr(0x10000 + ((ord(characters[-1]) - 0xD800) << 10) + unit - 0xDC00)
            else:
                characters.append(chr(unit))
                kept.append(offsets[found])
            at = found + 6
        characters += text[at:]
        kept += offsets[at:]
        return "".join(characters), kept


def _without_doubles(text: str, quote: str, offsets: list[int]) -> tuple[str, list[int]]:
    """The text with each doubled quotation mark made one."""
    kept: list[int] = []
    at = 0
    while (found := text.find(quote + quote, at)) >= 0:
        kept += offsets[at : found + 1]
        at = found + 2
    if not at:
        return text, offsets
    kept += offsets[at:]
    return text.replace(quote + quote, quote), kept


def _integer(image: str) -> int:
    """A whole number, however long: Python's own bound on digits is not Java's."""
    if len(image) <= _DIGITS:
        return int(image)
    if image[0] == "-":
        return -_integer(image[1:])
    half = len(image) // 2
    scale: int = 10**half
    return _integer(image[:-half]) * scale + _integer(image[-half:])
