"""Content-Type x requestTemplates x passthroughBehavior: every cell, with its source.

R is recorded on AWS (the case's name follows), D the developer guide's page on passthrough behaviours, E an emulator's
unit test, the register code following.
"""

from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Integration, MethodRequest, Templates
from vtlsim.gateway.refusals import Refused
from vtlsim.gateway.stages.select_template import select_template

TEMPLATES = {
    "none": {},
    "match": {"application/xml": "<x/>", "application/json": "{}"},
    "no match": {"application/xml": "<x/>"},
    "empty": {"application/json": ""},
}
REQUESTS = {
    "no Content-Type": ("POST", None, b"{}"),
    "with parameters": ("POST", "application/json; charset=utf-8", b"{}"),
    "odd case": ("POST", "Application/JSON", b"{}"),
    "GET without a body": ("GET", None, b""),
}
# (behaviour, templates) -> what happens, and the source of that for each kind of request
TABLE = [
    ("WHEN_NO_MATCH", "none", "passthrough", "R test_lambda_aws_integration; D"),
    ("WHEN_NO_MATCH", "match", "template", "R mock-WHEN_NO_MATCH-*; D"),
    ("WHEN_NO_MATCH", "no match", "passthrough", "R S3Bin request_convert_to_binary_with_request_template; D"),
    ("WHEN_NO_MATCH", "empty", "passthrough", "E GW013"),
    ("WHEN_NO_TEMPLATES", "none", "passthrough", "R param-static-querystring-ssm; D"),
    ("WHEN_NO_TEMPLATES", "match", "template", "R mock-WHEN_NO_TEMPLATES-*; D"),
    ("WHEN_NO_TEMPLATES", "no match", "unsupported", "D; E passthrough-WHEN_NO_TEMPLATES-0"),
    ("WHEN_NO_TEMPLATES", "empty", "unsupported", "E GW013"),
    ("NEVER", "none", "unsupported", "D; E passthrough-NEVER-0"),
    ("NEVER", "match", "template", "R mock-NEVER-*; D"),
    ("NEVER", "no match", "unsupported", "D; E passthrough-NEVER-1"),
    ("NEVER", "empty", "unsupported", "E GW013"),
]
SPELLING = {
    "no Content-Type": "R sqs-no-content-type-selects-json-under-NEVER",
    "with parameters": "D: only the MIME type counts",
    "odd case": "D: only the MIME type counts; RFC 9110 8.3.1",
    "GET without a body": "R s3-get-to-put-with-template",
}
CELLS = [
    pytest.param(
        behavior,
        templates,
        request,
        outcome,
        f"{source} | {SPELLING[request]}",
        id=f"{behavior}, {templates}, {request}",
    )
    for behavior, templates, outcome, source in TABLE
    for request in REQUESTS
]


@pytest.mark.parametrize("behavior, templates, request_kind, outcome, source", CELLS)
def test_cell(behavior: Any, templates: str, request_kind: str, outcome: str, source: str) -> None:
    method, content_type, body = REQUESTS[request_kind]
    headers = Headers.of({} if content_type is None else {"Content-Type": content_type})
    integration = Integration(
        "HTTP", "POST", passthrough_behavior=behavior, request_templates=Templates.of(TEMPLATES[templates])
    )
    request = MethodRequest(method, headers=headers, body=body)
    if outcome == "unsupported":
        with pytest.raises(Refused) as refused:
            select_template(request, integration)
        assert (refused.value.refusal.type, refused.value.status) == ("UNSUPPORTED_MEDIA_TYPE", 415), source
        found: Any = refused.value.because
    else:
        found = select_template(request, integration)
    assert found.outcome == outcome, source
    assert found.media_type == "application/json"
    assert found.key == ("application/json" if outcome == "template" else None)
    assert [each.verdict for each in found.considered] == {
        "none": [],
        "match": ["other_type", "matched"],
        "no match": ["other_type"],
        "empty": ["empty"],
    }[templates]


@pytest.mark.parametrize(
    "templates, content_type, key, verdicts",
    [
        ({"$default": "a"}, "text/plain", "$default", ["default_key"]),
        ({"$default": "a", "application/json": "b"}, None, "application/json", ["other_type", "matched"]),
        ({"$default": "a", "application/json": ""}, None, "$default", ["default_key", "empty"]),
        ({"application/json;v=2": "a"}, "application/json;v=2", None, ["other_type"]),
        ({"Application/Json": "a"}, "application/json", "Application/Json", ["matched"]),
        ({"application/json": "a"}, "", "application/json", ["matched"]),
        ({"application/json": "a"}, "application/json, text/plain", None, ["other_type"]),
    ],
)
def test_key(templates: dict[str, str], content_type: str | None, key: str | None, verdicts: list[str]) -> None:
    headers = Headers.of({} if content_type is None else {"content-type": content_type})
    found = select_template(
        MethodRequest(headers=headers), Integration("HTTP", "POST", request_templates=Templates.of(templates))
    )
    assert (found.key, [each.verdict for each in found.considered]) == (key, verdicts)


@pytest.mark.parametrize("kind", ["HTTP_PROXY", "AWS_PROXY"])
def test_proxies_use_no_templates(kind: Any) -> None:
    integration = Integration(kind, "POST", request_templates=Templates.of({"application/json": "x"}))
    found = select_template(MethodRequest(), integration)
    assert (found.outcome, found.template, found.considered) == ("proxy", None, ())
