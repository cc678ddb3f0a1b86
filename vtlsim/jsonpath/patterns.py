r"""Java's regular expressions, as filters use them: ``=~ /pattern/flags`` must match the whole text.

What may live here: the translation of java.util.regex's syntax to that of the ``regex`` package, which is imported when
a path holds a pattern and not before. Java's ``.`` stops at five line ends and not at one, its ``\w \d \s`` are ASCII,
``i`` folds ASCII only, ``\Q...\E`` quotes, and what it does not know is an error.
"""

from __future__ import annotations

from typing import Any, Final

_NEWLINES: Final = r"\n\r\x85\u2028\u2029"
_AT_END: Final = rf"(?=(?:\r\n|[{_NEWLINES}])?\Z)"
_CLASSES: Final = {
    "d": "0-9",
    "w": "a-zA-Z0-9_",
    "s": r"\ \t\n\x0b\f\r",
    "h": r"\ \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
    "v": r"\n\x0b\f\r\x85\u2028\u2029",
}
_CHARACTERS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_ANCHORS: Final = {
    "b": r"\b",
    "B": r"\B",
    "A": r"\A",
    "z": r"\Z",
    "Z": _AT_END,
    "G": r"\G",
    "R": r"(?>\r\n|[\n\x0b\f\r\x85\u2028\u2029])",
    "X": r"\X",
}
_POSIX: Final = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": r"\ -~",
    "Blank": r"\ \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r"\ \t\n\x0b\f\r",
    "javaLowerCase": r"\p{Lowercase}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaWhitespace": r"\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000",
}
_FOLDED: Final = {
    **dict.fromkeys(("Lower", "Upper"), "a-zA-Z"),
    **dict.fromkeys(("Lu", "Ll", "Lt"), r"\p{Lu}\p{Ll}\p{Lt}"),
    **dict.fromkeys(("javaLowerCase", "javaUpperCase"), r"\p{Lowercase}\p{Uppercase}\p{Lt}"),
}
"""What Java folds into one another when it ignores case."""
_GROUPS: Final = ("?:", "?=", "?!", "?<=", "?<!", "?>")


class Pattern:
    """A compiled pattern. Raises ValueError when Java would refuse the expression."""

    __slots__ = ("_compiled", "expression", "flags")

    def __init__(self, expression: str, flags: str = "") -> None:
        import regex

        self.expression = expression
        self.flags = flags
        try:
            translated = _Translator(expression, frozenset(flags)).translate()
            # Java's compiler and ours recurse; a bound on nesting is a bound on both.
            self._compiled: Any = regex.compile(translated, regex.V1)
        except (regex.error, IndexError, RecursionError, OverflowError) as fault:
            raise ValueError(str(fault)) from None

    def matches(self, text: str, seconds: float) -> bool:
        """Whether the whole text matches. Raises TimeoutError after so many seconds."""
        return self._compiled.fullmatch(text, timeout=seconds) is not None


