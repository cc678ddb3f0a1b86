"""Compiling: a template of 100 lines against what airspeed takes to parse and render it once; and growth with the input.

In one run, taking turns: parse and compile of ours without the cache, airspeed's parse and first rendering. Then, with
the bound on loops lifted, rendering 1,000 to 100,000 records: time and memory for each record must stay level.
"""

from __future__ import annotations

import time
import tracemalloc
from functools import partial
from statistics import median

from vtlsim.values.collections import JSONArray
from vtlsim.velocity import API_GATEWAY, Template, template
from vtlsim.velocity.airspeed_engine import AirspeedTemplate

LINES = """#set($order = $body.order)
{
  "id": "$order.id",
#foreach($item in $order.items)
  "$item.sku": $item.qty,
#if($item.qty > 1)
  "many": true,
#else
  "one": true,
#end
#end
  "end": "$order.end"
}
"""
HUNDRED = LINES * 8
RECORD = """#foreach($item in $items)
{"sku": "$item.sku", "qty": $item.qty, "tags": [#foreach($tag in $item.tags)"$tag"#if($foreach.hasNext), #end#end]}
#end"""
ROUNDS = 9


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compiling() -> None:
    def ours() -> None:
        template._cache.clear()  # noqa: SLF001 - what the cache saves is what is measured here
        assert Template(HUNDRED, "hundred.vtl").code

    def parsing() -> None:
        template._cache.clear()  # noqa: SLF001 - as above
        Template(HUNDRED, "hundred.vtl")

    items = [{"sku": f"sku-{number}", "qty": number} for number in range(5)]
    given = {"body": {"order": {"id": 1, "items": items, "end": "z"}}}

    def airspeed() -> None:
        AirspeedTemplate(HUNDRED, "hundred.vtl").render(given)

    ours()
    airspeed()
    rounds = [(seconds(parsing), seconds(ours), seconds(airspeed)) for _ in range(ROUNDS)]
    parse, whole, stock = (median(column) * 1_000 for column in zip(*rounds, strict=True))
    lines = HUNDRED.count("\n")
    print(f"compile, {lines} lines   parse {parse:.2f} ms, parse + compile {whole:.2f} ms")
    print(
        f"                     airspeed, parse + render once (5 items in each of 8 loops) {stock:.2f} ms: vtlsim takes {whole / stock:.2f} of it"
    )


def growing() -> None:
    lifted = Template(RECORD, "record.vtl", API_GATEWAY._replace(foreach_iterations=10**9))
    print("records     time for each     peak memory for each character of output")
    each: list[float] = []
    for count in (1_000, 10_000, 100_000):
        items = JSONArray(
            {"sku": f"sku-{number}", "qty": number, "tags": JSONArray(["a", "b"])} for number in range(count)
        )
        given = {"items": items}
        took = min(seconds(partial(lifted.render, given)) for _ in range(3))
        tracemalloc.start()
        output = lifted.render(given)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        each.append(took / count)
        print(f"{count:>7,}     {took / count * 1e6:8.2f} us     {peak / len(output):12.2f} bytes")
    print(f"100,000 records take {each[-1] / each[0]:.2f} times as long for each as 1,000")


if __name__ == "__main__":
    compiling()
    growing()
