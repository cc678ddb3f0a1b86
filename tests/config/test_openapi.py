"""OpenAPI 2 and 3 with API Gateway's extensions."""

from __future__ import annotations

import pytest

from config.documents import fixture, loaded, places
from vtlsim.gateway.model import CustomGatewayResponse, Method, Validator


def method_of(found, path: str = "/a", verb: str = "GET") -> Method:
    assert found.api is not None
    return next(each for each in found.api.resources if each.path == path).methods[verb]


def operation(text: str, head: str = "", tail: str = "") -> str:
    """A document with one operation, GET /a, whose lines begin in line 4 + those of ``head``."""
    inner = "\n".join(f"      {line}" for line in text.strip("\n").split("\n"))
    return f"openapi: 3.0.1\n{head}paths:\n  /a:\n    get:\n{inner}\n{tail}"


MOCK = "x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: '200'}}}\nresponses: {'200': {description: x}}"


def test_everything_around_the_methods():
    found = fixture("openapi/orders-full.yaml")
    assert found.problems == ()
    api = found.api
    assert api is not None
    assert api.name == "orders"
    assert api.binary_media_types == ("image/png",)
    assert api.models["Order"].schema == {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": {"$ref": "#/definitions/Item"}}},
    }
    response = api.gateway_responses["BAD_REQUEST_BODY"]
    assert isinstance(response, CustomGatewayResponse)
    assert response.status_code == 422
    assert [(each.target.name, each.source.expression) for each in response.parameters] == [("X-Reason", "'body'")]
    create = method_of(found, "/orders", "POST")
    assert create.request_models == {"application/json": "Order"}
    assert create.validator == Validator(body=True, parameters=False, name="body-only")
    read = method_of(found, "/orders/{id}")
    assert read.integration is not None
    assert [each.expression for each in read.integration.cache_key_parameters] == ["method.request.path.id"]
    health = method_of(found, "/health")
    assert health.integration is not None
    assert health.integration.passthrough_behavior == "NEVER"


@pytest.mark.parametrize("kind", ["mock", "MOCK", "Mock"])
def test_enums_in_any_case(kind):
    found = loaded(
        operation(f"x-amazon-apigateway-integration: {{type: {kind}, passthroughBehavior: When_No_Templates}}")
    )
    assert found.problems == ()
    integration = method_of(found).integration
    assert integration is not None
    assert (integration.type, integration.passthrough_behavior) == ("MOCK", "WHEN_NO_TEMPLATES")


def test_the_names_of_responses_are_patterns():
    found = loaded(
        operation(
            """
responses: {'200': {}, '404': {}}
x-amazon-apigateway-integration:
  type: mock
  responses:
    default: {statusCode: 200}
    .*missing.*: {statusCode: '404'}
"""
        )
    )
    assert found.problems == ()
    integration = method_of(found).integration
    assert integration is not None
    assert [(each.selection_pattern, each.status_code) for each in integration.integration_responses] == [
        (None, "200"),
        (".*missing.*", "404"),
    ]


def test_parameters_of_the_path_and_of_the_operation():
    found = loaded(
        """\
        swagger: '2.0'
        parameters:
          Shared: {name: q, in: query, required: true}
        paths:
          /a/{id}:
            parameters:
              - {name: id, in: path, required: true}
              - {name: X-A, in: header}
            get:
              parameters:
                - $ref: '#/parameters/Shared'
                - {name: X-A, in: header, required: true}
                - {name: body, in: body, schema: {$ref: '#/definitions/Thing'}}
                - {name: file, in: formData}
              responses: {}
              x-amazon-apigateway-integration: {type: mock}
        definitions:
          Thing: {type: object}
        """
    )
    assert found.problems == ()
    method = method_of(found, "/a/{id}")
    assert [(each.parameter.expression, each.required) for each in method.request_parameters] == [
        ("method.request.header.X-A", True),
        ("method.request.path.id", True),
        ("method.request.querystring.q", True),
    ]
    assert method.request_models == {"application/json": "Thing"}


def test_a_schema_written_in_place_becomes_a_model():
    found = loaded(
        operation(MOCK + "\nrequestBody: {content: {application/json: {schema: {type: object, required: [a]}}}}")
    )
    assert found.problems == ()
    assert found.api is not None
    (name,) = found.api.models
    assert method_of(found).request_models == {"application/json": name}
    assert found.api.models[name].schema == {"type": "object", "required": ["a"]}


