"""A template's text to tokens, as Velocity 1.7's token manager cuts it.

What may live here: which token begins where, in each lexical state. A token may begin in one state and end in another;
a character may end a token and be lexed again in the state below. All of Velocity's oddities are kept, because they
decide what prints.

Everything is linear in the text: where looking ahead could run far (backslashes), its end is remembered.
"""

from __future__ import annotations

import re
from typing import Final

from vtlsim.velocity.lexer_arguments import (
    BOOLEANS,
    BRACKETED,
    DIRECTIVES,
    NAME,
    WORD_PATTERN,
    Arguments,
    match_line_end,
    match_name,
    match_set,
    match_word,
)
from vtlsim.velocity.lexer_plain import plain_head, plain_value
from vtlsim.velocity.tokens import (
    BLOCK_COMMENT,
    COMMENT_START,
    DEFAULT,
    DIRECTIVE,
    DOUBLE_ESCAPE,
    ELSE,
    EMPTY_INDEX,
    END,
    EOF,
    ESCAPE,
    ESCAPE_DIRECTIVE,
    FORMAL_COMMENT_STATE,
    IDENTIFIER,
    LCURLY,
    LINE_COMMENT,
    LPAREN,
    PRE_DIRECTIVE,
    REFERENCE,
    REFINDEX,
    REFMOD2,
    REFMODIFIER,
    TEXT,
    TEXTBLOCK_STATE,
    WORD,
    Token,
)

_text = re.compile(r"[^$#\\]+").match
_reference_start = re.compile(r"\$!?(?:\{|" + NAME + ")").match
_ANY_WORD: Final = WORD_PATTERN + "|" + BRACKETED
"""A directive's name behind a backslash. Compiled when first used: it is rare."""

_LINE_COMMENT_STATES: Final = frozenset({DEFAULT, PRE_DIRECTIVE, DIRECTIVE, REFERENCE})


