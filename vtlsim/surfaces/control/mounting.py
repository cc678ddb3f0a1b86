"""What the store serves, for the data plane.

What may live here: the way from a path to a stage of an API in the store. It is a table of mounts like the server's own,
in whose place it stands, so that each stage serves its own deployment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.surfaces.server.mounts import USER_REQUEST, Mount, Mounts, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtlsim.surfaces.control.store import Deployed, Deployments


class StoreMounts(Mounts):
    """Mounts of definitions, and before them what the store has deployed.

    ``/restapis/{id}/{stage}/_user_request_/…`` and ``/{id}/{stage}/…`` reach any API of the store; ``/{stage}/…`` the one
    that has such a stage, when no definition is served there and no other API has one too.
    """

    __slots__ = ("_deployments",)

    def __init__(self, deployments: Deployments) -> None:
        super().__init__()
        self._deployments = deployments

    def __iter__(self) -> Iterator[Mount]:
        return super().__iter__()

    def find(self, path: str) -> Place:
        """Where a path leads."""
        parts = path.lstrip("/").split("/", 4)
        if parts[0] == "restapis" and len(parts) > 3 and parts[3] == USER_REQUEST:
            found = self._deployments.deployed(parts[1], parts[2])
            rest = parts[4] if len(parts) > 4 else ""
        else:
            parts = path.lstrip("/").split("/", 2)
            found = self._deployments.deployed(parts[0], parts[1]) if len(parts) > 1 else None
            rest = parts[2] if len(parts) > 2 else ""
        if found is not None:
            return _place(found, f"/{rest}")
        place = super().find(path)
        if place.mount is None or not place.known_stage:
            stage, _, rest = path.lstrip("/").partition("/")
            owners = self._deployments.with_stage(stage)
            only = self._deployments.deployed(owners[0], stage) if len(owners) == 1 else None
            if only is not None:
                return _place(only, f"/{rest}")
        return place


def _place(found: Deployed, path: str) -> Place:
    mount = Mount(found.api_id, found.name, found.api_id, found.api, (found.stage,))
    return Place(mount, found.stage, path)
