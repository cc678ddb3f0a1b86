"""Import, overwrite, merge and export: documents in and out, and the same model when they are read again."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml

from control.talking import Refusal
from vtlsim.config.definition import load_definition
from vtlsim.gateway.model import Resource, Templates, TemplateText
from vtlsim.surfaces.control.assemble import api_of
from vtlsim.surfaces.control.mounting import StoreMounts
from vtlsim.surfaces.control.operations.definitions import adopt
from vtlsim.surfaces.library import load
from vtlsim.surfaces.server.mounts import Mount

FIXTURES = Path(__file__).parents[3] / "fixtures"
DOCUMENTS = ["openapi/orders.yaml", "openapi/orders-swagger.json", "openapi/orders-full.yaml"]


def bare(api):
    """A model without what only one document can know: places, ids, and the order of methods."""

    def templates(found):
        return Templates((key, TemplateText(each.text)) for key, each in found)

    def method(found):
        integration = found.integration
        if integration is not None:
            responses = tuple(
                each._replace(origin=None, response_templates=templates(each.response_templates))
                for each in integration.integration_responses
            )
            integration = integration._replace(
                origin=None,
                cache_namespace=None,
                request_templates=templates(integration.request_templates),
                integration_responses=responses,
            )
        return found._replace(origin=None, integration=integration)

    resources = tuple(
        Resource.at(each.path, {verb: method(inner) for verb, inner in sorted(each.methods.items())})
        for each in api.resources
    )
    responses = {
        kind: each._replace(origin=None, templates=templates(each.templates))
        for kind, each in api.gateway_responses.items()
    }
    return api._replace(
        resources=resources, gateway_responses=MappingProxyType(responses), id=None, stages=MappingProxyType({})
    )


def read(text, name="document"):
    found = load_definition(text, name)
    assert found.api is not None
    assert not found.errors, found.errors
    return found.api


@pytest.mark.parametrize("form", ["oas30", "swagger"])
@pytest.mark.parametrize("accept", ["application/json", "application/yaml"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_export_reads_as_what_was_imported(talk, name, form, accept):
    text = (FIXTURES / name).read_text("utf-8")
    api = talk.call("ImportRestApi", payload=text.encode())
    talk.call("CreateDeployment", restApiId=api["id"], stageName="s")
    talk.call(
        "GetExport",
        restApiId=api["id"],
        stageName="s",
        exportType=form,
        parameters={"extensions": "apigateway"},
        accepts=accept,
    )
    assert talk.headers["Content-Type"] == accept
    assert talk.headers["Content-Disposition"].startswith(f'attachment; filename="{form}_')
    exported = talk.text.decode()
    document = yaml.safe_load(exported)
    assert document.get("openapi") == ("3.0.1" if form == "oas30" else None)
    before, after = bare(read(text)), bare(read(exported))
    for one, other in zip(before.resources, after.resources, strict=True):
        assert one == other
    models = {each: model for each, model in after.models.items() if not each.startswith("inline")}
    assert models == {each: model for each, model in before.models.items() if each in models}
    assert after.gateway_responses.keys() == before.gateway_responses.keys()
    assert (after.binary_media_types, after.name, after.description) == (
        before.binary_media_types,
        before.name,
        before.description,
    )
    assert (after.api_key_source, after.minimum_compression_size) == (
        before.api_key_source,
        before.minimum_compression_size,
    )


def test_without_extensions_there_are_none(talk):
    api = talk.call("ImportRestApi", payload=(FIXTURES / DOCUMENTS[0]).read_bytes())
    talk.call("CreateDeployment", restApiId=api["id"], stageName="s")
    found = talk.call("GetExport", restApiId=api["id"], stageName="s", exportType="oas30")
    assert "x-amazon-apigateway-integration" not in json.dumps(found)
    assert found["paths"]
    with pytest.raises(Refusal, match="Invalid export type specified: raml"):
        talk.call("GetExport", restApiId=api["id"], stageName="s", exportType="raml")


def small(*paths, title="small"):
    operation = {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": {"type": "mock"}}
    return json.dumps(
        {
            "openapi": "3.0.1",
            "info": {"title": title, "version": "2"},
            "paths": {path: {"get": operation} for path in paths},
        }
    ).encode()


def test_merge_adds_and_overwrite_replaces(talk):
    api = talk.call("ImportRestApi", payload=small("/a/b", "/c"))
    ids = {"restApiId": api["id"]}

    def paths():
        return {each["path"]: each["id"] for each in talk.call("GetResources", **ids)["item"]}

    before = paths()
    assert list(before) == ["/", "/a", "/a/b", "/c"]
    assert talk.call("PutRestApi", **ids, mode="merge", payload=small("/a/d"))["name"] == "small"
    assert list(paths()) == ["/", "/a", "/a/b", "/a/d", "/c"]
    assert talk.call("PutRestApi", **ids, mode="overwrite", payload=small("/a/b", title="new"))["name"] == "new"
    after = paths()
    assert list(after) == ["/", "/a", "/a/b"]
    assert after == {path: before[path] for path in after}, "ids stay where paths stay"


def test_an_import_that_fails_leaves_nothing(talk):
    api = talk.call("ImportRestApi", payload=small("/a"))
    wrong = small("/a", "/b").replace(b'"type": "mock"', b'"type": "http", "uri": "nowhere"')
    for operation, params in (("ImportRestApi", {}), ("PutRestApi", {"restApiId": api["id"], "mode": "overwrite"})):
        with pytest.raises(Refusal, match="Errors found during import") as caught:
            talk.call(operation, **params, payload=wrong)
        assert "Invalid HTTP endpoint specified for URI" in caught.value.message
        assert "openapi:1:" in caught.value.message, "each error has its place"
    with pytest.raises(Refusal, match="Resource's path part"):
        talk.call("ImportRestApi", payload=small("/a b"))
    assert [each["id"] for each in talk.call("GetRestApis")["item"]] == [api["id"]]
    assert [each["path"] for each in talk.call("GetResources", restApiId=api["id"])["item"]] == ["/", "/a"]


def test_warnings_come_with_the_answer_or_end_it(talk):
    body = json.dumps(
        {"openapi": "3.0.1", "info": {"title": "w"}, "paths": {"/a": {"get": {"responses": {}}}}}
    ).encode()
    found = talk.call("ImportRestApi", payload=body)
    assert "API Gateway refuses to deploy it" in found["warnings"][0]
    with pytest.raises(Refusal, match="Warnings found during import"):
        talk.call("ImportRestApi", payload=body, failOnWarnings="true")
    with pytest.raises(Refusal, match="No integration defined for method"):
        talk.call("CreateDeployment", restApiId=found["id"])


def test_an_api_without_paths_and_a_document_that_is_none(talk):
    assert talk.call("ImportRestApi", payload=small(title="empty"))["name"] == "empty"
    for body in (b"{}", b"Resources: {}", b"\xff"):
        with pytest.raises(Refusal) as caught:
            talk.call("ImportRestApi", payload=body)
        assert caught.value.status == 400


SPELLINGS = (
    *("openapi/orders.yaml", "get-resources/orders.json", "cloudformation/orders.yaml", "sam/template.yaml"),
    *("cdk/manifest.json", "terraform/orders-plan.json", "terraform/orders-state.json"),
)


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_definition_in_the_store_is_what_was_read(plane, name):
    """Deployed again without a change, it is the same model: nothing is lost on the way into documents and back."""
    model = load(FIXTURES / name).model
    api = adopt(plane.store, model, "abc", model.name or "orders", ("dev",))
    assert plane.store.deployed("abc", "dev").source is model
    again, before = bare(api_of(api.content())), bare(model)
    assert len(again.resources) == len(before.resources)
    for one, other in zip(before.resources, again.resources, strict=True):
        for verb, method in one.methods.items():
            found = other.methods[verb]
            assert found._replace(validator=None, responses=None, authorizer=None) == method._replace(
                validator=None, responses=None, authorizer=None
            )
            assert found.validator[:2] == method.validator[:2]
            if method.responses is not None:
                assert [each.status_code for each in found.responses] == [each.status_code for each in method.responses]
    assert again.models.items() >= before.models.items()
    assert again.gateway_responses == before.gateway_responses


def test_a_bare_put_integration_becomes_a_proxy_that_can_be_edited(talk):
    model = load(FIXTURES / "put-integration" / "orders-http.json").model
    api = adopt(talk.plane.store, model, "abc", "bare", ("dev",))
    listed = talk.call("GetResources", restApiId="abc", embed=["methods"])["item"]
    assert [each["path"] for each in listed] == ["/", "/{proxy+}"]
    integration = listed[1]["resourceMethods"]["ANY"]["methodIntegration"]
    assert integration["uri"] == model.fallback.integration.uri
    assert api_of(api.content()).resources[1].methods["ANY"].integration.uri == integration["uri"]


def test_a_definition_that_the_store_cannot_hold_is_served_as_it_is(plane):
    model = read(small("/a").decode())
    odd = model._replace(
        resources=(
            *model.resources,
            Resource.at("/{x}", {}),
            Resource.at("/{y}", dict(model.resources[0].methods)),
            Resource.at("/{z}", dict(model.resources[0].methods)),
        )
    )
    mounts = StoreMounts(plane.store)
    mounts.put(Mount("abc", "odd", "", odd, ("dev",)))
    assert "only one unique variable path part" in mounts.apart["abc"]
    place = mounts.find("/dev/a")
    assert (place.mount.api, place.stage, place.path) == (odd, "dev", "/a")
    assert [each.id for each in mounts] == ["abc"]
    assert not plane.store.apis
