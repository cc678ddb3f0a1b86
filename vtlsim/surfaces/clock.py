"""The only source of time and of ids.

What may live here: reading the machine's clock and its randomness. Everything but the server runs on the fixed
surroundings of :class:`vtlsim.gateway.model.Surroundings`, so that what it shows can be replayed.
"""

from __future__ import annotations

import time


def now_ms() -> int:
    """Milliseconds since 1970 (UTC)."""
    return time.time_ns() // 1_000_000


class Stopwatch:
    """Counts milliseconds from when it was made."""

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        self._begun = time.monotonic_ns()

    @property
    def milliseconds(self) -> int:
        """Whole milliseconds so far."""
        return (time.monotonic_ns() - self._begun) // 1_000_000


def request_id() -> str:
    """A fresh request id."""
    from uuid import uuid4

    return str(uuid4())
