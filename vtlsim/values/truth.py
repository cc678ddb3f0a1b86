"""What counts as true.

What may live here: Velocity 1.7's rule for a value in ``#if``. Emptiness, zero and ``""`` are nothing to it.
"""

from __future__ import annotations

from vtlsim.values.objects import JavaObject


def is_true(value: object) -> bool:
    """Null is false, a Boolean is itself, an object whose ``toString()`` gives null is false, all else is true.

    Source: ASTReference.evaluate of Velocity 1.7, with ``directive.if.tostring.nullcheck`` as it is shipped.
    """
    if isinstance(value, JavaObject):
        return value.java_text() is not None
    return value is not None and value is not False
