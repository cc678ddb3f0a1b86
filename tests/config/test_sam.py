"""The Serverless Application Model."""

from __future__ import annotations

import pytest

from config.documents import loaded
from vtlsim.gateway.model import Validator

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
EVENTS = """
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: orders
      Events:
        Get: {Type: Api, Properties: {Path: /orders/{id}, Method: get}}
        Any: {Type: Api, Properties: {Path: /orders, Method: ANY}}
"""


def methods(found) -> dict[str, list[str]]:
    assert found.api is not None
    return {each.path: list(each.methods) for each in found.api.resources}


def method_of(found, path, verb):
    assert found.api is not None
    return next(each for each in found.api.resources if each.path == path).methods[verb]


def test_events_of_functions_make_the_implicit_api():
    found = loaded(HEAD + "Resources:" + EVENTS.replace("/orders/{id}", "'/orders/{id}'"))
    assert found.problems == ()
    assert found.name == "ServerlessRestApi"
    assert methods(found) == {"/orders": ["ANY"], "/orders/{id}": ["GET"]}
    assert found.api is not None
    assert list(found.api.stages) == ["Prod"]
    integration = method_of(found, "/orders", "ANY").integration
    assert integration is not None
    assert (integration.type, integration.uri) == (
        "AWS_PROXY",
        (
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
            "arn:aws:lambda:us-east-1:123456789012:function:orders/invocations"
        ),
    )


def test_an_api_with_everything():
    found = loaded(
        HEAD
        + """
Globals:
  Api: {Variables: {a: x}, Cors: {AllowOrigin: "'*'", AllowHeaders: "'X-A'"}, BinaryMediaTypes: [image~1gif]}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      Name: shop
      StageName: live
      Variables: {b: y}
      BinaryMediaTypes: [image~1png]
      EndpointConfiguration: REGIONAL
      GatewayResponses:
        DEFAULT_4XX: {StatusCode: 418, ResponseParameters: {Headers: {X-A: "'b'"}}, ResponseTemplates: {application/json: '{}'}}
      Models: {Order: {type: object}}
      Auth: {DefaultAuthorizer: Pool, ApiKeyRequired: true, Authorizers: {Pool: {UserPoolArn: arn:aws:cognito}}}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      Events:
        A:
          Type: Api
          Properties:
            RestApiId: !Ref Api
            Path: /a
            Method: POST
            RequestModel: {Model: Order, ValidateBody: true}
            RequestParameters: [method.request.header.A, {method.request.querystring.q: {Required: true}}]
        Open: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /open, Method: GET, Auth: {Authorizer: NONE}}}
"""
    )
    assert found.problems == ()
    api = found.api
    assert api is not None
    assert (api.name, api.binary_media_types, api.endpoint_type) == ("shop", ("image/gif", "image/png"), "REGIONAL")
    assert dict(api.stages["live"].variables) == {"a": "x", "b": "y"}
    response = api.gateway_responses["DEFAULT_4XX"]
    assert response.status_code == 418
    assert [(each.target.name, each.source.expression) for each in response.parameters] == [("X-A", "'b'")]
    made = method_of(found, "/a", "POST")
    assert (made.authorization_type, made.authorizer, made.api_key_required) == ("COGNITO_USER_POOLS", "Pool", True)
    assert made.request_models == {"application/json": "Order"}
    assert made.validator == Validator(body=True, parameters=False, name="body-only")
    assert [(each.parameter.expression, each.required) for each in made.request_parameters] == [
        ("method.request.header.A", False),
        ("method.request.querystring.q", True),
    ]
    assert made.integration is not None
    assert made.integration.uri is not None
    assert made.integration.uri.endswith(":function:Fn:live/invocations")
    assert method_of(found, "/open", "GET").authorization_type == "NONE"
    options = method_of(found, "/a", "OPTIONS")
    assert options.integration is not None
    (answer,) = options.integration.integration_responses
    assert {each.target.name: each.source.expression for each in answer.response_parameters} == {
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Allow-Headers": "'X-A'",
        "Access-Control-Allow-Methods": "'OPTIONS,POST'",
    }


def test_a_definition_beside_the_template():
    files = {"api.yaml": "openapi: 3.0.1\npaths: {/a: {get: {x-amazon-apigateway-integration: {type: moc}}}}\n"}
    found = loaded(
        HEAD
        + "Resources:\n  Api: {Type: AWS::Serverless::Api, Properties: {StageName: s, DefinitionUri: ./api.yaml}}\n",
        files,
        name="t/template.yaml",
    )
    assert [(each.file, each.line, each.code) for each in found.problems] == [("t/api.yaml", 2, "wrong-type")]
    assert found.files == ("api.yaml",)


def test_an_event_of_an_api_with_its_own_definition_only_allows_the_call():
    found = loaded(
        HEAD
        + """
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: s
      DefinitionBody: {openapi: 3.0.1, paths: {/a: {get: {x-amazon-apigateway-integration: {type: mock}}}}}
  Fn:
    Type: AWS::Serverless::Function
    Properties: {Events: {B: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /b, Method: GET}}}}
"""
    )
    assert found.problems == ()
    assert methods(found) == {"/a": ["GET"]}


def test_a_state_machine():
    found = loaded(
        HEAD
        + """
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: flow
      Events: {Start: {Type: Api, Properties: {Path: /start, Method: POST, UnescapeMappingTemplate: true}}}
"""
    )
    assert found.problems == ()
    integration = method_of(found, "/start", "POST").integration
    assert integration is not None
    assert integration.uri == "arn:aws:apigateway:us-east-1:states:action/StartExecution"
    assert integration.request_templates.items[0][1].text == (
        '{"input": "$util.escapeJavaScript($input.json(\'$\')).replaceAll("\\\\\'","\'")", '
        '"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:flow"}'
    )


@pytest.mark.parametrize(
    "resource, code, text",
    [
        ("Api: {Type: AWS::Serverless::Api, Properties: {Stage: s}}", "unknown-field", "Stage"),
        (
            "Api: {Type: AWS::Serverless::Api, Properties: {StageName: s, DefinitionUri: 's3://b/k'}}",
            "network",
            "DefinitionUri",
        ),
        (
            "Api: {Type: AWS::Serverless::Api, Properties: {StageName: s, DefinitionUri: gone.yaml}}",
            "read",
            "gone.yaml",
        ),
        (
            "Fn: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: /a}}}}}",
            "no-path",
            "",
        ),
        (
            "Fn: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: /a, Methd: GET, Method: GET}}}}}",
            "unknown-field",
            "Methd",
        ),
        ("Fn: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: HttpApi}}}}", "http-api", "HttpApi"),
        (
            (
                "Fn: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: "
                "{Path: /a, Method: GET, RequestModel: {Model: Nope}}}}}}"
            ),
            "unknown-model",
            "Nope",
        ),
    ],
)
def test_faults(resource, code, text):
    found = loaded(HEAD + f"Resources:\n  {resource}\n")
    problem = next(each for each in found.problems if each.code == code)
    assert problem.text == text
