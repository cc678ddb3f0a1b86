from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Authorization, Identity, MethodRequest, Overrides, Surroundings
from vtlsim.gateway.variables.context import (
    OverrideWrittenTwiceError,
    calendar,
    context_map,
    overrides_of,
    plain,
    plain_context,
    request_time,
    texts_of,
)
from vtlsim.values.text import text

REQUEST = MethodRequest("GET", "/tea/7", headers=Headers.of({"User-Agent": "kettle/1"}))


def make(around: Surroundings | None = None, overrides: Overrides | None = None) -> Any:
    return context_map(REQUEST, "/tea/{id}", "abc123", around or Surroundings(), overrides or Overrides())


def test_keys_come_in_the_recorded_order() -> None:
    # recorded on AWS, unauthenticated, without canary settings
    assert list(make()) == [
        "resourceId",
        "resourcePath",
        "httpMethod",
        "extendedRequestId",
        "requestTime",
        "path",
        "accountId",
        "protocol",
        "requestOverride",
        "stage",
        "domainPrefix",
        "requestTimeEpoch",
        "requestId",
        "identity",
        "domainName",
        "deploymentId",
        "responseOverride",
        "apiId",
    ]
    assert list(make()["identity"]) == [
        "cognitoIdentityPoolId",
        "accountId",
        "cognitoIdentityId",
        "caller",
        "sourceIp",
        "principalOrgId",
        "accessKey",
        "cognitoAuthenticationType",
        "cognitoAuthenticationProvider",
        "userArn",
        "userAgent",
        "user",
    ]
    assert list(make()["requestOverride"]) == ["path", "header", "querystring"]
    assert list(make()["responseOverride"]) == ["header"]


def test_values() -> None:
    context = make()
    assert {key: value for key, value in context.items() if isinstance(value, str | int)} == {
        "resourceId": "abc123",
        "resourcePath": "/tea/{id}",
        "httpMethod": "GET",
        "extendedRequestId": "Jqn0zHZnIAMFTUg=",
        "requestTime": "02/Jan/2026:03:04:05 +0000",
        "path": "/test/tea/7",
        "accountId": "123456789012",
        "protocol": "HTTP/1.1",
        "stage": "test",
        "domainPrefix": "a1b2c3d4e5",
        "requestTimeEpoch": 1767323045678,
        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "domainName": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
        "deploymentId": "d3p10y",
        "apiId": "a1b2c3d4e5",
    }
    assert context["identity"]["userAgent"] == "kettle/1"
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["identity"]["caller"] is None


def test_maps_print_as_nothing() -> None:
    context = make()
    assert [text(context[key]) for key in ("identity", "requestOverride", "responseOverride")] == ["", "", ""]
    assert text(context) == ""


def test_authorizer() -> None:
    around = Surroundings(
        authorization=Authorization("me", {"cups": 1, "hot": True, "leaf": "green", "none": None}, {"sub": "s", "n": 1})
    )
    authorizer = make(around)["authorizer"]
    # documented: a Lambda authorizer's values arrive as text, and claims as a whole is nothing
    assert {key: authorizer[key] for key in ("principalId", "cups", "hot", "leaf", "none")} == {
        "principalId": "me",
        "cups": "1",
        "hot": "true",
        "leaf": "green",
        "none": None,
    }
    assert authorizer["claims"]["sub"] == "s"
    assert authorizer["claims"]["n"] == "1"
    assert text(authorizer["claims"]) == ""


def test_what_is_there_only_sometimes() -> None:
    identity = Identity(api_key="k", api_key_id="i", vpc_id="v", vpce_id="e", client_cert={"subjectDN": "d"})
    around = Surroundings(identity=identity, canary=False, web_acl_arn="arn", waf_response_code="WAF_ALLOW")
    context = make(around)
    assert (context["isCanaryRequest"], context["webaclArn"], context["wafResponseCode"]) == (False, "arn", "WAF_ALLOW")
    assert [context["identity"][key] for key in ("apiKey", "apiKeyId", "vpcId", "vpceId")] == ["k", "i", "v", "e"]
    assert context["identity"]["clientCert"]["subjectDN"] == "d"
    keyed: Any = context_map(
        REQUEST._replace(headers=Headers.of({"x-api-key": "own"})), "/", "r", Surroundings(), Overrides(), "from-key"
    )
    assert (keyed["identity"]["apiKeyId"], keyed["identity"]["apiKey"]) == ("from-key", "own")


