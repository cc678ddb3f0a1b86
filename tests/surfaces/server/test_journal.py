from __future__ import annotations

import sqlite3
import subprocess
import sys
import time

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, Identity, MethodRequest, Surroundings
from vtlsim.surfaces.server.exchanges import Exchange
from vtlsim.surfaces.server.journal import TOGETHER, Journal, JournalError, Wanted, default_file
from vtlsim.surfaces.server.mounts import Snapshot

AROUND = Surroundings(request_id="r-1", time_ms=1_700_000_000_000, stage="dev", identity=Identity(source_ip="::1"))


def exchange(number: int, **given: object) -> Exchange:
    made = Exchange(
        number,
        1_700_000_000_000 + number,
        "orders",
        "dev",
        "",
        MethodRequest("POST", "/orders", (("q", "1"), ("q", "ü")), Headers([("X-A", "1"), ("X-A", "2")]), b"\x00body"),
        "/dev/orders?q=1",
        AROUND,
        "key",
        BackendResponse(201, Headers([("X-Id", "7")]), b"\xff\xfe", 12),
        201,
        5,
        1.5,
        "orders.vtl",
    )
    return made._replace(**given)


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "journal.sqlite3")
    made.open()
    yield made
    made.close()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"answer": BackendFailure("timeout", "no answer")},
        {"answer": None, "around": None, "note": "turned away", "status": 413},
        {"refusal": "UNSUPPORTED_MEDIA_TYPE", "key_id": "k1", "cautions": 3},
    ],
)
def test_an_exchange_comes_back_as_it_was(journal, given):
    kept = exchange(journal.next_id(), **given)
    journal.add(kept)
    assert journal.get(1) == kept, "while it waits"
    assert journal.settle()
    assert journal.get(1) == kept, "from the disk"


def test_it_opens_in_the_next_run(tmp_path):
    snapshot = Snapshot("key", "orders.yaml", "text", {"a.vtl": "$x"}, "orders")
    for run in (1, 2):
        journal = Journal(tmp_path / "journal.sqlite3")
        journal.open()
        assert journal.count() == run - 1
        journal.keep(snapshot)
        journal.add(exchange(journal.next_id()))
        journal.close()
    journal = Journal(tmp_path / "journal.sqlite3")
    journal.open()
    assert [each["id"] for each in journal.summaries()] == [2, 1]
    assert journal.snapshot("key") == snapshot
    journal.close()


def test_it_is_bounded_by_number_and_by_size(tmp_path):
    journal = Journal(tmp_path / "journal.sqlite3", most=100, most_bytes=400_000)
    journal.open()
    for _ in range(250):
        journal.add(exchange(journal.next_id()))
    journal.settle()
    assert 80 <= journal.count() <= 100
    assert journal.summaries()[0]["id"] == 250
    for _ in range(20):
        journal.add(exchange(journal.next_id(), request=MethodRequest(body=b"x" * 50_000)))
    journal.settle()
    assert journal.count() <= 8
    assert journal.summaries()[0]["id"] == 270
    journal.close()


FILTERS = [
    (Wanted(), [6, 5, 4, 3, 2, 1]),
    (Wanted(limit=2), [6, 5]),
    (Wanted(before=3), [2, 1]),
    (Wanted(path="ORDERS/7"), [2]),
    (Wanted(status="4xx"), [5, 3]),
    (Wanted(status="40"), [5]),
    (Wanted(status="201"), [6, 4, 2, 1]),
    (Wanted(template="refund"), [4]),
    (Wanted(refused=True), [5, 3]),
    (Wanted(path="%"), []),
]


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize(("wanted", "ids"), FILTERS)
def test_lists_are_filtered_alike_in_memory_and_on_disk(journal, wanted, ids, settled):
    for given in (
        {},
        {"target": "/dev/orders/7"},
        {"status": 415, "refusal": "UNSUPPORTED_MEDIA_TYPE"},
        {"template": "Refund.vtl"},
        {"status": 403, "note": "no such stage"},
        {},
    ):
        journal.add(exchange(journal.next_id(), **given))
    if settled:
        journal.settle()
    assert [each["id"] for each in journal.summaries(wanted)] == ids


def test_clearing_forgets_what_came_before(journal):
    journal.add(exchange(journal.next_id()))
    journal.settle()
    journal.add(exchange(journal.next_id()))
    journal.clear()
    assert journal.summaries() == []
    journal.add(exchange(journal.next_id()))
    journal.settle()
    assert [each["id"] for each in journal.summaries()] == [3]


def test_only_one_process_writes_it(journal):
    other = Journal(journal.file)
    with pytest.raises(JournalError, match="another vtlsim serve writes it"):
        other.open()


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one" * 40, None])
def test_a_file_that_is_no_journal_is_put_aside(tmp_path, content):
    file = tmp_path / "journal.sqlite3"
    if content is None:
        db = sqlite3.connect(file)
        db.execute("PRAGMA user_version = 99")
        db.close()
    else:
        file.write_bytes(content)
    journal = Journal(file)
    journal.open()
    journal.add(exchange(journal.next_id()))
    assert journal.settle()
    journal.close()
    assert file.with_name("journal.sqlite3.old").exists()


def test_what_waits_for_a_broken_disk_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("vtlsim.surfaces.server.journal.HELD_BYTES", 20_000)
    journal = Journal(tmp_path / "journal.sqlite3")
    for number in range(1, 51):
        journal.add(exchange(number))
    assert journal.forgotten > 30
    assert len(journal._waiting) + journal.forgotten == 50


KILLED = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_journal import exchange
from vtlsim.surfaces.server.journal import Journal
journal = Journal(Path(sys.argv[1]))
journal.open()
for _ in range(100):
    journal.add(exchange(journal.next_id()))
print("added", flush=True)
time.sleep(60)
"""


def test_a_killed_process_loses_nothing_older_than_a_second(tmp_path):
    from pathlib import Path

    file = tmp_path / "journal.sqlite3"
    command = [sys.executable, "-c", KILLED, str(file), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "added\n"
        time.sleep(1)
        process.kill()
    journal = Journal(file)
    journal.open()
    assert journal.count() == 100
    journal.close()


def test_each_set_of_definitions_has_its_file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    one, two = default_file(["a/orders.yaml"]), default_file(["b/orders.yaml"])
    assert one != two
    assert one.parent == tmp_path / "vtlsim"
    assert one.name.startswith("orders-")


def test_many_are_written_at_once(journal):
    """As many as a statement takes, several times, and some more."""
    kept = [exchange(journal.next_id()) for _ in range(2 * TOGETHER + 3)]
    for each in kept:
        journal.add(each)
    assert journal.settle()
    assert [journal.get(each.id) for each in kept] == kept
    assert journal.count() == len(kept)
