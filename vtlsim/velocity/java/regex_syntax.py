"""Java's regular expressions, read as java.util.regex.Pattern of JDK 17 reads them and written for Python.

What may live here: the one way from a pattern's text to a :class:`Translation`, or to the PatternSyntaxException that
Java throws for it. Nothing here matches anything.

The reader goes through the text as Java's does, so that it stops where Java stops and counts errors' places alike. What
it writes needs no flags: case, line ends and what ``\\d`` means are settled here, so ``(?i)`` in the middle of a pattern
is no different from one at its start. Most of it is for the ``regex`` package (version 1, for its nested sets); what is
``plain`` means the same to Python's ``re`` and takes time in proportion to the text, whatever the text is.
"""

from __future__ import annotations

from typing import Final, NamedTuple, NoReturn, TypeAlias

from vtlsim.values.objects import JavaException
from vtlsim.velocity.java import characters

UNIX_LINES: Final = 1
CASE_INSENSITIVE: Final = 2
COMMENTS: Final = 4
MULTILINE: Final = 8
DOTALL: Final = 32
UNICODE_CASE: Final = 64
UNICODE_CHARACTER_CLASS: Final = 256

_FLAGS: Final = {
    "i": CASE_INSENSITIVE,
    "m": MULTILINE,
    "s": DOTALL,
    "d": UNIX_LINES,
    "u": UNICODE_CASE,
    "c": 0,  # CANON_EQ, which has no effect on what is not decomposed
    "x": COMMENTS,
    "U": UNICODE_CHARACTER_CLASS | UNICODE_CASE,
}
_MAX_REPEATS: Final = 0x7FFFFFFF
_MAX_NESTING: Final = 80
"""Groups or classes inside one another: what the ``regex`` package's own reader can take."""


_SHORT: Final = 100
"""The largest count of a repetition that is taken to be quick."""


class Translation(NamedTuple):
    """A pattern for Python."""

    text: str
    plain: bool
    """Whether ``re`` will do."""
    groups: int
    """The number of capturing groups."""
    names: dict[str, int]
    """The numbers of those that have a name."""


class _Piece(NamedTuple):
    """A part of a pattern, with what Java's own study of it finds: for look-behinds, which must have a bounded length."""

    text: str
    minimum: int = 0
    maximum: int = 0
    bounded: bool = True
    deterministic: bool = True
    one: bool = False
    """Whether it is a single character or class: what Java repeats with a node of its own."""
    plain: bool = False
    counted: bool = False
    """Whether Java repeats it with the node that notices a length that is too large."""


_LINE_ENDS: Final = r"\n\r\x85\u2028\u2029"
_DOT: Final = rf"[^{_LINE_ENDS}]"
_BLANKS: Final = r"\x20\t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_BREAKS: Final = r"\n\x0b\x0c\r\x85\u2028\u2029"
_WORD_BOUND: Final = r"\p{L}\p{Nd}\p{Mn}_"
"""What ``\\b`` of JDK 17 takes for part of a word: not what ``\\w`` does."""

# The dollar sign and its kin never match between the two characters of a \r\n.
_BEFORE_LAST_END: Final = rf"(?:(?=(?:\r\n|[{_LINE_ENDS}])?\Z)(?<!\r(?=\n)))"
_BEFORE_END: Final = rf"(?:(?=[{_LINE_ENDS}]|\Z)(?<!\r(?=\n)))"
_AFTER_END: Final = r"(?:(?:\A|(?<=[\n\x85\u2028\u2029]|\r(?!\n)))(?!\Z))"

_ASCII_CLASSES: Final = {"d": "0-9", "s": r"\x20\t\n\x0b\x0c\r", "w": "a-zA-Z0-9_", "h": _BLANKS, "v": _BREAKS}
_UNICODE_CLASSES: Final = {
    "d": r"\p{Nd}",
    "s": r"\p{Z}\t-\r\x85",
    "w": r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d",
    "h": _BLANKS,
    "v": _BREAKS,
}

