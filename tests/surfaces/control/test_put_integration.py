"""PutIntegration as its page in the API reference says, field by field."""

from __future__ import annotations

import json

import pytest

from control.talking import Refusal, Talk
from vtlsim.surfaces.control.app import ControlPlane

ROLE = "arn:aws:iam::123456789012:role/apigAwsProxyRole"
KINESIS = {
    "type": "AWS",
    "integrationHttpMethod": "POST",
    "uri": "arn:aws:apigateway:us-east-1:kinesis:action/ListStreams",
    "credentials": ROLE,
    "requestParameters": {"integration.request.header.Content-Type": "'application/x-amz-json-1.1'"},
    "requestTemplates": {"application/json": "{\n}"},
    "passthroughBehavior": "WHEN_NO_MATCH",
}
HTTP = {"type": "HTTP", "integrationHttpMethod": "POST", "uri": "http://example.com/a"}


@pytest.fixture
def method(talk):
    api = talk.call("CreateRestApi", name="page")
    resource = talk.call("CreateResource", restApiId=api["id"], parentId=api["rootResourceId"], pathPart="streams")
    ids = {"restApiId": api["id"], "resourceId": resource["id"], "httpMethod": "GET"}
    declared = {"method.request.querystring.q": False, "method.request.header.X-A": False}
    talk.call("PutMethod", **ids, authorizationType="NONE", requestParameters=declared)
    return ids


def path_of(method):
    return "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration".format(**method)


def test_the_pages_example_answers_hal(plane, talk, method):
    found = Talk(plane, accept="*/*").call("PutIntegration", **method, **KINESIS)
    links = found.pop("_links")
    at = path_of(method)
    assert [each["name"] for each in links.pop("curies")] == ["integration", "integrationresponse"]
    assert links == {
        "self": {"href": at},
        "integration:delete": {"href": at},
        "integration:update": {"href": at},
        "integrationresponse:put": {"href": f"{at}/responses/{{status_code}}", "templated": True},
    }
    assert found == {
        "cacheKeyParameters": [],
        "cacheNamespace": method["resourceId"],
        "credentials": ROLE,
        "httpMethod": "POST",
        "passthroughBehavior": "WHEN_NO_MATCH",
        "requestParameters": KINESIS["requestParameters"],
        "requestTemplates": {"application/json": "{\n}"},
        "timeoutInMillis": 29000,
        "type": "AWS",
        "uri": KINESIS["uri"],
    }


@pytest.mark.parametrize(
    "accept, kind",
    [
        (None, "application/hal+json"),
        ("*/*", "application/hal+json"),
        ("application/hal+json", "application/hal+json"),
        ("application/json", "application/json"),
        ("text/html, */*", "application/json"),
    ],
)
def test_hal_is_for_those_who_want_it(talk, method, accept, kind):
    talk.call("PutIntegration", **method, **HTTP)
    found = talk.send("GET", path_of(method), headers={} if accept is None else {"accept": accept})
    assert talk.headers["Content-Type"] == kind
    assert ("_links" in found) == (kind == "application/hal+json")


def test_every_field_is_kept_and_comes_back(talk, method):
    given = {
        **HTTP,
        "connectionType": "VPC_LINK",
        "connectionId": "abc123",
        "credentials": ROLE,
        "requestParameters": {"integration.request.header.X-B": "method.request.header.X-A"},
        "requestTemplates": {"application/json": "$input.body", "text/xml": "<x/>"},
        "passthroughBehavior": "NEVER",
        "cacheNamespace": "shared",
        "cacheKeyParameters": ["method.request.querystring.q"],
        "contentHandling": "CONVERT_TO_TEXT",
        "timeoutInMillis": 50,
        "tlsConfig": {"insecureSkipVerification": True},
    }
    talk.call("PutIntegration", **method, **given)
    assert talk.status == 201
    found = talk.call("GetIntegration", **method)
    assert found == {
        ("httpMethod" if name == "integrationHttpMethod" else name): value for name, value in given.items()
    }


ARN = "Validation Result: warnings : [], errors : "

