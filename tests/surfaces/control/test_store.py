"""Many at once, bad input, and the store's limits."""

from __future__ import annotations

import asyncio
import json
import random
import string

import pytest

from control.talking import Refusal, Talk
from vtlsim.surfaces.control.app import ControlPlane


async def one_client(plane, number, rounds):
    """One of many: creates, patches, lists and deletes, and checks that each answer is its own."""
    draw = random.Random(number)
    kept = []

    async def call(method, path, document=None):
        await asyncio.sleep(draw.random() / 1000)
        body = json.dumps(document).encode() if document is not None else b""
        path, _, query = path.partition("?")
        answer = await plane.answer(method, path, query, {"accept": "application/json"}, body)
        assert answer.status < 400, answer.body
        return json.loads(answer.body) if answer.body else {}

    for turn in range(rounds):
        api = await call("POST", "/restapis", {"name": f"{number}-{turn}"})
        start = f"/restapis/{api['id']}"
        root = f"{start}/resources/{api['rootResourceId']}"
        child = await call("POST", root, {"pathPart": f"r{number}"})
        method = f"{start}/resources/{child['id']}/methods/GET"
        await call("PUT", method, {"authorizationType": "NONE"})
        await call("PUT", f"{method}/integration", {"type": "MOCK", "cacheNamespace": f"n{number}"})
        patch = {"patchOperations": [{"op": "add", "path": "/requestTemplates/a~1b", "value": f"{number}"}]}
        changed = await call("PATCH", f"{method}/integration", patch)
        assert (changed["cacheNamespace"], changed["requestTemplates"]) == (f"n{number}", {"a/b": f"{number}"})
        await call("POST", f"{start}/deployments", {"stageName": "s"})
        assert await call("GET", f"{method}/integration") == changed
        listed = await call("GET", "/restapis?limit=500")
        assert api["id"] in {each["id"] for each in listed["item"]}
        if draw.random() < 0.5:
            await call("DELETE", start)
        else:
            kept.append(api["id"])
    return kept


def test_fifty_clients_lose_nothing():
    plane = ControlPlane()

    async def everybody():
        return await asyncio.gather(*(one_client(plane, number, 3) for number in range(50)))

    kept = {each for found in asyncio.run(everybody()) for each in found}
    talk = Talk(plane)
    assert {each["id"] for each in talk.call("GetRestApis", limit=500)["item"]} == kept
    for each in sorted(kept)[:20]:
        assert talk.call("GetRestApi", restApiId=each)["id"] == each
        assert plane.store.deployed(each, "s") is not None


def test_the_301st_resource(talk):
    api = talk.call("CreateRestApi", name="many")
    for number in range(299):
        talk.call("CreateResource", restApiId=api["id"], parentId=api["rootResourceId"], pathPart=f"r{number}")
    with pytest.raises(Refusal, match="Maximum number of resources") as caught:
        talk.call("CreateResource", restApiId=api["id"], parentId=api["rootResourceId"], pathPart="last")
    assert (caught.value.status, caught.value.type) == (429, "LimitExceededException")
    seen, position = [], {}
    while True:
        page = talk.call("GetResources", restApiId=api["id"], limit=77, **position)
        seen += [each["path"] for each in page["item"]]
        if "position" not in page:
            break
        position = {"position": page["position"]}
    assert len(seen) == len(set(seen)) == 300


NAMES = [*string.printable, "é", "日本", "\U0001f600", "\ud800", "a" * 2000, "../..", "%2F", "{a}", "{a+}", "{", "$(x)"]


