"""Routing. What was recorded on AWS is in ``fixtures/gateway/exchanges.json`` too; these rows are the rules in full."""

from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Api, Integration, Method, MethodRequest, Resource
from vtlsim.gateway.refusals import Refused
from vtlsim.gateway.stages.match_resource import effective_request, match_resource

MOCK = Integration("MOCK")


def api(resources: dict[str, list[str]]) -> Api:
    return Api(
        tuple(Resource.at(path, {name: Method(name, MOCK) for name in methods}) for path, methods in resources.items())
    )


SHOP = {
    "/": ["GET"],
    "/tea": ["POST"],
    "/tea/{leaf}": ["GET", "ANY"],
    "/tea/green": ["GET"],
    "/tea/{leaf}/cups/{n}": ["GET"],
    "/tea/{rest+}": ["DELETE", "GET"],
    "/{proxy+}": ["ANY"],
}


@pytest.mark.parametrize(
    "method, path, resource, served_by, parameters",
    [
        ("GET", "/", "/", "GET", {}),
        ("GET", "", "/", "GET", {}),
        ("POST", "/tea", "/tea", "POST", {}),
        ("POST", "/tea/", "/tea", "POST", {}),  # recorded: a slash at the end does not count
        ("POST", "//tea", "/tea", "POST", {}),  # recorded: nor do those at the start
        ("GET", "/tea", "/{proxy+}", "ANY", {"proxy": "tea"}),  # recorded: a greedy sibling that has the method
        ("GET", "/tea/green", "/tea/green", "GET", {}),
        ("GET", "/tea/black", "/tea/{leaf}", "GET", {"leaf": "black"}),
        ("PUT", "/tea/black", "/tea/{leaf}", "ANY", {"leaf": "black"}),  # recorded: ANY on the exact path
        ("DELETE", "/tea/black", "/tea/{leaf}", "ANY", {"leaf": "black"}),
        ("DELETE", "/tea/green", "/tea/{leaf}", "ANY", {"leaf": "green"}),
        ("GET", "/tea/a%2Fb", "/tea/{leaf}", "GET", {"leaf": "a%2Fb"}),  # recorded: percent-encoding stays
        ("GET", "/tea/a/cups/2", "/tea/{leaf}/cups/{n}", "GET", {"leaf": "a", "n": "2"}),
        ("GET", "/tea/a/b", "/tea/{rest+}", "GET", {"rest": "a/b"}),
        ("GET", "/tea/a//b/", "/tea/{rest+}", "GET", {"rest": "a//b"}),  # recorded
        ("PUT", "/tea/a/b", "/{proxy+}", "ANY", {"proxy": "tea/a/b"}),
        ("GET", "/coffee", "/{proxy+}", "ANY", {"proxy": "coffee"}),
    ],
)
def test_route(method: str, path: str, resource: str, served_by: str, parameters: dict[str, str]) -> None:
    found, route = match_resource(MethodRequest(method, path), api(SHOP), None)
    assert (found.resource_path, found.http_method, dict(found.path_parameters)) == (resource, served_by, parameters)
    assert (route.resource_path, route.path_parameters) == (resource, parameters)
    assert [each.resource_path for each in found.considered if each.verdict == "chosen"] == [resource]


@pytest.mark.parametrize("method, path", [("POST", "/"), ("GET", "/tea/x"), ("GET", "/tea//")])
def test_no_route(method: str, path: str) -> None:
    with pytest.raises(Refused) as refused:
        match_resource(MethodRequest(method, path), api({"/": ["GET"], "/tea/{leaf}": ["POST"]}), None)
    assert refused.value.refusal.type == "MISSING_AUTHENTICATION_TOKEN"


