from __future__ import annotations

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS as AROUND
from vtlsim.gateway.model import (
    Api,
    BackendResponse,
    Integration,
    IntegrationResponse,
    Method,
    MethodRequest,
    Resource,
    Templates,
    TemplateText,
)
from vtlsim.surfaces.server.exchanges import Exchange, in_short, masked, retell, tell

ANSWER = BackendResponse(200, body=b"{}")

MASKED = [
    ("Authorization", "Bearer abc.def", "Bearer ******"),
    ("authorization", "secret", "******"),
    ("Authorization", "AWS4-HMAC-SHA256 Credential=AK, Signature=0", "******"),
    ("Proxy-Authorization", "Basic eDp5", "Basic ******"),
    ("Cookie", "session=abc; theme=dark", "session=******; theme=******"),
    ("Cookie", "raw", "******"),
    ("Set-Cookie", "session=abc; Path=/; HttpOnly", "session=******; Path=/; HttpOnly"),
    ("X-API-Key", "k-123", "******"),
    ("X-Amz-Security-Token", "t", "******"),
    ("X-Other", "visible", "visible"),
    ("Cookie", "", ""),
]


@pytest.mark.parametrize(("name", "value", "shown"), MASKED)
def test_masking(name, value, shown):
    assert masked([(name, value)]) == ((name, shown),)


def api(**more: object) -> Api:
    integration = Integration(
        "HTTP",
        "POST",
        "http://localhost:1/",
        request_templates=Templates.of({"application/json": "$input.params('x-api-key')"}),
        integration_responses=(IntegrationResponse("200"),),
    )
    return Api((Resource.at("/a", {"POST": Method("POST", integration, **more)}),), api_keys={"k-secret": "key-1"})


def test_a_masked_key_passes_again_where_the_real_one_passed():
    request = MethodRequest("POST", "/a", headers=Headers([("x-api-key", "******")]))
    kept = Exchange(1, 0, "", "", "", request, "/", AROUND, "", ANSWER, 200, 0, 1.0)
    with_key = retell(kept._replace(key_id="key-1"), api(api_key_required=True))
    assert with_key.response.status == 200
    assert with_key.sent.body == "******"
    without = retell(kept, api(api_key_required=True))
    assert (without.response.status, without.refusal) == (403, "INVALID_API_KEY")


def test_an_answer_that_cannot_be_sent_is_a_500_with_its_reason():
    answer = BackendResponse(200, Headers([("X-Evil", "a\r\nb: c")]), b"{}")
    proxy = Integration("HTTP_PROXY", "GET", "http://localhost:1/")
    served = Api((Resource.at("/a", {"GET": Method("GET", proxy)}),))
    story = tell(MethodRequest("GET", "/a"), served, AROUND, answer)
    assert story.response.status == 500
    assert story.refusal == "API_CONFIGURATION_ERROR"
    assert [type(each).__name__ for each in story.findings][-2:] == ["BackendFailed", "GatewayResponseMade"]


def test_in_short():
    """The names of the templates, each once, and the warnings of both."""
    texts = {"application/json": TemplateText("$util.toJson('a')", "orders.vtl")}
    integration = Integration(
        "HTTP",
        "POST",
        "http://localhost:1/",
        request_templates=Templates.of(texts),
        integration_responses=(IntegrationResponse("200", response_templates=Templates.of(texts)),),
    )
    served = Api((Resource.at("/a", {"POST": Method("POST", integration)}),))
    story = tell(MethodRequest("POST", "/a", body=b"{}"), served, AROUND, ANSWER)
    assert in_short(story.findings) == ("orders.vtl", 2)
    assert in_short(()) == ("", 0)
