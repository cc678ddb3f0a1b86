"""Journeys in a process beside the event loop: the loop speaks HTTP while templates are rendered on another core.

What may live here: the server's side of that process: starting it, asking it, and going on without it. What it does is
:mod:`vtlsim.surfaces.server.worker`'s. Whatever goes wrong there, the caller is told and takes the journey itself.
"""

from __future__ import annotations

import asyncio
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
from vtlsim.surfaces.server.worker import READY, Frames, Said, frame

if TYPE_CHECKING:
    from vtlsim.gateway.model import Api, MethodRequest, Surroundings
    from vtlsim.surfaces.server.exchanges import Answer

RESTART_SECONDS: Final = 1.0
"""How long the server goes on alone before it starts a new process for one that died; twice as long the next time."""

ALONE_SECONDS: Final = 60.0
"""How long it goes on alone at the most. A process that lived for longer than that begins with a clean sheet."""

PATIENCE_SECONDS: Final = 5.0
"""How long, and at most twice as long, the process may say nothing while it is asked something: a template of 300 KB may
take three seconds to compile."""

KNOWN_APIS: Final = 100

_PROGRAM: Final = """\
import sys
sys.path[:] = sys.argv[2:]
from vtlsim.surfaces.server.worker import main
main(int(sys.argv[1]))
"""
"""Nothing is imported before the path is the server's: `-c` puts the current directory first."""

_LOGGER: Final = logging.getLogger("vtlsim.server")


class Lost(Exception):  # noqa: N818 - no error: the journey is taken elsewhere
    """The process died or was ended over a journey."""


