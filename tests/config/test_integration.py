"""One mapping becomes one Integration: AWS's defaults, AWS's messages, every fault with its place.

``AWS`` in a comment marks a message or default that was recorded on the service.
"""

from __future__ import annotations

import json

import pytest

from config.documents import loaded, places
from vtlsim.gateway.model import Integration

LAMBDA = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations"
)
TYPE = (
    "1 validation error detected: Value '{}' at 'putIntegrationInput.type' failed to satisfy constraint: "
    "Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]"
)
METHOD = "Enumeration value for HttpMethod must be non-empty"
MAPPING = "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: {}]"
PROXY = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
ARN = "AWS ARN for integration must contain path or action"


def integration(**fields: object) -> Integration:
    found = loaded(json.dumps(fields))
    assert found.problems == ()
    assert found.api is not None
    assert found.api.fallback is not None
    made = found.api.fallback.integration
    assert made is not None
    return made


def messages(**fields: object) -> list[str]:
    return [each.message for each in loaded(json.dumps(fields)).problems]


def test_defaults_of_http():  # AWS
    made = integration(type="HTTP", httpMethod="POST", uri="http://example.com")
    assert made._replace(origin=None) == Integration(
        type="HTTP",
        http_method="POST",
        uri="http://example.com",
        connection_type="INTERNET",
        passthrough_behavior="WHEN_NO_MATCH",
        timeout_in_millis=29_000,
        cache_key_parameters=(),
        cache_namespace=None,
    )


def test_a_mock_keeps_neither_uri_nor_method():  # AWS
    made = integration(type="MOCK", uri="http://example.com", httpMethod="POST")
    assert (made.uri, made.http_method) == (None, None)


