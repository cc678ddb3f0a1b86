"""Lambda functions on this machine: callables, an Invoke API on loopback, commands, known answers."""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, Endpoint, Function, IntegrationRequest
from vtlsim.surfaces import lambdas
from vtlsim.surfaces.backends import BackendError, Backends, answer

ORDERS = Function("arn:aws:lambda:eu-west-1:123456789012:function:orders:7", "orders", "eu-west-1", "7")


def sent(body='{"a": 1}', *, headers=(), timeout_ms=5_000, function=ORDERS):
    return IntegrationRequest(
        "AWS",
        "POST",
        f"https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/{function.arn}/invocations",
        Headers([("x-amzn-lambda-integration-tag", "id-1"), *headers]),
        (),
        body,
        function,
        None,
        timeout_ms=timeout_ms,
    )


def ask(given, request=None):
    return lambdas.invoke(lambdas.runnable(given), request or sent())


def error_of(found):
    assert found.status == 200
    assert found.headers.first("X-Amz-Function-Error") == "Unhandled"
    return json.loads(found.body)


# -- a callable -------------------------------------------------------------------------------------------------------


def test_a_handler_gets_the_event_and_a_context():
    def handler(event, context):
        assert 0 < context.get_remaining_time_in_millis() <= 5_000
        return {
            "event": event,
            "about": [
                context.function_name,
                context.function_version,
                context.invoked_function_arn,
                context.aws_request_id,
            ],
        }

    found = ask(handler)
    assert found.status == 200
    assert not found.headers.holds("x-amz-function-error")
    assert json.loads(found.body) == {"event": {"a": 1}, "about": ["orders", "7", ORDERS.arn, "id-1"]}


def test_a_handler_of_the_event_alone():
    assert ask(lambda event: event["a"]).body == b"1"


def test_a_handler_that_returns_nothing_answers_null():
    assert ask(lambda event, context: None).body == b"null"


def test_text_stays_text_and_decimals_are_numbers():
    from decimal import Decimal

    assert ask(lambda event: {"é": Decimal("1.5")}).body == '{"é": 1.5}'.encode()


def test_an_exception_is_a_function_error_as_lambdas_runtime_tells_it():
    def handler(event, context):
        raise KeyError("sku")

    told = error_of(ask(handler))
    assert told["errorMessage"] == "'sku'"
    assert told["errorType"] == "KeyError"
    assert told["requestId"] == "id-1"
    assert "raise KeyError" in told["stackTrace"][-1]
    assert all("lambdas.py" not in frame or "test_lambdas.py" in frame for frame in told["stackTrace"])


@pytest.mark.parametrize(
    "handler, kind",
    [
        (lambda event: {1, 2}, "Runtime.MarshalError"),
        (lambda event: sys.exit(3), "Runtime.ExitError"),
        (lambda event: sys.exit(), "Runtime.ExitError"),
    ],
)
def test_what_cannot_be_answered(handler, kind):
    assert error_of(ask(handler))["errorType"] == kind


def test_an_event_that_is_no_json_never_reaches_the_handler():
    told = error_of(ask(lambda event: pytest.fail("called"), sent("{")))
    assert told["errorType"] == "Runtime.UnmarshalError"


def test_a_handler_that_takes_too_long():
    released = threading.Event()
    begun = time.monotonic()
    found = ask(lambda event: released.wait(5), sent(timeout_ms=60))
    released.set()
    assert found == BackendFailure("timeout", "no answer within 60 ms")
    assert time.monotonic() - begun < 2


def test_the_caller_of_an_asynchronous_function_gets_202_and_nothing():
    seen = []
    found = ask(seen.append, sent(function=ORDERS._replace(asynchronous=True)))
    assert (found.status, found.body, seen) == (202, b"", [{"a": 1}])


def test_an_answer_that_is_too_large():
    assert error_of(ask(lambda event: "x" * 6_300_000))["errorType"] == "Function.ResponseSizeTooLarge"


def test_context_variables_reach_the_handler():
    from contextvars import ContextVar

    variable = ContextVar("variable")
    variable.set("here")
    assert ask(lambda event: variable.get()).body == b'"here"'


# -- a command --------------------------------------------------------------------------------------------------------


def python(program):
    return [sys.executable, "-c", program]


def test_a_command_reads_the_event_and_prints_the_answer():
    program = (
        "import json, os, sys; e = json.load(sys.stdin); print(json.dumps([e, os.environ['AWS_LAMBDA_FUNCTION_NAME']]))"
    )
    found = ask(python(program))
    assert found.body == b'[{"a": 1}, "orders"]'
    assert not found.headers.holds("x-amz-function-error")


def test_a_command_as_one_line(tmp_path):
    script = tmp_path / "a script.py"
    script.write_text("print('[1]')")
    assert ask(f"{sys.executable} '{script}'").body == b"[1]"


def test_a_command_that_does_not_read_its_event():
    assert ask(python("print(1)"), sent("x" * 500_000)).body == b"1"


@pytest.mark.parametrize(
    "program, body",
    [("pass", b"null"), ("print('not json')", b"not json"), ("print('a'); print()", b"a\n")],
)
def test_what_a_command_prints_is_its_answer(program, body):
    assert ask(python(program)).body == body


def test_an_exit_code_is_a_function_error():
    told = error_of(ask(python("raise SystemExit(3)")))
    assert told["errorType"] == "Runtime.ExitError"
    assert told["errorMessage"] == "RequestId: id-1 Error: Runtime exited with error: exit status 3"