def test_the_callers_values_overlay() -> None:
    context = make(Surroundings(context={"stage": "prod", "identity": {"user": "u"}, "extra": {"a": {"b": 1}}}))
    assert (context["stage"], context["identity"]["user"], context["identity"]["sourceIp"]) == (
        "prod",
        "u",
        "127.0.0.1",
    )
    assert context["extra"]["a"]["b"] == 1


def test_an_override_may_be_written_once() -> None:
    context = make()
    context["requestOverride"]["header"]["X"] = "1"
    context["requestOverride"]["header"]["x"] = "2"
    with pytest.raises(OverrideWrittenTwiceError) as twice:
        context["requestOverride"]["header"]["X"] = "3"
    assert (twice.value.place, twice.value.name) == ("header", "X")
    context["responseOverride"]["status"] = 404
    with pytest.raises(OverrideWrittenTwiceError):
        context["responseOverride"]["status"] = 404
    context["responseOverride"]["mood"] = 1
    context["responseOverride"]["mood"] = 2


def test_what_an_earlier_rendering_left_may_be_written_again() -> None:
    left = Overrides({"header": {"X": ["1", "2"]}, "own": {"a": 1}}, {"status": 404, "header": {"Y": "1"}})
    context = make(overrides=left)
    assert context["requestOverride"]["header"]["X"] == ["1", "2"]
    assert context["responseOverride"]["status"] == 404
    context["responseOverride"]["status"] = 200
    context["requestOverride"]["header"]["X"].append("3")
    assert left.request["header"] == {"X": ["1", "2"]}
    found = overrides_of(context)
    assert found.response == {"header": {"Y": "1"}, "status": 200}
    assert found.request == {"path": {}, "header": {"X": ["1", "2", "3"]}, "querystring": {}, "own": {"a": 1}}


@pytest.mark.parametrize("context", [None, "", {"requestOverride": "gone"}, {}])
def test_overrides_of_what_a_template_replaced(context: object) -> None:
    assert overrides_of(context) == Overrides({}, {})


def test_plain_copies() -> None:
    shared: dict[object, object] = {"a": [1, {"b": None}]}
    copy: Any = plain(shared)
    assert copy == shared
    assert copy["a"] is not shared["a"]
    shared["self"] = shared
    assert plain(shared) is not None  # bounded


@pytest.mark.parametrize(
    "value, texts",
    [
        ("a", ("a",)),
        (5, ("5",)),
        (True, ("true",)),
        (None, ("",)),
        (["a", 1, None], ("a", "1", "")),
        ({"a": 1}, ("{a=1}",)),
    ],
)
def test_texts_of(value: object, texts: tuple[str, ...]) -> None:
    assert texts_of(value) == texts


@pytest.mark.parametrize(
    "time_ms, shown",
    [
        (0, "01/Jan/1970:00:00:00 +0000"),
        (951_782_400_000, "29/Feb/2000:00:00:00 +0000"),
        (1_767_323_045_678, "02/Jan/2026:03:04:05 +0000"),
        (4_107_542_399_999, "28/Feb/2100:23:59:59 +0000"),
        (-1, "31/Dec/1969:23:59:59 +0000"),
    ],
)
def test_request_time(time_ms: int, shown: str) -> None:
    assert request_time(time_ms) == shown


def test_calendar_agrees_with_pythons() -> None:
    from datetime import UTC, datetime, timedelta

    for day in range(0, 60_000, 37):
        when = datetime(1970, 1, 1, 1, 2, 3, tzinfo=UTC) + timedelta(days=day)
        assert calendar(int(when.timestamp()) * 1000) == (when.year, when.month, when.day, 1, 2, 3)


def test_plain_context_has_no_overrides() -> None:
    assert not {"requestOverride", "responseOverride"} & set(plain_context(REQUEST, "/", "r", Surroundings()))
