"""Random definitions and requests: nothing but a refusal is ever raised, the trace is always complete, and the same
input gives the same bytes twice."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vtlsim.gateway import findings as f
from vtlsim.gateway import locations as at
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.journey import Arrived, TurnedBack
from vtlsim.gateway.model import (
    Api,
    Authorization,
    BackendFailure,
    BackendResponse,
    CustomGatewayResponse,
    DeclaredParameter,
    DeclaredResponse,
    Integration,
    IntegrationResponse,
    Method,
    MethodRequest,
    Model,
    Resource,
    Surroundings,
    Templates,
    Validator,
)
from vtlsim.gateway.refusals import REFUSALS
from vtlsim.gateway.transform import answer_mock, transform_request, transform_response

TYPES = st.sampled_from(
    ["application/json", "text/plain", "image/png", "*/*", "", "Application/JSON; a=b", "nonsense", ";"]
)
NAMES = st.sampled_from(
    ["a", "X-Tea", "x-tea", "Content-Length", "Content-Type", "Host", "Via", "TE", "X-Amzn-Trace-Id"]
)
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["", "{}", '{"a":[1,{"b":null}]}', "{a", "QUJD", "a=b", "'", "%", "\ud800"])
)
BODIES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [b"", b"{}", b'{"a":[1,{"b":"x"}]}', b"{a", b"QUJD", b"\xff\xfe", b"[1,2", b'{"statusCode": 200}', b"null"]
    ),
)
PIECES = [
    "text",
    "$input.body",
    "$input.json('$')",
    "$input.path('$.a[0]')",
    "$input.path('$.[')",
    "$input.params('a')",
    "$input.params().header",
    "$util.base64Decode($input.body)",
    "$util.parseJson($input.body).a",
    "$util.urlDecode($input.body)",
    "$util.escapeJavaScript($input.body)",
    "$util.toJson(1)",
    "$context.identity.sourceIp $context.nope",
    "$context.authorizer.claims",
    "#set($context.requestOverride.header.X = $input.body)",
    "#set($context.requestOverride.querystring['q q'] = ['a', $input.body])",
    "#set($context.requestOverride.path.a = 5)",
    "#set($context.requestOverride = 1)",
    "#set($context.responseOverride.status = 418)",
    "#set($context.responseOverride.header.X = {'a': [1]})",
    "$stageVariables.v",
    "$method.request.header",
    '{"statusCode": 200}',
    "#foreach($i in $input.path('$').a)$i#end",
    "#if(",
    "#parse('x')",
]
TEMPLATES = st.dictionaries(TYPES, st.lists(st.sampled_from(PIECES), max_size=3).map(" ".join), max_size=3).map(
    Templates.of
)
SOURCES = st.sampled_from(
    [
        "method.request.header.X-Tea",
        "method.request.multivalueheader.X-Tea",
        "method.request.querystring.a",
        "method.request.multivaluequerystring.a",
        "method.request.path.id",
        "method.request.body",
        "method.request.body.a[0].b",
        "method.request.body.a[?(@.b)]",
        "context.identity.sourceIp",
        "context.requestTimeEpoch",
        "stageVariables.v",
        "'static'",
        "'\u00e9 \n'",
    ]
).map(at.request_source)
RESPONSE_SOURCES = st.sampled_from(
    [
        "integration.response.header.X-Tea",
        "integration.response.multivalueheader.a",
        "integration.response.body",
        "integration.response.body.a",
        "context.stage",
        "'s'",
    ]
).map(at.response_source)
TARGETS = st.builds(at.RequestTarget, st.sampled_from(["header", "querystring", "path"]), NAMES)
URIS = st.sampled_from(
    [
        "https://x.example/{a}?q={X-Tea}",
        "https://${stageVariables.v}/a#b",
        "http://[::1]/",
        "ftp://x",
        "",
        None,
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations",
        "arn:aws:apigateway:us-east-1:sqs:action/SendMessage&A={a}",
        "arn:aws:apigateway:us-east-1:kinesis:action/ListStreams",
        "arn:aws:apigateway:us-east-1:s3:path/{a}/b",
        "arn:aws:apigateway:x",
    ]
)
HANDLING = st.sampled_from([None, "CONVERT_TO_TEXT", "CONVERT_TO_BINARY"])
RESPONSES = st.lists(
    st.builds(
        IntegrationResponse,
        st.sampled_from(["200", "404", "500"]),
        st.sampled_from([None, "", "4\\d{2}", ".*", "(", "2.."]),
        st.lists(st.builds(at.ResponseMapping, st.builds(at.ResponseTarget, NAMES), RESPONSE_SOURCES), max_size=2).map(
            tuple
        ),
        TEMPLATES,
        HANDLING,
    ),
    max_size=3,
).map(tuple)
INTEGRATIONS = st.builds(
    Integration,
    st.sampled_from(["HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"]),
    st.sampled_from(["GET", "POST", "ANY", None]),
    URIS,
    request_parameters=st.lists(st.builds(at.RequestMapping, TARGETS, SOURCES), max_size=3).map(tuple),
    request_templates=TEMPLATES,
    passthrough_behavior=st.sampled_from(["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]),
    cache_key_parameters=st.sampled_from([(), (at.RequestParameter("querystring", "a"),)]),
    content_handling=HANDLING,
    integration_responses=RESPONSES,
)
METHODS = st.builds(
    Method,
    st.just("ANY"),
    st.one_of(INTEGRATIONS, INTEGRATIONS, INTEGRATIONS, st.none()),
    st.sampled_from([(), (DeclaredParameter(at.RequestParameter("querystring", "a"), required=True),)]),
    st.sampled_from([{}, {"application/json": "M"}]),
    st.builds(Validator, st.booleans(), st.booleans()),
    st.booleans(),
    responses=st.sampled_from([None, None, (DeclaredResponse("200"),)]),
)
GATEWAY_RESPONSES = st.dictionaries(
    st.sampled_from(sorted(REFUSALS)),
    st.builds(
        CustomGatewayResponse,
        st.just(""),
        st.sampled_from([None, 418]),
        st.lists(st.builds(at.GatewayMapping, st.builds(at.GatewayTarget, NAMES), SOURCES), max_size=1).map(tuple),
        st.sampled_from(
            [Templates(), Templates.of({"application/json": "$context.error.messageString $context.a.b $"})]
        ),
    ),
    max_size=2,
)
APIS = st.builds(
    Api,
    resources=st.one_of(
        st.just(()),
        METHODS.map(lambda method: (Resource.at("/{id}", {"ANY": method}), Resource.at("/a/{rest+}", {"GET": method}))),
    ),
    fallback=st.one_of(METHODS, METHODS, st.none()),
    models=st.just({"M": Model("M", {"type": "object", "required": ["a"]})}),
    gateway_responses=GATEWAY_RESPONSES,
    binary_media_types=st.sampled_from([(), ("image/png",), ("*/*",)]),
    api_keys=st.just({"k": "id"}),
)
HEADERS = st.lists(
    st.tuples(
        st.one_of(NAMES, st.sampled_from(["Accept", "x-api-key", "Content-Type"])),
        st.one_of(TEXTS, TYPES, st.just("k")),
    ),
    max_size=4,
).map(Headers)
REQUESTS = st.builds(
    MethodRequest,
    st.sampled_from(["GET", "POST", "OPTIONS", "tea"]),
    st.sampled_from(["/", "/7", "/a/b//c/", "//x", "", "/%zz", "/\u00e9"]),
    st.lists(st.tuples(st.sampled_from(["a", "b c"]), TEXTS), max_size=3).map(tuple),
    HEADERS,
    BODIES,
)
AROUND = st.builds(
    Surroundings,
    stage_variables=st.sampled_from([None, {}, {"v": "x.example"}, {"v": "{a} b"}]),
    authorization=st.sampled_from([None, Authorization("p", {"n": 1}, {"sub": "s"})]),
    context=st.sampled_from([{}, {"identity": {"user": "u"}, "own": [1]}]),
    watched=st.booleans(),
)
ANSWERS = st.one_of(
    st.builds(BackendResponse, st.sampled_from([200, 404, 500, 0]), HEADERS, BODIES),
    st.builds(
        BackendFailure,
        st.sampled_from(["timeout", "connection", "invalid_endpoint", "certificate", "permission"]),
        TEXTS,
    ),
)
QUICK = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@QUICK
@given(APIS, REQUESTS, AROUND, ANSWERS)
def test_whatever_comes(api: Api, request: MethodRequest, around: Surroundings, answer: Any) -> None:
    first, again = (transform_request(request, api, around) for _ in range(2))
    _check(first, (f.RequestAssembled, f.MockAnswered), around)
    _same(first, again, around)
    if isinstance(first, TurnedBack):
        return
    sent = first.value
    if sent.type == "MOCK":
        answer = answer_mock(sent)
    assert isinstance(sent.payload, bytes)
    back, back_again = (transform_response(answer, sent, api, around) for _ in range(2))
    _check(back, (f.ResponseAssembled,), around)
    _same(back, back_again, around)


def _check(outcome: Any, ends: tuple[type, ...], around: Surroundings) -> None:
    assert outcome.trace
    last = outcome.trace[-1]
    if isinstance(outcome, TurnedBack):
        assert isinstance(last, f.GatewayResponseMade)
        assert outcome.trace[-2] is outcome.because
        assert last.status == outcome.response.status
        assert isinstance(outcome.response.body, bytes)
        assert outcome.response.headers.first("x-amzn-RequestId") == around.request_id
    else:
        assert isinstance(outcome, Arrived)
        assert isinstance(last, ends)
    assert all(isinstance(each.codes, tuple) for each in outcome.trace)


def _same(one: Any, two: Any, around: Surroundings) -> None:
    if isinstance(one, TurnedBack):
        assert one.response == two.response
    else:
        assert one.value == two.value
    assert len(one.trace) == len(two.trace)
    if not around.watched:  # sightings hold the live values of their own rendering
        assert one.trace == two.trace
