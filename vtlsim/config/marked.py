"""Values of a document that remember where they stand in it.

What may live here: the document, its three kinds of node, and the one call that reads a text into them. What JSON and
YAML allow is in json_text.py and yaml_text.py; how a string's characters map to the file is in origin.py. Nothing here
knows AWS.

Nodes are made once, by a reader, and never changed: an anchor's alias is the same node again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from vtlsim.gateway.model import Origin
from vtlsim.velocity.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtlsim.config.origin import TextOrigin
    from vtlsim.config.problems import Problems

NESTING: Final = 100
"""Mappings and sequences inside one another. A bound of ours: documents of people stay below 40."""


UNKNOWN: Final = "unknown"
"""The style of a scalar whose value (or part of it) cannot be known offline; a placeholder stands in its place."""

_MADE: Final = frozenset(("made", UNKNOWN))


class Document:
    """A text under a name. ``name`` is what people call the file; offsets count characters of ``text``.

    A document may stand inside another as one of its strings (a Terraform plan holds OpenAPI so): ``within`` is then
    where each of its characters stands in the outer one, and places are places in the outer file.
    """

    __slots__ = ("language", "source", "within")

    def __init__(self, text: str, name: str, language: str = "json", within: TextOrigin | None = None) -> None:
        self.source = Source(text, name)
        self.language = language
        self.within = within

    @property
    def name(self) -> str:
        """The file's name, as it was handed in."""
        return self.source.name

    @property
    def text(self) -> str:
        """The whole text, without a byte order mark."""
        return self.source.text

    def place(self, offset: int) -> Origin:
        """File, line and column of an offset."""
        if self.within is not None:
            return self.within.place(offset)
        position = self.source.position(offset)
        return Origin(self.source.name, position.line, position.column)

    @property
    def file(self) -> Document:
        """The document that is a file: this one, or the one that it stands in."""
        return self if self.within is None else self.within.pieces[0].document.file


Plain: TypeAlias = str | int | float | bool | None
"""What a scalar can hold."""


class Scalar:
    """A string, number, boolean or null.

    ``start`` and ``end`` enclose it in the document, quotation marks and tags included. ``style`` is how it was
    written: ``json``, ``plain``, ``'``, ``"``, ``|``, ``>``, ``key`` (a mapping's name), ``made`` (by an intrinsic) or ``unknown``.
    """

    __slots__ = ("_origin", "document", "end", "start", "style", "value")

    def __init__(
        self,
        document: Document,
        start: int,
        end: int,
        value: Plain,
        style: str,
        origin: TextOrigin | None = None,
    ) -> None:
        self.document = document
        self.start = start
        self.end = end
        self.value = value
        self.style = style
        self._origin = origin

    @property
    def text(self) -> str:
        """The value as text: a number as it was typed, so ``0123`` and ``1.0`` lose nothing; null is ``""``."""
        value = self.value
        if type(value) is str:
            return value
        if value is None:
            return ""
        if type(value) is bool:
            return "true" if value else "false"
        return str(value) if self.style in _MADE else self.document.text[self.start : self.end].rpartition(" ")[2]

    @property
    def spelled(self) -> str:
        """The text as a name: what was typed, though YAML takes ``No`` for a boolean and ``~`` for nothing."""
        return self.text if type(self.value) is str or self.style != "plain" else self.typed

    @property
    def typed(self) -> str:
        """The text as it stands in the document, for a message: the first line of it, cut to 60 characters."""
        whole = self.text if self.style in _MADE else self.document.text[self.start : self.end]
        first = whole.split("\n", 1)[0].rstrip()
        return first if len(first) <= 60 else first[:57] + "..."

    @property
    def origin(self) -> TextOrigin:
        """Where each character of a string stands in the file."""
        if self._origin is None:
            from vtlsim.config.origin import trace

            self._origin = trace(self)
        return self._origin

    @property
    def is_made(self) -> bool:
        """Whether the value is not what stands in the document, but was made from it."""
        return self.style in _MADE

    def __repr__(self) -> str:
        return f"Scalar({self.value!r})"


class Mapping:
    """Names and their nodes, in the document's order.

    ``entries`` is name -> node; ``keys`` is name -> offset of the name, or where it stands when that is elsewhere (in
    mappings put together from others). Names are the text that was typed, so YAML's ``on:`` and ``200:`` are ``on``
    and ``200``.
    """

    __slots__ = ("document", "end", "entries", "keys", "start")

    def __init__(
        self,
        document: Document,
        start: int,
        end: int,
        entries: dict[str, Node] | None = None,
        keys: dict[str, int | Scalar] | None = None,
    ) -> None:
        self.document = document
        self.start = start
        self.end = end
        self.entries: dict[str, Node] = {} if entries is None else entries
        self.keys: dict[str, int | Scalar] = {} if keys is None else keys

    def get(self, name: str) -> Node | None:
        """The node under a name, or None."""
        return self.entries.get(name)

    def key(self, name: str) -> Scalar:
        """A name as a node, for pointing at it."""
        at = self.keys.get(name, self.start)
        if isinstance(at, Scalar):
            return at
        end = at + len(name)
        if self.document.text[at : at + 1] in {'"', "'"}:
            end += 2
        return Scalar(self.document, at, end, name, "key")

    def items(self) -> Iterator[tuple[str, Node]]:
        """Each name with its node."""
        return iter(self.entries.items())

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        return f"Mapping({self.entries!r})"


class Sequence:
    """Nodes in a row."""

    __slots__ = ("document", "end", "items", "start")

    def __init__(self, document: Document, start: int, end: int, items: list[Node] | None = None) -> None:
        self.document = document
        self.start = start
        self.end = end
        self.items: list[Node] = [] if items is None else items

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Sequence({self.items!r})"


Node: TypeAlias = Scalar | Mapping | Sequence


class Within(NamedTuple):
    """Some characters of a string scalar: half-open offsets into its value."""

    scalar: Scalar
    start: int
    end: int


def read(text: str, name: str, problems: Problems, within: TextOrigin | None = None) -> Node | None:
    """A text's one document. None when it does not parse: ``problems`` then says why, with the place.

    ``within`` says where the text stands when it is a string of another document. A text that begins as JSON does (``{"``, ``{}``, ``[``) is read as JSON and held to it; any other is YAML.
    """
    text = text.removeprefix("\ufeff")
    head = text[:4096].lstrip(" \t\r\n")
    if _looks_like_json(head):
        from vtlsim.config.json_text import read_json

        return read_json(Document(text, name, within=within), problems)
    if not head and not text.strip():
        place = Scalar(Document(text, name, within=within), 0, 0, None, "plain")
        problems.error(place, "the document is empty", code="empty")
        return None
    from vtlsim.config.yaml_text import read_yaml

    return read_yaml(Document(text, name, "yaml", within), problems)


def _looks_like_json(head: str) -> bool:
    if head.startswith("["):
        return True
    return head.startswith("{") and head[1:].lstrip(" \t\r\n")[:1] in {'"', "}", ""}


def plain(node: Node) -> object:
    """A node as Python's own values: dict, list, str, int, float, bool, None."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {name: plain(each) for name, each in node.entries.items()}
    return [plain(each) for each in node.items]
