"""An integration request over a socket, and what comes back.

What may live here: HTTP(S) to one server, with the integration's own bounds. Who stands in for whom is backends.py's
business. Nothing is followed, decoded or retried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse
from vtlsim.surfaces.backends import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from http.client import HTTPConnection, HTTPResponse
    from ssl import SSLContext

    from vtlsim.surfaces.backends import Answer

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of an integration response that API Gateway takes."""

_BODYLESS: Final = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
_OTHER_NAME: Final = 62
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH."""


class Message(NamedTuple):
    """What is sent. ``target`` is path and query; ``host`` replaces the server's own name in the Host header."""

    method: str
    target: str
    headers: Iterable[tuple[str, str]]
    payload: bytes
    timeout_ms: int
    skips_issuer: bool = False
    host: str | None = None


class Server(NamedTuple):
    """Where to: ``http(s)://host[:port][/prefix]``, taken apart. ``prefix`` has no slash at its end."""

    scheme: str
    host: str
    port: int | None
    prefix: str


def server_of(url: str) -> Server:
    """A base URL, taken apart. Raises BackendError for what is none."""
    from urllib.parse import urlsplit

    try:
        place = urlsplit(url)
        port, host = place.port, place.hostname
    except ValueError as error:
        raise BackendError(f"{url!r} is no URL: {error}") from None
    if place.scheme not in {"http", "https"} or not host or port == 0:
        raise BackendError(f"{url!r} is no http(s) URL")
    if place.query or place.fragment:
        raise BackendError(f"{url!r}: give http(s)://host[:port][/path], without a query string")
    return Server(place.scheme, host, port, place.path.rstrip("/"))


def target_of(uri: str) -> str:
    """Path and query string of a URI, as they are spelled."""
    begin = uri.find("/", uri.find("://") + 3)
    mark = uri.find("?")
    has_no_path = begin < 0 or 0 <= mark < begin
    rest = f"/{uri[mark:] if mark >= 0 else ''}" if has_no_path else uri[begin:]
    return rest.partition("#")[0]


def send(server: Server, message: Message) -> Answer:
    """Sends a message and reads the answer whole, or says why there is none. The timeout bounds it all."""
    from contextlib import suppress
    from http.client import HTTPException, InvalidURL
    from socket import SHUT_RDWR, gaierror, socket
    from ssl import SSLCertVerificationError, SSLError
    from threading import Timer

    from vtlsim.surfaces.clock import Stopwatch

    watch = Stopwatch()
    late = BackendFailure("timeout", f"no answer within {message.timeout_ms:,} ms")
    has_expired: list[bool] = []
    opened: list[HTTPConnection] = []
    sockets: list[socket] = []

    def expire() -> None:
        has_expired.append(True)
        for each in sockets:
            with suppress(OSError):
                socket.shutdown(each, SHUT_RDWR)  # under TLS too: whoever reads from it is woken up

    timer = Timer(message.timeout_ms / 1000, expire)
    timer.daemon = True
    timer.start()
    try:
        connection = _connection(server, message)
        opened.append(connection)
        connection.connect()
        sockets.append(connection.sock)  # the connection lets go of it when the answer begins
        if has_expired:
            return late
        _write(connection, server, message)
        response = connection.getresponse()
        body = _body(response)
        if has_expired:
            return late
        if body is None:
            announced = response.getheader("Content-Length")
            size = "" if announced is None else f" of reported length {announced}"
            detail = f"Integration response{size} is larger than allowed maximum of {LARGEST} bytes"
            return BackendFailure("invalid_endpoint", detail)
        return BackendResponse(response.status, Headers(response.getheaders()), body, watch.milliseconds)
    except TimeoutError:
        return late
    except gaierror as error:
        return BackendFailure("invalid_endpoint", f"{server.host}: {error.strerror}")
    except SSLCertVerificationError as error:
        if error.verify_code == _OTHER_NAME:
            said = f"Host name '{server.host}' does not match the certificate subject provided by the peer"
            return BackendFailure("certificate", said)
        return BackendFailure("certificate", error.verify_message or str(error))
    except SSLError as error:
        return late if has_expired else BackendFailure("connection", error.reason or str(error))
    except InvalidURL as error:
        return BackendFailure("invalid_endpoint", str(error))
    except (OSError, HTTPException, ValueError) as error:
        if has_expired:
            return late
        return BackendFailure("connection", getattr(error, "strerror", None) or str(error) or type(error).__name__)
    finally:
        timer.cancel()
        for each in opened:
            each.close()


def _write(connection: HTTPConnection, server: Server, message: Message) -> None:
    connection.putrequest(
        message.method,
        f"{server.prefix}{message.target}",
        skip_accept_encoding=True,
        skip_host=message.host is not None,
    )
    if message.host is not None:
        connection.putheader("Host", message.host)
    for name, value in message.headers:
        connection.putheader(name, _written(value))
    if message.payload or message.method not in _BODYLESS:
        connection.putheader("Content-Length", str(len(message.payload)))
    connection.endheaders(message.payload or None)


def _written(value: str) -> bytes:
    """A header's value over the wire: Latin-1, so that every byte comes out as it came in, else UTF-8."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")


def _body(response: HTTPResponse) -> bytes | None:
    """The whole body, or None when it is larger than API Gateway takes."""
    body = response.read(LARGEST + 1)
    return None if len(body) > LARGEST else body


def _connection(server: Server, message: Message) -> HTTPConnection:
    from http.client import HTTPConnection, HTTPSConnection

    timeout = message.timeout_ms / 1000
    if server.scheme == "http":
        return HTTPConnection(server.host, server.port, timeout=timeout)
    from ssl import create_default_context

    context = _unissued(server, timeout) if message.skips_issuer else create_default_context()
    return HTTPSConnection(server.host, server.port, timeout=timeout, context=context)


def _unissued(server: Server, timeout: float) -> SSLContext:
    """Checks everything of a certificate but who issued it: its dates and the name, as AWS documents the option.

    OpenSSL checks no dates and names of what it does not trust. So the certificate that the server shows is asked for
    first, and then trusted by itself.
    """
    from socket import create_connection
    from ssl import CERT_NONE, VERIFY_X509_PARTIAL_CHAIN, create_default_context

    asking = create_default_context()
    asking.check_hostname = False
    asking.verify_mode = CERT_NONE
    with (
        create_connection((server.host, server.port or 443), timeout) as plain,
        asking.wrap_socket(plain, server_hostname=server.host) as secure,
    ):
        shown = secure.getpeercert(binary_form=True)
    context = create_default_context()
    if shown is not None:
        context.verify_flags |= VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=shown)
    return context
