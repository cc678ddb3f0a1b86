from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import MethodRequest, Templates
from vtlsim.gateway.stages.render_response import select_response_template

BOTH = {"application/xml": "<x/>", "application/json": "{}"}


@pytest.mark.parametrize(
    "templates, accept, key, reason",
    [
        (BOTH, None, "application/json", "json"),
        (BOTH, "application/xml", "application/xml", "accept"),
        (BOTH, "Application/XML;q=0.9, application/json", "application/xml", "accept"),  # documented: the first only
        (
            BOTH,
            "image/png",
            "application/json",
            "json",
        ),  # recorded: S3Bin response_convert_to_binary_with_request_template
        (BOTH, "*/*", "application/json", "json"),
        ({"text/html": "x"}, "*/*", "text/html", "first"),  # recorded-marker: response-template-text-html-*
        ({"text/html": "x", "text/css": "y"}, None, "text/html", "first"),  # documented
        ({"application/json": ""}, None, "application/json", "empty"),  # documented
        ({"application/json": "", "text/html": "x"}, "text/html", "text/html", "accept"),
        ({}, "text/html", None, "none"),
    ],
)
def test_choice(templates: dict[str, str], accept: str | None, key: str | None, reason: str) -> None:
    headers = Headers.of({} if accept is None else {"accept": accept})
    found = select_response_template(MethodRequest(headers=headers), Templates.of(templates))
    assert (found.key, found.reason) == (key, reason)
    assert (found.template is None) is (reason in ("empty", "none"))


@pytest.mark.parametrize(
    "template, body, status, text",
    [
        ("", "<x/>", 200, "<x/>"),
        ("[$input.path('$.a')][$input.params('id')]", '{"a": 1}', 200, "[1][7]"),
        ("$input.path('$')", "{a", 500, '{"message": "Internal server error"}'),
        ("#if(", "{}", 500, '{"message": "Internal server error"}'),
    ],
)
def test_rendering(template: str, body: str, status: int, text: str, exchange: Any) -> None:
    outcome = exchange(
        {
            "integration": {"type": "HTTP"},
            "integrationResponses": [{"statusCode": "200", "responseTemplates": {"application/json": template}}],
            "request": {"path_parameters": {"id": "7"}},
            "backend": {"body": body},
        }
    )
    assert (outcome.status, outcome.text) == (status, text)
    if status == 500:
        assert outcome.turned_back.log_message.endswith("Unable to transform response")
