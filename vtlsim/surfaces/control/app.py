"""The control plane as an app: a request of the AWS CLI, of boto3 or of anybody becomes an operation's answer.

What may live here: what happens between the socket and an operation, in order. Mount :class:`ControlPlane` as an ASGI app,
or hand :func:`router` to FastAPI.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.gateway.model import BackendFailure, Endpoint
from vtlsim.surfaces.clock import request_id
from vtlsim.surfaces.control.errors import ControlError, not_implemented
from vtlsim.surfaces.control.hal import linked, wants_hal
from vtlsim.surfaces.control.operations import APART, OPERATIONS
from vtlsim.surfaces.control.operations.invocation import test_invoke_method
from vtlsim.surfaces.control.routes import SERVICE, Routes, service_model
from vtlsim.surfaces.control.store import Store
from vtlsim.surfaces.control.wire import Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import APIRouter
    from starlette.requests import Request
    from starlette.responses import Response

    from vtlsim.gateway.model import BackendResponse, IntegrationRequest
    from vtlsim.surfaces.control.operations.invocation import Ask

BODY_BYTES: Final = 10 * 1024 * 1024
_LOGGER: Final = logging.getLogger("vtlsim.control")
_CREDENTIAL: Final = re.compile(
    r"AWS4-[A-Z0-9-]+\s+.*?Credential=([^/,\s]*)/([^/,\s]*)/([^/,\s]*)/([^/,\s]*)/aws4_request"
)


class Credentials(NamedTuple):
    """Who says to be calling: what a SigV4 header holds. Nothing of it is verified."""

    access_key: str
    date: str
    region: str
    service: str


def credentials(authorization: str | None) -> Credentials | None:
    """The credential scope of an ``Authorization`` header; None for one that is not SigV4."""
    found = _CREDENTIAL.match(authorization or "")
    return None if found is None else Credentials(*found.groups())


def is_control(path: str, authorization: str | None, prefixes: frozenset[str]) -> bool:
    """Whether a request is the control plane's though its path does not say so alone: ``/apikeys``, ``/account`` and the
    like may be stages too, so it must be signed for the service. (What is under ``/restapis`` and no user request is the
    control plane's anyway.)
    """
    caller = credentials(authorization)
    return caller is not None and caller.service == SERVICE and path.lstrip("/").partition("/")[0] in prefixes


class ControlPlane:
    """API Gateway's own API over a store. ``ask`` reaches backends for TestInvokeMethod; without it HTTP endpoints are
    asked at their own addresses and AWS services not at all. Raises ImportError without botocore (extra ``aws``).
    """

    def __init__(self, store: Store | None = None, ask: Ask | None = None) -> None:
        model = service_model()
        self.store = store if store is not None else Store()
        self.routes = Routes(model["operations"])
        self.wire = Wire(model)
        self.ask: Ask = ask if ask is not None else _own_address
        self._operations: Mapping[str, Any] = model["operations"]

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """One request, as ASGI has it."""
        assert scope["type"] == "http", "the control plane knows nothing else"
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body", False) or len(body) > BODY_BYTES:
                break
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        raw = scope.get("raw_path") or scope["path"].encode("utf-8")
        query = scope.get("query_string", b"").decode("latin-1")
        answer = await self.answer(scope["method"], raw.decode("latin-1"), query, headers, body)
        pairs = _outgoing(answer, headers)
        await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def answer(self, method: str, raw_path: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to a request. ``headers`` are by lower-case name. Raises nothing."""
        try:
            if len(body) > BODY_BYTES:
                return refusal(ControlError("BadRequestException", "The request is larger than 10 MB"))
            found = self.routes.find(method, raw_path, query)
            if found is None:
                return refusal(
                    ControlError("UnknownOperationException", f"API Gateway has no operation at {method} {raw_path}")
                )
            result = await self._result(found.operation, found.path, query, headers, body)
            hal = wants_hal(headers.get("accept"))
            if hal and result is not None:
                shape = self._operations[found.operation].get("output", {}).get("shape")
                result = linked(found.operation, shape, raw_path, result)
            return self.wire.answer(found.operation, result, hal=hal)
        except ControlError as error:
            return refusal(error)
        except Exception:
            _LOGGER.exception("vtlsim itself failed on %s %s", method, raw_path)
            return refusal(ControlError("InternalFailureException", "vtlsim itself failed; its log says how"))

    async def _result(
        self, operation: str, path: Mapping[str, str], query: str, headers: Mapping[str, str], body: bytes
    ) -> Mapping[str, Any] | None:
        quick, apart = OPERATIONS.get(operation), APART.get(operation)
        if quick is None and apart is None and operation != "TestInvokeMethod":
            raise not_implemented(operation)
        params = self.wire.parameters(operation, path, query, headers, body)
        if quick is not None:
            with self.store.lock:
                return quick(self.store, params)
        if apart is not None:
            return await asyncio.get_running_loop().run_in_executor(None, apart, self.store, params)
        return await test_invoke_method(self.store, params, self.ask)


def _outgoing(answer: Answer, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """An answer's headers. Who called is shown in them, as the request said."""
    pairs = [*answer.headers, ("x-amzn-RequestId", request_id()), ("Content-Length", str(len(answer.body)))]
    caller = credentials(headers.get("authorization"))
    if caller is not None:
        pairs.append(("x-vtlsim-caller", f"{caller.access_key}/{caller.region}"))
    return [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in pairs]


async def _own_address(sent: IntegrationRequest) -> BackendResponse | BackendFailure:
    """An integration's own endpoint over HTTP; nothing ever reaches AWS."""
    from urllib.parse import urlsplit

    from vtlsim.surfaces.backends import BackendError, ask, nobody

    destination = sent.destination
    if not isinstance(destination, Endpoint) or destination.connection_type == "VPC_LINK":
        return BackendFailure("connection", nobody(sent))
    place = urlsplit(sent.uri)
    try:
        return await asyncio.get_running_loop().run_in_executor(None, ask, f"{place.scheme}://{place.netloc}", sent)
    except BackendError as error:
        return BackendFailure("invalid_endpoint", str(error))


def router(plane: ControlPlane) -> APIRouter:
    """FastAPI's router for every path of the service model."""
    from fastapi import APIRouter as Router
    from starlette.responses import Response as Answered

    made = Router()

    async def asked(request: Request) -> Response:
        scope = request.scope
        raw = scope.get("raw_path") or scope["path"].encode("utf-8")
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope.get("query_string", b"").decode("latin-1")
        answer = await plane.answer(request.method, raw.decode("latin-1"), query, headers, await request.body())
        found = Answered(answer.body, answer.status)
        found.raw_headers = [(name.lower(), value) for name, value in _outgoing(answer, headers)]
        return found

    methods = ["GET", "PUT", "POST", "DELETE", "PATCH"]
    for prefix in sorted(plane.routes.prefixes):
        made.add_route(f"/{prefix}{{rest:path}}", asked, methods=methods, include_in_schema=False)
    return made
