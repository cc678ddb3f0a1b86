"""The language: Velocity 1.7 templates, compiled to Python.

Knows nothing of HTTP or AWS. The room's face is :class:`Template`; names are resolved when first used, so that importing
the room costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vtlsim.velocity.dialect import APACHE, API_GATEWAY, Dialect
    from vtlsim.velocity.errors import LimitExceededError, RenderError, TemplateSyntaxError, VelocityError
    from vtlsim.velocity.template import Template
    from vtlsim.velocity.watch import Notice, Sighting, Watch

__all__ = [
    "APACHE",
    "API_GATEWAY",
    "Dialect",
    "LimitExceededError",
    "Notice",
    "RenderError",
    "Sighting",
    "Template",
    "TemplateSyntaxError",
    "VelocityError",
    "Watch",
]

_HOMES = {
    "APACHE": "dialect",
    "API_GATEWAY": "dialect",
    "Dialect": "dialect",
    "LimitExceededError": "errors",
    "Notice": "watch",
    "RenderError": "errors",
    "Sighting": "watch",
    "Template": "template",
    "TemplateSyntaxError": "errors",
    "VelocityError": "errors",
    "Watch": "watch",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home}"), name)