REFUSED = [
    (
        {"type": "HTTP", "uri": "http://x.y"},
        "BadRequestException",
        "Enumeration value for HttpMethod must be non-empty",
    ),
    ({**HTTP, "uri": "ftp://x"}, "BadRequestException", "Invalid HTTP endpoint specified for URI"),
    ({**HTTP, "timeoutInMillis": 49}, "BadRequestException", "Timeout should be between 50 ms and 29000 ms"),
    ({**HTTP, "timeoutInMillis": 29001}, "BadRequestException", "Timeout should be between 50 ms and 29000 ms"),
    ({**HTTP, "passthroughBehavior": "ALWAYS"}, "BadRequestException", "Invalid passthrough behavior specified"),
    (
        {**HTTP, "requestTemplates": {"json": "x"}},
        "BadRequestException",
        f"{ARN}[Invalid content type specified: json]",
    ),
    (
        {**HTTP, "requestParameters": {"integration.request.header.X": "method.request.header.Y"}},
        "BadRequestException",
        (
            f"Invalid mapping expression specified: {ARN}[Invalid mapping expression parameter specified: "
            "method.request.header.Y]"
        ),
    ),
    (
        {**HTTP, "requestParameters": {"integration.request.cookie.X": "'1'"}},
        "BadRequestException",
        (
            f"Invalid mapping expression specified: {ARN}[Invalid mapping expression specified: "
            "integration.request.cookie.X]"
        ),
    ),
    (
        {**HTTP, "cacheKeyParameters": ["method.request.querystring.z"]},
        "BadRequestException",
        "Invalid cache key parameter specified",
    ),
    (
        {**HTTP, "contentHandling": "BOTH", "connectionType": "CABLE"},
        "ValidationException",
        (
            "2 validation errors detected: Value 'CABLE' at 'putIntegrationInput.connectionType' failed to satisfy "
            "constraint: Member must satisfy enum value set: [INTERNET, VPC_LINK]; Value 'BOTH' at "
            "'putIntegrationInput.contentHandling' failed to satisfy constraint: Member must satisfy enum value set: "
            "[CONVERT_TO_BINARY, CONVERT_TO_TEXT]"
        ),
    ),
    (
        {},
        "ValidationException",
        "1 validation error detected: Value null at 'putIntegrationInput.type' failed to satisfy constraint: Member must not be null",
    ),
    (
        {**HTTP, "uri": 7},
        "SerializationException",
        "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String",
    ),
    ({**HTTP, "uri": {"a": 1}}, "SerializationException", "Start of structure or map found where not expected."),
    ({**HTTP, "uri": ["a"]}, "SerializationException", "Start of list found where not expected"),
    (
        {**HTTP, "timeoutInMillis": "1000"},
        "SerializationException",
        "class java.lang.String can not be converted to an Integer",
    ),
    ({**HTTP, "requestTemplates": []}, "SerializationException", "Expected map or null"),
    ({**HTTP, "cacheKeyParameters": {}}, "SerializationException", "Expected list or null"),
    (
        {**HTTP, "requestTemplate": {}},
        "BadRequestException",
        "PutIntegration has no member 'requestTemplate'; did you mean 'requestTemplates'?",
    ),
]


@pytest.mark.parametrize(
    "given, kind, message", REFUSED, ids=[f"{each[1]} {number}" for number, each in enumerate(REFUSED)]
)
def test_what_it_refuses(talk, method, given, kind, message):
    body = {("httpMethod" if name == "integrationHttpMethod" else name): value for name, value in given.items()}
    with pytest.raises(Refusal) as caught:
        talk.send("PUT", path_of(method), body=json.dumps(body).encode())
    assert (caught.value.type, caught.value.message, caught.value.status) == (kind, message, 400)
    with pytest.raises(Refusal, match="Invalid Integration identifier specified"):
        talk.call("GetIntegration", **method)


def test_a_template_of_more_than_300_kb(talk, method):
    talk.call("PutIntegration", **method, **{**HTTP, "requestTemplates": {"application/json": "x" * (300 * 1024)}})
    with pytest.raises(Refusal, match="300 KB") as caught:
        talk.call("PutIntegration", **method, **{**HTTP, "requestTemplates": {"application/json": "x" * (301 * 1024)}})
    assert caught.value.status == 400


def test_a_second_put_replaces_the_first_with_its_responses(talk, method):
    talk.call("PutIntegration", **method, **HTTP)
    talk.call("PutIntegrationResponse", **method, statusCode="200")
    found = talk.call("PutIntegration", **method, **KINESIS)
    assert found["type"] == "AWS"
    assert "integrationResponses" not in found


