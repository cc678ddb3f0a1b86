"""A control plane to talk to: in process (``plane``, ``talk``), and over a socket by boto3 (``client``)."""

from __future__ import annotations

import pytest

from control.talking import Server, Talk

pytest.importorskip("botocore", reason="the control plane needs the extra aws")


@pytest.fixture
def plane():
    from vtlsim.surfaces.control.app import ControlPlane

    return ControlPlane()


@pytest.fixture
def talk(plane):
    return Talk(plane)


@pytest.fixture(scope="module")
def served():
    """A control plane over a socket: the server, and its plane as ``.plane``."""
    from vtlsim.surfaces.control.app import ControlPlane

    plane = ControlPlane()
    with Server(plane) as server:
        server.plane = plane
        yield server


@pytest.fixture(scope="module")
def client(served):
    boto3 = pytest.importorskip("boto3", reason="boto3 is a development dependency")
    from botocore.config import Config

    found = boto3.client(
        "apigateway",
        endpoint_url=served.address,
        region_name="eu-west-1",
        aws_access_key_id="AKIDANYTHING",
        aws_secret_access_key="whatever",
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield found
    found.close()
