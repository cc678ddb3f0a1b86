"""``terraform show -json``: plans whose ids nobody knows yet, states that know them all."""

from __future__ import annotations

import json

import pytest

from config.documents import FIXTURES, fixture, loaded
from vtlsim.config.definition import AmbiguousApi, load_definition

API = {"references": ["aws_api_gateway_rest_api.a.id", "aws_api_gateway_rest_api.a"]}


def resource(kind: str, name: str, values: dict, *, index: object = None, module: str = "") -> dict:
    address = f"{module + '.' if module else ''}aws_api_gateway_{kind}.{name}"
    extra = {}
    if index is not None:
        address += f"[{json.dumps(index)}]"
        extra = {"index": index}
    return {
        "address": address,
        "mode": "managed",
        "type": f"aws_api_gateway_{kind}",
        "name": name,
        **extra,
        "values": values,
    }


def configured(kind: str, name: str, **expressions: object) -> dict:
    return {"type": f"aws_api_gateway_{kind}", "name": name, "expressions": expressions}


def plan(resources: list[dict], configuration: list[dict], **more: object) -> str:
    return json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": resources, **more.pop("modules", {})}},
            "configuration": {"root_module": {"resources": configuration, **more.pop("calls", {})}},
            **more,
        }
    )


MOCK = [
    resource("rest_api", "a", {"name": "shop"}),
    resource("resource", "r", {"path_part": "x"}),
    resource("method", "m", {"http_method": "GET", "authorization": "NONE"}),
    resource("integration", "i", {"http_method": "GET", "type": "MOCK"}),
]
WIRED = [
    configured("rest_api", "a"),
    configured(
        "resource", "r", rest_api_id=API, parent_id={"references": ["aws_api_gateway_rest_api.a.root_resource_id"]}
    ),
    configured("method", "m", rest_api_id=API, resource_id={"references": ["aws_api_gateway_resource.r.id"]}),
    configured("integration", "i", rest_api_id=API, resource_id={"references": ["aws_api_gateway_resource.r.id"]}),
]


def methods(found) -> dict[str, list[str]]:
    assert found.api is not None
    return {each.path: list(each.methods) for each in found.api.resources}


def test_a_plan_is_put_together_by_its_references():
    found = loaded(plan(MOCK, WIRED))
    assert found.problems == ()
    assert (found.name, methods(found)) == ("aws_api_gateway_rest_api.a", {"/x": ["GET"]})


def test_a_state_is_put_together_by_its_ids():
    values = [
        {"id": "api1", "name": "shop", "root_resource_id": "root1"},
        {"id": "res1", "rest_api_id": "api1", "parent_id": "root1", "path_part": "x", "path": "/x"},
        {"rest_api_id": "api1", "resource_id": "res1", "http_method": "GET", "authorization": "NONE"},
        {"rest_api_id": "api1", "resource_id": "res1", "http_method": "GET", "type": "MOCK"},
    ]
    resources = [{**each, "values": own} for each, own in zip(MOCK, values, strict=True)]
    found = loaded(json.dumps({"format_version": "1.0", "values": {"root_module": {"resources": resources}}}))
    assert found.problems == ()
    assert methods(found) == {"/x": ["GET"]}


def test_each_instance_finds_its_own():
    resources = [MOCK[0]]
    for key in ("one", "two"):
        resources += [
            resource("resource", "r", {"path_part": key}, index=key),
            resource("method", "m", {"http_method": "GET"}, index=key),
            resource("integration", "i", {"http_method": "GET", "type": "MOCK"}, index=key),
        ]
    found = loaded(plan(resources, WIRED))
    assert found.problems == ()
    assert methods(found) == {"/one": ["GET"], "/two": ["GET"]}


def test_through_the_inputs_and_outputs_of_modules():
    child = [
        {**resource("resource", "r", {"path_part": "x"}, module="module.routes")},
        {**resource("method", "m", {"http_method": "GET"}, module="module.routes")},
        {**resource("integration", "i", {"http_method": "GET", "type": "MOCK"}, module="module.routes")},
    ]
    api = {**resource("rest_api", "a", {"name": "shop"}, module="module.api")}
    inner = [
        configured("resource", "r", rest_api_id={"references": ["var.api"]}, parent_id={"references": ["var.root"]}),
        configured(
            "method",
            "m",
            rest_api_id={"references": ["var.api"]},
            resource_id={"references": ["aws_api_gateway_resource.r.id"]},
        ),
        configured(
            "integration",
            "i",
            rest_api_id={"references": ["var.api"]},
            resource_id={"references": ["aws_api_gateway_resource.r.id"]},
        ),
    ]
    calls = {
        "module_calls": {
            "api": {
                "module": {
                    "resources": [configured("rest_api", "a")],
                    "outputs": {
                        "id": {"expression": {"references": ["aws_api_gateway_rest_api.a.id"]}},
                        "root": {"expression": {"references": ["aws_api_gateway_rest_api.a.root_resource_id"]}},
                    },
                }
            },
            "routes": {
                "expressions": {"api": {"references": ["module.api.id"]}, "root": {"references": ["module.api.root"]}},
                "module": {"resources": inner},
            },
        }
    }
    modules = {
        "child_modules": [
            {"address": "module.api", "resources": [api]},
            {"address": "module.routes", "resources": child},
        ]
    }
    found = loaded(plan([], [], modules=modules, calls=calls))
    assert found.problems == ()
    assert (found.name, methods(found)) == ("module.api.aws_api_gateway_rest_api.a", {"/x": ["GET"]})


