"""pdb, and coverage.py, on template lines."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from vtlsim.surfaces.debugger import TemplatePdb, debug
from vtlsim.velocity.template import Template

TEXT = "#set($list = [1, 2])\n#foreach($i in $list)\n  $i\n#end\n#if($x == 1)\none\n#else\nother\n#end\n"


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.vtl").write_text(TEXT)

    def run(*commands):
        out = io.StringIO()
        debugger = TemplatePdb(stdin=io.StringIO("".join(f"{each}\n" for each in commands)), stdout=out)
        text = debug(Template(TEXT, "t.vtl"), {"x": 1}, debugger=debugger)
        return text, out.getvalue()

    return run


def test_it_stops_on_a_line_and_reads_references(session):
    text, said = session(
        "break t.vtl:3", "continue", "p $i", "$list.size()", "continue", "p $i", "p 1 + 1", "clear 1", "continue"
    )
    assert said.count("t.vtl(3)") == 2
    assert "1 (java.lang.Integer)" in said
    assert "2 (java.lang.Integer)" in said
    assert text == "  1\n  2\none\n"


def test_a_line_without_code_names_the_next(session):
    _, said = session("break t.vtl:7", "break t.vtl:99", "continue")
    assert "nothing happens on line 7; the next is 8" in said
    assert "nothing happens on line 99" in said


def test_a_reference_that_does_not_parse_is_told(session):
    _, said = session("break t.vtl:3", "continue", "p $i.(", "clear 1", "continue")
    assert "***" in said


PROGRAM = """
import json, pathlib, vtlsim
for k in range(30):
    vtlsim.render(pathlib.Path("t.vtl"), variables={"x": 1})
"""


def test_coverage_py_reports_templates_beside_python(tmp_path):
    (tmp_path / "t.vtl").write_text(TEXT)
    (tmp_path / "broken.vtl").write_text("#if(")
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / ".coveragerc").write_text(
        "[run]\nplugins = vtlsim.surfaces.coverage_plugin\nbranch = true\nsource = .\n[report]\nignore_errors = true\n"
    )
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "run", "program.py"], cwd=tmp_path, check=True, timeout=60)
    done = subprocess.run(
        [*coverage, "report", "-m"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    lines = {line.split()[0]: line.split() for line in done.stdout.splitlines() if line}
    assert lines["program.py"][1:3] == ["3", "0"]
    assert lines["t.vtl"][2] == "1", "the line of #else did not run"
    assert lines["t.vtl"][-1] == "8"
