"""The only source of time and of ids.

What may live here: reading the machine's clock and its randomness. Everything but the server runs on the fixed
surroundings of :class:`vtlsim.gateway.model.Surroundings`, so that what it shows can be replayed.
"""

from __future__ import annotations

import os
import time
from typing import Final


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
    """A fresh request id: a random UUID."""
    digits = random_digits()
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:]}"
    )


def random_digits() -> str:
    """32 random hexadecimal digits. They are read from the system in stock: asking for each costs more than the rest."""
    try:
        return _STOCK.pop()
    except IndexError:
        read = os.urandom(4096).hex()
        _STOCK.extend([read[at : at + 32] for at in range(32, len(read), 32)])
        return read[:32]


_STOCK: Final[list[str]] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_STOCK.clear)  # else a child would hand out its parent's
