"""API keys: which values open which Api, in each format that has them."""

from __future__ import annotations

import json

import pytest

from config.documents import loaded, places

CLOUDFORMATION = """\
    Resources:
      Shop:
        Type: AWS::ApiGateway::RestApi
        Properties: {Name: shop}
      Get:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Shop
          ResourceId: !GetAtt Shop.RootResourceId
          HttpMethod: GET
          AuthorizationType: NONE
          ApiKeyRequired: true
          Integration: {Type: MOCK}
      Other:
        Type: AWS::ApiGateway::RestApi
        Properties: {Name: other}
      OtherGet:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Other
          ResourceId: !GetAtt Other.RootResourceId
          HttpMethod: GET
          AuthorizationType: NONE
          Integration: {Type: MOCK}
"""

LINKED = """\
      Plan:
        Type: AWS::ApiGateway::UsagePlan
        Properties: {ApiStages: [{ApiId: !Ref Shop, Stage: prod}]}
      Link:
        Type: AWS::ApiGateway::UsagePlanKey
        Properties: {KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan}
      Key:
        Type: AWS::ApiGateway::ApiKey
        Properties: {Value: abcdefghijklmnopqrst, Enabled: true}
"""

STAGE_KEY = """
        Type: AWS::ApiGateway::ApiKey
        Properties: {Value: v, StageKeys: [{RestApiId: !Ref Other, StageName: s}]}
"""

KEYS = [
    (LINKED, "Shop", {"abcdefghijklmnopqrst": "Key"}, []),
    (LINKED, "Other", {}, []),
    (LINKED.partition("      Key:")[2].join(("      Key:", "")), "Other", {"abcdefghijklmnopqrst": "Key"}, []),
    (LINKED.replace("Enabled: true", "Enabled: false"), "Shop", {}, []),
    (LINKED.replace("Value: abcdefghijklmnopqrst", "Name: mobile"), "Shop", {"mobile": "Key"}, ["32:5 warning CFG030"]),
    (
        LINKED.partition("      Key:")[1] + STAGE_KEY,
        "Shop",
        {},
        [],
    ),
]


@pytest.mark.parametrize("resources, api, keys, said", KEYS)
def test_a_template_links_keys_to_apis(resources, api, keys, said):
    found = loaded(CLOUDFORMATION + resources, api=api)
    assert found.api is not None
    assert dict(found.api.api_keys) == keys
    assert places(found.problems) == said


SAM = """\
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Shop:
        Type: AWS::Serverless::Api
        Properties:
          StageName: prod
          Auth: {ApiKeyRequired: true, UsagePlan: {CreateUsagePlan: PER_API}}
      Read:
        Type: AWS::Serverless::Function
        Properties:
          Events:
            Get: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /, Method: get}}
            Free:
              Type: Api
              Properties: {RestApiId: !Ref Shop, Path: /free, Method: get, Auth: {ApiKeyRequired: false}}
"""


def test_sam_makes_a_key_and_an_event_may_do_without():
    found = loaded(SAM)
    assert found.api is not None
    assert dict(found.api.api_keys) == {"ShopApiKey": "ShopApiKey"}
    assert places(found.problems) == ["7:65 warning CFG030"]
    assert {each.path: each.methods["GET"].api_key_required for each in found.api.resources} == {
        "/": True,
        "/free": False,
    }


def test_an_event_of_sam_may_need_a_key():
    found = loaded(SAM.replace("{ApiKeyRequired: true, UsagePlan", "{UsagePlan").replace("false", "true"))
    assert found.api is not None
    assert [each.methods["GET"].api_key_required for each in found.api.resources] == [False, True]


SERVERLESS = """\
    service: shop
    provider:
      name: aws
      apiGateway:
        apiKeys:
          - plain
          - {name: named, value: abcdefghijklmnopqrst}
          - {value: zyxwvutsrqponmlkjihg, enabled: false}
          - free: [of-a-plan, {value: bcdefghijklmnopqrstu}]
    functions:
      read: {handler: h.f, events: [{http: {path: /, method: get, private: true}}]}
"""


