from __future__ import annotations

import asyncio
import time

import pytest
from conftest import integration, openapi, proxied  # type: ignore[import-not-found]

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse
from vtlsim.surfaces.server.backing import Backing, Rule

QUEUE = integration(
    "arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue",
    type="AWS",
    httpMethod="POST",
    credentials="arn:aws:iam::123456789012:role/r",
    integrationResponses={"200": {"statusCode": "200"}},
)


def test_aws_goes_where_it_is_told_and_nowhere_else(serve, backend):
    endpoint = f"http://127.0.0.1:{backend.port}/aws"
    backing = Backing("http://127.0.0.1:1", aws_endpoint=endpoint)
    assert serve(QUEUE, backing=backing).ask("POST", "/test/", b"{}").status == 200
    (received,) = backend.received
    assert received.line == "POST /aws/123456789012/queue HTTP/1.1"
    assert "/us-east-1/sqs/aws4_request" in received.values("Authorization")[0], "emulators route by it"


def answered(request):
    return BackendResponse(202, Headers([("X-Made", request.method)]), request.payload[::-1])


async def answered_later(request):
    await asyncio.sleep(0.01)
    return answered(request)


def failing(request):
    raise RuntimeError(f"no {request.method} here")


def slow(request):
    time.sleep(0.6)
    return answered(request)


@pytest.mark.parametrize(
    ("backend_given", "status", "body"),
    [
        (answered, 202, b"cba"),
        (answered_later, 202, b"cba"),
        (failing, 504, None),
        (slow, 504, None),
        (lambda _: "text", 504, None),
        (BackendResponse(418, body=b"known"), 418, b"known"),
        (BackendFailure("timeout"), 504, None),
    ],
)
def test_who_may_answer(serve, backend_given, status, body):
    served = serve(integration("http://nowhere.invalid/", timeoutInMillis=300), backing=Backing(backend_given))
    answer = served.ask("POST", "/test/", b"abc", {"Content-Type": "text/plain"})
    assert answer.status == status
    if body is not None:
        assert answer.body == body
    else:
        assert served.story(1)["backend"]["failure"]


def test_a_path_of_its_own(serve, backend):
    rules = (
        Rule("GET", "/special", BackendResponse(204)),
        Rule(None, "/{proxy+}", f"http://127.0.0.1:{backend.port}/v1"),
    )
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}), backing=Backing("http://127.0.0.1:1", rules))
    assert served.ask("GET", "/test/special").status == 204
    assert served.ask("POST", "/test/special").status == 200
    assert backend.received[0].line == "POST /v1/special HTTP/1.1"


def test_only_the_fields_of_the_integration_request_are_sent(serve, backend):
    """No Accept, no User-Agent, no Content-Type of the client library; one name has one spelling; bytes stay bytes."""
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    served.raw(
        b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nX-Ue: \xc3\xbc\r\nX-Latin: \xfc\r\nx-two: 1\r\nX-Two: 2 \r\n"
        b"Content-Length: 2\r\n\r\nhi"
    )
    (received,) = backend.received
    lines = received.head.split(b"\r\n")[1:]
    assert b"X-Ue: \xc3\xbc" in lines
    assert b"X-Latin: \xc3\xbc" in lines, "what is no UTF-8 can only be sent as such"
    assert [line for line in lines if line.lower().startswith(b"x-two")] == [b"x-two: 1", b"x-two: 2"]
    names = {name.lower() for name, _ in received.fields}
    assert names.isdisjoint({"accept", "accept-encoding", "content-type"})
    assert names <= {
        "host",
        "content-length",
        "x-ue",
        "x-latin",
        "x-two",
        "x-amzn-trace-id",
        "x-amzn-apigateway-api-id",
        "user-agent",
        "x-forwarded-for",
        "x-forwarded-port",
        "x-forwarded-proto",
    }
