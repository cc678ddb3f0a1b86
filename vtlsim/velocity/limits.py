"""Every bound on a rendering, in one place.

What may live here: numbers, each with what it bounds and where it comes from. Bounds of AWS behave as AWS does; bounds
of ours end the rendering with an error at the place that met them. Templates and requests are untrusted: a bound is
what keeps one of them from taking the machine.
"""

from __future__ import annotations

from typing import Final

# -- AWS's ------------------------------------------------------------------------------------------------------------

TEMPLATE_BYTES: Final = 300 * 1024
"""A template's size (UTF-8). API Gateway's quota: 300 KB."""

FOREACH_ITERATIONS: Final = 1_000
"""Iterations of one ``#foreach``; it then stops without an error. API Gateway's quota, and how Velocity 1.7 keeps it."""

MACRO_DEPTH: Final = 20
"""Calls of macros inside one another: Velocity 1.7's ``velocimacro.max.depth``."""

DEFINE_DEPTH: Final = 2
"""Renderings of one ``#define`` block inside itself: Velocity 1.7's default of ``directive.define.max.depth``."""

# -- ours -------------------------------------------------------------------------------------------------------------

OUTPUT_CHARACTERS: Final = 20_000_000
"""Characters that one rendering may write: twice API Gateway's largest payload (10 MB)."""

SMALL_OUTPUT: Final = 100
"""Pieces of output up to which nobody counts: each is a string within its own bound."""

OUTPUT_PIECES: Final = 100_000
"""Pieces of output after which they are counted and joined."""

TOTAL_ITERATIONS: Final = 3_000_000
"""Iterations of all loops and uses of all blocks of one rendering. What is written out where it is printed counts as
text."""

EAGER_RANGE: Final = 2_000
"""Numbers in a range up to which it is a list at once; a longer one makes its numbers when they are needed."""

STRING_CHARACTERS: Final = 10_000_000
"""Characters of any string that a template builds: about API Gateway's largest payload."""

LONG_PIECE: Final = 1_000
"""Characters of a piece of output from which on it is counted when it is written, not later together with others."""

COLLECTION_ITEMS: Final = 1_000_000
"""Items of any list that a template builds (a range counts when its items are needed)."""

NESTING: Final = 200
"""Directives, literals, parentheses and references inside one another, when parsing."""

RENDER_DEPTH: Final = 100
"""Blocks and ``#evaluate`` inside one another, when rendering."""

VALUE_DEPTH: Final = 1_000
"""Maps and lists inside one another, when a value is printed (a list can hold itself)."""

REGEX_SECONDS: Final = 1.0
"""Time that one use of a regular expression may take."""


def met(limit: str) -> str:
    """The fact that a bound of ours was met, for the error that ends the rendering. ``limit`` is its name here."""
    bound = {
        "OUTPUT_CHARACTERS": f"the output has more than {OUTPUT_CHARACTERS:,} characters",
        "STRING_CHARACTERS": f"a string has more than {STRING_CHARACTERS:,} characters",
        "COLLECTION_ITEMS": f"a list has more than {COLLECTION_ITEMS:,} items",
        "TOTAL_ITERATIONS": f"the loops of one rendering make more than {TOTAL_ITERATIONS:,} iterations",
        "RENDER_DEPTH": f"blocks lie inside one another more than {RENDER_DEPTH} deep",
        "REGEX_SECONDS": f"a regular expression takes longer than {REGEX_SECONDS:g} s",
    }
    return bound.get(limit, f"the bound {limit} was met")