def test_keys_of_serverless():
    found = loaded(SERVERLESS)
    assert found.api is not None
    assert dict(found.api.api_keys) == {
        "plain": "plain",
        "abcdefghijklmnopqrst": "named",
        "of-a-plan": "of-a-plan",
        "bcdefghijklmnopqrstu": "bcdefghijklmnopqrstu",
    }
    assert places(found.problems) == ["6:9 warning CFG030", "9:16 warning CFG030"]


PLUGINS = """\
service: shop
provider: {name: aws}
functions:
  read: {handler: h.f, events: [{http: {path: /, method: get}}]}
custom:
  apiGatewayServiceProxies: [{sqs: {path: /q, method: post}}]
stepFunctions:
  stateMachines:
    pay:
      events: [{http: {path: /pay, method: post}}, {schedule: rate(1 day)}]
"""


def test_what_plugins_read_is_told():
    found = loaded(PLUGINS)
    assert places(found.problems) == ["6:3 warning CFG027", "10:17 warning CFG027"]
    assert "http events of the state machine pay" in found.problems[1].message


def _plan(*resources, configuration=()):
    shop = ("aws_api_gateway_rest_api", "shop", {"name": "shop", "id": "shop1"})
    other = ("aws_api_gateway_rest_api", "other", {"name": "other", "id": "other1"})
    method = (
        "aws_api_gateway_method",
        "get",
        {"rest_api_id": "shop1", "resource_id": "x", "http_method": "GET", "api_key_required": True},
    )
    integration = (
        "aws_api_gateway_integration",
        "get",
        {"rest_api_id": "shop1", "resource_id": "x", "http_method": "GET", "type": "MOCK"},
    )
    return json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {
                "root_module": {
                    "resources": [
                        {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "values": values}
                        for kind, name, values in (shop, other, method, integration, *resources)
                    ]
                }
            },
            "configuration": {"root_module": {"resources": list(configuration)}},
        }
    )


KEY = ("aws_api_gateway_api_key", "k", {"name": "mobile", "value": "abcdefghijklmnopqrst", "enabled": True, "id": "k1"})
PLAN = ("aws_api_gateway_usage_plan", "p", {"id": "p1", "api_stages": [{"api_id": "shop1", "stage": "prod"}]})
LINK = ("aws_api_gateway_usage_plan_key", "l", {"key_id": "k1", "usage_plan_id": "p1", "key_type": "API_KEY"})
UNKNOWN_PLAN = ("aws_api_gateway_usage_plan", "p", {"api_stages": [{"stage": "prod"}]})
UNKNOWN_LINK = ("aws_api_gateway_usage_plan_key", "l", {"key_type": "API_KEY"})
UNKNOWN_KEY = ("aws_api_gateway_api_key", "k", {"name": "mobile", "enabled": True})
EXPRESSIONS = (
    {
        "type": "aws_api_gateway_usage_plan",
        "name": "p",
        "expressions": {"api_stages": [{"api_id": {"references": ["aws_api_gateway_rest_api.shop.id"]}}]},
    },
    {
        "type": "aws_api_gateway_usage_plan_key",
        "name": "l",
        "expressions": {
            "key_id": {"references": ["aws_api_gateway_api_key.k.id"]},
            "usage_plan_id": {"references": ["aws_api_gateway_usage_plan.p.id"]},
        },
    },
)


@pytest.mark.parametrize(
    "resources, configuration, api, keys",
    [
        ((KEY, PLAN, LINK), (), "shop", {"abcdefghijklmnopqrst": "k1"}),
        ((KEY, PLAN, LINK), (), "other", {}),
        ((KEY,), (), "other", {"abcdefghijklmnopqrst": "k1"}),
        ((UNKNOWN_KEY, UNKNOWN_PLAN, UNKNOWN_LINK), EXPRESSIONS, "shop", {"mobile": "aws_api_gateway_api_key.k"}),
        ((UNKNOWN_KEY, UNKNOWN_PLAN, UNKNOWN_LINK), EXPRESSIONS, "other", {}),
    ],
)
def test_keys_of_a_plan(resources, configuration, api, keys):
    found = loaded(_plan(*resources, configuration=configuration), api=api)
    assert found.api is not None
    assert dict(found.api.api_keys) == keys
