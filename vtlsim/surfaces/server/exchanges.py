"""One exchange: what is kept of it, and how its whole story is told again from that.

What may live here: the record of an exchange, the masking of secrets in it, and the replay. Nothing of the story itself
is kept: request, surroundings and the backend's answer are enough to find it out again, because the gateway is
deterministic. So a running request pays for no explanation.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from vtlsim.gateway import answer_mock, transform_request, transform_response
from vtlsim.gateway.findings import BodyRendered, ResponseTemplateSelected, TemplateSelected
from vtlsim.gateway.journey import Arrived, TurnedBack
from vtlsim.gateway.model import BackendFailure, BackendResponse, Identity, Surroundings
from vtlsim.surfaces.server.door import unsendable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vtlsim.gateway.findings import Finding
    from vtlsim.gateway.headers import Headers
    from vtlsim.gateway.model import (
        Api,
        GatewayResponse,
        IntegrationRequest,
        MethodRequest,
        MethodResponse,
    )

    Answer: TypeAlias = BackendResponse | BackendFailure

MASK: Final = "******"

SECRET: Final = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "x-amz-security-token",
    }
)
"""Header names, in lower case, whose values are masked."""

_COOKIE_VALUE: Final = re.compile(r"=[^;,]*")


class Exchange(NamedTuple):
    """What is kept of one exchange. Bodies and headers are as they travelled but for masked secrets.

    ``snapshot`` is the key of the definition's texts. ``answer`` is None when no backend was asked. ``note`` says what
    the journey cannot: that the door turned the request away (then ``around`` is None). ``duration_ms`` is the whole
    exchange, the backend's share included.
    """

    id: int
    time_ms: int
    api: str
    stage: str
    base: str
    request: MethodRequest
    target: str
    around: Surroundings | None
    snapshot: str
    answer: Answer | None
    status: int
    response_size: int
    duration_ms: float
    template: str = ""
    refusal: str = ""
    cautions: int = 0
    key_id: str | None = None
    note: str = ""

    @property
    def weight(self) -> int:
        """Bytes that keeping it takes, roughly."""
        answer = self.answer
        kept = len(answer.body) if isinstance(answer, BackendResponse) else 0
        return 1_500 + len(self.request.body) + kept + len(self.target)

    @property
    def summary(self) -> dict[str, object]:
        """A line of the list."""
        return {
            "id": self.id,
            "time": self.time_ms,
            "api": self.api,
            "stage": self.stage,
            "method": self.request.method,
            "path": self.target,
            "status": self.status,
            "template": self.template,
            "refusal": self.refusal,
            "cautions": self.cautions,
            "duration": round(self.duration_ms, 2),
            "latency": getattr(self.answer, "latency_ms", 0),
            "size": self.response_size,
            "note": self.note,
        }


_VARYING: Final = (
    "request_id",
    "extended_request_id",
    "time_ms",
    "stage",
    "api_id",
    "domain_name",
    "deployment_id",
    "protocol",
    "trace_root",
    "trace_parent",
    "engine",
    "jsonpath",
)
"""What of the surroundings differs from one exchange to the next, but for the client's address."""

_varying: Final = attrgetter(*_VARYING, "identity.source_ip")


def around_in_short(around: Surroundings) -> tuple[object, ...]:
    """Surroundings as the server makes them, as plain values."""
    found: tuple[object, ...] = _varying(around)
    return found


def around_of(values: Iterable[Any]) -> Surroundings:
    """The surroundings of :func:`around_in_short`."""
    request_id, more, time_ms, stage, api_id, domain, deployment, protocol, root, parent, engine, paths, ip = values
    return Surroundings(
        request_id,
        more,
        time_ms,
        stage,
        identity=Identity(ip),
        api_id=api_id,
        domain_name=domain,
        deployment_id=deployment,
        protocol=protocol,
        trace_root=root,
        trace_parent=parent,
        engine=engine,
        jsonpath=paths,
    )