@pytest.mark.parametrize(
    "fields, expected",
    [
        # AWS, each of them
        ({"type": "HTTPS_PROXY", "uri": "x"}, [TYPE.replace("{}", "HTTPS_PROXY")]),
        ({"type": "HTTP", "uri": "http://example.com"}, [METHOD]),
        ({"type": "HTTP_PROXY", "uri": "http://example.com"}, [METHOD]),
        ({"type": "HTTP", "uri": "non-valid-http", "httpMethod": "POST"}, ["Invalid HTTP endpoint specified for URI"]),
        (
            {"type": "HTTP_PROXY", "uri": "non-valid-http", "httpMethod": "POST"},
            ["Invalid HTTP endpoint specified for URI"],
        ),
        ({"type": "AWS", "uri": "non-valid-arn", "httpMethod": "POST"}, ["Invalid ARN specified in the request"]),
        ({"type": "AWS", "uri": "arn:aws:iam::000:role/service-role/asdf", "httpMethod": "POST"}, [ARN]),
        ({"type": "AWS_PROXY", "uri": "arn:aws:lambda:us-east-1:000:function:f", "httpMethod": "POST"}, [ARN]),
        ({"type": "AWS_PROXY", "uri": LAMBDA.replace(":path/", ":test/"), "httpMethod": "POST"}, [ARN]),
        (
            {
                "type": "AWS_PROXY",
                "uri": "bad-arn:lambda:path/2015-03-31/functions/f/invocations",
                "httpMethod": "POST",
            },
            ["Invalid ARN specified in the request"],
        ),
        ({"type": "AWS_PROXY", "uri": LAMBDA.replace(":lambda:path", ":firehose:path"), "httpMethod": "POST"}, [PROXY]),
        ({"type": "AWS_PROXY", "uri": LAMBDA.replace("2015-03-31", "random"), "httpMethod": "POST"}, [PROXY]),
        ({"type": "AWS_PROXY", "uri": "arn:aws:apigateway:us-east-1:s3:path/b/k", "httpMethod": "POST"}, [PROXY]),
        (
            {"type": "AWS_PROXY", "uri": "arn:aws:apigateway:us-east-1:dynamodb:action/Query", "httpMethod": "POST"},
            [PROXY],
        ),
        # quoted by users, or documented
        ({"type": "MOCK", "passthroughBehavior": "SOMETIMES"}, ["Invalid passthrough behavior specified"]),
        ({"type": "MOCK", "timeoutInMillis": 49}, ["Timeout should be between 50 ms and 29000 ms"]),
        ({"type": "MOCK", "timeoutInMillis": 29001}, ["Timeout should be between 50 ms and 29000 ms"]),
        ({"type": "MOCK", "cacheKeyParameters": ["method.request.path.id"]}, ["Invalid cache key parameter specified"]),
        # ours
        ({"uri": "http://example.com", "httpMethod": "POST"}, ["an integration needs a type"]),
        ({"type": "HTTP", "httpMethod": "POST"}, ["an integration of type HTTP needs a uri"]),
        ({"type": "HTTP", "uri": "http://a", "httpMethod": "FETCH"}, ["'FETCH' is no httpMethod"]),
        (
            {"type": "HTTP", "uri": "http://a", "httpMethod": "GET", "connectionType": "VPC_LINK"},
            ["connectionType VPC_LINK needs a connectionId: the id of the VPC link"],
        ),
        (
            {"type": "HTTP", "uri": "http://a", "httpMethod": "GET", "connectionId": "v1"},
            ["connectionId is used with connectionType VPC_LINK only"],
        ),
        (
            {"type": "AWS", "uri": LAMBDA, "httpMethod": "POST", "tlsConfig": {"insecureSkipVerification": True}},
            ["tlsConfig is supported only for HTTP and HTTP_PROXY integrations"],
        ),
        ({"type": "MOCK", "timeoutInMillis": "soon"}, ["timeoutInMillis: expected an integer, found '\"soon\"'"]),
        (
            {"type": "MOCK", "requestTemplates": []},
            ["requestTemplates: expected a mapping from media types to templates, found a list"],
        ),
    ],
)
def test_what_the_service_refuses(fields, expected):
    assert messages(**fields) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {
            "type": "AWS",
            "uri": "arn:aws:apigateway:us-east-1:s3:path/b/k",
            "httpMethod": "POST",
            "credentials": "arn:aws:iam::1:role/r",
        },
        {"type": "AWS", "uri": LAMBDA, "httpMethod": "POST", "credentials": "arn:aws:iam::*:user/*"},
        {"type": "AWS_PROXY", "uri": LAMBDA, "httpMethod": "POST"},
        {"type": "AWS_PROXY", "uri": LAMBDA.replace(":f/", ":${stageVariables.f}/"), "httpMethod": "POST"},
        {"type": "HTTP", "uri": "http://${stageVariables.host}/x", "httpMethod": "ANY"},
        {"type": "HTTP", "uri": "${stageVariables.url}", "httpMethod": "ANY"},
        {
            "type": "HTTP_PROXY",
            "uri": "https://nlb.example.com",
            "httpMethod": "GET",
            "connectionType": "VPC_LINK",
            "connectionId": "${stageVariables.vpcLinkId}",
            "tlsConfig": {"insecureSkipVerification": True},
        },
        {"type": "MOCK", "timeoutInMillis": "50"},
        {
            "type": "HTTP",
            "uri": "http://a/{id}",
            "httpMethod": "GET",
            "requestParameters": {"integration.request.path.id": "method.request.path.key"},
            "cacheKeyParameters": ["integration.request.path.id"],
            "cacheNamespace": "shared",
        },
    ],
)
def test_what_the_service_takes(fields):
    integration(**fields)