# A set's items, as they stand between brackets
_CASED: Final = r"\p{Lu}\p{Ll}\p{Lt}"
_CATEGORIES: Final = frozenset(
    "Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf L M N Z C P S".split()
)
_GRAPH: Final = r"[^\p{Z}\p{Cc}\p{Cs}\p{Cn}]"
_PROPERTIES: Final = {
    "LC": _CASED,
    "LD": r"\p{L}\p{Nd}",
    "L1": r"\x00-\xff",
    "all": r"\x00-\U0010ffff",
    "ASCII": r"\x00-\x7f",
    "Alnum": "a-zA-Z0-9",
    "Alpha": "a-zA-Z",
    "Blank": r"\x20\t",
    "Cntrl": r"\x00-\x1f\x7f",
    "Digit": "0-9",
    "Graph": r"!-~",
    "Lower": "a-z",
    "Print": r"\x20-~",
    "Punct": r"!-\/:-@\[-`\{-~",
    "Space": r"\x20\t\n\x0b\x0c\r",
    "Upper": "A-Z",
    "XDigit": "0-9a-fA-F",
    "javaLowerCase": r"\p{Lowercase}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaAlphabetic": r"\p{Alphabetic}",
    "javaIdeographic": r"\p{Ideographic}",
    "javaTitleCase": r"\p{Lt}",
    "javaDigit": r"\p{Nd}",
    "javaDefined": r"\P{Cn}",
    "javaLetter": r"\p{L}",
    "javaLetterOrDigit": r"\p{L}\p{Nd}",
    "javaJavaIdentifierStart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}",
    "javaJavaIdentifierPart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}\p{Cf}\x00-\x08\x0e-\x1b\x7f-\x9f",
    "javaUnicodeIdentifierStart": r"\p{L}\p{Nl}\u1885\u1886\u2118\u212e\u309b\u309c",
    "javaUnicodeIdentifierPart": r"\p{L}\p{Nl}\u1885\u1886\u2118\u212e\u309b\u309c\p{Pc}\p{Nd}\p{Mn}\p{Mc}\p{Cf}"
    r"\xb7\u0387\u1369-\u1371\u19da\x00-\x08\x0e-\x1b\x7f-\x9f",
    "javaIdentifierIgnorable": r"\p{Cf}\x00-\x08\x0e-\x1b\x7f-\x9f",
    "javaSpaceChar": r"\p{Z}",
    "javaWhitespace": r"[\p{Z}--[\xa0\u2007\u202f]]\t-\r\x1c-\x1f",
    "javaISOControl": r"\x00-\x1f\x7f-\x9f",
    "javaMirrored": r"\p{Bidi_Mirrored}",
}
_ANY_CASE: Final = r"\p{Lowercase}\p{Uppercase}\p{Lt}"
_IGNORING_CASE: Final = {
    "Lu": _CASED,
    "Ll": _CASED,
    "Lt": _CASED,
    "Lower": "a-zA-Z",
    "Upper": "a-zA-Z",
    "javaLowerCase": _ANY_CASE,
    "javaUpperCase": _ANY_CASE,
    "javaTitleCase": _ANY_CASE,
}
_POSIX: Final = {
    "ALPHA": r"\p{Alphabetic}",
    "LOWER": r"\p{Lowercase}",
    "UPPER": r"\p{Uppercase}",
    "SPACE": r"\p{Z}\t-\r\x85",
    "PUNCT": r"\p{P}",
    "XDIGIT": r"\p{Nd}0-9A-Fa-f\uff10-\uff19\uff21-\uff26\uff41-\uff46",
    "ALNUM": r"\p{Alphabetic}\p{Nd}",
    "CNTRL": r"\p{Cc}",
    "DIGIT": r"\p{Nd}",
    "BLANK": r"\p{Zs}\t",
    "GRAPH": _GRAPH,
    "PRINT": rf"[{_GRAPH}\p{{Zs}}--\p{{Cc}}]",
}
_BINARY: Final = {
    "ALPHABETIC": r"\p{Alphabetic}",
    "ASSIGNED": r"\P{Cn}",
    "CONTROL": r"\p{Cc}",
    "HEXDIGIT": _POSIX["XDIGIT"],
    "HEX_DIGIT": _POSIX["XDIGIT"],
    "IDEOGRAPHIC": r"\p{Ideographic}",
    "JOINCONTROL": r"\u200c\u200d",
    "JOIN_CONTROL": r"\u200c\u200d",
    "LETTER": r"\p{L}",
    "LOWERCASE": r"\p{Lowercase}",
    "NONCHARACTERCODEPOINT": r"\p{Noncharacter_Code_Point}",
    "NONCHARACTER_CODE_POINT": r"\p{Noncharacter_Code_Point}",
    "TITLECASE": r"\p{Lt}",
    "PUNCTUATION": r"\p{P}",
    "UPPERCASE": r"\p{Uppercase}",
    "WHITESPACE": _POSIX["SPACE"],
    "WHITE_SPACE": _POSIX["SPACE"],
    "WORD": _UNICODE_CLASSES["w"],
}
_CASED_NAMES: Final = frozenset(("LOWER", "UPPER", "LOWERCASE", "UPPERCASE", "TITLECASE"))


