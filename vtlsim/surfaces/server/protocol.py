"""HTTP/1.1 on a socket as API Gateway speaks it: uvicorn's h11 protocol with header names as they were sent.

What may live here: what uvicorn's own protocol would lose or add, and how the server stops. What is answered is the
data plane's business.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import h11
from uvicorn import Server
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol, RequestResponseCycle

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator
    from socket import socket

    from uvicorn import Config

HEAD_BYTES: Final = 64 * 1024
"""Bytes of a request's head that are read before the connection is refused. The data plane's own bound, AWS's 10,240
bytes, is answered in full; this one only keeps a client from filling the memory."""

DRAINED_BYTES: Final = 256 * 1024 * 1024
"""Bytes of a body that are thrown away after it was refused, so that the client can read why."""

CONNECTION: Final = "vtlsim.connection"
"""Where an ASGI scope's ``state`` holds the connection, with :attr:`Connection.head`."""


class Connection(h11.Connection):
    """An h11 connection that remembers the header fields of the last request as they were sent."""

    def __init__(self) -> None:
        super().__init__(h11.SERVER, HEAD_BYTES)
        self.head: list[tuple[bytes, bytes]] = []

    def next_event(self) -> Any:
        """h11's next event."""
        event = super().next_event()
        if type(event) is h11.Request:
            self.head = event.headers.raw_items()
        return event


class Gathered:
    """A transport that sends what is written within one turn of the loop in one piece: head and body of an answer."""

    __slots__ = ("_loop", "_pieces", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Sends data, at the latest when the loop turns."""
        if not data:
            return
        if not self._pieces:
            self._loop.call_soon(self.flush)
        self._pieces.append(data)

    def flush(self) -> None:
        """Sends what was written."""
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            self._transport.write(pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def close(self) -> None:
        """Sends what was written and closes."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Cycle(RequestResponseCycle):
    """One request and its answer. An answer in one piece is written at once: h11 is told that there was one, and does not
    lay it out and check it field by field again (:mod:`vtlsim.surfaces.server.door` has checked what is mapped).
    """

    _start: Any = None

    async def send(self, message: Any) -> None:
        """ASGI's send."""
        if message["type"] == "http.response.start" and not self.response_started:
            self._start = message
            return
        start, self._start = self._start, None
        if start is None or message.get("more_body", False) or self.flow.write_paused or self.disconnected:
            if start is not None:
                await super().send(start)
            await super().send(message)
            return
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        status = start["status"]
        told = _TOLD.get(status)
        if told is None:
            told = _TOLD[status] = h11.Response(status_code=status, headers=[(b"Content-Length", b"0")])
        self.conn.send(told)
        self.conn.send(_END)
        says_so = any(name.lower() == b"connection" and value == b"close" for name, value in start["headers"])
        closes = says_so or self.conn.our_state is h11.MUST_CLOSE or not self.keep_alive
        lines = [b"HTTP/1.1 %d %s" % (status, STATUS_PHRASES[status])]
        lines += [name + b": " + value for name, value in start["headers"]]
        if closes and not says_so:
            lines.append(b"Connection: close")
        lines += (b"", b"" if self.scope["method"] == "HEAD" else message.get("body", b""))
        self.transport.write(b"\r\n".join(lines))
        self.message_event.set()
        if closes:
            self.conn.send(h11.ConnectionClosed())
            self.transport.close()
        self.on_response()


_TOLD: Final[dict[int, h11.Response]] = {}
_END: Final = h11.EndOfMessage()


class Protocol(H11Protocol):
    """One client's connection."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn = Connection()
        self.app_state = {CONNECTION: self.conn}
        self._drained = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """A client connected."""
        super().connection_made(cast("asyncio.Transport", Gathered(transport, self.loop)))

    def data_received(self, data: bytes) -> None:
        """Bytes of requests; those of a body that was refused already are counted and thrown away."""
        if self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY:
            self._drained += len(data)
            if self._drained > DRAINED_BYTES:
                self.transport.abort()
                return
        else:
            self._drained = 0
        super().data_received(data)

    def handle_events(self) -> None:
        """As uvicorn does it, with cycles of our own: a cycle runs when the loop turns, never in here."""
        super().handle_events()
        if type(self.cycle) is RequestResponseCycle:
            self.cycle.__class__ = Cycle

    def _should_upgrade(self) -> bool:
        """API Gateway's REST APIs upgrade nothing."""
        return False

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets an answer where one may still be sent, and the connection ends."""
        del msg
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
            return
        body = b'{"message":"Bad Request"}'
        headers = [
            (b"Content-Type", b"application/json"),
            (b"Content-Length", str(len(body)).encode()),
            (b"Connection", b"close"),
        ]
        self.transport.write(self.conn.send(h11.Response(status_code=400, headers=headers, reason=b"Bad Request")))
        self.transport.write(self.conn.send(h11.Data(data=body)))
        self.transport.write(self.conn.send(h11.EndOfMessage()))
        if self.cycle is not None:
            self.cycle.response_complete = True
            self.cycle.message_event.set()
        self.transport.close()


class StoppableServer(Server):
    """uvicorn's server, stopped by SIGINT and SIGTERM after the requests in flight; it ends, and raises nothing."""

    def __init__(self, config: Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Ends what would never end by itself, then waits for the rest."""
        self._stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stop the server; unlike uvicorn's own, they are not raised again when it has stopped."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        wanted = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in wanted}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
