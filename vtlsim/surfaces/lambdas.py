"""Lambda functions on this machine: a Python callable, an endpoint of the Invoke API, a command, or a known answer.

What may live here: handing an event to a function, and its answer as the Invoke API would give it: a payload, and
``X-Amz-Function-Error`` when the function failed. What API Gateway makes of it is the gateway's business.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import BackendFailure, BackendResponse, Function
from vtlsim.surfaces.backends import CALLABLE, BackendError, callable_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from vtlsim.gateway.model import IntegrationRequest
    from vtlsim.surfaces.backends import Answer
    from vtlsim.surfaces.sending import Server

LARGEST: Final = 6_291_556
"""Bytes of a function's answer that Lambda takes."""

_NAMED: Final = re.compile(r"([A-Za-z0-9_:.$-]+)=(?!=)(.*)", re.DOTALL)
_INVOKE: Final = "/2015-03-31/functions/function/invocations"
"""Where the runtime interface emulator listens, whatever the function's name."""


class Handler(NamedTuple):
    """A Python function of an event and a context, or of an event alone."""

    call: Callable[..., object]


class Invocations(NamedTuple):
    """An endpoint that speaks the Invoke API; ``path`` is where its function is invoked."""

    server: Server
    path: str


class Program(NamedTuple):
    """A command that reads the event on stdin and prints the answer."""

    arguments: tuple[str, ...]


class Payload(NamedTuple):
    """What the function answers, known beforehand."""

    content: bytes


Runnable: TypeAlias = Handler | Invocations | Program | Payload


def split_name(given: str) -> tuple[str, str]:
    """``[NAME=]WHAT``: the function's name (empty for any) and what it is."""
    match = _NAMED.fullmatch(given)
    if match is None or match[1].startswith(("http:", "https:")):
        return "", given
    return match[1], match[2]


def runnable(given: object, folder: Path | None = None) -> Runnable:
    """What a function is: a callable; ``module:function``; ``http(s)://host:port`` of a runtime interface emulator, or
    the whole address of an invocation; ``@FILE`` with an answer; a command as text or as a list of arguments.

    Files and modules are looked for in ``folder`` first. Raises BackendError.
    """
    if isinstance(given, (Handler, Invocations, Program, Payload)):
        return given
    if callable(given):
        return Handler(given)
    if isinstance(given, (list, tuple)) and given and all(isinstance(each, str) for each in given):
        return Program(tuple(given))
    if not isinstance(given, str) or not given.strip():
        raise BackendError(f"{given!r} is no function: give a callable, module:function, a URL, @FILE or a command")
    if given.startswith(("http://", "https://")):
        from vtlsim.surfaces.sending import server_of

        server = server_of(given)
        if server.prefix.endswith("/invocations"):
            return Invocations(server._replace(prefix=""), server.prefix)
        return Invocations(server, _INVOKE)
    if given.startswith("@"):
        return Payload(_content(given[1:], folder))
    if CALLABLE.fullmatch(given):
        return Handler(callable_of(given, folder))
    from shlex import split

    try:
        return Program(tuple(split(given)))
    except ValueError as error:
        raise BackendError(f"{given!r} is no command: {error}") from None


