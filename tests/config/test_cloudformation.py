"""CloudFormation templates: what belongs to which Api, and what is wrong with it."""

from __future__ import annotations

from textwrap import indent

import pytest

from config.documents import fixture, loaded, places
from vtlsim.gateway.model import Validator

HEAD = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  A: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: a}}
"""


def template(resources: str, head: str = HEAD) -> str:
    return head + indent(resources.strip("\n"), "  ") + "\n"


def method(properties: str, integration: str = "{Type: MOCK}") -> str:
    return (
        "M:\n  Type: AWS::ApiGateway::Method\n  Properties:\n    RestApiId: !Ref Api\n    ResourceId: !Ref A\n"
        f"    HttpMethod: GET\n    Integration: {integration}\n{indent(properties, '    ')}"
    )


def method_of(found, path="/a", verb="GET"):
    assert found.api is not None
    return next(each for each in found.api.resources if each.path == path).methods[verb]


def test_models_validators_gateway_responses_stages_and_authorizers():
    found = loaded(
        template(
            """
Order: {Type: AWS::ApiGateway::Model, Properties: {RestApiId: !Ref Api, Name: Order, Schema: {type: object}}}
Line:
  Type: AWS::ApiGateway::Model
  Properties:
    RestApiId: !Ref Api
    Schema: !Sub '{"$ref": "https://apigateway.amazonaws.com/restapis/${Api}/models/${Order}"}'
Check: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, ValidateRequestBody: true}}
Auth: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: a, Type: TOKEN}}
Broken:
  Type: AWS::ApiGateway::GatewayResponse
  Properties:
    RestApiId: !Ref Api
    ResponseType: DEFAULT_4XX
    StatusCode: '418'
    ResponseTemplates: {application/json: '{}'}
Release: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: old, StageDescription: {Variables: {x: 1}}}}
Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod, DeploymentId: !Ref Release, Variables: {host: h, on: 'yes'}}}
"""
            + method(
                """
