"""What stands behind an integration: a server, a Python callable, or an answer that is known beforehand.

What may live here: sending an integration request and reading what comes back, and reading a canned answer from a file.
What becomes of the answer is the gateway's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.client import HTTPConnection

    from vtlsim.gateway.model import IntegrationRequest

    Answer: TypeAlias = BackendResponse | BackendFailure
    Backend: TypeAlias = str | BackendResponse | BackendFailure | Callable[[IntegrationRequest], Answer]
    """A base URL, a canned answer, or what makes one."""


class BackendError(ValueError):
    """A backend that cannot be used at all: a URL that is none, a response file that holds none."""


def ask(backend: Backend, request: IntegrationRequest) -> Answer:
    """The backend's answer to a request. Raises BackendError for a URL that is none."""
    if isinstance(backend, str):
        return send(backend, request)
    if isinstance(backend, (BackendResponse, BackendFailure)):
        return backend
    return backend(request)


def send(base: str, request: IntegrationRequest) -> Answer:
    """Sends a request to a server in the place of the integration's own, and reads its answer whole.

    ``base`` is ``http(s)://host[:port][/prefix]``; path and query are the integration request's. Nothing is followed,
    decoded or retried. The integration's timeout bounds every single wait.
    """
    from http.client import HTTPException, InvalidURL
    from socket import gaierror
    from ssl import SSLCertVerificationError, SSLError
    from urllib.parse import urlsplit

    from vtlsim.surfaces.clock import Stopwatch

    try:
        place = urlsplit(base)
        port, host = place.port, place.hostname
    except ValueError as error:
        raise BackendError(f"{base!r} is no URL: {error}") from None
    if place.scheme not in {"http", "https"} or not host:
        raise BackendError(f"{base!r} is no http(s) URL")
    wanted = urlsplit(request.uri)
    target = f"{place.path.rstrip('/')}{wanted.path or '/'}{f'?{wanted.query}' if wanted.query else ''}"
    watch = Stopwatch()
    connection = _connection(place.scheme, host, port, request)
    try:
        connection.putrequest(request.method, target, skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value.encode("latin-1", "replace"))
        payload = request.payload
        if payload or request.method not in {"GET", "HEAD", "OPTIONS", "DELETE"}:
            connection.putheader("Content-Length", str(len(payload)))
        connection.endheaders(payload or None)
        response = connection.getresponse()
        body = response.read()
        return BackendResponse(response.status, Headers(response.getheaders()), body, watch.milliseconds)
    except TimeoutError:
        return BackendFailure("timeout", f"no answer within {request.timeout_ms:,} ms")
    except gaierror as error:
        return BackendFailure("invalid_endpoint", f"{host}: {error.strerror}")
    except SSLCertVerificationError as error:
        return BackendFailure("certificate", error.verify_message or str(error))
    except SSLError as error:
        return BackendFailure("connection", error.reason or str(error))
    except InvalidURL as error:
        return BackendFailure("invalid_endpoint", str(error))
    except (OSError, HTTPException, ValueError) as error:
        return BackendFailure("connection", getattr(error, "strerror", None) or str(error) or type(error).__name__)
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, request: IntegrationRequest) -> HTTPConnection:
    from http.client import HTTPConnection, HTTPSConnection

    timeout = request.timeout_ms / 1000
    if scheme == "http":
        return HTTPConnection(host, port, timeout=timeout)
    from ssl import CERT_NONE, create_default_context

    context = create_default_context()
    if request.insecure_skip_verification:
        context.check_hostname = False
        context.verify_mode = CERT_NONE
    return HTTPSConnection(host, port, timeout=timeout, context=context)


_MEMBERS = ("status", "statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded", "latency")


def canned(text: str, name: str) -> BackendResponse:
    """An answer from JSON: ``{"status": 200, "headers": {...}, "body": ..., "isBase64Encoded": false}``.

    ``body`` is the text itself, or a JSON value, which is written compactly; a header's value may be a list. Raises
    BackendError, with the file's name and what is wrong.
    """
    import json

    try:
        found = json.loads(text)
    except ValueError as error:
        raise BackendError(f"{name}: not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BackendError(f"{name}: a response is an object with status, headers and body")
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
