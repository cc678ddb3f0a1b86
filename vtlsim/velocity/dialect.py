"""Where the two kinds of Velocity differ.

What may live here: the switches, each with the code under which the register explains it, and the two settings of them.
Nothing else in the room asks "which dialect?": it asks for one switch.
"""

from __future__ import annotations

from typing import Final

from vtlsim.values.records import NamedTuple
from vtlsim.velocity.limits import FOREACH_ITERATIONS

EMPTY_INVALID_REFERENCES: Final = "VTL001"
"""Register: a reference without a value is the empty string (`Dialect.invalid_reference_is_empty`)."""

NO_INLINE_MACROS: Final = "VTL002"
"""Register: a macro definition vanishes and a call prints as typed (`Dialect.inline_macros`)."""

NO_EVALUATE: Final = "VTL003"
"""Register: `#evaluate` is no directive and prints as typed (`Dialect.evaluate`)."""

FOREACH_STOPS: Final = "VTL004"
"""Register: a loop stops silently after so many iterations (`Dialect.foreach_iterations`)."""


class Dialect(NamedTuple):
    """One setting of every switch."""

    name: str
    """As users type it: ``apache`` or ``api-gateway``."""
    invalid_reference_is_empty: bool
    """An undefined, null or failed reference evaluates to ``""`` (which is true in ``#if``), instead of having no value
    and printing itself. See :data:`EMPTY_INVALID_REFERENCES`."""
    inline_macros: bool
    """``#macro`` in a template defines a macro. See :data:`NO_INLINE_MACROS`."""
    evaluate: bool
    """``#evaluate`` is a directive. See :data:`NO_EVALUATE`."""
    foreach_iterations: int
    """Iterations after which one ``#foreach`` stops without an error. See :data:`FOREACH_STOPS`."""


APACHE: Final = Dialect(
    name="apache",
    invalid_reference_is_empty=False,
    inline_macros=True,
    evaluate=True,
    foreach_iterations=FOREACH_ITERATIONS,
)
"""Velocity 1.7 as shipped, but for the bound on loops."""

API_GATEWAY: Final = Dialect(
    name="api-gateway",
    invalid_reference_is_empty=True,
    inline_macros=False,
    evaluate=False,
    foreach_iterations=FOREACH_ITERATIONS,
)
"""Velocity 1.7 as Amazon API Gateway runs it."""
