"""serverless.yml: http events, variables, and raw CloudFormation."""

from __future__ import annotations

from textwrap import indent

import pytest

from config.documents import fixture, loaded, places
from vtlsim.config.serverless import resource_id
from vtlsim.config.serverless_defaults import request_templates

HEAD = "service: shop\nprovider: {name: aws, stage: dev}\n"


def event(text: str, head: str = HEAD, tail: str = "") -> str:
    return f"{head}functions:\n  fn:\n    handler: a.b\n    events:\n      - http:\n{indent(text.strip(), ' ' * 10)}\n{tail}"


def method_of(found, path="/a", verb="GET"):
    assert found.api is not None
    return next(each for each in found.api.resources if each.path == path).methods[verb]


def integration_of(found, path="/a", verb="GET"):
    made = method_of(found, path, verb).integration
    assert made is not None
    return made


def test_the_default_is_a_lambda_proxy():
    found = loaded(event("{path: /a/, method: get}"))
    assert found.problems == ()
    assert found.api is not None
    assert found.api.name == "dev-shop"
    made = integration_of(found)
    assert (made.type, made.http_method) == ("AWS_PROXY", "POST")
    assert made.uri == (
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:shop-dev-fn/invocations"
    )


def test_the_short_form_of_an_event():
    found = loaded(
        f"{HEAD}functions: {{fn: {{events: [{{http: GET a/{{id}}}}]}}}}\n".replace("a/{id}", "'a/{id}'").replace(
            "http: GET 'a/{id}'", "http: 'GET a/{id}'"
        )
    )
    assert found.problems == ()
    assert method_of(found, "/a/{id}").http_method == "GET"


def test_integration_lambda_has_the_frameworks_templates_and_status_codes():
    made = integration_of(loaded(event("{path: a, method: get, integration: lambda}")))
    assert (made.type, made.passthrough_behavior) == ("AWS", "NEVER")
    assert [key for key, _ in made.request_templates] == ["application/json", "application/x-www-form-urlencoded"]
    assert [each.status_code for each in made.integration_responses] == [
        "200",
        "400",
        "401",
        "403",
        "404",
        "422",
        "500",
        "502",
        "504",
    ]
    assert made.integration_responses[0].selection_pattern is None
    assert made.integration_responses[1].selection_pattern == r"[\s\S]*\[400\][\s\S]*"


def test_own_templates_join_or_remove_the_frameworks():
    found = loaded(
        event(
            """
path: a
method: get
integration: lambda
request: {template: {text/plain: '{}', application/x-www-form-urlencoded: null}}
"""
        )
    )
    assert [key for key, _ in integration_of(found).request_templates] == ["application/json", "text/plain"]


def test_the_frameworks_template_makes_the_event_that_its_documentation_shows():
    from vtlsim.gateway import Arrived, transform_request
    from vtlsim.gateway.headers import Headers
    from vtlsim.gateway.model import Api, MethodRequest, Resource
    from vtlsim.values.json_reader import read

    found = loaded(event("{path: a, method: post, integration: lambda}"))
    assert isinstance(found.api, Api)
    assert isinstance(found.api.resources[0], Resource)
    request = MethodRequest(
        "POST",
        "/a",
        (("q", "it's"),),
        Headers((("Content-Type", "application/json"), ("X-A", 'say "hi"'))),
        b'{"x": [1]}',
    )
    arrived = transform_request(request, found.api)
    assert isinstance(arrived, Arrived)
    sent = arrived.value.body
    body = read(sent if isinstance(sent, str) else sent.decode())
    assert isinstance(body, dict)
    assert body["body"] == {"x": [1]}
    assert body["query"] == {"q": "it's"}
    assert body["headers"]["X-A"] == 'say "hi"'
    assert body["requestPath"] == "/a"
    assert list(body) == [
        *(
            "body",
            "method",
            "principalId",
            "stage",
            "cognitoPoolClaims",
            "enhancedAuthContext",
            "headers",
            "query",
            "path",
        ),
        *("identity", "stageVariables", "requestPath"),
    ]


def test_the_form_template_reads_fields():
    from vtlsim.gateway import Arrived, transform_request
    from vtlsim.gateway.headers import Headers
    from vtlsim.gateway.model import MethodRequest
    from vtlsim.values.json_reader import read

    found = loaded(event("{path: a, method: post, integration: lambda}"))
    assert found.api is not None
    headers = Headers((("Content-Type", "application/x-www-form-urlencoded"),))
    arrived = transform_request(MethodRequest("POST", "/a", (), headers, b"a=1&b=it%27s+x&c"), found.api)
    assert isinstance(arrived, Arrived)
    sent = arrived.value.body
    body = read(sent if isinstance(sent, str) else sent.decode())
    assert isinstance(body, dict)
    assert body["body"] == {"a": "1", "b": "it's x", "c": ""}


def test_claims_are_handed_over():
    text = request_templates(("email", "custom:plan"))["application/json"]
    assert (
        '"email": "$context.authorizer.claims.email", "plan": "$context.authorizer.claims[\'custom:plan\']", "sub"'
        in text
    )


