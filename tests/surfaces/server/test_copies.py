from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest
from conftest import openapi, proxied  # type: ignore[import-not-found]

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import MethodRequest
from vtlsim.surfaces.server.copies import curl

BODIES = [b"", b"plain", b'it\'s "quoted" $HOME `x` \\ !', b"two\nlines", b"\x00\xff", b"@file", "ü日".encode()]


def test_a_curl_command_sends_the_same(serve, backend):
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    served = serve(
        openapi({"/{proxy+}": {"any": proxied(backend)}}, **{"x-amazon-apigateway-binary-media-types": ["*/*"]})
    )
    fields = Headers([("X-Odd", "it's; $x"), ("X-Empty", ""), ("Accept", "*/*")])
    sent = [MethodRequest(method, "/a", headers=fields, body=body) for body in BODIES for method in ("POST", "GET")]
    for number, request in enumerate(sent, 1):
        command = curl(request, served.url, "/test/a?q=it's&r=%20")
        subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=20)
        came = served.running.journal.get(number)
        assert (came.request.method, came.request.body) == (request.method, request.body)
        assert came.request.headers.exact("X-Odd") == ("it's; $x",)
        assert came.request.headers.exact("X-Empty") == ("",)
        assert came.target == "/test/a?q=it's&r=%20"


def test_hostile_values_stay_one_argument():
    request = MethodRequest("X; rm -rf /", "/a", headers=Headers([("A", "'; rm -rf / #")]))
    words = shlex.split(curl(request, "http://localhost", "/$(reboot)").replace("\\\n", " "))
    assert words == ["curl", "-i", "-X", "X; rm -rf /", "http://localhost/$(reboot)", "-H", "A: '; rm -rf / #"]
