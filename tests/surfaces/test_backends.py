"""Backends over a real socket, and canned answers from files."""

from __future__ import annotations

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import (
    BackendFailure,
    BackendResponse,
    Endpoint,
    Function,
    IntegrationRequest,
    Mock,
    Service,
)
from vtlsim.surfaces import sending
from vtlsim.surfaces.backends import BackendError, Backends, answer, ask, callable_of, canned, checked, nobody, not_aws


class Handler(BaseHTTPRequestHandler):
    """Answers with what it was sent; ``/slow`` does not answer in time, ``/cut`` closes the connection."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/slow"):
            self.server.released.wait(5)
            return
        if self.path.startswith("/cut"):
            return
        if self.path.startswith("/large"):
            self.send_response(200)
            self.end_headers()
            for _ in range(11):
                self.wfile.write(b"x" * 1_000_000)
            return
        if self.path.startswith("/drip"):
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                if self.server.released.wait(0.02):
                    break
                self.wfile.write(b"x")
            return
        self.send_response(302)
        self.send_header("Location", "http://elsewhere.test/")
        self.send_header("X-Path", self.path)
        self.send_header("X-Got", "|".join(f"{name}={value}" for name, value in self.headers.items()))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - http.server's name

    def log_message(self, *arguments):
        pass


class Quiet(ThreadingHTTPServer):
    """Clients go away here: that is what is tested."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


