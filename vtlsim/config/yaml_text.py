"""YAML text -> marked values.

What may live here: YAML 1.1 as CloudFormation, OpenAPI tools and serverless read it, over libyaml's events. The
module is imported only for a text that is not JSON, because PyYAML is slow to import. Events rather than PyYAML's
nodes, because they are faster and because its composer descends on the C stack: 100,000 brackets end the process.

CloudFormation's short tags become the long form: ``!Sub x`` is ``{"Fn::Sub": x}``. Dates stay text. Names of mappings
stay what was typed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from yaml import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from vtlsim.config.json_text import repeated_name
from vtlsim.config.marked import NESTING, Mapping, Plain, Scalar, Sequence

try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # PyYAML built without libyaml: the same events, slower
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class _Parser(Reader, Scanner, Parser):  # type: ignore[no-redef]
        def __init__(self, text: str) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)


if TYPE_CHECKING:
    from vtlsim.config.marked import Document, Node
    from vtlsim.config.problems import Problems

SHORT_TAGS: Final = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{
        f"!{name}": f"Fn::{name}"
        for name in (
            *(
                "And",
                "Base64",
                "Cidr",
                "Contains",
                "EachMemberEquals",
                "EachMemberIn",
                "Equals",
                "FindInMap",
                "ForEach",
            ),
            *("GetAZs", "GetAtt", "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select", "Split"),
            *("Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll"),
        )
    },
}

GROWTH: Final = 20
"""How many times larger than the document itself its aliases may make it, beyond 100,000 nodes. A bound of ours."""

_CANDIDATES: Final = frozenset("0123456789+-.~nNtTfFyYoO")
_INTEGER: Final = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*)")
_FLOAT: Final = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
)
_BOOLEANS: Final = {
    spelling: value
    for value, words in ((True, ("yes", "true", "on")), (False, ("no", "false", "off")))
    for word in words
    for spelling in (word, word.capitalize(), word.upper())
}
_NULLS: Final = frozenset(("~", "null", "Null", "NULL", ""))
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_YAML: Final = "tag:yaml.org,2002:"


class _YamlError(Exception):
    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


def read_yaml(document: Document, problems: Problems) -> Node | None:
    """The document's value, or None with a problem that says where it stops being YAML."""
    try:
        return _read(document, problems)
    except _YamlError as error:
        at, message = error.at, str(error)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.index if mark is not None else 0
        message = f"not YAML: {_wording(document.text, at, error)}"
    except ReaderError:
        # libyaml tells the position in bytes, PyYAML in characters: the first such character is the one.
        unprintable = _UNPRINTABLE.search(document.text)
        at = unprintable.start() if unprintable is not None else 0
        message = f"not YAML: the character U+{ord(document.text[at]):04X} may not stand in it"
    except UnicodeEncodeError as error:
        at = error.start
        message = "not YAML: half of a surrogate pair"
    except YAMLError as error:
        at, message = 0, f"not YAML: {error}"
    at = min(at, len(document.text))
    problems.error(Scalar(document, at, min(at + 1, len(document.text)), None, "plain"), message, code="yaml")
    return None


def _wording(text: str, at: int, error: MarkedYAMLError) -> str:
    line_start = text.rfind("\n", 0, at) + 1
    if text[at : at + 1] == "\t" or ("\t" in text[line_start:at] and not text[line_start:at].strip()):
        return "a tab cannot indent YAML; use blanks"
    said = error.problem or "it cannot be read"
    return f"{error.context}, {said}" if error.context else said


class _Open:
    """A mapping or sequence whose end has not come yet."""

    __slots__ = ("anchor", "before", "key", "key_at", "merges", "node", "tag")

    def __init__(self, node: Mapping | Sequence, anchor: str | None, tag: str | None, before: int) -> None:
        self.node = node
        self.anchor = anchor
        self.tag = tag
        self.before = before
        self.key: str | None = None
        self.key_at = 0
        self.merges: list[tuple[Node, int]] | None = None


