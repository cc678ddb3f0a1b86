"""Start-up: a plain `vtlsim render` against the same interpreter doing nothing.

The two take turns, so that a busy machine slows both, and each is told by its median. Bytecode is compiled before, as
every installer does it. The goal is a ratio of at most 7.
"""

from __future__ import annotations

import compileall
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import vtlsim

ROUNDS = 21
GOAL = 7.0

TEMPLATE = """\
#set($order = $input.path('$'))
{"Items": [#foreach($item in $order.items){"Sku": "$item.sku", "Quantity": $item.qty}#if($foreach.hasNext), #end#end]}
"""
BODY = '{"items": [{"sku": "a", "qty": 2}, {"sku": "b", "qty": 1}]}'


def seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> int:
    package = Path(vtlsim.__file__).parent
    compileall.compile_dir(package, quiet=1)
    command = Path(sys.executable).with_name("vtlsim")
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "orders.vtl"
        template.write_text(TEMPLATE, encoding="utf-8")
        contestants = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "python -c 'import click'": [sys.executable, "-c", "import click"],
            "vtlsim render": [str(command), "render", str(template), "-b", BODY],
        }
        for run in contestants.values():
            seconds(run)
        taken: dict[str, list[float]] = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, run in contestants.items():
                taken[name].append(seconds(run))
    bare = median(taken["python -c pass"])
    for name, times in taken.items():
        print(f"{name:<26} {median(times) * 1000:7.1f} ms {median(times) / bare:6.2f} x")
    ratio = median(taken["vtlsim render"]) / bare
    print(f"goal: at most {GOAL:.0f} starts of the bare interpreter; measured {ratio:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
