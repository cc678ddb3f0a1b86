"""What the members of the variables are called, and which a template names that do not exist.

What may live here: the lists of names, and one walk over a template's references. It changes nothing: a missing member
reads as nothing, as on AWS; a person would like to know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import UnknownMember
from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vtlsim.velocity.nodes import Block, Reference
    from vtlsim.velocity.source import Source, Span

INPUT: Final = frozenset({"body", "json", "path", "params", "getBody"})
UTIL: Final = frozenset({"escapeJavaScript", "parseJson", "urlEncode", "urlDecode", "base64Encode", "base64Decode"})
METHOD: Final = frozenset({"request"})
METHOD_REQUEST: Final = frozenset({"path", "querystring", "header", "multivaluequerystring", "multivalueheader"})
MAP: Final = frozenset(
    [
        "get",
        "put",
        "putAll",
        "putIfAbsent",
        "keySet",
        "values",
        "entrySet",
        "containsKey",
        "containsValue",
        "isEmpty",
        "empty",
        "size",
        "remove",
        "getOrDefault",
        "replace",
        "clear",
        "equals",
        "hashCode",
        "toString",
        "class",
        "getClass",
        "clone",
    ]
)
"""What any of Java's maps answers to."""
OBJECT: Final = frozenset({"toString", "equals", "hashCode", "class", "getClass"})

CONTEXT: Final = frozenset(
    [
        "accountId",
        "apiId",
        "authorizer",
        "awsEndpointRequestId",
        "deploymentId",
        "domainName",
        "domainPrefix",
        "error",
        "extendedRequestId",
        "httpMethod",
        "identity",
        "isCanaryRequest",
        "path",
        "protocol",
        "requestId",
        "requestOverride",
        "requestTime",
        "requestTimeEpoch",
        "resourceId",
        "resourcePath",
        "responseOverride",
        "stage",
        "wafResponseCode",
        "webaclArn",
    ]
)
"""The developer guide's "$context Variables for data models, authorizers, mapping templates"."""

IDENTITY: Final = frozenset(
    [
        "accessKey",
        "accountId",
        "apiKey",
        "apiKeyId",
        "caller",
        "clientCert",
        "cognitoAuthenticationProvider",
        "cognitoAuthenticationType",
        "cognitoIdentityId",
        "cognitoIdentityPoolId",
        "principalOrgId",
        "sourceIp",
        "user",
        "userAgent",
        "userArn",
        "vpcId",
        "vpceId",
    ]
)
REQUEST_OVERRIDE: Final = frozenset({"path", "header", "querystring"})
RESPONSE_OVERRIDE: Final = frozenset({"header", "status"})

APPSYNC_UTIL: Final = frozenset(
    [
        "appendError",
        "authType",
        "autoId",
        "autoKsuid",
        "autoUlid",
        "defaultIfNull",
        "defaultIfNullOrBlank",
        "defaultIfNullOrEmpty",
        "dynamodb",
        "error",
        "http",
        "isBoolean",
        "isList",
        "isMap",
        "isNull",
        "isNullOrBlank",
        "isNullOrEmpty",
        "isNumber",
        "isString",
        "list",
        "log",
        "map",
        "matches",
        "math",
        "qr",
        "quiet",
        "rds",
        "str",
        "time",
        "toJson",
        "transform",
        "typeOf",
        "unauthorized",
        "validate",
        "xml",
    ]
)
"""Members that ``$util`` has in AppSync's templates and lacks in API Gateway's."""

APPSYNC_CONTEXT: Final = frozenset({"args", "arguments", "source", "result", "prev", "stash", "info", "outErrors"})
APPSYNC_ROOTS: Final = frozenset({"ctx", "utils", "extensions"})
"""Variables that only AppSync's templates have."""

METHOD_VARIABLE: Final = "GW007"
"""Register: ``$method.request`` exists."""

PRINTED_WHOLE: Final = "GW004"
"""Register: ``$input``, ``$util`` and ``$stageVariables`` printed whole are nothing."""

_QUIET: Final = frozenset({"input", "util", "stageVariables"})

ROOTS: Final = frozenset({"input", "util", "context", "stageVariables", "method"})


class Named(NamedTuple):
    """A reference that starts at one of the variables: its names as far as they are fixed, and the places of the whole
    and of each name. ``write`` says that it is set rather than read.
    """

    root: str
    names: tuple[str, ...]
    spans: tuple[Span, ...]
    write: bool


class Uses(NamedTuple):
    """What a template names, found once: references, and the variables that it sets itself. ``codes`` are the register
    codes that this rests on. ``unknown`` keeps what :func:`unknown_members` found, by the names of the stage variables
    there were.
    """

    named: tuple[Named, ...]
    assigned: frozenset[str]
    codes: tuple[str, ...]
    unknown: dict[tuple[str, ...], tuple[UnknownMember, ...]]


_uses: dict[int, tuple[Block, Uses]] = {}
_KEPT: Final = 256


def uses(tree: Block) -> Uses:
    """What a template names; kept for the trees that were asked about last."""
    held = _uses.get(id(tree))
    if held is not None and held[0] is tree:
        return held[1]
    found: list[Named] = []
    assigned: set[str] = set()
    for node, write in _walk(tree, assigned):
        if node.name in ROOTS or node.name in APPSYNC_ROOTS:
            found.append(_named(node, write))
    if len(_uses) >= _KEPT:
        _uses.clear()
    made = Uses(tuple(found), frozenset(assigned), _codes(found), {})
    _uses[id(tree)] = (tree, made)
    return made


