"""A template's text to tokens, as Velocity 1.7's token manager cuts it.

What may live here: lexical states and which text is which token in each. Velocity's lexer is a machine with a stack of
states that its tokens (and, for directives, its parser) switch; a token may begin in one state and end in another. All
of its oddities are kept, because they decide what prints: `docs` call them quirks, templates rely on them.

Every function here is linear in the text: where a look ahead could run far (backslashes), its end is remembered.
"""

from __future__ import annotations

import re
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

# -- patterns ---------------------------------------------------------------------------------------------------------

_NAME = "[A-Za-z_][A-Za-z0-9_-]*"
_WORD = "[A-Za-z_@][A-Za-z0-9_@]*"
_BRACKETED = r"\{[A-Za-z_][A-Za-z0-9_@]*\}"
_EXPONENT = "(?:[eE][+-]?[0-9]+)"
_LINE_END = r"(?:[ \t]*(?:\r\n|\n|\r))?"

_text = re.compile(r"[^$#\\]+").match
_set = re.compile(r"[ \t]*#(?:set|\{set\}) *\(").match
_reference_start = re.compile(r"\$!?(?:\{|" + _NAME + ")").match
_name = re.compile(_NAME).match
_word = re.compile(_WORD).match
_bracketed = re.compile(_BRACKETED).match
_any_word = re.compile(_WORD + "|" + _BRACKETED).match
_line_end = re.compile(_LINE_END).match
_directive_close = re.compile(r"\)" + _LINE_END).match
_whitespace = re.compile(r"[ \t\n\r]+").match
_double_quoted = re.compile(r'"[^"]*+(?:""[^"]*+)*"').match
_single_quoted = re.compile(r"'[^']*+(?:''[^']*+)*'").match
_number = re.compile(
    r"(-?[0-9]++(?:\.\.|(?![.eE])|(?=[eE](?![+-]?[0-9]))))"
    rf"|-?(?:[0-9]+\.[0-9]*{_EXPONENT}?|\.[0-9]+{_EXPONENT}?|[0-9]+{_EXPONENT})"
).match
_backslashes = re.compile(r"\\*+").match

_FORMAL = "#\\*\\*[^#\U00010000-\U0010ffff]"
"""What would open a formal comment, inside another comment: with the character after it, half a one in Java where it is
beyond U+FFFF, so that nothing but the bracket is taken."""
_line_comment_stop = re.compile(_FORMAL + r"|\r\n|\n|\r").search
_comment_stop = re.compile(_FORMAL + r"|#\*|\*#").search
_textblock_stop = re.compile(_FORMAL + r"|\]\]#").search
_comment_piece = re.compile(rf"(\\*+\$(?:\\*+!)?|#\[\[|{_FORMAL}|#\*|#)|[^\\$#]+|\\+").match
"""One piece of a comment: group 1 where Velocity keeps it and goes on, so that a template cannot end there."""

_SINGLES: Final = {
    DIRECTIVE: {
        "[": LBRACKET,
        "]": RBRACKET,
        ",": COMMA,
        ":": COLON,
        "}": RIGHT_CURLEY,
        "+": PLUS,
        "*": MULTIPLY,
        "/": DIVIDE,
        "%": MODULUS,
    },
    REFMOD2: {
        "[": LBRACKET,
        "]": RBRACKET,
        ",": COMMA,
        ":": COLON,
        "{": LEFT_CURLEY,
        "}": RIGHT_CURLEY,
    },
    REFINDEX: {},
}
"""Tokens of one character that nothing longer begins with."""

_OPERATORS: Final = {
    "&&": AND,
    "||": OR,
    "<=": LESS_EQUAL,
    ">=": GREATER_EQUAL,
    "==": EQUAL,
    "!=": NOT_EQUAL,
    "<": LESS,
    ">": GREATER,
    "!": NOT,
    "=": ASSIGN,
}

_WORDS: Final = {
    "true": TRUE,
    "false": FALSE,
    "and": AND,
    "or": OR,
    "lt": LESS,
    "le": LESS_EQUAL,
    "gt": GREATER,
    "ge": GREATER_EQUAL,
    "eq": EQUAL,
    "ne": NOT_EQUAL,
    "not": NOT,
}
"""What a bare word means inside a directive's parentheses."""


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


