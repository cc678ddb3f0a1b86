"""Who stands behind which path: what ``--backend`` and ``--backends`` say.

What may live here: reading those options, once, when the server starts. Asking a backend is
:mod:`vtlsim.surfaces.server.upstreams`' business.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from vtlsim.gateway.model import Endpoint, Function, Service
from vtlsim.surfaces.backends import BackendError, canned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vtlsim.gateway.model import BackendFailure, BackendResponse, IntegrationRequest
    from vtlsim.surfaces.lambdas import Runnable
    from vtlsim.surfaces.server.journeys import Wire

    Backend: TypeAlias = str | BackendResponse | BackendFailure | Callable[[IntegrationRequest], object]
    """A base URL, a canned answer, or what makes one (it may be a coroutine function)."""

CALLABLE: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "ANY"})


class Rule(NamedTuple):
    """A line of the map: ``http_method`` None for any, ``path`` a resource's path or one that ends in ``*``."""

    http_method: str | None
    path: str
    backend: Backend

    def fits(self, sent: IntegrationRequest | Wire) -> bool:
        """Whether it speaks of an integration request: by its resource's path, or by the path that was asked for."""
        carried = sent.carried
        if self.http_method is not None and self.http_method != carried.request.method:
            return False
        if self.path.endswith("*"):
            head = self.path[:-1]
            return carried.resource_path.startswith(head) or carried.request.path.startswith(head)
        return self.path in {carried.resource_path, carried.request.path}


class Backing(NamedTuple):
    """Every backend; the narrower comes first. ``default`` None: integrations go to their own addresses; AWS's go nowhere
    without ``aws_endpoint``. ``functions`` are Lambda functions by name or ARN (``""`` for any), ``vpc_links`` base URLs
    by the link's id.
    """

    default: Backend | None = None
    rules: tuple[Rule, ...] = ()
    aws_endpoint: str | None = None
    functions: Mapping[str, Runnable] = MappingProxyType({})
    vpc_links: Mapping[str, str] = MappingProxyType({})

    @property
    def calls(self) -> bool:
        """Whether a backend is a callable or a function: it is handed the whole integration request."""
        return bool(self.functions) or callable(self.default) or any(callable(rule.backend) for rule in self.rules)

    def find(self, sent: IntegrationRequest | Wire) -> Backend | None:
        """Who answers; None for the integration's own address."""
        for rule in self.rules:
            if rule.fits(sent):
                return rule.backend
        destination = sent.destination
        if self.functions and isinstance(destination, Function):
            from vtlsim.surfaces.lambdas import function_for, invoke

            function = function_for(self.functions, destination)
            if function is not None:
                return partial(invoke, function)
        if self.vpc_links and isinstance(destination, Endpoint) and destination.connection_id is not None:
            link = self.vpc_links.get(destination.connection_id)
            if link is not None:
                return link
        if self.aws_endpoint is not None and isinstance(destination, (Service, Function)):
            return self.aws_endpoint
        return self.default


def backend_of(given: str, folder: Path) -> Backend:
    """``http(s)://…``, ``@response.json`` or ``module:function``. Raises BackendError."""
    if given.startswith(("http://", "https://")):
        return base_url(given)
    if given.startswith("@"):
        path = folder / given[1:]
        return canned(_text(path), str(path))
    if CALLABLE.fullmatch(given):
        return _callable(given, folder)
    raise BackendError(f"{given!r}: give http(s)://host:port, @FILE with a response, or module:function")


def base_url(given: str) -> str:
    """A server's address. Raises BackendError for what is none."""
    from urllib.parse import urlsplit

    try:
        place = urlsplit(given)
        fits = place.scheme in {"http", "https"} and bool(place.hostname) and (place.port is None or place.port > 0)
    except ValueError:
        fits = False
    if not fits or place.query or place.fragment:
        raise BackendError(f"{given!r} is no http(s)://host[:port][/path]")
    return given.rstrip("/")


def rules_of(path: Path) -> tuple[Rule, ...]:
    """A file of JSON or YAML: ``[METHOD ]/path`` -> a backend as on the command line, or a response written out.

    Paths are those of resources (``/orders/{id}``) or of requests; one that ends in ``*`` covers what begins so. The
    first rule that fits is taken. Raises BackendError.
    """
    from yaml import YAMLError, safe_load

    try:
        found = safe_load(_text(path))
    except YAMLError as error:
        raise BackendError(f"{path}: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise BackendError(f"{path}: a map of backends is an object from '[METHOD ]/path' to a backend")
    return tuple(_rule(str(key), value, path) for key, value in found.items())


def _rule(key: str, value: object, file: Path) -> Rule:
    first, _, second = key.strip().partition(" ")
    method, place = (first.upper(), second.strip()) if second else (None, first)
    if method is not None and method not in _METHODS:
        raise BackendError(f"{file}: {key!r}: {first} is no HTTP method")
    if not place.startswith("/"):
        raise BackendError(f"{file}: {key!r}: a path begins with a slash")
    if isinstance(value, str):
        backend: Backend = backend_of(value, file.parent)
    elif isinstance(value, dict):
        import json

        backend = canned(json.dumps(value, default=str), f"{file}: {key}")
    else:
        raise BackendError(f"{file}: {key!r}: give an address, @FILE, module:function or a response")
    return Rule(None if method == "ANY" else method, place, backend)


def _callable(given: str, folder: Path) -> Backend:
    module, _, name = given.partition(":")
    for place in (str(folder.resolve()), str(Path.cwd())):
        if place not in sys.path:
            sys.path.insert(0, place)
    try:
        found: object = import_module(module)
        for step in name.split("."):
            found = getattr(found, step)
    except (ImportError, AttributeError, SyntaxError) as error:
        raise BackendError(f"{given}: {error}") from None
    if not callable(found):
        raise BackendError(f"{given} cannot be called")
    return found


def _text(path: Path) -> str:
    from vtlsim.surfaces.files import reason, text_of

    try:
        return text_of(path)
    except (OSError, ValueError) as error:
        raise BackendError(f"{path}: {reason(error)}") from None
