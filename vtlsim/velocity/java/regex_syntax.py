r"""Java's regular expressions, read as java.util.regex.Pattern of JDK 17 reads them and written for Python.

What may live here: the one way from a pattern's text to a :class:`Translation`, or to the PatternSyntaxException that
Java throws for it. Nothing here matches anything.

The reader goes through the text as Java's does, so that it stops where Java stops and counts errors' places alike. What
it writes needs no flags: case, line ends and what ``\d`` means are settled here, so ``(?i)`` in the middle of a pattern
is no different from one at its start. Most of it is for the ``regex`` package (version 1, for its nested sets); what is
``plain`` means the same to Python's ``re`` and takes time in proportion to the text, whatever the text is.
"""

from __future__ import annotations

from typing import Final

from vtlsim.values.records import NamedTuple
from vtlsim.velocity.java.regex_classes import Classes
from vtlsim.velocity.java.regex_pieces import MAX_REPEATS, Piece, chain, one, set_piece, wrapped
from vtlsim.velocity.java.regex_properties import (
    BREAKS,
    CASE_INSENSITIVE,
    DOTALL,
    FLAGS,
    MULTILINE,
    UNICODE_CHARACTER_CLASS,
    UNICODE_CLASSES,
    UNIX_LINES,
    WORD_BOUND,
)


class Translation(NamedTuple):
    """A pattern for Python."""

    text: str
    plain: bool
    """Whether ``re`` will do."""
    groups: int
    """The number of capturing groups."""
    names: dict[str, int]
    """The numbers of those that have a name."""


LINE_ENDS: Final = r"\n\r\x85\u2028\u2029"
_DOT: Final = rf"[^{LINE_ENDS}]"  # The dollar sign and its kin never match between the two characters of a \r\n.
_BEFORE_LAST_END: Final = rf"(?:(?=(?:\r\n|[{LINE_ENDS}])?\Z)(?<!\r(?=\n)))"
_BEFORE_END: Final = rf"(?:(?=[{LINE_ENDS}]|\Z)(?<!\r(?=\n)))"
_AFTER_END: Final = r"(?:(?:\A|(?<=[\n\x85\u2028\u2029]|\r(?!\n)))(?!\Z))"
_LINE_BREAK: Final = rf"(?:\r\n|[{BREAKS}])"
_GRAPHEME_BOUND: Final = r"(?:\A|\Z|(?![\p{Grapheme_Extend}\u200d])(?<![\r\u200d]))"
"""Nearly: characters that join what is before or after them are known, flags and Hangul syllables are not."""

# -- the reader -------------------------------------------------------------------------------------------------------


def translate(pattern: str) -> Translation:
    """Read a Java pattern. Raises JavaException with a PatternSyntaxException, as ``Pattern.compile`` would."""
    return _Reader(pattern).translation()


