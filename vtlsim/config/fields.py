"""A mapping's fields under AWS's own names, each read as the type it must have.

What may live here: looking a field up under the name that a format gives it, and the checks of type, enum and range
that every format shares. What a field means is its reader's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems, Severity

JAVA_BOOLEAN: Final = "class java.lang.Boolean can not be converted to an String"
JAVA_NUMBER: Final = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String"
"""What API Gateway says (SerializationException) of a boolean and of a number where a text belongs. Recorded."""

_TRUE: Final = frozenset(("true", "True", "TRUE"))
_FALSE: Final = frozenset(("false", "False", "FALSE"))


class Spelling(NamedTuple):
    """How a format writes one kind of mapping.

    ``what`` names the kind in messages; ``names`` maps the format's names to AWS's (those of the API reference);
    ``ignored`` are names that may stand there and mean nothing to a request. ``unknown`` is how bad any other name
    is (None: it is none of our business) and ``code`` its code; ``any_case`` is whether enums may be written in any
    case.
    """

    what: str
    names: Dict[str, str]
    ignored: frozenset[str] = frozenset()
    unknown: Severity | None = "error"
    any_case: bool = False
    code: str = "unknown-field"


class Fields:
    """The fields of one mapping, by AWS's names. An unknown name is reported when the object is made."""

    __slots__ = ("_nodes", "_spelled", "mapping", "problems", "spelling")

    def __init__(self, mapping: Mapping, spelling: Spelling, problems: Problems) -> None:
        self.mapping = mapping
        self.spelling = spelling
        self.problems = problems
        self._nodes: dict[str, Node] = {}
        self._spelled: dict[str, str] = {}
        names = spelling.names
        for spelled, node in mapping.entries.items():
            name = names.get(spelled)
            if name is not None:
                self._nodes[name] = node
                self._spelled[name] = spelled
            elif spelling.unknown is not None and spelled not in spelling.ignored:
                place = mapping.key(spelled)
                what = f"{spelling.what} field"
                problems.unknown(place, what, spelled, names, severity=spelling.unknown, code=spelling.code)

    def get(self, name: str) -> Node | None:
        """The node of a field. Null is as good as absent: None."""
        node = self._nodes.get(name)
        return None if isinstance(node, Scalar) and node.value is None else node

    def has(self, name: str) -> bool:
        """Whether the field stands there at all, be it null."""
        return name in self._nodes

    def key(self, name: str) -> Scalar | Mapping:
        """The field's name as it stands in the document, for pointing at it; the mapping where it is absent."""
        spelled = self._spelled.get(name)
        return self.mapping if spelled is None else self.mapping.key(spelled)

    def text(self, name: str) -> str | None:
        """The field as text. None when it is absent, null, or no text (which is reported)."""
        node = self.get(name)
        return None if node is None else text_of(node, name, self.problems)

    def scalar(self, name: str) -> Scalar | None:
        """The field's node, if it is a scalar; any other kind is reported."""
        node = self.get(name)
        if node is None or isinstance(node, Scalar):
            return node
        wrong_kind(node, name, "a text", self.problems)
        return None

    def boolean(self, name: str) -> bool | None:
        """The field as a boolean; ``"true"`` and ``"false"`` count. Any other value is reported."""
        node = self.get(name)
        return None if node is None else boolean_of(node, name, self.problems)

    def integer(self, name: str) -> int | None:
        """The field as an integer; digits in quotation marks count. Any other value is reported."""
        node = self.get(name)
        return None if node is None else integer_of(node, name, self.problems)

    def mapped(self, name: str) -> Mapping | None:
        """The field as a mapping; any other kind is reported."""
        node = self.get(name)
        if node is None or isinstance(node, Mapping):
            return node
        if not is_unknown(node):
            wrong_kind(node, name, "a mapping", self.problems)
        return None

    def listed(self, name: str) -> Sequence | None:
        """The field as a sequence; any other kind is reported."""
        node = self.get(name)
        if node is None or isinstance(node, Sequence):
            return node
        if not is_unknown(node):
            wrong_kind(node, name, "a list", self.problems)
        return None

    def texts(self, name: str) -> Iterator[Scalar]:
        """The items of a list of texts."""
        for item in self.listed(name) or ():
            if isinstance(item, Scalar) and item.value is not None:
                yield item
            else:
                wrong_kind(item, name, "a text", self.problems)

    def one_of(self, name: str, valid: Iterable[str], message: str | None = None) -> str | None:
        """The field as one of a closed set of texts.

        ``message`` is what AWS says of any other value, with ``{}`` for the value.
        """
        node = self.scalar(name)
        if node is None or is_unknown(node):
            return None
        text = node.text
        names = tuple(valid)
        if text in names:
            return text
        if self.spelling.any_case and text.upper() in names:
            return text.upper()
        from vtlsim.config.problems import nearest

        said = f"{text!r} is no {name}" if message is None else message.replace("{}", text)
        self.problems.error(node, said, code=f"wrong-{name}", expected=names, nearest=nearest(text, names))
        return None