def test_a_uri_made_of_a_function_is_known_by_the_functions_name():
    found = fixture("terraform/orders-plan.json")
    assert found.api is not None
    rest = next(each for each in found.api.resources if each.path == "/{proxy+}").methods["ANY"].integration
    assert rest is not None
    assert rest.uri is not None
    assert rest.uri.endswith("function:orders-rest/invocations")


def test_what_is_known_only_after_apply_stays_visible():
    resources = [
        *MOCK[:3],
        resource("integration", "i", {"http_method": "GET", "type": "HTTP", "integration_http_method": "GET"}),
    ]
    wired = [
        *WIRED[:3],
        configured(
            "integration", "i", uri={"references": ["aws_lb.main.dns_name", "aws_lb.main"]}, **WIRED[3]["expressions"]
        ),
    ]
    changes = [
        {
            "address": "aws_api_gateway_integration.i",
            "change": {"after_unknown": {"uri": True, "id": True, "request_templates": {"application/json": True}}},
        }
    ]
    found = loaded(plan(resources, wired, resource_changes=changes))
    assert [(each.severity, each.code) for each in found.problems] == [("warning", "CFG020")]
    assert found.api is not None
    integration = found.api.resources[0].methods["GET"].integration
    assert integration is not None
    assert integration.uri == "aws_lb.main.dns_name"
    assert integration.request_templates.items[0][1].text == "application/json (known after apply)"


def test_a_body_is_an_openapi_document_with_the_places_of_the_plan():
    body = '{"openapi": "3.0.1", "paths": {"/a": {"get": {"x-amazon-apigateway-integration": {"type": "moc"}}}}}'
    text = plan([resource("rest_api", "a", {"name": "shop", "body": body})], [])
    found = loaded(text)
    (problem,) = found.problems
    assert (problem.code, problem.nearest) == ("wrong-type", "MOCK")
    assert text[problem.column - 1 :].startswith('\\"moc\\"')


@pytest.mark.parametrize(
    "change, code",
    [
        ({"timeout_milliseconds": 1}, "timeout"),
        ({"type": "HTTP", "integration_http_method": "GET", "uri": None}, "no-uri"),
        ({"request_parameters": {"integration.request.path.a": "method.request.path.a"}}, "undeclared-parameter"),
        ({"tls_config": [{"insecure_skip_verification": True}]}, "CFG007"),
        ({"passthrough_behavior": "ALWAYS"}, "wrong-passthroughBehavior"),
    ],
)
def test_the_checks_of_every_integration(change, code):
    resources = [*MOCK[:3], resource("integration", "i", {**MOCK[3]["values"], **change})]
    assert [each.code for each in loaded(plan(resources, WIRED)).problems] == [code]


def test_a_method_that_nobody_can_place_is_told():
    found = load_definition(plan([*MOCK, resource("rest_api", "b", {"name": "other"})], WIRED[:3]), "d")
    assert isinstance(found, AmbiguousApi)
    assert found.names == ("aws_api_gateway_rest_api.a", "aws_api_gateway_rest_api.b")


def test_a_long_plan_is_read_quickly():
    text = (FIXTURES / "terraform/orders-plan.json").read_text(encoding="utf-8")
    assert len(text.splitlines()) > 1_500
    assert load_definition(text, "d").problems == ()


def test_a_state_file_as_it_lies_on_the_disk():
    def stored(kind: str, name: str, key: str | None, values: dict) -> dict:
        instance = {"schema_version": 0, "attributes": values, **({} if key is None else {"index_key": key})}
        return {"mode": "managed", "type": f"aws_api_gateway_{kind}", "name": name, "instances": [instance]}

    resources = [
        stored("rest_api", "a", None, {"id": "api1", "name": "shop", "root_resource_id": "root1"}),
        stored("resource", "r", "x", {"id": "res1", "rest_api_id": "api1", "parent_id": "root1", "path_part": "x"}),
        stored(
            "method",
            "m",
            "x",
            {"rest_api_id": "api1", "resource_id": "res1", "http_method": "GET", "request_validator_id": ""},
        ),
        # A state has an empty text for what was not set.
        stored(
            "integration",
            "i",
            "x",
            {
                "rest_api_id": "api1",
                "resource_id": "res1",
                "http_method": "GET",
                "type": "MOCK",
                "content_handling": "",
                "uri": "",
            },
        ),
    ]
    found = loaded(json.dumps({"version": 4, "terraform_version": "1.9.6", "lineage": "l", "resources": resources}))
    assert found.problems == ()
    assert methods(found) == {"/x": ["GET"]}
