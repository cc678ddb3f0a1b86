"""Smaller inputs that still fail.

What may live here: delta debugging on text. It knows nothing of templates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def shrink(text: str, fails: Callable[[str], bool], *, tries: int = 3_000) -> str:
    """A text from which no single piece can be taken without it no longer failing, as far as ``tries`` reach.

    ``fails`` must hold for ``text``.
    """
    size = max(len(text) // 2, 1)
    while size:
        at, shorter = 0, False
        while at < len(text):
            if not tries:
                return text
            tries -= 1
            candidate = text[:at] + text[at + size :]
            if fails(candidate):
                text, shorter = candidate, True
            else:
                at += size
        if not shorter or size > len(text):
            size //= 2
    return text
