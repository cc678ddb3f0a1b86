from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import findings as f
from vtlsim.gateway.model import Api, Authorization, Identity, Integration, Method, MethodRequest, Surroundings
from vtlsim.gateway.refusals import Refused
from vtlsim.gateway.stages.check_access import check_api_key, take_authorization

MOCK = Integration("MOCK")
CLOSED = Method("GET", MOCK, api_key_required=True)


@pytest.mark.parametrize(
    "headers, keys, around, key_id",
    [
        ({}, {"secret": "k1"}, Surroundings(), None),
        ({"X-Api-Key": "secret"}, {"secret": "k1"}, Surroundings(), "k1"),
        ({"x-api-key": "wrong"}, {"secret": "k1"}, Surroundings(), None),
        ({"x-api-key": "secret"}, {}, Surroundings(), None),
        ({}, {}, Surroundings(identity=Identity(api_key="test-invoke-api-key")), "test-invoke-api-key-id"),
        ({"x-api-key": "own"}, {}, Surroundings(identity=Identity(api_key="own", api_key_id="k2")), "k2"),
    ],
)
def test_keys(headers: dict[str, str], keys: dict[str, str], around: Surroundings, key_id: str | None) -> None:
    from vtlsim.gateway.headers import Headers

    request, api = MethodRequest(headers=Headers.of(headers)), Api(api_keys=keys)
    if key_id is None:
        with pytest.raises(Refused) as refused:
            check_api_key(request, CLOSED, api, around)
        assert (refused.value.status, refused.value.message) == (403, "Forbidden")
        found: Any = refused.value.because
    else:
        found = check_api_key(request, CLOSED, api, around)
    assert (found.key_id, found.sent, found.known) == (key_id, bool(headers), len(keys))


def test_a_key_may_come_from_an_authorizer() -> None:
    api = Api(api_keys={"secret": "k1"}, api_key_source="AUTHORIZER")
    around = Surroundings(authorization=Authorization(context={"usageIdentifierKey": "secret"}))
    found = check_api_key(MethodRequest(), CLOSED, api, around)
    assert found is not None
    assert found.key_id == "k1"


def test_an_open_method_asks_for_nothing() -> None:
    method = Method("GET", MOCK)
    assert check_api_key(MethodRequest(), method, Api(), Surroundings()) is None
    assert take_authorization(method, Surroundings()) is None


def test_authorizers_are_not_run() -> None:
    method = Method("GET", MOCK, authorization_type="CUSTOM", authorizer="gate")
    assert take_authorization(method, Surroundings()) == f.AuthorizationSupplied("CUSTOM", "gate", False, None)
    given = Surroundings(authorization=Authorization("me"))
    assert take_authorization(method, given) == f.AuthorizationSupplied("CUSTOM", "gate", True, "me")