def test_responses_headers_and_schemas():
    found = loaded(
        event(
            """
path: a
method: get
integration: http
private: true
request:
  uri: http://h
  parameters: {querystrings: {q: true}, headers: {X-A: {required: false, mappedValue: context.requestId}}}
  schemas: {application/json: {name: Thing, schema: {type: object}}}
response:
  headers: {X-All: "'1'"}
  template: $input.body
  statusCodes:
    201: {pattern: '', headers: {X-One: integration.response.header.One}}
    500: {pattern: '5..', template: {text/plain: oops}}
"""
        )
    )
    assert found.problems == ()
    made = method_of(found)
    assert made.api_key_required
    assert [(each.parameter.expression, each.required) for each in made.request_parameters] == [
        ("method.request.header.X-A", False),
        ("method.request.querystring.q", True),
    ]
    assert (made.validator.body, made.validator.parameters) == (True, True)
    assert made.request_models == {"application/json": "Thing"}
    assert made.responses is not None
    assert [(each.status_code, list(each.headers)) for each in made.responses] == [
        ("201", ["X-All", "X-One"]),
        ("500", ["X-All"]),
    ]
    integration = integration_of(found)
    assert [(each.target.expression, each.source.expression) for each in integration.request_parameters] == [
        ("integration.request.querystring.q", "method.request.querystring.q"),
        ("integration.request.header.X-A", "context.requestId"),
    ]
    assert [
        (each.status_code, each.selection_pattern, [(key, template.text) for key, template in each.response_templates])
        for each in integration.integration_responses
    ] == [
        ("201", None, [("application/json", "$input.body")]),
        ("500", "5..", [("application/json", "$input.body"), ("text/plain", "oops")]),
    ]


def test_without_a_default_pattern_the_framework_adds_200():
    found = loaded(event("{path: a, method: get, integration: lambda, response: {statusCodes: {404: {pattern: x}}}}"))
    assert [(each.status_code, each.selection_pattern) for each in integration_of(found).integration_responses] == [
        ("200", None),
        ("404", "x"),
    ]


def test_cors():
    found = loaded(
        event(
            "{path: a, method: get, integration: lambda, cors: {origins: ['https://a.b', 'https://c'], allowCredentials: true, maxAge: 60}}"
        )
    )
    assert found.problems == ()
    options = integration_of(found, verb="OPTIONS")
    (answer,) = options.integration_responses
    assert {each.target.name: each.source.expression for each in answer.response_parameters} == {
        "Access-Control-Allow-Origin": "'https://a.b'",
        "Access-Control-Allow-Headers": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,X-Amzn-Trace-Id'",
        "Access-Control-Allow-Methods": "'OPTIONS,GET'",
        "Access-Control-Allow-Credentials": "'true'",
        "Access-Control-Max-Age": "'60'",
    }
    assert (
        '$origin.matches("https://a[.]b") || $origin.matches("https://c")' in answer.response_templates.items[0][1].text
    )
    assert [each.target.name for each in integration_of(found).integration_responses[0].response_parameters] == [
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Credentials",
    ]


def test_raw_resources_belong_to_the_same_api():
    found = loaded(
        event(
            "{path: a, method: get, integration: lambda}",
            tail="""\
resources:
  Resources:
    Broken:
      Type: AWS::ApiGateway::GatewayResponse
      Properties: {RestApiId: !Ref ApiGatewayRestApi, ResponseType: DEFAULT_5XX, StatusCode: '500'}
    Extra:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref ApiGatewayRestApi
        ResourceId: !Ref ApiGatewayResourceA
        HttpMethod: PUT
        Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${FnLambdaFunction.Arn}/invocations"}
""",
        )
    )
    assert found.problems == ()
    assert found.api is not None
    assert list(found.api.gateway_responses) == ["DEFAULT_5XX"]
    made = integration_of(found, verb="PUT")
    assert made.uri is not None
    assert made.uri.endswith(":function:shop-dev-fn/invocations")


@pytest.mark.parametrize(
    "path, expected",
    [
        ("/a", "ApiGatewayResourceA"),
        ("/orders/{id}", "ApiGatewayResourceOrdersIdVar"),
        ("/my-path/{proxy+}", "ApiGatewayResourceMyDashpathProxyVar"),
    ],
)
def test_logical_ids_of_paths(path, expected):
    assert resource_id(path) == expected


