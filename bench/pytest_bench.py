"""The pytest plugin: what it adds to an empty run, and 1,000 YAML cases against 1,000 bare pytest functions.

What is measured is processor time (user and system), which other work on the machine disturbs least; the contestants
take turns, and each is told by its median, the plugin by that of the differences within each turn. Goals: at most 15 ms more for an empty run with the plugin than without it;
the cases in at most three times the time of the functions.
"""

from __future__ import annotations

import compileall
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import vtlsim

EMPTY_ROUNDS = 15
CASE_ROUNDS = 5
CASES = 1_000
OWN = ["-p", "vtlsim.surfaces.pytest_plugin"]
ALONE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Other people's plugins take more than a second to load, and hide what ours does."""

PLUGIN_GOAL = 15.0
CASES_GOAL = 3.0

TEMPLATE = """\
#set($order = $input.path('$'))
{"Items": [#foreach($item in $order.items){"Sku": "$item.sku", "Quantity": $item.qty}#if($foreach.hasNext), #end#end]}
"""
CASE = """\
  - name: order {at}
    body: {{items: [{{sku: s{at}, qty: {at}}}, {{sku: b, qty: 1}}]}}
    headers: {{X-Tenant: t{at}}}
    expect: {{json: {{Items: [{{Sku: s{at}, Quantity: {at}}}, {{Sku: b, Quantity: 1}}]}}}}
"""


def seconds(arguments: list[str], folder: Path) -> float:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=ALONE, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode != 0:
        raise SystemExit((done.stdout + done.stderr)[-2_000:])
    return taken


def main() -> int:
    compileall.compile_dir(Path(vtlsim.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        empty, functions, cases = (folder / each for each in ("empty", "functions", "cases"))
        for each in (empty, functions, cases):
            each.mkdir()
        (empty / "test_one.py").write_text("def test_it():\n    pass\n")
        (functions / "test_all.py").write_text("\n".join(f"def test_{at}():\n    pass\n" for at in range(CASES)))
        (cases / "orders.vtl").write_text(TEMPLATE)
        written = "".join(CASE.format(at=at) for at in range(CASES))
        (cases / "orders.vtltest.yaml").write_text(f"defaults: {{template: orders.vtl}}\ntests:\n{written}")

        contestants = {
            "empty run, without the plugin": ([], empty, EMPTY_ROUNDS),
            "empty run, with the plugin": (OWN, empty, EMPTY_ROUNDS),
            f"{CASES:,} bare pytest functions": (OWN, functions, CASE_ROUNDS),
            f"{CASES:,} YAML cases": (OWN, cases, CASE_ROUNDS),
        }
        taken: dict[str, list[float]] = {name: [] for name in contestants}
        for arguments, where, _ in contestants.values():
            seconds(arguments, where)
        for at in range(EMPTY_ROUNDS):
            for name, (arguments, where, rounds) in contestants.items():
                if at < rounds:
                    taken[name].append(seconds(arguments, where))
    for name, times in taken.items():
        print(f"{name:<32} {median(times) * 1000:8.1f} ms  (of {len(times)})")
    _, _, functions_time, cases_time = (median(times) for times in taken.values())
    paired = [after - before for before, after in zip(*list(taken.values())[:2], strict=True)]
    added = median(paired) * 1000
    ratio = cases_time / functions_time
    print(f"goal: the plugin adds at most {PLUGIN_GOAL:.0f} ms; measured {added:.1f} ms")
    print(f"goal: the cases take at most {CASES_GOAL:.0f} times the functions; measured {ratio:.2f}")
    return 0 if added <= PLUGIN_GOAL and ratio <= CASES_GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())
