"""The fixture `vtl`, through the installed entry point, in a pytest run of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from vtlsim.surfaces.pytest_plugin.templates import Templates, payload


@pytest.fixture
def project(tmp_path):
    def run(test, **files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_vtl", ".vtl")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (tmp_path / "test_it.py").write_text(textwrap.dedent(test), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_templates_are_found_beside_the_test_and_values_become_json(project):
    done = project(
        """
        def test_orders(vtl):
            r = vtl.render("orders.vtl", body={"items": [{"sku": "é"}], "a": None}, headers={"X-T": "t"})
            assert r.json == {"Items": ["é"], "T": "t", "Body": {"items": [{"sku": "é"}], "a": None}}
            assert r.text.endswith('{"items":[{"sku":"é"}],"a":null}}')

        def test_deeper(vtl):
            assert vtl.render("templates/one.vtl").text == "1"

        def test_text(vtl):
            assert vtl.render("$input.json('$[0]')", body=[7]).text == "7"
        """,
        orders_vtl='{"Items": ["$input.path(\'$.items[0].sku\')"], "T": "$input.params(\'X-T\')", "Body": $input.body}',
        templates__one_vtl="1",
    )
    assert done.returncode == 0, done.stdout


def test_a_failure_shows_the_template(project):
    done = project(
        """
        def test_it(vtl):
            vtl.render("bad.vtl")
        """,
        bad_vtl="one\n#if($x",
    )
    assert done.returncode == 1
    assert "bad.vtl:2:" in done.stdout
    assert "outcome" not in done.stdout, "frames of ours are no help"
    assert "2 | #if($x" in done.stdout


def test_a_missing_template_names_the_nearest(project):
    done = project(
        """
        def test_it(vtl):
            vtl.render("order.vtl")
        """,
        orders_vtl="",
    )
    assert "did you mean 'orders.vtl'?" in done.stdout


def test_the_plugin_imports_nothing_until_it_is_used(project):
    done = project(
        """
        import sys

        def test_it():
            heavy = [name for name in sys.modules if name.startswith("vtlsim.")]
            assert sorted(heavy) == ["vtlsim.surfaces", "vtlsim.surfaces.pytest_plugin"]
        """
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "body, text",
    [(None, None), ("x", "x"), (b"x", b"x"), ({"b": 1, "a": [None, "é"]}, '{"b":1,"a":[null,"é"]}'), ([], "[]")],
)
def test_payloads(body, text):
    assert payload(body) == text


def test_text_is_told_from_names(tmp_path):
    (tmp_path / "$x").write_text("file")
    templates = Templates(tmp_path)
    assert templates.render("$x").text == "file"
    assert templates.render("$y.vtl").text == ""
    assert templates.render("plain text").text == "plain text"
    with pytest.raises(FileNotFoundError):
        templates.render("plain.vtl")
