"""`vtlsim test`: the cases without pytest."""

from __future__ import annotations

import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from vtlsim.surfaces.case_session import SelectionError, selector
from vtlsim.surfaces.cli import run

COMMAND = Path(sys.executable).with_name("vtlsim")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.vtl").write_text("#if($input.path('$.a') == 1)one#{else}other#end")
    (tmp_path / "t.vtltest.yaml").write_text(
        "defaults: {template: t.vtl}\ntests:\n"
        "  - {name: first, body: {a: 1}, expect: {text: one}}\n"
        "  - {name: second, body: {a: 2}, expect: {text: two}}\n"
        "  - {name: later, marks: [{skip: {reason: not yet}}]}\n"
        "  - {name: gap, marks: [{xfail: {reason: known}}], expect: {text: x}}\n"
        "  - {name: mended, marks: [{xfail: {reason: known}}]}\n"
    )
    return tmp_path


def test_a_run(folder, capsys):
    assert run(["test"]) == 1
    said = capsys.readouterr().out
    assert "t.vtltest.yaml .FsxX" in said
    assert "FAIL t.vtltest.yaml::second" in said
    assert "t.vtl:1:39: this wrote o" in said
    assert "rerun: vtlsim render t.vtl -e t.vtltest.yaml::second --format trace" in said
    assert "1 passed, 1 failed, 1 skipped, 1 xfailed, 1 xpassed" in said


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        (["t.vtltest.yaml::first"], 0, "1 passed"),
        (["-k", "first or gap", "-v"], 0, "xfailed t.vtltest.yaml::gap (known)"),
        (["-k", "not second"], 0, "1 left out"),
        (["-k", "nothing"], 0, "5 left out"),
        (["t.vtltest.yaml::first", "--trace"], 0, "#if($input.path('$.a') == 1) true"),
        (["t.vtltest.yaml::first", "--coverage"], 0, "#else of #if($input.path('$.a') == 1) never taken"),
        (["t.vtltest.yaml::first", "--fail-under", "99"], 1, "is less than 99 %"),
        (["t.vtltest.yaml::first", "--coverage-html", "cov"], 0, "pages: cov/index.html"),
    ],
)
def test_options(folder, capsys, arguments, code, said):
    assert run(["test", *arguments]) == code
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        (["-k", "a ("], 2, "expected and, or, or the end; found ("),
        (["nope"], 2, "nope: no such file or folder"),
        (["t.vtltest.yaml::nope"], 2, "t.vtltest.yaml has no case 'nope'"),
        (["empty"], 4, "no cases"),
    ],
)
def test_what_is_wrong_with_the_call(folder, capsys, arguments, code, said):
    (folder / "empty").mkdir()
    assert run(["test", *arguments]) == code
    assert said in capsys.readouterr().err


def test_a_broken_case_file_does_not_hide_the_others(folder, capsys):
    (folder / "bad.vtltest.yaml").write_text("tests:\n  - {nme: x}\n")
    assert run(["test", "-k", "first"]) == 4
    said = capsys.readouterr().out
    assert "bad.vtltest.yaml:2:6: error: unknown member of a case 'nme'" in said
    assert "1 passed, 1 broken" in said


def test_junit(folder):
    run(["test", "--junit", "out.xml"])
    suite = ET.parse(folder / "out.xml").getroot().find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "1", "2")
    failure = suite.find("testcase[@name='second']/failure")
    assert "t.vtl:1:39" in failure.text


def test_snapshots(folder, capsys):
    (folder / "t.vtltest.yaml").write_text("tests:\n  - {name: s, template: t.vtl, expect: {snapshot: true}}\n")
    assert run(["test"]) == 1
    assert run(["test", "--update"]) == 0
    assert run(["test"]) == 0
    (folder / "t.vtltest.yaml").write_text("tests:\n  - {name: other, template: t.vtl}\n")
    assert run(["test"]) == 1
    assert "snapshots that no case uses" in capsys.readouterr().out
    assert run(["test", "--update"]) == 0
    assert run(["test"]) == 0


SELECTIONS = [
    ("one", "f::one two", True),
    ("ONE", "f::one", True),
    ("not one", "f::one", False),
    ("one and two", "f::one two", True),
    ("one and not two", "f::one two", False),
    ("a or b and c", "f::a", True),
    ("(a or b) and c", "f::a", False),
    ("not (a or b)", "f::c", True),
]


@pytest.mark.parametrize("expression, name, chosen", SELECTIONS)
def test_choosing(expression, name, chosen):
    assert selector(expression)(name) is chosen


@pytest.mark.parametrize("expression", ["", "a and", "(a", "a)", "or", "a b"])
def test_expressions_that_do_not_parse(expression):
    with pytest.raises(SelectionError):
        selector(expression)


def test_watching_runs_again_when_a_file_changes(folder):
    with subprocess.Popen([COMMAND, "test", "--watch"], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            seen = ""
            while "watching" not in seen:
                seen += process.stdout.readline()
            assert "1 failed" in seen
            time.sleep(0.1)
            (folder / "t.vtl").write_text("#if($input.path('$.a') == 1)one#{else}two#end")
            again = ""
            while "watching" not in again:
                again += process.stdout.readline()
            assert "2 passed" in again
        finally:
            process.send_signal(2)
            try:
                assert process.wait(20) == 130
            finally:
                process.kill()
