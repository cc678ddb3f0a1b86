"""The grammar of paths, as Jayway 2.9 has it.

What may live here: text -> nodes.Path. Filters have their own grammar in ``filter_parser``; Jayway 2.0's grammar, which
shares nothing with this one, is in ``parser_2_0``.

Each alternative inside brackets is tried in Jayway's order, and "tried" is meant: an alternative that does not fit
leaves the cursor where it was. The messages, with the positions in them, are Jayway's.
"""

from __future__ import annotations

from vtlsim.jsonpath.errors import Malformed
from vtlsim.jsonpath.lexer import Cursor, is_digit, unescape
from vtlsim.jsonpath.limits import NESTING, STEPS
from vtlsim.jsonpath.nodes import (
    Argument,
    Filter,
    Function,
    Index,
    JsonArgument,
    Path,
    Property,
    Scan,
    Slice,
    Step,
    Wildcard,
)
from vtlsim.jsonpath.plain import plain_steps

_INTEGER = range(-(1 << 31), 1 << 31)
_TRIMMED = "".join(map(chr, range(33)))
"""What Java's ``trim`` takes off."""


def parse(text: str, depth: int = 0) -> Path:
    """Parse a whole path, with or without ``$``.

    Raises Malformed, whose position is an index into ``text``. ``depth`` counts the paths around this one.
    """
    if not text:
        raise Malformed("json can not be null or empty", 0)
    shift = 0
    if text[0] not in "$@":
        text = "$." + text
        shift = 2
    cursor = Cursor(text)
    cursor.trim()
    if text[cursor.end] == ".":
        raise Malformed("Path must not end with a '.' or '..'", cursor.end - shift)
    try:
        return PathParser(cursor, depth).path()
    except Malformed as fault:
        fault.position = max(fault.position - shift, 0)
        raise
    except IndexError:
        raise Malformed("Path ends where more was expected", len(text) - shift) from None
    except ValueError as fault:
        raise Malformed(str(fault), max(cursor.position - shift, 0)) from None


