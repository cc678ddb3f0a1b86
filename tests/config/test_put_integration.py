"""Bare integrations: the API reference's spelling, the AWS CLI's, and what GetIntegration answers."""

from __future__ import annotations

import json

from config.documents import FIXTURES, fixture, loaded, places
from vtlsim.gateway.locations import RequestParameter, Static
from vtlsim.gateway.model import DeclaredParameter, Integration


def integration_of(found) -> Integration:
    assert found.api is not None
    assert found.api.fallback is not None
    assert found.api.fallback.integration is not None
    return found.api.fallback.integration


def test_the_example_of_the_page():
    found = fixture("put-integration/list-streams.json")
    assert found.problems == ()
    assert found.format == "put-integration"
    made = integration_of(found)
    assert (made.type, made.http_method) == ("AWS", "POST")
    assert made.uri == "arn:aws:apigateway:us-east-1:kinesis:action/ListStreams"
    assert made.credentials == "arn:aws:iam::123456789012:role/apigAwsProxyRole"
    assert [(each.target.expression, each.source) for each in made.request_parameters] == [
        ("integration.request.header.Content-Type", Static("application/x-amz-json-1.1"))
    ]
    assert [(key, template.text) for key, template in made.request_templates] == [("application/json", "{\n}")]


def test_it_serves_every_method_and_declares_what_it_maps():
    found = fixture("put-integration/orders-http.json")
    assert found.problems == ()
    assert found.api is not None
    method = found.api.fallback
    assert method is not None
    assert (found.api.resources, method.http_method, method.responses) == ((), "ANY", None)
    assert method.request_parameters == (
        DeclaredParameter(RequestParameter("header", "X-Tenant")),
        DeclaredParameter(RequestParameter("querystring", "dry")),
    )


def test_a_template_of_its_own_file_is_named_after_it():
    found = fixture("put-integration/orders-http.json")
    _, template = integration_of(found).request_templates.items[0]
    assert template.name == "put-integration/orders.vtl"
    assert template.origin is not None
    assert tuple(template.origin) == ("put-integration/orders.vtl", 1, 1)
    place = found.place(template.name, template.text.index('"Customer"'))
    assert place is not None
    assert tuple(place) == ("put-integration/orders.vtl", 4, 3)


def test_a_template_inside_the_document_has_the_documents_lines():
    found = fixture("put-integration/orders-http.json")
    _, template = integration_of(found).integration_responses[0].response_templates.items[0]
    assert template.name == "put-integration/orders-http.json:19:29"
    place = found.place(template.name, template.text.index('"state"'))
    assert place is not None
    assert place.line == 19
    line = (FIXTURES / place.file).read_text(encoding="utf-8").splitlines()[18]
    assert line[place.column - 1 :].startswith('\\"state\\"')


def test_never_with_one_template():
    made = integration_of(fixture("put-integration/never-415.json"))
    assert made.passthrough_behavior == "NEVER"
    assert [key for key, _ in made.request_templates] == ["application/json"]


def test_the_command_lines_spelling():
    found = loaded(
        json.dumps(
            {
                "restApiId": "a1",
                "resourceId": "r1",
                "httpMethod": "GET",
                "type": "HTTP",
                "integrationHttpMethod": "POST",
                "uri": "http://localhost:9000",
            }
        )
    )
    assert found.problems == ()
    assert integration_of(found).http_method == "POST"


def test_the_command_lines_spelling_without_a_method_of_the_backend():
    found = loaded(
        json.dumps({"restApiId": "a1", "resourceId": "r1", "httpMethod": "GET", "type": "HTTP", "uri": "http://a"})
    )
    assert [each.message for each in found.problems] == ["Enumeration value for HttpMethod must be non-empty"]


def test_an_answer_of_get_integration():
    found = loaded(
        """\
        {"type": "HTTP", "httpMethod": "GET", "uri": "http://a", "connectionType": "INTERNET", "cacheNamespace": "r1",
         "cacheKeyParameters": [], "passthroughBehavior": "WHEN_NO_MATCH", "timeoutInMillis": 29000,
         "integrationResponses": {"200": {"statusCode": "200", "selectionPattern": ""}}, "_links": {}}
        """
    )
    assert found.problems == ()
    made = integration_of(found)
    assert made.cache_namespace == "r1"
    assert [(each.status_code, each.selection_pattern) for each in made.integration_responses] == [("200", None)]


def test_yaml_does_as_well():
    found = loaded("type: HTTP\nhttpMethod: GET\nuri: http://a\nrequestTemplates:\n  application/json: |\n    {}\n")
    assert found.problems == ()
    assert integration_of(found).request_templates.items[0][1].text == "{}\n"


def test_a_template_file_that_is_not_there():
    found = loaded('{"type": "MOCK", "requestTemplates": {"application/json": "file://gone.vtl"}}')
    assert places(found.problems) == ["1:59 error read"]
    assert found.problems[0].message == "cannot read gone.vtl: there is no such file"
