"""Talking to a control plane: in process, and over a socket."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from urllib.parse import quote, urlencode


class Refusal(Exception):  # noqa: N818 - named as the thing is
    def __init__(self, status, type_, message):
        super().__init__(f"{status} {type_}: {message}")
        self.status, self.type, self.message = status, type_, message


class Talk:
    """Calls operations of a control plane without a socket, with the paths and places of the service model."""

    def __init__(self, plane, accept="application/json"):
        self.plane = plane
        self.accept = accept
        self.status = 0
        self.headers = {}
        self.text = b""

    def call(self, operation, /, *, payload=None, **params):
        described = self.plane.routes.operations[operation]
        model = self.plane.wire._shapes[described["input"]["shape"]]
        path, _, fixed = described["http"]["requestUri"].partition("?")
        query = [tuple(each.split("=")) for each in fixed.split("&") if each]
        document = {}
        headers = {"accept": self.accept}
        for name, value in params.items():
            member = model["members"].get(name, {})
            spelled = member.get("locationName", name)
            if member.get("location") == "uri":
                path = path.replace(f"{{{spelled}}}", quote(str(value), safe="")).replace(
                    f"{{{spelled}+}}", quote(str(value))
                )
            elif member.get("location") == "querystring":
                if isinstance(value, dict):
                    query += list(value.items())
                else:
                    query += [(spelled, each) for each in (value if isinstance(value, list) else [value])]
            elif member.get("location") == "header":
                headers[spelled.lower()] = value
            else:
                document[spelled] = value
        sent = payload if payload is not None else json.dumps(document).encode() if document else b""
        return self.send(described["http"]["method"], path, urlencode(query), headers, sent)

    def send(self, method, path, query="", headers=None, body=b""):
        answer = asyncio.run(self.plane.answer(method, path, query, headers or {}, body))
        self.status, self.headers, self.text = answer.status, dict(answer.headers), answer.body
        kind = self.headers.get("Content-Type", "")
        found = json.loads(answer.body) if answer.body and "json" in kind else {}
        if answer.status >= 400:
            raise Refusal(answer.status, self.headers["x-amzn-ErrorType"], found["message"])
        return found


class Server:
    """An ASGI app under uvicorn on a loopback port, in a thread."""

    def __init__(self, app):
        import uvicorn

        self._socket = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio switches Nagle off only for these
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve([self._socket])), daemon=True)

    def __enter__(self):
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
