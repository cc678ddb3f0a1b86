"""Journeys in a process beside the event loop: the loop speaks HTTP while templates are rendered on another core.

What may live here: the server's side of that process: starting it, asking it, and going on without it. What it does is
:mod:`vtlsim.surfaces.server.worker`'s. Whatever goes wrong there, the caller is told None and takes the journey itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendResponse
from vtlsim.surfaces.server.exchanges import around_in_short
from vtlsim.surfaces.server.journeys import Bearing, Outcome, Wire
from vtlsim.surfaces.server.worker import READY, Frames, frame

if TYPE_CHECKING:
    from vtlsim.gateway.model import Api, MethodRequest, Surroundings
    from vtlsim.surfaces.server.exchanges import Answer

RESTART_SECONDS: Final = 1.0
"""How long the server goes on alone before it starts a new process for one that died."""

PATIENCE_SECONDS: Final = 1.0
"""How long, and at most twice as long, an answer is waited for. Templates are sent there that take milliseconds."""

KNOWN_APIS: Final = 100

_PROGRAM: Final = """\
import json, sys
sys.path[:] = json.loads(sys.argv[2])
from vtlsim.surfaces.server.worker import main
main(int(sys.argv[1]))
"""
_LOGGER: Final = logging.getLogger("vtlsim.server")


class Beside(asyncio.Protocol):
    """The process, as the event loop sees it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._frames = Frames()
        self._waiting: dict[int, asyncio.Future[tuple[bool, Any, float] | None]] = {}
        """Who waits for which answer: whether the exchange is over, what was found, and the seconds that it took; or
        None, when nothing will come."""
        self._messages: list[object] = []
        self._transport: asyncio.Transport | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[int, tuple[int, Api | None]] = {}
        """For an Api's identity: its key, and the Api, which keeps that identity its own; or None where it cannot be
        sent."""
        self._keys = 0
        self._asked = 0
        self._seen = 0
        """The last that had been asked when somebody last looked."""
        self._looking = False
        self._closed = False
        self.is_ready = False
        """Whether it can be asked."""

    # -- its life -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Starts the process. It is asked from when it says that it is there; nothing waits for it."""
        ours = self._spawned()
        ours.setblocking(False)
        await self._loop.create_connection(lambda: self, sock=ours)

    def _spawned(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with a program of our own
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), json.dumps(sys.path)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        return ours

    async def close(self) -> None:
        """Ends the process: it has nothing to lose."""
        self._closed = True
        if self._transport is not None:
            self._transport.abort()
        if self._process is not None:
            self._process.kill()
            await self._loop.run_in_executor(None, self._process.wait)

    def connection_made(self, transport: Any) -> None:
        """The socket is there; the process is not yet."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The process is gone: whoever waits for it goes on alone. One that was never there is not tried again."""
        del exc
        was_ready, self.is_ready = self.is_ready, False
        self._transport = None
        self._frames = Frames()
        self._known.clear()
        self._messages.clear()
        waiting, self._waiting = self._waiting, {}
        for each in waiting.values():
            if not each.done():
                each.set_result(None)
        if not self._closed:
            _LOGGER.warning("the process in which templates are rendered ended; the server goes on without it")
            if was_ready:
                self._loop.call_later(RESTART_SECONDS, self._start_again)

    def _start_again(self) -> None:
        if self._closed:
            return
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._starting = self._loop.create_task(self.start())

    def _look(self) -> None:
        """Ends a process that has been at the same journey for too long: the server takes that one in a thread."""
        oldest = next(iter(self._waiting), None)
        self._looking = oldest is not None
        if oldest is None:
            return
        if oldest <= self._seen and self._process is not None:
            self._process.kill()
        self._seen = self._asked
        self._loop.call_later(PATIENCE_SECONDS, self._look)

    # -- asking it ----------------------------------------------------------------------------------------------------

    async def depart(
        self, number: int, request: MethodRequest, api: Api, around: Surroundings
    ) -> tuple[Wire | Outcome, float] | None:
        """The request's journey and the seconds that it took; None when it must be taken here.

        Of a request that departed from there, :meth:`arrive` or :meth:`forget` must be called with its number.
        """
        key = self._key(api) if self.is_ready else None
        if key is None:
            return None
        method, path, query, headers, body, parameters = request
        parts = (method, path, query, headers.pairs, body, parameters)
        taken = await self._ask("depart", (number, key, parts, around_in_short(around)))
        if taken is None:
            return None
        is_over, found, seconds = taken
        if is_over:
            return Outcome._make(found), seconds
        method, uri, fields, payload, destination, timeout_ms, insecure, resource_path, key_id = found
        bearing = Bearing(request, resource_path, key_id)
        return Wire(method, uri, Headers(fields), payload, destination, timeout_ms, insecure, bearing), seconds

    async def arrive(self, number: int, answer: Answer) -> tuple[Outcome, float] | None:
        """The answer's journey and the seconds that it took; None when both must be taken here."""
        if not self.is_ready:
            return None
        if type(answer) is BackendResponse:
            taken = await self._ask("arrive", (number, (answer.status, answer.headers.pairs, *answer[2:])))
        else:
            taken = await self._ask("arrive", (number, answer))
        return None if taken is None else (Outcome._make(taken[1]), taken[2])

    def forget(self, number: int) -> None:
        """No answer will come for a request."""
        if self.is_ready:
            self._send((None, "forget", (number,)))

    def _key(self, api: Api) -> int | None:
        known = self._known.get(id(api))
        if known is not None:
            return known[0] or None
        if len(self._known) >= KNOWN_APIS:
            self._known.clear()
            self._send((None, "forget_apis", ()))
        self._keys += 1
        try:
            told = pickle.dumps(api, pickle.HIGHEST_PROTOCOL)
        except Exception:  # noqa: BLE001 - what a definition's reader put there may be anything, and need not be sent
            self._known[id(api)] = (0, api)
            return None
        self._known[id(api)] = (self._keys, api)
        self._send((None, "api", (self._keys, told)))
        return self._keys

    def _ask(self, name: str, arguments: tuple[object, ...]) -> asyncio.Future[tuple[bool, Any, float] | None]:
        self._asked += 1
        answer: asyncio.Future[tuple[bool, Any, float] | None] = self._loop.create_future()
        self._waiting[self._asked] = answer
        if not self._looking:
            self._looking = True
            self._seen = 0
            self._loop.call_later(PATIENCE_SECONDS, self._look)
        self._send((self._asked, name, arguments))
        return answer

    def _send(self, message: object) -> None:
        """Sends at the latest when the loop turns: requests that come together go together."""
        if not self._messages:
            self._loop.call_soon(self._flush)
        self._messages.append(message)

    def _flush(self) -> None:
        messages, self._messages = self._messages, []
        if messages and self._transport is not None:
            self._transport.write(frame(messages))

    def data_received(self, data: bytes) -> None:
        """Answers."""
        for number, is_over, found, seconds in self._frames.take(data):
            if number == READY:
                self.is_ready = True
                continue
            waiting = self._waiting.pop(number, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None if found is None else (is_over, found, seconds))
