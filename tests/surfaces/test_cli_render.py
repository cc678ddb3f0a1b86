"""`vtlsim render`: what it prints where, and how it ends."""

from __future__ import annotations

import json

import pytest

from vtlsim.surfaces.cli import run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, **files):
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")


def test_the_output_is_the_product_to_the_byte(folder, capfdbinary):
    (folder / "t.vtl").write_bytes("é $input.path('$.a')\r\n".encode())
    assert run(["render", "t.vtl", "-b", '{"a": "漢\\ud800"}']) == 0
    printed = capfdbinary.readouterr()
    assert printed.out == "é 漢?\r\n".encode()
    assert printed.err == b""


def test_every_input_reaches_the_template(folder, capsys):
    write(
        folder,
        t_vtl=(
            "$input.body|$input.params('X-Tenant')|$input.params('dry')|$input.params('id')|$stageVariables.table\n"
            "$context.stage|$context.identity.sourceIp|$input.params().header\n"
        ),
        c_json='{"stage": "prod", "identity": {"sourceIp": "203.0.113.7"}}',
        b_json='{"x": 1}',
    )
    options = [
        "-b",
        "@b.json",
        "-H",
        "X-Tenant:  acme ",
        "-H",
        "A: 1=2",
        "-q",
        "dry=1=2",
        "-p",
        "id=7",
        "-s",
        "table=t",
    ]
    assert run(["render", "t.vtl", *options, "--context", "c.json"]) == 0
    assert capsys.readouterr().out == '{"x": 1}|acme|1=2|7|t\nprod|203.0.113.7|{X-Tenant=acme, A=1=2}\n'


def test_the_response_phase_is_asked_for(folder, capsys):
    write(folder, t_vtl="#set($context.responseOverride.status = 404)$input.json('$')")
    assert run(["render", "t.vtl", "--response", "-b", "[1]", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["overrides"]["responseOverride"]["status"] == 404
    assert answer["trace"]["findings"][0]["data"]["phase"] == "response"


FAILURES = [
    ("a\n#if($x\n", "t.vtl:2:7: error: ", "parse"),
    ("\n  $util.urlDecode('%zz')", "t.vtl:2:3: error: java.lang.IllegalArgumentException", "method"),
    ("$input.json('$.a')", "t.vtl:1:1: error: the body cannot be read as JSON", "body"),
    ("漢$input.json('$[')", "t.vtl:1:2: error: ", "path"),
    ("#include('x')", "t.vtl:1:10: error: ", "include"),
]


@pytest.mark.parametrize("template, said", [case[:2] for case in FAILURES], ids=[case[2] for case in FAILURES])
def test_a_template_that_fails_is_3_with_its_place_and_a_caret(folder, capsys, template, said):
    write(folder, t_vtl=template)
    body = "{a" if "cannot be read" in said else "{}"
    assert run(["render", "t.vtl", "-b", body]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(said)
    assert "^" in printed.err


def test_warnings_go_to_stderr_and_change_nothing(folder, capsys):
    write(folder, t_vtl="[$util.toJson($x)]$context.stagee")
    assert run(["render", "t.vtl"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "[]"
    assert "t.vtl:1:7: warning: $util.toJson is AppSync's" in printed.err
    assert "help: did you mean $context.stage?" in printed.err


def test_json_has_appsyncs_members_and_ours(folder, capsys):
    write(folder, t_vtl="#set($context.requestOverride.header.X = 'y')ok")
    assert run(["render", "t.vtl", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["evaluationResult", "error", "logs", "overrides", "warnings", "trace"]
    assert answer["evaluationResult"] == "ok"
    assert answer["overrides"]["requestOverride"]["header"] == {"X": "y"}
    assert answer["trace"]["version"] == 1


def test_json_of_a_failure_is_json_too(folder, capsys):
    write(folder, t_vtl="#if(")
    assert run(["render", "t.vtl", "--format", "json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["evaluationResult"] is None
    assert answer["error"]["fault"] == "syntax"
    assert answer["error"]["position"] == {"line": 1, "column": 4}


def test_the_trace_shows_what_each_line_did(folder, capsys):
    write(
        folder,
        t_vtl="#set($r = $input.path('$'))\n#foreach($i in $r.items)\n  #if($i.n > 1)\"$i.price\"#end\n#end\n",
    )
    assert run(["render", "t.vtl", "-b", '{"items": [{"n": 1}, {"n": 2}]}', "--format", "trace"]) == 0
    printed = capsys.readouterr().out
    assert "1  #set($r = $input.path('$'))               $r = {items=[" in printed
    assert "2  #foreach($i in $r.items)                  x2, first $i = {n=1}" in printed
    assert '3    #if($i.n > 1)"$i.price"#end             #if($i.n > 1) true 1, false 1 times' in printed
    assert "$i.price has no value: printed nothing" in printed or "$i.price printed nothing" in printed


def test_expect_compares_json_files_as_json(folder, capsys):
    write(folder, t_vtl='{"b": 1, "a": $input.json("$.a")}', ok_json='{"a": [1], "b": 1.0}', no_json='{"a": [2]}')
    assert run(["render", "t.vtl", "-b", '{"a": [1]}', "--expect", "ok.json"]) == 0
    assert run(["render", "t.vtl", "-b", '{"a": [1]}', "--expect", "no.json"]) == 1
    assert "$.a[0]: expected 2, got 1" in capsys.readouterr().err


def test_expect_compares_other_files_to_the_byte(folder, capsys):
    write(folder, t_vtl="a\n", ok_txt="a\n", no_txt="a")
    assert run(["render", "t.vtl", "--expect", "ok.txt"]) == 0
    assert run(["render", "t.vtl", "--expect", "no.txt"]) == 1
    assert "error: the output is not what no.txt holds" in capsys.readouterr().err


def test_output_that_is_no_json_differs_from_a_json_file(folder, capsys):
    write(folder, t_vtl="{", ok_json="{}")
    assert run(["render", "t.vtl", "--expect", "ok.json"]) == 1
    assert "the output is not JSON" in capsys.readouterr().err


@pytest.mark.parametrize("engine, output", [("velocity", "[]"), ("airspeed", "[$x]")])
def test_the_engine_can_be_chosen(folder, capsys, engine, output):
    write(folder, t_vtl="[$x]")
    assert run(["render", "t.vtl", "--engine", engine]) == 0
    assert capsys.readouterr().out == output


@pytest.mark.parametrize("engine", ["jayway", "jayway-2.0", "jsonpath-ng"])
def test_the_jsonpath_can_be_chosen(folder, capsys, engine):
    write(folder, t_vtl="$input.json('$.a[*].b')")
    assert run(["render", "t.vtl", "-b", '{"a": [{"b": 1}, {"b": 2}]}', "--jsonpath", engine]) == 0
    assert capsys.readouterr().out == "[1,2]"


@pytest.mark.parametrize("extra", [["--format", "trace"], ["--format", "json"]])
def test_airspeed_has_traces_too(folder, capsys, extra):
    write(folder, t_vtl="[$input.body]")
    assert run(["render", "t.vtl", "--engine", "airspeed", "-b", "x", *extra]) == 0
    assert "[x]" in capsys.readouterr().out
