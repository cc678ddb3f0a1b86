"""JSON text -> marked values.

What may live here: RFC 8259, no more and no less. It is a parser of our own because the standard library's forgets
where things stood.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.config.marked import NESTING, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from vtlsim.config.marked import Document, Node
    from vtlsim.config.problems import Problems

_SPACE: Final = r"[ \t\r\n]*"
_VALUE: Final = re.compile(
    _SPACE
    + r'(?:"([^"\\\x00-\x1f]*)"|([{\[])|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(true|false|null)|("))'
)
_NAME: Final = re.compile(_SPACE + r'("(?:[^"\\\x00-\x1f]*)")' + _SPACE + ":")
_STRING: Final = re.compile(r'"((?:[^"\\\x00-\x1f]|\\.)*)"')
_BROKEN_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*')
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_AFTER: Final = re.compile(_SPACE + r"([,}\]])")
_BLANK: Final = re.compile(_SPACE)

_LITERALS: Final = {"true": True, "false": False, "null": None}
ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

_DIGITS: Final = 4_000
"""Digits of an integer that Python converts without complaint; a longer one is kept as a float."""


class _JsonError(Exception):
    def __init__(self, at: int, message: str, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.at = at
        self.expected = expected


def read_json(document: Document, problems: Problems) -> Node | None:
    """The document's value, or None with a problem that says where it stops being JSON."""
    text = document.text
    try:
        return _Reader(document, problems).whole()
    except _JsonError as error:
        end = min(error.at + 1, len(text))
        place = Scalar(document, error.at, end, text[error.at : end], "json")
        problems.error(place, f"not JSON: {error}", code="json", expected=error.expected)
        return None


class _Reader:
    __slots__ = ("document", "problems", "text")

    def __init__(self, document: Document, problems: Problems) -> None:
        self.document = document
        self.text = document.text
        self.problems = problems

    def whole(self) -> Node:
        node, at = self.value(0, 0)
        at = _blank(self.text, at)
        if at < len(self.text):
            raise _JsonError(at, "text after the end of the JSON document")
        return node

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        match = _VALUE.match(self.text, at)
        if match is None:
            at = _blank(self.text, at)
            raise _JsonError(at, f"expected a value, found {_found(self.text, at)}")
        kind = match.lastindex
        start = match.start(kind) if kind is not None else at
        end = match.end()
        document = self.document
        if kind == 1:
            return Scalar(document, start - 1, end, match[1], "json"), end
        if kind == 2:
            if depth >= NESTING:
                raise _JsonError(start, f"more than {NESTING} objects and arrays inside one another")
            return self.mapping(start, depth + 1) if match[2] == "{" else self.sequence(start, depth + 1)
        if kind == 3:
            return Scalar(document, start, end, _number(match[3]), "json"), end
        if kind == 4:
            return Scalar(document, start, end, _LITERALS[match[4]], "json"), end
        value, end = self.string(start)
        return Scalar(document, start, end, value, "json"), end

    def mapping(self, start: int, depth: int) -> tuple[Mapping, int]:
        text = self.text
        entries: dict[str, Node] = {}
        keys: dict[str, int | Scalar] = {}
        at = _blank(text, start + 1)
        if text[at : at + 1] == "}":
            return Mapping(self.document, start, at + 1, entries, keys), at + 1
        while True:
            match = _NAME.match(text, at)
            if match is not None:
                key_at, end = match.start(1), match.end()
                name = match[1][1:-1]
            else:
                key_at = _blank(text, at)
                name, end = self.name(key_at)
            node, end = self.value(end, depth)
            if name in entries:
                self.repeated(name, key_at, keys[name])
            entries[name] = node
            keys[name] = key_at
            after = _AFTER.match(text, end)
            if after is None or after[1] == "]":
                end = _blank(text, end)
                raise _JsonError(end, f"expected ',' or '}}', found {_found(text, end)}", (",", "}"))
            at = after.end()
            if after[1] == "}":
                return Mapping(self.document, start, at, entries, keys), at

    def sequence(self, start: int, depth: int) -> tuple[Sequence, int]:
        text = self.text
        items: list[Node] = []
        at = _blank(text, start + 1)
        if text[at : at + 1] == "]":
            return Sequence(self.document, start, at + 1, items), at + 1
        while True:
            node, end = self.value(at, depth)
            items.append(node)
            after = _AFTER.match(text, end)
            if after is None or after[1] == "}":
                end = _blank(text, end)
                raise _JsonError(end, f"expected ',' or ']', found {_found(text, end)}", (",", "]"))
            at = after.end()
            if after[1] == "]":
                return Sequence(self.document, start, at, items), at

    def name(self, at: int) -> tuple[str, int]:
        if self.text[at : at + 1] != '"':
            raise _JsonError(at, f"expected a name in quotation marks, found {_found(self.text, at)}")
        name, end = self.string(at)
        end = _blank(self.text, end)
        if self.text[end : end + 1] != ":":
            raise _JsonError(end, f"expected ':' after the name, found {_found(self.text, end)}", (":",))
        return name, end + 1

    def string(self, start: int) -> tuple[str, int]:
        match = _STRING.match(self.text, start)
        if match is None:
            broken = _BROKEN_STRING.match(self.text, start)
            at = broken.end() if broken is not None else start
            if at >= len(self.text):
                raise _JsonError(start, "a string that does not end")
            if self.text[at] in "\r\n":
                raise _JsonError(at, "a string must end in the line it begins in; write a line end inside it as \\n")
            raise _JsonError(at, f"a control character (U+{ord(self.text[at]):04X}) inside a string must be escaped")
        return self.unescaped(match[1], start + 1), match.end()

    def unescaped(self, raw: str, at: int) -> str:
        def one(match: re.Match[str]) -> str:
            if match[1] is not None:
                return chr(int(match[1], 16))
            plain = ESCAPES.get(match[2])
            if plain is None:
                raise _JsonError(
                    at + match.start(), f"\\{match[2]} is not an escape of JSON", tuple(f"\\{each}" for each in ESCAPES)
                )
            return plain

        value = _ESCAPE.sub(one, raw)
        if "\\u" in raw and any("\ud800" <= each <= "\udfff" for each in value):
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return value

    def repeated(self, name: str, at: int, before: int | Scalar) -> None:
        repeated_name(self.document, name, at, before, self.problems)


def repeated_name(document: Document, name: str, at: int, before: int | Scalar, problems: Problems) -> None:
    """Say that a mapping has a name twice.

    CFG001: the later one counts. Evidence: what JSON and YAML readers that accept it do (Jackson, SnakeYAML, PyYAML).
    What would settle it: ImportRestApi with a document that repeats a name.
    """
    place = Mapping(document, at, at, {}, {name: at}).key(name)
    line = document.place(before.start if isinstance(before, Scalar) else before).line
    problems.warning(
        place, f"the name {name!r} is here twice (first in line {line}); the later one counts", code="CFG001"
    )


def _number(text: str) -> float:
    if "." in text or "e" in text or "E" in text or len(text) > _DIGITS:
        return float(text)
    return int(text)


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return at if match is None else match.end()


def _found(text: str, at: int) -> str:
    if at >= len(text):
        return "the end of the document"
    return repr(text[at])
