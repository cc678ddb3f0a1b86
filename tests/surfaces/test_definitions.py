"""Every format, through every surface that takes a definition: the same bytes, and places in the user's own file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import vtlsim
from vtlsim.gateway.model import BackendResponse
from vtlsim.surfaces.cli import run

FIXTURES = Path(__file__).parents[2] / "fixtures"

SPELLINGS = (
    *("put-integration/orders.json", "get-resources/orders.json"),
    *("openapi/orders.yaml", "openapi/orders-swagger.json"),
    *("cloudformation/orders.yaml", "sam/template.yaml", "sam", "cdk/manifest.json", "cdk"),
    *("terraform/orders-plan.json", "terraform/orders-state.json"),
    *("serverless/serverless.yml", "serverless"),
)

SENT = """\
{
  "source": "web-shop",
  "tenant": "acme",
  "items": [
    {"sku": "a-1", "quantity": 2},
    {"sku": "b-2", "quantity": 1}
  ]
}
"""

# -- the same bytes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SPELLINGS)
def test_one_request_gives_the_same_bytes_in_every_format(path, capsys):
    order = ["-b", f"@{FIXTURES}/order.json", "-H", "X-Tenant: acme", "-H", "Content-Type: application/json"]
    answer = ["--backend", f"@{FIXTURES}/order-response.json"]
    assert run(["invoke", str(FIXTURES / path), "POST", "/orders", *order, *answer]) == 0
    printed = capsys.readouterr()
    request, _, response = printed.out.partition("HTTP/1.1 ")
    assert request == (
        "POST http://localhost:9000/orders\n"
        "Content-Type: application/json\n"
        "X-Source: web-shop\n"
        "X-Tenant: acme\n"
        "x-amzn-apigateway-api-id: a1b2c3d4e5\n"
        "Accept: application/json\n"
        "User-Agent: AmazonAPIGateway_a1b2c3d4e5\n"
        "X-Amzn-Trace-Id: Root=1-69574265-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0\n"
        f"\n{SENT}\n"
    )
    assert response.startswith("201 Created\n")
    assert "\nX-Order: o-77\n" in response
    assert response.endswith('\n\n{"id": "o-77"}\n')
    assert "warning" not in printed.err


@pytest.mark.parametrize("path", SPELLINGS)
def test_the_library_loads_each_and_so_does_the_fixture(path):
    from vtlsim.surfaces.pytest_plugin.gateway import Gateways

    order = json.loads((FIXTURES / "order.json").read_text())
    gateways = Gateways(FIXTURES)
    gateway = gateways(path)
    gateway.backend("POST", "/orders").respond(200, headers={"X-Id": "o-1"}, json={"OrderId": "o-1"})
    out = gateway.invoke("POST", "/orders", order, {"X-Tenant": "acme", "Content-Type": "application/json"})
    assert (out.status, out.body) == (201, '{"id": "o-1"}')
    assert out.integration_request.body == SENT
    assert gateways.unused() == ""
    library = vtlsim.invoke(
        FIXTURES / path, "POST", "/orders", json.dumps(order), {"X-Tenant": "acme"}, BackendResponse(400, body=b"{}")
    )
    assert (library.status, library.integration_request.body) == (400, SENT)


@pytest.mark.parametrize("path", [each for each in SPELLINGS if Path(each).suffix])
def test_the_server_reads_each(path):
    pytest.importorskip("fastapi")
    from vtlsim.surfaces.server.reload import read

    found = read(str(FIXTURES / path))
    assert found.can_be_served
    assert [each.text for each in found.troubles] == []
    (api,) = found.apis.values()
    assert api.fallback is not None or "POST" in next(each for each in api.resources if each.path == "/orders").methods


# -- what a definition is given from outside --------------------------------------------------------------------------

SHOP = """\
Parameters:
  Backend: {Type: String}
  Greeting: {Type: String, Default: hello}
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: HTTP
        IntegrationHttpMethod: POST
        Uri: !Sub "https://${Backend}/x"
        RequestTemplates: {application/json: !Sub "${Greeting}"}
