from __future__ import annotations

import json
import socket
import time

import pytest
from conftest import openapi, orders, proxied  # type: ignore[import-not-found]

from vtlsim.surfaces.cli import run
from vtlsim.surfaces.server.journal import Journal
from vtlsim.surfaces.server.running import Options

TEMPLATE = "#set($o = $input.path('$'))\n[#foreach($i in $o.items)\"$i.sku\"#if($foreach.hasNext), #end#end]"


@pytest.fixture
def served(serve, backend):
    return serve(orders(backend, TEMPLATE))


def order(served, body: bytes = b'{"items": [{"sku": "a"}, {"sku": "b"}]}'):
    return served.ask("POST", "/test/orders", body, {"Content-Type": "application/json"})


def test_a_story_links_output_template_and_payload(served):
    order(served)
    story = served.story(1)
    rendering = story["renderings"][0]
    assert rendering["output"] == '["a", "b"]'
    pieces = [link for link in rendering["links"] if len(link) > 5]
    shown = [
        (rendering["template"][a:b], rendering["output"][c:d], loops, path) for a, b, c, d, loops, _, path in pieces
    ]
    assert shown == [
        ("$i.sku", "a", [0], "$.items[0].sku"),
        ("$i.sku", "b", [1], "$.items[1].sku"),
    ]
    assert "".join(rendering["output"][c:d] for _, _, c, d, *_ in rendering["links"]) == rendering["output"]
    assert story["integrationRequest"]["body"]["text"] == '["a", "b"]'
    assert story["response"]["body"]["text"] == '{"id": "o-17"}'
    assert story["backend"]["status"] == 200
    assert story["renderings"][1]["links"][1][6] == "$.OrderId"


def test_what_can_be_copied(served):
    order(served)
    copies = served.story(1)["copies"]
    assert copies["curl"].startswith(f"curl -i {served.url}/test/orders")
    assert '--data-binary \'{"items"' in copies["curl"]
    assert "Execution log for request" in copies["log"]
    assert 'Endpoint request body after transformations: ["a", "b"]' in copies["log"]


def test_the_copied_case_passes(served, tmp_path, capsys):
    order(served)
    served.ask("POST", "/test/orders", b"<a/>", {"Content-Type": "text/xml"})
    served.ask("GET", "/test/other?x=1&x=2")
    for number in (1, 2, 3):
        text = served.story(number)["copies"]["case"]
        (tmp_path / f"copied-{number}.vtltest.yaml").write_text(text, encoding="utf-8")
        assert run(["test", str(tmp_path / f"copied-{number}.vtltest.yaml")]) == 0, (text, capsys.readouterr())


def test_running_again_with_edits(served, backend):
    order(served)
    before = len(backend.received)
    edit = {"body": '{"items": [{"sku": "z"}]}', "headers": [["Content-Type", "application/json"]]}
    story = served.changing("POST", "/_vtlsim/api/exchanges/1/rerun", edit).json
    assert story["renderings"][0]["output"] == '["z"]'
    name = story["renderings"][0]["name"]
    story = served.changing("POST", "/_vtlsim/api/exchanges/1/rerun", {"templates": {name: "#foreach($i in $o)"}}).json
    assert "error" in story["renderings"][0]["failure"]
    assert story["summary"]["status"] == 500
    story = served.changing("POST", "/_vtlsim/api/exchanges/1/rerun", {"headers": [["Content-Type", "text/xml"]]}).json
    assert story["summary"]["refusal"] == "UNSUPPORTED_MEDIA_TYPE"
    assert len(backend.received) == before, "the recorded answer was used"
    served.changing("POST", "/_vtlsim/api/exchanges/1/rerun", {"body": '{"items": []}', "send": True})
    assert backend.received[-1].body == b"[]"
    assert len(served.exchanges()) == 1, "nothing was added to the list"


WRONG = [{"method": "GET /x"}, {"path": "no-slash"}, {"headers": "x"}, {"body_base64": "%%%"}, []]


def test_a_wrong_edit_is_told(served):
    order(served)
    for edit in WRONG:
        answer = served.changing("POST", "/_vtlsim/api/exchanges/1/rerun", edit)
        assert answer.status == 422, edit
        assert answer.json["message"]


def test_clearing(served):
    order(served)
    assert served.changing("DELETE", "/_vtlsim/api/exchanges").json == {"count": 0}
    assert served.exchanges(0) == []
    assert served.ask("GET", "/_vtlsim/api/exchanges/1").status == 404


def test_filters(served):
    order(served)
    served.ask("POST", "/test/orders", b"<a/>", {"Content-Type": "text/xml"})
    served.ask("GET", "/test/other")
    served.ask("GET", "/nowhere")
    for query, statuses in [
        ("", [403, 200, 415, 200]),
        ("path=ORDERS", [415, 200]),
        ("status=4xx", [403, 415]),
        ("refused=true", [403, 415]),
        ("template=definition-0", [200]),
        ("limit=1", [403]),
    ]:
        found = served.ask("GET", f"/_vtlsim/api/exchanges?{query}").json["exchanges"]
        assert [each["status"] for each in found] == statuses, query
    assert served.ask("GET", "/_vtlsim/api/exchanges?status=drop").status == 422


