"""``$ref`` inside OpenAPI documents.

What may live here: following a reference, in the same document or in another local file, and no further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.marked import Mapping, Scalar, Sequence, read
from vtlsim.config.problems import nearest

if TYPE_CHECKING:
    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files

LONGEST_CHAIN: Final = 50
"""References to references. A bound of ours, and what ends a circle of them."""


class References:
    """Follows the references of one document."""

    __slots__ = ("_files", "_problems", "_roots", "root")

    def __init__(self, root: Node, files: Files, problems: Problems) -> None:
        self.root = root
        self._files = files
        self._problems = problems
        self._roots: dict[str, Node | None] = {root.document.name: root}

    def follow(self, node: Node) -> Node | None:
        """The node itself, or what it refers to. None when that does not exist, which is reported."""
        for _ in range(LONGEST_CHAIN):
            target = node.get("$ref") if isinstance(node, Mapping) else None
            if not isinstance(target, Scalar) or not isinstance(target.value, str):
                return node
            found = self._look_up(target)
            if found is None:
                return None
            node = found
        self._problems.error(node, "references that lead in a circle", code="ref-circle")
        return None

    def name_of(self, node: Node, sections: tuple[str, ...]) -> str | None:
        """The name of the local definition that a node refers to, if it stands in one of the sections."""
        target = node.get("$ref") if isinstance(node, Mapping) else None
        if not isinstance(target, Scalar):
            return None
        text = target.text
        for section in sections:
            if text.startswith(f"#/{section}/"):
                return _unescaped(text[len(section) + 3 :])
        return None

    def _look_up(self, target: Scalar) -> Node | None:
        file, hash_, pointer = target.text.partition("#")
        root = self.root if target.document.file is self.root.document.file else self._roots.get(target.document.name)
        if file:
            if "://" in file:
                self._problems.error(
                    target, f"{file} would need the network; nothing is fetched from it", code="network"
                )
                return None
            root = self._file(target, file)
        if root is None:
            return None
        node: Node = root
        for step in pointer.strip("/").split("/") if hash_ and pointer.strip("/") else ():
            name = _unescaped(step)
            inner: Node | None = None
            valid: tuple[str, ...] = ()
            if isinstance(node, Mapping):
                inner = node.get(name)
                valid = tuple(node)
            elif isinstance(node, Sequence) and name.isdecimal() and int(name) < len(node.items):
                inner = node.items[int(name)]
            if inner is None:
                self._problems.error(
                    target,
                    f"{target.text}: there is no {name!r}",
                    code="ref",
                    expected=valid[:50],
                    nearest=nearest(name, valid),
                )
                return None
            node = inner
        return node

    def _file(self, target: Scalar, path: str) -> Node | None:
        """CFG011: a reference to another file is followed, with a warning. The developer guide says that an import
        does not follow it; bundle the document before importing it.
        """
        document = self._files.read(target, path, self._problems)
        if document is None:
            return None
        if document.name not in self._roots:
            self._problems.warning(
                target, "API Gateway's import follows no reference to another file; bundle them first", code="CFG011"
            )
            self._roots[document.name] = read(document.text, document.name, self._problems)
        return self._roots[document.name]


def _unescaped(step: str) -> str:
    step = step.replace("~1", "/").replace("~0", "~")
    if "%" not in step:
        return step
    from urllib.parse import unquote

    return unquote(step)
