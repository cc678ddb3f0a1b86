"""What every room's tests may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reference import Reference, available

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def reference() -> Iterator[Reference]:
    """The live reference, one JVM for the whole run. Tests that use it carry the mark of the same name."""
    reason = available()
    if reason is not None:
        pytest.skip(reason)
    with Reference() as running:
        yield running
