"""An exchange as something to take away: a test case, a curl command.

What may live here: writing these texts. The execution log is explain's.
"""

from __future__ import annotations

import json
import shlex
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final

from vtlsim.gateway.model import BackendFailure, BackendResponse

if TYPE_CHECKING:
    from vtlsim.gateway.headers import Headers
    from vtlsim.gateway.model import MethodRequest
    from vtlsim.surfaces.server.exchanges import Story

_CLIENTS: Final = frozenset({"host", "content-length", "connection", "user-agent", "accept-encoding", "expect"})
"""Header fields that the client writes by itself."""

_FRAMING: Final = frozenset({"content-length", "transfer-encoding", "connection", "date"})


def curl(request: MethodRequest, address: str, target: str) -> str:
    """The request as a shell command."""
    parts = ["curl -i"]
    if request.method == "HEAD":
        parts = ["curl -I"]
    elif request.method != ("POST" if request.body else "GET"):
        parts.append(f"-X {shlex.quote(request.method)}")
    lines = [f"{' '.join(parts)} {shlex.quote(address + target)}"]
    for name, value in request.headers:
        if name.lower() not in _CLIENTS and not (name.lower() == "accept" and value == "*/*"):
            lines.append(f"-H {shlex.quote(f'{name}: {value}' if value else f'{name};')}")
    before = ""
    if request.body:
        if not request.headers.holds("content-type"):
            lines.append("-H 'Content-Type:'")
        text = _typed(request.body)
        if text is None:
            before = f"printf %s {b64encode(request.body).decode('ascii')} | base64 -d | "
        lines.append("--data-binary @-" if text is None else f"--data-binary {shlex.quote(text)}")
    return before + " \\\n  ".join(lines) + "\n"


def case(story: Story, definition: str, api: str | None = None) -> str:
    """The exchange as a case file (`*.vtltest.yaml`, to be kept beside the definition): the request, the backend's answer,
    and what is expected of both journeys. Empty for a request whose body is no text: a case cannot hold it.
    """
    from yaml import safe_dump

    request = story.request
    body = _text(request.body)
    if body is None:
        return ""
    path = request.path
    if request.query:
        from vtlsim.gateway.addresses import written

        path += f"?{written(request.query)}"
    given: dict[str, Any] = {"definition": definition.rpartition("/")[2]}
    if api is not None:
        given["api"] = api
    given |= {"stage": story.around.stage, "method": request.method, "path": path}
    found: dict[str, Any] = {"name": f"{request.method} {path}"}
    if story.response is not None:
        found["name"] += f" gives {story.response.status}"
    headers = _headers(request.headers, _CLIENTS)
    if headers:
        found["headers"] = headers
    if body:
        found["body"] = _value(body)
    sends = story.sent is not None and story.sent.type != "MOCK"
    answer = story.answer
    if sends and isinstance(answer, BackendFailure):
        found["backend"] = {"failure": answer.kind}
    elif sends and isinstance(answer, BackendResponse):
        found["backend"] = {"status": answer.status, "headers": _headers(answer.headers, _FRAMING)}
        text = _text(answer.body)
        if text:
            found["backend"]["body"] = _value(text)
    expected: dict[str, Any] = {}
    if story.sent is not None and sends:
        expected["integrationRequest"] = {"method": story.sent.method, "uri": story.sent.uri}
        expected["integrationRequest"] |= _expected(story.sent.payload)
    if story.response is not None:
        expected["response"] = {"status": story.response.status, **_expected(story.response.body)}
    found["expect"] = expected
    return safe_dump(
        {"defaults": given, "tests": [found]}, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )


def _typed(data: bytes) -> str | None:
    """A body that can be an argument of curl's; None for one that cannot."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text or text.startswith("@") else text


def _headers(headers: Headers, without: frozenset[str]) -> dict[str, Any]:
    """Name -> value, or the values of a repeated one."""
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in headers.multiple().items()
        if name.lower() not in without
    }


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _value(text: str) -> Any:
    """A body as a case has it: a value where that is written as it was sent, else the text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return value if isinstance(value, (dict, list)) and compact == text else text


def _expected(data: bytes) -> dict[str, Any]:
    text = _text(data)
    if not text:
        return {}
    try:
        return {"json": json.loads(text)}
    except ValueError:
        return {"text": text}
