"""Where a parameter mapping reads and writes: its expressions, parsed once, when a document is loaded.

What may live here: the closed sets of targets and sources, and text -> one of them. Looking values up is the stages'
business; wording what is wrong with an expression is ``explain``'s.

The names are those of API Gateway's "parameter mapping source reference".
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from vtlsim.values.records import NamedTuple

RequestPlace: TypeAlias = Literal["header", "querystring", "path"]
SourcePlace: TypeAlias = Literal["header", "querystring", "path", "multivalueheader", "multivaluequerystring"]

REQUEST_PLACES: Final = ("header", "querystring", "path")
SOURCE_PLACES: Final = ("header", "querystring", "path", "multivalueheader", "multivaluequerystring")

_NAME: Final = re.compile(r"[A-Za-z0-9._$:\-]+")

NAME_CHARACTERS: Final = "GW048"
"""Register: names may hold ``:`` besides what the developer guide prints (``[a-zA-Z0-9._$-]``), for claims such as
``cognito:username``.
"""


class RequestTarget(NamedTuple):
    """``integration.request.{header|querystring|path}.{name}``."""

    place: RequestPlace
    name: str

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"integration.request.{self.place}.{self.name}"


class ResponseTarget(NamedTuple):
    """``method.response.header.{name}``."""

    name: str

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"method.response.header.{self.name}"


class GatewayTarget(NamedTuple):
    """``gatewayresponse.header.{name}``."""

    name: str

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"gatewayresponse.header.{self.name}"


class RequestParameter(NamedTuple):
    """``method.request.{place}.{name}``: a parameter of the method request."""

    place: SourcePlace
    name: str

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"method.request.{self.place}.{self.name}"


class RequestBody(NamedTuple):
    """``method.request.body`` (path None) or ``method.request.body.{path}``; ``path`` is a JsonPath with its ``$``."""

    path: str | None

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"method.request.body{'' if self.path is None else self.path[1:]}"


class ContextValue(NamedTuple):
    """``context.{a}.{b}``: a value of ``$context``. ``steps`` are the names after ``context``."""

    steps: tuple[str, ...]

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return "context." + ".".join(self.steps)


class StageVariable(NamedTuple):
    """``stageVariables.{name}``."""

    name: str

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"stageVariables.{self.name}"


class Static(NamedTuple):
    """``'text'``: a static value, ``text`` without its quotes."""

    text: str

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"'{self.text}'"


class ResponseHeader(NamedTuple):
    """``integration.response.header.{name}``, or ``multivalueheader`` when ``multiple``."""

    name: str
    multiple: bool = False

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"integration.response.{'multivalue' if self.multiple else ''}header.{self.name}"


class ResponseBody(NamedTuple):
    """``integration.response.body`` (path None) or ``integration.response.body.{path}``."""

    path: str | None

    @property
    def expression(self) -> str:
        """As the definition spells it."""
        return f"integration.response.body{'' if self.path is None else self.path[1:]}"


RequestSource: TypeAlias = RequestParameter | RequestBody | ContextValue | StageVariable | Static
ResponseSource: TypeAlias = ResponseHeader | ResponseBody | ContextValue | StageVariable | Static
Target: TypeAlias = RequestTarget | ResponseTarget | GatewayTarget
Source: TypeAlias = (
    RequestParameter | RequestBody | ContextValue | StageVariable | Static | ResponseHeader | ResponseBody
)


class RequestMapping(NamedTuple):
    """One entry of ``requestParameters``."""

    target: RequestTarget
    source: RequestSource


class ResponseMapping(NamedTuple):
    """One entry of an integration response's ``responseParameters``."""

    target: ResponseTarget
    source: ResponseSource


class GatewayMapping(NamedTuple):
    """One entry of a gateway response's ``responseParameters``."""

    target: GatewayTarget
    source: RequestSource


