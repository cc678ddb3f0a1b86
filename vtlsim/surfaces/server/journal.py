"""The journal: exchanges in SQLite, written by one thread in batches, so that no request waits for a disk.

What may live here: the database and the thread that writes it. An exchange that was added is on disk a quarter of a
second later, in WAL mode, so that the death of the process loses nothing older. It is bounded by number and by size; the
oldest go first. A disk that fails costs entries, never an answer: what could not be written is kept in memory, as far as
its bound goes, and tried again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections import deque
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.surfaces.server.mounts import Snapshot
from vtlsim.surfaces.server.rows import COLUMNS, SCHEMA, exchange_of, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vtlsim.surfaces.server.exchanges import Exchange

FLUSH_SECONDS: Final = 0.25
"""How long an exchange waits for others to be written with."""

RETRY_SECONDS: Final = 2.0
BATCH: Final = 1_000
TOGETHER: Final = 40
"""Rows of one statement. Python's lock is let go of and taken again around every statement, and whoever answers requests
waits for it; a statement may have 999 values in old builds of SQLite."""

HELD_BYTES: Final = 64 * 1024 * 1024
"""Of exchanges that wait to be written. Beyond it the oldest of them are forgotten."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS definitions (key TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS exchanges (
  id INTEGER PRIMARY KEY, time INTEGER, api TEXT, stage TEXT, base TEXT, method TEXT, path TEXT, status INTEGER,
  template TEXT, refusal TEXT, cautions INTEGER, duration REAL, latency INTEGER, size INTEGER, note TEXT,
  snapshot TEXT, weight INTEGER, document TEXT NOT NULL, body BLOB, answer BLOB);
