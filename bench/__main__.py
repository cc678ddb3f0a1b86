"""Runs every bench of this folder, one after the other, each in a process of its own: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    worst = 0
    for script in sorted(HERE.glob("*_bench.py")):
        print(f"== {script.stem} ==", flush=True)
        worst = max(worst, subprocess.run([sys.executable, str(script)], check=False).returncode)
        print(flush=True)
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
