"""A process that takes journeys for a server's event loop, one after the other.

What may live here: the process's own side, and the frames in which the two speak. Who talks to it is beside.py. The
journeys are pure, so it has nothing of its own but requests that are on their way; when it dies, nothing is lost that
could not be found out again.
"""

from __future__ import annotations

import copyreg
import pickle
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, MethodRequest
from vtlsim.surfaces.server import collector
from vtlsim.surfaces.server.exchanges import around_of
from vtlsim.surfaces.server.journeys import Departed, Outcome, arrive, depart

if TYPE_CHECKING:
    from collections.abc import Mapping
    from socket import socket

    from vtlsim.gateway.model import Api, Destination, Surroundings

    Pairs: TypeAlias = tuple[tuple[str, str], ...]
    RequestParts: TypeAlias = tuple[str, str, Pairs, Pairs, bytes, Mapping[str, str] | None]
    AnswerParts: TypeAlias = tuple[int, Pairs, bytes, int]
    Left: TypeAlias = tuple[str, str, Pairs, bytes, Destination, int, bool, str, str | None]
    """What the server needs of a request that departed."""

READY: Final = -1
"""The number under which the process says that it is there."""

HELD_SECONDS: Final = 0.005
"""How long an answer waits for those to requests that came together with it."""


MOST_UNDERWAY: Final = 10_000
"""Requests on their way to a backend. Beyond it the oldest are forgotten; the server then takes their journeys itself."""

_LENGTH: Final = 4
"""Bytes before each message that say how long it is."""


class Said(NamedTuple):
    """An answer: to which question, whether the exchange is over, what was found (None for nothing), and the seconds that
    it took. ``found`` holds the values of an Outcome, or what the server needs of a request that departed.
    """

    number: int
    is_over: bool
    found: Any
    seconds: float


def _proxy(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


copyreg.pickle(MappingProxyType, lambda proxy: (_proxy, (dict(proxy),)))  # the model's empty defaults are such


def frame(messages: list[object]) -> bytes:
    """Messages as they go over the socket."""
    data = pickle.dumps(messages, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_LENGTH, "little") + data


class Frames:
    """Bytes as they come -> messages."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = bytearray()

    def take(self, data: bytes) -> list[Any]:
        """The messages that are complete with these bytes."""
        held = self._held
        held += data
        found: list[Any] = []
        at, length = 0, len(held)
        while length - at >= _LENGTH:
            end = at + _LENGTH + int.from_bytes(held[at : at + _LENGTH], "little")
            if end > length:
                break
            found += pickle.loads(bytes(held[at + _LENGTH : end]))  # noqa: S301 - from our own other half
            at = end
        del held[:at]
        return found


class Worker:
    """The process's state: the Apis it was told of, and the requests underway."""

    def __init__(self) -> None:
        self.apis: dict[int, Api] = {}
        self.underway: dict[int, tuple[Departed, Api, Surroundings]] = {}

    def api(self, key: int, pickled: bytes) -> None:
        """Learns an Api."""
        self.apis[key] = pickle.loads(pickled)  # noqa: S301 - as above

    def forget_api(self, key: int) -> None:
        """Forgets an Api."""
        self.apis.pop(key, None)

    def forget(self, number: int) -> None:
        """Forgets a request: nobody waits for its answer."""
        self.underway.pop(number, None)

    def depart(self, number: int, key: int, request: RequestParts, around: tuple[object, ...]) -> Left | Outcome:
        """The request's journey; the rest is kept until the answer comes."""
        method, path, query, headers, body, parameters = request
        api, surroundings = self.apis[key], around_of(around)
        found = depart(MethodRequest(method, path, query, Headers(headers), body, parameters), api, surroundings)
        if type(found) is Outcome:
            return found
        assert type(found) is Departed, "there is nothing else"
        while len(self.underway) >= MOST_UNDERWAY:
            del self.underway[next(iter(self.underway))]
        self.underway[number] = (found, api, surroundings)
        sent = found.sent
        return (
            sent.method,
            sent.uri,
            sent.headers.pairs,
            sent.payload,
            sent.destination,
            sent.timeout_ms,
            sent.insecure_skip_verification,
            sent.carried.resource_path,
            sent.carried.api_key_id,
        )

    def arrive(self, number: int, answer: AnswerParts | BackendFailure) -> Outcome | None:
        """The answer's journey; None when the request is forgotten."""
        kept = self.underway.pop(number, None)
        if kept is None:
            return None
        if isinstance(answer, BackendFailure):
            return arrive(answer, *kept)
        status, headers, body, latency_ms = answer
        return arrive(BackendResponse(status, Headers(headers), body, latency_ms), *kept)


def work(connection: socket) -> None:
    """Serves until the other side is gone."""
    worker, frames = Worker(), Frames()
    connection.sendall(frame([(READY, False, None, 0.0)]))
    while data := connection.recv(1 << 18):
        answers: list[object] = []
        begun = said = perf_counter()
        for number, name, arguments in frames.take(data):
            try:
                found = getattr(worker, name)(*arguments)
            except Exception:  # noqa: BLE001 - the server takes the journey itself, and tells of the fault
                found = None
            now = perf_counter()
            if number is not None:
                is_over = type(found) is Outcome
                answers.append((number, is_over, tuple(found) if is_over else found, now - begun))
            begun = now
            if answers and now - said > HELD_SECONDS:
                connection.sendall(frame(answers))
                answers, said = [], now
        if answers:
            connection.sendall(frame(answers))


def main(descriptor: int) -> None:
    """The process: it speaks over an inherited socket and ends when that is closed."""
    import signal
    import socket

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which closes the socket when it is done
    collector.settle()
    with socket.socket(fileno=descriptor) as connection:
        try:
            work(connection)
        except OSError:
            return  # the server is gone
