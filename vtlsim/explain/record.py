"""A trace as plain values for JSON: what the inspector, the command line's ``json`` format and other tools read.

What may live here: the record's shape and its version. The shape: ``{"version": 1, "findings": [...]}``, where each
finding is ``{"finding", "title", "verdict", "facts", "codes", "refused", "data"}``; ``data`` holds the finding's own
fields by name, and of a template that was not rendered its ``place`` in the file that holds it (``{"file", "line",
"column"}``). Bytes become ``{"base64": text}``, locations their expressions, positions ``{"line", "column"}``, spans
``[start, end]``, headers ``[name, value]`` pairs. Members are only ever added within a version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from vtlsim.explain.places import located
from vtlsim.explain.story import tell
from vtlsim.gateway.findings import RenderFailed
from vtlsim.gateway.headers import Headers
from vtlsim.velocity.source import Span
from vtlsim.velocity.watch import Sighting

if TYPE_CHECKING:
    from vtlsim.gateway.findings import Finding

VERSION: Final = 1

VALUE_LENGTH: Final = 2_000
"""Characters of a seen value's text that are kept; ``length`` tells how many there were."""


def record(trace: Sequence[Finding]) -> dict[str, object]:
    """A trace as a document of plain values, in the order of the trace."""
    return {"version": VERSION, "findings": [_finding(found) for found in trace]}


def _finding(found: Finding) -> dict[str, object]:
    chapter = tell(found)
    data = {name: plain(getattr(found, name)) for name in found._fields if name != "codes"}
    if isinstance(found, RenderFailed) and found.span is not None:
        source, there = located(found.template, found.span)
        line, column = source.position(there.start)
        data["place"] = {"file": source.name, "line": line, "column": column}
    return {
        "finding": type(found).__name__,
        "title": chapter.title,
        "verdict": chapter.verdict,
        "facts": list(chapter.facts),
        "codes": list(chapter.codes),
        "refused": chapter.refused,
        "data": data,
    }


def plain(value: object) -> object:
    """A value of a finding in JSON's types."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        from base64 import b64encode

        return {"base64": b64encode(value).decode("ascii")}
    if isinstance(value, Span):
        return list(value)
    if isinstance(value, Headers):
        return [list(pair) for pair in value.pairs]
    if isinstance(value, Sighting):
        return _sighting(value)
    expression = getattr(value, "expression", None)
    if isinstance(expression, str):
        return expression
    fields: tuple[str, ...] | None = getattr(value, "_fields", None)
    if fields is not None:
        return {name: plain(getattr(value, name)) for name in fields if name != "places"}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [plain(each) for each in value]
    return _text(value)[:VALUE_LENGTH]


def _sighting(seen: Sighting) -> dict[str, object]:
    about: dict[str, object] = {"kind": seen.kind, "span": list(seen.span), "loops": list(seen.loops)}
    if seen.kind == "value":
        text = _text(seen.value)
        about["value"] = None if seen.value is None else text[:VALUE_LENGTH]
        about["length"] = len(text)
    elif seen.kind == "output":
        about["output"] = [seen.start, seen.end]
    elif seen.value is not None:
        about["count"] = seen.value
    return about


def _text(value: object) -> str:
    """A template's value as the template would print it."""
    from vtlsim.values.objects import JavaException
    from vtlsim.values.text import text

    if value is None:
        return ""
    try:
        return text(value)
    except JavaException as error:
        return f"({error.java_class})"
