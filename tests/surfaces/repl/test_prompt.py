"""The REPL as a process: a pipe, a terminal, history, Ctrl-C."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("vtlsim")


@pytest.fixture
def environment(tmp_path):
    return {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "xterm", "NO_COLOR": "1"}


def test_a_pipe_is_read_without_prompts(tmp_path, environment):
    done = subprocess.run(
        [COMMAND, "repl", "-b", '{"a": "é"}'],
        input="#set($x = $input.path('$.a'))\n[$x]\n:type $x\n",
        capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "$x = é (java.lang.String)\n[é]\né (java.lang.String)\n"
    assert not (tmp_path / "state").exists()


def test_errors_in_a_pipe_go_to_stderr_and_set_the_exit_code(tmp_path, environment):
    done = subprocess.run(
        [COMMAND, "repl"], input="#end\nafter\n", capture_output=True, text=True, check=False, cwd=tmp_path,
        env=environment, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "after\n")
    assert "without a directive" in done.stderr


def test_a_case_that_is_not_there(tmp_path, environment):
    done = subprocess.run(
        [COMMAND, "repl", "-e", "no.vtltest.yaml::x"], capture_output=True, text=True, check=False, cwd=tmp_path,
        env=environment, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (4, "error: no.vtltest.yaml: no such case file\n")


class Terminal:
    """A pseudo-terminal with the REPL in it."""

    def __init__(self, folder, environment, *arguments):
        own, its = os.openpty()
        self.own = own
        self.process = subprocess.Popen(
            [COMMAND, "repl", *arguments], stdin=its, stdout=its, stderr=its, cwd=folder, env=environment,
            start_new_session=True,
        )  # fmt: skip
        os.close(its)
        self.said = ""

    def type(self, text):
        os.write(self.own, text.encode())

    def until(self, wanted, seconds=30):
        """Reads on until something new fits."""
        seen = ""
        deadline = time.monotonic() + seconds
        while not re.search(wanted, seen):
            assert time.monotonic() < deadline, f"no {wanted!r} in {seen!r}"
            if select.select([self.own], [], [], 0.2)[0]:
                data = os.read(self.own, 65_536).decode("utf-8", "replace")
                if "\x1b[6n" in data:
                    self.type("\x1b[1;1R")  # prompt_toolkit asks where the cursor is
                seen += data
        return seen

    def close(self):
        self.process.kill()
        self.process.wait(10)
        os.close(self.own)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_a_terminal_has_history_and_ctrl_c_interrupts_a_loop(tmp_path, environment):
    terminal = Terminal(tmp_path, environment)
    try:
        terminal.until("vtl>")
        loop = "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])$c#end#end#end"
        terminal.type(f"{loop}\r")
        time.sleep(1.0)
        os.killpg(terminal.process.pid, 2)
        terminal.until(r"interrupted[\s\S]*vtl>")
        terminal.type("#set($x = 42)\r")
        terminal.until(r"\$x = 42 [\s\S]*vtl>")
        terminal.type("\x04")
        assert terminal.process.wait(20) == 0
    finally:
        terminal.close()
    assert "+#set($x = 42)" in (tmp_path / "state" / "vtlsim" / "history").read_text()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_without_prompt_toolkit_it_still_runs(tmp_path, environment):
    (tmp_path / "prompt_toolkit.py").write_text("raise ImportError\n")
    terminal = Terminal(tmp_path, {**environment, "PYTHONPATH": str(tmp_path)})
    try:
        terminal.until("vtl>")
        terminal.type("$context.stage!\n")
        terminal.until("test!")
        terminal.type(":quit\n")
        assert terminal.process.wait(20) == 0
    finally:
        terminal.close()
