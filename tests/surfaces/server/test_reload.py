from __future__ import annotations

import json
import time

import pytest
from conftest import openapi  # type: ignore[import-not-found]

from vtlsim.surfaces.server.reload import Watched, api_of, read

MOCK = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}, "responses": {}}


def put(path, document):
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")


def test_a_change_is_seen_and_a_broken_one_keeps_the_last_good(tmp_path):
    path = tmp_path / "api.json"
    put(path, openapi({"/a": {"get": MOCK}}))
    watched = Watched(str(path), "")
    good = watched.read()
    assert not watched.has_changed()
    put(path, '{"openapi": "3.0.1", ')
    assert watched.has_changed()
    broken = watched.read()
    assert broken.errors[0].line == 1
    assert watched.good is good
    assert watched.is_stale
    put(path, openapi({"/b": {"get": MOCK}}))
    assert watched.has_changed()
    assert watched.read() is watched.good
    assert not watched.is_stale


def test_files_beside_it_count(tmp_path):
    document = {"type": "MOCK", "requestTemplates": {"application/json": "file://a.vtl"}}
    put(tmp_path / "a.vtl", '{"statusCode": 200}')
    put(tmp_path / "api.json", document)
    watched = Watched(str(tmp_path / "api.json"), "")
    assert watched.read().can_be_served
    put(tmp_path / "a.vtl", "#foreach($x in $y)\nno end")
    assert watched.has_changed()
    trouble = watched.read().errors[0]
    assert (trouble.file, trouble.in_template) == (str(tmp_path / "a.vtl"), True)
    assert "a.vtl:" in trouble.text
    assert "^" in trouble.text
    assert watched.is_stale
    (tmp_path / "a.vtl").unlink()
    assert "cannot read" in watched.read().errors[0].message
    time.sleep(0.02)
    put(tmp_path / "a.vtl", '{"statusCode": 201}')
    assert watched.has_changed()
    watched.read()
    assert not watched.is_stale


def test_a_template_that_does_not_parse_can_be_served_at_first(tmp_path):
    mock = MOCK | {"requestTemplates": {"application/json": "#if(\n"}}
    put(tmp_path / "api.json", openapi({"/a": {"get": mock}}))
    found = Watched(str(tmp_path / "api.json"), "").read()
    assert found.errors
    assert found.can_be_served


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", "openapi: 3.0.1\npaths: 7\n", b"\xff\xfe"])
def test_what_cannot_be_served_is_told(tmp_path, content):
    path = tmp_path / "api.yaml"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        put(path, content)
    found = read(str(path))
    assert not found.can_be_served
    assert all(each.text for each in found.errors)
    assert found.errors


def test_a_snapshot_makes_the_same_api(tmp_path):
    put(tmp_path / "a.vtl", '{"statusCode": 200}')
    put(tmp_path / "api.json", {"type": "MOCK", "requestTemplates": {"application/json": "file://a.vtl"}})
    found = read(str(tmp_path / "api.json"))
    name, snapshot = next(iter(found.snapshots.items()))
    (tmp_path / "a.vtl").unlink()
    again = api_of(snapshot)
    assert again is not None
    one, two = (each.fallback.integration.request_templates.items for each in (again, found.apis[name]))
    assert [(key, text.text, text.name) for key, text in one] == [(key, text.text, text.name) for key, text in two]
    assert snapshot.key != read(str(tmp_path / "api.json")).snapshots.get(name, snapshot._replace(key="")).key


def test_files_outside_the_folder_are_not_read(tmp_path):
    put(tmp_path / "secret.vtl", "secret")
    (tmp_path / "inside").mkdir()
    for place in ("../secret.vtl", str(tmp_path / "secret.vtl")):
        put(tmp_path / "inside" / "api.json", {"type": "MOCK", "requestTemplates": {"a/b": f"file://{place}"}})
        found = read(str(tmp_path / "inside" / "api.json"))
        assert "outside the definition's folder" in found.errors[0].message
    (tmp_path / "inside" / "link.vtl").symlink_to(tmp_path / "secret.vtl")
    put(tmp_path / "inside" / "api.json", {"type": "MOCK", "requestTemplates": {"a/b": "file://link.vtl"}})
    assert "outside" in read(str(tmp_path / "inside" / "api.json")).errors[0].message
