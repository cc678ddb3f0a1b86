"""What the command line is given wrongly: one line where it matters, and the exit code of interfaces.md."""

from __future__ import annotations

import os

import pytest

from vtlsim.surfaces.cli import COMMANDS, run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ok.vtl").write_text("hello\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.vtl").write_bytes(b"one\ncaf\xe9\n")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "broken.json").write_text('{\n  "a": ]\n}')
    (tmp_path / "mock.json").write_text(
        '{"type": "MOCK", "requestTemplates": {"application/json": "{\\"statusCode\\": 200}"}}'
    )
    (tmp_path / "response.json").write_text('{"status": 201, "boddy": ""}')
    return tmp_path


USAGE = [
    ([], "Usage: vtlsim"),
    (["rendr"], "Did you mean 'render'?"),
    (["nonsense"], f"There are {', '.join(COMMANDS)}."),
    (["render"], "give a TEMPLATE, or a case with -e"),
    (["render", "ok.vtl", "-H", "X-Tenant"], "a header is given as 'Name: value'"),
    (["render", "ok.vtl", "-q", "dry"], "give it as name=value"),
    (["render", "ok.vtl", "-p", "=1"], "give it as name=value"),
    (["render", "ok.vtl", "--engine", "jinja"], "is not one of 'velocity', 'airspeed'"),
    (["render", "-", "-b", "-"], "stdin can be read once, and TEMPLATE and body both ask for it"),
    (["render", "ok.vtl", "--fromat", "json"], "--format"),
    (["invoke", "mock.json", "POST", "orders"], "a path begins with a slash: 'orders'"),
    (
        ["invoke", "mock.json", "--backend", "localhost:9000"],
        "give http(s)://host:port, @FILE with a response, or MODULE:FUNCTION",
    ),
]

IO = [
    (["render", "nope.vtl"], "error: nope.vtl: No such file or directory"),
    (["render", "folder"], "error: folder: Is a directory"),
    (["render", "latin.vtl"], "error: latin.vtl:2: not UTF-8 at byte 7"),
    (["render", "a\0b"], "error: a\ufffdb: embedded null byte"),
    (["render", "ok.vtl", "-b", "@nope.json"], "error: nope.json: No such file or directory"),
    (["render", "ok.vtl", "--context", "list.json"], "error: list.json: not a JSON object"),
    (["render", "ok.vtl", "--context", "broken.json"], "error: broken.json:2:8: not JSON: Expecting value"),
    (["render", "ok.vtl", "--expect", "nope.txt"], "error: nope.txt: No such file or directory"),
    (["invoke", "nope.json"], "error: nope.json: No such file or directory"),
    (["invoke", "folder"], "error: folder: a folder without cdk.out/manifest.json"),
    (["invoke", "mock.json", "--backend", "@response.json"], "unknown member 'boddy'; did you mean 'body'?"),
    (["jsonpath", "$", "-b", "@nope.json"], "error: nope.json: No such file or directory"),
]


@pytest.mark.parametrize("arguments, said", USAGE)
def test_usage_is_2(folder, capsys, arguments, said):
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("arguments, said", IO)
def test_what_cannot_be_read_is_4_and_one_line(folder, capsys, arguments, said):
    assert run(arguments) == 4
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_4(folder, capsys):
    (folder / "ok.vtl").chmod(0)
    assert run(["render", "ok.vtl"]) == 4
    assert capsys.readouterr().err == "error: ok.vtl: Permission denied\n"


def test_help_and_version_are_the_product(capsys):
    assert run(["--help"]) == 0
    assert "invoke" in capsys.readouterr().out
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("vtlsim ")
