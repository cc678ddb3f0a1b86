"""Tokens inside parentheses and brackets, and after ``#``.

What may live here: the lexical states in which text is no text: what begins which token there.
"""

from __future__ import annotations

import re
from typing import Final

from vtlsim.velocity.lexer_comments import Comments
from vtlsim.velocity.tokens import (
    AND,
    ASSIGN,
    BRACKETED_WORD,
    COLON,
    COMMA,
    DIRECTIVE,
    DIVIDE,
    DOT,
    DOUBLEDOT,
    ELSE,
    ELSEIF,
    END,
    EQUAL,
    FALSE,
    FLOAT,
    GREATER,
    GREATER_EQUAL,
    IDENTIFIER,
    IF,
    INDEX_LBRACKET,
    INDEX_RBRACKET,
    INTEGER,
    LBRACKET,
    LCURLY,
    LEFT_CURLEY,
    LESS,
    LESS_EQUAL,
    LPAREN,
    MINUS,
    MODULUS,
    MULTIPLY,
    NOT,
    NOT_EQUAL,
    OR,
    PLUS,
    RBRACKET,
    RCURLY,
    REFERENCE,
    REFINDEX,
    REFMOD2,
    REFMOD2_RPAREN,
    REFMODIFIER,
    RIGHT_CURLEY,
    RPAREN,
    STRING,
    TRUE,
    WHITESPACE,
    WORD,
    LexicalError,
    Token,
)

NAME: Final = "[A-Za-z_][A-Za-z0-9_-]*"
"""A variable's, a property's or a method's name."""
WORD_PATTERN: Final = "[A-Za-z_@][A-Za-z0-9_@]*"
"""A directive's name."""
BRACKETED: Final = r"\{[A-Za-z_][A-Za-z0-9_@]*\}"
"""The same in curly brackets."""
_EXPONENT = "(?:[eE][+-]?[0-9]+)"
_LINE_END = r"(?:[ \t]*(?:\r\n|\n|\r))?"

match_set = re.compile(r"[ \t]*#(?:set|\{set\}) *\(").match
match_name = re.compile(NAME).match
match_word = re.compile(WORD_PATTERN).match
_bracketed = re.compile(BRACKETED).match
match_line_end = re.compile(_LINE_END).match
_directive_close = re.compile(r"\)" + _LINE_END).match
_whitespace = re.compile(r"[ \t\n\r]+").match
_double_quoted = re.compile(r'"[^"]*+(?:""[^"]*+)*"').match
_single_quoted = re.compile(r"'[^']*+(?:''[^']*+)*'").match
_NUMBER: Final = (
    r"(-?[0-9]++(?:\.\.|(?![.eE])|(?=[eE](?![+-]?[0-9]))))"
    rf"|-?(?:[0-9]+\.[0-9]*{_EXPONENT}?|\.[0-9]+{_EXPONENT}?|[0-9]+{_EXPONENT})"
)
"""Group 1 where it is whole. Compiled when first used: most numbers are plain."""

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

OPERATORS: Final = {
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
    "+": PLUS,
    "*": MULTIPLY,
    "/": DIVIDE,
    "%": MODULUS,
}

WORDS: Final = {
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

BOOLEANS: Final = {"true": TRUE, "false": FALSE}
DIRECTIVES: Final = {
    "end": END,
    "{end}": END,
    "if": IF,
    "{if}": IF,
    "elseif": ELSEIF,
    "{elseif}": ELSEIF,
    "else": ELSE,
    "{else}": ELSE,
}


class Arguments(Comments):
    """A lexer that knows what stands inside parentheses and brackets."""

    __slots__ = ()

    # -- references ---------------------------------------------------------------------------------------------------

    def in_reference(self, start: int, at: int, character: str) -> Token | None:
        """A token that goes on with a reference; None where it has ended."""
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
            match = match_set(self.text, at)
            return None if match is None else self.set_directive(start, match.end())
        else:
            return None
        self.at = at + 1
        return Token(kind, start, self.at, self.text[start : self.at])

    def in_argument(self, start: int, at: int, character: str) -> Token:
        """A token inside a method's parentheses or a reference's brackets."""
        text = self.text
        state = self.state
        kind = _SINGLES[state].get(character)
        if kind is not None:
            self.at = at + 1
        elif character in " \t\n\r":
            match = match_set(text, at) if state == REFMOD2 else None
            if match is not None:
                return self.set_directive(start, match.end())
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
            match = re.compile(_NUMBER).match(text, at)
            if match is not None:
                return self._numeral(start, match)
            if character == "." and state == REFMOD2:
                return self._dots(start, at)
            raise self.unexpected(at)
        else:
            match = match_name(text, at)
            if match is None:
                raise self.unexpected(at)
            kind = BOOLEANS.get(match.group(), IDENTIFIER)
            self.at = match.end()
            if state == REFINDEX:
                # Only the words themselves are tokens here: `trueish` is `true`, and then an error.
                for word, boolean in BOOLEANS.items():
                    if match.group().startswith(word):
                        kind, self.at = boolean, at + len(word)
                        break
                else:
                    raise self.unexpected(at)
        return Token(kind, start, self.at, text[start : self.at])

    def _dots(self, start: int, at: int) -> Token:
        """``..``, or in a method's parentheses a dot before a letter."""
        following = self.text[at + 1 : at + 2]
        if following == ".":
            self.at = at + 2
            return Token(DOUBLEDOT, start, self.at, self.text[start : self.at])
        if self.state == REFMOD2 and following.isascii() and following.isalpha():
            return self.dot(start, at)
        raise self.unexpected(at)

    def dot(self, start: int, at: int) -> Token:
        """A dot before a letter: whatever the token began with, Velocity keeps the dot alone."""
        self.at = at + 1
        self.state = REFMODIFIER
        if start < at:
            self.irregular = start
        return Token(DOT, start, self.at, ".")

    # -- directives ---------------------------------------------------------------------------------------------------

    def in_directive(self, start: int, at: int) -> Token | None:
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
            self.close_parenthesis()
        elif character == '"' or character == "'":
            return self._string(start, at, character)
        elif character in "-.0123456789":
            match = re.compile(_NUMBER).match(text, at)
            if match is not None:
                return self._numeral(start, match)
            if character == ".":
                return self._dots(start, at)
            kind, self.at = MINUS, at + 1
        elif character in "=<>!&|":
            operator = text[at : at + 2]
            kind = OPERATORS.get(operator)
            if kind is None:
                operator = character
                kind = OPERATORS.get(character)
                if kind is None:
                    return None
            self.at = at + len(operator)
        elif character == "{":
            match = _bracketed(text, at)
            kind, self.at = (LEFT_CURLEY, at + 1) if match is None else (BRACKETED_WORD, match.end())
        else:
            match = match_word(text, at)
            if match is None:
                return None
            kind, self.at = WORDS.get(match.group(), WORD), match.end()
        return Token(kind, start, self.at, text[start : self.at])

    def after_hash(self, start: int, at: int) -> Token | None:
        """What follows ``#``."""
        text = self.text
        character = text[at]
        match = _bracketed(text, at) if character == "{" else match_word(text, at)
        if match is None:
            match = re.compile(_NUMBER).match(text, at)
            return None if match is None else self._numeral(start, match)
        self.at = at = match.end()
        word = match.group()
        kind = DIRECTIVES.get(word)
        if kind is None:
            kind = WORD if character != "{" else BRACKETED_WORD
        elif kind == IF or kind == ELSEIF:
            self.state = DIRECTIVE
        else:
            match = match_line_end(text, at)
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