def enum_message(field: str, valid: Iterable[str]) -> str:
    """What API Gateway says of a value outside an enum, with ``{}`` for the value; ``field`` as in its own messages.

    Recorded for putIntegrationInput.type and responseType, where the order of the members is AWS's own.
    """
    members = ", ".join(valid)
    return (
        f"1 validation error detected: Value '{{}}' at '{field}' failed to satisfy constraint: "
        f"Member must satisfy enum value set: [{members}]"
    )


def is_unknown(node: Node | None) -> bool:
    """Whether a node stands for something that cannot be known offline."""
    return isinstance(node, Scalar) and node.style == UNKNOWN


def text_of(node: Node, what: str, problems: Problems) -> str | None:
    """A node as text. A number counts as typed; a boolean as ``true`` or ``false``; any other kind is reported."""
    if isinstance(node, Scalar):
        return node.text
    wrong_kind(node, what, "a text", problems)
    return None


def strict_text(node: Node, what: str, problems: Problems) -> str | None:
    """A node that must be a text in the document's own type; null counts as empty. AWS's word on anything else."""
    if isinstance(node, Scalar):
        value = node.value
        if value is None or type(value) is str:
            return node.text
        problems.error(
            node, JAVA_BOOLEAN if type(value) is bool else JAVA_NUMBER, code="not-a-text", expected=(f'"{node.text}"',)
        )
        return None
    wrong_kind(node, what, "a text", problems)
    return None


def boolean_of(node: Node, what: str, problems: Problems) -> bool | None:
    """A node as a boolean; ``"true"`` and ``"false"`` count. Any other value is reported."""
    if isinstance(node, Scalar):
        if type(node.value) is bool:
            return node.value
        if node.text in _TRUE or node.text in _FALSE:
            return node.text in _TRUE
        if is_unknown(node):
            return None
    wrong_kind(node, what, "true or false", problems)
    return None


def integer_of(node: Node, what: str, problems: Problems) -> int | None:
    """A node as an integer; digits in quotation marks count. Any other value is reported."""
    if isinstance(node, Scalar):
        value = node.value
        if type(value) is int:
            return value
        if type(value) is float and value.is_integer():
            return int(value)
        text = node.text
        if text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20:
            return int(text)
        if is_unknown(node):
            return None
    wrong_kind(node, what, "an integer", problems)
    return None


def wrong_kind(node: Node, what: str, expected: str, problems: Problems) -> None:
    """Report a node that is not of the kind it must be."""
    if isinstance(node, Mapping):
        found = "a mapping"
    elif isinstance(node, Sequence):
        found = "a list"
    else:
        found = "null" if node.value is None else repr(node.typed)
    problems.error(node, f"{what}: expected {expected}, found {found}", code="wrong-kind", expected=(expected,))
