"""The wire: HAL, and that no request whatever is answered by a fault of ours."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from control.talking import Talk
from vtlsim.surfaces.control.app import ControlPlane, is_control
from vtlsim.surfaces.control.operations import SERVED

PLANE = ControlPlane()
ACCEPT = {"accept": "application/json"}


def prepared():
    """Ids of an API that has one of everything."""
    talk = Talk(PLANE)
    api = talk.call("CreateRestApi", name="all")
    ids = {"restapi_id": api["id"], "resource_id": api["rootResourceId"], "parent_id": api["rootResourceId"]}
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    talk.call("PutMethod", **method, authorizationType="NONE")
    talk.call("PutIntegration", **method, type="MOCK")
    talk.call("PutMethodResponse", **method, statusCode="200")
    talk.call("PutIntegrationResponse", **method, statusCode="200")
    validator = talk.call("CreateRequestValidator", restApiId=api["id"], name="v")
    deployment = talk.call("CreateDeployment", restApiId=api["id"], stageName="s")
    return {
        **ids,
        "http_method": "GET",
        "status_code": "200",
        "model_name": "Empty",
        "requestvalidator_id": validator["id"],
        "response_type": "UNAUTHORIZED",
        "deployment_id": deployment["id"],
        "stage_name": "s",
        "export_type": "swagger",
    }


IDS = prepared()
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ANY = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def values(shape, depth=0):
    """Values of a shape of the service model, now and then of any other type."""
    if depth > 4:
        return ANY
    found = PLANE.wire._shapes[shape]
    kind = found["type"]
    if kind == "string":
        texts = ["", "GET", "200", "a/b", "text/xml", "method.request.header.X", "http://x.y/", "NONE", "true"]
        fitting = st.sampled_from([*found.get("enum", texts), *texts]) | st.text(max_size=6)
    elif kind == "boolean":
        fitting = st.booleans()
    elif kind in {"integer", "long"}:
        fitting = st.integers(-1, 30_000)
    elif kind == "list":
        fitting = st.lists(values(found["member"]["shape"], depth + 1), max_size=3)
    elif kind == "map":
        fitting = st.dictionaries(
            values(found["key"]["shape"], depth + 1).filter(lambda each: isinstance(each, str)),
            values(found["value"]["shape"], depth + 1),
            max_size=3,
        )
    elif kind == "structure":
        inner = {name: values(member["shape"], depth + 1) for name, member in found["members"].items()}
        fitting = st.fixed_dictionaries({}, optional=inner)
        if shape == "PatchOperation":
            paths = [
                "/name",
                "/requestTemplates/a~1b",
                "/variables/x",
                "/binaryMediaTypes/x",
                "/statusCode",
                "/uri",
                "/~",
                "//",
                "/*/*/logging/loglevel",
                "/canarySettings/percentTraffic",
                "/minimumCompressionSize",
                "/endpointConfiguration/types/EDGE",
                "/cacheKeyParameters/x",
                "/pathPart",
                "/parentId",
                "/schema",
                "/authorizationScopes",
            ]
            fitting = st.fixed_dictionaries(
                {"op": st.sampled_from(["add", "remove", "replace", "copy"]), "path": st.sampled_from(paths)},
                optional={"value": st.text(max_size=6) | st.none(), "from": st.sampled_from(paths)},
            )
    else:
        fitting = st.integers()
    return fitting if depth else fitting | ANY


@pytest.mark.parametrize("operation", sorted(SERVED - {"DeleteRestApi"}))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_no_request_is_answered_by_a_fault(operation, data):
    """Everything is restored between tries, so that each of them meets one of everything."""
    described = PLANE.routes.operations[operation]
    shape = PLANE.wire._shapes[described["input"]["shape"]]
    path, _, query = described["http"]["requestUri"].partition("?")
    for name, value in IDS.items():
        path = path.replace(f"{{{name}}}", value)
    if "payload" in shape:
        body = data.draw(st.binary(max_size=30) | ANY.map(lambda each: json.dumps(each).encode()))
    else:
        members = {
            member.get("locationName", name): values(member["shape"])
            for name, member in shape["members"].items()
            if member.get("location") is None
        }
        body = json.dumps(data.draw(st.fixed_dictionaries({}, optional=members))).encode()
    api = PLANE.store.apis[IDS["restapi_id"]]
    content, stages, deployments = api.content(), dict(api.stages), dict(api.deployments)
    try:
        answer = asyncio.run(PLANE.answer(described["http"]["method"], path, query, {}, body))
        assert answer.status < 500, answer.body
        for stage in list(api.stages):
            PLANE.store.deployed(api.id, stage)
    finally:
        api.restore(content)
        api.stages, api.deployments = stages, deployments
        for each in [each for each in PLANE.store.apis if each != api.id]:
            del PLANE.store.apis[each]


def test_lists_and_methods_in_hal():
    talk = Talk(ControlPlane(), accept="application/hal+json")
    api = talk.call("CreateRestApi", name="hal")
    assert api["_links"]["self"] == {"href": f"/restapis/{api['id']}"}
    assert api["createdDate"].endswith("Z")
    start = f"/restapis/{api['id']}/resources"
    root = api["rootResourceId"]
    child = talk.call("CreateResource", restApiId=api["id"], parentId=root, pathPart="x")
    assert child["_links"]["self"] == {"href": f"{start}/{child['id']}"}
    assert child["_links"]["method:put"] == {
        "href": f"{start}/{child['id']}/methods/{{http_method}}",
        "templated": True,
    }
    listed = talk.call("GetResources", restApiId=api["id"], limit=1)
    assert listed["_links"]["next"]["href"].startswith(f"{start}?position=")
    (item,) = listed["_embedded"]["item"]
    assert item["_links"]["self"] == {"href": f"{start}/{root}"}
    method = {"restApiId": api["id"], "resourceId": root, "httpMethod": "GET"}
    talk.call("PutMethod", **method, authorizationType="NONE")
    talk.call("PutMethodResponse", **method, statusCode="200")
    talk.call("PutIntegration", **method, type="MOCK")
    talk.call("PutIntegrationResponse", **method, statusCode="200")
    found = talk.call("GetMethod", **method)["_embedded"]
    at = f"{start}/{root}/methods/GET"
    assert found["method:integration"]["_links"]["self"] == {"href": f"{at}/integration"}
    (answer,) = found["method:integration"]["_embedded"]["integration:responses"]
    assert answer["_links"]["self"] == {"href": f"{at}/integration/responses/200"}
    (declared,) = found["method:responses"]
    assert declared["_links"]["self"] == {"href": f"{at}/responses/200"}
    (listed,) = talk.call("GetRestApis")["_embedded"]["item"]
    assert listed["createdDate"].endswith("Z")


def test_what_is_signed_for_the_service_is_the_control_planes():
    signed = "AWS4-HMAC-SHA256 Credential=A/20261122/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"
    prefixes = PLANE.routes.prefixes
    assert {"restapis", "apikeys", "tags", "account", "usageplans", "domainnames"} <= prefixes
    assert is_control("/apikeys/x", signed.format("apigateway"), prefixes)
    assert not is_control("/apikeys/x", signed.format("execute-api"), prefixes)
    assert not is_control("/apikeys/x", None, prefixes)
    assert not is_control("/orders", signed.format("apigateway"), prefixes)
