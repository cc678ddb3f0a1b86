"""The public register: every rule that vtlsim follows although AWS has not been seen to, under its code.

What may live here: what an entry is, finding one, and its page. The entries themselves stand beside this file. A
code is a constant beside the switch that it explains; a test keeps constants and entries together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.explain.register_config import CONFIG
from vtlsim.explain.register_entries import VELOCITY
from vtlsim.explain.register_gateway import GATEWAY
from vtlsim.explain.register_surfaces import SURFACES

if TYPE_CHECKING:
    from vtlsim.explain.register_entries import Entry

ENTRIES: Final = (*VELOCITY, *GATEWAY, *CONFIG, *SURFACES)
"""Family by family; within one in the order of their codes."""

WIDTH: Final = 96
"""Columns of a page."""


def find(code: str) -> Entry | None:
    """The entry of a code, in either case."""
    wanted = code.strip().upper()
    return next((entry for entry in ENTRIES if entry.code == wanted), None)


def near(code: str) -> Entry | None:
    """The entry whose code is most like a given one; None when none is like it."""
    from difflib import get_close_matches

    found = get_close_matches(code.strip().upper(), [entry.code for entry in ENTRIES], n=1, cutoff=0.5)
    return find(found[0]) if found else None


def page(entry: Entry) -> str:
    """An entry in full; no line end at its end."""
    parts = (("rule", entry.rule), ("evidence", entry.evidence), ("settled by", entry.settled_by))
    return "\n".join([f"{entry.code}  {entry.title}", *(_paragraph(head, text) for head, text in parts)])


def _paragraph(head: str, text: str) -> str:
    from textwrap import fill

    return "\n" + fill(text, WIDTH, initial_indent=f"  {head:<12}", subsequent_indent=" " * 14, break_long_words=False)
