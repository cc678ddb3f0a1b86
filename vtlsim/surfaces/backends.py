"""What stands behind the integrations: servers, callables, Lambda functions on this machine, answers known beforehand.

What may live here: who answers which integration request, and reading a canned answer from a file. Sending is
sending.py's, functions are lambdas.py's; what becomes of an answer is the gateway's business. Nothing is ever sent to
AWS itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, Endpoint, Function, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from vtlsim.gateway.model import IntegrationRequest

    Answer: TypeAlias = BackendResponse | BackendFailure
    Backend: TypeAlias = str | BackendResponse | BackendFailure | Callable[[IntegrationRequest], Answer]
    """A base URL, a canned answer, or what makes one."""

CALLABLE: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
"""``module:function``"""

_AWS: Final = re.compile(r"(?:.*\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws|aws\.dev)\.?", re.IGNORECASE)


class BackendError(ValueError):
    """A backend that cannot be used at all: a URL that is none, a response file that holds none, a command that cannot
    be started.
    """


class Backends(NamedTuple):
    """Who answers for whom. What is said of a function, a VPC link or AWS comes before ``default``, which answers for
    everything.

    ``functions`` holds Lambda functions by name or ARN (``""`` for any), ``vpc_links`` base URLs by the link's id.
    """

    default: Backend | None = None
    functions: Mapping[str, Any] = {}
    aws_endpoint: str | None = None
    vpc_links: Mapping[str, str] = {}


def ask(backend: Backend, request: IntegrationRequest) -> Answer:
    """One backend's answer to a request. Raises BackendError for a URL that is none."""
    if isinstance(backend, str):
        return _sent(backend, request)
    if isinstance(backend, (BackendResponse, BackendFailure)):
        return backend
    return backend(request)


def answer(backends: Backends, request: IntegrationRequest) -> Answer | None:
    """The answer of whoever stands for the request's destination; None when nobody does. Raises BackendError."""
    destination = request.destination
    if isinstance(destination, Function) and backends.functions:
        from vtlsim.surfaces.lambdas import function_for, invoke

        function = function_for(backends.functions, destination)
        if function is not None:
            return invoke(function, request)
    if isinstance(destination, Endpoint) and destination.connection_type == "VPC_LINK":
        link = backends.vpc_links.get(destination.connection_id or "")
        if link is not None:
            return _sent(link, request)
    if isinstance(destination, (Service, Function)) and backends.aws_endpoint is not None:
        from vtlsim.surfaces.lambdas import permitted

        found = _sent(backends.aws_endpoint, request)
        return permitted(found) if isinstance(destination, Function) else found
    return None if backends.default is None else ask(backends.default, request)


def nobody(request: IntegrationRequest) -> str:
    """Why an integration request was not answered, with the option that says who should."""
    match request.destination:
        case Function(name=name):
            return f"nothing stands for the Lambda function {name}: give --lambda {name}=..., or --backend"
        case Service(service=service):
            return f"nothing stands for the AWS service {service}: give --aws-endpoint URL, or --backend"
        case Endpoint(connection_type="VPC_LINK", connection_id=link):
            return f"nothing stands behind the VPC link {link}: give --vpc-link {link}=URL, or --backend"
        case _:
            return f"nothing stands for {request.uri}: give --backend"


def _sent(base: str, request: IntegrationRequest) -> Answer:
    """Sends a request to a server in the place of the integration's own: ``base`` is ``http(s)://host[:port][/prefix]``,
    path and query are the request's.
    """
    from vtlsim.surfaces.sending import Message, send, server_of, target_of

    destination = request.destination
    if isinstance(destination, (Service, Function)):
        not_aws(base)
    host = None
    if isinstance(destination, Service) and destination.subdomain is not None:
        # the name of a bucket or of an account is nowhere else
        host = request.uri.partition("://")[2].partition("/")[0].partition("?")[0]
    message = Message(
        request.method,
        target_of(request.uri),
        request.headers,
        request.payload,
        request.timeout_ms,
        request.insecure_skip_verification,
        host,
    )
    return send(server_of(base), message)


def base_url(given: str) -> str:
    """A server's address, without a slash at its end. Raises BackendError for what is none."""
    from vtlsim.surfaces.sending import server_of

    server_of(given)
    return given.rstrip("/")


def not_aws(given: str) -> str:
    """The address of what stands in for AWS. Raises BackendError for one that is no URL, or AWS's own."""
    from vtlsim.surfaces.sending import server_of

    if _AWS.fullmatch(server_of(given).host) is not None:
        raise BackendError(f"{given!r} is AWS itself: vtlsim sends nothing there")
    return given.rstrip("/")


