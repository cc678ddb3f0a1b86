"""Which resource and method serve a request?

What may live here: routing. Recorded on AWS: an exact path beats a parameter, which beats a greedy one; when the exact
path lacks the method, a greedy sibling that has it serves; ``ANY`` on the exact path beats a named method on the greedy
one; slashes before the first segment and after the last do not count, those inside a greedy parameter stay; path
parameters keep their percent-encoding; no route answers ``Missing Authentication Token``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.gateway.findings import ResourceMatched, RouteCandidate
from vtlsim.gateway.header_rules import METHOD_OVERRIDE
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, Refused

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
    parts = _parts(request.path)
    if resource is not None:
        return _named(request, resource, parts)
    considered: list[RouteCandidate] = []
    best: tuple[tuple[tuple[int, ...], bool], Resource, str, dict[str, str]] | None = None
    for each in api.resources:
        values = _fit(each.segments, parts)
        if values is None:
            considered.append(RouteCandidate(each.path, None, "other_path"))
            continue
        name = request.method if request.method in each.methods else "ANY"
        if name not in each.methods:
            considered.append(RouteCandidate(each.path, None, "other_method"))
            continue
        rank = (_rank(each.segments), name == "ANY")
        if best is not None and best[0] <= rank:
            considered.append(RouteCandidate(each.path, name, "less_specific"))
            continue
        if best is not None:
            index = next(i for i, seen in enumerate(considered) if seen.verdict == "chosen")
            considered[index] = considered[index]._replace(verdict="less_specific")
        best = (rank, each, name, values)
        considered.append(RouteCandidate(each.path, name, "chosen"))
    if best is not None:
        _, chosen, name, found = best
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
