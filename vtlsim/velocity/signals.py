"""What leaves a piece of compiled code by another way than its end.

What may live here: exceptions that stay inside the room. Those that end a rendering with an error become one of
:mod:`errors` once their place in the template is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vtlsim.velocity.loops import ForeachScope


class Stop(Exception):  # noqa: N818 - Velocity's word: no error
    """``#stop``: ends the rendering, what was written stays."""


class Nearest(Exception):  # noqa: N818 - as above
    """``#break``: ends the nearest loop, block, macro or ``#evaluate``."""


class BreakScope(Exception):  # noqa: N818 - as above
    """``#break($scope)``: ends the loop that a scope object belongs to."""

    def __init__(self, scope: ForeachScope) -> None:
        super().__init__()
        self.scope = scope


class TemplateFault(Exception):  # noqa: N818 - becomes a RenderError once its place is known
    """Velocity itself ends the rendering: not a Java method's doing."""