class LocationError(ValueError):
    """An expression that names no location.

    ``expression`` is the text, ``at`` the offset (0-based) at which it stops making sense, ``expected`` what could
    stand there, as texts that would be valid.
    """

    def __init__(self, expression: str, at: int, expected: tuple[str, ...]) -> None:
        super().__init__(expression)
        self.expression = expression
        self.at = at
        self.expected = expected


def request_target(text: str) -> RequestTarget:
    """The key of an entry of ``requestParameters``. Raises LocationError."""
    place, name = _placed(text, "integration.request.", REQUEST_PLACES)
    return RequestTarget(place, name)  # type: ignore[arg-type] # _placed answers one of REQUEST_PLACES


def response_target(text: str) -> ResponseTarget:
    """The key of an entry of an integration response's ``responseParameters``. Raises LocationError."""
    return ResponseTarget(_placed(text, "method.response.", ("header",))[1])


def gateway_target(text: str) -> GatewayTarget:
    """The key of an entry of a gateway response's ``responseParameters``. Raises LocationError."""
    return GatewayTarget(_placed(text, "gatewayresponse.", ("header",))[1])


def method_parameter(text: str) -> RequestParameter:
    """The key of an entry of a method's ``requestParameters`` or of ``cacheKeyParameters``. Raises LocationError."""
    place, name = _placed(text, "method.request.", REQUEST_PLACES)
    return RequestParameter(place, name)  # type: ignore[arg-type] # as above


def request_source(text: str) -> RequestSource:
    """The value of an entry of ``requestParameters``. Raises LocationError."""
    shared = _shared_source(text)
    if shared is not None:
        return shared
    if text == "method.request.body" or text.startswith(("method.request.body.", "method.request.body[")):
        return RequestBody(_body_path(text, "method.request.body"))
    if not text.startswith("method.request."):
        raise LocationError(
            text, _common(text, "method.request."), ("method.request.", "context.", "stageVariables.", "'")
        )
    place, name = _placed(text, "method.request.", (*SOURCE_PLACES, "body"))
    return RequestParameter(place, name)  # type: ignore[arg-type] # as above


def response_source(text: str) -> ResponseSource:
    """The value of an entry of an integration response's ``responseParameters``. Raises LocationError."""
    shared = _shared_source(text)
    if shared is not None:
        return shared
    start = "integration.response."
    if text == f"{start}body" or text.startswith((f"{start}body.", f"{start}body[")):
        return ResponseBody(_body_path(text, f"{start}body"))
    if not text.startswith(start):
        raise LocationError(text, _common(text, start), (start, "context.", "stageVariables.", "'"))
    place, name = _placed(text, start, ("header", "multivalueheader", "body"))
    return ResponseHeader(name, multiple=place == "multivalueheader")


def _shared_source(text: str) -> ContextValue | StageVariable | Static | None:
    if text.startswith("'"):
        if len(text) < 2 or not text.endswith("'"):
            raise LocationError(text, len(text), ("'",))
        return Static(text[1:-1])
    if text.startswith("context."):
        steps = tuple(text[8:].split("."))
        for step in steps:
            if not _NAME.fullmatch(step):
                raise LocationError(text, 8, ())
        return ContextValue(steps)
    if text.startswith("stageVariables."):
        name = text[15:]
        if not _NAME.fullmatch(name):
            raise LocationError(text, 15, ())
        return StageVariable(name)
    return None


def _body_path(text: str, start: str) -> str | None:
    rest = text[len(start) :]
    if rest == ".":
        raise LocationError(text, len(text), ())
    return f"${rest}" if rest else None


def _placed(text: str, start: str, places: tuple[str, ...]) -> tuple[str, str]:
    if not text.startswith(start):
        raise LocationError(text, _common(text, start), (start,))
    place, dot, name = text[len(start) :].partition(".")
    if place not in places:
        raise LocationError(text, len(start), tuple(f"{start}{each}" for each in places))
    if not dot or not _NAME.fullmatch(name):
        raise LocationError(text, len(start) + len(place) + 1, ())
    return place, name


def _common(text: str, start: str) -> int:
    at = 0
    while at < len(text) and at < len(start) and text[at] == start[at]:
        at += 1
    return at