def _codes(named: Iterable[Named]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for each in named:
        if each.root == "method":
            found[METHOD_VARIABLE] = None
        elif not each.names and len(each.spans) == 1 and each.root in _QUIET:
            found[PRINTED_WHOLE] = None
    return tuple(found)


def unknown_members(tree: Block, source: Source, stage_variables: Mapping[str, str]) -> tuple[UnknownMember, ...]:
    """The members that a template names and that do not exist, in the order of the text."""
    used = uses(tree)
    if not used.named:
        return ()
    names = tuple(stage_variables)
    known_before = used.unknown.get(names)
    if known_before is None:
        if len(used.unknown) >= _KEPT:
            used.unknown.clear()
        known_before = used.unknown[names] = _unknown_members(used, source, stage_variables)
    return known_before


def _unknown_members(used: Uses, source: Source, stage_variables: Mapping[str, str]) -> tuple[UnknownMember, ...]:
    found: list[UnknownMember] = []
    own = {(each.root, each.names[0]) for each in used.named if each.write and each.names}
    for each in used.named:
        if each.root in used.assigned:
            continue
        if each.root in APPSYNC_ROOTS:
            nearest = "context" if each.root == "ctx" else "util" if each.root == "utils" else None
            found.append(_unknown("", each.root, nearest, True, each.spans[0], source))
            continue
        if len(each.names) < 1:
            continue
        known, appsync = _first(each, stage_variables)
        name = each.names[0]
        if name not in known and (each.root, name) not in own:
            found.append(_unknown(each.root, name, nearest_name(name, known), name in appsync, each.spans[1], source))
        elif len(each.names) > 1 and not each.write:
            known = _second(each)
            name = each.names[1]
            if known and name not in known:
                root = f"{each.root}.{each.names[0]}"
                found.append(_unknown(root, name, nearest_name(name, known), False, each.spans[2], source))
    return tuple(found)


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like a given one; None when none is like it."""
    folded = name.lower()
    candidates = sorted(known)
    for each in candidates:
        if each.lower() == folded:
            return each
    from difflib import get_close_matches

    close = get_close_matches(name, candidates, 1, 0.6)
    return close[0] if close else None


def override_writes(tree: Block, kind: str, place: str, name: str) -> tuple[Span, ...]:
    """Where a template writes an override of that place and name by a fixed name, in the order of the text."""
    path = (kind, name) if place == "status" else (kind, place, name)
    return tuple(
        each.spans[0]
        for each in uses(tree).named
        if each.write and each.root == "context" and each.names[: len(path)] == path
    )


def _unknown(root: str, name: str, nearest: str | None, appsync: bool, span: Span, source: Source) -> UnknownMember:
    return UnknownMember(root, name, nearest, appsync, span, source.position(span.start))


def _first(each: Named, stage_variables: Mapping[str, str]) -> tuple[frozenset[str], frozenset[str]]:
    match each.root:
        case "input":
            return INPUT | OBJECT, frozenset()
        case "util":
            return UTIL | OBJECT, APPSYNC_UTIL
        case "context":
            return CONTEXT | MAP, APPSYNC_CONTEXT
        case "stageVariables":
            return frozenset(stage_variables) | MAP, frozenset()
        case _:
            return METHOD | MAP, frozenset()


def _second(each: Named) -> frozenset[str]:
    """What may follow the first name; empty where anything may."""
    match each.root, each.names[0]:
        case "context", "identity":
            return IDENTITY | MAP
        case "context", "requestOverride":
            return REQUEST_OVERRIDE | MAP
        case "method", "request":
            return METHOD_REQUEST | MAP
        case _:
            return frozenset()


def _named(node: Reference, write: bool) -> Named:
    from vtlsim.velocity import nodes as n

    names: list[str] = []
    spans: list[Span] = [node.span]
    for step in node.steps:
        if isinstance(step, n.Property | n.Call):
            names.append(step.name)
            if isinstance(step, n.Call):
                spans.append(step.span)
                if step.name in ("get", "put") and step.arguments and isinstance(step.arguments[0], n.StringLiteral):
                    # $context.identity.get("sourceIp") names what $context.identity.sourceIp does
                    names[-1] = step.arguments[0].value
                    write = write or step.name == "put"
                    continue
                break  # what a call gives is not known
        elif isinstance(step.argument, n.StringLiteral):
            names.append(step.argument.value)
        else:
            break
        if len(spans) == len(names):
            spans.append(step.span)
    return Named(node.name, tuple(names), tuple(spans), write)


def _walk(tree: Block, assigned: set[str]) -> Iterator[tuple[Reference, bool]]:
    """Every reference in a tree, in the order of the text, and whether it is set; variables that the template sets go
    to ``assigned``.
    """
    from vtlsim.velocity import nodes as n

    pending: list[tuple[object, ...]] = [tree]
    targets: set[int] = set()
    while pending:
        each = pending.pop()
        if isinstance(each, n.Reference):
            yield each, id(each) in targets
        elif isinstance(each, n.SetDirective):
            if not each.target.steps:
                assigned.add(each.key)
                pending.append(each.value)
                continue
            targets.add(id(each.target))
        elif isinstance(each, n.ForeachDirective):
            assigned.add(each.element)
        elif isinstance(each, n.DefineDirective):
            assigned.add(each.name)
        pending.extend(part for part in reversed(each) if isinstance(part, tuple) and part)
