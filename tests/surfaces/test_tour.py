"""The tour of README: each kind of integration from the command line, with the definition in fixtures/tour."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_backends import Quiet

import vtlsim
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendResponse
from vtlsim.surfaces.cli import run

TOUR = Path(__file__).parents[2] / "fixtures" / "tour"
ORDER = '{"items": [{"sku": "a", "qty": 2}, {"sku": "b"}]}'

STEPS = [
    (
        ["POST", "/orders", "-H", "X-Tenant: acme", "-b", ORDER, "--backend", "@order-kept.json"],
        201,
        '{"order": "o-7"}',
    ),
    (
        ["POST", "/orders", "-H", "X-Tenant: acme", "-b", ORDER, "--backend", "@order-refused.json"],
        409,
        '{"refused": "no stock"}',
    ),
    (
        ["POST", "/orders", "-H", "X-Tenant: acme", "-b", '{"items": [{}]}'],
        400,
        '{"error": "Invalid request body", "because": "[\'sku\' is a required property]"}',
    ),
    (["POST", "/orders", "-b", ORDER], 400, '{"message": "Missing required request parameters: [X-Tenant]"}'),
    (
        ["POST", "/orders", "-H", "X-Tenant: acme", "-b", ORDER, "--backend", "@late.json"],
        504,
        '{"message": "Endpoint request timed out"}',
    ),
    (["PUT", "/files/a%20b/c?v=1", "-b", "x"], None, ""),
    (["GET", "/health"], 200, '{"well": true, "stage": "test"}'),
    (
        ["POST", "/quotes", "-s", "rate=1.5", "-b", '{"amount": 10}', "--lambda", "functions:quote"],
        200,
        '{"quote": 15.0}',
    ),
    (
        ["POST", "/quotes", "-b", '{"amount": 0}', "--lambda", "quote=functions:quote"],
        422,
        '{"why": "Unquotable: amount 0"}',
    ),
    (["GET", "/pets/7", "--lambda", "pets=functions:pets"], 200, '{"id": "7", "asked": "GET"}'),
    (["GET", "/pets/7", "--lambda", "./pet.sh"], 200, "from a command"),
    (["GET", "/pets/7", "--lambda", "false"], 502, '{"message": "Internal server error"}'),
    (["GET", "/pets/7", "--lambda", "echo no JSON"], 502, '{"message": "Internal server error"}'),
    (["POST", "/events", "-b", "it's", "--dry-run"], None, ""),
    (
        ["POST", "/events", "-b", "it's", "--aws-endpoint", "http://127.0.0.1:1"],
        504,
        '{"message": "Network error communicating with endpoint"}',
    ),
    (["GET", "/inventory", "-s", "link=l-1", "--backend", "@picture.json"], 200, "iVBORw0KGgo="),
    (["GET", "/inventory", "-s", "link=l-1", "--vpc-link", "l-2=http://127.0.0.1:1"], None, ""),
    (["GET", "/pictures/cat.png", "--backend", "@picture.json"], 200, "iVBORw0KGgo="),
    (["GET", "/members"], 403, '{"message":"Forbidden"}'),
    (
        ["GET", "/members", "-H", "x-api-key: k-1", "--api-key", "k-1=ada", "--authorizer", "member.json"],
        200,
        '{"you": "ada", "plan": "gold", "key": "ada"}',
    ),
    (["GET", "/nowhere"], 404, '{"error": "no such place", "path": "/test/nowhere"}'),
]


@pytest.fixture(autouse=True)
def there(monkeypatch):
    monkeypatch.chdir(TOUR)


@pytest.mark.parametrize("arguments, status, body", STEPS, ids=[" ".join(each[0])[:60] for each in STEPS])
def test_a_step(capfd, arguments, status, body):
    assert run(["invoke", "tour.yaml", *arguments, "--format", "json"]) == 0
    printed = capfd.readouterr()
    answer = json.loads(printed.out)
    assert (answer["status"], answer["body"]) == (status, body)
    assert "Traceback" not in printed.err
    for form in ("text", "log", "trace"):
        assert run(["invoke", "tour.yaml", *arguments, "--format", form]) == 0


def test_a_picture_comes_as_bytes_to_who_accepts_it(capfd):
    assert (
        run(["invoke", "tour.yaml", "GET", "/pictures/c", "-H", "Accept: image/png", "--backend", "@picture.json"]) == 0
    )
    assert capfd.readouterr().out.endswith("\n\n[Binary Data] (8 bytes)\n")


class Table(BaseHTTPRequestHandler):
    """A service of AWS, as LocalStack or DynamoDB Local stand in for it."""

    def do_POST(self):
        self.server.seen.append(
            (self.path, dict(self.headers), self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        )
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST  # noqa: N815 - http.server's name

    def log_message(self, *arguments):
        pass


@pytest.fixture
def table():
    with Quiet(("127.0.0.1", 0), Table) as server:
        server.seen, server.url = [], f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def test_an_action_reaches_the_endpoint_that_stands_in_for_aws(table, capfd):
    assert run(["invoke", "tour.yaml", "POST", "/events", "-b", "it's", "--aws-endpoint", table.url]) == 0
    assert '{"kept": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}' in capfd.readouterr().out
    ((path, headers, body),) = table.seen
    assert path == "/"
    assert headers["X-Amz-Target"] == "DynamoDB_20120810.PutItem"
    assert "Credential=VTLSIM/20260102/eu-west-1/dynamodb/aws4_request" in headers["Authorization"]
    assert json.loads(body)["Item"]["body"] == {"S": "it's"}


def test_a_link_leads_to_its_server(table, capfd):
    assert run(["invoke", "tour.yaml", "GET", "/inventory", "-s", "link=l-1", "--vpc-link", f"l-1={table.url}"]) == 0
    assert capfd.readouterr().out.endswith("\n\n{}\n")
    assert table.seen[0][0] == "/count"


FAULTS = [
    (["--lambda", "no-such-command-here"], 4, "no-such-command-here: No such file"),
    (["--lambda", "nothing.of.the:kind"], 4, "No module named 'nothing'"),
    (["--lambda", "pets="], 4, "is no function"),
    (["--lambda", "@nothing.json"], 4, "nothing.json: No such file"),
    (["--lambda", "http://"], 4, "is no http(s) URL"),
    (["--aws-endpoint", "https://lambda.eu-west-1.amazonaws.com"], 4, "is AWS itself"),
    (["--aws-endpoint", "localhost:4566"], 4, "is no http(s) URL"),
    (["--vpc-link", "x"], 2, "--vpc-link 'x': give it as name=value"),
    (["--vpc-link", "x=y"], 4, "'y' is no http(s) URL"),
    (["--backend", "http://[::1"], 4, "is no URL"),
    (["--backend", "functions:quote"], 4, "functions:quote raised TypeError"),
    (["--backend", "nowhere"], 2, "give http(s)://host:port, @FILE with a response, or MODULE:FUNCTION"),
    (["--backend", "@functions.py"], 4, "functions.py: not JSON"),
    (["--authorizer", "picture.json"], 4, "picture.json: unknown member 'status'"),
    (["--authorizer", "functions.py"], 4, "functions.py:1:1: not JSON"),
]


@pytest.mark.parametrize("arguments, code, said", FAULTS, ids=[" ".join(each[0]) for each in FAULTS])
def test_what_cannot_be_used_is_told_in_a_line(capfd, arguments, code, said):
    assert run(["invoke", "tour.yaml", "GET", "/pets/7", *arguments]) == code
    printed = capfd.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert "vtlsim itself failed" not in printed.err


def test_what_a_function_prints_is_no_product(tmp_path, monkeypatch, capfd):
    (tmp_path / "printing_function.py").write_text("def f(event):\n    print('hello')\n    return {'body': 'b'}\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert run(["invoke", "tour.yaml", "GET", "/pets/7", "--lambda", "printing_function:f", "--format", "json"]) == 0
    printed = capfd.readouterr()
    assert json.loads(printed.out)["body"] == "b"
    assert "hello\n" in printed.err


# -- the library ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def api():
    return vtlsim.load(TOUR / "tour.yaml")


def test_the_library_takes_the_same(api):
    out = api.invoke("GET", "/pets/7", lambdas=lambda event, context: {"statusCode": 201, "body": event["path"]})
    assert (out.status, out.body) == (201, "/pets/7")
    out = api.invoke("GET", "/members", headers={"x-api-key": "k"}, api_keys=["k"], authorizer={"principalId": "eve"})
    assert out.json == {"you": "eve", "plan": "", "key": "key1"}
    assert "principalId eve" in str(out.trace)
    out = api.invoke("GET", "/inventory", stage_variables={"link": "l"}, vpc_links={"l": "http://127.0.0.1:1"})
    assert out.status == 504
    assert out.log.splitlines()[-2].endswith("Execution failed due to an internal error")


def test_a_function_is_called_once_whatever_is_asked_of_the_exchange(api):
    calls = []
    out = api.invoke("GET", "/pets/7", lambdas={"pets": lambda event: calls.append(1) or {"body": "x"}})
    assert out.log == out.log
    assert "x" in str(out.trace)
    assert len(calls) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"lambdas": 7},
        {"lambdas": {"pets": ""}},
        {"aws_endpoint": "x"},
        {"vpc_links": {"l": "x"}},
        {"authorizer": {"principal": "x"}},
        {"authorizer": {"principalId": "x", "context": {"a": {}}}},
        {"authorizer": {"principalId": "x", "policyDocument": {"Statement": [{"Effect": "Deny"}]}}},
        {"authorizer": []},
    ],
)
def test_what_is_none_of_these_is_a_value_error(api, given):
    with pytest.raises(ValueError, match=r".+"):
        api.invoke("GET", "/pets/7", **given)


PATHS = st.sampled_from(
    ["/orders", "/files/x", "/health", "/quotes", "/pets/7", "/events", "/pictures/a", "/members", "/"]
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["GET", "POST", "PUT", "OPTIONS", "x"]),
    st.one_of(PATHS, st.text(max_size=12).map("/".__add__)),
    st.one_of(st.none(), st.text(max_size=30), st.binary(max_size=30), st.just(ORDER)),
    st.dictionaries(
        st.sampled_from(["X-Tenant", "Accept", "Content-Type", "x-api-key", "Authorization"]), st.text(max_size=12)
    ),
    st.builds(
        BackendResponse,
        st.integers(100, 599),
        st.lists(st.tuples(st.sampled_from(["Content-Type", "X-Amz-Function-Error", "Date"]), st.text(max_size=9))).map(
            Headers
        ),
        st.one_of(st.binary(max_size=40), st.sampled_from([b'{"statusCode": 200}', b'{"errorMessage": "x"}', b"null"])),
    ),
)
def test_whatever_comes_there_is_an_answer_a_log_and_a_story_and_the_same_ones_twice(
    api, method, path, body, headers, backend
):
    first, second = (api.invoke(method, path, body, headers, backend, api_keys=["k"]) for _ in range(2))
    assert first.status is not None
    assert first.log.splitlines()[-1].endswith(f"Method completed with status: {first.status}")
    assert (first.log, first.body, first.headers, str(first.trace)) == (
        second.log,
        second.body,
        second.headers,
        str(second.trace),
    )
    json.dumps(first.trace.record)


ARGUMENT = st.sampled_from(
    [
        *("--lambda", "--backend", "--aws-endpoint", "--vpc-link", "--api-key", "--authorizer", "-H", "-b", "GET"),
        *("/pets/7", "/orders", "x", "@late.json", "@tour.yaml", "-", "a=b", "=", "", "x: y", "http://", "http://["),
        *("m:f", "'", "--format", "log", "json", "--dry-run", "--stage", "\udcff", "functions:pets"),
        "pets=functions:pets",
    ]
)


@settings(max_examples=120, deadline=None)
@given(st.lists(ARGUMENT, max_size=7))
def test_no_command_line_gives_a_traceback(arguments):
    import contextlib
    import io

    streams = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with (
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
        patch.setattr("vtlsim.surfaces.lambdas._started", _not_started)
        code = run(["invoke", "tour.yaml", *arguments])
    assert code in {0, 2, 3, 4}
    assert "Traceback" not in streams[1].getvalue()
    assert "vtlsim itself failed" not in streams[1].getvalue()


def _not_started(arguments, environment):
    from vtlsim.surfaces.backends import BackendError

    raise BackendError(f"{arguments[:1]}: not started here")