class Beside(asyncio.Protocol):
    """The process, as the event loop sees it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._frames = Frames()
        self._waiting: dict[int, asyncio.Future[Said | None]] = {}
        """Who waits for which answer; None comes when none will."""
        self._messages: list[object] = []
        self._transport: asyncio.Transport | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[int, tuple[int, Api]] = {}
        """For an Api's identity: its key, 0 where it cannot be sent, and the Api, which keeps that identity its own."""
        self._keys = 0
        self._asked = 0
        self._has_spoken = False
        """Whether anything came since somebody last looked."""
        self._looking: asyncio.TimerHandle | None = None
        self._ready_at = 0.0
        self._alone = RESTART_SECONDS
        self._why = "ended"
        self._restart: asyncio.TimerHandle | None = None
        self._starting: asyncio.Task[None] | None = None
        self._closed = False
        self.is_ready = False
        """Whether it can be asked."""

    # -- its life -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Starts the process. It is asked from when it says that it is there; nothing waits for it. Raises OSError."""
        ours = self._spawned()
        ours.setblocking(False)
        await self._loop.create_connection(lambda: self, sock=ours)

    def _spawned(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with a program of our own
                    [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), *sys.path],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # signals to the server's group are the server's: it ends this one itself
                )
            except OSError:
                ours.close()
                raise
        return ours

    def ending(self) -> None:
        """The server stops: a process that ends now is no news."""
        self._closed = True
        for timer in (self._restart, self._looking):
            if timer is not None:
                timer.cancel()

    async def close(self) -> None:
        """Ends the process: it has nothing to lose."""
        self.ending()
        if self._starting is not None:
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._transport is not None:
            self._transport.abort()
        if self._process is not None:
            self._process.kill()
            await self._loop.run_in_executor(None, self._process.wait)

    def connection_made(self, transport: Any) -> None:
        """The socket is there; the process is not yet."""
        self._transport = transport
        if self._closed:
            transport.abort()

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
        if self._process is not None:
            self._process.kill()
            self._process.wait()  # it is gone already, or is now
        if self._closed:
            return
        if was_ready:
            if self._loop.time() - self._ready_at > ALONE_SECONDS:
                self._alone = RESTART_SECONDS
            self._restart = self._loop.call_later(self._alone, self._start_again)
            self._alone = min(2 * self._alone, ALONE_SECONDS)
        _LOGGER.warning("the process in which templates are rendered %s; the server goes on without it", self._why)
        self._why = "ended"

    def _start_again(self) -> None:
        if not self._closed:
            self._starting = self._loop.create_task(self._started_again())

    async def _started_again(self) -> None:
        try:
            await self.start()
        except OSError as error:
            _LOGGER.warning("no second process for templates: %s", error.strerror or error)

    def _look(self) -> None:
        """Ends a process that says nothing: it is at one journey for too long, which the server takes in a thread."""
        self._looking = None
        if not self._waiting:
            return
        if not self._has_spoken and self._process is not None:
            self._why = "was at one template for too long and was ended"
            self._process.kill()
            return
        self._has_spoken = False
        self._looking = self._loop.call_later(PATIENCE_SECONDS, self._look)

    # -- asking it ----------------------------------------------------------------------------------------------------

    async def depart(
        self, number: int, request: MethodRequest, api: Api, around: Surroundings
    ) -> tuple[Wire | Outcome, float] | None:
        """The request's journey and the seconds that it took; None when it cannot be asked for. Raises Lost.

        Of a request that departed from there, :meth:`arrive` or :meth:`forget` must be called with its number.
        """
        key = self._key(api) if self.is_ready else None
        if key is None:
            return None
        method, path, query, headers, body, parameters = request
        parts = (method, path, query, headers.pairs, body, parameters)
        try:
            said = await self._ask("depart", (number, key, parts, around_in_short(around)))
        except asyncio.CancelledError:
            self.forget(number)
            raise
        if said.is_over:
            return Outcome._make(said.found), said.seconds
        method, uri, fields, payload, destination, timeout_ms, insecure, resource_path, key_id = said.found
        bearing = Bearing(request, resource_path, key_id)
        return Wire(method, uri, Headers(fields), payload, destination, timeout_ms, insecure, bearing), said.seconds

    async def arrive(self, number: int, answer: Answer) -> tuple[Outcome, float]:
        """The answer's journey and the seconds that it took. Raises Lost."""
        if not self.is_ready:
            raise Lost
        if type(answer) is BackendResponse:
            said = await self._ask("arrive", (number, (answer.status, answer.headers.pairs, *answer[2:])))
        else:
            said = await self._ask("arrive", (number, answer))
        return Outcome._make(said.found), said.seconds

    def forget(self, number: int) -> None:
        """No answer will come for a request."""
        if self.is_ready:
            self._send((None, "forget", (number,)))

    def _key(self, api: Api) -> int | None:
        known = self._known.get(id(api))
        if known is not None:
            return known[0] or None
        if len(self._known) >= KNOWN_APIS:
            oldest = next(iter(self._known))
            self._send((None, "forget_api", (self._known.pop(oldest)[0],)))
        try:
            told = pickle.dumps(api, pickle.HIGHEST_PROTOCOL)
        except Exception:  # noqa: BLE001 - what a definition's reader put there may be anything, and need not be sent
            self._known[id(api)] = (0, api)
            return None
        self._keys += 1
        self._known[id(api)] = (self._keys, api)
        self._send((None, "api", (self._keys, told)))
        return self._keys

    async def _ask(self, name: str, arguments: tuple[object, ...]) -> Said:
        self._asked += 1
        number = self._asked
        answer: asyncio.Future[Said | None] = self._loop.create_future()
        self._waiting[number] = answer
        self._send((number, name, arguments))
        if self._looking is None:
            self._has_spoken = True
            self._looking = self._loop.call_later(PATIENCE_SECONDS, self._look)
        said = await answer
        if said is None or said.found is None:
            raise Lost
        return said

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
        self._has_spoken = True
        for each in self._frames.take(data):
            said = Said._make(each)
            if said.number == READY:
                self.is_ready = True
                self._ready_at = self._loop.time()
                continue
            waiting = self._waiting.pop(said.number, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(said)
