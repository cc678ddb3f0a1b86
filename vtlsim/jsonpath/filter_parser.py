"""The grammar of filters, as Jayway 2.9 has it.

What may live here: the text of ``[?(...)]`` -> nodes.Expression::

    or       = and { '||' and }
    and      = operand { '&&' operand }
    operand  = '!' operand | '(' or ')' | value [ operator value ]
    value    = path | '!' path | literal

A value without an operator (or with one that does not parse) is a check whether the path exists.
"""

from __future__ import annotations

from typing import Final

from vtlsim.jsonpath.decimals import parse_number
from vtlsim.jsonpath.errors import Malformed
from vtlsim.jsonpath.lexer import Cursor, is_digit, unescape
from vtlsim.jsonpath.limits import NESTING
from vtlsim.jsonpath.nodes import And, Exists, Expression, JsonText, Literal, Not, Operand, Or, Path, Relation
from vtlsim.jsonpath.parser import parse
from vtlsim.jsonpath.patterns import Pattern

OPERATORS: Final = frozenset(
    [
        ">=",
        "<=",
        "==",
        "===",
        "!=",
        "!==",
        "<",
        ">",
        "=~",
        "NIN",
        "IN",
        "CONTAINS",
        "ALL",
        "SIZE",
        "EXISTS",
        "TYPE",
        "MATCHES",
        "EMPTY",
        "SUBSETOF",
        "ANYOF",
        "NONEOF",
    ]
)


def parse_filter(text: str, depth: int = 0) -> Expression:
    """Parse ``[?(...)]``, brackets included. Raises Malformed, whose position is an index into ``text``."""
    cursor = Cursor(text)
    parser = _FilterParser(cursor, depth)
    try:
        cursor.position = cursor.significant_after(cursor.significant_after(0))
        cursor.end -= 1
        while text[cursor.end] == " ":
            cursor.end -= 1
        expression = parser.either()
        if cursor.position <= cursor.end:
            cursor.skip_blanks()
            raise Malformed(
                f"Expected end of filter expression instead of: {text[cursor.position : cursor.end + 1]}",
                cursor.position,
            )
    except (IndexError, ValueError):
        position = cursor.position
        raise Malformed(
            f"Failed to parse filter: {text}, error on position: {position}, char: {text[position]}", position
        ) from None
    return expression


