"""Jayway 2.9's words for a step that finds nothing.

What may live here: the messages that more than one file needs. They are made late: some hold a document's text.
"""

from __future__ import annotations

from vtlsim.jsonpath.nodes import Function, Path, Property, step_text
from vtlsim.values.objects import JavaException
from vtlsim.values.text import class_name, text


class Place:
    """Before which step of a path somebody stands. As text: the path so far, names always in single quotes."""

    __slots__ = ("index", "path")

    def __init__(self, path: Path, index: int) -> None:
        self.path = path
        self.index = index

    def __str__(self) -> str:
        shown = [
            step_text(Property(step.names) if isinstance(step, Property) else step)
            for step in self.path.steps[: self.index]
            if not isinstance(step, Function)
        ]
        return self.path.root + "".join(shown)

    def step(self) -> str:
        """The step that comes now."""
        return step_text(self.path.steps[self.index])

    def rest(self) -> str:
        """The step that comes now and all after it."""
        return "".join(map(step_text, self.path.steps[self.index :]))


def no_object(place: Place, value: object) -> str:
    """A name is looked for in a value that has none."""
    found = "null" if value is None else class_name(value)
    return (
        f"Expected to find an object with property {place.step()} in path {place} but found '{found}'. This is not a "
        "json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'."
    )


def no_array(place: Place, value: object) -> str:
    """An index is looked for in a value that is no array."""
    if value is None:
        return f"The path {place} is null"
    return f"Filter: {place.rest()} can only be applied to arrays. Current context is: {shown(value)}"


def shown(value: object) -> str:
    """The value's text; of one that has none, because it holds itself or is too large, the name of what Java throws."""
    try:
        return text(value)
    except JavaException as thrown:
        return thrown.java_class
