"""The life of an API by boto3, from nothing to a transformed request and to nothing again, over a socket."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from vtlsim.gateway import answer_mock, transform_request, transform_response
from vtlsim.gateway.model import MethodRequest
from vtlsim.surfaces.control.mounting import StoreMounts

TEMPLATE = '{"statusCode": 200}'


def made(client, name="pets"):
    api = client.create_rest_api(name=name)
    resource = client.create_resource(restApiId=api["id"], parentId=api["rootResourceId"], pathPart="{id}")
    method = {"restApiId": api["id"], "resourceId": resource["id"], "httpMethod": "POST"}
    client.put_method(**method, authorizationType="NONE", requestParameters={"method.request.path.id": True})
    client.put_integration(**method, type="MOCK", requestTemplates={"application/json": TEMPLATE})
    client.put_method_response(**method, statusCode="200", responseParameters={"method.response.header.X-Stage": False})
    client.put_integration_response(
        **method,
        statusCode="200",
        responseParameters={"method.response.header.X-Stage": "context.stage"},
        responseTemplates={"application/json": '{"id": "$input.params(\'id\')", "who": "$stageVariables.who"}'},
    )
    return api, method


def through(plane, path, method="POST"):
    """A request as the data plane takes it: where the store says that the path leads."""
    place = StoreMounts(plane.store).find(path)
    if place.mount is None:
        return None
    from vtlsim.gateway.model import DEFAULT_SURROUNDINGS

    around = DEFAULT_SURROUNDINGS._replace(stage=place.stage)
    there = transform_request(MethodRequest(method, place.path), place.mount.api, around)
    if not hasattr(there, "value"):
        return there.response
    back = transform_response(answer_mock(there.value), there.value, place.mount.api, around)
    return back.value


def test_from_nothing_to_a_transformed_request_and_to_nothing(client, served):
    api, method = made(client)
    tested = client.test_invoke_method(**method, pathWithQueryString="/7", stageVariables={"who": "me"})
    assert json.loads(tested["body"]) == {"id": "7", "who": "me"}
    assert "Method completed with status: 200" in tested["log"]

    first = client.create_deployment(restApiId=api["id"], stageName="dev", variables={"who": "dev"})
    start = f"/restapis/{api['id']}/dev/_user_request_"
    answer = through(served.plane, f"{start}/7")
    assert json.loads(answer.body) == {"id": "7", "who": "dev"}
    assert answer.headers.first("X-Stage") == "dev"
    assert json.loads(through(served.plane, f"/{api['id']}/dev/8").body)["id"] == "8"
    assert json.loads(through(served.plane, "/dev/9").body)["id"] == "9"

    operations = [{"op": "replace", "path": "/responseTemplates/application~1json", "value": '{"changed": true}'}]
    client.update_integration_response(**method, statusCode="200", patchOperations=operations)
    assert json.loads(through(served.plane, f"{start}/7").body)["who"] == "dev", "a deployment is frozen"
    second = client.create_deployment(restApiId=api["id"])
    client.create_stage(restApiId=api["id"], stageName="prod", deploymentId=second["id"])
    assert json.loads(through(served.plane, f"/restapis/{api['id']}/prod/_user_request_/7").body) == {"changed": True}
    assert json.loads(through(served.plane, f"{start}/7").body)["who"] == "dev", "a stage has its own deployment"
    operations = [
        {"op": "replace", "path": "/deploymentId", "value": second["id"]},
        {"op": "replace", "path": "/variables/who", "value": "x"},
    ]
    stage = client.update_stage(restApiId=api["id"], stageName="dev", patchOperations=operations)
    assert stage["variables"] == {"who": "x"}
    assert json.loads(through(served.plane, f"{start}/7").body) == {"changed": True}

    client.delete_stage(restApiId=api["id"], stageName="prod")
    client.delete_deployment(restApiId=api["id"], deploymentId=first["id"])
    with pytest.raises(ClientError, match="Active stages"):
        client.delete_deployment(restApiId=api["id"], deploymentId=second["id"])
    client.delete_rest_api(restApiId=api["id"])
    assert through(served.plane, f"{start}/7") is None
    with pytest.raises(client.exceptions.NotFoundException, match="Invalid API identifier"):
        client.get_rest_api(restApiId=api["id"])


def test_the_other_entities(client):
    """A botocore client accepts the answer of each operation that is served and not part of the life above."""
    api, method = made(client, "others")
    ids = {"restApiId": api["id"]}
    schema = json.dumps(
        {
            "type": "object",
            "properties": {"name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
        }
    )
    client.create_model(**ids, name="Pet", contentType="application/json", schema=schema)
    assert client.get_model(**ids, modelName="Pet")["schema"] == schema
    assert {each["name"] for each in client.get_models(**ids)["items"]} == {"Empty", "Error", "Pet"}
    assert '"name" : "foo"' in client.get_model_template(**ids, modelName="Pet")["value"]
    change = [{"op": "replace", "path": "/description", "value": "a pet"}]
    assert client.update_model(**ids, modelName="Pet", patchOperations=change)["description"] == "a pet"
    validator = client.create_request_validator(**ids, name="all", validateRequestBody=True)
    one = {**ids, "requestValidatorId": validator["id"]}
    change = [{"op": "replace", "path": "/validateRequestParameters", "value": "true"}]
    assert client.update_request_validator(**one, patchOperations=change)["validateRequestParameters"] is True
    assert client.get_request_validators(**ids)["items"] == [
        {"id": validator["id"], "name": "all", "validateRequestBody": True, "validateRequestParameters": True}
    ]
    change = [
        {"op": "replace", "path": "/requestValidatorId", "value": validator["id"]},
        {"op": "add", "path": "/requestModels/application~1json", "value": "Pet"},
    ]
    assert client.update_method(**method, patchOperations=change)["requestModels"] == {"application/json": "Pet"}
    refused = client.test_invoke_method(**method, pathWithQueryString="/7", body='{"name": 1}')
    assert (refused["status"], json.loads(refused["body"])) == (400, {"message": "Invalid request body"})
    with pytest.raises(client.exceptions.ConflictException):
        client.delete_model(**ids, modelName="Pet")
    with pytest.raises(client.exceptions.ConflictException):
        client.delete_request_validator(**one)
    assert client.get_request_validator(**one)["name"] == "all"
    change = [
        {"op": "replace", "path": "/requestValidatorId", "value": ""},
        {"op": "remove", "path": "/requestModels/application~1json"},
    ]
    client.update_method(**method, patchOperations=change)
    client.delete_request_validator(**one)
    client.delete_model(**ids, modelName="Pet")

    client.put_gateway_response(**ids, responseType="DEFAULT_4XX", statusCode="418")
    assert client.get_gateway_response(**ids, responseType="UNAUTHORIZED")["statusCode"] == "418"
    change = [{"op": "replace", "path": "/statusCode", "value": "402"}]
    assert (
        client.update_gateway_response(**ids, responseType="THROTTLED", patchOperations=change)["statusCode"] == "402"
    )
    assert len(client.get_gateway_responses(**ids)["items"]) == 21
    client.delete_gateway_response(**ids, responseType="DEFAULT_4XX")

    assert client.get_method_response(**method, statusCode="200")["statusCode"] == "200"
    change = [{"op": "add", "path": "/responseModels/text~1plain", "value": "Empty"}]
    assert client.update_method_response(**method, statusCode="200", patchOperations=change)["responseModels"]
    assert client.get_integration_response(**method, statusCode="200")["responseTemplates"]
    assert set(client.get_method(**method)) > {"methodIntegration", "methodResponses"}
    assert client.get_integration(**method)["type"] == "MOCK"
    deployment = client.create_deployment(**ids, description="one")
    which = {**ids, "deploymentId": deployment["id"]}
    assert (
        client.get_deployment(**which, embed=["apisummary"])["apiSummary"]["/{id}"]["POST"]["apiKeyRequired"] is False
    )
    change = [{"op": "replace", "path": "/description", "value": "two"}]
    assert client.update_deployment(**which, patchOperations=change)["description"] == "two"
    assert [each["id"] for each in client.get_deployments(**ids)["items"]] == [deployment["id"]]
    client.create_stage(**which, stageName="s", tags={"a": "b"}, variables={"v": "1"})
    change = [
        {"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"},
        {"op": "replace", "path": "/~1{id}/POST/throttling/rateLimit", "value": "1.5"},
        {"op": "replace", "path": "/tracingEnabled", "value": "true"},
        {"op": "remove", "path": "/variables/v"},
    ]
    stage = client.update_stage(**ids, stageName="s", patchOperations=change)
    assert stage["methodSettings"]["*/*"]["loggingLevel"] == "INFO"
    assert stage["methodSettings"]["{id}/POST"]["throttlingRateLimit"] == 1.5
    assert (stage["tracingEnabled"], "variables" in stage) == (True, False)
    assert client.get_stage(**ids, stageName="s")["deploymentId"] == deployment["id"]
    assert [each["stageName"] for each in client.get_stages(**which)["item"]] == ["s"]

    resource = client.get_resource(**ids, resourceId=method["resourceId"], embed=["methods"])
    assert resource["resourceMethods"]["POST"]["methodIntegration"]["type"] == "MOCK"
    child = client.create_resource(**ids, parentId=resource["id"], pathPart="child")
    change = [{"op": "replace", "path": "/pathPart", "value": "{pet}"}]
    assert client.update_resource(**ids, resourceId=resource["id"], patchOperations=change)["path"] == "/{pet}"
    assert client.get_resource(**ids, resourceId=child["id"])["path"] == "/{pet}/child"
    client.delete_integration_response(**method, statusCode="200")
    client.delete_method_response(**method, statusCode="200")
    client.delete_integration(**method)
    client.delete_method(**method)
    client.delete_resource(**ids, resourceId=resource["id"])
    assert [each["path"] for each in client.get_resources(**ids)["items"]] == ["/"]
    change = [
        {"op": "add", "path": "/binaryMediaTypes/image~1png", "value": ""},
        {"op": "replace", "path": "/minimumCompressionSize", "value": "10"},
        {"op": "replace", "path": "/endpointConfiguration/types/EDGE", "value": "REGIONAL"},
        {"op": "replace", "path": "/name", "value": "renamed"},
    ]
    changed = client.update_rest_api(**ids, patchOperations=change)
    assert changed["binaryMediaTypes"] == ["image/png"]
    assert (changed["minimumCompressionSize"], changed["name"]) == (10, "renamed")
    assert changed["endpointConfiguration"]["types"] == ["REGIONAL"]
    client.delete_rest_api(**ids)


def test_lists_come_in_pages(client):
    apis = {client.create_rest_api(name=f"page {number}")["id"] for number in range(7)}
    pages = list(client.get_paginator("get_rest_apis").paginate(PaginationConfig={"PageSize": 3}))
    found = [each["id"] for page in pages for each in page["items"]]
    assert apis <= set(found)
    assert len(found) == len(set(found))
    assert all(len(page["items"]) <= 3 for page in pages)
    for each in apis:
        client.delete_rest_api(restApiId=each)


def command(served, *arguments):
    aws = shutil.which("aws", path=str(Path(sys.executable).parent)) or shutil.which("aws")
    if aws is None:
        pytest.skip("the AWS CLI is not installed: pip install awscli")
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_PAGER": "",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    whole = [aws, "apigateway", *arguments, "--endpoint-url", served.address, "--output", "json"]
    return subprocess.run(whole, capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_the_aws_cli(served, client, tmp_path):
    """A pipeline's way: an imported API, put-integration from a file, test-invoke-method, and a mistake."""
    document = tmp_path / "api.json"
    document.write_text(
        json.dumps(
            {
                "openapi": "3.0.1",
                "info": {"title": "cli", "version": "1"},
                "paths": {"/x": {"post": {"responses": {"200": {"description": "ok"}}}}},
            }
        )
    )
    done = command(served, "import-rest-api", "--body", f"fileb://{document}")
    assert done.returncode == 0, done.stderr
    api = json.loads(done.stdout)["id"]
    resource = next(each for each in client.get_resources(restApiId=api)["items"] if each["path"] == "/x")
    ids = ("--rest-api-id", api, "--resource-id", resource["id"], "--http-method", "POST")
    templates = tmp_path / "templates.json"
    templates.write_text(json.dumps({"application/json": '{"statusCode": $input.json("$.status")}'}))
    done = command(served, "put-integration", *ids, "--type", "MOCK", "--request-templates", f"file://{templates}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["timeoutInMillis"] == 29000
    client.put_integration_response(restApiId=api, resourceId=resource["id"], httpMethod="POST", statusCode="200")
    done = command(
        served, "test-invoke-method", *ids, "--body", '{"status": 200}', "--headers", "Content-Type=application/json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == 200
    assert "Method completed with status: 200" in json.loads(done.stdout)["log"]
    done = command(served, "put-integration", *ids, "--type", "HTTP", "--uri", "http://localhost/")
    assert done.returncode != 0
    assert "BadRequestException" in done.stderr
    assert "Enumeration value for HttpMethod must be non-empty" in done.stderr
