"""The data plane: a raw ASGI app that takes a request through the gateway and sends the answer.

What may live here: what happens between a socket and the two journeys, in order. Which API serves a path is mounts.py's
business, what a backend answers upstreams.py's, what is kept of it all exchanges.py's.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from email.utils import formatdate
from hashlib import blake2b
from time import thread_time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.gateway import answer_mock, transform_request
from vtlsim.gateway.addresses import pairs
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.journey import TurnedBack
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS, BackendResponse, Identity, MethodRequest, Surroundings
from vtlsim.gateway.refusals import Refused
from vtlsim.gateway.stages.match_resource import match_resource
from vtlsim.surfaces.clock import now_ms, request_id
from vtlsim.surfaces.server import door
from vtlsim.surfaces.server.exchanges import Exchange, cautions_of, conclude, masked, templates_of
from vtlsim.surfaces.server.mounts import Place
from vtlsim.surfaces.server.protocol import CONNECTION

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from concurrent.futures import Executor

    from vtlsim.gateway.journey import Arrived
    from vtlsim.gateway.model import EngineName, IntegrationRequest, JsonPathName, MethodResponse
    from vtlsim.surfaces.server.door import Turned
    from vtlsim.surfaces.server.exchanges import Answer
    from vtlsim.surfaces.server.mounts import Mount, Mounts
    from vtlsim.surfaces.server.upstreams import Upstreams

HEAVY_SECONDS: Final = 0.01
"""A rendering that took longer is made off the event loop the next time."""

HEAVY_BYTES: Final = 64 * 1024
"""A body from which on a rendering is made off the event loop whatever it took the last time."""

WEIGHED_ROUTES: Final = 10_000


_FRAMING: Final = frozenset({"content-length", "transfer-encoding", "connection", "date"})
"""Header fields that only the server itself writes: a mapped one would tell clients another length than the body has."""

_LOGGER: Final = logging.getLogger("vtlsim.server")


class Settings(NamedTuple):
    """What `vtlsim serve` was asked for. ``address`` is where people reach the server, ``mask`` hides secrets."""

    address: str = "http://127.0.0.1:8080"
    engine: EngineName = "velocity"
    jsonpath: JsonPathName = "jayway"
    mask: bool = True


class DataPlane:
    """The gateway as an ASGI app. ``keep`` takes each exchange when it is answered; ``next_id`` numbers them."""

    def __init__(
        self,
        mounts: Mounts,
        upstreams: Upstreams,
        workers: Executor,
        settings: Settings,
        next_id: Callable[[], int],
        keep: Callable[[Exchange], None],
    ) -> None:
        self.mounts = mounts
        self.settings = settings
        self._upstreams = upstreams
        self._workers = workers
        self._next_id = next_id
        self._keep = keep
        self._seconds: dict[tuple[str, str, str, str], float] = {}
        self._date = (0, b"")

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """One request. A fault of ours is answered as API Gateway answers its own."""
        number = self._next_id()
        started: list[bool] = []

        async def sending(message: dict[str, Any]) -> None:
            started.append(True)
            await send(message)

        try:
            await self._serve(scope, receive, sending, number)
        except Exception as error:
            _LOGGER.exception("vtlsim itself failed on %s %s", scope["method"], scope["path"])
            if not started:
                place = self.mounts.find(scope["raw_path"].decode("latin-1"))
                turned = door.FAILED._replace(why=f"vtlsim itself failed: {type(error).__name__}: {error}")
                request = MethodRequest(scope["method"], place.path)
                await self._turn_away(send, turned, number, request, now_ms(), place.path, place, 0.0)

    async def _serve(self, scope: Mapping[str, Any], receive: Any, send: Any, number: int) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        time_ms = now_ms()
        fields = head_of(scope)
        raw_path = scope["raw_path"].decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        target = f"{raw_path}?{query}" if query else raw_path
        turned, host, length = door.check_head(fields)
        body = b""
        if turned is None:
            read = await _body(receive, length)
            if read is None:
                return  # the client is gone, and nobody waits for an answer
            body, fits = read
            if not fits:
                turned = door.BODY_TOO_LARGE
        place = self.mounts.find(raw_path)
        headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields])
        request = MethodRequest(scope["method"], place.path, pairs(query), headers, body)
        mount = place.mount
        if turned is None and (mount is None or not place.known_stage):
            turned = door.NO_SUCH_STAGE._replace(why=self._why_no_stage())
        if turned is not None or mount is None:
            assert turned is not None
            await self._turn_away(send, turned, number, request, time_ms, target, place, loop.time() - begun)
            return

        around = self._surroundings(scope, mount, place.stage, host, time_ms)
        way = self._way(request, mount)
        there = await self._run(way, len(body), transform_request, request, mount.api, around)
        answer: Answer | None = None
        key_id: str | None = None
        trace = there.trace
        back: Arrived[MethodResponse] | TurnedBack
        if isinstance(there, TurnedBack):
            back = there
        else:
            sent: IntegrationRequest = there.value
            key_id = sent.carried.api_key_id
            answer = answer_mock(sent) if sent.type == "MOCK" else await self._upstreams.ask(sent)
            size = len(answer.body) if isinstance(answer, BackendResponse) else 0
            back = await self._run((*way[:3], "response"), size, conclude, answer, sent, mount.api, around)
            trace += back.trace
        response = back.response if isinstance(back, TurnedBack) else back.value
        status = response.status
        content = response.body
        pairs_out = response.headers.pairs
        if isinstance(back, TurnedBack) and door.unsendable(status, pairs_out) is not None:
            status, content, pairs_out = door.FAILED.status, door.FAILED.body, door.FAILED.headers
        outgoing = door.written([pair for pair in pairs_out if pair[0].lower() not in _FRAMING])
        await self._send(send, status, outgoing, content, number, request.method)
        if answer is not None and self.settings.mask and isinstance(answer, BackendResponse):
            answer = answer._replace(headers=Headers(masked(answer.headers)))
        self._keep(
            Exchange(
                number,
                time_ms,
                mount.name,
                place.stage,
                mount.base,
                request._replace(headers=Headers(masked(headers))) if self.settings.mask else request,
                target,
                around,
                mount.snapshot.key if mount.snapshot is not None else mount.id,
                answer if not isinstance(there, TurnedBack) and there.value.type != "MOCK" else None,
                status,
                len(content),
                (loop.time() - begun) * 1000,
                templates_of(trace),
                back.type if isinstance(back, TurnedBack) else "",
                cautions_of(trace),
                key_id if self.settings.mask else None,
            )
        )

    # -- the parts ----------------------------------------------------------------------------------------------------

    def _surroundings(
        self, scope: Mapping[str, Any], mount: Mount, stage: str, host: bytes | None, time_ms: int
    ) -> Surroundings:
        digits = request_id()
        more = blake2b(digits.encode("ascii"), digest_size=16).hexdigest()
        client = scope.get("client")
        settings = self.settings
        return Surroundings(
            request_id=digits,
            extended_request_id=b64encode(bytes.fromhex(more[:22])).decode("ascii"),
            time_ms=time_ms,
            stage=stage,
            identity=Identity(source_ip=client[0] if client else "127.0.0.1"),
            api_id=mount.id,
            deployment_id=_deployment(mount, stage),
            domain_name=(host or b"localhost").decode("latin-1").rpartition("@")[2].partition(":")[0] or None,
            protocol=f"HTTP/{scope['http_version']}",
            trace_root=f"1-{time_ms // 1000:08x}-{more[8:]}",
            trace_parent=digits.replace("-", "")[:16],
            engine=settings.engine,
            jsonpath=settings.jsonpath,
        )

    def _way(self, request: MethodRequest, mount: Mount) -> tuple[str, str, str, str]:
        """What tells renderings apart by what they cost: the API, the resource and the method."""
        try:
            found, _ = match_resource(request, mount.api, None)
        except Refused:
            return (mount.id, "", request.method, "request")
        return (mount.id, found.resource_path or "", request.method, "request")

    async def _run(self, way: tuple[str, str, str, str], size: int, step: Callable[..., Any], *given: Any) -> Any:
        """A journey, on the loop when it is known to be quick, else in a thread."""
        loop = asyncio.get_running_loop()
        known = self._seconds.get(way)
        if known is not None and known < HEAVY_SECONDS and size <= HEAVY_BYTES:
            found, taken = _timed(step, given)
        else:
            found, taken = await loop.run_in_executor(self._workers, _timed, step, given)
        if len(self._seconds) >= WEIGHED_ROUTES:
            self._seconds.clear()
        self._seconds[way] = taken
        return found

    async def _turn_away(
        self,
        send: Any,
        turned: Turned,
        number: int,
        request: MethodRequest,
        time_ms: int,
        target: str,
        place: Place,
        seconds: float,
    ) -> None:
        await self._send(send, turned.status, door.written(turned.headers), turned.body, number, request.method)
        name = place.mount.name if place.mount is not None else ""
        self._keep(
            Exchange(
                number,
                time_ms,
                name,
                place.stage,
                place.mount.base if place.mount is not None else "",
                request._replace(headers=Headers(masked(request.headers))) if self.settings.mask else request,
                target,
                None,
                "",
                None,
                turned.status,
                len(turned.body),
                seconds * 1000,
                note=turned.why,
            )
        )

    def _why_no_stage(self) -> str:
        starts = [f"/{mount.base}/{stage}/".replace("//", "/") for mount in self.mounts for stage in mount.stages]
        return f"nothing is served there; paths begin with {' or '.join(starts[:8]) or 'nothing yet'}"

    async def _send(
        self,
        send: Callable[[dict[str, Any]], Awaitable[None]],
        status: int,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        number: int,
        method: str,
    ) -> None:
        bare = status in {204, 304}
        if not bare:
            headers.append((b"Content-Length", str(len(body)).encode("ascii")))
        headers.append((b"x-vtlsim-trace", f"{self.settings.address}/_vtlsim/#{number}".encode("latin-1")))
        headers.append((b"Date", self._now()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if bare or method == "HEAD" else body})

    def _now(self) -> bytes:
        second = now_ms() // 1000
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True).encode("ascii"))
        return self._date[1]


def _timed(step: Callable[..., Any], given: Sequence[Any]) -> tuple[Any, float]:
    """What a step gives, and the processor's seconds that it took: a busy machine does not make a template heavy."""
    begun = thread_time()
    found = step(*given)
    return found, thread_time() - begun


def head_of(scope: Mapping[str, Any]) -> Sequence[tuple[bytes, bytes]]:
    """A request's header fields as they were sent; in lower case where the server is not ours."""
    connection = (scope.get("state") or {}).get(CONNECTION)
    fields: Sequence[tuple[bytes, bytes]] = scope["headers"] if connection is None else connection.head
    return fields


async def _body(receive: Any, length: int) -> tuple[bytes, bool] | None:
    """A request's body and whether it fits; None when the client went away. What does not fit is not kept."""
    if length == 0:
        return b"", True
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        size += len(piece)
        if size > door.BODY_BYTES:
            return b"", False
        pieces.append(piece)
        if not message.get("more_body", False):
            return pieces[0] if len(pieces) == 1 else b"".join(pieces), True


def _deployment(mount: Mount, stage: str) -> str:
    """The id of what the stage serves, where it has one."""
    served = mount.api.stages.get(stage)
    return (served.deployment_id if served is not None else None) or DEFAULT_SURROUNDINGS.deployment_id