# -- sets -------------------------------------------------------------------------------------------------------------


class _Bits:
    """The single characters of a class. Java keeps them in one object that an intersection before them shares."""

    __slots__ = ("codes",)

    def __init__(self) -> None:
        self.codes: set[int] = set()


class _Items(NamedTuple):
    """Items that stand between brackets."""

    text: str
    plain: bool = True


class _Union(NamedTuple):
    left: _Set
    right: _Set


class _Both(NamedTuple):
    left: _Set
    right: _Set


class _Complement(NamedTuple):
    inner: _Set


_Set: TypeAlias = _Bits | _Items | _Union | _Both | _Complement


def _code(code: int) -> str:
    """One character, outside or inside of brackets."""
    if 48 <= code <= 57 or 65 <= code <= 90 or 97 <= code <= 122 or code == 95:
        return chr(code)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _span(first: int, last: int) -> str:
    return f"{_code(first)}-{_code(last)}"


def _between_brackets(what: _Set) -> str:
    match what:
        case _Bits(codes=codes):
            return "".join(map(_code, sorted(codes)))
        case _Items(text=text):
            return text
        case _Union(left=left, right=right):
            return _between_brackets(left) + _between_brackets(right)
        case _Both(left=left, right=right):
            return f"[{_between_brackets(left)}&&{_between_brackets(right)}]"
        case _Complement(inner=inner):
            return f"[^{_between_brackets(inner)}]"


def _is_plain(what: _Set) -> bool:
    match what:
        case _Bits():
            return True
        case _Items(plain=plain):
            return plain
        case _Union(left=left, right=right):
            return _is_plain(left) and _is_plain(right)
        case _:
            return False


def _set_piece(what: _Set) -> _Piece:
    if isinstance(what, _Complement) and _is_plain(what.inner):
        return _one(_between_brackets(what), plain=True)
    return _one(f"[{_between_brackets(what)}]", plain=_is_plain(what))


def _one(text: str, *, plain: bool) -> _Piece:
    return _Piece(text, 1, 1, one=True, plain=plain)


# -- the reader -------------------------------------------------------------------------------------------------------


def translate(pattern: str) -> Translation:
    """Read a Java pattern. Raises JavaException with a PatternSyntaxException, as ``Pattern.compile`` would."""
    return _Reader(pattern).translation()


def _wrapped(number: int) -> int:
    """Java's int arithmetic."""
    return (number + 0x80000000 & 0xFFFFFFFF) - 0x80000000


