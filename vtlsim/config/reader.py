"""How a document reaches other files: through the Reader it is handed, and no other way.

What may live here: the Protocol, its one error, and the arithmetic of relative paths. Readers that touch a disk are
surfaces' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from vtlsim.config.marked import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems


TEXT_FILE: Final = "text"
"""The language of a document that is a file's text and no more: a template."""


class ReadError(Exception):
    """A file cannot be had. ``path`` is the path asked for, ``reason`` why, in a few words."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Reader(Protocol):
    """Reads the files that a definition refers to.

    Paths are relative to the definition's folder, with ``/``, already normalised by :func:`beside`. A path that
    leaves that folder begins with ``../`` or ``/``: a Reader refuses it.
    """

    def read(self, path: str) -> str:
        """The file's text, without a byte order mark. Raises ReadError."""
        ...


class Texts:
    """A Reader over texts held in memory: path -> text."""

    __slots__ = ("texts",)

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self.texts = texts or {}

    def read(self, path: str) -> str:
        """The text under that path. Raises ReadError."""
        if path not in self.texts:
            raise ReadError(path, "there is no such file")
        return self.texts[path]


def beside(document: str, path: str) -> str:
    """A path as one document names it, seen from the definition's folder.

    ``document`` is the naming document's own path, seen from there too (the definition itself: ``""``). ``.`` and
    ``..`` are resolved; what climbs out keeps its leading ``../``.
    """
    path = path.replace("\\", "/")
    if path.startswith("/") or path[1:3] == ":/":
        return path
    steps: list[str] = document.split("/")[:-1]
    for step in path.split("/"):
        if step in {"", "."}:
            continue
        if step == ".." and steps and steps[-1] != "..":
            steps.pop()
        else:
            steps.append(step)
    return "/".join(steps)


def leaves(path: str) -> bool:
    """Whether a path made by :func:`beside` leaves the definition's folder."""
    return path.startswith(("../", "/")) or path == ".." or path[1:3] == ":/"


class Files:
    """The files of one definition: read once each, listed, and reported where they cannot be had.

    ``name`` is what people call the definition's own file; the others are named beside it.
    """

    __slots__ = ("_documents", "_folder", "_paths", "_reader", "name")

    def __init__(self, reader: Reader, name: str) -> None:
        self._reader = reader
        self.name = name
        cut = max(name.rfind("/"), name.rfind("\\")) + 1
        self._folder = name[:cut]
        self._documents: dict[str, Document] = {}
        self._paths: dict[str, str] = {name: ""}

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path read, relative to the definition's folder, in the order of first use."""
        return tuple(self._documents)

    def path(self, at: Node, path: str) -> str:
        """A path as the document of a node names it, seen from the definition's folder."""
        return beside(self._paths.get(at.document.name, ""), path)

    def read(self, at: Node, path: str, problems: Problems | None) -> Document | None:
        """The file that a node names. None when it cannot be had, which is reported at the node (or, without problems,
        is the caller's to report).
        """
        seen = self.path(at, path)
        document = self._documents.get(seen)
        if document is not None:
            return document
        try:
            text = self._reader.read(seen)
        except ReadError as error:
            if problems is not None:
                problems.error(at, f"cannot read {path}: {error.reason}", code="read")
            return None
        document = Document(text.removeprefix("\ufeff"), self._folder + seen, TEXT_FILE)
        self._documents[seen] = document
        self._paths[document.name] = seen
        return document
