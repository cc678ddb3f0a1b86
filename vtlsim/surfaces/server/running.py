"""A server that runs: everything it is made of, put together, started and stopped in order.

What may live here: the life of a server. What its parts do is theirs.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from uvicorn import Config

from vtlsim.gateway.model import BackendFailure
from vtlsim.surfaces.server.app import application
from vtlsim.surfaces.server.backing import Backing
from vtlsim.surfaces.server.beside import Beside
from vtlsim.surfaces.server.dataplane import DataPlane, Settings
from vtlsim.surfaces.server.door import Hosts
from vtlsim.surfaces.server.events import Events
from vtlsim.surfaces.server.exchanges import retell
from vtlsim.surfaces.server.inspector import api_for, token
from vtlsim.surfaces.server.journal import Journal, JournalError
from vtlsim.surfaces.server.mounts import DEFAULT_STAGE, Mount, Mounts
from vtlsim.surfaces.server.page_record import fields
from vtlsim.surfaces.server.protocol import Protocol, StoppableServer
from vtlsim.surfaces.server.upstreams import Upstreams

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from socket import socket

    from fastapi import APIRouter

    from vtlsim.gateway.model import Api
    from vtlsim.surfaces.server.exchanges import Exchange
    from vtlsim.surfaces.server.reload import Trouble, Watched

POLL_SECONDS: Final = 0.5
"""How often definitions are looked at while no request comes."""

LOOK_SECONDS: Final = 0.02
"""How often they are looked at while requests come."""

STOP_SECONDS: Final = 30
"""How long requests in flight are waited for: the longest that an integration may take, and a little."""

KNOWN_APIS: Final = 64


class Options(NamedTuple):
    """What a server is asked for.

    ``stages`` are those of definitions that name none. ``journal`` None keeps exchanges for this run only. ``record``
    is a file that gets a line of JSON for each exchange. ``beside`` has templates rendered in a second process.
    """

    host: str = "127.0.0.1"
    backing: Backing = Backing()
    stages: tuple[str, ...] = ()
    settings: Settings = Settings()
    allowed_hosts: tuple[str, ...] = ()
    journal: Path | None = None
    journal_most: int = 10_000
    record: Path | None = None
    beside: bool = False


class Running:
    """A server's parts. ``say`` takes lines for the terminal. Use :meth:`serve` on an event loop."""

    def __init__(
        self,
        definitions: Sequence[Watched],
        options: Options | None = None,
        say: Callable[[str], None] = lambda _: None,
        *,
        lines: bool = True,
        routers: Sequence[APIRouter] = (),
    ) -> None:
        self.definitions = list(definitions)
        options = self.options = options or Options()
        self.settings = options.settings
        self.say = say
        self.token = token()
        self.mounts = Mounts()
        self.apis: dict[str, Api] = {}
        self.hosts = Hosts((options.host, *options.allowed_hosts))
        self.events = Events(self._tell if lines else None)
        self.workers = ThreadPoolExecutor(4, "vtlsim rendering")
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self.journal_note: str | None = None
        self.journal = self._journal()
        self.upstreams: Upstreams
        self.data_plane: DataPlane
        self._routers = routers
        self.is_control: Callable[[str, str | None], bool] | None = None
        """Whether a path and an Authorization mean the control plane, where there is one and the path alone does not
        say so."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reading: asyncio.Lock | None = None
        self._looked = 0.0
        self._reported: dict[str, tuple[Trouble, ...]] = {}
        self._record: Any = None
        self.server: StoppableServer | None = None

    # -- life ---------------------------------------------------------------------------------------------------------

    async def serve(self, sockets: Sequence[socket], started: Callable[[], None] = lambda: None) -> None:
        """Answers on the sockets until a signal or :meth:`stop`; requests in flight are finished."""
        loop = self._loop = asyncio.get_running_loop()
        self._reading = asyncio.Lock()
        self.upstreams = Upstreams(self.options.backing, self.workers)
        if self.options.record is not None:
            self._record = self.options.record.open("a", encoding="utf-8")
        beside: Beside | None = None
        if self.options.beside and not self.options.backing.calls:
            beside = Beside()
            try:
                await beside.start()
            except OSError as error:
                beside = None
                self.say(f"warning: templates are rendered in the server's own process: {error.strerror or error}")
        self.data_plane = DataPlane(
            self.mounts, self.upstreams, self.workers, self.settings, self.journal.next_id, self.keep, beside
        )
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        config = Config(
            application(self, self._routers),
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,  # else any client could say who it is by X-Forwarded-For
            timeout_keep_alive=60,
            timeout_graceful_shutdown=STOP_SECONDS,
            backlog=1024,
        )

        def stopping() -> None:
            self.events.close()
            if beside is not None:
                beside.ending()

        self.server = StoppableServer(config, stopping)
        poll = loop.create_task(self._poll())
        try:
            started()
            await self.server.serve(sockets=list(sockets))
        finally:
            poll.cancel()
            await asyncio.gather(poll, return_exceptions=True)
            await self.upstreams.close()
            if beside is not None:
                await beside.close()
            await loop.run_in_executor(None, self.journal.close)
            if self._record is not None:
                self._record.close()
            self.workers.shutdown(wait=False, cancel_futures=True)
            if self._temporary is not None:
                self._temporary.cleanup()

    def stop(self) -> None:
        """Ends :meth:`serve`, from any thread."""
        if self.server is not None:
            self.server.should_exit = True

    def _journal(self) -> Journal:
        """The journal of the options, or where that cannot be had one for this run alone, with the reason noted."""
        wanted = self.options.journal
        if wanted is not None:
            made = self._new_journal(wanted)
            try:
                made.open()
            except JournalError as error:
                self.journal_note = f"{error}: exchanges are kept for this run only"
            else:
                return made
        self._temporary = tempfile.TemporaryDirectory(prefix="vtlsim-", ignore_cleanup_errors=True)
        made = self._new_journal(Path(self._temporary.name) / "journal.sqlite3")
        made.open()
        return made

    def _new_journal(self, file: Path) -> Journal:
        return Journal(
            file, most=self.options.journal_most, on_written=self._written, on_trouble=self._journal_troubled
        )

    # -- exchanges ----------------------------------------------------------------------------------------------------

    def keep(self, exchange: Exchange) -> None:
        """An exchange was answered."""
        self.journal.add(exchange)
        self.events.exchange(exchange)

    def publish(self, event: str, data: object) -> None:
        """Tells the pages, from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.events.publish, event, data)

    def remember(self, key: str, api: Api) -> None:
        """Keeps an Api at hand for replays."""
        while len(self.apis) >= KNOWN_APIS:
            self.apis.pop(next(iter(self.apis)))
        self.apis[key] = api

    def _tell(self, exchanges: list[Exchange]) -> None:
        for each in exchanges[-20:]:
            about = each.note or each.refusal or each.template
            self.say(
                f"{each.request.method:<6} {_shown(each.target)} {each.status}  {each.duration_ms:.0f} ms"
                + (f"  {_shown(about)}" if about else "")
            )
        if len(exchanges) > 20:
            self.say(f"… and {len(exchanges) - 20:,} more")

    def _written(self, exchanges: Sequence[Exchange]) -> None:
        if self._record is None:
            return
        try:
            for each in exchanges:
                self._record.write(json.dumps(self._recorded(each), ensure_ascii=False) + "\n")
            self._record.flush()
        except OSError as error:
            self.say(f"warning: {self.options.record}: {error.strerror or error}; recording has ended")
            self._record = None

    def _recorded(self, exchange: Exchange) -> dict[str, object]:
        made: dict[str, object] = {
            "version": 1,
            **exchange.summary,
            "request": {
                "method": exchange.request.method,
                "path": exchange.target,
                "headers": fields(exchange.request.headers),
                **_wired(exchange.request.body),
            },
        }
        api = api_for(self, exchange) if exchange.around is not None else None
        if api is None:
            return made
        story = retell(exchange, api)
        sent, answer, response = story.sent, story.answer, story.response
        if sent is not None and sent.type != "MOCK":
            made["integrationRequest"] = {
                "httpMethod": sent.method,
                "uri": sent.uri,
                "headers": fields(sent.headers),
                **_wired(sent.payload),
            }
            if isinstance(answer, BackendFailure):
                made["backend"] = {"failure": answer.kind, "detail": answer.detail}
            elif answer is not None:
                made["backend"] = {
                    "status": answer.status,
                    "headers": fields(answer.headers),
                    **_wired(answer.body),
                    "latency": answer.latency_ms,
                }
        if response is not None:
            made["response"] = {
                "status": response.status,
                "headers": fields(response.headers),
                **_wired(response.body),
            }
        return made

    def _journal_troubled(self, why: str | None) -> None:
        self.say(
            f"warning: the journal cannot be written: {why}; answers are not affected"
            if why is not None
            else "the journal is written again"
        )
        self.publish("state", self.state())

    # -- definitions --------------------------------------------------------------------------------------------------

    def mount(self, watched: Watched, *, alone: bool) -> None:
        """Serves what a definition gave when it was last good."""
        good = watched.good
        if good is None:
            return
        for name, api in good.apis.items():
            base = watched.base if len(good.apis) == 1 else "-".join(part for part in (watched.base, name) if part)
            if alone and len(good.apis) == 1:
                base = watched.base
            elif not base:
                base = _segment(name)
            stages = tuple(api.stages) or self.options.stages or (DEFAULT_STAGE,)
            snapshot = good.snapshots[name]
            self.journal.keep(snapshot)
            self.remember(snapshot.key, api)
            self.mounts.put(Mount(_api_id(api, watched.definition, name), name, base, api, stages, snapshot))

    def mount_all(self) -> None:
        """Serves every definition."""
        for watched in self.definitions:
            self.mount(watched, alone=len(self.definitions) == 1)

    def has_not_looked(self) -> bool:
        """Whether it is time to :meth:`refresh`: a burst of requests looks once."""
        return monotonic() - self._looked >= LOOK_SECONDS

    async def refresh(self) -> None:
        """Reads definitions again that changed on disk."""
        assert self._loop is not None, "the server runs"
        self._looked = monotonic()
        changed = [each for each in self.definitions if each.has_changed()]
        if not changed or self._reading is None:
            return
        async with self._reading:
            for each in changed:
                if each.has_changed():
                    await self._loop.run_in_executor(None, each.read)
                    self._reread(each)

    def _reread(self, watched: Watched) -> None:
        found = watched.last
        assert found is not None, "it was just read"
        if not found.errors:
            self.mount(watched, alone=len(self.definitions) == 1)
        if self._reported.get(watched.definition) != found.troubles:
            self._reported[watched.definition] = found.troubles
            for each in found.troubles:
                self.say(each.text)
            if found.errors:
                self.say(f"{watched.definition} is broken: the last good one is served")
            else:
                self.say(f"{watched.definition} was read again")
        else:
            self.say(f"{watched.definition} was read again")
        self.events.publish("state", self.state())

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                if self.has_not_looked():
                    await self.refresh()
            except Exception:  # a fault in reading must not end the watching
                logging.getLogger("vtlsim.server").exception("reading a definition failed")

    def state(self) -> dict[str, object]:
        """What is served, and what is wrong: for the page."""
        return {
            "address": self.settings.address,
            "masked": self.settings.mask,
            "definitions": [
                {
                    "name": each.definition,
                    "stale": each.is_stale,
                    "troubles": [trouble._asdict() for trouble in each.troubles],
                }
                for each in self.definitions
            ],
            "apis": [
                {
                    "id": mount.id,
                    "name": mount.name,
                    "base": mount.base,
                    "stages": list(mount.stages),
                    "routes": [list(route) for route in routes(mount.api)],
                }
                for mount in self.mounts
            ],
            "journal": {
                "file": None if self._temporary is not None else str(self.journal.file),
                "trouble": self.journal.trouble,
                "note": self.journal_note,
                "forgotten": self.journal.forgotten,
            },
        }