class _Reader(Classes):
    """Reads a whole pattern."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.groups = 0
        self.names: dict[str, int] = {}
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

    # -- the grammar --------------------------------------------------------------------------------------------------

    def alternatives(self) -> Piece:
        """``a|b|c``"""
        branches = [self.sequence()]
        while self.peek() == 124:
            self.next()
            branches.append(self.sequence())
        if len(branches) == 1:
            return branches[0]
        return Piece(
            "|".join(branch.text for branch in branches),
            min(branch.minimum for branch in branches),
            max(branch.maximum for branch in branches),
            bounded=all(branch.bounded for branch in branches),
            deterministic=False,
            branches=True,
            plain=all(branch.plain for branch in branches),
        )

    def sequence(self) -> Piece:
        """What stands between two bars."""
        pieces: list[Piece] = []
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
                piece = set_piece(self.character_class(consume=True))
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
        return chain(pieces)

    def caret(self) -> Piece:
        if not self.has(MULTILINE):
            return Piece(r"\A", plain=True)
        return Piece(r"(?:(?:\A|(?<=\n))(?!\Z))" if self.has(UNIX_LINES) else _AFTER_END)

    def dollar(self, *, multiline: bool) -> Piece:
        if self.has(UNIX_LINES):
            return Piece(r"(?=\n|\Z)" if multiline else r"(?=\n?\Z)")
        return Piece(_BEFORE_END if multiline else _BEFORE_LAST_END, plain=not multiline)

    def dot(self) -> Piece:
        if self.has(DOTALL):
            return one(r"[\x00-\U0010ffff]", plain=True)
        return one(r"[^\n]" if self.has(UNIX_LINES) else _DOT, plain=True)

    def atom(self) -> Piece:
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
                    return set_piece(self.family())
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
        return Piece("".join(self.single(code).text for code in codes), count, count, plain=True)

    def escape(self, *, create: bool) -> int | Piece | None:
        """What a backslash and the next character mean: a character's code, or a piece; None for a piece that was not
        wanted yet.
        """
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
            return set_piece(self.predefined(letter)) if create else None
        if letter == "k":
            return self.named_reference(create=create)
        if letter == "b" and create and self.peek() == 123 and self.at(self.cursor + 1) == 103:
            self.cursor += 2
            if self.read() == 125:
                return Piece(_GRAPHEME_BOUND)
            self.illegal_escape()
        word = UNICODE_CLASSES["w"] if self.has(UNICODE_CHARACTER_CLASS) else WORD_BOUND
        assertions = {
            "A": r"\A",
            "G": r"\G",
            "R": _LINE_BREAK,
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
            return Piece(text, 1, 2)
        return Piece(text, 1) if letter == "X" else Piece(text)

    def reference(self, number: int) -> Piece:
        """A group's number: further digits belong to it as long as there are so many groups already."""
        while 48 <= (code := self.peek()) <= 57 and number * 10 + code - 48 <= self.groups:
            number = number * 10 + code - 48
            self.read()
        return self.referred(number)

    def referred(self, number: int) -> Piece:
        if number in self.open:
            return Piece("(?!)", bounded=False)
        self.references.add(number)
        text = f"(?:\\g<{number}>)"
        return Piece(f"(?i:\\g<{number}>)" if self.has(CASE_INSENSITIVE) else text, bounded=False)

    def named_reference(self, *, create: bool) -> Piece | None:
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
    # -- groups -------------------------------------------------------------------------------------------------------

    def group(self) -> Piece | None:
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
            return self.closure(Piece(text))
        piece = inner._replace(text=text, one=False, plain=False)
        if independent:
            return self.closure(piece)
        return self.closure(piece, group=True)

    def look_behind(self, sign: str, saved: int) -> Piece:
        inner = self.alternatives()
        if not inner.bounded:
            self.fail("Look-behind group does not have an obvious maximum length")
        self.close(saved)
        # Java adds lengths as ints: two unbounded ones come to less than nothing, and then nothing is looked at
        never = -0x80000000 < inner.maximum < inner.minimum
        text = f"(?<{sign}(?!)(?:{inner.text}))" if never else f"(?<{sign}{inner.text})"
        return self.closure(Piece(text))

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
            if letter in FLAGS:
                if adding:
                    self.flags |= FLAGS[letter]
                else:
                    self.flags &= ~FLAGS[letter]
            elif letter == "-" and adding:
                adding = False
            else:
                return
            code = self.next()

    # -- quantifiers --------------------------------------------------------------------------------------------------

    def closure(self, piece: Piece, *, group: bool = False) -> Piece:
        """A piece with the quantifier that follows, if one does."""
        code = self.peek()
        if code == 63:
            return self.repeated(piece, 0, 1, "?", group=group)
        if code == 42:
            return self.repeated(piece, 0, MAX_REPEATS, "*", group=group)
        if code == 43:
            return self.repeated(piece, 1, MAX_REPEATS, "+", group=group)
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
                most = MAX_REPEATS
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
            if count > MAX_REPEATS:
                self.fail("Illegal repetition range")
            code = self.read()
        return count, code

    def repeated(self, piece: Piece, least: int, most: int, quantifier: str, *, group: bool) -> Piece:
        kind = self.next()
        if kind in (63, 43):
            self.next()
            quantifier += chr(kind)
        greedy = kind not in (63, 43)
        if not piece.text:
            return piece
        if piece.text == _LINE_BREAK:  # once it is repeated, Java does not go back into a \r\n
            piece = piece._replace(text=_LINE_BREAK.replace("(?:", "(?>"))
        text = (piece.text if piece.one else f"(?:{piece.text})") + quantifier
        plain = piece.plain and piece.one and kind != 43
        if (least, most) == (0, 1):
            bounded = piece.bounded
            return Piece(text, 0, piece.maximum, bounded=bounded, deterministic=False, plain=plain, branches=group)
        if group and kind != 43 and not piece.deterministic:  # Java's Loop
            return Piece(text, 0, 0, bounded=False, deterministic=False)
        if piece.one and greedy and most == MAX_REPEATS:
            return Piece(text, least, most, deterministic=False, plain=plain)
        minimum = wrapped(piece.minimum * least)
        maximum = wrapped(piece.maximum * most)
        return Piece(
            text,
            minimum if minimum >= 0 else 0xFFFFFFF,
            maximum,
            bounded=piece.bounded,
            deterministic=piece.deterministic and least == most,
            plain=plain,
            counted=True,
        )
