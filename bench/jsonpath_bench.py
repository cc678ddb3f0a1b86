"""Our JsonPath against jsonpath-ng's ext parser: parsing and reading, alternating in one process.

Usage: python bench/jsonpath_bench.py [rounds]
Prints microseconds and ratios (theirs / ours: 5.0 means that ours takes a fifth of the time); the ratio is the median of
the rounds' ratios. Goal: at least 5 for every line. Paths that jsonpath-ng reads differently (its filters compare other
things, it has no functions of Jayway's) are left out.
"""

from __future__ import annotations

import sys
from functools import partial
from statistics import median
from time import perf_counter

from jsonpath_ng.ext.parser import parse as ng_parse

from vtlsim.jsonpath import compile as cached
from vtlsim.jsonpath.paths import JsonPath
from vtlsim.values.collections import JSONArray

PATHS = [
    "$",
    "$.order.id",
    "$.order.lines[0].sku",
    "$['order']['customer']['name']",
    "$.order.lines[*].sku",
    "$.order.lines[1:20].qty",
    "$..sku",
    "$..lines[0]",
    "$.order.lines[?(@.qty > 5)].sku",
    "$.order.lines[?(@.sku == 's7')]",
    "$.order.lines[?(@.qty > 5 && @.price < 9.5)].sku",
    "$.order.lines[?(@.tags)].sku",
]


def document() -> dict[str, object]:
    lines = JSONArray(
        [
            {"sku": f"s{i}", "qty": i % 11, "price": i * 0.25, "tags": JSONArray(["a", "b"]), "note": None}
            for i in range(100)
        ]
    )
    return {"order": {"id": "A-17", "customer": {"name": "Ana", "address": {"city": "Porto"}}, "lines": lines}}


def seconds(call, target=0.02):
    """Seconds per call, over as many calls as take about `target`."""
    start = perf_counter()
    call()
    once = max(perf_counter() - start, 1e-7)
    count = max(1, int(target / once))
    start = perf_counter()
    for _ in range(count):
        call()
    return (perf_counter() - start) / count


def alternate(ours, theirs, rounds):
    mine, other, ratios = [], [], []
    for _ in range(rounds):
        mine.append(seconds(ours))
        other.append(seconds(theirs))
        ratios.append(other[-1] / mine[-1])
    return median(mine) * 1e6, median(other) * 1e6, median(ratios)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    data = document()
    worst = {"parse": float("inf"), "read": float("inf")}
    print(f"{'':52}{'ours us':>10}{'ng us':>12}{'ratio':>8}")
    for path in PATHS:
        theirs = ng_parse(path)
        ours = JsonPath(path, "2.9")
        found = [match.value for match in theirs.find(data)]
        assert found == ([ours.read(data)] if ours.definite else ours.read(data)), path
        for what, one, two in (
            ("parse", partial(JsonPath, path, "2.9"), partial(ng_parse, path)),
            ("read", partial(ours.read, data), partial(theirs.find, data)),
        ):
            mine, other, ratio = alternate(one, two, rounds)
            worst[what] = min(worst[what], ratio)
            print(f"{what:6}{path:46}{mine:10.2f}{other:12.2f}{ratio:8.1f}")
    path = "$.order.lines[0].sku"
    print(f"{'cached look-up':52}{seconds(partial(cached, path)) * 1e6:10.2f}")
    print(f"{'cached look-up and read':52}{seconds(lambda: cached(path).read(data)) * 1e6:10.2f}")
    print(f"lowest ratio: parse {worst['parse']:.1f}, read {worst['read']:.1f}")


if __name__ == "__main__":
    main()