"""
_ROW: Final = f"({','.join('?' * COLUMNS)})"
_INSERT: Final = f"INSERT OR REPLACE INTO exchanges VALUES {_ROW}"  # noqa: S608 - fixed texts
_INSERT_TOGETHER: Final = f"INSERT OR REPLACE INTO exchanges VALUES {','.join([_ROW] * TOGETHER)}"  # noqa: S608
_SUMMARY: Final = (
    "id, time, api, stage, method, path, status, template, refusal, cautions, duration, latency, size, note"
)


class Wanted(NamedTuple):
    """Which exchanges a list asks for; empty asks for all. ``before`` is the id that all of them stay below."""

    before: int | None = None
    limit: int = 200
    path: str = ""
    status: str = ""
    template: str = ""
    refused: bool = False


EVERY: Final = Wanted()


class JournalError(Exception):
    """The file cannot be used as a journal."""


class Journal:
    """The journal of one file. One process writes it at a time: see :meth:`open`.

    ``on_written`` is called in the writer's thread with the exchanges of a batch, ``on_trouble`` there with why nothing
    can be written, or None when it can again.
    """

    def __init__(
        self,
        file: Path,
        *,
        most: int = 10_000,
        most_bytes: int = 512 * 1024 * 1024,
        on_written: Callable[[Sequence[Exchange]], None] | None = None,
        on_trouble: Callable[[str | None], None] | None = None,
    ) -> None:
        self.file = file
        self.most = most
        self.most_bytes = most_bytes
        self.trouble: str | None = None
        self.forgotten = 0
        """Exchanges that were never written, because the disk would not take them."""
        self._on_written = on_written
        self._on_trouble = on_trouble
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._waiting: deque[Exchange] = deque()
        self._waiting_bytes = 0
        self._snapshots: deque[Snapshot] = deque()
        self._known: dict[str, Snapshot] = {}
        self._asked = 0
        self._done = 0
        self._ending = False
        self._clearing: int | None = None
        self._next = 1
        self._count = 0
        self._bytes = 0
        self._lock_file: Any = None
        self._thread: threading.Thread | None = None
        self._reader: sqlite3.Connection | None = None
        self._read_lock = threading.Lock()

    # -- life ---------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Takes the file and starts the writer. Raises JournalError: another process has it, or it cannot be written.

        A file that is no journal of this version is put aside as ``<name>.old``.
        """
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock_file = _locked(self.file.with_suffix(".lock"))
            self._writer = self._connected()
        except OSError as error:
            raise JournalError(f"{self.file}: {error.strerror or error}") from None
        except sqlite3.Error as error:
            raise JournalError(f"{self.file}: {error}") from None
        self._reader = sqlite3.connect(self.file, check_same_thread=False)
        row = self._writer.execute("SELECT max(id), count(*), total(weight) FROM exchanges").fetchone()
        self._next = (row[0] or 0) + 1
        self._count, self._bytes = row[1], int(row[2])
        self._thread = threading.Thread(target=self._write_on, name="vtlsim journal", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Writes what waits, as far as the disk takes it, and ends the writer."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(10)
        if self._reader is not None:
            self._reader.close()
        if self._lock_file is not None:
            self._lock_file.close()

    def _connected(self) -> sqlite3.Connection:
        try:
            return self._opened()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
        for each in (self.file, self.file.with_name(self.file.name + "-wal")):
            with contextlib.suppress(FileNotFoundError):
                each.replace(each.with_name(each.name + ".old"))
        return self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, SCHEMA}:
            connection.close()
            raise sqlite3.DatabaseError(f"a journal of version {version}")
        connection.executescript(_TABLES)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        with contextlib.suppress(OSError):
            self.file.chmod(0o600)
        return connection

    # -- writing ------------------------------------------------------------------------------------------------------

    def next_id(self) -> int:
        """The id of the next exchange."""
        found = self._next
        self._next += 1
        return found

    def keep(self, snapshot: Snapshot) -> None:
        """Remembers the texts of a definition, for exchanges to refer to by its key."""
        with self._wake:
            if snapshot.key not in self._known:
                self._known[snapshot.key] = snapshot
                self._snapshots.append(snapshot)

    def add(self, exchange: Exchange) -> None:
        """Takes an exchange; returns at once."""
        with self._lock:
            self._waiting.append(exchange)
            self._waiting_bytes += exchange.weight
            while self._waiting_bytes > HELD_BYTES and len(self._waiting) > 1:
                self._waiting_bytes -= self._waiting.popleft().weight
                self.forgotten += 1

    def settle(self, seconds: float = 5.0) -> bool:
        """Waits until everything that was added so far is written; False when the disk would not take it."""
        with self._wake:
            self._asked += 1
            mine = self._asked
            self._wake.notify_all()
            self._wake.wait_for(lambda: self._done >= mine or self.trouble is not None or self._ending, seconds)
            return self._done >= mine

    def clear(self) -> None:
        """Forgets every exchange that was added so far."""
        with self._wake:
            self._waiting.clear()
            self._waiting_bytes = 0
            self._clearing = self._next
        self.settle()

    def _write_on(self) -> None:
        try:
            while True:
                with self._wake:
                    wait = RETRY_SECONDS if self.trouble is not None else FLUSH_SECONDS
                    self._wake.wait_for(lambda: self._ending or self._asked > self._done, wait)
                    ending, asked = self._ending, self._asked
                if not self._write_all(asked) and not ending:
                    with self._wake:
                        self._wake.wait_for(lambda: self._ending, RETRY_SECONDS)
                if ending:
                    return
        finally:
            with contextlib.suppress(sqlite3.Error):
                self._writer.close()

    def _write_all(self, asked: int) -> bool:
        while True:
            with self._lock:
                batch = list(islice(self._waiting, BATCH))
                snapshots = list(self._snapshots)
                clearing = self._clearing
            if batch or snapshots or clearing is not None:
                try:
                    self._write(batch, snapshots, clearing)
                except sqlite3.Error as error:
                    self._troubled(str(error))
                    return False
                self._troubled(None)
                with self._lock:
                    written = {each.id for each in batch}
                    while self._waiting and self._waiting[0].id in written:
                        self._waiting_bytes -= self._waiting.popleft().weight
                    for _ in snapshots:
                        self._snapshots.popleft()
                    if self._clearing == clearing:
                        self._clearing = None
                if batch and self._on_written is not None:
                    self._on_written(batch)
                if len(batch) == BATCH:
                    continue
            with self._wake:
                self._done = max(self._done, asked)
                self._wake.notify_all()
            return True

    def _write(self, batch: Sequence[Exchange], snapshots: Sequence[Snapshot], clearing: int | None) -> None:
        db = self._writer
        db.execute("BEGIN IMMEDIATE")
        try:
            if clearing is not None:
                db.execute("DELETE FROM exchanges WHERE id < ?", (clearing,))
            for each in snapshots:
                db.execute("INSERT OR REPLACE INTO definitions VALUES (?, ?)", (each.key, json.dumps(each._asdict())))
            rows = [row_of(each) for each in batch]
            whole = len(rows) - len(rows) % TOGETHER
            for at in range(0, whole, TOGETHER):
                db.execute(_INSERT_TOGETHER, list(chain.from_iterable(rows[at : at + TOGETHER])))
            db.executemany(_INSERT, rows[whole:])
            count, size = self._count + len(batch), self._bytes + sum(each.weight for each in batch)
            if clearing is not None or count > self.most or size > self.most_bytes:
                self._evict(db)
                count, size = db.execute("SELECT count(*), total(weight) FROM exchanges").fetchone()
            db.execute("COMMIT")
        except sqlite3.Error:
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            raise
        self._count, self._bytes = count, int(size)

    def _evict(self, db: sqlite3.Connection) -> None:
        """Takes out the oldest, a tenth more than the bounds ask, so that this is seldom."""
        size = 0.0
        last = 0
        rows = db.execute("SELECT id, weight FROM exchanges ORDER BY id DESC")
        for left, (number, weight) in enumerate(rows, 1):
            size += weight
            if left > self.most * 0.9 or size > self.most_bytes * 0.9:
                last = number
                break
        db.execute("DELETE FROM exchanges WHERE id <= ?", (last,))
        db.execute("DELETE FROM definitions WHERE key NOT IN (SELECT DISTINCT snapshot FROM exchanges)")
        for each in self._known.values():
            db.execute("INSERT OR IGNORE INTO definitions VALUES (?, ?)", (each.key, json.dumps(each._asdict())))

    def _troubled(self, why: str | None) -> None:
        if why == self.trouble:
            return
        with self._wake:
            self.trouble = why
            self._wake.notify_all()
        if self._on_trouble is not None:
            self._on_trouble(why)

    # -- reading ------------------------------------------------------------------------------------------------------

    def summaries(self, wanted: Wanted = EVERY) -> list[dict[str, object]]:
        """Summaries, the newest first, those included that wait to be written."""
        with self._lock:
            waiting = [each.summary for each in reversed(self._waiting)]
        found = [each for each in waiting if _fits(each, wanted)]
        seen = {each["id"] for each in waiting}
        where, values = _conditions(wanted)
        query = f"SELECT {_SUMMARY} FROM exchanges WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - fixed texts
        names = _SUMMARY.split(", ")
        found += [
            dict(zip(names, row, strict=True))
            for row in self._rows(query, (*values, wanted.limit))
            if row[0] not in seen
        ]
        return found[: wanted.limit]

    def get(self, number: int) -> Exchange | None:
        """An exchange by its id."""
        with self._lock:
            for each in self._waiting:
                if each.id == number:
                    return each
        rows = self._rows("SELECT * FROM exchanges WHERE id = ?", (number,))
        return exchange_of(rows[0]) if rows else None

    def snapshot(self, key: str) -> Snapshot | None:
        """The texts of a definition by their key."""
        found = self._known.get(key)
        if found is None:
            rows = self._rows("SELECT document FROM definitions WHERE key = ?", (key,))
            found = Snapshot(**json.loads(rows[0][0])) if rows else None
        return found

    def count(self) -> int:
        """How many exchanges there are."""
        return self._count + len(self._waiting)

    def _rows(self, query: str, values: Sequence[object]) -> list[Any]:
        assert self._reader is not None, "the journal is open"
        with self._read_lock:
            try:
                return self._reader.execute(query, values).fetchall()
            except sqlite3.Error:
                return []


