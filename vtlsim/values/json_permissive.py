r"""JSON text -> value, character by character as json-smart 2.2 goes about it in its permissive mode.

What may live here: that reader. What it takes and refuses, and with which words, was found by asking json-smart itself
about a few hundred thousand texts; fixtures/values/json_read.json has some of its answers.

It takes nearly everything. What to expect: strings in either quote; words without quotes up to the next ``,`` or
bracket; commas left out in arrays, doubled or trailing anywhere; anything after the document's first value; a document
that is one word up to its end, empty included. Control characters in a string stay, unless the string has a backslash:
then they vanish. U+001A is the end of the text to it, but in a string without a backslash. ``-`` is 0. A number ends at
any character from ``~`` on, which then begins the next value.
"""

from __future__ import annotations

import re
from typing import Any, Final

from vtlsim.values.collections import JSONArray
from vtlsim.values.json_reader import DOUBLE_CHARACTERS, NESTING, JsonError
from vtlsim.values.numbers import BigInteger, Float, decimal_of, integer_of_digits
from vtlsim.values.objects import JavaException

_END: Final = "\x1a"
"""What json-smart takes for the end of the text, wherever it stands."""

_IN_ARRAY, _IN_OBJECT, _ALONE = ",]\x1a", ",}\x1a", "\x1a"
"""What ends a word or number in each place."""

_WORDS: Final = {stops: re.compile(f"[^{re.escape(stops)}]*") for stops in (_IN_ARRAY, _IN_OBJECT, _ALONE, ":\x1a")}
_NUMBER: Final = re.compile(r"[-0-9][0-9]*(\.[0-9]*)?(?:([eE])([-+0-9][0-9]*)?)?")
_BLANKS: Final = re.compile("[ \r\n\t]*")
_SPACE: Final = re.compile("[\x00-\x19\x1b-\x20]*")
_BLANKS_AND_COMMAS: Final = re.compile("[ \r\n\t,]*")
_TRIMMED: Final = "".join(map(chr, range(0x21)))
_KEYWORDS: Final = {"null": None, "true": True, "false": False, "NaN": Float("nan")}

_PLAIN: Final = {quote: re.compile(f"[^{quote}\\\\\x00-\x1f\x7f]*") for quote in "\"'"}
_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b", "\\": "\\", "/": "/", "'": "'", '"': '"'}
_HEX: Final = frozenset("0123456789abcdefABCDEF")

_USUAL_MEMBER: Final = re.compile(
    r"""[ \r\n\t,]*+  (?: "([^"\\]*+)" | '([^'\\]*+)' | ([^ \r\n\t,:\][{}"'\x1a][^:\x1a]*+) )
        [\x00-\x19\x1b-\x20]*+  :  [ \r\n\t]*+
        (?: "([^"\\]*+)" | '([^'\\]*+)' | (-?[0-9]{1,18}+) )  [\x00-\x19\x1b-\x20]*+  (?=[,}])""",
    re.VERBOSE,
)
"""A member of an object whose value is a string without a backslash or a short whole number: many at one look."""

_USUAL_ITEM: Final = re.compile(
    r"""[ \r\n\t,]*+  (?: "([^"\\]*+)" | '([^'\\]*+)' | (-?[0-9]{1,18}+) [\x00-\x19\x1b-\x20]*+ (?=[,\]]) )""",
    re.VERBOSE,
)
"""Such an item of an array."""


