"""``cdk.out``: manifests, nested assemblies and nested stacks."""

from __future__ import annotations

import json

from config.documents import loaded
from vtlsim.config.definition import AmbiguousApi, load_definition
from vtlsim.config.reader import Texts


def stack(api: str, path: str) -> str:
    return json.dumps(
        {
            "Resources": {
                "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": api}},
                "R": {
                    "Type": "AWS::ApiGateway::Resource",
                    "Properties": {
                        "RestApiId": {"Ref": "Api"},
                        "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                        "PathPart": path,
                    },
                },
                "M": {
                    "Type": "AWS::ApiGateway::Method",
                    "Properties": {
                        "RestApiId": {"Ref": "Api"},
                        "ResourceId": {"Ref": "R"},
                        "HttpMethod": "GET",
                        "Integration": {"Type": "MOCK", "Typo": 1},
                    },
                },
            }
        }
    )


def manifest(**artifacts: dict) -> str:
    return json.dumps({"version": "36.0.0", "artifacts": artifacts})


def of_stack(file: str) -> dict:
    return {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}}


def test_two_stacks_with_an_api_each():
    files = {"one.template.json": stack("first", "a"), "two.template.json": stack("second", "b")}
    text = manifest(One=of_stack("one.template.json"), Two=of_stack("two.template.json"))
    found = load_definition(text, "cdk.out/manifest.json", Texts(files))
    assert isinstance(found, AmbiguousApi)
    assert found.names == ("One.Api", "Two.Api")
    assert [each.file for each in found.problems] == ["cdk.out/one.template.json", "cdk.out/two.template.json"]
    chosen = loaded(text, files, api="second")
    assert chosen.api is not None
    assert [each.path for each in chosen.api.resources] == ["/b"]


def test_an_assembly_inside_an_assembly():
    files = {
        "stage/manifest.json": manifest(S=of_stack("s.template.json")),
        "stage/s.template.json": stack("deep", "d"),
    }
    found = loaded(manifest(Stage={"type": "cdk:cloud-assembly", "properties": {"directoryName": "stage"}}), files)
    assert found.api is not None
    assert found.api.name == "deep"
    assert found.files == ("stage/manifest.json", "stage/s.template.json")


def test_a_nested_stack_gets_its_parameters():
    nested = {
        "Parameters": {"Url": {"Type": "String"}},
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "nested"}},
            "M": {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {
                    "RestApiId": {"Ref": "Api"},
                    "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                    "HttpMethod": "GET",
                    "Integration": {"Type": "HTTP", "IntegrationHttpMethod": "GET", "Uri": {"Ref": "Url"}},
                },
            },
        },
    }
    parent = {
        "Resources": {
            "Nested": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"Parameters": {"Url": {"Fn::Join": ["", ["http://", "host"]]}}},
                "Metadata": {"aws:asset:path": "nested.template.json"},
            }
        }
    }
    files = {"p.template.json": json.dumps(parent), "nested.template.json": json.dumps(nested)}
    found = loaded(manifest(P=of_stack("p.template.json")), files)
    assert found.problems == ()
    assert found.api is not None
    integration = found.api.resources[0].methods["GET"].integration
    assert integration is not None
    assert integration.uri == "http://host"


def test_a_template_that_is_not_there():
    found = loaded(manifest(One=of_stack("gone.template.json")))
    assert [(each.code, each.text) for each in found.problems] == [("read", '"gone.template.json"')]
