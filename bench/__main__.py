"""Runs every bench of this folder, one after the other, each in a process of its own: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NO_BENCHES = {"__main__", "jobs"}


def main() -> int:
    worst = 0
    for name in sorted({path.stem for path in HERE.glob("*.py")} - NO_BENCHES):
        print(f"== {name} ==", flush=True)
        worst = max(worst, subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False).returncode)
        print(flush=True)
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
