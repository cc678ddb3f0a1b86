"""How stages become a journey, and how a journey ends.

What may live here: the generator type that journeys have, the two ways in which one ends, and :func:`follow`, which
is the only place where a refusal is caught.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias, TypeVar

from vtlsim.gateway.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from vtlsim.gateway.findings import Finding, GatewayResponseMade
    from vtlsim.gateway.model import GatewayResponse
    from vtlsim.gateway.refusals import RefusalType

T = TypeVar("T")

if TYPE_CHECKING:
    Journey: TypeAlias = Generator["Finding", None, T]


class Arrived(NamedTuple, Generic[T]):
    """The journey reached its end. ``trace`` holds every finding, in order."""

    value: T
    trace: tuple[Finding, ...]


class TurnedBack(NamedTuple):
    """A stage turned the request back. ``because`` is its finding and stands in the trace, followed by the making of
    the gateway response; ``log_message`` is AWS's line for the execution log.
    """

    type: RefusalType
    because: Finding
    response: GatewayResponse
    message: str | None
    log_message: str | None
    trace: tuple[Finding, ...]


def follow(
    journey: Journey[T], answer: Callable[[Refused], tuple[GatewayResponseMade, GatewayResponse]]
) -> Arrived[T] | TurnedBack:
    """Walk a journey to its end and keep what it found. ``answer`` makes the gateway response of a refusal."""
    trace: list[Finding] = []
    find, keep = journey.__next__, trace.append
    try:
        while True:
            keep(find())
    except StopIteration as end:
        return Arrived(end.value, tuple(trace))
    except Refused as refused:
        made, response = answer(refused)
        trace += (refused.because, made)
        return TurnedBack(
            refused.refusal.type,
            refused.because,
            response,
            refused.message,
            refused.log_message,
            tuple(trace),
        )