RequestModels: {application/json: !Ref Order, text/plain: Empty}
RequestValidatorId: !Ref Check
AuthorizationType: CUSTOM
AuthorizerId: !Ref Auth
ApiKeyRequired: true
"""
            )
        )
    )
    api = found.api
    assert api is not None
    assert found.problems == ()
    made = method_of(found)
    assert made.request_models == {"application/json": "Order", "text/plain": "Empty"}
    assert made.validator == Validator(body=True, parameters=False, name="Check")
    assert (made.authorization_type, made.authorizer, made.api_key_required) == ("CUSTOM", "Auth", True)
    assert api.models["Line"].schema == {"$ref": "#/definitions/Order"}
    assert api.gateway_responses["DEFAULT_4XX"].status_code == 418
    assert {name: dict(stage.variables) for name, stage in api.stages.items()} == {
        "prod": {"host": "h", "on": "yes"},
        "old": {"x": "1"},
    }


def test_a_body_is_an_openapi_document():
    found = loaded(
        """\
        Parameters: {Host: {Type: String, Default: "http://h"}}
        Resources:
          Api:
            Type: AWS::ApiGateway::RestApi
            Properties:
              Name: own
              Body:
                openapi: 3.0.1
                info: {title: other}
                paths:
                  /a:
                    get:
                      x-amazon-apigateway-integration: {type: http, httpMethod: GET, uri: !Sub "${Host}/x"}
        """
    )
    assert found.problems == ()
    assert found.api is not None
    assert found.api.name == "own"
    integration = method_of(found).integration
    assert integration is not None
    assert integration.uri == "http://h/x"


def test_resources_whose_condition_does_not_hold_are_not_there():
    text = "Conditions: {No: !Equals [a, b]}\n" + template(method("") + "\n  Condition: No")
    assert places(loaded(text).problems) == []
    assert loaded(text).api is not None
    assert loaded(text).api.resources == ()


def test_an_api_of_another_stack_is_named_after_what_names_it():
    found = loaded(
        """\
        Parameters: {SharedApi: {Type: String}, Root: {Type: String}}
        Resources:
          A: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref SharedApi, ParentId: !Ref Root, PathPart: a}}
          M:
            Type: AWS::ApiGateway::Method
            Properties: {RestApiId: !Ref SharedApi, ResourceId: !Ref A, HttpMethod: GET, Integration: {Type: MOCK}}
        """
    )
    assert found.name == "SharedApi"
    assert found.api is not None
    assert [each.path for each in found.api.resources] == ["/a"]
    assert {each.code for each in found.problems} == {"CFG020", "CFG022"}


def test_a_placeholder_is_not_taken_for_a_wrong_endpoint():
    found = loaded(
        "Parameters: {Url: {Type: String}}\n"
        + template(method("", "{Type: HTTP, IntegrationHttpMethod: GET, Uri: !Ref Url}"))
    )
    assert [(each.severity, each.code) for each in found.problems] == [("warning", "CFG020")]
    integration = method_of(found).integration
    assert integration is not None
    assert integration.uri == "Url"


@pytest.mark.parametrize(
    "resources, code, there",
    [
        (method("RequestParameter: {}"), "unknown-field", "RequestParameter: {}"),
        (method("", "{Type: MOCK, Typ: x}"), "unknown-field", "Typ: x"),
        (method("RequestParameters: {method.request.heder.a: true}"), "mapping-expression", "heder.a"),
        (
            method("RequestParameters: {method.request.header.a: true, method.request.querystring.a: true}"),
            "not-unique",
            "method.request.querystring.a",
        ),
        (method("RequestModels: {application/json: Ordr}"), "no-model", "Ordr"),
        (method("", "{Type: MOCK, IntegrationResponses: [{StatusCode: 200}]}"), "CFG008", "StatusCode: 200"),
        (method("").replace("HttpMethod: GET", "HttpMethod: FETCH"), "wrong-method", "FETCH"),
        (method("").replace("ResourceId: !Ref A", "ResourceId: !Ref B"), "unresolved", "!Ref B"),
        (method("").replace("    RestApiId: !Ref Api\n", ""), "no-rest-api", "Type: AWS::ApiGateway::Method"),
        (
            "B: {Type: AWS::ApiGateway::GatewayResponse, Properties: {RestApiId: !Ref Api, ResponseType: DEFAULT}}",
            "wrong-responseType",
            "DEFAULT}",
        ),
        (
            "B: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref B, PathPart: b}}\n"
            + method("").replace("!Ref A\n", "!Ref B\n"),
            "ref-circle",
            "{Type: AWS::ApiGateway::Resource",
        ),
        (
            "Other: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: {Bucket: b, Key: k}}}\n" + method(""),
            "network",
            "BodyS3Location",
        ),
    ],
)
def test_faults_with_their_places(resources, code, there):
    text = template(resources)
    found = loaded(text)
    problem = next(each for each in found.problems if each.code == code)
    assert text.split("\n")[problem.line - 1][problem.column - 1 :].startswith(there)
    assert {each.code for each in found.problems} <= {code, "no-path", "no-rest-api"}


def test_a_parameter_that_the_template_does_not_have():
    found = fixture("cloudformation/orders.yaml", parameters={"Backnd": "http://x"})
    assert [(each.severity, each.nearest) for each in found.problems] == [("warning", "Backend")]


def test_given_parameters_reach_the_model():
    found = fixture("cloudformation/orders.yaml", parameters={"Backend": "https://prod", "AWS::Region": "eu-west-1"})
    assert found.problems == ()
    integration = method_of(found, "/orders", "POST").integration
    assert integration is not None
    assert integration.uri == "https://prod/orders"
    rest = method_of(found, "/{proxy+}", "ANY").integration
    assert rest is not None
    assert rest.uri is not None
    assert rest.uri.startswith(
        "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:"
    )
