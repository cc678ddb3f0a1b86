"""Comments and text blocks: where they end.

What may live here: the states in which Velocity looks at nothing but their end. It does look: what would open another
comment is passed over whole, and a template cannot end where ``$`` or ``#`` came last.
"""

from __future__ import annotations

import re
from typing import Final

from vtlsim.velocity.lexer_states import States
from vtlsim.velocity.tokens import (
    BLOCK_COMMENT,
    BLOCK_COMMENT_END,
    EOF,
    FORMAL_COMMENT,
    FORMAL_COMMENT_STATE,
    LINE_COMMENT,
    LINE_COMMENT_END,
    TEXTBLOCK,
    TEXTBLOCK_STATE,
    LexicalError,
    Token,
)

_FORMAL = "#\\*\\*[^#\U00010000-\U0010ffff]"
"""What would open a formal comment, inside another one: it takes the character after it along, which may be part of the
end that is looked for. A character beyond U+FFFF is two in Java, and no end begins with the second."""
_ENDS: Final = {
    LINE_COMMENT: (LINE_COMMENT_END, _FORMAL + r"|\r\n|\n|\r"),
    BLOCK_COMMENT: (BLOCK_COMMENT_END, _FORMAL + r"|#\*|\*#"),
    FORMAL_COMMENT_STATE: (FORMAL_COMMENT, _FORMAL + r"|#\*|\*#"),
    TEXTBLOCK_STATE: (TEXTBLOCK, _FORMAL + r"|\]\]#"),
}
"""By state: the kind of the token that ends it, and a pattern for that end and for what only looks like it. Compiled
when first used: most templates have no comments, and compiling takes its time."""
_PIECE: Final = rf"(\\*+\$(?:\\*+!)?|#\[\[|{_FORMAL}|#\*|#)|[^\\$#]+|\\+"
"""One piece of a comment: group 1 where Velocity keeps it and goes on, so that a template cannot end there."""


class Comments(States):
    """A lexer that finds the end of comments and text blocks."""

    __slots__ = ()

    def in_comment(self, start: int) -> Token:
        """The end of a comment or of a text block, or the end of the template inside one.

        ``self.at`` is behind what opened it; ``start`` where the token with the opening in it began.
        """
        text, at, state = self.text, self.at, self.state
        kind, pattern = _ENDS[state]
        search = re.compile(pattern).search
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
        match = re.compile(_PIECE).match
        while at < end:
            piece = match(text, at, end)
            assert piece is not None
            at = piece.end()
            if piece.lastindex is None:
                start = at
        return start
