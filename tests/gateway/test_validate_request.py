"""The validator. What was recorded on AWS is in ``fixtures/gateway/exchanges.json``; these rows are the rest."""

from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import findings as f
from vtlsim.gateway.model import Surroundings

MOCK = {
    "integration": {
        "type": "MOCK",
        "requestTemplates": {"application/json": '{"statusCode":200}', "text/plain": '{"statusCode":200}'},
    },
    "integrationResponses": [{"statusCode": "200"}],
}
SCHEMA = {"type": "object", "required": ["cups"], "properties": {"cups": {"type": "integer"}}}


def run(exchange: Any, models: dict[str, Any], body: str, content_type: str | None = None, around: Any = None) -> Any:
    headers = {} if content_type is None else {"Content-Type": content_type}
    return exchange(
        {
            **MOCK,
            "method": {"requestModels": models},
            "requestValidator": {"validateRequestBody": True},
            "request": {"method": "POST", "headers": headers, "body": body},
        },
        None,
        around,
    )


@pytest.mark.parametrize(
    "models, content_type, body, status",
    [
        ({"application/json": SCHEMA}, None, '{"cups": 1}', 200),
        ({"application/json": SCHEMA}, "application/json; charset=utf-8", '{"cups": "x"}', 400),
        ({"application/json": SCHEMA}, "text/plain", "{}", 200),  # documented: no model for that type
        ({"$default": SCHEMA}, "text/plain", "{}", 400),  # documented
        ({"$default": SCHEMA, "text/plain": {"type": "object"}}, "text/plain", "{}", 200),
        ({"application/json": SCHEMA}, None, "not json", 400),
        ({"application/json": SCHEMA}, None, '{"cups": 1', 400),
        ({"application/json": {"type": "array"}}, None, "[" * 100_000, 400),
        ({}, None, "not json", 200),
    ],
)
def test_body(models: dict[str, Any], content_type: str | None, body: str, status: int, exchange: Any) -> None:
    outcome = run(exchange, models, body, content_type)
    assert outcome.status == status
    if status == 400:
        assert outcome.text == '{"message": "Invalid request body"}'


def test_every_fault_has_its_place(exchange: Any) -> None:
    schema = {"type": "object", "required": ["pots"], "properties": {"cups": {"items": {"type": "integer"}}}}
    found = run(exchange, {"application/json": schema}, '{"cups": [1, "x"]}').finding(f.RequestValidated)
    assert sorted((each.path, each.keyword) for each in found.faults) == [("$", "required"), ("$.cups[1]", "type")]
    assert (found.model, found.media_type, found.body_valid) == ("model-application/json", "application/json", False)


def test_references_between_models(exchange: Any) -> None:
    def valid(schema: Any, body: str, models: dict[str, Any]) -> bool:
        outcome = exchange(
            {
                **MOCK,
                "model": schema,
                "models": models,
                "requestValidator": {"validateRequestBody": True},
                "request": {"method": "POST", "body": body},
            }
        )
        return bool(outcome.status == 200)

    models = {
        "Tea": SCHEMA,
        "Tree": {
            "type": "object",
            "properties": {"next": {"$ref": "#/definitions/Tree"}},
            "additionalProperties": False,
        },
    }
    for ref in (
        "https://apigateway.amazonaws.com/restapis/x/models/Tea",
        "#/definitions/Tea",
        "#/components/schemas/Tea",
    ):
        assert valid({"$ref": ref}, '{"cups": 1}', models)
        assert not valid({"$ref": ref}, "{}", models)
    # circular: recorded on AWS to work
    assert valid({"$ref": "#/definitions/Tree"}, '{"next": {"next": {}}}', models)
    assert not valid({"$ref": "#/definitions/Tree"}, '{"next": {"other": {}}}', models)
    assert not valid({"$ref": "https://x/models/Nowhere"}, "{}", models)


def test_another_validator_may_be_supplied(exchange: Any) -> None:
    around = Surroundings(
        validate=lambda schema, document, models: (("$.x", "own", f"{schema} {document} {len(models)}"),)
    )
    found = run(exchange, {"application/json": SCHEMA}, "{}", around=around).finding(f.RequestValidated)
    assert (found.faults[0].path, found.faults[0].keyword) == ("$.x", "own")


def test_a_model_that_is_not_defined_validates_nothing(exchange: Any) -> None:
    assert run(exchange, {"application/json": "Nowhere"}, "not json").status == 200


def test_blank_is_missing(exchange: Any) -> None:
    outcome = exchange(
        {
            **MOCK,
            "method": {
                "requestParameters": {
                    "method.request.querystring.a": True,
                    "method.request.header.B": True,
                    "method.request.header.c": False,
                }
            },
            "requestValidator": {"validateRequestParameters": True},
            "request": {"method": "GET", "query": "a=%20", "headers": {"b": "1"}},
        }
    )
    assert outcome.text == '{"message": "Missing required request parameters: [B, a]"}'
    found = outcome.finding(f.RequestValidated)
    assert [(each.parameter.name, each.required, each.present) for each in found.parameters] == [
        ("B", True, False),
        ("c", False, False),
        ("a", True, False),
    ]
    assert found.codes == ("GW011",)
