"""Comments and text blocks: where they end.

What may live here: the states in which Velocity looks at nothing but their end. It does look: what would open another
comment is passed over whole, and a template cannot end where ``$`` or ``#`` came last.
"""

from __future__ import annotations

import re

from vtlsim.velocity.lexer_states import States
from vtlsim.velocity.tokens import (
    BLOCK_COMMENT,
    BLOCK_COMMENT_END,
    EOF,
    FORMAL_COMMENT,
    LINE_COMMENT,
    LINE_COMMENT_END,
    TEXTBLOCK,
    TEXTBLOCK_STATE,
    LexicalError,
    Token,
)

_FORMAL = "#\\*\\*[^#\U00010000-\U0010ffff]"
"""What would open a formal comment, inside another comment: with the character after it, half a one in Java where it is
beyond U+FFFF, so that nothing but the bracket is taken."""
_line_comment_stop = re.compile(_FORMAL + r"|\r\n|\n|\r").search
_comment_stop = re.compile(_FORMAL + r"|#\*|\*#").search
_textblock_stop = re.compile(_FORMAL + r"|\]\]#").search
_comment_piece = re.compile(rf"(\\*+\$(?:\\*+!)?|#\[\[|{_FORMAL}|#\*|#)|[^\\$#]+|\\+").match
"""One piece of a comment: group 1 where Velocity keeps it and goes on, so that a template cannot end there."""


class Comments(States):
    """A lexer that finds the end of comments and text blocks."""

    __slots__ = ()

    def in_comment(self, start: int) -> Token:
        """The end of a comment or of a text block, or the end of the template inside one.

        ``self.at`` is behind what opened it; ``start`` where the token with the opening in it began.
        """
        text, at, state = self.text, self.at, self.state
        if state == LINE_COMMENT:
            search, kind = _line_comment_stop, LINE_COMMENT_END
        elif state == TEXTBLOCK_STATE:
            search, kind = _textblock_stop, TEXTBLOCK
        else:
            search = _comment_stop
            kind = BLOCK_COMMENT_END if state == BLOCK_COMMENT else FORMAL_COMMENT
        stop = search(text, at)
        while stop is not None and text[stop.start()] == "#":
            stop = search(text, stop.end())
        if state == TEXTBLOCK_STATE:
            if stop is None:
                raise LexicalError("the text block is not closed", start, at, ("']]#'",))
        else:
            end = self.length if stop is None else stop.start()
            start = self._tail(start, at, end)
            if stop is None:
                if start < end:
                    raise self.more_expected(start)
                self.at = end
                return Token(EOF, end, end, "")
        assert stop is not None
        self.at = stop.end()
        self.pop()
        return Token(kind, start, self.at, text[start : self.at])

    def _tail(self, start: int, at: int, end: int) -> int:
        """Where the token that ends a comment begins: after the last character that Velocity skipped."""
        text = self.text
        if end > at and text[end - 1] not in "$!#*[" and text[end - 4 : end - 1] != "#**":
            return end
        while at < end:
            piece = _comment_piece(text, at, end)
            assert piece is not None
            at = piece.end()
            if piece.lastindex is None:
                start = at
        return start
