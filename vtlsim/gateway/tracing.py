"""The X-Amzn-Trace-Id of an exchange.

What may live here: reading the client's and completing it. Recorded on AWS: a complete one is kept, a missing Parent is
made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from vtlsim.gateway.model import MethodRequest, Surroundings

HEADER: Final = "X-Amzn-Trace-Id"

SAMPLED: Final = "GW034"
"""Register: ``Sampled=1`` is added when the client gave a Parent, else ``Sampled=0``."""


def trace_id(request: MethodRequest, around: Surroundings) -> str:
    """``Root=…;Parent=…;Sampled=…``: the client's, completed."""
    given = request.headers.first(HEADER)
    if given is None:
        return f"Root={around.trace_root};Parent={around.trace_parent};Sampled=0"
    root = parent = sampled = ""
    for part in given.split(";"):
        name, _, value = part.strip().partition("=")
        match name.lower():
            case "root":
                root = value
            case "parent":
                parent = value
            case "sampled":
                sampled = value
            case _:
                pass
    sampled = sampled or ("1" if parent else "0")
    return f"Root={root or around.trace_root};Parent={parent or around.trace_parent};Sampled={sampled}"