class PermissiveReader:
    """One reading of one text. Positions are indexes into it; only refusals turn them into UTF-16 units."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def document(self) -> object:
        """The text's first value."""
        position = self._after_blanks(0)
        first = self._at(position)
        if first in ":}]":
            raise self._unexpected_character(position)
        if first in "{[":
            return self._collections(position)
        return self._scalar(position, _ALONE)[0]

    def _at(self, position: int) -> str:
        return self._text[position] if position < len(self._text) else _END

    def _after_blanks(self, position: int) -> int:
        match = _BLANKS.match(self._text, position)
        return match.end() if match is not None else position

    def _after_space(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        return match.end() if match is not None else position

    # The open collections are a list, not a stack of calls: a document may be nested as deep as it likes.
    def _collections(self, position: int) -> object:
        text = self._text
        open_: list[Any] = []
        keys: list[str] = []  # of each open object, the key whose value is being read
        value: Any = {} if text[position] == "{" else JSONArray()
        while True:
            # value is a collection that has just been opened at position, or None for one that goes on there
            if value is not None:
                if len(open_) == NESTING:
                    what = (
                        f"Malicious payload, having non natural depths, parsing stoped on {text[position]} at position "
                    )
                    raise self._refusal(what, position, ".")
                open_.append(value)
                position += 1
            current = open_[-1]
            value = None
            if type(current) is dict:
                while (match := _USUAL_MEMBER.match(text, position)) is not None:
                    key, quoted_key, word, string, quoted, digits = match.groups()
                    if key is None:
                        key = quoted_key if word is None else word.strip(_TRIMMED)
                    current[key] = int(digits) if digits is not None else quoted if string is None else string
                    position = match.end()
                position, key = self._key(position)
                if key is not None:
                    position = self._after_blanks(position)
                    first = self._at(position)
                    if first in ":}]":
                        raise self._unexpected_character(position)
                    if first in "{[":
                        keys.append(key)
                        value = {} if first == "{" else JSONArray()
                        continue
                    current[key], position = self._scalar(position, _IN_OBJECT)
                    position = self._after_value(position)
                    continue
            else:
                while (match := _USUAL_ITEM.match(text, position)) is not None:
                    string, quoted, digits = match.groups()
                    current.append(int(digits) if digits is not None else quoted if string is None else string)
                    position = match.end()
                position = self._next_item(position)
                first = text[position]
                if first in "{[":
                    value = {} if first == "{" else JSONArray()
                    continue
                if first != "]":
                    item, position = self._scalar(position, _IN_ARRAY)
                    current.append(item)
                    continue
                position += 1
            # the current collection ended before position: it belongs to the one around it
            open_.pop()
            if not open_:
                return current
            if type(open_[-1]) is dict:
                open_[-1][keys.pop()] = current
                position = self._after_value(position)
            else:
                open_[-1].append(current)

    def _next_item(self, position: int) -> int:
        """Where the next item of an array begins, or its ``]``."""
        match = _BLANKS_AND_COMMAS.match(self._text, position)
        assert match is not None
        position = match.end()
        first = self._at(position)
        if first == _END:
            raise self._unexpected_end(position, "EOF", 1)
        if first in ":}":
            raise self._unexpected_character(position)
        return position

    def _key(self, position: int) -> tuple[int, str | None]:
        """An object's next key, and where its value may begin; no key and what follows the ``}`` at its end."""
        text = self._text
        match = _BLANKS_AND_COMMAS.match(text, position)
        assert match is not None
        position = match.end()
        first = self._at(position)
        if first == "}":
            return position + 1, None
        if first in ":][{":
            raise self._unexpected_character(position)
        if first in "\"'":
            key, position = self._string(position)
        else:
            key, position = self._word(position, ":\x1a")
        position = self._after_space(position)
        follower = self._at(position)
        if follower == _END:
            raise self._unexpected_end(position, "null", 1)
        if follower != ":":
            raise self._unexpected_character(position, 1)
        position += 1
        if position >= len(text):
            raise self._unexpected_end(position, "EOF", 1)
        return position, key

    def _after_value(self, position: int) -> int:
        """What follows a value in an object: ``,`` or ``}``, to be read as the beginning of what comes next."""
        position = self._after_space(position)
        follower = self._at(position)
        if follower == _END:
            raise self._unexpected_end(position, "null", 1)
        if follower not in ",}":
            raise self._refusal(f"Unexpected token {self._unit(position)} at position ", position, ".", 1)
        return position

    # -- scalars

    def _scalar(self, position: int, stops: str) -> tuple[object, int]:
        """The string, number or word that begins at ``position``, and where it ends."""
        first = self._at(position)
        if first in "\"'":
            return self._string(position)
        if first in "-0123456789":
            return self._number(position, stops)
        word, end = self._word(position, stops)
        return (_KEYWORDS[word] if word in _KEYWORDS and first == word[0] else word), end

    def _word(self, position: int, stops: str) -> tuple[str, int]:
        match = _WORDS[stops].match(self._text, position)
        assert match is not None
        return match[0].strip(_TRIMMED), match.end()

    def _number(self, position: int, stops: str) -> tuple[object, int]:
        text = self._text
        match = _NUMBER.match(text, position)
        assert match is not None
        fraction, exponent, power = match.groups()
        end = self._after_space(match.end())
        follower = self._at(end)
        if (exponent is not None and power is None) or not (follower >= "~" or follower in stops):
            return self._word(position, stops)
        digits = match[0]
        try:
            if fraction is None and exponent is None:
                return self._whole_number(digits), end
            if len(digits) > DOUBLE_CHARACTERS:
                return decimal_of(digits), end
            return float(digits), end
        except JavaException as refusal:
            raise JsonError(refusal.message or refusal.java_class, -1, refusal.java_class) from None
        except ValueError:
            raise JsonError(f'For input string: "{digits}"', -1, "java.lang.NumberFormatException") from None

    @staticmethod
    def _whole_number(digits: str) -> int:
        if digits == "-":
            return 0
        value = integer_of_digits(digits)
        most = 20 if digits[0] == "-" else 19  # beyond it json-smart does not look at leading zeros
        return BigInteger(value) if len(digits) > most and -(1 << 63) <= value < 1 << 63 else value

    def _string(self, position: int) -> tuple[str, int]:
        text = self._text
        quote = text[position]
        end = text.find(quote, position + 1)
        if end < 0:
            raise self._unexpected_end(len(text), "null")
        if text.find("\\", position, end) < 0:
            return text[position + 1 : end], end + 1
        return self._escaped_string(position + 1, quote)

    def _escaped_string(self, position: int, quote: str) -> tuple[str, int]:
        """A string with a backslash, from its first character."""
        text = self._text
        plain = _PLAIN[quote].match
        parts: list[str] = []
        surrogates = False
        while True:
            match = plain(text, position)
            assert match is not None
            parts.append(match[0])
            position = match.end()
            character = self._at(position)
            if character == quote:
                value = "".join(parts)
                return (_paired(value) if surrogates else value), position + 1
            if character == "\\":
                position += 1
                escape = self._at(position)
                if escape in "ux":
                    unit, position = self._unicode(position + 1, 4 if escape == "u" else 2)
                    surrogates = surrogates or "\ud800" <= unit <= "\udfff"
                    parts.append(unit)
                    continue
                if escape > "\uffff":  # its first unit is what the backslash takes away
                    parts.append(chr(0xDC00 | ord(escape) & 0x3FF))
                    surrogates = True
                else:
                    parts.append(_ESCAPED.get(escape, ""))
            elif character == _END:
                raise self._unexpected_end(position, "null", 1)
            position += 1

    def _unicode(self, position: int, digits: int) -> tuple[str, int]:
        """The character that an escape's hexadecimal digits name, and where they end."""
        for place in range(position, position + digits):
            digit = self._at(place)
            if digit not in _HEX:
                if digit == _END:
                    raise self._unexpected_end(place, "EOF")
                message = f"Unexpected unicode escape sequence {self._unit(place)} at position "
                raise self._refusal(message, place, ".")
        end = position + digits
        return chr(int(self._text[position:end], 16)), end

    # -- refusals

    def _unit(self, position: int) -> str:
        """The UTF-16 unit at a position: of a character beyond U+FFFF, the first."""
        character = self._at(position)
        return character if character <= "\uffff" else chr(0xD7C0 + (ord(character) >> 10))

    def _refusal(self, before: str, position: int, after: str, back: int = 0) -> JsonError:
        """A refusal at a position, or told as ``back`` units before it, with the words around its number."""
        read_so_far = self._text[:position]
        if not read_so_far.isascii():
            position += sum(character > "\uffff" for character in read_so_far)
        return JsonError(f"{before}{position - back}{after}", position - back)

    def _unexpected_character(self, position: int, back: int = 0) -> JsonError:
        return self._refusal(f"Unexpected character ({self._unit(position)}) at position ", position, ".", back)

    def _unexpected_end(self, position: int, what: str, back: int = 0) -> JsonError:
        return self._refusal("Unexpected End Of File position ", position, f": {what}", back)


def _paired(text: str) -> str:
    """The text with each pair of surrogates as the one character that it is in UTF-16."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
