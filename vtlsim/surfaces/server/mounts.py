"""Which API and stage a path belongs to.

What may live here: the table of what is served and where. ``/{stage}/…`` is the only API's, ``/{base}/{stage}/…`` one
of several; ``/restapis/{id}/{stage}/_user_request_/…`` reaches any of them, as AWS's tools write it. Entries come from
definitions on disk, and may be put and taken away by whoever else makes APIs (a control plane).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vtlsim.gateway.model import Api

DEFAULT_STAGE: Final = "test"
"""The stage of a definition that names none."""

USER_REQUEST: Final = "_user_request_"


class Snapshot(NamedTuple):
    """A definition's texts, from which the same Api can be read again: what the journal keeps of it.

    ``name`` is what messages call the document, ``files`` what it refers to, by their paths beside it. ``api`` names the
    wanted one of several. ``key`` is the same for the same texts.
    """

    key: str
    name: str
    text: str
    files: Mapping[str, str]
    api: str | None = None
    parameters: Mapping[str, str] | None = None


class Mount(NamedTuple):
    """An API and how it is reached.

    ``base`` is the first segment of its paths, empty for an API that is served without one. ``stages`` are those that
    answer. ``snapshot`` None: the journal cannot replay its exchanges in a later run.
    """

    id: str
    name: str
    base: str
    api: Api
    stages: tuple[str, ...]
    snapshot: Snapshot | None = None


class Place(NamedTuple):
    """Where a request goes: ``path`` follows the stage. ``mount`` None: nothing is served there."""

    mount: Mount | None
    stage: str
    path: str
    known_stage: bool = True


class Mounts:
    """What is served."""

    __slots__ = ("_by_base", "_by_id")

    def __init__(self) -> None:
        self._by_id: dict[str, Mount] = {}
        self._by_base: dict[str, Mount] = {}

    def put(self, mount: Mount) -> None:
        """Serve an API, in the place of the one of the same id."""
        self.remove(mount.id)
        self._by_id[mount.id] = mount
        self._by_base[mount.base] = mount

    def remove(self, api_id: str) -> None:
        """Serve an API no longer."""
        gone = self._by_id.pop(api_id, None)
        if gone is not None and self._by_base.get(gone.base) is gone:
            del self._by_base[gone.base]

    def get(self, api_id: str) -> Mount | None:
        """The mount of an API's id."""
        return self._by_id.get(api_id)

    def __iter__(self) -> Iterator[Mount]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, path: str) -> Place:
        """Where a path leads; percent-encoding is kept as sent."""
        first, rest = _cut(path)
        if first == "restapis":
            api_id, rest = _cut(rest)
            stage, rest = _cut(rest)
            marker, rest = _cut(rest)
            return _place(self._by_id.get(api_id) if marker == USER_REQUEST else None, stage, rest)
        mount = self._by_base.get(first) if first else None
        if mount is not None:
            stage, rest = _cut(rest)
            return _place(mount, stage, rest)
        return _place(self._by_base.get(""), first, rest)


def _place(mount: Mount | None, stage: str, path: str) -> Place:
    return Place(mount, stage, path or "/", mount is not None and stage in mount.stages)


def _cut(path: str) -> tuple[str, str]:
    """The first segment of a path and what follows it, with its slash."""
    begin = 1 if path.startswith("/") else 0
    end = path.find("/", begin)
    return (path[begin:], "") if end < 0 else (path[begin:end], path[end:])
