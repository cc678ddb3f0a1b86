"""The fixtures ``vtl`` and ``vtl_api``, and what the plugin costs those who do not use it."""

from __future__ import annotations

import sys
import textwrap

import pytest

from vtlsim.surfaces.pytest_plugin.templates import Templates, payload

pytest_plugins = ["pytester"]

DEFINITION = """{
  "type": "HTTP", "httpMethod": "POST", "uri": "http://backend/orders",
  "requestTemplates": {"application/json": "$input.json('$')"},
  "integrationResponses": {
    "200": {"statusCode": "200", "responseTemplates": {"application/json": "{\\"id\\": $input.json('$.id')}"}},
    "5..": {"statusCode": "502", "selectionPattern": "5.."}}
}"""


def run(project, test, *options):
    project.write("test_it.py", textwrap.dedent(test))
    project.write("d.json", DEFINITION)
    return project.run_pytest(*options)


def test_templates_are_found_beside_the_test_and_values_become_json(project):
    project.write("templates/one.vtl", "1")
    run(
        project,
        """
        def test_orders(vtl):
            r = vtl.render("orders.vtl", body={"items": [{"sku": "é", "qty": 1}]}, headers={"X-T": "t"})
            assert r.json == {"Items": [{"Sku": "é", "Qty": 1}]}

        def test_deeper(vtl):
            assert vtl.render("templates/one.vtl").text == "1"

        def test_text(vtl):
            assert vtl.render("$input.json('$[0]')", body=[7]).text == "7"
        """,
    ).assert_outcomes(passed=3)


def test_a_failure_shows_the_template(project):
    project.write("bad.vtl", "one\n#if($x")
    done = run(project, "def test_it(vtl):\n    vtl.render('bad.vtl')\n")
    done.stdout.fnmatch_lines(["*bad.vtl:2:*", "*2 | #if($x*"])


def test_a_missing_template_names_the_nearest(project):
    done = run(project, "def test_it(vtl):\n    vtl.render('order.vtl')\n")
    done.stdout.fnmatch_lines(["*did you mean 'orders.vtl'?*"])


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


# -- the gateway with stubs -------------------------------------------------------------------------------------------


def test_a_stub_answers_and_calls_are_kept(project):
    run(
        project,
        """
        import re

        def test_it(vtl_api):
            api = vtl_api("d.json")
            orders = api.backend("POST", "/orders").respond(200, json={"id": 7})
            out = api.invoke("POST", "/x", body={"a": 1})
            assert (out.status, out.json) == (200, {"id": 7})
            assert api.calls.last.integration_request.uri == "http://backend/orders"
            assert api.calls.last.json == {"a": 1}
            assert orders.called and len(orders.calls) == 1

        def test_answers_follow_one_another(vtl_api):
            api = vtl_api("d.json")
            api.backend().respond(200, json={"id": 1}).respond(500).fail("timeout")
            assert [api.invoke().status for _ in range(4)] == [200, 502, 504, 504]

        def test_what_can_be_asked_of_a_call(vtl_api):
            api = vtl_api("d.json")
            api.backend("ANY", "http://backend/*").respond(200, json={"id": 1})
            api.backend("POST", re.compile("orders$"), json={"a": 1}).respond(200, json={"id": 2})
            assert api.invoke(body={"a": 1}).json == {"id": 2}
            assert api.invoke(body={"a": 2}).json == {"id": 1}

        def test_a_stub_may_be_optional(vtl_api):
            vtl_api("d.json").backend("GET", "/never").optional()
        """,
    ).assert_outcomes(passed=4)


def test_a_call_that_no_stub_answers_tells_why_of_each(project):
    done = run(
        project,
        """
        def test_it(vtl_api):
            api = vtl_api("d.json")
            api.backend("GET", "/orders")
            api.backend("POST", "/order")
            api.backend("POST", "/orders", headers={"X-T": "1"})
            api.backend("POST", "/orders", query={"q": "1"})
            api.backend("POST", "/orders", json={"a": 2})
            api.invoke(body={"a": 1})
        """,
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "*no stub answers POST http://backend/orders",
            "*GET /orders: the method is POST",
            "*POST /order: the path is /orders",
            "*POST /orders X-T: 1: there is no header X-T",
            "*POST /orders ?q=1: the query has no q",
            "*POST /orders with its body: the body: $.a: expected 2, got 1",
            "*help: api.backend('POST', '/orders').respond*",
        ]
    )
    done.stdout.no_fnmatch_line("*stubs that nothing called*")


def test_an_unused_stub_fails(project):
    done = run(
        project,
        """
        def test_it(vtl_api):
            api = vtl_api("d.json")
            api.backend("POST", "/orders").respond(200, json={"id": 1})
            api.backend("GET", "/never")
            api.invoke()
        """,
    )
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(
        ["stubs that nothing called:", "  GET /never", "the calls were:", "  POST http://backend/orders"]
    )


def test_no_call_is_told_as_such(project):
    done = run(project, "def test_it(vtl_api):\n    vtl_api('d.json').calls.last\n")
    done.stdout.fnmatch_lines(["*no backend was called*"])


# -- the cost of being installed --------------------------------------------------------------------------------------


def test_the_plugin_imports_nothing_until_it_is_used(project, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    project.write(
        "test_it.py",
        "import sys\n\ndef test_it():\n"
        "    print(sorted(name for name in sys.modules if name.startswith('vtlsim')))\n"
        "    assert not {'yaml', 'regex', 'click', 'rich'} & set(sys.modules)\n",
    )
    done = project.run(sys.executable, "-m", "pytest", "-sq", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    assert done.ret == 0
    done.stdout.fnmatch_lines(["*'vtlsim', 'vtlsim.surfaces', 'vtlsim.surfaces.pytest_plugin']*"])


def test_a_folder_with_another_template_vtl_is_left_alone(project):
    project.write("some/template.vtl", "$x")
    done = project.run_pytest()
    done.assert_outcomes()