@pytest.mark.parametrize("name", NAMES, ids=[ascii(each)[:20] for each in NAMES])
def test_names_of_every_character(talk, name):
    """Any name is taken or refused, never a fault of ours; what was taken comes back as it was sent."""
    api = talk.call("CreateRestApi", name="names")
    ids = {"restApiId": api["id"]}
    method = {**ids, "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    talk.call("PutMethod", **method, authorizationType="NONE")
    talk.call("PutIntegration", **method, type="MOCK")
    talk.call("CreateDeployment", **ids, stageName="s")
    tries = [
        ("CreateRestApi", {"name": name}),
        ("CreateResource", {**ids, "parentId": api["rootResourceId"], "pathPart": name}),
        ("CreateModel", {**ids, "name": name, "contentType": "application/json", "schema": name}),
        ("CreateRequestValidator", {**ids, "name": name}),
        ("CreateDeployment", {**ids, "stageName": name, "variables": {name: name}}),
        ("PutIntegration", {**method, "type": "MOCK", "requestTemplates": {name: name, "a/b": name}}),
        ("PutIntegration", {**method, "type": "HTTP", "integrationHttpMethod": name, "uri": name}),
        ("PutIntegrationResponse", {**method, "statusCode": "200", "selectionPattern": name}),
        (
            "PutMethodResponse",
            {**method, "statusCode": "201", "responseParameters": {f"method.response.header.{name}": True}},
        ),
        (
            "PutGatewayResponse",
            {**ids, "responseType": "UNAUTHORIZED", "responseParameters": {f"gatewayresponse.header.{name}": name}},
        ),
        (
            "TestInvokeMethod",
            {**method, "pathWithQueryString": f"/{name}?{name}", "body": name, "headers": {"X": name}},
        ),
        ("UpdateRestApi", {**ids, "patchOperations": [{"op": "add", "path": f"/{name}", "value": name}]}),
        (
            "UpdateStage",
            {
                **ids,
                "stageName": "s",
                "patchOperations": [{"op": "replace", "path": f"/variables/{name}", "value": name}],
            },
        ),
        ("ImportRestApi", {"payload": name.encode("utf-8", "surrogatepass")}),
    ]
    for operation, params in tries:
        found, refused = answered(talk, operation, params)
        if refused is not None:
            assert refused.status < 500, f"{operation}: {refused}"
            assert refused.message
            continue
        for field in ("name", "pathPart", "selectionPattern"):
            if field in params:
                assert found[field] == params[field]


def answered(talk, operation, params):
    """What an operation gave, or how it refused."""
    try:
        return talk.call(operation, **params), None
    except Refusal as refused:
        return None, refused


BODIES = [
    b"{",
    b"[]",
    b'"x"',
    b"\xff\xfe",
    b"null",
    b"{}",
    b'{"name": null}',
    b'{"name": "a"',
    b"[" * 5000,
    b'{"a":' * 5000,
]


@pytest.mark.parametrize("body", BODIES, ids=[ascii(each)[:16] for each in BODIES])
@pytest.mark.parametrize("path", ["/restapis", "/restapis?mode=import"])
def test_bodies_that_are_none(talk, body, path):
    where, _, query = path.partition("?")
    with pytest.raises(Refusal) as caught:
        talk.send("POST", where, query, {}, body)
    assert caught.value.status == 400


WRONG = [
    ("CreateRestApi", {"name": " "}, "API Name cannot be blank"),
    ("CreateResource", {"pathPart": "a b"}, "Resource's path part only allow"),
    ("CreateResource", {"pathPart": "{a"}, "Resource's path part only allow"),
    ("CreateResource", {"pathPart": "here"}, "Another resource with the same parent already has this name: here"),
    ("CreateDeployment", {}, "The REST API doesn't contain any methods"),
    ("CreateDeployment", {"stageName": "a/b"}, "Stage name only allows"),
    ("CreateStage", {"stageName": "s", "deploymentId": "none"}, "Invalid Deployment identifier specified"),
    ("GetStage", {"stageName": "none"}, "Invalid stage identifier specified"),
    ("GetModel", {"modelName": "none"}, "Invalid model name specified: none"),
    ("CreateModel", {"name": "a-b", "contentType": "application/json"}, "Model name must be alphanumeric: a-b"),
    ("CreateModel", {"name": "Empty", "contentType": "application/json"}, "Model name already exists"),
    ("GetRequestValidator", {"requestValidatorId": "none"}, "Invalid Request Validator identifier specified"),
    ("GetRestApi", {"restApiId": "none"}, "Invalid API identifier specified 123456789012:none"),
    ("GetRestApis", {"limit": 0}, "limit must be between 1 and 500"),
    ("DeleteResource", {}, "Root resource cannot be deleted."),
    ("GetExport", {"stageName": "none", "exportType": "oas30"}, "Invalid stage identifier specified"),
]


@pytest.mark.parametrize("operation, params, message", WRONG, ids=[f"{each[0]} {each[2][:30]}" for each in WRONG])
def test_what_cannot_be(talk, operation, params, message):
    api = talk.call("CreateRestApi", name="wrong")
    talk.call("CreateResource", restApiId=api["id"], parentId=api["rootResourceId"], pathPart="here")
    members = talk.plane.wire._shapes[talk.plane.routes.operations[operation]["input"]["shape"]]["members"]
    ids = {"restApiId": api["id"], "parentId": api["rootResourceId"], "resourceId": api["rootResourceId"]}
    with pytest.raises(Refusal, match=message):
        talk.call(operation, **{**{name: value for name, value in ids.items() if name in members}, **params})


def test_a_variable_may_have_no_sibling_and_a_greedy_one_no_child(talk):
    api = talk.call("CreateRestApi", name="paths")
    root = {"restApiId": api["id"], "parentId": api["rootResourceId"]}
    greedy = talk.call("CreateResource", **root, pathPart="{proxy+}")
    with pytest.raises(Refusal, match="already has a variable path part"):
        talk.call("CreateResource", **root, pathPart="{id}")
    with pytest.raises(Refusal, match="greedy path variable"):
        talk.call("CreateResource", restApiId=api["id"], parentId=greedy["id"], pathPart="x")


def test_a_clone_has_everything_and_a_life_of_its_own(talk):
    api = talk.call("CreateRestApi", name="first", description="d")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    talk.call("PutMethod", **method, authorizationType="NONE")
    clone = talk.call("CreateRestApi", name="second", cloneFrom=api["id"])
    assert (clone["name"], clone["description"]) == ("second", "d")
    talk.call("DeleteMethod", **method)
    again = {**method, "restApiId": clone["id"], "resourceId": clone["rootResourceId"]}
    assert talk.call("GetMethod", **again)["httpMethod"] == "GET"


def test_models_without_an_end(talk):
    """A schema too deep is refused; models that name one another twice over have a template that ends."""
    api = talk.call("CreateRestApi", name="models")["id"]
    deep = '{"items":' * 400 + "{}" + "}" * 400
    with pytest.raises(Refusal, match="Invalid model schema specified"):
        talk.call("CreateModel", restApiId=api, name="Deep", contentType="application/json", schema=deep)
    for number in range(40):
        inner = {"$ref": f"https://apigateway.amazonaws.com/restapis/{api}/models/M{number + 1}"}
        schema = json.dumps({"type": "object", "properties": {"a": inner, "b": inner}})
        talk.call("CreateModel", restApiId=api, name=f"M{number}", contentType="application/json", schema=schema)
    assert talk.call("GetModelTemplate", restApiId=api, modelName="M0")["value"].startswith("#set($inputRoot")
    operations = [{"op": "replace", "path": "/schema"}]
    with pytest.raises(Refusal, match="Invalid model schema specified"):
        talk.call("UpdateModel", restApiId=api, modelName="M0", patchOperations=operations)


def test_a_patch_without_a_value_leaves_no_hole(talk):
    api = talk.call("CreateRestApi", name="holes", binaryMediaTypes=["a/b"])["id"]
    operations = [{"op": "replace", "path": "/binaryMediaTypes/a~1b"}]
    with pytest.raises(Refusal, match="A value is needed"):
        talk.call("UpdateRestApi", restApiId=api, patchOperations=operations)
    validator = talk.call("CreateRequestValidator", restApiId=api, name="v")["id"]
    found = talk.call(
        "UpdateRequestValidator",
        restApiId=api,
        requestValidatorId=validator,
        patchOperations=[{"op": "replace", "path": "/name"}],
    )
    assert found["name"] == ""
