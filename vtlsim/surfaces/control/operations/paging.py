"""Lists in pages.

What may live here: ``limit`` and ``position``. A position is the key of the last item that was given, so that what is
made or deleted between two pages moves no other item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.surfaces.control.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT: Final = 25
MOST: Final = 500


def page(items: Iterable[tuple[str, Any]], params: Mapping[str, Any]) -> tuple[list[Any], dict[str, str]]:
    """The items of a page, and ``position`` when there are more. ``items`` have their keys with them. Raises ControlError."""
    limit = params.get("limit", DEFAULT)
    if not 1 <= limit <= MOST:
        raise bad_request(f"limit must be between 1 and {MOST}")
    after = params.get("position")
    rest = sorted((each for each in items if after is None or each[0] > after), key=lambda each: each[0])
    found = [value for _, value in rest[:limit]]
    return found, {"position": rest[limit - 1][0]} if len(rest) > limit else {}