class Lexer:
    """Velocity's token manager over one text: asked for a token at a time, because the parser switches its state.

    ``state`` is the lexical state, ``in_set`` whether a ``#set`` is open, ``parens`` and ``closed`` the parentheses
    opened and closed in this state: the parser and the lexer change them together.
    """

    __slots__ = ("at", "closed", "in_set", "length", "parens", "run_end", "stack", "state", "text")

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

    # -- the stack of states ------------------------------------------------------------------------------------------

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

    def _close(self) -> None:
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

    def left_parenthesis_follows(self) -> bool:
        """Whether the text goes on with ``(`` after any white space."""
        text, at, length = self.text, self.at, self.length
        while at < length and text[at] in " \n\r\t":
            at += 1
        return at < length and text[at] == "("

    def _backslashes_end(self, at: int) -> int:
        """Where the run of backslashes that begins at (or spans) an offset ends."""
        if at >= self.run_end:
            match = _backslashes(self.text, at)
            assert match is not None
            if match.end() == at:
                return at
            self.run_end = match.end()
        elif self.text[at] != "\\":
            return at
        return self.run_end

    # -- tokens -------------------------------------------------------------------------------------------------------

    def next(self) -> Token:
        """The next token. Raises LexicalError."""
        text = self.text
        length = self.length
        at = start = lead = self.at
        specials: list[str] | None = None
        while True:  # a turn for each match; where Velocity says MORE, `start` stays
            state = self.state
            if state > DEFAULT:
                token = self._in_comment(start)
                break
            if at >= length:
                if start < at:
                    raise self._more_expected(start)
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
                    if kind == IDENTIFIER and (image.endswith("true") or image.endswith("false")):
                        kind = _WORDS.get(match.group().lstrip("$!"), IDENTIFIER)
                    token = Token(kind, start, at, image)
                    self.at = at
                    break
                if state == DEFAULT or state == REFERENCE:
                    size = self._empty_index(at)
                    if size:
                        self.at = at + size
                        token = Token(EMPTY_INDEX, start, self.at, text[start : self.at])
                        break
                at = self._dollar(at)
                continue

            if character == "\\":
                run = self._backslashes_end(at)
                if run < length and text[run] == "$":
                    at = self._dollar(run)
                    continue
                if state == DEFAULT:
                    size = run - at
                    match = _any_word(text, run + 1) if size & 1 and run < length and text[run] == "#" else None
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
                    match = _set(text, at)
                    if match is not None:
                        token = self._set_directive(start, match.end())
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
                    match = _set(text, at)
                    if match is not None:
                        token = self._set_directive(start, match.end())
                        break
                match = _text(text, at)
                assert match is not None
                self.at = at = match.end()
                token = Token(TEXT, start, at, text[start:at])
                break

            elif state >= DIRECTIVE:
                found = self._directive(start, at) if state == DIRECTIVE else self._pre_directive(start, at)
                if found is not None:
                    token = found
                    break

            elif state <= REFMODIFIER:
                if character == "." and at + 1 < length and text[at + 1].isascii() and text[at + 1].isalpha():
                    self.at = at + 1
                    self.state = REFMODIFIER
                    token = Token(DOT, start, self.at, ".")
                    break
                match = _name(text, at)
                if match is not None:
                    self.at = at = match.end()
                    token = Token(_BOOLEANS.get(match.group(), IDENTIFIER), start, at, text[start:at])
                    break
                found = self._reference(start, at, character)
                if found is not None:
                    token = found
                    break

            else:
                token = self._argument(start, at, character)
                break

            # Nothing else matched.
            if state == DIRECTIVE or state == REFMOD2 or state == REFINDEX:
                raise self._unexpected(at)
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
        return token

    # -- `$` and `#` --------------------------------------------------------------------------------------------------

    def _empty_index(self, at: int) -> int:
        """The size of ``$[ $![ $\\![ $.`` at an offset; 0 when none stands there."""
        text = self.text
        following = text[at + 1 : at + 2]
        if following == "[" or following == ".":
            return 2
        if following == "!" and text[at + 2 : at + 3] == "[":
            return 3
        if following == "\\" and text[at + 2 : at + 4] == "![":
            return 4
        return 0

    def _dollar(self, at: int) -> int:
        """Take ``$``, or ``$`` with any backslashes and ``!``, and begin a reference. Returns where it goes on."""
        text = self.text
        end = at + 1
        bang = self._backslashes_end(end) if end < self.length else end
        if bang < self.length and text[bang] == "!":
            end = bang + 1
        if self.state == REFERENCE:
            self.pop()
        self.push(REFERENCE)
        return end

    def _set_directive(self, start: int, end: int) -> Token:
        self.push(DIRECTIVE)
        self.in_set = True
        self.parens += 1
        self.at = end
        return Token(SET_DIRECTIVE, start, end, self.text[start:end])

    def _in_comment(self, start: int) -> Token:
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
            start = self._comment_tail(start, at, end)
            if stop is None:
                if start < end:
                    raise self._more_expected(start)
                self.at = end
                return Token(EOF, end, end, "")
        assert stop is not None
        self.at = stop.end()
        self.pop()
        return Token(kind, start, self.at, text[start : self.at])

    def _comment_tail(self, start: int, at: int, end: int) -> int:
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

    # -- inside references --------------------------------------------------------------------------------------------

    def _reference(self, start: int, at: int, character: str) -> Token | None:
        if character == "[":
            self.push(REFINDEX)
            kind = INDEX_LBRACKET
        elif character == "{":
            kind = LCURLY
        elif character == "}":
            self.pop()
            kind = RCURLY
        elif character == "(" and self.state == REFMODIFIER:
            self.parens += 1
            self.state = REFMOD2
            kind = LPAREN
        elif character == " " or character == "\t":
            match = _set(self.text, at)
            return None if match is None else self._set_directive(start, match.end())
        else:
            return None
        self.at = at + 1
        return Token(kind, start, self.at, self.text[start : self.at])

    def _argument(self, start: int, at: int, character: str) -> Token:
        """A token inside a method's parentheses or a reference's brackets."""
        text = self.text
        state = self.state
        kind = _SINGLES[state].get(character)
        if kind is not None:
            self.at = at + 1
        elif character in " \t\n\r":
            match = _set(text, at) if state == REFMOD2 else None
            if match is not None:
                return self._set_directive(start, match.end())
            match = _whitespace(text, at)
            assert match is not None
            kind, self.at = WHITESPACE, match.end()
        elif character == '"' or character == "'":
            return self._string(start, at, character)
        elif character == ")" and state == REFMOD2:
            kind, self.at, self.state = REFMOD2_RPAREN, at + 1, REFERENCE
        elif character == "]":
            kind, self.at = INDEX_RBRACKET, at + 1
            self.pop()
        elif character in "-.0123456789":
            match = _number(text, at)
            if match is not None:
                return self._numeral(start, match)
            if character == "." and state == REFMOD2:
                return self._dots(start, at)
            raise self._unexpected(at)
        else:
            match = _name(text, at)
            if match is None:
                raise self._unexpected(at)
            kind = _BOOLEANS.get(match.group(), IDENTIFIER)
            self.at = match.end()
            if state == REFINDEX:
                # Only the words themselves are tokens here: `trueish` is `true`, and then an error.
                for word, boolean in _BOOLEANS.items():
                    if match.group().startswith(word):
                        kind, self.at = boolean, at + len(word)
                        break
                else:
                    raise self._unexpected(at)
        return Token(kind, start, self.at, text[start : self.at])

    def _dots(self, start: int, at: int) -> Token:
        """``..``, or in a method's parentheses a dot before a letter."""
        following = self.text[at + 1 : at + 2]
        if following == ".":
            self.at = at + 2
            return Token(DOUBLEDOT, start, self.at, self.text[start : self.at])
        if self.state == REFMOD2 and following.isascii() and following.isalpha():
            self.at = at + 1
            self.state = REFMODIFIER
            return Token(DOT, start, self.at, ".")
        raise self._unexpected(at)

    # -- inside directives --------------------------------------------------------------------------------------------

    def _directive(self, start: int, at: int) -> Token | None:
        """A token inside a directive's parentheses."""
        text = self.text
        character = text[at]
        kind = _SINGLES[DIRECTIVE].get(character)
        if kind is not None:
            self.at = at + 1
        elif character in " \t\n\r":
            match = _whitespace(text, at)
            assert match is not None
            kind, self.at = WHITESPACE, match.end()
        elif character == "(":
            self.parens += 1
            kind, self.at = LPAREN, at + 1
        elif character == ")":
            match = _directive_close(text, at)
            assert match is not None
            kind, self.at = RPAREN, match.end()
            self._close()
        elif character == '"' or character == "'":
            return self._string(start, at, character)
        elif character in "-.0123456789":
            match = _number(text, at)
            if match is not None:
                return self._numeral(start, match)
            if character == ".":
                return self._dots(start, at)
            kind, self.at = MINUS, at + 1
        elif character in "=<>!&|":
            operator = text[at : at + 2]
            kind = _OPERATORS.get(operator)
            if kind is None:
                operator = character
                kind = _OPERATORS.get(character)
                if kind is None:
                    return None
            self.at = at + len(operator)
        elif character == "{":
            match = _bracketed(text, at)
            kind, self.at = (LEFT_CURLEY, at + 1) if match is None else (BRACKETED_WORD, match.end())
        else:
            match = _word(text, at)
            if match is None:
                return None
            kind, self.at = _WORDS.get(match.group(), WORD), match.end()
        return Token(kind, start, self.at, text[start : self.at])

    def _pre_directive(self, start: int, at: int) -> Token | None:
        """What follows ``#``."""
        text = self.text
        character = text[at]
        match = _bracketed(text, at) if character == "{" else _word(text, at)
        if match is None:
            match = _number(text, at)
            return None if match is None else self._numeral(start, match)
        self.at = at = match.end()
        word = match.group()
        kind = _DIRECTIVES.get(word)
        if kind is None:
            kind = WORD if character != "{" else BRACKETED_WORD
        elif kind == IF or kind == ELSEIF:
            self.state = DIRECTIVE
        else:
            match = _line_end(text, at)
            assert match is not None
            self.at = match.end()
            self.pop()
        return Token(kind, start, self.at, text[start : self.at])

    # -- literals -----------------------------------------------------------------------------------------------------

    def _string(self, start: int, at: int, quote: str) -> Token:
        match = (_double_quoted if quote == '"' else _single_quoted)(self.text, at)
        if match is None:
            raise LexicalError("the string is not closed", at, self.length, (quote,))
        self.at = match.end()
        if self.state == DIRECTIVE and not self.in_set and self.parens == 0:
            self.pop()
        return Token(STRING, start, self.at, self.text[start : self.at])

    def _numeral(self, start: int, match: re.Match[str]) -> Token:
        self.at = match.end()
        state = self.state
        if match.lastindex is None:
            kind = FLOAT
            if self.parens == 0 and not self.in_set and state != REFMOD2:
                self.pop()
        else:
            kind = INTEGER
            if match.group().endswith(".."):
                self.at -= 2
            if self.parens == 0 and not self.in_set and state != REFMOD2 and state != REFINDEX:
                self.pop()
        return Token(kind, start, self.at, self.text[start : self.at])

    # -- errors -------------------------------------------------------------------------------------------------------

    def _unexpected(self, at: int) -> LexicalError:
        return LexicalError(f"{self.text[at]!r} has no meaning here", at, at + 1)

    def _more_expected(self, start: int) -> LexicalError:
        """The template ends where Velocity had not made up its mind what ``$`` or ``#`` begins."""
        pending = self.text[start:]
        return LexicalError(f"the template ends with {pending!r}", start, self.length, ("text after it",))


_LINE_COMMENT_STATES: Final = frozenset({DEFAULT, PRE_DIRECTIVE, DIRECTIVE, REFERENCE})
_BOOLEANS: Final = {"true": TRUE, "false": FALSE}
_DIRECTIVES: Final = {
    "end": END,
    "{end}": END,
    "if": IF,
    "{if}": IF,
    "elseif": ELSEIF,
    "{elseif}": ELSEIF,
    "else": ELSE,
    "{else}": ELSE,
}