def test_security():
    found = loaded(
        operation(
            MOCK + "\nsecurity: [{key: [], pool: []}]",
            tail="""\
components:
  securitySchemes:
    key: {type: apiKey, name: x-api-key, in: header}
    pool:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: cognito_user_pools
      x-amazon-apigateway-authorizer: {type: cognito_user_pools}
    sig: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
    lambda: {type: apiKey, name: A, in: header, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: {type: token}}
""",
        )
    )
    assert found.problems == ()
    method = method_of(found)
    assert (method.api_key_required, method.authorization_type, method.authorizer) == (
        True,
        "COGNITO_USER_POOLS",
        "pool",
    )


def test_a_validator_of_the_whole_document():
    head = "x-amazon-apigateway-request-validator: all\nx-amazon-apigateway-request-validators: {all: {validateRequestBody: true}}\n"
    assert method_of(loaded(operation(MOCK, head))).validator == Validator(body=True, parameters=False, name="all")


def test_settings():
    head = "info: {title: t, description: d}\nx-amazon-apigateway-api-key-source: authorizer\nx-amazon-apigateway-minimum-compression-size: 100\n"
    api = loaded(operation(MOCK, head)).api
    assert api is not None
    assert (api.name, api.description, api.api_key_source, api.minimum_compression_size) == (
        "t",
        "d",
        "AUTHORIZER",
        100,
    )


def test_a_template_in_a_block_has_the_documents_lines_and_columns():
    found = loaded(
        operation(
            """
x-amazon-apigateway-integration:
  type: mock
  requestTemplates:
    application/json: |
      #set($x = 1)
      {"a": $x}
""",
        ),
        name="api.yaml",
    )
    integration = method_of(found).integration
    assert integration is not None
    _, template = integration.request_templates.items[0]
    assert template.name == "api.yaml:9:13"
    place = found.place(template.name, template.text.index("$x}"))
    assert place is not None
    assert tuple(place) == ("api.yaml", 10, 19)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("get: {x-amazon-apigateway-integration: {type: mock}, security: [{nope: []}]}", ["4:70 error security"]),
        ("get: {x-amazon-apigateway-integration: {type: moc}}", ["4:51 error wrong-type"]),
        ("get: {x-amazon-apigateway-integration: {typ: mock, type: mock}}", ["4:45 warning CFG013"]),
        (
            "get: {x-amazon-apigateway-intergration: {type: mock}}",
            ["4:10 warning no-integration", "4:11 warning unknown-extension"],
        ),
        ("gte: {}", ["4:5 error unknown-method"]),
        ("trace: {}", ["1:1 error no-api", "4:5 warning trace"]),
        ("get: [1]", ["4:10 error wrong-kind"]),
        ("get: {x-amazon-apigateway-integration: {$ref: '#/nope'}}", ["4:51 error ref"]),
        ("get: {x-amazon-apigateway-integration: {$ref: 'https://a/b.json'}}", ["4:51 error network"]),
        ("get: {x-amazon-apigateway-integration: {$ref: 'b.yaml#/x'}}", ["4:51 error read"]),
        (
            "get: {x-amazon-apigateway-integration: {type: mock, requestParameters: {integration.request.path.a: method.request.path.id}}}",
            ["4:105 error undeclared-parameter"],
        ),
        (
            (
                "get: {parameters: [{in: header, name: X-A}], x-amazon-apigateway-integration: {type: mock, "
                "requestParameters: {integration.request.path.a: method.request.header.x-a}}}"
            ),
            ["4:144 warning CFG002"],
        ),
        (
            "get: {parameters: [{in: heder, name: a}], x-amazon-apigateway-integration: {type: mock}}",
            ["4:29 error parameter"],
        ),
        (
            "get: {parameters: [{in: query, name: 'ids[]'}], x-amazon-apigateway-integration: {type: mock}}",
            ["4:42 warning CFG014"],
        ),
        (
            "get: {responses: {'200': {}}, x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: '404'}}}}",
            ["4:103 warning CFG008"],
        ),
        (
            (
                "get: {responses: {'200': {}}, x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: '200', "
                "responseParameters: {method.response.header.A: integration.response.header.A}}}}}"
            ),
            ["4:143 error undeclared-header"],
        ),
        (
            (
                "get: {responses: {}, x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: '200', "
                "responseParameters: {method.response.header.A: integration.response.header.A}}}}}"
            ),
            ["4:94 error no-method-response"],
        ),
        (
            "get: {x-amazon-apigateway-request-validator: al, x-amazon-apigateway-integration: {type: mock}}",
            ["4:50 error no-validator"],
        ),
    ],
)
def test_faults_with_their_places(text, expected):
    found = loaded(f"openapi: 3.0.1\npaths:\n  /a:\n    {text}\n")
    assert places(found.problems) == expected


