"""`vtlsim invoke`: a request through a definition, and what is printed of it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from vtlsim.surfaces.cli import run

FIXTURES = Path(__file__).parents[2] / "fixtures" / "put-integration"

MOCK = {
    "type": "MOCK",
    "requestTemplates": {"application/json": '{"statusCode": 201}'},
    "integrationResponses": {
        "201": {"statusCode": "201", "responseTemplates": {"application/json": '{"id": "$input.params(\'X-Id\')"}'}}
    },
}
HTTP = {
    "type": "HTTP",
    "httpMethod": "POST",
    "uri": "http://backend.test/things",
    "requestTemplates": {"application/json": "{\"sku\": $input.json('$.s')}"},
    "integrationResponses": {
        "200": {"statusCode": "200", "responseTemplates": {"application/json": "{\"ok\": $input.json('$.fine')}"}}
    },
}


@pytest.fixture
def define(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(definition, name="d.json"):
        (tmp_path / name).write_text(definition if isinstance(definition, str) else json.dumps(definition))
        return name

    return write


def test_the_integration_request_is_the_product_and_the_trace_goes_to_stderr(define, capsys):
    assert run(["invoke", define(HTTP), "-b", '{"s": "x"}', "-H", "Content-Type: application/json"]) == 0
    printed = capsys.readouterr()
    head, _, body = printed.out.partition("\n\n")
    assert head.splitlines()[0] == "POST http://backend.test/things"
    assert "Content-Type: application/json" in head
    assert body == '{"sku": "x"}\n'
    assert printed.err.splitlines()[0] == "POST / -> resource /, method ANY"
    assert "matched 1 of 1 template" in printed.err


def test_a_mock_answers_by_itself(define, capsys):
    assert run(["invoke", define(MOCK), "GET", "/", "-H", "X-Id: 7"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("HTTP/1.1 201 Created\n")
    assert printed.out.endswith('\n\n{"id": "7"}\n')


def test_a_canned_answer_takes_the_whole_way_back(define, capsys):
    response = define({"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"fine": [1]}}, "r.json")
    assert run(["invoke", define(HTTP), "-b", "{}", "--backend", f"@{response}"]) == 0
    assert capsys.readouterr().out.endswith('\n\n{"ok": [1]}\n')


def test_a_dry_run_sends_nothing(define, capsys):
    assert run(["invoke", define(HTTP), "-b", "{}", "--backend", "http://127.0.0.1:1", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("POST http://backend.test/things\n")


def test_a_backend_that_is_not_there_is_an_answer(define, capsys):
    assert run(["invoke", define(HTTP), "-b", "{}", "--backend", "http://127.0.0.1:1"]) == 0
    printed = capsys.readouterr()
    assert "HTTP/1.1 504 Gateway Timeout" in printed.out
    assert "the connection failed" in printed.err


def test_the_formats(define, capsys):
    name = define(HTTP)
    assert run(["invoke", name, "POST", "/a?b=c", "-b", '{"s": 1}', "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] is None
    sent = answer["integrationRequest"]
    assert sent.keys() == {"httpMethod", "uri", "headers", "queryString", "body", "isBase64Encoded"}
    assert (sent["httpMethod"], sent["uri"], sent["body"]) == ("POST", "http://backend.test/things", '{"sku": 1}')
    assert [found["finding"] for found in answer["trace"]["findings"]][:2] == ["ResourceMatched", "TemplateSelected"]
    assert run(["invoke", name, "--format", "log"]) == 0
    log = capsys.readouterr().out.splitlines()
    assert log[0].startswith("Execution log for request ")
    assert log[1].split(" : ")[1].startswith("Starting execution for request: ")
    assert run(["invoke", name, "--format", "trace"]) == 0
    assert capsys.readouterr().out.startswith("POST / -> resource /")


def test_json_of_a_mock_has_testinvokemethods_fields(define, capsys):
    assert run(["invoke", define(MOCK), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == [
        "status",
        "headers",
        "multiValueHeaders",
        "body",
        "log",
        "latency",
        "integrationRequest",
        "problems",
        "trace",
    ]
    assert answer["status"] == 201
    assert answer["headers"]["Content-Type"] == "application/json"
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/json"]
    assert answer["log"].splitlines()[-1].endswith("Method completed with status: 201")


def test_binary_bodies_are_base64_in_json_and_only_named_in_text(define, capsys):
    passing = {"type": "HTTP", "httpMethod": "POST", "uri": "http://b.test/", "contentHandling": "CONVERT_TO_BINARY"}
    name = define(passing)
    assert run(["invoke", name, "-b", "/w==", "--format", "json"]) == 0
    sent = json.loads(capsys.readouterr().out)["integrationRequest"]
    assert (sent["body"], sent["isBase64Encoded"]) == ("/w==", True)
    assert run(["invoke", name, "-b", "/w=="]) == 0
    assert capsys.readouterr().out.endswith("\n\n[Binary Data] (1 byte)\n")


def test_a_refusal_is_an_answer(capsys):
    name = str(FIXTURES / "never-415.json")
    assert run(["invoke", name, "-H", "Content-Type: text/xml", "-b", "<a/>"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("HTTP/1.1 415 Unsupported Media Type\n")
    assert printed.out.endswith('\n\n{"message": "Unsupported Media Type"}\n')
    assert "under NEVER nothing else passes" in printed.err


def test_a_template_that_fails_is_3_with_its_place_in_the_definition(define, capsys):
    broken = {**HTTP, "requestTemplates": {"application/json": "a\n#if($x"}}
    assert run(["invoke", define(broken), "-b", "{}"]) == 3
    printed = capsys.readouterr()
    assert "HTTP/1.1 500 Internal Server Error" in printed.out
    assert "error: the template ends here" in printed.err
    assert "#if($x" in printed.err


def test_a_body_that_a_template_cannot_read_is_a_refusal(define, capsys):
    assert run(["invoke", define(HTTP), "-b", "{a"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("HTTP/1.1 400 Bad Request\n")
    assert "Could not process payload" in printed.out


FAULTS = [
    ("{", "not JSON|the document ends|expected"),
    ('{"type": "HTPT", "uri": "x"}', "did you mean HTTP?"),
    ('{"type": "HTTP", "httpMethod": "POST", "uri": "http://a/", "typ": 1}', "did you mean type?"),
    (
        json.dumps(HTTP | {"requestParameters": {"integration.request.heder.X": "'1'"}}),
        "integration.request.header",
    ),
]


@pytest.mark.parametrize("definition, said", FAULTS, ids=["not JSON", "enum", "field", "expression"])
def test_a_definition_with_faults_is_4_with_every_place(define, capsys, definition, said):
    assert run(["invoke", define(definition)]) == 4
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("d.json:1:")
    assert any(part in printed.err for part in said.split("|"))
    assert "Traceback" not in printed.err


def test_all_faults_are_told_at_once(define, capsys):
    wrong = {"type": "HTTP", "uri": "ftp://x", "passthroughBehavior": "SOMETIMES", "timeoutInMillis": 40}
    assert run(["invoke", define(wrong)]) == 4
    printed = capsys.readouterr().err
    assert printed.splitlines()[-1] == "4 errors"
    for said in (
        "Enumeration value for HttpMethod must be non-empty",
        "Invalid HTTP endpoint specified for URI",
        "Invalid passthrough behavior specified",
        "Timeout should be between 50 ms and 29000 ms",
    ):
        assert said in printed


def test_a_definition_on_stdin(define, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(MOCK).encode())))
    assert run(["invoke", "-", "--format", "trace"]) == 0
    assert "statusCode 201" in capsys.readouterr().out


def test_routes_are_listed_when_the_request_is_not_clear(define, capsys):
    integration = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    operation = {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": integration}
    paths = {"/a": {"get": operation}, "/b": {"post": operation}}
    name = define({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths})
    assert run(["invoke", name]) == 2
    assert "  GET /a\n  POST /b" in capsys.readouterr().err