def _conditions(wanted: Wanted) -> tuple[str, list[object]]:
    parts: list[str] = ["1"]
    values: list[object] = []
    if wanted.before is not None:
        parts.append("id < ?")
        values.append(wanted.before)
    for column, text in (("path", wanted.path), ("template", wanted.template)):
        if text:
            parts.append(f"instr(lower({column}), ?)")
            values.append(text.lower())
    if wanted.status:
        parts.append("CAST(status AS TEXT) LIKE ?")
        values.append(wanted.status.lower().replace("x", "_") + ("%" if len(wanted.status) < 3 else ""))
    if wanted.refused:
        parts.append("(refusal <> '' OR note <> '')")
    return " AND ".join(parts), values


def _fits(summary: dict[str, Any], wanted: Wanted) -> bool:
    status = wanted.status.lower()
    return (
        (wanted.before is None or summary["id"] < wanted.before)
        and wanted.path.lower() in summary["path"].lower()
        and wanted.template.lower() in summary["template"].lower()
        and all(one in {"x", other} for one, other in zip(status, str(summary["status"]), strict=False))
        and (not wanted.refused or bool(summary["refusal"] or summary["note"]))
    )


def _locked(path: Path) -> Any:
    """The file that says that a process writes here, locked until it is closed. Raises OSError when another has it."""
    try:
        import fcntl
    except ImportError:
        return None
    file = path.open("w", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise BlockingIOError(11, "another vtlsim serve writes it") from None
    return file


def default_file(definitions: Sequence[str]) -> Path:
    """Where the journal of some definitions is kept: the user's folder for state, a file for each set of them."""
    import hashlib
    import os

    folder = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    names = "\n".join(sorted(str(Path(each).resolve()) for each in definitions))
    digest = hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    stem = Path(definitions[0]).stem if definitions else "control"
    safe = "".join(each if each.isalnum() or each in "-_" else "-" for each in stem)[:40]
    return Path(folder) / "vtlsim" / f"{safe}-{digest}.sqlite3"
