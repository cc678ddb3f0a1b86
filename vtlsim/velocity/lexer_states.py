"""The lexer's machine: lexical states on a stack, parentheses counted in each.

What may live here: what switches a state, and what all lexing needs: runs of backslashes, and errors.
"""

from __future__ import annotations

import re
from typing import Final

from vtlsim.velocity.tokens import (
    DEFAULT,
    DIRECTIVE,
    REFERENCE,
    SET_DIRECTIVE,
    LexicalError,
    Token,
)

_BACKSLASHES: Final = r"\\*+"
"""Compiled when first used: most templates have none."""


class States:
    """Where in a text the lexer is, and in which state.

    ``state`` is the lexical state, ``in_set`` whether a ``#set`` is open, ``parens`` and ``closed`` the parentheses
    opened and closed in this state: the parser and the lexer change them together. ``irregular`` is the start of the
    last token whose text Velocity writes out other than it was typed.
    """

    __slots__ = ("at", "closed", "in_set", "irregular", "length", "parens", "run_end", "stack", "state", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.length = len(text)
        self.at = 0
        self.state = DEFAULT
        self.stack: list[tuple[int, int, int]] = []
        self.parens = 0
        self.closed = 0
        self.in_set = False
        self.run_end = -1
        self.irregular = -1

    # -- the stack ----------------------------------------------------------------------------------------------------

    def push(self, state: int) -> None:
        """Enter a state, remembering this one. The closed parentheses are not counted anew: so does Velocity."""
        self.stack.append((self.parens, self.closed, self.state))
        self.parens = 0
        self.state = state

    def pop(self) -> bool:
        """Go back to the state before this one, or to text when there is none."""
        if self.stack:
            self.parens, self.closed, self.state = self.stack.pop()
            return True
        self.parens = 0
        self.state = DEFAULT
        return False

    def close_parenthesis(self) -> None:
        """A directive's closing parenthesis: leave the state that opened one, and those above it that opened none."""
        while True:
            if self.parens > 0:
                if self.parens == self.closed + 1:
                    self.pop()
                else:
                    self.closed += 1
                return
            if not self.pop():
                return

    # -- `$` and `#set` -----------------------------------------------------------------------------------------------

    def backslashes_end(self, at: int) -> int:
        """Where the run of backslashes that begins at (or spans) an offset ends."""
        if at >= self.run_end:
            match = re.compile(_BACKSLASHES).match(self.text, at)
            assert match is not None
            if match.end() == at:
                return at
            self.run_end = match.end()
        elif self.text[at] != "\\":
            return at
        return self.run_end

    def dollar(self, at: int) -> int:
        """Take ``$``, or ``$`` with any backslashes and ``!``, and begin a reference. Returns where it goes on."""
        text = self.text
        end = at + 1
        bang = self.backslashes_end(end) if end < self.length else end
        if bang < self.length and text[bang] == "!":
            end = bang + 1
        if self.state == REFERENCE:
            self.pop()
        self.push(REFERENCE)
        return end

    def set_directive(self, start: int, end: int) -> Token:
        """Take ``#set(`` with the white space before it."""
        self.push(DIRECTIVE)
        self.in_set = True
        self.parens += 1
        self.at = end
        return Token(SET_DIRECTIVE, start, end, self.text[start:end])

    # -- errors -------------------------------------------------------------------------------------------------------

    def unexpected(self, at: int) -> LexicalError:
        """The error for a character that begins no token here."""
        return LexicalError(f"{self.text[at]!r} has no meaning here", at, at + 1)

    def more_expected(self, start: int) -> LexicalError:
        """The template ends where Velocity had not made up its mind what ``$`` or ``#`` begins."""
        pending = self.text[start:]
        shown = pending if len(pending) <= 20 else pending[:20] + "..."
        return LexicalError(f"the template ends with '{shown}'", start, self.length, ("text after it",))