class _Reader:
    """Goes through ``temp``, the pattern's code points with two zeros at the end; ``cursor`` is where it is."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        codes = _without_quotes([ord(character) for character in pattern])
        self.length = len(codes)
        self.temp = [*codes, 0, 0]
        self.cursor = 0
        self.flags = 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self.depth = 0
        self.references: set[int] = set()
        self.open: set[int] = set()

    def translation(self) -> Translation:
        piece = self.alternatives()
        if self.cursor != self.length:
            self.fail("Unmatched closing ')'" if self.peek() == 41 else "Unexpected internal error")
        text = piece.text
        for number in self.references:
            # a reference to a group that is never there matches nothing
            text = text.replace(f"\\g<{number}>", f"\\g<{number}>" if number <= self.groups else "(?!)")
        return Translation(text, piece.plain, self.groups, self.names)

    def fail(self, description: str) -> NoReturn:
        """Throw what Pattern.error() makes: the message shows the pattern with a caret under the place."""
        index = self.cursor - 1
        lines = [f"{description} near index {index}" if index >= 0 else description, self.pattern]
        units = sum(2 if ord(character) > 0xFFFF else 1 for character in self.pattern)
        if index >= 0 and index < units:
            lines.append(" " * index + "^")
        raise JavaException("java.util.regex.PatternSyntaxException", "\n".join(lines))

    def has(self, flag: int) -> bool:
        return self.flags & flag != 0

    # -- Java's cursor ------------------------------------------------------------------------------------------------

    def at(self, index: int) -> int:
        return self.temp[index] if index < len(self.temp) else 0

    def peek(self) -> int:
        if self.flags & COMMENTS:
            self.pass_space()
        return self.at(self.cursor)

    def next(self) -> int:
        self.cursor += 1
        return self.peek()

    def next_escaped(self) -> int:
        self.cursor += 1
        return self.at(self.cursor)

    def read(self) -> int:
        code = self.peek()
        self.cursor += 1
        return code

    def skip(self) -> int:
        code = self.at(self.cursor + 1)
        self.cursor += 2
        return code

    def pass_space(self) -> None:
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

    # -- the grammar --------------------------------------------------------------------------------------------------

    def alternatives(self) -> _Piece:
        """``a|b|c``"""
        branches = [self.sequence()]
        while self.peek() == 124:
            self.next()
            branches.append(self.sequence())
        if len(branches) == 1:
            return branches[0]
        return _Piece(
            "|".join(branch.text for branch in branches),
            min(branch.minimum for branch in branches),
            max(branch.maximum for branch in branches),
            bounded=all(branch.bounded for branch in branches),
            deterministic=False,
            plain=all(branch.plain for branch in branches),
        )

    def sequence(self) -> _Piece:
        """What stands between two bars."""
        pieces: list[_Piece] = []
        while True:
            code = self.peek()
            if code == 40:
                group = self.group()
                if group is not None:
                    pieces.append(group)
                continue
            if code in (124, 41) or (code == 0 and self.cursor >= self.length):
                break
            if code == 91:
                piece = _set_piece(self.character_class(consume=True))
            elif code == 94:
                self.next()
                piece = self.caret()
            elif code == 36:
                self.next()
                piece = self.dollar(multiline=self.has(MULTILINE))
            elif code == 46:
                self.next()
                piece = self.dot()
            elif code in (63, 42, 43):
                self.next()
                self.fail(f"Dangling meta character '{chr(code)}'")
            else:
                piece = self.atom()
            pieces.append(self.closure(piece))
        return _chain(pieces)

    def caret(self) -> _Piece:
        if not self.has(MULTILINE):
            return _Piece(r"\A", plain=True)
        return _Piece(r"(?:(?:\A|(?<=\n))(?!\Z))" if self.has(UNIX_LINES) else _AFTER_END)

    def dollar(self, *, multiline: bool) -> _Piece:
        if self.has(UNIX_LINES):
            return _Piece(r"(?=\n|\Z)" if multiline else r"(?=\n?\Z)")
        return _Piece(_BEFORE_END if multiline else _BEFORE_LAST_END, plain=not multiline)

    def dot(self) -> _Piece:
        if self.has(DOTALL):
            return _one(r"[\x00-\U0010ffff]", plain=True)
        return _one(r"[^\n]" if self.has(UNIX_LINES) else _DOT, plain=True)

    def atom(self) -> _Piece:
        """A run of characters; where a quantifier follows, all but the last of them. Or one escape."""
        codes: list[int] = []
        before = -1
        code = self.peek()
        while True:
            if code in (42, 43, 63, 123):
                if len(codes) > 1:
                    self.cursor = before
                    codes.pop()
                break
            if code in (36, 46, 94, 40, 91, 124, 41):
                break
            if code == 92:
                following = self.next_escaped()
                if following in (112, 80):
                    if codes:
                        self.cursor -= 1
                        break
                    return _set_piece(self.family())
                self.cursor -= 1
                before = self.cursor
                escaped = self.escape(create=not codes)
                if isinstance(escaped, int):
                    codes.append(escaped)
                    code = self.peek()
                    continue
                if not codes:
                    assert escaped is not None
                    return escaped
                self.cursor = before
                break
            if code == 0 and self.cursor >= self.length:
                break
            before = self.cursor
            codes.append(code)
            code = self.next()
        if len(codes) == 1:
            return self.single(codes[0])
        count = len(codes)
        return _Piece("".join(self.single(code).text for code in codes), count, count, plain=True)

    def variants(self, code: int) -> tuple[int, ...]:
        """The characters that one character of the pattern matches, by the flags."""
        if self.has(CASE_INSENSITIVE):
            if self.has(UNICODE_CASE):
                return characters.same_letter(code)
            if 65 <= code <= 90 or 97 <= code <= 122:
                return code, code ^ 32
        return (code,)

    def single(self, code: int) -> _Piece:
        codes = self.variants(code)
        text = _code(codes[0]) if len(codes) == 1 else f"[{''.join(map(_code, codes))}]"
        return _one(text, plain=True)

    def predefined(self, letter: str) -> _Set:
        r"""``\d`` and its kin; upper case is the complement."""
        classes = _UNICODE_CLASSES if self.has(UNICODE_CHARACTER_CLASS) else _ASCII_CLASSES
        items = _Items(classes[letter.lower()], plain=classes is _ASCII_CLASSES)
        return _Complement(items) if letter.isupper() else items

    def escape(self, *, create: bool) -> int | _Piece | None:
        """What a backslash and the next character mean: a character's code, or a piece; None for a piece that was not
        wanted yet."""
        code = self.skip()
        letter = chr(code)
        if not letter.isascii() or not letter.isalnum():
            return code
        character = self.character_escape(letter)
        if character >= 0:
            return character
        if letter in "123456789":
            return self.reference(int(letter)) if create else None
        if letter in "dDhHsSvVwW":
            return _set_piece(self.predefined(letter)) if create else None
        if letter == "k":
            return self.named_reference(create=create)
        if letter == "b" and create and self.peek() == 123:
            if self.at(self.cursor + 1) == 103:
                self.cursor += 2
                if self.read() == 125:
                    return _Piece(_GRAPHEME_BOUND)
                self.illegal_escape()
        word = _UNICODE_CLASSES["w"] if self.has(UNICODE_CHARACTER_CLASS) else _WORD_BOUND
        assertions = {
            "A": r"\A",
            "G": r"\G",
            "R": rf"(?:\r\n|[{_BREAKS}])",
            "X": r"\X",
            "z": r"\Z",
            "Z": "",
            "b": rf"(?:(?<=[{word}])(?![{word}])|(?<![{word}])(?=[{word}]))",
            "B": rf"(?:(?<=[{word}])(?=[{word}])|(?<![{word}])(?![{word}]))",
        }
        text = assertions.get(letter)
        if text is None:
            self.illegal_escape()
        if not create:
            return None
        if letter == "Z":
            return self.dollar(multiline=False)
        if letter == "R":
            return _Piece(text, 1, 2)
        return _Piece(text, 1) if letter == "X" else _Piece(text)

    def illegal_escape(self) -> NoReturn:
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
        code = self.read()
        if code in _HEX:
            second = self.read()
            if second in _HEX:
                return _HEX[code] * 16 + _HEX[second]
        elif code == 123 and self.peek() in _HEX:
            value = 0
            while (code := self.read()) in _HEX:
                value = value * 16 + _HEX[code]
                if value > characters.MAX_CODE_POINT:
                    self.fail("Hexadecimal codepoint is too big")
            if code != 125:
                self.fail("Unclosed hexadecimal escape sequence")
            return value
        self.fail("Illegal hexadecimal escape sequence")

    def unicode(self) -> int:
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
        value = 0
        for _ in range(4):
            code = self.read()
            if code not in _HEX:
                self.fail("Illegal Unicode escape sequence")
            value = value * 16 + _HEX[code]
        return value

    def character_name(self) -> int:
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

    def reference(self, number: int) -> _Piece:
        """A group's number: further digits belong to it as long as there are so many groups already."""
        while 48 <= (code := self.peek()) <= 57 and number * 10 + code - 48 <= self.groups:
            number = number * 10 + code - 48
            self.read()
        return self.referred(number)

    def referred(self, number: int) -> _Piece:
        if number in self.open:
            return _Piece("(?!)", bounded=False)
        self.references.add(number)
        text = f"(?:\\g<{number}>)"
        return _Piece(f"(?i:\\g<{number}>)" if self.has(CASE_INSENSITIVE) else text, bounded=False)

    def named_reference(self, *, create: bool) -> _Piece | None:
        if self.read() != 60:
            self.fail("\\k is not followed by '<' for named capturing group")
        name = self.group_name(self.read())
        if name not in self.names:
            self.fail(f"named capturing group <{name}> does not exist")
        return self.referred(self.names[name]) if create else None

    def group_name(self, code: int) -> str:
        if not (65 <= code <= 90 or 97 <= code <= 122):
            self.fail("capturing group name does not start with a Latin letter")
        name = chr(code)
        while (code := self.read()) < 128 and chr(code).isalnum():
            name += chr(code)
        if code != 62:
            self.fail("named capturing group is missing trailing '>'")
        return name

    # -- classes ------------------------------------------------------------------------------------------------------

    def character_class(self, *, consume: bool) -> _Set:
        """``[...]``; without ``consume`` the right side of an intersection, up to but without the bracket."""
        self.deeper()
        bits = _Bits()
        previous: _Set | None = None
        current: _Set | None = None
        bits_used = negated = False
        code = self.next()
        if code == 94 and self.at(self.cursor - 1) == 91:
            code = self.next()
            negated = True
        while True:
            if code == 91:
                current = self.character_class(consume=True)
                previous = current if previous is None else _Union(previous, current)
                code = self.peek()
                continue
            if code == 38:
                if self.next() == 38:
                    right = self.intersected(self.next())
                    if bits_used:
                        if previous is None:
                            previous = current = bits
                        else:
                            previous = _Union(previous, bits)
                        bits_used = False
                    if right is not None:
                        current = right
                    if previous is None:
                        if right is None:
                            self.fail("Bad class syntax")
                        previous = right
                    else:
                        if current is None:
                            self.fail("Bad intersection syntax")
                        previous = _Both(previous, current)
                    code = self.peek()
                    continue
                self.cursor -= 1
            elif code == 0 and self.cursor >= self.length:
                self.fail("Unclosed character class")
            elif code == 93 and (previous is not None or bits_used):
                if consume:
                    self.next()
                if previous is None:
                    previous = bits
                elif bits_used:
                    previous = _Union(previous, bits)
                self.depth -= 1
                return _Complement(previous) if negated else previous
            current = self.class_item(bits)
            if current is None:
                bits_used = True
            elif previous is None:
                previous = current
            elif previous is not current:
                previous = _Union(previous, current)
            code = self.peek()

    def intersected(self, code: int) -> _Set | None:
        """The right side of ``&&``."""
        right: _Set | None = None
        while code not in (93, 38):
            if code == 91:
                more = self.character_class(consume=True)
            else:
                self.cursor -= 1
                more = self.character_class(consume=False)
            right = more if right is None else _Union(right, more)
            code = self.peek()
        return right

    def class_item(self, bits: _Bits) -> _Set | None:
        """A character or a range; None when it went into ``bits``."""
        code = self.peek()
        if code == 92:
            following = self.next_escaped()
            if following in (112, 80):
                return self.family()
            is_range = self.at(self.cursor + 1) == 45
            self.cursor -= 1
            escaped = self.class_escape(is_range=is_range)
            if not isinstance(escaped, int):
                return escaped
            code = escaped
        else:
            self.next()
        if self.peek() == 45:
            end = self.at(self.cursor + 1)
            if end not in (91, 93):
                self.next()
                last = self.peek()
                if last == 92:
                    escaped = self.class_escape(is_range=True)
                    last = escaped if isinstance(escaped, int) else -1
                else:
                    self.next()
                if last < code:
                    self.fail("Illegal character range")
                return self.range(code, last)
        if code > 0xFF:
            return _Items("".join(map(_code, self.variants(code))))
        bits.codes.update(self.variants(code))
        return None

    def class_escape(self, *, is_range: bool) -> int | _Set:
        code = self.skip()
        letter = chr(code)
        if not letter.isascii() or not letter.isalnum():
            return code
        if letter == "v" and is_range:
            return 11
        character = self.character_escape(letter)
        if character >= 0:
            return character
        if letter not in "dDhHsSvVwW":
            self.illegal_escape()
        return self.predefined(letter)

    def range(self, first: int, last: int) -> _Set:
        items = _span(first, last)
        if self.has(CASE_INSENSITIVE):
            if self.has(UNICODE_CASE):
                codes = [
                    code
                    for code in characters.cased_codes()
                    if first <= (upper := characters.upper(code)) <= last or first <= characters.lower(upper) <= last
                ]
                items += "".join(map(_code, codes))
            else:
                for low, high in ((65, 90), (97, 122)):
                    start, end = max(first, low), min(last, high)
                    if start <= end:
                        items += _span(start ^ 32, end ^ 32)
        return _Items(items)

    def family(self) -> _Set:
        r"""``\p{...}`` and ``\P{...}``; the cursor is on the letter."""
        complement = self.at(self.cursor) == 80
        if self.next() == 123:
            self.next()
            start = self.cursor
            while (code := self.read()) != 125:
                if code == 0 and self.cursor > self.length:
                    break
            if self.cursor > self.length:
                self.fail("Unclosed character family")
            if start + 1 >= self.cursor:
                self.fail("Empty character family")
            name = "".join(map(chr, self.temp[start : self.cursor - 1]))
        else:
            name = chr(self.at(self.cursor))
            self.read()
        items = self.property(name)
        return _Complement(items) if complement else items

    def property(self, name: str) -> _Items:
        found: str | None = None
        if "=" in name:
            key, _, value = name.partition("=")
            key = key.lower()
            if key in ("sc", "script"):
                found = _by_regex("Script", value)
            elif key in ("blk", "block"):
                found = _by_regex("Block", value)
            elif key in ("gc", "general_category"):
                found = self.simple_property(value)
            if found is None:
                self.fail(f"Unknown Unicode property {{name=<{key}>, value=<{value}>}}")
        elif name.startswith("In"):
            found = _by_regex("Block", name[2:])
        elif name.startswith("Is"):
            short = name[2:]
            found = self.binary_property(short)
            if found is None:
                found = self.simple_property(short)
            if found is None:
                found = _by_regex("Script", short)
        else:
            if self.has(UNICODE_CHARACTER_CLASS):
                found = self.posix_property(name.upper())
            if found is None:
                found = self.simple_property(name)
        if found is None:
            self.fail(f"Unknown character property name {{{name}}}")
        return _Items(found, plain="[" not in found and "\\p" not in found.lower())

    def simple_property(self, name: str) -> str | None:
        if self.has(CASE_INSENSITIVE) and name in _IGNORING_CASE:
            return _IGNORING_CASE[name]
        return rf"\p{{{name}}}" if name in _CATEGORIES else _PROPERTIES.get(name)

    def posix_property(self, name: str) -> str | None:
        return _ANY_CASE if self.has(CASE_INSENSITIVE) and name in _CASED_NAMES else _POSIX.get(name)

    def binary_property(self, name: str) -> str | None:
        name = name.upper()
        if name in _BINARY:
            return _ANY_CASE if self.has(CASE_INSENSITIVE) and name in _CASED_NAMES else _BINARY[name]
        return self.posix_property(name)

    # -- groups -------------------------------------------------------------------------------------------------------

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > _MAX_NESTING:
            raise JavaException("java.lang.StackOverflowError")

    def group(self) -> _Piece | None:
        """``(...)`` with what follows the question mark; None for flags alone."""
        self.deeper()
        saved = self.flags
        opening = "(?:"
        capturing = lookaround = independent = False
        if self.next() == 63:
            code = self.skip()
            match chr(code):
                case ":":
                    pass
                case "=" | "!":
                    opening = f"(?{chr(code)}"
                    lookaround = True
                case ">":
                    opening = "(?>"
                    independent = True
                case "<":
                    code = self.read()
                    if code in (61, 33):
                        return self.look_behind(chr(code), saved)
                    name = self.group_name(code)
                    if name in self.names:
                        self.fail(f"Named capturing group <{name}> is already defined")
                    capturing = True
                    self.names[name] = self.groups + 1
                case "$" | "@":
                    self.fail("Unknown group type")
                case _:
                    self.cursor -= 1
                    self.inline_flags()
                    code = self.read()
                    if code == 41:
                        self.depth -= 1
                        return None
                    if code != 58:
                        self.fail("Unknown inline modifier")
        else:
            capturing = True
        if capturing:
            self.groups += 1
            opening = "("
            self.open.add(number := self.groups)
        inner = self.alternatives()
        if capturing:
            self.open.discard(number)
        self.close(saved)
        text = f"{opening}{inner.text})"
        if lookaround:
            return self.closure(_Piece(text))
        piece = inner._replace(text=text, one=False, plain=False)
        if independent:
            return self.closure(piece)
        return self.closure(piece, group=True)

    def look_behind(self, sign: str, saved: int) -> _Piece:
        inner = self.alternatives()
        if not inner.bounded:
            self.fail("Look-behind group does not have an obvious maximum length")
        self.close(saved)
        # Java adds lengths as ints: two unbounded ones come to less than nothing, and then nothing is looked at
        never = -0x80000000 < inner.maximum < inner.minimum
        text = f"(?<{sign}(?!)(?:{inner.text}))" if never else f"(?<{sign}{inner.text})"
        return self.closure(_Piece(text))

    def close(self, saved: int) -> None:
        if self.read() != 41:
            self.fail("Unclosed group")
        self.flags = saved
        self.depth -= 1

    def inline_flags(self) -> None:
        code = self.peek()
        adding = True
        while True:
            letter = chr(code)
            if letter in _FLAGS:
                if adding:
                    self.flags |= _FLAGS[letter]
                else:
                    self.flags &= ~_FLAGS[letter]
            elif letter == "-" and adding:
                adding = False
            else:
                return
            code = self.next()

    # -- quantifiers --------------------------------------------------------------------------------------------------

    def closure(self, piece: _Piece, *, group: bool = False) -> _Piece:
        """A piece with the quantifier that follows, if one does."""
        code = self.peek()
        if code == 63:
            return self.repeated(piece, 0, 1, "?", group=group)
        if code == 42:
            return self.repeated(piece, 0, _MAX_REPEATS, "*", group=group)
        if code == 43:
            return self.repeated(piece, 1, _MAX_REPEATS, "+", group=group)
        if code != 123:
            return piece
        code = self.skip()
        if not 48 <= code <= 57:
            self.fail("Illegal repetition")
        least, code = self.repeat_count(code)
        most = least
        text = f"{{{least}}}"
        if code == 44:
            code = self.read()
            if code == 125:
                most = _MAX_REPEATS
                text = f"{{{least},}}"
            else:
                most, code = self.repeat_count(code)
                text = f"{{{least},{most}}}"
        if code != 125:
            self.fail("Unclosed counted closure")
        if most < least:
            self.fail("Illegal repetition range")
        self.cursor -= 1
        return self.repeated(piece, least, most, text, group=group)

    def repeat_count(self, code: int) -> tuple[int, int]:
        count = 0
        while 48 <= code <= 57:
            count = count * 10 + code - 48
            if count > _MAX_REPEATS:
                self.fail("Illegal repetition range")
            code = self.read()
        return count, code

    def repeated(self, piece: _Piece, least: int, most: int, quantifier: str, *, group: bool) -> _Piece:
        kind = self.next()
        if kind in (63, 43):
            self.next()
            quantifier += chr(kind)
        greedy = kind not in (63, 43)
        if not piece.text:
            return piece
        text = (piece.text if piece.one else f"(?:{piece.text})") + quantifier
        plain = piece.plain and piece.one and kind != 43
        if (least, most) == (0, 1):
            return _Piece(text, 0, piece.maximum, bounded=piece.bounded, deterministic=False, plain=plain)
        if group and kind != 43 and not piece.deterministic:  # Java's Loop
            return _Piece(text, 0, 0, bounded=False, deterministic=False)
        if piece.one and greedy and most == _MAX_REPEATS:
            return _Piece(text, least, most, deterministic=False, plain=plain)
        minimum = _wrapped(piece.minimum * least)
        maximum = _wrapped(piece.maximum * most)
        return _Piece(
            text,
            minimum if minimum >= 0 else 0xFFFFFFF,
            maximum,
            bounded=piece.bounded,
            deterministic=piece.deterministic and least == most,
            plain=plain,
            counted=True,
        )


