"""Values that do not stand in a document as they are, but were made from what stands there.

What may live here: scalars and mappings that intrinsics, variables and formats make, each with the place that it was
made from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.config.marked import UNKNOWN, Mapping, Scalar, Within
from vtlsim.config.origin import Piece, TextOrigin, joined

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node, Plain


def here(at: Node | Within) -> TextOrigin:
    """The origin of a value that stands where a node (or a part of a string) begins."""
    if isinstance(at, Within):
        return at.scalar.origin.part(at.start, at.end).fixed()
    if isinstance(at, Scalar) and at.is_made:
        return at.origin.fixed()
    return TextOrigin((Piece(0, at.document, at.start, moving=False),))


def made(at: Node | Within, value: Plain, style: str = "made") -> Scalar:
    """A scalar that stands where a node stands."""
    node = at.scalar if isinstance(at, Within) else at
    return Scalar(node.document, node.start, node.end, value, style, here(at))


def made_mapping(at: Node, entries: Dict[str, Node], keys: Dict[str, Scalar] | None = None) -> Mapping:
    """A mapping that stands where a node stands, its names where ``keys`` says."""
    places: dict[str, int | Scalar] = {**dict.fromkeys(entries, at.start), **(keys or {})}
    return Mapping(at.document, at.start, at.end, dict(entries), places)


def put_together(at: Node, parts: list[tuple[str, TextOrigin]], *, known: bool) -> Scalar:
    """A text made of texts, each with its origin; UNKNOWN unless all of it is known."""
    text = "".join(part for part, _ in parts)
    origin = joined((len(part), place) for part, place in parts) if parts else here(at)
    return Scalar(at.document, at.start, at.end, text, "made" if known else UNKNOWN, origin)