class Story(NamedTuple):
    """An exchange with everything that was found out on its way. ``response`` None: it was not sent on."""

    request: MethodRequest
    around: Surroundings
    sent: IntegrationRequest | None
    answer: Answer | None
    response: MethodResponse | GatewayResponse | None
    findings: tuple[Finding, ...]
    failure: str | None
    refusal: str


def conclude(
    answer: Answer, sent: IntegrationRequest, api: Api, around: Surroundings
) -> Arrived[MethodResponse] | TurnedBack:
    """The response journey, ended by API Gateway's 500 where its outcome could not be sent: a mapped header with a line
    end would split the answer in two.
    """
    back = transform_response(answer, sent, api, around)
    if isinstance(back, TurnedBack):
        return back
    reason = unsendable(back.value.status, back.value.headers)
    if reason is None:
        return back
    refused = transform_response(BackendFailure("invalid_endpoint", reason), sent, api, around)
    assert isinstance(refused, TurnedBack)
    return refused._replace(trace=back.trace + refused.trace)


def retell(exchange: Exchange, api: Api) -> Story:
    """The whole story of a kept exchange, with what each line of its templates did."""
    assert exchange.around is not None, "what the door turned away has no story"
    if exchange.key_id is not None:
        api = with_masked_keys(api, exchange.request.headers, exchange.key_id)
    return tell(exchange.request, api, exchange.around._replace(watched=True), exchange.answer)


def tell(request: MethodRequest, api: Api, around: Surroundings, answer: Answer | None) -> Story:
    """A request's journey as far as the answer allows."""
    there = transform_request(request, api, around)
    if isinstance(there, TurnedBack):
        return Story(request, around, None, None, there.response, there.trace, there.log_message, there.type)
    sent = there.value
    if sent.type == "MOCK":
        answer = answer_mock(sent)
    if answer is None:
        return Story(request, around, sent, None, None, there.trace, None, "")
    back = conclude(answer, sent, api, around)
    trace = there.trace + back.trace
    if isinstance(back, TurnedBack):
        return Story(request, around, sent, answer, back.response, trace, back.log_message, back.type)
    return Story(request, around, sent, answer, back.value, trace, None, "")


def with_masked_keys(api: Api, headers: Headers, key_id: str) -> Api:
    """The Api with the request's masked API key among its known ones, so that a replay passes where the request did."""
    value = headers.first("x-api-key")
    return api if value is None else api._replace(api_keys={**api.api_keys, value: key_id})


# -- what the list shows of a journey ---------------------------------------------------------------------------------


def in_short(trace: Sequence[Finding]) -> tuple[str, int]:
    """The names of the templates that were chosen, the request's first (empty for none), and how many warnings the
    renderings have.
    """
    names: list[str] = []
    cautions = 0
    for found in trace:
        if type(found) is BodyRendered:
            cautions += len(found.notices) + len(found.unknown) + len(found.unreadable)
        elif (
            (type(found) is TemplateSelected or type(found) is ResponseTemplateSelected)
            and found.template is not None
            and found.template.name not in names
        ):
            names.append(found.template.name)
    return ", ".join(names), cautions


# -- masking ----------------------------------------------------------------------------------------------------------


def masked(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Header fields with the values of secret ones hidden; schemes and the names of cookies stay. The very fields when
    there is no secret among them.
    """
    if SECRET.isdisjoint([name.lower() for name, _ in pairs]):
        return tuple(pairs)
    return tuple([(name, _hidden(name, value) if name.lower() in SECRET else value) for name, value in pairs])


def _hidden(name: str, value: str) -> str:
    if not value:
        return value
    folded = name.lower()
    if folded == "cookie":
        return _COOKIE_VALUE.sub(f"={MASK}", value) if "=" in value else MASK
    if folded == "set-cookie":
        first, semicolon, attributes = value.partition(";")
        cookie, equals, _ = first.partition("=")
        return f"{cookie}={MASK}{semicolon}{attributes}" if equals else MASK
    if folded.endswith("authorization"):
        scheme, blank, _ = value.partition(" ")
        return f"{scheme} {MASK}" if blank and scheme.isalnum() else MASK
    return MASK
