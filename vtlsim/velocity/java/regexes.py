"""Matching with Java's regular expressions: what ``matches``, ``replaceAll``, ``replaceFirst`` and ``split`` do.

What may live here: compiled patterns, the loop that finds matches one after the other as java.util.regex.Matcher does,
and replacement texts. How a pattern is read is :mod:`~vtlsim.velocity.java.regex_syntax`'s.

Three engines, by what a pattern needs. Text without any meaning but itself is looked for as text. What takes time in
proportion to the text goes to Python's ``re``. All else goes to the ``regex`` package, with a bound on time: it is
imported when the first such pattern is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.velocity import limits
from vtlsim.velocity.java.problems import LimitReached, check_items, check_length, illegal_argument, index_out_of_bounds
from vtlsim.velocity.java.units import joined, units

if TYPE_CHECKING:
    from collections.abc import Iterator

_META: Final = frozenset("\\[](){}.*+?^$|")
_KEPT: Final = 256
_PATTERN_CHARACTERS: Final = 50_000
"""Characters of a pattern that is more than text: reading a longer one takes longer than it may run."""
_LONG_TEXT: Final = 200_000
"""Characters of a text from which on even a plain pattern is watched."""
_FRESH_STARTS: Final = 5_000
"""How often a search may begin anew: only patterns do that which would rather match nothing than something."""


class JavaPattern:
    """A compiled pattern: what matches it, found in a text one after the other."""

    __slots__ = ("_plain", "_text", "_watched", "groups", "names")

    def __init__(self, pattern: str) -> None:
        from vtlsim.velocity.java.regex_syntax import translate

        if len(pattern) > _PATTERN_CHARACTERS:
            raise LimitReached("REGEX_SECONDS")
        translation = translate(pattern)
        self.groups = translation.groups
        self.names = translation.names
        self._text = translation.text
        self._plain: Any = None
        self._watched: Any = None
        if translation.plain:
            import re

            self._plain = re.compile(translation.text)

    def _quick(self, text: str) -> Any:
        """The engine that needs no watch over this text, or None."""
        return self._plain if len(text) <= _LONG_TEXT else None

    def _slow(self) -> Any:
        """The engine that ends when its time is up."""
        if self._watched is None:
            import regex

            try:
                self._watched = regex.compile(self._text, regex.VERSION1)
            except (RecursionError, OverflowError, MemoryError) as problem:
                raise LimitReached("REGEX_SECONDS") from problem
        return self._watched

    def matches(self, text: str) -> bool:
        """Whether all of the text matches."""
        engine = self._quick(text)
        if engine is not None:
            return engine.fullmatch(text) is not None
        try:
            return self._slow().fullmatch(text, timeout=limits.REGEX_SECONDS) is not None
        except TimeoutError as problem:
            raise LimitReached("REGEX_SECONDS") from problem

    def first(self, text: str) -> Any | None:
        """The first match, or None."""
        engine = self._quick(text)
        if engine is not None:
            return engine.search(text)
        try:
            return self._slow().search(text, timeout=limits.REGEX_SECONDS)
        except TimeoutError as problem:
            raise LimitReached("REGEX_SECONDS") from problem

    def all(self, text: str) -> Iterator[Any]:
        """All matches. After an empty one Java looks on at the next unit, Python first at the same place again.

        Where that unit is the second one of a character, the matches that follow are matches of a text in which the
        character is two: what a match says of places is about its own ``string``.
        """
        engine = self._quick(text)
        if engine is None:
            yield from self._all_watched(text)
            return
        at = 0
        while (match := engine.search(text, at)) is not None:
            yield match
            start, at = match.span()
            if at == start:
                if at == len(text):
                    return
                text = _split_at(text, at)
                at += 1

    def _all_watched(self, text: str) -> Iterator[Any]:
        """The time of all matches together is bounded. Where Java's way and Python's part, the search begins anew, and
        each time with half of the time that was given to the one before.
        """
        at = 0
        seconds = limits.REGEX_SECONDS
        for _ in range(_FRESH_STARTS):
            empty_at = -1
            try:
                for match in self._slow().finditer(text, at, timeout=seconds):
                    start, end = match.span()
                    if start == empty_at:
                        break
                    yield match
                    empty_at = start if start == end else -1
                    if empty_at >= 0 and text[start : start + 1] > "\uffff":
                        text = _split_at(text, start)
                        break
                else:
                    return
            except TimeoutError as problem:
                raise LimitReached("REGEX_SECONDS") from problem
            at = empty_at + 1
            seconds = max(seconds / 2, limits.REGEX_SECONDS / 200)
        raise LimitReached("REGEX_SECONDS")


def _split_at(text: str, index: int) -> str:
    """The text with one character as its units."""
    return text[:index] + units(text[index]) + text[index + 1 :]


_patterns: dict[str, JavaPattern] = {}


def compiled(pattern: str) -> JavaPattern:
    """The pattern, compiled once. Raises JavaException with a PatternSyntaxException."""
    found = _patterns.get(pattern)
    if found is None:
        if len(_patterns) >= _KEPT:
            _patterns.clear()
        found = _patterns[pattern] = JavaPattern(pattern)
    return found


def literal(pattern: str) -> str | None:
    """The text that a pattern stands for if it is nothing but text, perhaps with escaped punctuation; else None."""
    if _META.isdisjoint(pattern):
        return pattern
    if "\\" not in pattern:
        return None
    text = ""
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            following = next(characters, "a")
            if not following.isascii() or following.isalnum():
                return None
            text += following
        elif character in _META:
            return None
        else:
            text += character
    return text


# -- the four methods of java.lang.String -----------------------------------------------------------------------------


def matches(text: str, pattern: str) -> bool:
    """``text.matches(pattern)``"""
    plain = literal(pattern)
    return text == plain if plain is not None else compiled(pattern).matches(text)


def replace_all(text: str, pattern: str, replacement: str) -> str:
    """``text.replaceAll(pattern, replacement)``"""
    plain = literal(pattern)
    if plain and _is_plain_replacement(replacement):
        return replace_text(text, plain, replacement)
    return _replaced(text, compiled(pattern), replacement, once=False)


def replace_first(text: str, pattern: str, replacement: str) -> str:
    """``text.replaceFirst(pattern, replacement)``"""
    plain = literal(pattern)
    if plain and _is_plain_replacement(replacement):
        check_length(len(text) + len(replacement))
        return text.replace(plain, replacement, 1)
    return _replaced(text, compiled(pattern), replacement, once=True)


def replace_text(text: str, old: str, new: str) -> str:
    """``text.replace(old, new)`` for a text ``old`` that is not empty."""
    growth = len(new) - len(old)
    if growth > 0 and len(text) // len(old) * growth + len(text) > limits.STRING_CHARACTERS:
        check_length(len(text) + text.count(old) * growth)
    return text.replace(old, new)


def split(text: str, pattern: str, limit: int) -> list[object]:
    """``text.split(pattern, limit)``: the parts; with the limit 0 empty parts at the end are left out."""
    plain = literal(pattern)
    parts: list[object] | None
    if not plain:
        parts = _split(text, compiled(pattern), limit)
    elif plain in text:
        if len(text) > limits.COLLECTION_ITEMS:
            check_items(text.count(plain))
        parts = list(text.split(plain, limit - 1) if limit > 0 else text.split(plain))
    else:
        parts = None
    if parts is None:
        return [text]
    check_items(len(parts))
    if limit == 0:
        while parts and not parts[-1]:
            parts.pop()
    return parts


def _split(text: str, pattern: JavaPattern, limit: int) -> list[object] | None:
    """The parts, None for a text in which nothing matches."""
    parts: list[object] = []
    at = 0
    for match in pattern.all(text):
        start, end = match.span()
        text = match.string
        if 0 < limit <= len(parts) + 1:
            break
        if start == end == at == 0:
            continue
        parts.append(joined(text[at:start]))
        check_items(len(parts))
        at = end
    if not parts:
        return None
    parts.append(joined(text[at:]))
    return parts


def _is_plain_replacement(replacement: str) -> bool:
    return "\\" not in replacement and "$" not in replacement


def _replaced(text: str, pattern: JavaPattern, replacement: str, *, once: bool) -> str:
    parts: list[str] = []
    at = length = 0
    template: list[str | int] | None = None
    for match in [pattern.first(text)] if once else pattern.all(text):
        if match is None:
            break
        if template is None:
            template = replacement_parts(replacement, pattern)
        start, end = match.span()
        text = match.string
        parts.append(text[at:start])
        for part in template:
            parts.append(part if isinstance(part, str) else match[part] or "")
            length += len(parts[-1])
        if length + end > limits.STRING_CHARACTERS:
            raise LimitReached("STRING_CHARACTERS")
        at = end
    if template is None:
        return text
    parts.append(text[at:])
    return joined("".join(parts))


def replacement_parts(replacement: str, pattern: JavaPattern) -> list[str | int]:
    """A replacement's parts: texts, and groups by number. Raises JavaException as Matcher.appendReplacement does."""
    parts: list[str | int] = []
    at = 0
    end = len(replacement)
    while at < end:
        character = replacement[at]
        at += 1
        if character == "\\":
            if at == end:
                raise illegal_argument("character to be escaped is missing")
            parts.append(replacement[at])
            at += 1
        elif character == "$":
            if at == end:
                raise illegal_argument("Illegal group reference: group index is missing")
            if replacement[at] == "{":
                number, at = _named_group(replacement, at + 1, pattern)
            else:
                number, at = _numbered_group(replacement, at, pattern)
            parts.append(number)
        else:
            start = at - 1
            while at < end and replacement[at] not in "\\$":
                at += 1
            parts.append(replacement[start:at])
    return parts


def _named_group(replacement: str, at: int, pattern: JavaPattern) -> tuple[int, int]:
    start = at
    while at < len(replacement) and replacement[at].isascii() and replacement[at].isalnum():
        at += 1
    name = replacement[start:at]
    if not name:
        raise illegal_argument("named capturing group has 0 length name")
    if at == len(replacement) or replacement[at] != "}":
        raise illegal_argument("named capturing group is missing trailing '}'")
    if name[0].isdigit():
        raise illegal_argument(f"capturing group name {{{name}}} starts with digit character")
    if name not in pattern.names:
        raise illegal_argument(f"No group with name {{{name}}}")
    return pattern.names[name], at + 1


def _numbered_group(replacement: str, at: int, pattern: JavaPattern) -> tuple[int, int]:
    number = ord(replacement[at]) - 48
    if not 0 <= number <= 9:
        raise illegal_argument("Illegal group reference")
    if number > pattern.groups:
        raise index_out_of_bounds(f"No group {number}")
    at += 1
    while at < len(replacement) and 0 <= (digit := ord(replacement[at]) - 48) <= 9:
        if number * 10 + digit > pattern.groups:
            break
        number = number * 10 + digit
        at += 1
    return number, at
