"""The register's entries about the language, and what an entry is.

What may live here: for each code the rule, its evidence, and what would settle it. Data and nothing else; the other
rooms' entries stand beside this file.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """One rule that rests on something else than a recording of AWS with a validation record.

    ``title`` is one line. ``rule`` is what vtlsim does, ``evidence`` why, ``settled_by`` what would make it certain.
    """

    code: str
    title: str
    rule: str
    evidence: str
    settled_by: str


VELOCITY: Final = (
    Entry(
        "VTL001",
        "a reference without a value is the empty string",
        'An undefined or null reference, a missing property and a failed method look-up evaluate to `""`: they print '
        'nothing, equal `""` and `$null`, and are true in `#if`, because `""` is not null and no Boolean.',
        'That it prints nothing and equals `""` is recorded on AWS. That it is true in `#if` was recorded without a '
        "validation record, and users report it.",
        "A recorded render of `#if($undefined)` with a validation record.",
    ),
    Entry(
        "VTL002",
        "#macro does nothing",
        "A definition by `#macro` vanishes, and a call of it prints as typed.",
        "Recorded without a validation record, in four renders.",
        "A recorded render of a macro with arguments.",
    ),
    Entry(
        "VTL003",
        "#evaluate prints as typed",
        "`#evaluate` is no directive: it prints as typed, its argument rendered as text.",
        "Recorded without a validation record; one user lists it among what cannot be used.",
        "A recorded render with a validation record.",
    ),
    Entry(
        "VTL004",
        "a loop stops after 1,000 items",
        "`#foreach` ends without an error after 1,000 iterations; the trace warns.",
        "The quota of 1,000 is documented; that the rest is left out silently is how Velocity 1.7 keeps such a bound.",
        "A recorded render of a loop over 1,001 items.",
    ),
)
