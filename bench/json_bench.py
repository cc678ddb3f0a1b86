"""JSON text: reading and writing must grow with the size of the text and no faster, the permissive reader's way too.

In one run: the same records in documents of 0.1, 1 and 10 MB; time for each megabyte, and the ratio of the largest to the
smallest. `json.loads` and `json.dumps` stand beside them.
"""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING

from vtlsim.values.json_reader import read
from vtlsim.values.json_writer import write

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD = {"id": 17, "name": "a name with some text in it", "price": 9.5, "tags": ["one", "two"], "more": {"deep": None}}
SIZES = (100_000, 1_000_000, 10_000_000)


def document(size: int) -> str:
    each = json.dumps(RECORD, separators=(",", ":"))
    return "[" + ",".join([each] * (size // (len(each) + 1))) + "]"


def best(work: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> int:
    print("milliseconds for each MB    " + "".join(f"{size / 1e6:>8g} MB" for size in SIZES) + "   largest / smallest")
    rows: dict[str, list[float]] = {}
    for size in SIZES:
        text = document(size)
        loose = text.replace('"id":', "id:")
        value, plain = read(text), json.loads(text)
        rounds = 3 if size == SIZES[-1] else 7
        works: dict[str, Callable[[], object]] = {
            "read, strict": partial(read, text),
            "read, permissive": partial(read, loose),
            "write": partial(write, value),
            "json.loads": partial(json.loads, text),
            "json.dumps": partial(json.dumps, plain),
        }
        for name, work in works.items():
            rows.setdefault(name, []).append(best(work, rounds) / len(text) * 1e9)
    for name, each in rows.items():
        print(f"{name:<28}" + "".join(f"{value:>11.1f}" for value in each) + f"{each[-1] / each[0]:>12.2f} x")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
