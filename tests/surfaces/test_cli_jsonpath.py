"""`vtlsim jsonpath` and `vtlsim explain`."""

from __future__ import annotations

import io
import sys

import pytest

from vtlsim.surfaces.cli import run

READ = [
    ("$.a", '{"a": {"b": [1, "x/y", null, 1.0]}}', '{"b":[1,"x/y",null,1.0]}'),
    ("$.a[*].b", '{"a": [{"b": 1}, {"b": 2}]}', "[1,2]"),
    ("a.b", '{"a": {"b": "é"}}', '"é"'),
    ("$", "not json", '"not json"'),
    ("$", "", "{}"),
]


@pytest.mark.parametrize("path, body, text", READ)
def test_a_value_is_printed_as_input_json_would(capsys, path, body, text):
    assert run(["jsonpath", path, "-b", body]) == 0
    assert capsys.readouterr() == (text + "\n", "")


def test_the_document_may_come_from_a_file_or_stdin(tmp_path, monkeypatch, capsys):
    (tmp_path / "d.json").write_text('{"a": 1}')
    assert run(["jsonpath", "$.a", "-b", f"@{tmp_path / 'd.json'}"]) == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 2}')))
    assert run(["jsonpath", "$.a"]) == 0
    assert capsys.readouterr().out == "1\n2\n"


def test_a_path_that_leads_nowhere_is_1(capsys):
    assert run(["jsonpath", "$.b", "-b", '{"a": 1}']) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("no value: ")


def test_a_path_that_is_none_is_2_with_its_place(capsys):
    assert run(["jsonpath", "$.a[?(", "-b", "{}"]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("path:1:")
    assert "^" in printed


def test_a_document_that_cannot_be_read_is_4_with_its_place(capsys):
    assert run(["jsonpath", "$", "-b", '{\n"a": 1']) == 4
    assert capsys.readouterr().err.startswith("body:2:")


def test_engines_are_compared(capsys):
    assert run(["jsonpath", "$.a", "-b", '{"a": 1}', "--compare"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [["jayway", "1"], ["jayway-2.0", "1"], ["jsonpath-ng", "1"]]


def test_engines_that_differ_are_1(capsys):
    assert run(["jsonpath", "$.a.length()", "-b", '{"a": [1, 2]}', "--compare"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("jayway       2\n")


def test_a_code_is_explained(capsys):
    assert run(["explain", "vtl001"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("VTL001  a reference without a value")
    assert "evidence" in printed
    assert "settled by" in printed


def test_every_code_is_listed(capsys):
    from vtlsim.explain.register import ENTRIES

    assert run(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [entry.code for entry in ENTRIES]


def test_an_unknown_code_is_2_with_the_nearest(capsys):
    assert run(["explain", "VTL0001"]) == 2
    assert "did you mean VTL001" in capsys.readouterr().err
    assert run(["explain", "nonsense"]) == 2
    assert "vtlsim explain lists them all" in capsys.readouterr().err
