"""Answers of get-resources, get-resource and get-method."""

from __future__ import annotations

import json

import pytest

from config.documents import loaded, places
from vtlsim.gateway.model import Validator

MOCK = {"httpMethod": "GET", "authorizationType": "NONE", "methodIntegration": {"type": "MOCK"}}


def document(method: dict, **more: object) -> str:
    return json.dumps({"items": [{"id": "r1", "path": "/a", "resourceMethods": {"GET": method}}], **more})


def test_ids_are_kept():
    found = loaded(document(MOCK))
    assert found.problems == ()
    assert found.api is not None
    assert [(each.id, each.path) for each in found.api.resources] == [("r1", "/a")]


def test_one_resource_alone():
    found = loaded(json.dumps({"id": "r1", "path": "/a", "resourceMethods": {"GET": MOCK}}))
    assert found.api is not None
    assert [each.path for each in found.api.resources] == ["/a"]


def test_hal():
    item = {"id": "r1", "path": "/a", "resourceMethods": {"GET": {**MOCK, "_links": {}}}, "_links": {}}
    found = loaded(json.dumps({"_links": {}, "_embedded": {"item": [item]}}))
    assert found.problems == ()
    assert found.format == "get-resources"


def test_one_method_alone_serves_every_path():
    found = loaded(json.dumps(MOCK))
    assert found.format == "get-method"
    assert found.api is not None
    assert found.api.fallback is not None
    assert found.api.fallback.http_method == "GET"


def test_what_the_sister_calls_answer():
    found = loaded(
        document(
            {**MOCK, "requestValidatorId": "v1", "requestModels": {"application/json": "Order"}},
            restApi={"id": "a1", "name": "shop", "apiKeySource": "AUTHORIZER", "minimumCompressionSize": 10},
            requestValidators={"items": [{"id": "v1", "name": "body", "validateRequestBody": True}]},
            models={"items": [{"name": "Order", "contentType": "application/json", "schema": '{"type": "object"}'}]},
            gatewayResponses={
                "items": [
                    {"responseType": "THROTTLED", "statusCode": "503", "defaultResponse": False},
                    {"responseType": "UNAUTHORIZED", "statusCode": "401", "defaultResponse": True},
                ]
            },
            stages={"item": [{"stageName": "prod", "variables": {"a": "b"}, "canarySettings": {}}]},
        )
    )
    assert found.problems == ()
    api = found.api
    assert api is not None
    assert (api.id, api.name, api.api_key_source, api.minimum_compression_size) == ("a1", "shop", "AUTHORIZER", 10)
    assert api.resources[0].methods["GET"].validator == Validator(body=True, parameters=False, name="body")
    assert api.models["Order"].schema == {"type": "object"}
    assert list(api.gateway_responses) == ["THROTTLED"]
    assert (dict(api.stages["prod"].variables), api.stages["prod"].canary) == ({"a": "b"}, True)


@pytest.mark.parametrize(
    "method, code",
    [
        ({}, "not-embedded"),
        ({**MOCK, "methodIntegraton": {}}, "unknown-field"),
        ({"httpMethod": "GET"}, "no-integration"),
        ({**MOCK, "requestValidatorId": "v9"}, "no-validator"),
        ({**MOCK, "requestParameters": {"true": True}}, "mapping-expression"),
        ({**MOCK, "methodIntegration": {"type": "MOCK", "timeoutInMillis": 1}}, "timeout"),
    ],
)
def test_faults(method, code):
    assert code in [each.code for each in loaded(document(method)).problems]


def test_a_method_that_is_none():
    found = loaded(json.dumps({"items": [{"path": "/a", "resourceMethods": {"FETCH": MOCK}}]}))
    assert places(found.problems)[0].endswith("error wrong-method")
    assert found.problems[0].message == (
        "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"
    )