"""

SERVICE = """\
service: shop
provider: {name: aws}
functions:
  read:
    handler: h.f
    events:
      - http:
          path: /
          method: get
          integration: http
          request:
            method: POST
            uri: https://backend.test/
            template: {application/json: "${opt:greeting, 'hello'} ${env:WHO, 'world'} ${sls:stage}"}
"""

TWO = SHOP + "".join(
    line.replace("Shop", "Other").replace("  Get:", "  OtherGet:") + "\n" for line in SHOP.splitlines()[4:]
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WHO", raising=False)
    (tmp_path / "shop.yaml").write_text(SHOP)
    (tmp_path / "two.yaml").write_text(TWO)
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "serverless.yml").write_text(SERVICE)
    (tmp_path / "both").mkdir()
    (tmp_path / "both" / "serverless.yml").write_text(SERVICE)
    (tmp_path / "both" / "template.yaml").write_text(SHOP)
    (tmp_path / "app" / "cdk.out").mkdir(parents=True)
    for file in (FIXTURES / "cdk").iterdir():
        (tmp_path / "app" / "cdk.out" / file.name).write_bytes(file.read_bytes())
    return tmp_path


GIVEN = [
    (["shop.yaml", "--parameter", "Backend=b.test"], "POST https://b.test/x\n", "\n\nhello\n", ""),
    (
        ["shop.yaml", "--parameter", "Backend=b.test", "--parameter", "Greeting=a=b"],
        "POST https://b.test/x\n",
        "a=b",
        "",
    ),
    (["shop.yaml"], "POST https://Backend/x\n", "hello", "warning: the parameter Backend has no default"),
    (["shop.yaml", "--parameter", "Backnd=b.test"], "POST", "hello", "unknown parameter 'Backnd'"),
    (["two.yaml", "--api", "Other", "--parameter", "Backend=b.test"], "POST https://b.test/x\n", "hello", ""),
    (["two.yaml", "--api", "Shop", "--parameter", "Backend=b.test"], "POST https://b.test/x\n", "hello", ""),
    (["service"], "POST https://backend.test/\n", "hello world dev", ""),
    (["service", "--opt", "greeting=bye"], "POST", "bye world dev", ""),
    (["service", "--parameter", "greeting=bye"], "POST", "bye world dev", ""),
    (["service", "--stage", "prod"], "POST", "hello world prod", ""),
    (["service", "--stage", "prod", "--opt", "stage=prod"], "POST", "hello world prod", ""),
]


@pytest.mark.parametrize("arguments, request_line, body, said", GIVEN)
def test_parameters_options_and_apis(folder, capsys, arguments, request_line, body, said):
    definition, *options = arguments
    assert run(["invoke", definition, "GET", "/", *options]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith(request_line)
    assert body in printed.out
    assert said in printed.err
    assert said or "warning" not in printed.err


def test_the_environment_is_seen_by_the_command_and_handed_to_the_library(folder, capsys, monkeypatch):
    monkeypatch.setenv("WHO", "moon")
    assert run(["invoke", "service", "GET", "/"]) == 0
    assert "hello moon dev" in capsys.readouterr().out
    unseen = vtlsim.load("service").invoke("GET", "/")
    assert unseen.integration_request.body == "hello world dev"
    seen = vtlsim.invoke("service", "GET", "/", environment={"WHO": "sun"}, parameters={"stage": "x"})
    assert seen.integration_request.body == "hello sun x"


def test_a_cdk_project_is_its_folder(folder, capsys):
    assert run(["invoke", "app", "GET", "/health"]) == 0
    assert capsys.readouterr().out.startswith("HTTP/1.1 200 OK")
    assert vtlsim.load(folder / "app").model.name == "orders"


REFUSED = [
    (["two.yaml"], "error: two.yaml: defines several APIs: say which of them is meant: Shop or Other"),
    (["two.yaml"], "  help: --api NAME"),
    (["two.yaml", "--api", "Shopp"], "error: two.yaml: has no API 'Shopp': it has Shop and Other"),
    (["."], "error: .: a folder without cdk.out/manifest.json, manifest.json, serverless.yml"),
    (["both"], "error: both: a folder with several definitions: name one of both/serverless.yml, both/template.yaml"),
]


@pytest.mark.parametrize("arguments, said", REFUSED)
def test_a_choice_is_asked_for(folder, capsys, arguments, said):
    assert run(["invoke", *arguments, "GET", "/"]) == 4
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
    with pytest.raises(vtlsim.DefinitionError) as caught:
        vtlsim.load(arguments[0], api=arguments[2] if len(arguments) > 1 else None)
    assert str(caught.value) in printed.err


FAULTY = """\
openapi: 3.0.1
info: {title: faulty, version: "1"}
paths:
  /a:
    get:
      x-amazon-apigateway-integration: {type: htp, httpMethod: GET, uri: "http://a.test/"}
  /b:
    get:
      x-amazon-apigateway-integration: {type: http, httpMethod: GET, uri: "http://a.test/", timeoutInMilis: 1, timeoutInMillis: 30000}
