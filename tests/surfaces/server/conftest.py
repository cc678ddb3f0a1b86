"""A server and a backend of raw sockets, each on a loop of its own thread."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from vtlsim.surfaces.server.backing import Backing
from vtlsim.surfaces.server.dataplane import Settings
from vtlsim.surfaces.server.reload import Watched
from vtlsim.surfaces.server.running import Options, Running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Received(NamedTuple):
    """A request as it came: its head's bytes and its body."""

    head: bytes
    body: bytes

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def fields(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines if line)]

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.fields if each == name]


class Backend:
    """Answers 200 with a JSON body; paths under ``/fault/`` do what they are called."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Id: o-17\r\nContent-Length: 34\r\n\r\n"
            b'{"OrderId": "o-17", "State": "ok"}'
        )
        self.delay = 0.0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)

        async def start() -> None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]
            self._ready.set()

        self._loop.run_until_complete(start())
        self._loop.run_forever()
        for task in list(self._tasks):
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._server.close()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                received = Received(head, await reader.readexactly(length))
                self.received.append(received)
                if b"/fault/" in head.split(b"\r\n", 1)[0]:
                    await self._fault(received.line.split("/fault/")[1].split(" ")[0], reader, writer)
                    return
                if self.delay:
                    await asyncio.sleep(self.delay)
                if received.line.startswith("HEAD"):
                    writer.write(self.answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
                else:
                    writer.write(self.answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _fault(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match name:
            case "reset":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly a part")
                await writer.drain()
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            case "hang":
                await reader.read()
            case "half-head":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Ty")
                await writer.drain()
                writer.close()
            case "gigabyte":
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
                for _ in range(1024):
                    writer.write(piece)
                    await writer.drain()
            case "announced":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\nx")
                await writer.drain()
                await reader.read()
            case "bad-gzip":
                body = b"\x1f\x8b this is no gzip"
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
                )
                await writer.drain()
            case "garbage":
                writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
                await writer.drain()


class Answer(NamedTuple):
    status: int
    fields: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for each, value in self.fields if each.lower() == name.lower()), None)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """A running server."""

    def __init__(self, running: Running, listening: socket.socket) -> None:
        self.running = running
        self.port: int = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.failure: BaseException | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        self._thread.start()
        assert self._started.wait(20), self.failure

    def _run(self, listening: socket.socket) -> None:
        try:
            asyncio.run(self.running.serve([listening], self._started.set))
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.failure = error
        finally:
            self._started.set()
            listening.close()

    def stop(self) -> None:
        self.running.stop()
        self._thread.join(40)
        assert not self._thread.is_alive(), "the server did not stop"
        if self.failure is not None:
            raise self.failure

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())

    def raw(self, data: bytes, *, seconds: float = 5.0) -> bytes:
        """What comes back for bytes on a socket, until the server closes or is quiet."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(data)
            pieces = []
            connection.settimeout(seconds)
            try:
                while piece := connection.recv(65536):
                    pieces.append(piece)
                    connection.settimeout(0.3)
            except TimeoutError:
                pass
            return b"".join(pieces)

    def exchanges(self, wanted: int = 1) -> list[dict[str, Any]]:
        """The list of the inspector, when it has so many."""
        until = time.monotonic() + 5
        while True:
            found: list[dict[str, Any]] = self.ask("GET", "/_vtlsim/api/exchanges").json["exchanges"]
            if len(found) >= wanted or time.monotonic() > until:
                return found
            time.sleep(0.02)

    def story(self, number: int) -> Any:
        return self.ask("GET", f"/_vtlsim/api/exchanges/{number}").json

    def changing(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A call of the page, with its token."""
        fields = {"X-Vtlsim-Token": self.running.token, "Content-Type": "application/json", **headers}
        return self.ask(method, path, None if body is None else json.dumps(body).encode(), fields)


@pytest.fixture
def backend() -> Iterator[Backend]:
    made = Backend()
    yield made
    made.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serves definitions: mappings are written to files first; the rest are options of the server."""
    made: list[Served] = []

    def start(*definitions: dict[str, Any] | Path, watched: list[Watched] | None = None, **given: Any) -> Served:
        found = watched or []
        for number, each in enumerate(definitions):
            path = each
            if isinstance(each, dict):
                path = tmp_path / f"definition-{number}.json"
                path.write_text(json.dumps(each), encoding="utf-8")
            found.append(Watched(str(path), ""))
        listening = socket.create_server(("127.0.0.1", 0))
        mask = given.pop("mask", True)
        say = given.pop("say", lambda _: None)
        settings = Settings(f"http://127.0.0.1:{listening.getsockname()[1]}", mask=mask)
        given.setdefault("backing", Backing())
        running = Running(found, Options(settings=settings, **given), say)
        for each in found:
            if not each.read().can_be_served:
                listening.close()
                running.journal.close()
                raise AssertionError("\n".join(trouble.text for trouble in each.troubles))
        running.mount_all()
        made.append(Served(running, listening))
        return made[-1]

    yield start
    for each in made:
        each.stop()


def integration(uri: str, **more: Any) -> dict[str, Any]:
    """A PutIntegration document."""
    return {
        "type": "HTTP_PROXY",
        "httpMethod": "ANY",
        "uri": uri,
        "timeoutInMillis": 3000,
        **more,
    }


def openapi(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An OpenAPI document: path -> method -> integration; statuses and the headers that tests map are declared."""
    made: dict[str, Any] = {}
    for path, methods in paths.items():
        made[path] = {}
        for method, found in methods.items():
            names = [part[1:-1].removesuffix("+") for part in path.split("/") if part.startswith("{")]
            name = "x-amazon-apigateway-any-method" if method == "any" else method
            made[path][name] = {
                "parameters": [
                    *({"name": each, "in": "path", "required": True, "schema": {"type": "string"}} for each in names),
                    {"name": "Authorization", "in": "header", "schema": {"type": "string"}},
                ],
                "responses": {
                    str(status): {"description": "any", "headers": {"X-Out": {"schema": {"type": "string"}}}}
                    for status in (200, 201, 204, 400, 422, 500)
                },
                "x-amazon-apigateway-integration": found,
            }
    return {"openapi": "3.0.1", "info": {"title": "tests", "version": "1"}, "paths": made, **more}


def proxied(backend: Backend, path: str = "/{proxy}") -> dict[str, Any]:
    """An HTTP_PROXY integration to the backend; by default it keeps the greedy path."""
    mapped = {"integration.request.path.proxy": "method.request.path.proxy"} if "{proxy}" in path else {}
    return {
        "type": "http_proxy",
        "httpMethod": "ANY",
        "uri": f"http://127.0.0.1:{backend.port}{path}",
        "requestParameters": mapped,
        "timeoutInMillis": 3000,
    }


def orders(backend: Backend, template: str) -> dict[str, Any]:
    """An OpenAPI document: orders by way of a template there and one back, everything else straight through."""
    found = {
        "type": "http",
        "httpMethod": "POST",
        "uri": f"http://127.0.0.1:{backend.port}/orders",
        "requestTemplates": {"application/json": template},
        "passthroughBehavior": "never",
        "responses": {
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": "{\"id\": $input.json('$.OrderId')}"},
            }
        },
    }
    return openapi({"/orders": {"post": found}, "/{proxy+}": {"any": proxied(backend)}})
