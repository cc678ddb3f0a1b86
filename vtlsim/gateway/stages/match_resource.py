"""Which resource and method serve a request?

What may live here: routing. Recorded on AWS: an exact path beats a parameter, which beats a greedy one; when the exact
path lacks the method, a greedy sibling that has it serves; ``ANY`` on the exact path beats a named method on the greedy
one; slashes before the first segment and after the last do not count, those inside a greedy parameter stay; path
parameters keep their percent-encoding; no route answers ``Missing Authentication Token``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import ResourceMatched, RouteCandidate
from vtlsim.gateway.header_rules import METHOD_OVERRIDE
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, Refused
from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import Api, Integration, Method, MethodRequest, Resource, Segment


class Route(NamedTuple):
    """What serves a request, and the path parameters, percent-encoded as sent."""

    resource_path: str
    resource_id: str
    method: Method
    integration: Integration
    path_parameters: Mapping[str, str]


METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
"""The methods of a REST API."""

NO_INTEGRATION: Final = "GW047"
"""Register: a method without an integration answers 500."""

FALLBACK_RESOURCE_ID: Final = "r00t00"
"""The id of the resource of a definition that has only one method and no resources."""


def effective_request(request: MethodRequest) -> MethodRequest:
    """The request with the method that counts: ``X-HTTP-Method-Override`` replaces the one it was sent with
    (documented).
    """
    method = request.headers.first(METHOD_OVERRIDE)
    if method is None or method not in METHODS:
        return request
    return request._replace(method=method)


def match_resource(request: MethodRequest, api: Api, resource: Resource | None) -> tuple[ResourceMatched, Route]:
    """The route of a request. ``resource`` is given when the caller names it: then the path need not fit it, as under
    TestInvokeMethod. Raises Refused when nothing serves the request.
    """
    if resource is not None:
        return _named(request, resource, _parts(request.path))
    considered: list[RouteCandidate] = []
    best: tuple[tuple[tuple[int, ...], bool], int, str, dict[str, str]] | None = None
    if api.resources:
        table = _table(api.resources)
        considered = list(table.passed_over)
        parts = _parts(request.path)
        for index in table.by_first.get(parts[0], table.any_first) if parts else table.root:
            each = api.resources[index]
            values = _fit(each.segments, parts)
            if values is None:
                continue
            name = request.method if request.method in each.methods else "ANY"
            if name not in each.methods:
                considered[index] = RouteCandidate(each.path, None, "other_method")
                continue
            rank = (table.ranks[index], name == "ANY")
            if best is not None and best[0] <= rank:
                considered[index] = RouteCandidate(each.path, name, "less_specific")
                continue
            if best is not None:
                considered[best[1]] = considered[best[1]]._replace(verdict="less_specific")
            best = (rank, index, name, values)
            considered[index] = RouteCandidate(each.path, name, "chosen")
    if best is not None:
        _, index, name, found = best
        chosen = api.resources[index]
        parameters = found if request.path_parameters is None else dict(request.path_parameters)
        finding = ResourceMatched(
            request.method, request.path, chosen.path, name, tuple(parameters.items()), tuple(considered)
        )
        return finding, _route(chosen.path, chosen.id, chosen.methods[name], parameters, finding)
    if api.fallback is not None:
        parameters = dict(request.path_parameters or {})
        method = api.fallback
        finding = ResourceMatched(
            request.method,
            request.path,
            request.path,
            method.http_method,
            tuple(parameters.items()),
            tuple(considered),
            given=True,
        )
        return finding, _route(request.path, FALLBACK_RESOURCE_ID, method, parameters, finding)
    raise Refused(
        MISSING_AUTHENTICATION_TOKEN,
        because=ResourceMatched(request.method, request.path, None, None, (), tuple(considered)),
    )


def _named(request: MethodRequest, resource: Resource, parts: list[str]) -> tuple[ResourceMatched, Route]:
    name = request.method if request.method in resource.methods else "ANY"
    if name not in resource.methods:
        raise Refused(
            MISSING_AUTHENTICATION_TOKEN,
            because=ResourceMatched(
                request.method,
                request.path,
                None,
                None,
                (),
                (RouteCandidate(resource.path, None, "other_method"),),
                given=True,
            ),
        )
    if request.path_parameters is not None:
        parameters = dict(request.path_parameters)
    else:
        parameters = _fit(resource.segments, parts) or {}
    finding = ResourceMatched(
        request.method,
        request.path,
        resource.path,
        name,
        tuple(parameters.items()),
        (RouteCandidate(resource.path, name, "chosen"),),
        given=True,
    )
    return finding, _route(resource.path, resource.id, resource.methods[name], parameters, finding)


def _route(
    path: str, resource_id: str, method: Method, parameters: Mapping[str, str], finding: ResourceMatched
) -> Route:
    if method.integration is None:
        raise Refused(
            API_CONFIGURATION_ERROR,
            because=finding._replace(codes=(NO_INTEGRATION,)),
            log_message="Execution failed due to configuration error: No integration defined for method",
        )
    return Route(path, resource_id, method, method.integration, parameters)


def _parts(path: str) -> list[str]:
    path = path.lstrip("/")
    path = path.removesuffix("/")
    return path.split("/") if path else []


class _Table(NamedTuple):
    """What the paths of an Api's resources settle for every request.

    ``by_first`` has the resources (by index) that a path with that first part may fit, ``any_first`` those that others
    may fit, ``root`` those that the empty path fits. ``passed_over`` has the candidate that each resource is whose path
    does not fit.
    """

    by_first: Mapping[str, tuple[int, ...]]
    any_first: tuple[int, ...]
    root: tuple[int, ...]
    ranks: tuple[tuple[int, ...], ...]
    passed_over: tuple[RouteCandidate, ...]


_tables: dict[int, tuple[tuple[Resource, ...], _Table]] = {}
_KEPT: Final = 64


def _table(resources: tuple[Resource, ...]) -> _Table:
    """The table of resources; kept for the Apis that were asked about last."""
    held = _tables.get(id(resources))
    if held is None or held[0] is not resources:
        if len(_tables) >= _KEPT:
            _tables.clear()
        held = _tables[id(resources)] = (resources, _made_table(resources))
    return held[1]


def _made_table(resources: tuple[Resource, ...]) -> _Table:
    firsts = [each.segments[0] if each.segments else None for each in resources]

    def fitting(text: str | None) -> tuple[int, ...]:
        return tuple(
            index
            for index, first in enumerate(firsts)
            if first is not None and (first.greedy or first.parameter is not None or first.text == text)
        )

    return _Table(
        {first.text: fitting(first.text) for first in firsts if first is not None and first.parameter is None},
        fitting(None),
        tuple(index for index, first in enumerate(firsts) if first is None),
        tuple(_rank(each.segments) for each in resources),
        tuple(RouteCandidate(each.path, None, "other_path") for each in resources),
    )


def _fit(segments: tuple[Segment, ...], parts: list[str]) -> dict[str, str] | None:
    """The path parameters when a path fits, else None."""
    values: dict[str, str] = {}
    for index, segment in enumerate(segments):
        if index >= len(parts):
            return None
        if segment.greedy:
            values[segment.parameter or ""] = "/".join(parts[index:])
            return values
        if segment.parameter is not None:
            if not parts[index]:
                return None
            values[segment.parameter] = parts[index]
        elif segment.text != parts[index]:
            return None
    return values if len(parts) == len(segments) else None


def _rank(segments: tuple[Segment, ...]) -> tuple[int, ...]:
    """Lower is more specific: fixed text before a parameter before a greedy one, segment by segment."""
    return tuple(2 if segment.greedy else 0 if segment.parameter is None else 1 for segment in segments)
