"""Every finding has its words: a title, a verdict with its reason, facts."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from vtlsim.explain.console import TITLE
from vtlsim.explain.record import VERSION, record
from vtlsim.explain.story import tell
from vtlsim.gateway import findings as f
from vtlsim.gateway import locations as at
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Endpoint, Function, Overrides, Service, TemplateText
from vtlsim.velocity.source import Position, Span

TEMPLATE = TemplateText("a\n$b", "orders.vtl")
JSON = "application/json"


def selected(outcome, content_type, considered, key=None, behavior="WHEN_NO_MATCH", media_type=JSON):
    template = TEMPLATE if key else None
    return f.TemplateSelected(content_type, media_type, behavior, considered, outcome, key, template)


def answered(reason, accept, considered, key=None):
    return f.ResponseTemplateSelected(accept, accept or JSON, considered, reason, key, TEMPLATE if key else None)


def converted(conversion, **given):
    given = {
        "media_type": "text/plain",
        "binary_type": None,
        "content_handling": None,
        "body": "x",
        "size_before": 1,
    } | given
    return f.BodyConverted(phase="request", conversion=conversion, **given)


def mapped(source, values, absence=None, near=None):
    return f.MappedParameter(at.RequestTarget("header", "X"), source, values, absence, near)


def assembled(**given):
    given = {"headers": (), "query": (), "filled": (), "destination": Endpoint(), "body_size": 2} | given
    return f.RequestAssembled("HTTP", "POST", "http://b/x", **given)


MATCHED = f.TemplateCandidate(JSON, "matched")
OTHER = f.TemplateCandidate("text/xml", "other_type")
HEADER = at.RequestParameter("header", "x")

VERDICTS = [
    (f.ResourceMatched("POST", "/a", "/a", "POST"), "POST /a -> resource /a, method POST"),
    (
        f.ResourceMatched("GET", "/b", None, None, (), (f.RouteCandidate("/a", "GET", "other_path"),)),
        "GET /b -> no resource serves it (1 candidate)",
    ),
    (f.ApiKeyChecked("HEADER", True, "k1", 1), "known: k1 (from the x-api-key header)"),
    (f.ApiKeyChecked("HEADER", True, None, 2), "required, and the x-api-key header holds none of 2 known keys"),
    (f.ApiKeyChecked("HEADER", False, None, 2), "required, and none in the x-api-key header"),
    (f.AuthorizationSupplied("CUSTOM", "auth", True, "me"), "auth is not run; its result was supplied: principalId me"),
    (f.AuthorizationSupplied("CUSTOM", "auth", False, None), "auth is not run, and no result of it was supplied"),
    (f.AuthorizationSupplied("AWS_IAM", None, False, None), "AWS_IAM: the signature is not checked"),
    (f.RequestValidated(missing=("x", "y")), "required and missing: x and y"),
    (f.RequestValidated(model="Order", body_valid=True), "the body fits model Order"),
    (
        f.RequestValidated(model="Order", body_valid=False, faults=(f.SchemaFault("$.a", "type", "no"),)),
        "the body breaks model Order",
    ),
    (f.RequestValidated(media_type=JSON), "no model for application/json, so the body is not checked"),
    (
        selected("template", f"{JSON}; charset=utf-8", (MATCHED, OTHER), JSON),
        "application/json (orders.vtl): Content-Type application/json; charset=utf-8 matched 1 of 2 templates",
    ),
    (
        selected("template", None, (MATCHED,), JSON),
        "application/json (orders.vtl): no Content-Type, which counts as application/json, matched 1 of 1 template",
    ),
    (
        selected("template", "text/csv", (OTHER, f.TemplateCandidate("$default", "default_key")), "$default"),
        "$default (orders.vtl): Content-Type text/csv matched none of the other keys",
    ),
    (
        selected("passthrough", "text/csv", (OTHER,)),
        "none: Content-Type text/csv matched none of 1 template, and WHEN_NO_MATCH lets the body pass as it is",
    ),
    (
        selected("passthrough", None, (), behavior="WHEN_NO_TEMPLATES"),
        "none: the integration has no templates, and WHEN_NO_TEMPLATES lets the body pass as it is",
    ),
    (
        selected("unsupported", "text/csv", (OTHER,), behavior="WHEN_NO_TEMPLATES"),
        "none: Content-Type text/csv matched none of 1 template, and WHEN_NO_TEMPLATES lets nothing pass beside templates: 415",
    ),
    (
        selected("unsupported", "text/csv", (), behavior="NEVER"),
        "none: the integration has no templates, and under NEVER nothing else passes: 415",
    ),
    (selected("proxy", None, ()), "none: a proxy integration uses no templates"),
    (
        answered("accept", "text/xml", (MATCHED,), "text/xml"),
        "text/xml (orders.vtl): Accept text/xml matched 1 of 1 template",
    ),
    (answered("json", None, (MATCHED,), JSON), "application/json (orders.vtl): no Accept counts as application/json"),
    (
        answered("first", "a/b", (OTHER,), "text/xml"),
        "text/xml (orders.vtl): Accept a/b matched none of 1 template, so the first one is used",
    ),
    (answered("none", None, ()), "none defined: the body passes as it is"),
    (answered("empty", None, (MATCHED,), JSON), "application/json is empty: the body passes as it is"),
    (answered("proxy", None, ()), "none: a proxy integration uses no templates"),
    (converted("to_text", size_before=0), "empty"),
    (converted("to_text", size_before=1204), "1,204 bytes of text"),
    (converted("to_text", size_before=9, replaced=2), "9 bytes of text; 2 bytes of them no UTF-8: each became U+FFFD"),
    (converted("kept_bytes", binary_type="image/*", body=b"x"), "1 byte, binary, as they are"),
    (converted("base64_encoded", body="eA=="), "1 byte encoded as base64 text of 4 characters"),
    (converted("base64_decoded", body=b"x", size_before=4), "4 bytes of base64 text decoded to 1 byte"),
    (converted("base64_decoded", fault="bad"), "cannot be decoded from base64: bad"),
    (converted("proxy", size_before=3), "3 bytes, handed on by the proxy integration"),
    (f.ParametersMapped("request", ()), "none mapped"),
    (f.ParametersMapped("request", (mapped(at.Static("a"), ("a",)),)), "integration.request.header.X <- 'a': a"),
    (
        f.ParametersMapped("request", (mapped(HEADER, None, "absent"),)),
        "integration.request.header.X <- method.request.header.x: absent, left out",
    ),
    (
        f.ParametersMapped("request", (mapped(HEADER, None, "other_case", "X"),)),
        (
            "integration.request.header.X <- method.request.header.x: absent in this case, left out "
            "(the request has 'X': names match exactly)"
        ),
    ),
    (
        f.ParametersMapped("request", (mapped(HEADER, ("",)),)),
        'integration.request.header.X <- method.request.header.x: ""',
    ),
    (f.ParametersMapped("request", (), "no JSON"), "the body cannot be read: no JSON"),
    (f.BodyRendered("request", TEMPLATE, "velocity", "{\n  1\n}", Overrides()), "orders.vtl: { 1 }"),
    (f.BodyRendered("request", TEMPLATE, "airspeed", " ", Overrides()), "orders.vtl by airspeed: nothing"),
    (
        f.RenderFailed("request", TEMPLATE, "velocity", "syntax", "what", Span(2, 4), Position(2, 1)),
        "orders.vtl:2:1 does not parse: what",
    ),
    (
        f.RenderFailed("request", TEMPLATE, "velocity", "binary_body", "x"),
        "orders.vtl cannot be rendered over a binary body: x",
    ),
    (f.BodyPassed("request", "passthrough", "abc"), "no template: the body goes on as it is: abc"),
    (f.BodyPassed("request", "proxy", b"\xff\xff"), "the body goes on as it is: [Binary Data] (2 bytes)"),
    (f.BodyPassed("response", "mock", ""), "MOCK without a response template: the body is empty"),
    (f.OverridesApplied("request", (), f.ParameterSet()), "none"),
    (
        f.OverridesApplied("request", (f.OverrideWritten("header", "X", ("1",), ("0",)),), f.ParameterSet()),
        "requestOverride.header.X = 1 (was 0)",
    ),
    (
        f.OverridesApplied(
            "response", (f.OverrideWritten("status", "status", ("4o4",), None, False),), f.ParameterSet()
        ),
        "responseOverride.status = 4o4 (means nothing there: not used)",
    ),
    (assembled(), "POST http://b/x   2 bytes"),
    (
        assembled(fault="forbidden_header", fault_detail="Content-Length"),
        "cannot be made: the header Content-Length may not be set",
    ),
    (assembled(fault="invalid_address", fault_detail="http://"), "cannot be made: http:// is no endpoint address"),
    (f.MockAnswered('{"statusCode": 200}', 200), "statusCode 200"),
    (f.MockAnswered("{statusCode: 200}", 200, True), "statusCode 200 (it is no strict JSON, but read as AWS reads it)"),
    (f.MockAnswered("", None), "no statusCode can be read from an empty body"),
    (f.BackendAnswered(200, Headers(), 12, 3, b""), "200, 12 bytes"),
    (f.BackendFailed("timeout", "", 29000), "no answer within 29,000 ms"),
    (f.BackendFailed("connection", "refused", 29000), "the connection failed: refused"),
    (f.ResponseSelected("status", "404", (), "404"), "404, by status 404"),
    (f.ResponseSelected("errorMessage", "", (), "200"), '200, by errorMessage ""'),
    (f.ResponseSelected("status", "500", (), None), "status 500 matches no pattern, and there is no default"),
    (f.ResponseSelected("status", "200", (), "200", False), "200, but the method declares no response of that status"),
    (f.ResponseSelected("proxy", "", (), "200"), "the proxy's answer goes back as it is"),
    (f.ProxyResponseRead(200, (), 5, False, False), "200, 5 bytes"),
    (f.ProxyResponseRead(200, (), 5, True, True), "200, 5 bytes, base64 decoded"),
    (
        f.ProxyResponseRead(502, (), 5, False, False, (f.ProxyFault("unknown_key", "bodyy"),)),
        "malformed: a key that the format does not have: bodyy",
    ),
    (f.ResponseAssembled(200, (), 5), "200, 5 bytes"),
    (
        f.GatewayResponseMade("UNSUPPORTED_MEDIA_TYPE", 415, None, None, (), "Unsupported Media Type"),
        "415 UNSUPPORTED_MEDIA_TYPE (built in): Unsupported Media Type",
    ),
    (
        f.GatewayResponseMade("THROTTLED", 429, "DEFAULT_4XX", JSON, (), None),
        "429 THROTTLED (set by the API as DEFAULT_4XX)",
    ),
]


@pytest.mark.parametrize("finding, verdict", VERDICTS, ids=lambda value: type(value).__name__)
def test_a_finding_is_told(finding, verdict):
    chapter = tell(finding)
    assert chapter.verdict == verdict
    assert len(chapter.title) <= TITLE


def test_every_kind_of_finding_is_told_here():
    assert {type(finding) for finding, _ in VERDICTS} == set(get_args(f.Finding))


REFUSALS = [
    selected("unsupported", "a/b", ()),
    converted("base64_decoded", fault="bad"),
    f.MockAnswered("", None),
    f.BackendFailed("timeout", "", 1),
    assembled(fault="invalid_address"),
    f.ResourceMatched("GET", "/", None, None),
]


@pytest.mark.parametrize("finding", REFUSALS, ids=lambda value: type(value).__name__)
def test_what_turns_a_request_back_says_so(finding):
    assert tell(finding).refused


FACTS = [
    (
        f.ResourceMatched(
            "GET",
            "/a/7",
            "/a/{id}",
            "GET",
            (("id", "7"),),
            (f.RouteCandidate("/a/{id}", "GET", "chosen"), f.RouteCandidate("/{p+}", "ANY", "less_specific")),
        ),
        ("id = 7", "GET /a/{id}: chosen", "ANY /{p+}: it matches too, but less exactly"),
    ),
    (selected("passthrough", "a/b", (OTHER,)), ("text/xml: for another type",)),
    (
        converted("base64_encoded", content_handling="CONVERT_TO_TEXT", binary_type="image/*", media_type="image/png"),
        ("image/png is binary here (binaryMediaTypes has image/*), CONVERT_TO_TEXT",),
    ),
    (
        assembled(
            filled=(f.PlaceholderFilled("{id}", "7"), f.PlaceholderFilled("{no}", None)),
            query=(f.QueryFate("a", "1", "client"),),
            headers=(
                f.HeaderFate("X", "1", "mapped", "X"),
                f.HeaderFate("Via", "v", "not_forwarded"),
                f.HeaderFate("Host", "h", "not_forwarded"),
            ),
            destination=Endpoint("VPC_LINK", "link1"),
            credentials="arn:aws:iam::*:user/*",
            cache_namespace="ns",
            cache_key=(("method.request.querystring.a", "1"), ("method.request.header.B", None)),
        ),
        (
            "{id} = 7",
            "{no}: nothing is mapped to it, left as typed",
            "?a=1 (from the client)",
            "X: 1 (mapped)",
            "the client's Via and Host: not forwarded",
            "over VPC link link1",
            "credentials: the caller",
            "cache key in ns: method.request.querystring.a=1, method.request.header.B=absent",
        ),
    ),
    (
        assembled(destination=Service("us-east-1", "sqs", None, "path", "1/q")),
        ("AWS service sqs in us-east-1, path 1/q; not signed",),
    ),
    (
        assembled(destination=Function("arn:f", "f", "us-east-1", None, True)),
        ("Lambda function arn:f, not waited for",),
    ),
    (
        f.ResponseAssembled(200, (f.HeaderFate("Date", "d", "remapped", "x-amzn-Remapped-Date"),), 0),
        ("x-amzn-Remapped-Date: d (renamed from Date)",),
    ),
    (
        f.ResponseSelected(
            "status",
            "500",
            (f.ResponseCandidate("400", "4..", "no_match"), f.ResponseCandidate("200", None, "default")),
            "200",
        ),
        ("4.. -> 400: does not match the whole of it", "default -> 200: used, since no pattern matches"),
    ),
]


@pytest.mark.parametrize("finding, facts", FACTS, ids=lambda value: type(value).__name__)
def test_a_verdict_rests_on_facts(finding, facts):
    assert tell(finding).facts == facts


def test_every_finding_becomes_json():
    made = record(tuple(finding for finding, _ in VERDICTS))
    read = json.loads(json.dumps(made))
    assert read["version"] == VERSION
    assert {found["finding"] for found in read["findings"]} == {each.__name__ for each in get_args(f.Finding)}
    for found in read["findings"]:
        assert list(found) == ["finding", "title", "verdict", "facts", "codes", "refused", "data"]