def test_every_candidate_has_its_reason() -> None:
    found, _ = match_resource(MethodRequest("GET", "/tea/green"), api(SHOP), None)
    assert {each.resource_path: each.verdict for each in found.considered} == {
        "/": "other_path",
        "/tea": "other_path",
        "/tea/{leaf}": "less_specific",
        "/tea/green": "chosen",
        "/tea/{leaf}/cups/{n}": "other_path",
        "/tea/{rest+}": "less_specific",
        "/{proxy+}": "less_specific",
    }


PATHS = ["/", "/a", "/{x}", "/{x+}", "/a/b", "/a/{x}", "/a/{x+}", "/{x}/b", "/{x}/{y+}", "/b/a", "/a/b/{y}"]


@pytest.mark.parametrize(
    "path", ["/", "/a", "/a/", "/b", "/a/b", "/a/c", "/c/b", "/b/a/c", "/a/b/c", "//a//b", "/a/b/c/d"]
)
@pytest.mark.parametrize("paths", [PATHS, PATHS[::-1], PATHS[4:9]])
def test_a_path_fits_among_others_when_it_fits_alone(path: str, paths: list[str]) -> None:
    def considered(*among: str) -> list[tuple[str, str]]:
        try:
            found, _ = match_resource(MethodRequest("GET", path), api({each: ["GET"] for each in among}), None)
        except Refused as refused:
            found = refused.because  # type: ignore[assignment] # it is the finding of this stage
        return [(each.resource_path, each.verdict) for each in found.considered]

    together = considered(*paths)
    assert [each for each, _ in together] == paths
    for each, verdict in together:
        assert (verdict == "other_path") == (considered(each) == [(each, "other_path")])


def test_a_bare_integration_serves_everything() -> None:
    found, route = match_resource(
        MethodRequest("PATCH", "/any/where", path_parameters={"id": "7"}), Api(fallback=Method("ANY", MOCK)), None
    )
    assert (found.given, found.resource_path, route.path_parameters) == (True, "/any/where", {"id": "7"})


@pytest.mark.parametrize(
    "path, given, parameters",
    [
        ("/pets/123", None, {"petId": "123"}),  # recorded: testinvoke-get-pets-id
        ("/random/test", None, {}),  # recorded: testinvoke-get-pets-id-bad-path
        ("/pets/{petId}", None, {"petId": "{petId}"}),  # recorded: testinvoke-get-pets-id-no-path
        ("/pets/123", {"petId": "own"}, {"petId": "own"}),
    ],
)
def test_a_named_resource_need_not_fit(path: str, given: dict[str, str] | None, parameters: dict[str, str]) -> None:
    resource = Resource.at("/pets/{petId}", {"ANY": Method("ANY", MOCK)})
    found, route = match_resource(MethodRequest("GET", path, path_parameters=given), Api(), resource)
    assert (found.given, route.path_parameters) == (True, parameters)
    with pytest.raises(Refused):
        match_resource(MethodRequest("GET", path), Api(), Resource.at("/pets/{petId}", {"POST": Method("POST", MOCK)}))


def test_a_method_without_an_integration() -> None:
    with pytest.raises(Refused) as refused:
        match_resource(MethodRequest(), Api(fallback=Method("ANY", None)), None)
    assert refused.value.status == 500
    assert refused.value.log_message is not None


@pytest.mark.parametrize("sent, counts", [(None, "POST"), ("PUT", "PUT"), ("put", "POST"), ("TRACE", "POST")])
def test_the_method_may_be_overridden(sent: str | None, counts: str) -> None:
    # documented: X-HTTP-Method-Override replaces the method
    headers = Headers.of({} if sent is None else {"x-http-method-override": sent})
    assert effective_request(MethodRequest("POST", headers=headers)).method == counts


def test_made_up_ids_depend_on_the_path_alone() -> None:
    def id_of(path: str, given: str | None = None) -> Any:
        return Resource.at(path, {}, given).id

    assert id_of("/a") == id_of("/a") != id_of("/b")
    assert len(id_of("/a")) == 6
    assert id_of("/a", "own") == "own"