def test_events_are_gathered_and_told(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as listener:
        listener.sendall(b"GET /_vtlsim/api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        came = listener.recv(65536)
        for _ in range(20):
            order(served)
        until = time.monotonic() + 5
        ids: set[int] = set()
        while len(ids) < 20 and time.monotonic() < until:
            came += listener.recv(65536)
            lines = [line[6:] for line in came.decode().splitlines() if line.startswith("data: ")]
            ids = {each["id"] for line in lines for each in json.loads(line)["exchanges"]}
    assert ids == set(range(1, 21))
    assert came.count(b"event: exchanges") < 20


# -- security ---------------------------------------------------------------------------------------------------------

CHANGES = [("POST", "/_vtlsim/api/exchanges/1/rerun"), ("DELETE", "/_vtlsim/api/exchanges")]


STRANGERS = [
    {},
    {"X-Vtlsim-Token": "guessed"},
    {"X-Vtlsim-Token": "TOKEN", "Origin": "http://evil.example"},
    {"X-Vtlsim-Token": "TOKEN", "Origin": "null"},
    {"X-Vtlsim-Token": "TOKEN", "Sec-Fetch-Site": "cross-site"},
    {"X-Vtlsim-Token": "TOKEN", "Sec-Fetch-Site": "same-site"},
]


def test_what_changes_something_needs_token_and_origin(served):
    order(served)
    for method, path in CHANGES:
        for headers in STRANGERS:
            given = {name: value.replace("TOKEN", served.running.token) for name, value in headers.items()}
            answer = served.ask(method, path, b"{}", {"Content-Type": "application/json", **given})
            assert answer.status == 403, (method, headers)
    assert len(served.exchanges()) == 1


def test_the_page_itself_may(served):
    order(served)
    headers = {"Origin": served.url, "Sec-Fetch-Site": "same-origin"}
    assert served.changing("POST", "/_vtlsim/api/exchanges/1/rerun", {}, **headers).status == 200


def test_every_answer_is_guarded(served):
    for path in ("/_vtlsim/", "/_vtlsim/api/state", "/_vtlsim/static/main.js", "/_vtlsim/nowhere"):
        answer = served.ask("GET", path, headers={"Origin": "http://evil.example"})
        policy = answer.header("Content-Security-Policy") or ""
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.header("Access-Control-Allow-Origin") is None


HOSTS = [
    ("localhost", True),
    ("localhost:8080", True),
    ("127.0.0.1:1", True),
    ("[::1]:8080", True),
    ("api.localhost", True),
    ("192.168.1.7", True),
    ("evil.example", False),
    ("evil.example:8080", False),
    ("localhost.evil.example", False),
    ("127.0.0.1.evil.example", False),
    ("", False),
]


def test_a_name_that_was_pointed_here_is_refused(served):
    for path in ("/_vtlsim/api/state", "/test/other", "/restapis"):
        for host, allowed in HOSTS:
            came = served.raw(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            assert came.startswith(b"HTTP/1.1 421 ") is not allowed, (path, host)


def test_a_host_can_be_allowed(serve, backend):
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}), allowed_hosts=("gateway.test",))
    came = served.raw(b"GET /test/a HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\n\r\n")
    assert came.startswith(b"HTTP/1.1 200 ")


def test_forwarded_headers_are_not_believed(served):
    served.ask("GET", "/test/other", headers={"X-Forwarded-For": "6.6.6.6"})
    exchange = served.running.journal.get(1)
    assert exchange.around.identity.source_ip == "127.0.0.1"


# -- later runs -------------------------------------------------------------------------------------------------------


def test_a_later_run_tells_the_story_from_the_kept_texts(serve, backend, tmp_path):
    file = tmp_path / "journal.sqlite3"
    document = openapi({"/{proxy+}": {"any": proxied(backend)}})
    first = serve(document, journal=file)
    first.ask("POST", "/test/a", b'{"x": 1}', {"Content-Type": "application/json"})
    first.stop()
    second = serve(openapi({"/else": {"any": proxied(backend, "/b")}}), journal=file)
    story = second.story(1)
    assert story["summary"]["path"] == "/test/a"
    assert story["integrationRequest"]["uri"] == f"http://127.0.0.1:{backend.port}/a"
    assert story["trace"][0]["finding"] == "ResourceMatched"


def test_a_journal_that_another_run_has_is_left_alone(serve, backend, tmp_path):
    file = tmp_path / "journal.sqlite3"
    other = Journal(file)
    other.open()
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}), journal=file)
    assert "another vtlsim serve writes it" in served.ask("GET", "/_vtlsim/api/state").json["journal"]["note"]
    served.ask("GET", "/test/a")
    assert served.story(1)["summary"]["status"] == 200
    other.close()
    assert Options().journal is None


def test_recording(serve, backend, tmp_path):
    record = tmp_path / "out.jsonl"
    served = serve(openapi({"/{proxy+}": {"any": proxied(backend)}}), record=record)
    served.ask("POST", "/test/a?x=1", b"\xff", {"Authorization": "Bearer s3cret"})
    served.ask("GET", "/nowhere")
    served.running.journal.settle()
    served.stop()
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    assert [each["status"] for each in lines] == [200, 403]
    assert lines[0]["request"]["isBase64Encoded"]
    assert lines[0]["integrationRequest"]["uri"].endswith("/a?x=1")
    assert lines[0]["response"]["status"] == 200
    assert "s3cret" not in record.read_text(encoding="utf-8")