class Lexer(Arguments):
    """Velocity's token manager over one text: asked for a token at a time, because the parser switches its state."""

    __slots__ = ()

    def left_parenthesis_follows(self) -> bool:
        """Whether the text goes on with ``(`` after any white space."""
        text, at, length = self.text, self.at, self.length
        while at < length and text[at] in " \n\r\t":
            at += 1
        return at < length and text[at] == "("

    def next(self) -> Token:
        """The next token. Raises LexicalError."""
        text = self.text
        at = self.at
        state = self.state
        if state == DIRECTIVE:
            # The usual characters at once: these three may begin what goes on in another state.
            if at < self.length and text[at] not in "$#\\":
                token = self.in_directive(at, at)
                if token is not None:
                    return token
        elif state == DEFAULT and text.startswith("#", at):
            token = self._plain_directive(at)
            if token is not None:
                return token
        return self._exactly(at)

    def _plain_directive(self, at: int) -> Token | None:
        """The first token of a directive in text, where a letter follows ``#``: the states on the way there end with it."""
        text = self.text
        word = match_word(text, at + 1)
        if word is None:
            return None
        name = word.group()
        end = word.end()
        kind = DIRECTIVES.get(name)
        if kind == END or kind == ELSE:
            match = match_line_end(text, end)
            assert match is not None
            self.at = end = match.end()
            return Token(kind, at, end, text[at:end])
        if kind is not None:
            if not text.startswith("(", end):
                return None
            self.push(DIRECTIVE)
            self.parens = 1
            self.at = end + 1
            token = Token(kind, at, end, text[at:end])
            token.next = Token(LPAREN, end, end + 1, "(")
            return token
        if name == "set":
            match = match_set(text, at)
            if match is not None:
                return self.set_directive(at, match.end())
        self.push(PRE_DIRECTIVE)
        self.at = end
        return Token(WORD, at, end, text[at:end])

    def plain_head(self, parenthesis: str | None, sign: str) -> re.Match[str] | None:
        """Read what follows ``#set(`` or ``#foreach``, up to the value, where it is plain."""
        match = plain_head(self.text, self.at)
        if match is None or match[1] != parenthesis or match[3] != sign or match[2][1:] in BOOLEANS:
            return None
        if parenthesis is not None:
            self.parens += 1
        self.at = match.end()
        return match

    def plain_value(self) -> re.Match[str] | None:
        """Read a value and what ends it, where they are plain."""
        if self.state != DIRECTIVE or self.parens == 0:
            return None
        match = plain_value(self.text, self.at)
        if match is None:
            return None
        names = match[4]
        if names is not None and (match[3] in BOOLEANS or ".true" in names or ".false" in names):
            return None
        self.at = match.end()
        if match[8] is not None:
            self.close_parenthesis()
        return match

    def _exactly(self, at: int) -> Token:
        """The next token, whatever it is."""
        text = self.text
        length = self.length
        start = lead = at
        specials: list[str] | None = None
        while True:  # a turn for each match; where Velocity says MORE, `start` stays
            state = self.state
            if state > DEFAULT:
                token = self.in_comment(start)
                break
            if at >= length:
                if start < at:
                    raise self.more_expected(start)
                token = Token(EOF, at, at, "")
                break
            character = text[at]

            if character == "$":
                match = _reference_start(text, at)
                if match is not None:
                    if state == REFERENCE:
                        self.pop()
                    self.stack.append((self.parens, self.closed, self.state))
                    self.parens = 0
                    self.state = REFERENCE
                    at = match.end()
                    image = text[start:at]
                    kind = LCURLY if image[-1] == "{" else IDENTIFIER
                    if kind == IDENTIFIER and image.endswith(("true", "false")):
                        kind = BOOLEANS.get(match.group().lstrip("$!"), IDENTIFIER)
                    token = Token(kind, start, at, image)
                    self.at = at
                    break
                if state == DEFAULT or state == REFERENCE:
                    size = self._empty_index(at)
                    if size:
                        self.at = at + size
                        token = Token(EMPTY_INDEX, start, self.at, text[start : self.at])
                        break
                at = self.dollar(at)
                continue

            if character == "\\":
                run = self.backslashes_end(at)
                if run < length and text[run] == "$":
                    at = self.dollar(run)
                    continue
                if state == DEFAULT:
                    size = run - at
                    escapes = size & 1 and run < length and text[run] == "#"
                    match = re.compile(_ANY_WORD).match(text, run + 1) if escapes else None
                    if match is not None:
                        self.at = match.end()
                        token = Token(ESCAPE_DIRECTIVE, start, self.at, text[start : self.at])
                    elif size > 1:
                        self.at = at + 2
                        token = Token(DOUBLE_ESCAPE, start, self.at, text[start : self.at])
                    else:
                        self.at = at + 1
                        token = Token(ESCAPE, start, self.at, text[start : self.at])
                    break

            elif character == "#":
                if state != DIRECTIVE and state != PRE_DIRECTIVE and state != REFINDEX:
                    match = match_set(text, at)
                    if match is not None:
                        token = self.set_directive(start, match.end())
                        break
                following = text[at + 1 : at + 2]
                if following == "#" and state in _LINE_COMMENT_STATES:
                    if state == REFERENCE:
                        self.pop()
                    self.push(LINE_COMMENT)
                    self.at = at + 2
                    token = Token(COMMENT_START, start, self.at, text[start : self.at])
                    break
                if following == "[" and text[at + 2 : at + 3] == "[":
                    self.push(TEXTBLOCK_STATE)
                    self.at = at + 3
                    continue
                if following == "*":
                    # `#**` opens a formal comment where a character other than `#` follows; that is given back.
                    if text[at + 2 : at + 3] == "*" and text[at + 3 : at + 4] not in ("#", ""):
                        self.push(FORMAL_COMMENT_STATE)
                        self.at = at + 3
                    else:
                        self.push(BLOCK_COMMENT)
                        self.at = at + 2
                    continue
                if state == REFERENCE or state == REFMODIFIER:
                    self.pop()
                self.push(PRE_DIRECTIVE)
                at += 1
                continue

            elif state == DEFAULT:
                if character == " " or character == "\t":
                    match = match_set(text, at)
                    if match is not None:
                        token = self.set_directive(start, match.end())
                        break
                match = _text(text, at)
                assert match is not None
                self.at = at = match.end()
                token = Token(TEXT, start, at, text[start:at])
                break

            elif state >= DIRECTIVE:
                found = self.in_directive(start, at) if state == DIRECTIVE else self.after_hash(start, at)
                if found is not None:
                    token = found
                    break

            elif state <= REFMODIFIER:
                if character == "." and at + 1 < length and text[at + 1].isascii() and text[at + 1].isalpha():
                    token = self.dot(start, at)
                    break
                match = match_name(text, at)
                if match is not None:
                    self.at = at = match.end()
                    token = Token(BOOLEANS.get(match.group(), IDENTIFIER), start, at, text[start:at])
                    break
                found = self.in_reference(start, at, character)
                if found is not None:
                    token = found
                    break

            else:
                token = self.in_argument(start, at, character)
                break

            # Nothing else matched.
            if state == DIRECTIVE or state == REFMOD2 or state == REFINDEX:
                raise self.unexpected(at)
            # The character belongs to the state below; what came before it in this token is set aside.
            if specials is not None or at > start:
                if specials is None:
                    specials = []
                    lead = start
                specials.append(text[start : at + 1])
            self.pop()
            self.at = start = at

        if specials is not None:
            token.specials = specials
            token.lead = lead
            self.irregular = token.start
        return token

    def _empty_index(self, at: int) -> int:
        r"""The size of ``$[ $![ $\![ $.`` at an offset; 0 when none stands there."""
        text = self.text
        following = text[at + 1 : at + 2]
        if following == "[" or following == ".":
            return 2
        if following == "!" and text[at + 2 : at + 3] == "[":
            return 3
        if following == "\\" and text[at + 2 : at + 4] == "![":
            return 4
        return 0