class PathParser:
    """Reads one path off a cursor."""

    __slots__ = ("cursor", "depth", "steps")

    def __init__(self, cursor: Cursor, depth: int) -> None:
        if depth > NESTING:
            raise Malformed(f"more than {NESTING} levels of nesting", 0)
        self.cursor = cursor
        self.depth = depth
        self.steps: list[Step] = []

    def path(self) -> Path:
        """``$`` or ``@``, then steps to the end of the text."""
        cursor = self.cursor
        while cursor.in_bounds() and cursor.current() in " \t\r\n":
            cursor.position += 1
        root = cursor.current()
        if root not in "$@":
            raise Malformed("Path must start with '$' or '@'", cursor.position)
        if cursor.at_tail():
            return Path(root, ())
        cursor.position += 1
        if cursor.current() not in ".[":
            raise Malformed(f"Illegal character at position {cursor.position} expected '.' or '['", cursor.position)
        self._step()
        while not cursor.at_tail():
            self._step()
        path = Path(root, tuple(self.steps))
        if len(path.steps) > STEPS and plain_steps(path) is None:
            raise Malformed(f"more than {STEPS} steps", cursor.position)
        return path

    def _step(self) -> None:
        cursor = self.cursor
        character = cursor.current()
        if character == ".":
            self._dots()
            character = cursor.current()
        if character == "[":
            if not (self._names() or self._indexes() or self._wildcard_in_brackets() or self._filter()):
                self._placeholder()
                raise Malformed(
                    f"Could not parse token starting at position {cursor.position}. Expected ?, ', 0-9, * ",
                    cursor.position,
                )
        elif character == "*":
            # Jayway looks for a character after the star only to find out whether there is a star here.
            cursor.position += 1
            self.steps.append(Wildcard())
        else:
            self._name_or_function()

    def _dots(self) -> None:
        cursor = self.cursor
        if cursor.position + 1 <= cursor.end and cursor.text[cursor.position + 1] == ".":
            self.steps.append(Scan())
            cursor.position += 2
        elif cursor.at_tail():
            raise Malformed("Path must not end with a '.", cursor.position)
        else:
            cursor.position += 1
        if cursor.current() == ".":
            raise Malformed(f"Character '.' on position {cursor.position} is not valid.", cursor.position)

    # -- .name and .name(...) ----------------------------------------------------------------------------------------

    def _name_or_function(self) -> None:
        cursor = self.cursor
        text, start, end = cursor.text, cursor.position, cursor.end
        if text[start] == " ":
            raise Malformed(f"Could not parse token starting at position {start}", start)
        index = start
        while index <= end:
            character = text[index]
            if character in ".[(":
                break
            if character == " ":
                raise Malformed(
                    "Use bracket notion ['my prop'] if your property contains blank characters."
                    f" position: {cursor.position}",
                    index,
                )
            index += 1
        else:
            cursor.position = index
            self.steps.append(Property((text[start:index],)))
            return
        name = text[start:index]
        if character == "(":
            self.steps.append(Function(name, self._arguments(name, index)))
        else:
            cursor.position = index
            self.steps.append(Property((name,)))

    def _arguments(self, name: str, opening: int) -> tuple[Argument, ...] | None:
        cursor = self.cursor
        text, end = cursor.text, cursor.end
        opened = 1
        for index in range(opening + 1, end + 1):
            character = text[index]
            if character == ")":
                opened -= 1
            elif character == "(":
                opened += 1
            if opened == 0:
                break
        if opened != 0:
            raise Malformed(f"Arguments to function: '{name}' are not closed properly.", opening)
        if text[opening + 1] == ")":
            # Not beyond the parenthesis: what follows it belongs to a name that begins with it, `$.a.keys().x` being
            # `keys()`, `)`, `x`.
            cursor.position = opening + 1
            return None
        cursor.position = opening + 1
        return self._argument_list(name)

    def _argument_list(self, name: str) -> tuple[Argument, ...]:
        """Cut the arguments apart by counting brackets, as Jayway does; what is neither JSON nor a path is dropped."""
        cursor = self.cursor
        text, end = cursor.text, cursor.end
        opening = cursor.position - 1
        parentheses, brackets, braces, quotes = 1, 0, 0, 0
        kind = ""
        prior = ""
        taken: list[str] = []
        begin = 0
        found: list[Argument] = []
        ended = False
        while cursor.position <= end and not ended:
            character = text[cursor.position]
            cursor.position += 1
            if not kind:
                if character in " \t\r\n":
                    continue
                begin = cursor.position - 1
                if character in '{"-' or is_digit(character):
                    kind = "json"
                elif character in "$@":
                    kind = "path"
            if character == '"':
                quotes += -1 if prior != "\\" and quotes > 0 else 1
            elif character == "(":
                parentheses += 1
            elif character == "{":
                braces += 1
            elif character == "[":
                brackets += 1
            elif character == "}":
                if braces == 0:
                    raise Malformed(
                        f"Unexpected close brace '}}' at character position: {cursor.position}", cursor.position - 1
                    )
                braces -= 1
            elif character == "]":
                if brackets == 0:
                    raise Malformed(
                        f"Unexpected close bracket ']' at character position: {cursor.position}", cursor.position - 1
                    )
                brackets -= 1
            elif character in "),":
                if character == ")":
                    parentheses -= 1
                    if parentheses < 0 or prior == "(":
                        taken.append(character)
                if quotes == braces == brackets == 0 and (parentheses == 1 or (parentheses == 0 and character == ")")):
                    ended = parentheses == 0
                    if kind:
                        found.append(self._argument(kind, "".join(taken), begin))
                        taken.clear()
                        kind = ""
            if kind and not (character == "," and braces == 0 and brackets == 0 and parentheses == 1):
                taken.append(character)
            prior = character
        if braces != 0 or parentheses != 0 or brackets != 0:
            raise Malformed(f"Arguments to function: '{name}' are not closed properly.", opening)
        return tuple(found)

    def _argument(self, kind: str, text: str, begin: int) -> Argument:
        if kind == "json":
            return JsonArgument(text)
        try:
            return PathParser(Cursor(text), self.depth + 1).path()
        except Malformed as fault:
            fault.position += begin
            raise

    # -- ['name'] ----------------------------------------------------------------------------------------------------

    def _names(self) -> bool:
        cursor = self.cursor
        text, end = cursor.text, cursor.end
        quote = cursor.next_significant(cursor.position)
        if quote not in "'\"":
            return False
        names: list[str] = []
        index = start = cursor.position + 1
        closed = 0
        inside = after_comma = False
        while index <= end:
            character = text[index]
            if character == "\\":
                index += 1
            elif character == quote:
                if inside:
                    if cursor.next_significant(index) not in "],":
                        raise Malformed(
                            "Property must be separated by comma or Property must be terminated close square bracket"
                            f" at index {index}",
                            index,
                        )
                    closed = index
                    names.append(unescape(text[start:index]))
                    inside = False
                else:
                    start = index + 1
                    inside = True
                    after_comma = False
            elif not inside and character in "],":
                if after_comma:
                    raise Malformed(f"Found empty property at index {index}", index)
                if character == "]":
                    break
                after_comma = True
            index += 1
        if inside:
            raise Malformed(f"Property has not been closed - missing closing {quote}", start - 1)
        bracket = cursor.significant_after(closed)
        if text[bracket] != "]":
            raise Malformed("Property has not been closed - missing closing ]", bracket)
        cursor.position = bracket + 1
        self.steps.append(Property(tuple(names), quote))
        return True

    # -- [0], [1:2] --------------------------------------------------------------------------------------------------

    def _indexes(self) -> bool:
        cursor = self.cursor
        first = cursor.next_significant(cursor.position)
        if not (first in "-:" or is_digit(first)):
            return False
        begin = cursor.position + 1
        closing = cursor.find("]", begin)
        if closing == -1:
            return False
        expression = cursor.text[begin:closing].strip(_TRIMMED)
        for character in expression:
            if character not in ",-: " and not is_digit(character):
                return False
        self.steps.append(_slice(expression, begin) if ":" in expression else _index(expression, begin))
        cursor.position = closing + 1
        return True

    # -- [*] ---------------------------------------------------------------------------------------------------------

    def _wildcard_in_brackets(self) -> bool:
        cursor = self.cursor
        star = cursor.significant_after(cursor.position)
        if star > cursor.end or cursor.text[star] != "*":
            return False
        closing = cursor.significant_after(star)
        if closing > cursor.end or cursor.text[closing] != "]":
            raise Malformed(f"Expected wildcard token to end with ']' on position {star + 1}", star + 1)
        cursor.position = closing + 1
        self.steps.append(Wildcard())
        return True

    # -- [?(...)] ----------------------------------------------------------------------------------------------------

    def _filter(self) -> bool:
        cursor = self.cursor
        text = cursor.text
        opening = cursor.position
        question = cursor.significant_after(opening)
        if text[question] != "?":
            return False
        parenthesis = cursor.significant_after(question)
        if text[parenthesis] != "(":
            return False
        closing = cursor.find_closing(parenthesis, ")", skip_patterns=True)
        if closing == -1:
            return False
        bracket = cursor.significant_after(closing)
        if bracket > cursor.end or text[bracket] != "]":
            return False
        from vtlsim.jsonpath.filter_parser import parse_filter

        try:
            expression = parse_filter(text[opening : bracket + 1], self.depth + 1)
        except Malformed as fault:
            fault.position += opening
            raise
        self.steps.append(Filter(expression))
        cursor.position = bracket + 1
        return True

    def _placeholder(self) -> None:
        """``[?]`` stands for a filter that a Java program hands over; a template cannot, so it never parses."""
        cursor = self.cursor
        question = cursor.significant_after(cursor.position)
        if cursor.text[question] != "?" or cursor.next_significant(question) not in "],":
            return
        begin = cursor.position + 1
        closing = cursor.find("]", begin)
        if closing != -1:
            expression = cursor.text[begin:closing]
            raise Malformed(
                f"Not enough predicates supplied for filter [{expression}] at position {cursor.position}", question
            )


def _index(expression: str, begin: int) -> Index:
    """``0``, ``-1``, ``0, 2``"""
    indexes: list[int] = []
    for token in expression.split(","):
        digits = token.strip(" ")
        number = _integer(digits)
        if number is None:
            raise Malformed(f"Failed to parse token in ArrayIndexOperation: {digits}", begin)
        indexes.append(number)
    return Index(tuple(indexes))


def _slice(expression: str, begin: int) -> Slice:
    """``1:``, ``:2``, ``1:2``; a step after a second colon is read over"""
    tokens = expression.split(":")
    bounds: list[int | None] = [None, None]
    if " " not in expression and "," not in expression:
        for place, token in enumerate(tokens[:2]):
            if token:
                bounds[place] = _integer(token)
                if bounds[place] is None:
                    raise Malformed(f'For input string: "{token}"', begin)
    if bounds == [None, None]:
        raise Malformed(f"Failed to parse SliceOperation: {expression}", begin)
    return Slice(bounds[0], bounds[1])


def _integer(digits: str) -> int | None:
    """``Integer.parseInt`` of digits and minus signs, or None"""
    try:
        number = int(digits)
    except ValueError:
        return None
    return number if number in _INTEGER and " " not in digits else None
