"""Every operation of the service model is reached by its own path, and by no other's."""

from __future__ import annotations

import re

import pytest
from botocore.session import Session

from control.talking import Refusal, Talk
from vtlsim.surfaces.control.app import credentials
from vtlsim.surfaces.control.operations import SERVED
from vtlsim.surfaces.control.routes import Routes, service_model

MODEL = service_model()
ROUTES = Routes(MODEL["operations"])
ISSUED = {
    *(f"{verb}RestApi" for verb in ("Create", "Get", "Update", "Delete", "Import", "Put")),
    *(f"{verb}Resource" for verb in ("Create", "Get", "Update", "Delete")),
    *(f"{verb}{what}" for what in ("Method", "MethodResponse") for verb in ("Put", "Get", "Update", "Delete")),
    *(
        f"{verb}{what}"
        for what in ("Integration", "IntegrationResponse")
        for verb in ("Put", "Get", "Update", "Delete")
    ),
    *(f"{verb}{what}" for what in ("Model", "RequestValidator") for verb in ("Create", "Get", "Update", "Delete")),
    *(f"{verb}GatewayResponse" for verb in ("Put", "Get", "Update", "Delete")),
    *(f"{verb}{what}" for what in ("Deployment", "Stage") for verb in ("Create", "Get", "Update", "Delete")),
    *(
        f"Get{what}s"
        for what in ("RestApi", "Resource", "Model", "RequestValidator", "GatewayResponse", "Deployment", "Stage")
    ),
    *("GetModelTemplate", "GetExport", "TestInvokeMethod"),
}


@pytest.mark.parametrize("operation", sorted(MODEL["operations"]))
def test_each_operation_resolves_to_itself(operation):
    """The request is botocore's own, serialised from made-up parameters."""
    from botocore.model import ServiceModel
    from botocore.serialize import create_serializer
    from botocore.utils import ArgumentGenerator

    model = ServiceModel(MODEL, "apigateway").operation_model(operation)
    params = ArgumentGenerator().generate_skeleton(model.input_shape) if model.input_shape is not None else {}
    texts = {
        name: f"v {number}/é" if shape.type_name == "string" else params.get(name)
        for number, (name, shape) in enumerate(model.input_shape.members.items() if model.input_shape else ())
        if shape.serialization.get("location") == "uri"
    }
    sent = create_serializer("rest-json", include_validation=False).serialize_to_request({**params, **texts}, model)
    path, _, inline = sent["url_path"].partition("?")
    query = "&".join([inline, *(f"{name}={value}" for name, value in (sent["query_string"] or {}).items())]).strip("&")
    found = ROUTES.find(sent["method"], path, query)
    assert found is not None
    assert found.operation == operation
    names = {
        shape.serialization.get("name", name): texts[name]
        for name, shape in (model.input_shape.members.items() if model.input_shape else ())
        if name in texts
    }
    assert found.path == names


def test_there_are_as_many_routes_as_operations():
    assert len(MODEL["operations"]) >= 124


def test_the_issues_operations_are_served():
    assert ISSUED == SERVED


@pytest.mark.parametrize("operation", sorted(set(MODEL["operations"]) - SERVED))
def test_the_others_say_that_they_are_not(plane, operation):
    http = MODEL["operations"][operation]["http"]
    path, _, query = re.sub(r"\{[^}]*\}", "x", http["requestUri"]).partition("?")
    with pytest.raises(Refusal, match=operation) as caught:
        Talk(plane).send(http["method"], path, query)
    assert (caught.value.status, caught.value.type) == (501, "NotImplementedException")


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/"),
        ("PUT", "/restapis"),
        ("GET", "/restapis/a/b"),
        ("POST", "/nothing"),
        ("GET", "/restapis//resources"),
    ],
)
def test_what_is_no_operation_says_so(talk, method, path):
    with pytest.raises(Refusal, match="no operation") as caught:
        talk.send(method, path)
    assert caught.value.status == 404


def test_credentials_are_read_and_not_verified():
    text = (
        "AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-west-1/apigateway/aws4_request, SignedHeaders=host, Signature=0"
    )
    assert credentials(text) == ("AKID", "20261122", "eu-west-1", "apigateway")
    assert credentials("Bearer x") is None
    assert credentials(None) is None


def test_the_session_of_botocore_knows_the_same_service():
    assert Session().get_service_model("apigateway").service_name == "apigateway"
