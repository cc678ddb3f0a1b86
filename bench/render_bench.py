"""Rendering: ours against stock airspeed, against the same work written by hand in Python, and against Velocity 1.7.

What is timed is rendering alone: every template and every payload is parsed once, beforehand, for every contestant.
Velocity runs in a JVM of its own with its default compilers, warm (see `java/VelocityBench.java`); it takes part where
Java and Debian's packages velocity and libjsonpath-java are. All take turns, round by round, so that a busy machine
slows each alike, and each is told by the median of its rounds. Outputs are compared before anything is timed.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from jobs import Job, as_document, jobs

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
SECONDS = 0.15
WARM_UP = 3.0
HERE = Path(__file__).resolve().parent
JARS = Path("/usr/share/java")
NEEDED = (
    "velocity",
    "commons-collections3",
    "commons-lang",
    "json-path",
    "json-smart",
    "accessors-smart",
    "asm",
    "slf4j-api",
    "slf4j-nop",
)


class Velocity:
    """Velocity 1.7 in a JVM."""

    def __init__(self, work: list[Job], folder: Path) -> None:
        for job in work:
            shutil.copy(HERE / "work" / f"{job.name}.vtl", folder)
            (folder / f"{job.name}.json").write_text(json.dumps(as_document(job)), encoding="utf-8")
        path = ":".join(str(JARS / f"{name}.jar") for name in NEEDED)
        sources = [str(source) for source in (HERE / "java").glob("*.java")]
        subprocess.run(["javac", "-nowarn", "-cp", path, "-d", str(folder), *sources], check=True)
        self.process = subprocess.Popen(
            ["java", "-cp", f"{folder}:{path}", "VelocityBench", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    @staticmethod
    def present() -> bool:
        return shutil.which("javac") is not None and all((JARS / f"{name}.jar").exists() for name in NEEDED)

    def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def output(self, job: Job) -> str:
        return str(json.loads(self.ask(f"{job.name} ?")))

    def seconds(self, job: Job, duration: float) -> float:
        return float(self.ask(f"{job.name} {duration}")) / 1e9

    def close(self) -> None:
        self.process.communicate(timeout=10)


def seconds(run: Callable[[], str], duration: float) -> float:
    """The average of as many runs as fit into a duration."""
    runs, begun = 0, time.perf_counter()
    until = begun + duration
    while True:
        run()
        runs += 1
        now = time.perf_counter()
        if now >= until:
            return (now - begun) / runs


def variables(job: Job) -> dict[str, Any]:
    """What a template sees, as a rendering of ours makes it."""
    from vtlsim.gateway.variables.input import Input
    from vtlsim.gateway.variables.util import Util
    from vtlsim.jsonpath import compile as compile_path
    from vtlsim.values.collections import QuietMap

    context: dict[str, Any] = dict(job.request.context)
    context["identity"] = QuietMap(context["identity"])
    parameters: dict[str, dict[str, object]] = {place: dict(each) for place, each in job.request.params.items()}
    return {
        "input": Input(job.request.body, parameters, compile_path),
        "util": Util(),
        "context": QuietMap(context),
        "stageVariables": dict(job.request.stage_variables),
    }


def contestants(job: Job) -> dict[str, Callable[[], str] | str]:
    """Name -> what renders the job, or why it cannot."""
    from vtlsim.velocity import Template
    from vtlsim.velocity.airspeed_engine import AirspeedTemplate

    document = None if job.name == "form" else json.loads(job.request.body)
    template, given = Template(job.template, f"{job.name}.vtl"), variables(job)
    found: dict[str, Callable[[], str] | str] = {
        "vtlsim": lambda: template.render(given),
        "by hand": lambda: job.by_hand(document, job.request),
    }
    stock, lent = AirspeedTemplate(job.template, f"{job.name}.vtl"), variables(job)
    try:
        stock.render(lent)
        found["airspeed"] = lambda: stock.render(lent)
    except Exception as error:  # noqa: BLE001 - whatever stops airspeed is told
        found["airspeed"] = f"{type(error).__name__}: {error}"
    return found


def main() -> int:
    work = jobs()
    names = ["vtlsim", "by hand", "airspeed"]
    with tempfile.TemporaryDirectory() as folder:
        velocity = Velocity(work, Path(folder)) if Velocity.present() else None
        if velocity is None:
            print("Velocity 1.7 does not take part: no JDK, or not Debian's velocity and libjsonpath-java")
        else:
            names.append("Velocity")
        ratios: dict[str, list[float]] = {name: [] for name in names[1:]}
        print(f"{'microseconds':<14}" + "".join(f"{name:>12}" for name in names) + "   vtlsim takes, as a part of each")
        for job in work:
            _job(job, names, velocity, ratios)
        if velocity is not None:
            velocity.close()
    means = {name: math.exp(sum(map(math.log, found)) / len(found)) for name, found in ratios.items() if found}
    for name, mean in means.items():
        print(f"geometric mean over {len(ratios[name])} templates: vtlsim takes {mean:.3f} of the time of {name}")
    return 0


def _job(job: Job, names: list[str], velocity: Velocity | None, ratios: dict[str, list[float]]) -> None:
    runs = contestants(job)
    expected = runs["by hand"]()  # type: ignore[operator] # it always can
    outputs = {name: run() for name, run in runs.items() if callable(run)}
    if velocity is not None:
        outputs["Velocity"] = velocity.output(job)
        velocity.seconds(job, WARM_UP)
    taken: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            run = runs.get(name)
            if name == "Velocity" and velocity is not None:
                taken[name].append(velocity.seconds(job, SECONDS))
            elif callable(run):
                taken[name].append(seconds(run, SECONDS))
    middle = {name: median(times) for name, times in taken.items() if times}
    cells = "".join(f"{middle[name] * 1e6:12.1f}" if name in middle else f"{'-':>12}" for name in names)
    shares = []
    for name in names[1:]:
        if name in middle:
            ratio = middle["vtlsim"] / middle[name]
            ratios[name].append(ratio)
            shares.append(f"{name} {ratio:.2f}")
    print(f"{job.name:<14}{cells}   {', '.join(shares)}", flush=True)
    for name, output in outputs.items():
        if output != expected:
            what = "other white space" if output.split() == expected.split() else "another output"
            print(f"{'':<14}{name} prints {what} than the function written by hand")
    for name, run in runs.items():
        if isinstance(run, str):
            print(f"{'':<14}{name} cannot render it: {run.splitlines()[0][:90]}")


if __name__ == "__main__":
    sys.exit(main())
