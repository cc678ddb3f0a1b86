"""What counts as true.

What may live here: Velocity 1.7's rule for a value in ``#if``. Emptiness, zero and ``""`` are nothing to it.
"""

from __future__ import annotations

from vtlsim.values.objects import JavaObject


def is_true(value: object) -> bool:
    """Null is false, a Boolean is itself, an object whose ``toString()`` gives null is false, all else is true.

    Source: ASTReference.evaluate of Velocity 1.7, with ``directive.if.tostring.nullcheck`` as it is shipped.
    """
    if value is None or value is False:
        return False
    return not isinstance(value, JavaObject) or value.java_text() is not None
