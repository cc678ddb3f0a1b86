"""What is turned away before there is a journey: hosts, heads and bodies that the service would not let in.

What may live here: the checks and the answers to them. They read a request's head and nothing else.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BODY_BYTES: Final = 10 * 1024 * 1024
"""The largest payload, either way. AWS's quota."""

HEADER_BYTES: Final = 10_240
"""All header fields together: names, values and line ends. AWS's quota."""


TOO_LARGE_TEXTS: Final = "SRV001"
"""Register: the texts of both 413, and that they come before everything else."""

HEADERS_TOO_LARGE: Final = "SRV002"
"""Register: header fields beyond the quota are a 413. The quota is documented, the status is that of bodies."""

UNKNOWN_STAGE: Final = "SRV003"
"""Register: a stage that does not exist, and a path without one, are a 403 ``Forbidden``."""

UNSENDABLE: Final = "SRV004"
"""Register: an outcome that HTTP cannot carry (see :func:`unsendable`) is a 500."""


class Turned(NamedTuple):
    """An answer of the door's own. ``why`` is for the people who run the server."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    why: str


_TEXT: Final = (("Content-Type", "text; charset=utf-8"),)
_JSON: Final = "application/json"

BODY_TOO_LARGE: Final = Turned(
    413, _TEXT, b"HTTP content length exceeded 10485760 bytes.", "the body is larger than 10 MB"
)
"""Observed on AWS: no JSON, no request id, and no gateway response can change it (koki-develop/lgtm-generator #10)."""

HEAD_TOO_LARGE: Final = Turned(
    413, _TEXT, b"HTTP header is larger than 10240 bytes.", "the header fields are larger than 10,240 bytes together"
)
"""The message was observed on AWS (a user's report of 2021); the status is taken from its twin about bodies."""

BAD_REQUEST: Final = Turned(
    400, (("Content-Type", _JSON), ("Connection", "close")), b'{"message":"Bad Request"}', "the request is ambiguous"
)

NO_SUCH_STAGE: Final = Turned(
    403,
    (("x-amzn-ErrorType", "ForbiddenException"), ("Content-Type", _JSON)),
    b'{"message":"Forbidden"}',
    "there is no such stage",
)
"""The answer for a stage that does not exist, and for a path without one (SRV003)."""


FAILED: Final = Turned(
    500,
    (("x-amzn-ErrorType", "InternalServerErrorException"), ("Content-Type", _JSON)),
    b'{"message": "Internal server error"}',
    "vtlsim itself failed",
)
"""API Gateway's own 500, byte for byte as recorded."""


def wrong_host(host: str) -> Turned:
    """The answer to a name that this server does not go by."""
    body = b'{"message":"vtlsim serve does not go by this Host; allow it with --allow-host"}'
    return Turned(421, (("Content-Type", _JSON),), body, f"Host {host[:200]!r} is not allowed")


class Hosts:
    """The names that this server goes by, against DNS rebinding: a page of another site can point its own name at a
    loopback address, but its requests then carry that name.

    Addresses are always allowed: a name that was pointed here is none.
    """

    __slots__ = ("_any", "_known", "_names")

    def __init__(self, names: Iterable[str] = ()) -> None:
        given = {name.lower() for name in names}
        self._any = "*" in given
        self._names = frozenset({"localhost", *given})
        self._known: dict[bytes, bool] = {}

    def allow(self, host: bytes | None) -> bool:
        """Whether a Host header, as sent, is one of them."""
        if self._any or host is None:
            return True
        found = self._known.get(host)
        if found is None:
            found = self._allowed(host.decode("latin-1"))
            if len(self._known) < 1_000:
                self._known[host] = found
        return found

    def _allowed(self, host: str) -> bool:
        name = host.strip().lower()
        if name.startswith("["):
            name = name[1:].partition("]")[0]
        elif name.count(":") == 1:
            name = name.partition(":")[0]
        name = name.removesuffix(".")
        if name in self._names or name.endswith(".localhost"):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True


def check_head(fields: Sequence[tuple[bytes, bytes]]) -> tuple[Turned | None, bytes | None, int]:
    """What is wrong with a request's head, its Host, and the length that it announces (-1 for none)."""
    size = 0
    length = -1
    host: bytes | None = None
    chunked = False
    for name, value in fields:
        size += len(name) + len(value) + 4
        folded = name.lower()
        if folded == b"content-length":
            length = int(value) if value.isdigit() else length
        elif folded == b"transfer-encoding":
            chunked = True
        elif folded == b"host":
            if host is not None:
                return BAD_REQUEST, host, length
            host = value
    if chunked and length >= 0:
        return BAD_REQUEST._replace(why="Content-Length and Transfer-Encoding together"), host, length
    if size > HEADER_BYTES:
        return HEAD_TOO_LARGE, host, length
    if length > BODY_BYTES:
        return BODY_TOO_LARGE, host, length
    return None, host, length


def unsendable(status: int, headers: Iterable[tuple[str, str]]) -> str | None:
    """Why an answer cannot be sent: a status that HTTP has not, a header that would end its line (and so could begin
    another, or a body). None when it can.
    """
    if not 200 <= status <= 599:
        return f"{status} is no status of a response"
    return illegal_header(headers)


def illegal_header(headers: Iterable[tuple[str, str]]) -> str | None:
    """The first header that cannot be sent, in words; None when all can."""
    for name, value in headers:
        if _NAME.fullmatch(name) is None:
            return f"{name[:80]!r} is no header name"
        if not value.isprintable() and _CONTROL.search(value) is not None:
            return f"the value of {name} holds a line end or another control character"
    return None


_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def written(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Header fields as they go over the wire: Latin-1, so that every byte comes out as it came in, else UTF-8. White
    space around a value is no part of it.
    """
    made: list[tuple[bytes, bytes]] = []
    for name, value in headers:
        value = value.strip(" \t")  # noqa: PLW2901 - the value as HTTP has it
        try:
            made.append((name.encode("ascii"), value.encode("latin-1")))
        except UnicodeEncodeError:
            made.append((name.encode("ascii"), value.encode("utf-8", "replace")))
    return made
