"""Room 3: JsonPath as Jayway reads it.

What may live here: paths over the values of :mod:`vtlsim.values`, by the rules of Jayway JsonPath 2.9 (the default) or
2.0, or answered by jsonpath-ng. Nothing here knows of templates or requests.

>>> from vtlsim.jsonpath import compile
>>> compile("$.items[0].sku").read({"items": JSONArray([{"sku": "a"}])})
'a'
"""

from __future__ import annotations

from vtlsim.jsonpath.errors import EvaluationError, InvalidPathError, JsonPathError, LimitError, PathNotFoundError
from vtlsim.jsonpath.paths import CompiledPath, Engine, JsonPath, compile, engine  # noqa: A004 - Jayway's own word


def __getattr__(name: str) -> object:
    """``explain_missing`` and ``Gap`` are resolved when first used: nobody needs them who found something."""
    if name in ("explain_missing", "Gap"):
        from vtlsim.jsonpath import gaps

        return getattr(gaps, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "CompiledPath",
    "Engine",
    "EvaluationError",
    "InvalidPathError",
    "JsonPath",
    "JsonPathError",
    "LimitError",
    "PathNotFoundError",
    "compile",
    "engine",
]
