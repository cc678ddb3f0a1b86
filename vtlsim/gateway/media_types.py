"""Media types: how a Content-Type or an Accept is read, and when two of them match.

What may live here: text -> media type, and matching. Which header is read for which purpose is a stage's business.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

JSON: Final = "application/json"
"""What a request without a Content-Type, or without an Accept, counts as. Recorded on AWS."""


@lru_cache(maxsize=256)
def bare(header: str | None) -> str | None:
    """The media type of a Content-Type alone: parameters dropped, lower case; None when there is none.

    API Gateway's developer guide: only the MIME type counts, ``application/json; charset=UTF-8`` picks
    ``application/json``.
    """
    if header is None:
        return None
    return header.partition(";")[0].strip().lower() or None


@lru_cache(maxsize=256)
def first_of(header: str | None) -> str | None:
    """The first media type of an Accept, without parameters, lower case; None when there is none.

    API Gateway's developer guide: only the first media type of Accept is honoured.
    """
    if header is None:
        return None
    return bare(header.partition(",")[0])


def matches(registered: str, media_type: str) -> bool:
    """Whether an entry of ``binaryMediaTypes`` covers a media type (both bare and lower case).

    ``*/*`` and ``image/*`` as registered types cover what they say (documented and observed). Recorded on AWS with
    ``image/png`` and ``*/test`` registered: of ``image/png``, ``image/*``, ``*/*``, ``*/test`` and ``random/test`` only
    the first was binary, so ``*/test`` covers nothing, and a wildcard on the client's side is covered by ``*/*`` only.
    """
    if registered == "*/*":
        return True
    if registered.startswith("*/"):
        return False
    if registered.endswith("/*"):
        return media_type.startswith(registered[:-1])
    return registered == media_type


def matching(registered: Iterable[str], media_type: str | None) -> str | None:
    """The first entry that covers a media type, or None."""
    if media_type is None:
        return None
    for each in registered:
        if matches(each, media_type):
            return each
    return None
