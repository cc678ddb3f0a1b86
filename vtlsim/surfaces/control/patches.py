"""Patch operations: an entity's new document from its old one.

What may live here: paths with their escapes, what may be done where, and what API Gateway says of the rest. Whether the
new document can stand is the entity's own check, made when all operations have been applied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from vtlsim.surfaces.control.errors import bad_request, not_found

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Kind = Literal["text", "boolean", "integer", "number", "list", "map", "flags", "json"]

REPLACE: Final = ("replace",)
EDIT: Final = ("add", "remove", "replace")

TWO_SPACES: Final = "CTL003"
"""Register: which entities word a wrong path with two spaces. That some do was recorded, which ones was not: see
:class:`Rules`."""

NO_SUCH_PARAMETER: Final = "Invalid parameter name specified"
NO_SUCH_TYPE: Final = "Content-Type specified was not found"


class Place(NamedTuple):
    """A path that may be patched.

    ``path`` has ``*`` for a name. ``kind`` is what stands there: a value, or the member of a ``list``, of a ``map`` of
    texts or of ``flags`` (booleans). ``missing`` is what is said when a member to be replaced or removed is not there;
    None lets it pass. ``quiet``: a wrong operation is answered as a wrong path.
    """

    path: str
    ops: tuple[str, ...] = REPLACE
    kind: Kind = "text"
    missing: str | None = None
    quiet: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The path's parts."""
        return tuple(self.path.split("/")[1:])


class Rules(NamedTuple):
    """What may be patched of an entity. ``choose``: its wording of a wrong path is the one with two spaces."""

    places: tuple[Place, ...]
    choose: bool = False


def rules(*places: Place, choose: bool = False) -> Rules:
    """What may be patched of an entity."""
    return Rules(places, choose)


def patched(
    document: Mapping[str, Any], operations: Iterable[Mapping[str, Any]], allowed: Rules
) -> tuple[dict[str, Any], frozenset[str]]:
    """The document with the operations applied in their order, and the first parts of the paths that were touched.

    The given document is left alone. Raises ControlError.
    """
    made = dict(document)
    touched: set[str] = set()
    for each in operations:
        path, op = each.get("path"), each.get("op")
        steps = split(path)
        if steps is None or path is None or op is None:
            raise _wrong_path(path, op, allowed)
        place = _place(steps, allowed.places)
        if place is None or (op not in place.ops and place.quiet):
            raise _wrong_path(path, op, allowed)
        if op not in place.ops:
            raise bad_request(f"Invalid patch operation specified. Must be one of: [{', '.join(place.ops)}]")
        _apply(made, steps, op, each.get("value"), place)
        touched.add(steps[0])
    return made, frozenset(touched)


def split(path: str | None) -> list[str] | None:
    """A path's parts, ``~1`` and ``~0`` undone (RFC 6901); None for what is no path."""
    if path is None or not path.startswith("/") or len(path) < 2:
        return None
    return [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]


def escaped(name: str) -> str:
    """A name as a part of a path."""
    return name.replace("~", "~0").replace("/", "~1")


def _place(steps: Sequence[str], places: Iterable[Place]) -> Place | None:
    for place in places:
        wanted = place.steps
        if len(wanted) == len(steps) and all(a in {"*", b} for a, b in zip(wanted, steps, strict=True)):
            return place
    return None


def _wrong_path(path: str | None, op: str | None, allowed: Rules) -> Exception:
    if allowed.choose and path is not None:
        return bad_request(f"Invalid patch path  '{path}' specified for op '{op}'. Please choose supported operations")
    return bad_request(f"Invalid patch path {'null' if path is None else path}")


def _apply(made: dict[str, Any], steps: Sequence[str], op: str, value: Any, place: Place) -> None:
    holder = made
    last = len(steps) - (2 if place.kind == "list" and place.path.endswith("*") else 1)
    for step in steps[:last]:
        inner = dict(holder.get(step) or {})
        holder[step] = inner
        holder = inner
    name = steps[last]
    if place.kind == "list":
        _listed(holder, name, steps[-1] if last < len(steps) - 1 else None, op, value, place)
        return
    if op != "add" and place.missing is not None and name not in holder:
        raise not_found(place.missing)
    if op == "remove":
        holder.pop(name, None)
    elif place.kind in {"boolean", "flags"}:
        # Anything but "true" is false: recorded.
        holder[name] = str(value).lower() == "true"
    elif place.kind in {"integer", "number"}:
        holder[name] = _number(value, place)
    else:
        holder[name] = "" if value is None else value


def _number(value: Any, place: Place) -> int | float:
    text = str(value)
    if place.kind == "integer":
        if not text.removeprefix("-").isdecimal() or not text.isascii() or len(text) > 10:
            raise bad_request(f"Invalid value for {place.path}: {text!r} is no integer")
        return int(text)
    try:
        return float(text)
    except ValueError:
        raise bad_request(f"Invalid value for {place.path}: {text!r} is no number") from None


def _listed(holder: dict[str, Any], name: str, item: str | None, op: str, value: Any, place: Place) -> None:
    """A member of a list, which the path names; ``replace`` puts its value in the place of the one that is named."""
    member = value if item is None else item
    found = list(holder.get(name) or ())
    if op == "add":
        if member is not None and member not in found:
            found.append(member)
    elif op == "remove":
        if member in found:
            found.remove(member)
        elif place.missing is not None:
            raise not_found(place.missing)
    elif item is None:
        found = [value] if value is not None else []
    elif value is None:
        raise bad_request(f"A value is needed to replace {item!r}")
    elif item in found:
        found[found.index(item)] = value
    elif place.missing is not None:
        raise not_found(place.missing)
    else:
        found.append(value)
    holder[name] = found
