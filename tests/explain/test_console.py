"""The trace's layout, warnings and errors, over renderings of the real engine."""

from __future__ import annotations

import vtlsim
from vtlsim.explain.cautions import block
from vtlsim.explain.console import trace
from vtlsim.explain.messages import request, response
from vtlsim.gateway import findings as f
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Endpoint, IntegrationRequest, Overrides, TemplateText

TEMPLATE = TemplateText("{}", "orders.vtl")


def test_chapters_stand_below_one_another_and_codes_at_their_ends():
    findings = (
        f.ResourceMatched("POST", "/o", "/o", "POST"),
        f.TemplateSelected(
            "text/x", "text/x", "NEVER", (f.TemplateCandidate("a/b", "other_type"),), "unsupported", codes=("GW014",)
        ),
        f.OverridesApplied("request", (), f.ParameterSet()),
    )
    lines = trace(findings).splitlines()
    assert lines[0] == "POST /o -> resource /o, method POST"
    assert lines[1].startswith("  template   none: Content-Type text/x matched none of 1 template")
    assert lines[1].endswith(" GW014")
    assert lines[2:] == ["             a/b: for another type"]


def test_the_request_shows_its_body_when_the_template_made_it():
    findings = (
        f.BodyRendered("request", TEMPLATE, "velocity", '{\n "é": 1}', Overrides()),
        f.RequestAssembled("HTTP", "POST", "http://b/", (), (), (), Endpoint(), 11),
    )
    assert trace(findings).splitlines()[-1] == '  request    POST http://b/   { "é": 1}'


def test_what_each_line_did():
    text = (
        "#set($r = $input.path('$'))\n"
        "#foreach($i in $r.items)\n"
        "  #if($i.n == 1)one\n"
        "  #elseif($i.n > 1)$i.n $i.gone#end\n"
        "#end\n"
        "#define($d)$r.size()#end\n"
        "$d plain\n"
    )
    shown = str(vtlsim.render(text, body='{"items": [{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}, {"n": 5}]}').trace)
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert lines[0].startswith("render 1 #set($r = $input.path('$')) $r = {items=[")
    assert lines[1] == "2 #foreach($i in $r.items) x5, first $i = {n=1}"
    assert lines[2] == "3 #if($i.n == 1)one #if($i.n == 1) true 1, false 4 times"
    assert lines[3] == "4 #elseif($i.n > 1)$i.n $i.gone#end #elseif($i.n > 1) true 4, false 0 times"
    assert lines[4] == "$i.n = 2, 3, 4, … (4 times)"
    assert "$i.gone" in lines[5]
    assert "printed nothing (4 times)" in lines[5]
    assert lines[-1].startswith("= ")


def test_a_long_value_is_cut_with_its_size():
    shown = str(vtlsim.render("$x", variables={"x": "v" * 5_000}).trace)
    assert "… (5,000 characters)" in shown
    assert max(map(len, shown.splitlines())) < 200


def test_a_warning_is_a_block():
    text = "#foreach($i in [1..1001])#end\n\n{\"a\": $util.toJson('x')}"
    first, *rest = (block(each) for each in vtlsim.render(text).warnings)
    blocks = sorted([first, *rest])
    assert blocks[-1].splitlines() == [
        "template:3:12: warning: $util.toJson is AppSync's: API Gateway has none, and it reads as nothing",
        "   3 | {\"a\": $util.toJson('x')}",
        "     |            ^^^^^^^^^^^^",
    ]
    assert "a loop over 1,001 items stopped silently after 1,000" in blocks[0]
    assert blocks[0].endswith("note: vtlsim explain VTL004")


def test_unreadable_json_is_warned_of():
    (warning,) = vtlsim.render("$util.parseJson('{a')").warnings
    assert "$util.parseJson could not read its text" in warning.message


def test_messages_are_http():
    sent = IntegrationRequest("HTTP", "POST", "http://b/", Headers([("A", "1")]), (), '{"a": 1}', Endpoint(), None)
    assert request(sent) == 'POST http://b/\nA: 1\n\n{"a": 1}\n'
    assert response(204, [("A", "1")], "") == "HTTP/1.1 204 No Content\nA: 1\n"
    assert response(599, [], b"\xff") == "HTTP/1.1 599\n\n[Binary Data] (1 byte)\n"


def test_header_values_cannot_drive_a_terminal():
    assert response(200, [("A", "\x1b[31m")], "").splitlines()[1] == "A: ␛[31m"
