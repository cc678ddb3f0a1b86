"""Backends over a real socket, and canned answers from files."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, IntegrationRequest, Mock
from vtlsim.surfaces.backends import BackendError, ask, canned


class Handler(BaseHTTPRequestHandler):
    """Answers with what it was sent; ``/slow`` does not answer in time, ``/cut`` closes the connection."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/slow"):
            self.server.released.wait(5)
            return
        if self.path.startswith("/cut"):
            return
        self.send_response(302)
        self.send_header("Location", "http://elsewhere.test/")
        self.send_header("X-Path", self.path)
        self.send_header("X-Got", "|".join(f"{name}={value}" for name, value in self.headers.items()))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        found.released = threading.Event()
        thread = threading.Thread(target=found.serve_forever, daemon=True)
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


def test_a_connection_that_breaks_off(server):
    assert ask(server, request("http://b.test/cut")).kind == "connection"


def test_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert ask(f"http://127.0.0.1:{port}", request()).kind == "connection"


def test_a_header_that_cannot_be_sent_is_a_failure_and_no_injection(server):
    assert ask(server, request(headers=[("X", "a\r\nY: b")])).kind == "connection"


@pytest.mark.parametrize("url", ["localhost:9000", "ftp://x/", "http://", "http://[::1", "http://a:b/"])
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
]


@pytest.mark.parametrize("text, said", BAD)
def test_a_canned_answer_that_is_none(text, said):
    with pytest.raises(BackendError, match=r"r\.json") as raised:
        canned(text, "r.json")
    assert said in str(raised.value)
