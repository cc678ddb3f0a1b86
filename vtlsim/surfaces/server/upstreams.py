"""Backends, reached from the event loop: servers over one shared client, callables, answers that are known beforehand.

What may live here: choosing who answers an integration request, and asking. Who they are was settled when the server
started (:mod:`vtlsim.surfaces.server.backing`); what becomes of an answer is the gateway's business.
"""

from __future__ import annotations

import asyncio
import inspect
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, Function, Service
from vtlsim.surfaces.server.door import BODY_BYTES, illegal_header, written
from vtlsim.surfaces.server.journeys import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor

    from vtlsim.gateway.model import IntegrationRequest
    from vtlsim.surfaces.server.backing import Backing
    from vtlsim.surfaces.server.exchanges import Answer

IDLE_SECONDS: Final = 1.5
"""How long an unused connection is kept: shorter than servers keep theirs, so that a request seldom meets a connection
that is just being closed (one that is no GET may not be sent again)."""

LARGE_BYTES: Final = 256 * 1024

_BODYLESS: Final = frozenset({"GET", "HEAD", "OPTIONS", "DELETE", "TRACE"})


class _Request(aiohttp.ClientRequest):
    """A request with the header fields of the integration request. aiohttp has a list of those of its own that are left
    out (``skip_auto_headers``) too, but makes and merges it anew for every request.
    """

    _skip_auto_headers = skip_auto_headers = CIMultiDict[None](
        dict.fromkeys(("User-Agent", "Accept", "Accept-Encoding", "Content-Type"))
    )

    def update_auto_headers(self, skip_auto_headers: Iterable[str] | None) -> None:
        """Adds nothing."""


