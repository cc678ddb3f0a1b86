"""Room 4: one request through API Gateway. Pure: no I/O, clock, environment or logging.

``transform_request`` takes a client's request to what the backend would get, ``transform_response`` the backend's
answer to what the client would get; both say why, finding by finding. What the names mean stands in ``model``,
``findings`` and ``refusals``; the order of the stages stands in ``transform``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vtlsim.gateway.journey import Arrived, TurnedBack
    from vtlsim.gateway.transform import answer_mock, transform_request, transform_response

_PLACES = {
    "Arrived": "vtlsim.gateway.journey",
    "TurnedBack": "vtlsim.gateway.journey",
    "answer_mock": "vtlsim.gateway.transform",
    "transform_request": "vtlsim.gateway.transform",
    "transform_response": "vtlsim.gateway.transform",
}


def __getattr__(name: str) -> Any:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(place), name)


__all__ = ["Arrived", "TurnedBack", "answer_mock", "transform_request", "transform_response"]
