"""Which operation of the service model a request asks for.

What may live here: paths and methods, as botocore's service model states them. Nothing is written by hand: an operation
that a newer botocore knows is routed as soon as it is installed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE: Final = "apigateway"


class Route(NamedTuple):
    """An operation and where it is asked for. ``segments`` has None for what varies; the last may take the rest."""

    operation: str
    method: str
    segments: tuple[str | None, ...]
    names: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    greedy: bool


class Match(NamedTuple):
    """A request's operation, and its path parameters, decoded, by their names in the path."""

    operation: str
    path: dict[str, str]


class Routes:
    """The routes of a service model."""

    def __init__(self, operations: Mapping[str, Any]) -> None:
        self.operations = operations
        self._by_shape: dict[tuple[str, int], list[Route]] = {}
        self._greedy: list[Route] = []
        for name, operation in operations.items():
            route = _route(name, operation["http"])
            if route.greedy:
                self._greedy.append(route)
            else:
                self._by_shape.setdefault((route.method, len(route.segments)), []).append(route)
        for routes in (*self._by_shape.values(), self._greedy):
            # What is fixed in the query or the path goes before what is not.
            routes.sort(key=lambda each: (-len(each.query), [segment is None for segment in each.segments]))
        found = [each for routes in self._by_shape.values() for each in routes] + self._greedy
        self.prefixes = frozenset(each.segments[0] for each in found if each.segments[0] is not None)
        """The first segments of all paths: ``restapis``, ``apikeys``, ``tags`` and so on."""

    def find(self, method: str, raw_path: str, query: str) -> Match | None:
        """The operation of a request; None when there is none. ``raw_path`` is percent-encoded as sent."""
        parts = raw_path.strip("/").split("/")
        given = frozenset(parse_qsl(query, keep_blank_values=True)) if query else frozenset()
        for route in self._by_shape.get((method, len(parts)), ()):
            found = _match(route, parts, given)
            if found is not None:
                return found
        for route in self._greedy:
            head = len(route.segments) - 1
            if route.method == method and len(parts) >= len(route.segments):
                found = _match(route, [*parts[:head], "/".join(parts[head:])], given)
                if found is not None:
                    return found
        return None


def _match(route: Route, parts: list[str], given: frozenset[tuple[str, str]]) -> Match | None:
    if any(pair not in given for pair in route.query):
        return None
    values: list[str] = []
    for segment, part in zip(route.segments, parts, strict=True):
        if segment is None:
            if not part:
                return None
            values.append(unquote(part, errors="replace"))
        elif segment != part:
            return None
    return Match(route.operation, dict(zip(route.names, values, strict=True)))


def _route(name: str, http: Mapping[str, str]) -> Route:
    path, _, query = http["requestUri"].partition("?")
    segments: list[str | None] = []
    names: list[str] = []
    for part in path.strip("/").split("/"):
        if part.startswith("{"):
            segments.append(None)
            names.append(part.strip("{}").removesuffix("+"))
        else:
            segments.append(part)
    fixed = tuple(parse_qsl(query, keep_blank_values=True))
    return Route(name, http["method"], tuple(segments), tuple(names), fixed, path.endswith("+}"))


@cache
def service_model() -> dict[str, Any]:
    """API Gateway's service model, from botocore, read once. Raises ImportError without the extra ``aws``."""
    from botocore.loaders import Loader

    found: dict[str, Any] = Loader().load_service_model(SERVICE, "service-2")
    return found
