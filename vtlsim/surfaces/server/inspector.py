"""The inspector's API and page, under ``/_vtlsim/``: FastAPI, behind the data plane.

What may live here: the routes, and who may call them. Nothing here is readable from another site (no CORS, no other
Host), and what changes state needs the page's token and its Origin besides.
"""

from __future__ import annotations

import asyncio
import binascii
import hmac
import secrets
from base64 import b64decode
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from vtlsim.surfaces.server import page_record
from vtlsim.surfaces.server.edits import Edit, edited_api, edited_request
from vtlsim.surfaces.server.exchanges import retell, tell, with_masked_keys
from vtlsim.surfaces.server.journal import Wanted
from vtlsim.surfaces.server.reload import api_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from vtlsim.gateway.model import Api
    from vtlsim.surfaces.server.exchanges import Exchange
    from vtlsim.surfaces.server.running import Running

PREFIX: Final = "/_vtlsim"

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
SAFETY: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer under ``/_vtlsim/``."""

_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


class Rerun(BaseModel):
    """An edit of an exchange. ``send`` asks the backend again; without it the recorded answer is used again."""

    method: str | None = Field(None, max_length=32, pattern=r"^[A-Za-z]+$")
    path: str | None = Field(None, max_length=10_240, pattern=r"^/")
    headers: list[tuple[str, str]] | None = Field(None, max_length=500)
    body: str | None = None
    body_base64: str | None = None
    templates: dict[str, str] = Field(default_factory=dict, max_length=20)
    send: bool = False


def token() -> str:
    """A fresh token, for one run of the server."""
    return secrets.token_urlsafe(32)


def allow(
    request: Request,
    origin: Annotated[str | None, Header()] = None,
    sec_fetch_site: Annotated[str | None, Header()] = None,
    x_vtlsim_token: Annotated[str | None, Header()] = None,
) -> None:
    """Lets a call pass that changes something: it comes from the page itself, and knows its token."""
    running: Running = request.app.state.running
    if origin is not None and origin != f"{request.url.scheme}://{request.headers.get('host', '')}":
        raise HTTPException(403, "this Origin may not change anything here")
    if sec_fetch_site not in {None, "same-origin", "none"}:
        raise HTTPException(403, "another site may not change anything here")
    if x_vtlsim_token is None or not hmac.compare_digest(x_vtlsim_token.encode(), running.token.encode()):
        raise HTTPException(403, "the token of this page is missing or of another run: load the page again")


def router(running: Running) -> APIRouter:
    """The inspector's routes over a running server."""
    made = APIRouter(prefix=PREFIX)
    changing = [Depends(allow)]

    @made.get("/")
    def page() -> Response:
        text = _static("index.html").decode("utf-8").replace("{{token}}", running.token)
        return Response(text, media_type=_TYPES["html"])

    @made.get("/static/{name}")
    def static(name: str) -> Response:
        ending = name.rpartition(".")[2]
        if name not in _names() or ending not in _TYPES:
            raise HTTPException(404, "there is no such file")
        return Response(_static(name), media_type=_TYPES[ending])

    @made.get("/api/state")
    def state() -> JSONResponse:
        return JSONResponse(running.state())

    @made.get("/api/exchanges")
    def exchanges(
        before: Annotated[int | None, Query(ge=1)] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
        path: Annotated[str, Query(max_length=500)] = "",
        status: Annotated[str, Query(pattern="^[0-9xX]{0,3}$")] = "",
        template: Annotated[str, Query(max_length=500)] = "",
        refused: bool = False,
    ) -> JSONResponse:
        found = running.journal.summaries(Wanted(before, limit, path, status, template, refused))
        return JSONResponse({"exchanges": found, "count": running.journal.count()})

    @made.get("/api/exchanges/{number}")
    def exchange(number: int) -> JSONResponse:
        found = _found(running, number)
        if found.around is None:
            return JSONResponse(page_record.turned_away(found))
        api = api_for(running, found)
        if api is None:
            return JSONResponse(page_record.unreadable(found))
        return _told(found, retell(found, api), running)

    @made.post("/api/exchanges/{number}/rerun", dependencies=changing)
    async def rerun(number: int, wanted: Annotated[Rerun, Body()]) -> JSONResponse:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(None, _found, running, number)
        api = await loop.run_in_executor(None, api_for, running, found)
        if found.around is None or api is None:
            raise HTTPException(409, "this exchange had no journey that could be run again")
        edit = Edit(wanted.method, wanted.path, wanted.headers, _content(wanted), wanted.templates)
        api = edited_api(api, edit.templates)
        request = edited_request(found.request, edit)
        if found.key_id is not None:
            api = with_masked_keys(api, request.headers, found.key_id)
        around = found.around._replace(watched=True)
        answer = found.answer
        if wanted.send or answer is None:
            first = await loop.run_in_executor(None, tell, request, api, around, None)
            if wanted.send and first.sent is not None and first.sent.type != "MOCK":
                answer = await running.upstreams.ask(first.sent)
        story = await loop.run_in_executor(None, tell, request, api, around, answer)
        status = story.response.status if story.response is not None else 0
        shown = found._replace(
            request=request,
            answer=answer,
            status=status,
            refusal=story.refusal,
            target=_target(found, wanted.path),
        )
        return await loop.run_in_executor(None, _told, shown, story, running)

    @made.delete("/api/exchanges", dependencies=changing)
    def clear() -> JSONResponse:
        running.journal.clear()
        running.publish("cleared", {})
        return JSONResponse({"count": running.journal.count()})

    @made.get("/api/events")
    async def events() -> StreamingResponse:
        return StreamingResponse(_stream(running), media_type="text/event-stream")

    return made


