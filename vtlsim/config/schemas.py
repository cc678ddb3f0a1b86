"""JSON schemas of models.

What may live here: making their references to one another the same whatever the format. Validation is done elsewhere.
"""

from __future__ import annotations

import re
from typing import Final

REFERENCE: Final = "#/definitions/"
"""How a model's schema refers to another model in model.Api: ``#/definitions/Name``."""

_LOCAL: Final = re.compile(r"#/(?:definitions|components/schemas)/([^/]+)")
_SERVICE: Final = re.compile(r"https://apigateway\.[^/]*/restapis/[^/]+/models/([^/]+)")


def local_references(schema: object) -> object:
    """A schema whose references to models are all of the form ``#/definitions/Name``."""
    if isinstance(schema, dict):
        return {
            name: _reference(value) if name == "$ref" else local_references(value) for name, value in schema.items()
        }
    if isinstance(schema, list):
        return [local_references(each) for each in schema]
    return schema


def _reference(value: object) -> object:
    if not isinstance(value, str):
        return local_references(value)
    match = _LOCAL.fullmatch(value) or _SERVICE.fullmatch(value)
    return value if match is None else REFERENCE + match[1]