class _Translator:
    """Walks the expression once. ``flags`` are those in force, as single letters; groups restore them."""

    def __init__(self, expression: str, flags: frozenset[str]) -> None:
        self.text = expression
        self.position = 0
        self.flags = flags
        self.groups = 0
        self.names: set[str] = set()
        self.out: list[str] = []

    def translate(self) -> str:
        """The whole expression."""
        saved: list[frozenset[str]] = []
        text, end = self.text, len(self.text)
        repeatable = False
        while self.position < end:
            character = text[self.position]
            self.position += 1
            if "x" in self.flags and character in " \t\n\x0b\f\r#":
                if character == "#":
                    while self.position < end and text[self.position] not in "\n\r\x85\u2028\u2029":
                        self.position += 1
                continue
            if character == "(":
                before = self.flags
                if self._group():
                    saved.append(before)
                repeatable = False
                continue
            if character == ")":
                if not saved:
                    raise ValueError("Unmatched closing ')'")
                self.flags = saved.pop()
                self.out.append(")")
            elif character in "*+?{":
                self._quantifier(character, repeatable=repeatable)
                repeatable = False
                continue
            else:
                self._atom(character)
            repeatable = character != "|"
        if saved:
            raise ValueError("Unclosed group")
        return "".join(self.out)

    def _folds(self) -> str:
        """How letters are folded now: not at all, ``ascii``, or ``unicode``."""
        if "i" not in self.flags:
            return ""
        return "ascii" if self.flags.isdisjoint("uU") else "unicode"

    # -- outside of classes ------------------------------------------------------------------------------------------

    def _atom(self, character: str) -> None:
        out = self.out
        if character == "\\":
            out.append(self._escape())
        elif character == "[":
            members = self._class()
            out.append(f"(?i:{members})" if self._folds() == "unicode" else members)
        elif character == "|":
            out.append("|")
        elif character == ".":
            out.append("(?s:.)" if "s" in self.flags else r"[^\n]" if "d" in self.flags else f"[^{_NEWLINES}]")
        elif character == "^":
            out.append("(?m:^)" if "m" in self.flags else r"\A")
        elif character == "$":
            out.append("(?m:$)" if "m" in self.flags else r"(?=\n?\Z)" if "d" in self.flags else _AT_END)
        else:
            out.append(self._literal(character))

    def _literal(self, character: str) -> str:
        escaped = _escaped(character)
        folds = self._folds()
        if folds == "unicode":
            return f"(?i:{escaped})"
        return f"[{escaped}{character.swapcase()}]" if folds and _is_letter(character) else escaped

    def _quantifier(self, character: str, *, repeatable: bool) -> None:
        text = self.text
        if not repeatable:
            raise ValueError(f"Dangling meta character '{character}'")
        written = character
        if character == "{":
            closing = text.find("}", self.position)
            bounds = text[self.position : closing].split(",") if closing != -1 else []
            if not 1 <= len(bounds) <= 2 or not _is_count(bounds[0]) or (len(bounds) == 2 and not _is_bound(bounds[1])):
                raise ValueError("Illegal repetition")
            written = text[self.position - 1 : closing + 1]
            self.position = closing + 1
        if text[self.position : self.position + 1] in ("?", "+"):
            written += text[self.position]
            self.position += 1
        self.out.append(written)

    def _group(self) -> bool:
        """After an opening parenthesis. False for ``(?i)``, which opens nothing."""
        text = self.text
        for start in _GROUPS:
            if text.startswith(start, self.position):
                self.position += len(start)
                self.out.append("(" + start)
                return True
        if not text.startswith("?", self.position):
            self.groups += 1
            self.out.append("(")
            return True
        if text.startswith("?<", self.position):
            closing = text.index(">", self.position)
            name = text[self.position + 2 : closing]
            if not (name.isascii() and name.isalnum() and name[0].isalpha()):
                raise ValueError("named capturing group is missing trailing '>'")
            if name in self.names:
                raise ValueError(f"Named capturing group <{name}> is already defined")
            self.names.add(name)
            self.groups += 1
            self.out.append(f"(?P<{name}>")
            self.position = closing + 1
            return True
        position = self.position + 1
        on, off = set(self.flags), False
        while text[position] not in ":)":
            letter = text[position]
            if letter == "-" and not off:
                off = True
            elif letter not in "dixmsuU":
                raise ValueError("Unknown inline modifier")
            elif off:
                on.discard(letter)
            else:
                on.add(letter)
            position += 1
        opens = text[position] == ":"
        self.position = position + 1
        self.flags = frozenset(on)
        if opens:
            self.out.append("(?:")
        return opens

    def _escape(self) -> str:
        character = self.text[self.position]
        self.position += 1
        if character == "Q":
            closing = self.text.find("\\E", self.position)
            quoted = self.text[self.position :] if closing == -1 else self.text[self.position : closing]
            self.position = len(self.text) if closing == -1 else closing + 2
            return "".join(map(self._literal, quoted))
        if character == "k":
            closing = self.text.index(">", self.position)
            name = self.text[self.position + 1 : closing]
            self.position = closing + 1
            return f"(?i:(?P={name}))" if self._folds() else f"(?P={name})"
        if character in _ANCHORS:
            return _ANCHORS[character]
        if character in "123456789":
            if int(character) > self.groups:
                return "(?!)"  # Java takes a group that there is not for one that did not match
            return f"(?i:\\{character})" if self._folds() else f"(?:\\{character})"
        members = self._members(character)
        if members is not None:
            return members
        return self._literal(self._character(character))

    # -- what classes share ------------------------------------------------------------------------------------------

    def _members(self, character: str) -> str | None:
        """The set that an escaped letter stands for."""
        lower = character.lower()
        if lower in _CLASSES and character.isascii():
            if "U" in self.flags and lower in "dws":
                return "\\" + character
            return f"[{'^' if character != lower else ''}{_CLASSES[lower]}]"
        if lower != "p":
            return None
        if self.text[self.position] == "{":
            closing = self.text.index("}", self.position)
            name = self.text[self.position + 1 : closing]
            self.position = closing + 1
        else:
            name = self.text[self.position]
            self.position += 1
        members = (_FOLDED.get(name) if self._folds() else None) or _POSIX.get(name)
        if members is not None:
            return f"[{'^' if character == 'P' else ''}{members}]"
        return f"\\{character}{{{name}}}"

    def _character(self, character: str) -> str:
        """The one character that an escape stands for."""
        text = self.text
        if character in _CHARACTERS:
            return _CHARACTERS[character]
        if character == "c":
            self.position += 1
            return chr(ord(text[self.position - 1]) ^ 64)
        if character == "0":
            end = self.position
            while end < self.position + 3 and text[end : end + 1] in tuple("01234567"):
                end += 1
            if end - self.position == 3 and int(text[self.position : end], 8) > 0o377:
                end -= 1
            digits, self.position = text[self.position : end], end
            return chr(int(digits, 8))
        if character == "x" and text.startswith("{", self.position):
            closing = text.index("}", self.position)
            digits, self.position = text[self.position + 1 : closing], closing + 1
            return chr(int(digits, 16))
        if character in "xu":
            length = 2 if character == "x" else 4
            digits = text[self.position : self.position + length]
            self.position += length
            if len(digits) != length:
                raise ValueError("Illegal hexadecimal escape sequence")
            unit = chr(int(digits, 16))
            if "\ud800" <= unit <= "\udbff" and text.startswith("\\u", self.position):
                low = chr(int(text[self.position + 2 : self.position + 6], 16))
                if "\udc00" <= low <= "\udfff":
                    self.position += 6
                    return (unit + low).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
            return unit
        if character.isascii() and character.isalpha():
            raise ValueError("Illegal/unsupported escape sequence")
        return character

    # -- [classes] ---------------------------------------------------------------------------------------------------

    def _class(self) -> str:
        """After an opening bracket: everything to the one that closes it."""
        text = self.text
        parts = ["["]
        if text.startswith("^", self.position):
            self.position += 1
            parts.append("^")
        first = True
        while True:
            character = text[self.position]
            self.position += 1
            if character == "]" and not first:
                parts.append("]")
                return "".join(parts)
            if character == "[":
                parts.append(self._class())
            elif character == "&" and text.startswith("&", self.position):
                self.position += 1
                parts.append("&&")
            else:
                parts.append(self._range(character))
            first = False

    def _range(self, character: str) -> str:
        text = self.text
        if character == "\\":
            character = text[self.position]
            self.position += 1
            if character == "Q":
                closing = text.index("\\E", self.position)
                quoted = text[self.position : closing]
                self.position = closing + 2
                return "".join(self._folded_range(letter, letter) for letter in quoted)
            members = self._members(character)
            if members is not None:
                return members
            character = self._character(character)
        if text.startswith("-", self.position) and text[self.position + 1] not in "[]":
            self.position += 1
            last = text[self.position]
            self.position += 1
            if last == "\\":
                last = self._character(text[self.position])
                self.position += 1
            if last < character:
                raise ValueError("Illegal character range")
            return self._folded_range(character, last)
        return self._folded_range(character, character)

    def _folded_range(self, first: str, last: str) -> str:
        """The range, and where ASCII is folded its letters in the other case."""
        members = _escaped(first) if first == last else f"{_escaped(first)}-{_escaped(last)}"
        if self._folds() == "ascii":
            for low, high in (("a", "z"), ("A", "Z")):
                start, end = max(first, low), min(last, high)
                if start <= end:
                    members += f"{start.swapcase()}-{end.swapcase()}"
        return members


def _escaped(character: str) -> str:
    return character if character.isalnum() else f"\\U{ord(character):08x}"


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_count(digits: str) -> bool:
    return digits.isascii() and digits.isdigit()


def _is_bound(digits: str) -> bool:
    return not digits or _is_count(digits)
