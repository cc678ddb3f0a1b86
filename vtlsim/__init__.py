"""vtlsim: Amazon API Gateway mapping templates, rendered offline as the service renders them, with the reasons.

The public door: :func:`render`, :func:`load` and what they give. Names are resolved when they are first used, so that
importing the package costs nothing; nothing else may live here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vtlsim.surfaces.library import (
        Api,
        DefinitionError,
        Exchange,
        NotJsonError,
        PayloadError,
        Rendering,
        TemplateError,
        Trace,
        invoke,
        load,
        render,
    )

    __version__: str

__all__ = [
    "Api",
    "DefinitionError",
    "Exchange",
    "NotJsonError",
    "PayloadError",
    "Rendering",
    "TemplateError",
    "Trace",
    "__version__",
    "invoke",
    "load",
    "render",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("vtlsim")
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("vtlsim.surfaces.library"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
