"""What exactly does the client get?

What may live here: status, headers and body of the method response, by integration type. What is renamed and dropped
stands in :mod:`vtlsim.gateway.header_rules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import ResponseAssembled, header_fates
from vtlsim.gateway.header_rules import DOCUMENTED_REMAPPING, REMAPPED, REMAPPED_PREFIX, RESPONSE_DROPPED
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import MethodResponse
from vtlsim.gateway.utf8 import bytes_of

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from vtlsim.gateway.findings import HeaderVerdict
    from vtlsim.gateway.model import IntegrationRequest, IntegrationType, Surroundings

    _Fate: TypeAlias = tuple[str, str, HeaderVerdict, str | None]

OWN_CONTENT_TYPE: Final = "GW045"
"""Register: the Content-Type of a method response is application/json unless it is mapped, whatever the template."""

_UNTRACED: Final = frozenset({"MOCK", "HTTP_PROXY"})
"""Recorded on AWS: the answers of these types carry no X-Amzn-Trace-Id of API Gateway's own."""


def assemble_response(
    status: int,
    backend_headers: Headers,
    written: tuple[tuple[str, tuple[str, ...]], ...],
    body: str | bytes,
    sent: IntegrationRequest,
    around: Surroundings,
) -> tuple[ResponseAssembled, MethodResponse]:
    """The method response. ``backend_headers`` are forwarded by proxy types only; ``written`` are mapped ones."""
    kind = sent.type
    fates: list[_Fate]
    if kind in ("HTTP_PROXY", "AWS_PROXY"):
        fates = [_fate(kind, name, value, "forwarded") for name, value in backend_headers.pairs]
    else:
        fates = [(name, value, "not_forwarded", None) for name, value in backend_headers.pairs]
    for name, values in written:
        fates += [_fate(kind, name, value, "mapped") for value in values]
    added = [("x-amzn-RequestId", around.request_id), ("x-amz-apigw-id", around.extended_request_id)]
    if kind not in _UNTRACED and sent.carried.trace_id is not None:
        added.append(("X-Amzn-Trace-Id", sent.carried.trace_id))
    kept = {sent_as.lower() for _, _, _, sent_as in fates if sent_as is not None}
    if "content-type" not in kept:
        added.append(("Content-Type", "application/json"))
    fates += [(name, value, "added", name) for name, value in added if name.lower() not in kept]
    content = body if isinstance(body, bytes) else bytes_of(body)
    codes: tuple[str, ...] = ()
    if kind in ("AWS_PROXY", "HTTP_PROXY", "MOCK") and any(fate[2] in ("remapped", "dropped") for fate in fates):
        codes = (DOCUMENTED_REMAPPING,)
    headers = Headers([(sent_as, value) for _, value, _, sent_as in fates if sent_as is not None])
    return (
        ResponseAssembled(status, header_fates(fates), len(content), codes),
        MethodResponse(status, headers, content),
    )


def _fate(kind: IntegrationType, name: str, value: str, verdict: Literal["forwarded", "mapped"]) -> _Fate:
    folded = name.lower()
    if folded in RESPONSE_DROPPED[kind]:
        return name, value, "dropped", None
    if folded in REMAPPED[kind]:
        return name, value, "remapped", REMAPPED_PREFIX + name
    return name, value, verdict, name
