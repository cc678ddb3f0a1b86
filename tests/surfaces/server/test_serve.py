"""`vtlsim serve` as people start and stop it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from vtlsim.surfaces.cli import run

VTLSIM = str(Path(sys.executable).with_name("vtlsim"))
MOCK = {
    "type": "MOCK",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "integrationResponses": {"200": {"statusCode": "200"}},
}


@pytest.fixture
def definition(tmp_path):
    path = tmp_path / "mock.json"
    path.write_text(json.dumps(MOCK), encoding="utf-8")
    return path


@contextmanager
def serving(*arguments, state):
    command = [VTLSIM, "serve", *arguments, "--port", "0"]
    environment = {**os.environ, "XDG_STATE_HOME": str(state), "NO_COLOR": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            lines = []
            while not lines or "/_vtlsim/" not in lines[-1]:
                line = process.stdout.readline()
                assert line, process.stderr.read()
                lines.append(line)
            yield process, "".join(lines), re.search(r"http://[^/]+", lines[-1])[0]
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_what_it_serves_and_stops_cleanly(definition, tmp_path, number):
    with serving(str(definition), state=tmp_path) as (process, said, address):
        assert f"{address}/test/" in said
        assert "MOCK" in said
        with urllib.request.urlopen(f"{address}/test/orders", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0
        assert out == ""
        assert "Traceback" not in err
        assert "GET    /test/orders 200" in err


def test_what_is_wrong_is_told(definition, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def serve(*arguments):
        code = run(["serve", *arguments])
        return code, capsys.readouterr().err

    (tmp_path / "broken.json").write_text('{"type": "MOCK",\n "uri": }', encoding="utf-8")
    code, said = serve(str(tmp_path / "broken.json"), "--port", "0")
    assert code == 4
    assert "broken.json:2:" in said
    assert serve(str(tmp_path / "missing.json"), "--port", "0")[0] == 4
    assert serve(str(definition), "--backend", "nonsense")[0] == 4
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = serve(str(definition), "--port", str(taken.getsockname()[1]))
    assert code == 4
    assert "--port 0" in said


def test_other_commands_import_nothing_of_the_server():
    code = (
        "import sys; from vtlsim.surfaces.cli import run; run(['render', '-b', '{}', sys.argv[1]]);"
        "print([name for name in sys.modules if name.split('.')[0] in {'fastapi', 'uvicorn', 'aiohttp', 'h11', 'sqlite3'}"
        " or 'surfaces.server' in name], file=sys.stderr)"
    )
    template = Path(__file__).parents[3] / "fixtures" / "put-integration" / "orders.vtl"
    found = subprocess.run(
        [sys.executable, "-c", code, str(template)], capture_output=True, text=True, timeout=20, check=True
    )
    assert found.stderr.strip().splitlines()[-1] == "[]"


def test_without_a_definition_it_serves_api_gateway_s_own_api(tmp_path):
    pytest.importorskip("botocore", reason="botocore (extra aws) is not installed")
    with serving(state=tmp_path) as (_, said, address):
        assert "get-rest-apis" in said
        with urllib.request.urlopen(f"{address}/restapis", timeout=10) as answer:
            assert answer.status == 200


def test_without_a_definition_and_without_botocore_it_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "botocore", None)
    assert run(["serve", "--port", "0", "--no-journal"]) == 2
    assert "vtlsim[aws]" in capsys.readouterr().err
