"""The process beside the event loop: what it finds is what the server itself finds, and nothing is lost without it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import integration, openapi  # type: ignore[import-not-found]

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, Identity, MethodRequest, Surroundings
from vtlsim.surfaces.library import load
from vtlsim.surfaces.server import beside as beside_module
from vtlsim.surfaces.server.backing import Backing
from vtlsim.surfaces.server.exchanges import around_in_short, around_of
from vtlsim.surfaces.server.journeys import Departed, Outcome, arrive, depart
from vtlsim.surfaces.server.worker import Frames, Worker, frame

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere a process inherits no socket")

TEMPLATE = '{"sku": $input.json(\'$.sku\'), "id": "$context.requestId", "ip": "$context.identity.sourceIp"}'
GOT = b'{"got": {"OrderId":"o-17","State":"ok"}}'
AROUND = Surroundings(
    "11111111-2222-3333-4444-555555555555",
    "more=",
    1_700_000_000_123,
    "prod",
    identity=Identity("192.0.2.1"),
    api_id="abc",
    domain_name="api.example.com",
    deployment_id="dep",
    protocol="HTTP/1.1",
    trace_root="1-2-3",
    trace_parent="4",
    engine="airspeed",
    jsonpath="jayway-2.0",
)


def definition(uri, **more):
    return integration(
        uri,
        type="HTTP",
        httpMethod="POST",
        requestTemplates={"application/json": TEMPLATE},
        integrationResponses={
            "200": {"statusCode": "200", "responseTemplates": {"application/json": "{\"got\": $input.json('$')}"}},
            "422": {"statusCode": "422", "selectionPattern": "4[0-9]{2}"},
        },
        **more,
    )


@pytest.fixture(autouse=True)
def _nothing_is_heavy(monkeypatch):
    """Else a busy machine would make routes heavy now and then, which are not taken beside."""
    monkeypatch.setattr("vtlsim.surfaces.server.dataplane.HEAVY_SECONDS", 60.0)


@pytest.fixture
def served(serve, backend):
    """A server that renders beside, and has begun to."""
    found = serve(definition(f"http://127.0.0.1:{backend.port}/orders"), beside=True)
    warm(found, lambda: order(found), 2)
    return found


def warm(served, ask, journeys):
    """Asks until the journeys are taken beside, twice in a row: the first there may be slow, and is weighed again."""
    until = time.monotonic() + 20
    settled = 0
    while time.monotonic() < until:
        before = asked_beside(served)
        assert ask().status == 200
        settled = settled + 1 if asked_beside(served) == before + journeys else 0
        if settled == 2:
            return
        time.sleep(0.02)
    raise AssertionError("nothing is taken beside")


def order(served, sku='"a"'):
    return served.ask("POST", "/test/", b'{"sku": %s}' % sku.encode(), {"Content-Type": "application/json"})


async def until(condition):
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)


def asked_beside(served):
    return served.running.data_plane._beside._asked


def test_both_journeys_are_taken_there(served, backend):
    before = asked_beside(served)
    answer = order(served)
    assert asked_beside(served) == before + 2
    assert (answer.status, answer.body) == (200, GOT)
    story = served.story(served.exchanges(2)[0]["id"])
    assert story["request"]["method"] == "POST"
    sent = json.loads(backend.received[-1].body)
    assert sent["sku"] == "a"
    assert sent["ip"] == "127.0.0.1"
    assert sent["id"] == answer.header("x-amzn-RequestId")


def test_the_list_says_the_same(served, serve, backend):
    order(served)
    alone = serve(definition(f"http://127.0.0.1:{backend.port}/orders"))
    order(alone)
    (one, *_), (other, *_) = served.exchanges(2), alone.exchanges(1)
    assert one.keys() == other.keys()
    varying = {"id", "time", "duration", "latency"}
    assert {name: one[name] for name in one.keys() - varying} == {name: other[name] for name in one.keys() - varying}


def test_a_backend_that_fails(served, backend):
    backend.answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    assert order(served).status == 422
    served.running.upstreams.backing = Backing("http://127.0.0.1:1")
    before = asked_beside(served)
    answer = order(served)
    assert (answer.status, answer.json["message"]) == (504, "Network error communicating with endpoint")
    assert asked_beside(served) == before + 2


def test_the_process_dies_in_between_and_nothing_is_lost(served, backend):
    backend.delay = 0.4
    found = []
    asking = threading.Thread(target=lambda: found.append(order(served)))
    asking.start()
    time.sleep(0.15)
    beside = served.running.data_plane._beside
    old = beside._process
    old.send_signal(signal.SIGKILL)
    asking.join(10)
    assert (found[0].status, found[0].body) == (200, GOT)
    backend.delay = 0
    assert order(served).status == 200, "and without it"
    until = time.monotonic() + 20
    while (beside._process is old or not beside.is_ready) and time.monotonic() < until:
        time.sleep(0.02)
    before = asked_beside(served)
    for _ in range(3):
        assert order(served).status == 200
    assert asked_beside(served) > before, "and with the next one"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(beside_module, "PATIENCE_SECONDS", 0.3)


@pytest.mark.usefixtures("impatient")
def test_a_journey_that_never_ends_there_is_taken_here(served):
    beside = served.running.data_plane._beside
    beside._process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    answer = order(served)
    assert answer.status == 200
    assert time.monotonic() - begun < 5


def test_a_definition_that_changes_is_sent_anew(served, backend, tmp_path):
    path = Path(served.running.definitions[0].definition)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["requestTemplates"]["application/json"] = '{"changed": true}'
    path.write_text(json.dumps(document), encoding="utf-8")
    until = time.monotonic() + 10
    while time.monotonic() < until:
        order(served)
        if json.loads(backend.received[-1].body) == {"changed": True}:
            break
        time.sleep(0.05)
    assert json.loads(backend.received[-1].body) == {"changed": True}
    before = asked_beside(served)
    order(served)
    assert asked_beside(served) == before + 2


def test_a_mock_is_over_at_once(serve):
    mock = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    mock["responses"] = {"default": {"statusCode": "200", "responseTemplates": {"application/json": "mocked"}}}
    found = serve(openapi({"/m": {"get": mock}}), beside=True)
    warm(found, lambda: found.ask("GET", "/test/m"), 1)
    assert found.ask("GET", "/test/m").body == b"mocked"


def test_callables_are_given_the_whole_request(serve):
    served = serve(
        definition("http://nowhere.invalid/"),
        backing=Backing(lambda sent: BackendResponse(200, body=json.dumps(sent.carried.overrides.request).encode())),
        beside=True,
    )
    assert served.running.data_plane._beside is None
    assert order(served).body.startswith(b'{"got": {"path":')


def test_it_ends_with_the_server(served):
    process = served.running.data_plane._beside._process
    assert process.poll() is None
    served.stop()
    assert process.poll() is not None


def test_it_ends_when_the_server_is_killed(tmp_path, backend):
    file = tmp_path / "d.json"
    file.write_text(json.dumps(definition(f"http://127.0.0.1:{backend.port}/")), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("vtlsim")), "serve", str(file), "--port", "0", "--no-journal"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        for line in server.stdout:
            if "/_vtlsim/" in line:
                break
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        if not children.exists():
            server.kill()
            pytest.skip("this system does not tell a process's children")
        until = time.monotonic() + 10
        while not (found := children.read_text(encoding="ascii").split()) and time.monotonic() < until:
            time.sleep(0.02)
        assert found
        server.kill()
    until = time.monotonic() + 10
    while any(_lives(number) for number in found) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(_lives(number) for number in found)


def _lives(number):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return False


def test_surroundings_in_short_are_whole():
    assert around_of(around_in_short(AROUND)) == AROUND


def test_while_it_is_not_there_the_loop_does_it(served, monkeypatch):
    plane = served.running.data_plane
    monkeypatch.setattr(beside_module, "RESTART_SECONDS", 60)
    plane._beside._alone = 60
    plane._beside._process.kill()
    until = time.monotonic() + 10
    while plane._beside.is_ready and time.monotonic() < until:
        time.sleep(0.01)
    order(served)
    before = set(plane._quick)
    assert len(before) == 2
    threads = []
    monkeypatch.setattr(plane, "_workers", None)
    for _ in range(3):
        assert order(served).status == 200
    assert plane._quick == before
    assert threads == []


def test_where_it_cannot_be_started_the_server_goes_on(serve, backend, monkeypatch):
    said = []
    monkeypatch.setattr(beside_module.sys, "executable", "/nowhere/python")
    found = serve(definition(f"http://127.0.0.1:{backend.port}/orders"), beside=True, say=said.append)
    assert order(found).status == 200
    assert found.running.data_plane._beside is None
    assert any("No such file" in line for line in said)


def test_nothing_of_the_current_directory_is_run(tmp_path, backend, monkeypatch):
    for name in ("json", "pickle", "signal", "copyreg", "vtlsim_not"):
        (tmp_path / f"{name}.py").write_text("open('run', 'w').close()\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each])
    monkeypatch.chdir(tmp_path)

    async def run():
        beside = beside_module.Beside()
        await beside.start()
        await until(lambda: beside.is_ready)
        ready = beside.is_ready
        await beside.close()
        return ready

    assert asyncio.run(run())
    assert not (tmp_path / "run").exists()


def test_nothing_is_started_after_the_end():
    async def run():
        beside = beside_module.Beside()
        await beside.start()
        await until(lambda: beside.is_ready)
        beside._process.kill()
        await until(lambda: not beside.is_ready)
        beside._start_again()
        await beside.close()
        beside._start_again()
        return beside._process.poll(), beside.is_ready

    code, ready = asyncio.run(run())
    assert code is not None
    assert not ready


# -- the process's own side ---------------------------------------------------------------------------------------------


@pytest.fixture
def api(tmp_path):
    file = tmp_path / "d.json"
    file.write_text(json.dumps(definition("http://127.0.0.1:1/orders")), encoding="utf-8")
    return load(file).model


def told(api):
    import pickle

    worker = Worker()
    worker.api(7, pickle.dumps(api))
    return worker


REQUEST = MethodRequest("POST", "/orders", (), Headers([("Content-Type", "application/json")]), b'{"sku": "a"}')
PARTS = ("POST", "/orders", (), REQUEST.headers.pairs, REQUEST.body, None)


@pytest.mark.parametrize(
    "answer", [BackendResponse(200, Headers([("X", "1")]), b'{"a": 1}', 5), BackendFailure("timeout", "no answer")]
)
def test_its_journeys_are_those_of_the_server(api, answer):
    worker = told(api)
    around = AROUND._replace(engine="velocity", jsonpath="jayway")
    left = worker.depart(1, 7, PARTS, around_in_short(around))
    here = depart(REQUEST, api, around)
    assert isinstance(here, Departed)
    assert left[:4] == (here.sent.method, here.sent.uri, here.sent.headers.pairs, here.sent.payload)
    parts = answer if isinstance(answer, BackendFailure) else (answer.status, answer.headers.pairs, *answer[2:])
    outcome = worker.arrive(1, parts)
    assert isinstance(outcome, Outcome)
    assert outcome == arrive(answer, here, api, around)
    assert worker.arrive(1, parts) is None, "it is forgotten"


def test_a_request_can_be_forgotten(api):
    worker = told(api)
    worker.depart(1, 7, PARTS, around_in_short(AROUND._replace(engine="velocity", jsonpath="jayway")))
    worker.forget(1)
    worker.forget(2)
    assert worker.underway == {}
    worker.forget_api(7)
    worker.forget_api(8)
    assert worker.apis == {}


def test_frames_in_any_pieces():
    data = frame([1, "two"]) + frame([{"three": b"3"}]) + frame([])
    for size in (1, 3, 4, 7, len(data)):
        frames = Frames()
        found = []
        for at in range(0, len(data), size):
            found += frames.take(data[at : at + size])
        assert found == [1, "two", {"three": b"3"}]


def test_what_cannot_be_sent_is_taken_here():
    async def run():
        beside = beside_module.Beside()
        beside.is_ready = True
        return await beside.depart(1, REQUEST, lambda: None, AROUND), await beside.depart(
            2, REQUEST, lambda: None, AROUND
        )

    assert asyncio.run(run()) == (None, None)
