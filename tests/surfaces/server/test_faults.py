"""What goes wrong around the server: the client always gets a well-formed answer, the journal is whole, nothing leaks."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import threading
import time

import pytest
from conftest import integration, openapi, proxied  # type: ignore[import-not-found]

FAILED = {"message": "Internal server error"}
NETWORK = {"message": "Network error communicating with endpoint"}
TIMED_OUT = {"message": "Endpoint request timed out"}


@pytest.fixture
def whole(serve, backend):
    """A server over every fault, and afterwards: the journal is whole, no task is left."""
    document = openapi({"/{proxy+}": {"any": proxied(backend) | {"timeoutInMillis": 1000}}})
    served = serve(document)
    yield served
    served.running.journal.settle()
    with sqlite3.connect(served.running.journal.file) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    until = time.monotonic() + 3
    while (left := tasks(served)) > 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert left <= 2, "the server's own two tasks, and no other"


def tasks(served) -> int:
    """How many tasks the server's loop has, besides the one that counts."""

    async def count() -> int:
        return sum(not task.done() for task in asyncio.all_tasks()) - 1

    return asyncio.run_coroutine_threadsafe(count(), served.running._loop).result(5)


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        ("reset", 504, NETWORK),
        ("hang", 504, TIMED_OUT),
        ("half-head", 504, NETWORK),
        ("gigabyte", 500, FAILED),
        ("announced", 500, FAILED),
        ("garbage", 504, NETWORK),
    ],
)
def test_a_backend_that_fails(whole, fault, status, body):
    answer = whole.ask("POST", f"/test/fault/{fault}", b"{}", {"Content-Type": "application/json"})
    assert (answer.status, answer.json) == (status, body)
    assert answer.header("x-amzn-ErrorType") == "InternalServerErrorException"
    assert whole.exchanges()[0]["refusal"]


def test_bad_gzip_is_passed_on_as_it_is(whole):
    answer = whole.ask("GET", "/test/fault/bad-gzip")
    assert (answer.status, answer.header("Content-Encoding")) == (200, "gzip")
    assert b"this is no gzip" in answer.body


def test_a_backend_that_refuses(serve):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    answer = serve(integration(f"http://127.0.0.1:{port}/")).ask("POST", "/test/", b"{}")
    assert (answer.status, answer.json) == (504, NETWORK)


def test_a_backend_that_has_no_name(serve):
    answer = serve(integration("http://nowhere.invalid/")).ask("POST", "/test/", b"{}")
    assert (answer.status, answer.json) == (500, FAILED)


def test_aws_is_never_reached_unless_told_where(serve):
    arn = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue"
    served = serve(integration(arn, type="AWS", httpMethod="POST", credentials="arn:aws:iam::123456789012:role/r"))
    assert served.ask("POST", "/test/", b"{}").status == 504
    assert "--aws-endpoint" in json.dumps(served.story(1)["backend"])


def test_a_client_that_goes_away(whole, backend):
    backend.delay = 0.3
    with socket.create_connection(("127.0.0.1", whole.port)) as client:
        client.sendall(b"GET /test/slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.1)
    with socket.create_connection(("127.0.0.1", whole.port)) as client:
        client.sendall(b"POST /test/part HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nonly a part")
    with socket.create_connection(("127.0.0.1", whole.port)) as client:
        client.sendall(b"POST /test/chunk HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
    assert [each["path"] for each in whole.exchanges()] == ["/test/slow"]
    assert whole.ask("GET", "/test/next").status == 200


def test_a_disk_that_is_full_costs_no_answer(serve, backend):
    said: list[str] = []
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}), say=said.append)
    journal = served.running.journal
    served.ask("GET", "/test/first")
    assert journal.settle()
    pages = journal._writer.execute("PRAGMA page_count").fetchone()[0]
    journal._writer.execute(f"PRAGMA max_page_count = {pages}")
    big = b'{"x": "' + b"x" * 50_000 + b'"}'
    for _ in range(5):
        assert served.ask("POST", "/test/more", big, {"Content-Type": "application/json"}).status == 200
    assert not journal.settle()
    assert "full" in served.ask("GET", "/_vtlsim/api/state").json["journal"]["trouble"]
    assert any("answers are not affected" in line for line in said)
    assert served.story(6)["summary"]["id"] == 6, "what waits can be read"
    assert len(served.exchanges(6)) == 6
    journal._writer.execute("PRAGMA max_page_count = 1000000")
    until = time.monotonic() + 8
    while journal.trouble is not None and time.monotonic() < until:
        time.sleep(0.1)
    assert journal.settle()
    with sqlite3.connect(journal.file) as db:
        assert db.execute("SELECT count(*) FROM exchanges").fetchone() == (6,)
    db.close()


def test_a_definition_that_is_deleted_while_it_is_served(serve, backend, tmp_path):
    said: list[str] = []
    path = tmp_path / "api.json"
    path.write_text(json.dumps(openapi({"/{proxy+}": {"any": proxied(backend)}})), encoding="utf-8")
    served = serve(path, say=said.append)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    time.sleep(0.05)
    assert served.ask("GET", "/test/a").status == 200
    state = served.ask("GET", "/_vtlsim/api/state").json["definitions"][0]
    assert state["stale"]
    assert "No such file" in state["troubles"][0]["text"]
    assert any("the last good one is served" in line for line in said)
    path.write_text(text.replace('"tests"', '"again"'), encoding="utf-8")
    time.sleep(0.05)
    assert served.ask("GET", "/test/a").status == 200
    assert not served.ask("GET", "/_vtlsim/api/state").json["definitions"][0]["stale"]


def test_stopping_under_load_finishes_what_was_begun(serve, backend):
    backend.delay = 0.3
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(served.ask("GET", "/test/a").status)) for _ in range(10)]
    for each in threads:
        each.start()
    until = time.monotonic() + 5
    while len(backend.received) < 10 and time.monotonic() < until:
        time.sleep(0.01)
    served.stop()
    for each in threads:
        each.join(10)
    assert found == [200] * 10


def test_an_event_stream_does_not_hold_up_the_end(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as client:
        client.sendall(b"GET /_vtlsim/api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"text/event-stream" in client.recv(65536)
        begun = time.monotonic()
        served.stop()
    assert time.monotonic() - begun < 5


def test_a_fault_of_ours_is_a_500_and_is_listed(serve, backend, monkeypatch, caplog):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("vtlsim.surfaces.server.journeys.transform_request", broken)
    answer = served.ask("GET", "/test/a")
    assert (answer.status, answer.json) == (500, FAILED)
    assert served.exchanges()[0]["note"] == "vtlsim itself failed: ZeroDivisionError: a bug"
    assert "a bug" in caplog.text
