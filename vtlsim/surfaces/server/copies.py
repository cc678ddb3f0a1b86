"""An exchange as something to take away: a test case, a curl command.

What may live here: writing these texts. The execution log is explain's.
"""

from __future__ import annotations

import json
import shlex
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from vtlsim.gateway.model import MethodRequest
    from vtlsim.surfaces.server.exchanges import Story

_CLIENTS: Final = frozenset({"host", "content-length", "connection", "user-agent", "accept-encoding", "expect"})
"""Header fields that the client writes by itself."""


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
        try:
            text = request.body.decode("utf-8")
            if "\x00" in text or text.startswith("@"):
                raise ValueError
            lines.append(f"--data-binary {shlex.quote(text)}")
        except ValueError:
            before = f"printf %s {b64encode(request.body).decode('ascii')} | base64 -d | "
            lines.append("--data-binary @-")
    return before + " \\\n  ".join(lines) + "\n"


def case(story: Story, definition: str) -> str:
    """The exchange as a test case in YAML: the request, and what is expected of both journeys."""
    from yaml import safe_dump

    request = story.request
    path = request.path
    if request.query:
        from vtlsim.gateway.addresses import written

        path += f"?{written(request.query)}"
    given: dict[str, Any] = {"definition": definition, "method": request.method, "path": path}
    found: dict[str, Any] = {"name": f"{request.method} {path}"}
    if story.response is not None:
        found["name"] += f" gives {story.response.status}"
    headers: dict[str, Any] = {}
    for name, values in request.headers.multiple().items():
        if name.lower() not in _CLIENTS:
            headers[name] = values[0] if len(values) == 1 else values
    if headers:
        found["headers"] = headers
    if request.body:
        found |= _body(request.body)
    expected: dict[str, Any] = {}
    if story.response is not None:
        expected["status"] = story.response.status
    if story.sent is not None and story.sent.type != "MOCK":
        expected["integrationRequest"] = {"httpMethod": story.sent.method, "uri": story.sent.uri}
        if story.sent.body:
            expected["integrationRequest"] |= _body(story.sent.payload)
    if expected:
        found["expect"] = expected
    return safe_dump(
        {"defaults": given, "tests": [found]}, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )


def _body(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return {"body": b64encode(data).decode("ascii"), "isBase64Encoded": True}
    try:
        value = json.loads(text)
    except ValueError:
        return {"body": text}
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return {"body": value if isinstance(value, (dict, list)) and compact == text else text}
