"""One port, two apps: the data plane in front, FastAPI behind it for `/_vtlsim/` and `/restapis`.

What may live here: who gets a request. A further FastAPI router (API Gateway's own control plane) is handed to
:func:`application` and is served under the same Host check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from vtlsim.surfaces.server.door import wrong_host
from vtlsim.surfaces.server.inspector import PREFIX, SAFETY, router
from vtlsim.surfaces.server.mounts import USER_REQUEST

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

    from fastapi import APIRouter

    from vtlsim.surfaces.server.running import Running


class Application:
    """The ASGI app of a server."""

    def __init__(self, running: Running, behind: FastAPI) -> None:
        self._running = running
        self._behind = behind

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """One request."""
        assert scope["type"] == "http", "the server knows nothing else"
        running = self._running
        host = authorization = None
        for name, value in scope["headers"]:
            if name == b"host":
                host = value if host is None else host
            elif name == b"authorization":
                authorization = value if authorization is None else authorization
        if not running.hosts.allow(host):
            await _turn_away(send, scope, (host or b"").decode("latin-1"))
            return
        if running.has_not_looked():
            await running.refresh()
        raw = scope["raw_path"]
        if raw.startswith(b"/_vtlsim") and (raw == b"/_vtlsim" or raw[8:9] == b"/"):
            await self._behind(scope, receive, _guarded(send))
        elif self._is_control(raw, authorization):
            await self._behind(scope, receive, send)
        else:
            await running.data_plane(scope, receive, send)

    def _is_control(self, raw: bytes, authorization: bytes | None) -> bool:
        """Whether a request is for API Gateway's own API."""
        if raw.startswith(b"/restapis") and raw[9:10] in {b"", b"/"}:
            return not _is_user_request(raw)
        asked = self._running.is_control
        if asked is None or authorization is None:  # only what is signed can be
            return False
        return asked(raw.decode("latin-1"), authorization.decode("latin-1"))


def application(running: Running, routers: Sequence[APIRouter] = ()) -> Application:
    """The app of a running server. ``routers`` are served beside the inspector: what is under ``/restapis`` and is no
    user request reaches them.
    """
    behind = FastAPI(title="vtlsim", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    behind.state.running = running
    behind.include_router(router(running))
    for each in routers:
        behind.include_router(each)

    @behind.exception_handler(HTTPException)
    async def _refused(_: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"message": error.detail}, error.status_code)

    @behind.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [f"{'.'.join(str(each) for each in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        return JSONResponse({"message": "; ".join(faults)}, 422)

    @behind.get(PREFIX)
    async def _slash() -> JSONResponse:
        return JSONResponse({"message": f"the page is at {PREFIX}/"}, 307, {"Location": f"{PREFIX}/"})

    return Application(running, behind)


def _is_user_request(raw: bytes) -> bool:
    parts = raw.split(b"/", 5)
    return len(parts) > 4 and parts[4] == USER_REQUEST.encode()


async def _turn_away(send: Any, scope: Mapping[str, Any], host: str) -> None:
    turned = wrong_host(host)
    headers = [(name.encode(), value.encode()) for name, value in turned.headers]
    headers.append((b"Content-Length", str(len(turned.body)).encode()))
    await send({"type": "http.response.start", "status": turned.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else turned.body})


def _guarded(send: Any) -> Any:
    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            extra = [(name.encode(), value.encode()) for name, value in SAFETY.items()]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sending
