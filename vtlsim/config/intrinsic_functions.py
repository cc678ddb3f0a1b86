"""CloudFormation's intrinsic functions, one by one.

What may live here: each function that makes a value of its argument, over marked values. Conditions are in
conditions.py; names, placeholders and the walk through a template are the Resolver's, in intrinsics.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.config.made import made, put_together
from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, Sequence, Within, plain
from vtlsim.config.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Dict

    from vtlsim.config.intrinsics import Resolver
    from vtlsim.config.marked import Node
    from vtlsim.config.origin import TextOrigin

_SUB: Final = re.compile(r"\$\{(!?)([^{}]*)\}")
_SUB_NAME: Final = re.compile(r"\s*[A-Za-z0-9_.:]+\s*")
_VELOCITY: Final = frozenset(("input", "util", "context", "stageVariables", "method"))


def get_att(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::GetAtt``, as a list or as ``Resource.Attribute``."""
    parts = _path(resolver, argument)
    if parts is None:
        return resolver.wrong(node, "GetAtt names a resource and one of its attributes")
    name, attribute = parts
    found = resolver.attribute(name, attribute, node, argument)
    return found if found is not None else resolver.unresolved(name, argument, node)


def _path(resolver: Resolver, argument: Node) -> tuple[str, str] | None:
    if isinstance(argument, Sequence):
        texts = [resolver.text(each) for each in argument.items]
        if len(texts) >= 2 and None not in texts:
            return str(texts[0]), ".".join(str(each) for each in texts[1:])
        return None
    if isinstance(argument, Scalar) and "." in argument.text:
        name, _, attribute = argument.text.partition(".")
        return name, attribute
    return None


