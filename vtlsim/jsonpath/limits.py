"""Every bound on reading a path, in one place.

What may live here: numbers, each with what it bounds. All are ours: Jayway has none but Java's stack and heap. Paths
and documents are untrusted, and a short path can ask for more than any document holds (``$[0,0][0,0][0,0]...``).
"""

from __future__ import annotations

from typing import Final

CACHED_PATHS: Final = 512
"""Parsed paths kept for each set of rules. Jayway keeps 400."""

PATH_CHARACTERS: Final = 100_000
"""Length of a path."""

NESTING: Final = 30
"""Filters, parentheses, negations and function arguments inside one another, when parsing."""

STEPS: Final = 300
"""Steps of an indefinite path: each is a Python frame when the path is read. A plain path has no such bound."""

VISITS: Final = 5_000_000
"""Values that one reading may look at."""

REGEX_SECONDS: Final = 1.0
"""Time that a match may take. The n-th match of one reading gets the n-th part of it, but never less than the next."""

REGEX_SECONDS_LEAST: Final = 0.05