class Upstreams:
    """Everything behind the gateway. Make it on the event loop; close it when it is done."""

    def __init__(self, backing: Backing, workers: Executor) -> None:
        self.backing = backing
        self._workers = workers
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS, ttl_dns_cache=10),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            raise_for_status=False,
            request_class=_Request,
            max_line_size=64 * 1024,
            max_field_size=64 * 1024,
        )

    async def close(self) -> None:
        """Closes every connection."""
        await self._client.close()

    async def ask(self, sent: IntegrationRequest | Wire) -> Answer:
        """The answer to an integration request, or why there is none. Raises nothing for what a backend does. A callable
        must be given the whole of it.
        """
        backend = self.backing.find(sent)
        if isinstance(backend, (BackendResponse, BackendFailure)):
            return backend
        if callable(backend):
            return await self._call(backend, sent)
        if backend is None and isinstance(sent.destination, (Service, Function)):
            return BackendFailure("connection", _nobody(sent.destination))
        return await self._send(backend, sent)

    async def _call(self, backend: Callable[[IntegrationRequest], object], sent: IntegrationRequest | Wire) -> Answer:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        assert not isinstance(sent, Wire), "where there are callables, requests depart from here"
        try:
            async with asyncio.timeout(sent.timeout_ms / 1000):
                found = await loop.run_in_executor(self._workers, backend, sent)
                if inspect.isawaitable(found):
                    found = await found
        except TimeoutError:
            return BackendFailure("timeout", f"no answer within {sent.timeout_ms:,} ms")
        except Exception as error:  # noqa: BLE001 - a user's code may raise anything, and the server goes on
            return BackendFailure("connection", f"{type(error).__name__}: {error}")
        if isinstance(found, BackendResponse):
            return found if found.latency_ms else found._replace(latency_ms=_since(loop, begun))
        if isinstance(found, BackendFailure):
            return found
        return BackendFailure("connection", f"the callable gave {type(found).__name__}, not a BackendResponse")

    async def _send(self, base: str | None, sent: IntegrationRequest | Wire) -> Answer:
        reason = illegal_header(sent.headers)
        if reason is not None:
            return BackendFailure("invalid_endpoint", reason)
        try:
            url = URL(sent.uri if base is None else rebased(base, sent.uri), encoded=True)
            if url.scheme not in {"http", "https"} or not url.host:
                return BackendFailure("invalid_endpoint", f"{url} is no http(s) address")
        except ValueError as error:
            return BackendFailure("invalid_endpoint", str(error))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        payload = sent.payload
        headers = _fields(sent.headers)
        try:
            async with self._client.request(
                sent.method,
                url,
                data=_sent(payload) if payload or sent.method not in _BODYLESS else None,
                headers=headers,
                allow_redirects=False,
                timeout=_timeout(sent.timeout_ms),
                ssl=not (url.scheme == "https" and sent.insecure_skip_verification),
            ) as response:
                announced = response.content_length
                if announced is not None and announced > BODY_BYTES and sent.method != "HEAD":
                    response.close()
                    return _too_large(announced)
                body = await _read(response)
                if body is None:
                    response.close()
                    return _too_large(None)
                fields = Headers(
                    [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
                )
                return BackendResponse(response.status, fields, body, _since(loop, begun))
        except TimeoutError:
            return BackendFailure("timeout", f"no answer within {sent.timeout_ms:,} ms")
        except aiohttp.ClientConnectorDNSError as error:
            return BackendFailure("invalid_endpoint", f"{error.host}: {_why(error.os_error)}")
        except aiohttp.ClientConnectorCertificateError as error:
            return BackendFailure("certificate", str(error.certificate_error))
        except aiohttp.ClientSSLError as error:
            return BackendFailure("connection", _why(error))
        except aiohttp.ClientConnectorError as error:
            return BackendFailure("connection", f"{error.host}:{error.port}: {_why(error.os_error)}")
        except (aiohttp.ClientError, OSError, ValueError, EOFError) as error:
            return BackendFailure("connection", _why(error))


def _nobody(destination: Service | Function) -> str:
    """Why an AWS integration goes nowhere."""
    if isinstance(destination, Function):
        name = destination.name
        return f"nothing stands for the Lambda function {name}: give --lambda {name}=..., --aws-endpoint or --backend"
    return f"nothing stands for the AWS service {destination.service}: give --aws-endpoint or --backend"


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    """The body, or None when it is larger than a payload may be."""
    content = response.content
    if content.is_eof():  # it came with the head
        body = content.read_nowait()
        return body if len(body) <= BODY_BYTES else None
    pieces: list[bytes] = []
    size = 0
    async for piece in content.iter_any():
        size += len(piece)
        if size > BODY_BYTES:
            return None
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def rebased(base: str, uri: str) -> str:
    """An address with its path and query kept, on another server: ``base`` is ``http(s)://host[:port][/prefix]``."""
    begin = uri.find("/", uri.find("://") + 3)
    mark = uri.find("?")
    if begin >= 0 and not 0 <= mark < begin:
        return base.rstrip("/") + uri[begin:]
    return f"{base.rstrip('/')}/{uri[mark:] if mark >= 0 else ''}"


def _too_large(announced: int | None) -> BackendFailure:
    size = "" if announced is None else f" of reported length {announced}"
    return BackendFailure(
        "invalid_endpoint", f"Integration response{size} is larger than allowed maximum of {BODY_BYTES} bytes"
    )


def _fields(headers: Headers) -> list[tuple[str, str]]:
    """Header fields as aiohttp wants them. Every name is spelled as when it came first: of a name in two spellings
    aiohttp keeps the last.
    """
    spelled: dict[str, str] = {}
    return [
        (spelled.setdefault(name.lower(), name), value.strip(" \t") if value.isascii() else _text(name, value))
        for name, value in headers.pairs
    ]


def _text(name: str, value: str) -> str:
    """A header's value as text that aiohttp writes as UTF-8, so that the right bytes come out. Bytes that are no UTF-8
    count as Latin-1 and go out as UTF-8: aiohttp can write nothing else.
    """
    ((_, wanted),) = written([(name, value)])
    try:
        return wanted.decode("utf-8")
    except UnicodeDecodeError:
        return wanted.decode("latin-1")


@lru_cache(256)
def _timeout(milliseconds: int) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=milliseconds / 1000, connect=None, sock_connect=None)


def _sent(payload: bytes) -> bytes | BytesIO:
    """A payload as aiohttp takes it: a large one piece by piece, so that it does not hold up the loop."""
    return payload if len(payload) <= LARGE_BYTES else BytesIO(payload)


def _since(loop: asyncio.AbstractEventLoop, begun: float) -> int:
    return int((loop.time() - begun) * 1000)


def _why(error: BaseException) -> str:
    found = getattr(error, "strerror", None) or getattr(error, "message", None) or str(error)
    return str(found) or type(error).__name__
