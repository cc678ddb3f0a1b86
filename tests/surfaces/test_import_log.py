"""`vtlsim import-log`: from a log to a case that holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vtlsim
from vtlsim.cases.load import load as load_cases
from vtlsim.explain.log_reading import read_log
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse
from vtlsim.surfaces.cli import run
from vtlsim.surfaces.log_import import cases, written

TOUR = Path(__file__).parents[2] / "fixtures" / "tour"
ORDER = '{"items": [{"sku": "é", "qty": 2}]}'
KEPT = BackendResponse(200, Headers([("Content-Type", "application/json")]), b'{"id": "o", "href": "/o"}', 7)
ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

JOURNEYS = {
    "both ways": ("POST", "/orders", ORDER, {"X-Tenant": "a"}, KEPT),
    "refused by validation": ("POST", "/orders", "{}", {"X-Tenant": "a"}, KEPT),
    "timeout": ("POST", "/orders", ORDER, {"X-Tenant": "a"}, BackendFailure("timeout")),
    "connection": ("POST", "/orders", ORDER, {"X-Tenant": "a"}, BackendFailure("connection")),
    "certificate": (
        "GET",
        "/files/a",
        None,
        {},
        BackendFailure("certificate", "Host name 'a' does not match the certificate subject"),
    ),
    "mock": ("GET", "/health?a=b%20c", None, {}, None),
    "nobody answers": ("POST", "/orders", ORDER, {"X-Tenant": "a"}, None),
    "service": ("POST", "/events", '{"a": 1}', {"X": "1"}, BackendResponse(200, body=b"{}")),
    "invalid address": ("GET", "/inventory", None, {}, BackendFailure("invalid_endpoint")),
}


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS)
def test_the_case_of_a_log_of_ours_holds(journey, tmp_path, capsys):
    method, path, body, headers, backend = journey
    exchange = vtlsim.load(TOUR / "tour.yaml").invoke(
        method, path, body, headers, backend, context={"stage": "test-invoke-stage"}
    )
    log = tmp_path / "x.log"
    log.write_text(exchange.log)
    (tmp_path / "tour.yaml").write_text((TOUR / "tour.yaml").read_text())
    out = tmp_path / "x.vtltest.yaml"
    assert run(["import-log", str(log), "--definition", "tour.yaml", "-o", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert run(["test", str(out)]) == 0, out.read_text() + capsys.readouterr().out


def test_without_a_definition_the_file_says_where_to_put_one(tmp_path, capsys):
    log = tmp_path / "x.log"
    log.write_text(f"({ID}) HTTP Method: GET, Resource Path: /a/{{id}}\n({ID}) Method request path: {{id=7}}\n")
    assert run(["import-log", str(log)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("tests:\n  - name: GET /a/7\n    definition: definition.yaml\n")
    assert "--definition FILE names the definition" in said.err


def test_what_is_left_out_is_told_twice(tmp_path, capsys):
    log = tmp_path / "x.log"
    log.write_text(
        f"({ID}) HTTP Method: PUT, Resource Path: /a\n"
        f"({ID}) Method request headers: {{Authorization=******abcdef, Host=h, X-Forwarded-For=1.2.3.4, 5.6.7.8}}\n"
        f"({ID}) Method request body before transformations: [Binary Data]\n"
        f"({ID}) Endpoint request URI: http://b/\n"
        f"({ID}) Endpoint request headers: {{Authorization=******abcdef, x-amzn-apigateway-api-id=api1, X-B=1}}\n"
        f'({ID}) Endpoint request body after transformations: {{ "a [TRUNCATED]\n'
        f"({ID}) Received response. Status: 200, Integration latency: 4 ms\n"
        f"({ID}) Endpoint response body before transformations: x [TRUNCATED]\n"
        f"({ID}) Method response body after transformations: y\n"
        f"({ID}) Method completed with status: 200\n"
    )
    assert run(["import-log", str(log), "--definition", "d.json"]) == 0
    said = capsys.readouterr()
    for part in ("headers: Authorization (masked", "body (binary)", "backend.body (cut", "expect.response: without"):
        assert f"# left out: {part}" in said.out
        assert f"left out: {part}" in said.err
    (case,) = load_cases(said.out, "x").cases
    assert dict(case.context) == {"requestId": ID, "apiId": "api1", "identity": {"sourceIp": "1.2.3.4"}}
    assert case.backend is None
    assert case.expect.response is None
    assert dict(case.expect.integration_request.headers) == {"X-B": "1"}
    assert case.expect.integration_request.body.is_empty


def test_what_is_no_log(tmp_path, capsys):
    log = tmp_path / "x.log"
    log.write_text("nothing of the kind")
    assert run(["import-log", str(log)]) == 4
    assert "no line of an execution log" in capsys.readouterr().err


LINE = st.sampled_from(
    [
        "HTTP Method: GET, Resource Path: ",
        "Method request headers: ",
        "Method request query string: ",
        "Endpoint request URI: ",
        "Method request body before transformations: ",
        "Endpoint response headers: ",
        "Method response body after transformations: ",
        "Endpoint response body before transformations: ",
        "Execution failed due to ",
        "Received response. Status: 200, Integration latency: 3 ms",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(LINE, st.text(alphabet="a{=}, :é'\"\n#-[]&*!|>%@`\t\x07\u2028", max_size=12)), min_size=1))
def test_whatever_a_log_says_the_case_file_can_be_read(lines):
    found = read_log("\n".join(f"({ID}) {start}{rest}" for start, rest in lines))
    made = cases(found, "d.yaml")
    text = written(made)
    read = load_cases(text, "x.vtltest.yaml")
    for problem in read.problems:
        assert "path begins with a slash" in problem.message or "no such" in problem.message, (problem, text)
