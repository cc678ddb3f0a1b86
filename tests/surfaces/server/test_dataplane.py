from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import aiohttp
import pytest
import requests
from conftest import integration, openapi, proxied  # type: ignore[import-not-found]

from vtlsim.surfaces import clock
from vtlsim.surfaces.server.dataplane import HEAVY_BYTES, DataPlane, Settings
from vtlsim.surfaces.server.mounts import Mounts

EVERY_BYTE = bytes(range(256)) * 8


def test_a_request_is_transformed_both_ways(serve, backend):
    served = serve(
        integration(
            f"http://127.0.0.1:{backend.port}/orders",
            type="HTTP",
            httpMethod="POST",
            requestTemplates={"application/json": "{\"Sku\": $input.json('$.sku')}"},
            integrationResponses={
                "200": {
                    "statusCode": "201",
                    "responseTemplates": {"application/json": "{\"id\": $input.json('$.OrderId')}"},
                }
            },
        )
    )
    answer = served.ask("POST", "/test/orders", b'{"sku": "a"}', {"Content-Type": "application/json"})
    assert (answer.status, answer.body) == (201, b'{"id": "o-17"}')
    assert backend.received[0].body == b'{"Sku": "a"}'
    assert answer.header("server") is None
    assert answer.header("x-amzn-RequestId")
    assert answer.header("x-vtlsim-trace") == f"{served.url}/_vtlsim/#1"
    assert [name for name, _ in answer.fields].count("Date") == 1


def test_header_names_keep_their_case_both_ways(serve, backend):
    backend.answer = b"HTTP/1.1 200 OK\r\nx-LOWER-Upper: 1\r\nX-Twice: a\r\nX-Twice: b\r\nContent-Length: 0\r\n\r\n"
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    came = served.raw(
        b"GET /test/a HTTP/1.1\r\nHost: localhost\r\nX-mIxEd-CASE: Value\r\nx-twice: 1\r\nX-TWICE: 2\r\n\r\n"
    )
    assert ("X-mIxEd-CASE", "Value") in backend.received[0].fields
    assert backend.received[0].values("x-twice") == ["1", "2"]
    head = came.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert b"x-LOWER-Upper: 1" in head
    assert [line for line in head if line.startswith(b"X-Twice")] == [b"X-Twice: a", b"X-Twice: b"]


def test_percent_encoding_stays_raw(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    served.ask("GET", "/test/a%2Fb%20c/%C3%BC//d?x=%2B1&x=a+b&y")
    path, _, query = backend.received[0].line.split(" ")[1].partition("?")
    assert path == "/a%2Fb%20c/%C3%BC//d"
    assert query == "x=%2B1&x=a%20b&y="


def test_bytes_pass_both_ways(serve, backend):
    backend.answer = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 2048\r\n\r\n" + EVERY_BYTE
    document = openapi({"/{proxy+}": {"any": proxied(backend)}}, **{"x-amazon-apigateway-binary-media-types": ["*/*"]})
    served = serve(document)
    answer = served.ask("POST", "/test/p", EVERY_BYTE, {"Content-Type": "image/png", "Accept": "image/png"})
    assert backend.received[0].body == EVERY_BYTE
    assert answer.body == EVERY_BYTE


def test_a_compressed_answer_is_not_opened(serve, backend):
    body = gzip.compress(b"plain")
    backend.answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
        % (len(body), body)
    )
    document = openapi({"/{proxy+}": {"any": proxied(backend)}}, **{"x-amazon-apigateway-binary-media-types": ["*/*"]})
    answer = serve(document).ask("GET", "/test/p", headers={"Accept": "image/png"})
    assert answer.body == body