def sub(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::Sub``, both forms; ``${!x}`` is ``${x}``. Each character of the text keeps its place."""
    local: Dict[str, Node] = {}
    template = argument
    if isinstance(argument, Sequence) and len(argument.items) == 2 and isinstance(argument.items[1], Mapping):
        template = argument.items[0]
        local = argument.items[1].entries
    if not isinstance(template, Scalar):
        return resolver.wrong(node, "Sub takes a text, or a text and a mapping")
    text, origin = template.text, template.origin
    parts: list[tuple[str, TextOrigin]] = []
    at, known = 0, True
    for match in _SUB.finditer(text):
        before = text[at : match.start()]
        parts.append((before, origin.part(at, match.start())))
        at = match.end()
        place = origin.part(match.start(), match.end())
        if match[1]:
            # ${!name} is ${name}: the exclamation mark alone is taken out.
            parts.append(("${", place))
            parts.append((match[2] + "}", origin.part(match.start() + 3, match.end())))
            continue
        found = _sub_name(resolver, match[2].strip(), Within(template, match.start(), match.end()), node, local)
        if isinstance(found, Scalar):
            known = known and found.style != UNKNOWN
            parts.append((found.text, place.fixed()))
        else:
            known = False
            parts.append((match[0], place))
    parts.append((text[at:], origin.part(at, len(text))))
    return put_together(node, parts, known=known)


def _sub_name(resolver: Resolver, name: str, at: Within, node: Node, local: Dict[str, Node]) -> Node | None:
    if name in local:
        return resolver.resolve(local[name])
    if not _SUB_NAME.fullmatch(name):
        resolver.problems.error(
            at,
            "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, "
            "periods, and colons",
            code="sub-name",
            expected=("${!" + name + "}",),
            nearest="${!" + name + "}",
        )
        return None
    first, dot, rest = name.partition(".")
    found = resolver.attribute(first, rest, node, at) if dot else resolver.named(name, node, at)
    if found is None:
        _unresolved_in_sub(resolver, name, first, at)
    elif not isinstance(found, Scalar):
        resolver.problems.error(at, f"{name} is a list, and Sub puts in texts", code="sub-name")
    return found


def _unresolved_in_sub(resolver: Resolver, name: str, first: str, at: Within) -> None:
    """Names of Velocity inside Sub are the commonest mistake: ``${input.body}`` must be written ``${!input.body}``."""
    valid = resolver.names()
    closest = nearest(first, valid)
    if first in _VELOCITY or (closest is None and first[:1].islower()):
        closest = "${!" + name + "}"
    message = f"Fn::Sub: the template has no {first!r}; a reference that is Velocity's is written ${{!{name}}}"
    resolver.no_such(at, message, name, valid, closest)


def choose(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::If``."""
    if not isinstance(argument, Sequence) or len(argument.items) != 3:
        return resolver.wrong(node, "If takes a condition and two values")
    return resolver.resolve(argument.items[1 if resolver.condition(argument.items[0]) is not False else 2])


def join(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::Join``. Each character of the parts keeps its place."""
    if not isinstance(argument, Sequence) or len(argument.items) != 2:
        return resolver.wrong(node, "Join takes a delimiter and a list")
    delimiter = resolver.text(argument.items[0]) or ""
    values = resolver.resolve(argument.items[1])
    if not isinstance(values, Sequence):
        return resolver.unknown(node, "Join")
    parts: list[tuple[str, TextOrigin]] = []
    known = True
    for number, each in enumerate(values.items):
        if not isinstance(each, Scalar):
            return resolver.wrong(node, "Join joins texts")
        if number and delimiter:
            parts.append((delimiter, each.origin.fixed()))
        known = known and each.style != UNKNOWN
        parts.append((each.text, each.origin))
    return put_together(node, parts, known=known)


def find_in_map(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::FindInMap``, with or without a default."""
    keys = argument.items if isinstance(argument, Sequence) else []
    if len(keys) < 3:
        return resolver.wrong(node, "FindInMap takes a mapping and two keys")
    found: Node = resolver.mappings
    for key in keys[:3]:
        name = resolver.text(key)
        if name is None:
            return resolver.unknown(node, "FindInMap")
        inner = found.get(name) if isinstance(found, Mapping) else None
        if inner is None:
            default = keys[3].get("DefaultValue") if len(keys) > 3 and isinstance(keys[3], Mapping) else None
            if default is not None:
                return resolver.resolve(default)
            valid = tuple(found) if isinstance(found, Mapping) else ()
            resolver.problems.error(
                key,
                f"FindInMap: there is no {name!r}",
                code="unresolved",
                expected=valid,
                nearest=nearest(name, valid),
            )
            return made(node, name, UNKNOWN)
        found = inner
    return resolver.resolve(found)


def select(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::Select``."""
    items = argument.items if isinstance(argument, Sequence) else []
    index = resolver.text(items[0]) if len(items) == 2 else None
    values = resolver.resolve(items[1]) if len(items) == 2 else None
    if index is None or not isinstance(values, Sequence):
        if len(items) != 2:
            return resolver.wrong(node, "Select takes an index and a list")
        return resolver.unknown(node, "Select")
    if not index.isdecimal() or int(index) >= len(values.items):
        # A list made of what is not known may well be longer.
        if not any(isinstance(each, Scalar) and each.style == UNKNOWN for each in values.items):
            resolver.problems.error(node, f"Select: the list has no item {index}", code="unresolved")
        return made(node, "Select", UNKNOWN)
    return values.items[int(index)]


def split(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::Split``."""
    items = argument.items if isinstance(argument, Sequence) else []
    delimiter = resolver.text(items[0]) if len(items) == 2 else None
    value = resolver.resolve(items[1]) if len(items) == 2 else None
    if not delimiter or not isinstance(value, Scalar):
        return resolver.wrong(node, "Split takes a delimiter and a text")
    style = value.style if value.style == UNKNOWN else "made"
    return Sequence(
        node.document, node.start, node.end, [made(node, each, style) for each in value.text.split(delimiter)]
    )


def base64(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::Base64``."""
    from base64 import b64encode

    value = resolver.resolve(argument)
    if not isinstance(value, Scalar):
        return resolver.wrong(node, "Base64 takes a text")
    style = value.style if value.style == UNKNOWN else "made"
    return made(node, b64encode(value.text.encode("utf-8", "surrogatepass")).decode(), style)


def to_json(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::ToJsonString``."""
    from json import dumps

    value = resolver.resolve(argument)
    return made(node, dumps(plain(value), separators=(",", ":"))) if value is not None else None


def import_value(resolver: Resolver, argument: Node, node: Mapping) -> Node:
    """``Fn::ImportValue``: another stack's export, which nobody knows offline."""
    name = resolver.text(argument) or "ImportValue"
    return resolver.unknown(node, name, node, f"{name!r} is another stack's export; it stands as it is")


def length(resolver: Resolver, argument: Node, node: Mapping) -> Node | None:
    """``Fn::Length``."""
    found = resolver.resolve(argument)
    return made(node, str(len(found.items))) if isinstance(found, Sequence) else resolver.unknown(node, "Length")


FUNCTIONS: Final[Dict[str, Callable[[Resolver, Node, Mapping], Node | None]]] = {
    "Fn::Base64": base64,
    "Fn::FindInMap": find_in_map,
    "Fn::GetAtt": get_att,
    "Fn::If": choose,
    "Fn::ImportValue": import_value,
    "Fn::Join": join,
    "Fn::Length": length,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Sub": sub,
    "Fn::ToJsonString": to_json,
}
"""Each function by the name that a template gives it."""