VARIABLES = """\
service: shop
custom:
  hosts: {dev: http://dev, live: http://live}
  host: ${self:custom.hosts.${sls:stage}}
  round: ${self:custom.round}
  list: [zero, one]
params: {default: {p: default}, live: {p: live}}
provider: {name: aws, stage: "${opt:stage, 'dev'}", region: "${opt:region, 'eu-west-1'}"}
functions:
  fn: {handler: a.b, events: [{http: {path: a, method: get, integration: http, request: {uri: "URI"}, response: {statusCodes: {200: {pattern: ''}}}}}]}
"""


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("${self:custom.host}/x", "http://dev/x"),
        ("${self:custom.hosts.${opt:stage, 'live'}}", "http://live"),
        ("http://${opt:missing, env:HOST, 'h'}", "http://env-host"),
        ("http://${opt:missing, self:custom.list.1}", "http://one"),
        ('http://${env:NOPE, \\"d,e\\"}', "http://d,e"),
        ("http://${aws:region}/${aws:accountId}/${sls:stage}", "http://eu-west-1/123456789012/dev"),
        ("http://${param:p}", "http://default"),
        ("http://${file(hosts.yml):a.b}", "http://from-yaml"),
        ("http://${file(./hosts.json):x.0}", "http://from-json"),
        ("http://${self:service}", "http://shop"),
        ("http://${self:custom.missing, null, 'n'}", "http://n"),
        (
            "http://${stageVariables.host}/${input.x}/${AWS::Region}",
            "http://${stageVariables.host}/${input.x}/${AWS::Region}",
        ),
    ],
)
def test_variables(expression, expected):
    files = {"hosts.yml": "a: {b: from-yaml}", "hosts.json": '{"x": ["from-json"]}'}
    found = loaded(VARIABLES.replace("URI", expression), files, environment={"HOST": "env-host"})
    assert found.problems == ()
    assert integration_of(found).uri == expected


def test_options_choose_the_stage():
    found = loaded(VARIABLES.replace("URI", "${self:custom.host}/${param:p}"), parameters={"stage": "live"})
    assert integration_of(found).uri == "http://live/live"


@pytest.mark.parametrize(
    "expression, severity, stays",
    [
        ("http://${cf:other.Url}", "warning", True),
        ("http://${ssm:/a/b}", "warning", True),
        ("http://${opt:nope}", "warning", True),
        ("http://${env:NOPE}", "warning", True),
        ("http://${file(make.js):x}", "warning", True),
        ("http://${self:custom.hots}", "error", True),
        ("${self:custom.round}", "error", True),
        ("http://${self:custom.hosts}", "error", True),
    ],
)
def test_what_cannot_be_known_stays_as_it_is(expression, severity, stays):
    found = loaded(VARIABLES.replace("URI", expression))
    assert {each.severity for each in found.problems} == {severity}
    assert found.problems[0].text.startswith("${") is stays
    assert integration_of(found).uri == expression


def test_a_template_in_a_file_keeps_its_name_and_lines():
    found = fixture("serverless/serverless.yml")
    _, template = integration_of(found, "/orders", "POST").request_templates.items[0]
    assert template.name == "serverless/request.vtl"
    place = found.place(template.name, template.text.index('"tenant"'))
    assert place is not None
    assert tuple(place) == ("serverless/request.vtl", 4, 3)


@pytest.mark.parametrize(
    "text, code, there",
    [
        ("{path: a, method: fetch}", "wrong-method", "fetch"),
        ("{path: a, method: get, integration: lamda}", "wrong-type", "lamda"),
        ("{path: a, method: get, integration: http}", "no-uri", "{path"),
        ("{path: a, method: get, integraton: http}", "unknown-field", "integraton"),
        ("{method: get}", "no-path", "{method"),
        ("{path: a, method: get, integration: mock, request: {template: x}}", "wrong-kind", "x}}"),
        (
            "{path: a, method: get, integration: mock, request: {parameters: {header: {a: true}}}}",
            "unknown-parameter",
            "header:",
        ),
        (
            "{path: a, method: get, integration: mock, request: {passThrough: ALWAYS}}",
            "wrong-passthroughBehavior",
            "ALWAYS",
        ),
        (
            "{path: a, method: get, integration: http, request: {uri: 'http://h'}, response: {statusCodes: {404: {pattern: '('}}}}",
            "selection-pattern",
            "'('",
        ),
    ],
)
def test_faults_with_their_places(text, code, there):
    document = event(text)
    found = loaded(document)
    problem = next((each for each in found.problems if each.code == code), None)
    assert problem is not None, places(found.problems)
    assert document.split("\n")[problem.line - 1][problem.column - 1 :].startswith(there)


def test_another_cloud():
    found = loaded("service: s\nprovider: {name: azure}\nfunctions: {fn: {events: [{http: true}]}}\n")
    assert [(each.code, each.text) for each in found.problems] == [("provider", "azure")]


def test_what_the_framework_fills_in_for_the_provider():
    found = loaded(
        event(
            "{path: a, method: get, integration: http, request: {uri: 'http://${self:provider.region}.${self:provider.stage}'}}",
            HEAD.replace(", stage: dev", ""),
        )
    )
    assert integration_of(found).uri == "http://us-east-1.dev"


def test_http_apis_have_no_templates():
    found = loaded(f"{HEAD}functions: {{fn: {{events: [{{httpApi: '*'}}, {{http: GET a}}]}}}}\n")
    assert [(each.severity, each.code) for each in found.problems] == [("warning", "http-api")]


def test_variables_of_what_is_none_of_our_business_are_left_alone():
    found = loaded(
        event("{path: a, method: get}", HEAD + "custom: {x: '${self:nowhere}'}\n").replace(
            "handler: a.b", "handler: ${env:NOPE}"
        )
    )
    assert found.problems == ()