def callable_of(given: str, folder: Path | None = None) -> Callable[..., Any]:
    """``module:function``, with the module looked for in ``folder`` and the working folder first. Raises BackendError,
    also for whatever the module raises when it is imported.
    """
    import sys
    from importlib import import_module
    from pathlib import Path

    module, _, name = given.partition(":")
    for place in (*([] if folder is None else [str(folder.resolve())]), str(Path.cwd())):
        if place not in sys.path:
            sys.path.insert(0, place)
    try:
        found: Any = import_module(module)
        for step in name.split("."):
            found = getattr(found, step)
    except (Exception, SystemExit) as error:
        told = str(error) if isinstance(error, (ImportError, AttributeError)) else f"{type(error).__name__}: {error}"
        raise BackendError(f"{given}: {told}") from error
    if not callable(found):
        raise BackendError(f"{given} cannot be called")
    made: Callable[..., Any] = found
    return made


def checked(call: Callable[[IntegrationRequest], object], name: str) -> Callable[[IntegrationRequest], Answer]:
    """A callable named on a command line: what it raises, or gives that is no answer, is a BackendError."""

    def asked(request: IntegrationRequest) -> Answer:
        try:
            found = call(request)
        except Exception as error:
            raise BackendError(f"{name} raised {type(error).__name__}: {error}") from error
        if not isinstance(found, (BackendResponse, BackendFailure)):
            raise BackendError(f"{name} gave {type(found).__name__}, not a BackendResponse")
        return found

    return asked


_MEMBERS = ("status", "statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded", "latency")
_FAILURES: Final = ("timeout", "connection", "invalid_endpoint", "certificate", "permission")


def canned(text: str, name: str) -> Answer:
    """An answer from JSON: ``{"status": 200, "headers": {...}, "body": ..., "isBase64Encoded": false}``, or why there is
    none: ``{"failure": "timeout", "detail": "..."}``.

    ``body`` is the text itself, or a JSON value, which is written compactly; a header's value may be a list. Raises
    BackendError, with the file's name and what is wrong.
    """
    import json

    try:
        found = json.loads(text)
    except ValueError as error:
        raise BackendError(f"{name}: not JSON: {error}") from None
    except RecursionError:
        raise BackendError(f"{name}: nested too deeply") from None
    if not isinstance(found, dict):
        raise BackendError(f"{name}: a response is an object with status, headers and body")
    if "failure" in found:
        return _failure(found, name)
    for member in found:
        if member not in _MEMBERS:
            from difflib import get_close_matches

            near = get_close_matches(member, _MEMBERS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; a response has {', '.join(_MEMBERS)}"
            raise BackendError(f"{name}: unknown member {member!r}{hint}")
    status = found.get("status", found.get("statusCode", 200))
    if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:
        raise BackendError(f"{name}: status {status!r} is no number from 100 to 599")
    latency = found.get("latency", 0)
    if isinstance(latency, bool) or not isinstance(latency, int) or latency < 0:
        raise BackendError(f"{name}: latency {latency!r} is no number of milliseconds")
    return BackendResponse(status, _headers(found, name), _body(found, name), latency)


def _failure(found: dict[str, Any], name: str) -> BackendFailure:
    kind = found["failure"]
    if kind not in _FAILURES:
        raise BackendError(f"{name}: failure {kind!r}: there are {', '.join(_FAILURES)}")
    detail = found.get("detail", "")
    if not isinstance(detail, str) or found.keys() - {"failure", "detail"}:
        raise BackendError(f"{name}: a failure has a detail, a text, and nothing else")
    return BackendFailure(kind, detail)


def _headers(found: dict[str, Any], name: str) -> Headers:
    pairs: list[tuple[str, str]] = []
    for member in ("headers", "multiValueHeaders"):
        fields = found.get(member) or {}
        if not isinstance(fields, dict):
            raise BackendError(f"{name}: {member} is no object")
        for field, value in fields.items():
            for each in value if isinstance(value, list) else [value]:
                if not isinstance(each, (str, int, float)):
                    raise BackendError(f"{name}: the header {field!r} is no text")
                pairs.append((field, str(each)))
    return Headers(pairs)


def _body(found: dict[str, Any], name: str) -> bytes:
    body = found.get("body")
    if found.get("isBase64Encoded"):
        from base64 import b64decode

        try:
            return b64decode(body or "", validate=True)
        except (ValueError, TypeError) as error:
            raise BackendError(f"{name}: the body is not base64: {error}") from None
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8", "replace")
    import json

    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