def _read(document: Document, problems: Problems) -> Node:
    parser = _Parser(document.text)
    get = parser.get_event
    anchors: dict[str, tuple[Node, int]] = {}
    unfinished: set[str] = set()
    stack: list[_Open] = []
    top: _Open | None = None
    root: Node | None = None
    documents = 0
    size = expanded = 0  # nodes written, and nodes with every alias taken as what it stands for

    while True:
        event: Any = get()
        kind = type(event)
        if kind is ScalarEvent:
            start = event.start_mark.index
            tag = event.tag
            expanded += 1
            size += 1
            if top is not None and type(top.node) is Mapping and top.key is None:
                # A name: what was typed, whatever YAML would make of it as a value.
                if event.anchor is not None:
                    anchors[event.anchor] = (Scalar(document, start, event.end_mark.index, event.value, "key"), 1)
                top.key = event.value
                top.key_at = start
                continue
            style = event.style or "plain"
            value: Plain = event.value
            if tag is not None:
                value = _tagged(tag, event.value, style)
            elif (style == "plain" and event.value[:1] in _CANDIDATES) or (not event.value and style == "plain"):
                value = _resolved(event.value)
            node: Node = Scalar(document, start, event.end_mark.index, value, style)
            if tag is not None:
                node = _wrapped(document, node, tag, problems)
            if event.anchor is not None:
                anchors[event.anchor] = (node, 1)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            start = event.start_mark.index
            if len(stack) >= NESTING:
                raise _YamlError(start, f"more than {NESTING} mappings and sequences inside one another")
            if top is not None and type(top.node) is Mapping and top.key is None:
                raise _YamlError(start, "the name of an entry must be a text")
            if event.anchor is not None:
                unfinished.add(event.anchor)
            opened: Mapping | Sequence
            opened = Mapping(document, start, start) if kind is MappingStartEvent else Sequence(document, start, start)
            top = _Open(opened, event.anchor, event.tag, expanded)
            stack.append(top)
            expanded += 1
            size += 1
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            assert top is not None, "libyaml closes what it opened"
            closed = stack.pop()
            closed.node.end = event.end_mark.index
            if closed.merges is not None:
                _merge(closed, problems)
            node = closed.node
            if closed.tag is not None:
                node = _wrapped(document, node, closed.tag, problems)
            if closed.anchor is not None:
                unfinished.discard(closed.anchor)
                anchors[closed.anchor] = (node, expanded - closed.before)
            top = stack[-1] if stack else None
        elif kind is AliasEvent:
            name, start = event.anchor, event.start_mark.index
            if name not in anchors:
                raise _YamlError(
                    start,
                    f"*{name} stands inside its own &{name}" if name in unfinished else f"there is no &{name} above",
                )
            node, nodes = anchors[name]
            expanded += nodes
            if expanded > 100_000 + GROWTH * size:
                raise _YamlError(start, f"aliases make this document more than {GROWTH} times as large as it is")
            if top is not None and type(top.node) is Mapping and top.key is None:
                if not isinstance(node, Scalar):
                    raise _YamlError(start, "the name of an entry must be a text")
                top.key = node.text
                top.key_at = start
                continue
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise _YamlError(event.start_mark.index, "a second document begins here; a definition is one")
            continue
        elif kind is StreamEndEvent:
            if root is None:
                raise _YamlError(0, "the document is empty")  # comments alone, or nothing at all
            return root
        else:
            continue

        # A finished node: into what is open.
        if top is None:
            root = node
        elif type(top.node) is Sequence:
            top.node.items.append(node)
        else:
            mapping, key = top.node, top.key
            assert isinstance(mapping, Mapping), "what is open is one of the two"
            assert key is not None, "a value follows its name"
            if key == "<<" and document.text[top.key_at : top.key_at + 2] == "<<":
                if top.merges is None:
                    top.merges = []
                top.merges.append((node, top.key_at))
            else:
                if key in mapping.entries:
                    repeated_name(document, key, top.key_at, mapping.keys[key], problems)
                mapping.entries[key] = node
                mapping.keys[key] = top.key_at
            top.key = None


def _merge(closed: _Open, problems: Problems) -> None:
    """Take over the entries of ``<<: *other`` that the mapping has none of its own for."""
    mapping = closed.node
    assert isinstance(mapping, Mapping), "only mappings have names"
    for node, at in closed.merges or ():
        for other in node.items if isinstance(node, Sequence) else (node,):
            if not isinstance(other, Mapping):
                place = Scalar(mapping.document, at, at + 2, "<<", "key")
                problems.error(place, "<< merges mappings, and this is none", code="yaml")
                continue
            for name, value in other.items():
                if name not in mapping.entries:
                    mapping.entries[name] = value
                    mapping.keys[name] = other.keys[name]


def _wrapped(document: Document, node: Node, tag: str, problems: Problems) -> Node:
    if tag.startswith(_YAML) or tag == "!":
        return node
    name = SHORT_TAGS.get(tag)
    at = max(node.start, document.text.find("!", node.start, node.end))
    if name is None:
        place = Scalar(document, at, at + len(tag), tag, "plain")
        problems.unknown(place, "tag", tag, SHORT_TAGS, severity="warning")
        return node
    return Mapping(document, node.start, node.end, {name: node}, {name: at})


def _tagged(tag: str, value: str, style: str) -> Plain:
    if tag == f"{_YAML}str" or tag == "!" or style != "plain":
        return value
    if tag.startswith(_YAML):
        return _resolved(value)
    return value


def _resolved(value: str) -> Plain:
    """What a plain scalar stands for in YAML 1.1, but for dates."""
    if value in _NULLS:
        return None
    if value in _BOOLEANS:
        return _BOOLEANS[value]
    if len(value) > 400:
        return value
    if _INTEGER.fullmatch(value):
        return _integer(value.replace("_", ""))
    if _FLOAT.fullmatch(value):
        text = value.replace("_", "").lower()
        return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    return value


def _integer(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if digits.startswith("0b"):
        return sign * int(digits[2:] or "0", 2)
    if digits.startswith("0x"):
        return sign * int(digits[2:] or "0", 16)
    if ":" in digits:
        number = 0
        for part in digits.split(":"):
            number = number * 60 + int(part)
        return sign * number
    if digits.startswith("0") and digits != "0":
        return sign * int(digits, 8)
    return sign * int(digits)