"""


def test_all_problems_at_once_on_stderr_and_as_json_for_ci(folder, capsys):
    (folder / "faulty.yaml").write_text(FAULTY)
    assert run(["invoke", "faulty.yaml", "GET", "/a", "--format", "json"]) == 4
    printed = capsys.readouterr()
    problems = json.loads(printed.out)["problems"]
    told = [(each["severity"], each["line"], each["column"], each["text"], each["nearest"]) for each in problems]
    assert told == [
        ("error", 6, 47, "htp", "HTTP"),
        ("warning", 9, FAULTY.splitlines()[8].index("timeoutInMilis") + 1, "timeoutInMilis", "timeoutInMillis"),
        ("error", 9, FAULTY.splitlines()[8].index("30000") + 1, "30000", None),
    ]
    assert all(each["file"] == "faulty.yaml" and each["message"] for each in problems)
    for each in problems:
        assert f"faulty.yaml:{each['line']}:{each['column']}: {each['severity']}: " in printed.err
    assert printed.err.endswith("2 errors, 1 warning\n")


def test_warnings_are_in_the_json_of_a_request_that_went_well(folder, capsys):
    assert run(["invoke", "shop.yaml", "GET", "/", "--format", "json"]) == 0
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["severity"], problem["file"], problem["line"]) == ("warning", "shop.yaml", 16)


def test_several_apis_are_listed_in_json_too(folder, capsys):
    assert run(["invoke", "two.yaml", "GET", "/", "--format", "json"]) == 4
    answer = json.loads(capsys.readouterr().out)
    assert answer["apis"] == ["Shop", "Other"]
    assert answer["error"].startswith("two.yaml: defines several APIs")


# -- places -----------------------------------------------------------------------------------------------------------


def _openapi(template: str) -> str:
    head = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths:\n  /:\n    post:\n"
    integration = "      x-amazon-apigateway-integration:\n        type: http\n        httpMethod: POST\n"
    return f"{head}{integration}        uri: http://a.test/\n        requestTemplates:\n          application/json: {template}\n"


def _terraform(template: str) -> str:
    body = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/": {
                "post": {
                    "x-amazon-apigateway-integration": {
                        "type": "http",
                        "httpMethod": "POST",
                        "uri": "http://a.test/",
                        "requestTemplates": {"application/json": template},
                    }
                }
            }
        },
    }
    values = {"name": "t", "body": json.dumps(body)}
    api = {"address": "aws_api_gateway_rest_api.t", "type": "aws_api_gateway_rest_api", "name": "t", "values": values}
    return json.dumps({"format_version": "1.2", "planned_values": {"root_module": {"resources": [api]}}}, indent=1)


BLOCK = "|\n            one\n            {} é\n"
FOLDED = ">-\n            one\n            {} é\n"
SUB = SHOP.replace(
    '{application/json: !Sub "${Greeting}"}',
    "\n          application/json: !Sub |\n            ${Greeting} and ${Greeting},\n            {} ${Backend}",
).replace("HttpMethod: GET", "HttpMethod: POST")
JOIN = SHOP.replace('!Sub "${Greeting}"', "!Join ['', ['one ', !Ref Greeting, \" \\n {}\"]]").replace(
    "HttpMethod: GET", "HttpMethod: POST"
)
PUT = {
    "type": "HTTP",
    "httpMethod": "POST",
    "uri": "http://a.test/",
    "requestTemplates": {"application/json": 'é\n"{}"'},
}

DOCUMENTS = {
    "block scalar": _openapi(BLOCK),
    "block scalar, Windows line ends": _openapi(BLOCK).replace("\n", "\r\n"),
    "folded": _openapi(FOLDED),
    "double-quoted": _openapi('"\\u00e9\\n\\t\\"{}"'),
    "single-quoted": _openapi("'it''s {}'"),
    "JSON": json.dumps(PUT, indent=2),
    "a string in a string": _terraform('é\n"{}"'),
    "Sub": SUB,
    "Join": JOIN,
}
FAULTS = [
    ("$util.urlDecode($x.y.z) $util.foo", ".foo", 0, "warning: there is no $util.foo"),
    ("#set($a = )", ")", 3, "error: "),
    ("$input.body.substring(9)", "$input", 3, "error: "),
]


@pytest.mark.parametrize("code, mark, exit_code, said", FAULTS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_place_in_a_template_is_a_place_in_the_document(folder, capsys, name, code, mark, exit_code, said):
    text = DOCUMENTS[name].replace("{}", code)
    before = text[: text.index(code) + code.rindex(mark)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    (folder / "d.txt").write_bytes(text.encode())
    arguments = ["invoke", "d.txt", "POST", "/", "-b", "[1]"]
    parameters = ["--parameter", "Backend=b.test"] if name in {"Sub", "Join"} else []
    assert run([*arguments, *parameters]) == exit_code
    told = capsys.readouterr().err.splitlines()
    at = next(number for number, each in enumerate(told) if each.startswith(f"d.txt:{line}:{column}: {said}"))
    number, _, shown = told[at + 1].partition(" | ")
    assert int(number) == line
    assert shown[told[at + 2].partition(" | ")[2].index("^") :].startswith(mark)
    if exit_code:
        assert any(each.startswith(f"  render     d.txt:{line}:{column} ") for each in told)


def test_a_trace_counts_the_lines_of_the_document(folder, capsys):
    (folder / "d.yaml").write_text(_openapi("|\n            #set($a = 1)\n            #if($a == 1)yes#end\n"))
    assert run(["invoke", "d.yaml", "POST", "/", "--format", "trace"]) == 0
    told = capsys.readouterr().out
    assert "  render     12  #set($a = 1) " in told
    assert "             13  #if($a == 1)yes#end " in told


def test_the_line_of_an_unclosed_directive_is_the_documents(folder, capsys):
    (folder / "d.yaml").write_text(_openapi("|\n            one\n            #if(true) x\n"))
    assert run(["invoke", "d.yaml", "POST", "/"]) == 3
    assert "'#if' of line 13 is not closed" in capsys.readouterr().err


def test_a_failure_in_the_record_has_its_place(folder):
    (folder / "d.yaml").write_text(_openapi("|\n            one\n            #set($a = )\n"))
    findings = vtlsim.load("d.yaml").invoke().trace.record["findings"]
    (failed,) = [each for each in findings if each["finding"] == "RenderFailed"]
    assert failed["data"]["place"] == {"file": "d.yaml", "line": 13, "column": 23}
    assert failed["data"]["position"] == {"line": 2, "column": 11}


def test_the_server_tells_the_document_too(folder):
    pytest.importorskip("fastapi")
    from vtlsim.surfaces.server.reload import read

    (folder / "d.yaml").write_text(_openapi("|\n            one\n            #set($a = )\n"))
    (trouble,) = read("d.yaml").troubles
    assert (trouble.file, trouble.line, trouble.column) == ("d.yaml", 13, 23)
    assert trouble.text.startswith("d.yaml:13:23: error: ")
