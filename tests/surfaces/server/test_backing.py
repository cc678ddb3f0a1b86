from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from vtlsim.gateway.model import BackendResponse, Endpoint, Function
from vtlsim.surfaces.backends import BackendError
from vtlsim.surfaces.lambdas import Payload
from vtlsim.surfaces.server.backing import Backing, backend_of, rules_of
from vtlsim.surfaces.server.upstreams import rebased


def sent(method: str, path: str, resource: str):
    return SimpleNamespace(
        destination=None,
        carried=SimpleNamespace(request=SimpleNamespace(method=method, path=path), resource_path=resource),
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "order.json").write_text(json.dumps({"status": 201, "body": {"a": 1}}), encoding="utf-8")
    (tmp_path / "made_up_backends.py").write_text("def answer(request):\n    return None\n", encoding="utf-8")
    return tmp_path


def test_a_map_of_backends(folder):
    (folder / "map.yaml").write_text(
        "POST /orders: '@order.json'\n"
        "/orders/{id}: http://localhost:9001/v1/\n"
        "GET /static: {status: 204}\n"
        "/calls/*: made_up_backends:answer\n",
        encoding="utf-8",
    )
    backing = Backing("http://localhost:9000", rules_of(folder / "map.yaml"))
    assert backing.find(sent("POST", "/orders", "/orders")).body == b'{"a":1}'
    assert backing.find(sent("GET", "/orders", "/orders")) == "http://localhost:9000"
    assert backing.find(sent("GET", "/orders/7", "/orders/{id}")) == "http://localhost:9001/v1"
    assert backing.find(sent("GET", "/static", "/{proxy+}")) == BackendResponse(204)
    assert callable(backing.find(sent("PUT", "/calls/x", "/{proxy+}")))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("localhost:x y", "give http"),
        ("http://", "is no http"),
        ("http://host:99999", "is no http"),
        ("http://host/?q=1", "is no http"),
        ("@missing.json", "No such file"),
        ("no_such_module_here:f", "No module named"),
        ("made_up_backends:nothing", "has no attribute"),
        ("made_up_backends:__name__", "cannot be called"),
    ],
)
def test_what_is_no_backend(folder, given, message):
    with pytest.raises(BackendError, match=message):
        backend_of(given, folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "is an object"),
        ("FETCH /a: http://x", "is no HTTP method"),
        ("orders: http://x", "begins with a slash"),
        ("/a: 7", "give an address"),
        ("/a: {statsu: 1}", "did you mean 'status'"),
        ("a: [", "while parsing"),
    ],
)
def test_what_is_no_map(folder, text, message):
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BackendError, match=message):
        rules_of(folder / "map.yaml")


REBASED = [
    ("http://h:1", "https://aws.example/a%2Fb?x=%20", "http://h:1/a%2Fb?x=%20"),
    ("http://h:1/v1", "http://o/a", "http://h:1/v1/a"),
    ("http://h:1", "http://o", "http://h:1/"),
    ("http://h:1", "http://o?q=/a", "http://h:1/?q=/a"),
]


@pytest.mark.parametrize(("base", "uri", "expected"), REBASED)
def test_addresses_on_another_server(base, uri, expected):
    assert rebased(base, uri) == expected


def test_functions_and_vpc_links_come_before_what_answers_for_everything(folder):
    orders = Function("arn:aws:lambda:eu-west-1:1:function:orders", "orders", "eu-west-1", None)
    link = Endpoint("VPC_LINK", "link-1")
    backing = Backing(
        "http://everything", (), "http://aws", {"orders": Payload(b'{"a": 1}')}, {"link-1": "http://behind"}
    )
    assert backing.calls
    assert backing.find(at(orders))(at(orders)).body == b'{"a": 1}'
    assert backing.find(at(orders._replace(arn="other", name="other"))) == "http://aws"
    assert backing.find(at(link)) == "http://behind"
    assert backing.find(at(link._replace(connection_id="link-2"))) == "http://everything"
    assert backing.find(at(Endpoint())) == "http://everything"
    assert not Backing("http://everything", vpc_links={"link-1": "http://behind"}).calls


def at(destination):
    found = sent("GET", "/", "/")
    found.destination = destination
    return found
