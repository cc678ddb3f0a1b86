"""HTTP/1.1 on a socket as API Gateway speaks it: uvicorn's h11 protocol with header names as they were sent.

What may live here: what uvicorn's own protocol would lose or add, and how the server stops. What is answered is the
data plane's business.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote

import h11
from uvicorn import Server
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol, RequestResponseCycle

if TYPE_CHECKING:
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

    @property
    def has_bytes(self) -> bool:
        """Whether there are bytes that are part of no event yet."""
        return len(self._receive_buffer) > 0

    def answered(self, status: int) -> None:
        """A whole answer was sent: h11's states are moved on, and it does not lay the answer out and check it field by
        field again (:mod:`vtlsim.surfaces.server.door` has checked what is mapped).
        """
        told = _TOLD.get(status)
        if told is None:
            told = _TOLD[status] = h11.Response(status_code=status, headers=[(b"Content-Length", b"0")])
        state = self._cstate
        state.process_event(h11.SERVER, h11.Response, self._server_switch_event(told))
        state.process_event(h11.SERVER, h11.EndOfMessage)
        self.client_is_waiting_for_100_continue = False


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
    """One request and its answer. An answer in one piece is written at once."""

    conn: Connection
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
        conn = self.conn
        conn.answered(status)
        closes = not self.keep_alive or conn.our_state is h11.MUST_CLOSE
        says_so = False
        lines = [b"HTTP/1.1 %d %s" % (status, STATUS_PHRASES[status])]
        for name, value in start["headers"]:
            lines.append(name + b": " + value)
            if value == b"close" and name.lower() == b"connection":
                closes = says_so = True
        if closes and not says_so:
            lines.append(b"Connection: close")
        lines += (b"", b"" if self.scope["method"] == "HEAD" else message.get("body", b""))
        self.transport.write(b"\r\n".join(lines))
        self.message_event.set()
        if closes:
            conn.send(h11.ConnectionClosed())
            self.transport.close()
        self.on_response()


_TOLD: Final[dict[int, h11.Response]] = {}


class Protocol(H11Protocol):
    """One client's connection."""

    conn: Connection

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn = Connection()
        self.app_state = {CONNECTION: self.conn}
        self._drained = 0
        self._idle_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """A client connected."""
        super().connection_made(cast("asyncio.Transport", Gathered(transport, self.loop)))

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        super().connection_lost(exc)

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
        """What h11 makes of the bytes so far. (uvicorn's own method does the same and more: upgrades, logging, limits.)"""
        conn = self.conn
        while True:
            try:
                event: Any = conn.next_event()
            except h11.RemoteProtocolError:
                self.send_400_response("")
                return
            kind = type(event)
            if kind is h11.Request:
                self._begin(event)
            elif kind is h11.Data:
                if conn.our_state is h11.DONE:  # the request was refused already
                    continue
                cycle = self.cycle
                cycle.body += event.data
                if len(cycle.body) > HIGH_WATER_LIMIT:
                    self.flow.pause_reading()
                cycle.message_event.set()
            elif kind is h11.EndOfMessage:
                if conn.our_state is h11.DONE:
                    self.transport.resume_reading()
                    conn.start_next_cycle()
                    continue
                self.cycle.more_body = False
                self.cycle.message_event.set()
                if conn.their_state is h11.MUST_CLOSE or not conn.has_bytes:
                    return
            else:
                if event is h11.PAUSED:  # pipelined: the next request waits for this one's answer
                    self.flow.pause_reading()
                return

    def _begin(self, event: h11.Request) -> None:
        """A request's head is here: its cycle begins when the loop turns."""
        self._unset_keepalive_if_required()
        conn = self.conn
        conn.head = event.headers.raw_items()
        self.headers = [(name.lower(), value) for name, value in conn.head]
        raw_path, _, query = event.target.partition(b"?")
        scope: Any = {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": event.http_version.decode("ascii"),
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "method": event.method.decode("ascii"),
            "root_path": "",
            "path": unquote(raw_path.decode("ascii")),
            "raw_path": raw_path,
            "query_string": query,
            "headers": self.headers,
            "state": self.app_state.copy(),
        }
        cycle = self.cycle = Cycle(
            scope,
            conn,
            self.transport,
            self.flow,
            self.logger,
            self.access_logger,
            access_log=False,
            default_headers=[],
            message_event=asyncio.Event(),
            on_response=self.on_response_complete,
        )
        task = self.loop.create_task(cycle.run_asgi(self.app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def on_response_complete(self) -> None:
        """The answer was sent, and the next request may come."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_again_in(self.timeout_keep_alive)
        self.flow.resume_reading()
        conn = self.conn
        if conn.our_state is h11.DONE and conn.their_state is h11.DONE:
            conn.start_next_cycle()
            if conn.has_bytes:
                self.handle_events()

    def _unset_keepalive_if_required(self) -> None:
        """A request comes. The timer stays: one for all requests of a connection costs less than one for each."""
        self._idle_since = None

    def timeout_keep_alive_handler(self) -> None:
        """Closes the connection when nothing has come for long enough."""
        self.timeout_keep_alive_task = None
        if self._idle_since is None:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_again_in(left)
        else:
            super().timeout_keep_alive_handler()

    def _look_again_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

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
