"""What the lexer makes of text: tokens, their kinds, and the states in which they are found.

What may live here: names and the token itself. How text becomes tokens is the lexer's business.
"""

from __future__ import annotations

from typing import Final

# -- lexical states ---------------------------------------------------------------------------------------------------

REFERENCE: Final = 0
"""After ``$name``: what continues a reference and what ends it."""
REFMODIFIER: Final = 1
"""After ``$name.``: a property or a method's name."""
REFMOD2: Final = 2
"""Inside a method's parentheses."""
REFINDEX: Final = 3
"""Inside a reference's brackets."""
DIRECTIVE: Final = 4
"""Inside a directive's parentheses."""
PRE_DIRECTIVE: Final = 5
"""After ``#``."""
DEFAULT: Final = 6
"""Text."""
LINE_COMMENT: Final = 7
BLOCK_COMMENT: Final = 8
FORMAL_COMMENT_STATE: Final = 9
TEXTBLOCK_STATE: Final = 10

# -- kinds of token ---------------------------------------------------------------------------------------------------

EOF: Final = 0
INDEX_LBRACKET: Final = 1
INDEX_RBRACKET: Final = 2
LBRACKET: Final = 3
RBRACKET: Final = 4
COMMA: Final = 5
DOUBLEDOT: Final = 6
COLON: Final = 7
LEFT_CURLEY: Final = 8
RIGHT_CURLEY: Final = 9
LPAREN: Final = 10
RPAREN: Final = 11
REFMOD2_RPAREN: Final = 12
ESCAPE_DIRECTIVE: Final = 13
SET_DIRECTIVE: Final = 14
COMMENT_START: Final = 15
DOUBLE_ESCAPE: Final = 16
ESCAPE: Final = 17
TEXT: Final = 18
LINE_COMMENT_END: Final = 19
FORMAL_COMMENT: Final = 20
BLOCK_COMMENT_END: Final = 21
TEXTBLOCK: Final = 22
WHITESPACE: Final = 23
STRING: Final = 24
TRUE: Final = 25
FALSE: Final = 26
MINUS: Final = 27
PLUS: Final = 28
MULTIPLY: Final = 29
DIVIDE: Final = 30
MODULUS: Final = 31
AND: Final = 32
OR: Final = 33
LESS: Final = 34
LESS_EQUAL: Final = 35
GREATER: Final = 36
GREATER_EQUAL: Final = 37
EQUAL: Final = 38
NOT_EQUAL: Final = 39
NOT: Final = 40
ASSIGN: Final = 41
END: Final = 42
IF: Final = 43
ELSEIF: Final = 44
ELSE: Final = 45
INTEGER: Final = 46
FLOAT: Final = 47
WORD: Final = 48
BRACKETED_WORD: Final = 49
IDENTIFIER: Final = 50
DOT: Final = 51
LCURLY: Final = 52
RCURLY: Final = 53
EMPTY_INDEX: Final = 54


class LexicalError(Exception):
    """No token of the present state begins here, or one does not end. Offsets are into the text that was lexed."""

    def __init__(self, message: str, start: int, end: int, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.expected = expected


class Token:
    """One token.

    ``image`` is its text from ``start`` to ``end``, prefixes from other states included (``#$x``); the parser shortens
    it where Velocity does. ``specials`` holds the images of tokens before it that Velocity set aside, oldest first, if
    any of them is longer than the character that it gave back; ``lead`` is where those began. ``next`` is the token
    after it, once it has been asked for.
    """

    __slots__ = ("end", "image", "kind", "lead", "next", "specials", "start")

    def __init__(self, kind: int, start: int, end: int, image: str) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.image = image
        self.lead = start
        self.next: Token | None = None
        self.specials: list[str] | None = None
