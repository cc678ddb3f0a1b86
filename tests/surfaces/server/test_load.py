"""The short form of the load tests; the long one is bench/server_bench.py."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import sys
import tracemalloc
from pathlib import Path

import pytest
from conftest import integration  # type: ignore[import-not-found]

BENCH = Path(__file__).parents[3] / "bench" / "server_bench.py"


@pytest.fixture(scope="module")
def bench():
    if not BENCH.exists():
        pytest.skip("the bench is not part of this copy")
    spec = importlib.util.spec_from_file_location("server_bench", BENCH)
    found = importlib.util.module_from_spec(spec)
    sys.modules["server_bench"] = found
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def served(serve, backend, bench):
    backend.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(bench.ANSWER), bench.ANSWER)
    return serve(
        integration(
            f"http://127.0.0.1:{backend.port}/orders",
            type="HTTP",
            httpMethod="POST",
            requestTemplates={"application/json": bench.REQUEST_TEMPLATE},
            integrationResponses={
                "200": {"statusCode": "200", "responseTemplates": {"application/json": bench.RESPONSE_TEMPLATE}}
            },
        )
    )


def test_a_hundred_connections_without_an_error(served, bench, backend):
    """Every answer is whole and the same, and every exchange is in the journal."""
    expected = served.ask("POST", "/test/orders", bench.BODY, {"Content-Type": "application/json"}).body
    _, latencies, errors = asyncio.run(bench.load(served.port, "/test/orders", 1_000, 100, expected))
    assert errors == 0
    assert len(latencies) == 1_000
    assert served.running.journal.settle(20)
    assert served.running.journal.count() == 1_001


def test_memory_does_not_grow_with_requests(served, bench, backend):
    def used() -> int:
        backend.received.clear()
        served.running.journal.settle(20)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    asyncio.run(bench.load(served.port, "/test/orders", 200, 10, None))
    tracemalloc.start()
    try:
        asyncio.run(bench.load(served.port, "/test/orders", 100, 10, None))
        before = used()
        asyncio.run(bench.load(served.port, "/test/orders", 300, 10, None))
        grown = used() - before
    finally:
        tracemalloc.stop()
    assert grown < 300 * 1_000, "less than a kilobyte for each request"
