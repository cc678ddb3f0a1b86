"""Who listens to what happens: the page's event streams, and the terminal.

What may live here: handing news to listeners, gathered so that a thousand requests a second are ten messages. A
listener that is too slow is told to ask again rather than served from memory without end.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from vtlsim.surfaces.server.exchanges import Exchange

GATHER_SECONDS: Final = 0.1
WAITING: Final = 64
"""Messages that a listener may be behind."""

LISTENERS: Final = 64
KEEP_ALIVE_SECONDS: Final = 15.0
MOST_LINES: Final = 100
"""Exchanges of one message; of more than that the newest are told, with the number of the rest."""


class Events:
    """One per server, used on its event loop. ``on_exchanges`` sees every gathered batch (the terminal's lines)."""

    def __init__(self, on_exchanges: Callable[[list[Exchange]], None] | None = None) -> None:
        self._on_exchanges = on_exchanges
        self._listeners: set[asyncio.Queue[tuple[str, str] | None]] = set()
        self._gathered: list[Exchange] = []
        self._closed = False

    def exchange(self, exchange: Exchange) -> None:
        """An exchange was answered."""
        if not self._gathered:
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._tell)
        self._gathered.append(exchange)

    def _tell(self) -> None:
        gathered, self._gathered = self._gathered, []
        if self._on_exchanges is not None:
            self._on_exchanges(gathered)
        if self._listeners:
            shown = [each.summary for each in gathered[-MOST_LINES:]]
            self.publish("exchanges", {"exchanges": shown, "more": len(gathered) - len(shown)})

    def publish(self, event: str, data: object) -> None:
        """Tells every listener."""
        if not self._listeners:
            return
        message = (event, json.dumps(data))
        for queue in list(self._listeners):
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(("again", "{}"))
            else:
                queue.put_nowait(message)

    def close(self) -> None:
        """Ends every stream: the server stops."""
        self._closed = True
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    async def stream(self) -> AsyncIterator[tuple[str, str] | None]:
        """Events and their data, as they come; None now and then, so that the connection is seen to live."""
        if self._closed or len(self._listeners) >= LISTENERS:
            return
        queue: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue(WAITING)
        self._listeners.add(queue)
        try:
            yield None
            while not self._closed:
                try:
                    message = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield None
                    continue
                if message is None:
                    return
                yield message
        finally:
            self._listeners.discard(queue)
