"""serverless' variables: ``${self:…}``, ``${file(…)}``, ``${opt:…}``, ``${env:…}`` and their like.

What may live here: finding them in texts, and what each source knows offline. What only AWS or the framework's own
plugins know stays as it was typed, with a warning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.config.made import made, put_together
from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, Sequence, Within, read
from vtlsim.config.origin import TextOrigin, whole_file
from vtlsim.config.problems import nearest
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node, Plain
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files

_SOURCE: Final = re.compile(r"([A-Za-z][A-Za-z0-9_\-]*)(?:\(([^()]*)\))?(?:\s*:(?!:)\s*(.*))?", re.DOTALL)
SOURCES: Final = frozenset(
    (
        "self",
        "opt",
        "env",
        "file",
        "sls",
        "aws",
        "param",
        "cf",
        "s3",
        "ssm",
        "git",
        "output",
        "strToBool",
        "terraform",
        "vault",
    )
)
_DATA: Final = (".yml", ".yaml", ".json")
_CODE: Final = (".js", ".cjs", ".mjs", ".ts")
_DEEPEST: Final = 60
"""Variables inside what variables stand for. A bound of ours, and what ends a circle of them."""

_MOST: Final = 50_000
"""Variables looked up for one document, and characters of a text made of them a hundredfold. Bounds of ours: a few
lines of variables that repeat one another can stand for more than any machine holds.
"""


class Variables:
    """Resolves the variables of one document."""

    def __init__(
        self, root: Mapping, files: Files, problems: Problems, options: Dict[str, str], environment: Dict[str, str]
    ) -> None:
        self.root = root
        self.files = files
        self.problems = problems
        self.options = options
        self.environment = environment
        self._depth = 0
        self._looked_up = 0
        self._said = False
        self._files: dict[str, Node | None] = {}
        self._unresolved: set[str] = set()

    @property
    def stage(self) -> str:
        """``${sls:stage}``: the option, else the provider's, else dev."""
        return self.options.get("stage") or self._provider("stage") or "dev"

    @property
    def region(self) -> str:
        """``${aws:region}``: the option, else the provider's, else us-east-1."""
        return self.options.get("region") or self._provider("region") or DEFAULT_SURROUNDINGS.region

    def resolve(self, node: Node) -> Node:
        """A node with the variables of all its texts resolved."""
        if isinstance(node, Scalar):
            value = node.value
            return self._text(node) if type(value) is str and "${" in value else node
        if isinstance(node, Sequence):
            items = [self.resolve(each) for each in node.items]
            same = all(new is old for new, old in zip(items, node.items, strict=True))
            return node if same else Sequence(node.document, node.start, node.end, items)
        entries = {name: self.resolve(each) for name, each in node.items()}
        if all(entries[name] is each for name, each in node.items()):
            return node
        return Mapping(node.document, node.start, node.end, entries, node.keys)

    def section(self, name: str) -> Node | None:
        """A section of the document, resolved."""
        node = self.root.get(name)
        return None if node is None else self.resolve(node)

    # -- texts --------------------------------------------------------------------------------------------------------

    def _text(self, node: Scalar) -> Node:
        text, origin = node.text, node.origin
        parts: list[tuple[str, TextOrigin]] = []
        at, known = 0, True
        for start, end in variables(text):
            inside = text[start + 2 : end - 1]
            if not _is_variable(inside):
                continue
            found = self._variable(inside, Within(node, start, end))
            if start == 0 and end == len(text) and found is not None:
                return found
            here = origin.part(start, end)
            parts.append((text[at:start], origin.part(at, start)))
            at = end
            if isinstance(found, Scalar):
                known = known and found.style != UNKNOWN
                parts.append((found.text, here.fixed()))
            else:
                known = False
                parts.append((text[start:end], here))
                if found is not None:
                    self.problems.error(Within(node, start, end), "this variable is no text", code="variable")
        if not parts:
            return node
        parts.append((text[at:], origin.part(at, len(text))))
        if sum(len(part) for part, _ in parts) > 100 * _MOST:
            self._looked_up = _MOST
            self._exhausted(node)
            return node
        return put_together(node, parts, known=known)

    def _variable(self, inside: str, at: Within) -> Node | None:
        """What a variable stands for; None when none of its alternatives is known, which is reported."""
        self._looked_up += 1
        if self._looked_up > _MOST:
            self._exhausted(at)
            return None
        if self._depth >= _DEEPEST:
            self._report(inside, at, "variables that lead in a circle", error=True)
            return None
        self._depth += 1
        try:
            reasons: list[tuple[str, bool, str | None]] = []
            nothing: Node | None = None
            for alternative in _alternatives(inside):
                found = self._alternative(alternative.strip(), at, reasons)
                if isinstance(found, Scalar) and found.value is None:
                    nothing = found  # the next alternative may be something
                elif found is not None:
                    return found
            if nothing is not None:
                return nothing
            reason, error, closest = reasons[0] if reasons else ("it has no value", True, None)
            self._report(inside, at, reason, error=error, closest=closest)
            return None
        finally:
            self._depth -= 1

    def _alternative(self, text: str, at: Within, reasons: list[tuple[str, bool, str | None]]) -> Node | None:
        literal = _literal(text)
        if literal is not None:
            return made(at, literal[0])
        if text.startswith("${"):
            return self._quietly(text, at)
        inner = self._quietly(text, at) if "${" in text else None
        if inner is not None:
            if inner.style == UNKNOWN:
                reasons.append(("it is made of what is not known", False, None))
                return None
            text = inner.text
        match = _SOURCE.fullmatch(text)
        if match is None or match[1] not in SOURCES:
            return None
        source, argument, address = match[1], match[2], (match[3] or "").strip()
        if source == "self":
            default = self._default(address)
            return self._address(self.root, address, reasons) if default is None else made(at, default)
        if source == "file":
            return self._file((argument or "").strip(), address, at, reasons)
        found = self._named(source, address)
        if found is None:
            known_to = {"env": "no such environment variable was given", "opt": f"give it with --parameter {address}=…"}
            reasons.append((known_to.get(source, "it is known only after deployment"), False, None))
            return None
        return made(at, found)

    def _default(self, address: str) -> str | None:
        """What the framework fills in where the provider does not say."""
        provider = self.root.get("provider")
        for name, value in (("stage", "dev"), ("region", DEFAULT_SURROUNDINGS.region)):
            if address == f"provider.{name}" and not (isinstance(provider, Mapping) and name in provider):
                return self.options.get(name) or value
        return None

    def _quietly(self, text: str, at: Within) -> Scalar | None:
        """A text that holds variables, inside a variable."""
        found = self._text(made(at, text))
        return found if isinstance(found, Scalar) else None

    def _named(self, source: str, address: str) -> str | None:
        if source == "env":
            return self.environment.get(address)
        if source == "opt":
            return self.options.get(address)
        if source == "sls" and address == "stage":
            return self.stage
        if source == "aws":
            return {"region": self.region, "accountId": DEFAULT_SURROUNDINGS.account_id, "partition": "aws"}.get(
                address
            )
        if source == "param":
            return self.options.get(address) or self._parameter(address)
        return None

    def _parameter(self, name: str) -> str | None:
        """``${param:…}``: the stage's, else the default ones."""
        params = self.root.get("params")
        for section in (self.stage, "default"):
            node = params.get(section) if isinstance(params, Mapping) else None
            value = node.get(name) if isinstance(node, Mapping) else None
            found = self.resolve(value) if value is not None else None
            if isinstance(found, Scalar):
                return found.text
        return None

    def _provider(self, name: str) -> str | None:
        provider = self.root.get("provider")
        node = provider.get(name) if isinstance(provider, Mapping) else None
        if node is None or self._depth >= _DEEPEST:
            return None
        self._depth += 20  # the provider's stage may itself be made of options, never of much more
        try:
            found = self.resolve(node)
        finally:
            self._depth -= 20
        return found.text if isinstance(found, Scalar) and found.style != UNKNOWN else None

    def _address(self, root: Node, address: str, reasons: list[tuple[str, bool, str | None]]) -> Node | None:
        """A value by its names, ``a.b.0.c``; each step may itself be a variable."""
        node: Node = root
        for step in address.split(".") if address else ():
            if isinstance(node, Scalar):
                node = self.resolve(node)
            inner: Node | None = None
            valid: tuple[str, ...] = ()
            if isinstance(node, Mapping):
                inner, valid = node.get(step), tuple(node)
            elif isinstance(node, Sequence) and step.isdecimal() and int(step) < len(node.items):
                inner = node.items[int(step)]
            if inner is None:
                reasons.append((f"there is no {step!r}", True, nearest(step, valid)))
                return None
            node = inner
        if isinstance(node, Scalar) and node.value is None:
            return None
        return self.resolve(node)

    def _file(self, path: str, address: str, at: Within, reasons: list[tuple[str, bool, str | None]]) -> Node | None:
        if path.endswith(_CODE):
            reasons.append(("a program's result is known only when it runs", False, None))
            return None
        document = self.files.read(at.scalar, path, None)
        if document is None:
            reasons.append((f"cannot read {path}", True, None))
            return None
        if not path.endswith(_DATA):
            return self.resolve(Scalar(document, 0, len(document.text), document.text, "made", whole_file(document)))
        if document.name not in self._files:
            self._files[document.name] = read(document.text, document.name, self.problems)
        root = self._files[document.name]
        return None if root is None else self._address(root, address, reasons)

    def _exhausted(self, at: Node | Within) -> None:
        if not self._said:
            self._said = True
            self.problems.error(at, "the variables of this document stand for more than can be held", code="variable")

    def _report(self, inside: str, at: Within, reason: str, *, error: bool, closest: str | None = None) -> None:
        variable = "${" + inside + "}"
        if variable in self._unresolved:
            return
        self._unresolved.add(variable)
        message = f"{variable} stays as it is: {reason}"
        if error:
            self.problems.error(at, message, code="variable", nearest=closest)
        else:
            self.problems.warning(at, message, code="CFG020", nearest=closest)


