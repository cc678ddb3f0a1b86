"""Going through a regular expression's text as java.util.regex.Pattern does.

What may live here: the cursor over a pattern's code points, with Java's ways of moving it, the error that names its
place, and the escapes that stand for one character.
"""

from __future__ import annotations

from typing import Final, NoReturn

from vtlsim.values.objects import JavaException
from vtlsim.velocity.java import characters
from vtlsim.velocity.java.regex_properties import COMMENTS, UNIX_LINES

HEX: Final = {ord(digit): int(digit, 16) for digit in "0123456789abcdefABCDEF"}
_SPACE: Final = frozenset((9, 10, 11, 12, 13, 32))
_MAX_NESTING: Final = 80
"""Groups or classes inside one another: what the ``regex`` package's own reader can take."""


class Cursor:
    """Goes through ``temp``, the pattern's code points with two zeros at the end; ``cursor`` is where it is."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        codes = without_quotes([ord(character) for character in pattern])
        self.length = len(codes)
        self.temp = [*codes, 0, 0]
        self.cursor = 0
        self.flags = 0
        self.depth = 0

    def fail(self, description: str) -> NoReturn:
        """Throw what Pattern.error() makes: the message shows the pattern with a caret under the place."""
        index = self.cursor - 1
        lines = [f"{description} near index {index}" if index >= 0 else description, self.pattern]
        units = sum(2 if ord(character) > 0xFFFF else 1 for character in self.pattern)
        if index >= 0 and index < units:
            lines.append(" " * index + "^")
        raise JavaException("java.util.regex.PatternSyntaxException", "\n".join(lines))

    def has(self, flag: int) -> bool:
        """Whether a flag is set here."""
        return self.flags & flag != 0

    # -- Java's cursor ------------------------------------------------------------------------------------------------

    def at(self, index: int) -> int:
        """The code point at a place; 0 beyond the end."""
        return self.temp[index] if index < len(self.temp) else 0

    def peek(self) -> int:
        """What comes next; in comments mode blanks and comments are passed first."""
        if self.flags & COMMENTS:
            self.pass_space()
        return self.at(self.cursor)

    def next(self) -> int:
        """One place on, and what comes next there."""
        self.cursor += 1
        return self.peek()

    def next_escaped(self) -> int:
        """One place on, and what stands there, be it a blank."""
        self.cursor += 1
        return self.at(self.cursor)

    def read(self) -> int:
        """What comes next, which is passed."""
        code = self.peek()
        self.cursor += 1
        return code

    def skip(self) -> int:
        """What comes after the next, and both are passed."""
        code = self.at(self.cursor + 1)
        self.cursor += 2
        return code

    def pass_space(self) -> None:
        """Pass blanks and comments."""
        while True:
            code = self.at(self.cursor)
            if code in _SPACE:
                self.cursor += 1
            elif code == 35:
                ends = (10,) if self.has(UNIX_LINES) else (10, 13, 0x85, 0x2028, 0x2029)
                while self.cursor < self.length and self.temp[self.cursor] not in ends:
                    self.cursor += 1
            else:
                return

    def deeper(self) -> None:
        """One level more of groups or classes. Raises JavaException where Java's stack would end."""
        self.depth += 1
        if self.depth > _MAX_NESTING:
            raise JavaException("java.lang.StackOverflowError")

    # -- escapes ------------------------------------------------------------------------------------------------------

    def illegal_escape(self) -> NoReturn:
        """A backslash before a letter that means nothing."""
        self.fail("Illegal/unsupported escape sequence")

    def character_escape(self, letter: str) -> int:
        """An escape that stands for one character; -1 for the others."""
        fixed = "aefnrt".find(letter)
        if fixed >= 0:
            return (7, 27, 12, 10, 13, 9)[fixed]
        match letter:
            case "0":
                return self.octal()
            case "x":
                return self.hexadecimal()
            case "u":
                return self.unicode()
            case "N":
                return self.character_name()
            case "c":
                if self.cursor >= self.length:
                    self.fail("Illegal control escape sequence")
                return self.read() ^ 64
        return -1

    def octal(self) -> int:
        r"""``\0n``, ``\0nn``, ``\0mnn``"""
        value = self.read() - 48
        if not 0 <= value <= 7:
            self.fail("Illegal octal escape sequence")
        for larger in (False, True):
            if larger and value > 0o37:
                break
            following = self.read() - 48
            if not 0 <= following <= 7:
                self.cursor -= 1
                break
            value = value * 8 + following
        return value

    def hexadecimal(self) -> int:
        r"""``\xhh``, ``\x{h...h}``"""
        code = self.read()
        if code in HEX:
            second = self.read()
            if second in HEX:
                return HEX[code] * 16 + HEX[second]
        elif code == 123 and self.peek() in HEX:
            value = 0
            while (code := self.read()) in HEX:
                value = value * 16 + HEX[code]
                if value > characters.MAX_CODE_POINT:
                    self.fail("Hexadecimal codepoint is too big")
            if code != 125:
                self.fail("Unclosed hexadecimal escape sequence")
            return value
        return self.fail("Illegal hexadecimal escape sequence")

    def unicode(self) -> int:
        r"""``\uhhhh``; two of them may be one character"""
        high = self.four_digits()
        if 0xD800 <= high <= 0xDBFF:
            before = self.cursor
            if self.read() == 92 and self.read() == 117:
                low = self.four_digits()
                if 0xDC00 <= low <= 0xDFFF:
                    return 0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00
            self.cursor = before
        return high

    def four_digits(self) -> int:
        """Four hexadecimal digits."""
        value = 0
        for _ in range(4):
            code = self.read()
            if code not in HEX:
                self.fail("Illegal Unicode escape sequence")
            value = value * 16 + HEX[code]
        return value

    def character_name(self) -> int:
        r"""``\N{name}``"""
        if self.read() != 123:
            self.fail("Illegal character name escape sequence")
        start = self.cursor
        while (code := self.read()) != 125:
            if self.cursor >= self.length:
                self.fail("Unclosed character name escape sequence")
        name = "".join(map(chr, self.temp[start : self.cursor - 1]))
        code = characters.code_point_of(name)
        if code < 0:
            self.fail(f"Unknown character name [{name}]")
        return code


def without_quotes(temp: list[int]) -> list[int]:
    r"""A pattern without its ``\Q...\E``: what stands between is escaped, the way that Java does it."""
    length = len(temp)
    index = 0
    while index < length - 1:
        if temp[index] != 92:
            index += 1
        elif temp[index + 1] != 81:
            index += 2
        else:
            break
    if index >= length - 1:
        return temp
    result = temp[:index]
    index += 2
    quoting = first = True
    while index < length:
        code = temp[index]
        index += 1
        if code >= 128 or 65 <= code <= 90 or 97 <= code <= 122:
            result.append(code)
        elif 48 <= code <= 57:
            # a number right after a quote's begin could be taken for part of an escape before it
            result += [92, 120, 51, code] if first else [code]
        elif code != 92:
            result += [92, code] if quoting else [code]
        elif quoting:
            if index < length and temp[index] == 69:
                index += 1
                quoting = False
            else:
                result += [92, 92]
        elif index < length and temp[index] == 81:
            index += 1
            quoting = first = True
            continue
        else:
            result.append(code)
            if index < length:
                result.append(temp[index])
                index += 1
        first = False
    return result
