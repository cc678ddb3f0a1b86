"""One port for both planes: a server, its data plane, and boto3 against the same address."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from vtlsim.surfaces.control.app import ControlPlane, router
from vtlsim.surfaces.control.mounting import StoreMounts, join
from vtlsim.surfaces.control.operations.definitions import adopt
from vtlsim.surfaces.library import load

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "fixtures"


@pytest.fixture
def both(tmp_path):
    """A server over a definition of its own with a control plane: its address and the plane."""
    reload = pytest.importorskip("vtlsim.surfaces.server.reload")
    running_module = pytest.importorskip("vtlsim.surfaces.server.running")
    definition = tmp_path / "api.json"
    definition.write_text(json.dumps(document("one")))
    plane = ControlPlane()
    running = running_module.Running(
        [reload.Watched(str(definition), "")],
        running_module.Options(stages=("dev",)),
        lines=False,
        routers=[router(plane)],
    )
    join(running, plane)
    for each in running.definitions:
        each.read()
    running.mount_all()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    started = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(running.serve([listening], started.set)), daemon=True)
    thread.start()
    assert started.wait(20)
    while running.server is None or not running.server.started:
        pass
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", plane, definition
    running.stop()
    thread.join(20)


def document(word):
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": f'"{word}"'}}},
    }
    operation = {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": integration}
    return {"openapi": "3.0.1", "info": {"title": "words", "version": "1"}, "paths": {"/word": {"get": operation}}}


def got(address):
    with urllib.request.urlopen(address, timeout=10) as found:
        return json.loads(found.read())


def test_a_definition_is_changed_by_boto3_and_written_back(both):
    boto3 = pytest.importorskip("boto3")
    address, _plane, definition = both
    client = boto3.client(
        "apigateway", endpoint_url=address, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    assert got(f"{address}/dev/word") == "one"
    (api,) = client.get_rest_apis()["items"]
    resource = next(each for each in client.get_resources(restApiId=api["id"])["items"] if each["path"] == "/word")
    method = {"restApiId": api["id"], "resourceId": resource["id"], "httpMethod": "GET"}
    change = [{"op": "replace", "path": "/responseTemplates/application~1json", "value": '"two"'}]
    client.update_integration_response(**method, statusCode="200", patchOperations=change)
    assert json.loads(client.test_invoke_method(**method)["body"]) == "two"
    assert got(f"{address}/dev/word") == "one"
    client.create_deployment(restApiId=api["id"], stageName="dev")
    assert got(f"{address}/dev/word") == "two"
    client.create_deployment(restApiId=api["id"], stageName="new")
    assert got(f"{address}/new/word") == "two"
    assert got(f"{address}/restapis/{api['id']}/new/_user_request_/word") == "two"
    body = client.get_export(
        restApiId=api["id"], stageName="dev", exportType="oas30", parameters={"extensions": "apigateway"}
    )["body"].read()
    definition.write_bytes(body.replace(b'\\"two\\"', b'\\"three\\"'))
    deadline = time.monotonic() + 5
    while (word := got(f"{address}/dev/word")) != "three" and time.monotonic() < deadline:
        time.sleep(0.03)  # a burst of requests looks once at the files
    assert word == "three"
    made = client.create_rest_api(name="second")
    assert {each["name"] for each in client.get_rest_apis()["items"]} == {"words", "second"}
    client.delete_rest_api(restApiId=made["id"])
    client.close()


def test_paths_lead_to_stages():
    plane = ControlPlane()
    api = load(FIXTURES / "openapi" / "orders.yaml").model
    adopt(plane.store, api, "abc", "orders", ("dev", "prod"))
    mounts = StoreMounts(plane.store)
    for path, stage, rest in (
        ("/restapis/abc/dev/_user_request_/orders/1", "dev", "/orders/1"),
        ("/restapis/abc/dev/_user_request_", "dev", "/"),
        ("/abc/prod/orders//x", "prod", "/orders//x"),
        ("/prod/orders", "prod", "/orders"),
        ("/dev", "dev", "/"),
    ):
        place = mounts.find(path)
        assert (place.stage, place.path, place.known_stage) == (stage, rest, True)
        assert place.mount is not None
        assert place.mount.id == "abc"
        assert place.mount.api.resources == api.resources
    for path in (
        "/",
        "/none/orders",
        "/abc/none/x",
        "/restapis/abc/none/_user_request_/x",
        "/restapis/x/dev/_user_request_/",
    ):
        place = mounts.find(path)
        assert place.mount is None or not place.known_stage
    adopt(plane.store, api, "def", "orders again", ("dev",))
    assert mounts.find("/dev/orders").mount is None, "two APIs have such a stage"
    assert [each.id for each in mounts] == ["abc", "def"]
