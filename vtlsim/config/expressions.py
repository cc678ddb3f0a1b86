"""Parameter mappings: text -> locations, with what is wrong with each at its place.

What may live here: the reading of ``requestParameters``, ``responseParameters`` and ``cacheKeyParameters``, and the
check that what is mapped has been declared. The grammar of one expression is gateway.locations'.

What API Gateway says of a bad mapping was recorded (PutMethod) and is quoted by many users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from vtlsim.config.fields import is_unknown, strict_text, wrong_kind
from vtlsim.config.marked import Mapping, Scalar, Within
from vtlsim.config.problems import nearest
from vtlsim.gateway.locations import (
    GatewayMapping,
    LocationError,
    RequestMapping,
    RequestParameter,
    ResponseMapping,
    gateway_target,
    method_parameter,
    request_source,
    request_target,
    response_source,
    response_target,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.gateway.locations import ResponseSource

T = TypeVar("T")

_REQUEST_TARGETS: Final = tuple(f"integration.request.{place}." for place in ("header", "querystring", "path"))
_METHOD_PARAMETERS: Final = tuple(f"method.request.{place}." for place in ("header", "querystring", "path"))
_REQUEST_SOURCES: Final = (
    *_METHOD_PARAMETERS,
    "method.request.multivalueheader.",
    "method.request.multivaluequerystring.",
    "method.request.body.",
    "context.",
    "stageVariables.",
)
_RESPONSE_TARGETS: Final = ("method.response.header.",)
_RESPONSE_SOURCES: Final = (
    "integration.response.header.",
    "integration.response.multivalueheader.",
    "integration.response.body.",
    "context.",
    "stageVariables.",
)
_GATEWAY_TARGETS: Final = ("gatewayresponse.header.",)


def invalid(expression: str) -> str:
    """What API Gateway says of an expression that it does not understand."""
    return (
        "Invalid mapping expression specified: Validation Result: warnings : [], "
        f"errors : [Invalid mapping expression specified: {expression}]"
    )


def undeclared(expression: str) -> str:
    """What API Gateway says of a parameter that the method does not declare."""
    return (
        "Invalid mapping expression specified: Validation Result: warnings : [], "
        f"errors : [Invalid mapping expression parameter specified: {expression}]"
    )


NO_METHOD_RESPONSE: Final = (
    "Invalid mapping expression specified: Validation Result: warnings : [], "
    "errors : [No method response exists for method.]"
)
"""What API Gateway says when response parameters are mapped for a status that the method does not declare."""


def request_mappings(node: Node | None, problems: Problems) -> tuple[RequestMapping, ...]:
    """``requestParameters`` of an integration."""
    found: list[RequestMapping] = []
    for key, value in _entries(node, "requestParameters", problems):
        target = _parsed(request_target, key, _REQUEST_TARGETS, problems)
        source = _parsed(request_source, value, _REQUEST_SOURCES, problems)
        if target is not None and source is not None:
            found.append(RequestMapping(target, source))
    return tuple(found)


def response_mappings(node: Node | None, problems: Problems) -> tuple[ResponseMapping, ...]:
    """``responseParameters`` of an integration response."""
    found: list[ResponseMapping] = []
    for key, value in _entries(node, "responseParameters", problems):
        target = _parsed(response_target, key, _RESPONSE_TARGETS, problems)
        source = _parsed(response_source, value, _RESPONSE_SOURCES, problems)
        if target is not None and source is not None:
            found.append(ResponseMapping(target, source))
    return tuple(found)


def gateway_mappings(node: Node | None, problems: Problems) -> tuple[GatewayMapping, ...]:
    """``responseParameters`` of a gateway response. Only headers are kept: nothing is sent to a path or a query."""
    found: list[GatewayMapping] = []
    for key, value in _entries(node, "responseParameters", problems):
        if key.text.startswith(("gatewayresponse.path.", "gatewayresponse.querystring.")):
            continue
        target = _parsed(gateway_target, key, _GATEWAY_TARGETS, problems)
        source = _parsed(request_source, value, _REQUEST_SOURCES, problems)
        if target is not None and source is not None:
            found.append(GatewayMapping(target, source))
    return tuple(found)


def declared_parameter(key: Scalar, problems: Problems) -> RequestParameter | None:
    """The name of an entry of a method's ``requestParameters``."""
    return _parsed(method_parameter, key, _METHOD_PARAMETERS, problems)


def declared_header(key: Scalar, problems: Problems) -> str | None:
    """The name of an entry of a method response's ``responseParameters``."""
    target = _parsed(response_target, key, _RESPONSE_TARGETS, problems)
    return None if target is None else target.name