PATCHES = [
    ({"op": "replace", "path": "/uri", "value": "http://other/"}, {"uri": "http://other/"}),
    ({"op": "replace", "path": "/httpMethod", "value": "PUT"}, {"httpMethod": "PUT"}),
    ({"op": "replace", "path": "/passthroughBehavior", "value": "NEVER"}, {"passthroughBehavior": "NEVER"}),
    ({"op": "replace", "path": "/timeoutInMillis", "value": "60"}, {"timeoutInMillis": 60}),
    ({"op": "replace", "path": "/cacheNamespace", "value": "n"}, {"cacheNamespace": "n"}),
    ({"op": "replace", "path": "/credentials", "value": ROLE}, {"credentials": ROLE}),
    ({"op": "replace", "path": "/contentHandling", "value": "CONVERT_TO_TEXT"}, {"contentHandling": "CONVERT_TO_TEXT"}),
    (
        {"op": "replace", "path": "/tlsConfig/insecureSkipVerification", "value": "true"},
        {"tlsConfig": {"insecureSkipVerification": True}},
    ),
    (
        {"op": "add", "path": "/requestTemplates/application~1json", "value": "a~1b"},
        {"requestTemplates": {"text/xml": "<x/>", "application/json": "a~1b"}},
    ),
    (
        {"op": "replace", "path": "/requestTemplates/text~1xml", "value": "<y/>"},
        {"requestTemplates": {"text/xml": "<y/>"}},
    ),
    ({"op": "remove", "path": "/requestTemplates/text~1xml"}, {"requestTemplates": None}),
    (
        {"op": "add", "path": "/requestParameters/integration.request.header.Accept", "value": "'text/xml'"},
        {"requestParameters": {"integration.request.header.Accept": "'text/xml'"}},
    ),
    (
        {"op": "add", "path": "/cacheKeyParameters/method.request.querystring.q"},
        {"cacheKeyParameters": ["method.request.querystring.q"]},
    ),
]


@pytest.mark.parametrize("operation, change", PATCHES, ids=[f"{each[0]['op']} {each[0]['path']}" for each in PATCHES])
def test_a_patch_changes_that_alone(talk, method, operation, change):
    before = talk.call("PutIntegration", **method, **HTTP, requestTemplates={"text/xml": "<x/>"})
    found = talk.call("UpdateIntegration", **method, patchOperations=[operation])
    assert found == {name: value for name, value in {**before, **change}.items() if value is not None}
    assert talk.call("GetIntegration", **method) == found


WRONG_PATCHES = [
    ({"op": "replace", "path": "/nothing", "value": "1"}, "Invalid patch path /nothing"),
    ({"op": "replace", "path": "uri", "value": "1"}, "Invalid patch path uri"),
    ({"op": "replace", "value": "1"}, "Invalid patch path null"),
    ({"op": "add", "path": "/requestTemplates", "value": "{}"}, "Invalid patch path /requestTemplates"),
    ({"op": "add", "path": "/requestTemplates/text/xml", "value": ""}, "Invalid patch path /requestTemplates/text/xml"),
    ({"op": "remove", "path": "/uri"}, "Invalid patch operation specified. Must be one of: [replace]"),
    ({"op": "replace", "path": "/timeoutInMillis", "value": "1"}, "Timeout should be between 50 ms and 29000 ms"),
    ({"op": "replace", "path": "/uri", "value": "nowhere"}, "Invalid HTTP endpoint specified for URI"),
    ({"op": "remove", "path": "/requestTemplates/a~1b"}, "Content-Type specified was not found"),
]


@pytest.mark.parametrize("operation, message", WRONG_PATCHES, ids=[str(each[0].get("path")) for each in WRONG_PATCHES])
def test_a_patch_that_cannot_be_changes_nothing(talk, method, operation, message):
    before = talk.call("PutIntegration", **method, **HTTP)
    good = {"op": "replace", "path": "/cacheNamespace", "value": "half"}
    with pytest.raises(Refusal) as caught:
        talk.call("UpdateIntegration", **method, patchOperations=[good, operation])
    assert caught.value.message == message
    assert talk.call("GetIntegration", **method) == before


def test_it_is_heard_from_a_skeleton_that_names_the_ids_again():
    """``--cli-input-json`` and generated code leave the ids in the body too."""
    talk = Talk(ControlPlane())
    api = talk.call("CreateRestApi", name="x")
    ids = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    talk.call("PutMethod", **ids, authorizationType="NONE")
    body = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "type": "MOCK"}
    assert talk.send("PUT", path_of(ids), body=json.dumps(body).encode())["type"] == "MOCK"