def test_a_signal_is_a_function_error():
    told = error_of(ask(python("import os, signal; os.kill(os.getpid(), signal.SIGTERM)")))
    assert told["errorMessage"].endswith("signal: SIGTERM")


def test_a_command_may_tell_of_its_error_itself():
    told = '{"errorMessage": "no stock", "errorType": "NoStock"}'
    assert error_of(ask(python(f"print('{told}'); raise SystemExit(1)"))) == json.loads(told)


def test_a_command_that_takes_too_long_is_killed_with_its_children():
    begun = time.monotonic()
    assert ask("sh -c 'sleep 20 & sleep 20'", sent(timeout_ms=150)).kind == "timeout"
    assert time.monotonic() - begun < 3


def test_a_command_that_is_not_there():
    with pytest.raises(BackendError, match="no-such-command-here: No such file"):
        ask("no-such-command-here --now")


# -- the Invoke API ---------------------------------------------------------------------------------------------------


class Emulator(BaseHTTPRequestHandler):
    """A runtime interface emulator: one path, whatever the function; errors without the header that says so."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, body))
        status, answer = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def emulator():
    with ThreadingHTTPServer(("127.0.0.1", 0), Emulator) as server:
        server.seen, server.answer = [], (200, b'{"ok": true}')
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def test_the_runtime_interface_emulator(emulator):
    assert ask(emulator.url).body == b'{"ok": true}'
    assert emulator.seen == [("/2015-03-31/functions/function/invocations", b'{"a": 1}')]


def test_the_whole_address_of_an_invocation(emulator):
    ask(f"{emulator.url}/2015-03-31/functions/Orders/invocations")
    assert emulator.seen[0][0] == "/2015-03-31/functions/Orders/invocations"


def test_the_emulators_errors_are_function_errors(emulator):
    emulator.answer = (200, b'{"errorMessage": "m", "errorType": "T", "stackTrace": []}')
    assert error_of(ask(emulator.url))["errorMessage"] == "m"


@pytest.mark.parametrize("status", [403, 404])
def test_a_function_that_may_not_be_called_or_is_not_there(emulator, status):
    emulator.answer = (status, b'{"Message": "no"}')
    found = ask(emulator.url)
    assert found == BackendFailure("permission", f'the Invoke API answered {status}: {{"Message": "no"}}')


# -- which function ---------------------------------------------------------------------------------------------------


def test_a_known_answer(tmp_path):
    (tmp_path / "a.json").write_text('{"statusCode": 204}')
    function = lambdas.runnable("@a.json", tmp_path)
    assert lambdas.invoke(function, sent()).body == b'{"statusCode": 204}'
    (tmp_path / "e.json").write_text('{"errorMessage": "m", "errorType": "T"}')
    assert error_of(lambdas.invoke(lambdas.runnable("@e.json", tmp_path), sent()))["errorType"] == "T"
    with pytest.raises(BackendError, match=r"nothing\.json: No such file"):
        lambdas.runnable("@nothing.json", tmp_path)


@pytest.mark.parametrize(
    "given, name, what",
    [
        ("app:handler", "", "app:handler"),
        ("orders=app:handler", "orders", "app:handler"),
        ("orders:live=./run --x=1", "orders:live", "./run --x=1"),
        ("arn:aws:lambda:a:1:function:f=@f.json", "arn:aws:lambda:a:1:function:f", "@f.json"),
        ("http://127.0.0.1:9000", "", "http://127.0.0.1:9000"),
        ("orders=http://127.0.0.1:9000/?a=b", "orders", "http://127.0.0.1:9000/?a=b"),
        ("env A=b ./run", "", "env A=b ./run"),
    ],
)
def test_names_stand_before_an_equals_sign(given, name, what):
    assert lambdas.split_name(given) == (name, what)


@pytest.mark.parametrize("given", ["", "  ", 7, [], [1], "'open", "no.such.module:f", "json:nothing", "json:__name__"])
def test_what_is_no_function(given):
    with pytest.raises(BackendError):
        lambdas.runnable(given)


def test_a_module_that_fails_when_it_is_imported(tmp_path):
    (tmp_path / "broken_when_imported.py").write_text("1 / 0")
    with pytest.raises(BackendError, match="broken_when_imported:f: ZeroDivisionError"):
        lambdas.runnable("broken_when_imported:f", tmp_path)


def test_a_module_beside_the_definition(tmp_path):
    (tmp_path / "beside_the_definition.py").write_text("class App:\n    def run(event): return 'ran'\n")
    assert lambdas.invoke(lambdas.runnable("beside_the_definition:App.run", tmp_path), sent()).body == b'"ran"'


@pytest.mark.parametrize(
    "names, expected",
    [
        (["orders", ""], b'"orders"'),
        (["other", ""], b'""'),
        (["orders", "orders:7"], b'"orders:7"'),
        (["orders:7", ORDERS.arn], json.dumps(ORDERS.arn).encode()),
    ],
)
def test_the_closest_name_wins(names, expected):
    functions = lambdas.functions_of({name: lambda event, context, name=name: name for name in names})
    assert answer(Backends(functions=functions), sent()).body == expected


def test_a_function_that_nobody_stands_for_falls_to_the_backend_or_to_nobody():
    functions = lambdas.functions_of({"other": lambda event: 1})
    assert answer(Backends(functions=functions), sent()) is None
    assert answer(Backends(BackendResponse(204), functions), sent()).status == 204


def test_only_functions_are_invoked():
    with pytest.raises(BackendError, match="invokes no Lambda function"):
        ask(lambda event: 1, sent()._replace(destination=Endpoint()))
