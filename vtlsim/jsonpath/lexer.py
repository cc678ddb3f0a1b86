"""Reading a path character by character.

What may live here: a cursor over text, and the ways in which Jayway looks ahead in it. Jayway has no tokens: its
grammar is made of these looks, and its odd corners (what follows a quoted string, blanks that are not blanks
elsewhere) are theirs. They are kept as they are.

Looking beyond the text raises IndexError, where Java throws an exception of the same meaning: the parsers turn it into
a malformed path.
"""

from __future__ import annotations

from vtlsim.jsonpath.errors import Malformed


def is_digit(character: str) -> bool:
    """``Character.isDigit`` of one UTF-16 unit: the digits of other scripts count, those above U+FFFF do not."""
    return "0" <= character <= "9" or ("\x7f" < character <= "\uffff" and character.isdecimal())


def unescape(text: str) -> str:
    r"""Undo the escapes of a quoted name or string: ``\n``, ``\u00e9`` and the like; any other ``\x`` is ``x``.

    Raises ValueError where ``\u`` is followed by four characters that are no number.
    """
    if "\\" not in text:
        return text
    out: list[str] = []
    index, length, surrogates = 0, len(text), False
    while index < length:
        character = text[index]
        index += 1
        if character != "\\":
            out.append(character)
        elif index == length:
            out.append("\\")
        else:
            character = text[index]
            index += 1
            if character != "u":
                out.append(_ESCAPES.get(character, character))
                continue
            digits = text[index : index + 4]
            index += 4
            if len(digits) == 4:  # fewer, at the end, are dropped in silence
                unit = chr(_hexadecimal(digits) & 0xFFFF)
                surrogates = surrogates or "\ud800" <= unit <= "\udfff"
                out.append(unit)
    joined = "".join(out)
    if surrogates:
        return joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return joined


_ESCAPES = {"r": "\r", "f": "\f", "t": "\t", "n": "\n", "b": "\b"}


def _hexadecimal(digits: str) -> int:
    # Java's parseInt takes a sign; Python's int takes more than that.
    try:
        if "_" not in digits and digits.strip() == digits:
            return int(digits, 16)
    except ValueError:
        pass
    raise ValueError(f"Unable to parse unicode value: {digits}")


class Cursor:
    """A place in a text. ``end`` is the index of the last character that counts (Jayway moves it to trim blanks)."""

    __slots__ = ("end", "position", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.end = len(text) - 1

    # -- where are we ----------------------------------------------------------------------------------------------

    def current(self) -> str:
        """The character here, which may lie beyond ``end`` but not beyond the text."""
        return self.text[self.position]

    def at_tail(self) -> bool:
        """On the last character, or after it."""
        return self.position >= self.end

    def in_bounds(self) -> bool:
        """Not after the last character."""
        return self.position <= self.end

    # -- blanks: only the space is one -----------------------------------------------------------------------------

    def skip_blanks(self) -> str:
        """Move to the next character that is no space (but not over the last one) and give it."""
        text, end = self.text, self.end
        position = self.position
        while position < end and text[position] == " ":
            position += 1
        self.position = position
        return text[position]

    def trim(self) -> None:
        """Skip spaces here and drop them at the end."""
        text = self.text
        while self.position < self.end and text[self.position] == " ":
            self.position += 1
        while self.position < self.end and text[self.end] == " ":
            self.end -= 1

    # -- looking ahead ---------------------------------------------------------------------------------------------

    def significant_after(self, start: int) -> int:
        """The index of the first character after ``start`` that is no space; ``end + 1`` where there is none."""
        text, end = self.text, self.end
        index = start + 1
        while index <= end and text[index] == " ":
            index += 1
        return index

    def next_significant(self, start: int) -> str:
        """The first character after ``start`` that is no space, or a space where there is none."""
        index = self.significant_after(start)
        return self.text[index] if index <= self.end else " "

    def significant_before(self, start: int) -> int:
        """The index of the last character before ``start`` that is no space, or -1."""
        index = start - 1
        while index >= 0 and self.text[index] == " ":
            index -= 1
        return index

    def find(self, character: str, start: int) -> int:
        """The index of ``character`` from ``start`` on, or -1."""
        return self.text.find(character, start, self.end + 1)

    def find_unescaped(self, character: str, start: int) -> int:
        """The index of ``character`` after ``start`` without a backslash before it, or -1."""
        text, end = self.text, self.end
        index = start + 1
        while index <= end:
            found = text[index]
            if found == "\\":
                index += 1
            elif found == character:
                return index
            index += 1
        return -1

    def find_closing(self, start: int, closing: str, *, skip_patterns: bool) -> int:
        """The index of what closes the bracket at ``start``, or -1. Strings, and patterns if asked, are passed over.

        After a string or a pattern the next character is taken as it is, even if it begins another one.
        """
        text, end = self.text, self.end
        opening = text[start]
        opened = 1
        index = start + 1
        while index <= end:
            character = text[index]
            begin = index
            if character in "'\"":
                index = self.find_unescaped(character, index)
                if index == -1:
                    raise Malformed(f"Could not find matching close quote for {character} when parsing : {text}", begin)
                index += 1
            if skip_patterns and text[index] == "/":
                index = self.find_unescaped("/", index)
                if index == -1:
                    raise Malformed(f"Could not find matching close for / when parsing regex in : {text}", begin)
                index += 1
            if text[index] == opening:
                opened += 1
            elif text[index] == closing:
                opened -= 1
                if opened == 0:
                    return index
            index += 1
        return -1
