r"""Character classes: ``[...]`` with unions and intersections, ``\d`` and its kin, ``\p{...}``.

What may live here: the part of the reader of regular expressions that makes sets.
"""

from __future__ import annotations

from vtlsim.velocity.java import characters
from vtlsim.velocity.java.regex_cursor import Cursor
from vtlsim.velocity.java.regex_pieces import (
    Bits,
    Both,
    CharacterSet,
    Complement,
    Items,
    Piece,
    Union,
    escaped,
    one,
    span,
)
from vtlsim.velocity.java.regex_properties import (
    ASCII_CLASSES,
    CASE_INSENSITIVE,
    UNICODE_CASE,
    UNICODE_CHARACTER_CLASS,
    UNICODE_CLASSES,
    keyed_items,
    property_items,
)


class Classes(Cursor):
    """Reads what matches one character."""

    def variants(self, code: int) -> tuple[int, ...]:
        """The characters that one character of the pattern matches, by the flags."""
        if self.has(CASE_INSENSITIVE):
            if self.has(UNICODE_CASE):
                return characters.same_letter(code)
            if 65 <= code <= 90 or 97 <= code <= 122:
                return code, code ^ 32
        return (code,)

    def single(self, code: int) -> Piece:
        """One character as a piece."""
        codes = self.variants(code)
        text = escaped(codes[0]) if len(codes) == 1 else f"[{''.join(map(escaped, codes))}]"
        return one(text, plain=True)

    def predefined(self, letter: str) -> CharacterSet:
        r"""``\d`` and its kin; upper case is the complement."""
        classes = UNICODE_CLASSES if self.has(UNICODE_CHARACTER_CLASS) else ASCII_CLASSES
        items = Items(classes[letter.lower()], plain=classes is ASCII_CLASSES)
        return Complement(items) if letter.isupper() else items

    def character_class(self, *, consume: bool) -> CharacterSet:
        """``[...]``; without ``consume`` the right side of an intersection, up to but without the bracket."""
        self.deeper()
        bits = Bits()
        previous: CharacterSet | None = None
        current: CharacterSet | None = None
        bits_used = negated = False
        code = self.next()
        if code == 94 and self.at(self.cursor - 1) == 91:
            code = self.next()
            negated = True
        while True:
            if code == 91:
                current = self.character_class(consume=True)
                previous = current if previous is None else Union(previous, current)
                code = self.peek()
                continue
            if code == 38:
                if self.next() == 38:
                    right = self.intersected(self.next())
                    if bits_used:
                        if previous is None:
                            previous = current = bits
                        else:
                            previous = Union(previous, bits)
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
                        previous = Both(previous, current)
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
                    previous = Union(previous, bits)
                self.depth -= 1
                return Complement(previous) if negated else previous
            current = self.class_item(bits)
            if current is None:
                bits_used = True
            elif previous is None:
                previous = current
            elif previous is not current:
                previous = Union(previous, current)
            code = self.peek()

    def intersected(self, code: int) -> CharacterSet | None:
        """The right side of ``&&``."""
        right: CharacterSet | None = None
        while code not in (93, 38):
            if code == 91:
                more = self.character_class(consume=True)
            else:
                self.cursor -= 1
                more = self.character_class(consume=False)
            right = more if right is None else Union(right, more)
            code = self.peek()
        return right

    def class_item(self, bits: Bits) -> CharacterSet | None:
        """A character or a range; None when it went into ``bits``."""
        code = self.peek()
        if code == 92:
            following = self.next_escaped()
            if following in (112, 80):
                return self.family()
            is_range = self.at(self.cursor + 1) == 45
            self.cursor -= 1
            meant = self.class_escape(is_range=is_range)
            if not isinstance(meant, int):
                return meant
            code = meant
        else:
            self.next()
        if self.peek() == 45:
            end = self.at(self.cursor + 1)
            if end not in (91, 93):
                self.next()
                last = self.peek()
                if last == 92:
                    meant = self.class_escape(is_range=True)
                    last = meant if isinstance(meant, int) else -1
                else:
                    self.next()
                if last < code:
                    self.fail("Illegal character range")
                return self.range(code, last)
        if code > 0xFF:
            return Items("".join(map(escaped, self.variants(code))))
        bits.codes.update(self.variants(code))
        return None

    def class_escape(self, *, is_range: bool) -> int | CharacterSet:
        """What a backslash means inside of brackets: a character, or a set."""
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

    def range(self, first: int, last: int) -> CharacterSet:
        """``a-z``"""
        items = span(first, last)
        if self.has(CASE_INSENSITIVE):
            if self.has(UNICODE_CASE):
                codes = [
                    code
                    for code in characters.cased_codes()
                    if first <= (upper := characters.upper(code)) <= last or first <= characters.lower(upper) <= last
                ]
                items += "".join(map(escaped, codes))
            else:
                for low, high in ((65, 90), (97, 122)):
                    start, end = max(first, low), min(last, high)
                    if start <= end:
                        items += span(start ^ 32, end ^ 32)
        return Items(items)

    def family(self) -> CharacterSet:
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
        return Complement(items) if complement else items

    def property(self, name: str) -> Items:
        r"""The set that a name in ``\p{...}`` stands for."""
        if "=" in name:
            key, _, value = name.partition("=")
            key = key.lower()
            found = keyed_items(key, value, self.flags)
            if found is None:
                self.fail(f"Unknown Unicode property {{name=<{key}>, value=<{value}>}}")
        else:
            found = property_items(name, self.flags)
            if found is None:
                self.fail(f"Unknown character property name {{{name}}}")
        return Items(found, plain="[" not in found and "\\p" not in found.lower())