@pytest.fixture
def server():
    with Quiet(("127.0.0.1", 0), Handler) as found:
        found.released = threading.Event()
        thread = threading.Thread(target=found.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{found.server_address[1]}"
        found.released.set()
        found.shutdown()


def request(uri="http://backend.test/a%2Fb?x=1&x=2", headers=(), body="hé", timeout_ms=2_000):
    return IntegrationRequest("HTTP", "POST", uri, Headers(headers), (), body, Mock(200), None, timeout_ms=timeout_ms)


def test_path_and_query_are_the_integrations_and_nothing_is_followed(server):
    answer = ask(f"{server}/prefix/", request())
    assert isinstance(answer, BackendResponse)
    assert answer.status == 302
    assert answer.headers.first("X-Path") == "/prefix/a%2Fb?x=1&x=2"
    assert answer.headers.folded("set-cookie") == ("a=1", "b=2")
    assert answer.body == "hé".encode()
    assert answer.latency_ms >= 0


def test_headers_go_as_they_are_spelled_and_nothing_is_added_but_what_http_needs(server):
    answer = ask(server, request(headers=[("x-LOW", "1"), ("x-LOW", "2")]))
    sent = answer.headers.first("X-Got").split("|")
    assert [each for each in sent if not each.startswith("Host=")] == ["x-LOW=1", "x-LOW=2", "Content-Length=3"]


def test_bytes_are_sent_as_they_are(server):
    assert ask(server, request(body=b"\xff\x00")).body == b"\xff\x00"


def test_no_answer_in_time(server):
    answer = ask(server, request("http://b.test/slow", timeout_ms=80))
    assert isinstance(answer, BackendFailure)
    assert answer.kind == "timeout"


def test_the_timeout_bounds_the_whole_answer_and_not_each_wait(server):
    begun = time.monotonic()
    assert ask(server, request("http://b.test/drip", timeout_ms=150)).kind == "timeout"
    assert time.monotonic() - begun < 1.5


def test_an_answer_larger_than_api_gateway_takes(server):
    found = ask(server, request("http://b.test/large"))
    assert found.kind == "invalid_endpoint"
    assert "larger than allowed maximum of 10485760 bytes" in found.detail


def test_a_host_that_does_not_resolve():
    assert ask("http://nothing.invalid", request(timeout_ms=3_000)).kind == "invalid_endpoint"


@pytest.mark.parametrize(
    "uri, target",
    [
        ("http://b.test", "/"),
        ("http://b.test?a=/b", "/?a=/b"),
        ("http://b.test/a%2Fb//c?x=1&x=2", "/a%2Fb//c?x=1&x=2"),
        ("http://b.test/a#b?c", "/a"),
    ],
)
def test_path_and_query_keep_their_spelling(uri, target):
    assert sending.target_of(uri) == target


def test_a_connection_that_breaks_off(server):
    assert ask(server, request("http://b.test/cut")).kind == "connection"


def test_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert ask(f"http://127.0.0.1:{port}", request()).kind == "connection"


def test_a_header_that_cannot_be_sent_is_a_failure_and_no_injection(server):
    assert ask(server, request(headers=[("X", "a\r\nY: b")])).kind == "connection"


@pytest.mark.parametrize(
    "url", ["localhost:9000", "ftp://x/", "http://", "http://[::1", "http://a:b/", "http://a/?b", "http://a:0"]
)
def test_what_is_no_url(url):
    with pytest.raises(BackendError):
        ask(url, request())


def test_callables_and_canned_answers_are_backends():
    answer = BackendResponse(204)
    assert ask(answer, request()) is answer
    assert ask(lambda sent: BackendResponse(len(sent.body)), request()).status == 2


CANNED = [
    ("{}", BackendResponse(200)),
    ('{"statusCode": 404, "body": "gone"}', BackendResponse(404, body=b"gone")),
    ('{"body": {"a": ["é"]}}', BackendResponse(200, body='{"a":["é"]}'.encode())),
    ('{"body": "/w==", "isBase64Encoded": true}', BackendResponse(200, body=b"\xff")),
    ('{"headers": {"A": "1", "B": [1, 2]}}', BackendResponse(200, Headers([("A", "1"), ("B", "1"), ("B", "2")]))),
    ('{"latency": 12}', BackendResponse(200, latency_ms=12)),
    ('{"failure": "timeout"}', BackendFailure("timeout")),
    ('{"failure": "certificate", "detail": "expired"}', BackendFailure("certificate", "expired")),
]


@pytest.mark.parametrize("text, answer", CANNED)
def test_a_canned_answer(text, answer):
    assert canned(text, "r.json") == answer


BAD = [
    ("{", "r.json: not JSON"),
    ("[]", "a response is an object"),
    ('{"stauts": 200}', "unknown member 'stauts'; did you mean 'status'?"),
    ('{"status": 99}', "status 99"),
    ('{"status": true}', "status True"),
    ('{"status": "200"}', "status '200'"),
    ('{"headers": [1]}', "headers is no object"),
    ('{"headers": {"A": {}}}', "the header 'A' is no text"),
    ('{"body": "*", "isBase64Encoded": true}', "the body is not base64"),
    ('{"latency": -1}', "latency -1"),
    ('{"failure": "late"}', "failure 'late': there are timeout"),
    ('{"failure": ["timeout"]}', "failure ['timeout']"),
    ('{"failure": "timeout", "status": 1}', "and nothing else"),
    ("[" * 100_000, "nested too deeply"),
]


@pytest.mark.parametrize("text, said", BAD)
def test_a_canned_answer_that_is_none(text, said):
    with pytest.raises(BackendError, match=r"r\.json") as raised:
        canned(text, "r.json")
    assert said in str(raised.value)


# -- who answers for whom ---------------------------------------------------------------------------------------------


TABLE = Service("eu-west-1", "dynamodb", None, "action", "PutItem", "DynamoDB_20120810.PutItem")
BUCKET = Service("eu-west-1", "s3", "pictures", "path", "cat.png")
ORDERS = Function("arn:aws:lambda:eu-west-1:1:function:orders", "orders", "eu-west-1")
LINK = Endpoint("VPC_LINK", "l-1")
DEFAULT = BackendResponse(418)


def to(destination, uri="https://dynamodb.eu-west-1.amazonaws.com/"):
    return request(uri)._replace(destination=destination)


def test_aws_goes_to_its_endpoint_and_nowhere_else(server):
    found = answer(Backends(DEFAULT, aws_endpoint=server), to(TABLE))
    assert found.status == 302
    assert f"Host={server.removeprefix('http://')}" in found.headers.first("X-Got")
    assert answer(Backends(aws_endpoint=server), to(Endpoint())) is None
    assert answer(Backends(DEFAULT), to(TABLE)) is DEFAULT


def test_a_name_before_the_service_stays_in_the_host(server):
    found = answer(Backends(aws_endpoint=server), to(BUCKET, "https://pictures.s3.eu-west-1.amazonaws.com/cat.png"))
    assert "Host=pictures.s3.eu-west-1.amazonaws.com" in found.headers.first("X-Got").split("|")


def test_functions_go_to_the_aws_endpoint_too(server):
    uri = "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:orders/invocations"
    found = answer(Backends(aws_endpoint=server), to(ORDERS, uri))
    assert found.headers.first("X-Path") == uri.removeprefix("https://lambda.eu-west-1.amazonaws.com")


def test_a_vpc_link_has_its_own_address(server):
    found = answer(Backends(DEFAULT, vpc_links={"l-1": f"{server}/inner"}), to(LINK, "http://inventory.internal/count"))
    assert found.headers.first("X-Path") == "/inner/count"
    assert answer(Backends(DEFAULT, vpc_links={"l-2": server}), to(LINK)) is DEFAULT
    assert answer(Backends(vpc_links={"l-2": server}), to(LINK)) is None


@pytest.mark.parametrize(
    "destination, said",
    [
        (TABLE, "the AWS service dynamodb: give --aws-endpoint URL"),
        (ORDERS, "the Lambda function orders: give --lambda orders=..."),
        (LINK, "the VPC link l-1: give --vpc-link l-1=URL"),
        (Endpoint(), "for https://dynamodb.eu-west-1.amazonaws.com/: give --backend"),
    ],
)
def test_who_should_have_answered(destination, said):
    assert said in nobody(to(destination))


@pytest.mark.parametrize(
    "url",
    [
        "https://dynamodb.eu-west-1.amazonaws.com",
        "https://AMAZONAWS.COM./",
        "http://s3.cn-north-1.amazonaws.com.cn:80",
        "https://lambda.eu-west-1.api.aws",
    ],
)
def test_nothing_goes_to_aws_itself(url):
    with pytest.raises(BackendError, match="is AWS itself"):
        not_aws(url)
    for destination in (TABLE, ORDERS):
        with pytest.raises(BackendError, match="is AWS itself"):
            answer(Backends(url), to(destination))


def test_what_only_looks_like_aws_is_none():
    assert not_aws("http://amazonaws.com.localhost:4566/") == "http://amazonaws.com.localhost:4566"


def test_a_named_callable_that_fails_is_told_by_name():
    assert checked(lambda sent: BackendResponse(201), "app:f")(request()).status == 201
    with pytest.raises(BackendError, match="app:f raised ZeroDivisionError"):
        checked(lambda sent: 1 / 0, "app:f")(request())
    with pytest.raises(BackendError, match="app:f gave dict, not a BackendResponse"):
        checked(lambda sent: {}, "app:f")(request())
    with pytest.raises(BackendError, match="cannot be called"):
        callable_of("sys:path")
