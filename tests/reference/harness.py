"""Cases to a JVM and results back.

What may live here: finding Java and the jars, compiling Reference.java once, and talking to the process.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable

_JARS: Final = Path("/usr/share/java")
_CLASS_PATH: Final = (
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
_PROGRAM: Final = Path(__file__).with_name("Reference.java")


class Case(TypedDict, total=False):
    """One template with what it sees; Reference.java says what each part means."""

    profile: str
    template: str
    mode: str
    vars: dict[str, Any]
    body: str
    params: dict[str, dict[str, Any]]
    context: dict[str, Any]
    stageVariables: dict[str, Any]


class Result(NamedTuple):
    """What became of a case: ``out`` or ``tree``, or ``error`` with the place where it has one (from 1, else 0)."""

    out: str | None
    tree: list[Any] | None
    error: str | None
    exception: str | None
    line: int
    column: int


def available() -> str | None:
    """None when the live reference can run here; else why not."""
    for program in ("java", "javac"):
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian: default-jdk-headless)"
    missing = [name for name in _CLASS_PATH if not (_JARS / f"{name}.jar").exists()]
    if missing:
        return f"{_JARS} lacks {', '.join(missing)} (Debian: velocity, libjsonpath-java)"
    return None


def _compiled() -> Path:
    """The directory with the compiled program: made once for each version of it."""
    source = _PROGRAM.read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vtlsim-reference"
    target = cache / hashlib.sha256(source).hexdigest()[:16]
    if not (target / "Reference.class").exists():
        cache.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=cache))
        command = ["javac", "-nowarn", "-cp", _class_path(), "-d", str(made), str(_PROGRAM)]
        subprocess.run(command, check=True, capture_output=True, text=True)
        try:
            made.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(made, ignore_errors=True)
    return target


def _class_path() -> str:
    return os.pathsep.join(str(_JARS / f"{name}.jar") for name in _CLASS_PATH)


class Reference:
    """A running JVM that renders cases in the order given. Use it as a context manager, or ``start`` and ``stop`` it.

    It answers about 2,000 cases a second; it is tuned for a quick start, so never time it.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the JVM, unless it runs."""
        if self._process is None:
            class_path = f"{_compiled()}{os.pathsep}{_class_path()}"
            options = ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
            self._process = subprocess.Popen(
                ["java", *options, "-cp", class_path, "Reference"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="ascii",
            )

    def stop(self) -> None:
        """End the JVM, if it runs."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.stdout.close()
            process.wait()

    def render_all(self, cases: Iterable[Case]) -> list[Result]:
        """The results of cases, in their order."""
        self.start()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        lines = [json.dumps({"id": number, "profile": "apache", **case}) + "\n" for number, case in enumerate(cases)]
        writer = threading.Thread(target=_write, args=(process, lines))
        writer.start()
        results: list[Result] = []
        for number in range(len(lines)):
            answer = process.stdout.readline()
            if not answer:
                message = f"the reference ended at case {number}: {lines[number]}"
                raise RuntimeError(message)
            found = json.loads(answer)
            assert found["id"] == number
            results.append(
                Result(
                    found.get("out"),
                    found.get("tree"),
                    found.get("error"),
                    found.get("exception"),
                    found.get("line", 0),
                    found.get("column", 0),
                )
            )
        writer.join()
        return results

    def render(self, case: Case) -> Result:
        """The result of one case."""
        return self.render_all([case])[0]


def _write(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stdin is not None
    for line in lines:
        process.stdin.write(line)
    process.stdin.flush()
