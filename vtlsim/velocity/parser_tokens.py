"""The parser's hands: the present token, the tokens after it, places, and errors.

What may live here: moving over tokens, what a run of them is as text, and turning what is wrong into an error with its
place. Nothing here knows the grammar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.velocity import tokens as t
from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.lexer import Lexer
from vtlsim.velocity.limits import NESTING
from vtlsim.velocity.source import Span
from vtlsim.velocity.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vtlsim.velocity.source import Source


new: Final = tuple.__new__
"""Makes a node of its class and its parts, in half the time that the class's own constructor takes."""

UNREAD: Final = -1
"""In the place of a kind: the present token is taken, and the lexer not asked for the next one."""


class Places:
    """Where an interpolated string's characters stand in the template that it is written in."""

    __slots__ = ("_offsets", "_shift")

    def __init__(self, shift: int, offsets: Sequence[int] | None) -> None:
        self._shift = shift
        self._offsets = offsets

    @property
    def shift(self) -> int | None:
        """How many characters later all of the text stands; None if not all of it moves alike."""
        return self._shift if self._offsets is None else None

    def __call__(self, start: int, end: int) -> Span:
        """The template's span for a span of the string's text, whose end may be the blank that was appended to it."""
        offsets = self._offsets
        if offsets is None:
            return Span(start + self._shift, end + self._shift)
        last = len(offsets) - 1
        return Span(offsets[min(start, last)], offsets[min(end, last)])

    def moved(self, by: int) -> Places:
        """The places for a text that begins so many characters later."""
        if self._offsets is None:
            return Places(self._shift + by, None)
        return Places(0, self._offsets[by:])


class Tokens:
    """The tokens of one text. ``token`` is the present one, not yet taken, and ``kind`` its kind.

    ``span`` makes spans of the template of offsets into the text; ``shift`` is what it adds to them, or None. ``depth`` counts what lies inside one another.
    """

    __slots__ = ("depth", "kind", "lexer", "shift", "source", "span", "token")

    def __init__(self, text: str, source: Source, span: Callable[[int, int], Span], depth: int) -> None:
        self.source = source
        self.span = span
        self.shift = span.shift if isinstance(span, Places) else 0
        self.depth = depth
        self.lexer = Lexer(text)
        self.token = Token(t.EOF, 0, 0, "")
        self.kind = UNREAD

    # -- moving -------------------------------------------------------------------------------------------------------

    def advance(self) -> Token:
        """Take the present token. The lexer is asked for the next one at once: switch its state before."""
        taken = self.token
        token = taken.next
        if token is None:
            token = taken.next = self.lexer.next()
        self.token = token
        self.kind = token.kind
        return taken

    def finish(self) -> Token:
        """Take the last token of a statement. What follows is for the block to read: nothing may fail before that."""
        self.kind = UNREAD
        return self.token

    def after(self, token: Token) -> Token:
        """The token after another, for looking ahead; the lexer is asked for it if need be."""
        found = token.next
        if found is None:
            found = token.next = self.lexer.next()
        return found

    def skip_space(self) -> None:
        """Take white space, where there is any."""
        if self.kind == t.WHITESPACE:
            self.advance()

    def take(self, kind: int, *expected: str) -> Token:
        """Take a token of a kind, or fail with what was expected."""
        if self.kind != kind:
            raise self.unexpected(*expected)
        return self.advance()

    # -- text ---------------------------------------------------------------------------------------------------------

    def literal(self, first: Token, last: Token) -> str:
        """A run of tokens, no comment among them, as Velocity writes it out again."""
        if self.lexer.irregular < first.start:
            if first is last:
                return first.image
            return first.image + self.lexer.text[first.end : last.end]
        return "".join(map(token_literal, run_of(first, last)))

    def literal_since(self, first: Token) -> str:
        """The tokens from one up to the present one, as Velocity writes them out again."""
        if self.lexer.irregular < first.start:
            return self.lexer.text[first.start : self.token.start]
        last = first
        while last.next is not self.token:
            assert last.next is not None
            last = last.next
        return self.literal(first, last)

    # -- errors -------------------------------------------------------------------------------------------------------

    def deeper(self) -> None:
        """One more thing inside another; every use is matched by ``depth -= 1``."""
        self.depth += 1
        if self.depth > NESTING:
            raise self.error(f"more than {NESTING} things lie inside one another", self.token)

    def unexpected(self, *expected: str, token: Token | None = None) -> TemplateSyntaxError:
        """The error for a token (the present one) that cannot stand where it stands."""
        token = token or self.token
        message = "the template ends here" if token.kind == t.EOF else f"{_shown(token)} cannot stand here"
        return self.error(message + self._hint(token), token, *expected)

    def error(self, message: str, token: Token, *expected: str) -> TemplateSyntaxError:
        """An error at a token. The end of the template is where its last character is, as for Velocity."""
        start, end = token.start, token.end
        if token.kind == t.EOF and start:
            start -= 1
        return TemplateSyntaxError(message, self.source, self.span(start, end), expected)

    def lexical(self, problem: t.LexicalError) -> TemplateSyntaxError:
        """The error for text that is no token."""
        span = self.span(problem.start, problem.end)
        return TemplateSyntaxError(problem.message + self._hint(self.token), self.source, span, problem.expected)

    def _hint(self, token: Token) -> str:
        """The best known mistake: a string that ends earlier than it looks."""
        text = self.lexer.text
        if token.kind != t.STRING:
            start = token.start
            if not (text[start - 2 : start] == '\\"' or text[token.end - 2 : token.end] == '\\"'):
                return ""
        elif not token.image.endswith('\\"'):
            return ""
        return '; a backslash does not keep a quotation mark from ending a string: write it twice ("")'


def run_of(first: Token, last: Token) -> Iterator[Token]:
    """The tokens from one to another, both included."""
    yield first
    while first is not last:
        assert first.next is not None
        first = first.next
        yield first


def token_literal(token: Token) -> str:
    """A token as Velocity writes it out again: with what was set aside before it, without a block comment."""
    if token.kind == t.BLOCK_COMMENT_END:
        return ""
    specials = token.specials
    if specials is None or specials[-1].startswith("##"):
        return token.image
    return "".join(map(_special_text, specials)) + token.image


def _special_text(image: str) -> str:
    """What Velocity keeps of a token that it set aside: ``#``, ``$``, and backslashes before ``$``.

    After such backslashes and their ``$`` one more character is passed over, whatever it is.
    """
    kept: list[str] = []
    at, length = 0, len(image)
    while at < length:
        character = image[at]
        if character in "#$":
            kept.append(character)
        elif character == "\\":
            run = at
            while run < length and image[run] == "\\":
                run += 1
            if run < length and image[run] == "$":
                kept.append(image[at : run + 1])
                run += 2
            at = run - 1
        at += 1
    return "".join(kept)


_NAMES: Final = {t.WHITESPACE: "white space", t.STRING: "a string"}


def _shown(token: Token) -> str:
    """A token as an error names it."""
    name = _NAMES.get(token.kind)
    if name is not None:
        return name
    image = token.image.strip()
    return f"'{image[:40]}...'" if len(image) > 40 else f"'{image}'"
