"""Every class of difference between what we render and what the live reference does, with its reason.

What may live here: the list, and how an output is recognised as belonging to a class. The list shrinks: a class whose
example no longer differs fails test_agreement.py and is then removed; nothing is ever added to hide a fault of ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Difference(NamedTuple):
    """``covers(ours, theirs)`` says of two outputs that differ whether this is why; ``example`` is a template over
    :data:`reference.generator.VARIABLES` whose outputs do."""

    name: str
    reason: str
    example: str
    covers: Callable[[str, str], bool]


_IDENTITY = re.compile(r"(?<=[\w;$])@[0-9a-f]{1,8}(?![0-9a-f])")
_LONG_NUMBER = re.compile(r"-?\d+\.\d+(?:E-?\d+)?")


def _same_but_for_identity(ours: str, theirs: str) -> bool:
    return _IDENTITY.sub("@", ours) == _IDENTITY.sub("@", theirs)


def _same_doubles(ours: str, theirs: str) -> bool:
    numbers = zip(_LONG_NUMBER.findall(ours), _LONG_NUMBER.findall(theirs), strict=False)
    return _LONG_NUMBER.sub("0", ours) == _LONG_NUMBER.sub("0", theirs) and all(
        float(one) == float(other) and len(one) < len(other) for one, other in numbers if one != other
    )


DIFFERENCES = (
    Difference(
        "identity hash codes",
        "an array or another plain object prints with a number that the JVM makes up anew in each run",
        "$s.split(',')",
        _same_but_for_identity,
    ),
    Difference(
        "text of doubles before JDK 19",
        "API Gateway's Java is not known; we print the shortest text, as JDK 19 and later do; the reference's JDK 17 "
        "prints some doubles with more digits than they need",
        "#set($x = 1.0E23)$x",
        _same_doubles,
    ),
)


def explained(ours: str | None, theirs: str | None) -> Difference | None:
    """The class that a difference belongs to, if any."""
    if ours is None or theirs is None or ours == theirs:
        return None
    return next((known for known in DIFFERENCES if known.covers(ours, theirs)), None)
