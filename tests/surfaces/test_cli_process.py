"""The command as a process of its own: pipes, signals, and what a start imports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("vtlsim")
ABSENT = (
    "airspeed",
    "jsonpath_ng",
    "regex",
    "yaml",
    "jsonschema",
    "rich",
    "fastapi",
    "dataclasses",
    "decimal",
    "vtlsim.config",
    "vtlsim.explain",
)
"""What a plain `vtlsim render` must not import: start-up is a feature."""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "t.vtl"
    path.write_text("#foreach($i in $input.path('$.a'))$i#end\n")
    return path


def test_a_plain_render_imports_nothing_heavy(template):
    program = (
        "import sys\n"
        "from vtlsim.surfaces.cli import run\n"
        f"code = run(['render', {str(template)!r}, '-b', '{{\"a\": [1, 2]}}', '-H', 'A: 1'])\n"
        "print()\nprint(code, *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    output, report = done.stdout.splitlines()
    code, *modules = report.split()
    assert (output, code) == ("12", "0")
    assert not [name for name in modules if any(name == each or name.startswith(f"{each}.") for each in ABSENT)]


def test_importing_the_package_costs_nothing():
    program = "import sys; before = set(sys.modules); import vtlsim; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if name.startswith("vtlsim")] == ["vtlsim"]


def test_stdin_and_stdout_are_pipes(template):
    done = subprocess.run(
        [COMMAND, "render", template, "-b", "-"], input=b'{"a": ["\xc3\xa9", 2]}', capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "é2".encode(), b"")


def test_the_template_may_come_from_stdin():
    done = subprocess.run([COMMAND, "render", "-"], input=b"a\n#if(", capture_output=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(b"stdin:2:")


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    path = tmp_path / "big.vtl"
    path.write_text("x" * 200_000)
    with subprocess.Popen([COMMAND, "render", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_in_one_line(template):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [COMMAND, "render", template], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 4
    assert done.stderr == "error: stdout: No space left on device\n"


def test_an_interrupt_is_130_without_a_traceback(tmp_path):
    path = tmp_path / "long.vtl"
    inner = "#foreach($j in [1..1000])$j#end"
    path.write_text(f"#foreach($a in [1..1000])#foreach($i in [1..1000]){inner}#end#end")
    marker = tmp_path / "started"
    program = (
        "import pathlib, sys\n"
        "import vtlsim.surfaces.rendering, vtlsim.velocity.template\n"
        "from vtlsim.surfaces.cli import main\n"
        f"pathlib.Path({str(marker)!r}).touch()\n"
        f"sys.argv = ['vtlsim', 'render', {str(path)!r}]\n"
        "main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        deadline = time.monotonic() + 30
        while not marker.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(30) == 130
    assert b"Traceback" not in said


def test_no_colour_where_there_is_no_terminal(tmp_path):
    path = tmp_path / "t.vtl"
    path.write_text("#if(")
    done = subprocess.run([COMMAND, "render", path], capture_output=True, check=False)
    assert b"\x1b" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_colour", [False, True])
def test_colour_on_a_terminal_unless_told_otherwise(tmp_path, no_colour):
    path = tmp_path / "t.vtl"
    path.write_text("#if(")
    own, its = os.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    if no_colour:
        environment["NO_COLOR"] = "1"
    subprocess.run([COMMAND, "render", path], stderr=its, check=False, env=environment)
    os.close(its)
    said = os.read(own, 10_000)
    os.close(own)
    assert (b"\x1b[31;1merror:\x1b[0m" in said) is not no_colour


def test_json_on_a_pipe_is_whole(tmp_path):
    path = tmp_path / "t.vtl"
    path.write_text("$input.body")
    body = "y" * 300_000
    done = subprocess.run(
        [COMMAND, "render", path, "-b", "-", "--format", "json"], input=body, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["evaluationResult"] == body
