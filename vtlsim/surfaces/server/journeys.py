"""The two journeys of a request as a server takes them.

What may live here: from a request to what is asked of the backend, from its answer to what the client gets; both as
plain functions, so that it does not matter in which process they run. Asking the backend is upstreams.py's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.gateway import answer_mock, transform_request
from vtlsim.gateway.journey import TurnedBack
from vtlsim.surfaces.server import door
from vtlsim.surfaces.server.exchanges import conclude, in_short

if TYPE_CHECKING:
    from vtlsim.gateway.findings import Finding
    from vtlsim.gateway.headers import Headers
    from vtlsim.gateway.journey import Arrived
    from vtlsim.gateway.model import (
        Api,
        Destination,
        IntegrationRequest,
        MethodRequest,
        MethodResponse,
        Surroundings,
    )
    from vtlsim.surfaces.server.exchanges import Answer

_FRAMING: Final = frozenset({"content-length", "transfer-encoding", "connection", "date"})
"""Header fields that only the server itself writes: a mapped one would tell clients another length than the body has."""


class Outcome(NamedTuple):
    """What the client gets, and what the list of exchanges says of how it came to that."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    refusal: str
    templates: str
    cautions: int
    key_id: str | None


class Bearing(NamedTuple):
    """Where a request came in: what backends are told apart by."""

    request: MethodRequest
    resource_path: str
    api_key_id: str | None


class Wire(NamedTuple):
    """As much of an integration request as is needed to send it."""

    method: str
    uri: str
    headers: Headers
    payload: bytes
    destination: Destination
    timeout_ms: int
    insecure_skip_verification: bool
    carried: Bearing


class Departed(NamedTuple):
    """A request on its way to the backend. ``trace`` is what was found so far."""

    sent: IntegrationRequest
    trace: tuple[Finding, ...]


def depart(request: MethodRequest, api: Api, around: Surroundings) -> Departed | Outcome:
    """The request's journey; the whole exchange where no backend is asked."""
    there = transform_request(request, api, around)
    if isinstance(there, TurnedBack):
        return _outcome(there, there.trace, None)
    departed = Departed(there.value, there.trace)
    if there.value.type == "MOCK":
        return arrive(answer_mock(there.value), departed, api, around)
    return departed


def arrive(answer: Answer, departed: Departed, api: Api, around: Surroundings) -> Outcome:
    """The answer's journey."""
    back = conclude(answer, departed.sent, api, around)
    return _outcome(back, departed.trace + back.trace, departed.sent.carried.api_key_id)


def _outcome(back: Arrived[MethodResponse] | TurnedBack, trace: tuple[Finding, ...], key_id: str | None) -> Outcome:
    refusal = ""
    if isinstance(back, TurnedBack):
        refusal = back.type
        status, headers, body = back.response.status, back.response.headers.pairs, back.response.body
        if door.unsendable(status, headers) is not None:
            status, headers, body = door.FAILED.status, door.FAILED.headers, door.FAILED.body
    else:
        status, headers, body = back.value.status, back.value.headers.pairs, back.value.body
    templates, cautions = in_short(trace)
    outgoing = door.written([pair for pair in headers if pair[0].lower() not in _FRAMING])
    return Outcome(status, outgoing, body, refusal, templates, cautions, key_id)
