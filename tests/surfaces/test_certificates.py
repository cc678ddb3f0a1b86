"""TLS to a backend: who is trusted, and what insecureSkipVerification lets pass (AWS's documentation: the issuer alone)."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading

import pytest
from test_backends import Handler, Quiet, request

from vtlsim.gateway.model import BackendFailure, BackendResponse
from vtlsim.surfaces.backends import ask

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")


def certificate(folder, name, days=1):
    key, made = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(key), "-out", str(made), "-subj", "/CN=localhost", "-days", str(days)),
            *("-addext", f"subjectAltName=DNS:{name}"),
        ],
        check=True,
        capture_output=True,
    )
    return made, key


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    servers = []

    def start(name, days=1):
        made, key = certificate(tmp_path_factory.mktemp("certificates"), name, days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made, key)
        server = Quiet(("127.0.0.1", 0), Handler)
        server.released = threading.Event()
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"https://localhost:{server.server_address[1]}", made

    yield start
    for server in servers:
        server.released.set()
        server.shutdown()
        server.server_close()


def skipping(**more):
    return request(**more)._replace(insecure_skip_verification=True)


def test_a_certificate_of_ones_own(serve, monkeypatch):
    url, made = serve("localhost")
    found = ask(url, request())
    assert isinstance(found, BackendFailure)
    assert found.kind == "certificate"
    assert "self" in found.detail
    assert isinstance(ask(url, skipping()), BackendResponse)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    assert ask(url, request()).status == 302
    late = ask(url, skipping(uri="https://b.test/slow", timeout_ms=200))
    assert late.kind == "timeout"


def test_the_name_is_checked_all_the_same(serve, monkeypatch):
    url, made = serve("elsewhere.test")
    found = ask(url, skipping())
    assert found.kind == "certificate"
    assert found.detail == "Host name 'localhost' does not match the certificate subject provided by the peer"
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    assert ask(url, request()).detail == found.detail


def test_no_tls_at_all_is_a_broken_connection(serve):
    server = Quiet(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    assert ask(f"https://127.0.0.1:{server.server_address[1]}", request()).kind == "connection"
    server.shutdown()
    server.server_close()
