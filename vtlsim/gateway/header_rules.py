"""What becomes of which header, by integration type, on the way in and on the way back.

What may live here: the tables, each with its source. Applying them is ``assemble_request``'s and
``assemble_response``'s business. All names are lower case; HTTP compares them without regard to case.

R stands for "recorded on AWS", D for the developer guide's "known issues" page, E for an emulator's reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import IntegrationType

# -- the way in -------------------------------------------------------------------------------------------------------

FORBIDDEN: Final[Mapping[IntegrationType, frozenset[str]]] = {
    # R: mapping one of these is a 500 at invoke time. E: x-amzn-trace-id too (GW027).
    "HTTP": frozenset({"content-length", "transfer-encoding", "x-amzn-trace-id"}),
    "HTTP_PROXY": frozenset({"content-length", "transfer-encoding", "x-amzn-trace-id"}),
    "AWS": frozenset(
        {
            "content-length",
            "transfer-encoding",
            "authorization",
            "connection",
            "expect",
            "proxy-authenticate",
            "te",
            "x-amzn-trace-id",
        }
    ),
    "AWS_PROXY": frozenset(
        {
            "content-length",
            "transfer-encoding",
            "authorization",
            "connection",
            "expect",
            "proxy-authenticate",
            "te",
            "x-amzn-trace-id",
        }
    ),
    "MOCK": frozenset(),
}
"""Headers that may not be written by a mapping or an override."""

UNSEEN_FORBIDDEN: Final = "GW027"
"""Register: mapping ``X-Amzn-Trace-Id`` is a 500 too."""

REFERER_WITHHELD: Final = "GW028"
"""Register: AWS integrations do not send a mapped ``Referer``."""

NOT_DELIVERED: Final[Mapping[IntegrationType, frozenset[str]]] = {
    # R: these could be mapped and did not arrive at the recording's backend.
    "HTTP": frozenset({"connection", "expect", "proxy-authenticate", "te", "via"}),
    "HTTP_PROXY": frozenset({"connection", "expect", "proxy-authenticate", "te", "via"}),
    "AWS": frozenset({"referer"}),  # E (GW028)
    "AWS_PROXY": frozenset(),
    "MOCK": frozenset(),
}
"""Headers that a mapping may write and that do not reach the backend."""

METHOD_OVERRIDE: Final = "x-http-method-override"
"""D: the header that replaces the request's method."""

PROXY_WITHHELD: Final = frozenset({"host", "content-encoding", "via", METHOD_OVERRIDE})
"""Client headers that HTTP_PROXY does not forward, besides those that API Gateway takes off at its door: R, the method
override D ("must be mapped").
"""

# -- the way back -----------------------------------------------------------------------------------------------------

_MAPPED_REMAPPED: Final = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
    }
)

# R: connection, content-length, date, server, x-amzn-requestid. D: the rest.
_PROXY_REMAPPED: Final = frozenset(
    {
        "connection",
        "content-length",
        "date",
        "server",
        "x-amzn-requestid",
        "authorization",
        "content-md5",
        "max-forwards",
        "user-agent",
        "www-authenticate",
    }
)

REMAPPED: Final[Mapping[IntegrationType, frozenset[str]]] = {
    "HTTP": _MAPPED_REMAPPED,  # R
    "AWS": _MAPPED_REMAPPED,  # R
    "MOCK": _MAPPED_REMAPPED,  # by analogy (GW029)
    "HTTP_PROXY": _PROXY_REMAPPED,
    "AWS_PROXY": _PROXY_REMAPPED,  # D, GW029
}
"""Headers that come back as ``x-amzn-Remapped-<name>``."""

RESPONSE_DROPPED: Final[Mapping[IntegrationType, frozenset[str]]] = {
    "HTTP": frozenset({"transfer-encoding"}),  # R
    "AWS": frozenset({"transfer-encoding"}),  # R
    "MOCK": frozenset({"transfer-encoding"}),  # GW029
    "HTTP_PROXY": frozenset(  # D
        {"transfer-encoding", "expect", "host", "proxy-authenticate", "te", "trailer", "upgrade", "via"}
    ),
    "AWS_PROXY": frozenset(  # D
        {"transfer-encoding", "expect", "host", "proxy-authenticate", "te", "trailer", "upgrade", "via"}
    ),
}
"""Headers that do not come back at all."""

DOCUMENTED_REMAPPING: Final = "GW029"
"""Register: for proxy types and MOCK the tables of the developer guide and of HTTP stand in for a recording."""

REMAPPED_PREFIX: Final = "x-amzn-Remapped-"