def test_chunked_and_kept_alive(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    one = b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
    two = b"POST /test/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi"
    came = served.raw(one + two)
    assert came.count(b"HTTP/1.1 200 OK") == 2
    assert [each.body for each in backend.received] == [b"abcde", b"hi"]


def test_head_and_options(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    head = served.ask("HEAD", "/test/a")
    assert (head.status, head.body) == (200, b"")
    assert served.ask("OPTIONS", "/test/a").status == 200
    assert [each.line.split(" ")[0] for each in backend.received] == ["HEAD", "OPTIONS"]


def test_100_continue(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    came = served.raw(
        b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", seconds=1
    )
    assert came.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")


def test_a_refused_body_is_not_asked_for(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    came = served.raw(
        b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10485761\r\n\r\n"
    )
    assert came.startswith(b"HTTP/1.1 413 ")


def test_ten_megabytes_pass_and_a_byte_more_does_not(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    largest = b"x" * (10 * 1024 * 1024)
    assert served.ask("POST", "/test/a", largest, {"Content-Type": "text/plain"}).status == 200
    assert backend.received[0].body == largest
    answer = served.ask("POST", "/test/a", largest + b"x", {"Content-Type": "text/plain"})
    assert (answer.status, answer.body) == (413, b"HTTP content length exceeded 10485760 bytes.")
    assert len(backend.received) == 1


def test_an_unannounced_body_is_bounded_too(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    came = served.raw(
        b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + piece * 11 + b"0\r\n\r\n"
    )
    assert came.startswith(b"HTTP/1.1 413 ")


def test_headers_together_have_10240_bytes(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    for size, status in ((10_000, 200), (10_300, 413), (20_000, 413)):
        assert served.ask("GET", "/test/a", headers={"X-Large": "x" * size}).status == status


SMUGGLED = [
    b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: +3\r\n\r\nabc",
    b"GET /test/a HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    b"GET /test/a HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n",
    b"GET /test/a HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
    b"POST /test/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
]


def test_what_could_be_smuggled_is_400_and_the_connection_ends(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    for head in SMUGGLED:
        came = served.raw(head + b"GET /test/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert came.startswith(b"HTTP/1.1 400 "), head
        assert came.count(b"HTTP/1.1 ") == 1, head
    assert not any("smuggled" in each.line for each in backend.received)


@pytest.mark.parametrize("place", ["responseParameters", "template"])
def test_a_mapped_value_cannot_split_the_answer(serve, backend, place):
    found = {
        "type": "http",
        "httpMethod": "POST",
        "uri": f"http://127.0.0.1:{backend.port}/",
        "responses": {"default": {"statusCode": "200"}},
    }
    if place == "template":
        found["responses"]["default"]["responseTemplates"] = {
            "application/json": "#set($context.responseOverride.header.X-Out = $input.path('$.v'))"
        }
    else:
        found["responses"]["default"]["responseParameters"] = {
            "method.response.header.X-Out": "integration.response.body.v"
        }
    body = b'{"v": "a\\r\\nX-Injected: yes"}'
    backend.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    served = serve(openapi({"/a": {"post": found}}))
    answer = served.ask("POST", "/test/a", b"{}", {"Content-Type": "application/json"})
    assert (answer.status, answer.body) == (500, b'{"message": "Internal server error"}')
    assert answer.header("X-Injected") is None
    story = served.story(1)
    assert any("line end" in each["verdict"] for each in story["trace"])


def test_a_mapped_value_cannot_split_the_integration_request(serve, backend):
    found = proxied(backend)
    found["requestParameters"]["integration.request.header.X-In"] = "method.request.body.v"
    served = serve(openapi({"/{proxy+}": {"any": found}}))
    answer = served.ask("POST", "/test/a", b'{"v": "a\\r\\nX-Injected: yes"}', {"Content-Type": "application/json"})
    assert answer.status == 500
    assert not backend.received


def test_framing_is_the_servers_alone(serve, backend):
    document = openapi(
        {"/a": {"get": {"type": "http", "httpMethod": "GET", "uri": "http://127.0.0.1:1/"}}},
        **{
            "x-amazon-apigateway-gateway-responses": {
                "DEFAULT_4XX": {
                    "responseParameters": {
                        "gatewayresponse.header.Content-Length": "'5'",
                        "gatewayresponse.header.Transfer-Encoding": "'chunked'",
                        "gatewayresponse.header.X-Own": "'1'",
                    }
                }
            }
        },
    )
    answer = serve(document).ask("GET", "/test/nowhere")
    assert answer.status == 403
    assert answer.header("X-Own") == "1"
    assert answer.json == {"message": "Missing Authentication Token"}


def test_several_apis_and_stages(serve, backend, tmp_path):
    one = openapi({"/a": {"get": proxied(backend, "/one")}}, info={"title": "one", "version": "1"})
    two = openapi({"/a": {"get": proxied(backend, "/two")}}, info={"title": "two", "version": "1"})
    served = serve(one, two, stages=("dev", "prod"))
    for path in ("/one/dev/a", "/one/prod/a", "/two/dev/a"):
        assert served.ask("GET", path).status == 200
    assert served.ask("GET", "/one/nope/a").status == 403
    number = next(mount.id for mount in served.running.mounts if mount.name == "two")
    assert served.ask("GET", f"/restapis/{number}/prod/_user_request_/a").status == 200
    assert [each.line.split(" ")[1] for each in backend.received] == ["/one", "/one", "/two", "/two"]


def test_a_timeout_is_the_integrations_own(serve, backend):
    backend.delay = 2.0
    found = proxied(backend) | {"timeoutInMillis": 100}
    answer = serve(openapi({"/{proxy+}": {"any": found}})).ask("GET", "/test/a")
    assert (answer.status, answer.json) == (504, {"message": "Endpoint request timed out"})


def test_a_heavy_template_does_not_hold_up_others(serve, backend):
    heavy = {
        "type": "mock",
        "requestTemplates": {
            "application/json": '#foreach($i in [1..900])#foreach($j in [1..300])#set($x = $i * $j)#end#end{"statusCode": 200}'
        },
        "responses": {"default": {"statusCode": "200"}},
    }
    light = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200"}},
    }
    served = serve(openapi({"/heavy": {"get": heavy}, "/light": {"get": light}}))
    served.ask("GET", "/test/light")

    async def race() -> tuple[float, float]:
        async with aiohttp.ClientSession() as client:
            loop = asyncio.get_running_loop()
            begun = loop.time()

            async def ask(path: str) -> float:
                async with client.get(served.url + path) as answer:
                    assert answer.status == 200
                    await answer.read()
                return loop.time() - begun

            slow = asyncio.create_task(ask("/test/heavy"))
            await asyncio.sleep(0.01)
            return await ask("/test/light"), await slow

    quick, slow = asyncio.run(race())
    assert quick < slow


CLIENTS = ["curl", "aiohttp", "requests"]


@pytest.mark.parametrize("client", CLIENTS)
def test_real_clients_byte_for_byte(serve, backend, client, tmp_path):
    """The same request straight to the backend and through the proxy: body and headers are the same but for those that
    API Gateway adds, renames and takes off.
    """
    backend.answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nX-Weird-CASE: kept\r\nContent-Length: 2048\r\n\r\n"
        + EVERY_BYTE
    )
    document = openapi({"/{proxy+}": {"any": proxied(backend)}}, **{"x-amazon-apigateway-binary-media-types": ["*/*"]})
    served = serve(document)
    body = EVERY_BYTE
    headers = {"X-lower-UPPER": "Some Value", "Content-Type": "application/octet-stream", "Accept": "*/*"}
    for base in (f"http://127.0.0.1:{backend.port}", f"{served.url}/test"):
        url = f"{base}/a%2Fb?q=1&q=2"
        if client == "curl":
            if shutil.which("curl") is None:
                pytest.skip("there is no curl here")
            (tmp_path / "body").write_bytes(body)
            fields = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
            found = subprocess.run(
                ["curl", "-s", "-i", "--data-binary", f"@{tmp_path / 'body'}", *fields, url],
                check=True,
                capture_output=True,
                timeout=20,
            ).stdout
            head, _, came = found.partition(b"\r\n\r\n")
            names = [line.split(b":")[0].decode() for line in head.split(b"\r\n")[1:]]
        elif client == "requests":
            got = requests.post(url, data=body, headers=headers, timeout=20)
            came, names = got.content, [name for name, _ in got.raw.headers.items()]
        else:

            async def ask(url: str = url) -> tuple[bytes, list[str]]:
                async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as got:
                    return await got.read(), [name.decode() for name, _ in got.raw_headers]

            came, names = asyncio.run(ask())
        assert came == EVERY_BYTE
        assert "X-Weird-CASE" in names
    straight, through = backend.received
    assert straight.body == through.body == body
    assert straight.line == through.line
    ours = {"X-Amzn-Trace-Id", "x-amzn-apigateway-api-id"}
    taken = {"host", "content-length", "connection", "expect"}
    kept = [pair for pair in straight.fields if pair[0].lower() not in taken]
    assert [pair for pair in through.fields if pair[0] not in ours and pair[0].lower() not in taken] == kept


def test_no_path_leaves_the_definitions_folder(serve, backend, tmp_path):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    for path in ("/test/../../secret.txt", "/_vtlsim/static/../../secret.txt", "/_vtlsim/static/..%2f..%2fapp.py"):
        came = served.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert b"secret\r\n" not in came
        assert b"def application" not in came


def test_the_journey_is_kept_and_secrets_are_not(serve, backend):
    found = proxied(backend)
    found["requestParameters"]["integration.request.header.X-Copy"] = "method.request.header.Authorization"
    backend.answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: session=s3cret; Path=/\r\nContent-Length: 2\r\n\r\n{}"
    served = serve(openapi({"/{proxy+}": {"any": found}}))
    sent = {"Authorization": "Bearer s3cret", "Cookie": "a=s3cret; b=s3cret", "X-Api-Key": "s3cret"}
    answer = served.ask("GET", "/test/a", headers=sent)
    assert answer.header("Set-Cookie") == "session=s3cret; Path=/"
    assert ("X-Copy", "Bearer s3cret") in backend.received[0].fields
    story = served.story(1)
    assert "s3cret" not in json.dumps(story)
    assert ["X-Copy", "Bearer ******"] in story["integrationRequest"]["headers"]
    served.running.journal.settle()
    assert b"s3cret" not in served.running.journal.file.read_bytes()


def test_secrets_are_kept_when_asked_for(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}), mask=False)
    served.ask("GET", "/test/a", headers={"Authorization": "Bearer s3cret"})
    assert ["Authorization", "Bearer s3cret"] in served.story(1)["request"]["headers"]


def test_two_requests_have_two_ids(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    found = {served.ask("GET", "/test/a").header("x-amzn-RequestId") for _ in range(3)}
    assert len(found) == 3


def test_ids_are_random_uuids_and_never_the_same():
    found = [clock.request_id() for _ in range(1_000)]
    assert len(set(found)) == 1_000
    assert all(UUID(each).version == 4 and str(UUID(each)) == each for each in found)
    assert all(len(clock.random_digits()) == 32 for _ in range(300))


def test_pieces_and_heaps_of_requests(serve, backend):
    """However requests are cut into packets, each is answered, in order."""
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    sent = b"".join(
        b"POST /test/%d HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
        b"GET /test/get-%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % (number, number)
        for number in range(5)
    )
    for size in (len(sent), 1, 7, 100):
        backend.received.clear()
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            for at in range(0, len(sent), size):
                connection.sendall(sent[at : at + size])
            came = b""
            while came.count(b"HTTP/1.1 200 OK") < 10:
                came += connection.recv(65536)
        assert [each.line.split(" ")[1] for each in backend.received] == [
            path for number in range(5) for path in (f"/{number}", f"/get-{number}")
        ]


def test_a_connection_that_is_idle_is_closed_and_one_in_use_is_not(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}))
    served.ask("GET", "/test/a")
    served.running.server.config.timeout_keep_alive = 0.6
    backend.delay = 0.4
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(b"GET /test/a HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")
        begun = time.monotonic()
        assert connection.recv(65536) == b""
        assert time.monotonic() - begun > 0.5


def test_a_heavy_rendering_leaves_the_loop_free_and_comes_back_when_it_is_light():
    """Unknown: in a thread. Quick: on the loop. Slow there, for whatever reason: weighed in a thread once more."""
    places: list[bool] = []

    def step(seconds: float, *, busy: bool) -> None:
        places.append(threading.current_thread() is threading.main_thread())
        until = time.perf_counter() + seconds
        while busy and time.perf_counter() < until:
            pass
        time.sleep(0 if busy else seconds)

    async def run() -> None:
        with ThreadPoolExecutor(1) as workers:
            plane = DataPlane(Mounts(), None, workers, Settings(), int, print)

            async def one(seconds: float, *, busy: bool, size: int = 0) -> bool:
                await plane._run(("api", "/", "GET", "request"), size, partial(step, busy=busy), seconds)
                return places[-1]

            assert not await one(0, busy=True), "unknown"
            assert await one(0, busy=True), "known to be quick"
            assert not await one(0, busy=True, size=HEAVY_BYTES + 1), "a large body"
            assert await one(0.03, busy=False), "slow, but not by its own work"
            assert not await one(0, busy=True), "which is found out in a thread"
            assert await one(0.03, busy=True)
            assert not await one(0.03, busy=True), "heavy by its own work"
            assert not await one(0, busy=True), "and stays there"
            assert await one(0, busy=True), "until it is light"

    asyncio.run(run())