def test_every_fault_at_once_each_with_its_place_and_the_nearest_name():
    found = loaded(
        """\
        {
          "typ": "HTTP",
          "type": "HTTPS",
          "httpMethod": "PSOT",
          "requestParameters": {
            "integration.request.heder.X": "method.request.header.X",
            "integration.request.header.Y": "application/json",
            "integration.request.header.Z": true,
            "integration.request.header.W": "method.requset.querystring.q",
            "integration.request.header.V": "method.request.body.a[0",
            "integration.request.header.": "'x'"
          },
          "requestTemplates": {"application/json": 12, "json": "x"},
          "passthroughBehavior": "WHEN_NO_MATCHES",
          "contentHandling": "CONVERT_TO_TXT",
          "timeoutInMillis": 10,
          "tlsConfig": {"insecureSkipVerificaton": true}
        }
        """
    )
    assert [(f"{each.line}:{each.column}", each.code, each.text, each.nearest) for each in found.problems] == [
        ("2:3", "unknown-field", '"typ"', "type"),
        ("3:11", "wrong-type", '"HTTPS"', "HTTP"),
        ("4:17", "wrong-httpMethod", '"PSOT"', "POST"),
        ("6:26", "mapping-expression", "heder", "integration.request.header.X"),
        ("7:37", "mapping-expression", '"application/json"', "'application/json'"),
        ("8:37", "not-a-text", "true", None),
        ("9:45", "mapping-expression", "requset", "method.request.querystring.q"),
        ("11:5", "mapping-expression", '"integration.request.header."', None),
        ("13:44", "not-a-text", "12", None),
        ("13:48", "content-type", '"json"', None),
        ("14:26", "wrong-passthroughBehavior", '"WHEN_NO_MATCHES"', "WHEN_NO_MATCH"),
        ("15:22", "wrong-contentHandling", '"CONVERT_TO_TXT"', "CONVERT_TO_TEXT"),
        ("16:22", "timeout", "10", None),
        ("17:17", "unknown-field", '"insecureSkipVerificaton"', "insecureSkipVerification"),
    ]


def test_a_value_that_is_no_text():  # AWS, of a boolean among the parameters and of a number among response templates
    boolean = "class java.lang.Boolean can not be converted to an String"
    number = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String"
    assert messages(type="MOCK", requestParameters={"integration.request.header.a": True}) == [boolean]
    assert messages(type="MOCK", requestTemplates={"application/json": 123}) == [number]


def test_a_mapping_that_makes_no_sense():  # AWS, of PutMethod's parameters
    assert messages(type="MOCK", requestParameters={"true": "'x'"}) == [MAPPING.replace("{}", "true")]


def test_yaml_takes_the_quotes_of_a_static_value_away():
    found = loaded("type: MOCK\nrequestParameters:\n  integration.request.header.A: 'text/plain'\n")
    assert places(found.problems) == ["3:33 error mapping-expression"]
    assert found.problems[0].nearest == "'text/plain'"


@pytest.mark.parametrize(
    "response, expected",
    [
        ({"statusCode": "wrong"}, ["status-code"]),  # AWS
        ({"statusCode": "200", "responseTemplates": {"123": "x"}}, ["content-type"]),  # AWS
        ({"statusCode": "200", "selectionPattern": "("}, ["selection-pattern"]),
        ({"statusCode": "200", "selectionPattern": r"[\s\S]*\[4\d{2}\][\s\S]*"}, []),
        ({"statusCode": "200", "selectionPattern": r"\p{Alpha}++(?<n>x)\k<n>"}, []),
        ({"statusCode": 200, "contentHandling": "CONVERT"}, ["wrong-contentHandling"]),
        ({"statusCode": "200", "responseParameters": {"method.response.heder.A": "'x'"}}, ["mapping-expression"]),
        (
            {"statusCode": "200", "responseParameters": {"method.response.header.A": "method.request.header.A"}},
            ["mapping-expression"],
        ),
        ({"statuscode": "200"}, ["unknown-field"]),
        ({"statusCode": None}, ["no-status-code"]),
    ],
)
def test_integration_responses(response, expected):
    found = loaded(json.dumps({"type": "MOCK", "integrationResponses": {"200": response}}))
    assert [each.code for each in found.problems] == expected


def test_an_empty_response_template_comes_back_as_null():  # AWS
    found = loaded(
        json.dumps({"type": "MOCK", "integrationResponses": {"200": {"responseTemplates": {"application/json": None}}}})
    )
    assert found.problems == ()
    assert found.api is not None
    assert found.api.fallback is not None
    assert found.api.fallback.integration is not None
    (response,) = found.api.fallback.integration.integration_responses
    assert [template.text for _, template in response.response_templates] == [""]
    assert response.status_code == "200"
