from __future__ import annotations

import pytest

from vtlsim.gateway.model import Api
from vtlsim.surfaces.server.mounts import Mount, Mounts

ORDERS = Mount("abc123", "orders", "", Api(), ("dev", "prod"))
USERS = Mount("xyz789", "users", "users", Api(), ("dev",))

PATHS = [
    ("/dev/orders/7", "orders", "dev", "/orders/7", True),
    ("/prod", "orders", "prod", "/", True),
    ("/prod/", "orders", "prod", "/", True),
    ("/dev//a%2Fb/", "orders", "dev", "//a%2Fb/", True),
    ("/nope/orders", "orders", "nope", "/orders", False),
    ("/users/dev/7", "users", "dev", "/7", True),
    ("/users/prod/7", "users", "prod", "/7", False),
    ("/restapis/xyz789/dev/_user_request_/a/b", "users", "dev", "/a/b", True),
    ("/restapis/xyz789/dev/_user_request_", "users", "dev", "/", True),
    ("/restapis/xyz789/dev/other/a", None, "dev", "/a", False),
    ("/restapis/unknown/dev/_user_request_/a", None, "dev", "/a", False),
    ("/", "orders", "", "/", False),
    ("*", "orders", "*", "/", False),
]


@pytest.mark.parametrize(("path", "name", "stage", "rest", "known"), PATHS)
def test_where_a_path_leads(path, name, stage, rest, known):
    mounts = Mounts()
    mounts.put(ORDERS)
    mounts.put(USERS)
    place = mounts.find(path)
    assert (place.mount.name if place.mount else None, place.stage, place.path, place.known_stage) == (
        name,
        stage,
        rest,
        known,
    )


def test_a_mount_takes_the_place_of_its_id_and_can_go():
    mounts = Mounts()
    mounts.put(USERS)
    mounts.put(USERS._replace(base="people"))
    assert mounts.find("/users/dev/7").mount is None
    assert mounts.find("/people/dev/7").mount is not None
    mounts.remove("xyz789")
    mounts.remove("xyz789")
    assert len(mounts) == 0
    assert mounts.find("/people/dev/7").mount is None