def routes(api: Api) -> list[tuple[str, str, str, str]]:
    """Method, path, integration type and the names of the templates of everything that is served."""
    found = [(name, resource.path, method) for resource in api.resources for name, method in resource.methods.items()]
    if api.fallback is not None:
        found.append(("ANY", "/*", api.fallback))
    made: list[tuple[str, str, str, str]] = []
    for name, path, method in found:
        integration = method.integration
        if integration is None:
            made.append((name, path, "no integration", ""))
            continue
        names = [f"{key}: {template.name}" for key, template in integration.request_templates if template.text.strip()]
        made.append((name, path, integration.type, ", ".join(names)))
    return made


def _wired(data: bytes) -> dict[str, object]:
    try:
        return {"body": data.decode("utf-8"), "isBase64Encoded": False}
    except UnicodeDecodeError:
        from base64 import b64encode

        return {"body": b64encode(data).decode("ascii"), "isBase64Encoded": True}


def _segment(name: str) -> str:
    made = "".join(each if each.isascii() and (each.isalnum() or each in "-._~") else "-" for each in name)
    return made.strip("-.") or "api"


def _api_id(api: Api, definition: str, name: str) -> str:
    """The Api's own id, or one that depends on the definition alone."""
    if api.id:
        return api.id
    import hashlib

    digest = hashlib.sha256(f"{Path(definition).resolve()}\n{name}".encode("utf-8", "surrogateescape")).digest()
    number = int.from_bytes(digest[:8], "big")
    digits = ""
    while len(digits) < 10:
        number, digit = divmod(number, 36)
        digits += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
    return digits


def _shown(text: str) -> str:
    from vtlsim.explain.excerpt import printable

    return printable(text if len(text) <= 120 else text[:119] + "…")