async def _stream(running: Running) -> AsyncIterator[bytes]:
    async for message in running.events.stream():
        if message is None:
            yield b": still here\n\n"
        else:
            yield f"event: {message[0]}\ndata: {message[1]}\n\n".encode()


def api_for(running: Running, exchange: Exchange) -> Api | None:
    """The Api that served an exchange: one of this run's, or read again from the texts that the journal kept."""
    known = running.apis.get(exchange.snapshot)
    if known is not None:
        return known
    snapshot = running.journal.snapshot(exchange.snapshot)
    api = None if snapshot is None else api_of(snapshot)
    if api is not None:
        running.remember(exchange.snapshot, api)
    return api


def _found(running: Running, number: int) -> Exchange:
    found = running.journal.get(number)
    if found is None:
        raise HTTPException(
            404, "there is no such exchange: it may have been cleared, or have made room for newer ones"
        )
    return found


def _told(exchange: Exchange, story: Any, running: Running) -> JSONResponse:
    snapshot = running.journal.snapshot(exchange.snapshot)
    name = snapshot.name if snapshot is not None else exchange.api
    api = snapshot.api if snapshot is not None else None
    return JSONResponse(page_record.document(exchange, story, running.settings.address, name, api))


def _target(exchange: Exchange, path: str | None) -> str:
    if path is None:
        return exchange.target
    before = exchange.target.partition("?")[0]
    return before.removesuffix(exchange.request.path) + path


def _content(wanted: Rerun) -> bytes | None:
    if wanted.body_base64 is not None:
        try:
            return b64decode(wanted.body_base64, validate=True)
        except binascii.Error as error:
            raise HTTPException(422, f"the body is not base64: {error}") from None
    return None if wanted.body is None else wanted.body.encode("utf-8", "replace")


def _names() -> frozenset[str]:
    return frozenset(each.name for each in files("vtlsim.surfaces.server").joinpath("static").iterdir())


def _static(name: str) -> bytes:
    return files("vtlsim.surfaces.server").joinpath("static", name).read_bytes()