def _content(name: str, folder: Path | None) -> bytes:
    from pathlib import Path

    path = (folder or Path()) / name
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise BackendError(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def invoke(function: Runnable, sent: IntegrationRequest) -> Answer:
    """The function's answer to an integration request. Raises BackendError for a command that cannot be started.

    Of a callable and of a known answer no time is taken: the same call has the same log.
    """
    destination = sent.destination
    if not isinstance(destination, Function):
        raise BackendError(f"{sent.uri} invokes no Lambda function")
    match function:
        case Invocations():
            return _by_api(function, sent)
        case Handler():
            answer = _by_call(function.call, sent, destination)
        case Program():
            answer = _by_command(function.arguments, sent, destination)
        case Payload():
            answer = _answer(function.content, has_failed=_tells_of_an_error(function.content))
    if isinstance(answer, BackendFailure):
        return answer
    if destination.asynchronous:
        return BackendResponse(202)
    if len(answer.body) > LARGEST:
        said = f"Response payload size exceeded maximum allowed payload size ({LARGEST} bytes)."
        return _failed(said, "Function.ResponseSizeTooLarge")
    return answer


def _answer(content: bytes, *, has_failed: bool = False) -> BackendResponse:
    """What the Invoke API answers."""
    pairs = [("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST")]
    if has_failed:
        pairs.append(("X-Amz-Function-Error", "Unhandled"))
    return BackendResponse(200, Headers(pairs), content)


def _failed(message: str, kind: str, **more: object) -> BackendResponse:
    import json

    told = {"errorMessage": message, "errorType": kind, **more}
    return _answer(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"), has_failed=True)


def _late(sent: IntegrationRequest) -> BackendFailure:
    return BackendFailure("timeout", f"no answer within {sent.timeout_ms:,} ms")


def _tells_of_an_error(content: bytes) -> bool:
    """Whether a payload is what a runtime makes of an error: the emulator leaves out the header that says so."""
    import json

    if b"errorType" not in content:
        return False
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "errorMessage" in found and "errorType" in found


# -- by the Invoke API ------------------------------------------------------------------------------------------------


def _by_api(function: Invocations, sent: IntegrationRequest) -> Answer:
    from vtlsim.surfaces.sending import Message, send

    message = Message("POST", function.path, sent.headers, sent.payload, sent.timeout_ms)
    answer = send(function.server, message)
    if isinstance(answer, BackendResponse) and _tells_of_an_error(answer.body):
        if not answer.headers.holds("x-amz-function-error"):
            answer = answer._replace(headers=answer.headers.plus([("X-Amz-Function-Error", "Unhandled")]))
        return answer
    return permitted(answer)


def permitted(answer: Answer) -> Answer:
    """An answer of the Invoke API, or that it may not be called: 403, or 404 for a function that is not there."""
    if isinstance(answer, BackendResponse) and answer.status in {403, 404}:
        said = answer.body[:200].decode("utf-8", "replace")
        return BackendFailure("permission", f"the Invoke API answered {answer.status}{': ' if said else ''}{said}")
    return answer


# -- by a call --------------------------------------------------------------------------------------------------------


class LambdaContext:
    """The second argument of a Python handler, as Lambda's own runtime gives it."""

    def __init__(self, destination: Function, request_id: str, timeout_ms: int) -> None:
        from vtlsim.surfaces.clock import Stopwatch

        version = destination.qualifier if (destination.qualifier or "").isdigit() else "$LATEST"
        self.function_name = destination.name
        self.function_version = version or "$LATEST"
        self.invoked_function_arn = destination.arn
        self.memory_limit_in_mb = "128"
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{destination.name}"
        self.log_stream_name = f"[{self.function_version}]"
        self.identity = None
        self.client_context = None
        self._watch = Stopwatch()
        self._timeout_ms = timeout_ms

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until API Gateway stops waiting."""
        return max(0, self._timeout_ms - self._watch.milliseconds)


def _by_call(call: Callable[..., object], sent: IntegrationRequest, destination: Function) -> Answer:
    """Calls a handler on a thread of its own, in this one's context, and waits as long as the integration does."""
    import json
    from contextvars import copy_context
    from threading import Thread

    request_id = sent.headers.first("x-amzn-lambda-integration-tag") or ""
    try:
        event = json.loads(sent.payload or b"{}")
    except (ValueError, RecursionError) as error:
        said = f"Unable to unmarshal input: {error}"
        return _failed(said, "Runtime.UnmarshalError", requestId=request_id, stackTrace=[])
    given = (event, LambdaContext(destination, request_id, sent.timeout_ms))
    made: list[BackendResponse] = []
    ended: list[BaseException] = []

    def work() -> None:
        try:
            made.append(_called(call, given, request_id))
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits
            ended.append(error)

    thread = Thread(target=copy_context().run, args=(work,), daemon=True, name=f"lambda {destination.name}")
    thread.start()
    thread.join(sent.timeout_ms / 1000)
    if ended:
        raise ended[0]
    return made[0] if made else _late(sent)


def _called(call: Callable[..., object], given: tuple[object, LambdaContext], request_id: str) -> BackendResponse:
    import json

    try:
        found = call(*given[: _arity(call)])
    except SystemExit as error:
        return _exited(f"exit status {error.code}" if error.code else "", request_id)
    except Exception as error:  # noqa: BLE001 - whatever a function raises is its answer
        return _raised(error, request_id)
    try:
        text = json.dumps(found, ensure_ascii=False, default=_decimal)
    except (TypeError, ValueError, RecursionError) as error:
        said = f"Unable to marshal response: {error}"
        return _failed(said, "Runtime.MarshalError", requestId=request_id, stackTrace=[])
    return _answer(text.encode("utf-8", "replace"))


def _arity(call: Callable[..., object]) -> int:
    """How many arguments a handler is called with: two, as Lambda does, or one where it takes no second."""
    from inspect import signature

    try:
        signature(call).bind(None, None)
    except TypeError:
        return 1
    except ValueError:
        return 2
    return 2


def _decimal(value: object) -> object:
    from decimal import Decimal

    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _raised(error: Exception, request_id: str) -> BackendResponse:
    from traceback import extract_tb, format_list

    frames = [each for each in extract_tb(error.__traceback__) if each.filename != __file__]
    return _failed(str(error), type(error).__name__, requestId=request_id, stackTrace=format_list(frames))


def _exited(how: str, request_id: str) -> BackendResponse:
    end = f"Runtime exited with error: {how}" if how else "Runtime exited without providing a reason"
    return _failed(f"RequestId: {request_id} Error: {end}", "Runtime.ExitError")


# -- by a command -----------------------------------------------------------------------------------------------------


def _by_command(arguments: tuple[str, ...], sent: IntegrationRequest, destination: Function) -> Answer:
    """Runs a command; what it writes to stderr goes to ours. Nothing printed is ``null``, as a function's that returns
    nothing.
    """
    import os
    import signal
    import subprocess

    from vtlsim.surfaces.clock import Stopwatch

    watch = Stopwatch()
    environment = {
        **os.environ,
        "AWS_LAMBDA_FUNCTION_NAME": destination.name,
        "AWS_REGION": destination.region,
        "_X_AMZN_TRACE_ID": sent.headers.first("x-amzn-trace-id") or "",
    }
    with _started(arguments, environment) as process:
        try:
            output, _ = process.communicate(sent.payload, timeout=sent.timeout_ms / 1000)
        except subprocess.TimeoutExpired:
            return _late(sent)
        finally:
            if process.poll() is None:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except (OSError, AttributeError):
                    process.kill()
                process.communicate()
    content = output.removesuffix(b"\n").removesuffix(b"\r")
    code = process.returncode
    if code != 0:
        if _tells_of_an_error(content):
            return _answer(content, has_failed=True)
        how = f"exit status {code}" if code > 0 else f"signal: {signal.Signals(-code).name}"
        return _exited(how, sent.headers.first("x-amzn-lambda-integration-tag") or "")
    answer = _answer(content or b"null", has_failed=_tells_of_an_error(content))
    return answer._replace(latency_ms=watch.milliseconds)


def _started(arguments: Sequence[str], environment: dict[str, str]) -> Any:
    import subprocess

    try:
        return subprocess.Popen(  # noqa: S603 - the command is what the user asked for
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BackendError(f"{arguments[0]}: {reason}") from None


def functions_of(given: object, folder: Path | None = None) -> dict[str, Runnable]:
    """Functions by name or ARN, from a mapping; anything else is the function behind every name (``""``)."""
    from collections.abc import Mapping

    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {str(name): runnable(each, folder) for name, each in given.items()}
    return {"": runnable(given, folder)}


def function_for(functions: Mapping[str, Runnable], destination: Function) -> Runnable | None:
    """Who is the function that an integration invokes: by its ARN, by name and qualifier, by name, or any."""
    names = [destination.arn, destination.name, ""]
    if destination.qualifier is not None:
        names.insert(1, f"{destination.name}:{destination.qualifier}")
    return next((functions[name] for name in names if name in functions), None)