def variables(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each outermost ``${…}`` of a text."""
    at = text.find("${")
    while at >= 0:
        depth, end = 0, at
        while end < len(text):
            if text.startswith("${", end):
                depth += 1
                end += 2
                continue
            if text[end] == "}":
                depth -= 1
                if depth == 0:
                    break
            end += 1
        if end >= len(text):
            return
        yield at, end + 1
        at = text.find("${", end + 1)


def _is_variable(inside: str) -> bool:
    match = re.match(r"\s*([A-Za-z][A-Za-z0-9_\-]*)\s*(\(|:(?!:))", inside)
    return match is not None and match[1] in SOURCES


def _alternatives(inside: str) -> list[str]:
    """``a, b, 'c, d'`` cut at the commas that are in no quotation marks, parentheses or braces."""
    found: list[str] = []
    depth, quote, start = 0, "", 0
    for at, character in enumerate(inside):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "({":
            depth += 1
        elif character in ")}":
            depth -= 1
        elif character == "," and depth == 0:
            found.append(inside[start:at])
            start = at + 1
    found.append(inside[start:])
    return found


def _literal(text: str) -> tuple[Plain] | None:
    if len(text) >= 2 and text[0] in "'\"" and text[-1] == text[0]:
        return (text[1:-1],)
    if text in {"true", "false"}:
        return (text == "true",)
    if text == "null":
        return (None,)
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        return (int(text),)
    return None
