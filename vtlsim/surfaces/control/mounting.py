"""The control plane in a running server: one port, and a data plane that serves what the store has deployed.

What may live here: the way from a path to a stage of an API in the store, and the joining of the two. The table of
mounts here stands in the place of the server's own, so that each stage serves its own deployment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.surfaces.control.app import is_control
from vtlsim.surfaces.control.errors import ControlError
from vtlsim.surfaces.control.operations.definitions import adopt
from vtlsim.surfaces.server.mounts import USER_REQUEST, Mount, Mounts, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtlsim.gateway.model import BackendFailure, BackendResponse, IntegrationRequest
    from vtlsim.surfaces.control.app import ControlPlane
    from vtlsim.surfaces.control.store import Deployed, Store
    from vtlsim.surfaces.server.running import Running


class StoreMounts(Mounts):
    """What the store has deployed, and definitions, which come into the store when they are put here.

    ``/restapis/{id}/{stage}/_user_request_/…`` and ``/{id}/{stage}/…`` reach any API; ``/{stage}/…`` the definition that
    is served there, else the one API that has such a stage. A definition that the control plane cannot hold (a path that
    CreateResource refuses, more resources than an API may have) is served as it is, and ``apart`` says why.
    """

    __slots__ = ("_store", "apart")

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.apart: dict[str, str] = {}

    def put(self, mount: Mount) -> None:
        """Serve a definition's API. One that was read again takes the place of what the control plane made of it."""
        super().put(mount)
        self.apart.pop(mount.id, None)
        try:
            adopt(self._store, mount.api, mount.id, mount.name, mount.stages)
        except ControlError as error:
            self.apart[mount.id] = error.message
            self._store.apis.pop(mount.id, None)

    def find(self, path: str) -> Place:
        """Where a path leads."""
        first, second, third, rest = (*path.lstrip("/").split("/", 3), "", "", "")[:4]
        if first == "restapis":
            marker, _, below = rest.partition("/")
            if marker == USER_REQUEST and second not in self.apart:
                found = self._store.deployed(second, third)
                return self._place(found, below) if found is not None else super().find(path)
        elif first in self._store.apis:
            found = self._store.deployed(first, second)
            if found is not None:
                return self._place(found, _rest(path, 2))
        place = super().find(path)
        if place.mount is not None and place.mount.id not in self.apart:
            found = self._store.deployed(place.mount.id, place.stage)
            if found is not None:
                return Place(self._mount(found), place.stage, place.path)
            place = place._replace(known_stage=False)
        if place.mount is None or not place.known_stage:
            owners = self._store.with_stage(first)
            only = self._store.deployed(owners[0], first) if len(owners) == 1 else None
            if only is not None:
                return self._place(only, _rest(path, 1))
        return place

    def __iter__(self) -> Iterator[Mount]:
        for each in super().__iter__():
            if each.id in self.apart:
                yield each
        for api in list(self._store.apis.values()):
            stages = tuple(api.stages)
            found = self._store.deployed(api.id, stages[0]) if stages else None
            if found is not None:
                yield self._mount(found)._replace(stages=stages)

    def _place(self, found: Deployed, rest: str) -> Place:
        return Place(self._mount(found), found.stage, f"/{rest}")

    def _mount(self, found: Deployed) -> Mount:
        own = self.get(found.api_id)
        base = own.base if own is not None else found.api_id
        # What was served of a definition can be replayed from its texts, as long as it is what is served.
        same = own is not None and found.source is own.api
        snapshot = own.snapshot if own is not None and same else None
        return Mount(found.api_id, found.name, base, found.api, (found.stage,), snapshot)


def _rest(path: str, segments: int) -> str:
    parts = path.lstrip("/").split("/", segments)
    return parts[segments] if len(parts) > segments else ""


def join(running: Running, plane: ControlPlane) -> StoreMounts:
    """Makes a server that does not run yet serve what a control plane's store has deployed, and lets TestInvokeMethod
    reach the server's backends. The server must have been given ``router(plane)``.
    """
    mounts = StoreMounts(plane.store)
    for each in running.mounts:
        mounts.put(each)
    running.mounts = mounts

    async def ask(sent: IntegrationRequest) -> BackendResponse | BackendFailure:
        return await running.upstreams.ask(sent)

    plane.ask = ask
    prefixes = plane.routes.prefixes
    running.is_control = lambda path, authorization: is_control(path, authorization, prefixes)
    plane.store.listen(lambda _: running.publish("state", running.state()))
    return mounts
