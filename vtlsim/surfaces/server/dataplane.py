"""The data plane: a raw ASGI app that takes a request through the gateway and sends the answer.

What may live here: what happens between a socket and the two journeys, in order. Which API serves a path is mounts.py's
business, what a backend answers upstreams.py's, what is kept of it all exchanges.py's.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from email.utils import formatdate
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from vtlsim.gateway.addresses import pairs
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS, BackendResponse, Identity, MethodRequest, Surroundings
from vtlsim.gateway.refusals import Refused
from vtlsim.gateway.stages.match_resource import match_resource
from vtlsim.surfaces.clock import now_ms, random_digits, request_id
from vtlsim.surfaces.server import door
from vtlsim.surfaces.server.beside import Lost
from vtlsim.surfaces.server.exchanges import Exchange, masked
from vtlsim.surfaces.server.journeys import Departed, Outcome, Wire, arrive, depart
from vtlsim.surfaces.server.mounts import Place
from vtlsim.surfaces.server.protocol import CONNECTION

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from concurrent.futures import Executor

    from vtlsim.gateway.model import Api, EngineName, JsonPathName
    from vtlsim.surfaces.server.beside import Beside
    from vtlsim.surfaces.server.door import Turned
    from vtlsim.surfaces.server.exchanges import Answer
    from vtlsim.surfaces.server.mounts import Mount, Mounts
    from vtlsim.surfaces.server.upstreams import Upstreams

HEAVY_SECONDS: Final = 0.01
"""A rendering that took longer is made off the event loop the next time."""

HEAVY_BYTES: Final = 64 * 1024
"""A body from which on a rendering is made off the event loop whatever it took the last time."""

WEIGHED_ROUTES: Final = 10_000

Way: TypeAlias = tuple[str, str, str, str]
"""What tells renderings apart by what they cost: the API, the resource, the method, and which of the two journeys."""

_LOGGER: Final = logging.getLogger("vtlsim.server")


class Settings(NamedTuple):
    """What `vtlsim serve` was asked for. ``address`` is where people reach the server, ``mask`` hides secrets."""

    address: str = "http://127.0.0.1:8080"
    engine: EngineName = "velocity"
    jsonpath: JsonPathName = "jayway"
    mask: bool = True


class Outgoing(NamedTuple):
    """An answer for the client, as it goes over the wire but for what :meth:`DataPlane._send` adds."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class DataPlane:
    """The gateway as an ASGI app. ``keep`` takes each exchange when it is answered; ``next_id`` numbers them. ``beside``
    is the process that takes journeys, where there is one.
    """

    def __init__(
        self,
        mounts: Mounts,
        upstreams: Upstreams,
        workers: Executor,
        settings: Settings,
        next_id: Callable[[], int],
        keep: Callable[[Exchange], None],
        beside: Beside | None = None,
    ) -> None:
        self.mounts = mounts
        self.settings = settings
        self._upstreams = upstreams
        self._workers = workers
        self._next_id = next_id
        self._keep = keep
        self._beside = beside
        self._quick: set[Way] = set()
        self._date = (0, b"")

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """One request. A fault of ours is answered as API Gateway answers its own."""
        number = self._next_id()
        made: tuple[Outgoing, Exchange] | None = None
        try:
            made = await self._serve(scope, receive, number)
            if made is not None:
                await self._send(send, *made)
        except Exception as error:
            _LOGGER.exception("vtlsim itself failed on %s %s", scope["method"], scope["path"])
            if made is None:
                place = self.mounts.find(scope["raw_path"].decode("latin-1"))
                turned = door.FAILED._replace(why=f"vtlsim itself failed: {type(error).__name__}: {error}")
                request = MethodRequest(scope["method"], place.path)
                await self._send(send, *self._turned_away(turned, number, request, now_ms(), place.path, place, 0.0))

    async def _serve(self, scope: Mapping[str, Any], receive: Any, number: int) -> tuple[Outgoing, Exchange] | None:
        """What is answered, and what is kept of it; None when nobody waits for an answer."""
        begun = perf_counter()
        time_ms = now_ms()
        fields = head_of(scope)
        raw_path: str = scope["raw_path"].decode("latin-1")
        query: str = scope["query_string"].decode("latin-1")
        target = f"{raw_path}?{query}" if query else raw_path
        turned, host, length = door.check_head(fields)
        if turned is None and scope["method"] == "CONNECT":
            turned = door.BAD_REQUEST._replace(why="CONNECT is for proxies")
        body = b""
        if turned is None and length:
            read = await _body(receive)
            if read is None:
                return None  # the client is gone
            body, fits = read
            if not fits:
                turned = door.BODY_TOO_LARGE
        place = self.mounts.find(raw_path)
        headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields])
        request = MethodRequest(scope["method"], place.path, pairs(query) if query else (), headers, body)
        mount = place.mount
        if turned is None and (mount is None or not place.known_stage):
            turned = door.NO_SUCH_STAGE._replace(why=self._why_no_stage())
        if turned is not None or mount is None:
            assert turned is not None
            return self._turned_away(turned, number, request, time_ms, target, place, perf_counter() - begun)

        api = mount.api
        mask = self.settings.mask
        around = self._surroundings(scope, mount, place.stage, host, time_ms)
        way = _way(request, mount)
        answer: Answer | None = None
        departed = await self._depart(way, number, request, api, around)
        if isinstance(departed, Outcome):
            outcome = departed
        else:
            answer = await self._ask(departed, number)
            outcome = await self._arrive(way, number, answer, departed, (request, api, around))
        status, outgoing, content, refusal, templates, cautions, key_id = outcome
        if mask:
            shown = masked(headers.pairs)
            if shown is not headers.pairs:
                request = request._replace(headers=Headers(shown))
            if isinstance(answer, BackendResponse):
                shown = masked(answer.headers.pairs)
                if shown is not answer.headers.pairs:
                    answer = answer._replace(headers=Headers(shown))
        return Outgoing(status, outgoing, content), Exchange(
            number,
            time_ms,
            mount.name,
            place.stage,
            mount.base,
            request,
            target,
            around,
            mount.snapshot.key if mount.snapshot is not None else mount.id,
            answer,
            status,
            len(content),
            (perf_counter() - begun) * 1000,
            templates,
            refusal,
            cautions,
            key_id if mask else None,
        )

    # -- the parts ----------------------------------------------------------------------------------------------------

    def _surroundings(
        self, scope: Mapping[str, Any], mount: Mount, stage: str, host: bytes | None, time_ms: int
    ) -> Surroundings:
        digits = request_id()
        more = random_digits()
        client = scope.get("client")
        domain = "localhost" if not host else host.decode("latin-1").rpartition("@")[2].partition(":")[0]
        settings = self.settings
        return Surroundings(
            request_id=digits,
            extended_request_id=b64encode(bytes.fromhex(more[:22])).decode("ascii"),
            time_ms=time_ms,
            stage=stage,
            identity=Identity(client[0] if client else "127.0.0.1"),
            api_id=mount.id,
            deployment_id=_deployment(mount, stage),
            domain_name=domain or None,
            protocol=f"HTTP/{scope['http_version']}",
            trace_root=f"1-{time_ms // 1000:08x}-{more[8:]}",
            trace_parent=digits[:8] + digits[9:13] + digits[14:18],
            engine=settings.engine,
            jsonpath=settings.jsonpath,
        )

    async def _depart(
        self, way: Way, number: int, request: MethodRequest, api: Api, around: Surroundings
    ) -> Departed | Wire | Outcome:
        """The request's journey: in the process beside the loop when it is known to be quick and there is one."""
        size = len(request.body)
        if self._beside is not None and size <= HEAVY_BYTES and way in self._quick:
            try:
                taken = await self._beside.depart(number, request, api, around)
            except Lost:
                self._quick.discard(way)  # perhaps over this very journey: it is weighed again
            else:
                if taken is not None:
                    found, seconds = taken
                    if seconds >= HEAVY_SECONDS:
                        self._quick.discard(way)
                    return found
        made: Departed | Outcome = await self._run(way, size, depart, request, api, around)
        return made

    async def _ask(self, departed: Departed | Wire, number: int) -> Answer:
        if isinstance(departed, Departed):
            return await self._upstreams.ask(departed.sent)
        try:
            return await self._upstreams.ask(departed)
        except BaseException:
            assert self._beside is not None, "the request departed from there"
            self._beside.forget(number)
            raise

    async def _arrive(
        self,
        way: Way,
        number: int,
        answer: Answer,
        departed: Departed | Wire,
        given: tuple[MethodRequest, Api, Surroundings],
    ) -> Outcome:
        """The answer's journey, where the request's was. What is lost there is found out again here: journeys are pure."""
        size = len(answer.body) if isinstance(answer, BackendResponse) else 0
        back = (*way[:3], "response")
        if isinstance(departed, Wire):
            assert self._beside is not None, "the request departed from there"
            if size <= HEAVY_BYTES and back in self._quick:
                try:
                    outcome, seconds = await self._beside.arrive(number, answer)
                except Lost:
                    self._quick.discard(back)
                else:
                    if seconds >= HEAVY_SECONDS:
                        self._quick.discard(back)
                    return outcome
            else:
                self._beside.forget(number)
            again = await self._run(way, len(given[0].body), depart, *given)
            assert isinstance(again, Departed), "as it did before: the same request, Api and surroundings"
            departed = again
        _, api, around = given
        made: Outcome = await self._run(back, size, arrive, answer, departed, api, around)
        return made

    async def _run(self, way: Way, size: int, step: Callable[..., Any], *given: Any) -> Any:
        """A journey, on the loop when it is known to be quick, else in a thread."""
        if way in self._quick and size <= HEAVY_BYTES:
            begun = perf_counter()
            found = step(*given)
            if perf_counter() - begun >= HEAVY_SECONDS:
                # Whether this was the template or a busy machine is found out in a thread, the next time.
                self._quick.discard(way)
            return found
        loop = asyncio.get_running_loop()
        found, taken = await loop.run_in_executor(self._workers, _weighed, step, given)
        if taken >= HEAVY_SECONDS:
            self._quick.discard(way)
        else:
            if len(self._quick) >= WEIGHED_ROUTES:
                self._quick.clear()
            self._quick.add(way)
        return found

    def _turned_away(
        self,
        turned: Turned,
        number: int,
        request: MethodRequest,
        time_ms: int,
        target: str,
        place: Place,
        seconds: float,
    ) -> tuple[Outgoing, Exchange]:
        if self.settings.mask:
            request = request._replace(headers=Headers(masked(request.headers.pairs)))
        return Outgoing(turned.status, door.written(turned.headers), turned.body), Exchange(
            number,
            time_ms,
            place.mount.name if place.mount is not None else "",
            place.stage,
            place.mount.base if place.mount is not None else "",
            request,
            target,
            None,
            "",
            None,
            turned.status,
            len(turned.body),
            seconds * 1000,
            note=turned.why,
        )

    def _why_no_stage(self) -> str:
        starts = [f"/{mount.base}/{stage}/".replace("//", "/") for mount in self.mounts for stage in mount.stages]
        return f"nothing is served there; paths begin with {' or '.join(starts[:8]) or 'nothing yet'}"

    async def _send(
        self, send: Callable[[dict[str, Any]], Awaitable[None]], outgoing: Outgoing, exchange: Exchange
    ) -> None:
        status, headers, body = outgoing
        if status in {204, 304}:
            body = b""
        else:
            headers.append((b"Content-Length", b"%d" % len(body)))
        headers.append((b"x-vtlsim-trace", f"{self.settings.address}/_vtlsim/#{exchange.id}".encode("latin-1")))
        headers.append((b"Date", self._now()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if exchange.request.method == "HEAD" else body})
        self._keep(exchange)

    def _now(self) -> bytes:
        second = now_ms() // 1000
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True).encode("ascii"))
        return self._date[1]


def _way(request: MethodRequest, mount: Mount) -> Way:
    if not mount.api.resources:  # one method serves every path
        return (mount.id, "", request.method, "request")
    try:
        found, _ = match_resource(request, mount.api, None)
    except Refused:
        return (mount.id, "", request.method, "request")
    return (mount.id, found.resource_path or "", request.method, "request")


def _weighed(step: Callable[..., Any], given: Sequence[Any]) -> tuple[Any, float]:
    """What a step gives, and the processor's seconds that it took: a busy machine does not make a template heavy."""
    begun = thread_time()
    found = step(*given)
    return found, thread_time() - begun


def head_of(scope: Mapping[str, Any]) -> Sequence[tuple[bytes, bytes]]:
    """A request's header fields as they were sent; in lower case where the server is not ours."""
    connection = (scope.get("state") or {}).get(CONNECTION)
    fields: Sequence[tuple[bytes, bytes]] = scope["headers"] if connection is None else connection.head
    return fields


async def _body(receive: Any) -> tuple[bytes, bool] | None:
    """A request's body and whether it fits; None when the client went away. What does not fit is not kept."""
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