def cache_key(
    nodes: Iterable[Scalar],
    mappings: Iterable[RequestMapping],
    declared: frozenset[RequestParameter],
    problems: Problems,
) -> tuple[RequestParameter, ...]:
    """``cacheKeyParameters``: declared parameters of the method, or targets that are mapped from one.

    API Gateway's word on any other was quoted by users, as was its taking ``integration.request.path.id``.
    """
    by_target = {each.target.expression: each.source for each in mappings}
    found: list[RequestParameter] = []
    for node in nodes:
        if is_unknown(node):
            continue
        text = node.text
        if text.startswith("integration.request."):
            source = by_target.get(text)
            parameter = source if isinstance(source, RequestParameter) else None
            valid = tuple(target for target, each in by_target.items() if isinstance(each, RequestParameter))
        else:
            try:
                parameter = method_parameter(text)
            except LocationError:
                parameter = None
            parameter = parameter if parameter in declared else None
            valid = tuple(sorted(each.expression for each in declared))
        if parameter is None:
            problems.error(
                node,
                "Invalid cache key parameter specified",
                code="cache-key",
                expected=valid,
                nearest=nearest(text, valid),
            )
        else:
            found.append(parameter)
    return tuple(found)


def check_declared(
    node: Node | None, mappings: Iterable[RequestMapping], declared: frozenset[RequestParameter], problems: Problems
) -> None:
    """Report each mapped parameter that the method does not declare.

    CFG002: a header that is declared in another case is let pass with a warning. Evidence: names are compared exactly
    wherever that was recorded; what PutIntegration says of a difference in case was not. A PutIntegration that maps
    ``method.request.header.x-a`` where ``X-A`` is declared would settle it.
    """
    if not isinstance(node, Mapping):
        return
    known = {each.expression for each in declared}
    folded = {each.expression.lower(): each.expression for each in declared}
    for mapping in mappings:
        source = mapping.source
        if not isinstance(source, RequestParameter):
            continue
        place = source.place.removeprefix("multivalue")
        expression = f"method.request.{place}.{source.name}"
        if expression in known:
            continue
        value = node.get(mapping.target.expression)
        at = node if value is None else value
        other = folded.get(expression.lower())
        if other is not None and place == "header":
            problems.warning(
                at,
                f"the method declares this header as {other}; names are compared exactly",
                code="CFG002",
                nearest=other,
            )
            continue
        problems.error(
            at,
            undeclared(source.expression),
            code="undeclared-parameter",
            expected=tuple(sorted(known)),
            nearest=nearest(expression, known),
        )


def _entries(node: Node | None, what: str, problems: Problems) -> Iterator[tuple[Scalar, Scalar]]:
    """Each name and text of a mapping; what is no text is reported."""
    if node is None or is_unknown(node) or (isinstance(node, Scalar) and node.value is None):
        return
    if not isinstance(node, Mapping):
        wrong_kind(node, what, "a mapping", problems)
        return
    for name, value in node.items():
        if isinstance(value, Scalar) and value.value is None:
            continue
        if strict_text(value, f"{what}.{name}", problems) is not None and isinstance(value, Scalar):
            yield node.key(name), value


def _parsed(parse: Callable[[str], T], node: Scalar, prefixes: tuple[str, ...], problems: Problems) -> T | None:
    """An expression's location. None when it has none, which is reported with the nearest that would have one."""
    if is_unknown(node):
        return None
    text = node.text
    try:
        return parse(text)
    except LocationError as error:
        name = text.split(".", 3)[3] if text.count(".") >= 3 else text.rpartition(".")[2]
        candidates = [prefix + name for prefix in prefixes if name]
        closest = nearest(text, candidates)
        expected = tuple(prefix + "{name}" for prefix in prefixes)
        if "context." in prefixes:
            expected = (*expected, "'static text'")
            if closest is None:
                # A static value without its quotation marks: YAML takes one pair of them away.
                closest = f"'{text}'"
        # The whole of the name that makes no sense, not only its wrong end.
        start = text.rfind(".", 0, min(error.at, len(text))) + 1
        end = text.find(".", start)
        at = Within(node, start, len(text) if end < 0 else end) if 0 < start < len(text) else node
        problems.error(at, invalid(text), code="mapping-expression", expected=expected, nearest=closest)
        return None


def response_source_of(text: str, at: Scalar | None, problems: Problems) -> ResponseSource | None:
    """A response mapping's source that is no entry of a mapping; None when it is none, which is reported at a node."""
    if at is not None and at.text == text:
        return _parsed(response_source, at, _RESPONSE_SOURCES, problems)
    try:
        return response_source(text)
    except LocationError:
        return None