class _FilterParser:
    __slots__ = ("cursor", "depth")

    def __init__(self, cursor: Cursor, depth: int) -> None:
        self.cursor = cursor
        self.depth = depth

    def either(self) -> Expression:
        operands = [self._both()]
        while self._take("||"):
            operands.append(self._both())
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _both(self) -> Expression:
        operands = [self._operand()]
        while self._take("&&"):
            operands.append(self._operand())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _take(self, word: str) -> bool:
        cursor = self.cursor
        position = cursor.position
        text, end = cursor.text, cursor.end
        while position < end and text[position] == " ":
            position += 1
        if position < end and text.startswith(word, position):
            cursor.position = position + 2
            return True
        return False

    def _operand(self) -> Expression:
        cursor = self.cursor
        character = cursor.skip_blanks()
        begin = cursor.position
        if character == "!":
            cursor.position += 1
            if cursor.skip_blanks() not in "$@":
                with _Deeper(self):
                    return Not(self._operand())
            cursor.position = begin
        elif character == "(":
            cursor.position += 1
            with _Deeper(self):
                expression = self.either()
            if cursor.skip_blanks() != ")":
                raise Malformed("Expected character: )", cursor.position)
            cursor.position += 1
            return expression
        return self._relation()

    def _relation(self) -> Expression:
        cursor = self.cursor
        negated = cursor.skip_blanks() == "!"
        left = self._value()
        after = cursor.position
        try:
            operator = self._operator()
            return Relation(left, operator, self._value())
        except Malformed:
            cursor.position = after
        if not isinstance(left, Path):
            raise Malformed("Expected path node", after)
        return Exists(left, expected=not negated)

    def _operator(self) -> str:
        cursor = self.cursor
        character = cursor.skip_blanks()
        text, end = cursor.text, cursor.end
        begin = position = cursor.position
        if character in "<>=~!":
            while position <= end and text[position] in "<>=~!":
                position += 1
        else:
            while position <= end and text[position] != " ":
                position += 1
        cursor.position = position
        operator = text[begin:position].upper()
        if operator not in OPERATORS:
            raise Malformed(f"Filter operator {text[begin:position]} is not supported!", begin)
        return operator

    # -- values ------------------------------------------------------------------------------------------------------

    def _value(self) -> Operand:
        cursor = self.cursor
        character = cursor.skip_blanks()
        if character == "!":
            cursor.position += 1
            if cursor.skip_blanks() not in "$@":
                raise Malformed("Unexpected character: !", cursor.position)
            return self._path()
        if character in "$@":
            return self._path()
        if character in "'\"":
            return self._string(character)
        if character in "tf":
            return self._boolean(character)
        if character == "n":
            return self._null()
        if character in "[{":
            return self._json(character)
        if character == "/":
            return self._pattern()
        return self._number()

    def _path(self) -> Path:
        cursor = self.cursor
        text, end = cursor.text, cursor.end
        begin = cursor.position
        cursor.position += 1
        while cursor.position <= end:
            if text[cursor.position] == "[":
                closing = cursor.find_closing(cursor.position, "]", skip_patterns=False)
                if closing == -1:
                    raise Malformed(f"Square brackets does not match in filter {text}", cursor.position)
                cursor.position = closing + 1
            character = text[cursor.position]
            if cursor.position > end or character in "<>=~! ":
                break
            if character == ")" and not self._closes_call(begin):
                break
            cursor.position += 1
        try:
            return parse(text[begin : cursor.position], self.depth + 1)
        except Malformed as fault:
            fault.position += begin
            raise

    def _closes_call(self, begin: int) -> bool:
        """Whether the parenthesis here ends ``.name()``; one that ends ``.name(argument)`` is not known for that."""
        cursor = self.cursor
        opening = cursor.significant_before(cursor.position)
        return opening != -1 and cursor.text[opening] == "(" and cursor.text.rfind(".", begin + 1, opening) != -1

    def _string(self, quote: str) -> Literal:
        cursor = self.cursor
        begin = cursor.position
        closing = cursor.find_unescaped(quote, begin)
        if closing == -1:
            raise Malformed(f"String literal does not have matching quotes. Expected {quote} in {cursor.text}", begin)
        cursor.position = closing + 1
        return Literal(unescape(cursor.text[begin + 1 : closing]))

    def _boolean(self, character: str) -> Literal:
        cursor = self.cursor
        word = "true" if character == "t" else "false"
        begin = cursor.position
        if begin + len(word) - 1 > cursor.end or not cursor.text.startswith(word, begin):
            raise Malformed("Expected boolean literal", begin)
        cursor.position += len(word)
        return Literal(word == "true")

    def _null(self) -> Literal:
        cursor = self.cursor
        begin = cursor.position
        if begin + 3 > cursor.end or not cursor.text.startswith("null", begin):
            raise Malformed("Expected <null> value", begin)
        cursor.position += 4
        return Literal(None)

    def _json(self, opening: str) -> Literal:
        cursor = self.cursor
        begin = cursor.position
        closing = cursor.find_closing(begin, "]" if opening == "[" else "}", skip_patterns=False)
        if closing == -1:
            raise Malformed(f"String not closed. Expected ' in {cursor.text}", begin)
        cursor.position = closing + 1
        return Literal(JsonText(cursor.text[begin : closing + 1]))

    def _pattern(self) -> Literal:
        cursor = self.cursor
        text, end = cursor.text, cursor.end
        begin = cursor.position
        closing = cursor.find_unescaped("/", begin)
        if closing == -1:
            raise Malformed(f"Pattern not closed. Expected / in {text}", begin)
        position = closing + 1
        while position <= end and text[position] in "dixmsuU":
            position += 1
        cursor.position = position
        return Literal(Pattern(text[begin + 1 : closing], text[closing + 1 : position]))

    def _number(self) -> Literal:
        cursor = self.cursor
        text, end = cursor.text, cursor.end
        begin = position = cursor.position
        while position <= end and (text[position] in "-.Ee" or is_digit(text[position])):
            position += 1
        cursor.position = position
        return Literal(parse_number(text[begin:position]))


class _Deeper:
    """Counts a level of nesting while it is open."""

    __slots__ = ("parser",)

    def __init__(self, parser: _FilterParser) -> None:
        self.parser = parser

    def __enter__(self) -> None:
        self.parser.depth += 1
        if self.parser.depth > NESTING:
            raise Malformed(f"more than {NESTING} levels of nesting", self.parser.cursor.position)

    def __exit__(self, *_: object) -> None:
        self.parser.depth -= 1