_SPACE: Final = frozenset((9, 10, 11, 12, 13, 32))
_HEX: Final = {ord(digit): int(digit, 16) for digit in "0123456789abcdefABCDEF"}
_GRAPHEME_BOUND: Final = r"(?:\A|\Z|(?![\p{Grapheme_Extend}\u200d])(?<![\r\u200d]))"
"""Nearly: characters that join what is before or after them are known, flags and Hangul syllables are not."""


def _chain(pieces: list[_Piece]) -> _Piece:
    if len(pieces) == 1 and not (pieces[0].counted and pieces[0].maximum < 0):
        return pieces[0]
    minimum = maximum = 0
    bounded = deterministic = True
    for piece in pieces:
        minimum = _wrapped(minimum + piece.minimum)
        total = _wrapped(maximum + piece.maximum)
        if total < maximum and piece.counted:
            bounded = False
        maximum = total
        bounded = bounded and piece.bounded
        deterministic = deterministic and piece.deterministic
    text = "".join(piece.text for piece in pieces)
    return _Piece(text, minimum, maximum, bounded=bounded, deterministic=deterministic, plain=_takes_linear_time(pieces))


def _takes_linear_time(pieces: list[_Piece]) -> bool:
    """Whether all but the last piece are of a fixed length, so that no text makes the search go back and forth."""
    if not all(piece.plain for piece in pieces):
        return False
    return all(piece.minimum == piece.maximum <= _SHORT for piece in pieces[:-1])


def _by_regex(kind: str, name: str) -> str | None:
    """A script or block by name, if the ``regex`` package knows it; Java knows the same, from the same tables."""
    import regex

    text = rf"\p{{{kind}={name}}}"
    try:
        regex.compile(text)
    except regex.error:
        return None
    return text


def _without_quotes(temp: list[int]) -> list[int]:
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
