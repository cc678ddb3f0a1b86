"""What every room's tests may ask for."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from reference import Reference, available

if TYPE_CHECKING:
    from collections.abc import Iterator

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would every process that they start:
# but what Ctrl-C does is one of the things that they test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def reference() -> Iterator[Reference]:
    """The live reference, one JVM for the whole run. Tests that use it carry the mark of the same name."""
    reason = available()
    if reason is not None:
        pytest.skip(reason)
    with Reference() as running:
        yield running
