from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import MethodRequest
from vtlsim.surfaces.server.copies import curl

BODIES = [b"", b"plain", b'it\'s "quoted" $HOME `x` \\ !', b"two\nlines", b"\x00\xff", b"@file", "ü日".encode()]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_a_curl_command_sends_the_same(serve, backend, body, method):
    from conftest import openapi, proxied  # type: ignore[import-not-found]

    if shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    document = openapi({"/{proxy+}": {"any": proxied(backend)}}, **{"x-amazon-apigateway-binary-media-types": ["*/*"]})
    served = serve(document)
    request = MethodRequest(
        method, "/a", headers=Headers([("X-Odd", "it's; $x"), ("X-Empty", ""), ("Accept", "*/*")]), body=body
    )
    command = curl(request, served.url, "/test/a?q=it's&r=%20")
    subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=20)
    exchange = served.running.journal.get(1)
    assert exchange.request.method == method
    assert exchange.request.body == body
    assert exchange.request.headers.exact("X-Odd") == ("it's; $x",)
    assert exchange.request.headers.exact("X-Empty") == ("",)
    assert exchange.target == "/test/a?q=it's&r=%20"


def test_hostile_values_stay_one_argument():
    request = MethodRequest("X; rm -rf /", "/a", headers=Headers([("A", "'; rm -rf / #")]))
    words = shlex.split(curl(request, "http://localhost", "/$(reboot)").replace("\\\n", " "))
    assert words == ["curl", "-i", "-X", "X; rm -rf /", "http://localhost/$(reboot)", "-H", "A: '; rm -rf / #"]