@pytest.mark.parametrize("path", ["/a/{b}x", "/{proxy+}/b", "/a//b", "/a b"])
def test_a_path_that_is_refused(path):
    found = loaded(
        f"openapi: 3.0.1\npaths:\n  '{path}':\n    get: {{x-amazon-apigateway-integration: {{type: mock}}}}\n"
    )
    assert places(found.problems) == ["3:3 error path-part"]


def test_the_nearest_extension():
    found = loaded(operation(MOCK, "x-amazon-apigateway-binary-media-type: [a/b]\n"))
    assert [(each.severity, each.nearest) for each in found.problems] == [
        ("warning", "x-amazon-apigateway-binary-media-types")
    ]


def test_references_that_lead_in_a_circle():
    found = loaded(
        operation(
            "x-amazon-apigateway-integration: {$ref: '#/components/x/a'}",
            tail="components: {x: {a: {$ref: '#/components/x/b'}, b: {$ref: '#/components/x/a'}}}\n",
        )
    )
    assert [each.code for each in found.problems] == ["ref-circle"]


def test_a_reference_to_another_file_is_followed_with_a_warning():
    found = loaded(
        "openapi: 3.0.1\npaths:\n  /a: {$ref: 'paths/a.yaml#/item'}\n",
        {
            "paths/a.yaml": "item:\n  get:\n    x-amazon-apigateway-integration: {$ref: '../shared.json#/mock'}\n",
            "shared.json": '{"mock": {"type": "mock", "requestTemplates": {"application/json": 1}}}',
        },
        name="api/openapi.yaml",
    )
    assert [(each.file, each.line, each.code) for each in found.problems] == [
        ("api/openapi.yaml", 3, "CFG011"),
        ("api/paths/a.yaml", 3, "CFG011"),
        ("api/shared.json", 1, "not-a-text"),
    ]
    assert found.files == ("paths/a.yaml", "shared.json")


def test_two_spellings_of_one_path_are_one_resource():
    found = loaded(
        """\
        openapi: 3.0.1
        paths:
          /a: {get: {x-amazon-apigateway-integration: {type: mock}}}
          /a/: {get: {x-amazon-apigateway-integration: {type: mock}}, put: {x-amazon-apigateway-integration: {type: mock}}}
        """
    )
    assert places(found.problems) == ["4:9 error method-twice"]
    assert found.api is not None
    assert [(each.path, *each.methods) for each in found.api.resources] == [("/a", "GET", "PUT")]


def test_a_document_written_for_a_template_is_read_without_it():
    found = loaded(
        operation(
            """
x-amazon-apigateway-integration:
  type: aws_proxy
  httpMethod: POST
  uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations
  credentials: {"Fn::GetAtt": [Role, Arn]}
"""
        )
    )
    assert [(each.severity, each.code) for each in found.problems] == [("warning", "CFG020"), ("warning", "CFG020")]
    integration = method_of(found).integration
    assert integration is not None
    assert integration.uri == "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"
    assert integration.credentials == "Role"


def test_the_colons_of_a_placeholder_are_none_of_the_arns():
    found = loaded(
        operation(
            "x-amazon-apigateway-integration: {type: aws, httpMethod: POST, uri: 'arn:aws:apigateway:${AWS::Region}:sns:path//'}"
        )
    )
    assert found.problems == ()


def test_models_that_every_api_has_need_no_definition():
    found = loaded(
        operation(
            MOCK.replace(
                "{description: x}", "{content: {application/json: {schema: {$ref: '#/components/schemas/Empty'}}}}"
            )
        )
    )
    assert found.problems == ()
    (response,) = method_of(found).responses or ()
    assert response.models == {"application/json": "Empty"}


def test_an_integration_of_an_http_api_says_so():
    found = loaded(operation("x-amazon-apigateway-integration: {type: aws_proxy, integrationSubtype: SQS-SendMessage}"))
    assert [(each.severity, each.code) for each in found.problems] == [("error", "http-api")]


def test_an_endpoint_that_a_tool_fills_in():
    found = loaded(
        operation("x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: '${lambda_arn}'}")
    )
    assert [(each.severity, each.code) for each in found.problems] == [("warning", "CFG029")]
