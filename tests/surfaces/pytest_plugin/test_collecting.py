"""Case files in a pytest run: ids, choosing, marks, failures, snapshots."""

from __future__ import annotations

import re

import pytest

pytest_plugins = ["pytester"]

TWO = """\
  - name: two items
    body: {items: [{sku: a, qty: 2}, {sku: b, qty: 1}]}
    expect: {json: {Items: [{Sku: a, Qty: 2}, {Sku: b, Qty: 1}]}}
"""
WRONG = """\
  - name: wrong
    body: {items: [{sku: a, qty: 2}, {sku: bx, qty: 1}]}
    expect: {json: {Items: [{Sku: a, Qty: 2}, {Sku: by, Qty: 1}]}}
"""


def test_a_case_has_an_id_of_file_and_name(project):
    project.cases(TWO)
    done = project.run_pytest("-v")
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["*orders.vtltest.yaml::two items PASSED*"])
    project.run_pytest("orders.vtltest.yaml::two items").assert_outcomes(passed=1)


def test_a_failure_shows_the_difference_the_line_and_a_command(project):
    project.cases(WRONG)
    done = project.run_pytest()
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            '$.Items[[]1].Sku: expected "by", got "bx"',
            "orders.vtl:6:15: this wrote x",
            '   6 |       "Sku": "$i.sku",',
            "     |               ^^^^^^",
            "  note: in iteration 2 of the loop around it",
            "  rerun: vtlsim render orders.vtl -e orders.vtltest.yaml::wrong --format trace",
        ],
        consecutive=True,
    )
    done.stdout.no_fnmatch_line("*Traceback*")


def test_output_that_is_no_json_points_at_what_printed_nothing(project):
    project.cases("  - {name: gap, body: {items: [{sku: a}]}, expect: {valid_json: true}}\n")
    done = project.run_pytest()
    done.stdout.fnmatch_lines(["not JSON:*", "orders.vtl:7:14: this printed nothing", "*7 |*Qty*"])


def test_choosing_with_k_and_marks(project):
    project.cases(TWO + "  - {name: other, body: {}, marks: [slow]}\n")
    project.write("pytest.ini", "[pytest]\nmarkers = slow\naddopts = --strict-markers\n")
    project.run_pytest("-k", "other").assert_outcomes(passed=1, deselected=1)
    project.run_pytest("-m", "slow").assert_outcomes(passed=1, deselected=1)


def test_marks_of_pytest(project):
    project.cases(
        "  - {name: a, marks: [{skip: {reason: later}}], expect: {text: x}}\n"
        "  - {name: b, marks: [{xfail: {reason: 'waits'}}], expect: {text: x}}\n"
        "  - {name: c, marks: [{xfail: {reason: 'waits', strict: true}}]}\n"
    )
    done = project.run_pytest("-rsx")
    done.assert_outcomes(skipped=1, xfailed=1, failed=1)
    done.stdout.fnmatch_lines(["*SKIPPED*later*", "*XFAIL*waits*"])


def test_rows_are_cases(project):
    project.cases(
        "  - name: rows\n    parametrize:\n"
        "      - {id: one, body: {items: [{sku: a, qty: 1}]}, expect: {contains: '\"Qty\": 1'}}\n"
        "      - {body: {}, expect: {json: {Items: []}}}\n"
    )
    done = project.run_pytest("-v")
    done.stdout.fnmatch_lines(["*::rows?one? PASSED*", "*::rows?1? PASSED*"])


def test_the_last_failed_run_again(project):
    project.cases(TWO + WRONG)
    project.run_pytest("-p", "cacheprovider").assert_outcomes(passed=1, failed=1)
    project.run_pytest("-p", "cacheprovider", "--lf").assert_outcomes(failed=1)


def test_cases_run_side_by_side_under_xdist(project, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    project.cases(TWO + WRONG)
    done = project.runpytest_subprocess("-n", "2", "-p", "no:cacheprovider", "--vtl-cov")
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["*orders.vtl *10/10*2/2*"])


def test_junit(project):
    project.cases(TWO + WRONG)
    project.run_pytest("--junit-xml=out.xml")
    text = (project.path / "out.xml").read_text()
    assert 'name="two items"' in text
    assert re.search(r'<failure message="[^"]*\$\.Items\[1\]\.Sku', text)


def test_mistakes_in_a_case_file_have_their_line(project):
    project.cases("  - {name: a, expct: {}}\n")
    done = project.run_pytest()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(
        [
            "orders.vtltest.yaml:3:15: error: unknown member of a case 'expct'",
            "*expct: {}}*",
            "*^^^^^",
            "*did you mean expect?",
        ]
    )


def test_an_unknown_mark_is_told_under_strict_markers(project):
    project.cases("  - {name: a, marks: [nonsense]}\n")
    done = project.run_pytest("--strict-markers")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*'nonsense' not found*"])


def test_a_template_that_is_not_there_names_the_nearest(project):
    project.cases("  - {name: a, template: order.vtl}\n")
    done = project.run_pytest()
    done.stdout.fnmatch_lines(["orders.vtltest.yaml:3: error: order.vtl: No such file*; did you mean orders.vtl?"])


def test_an_error_that_was_expected(project):
    project.write("bad.vtl", "one\n#if($x")
    project.cases(
        "  - {name: a, template: bad.vtl, expect: {error: {line: 2}}}\n"
        "  - {name: b, template: bad.vtl}\n"
        "  - {name: c, expect: {error: true}}\n"
    )
    done = project.run_pytest()
    done.assert_outcomes(passed=1, failed=2)
    done.stdout.fnmatch_lines(["the template was not rendered", "bad.vtl:2:*error:*"])
    done.stdout.fnmatch_lines(["it rendered, and an error was expected"])


def test_a_template_may_stand_in_the_case_file(project):
    project.cases("  - {name: a, template: '$input.json(\"$.a\")', body: {a: [1]}, expect: {json: [2]}}\n")
    done = project.run_pytest()
    done.stdout.fnmatch_lines(["$[[]0]: expected 2, got 1", "orders.vtltest.yaml (a):1:1: this wrote *1*"])


def test_subsets_and_overrides(project):
    project.cases(
        "  - {name: a, body: {items: [{sku: a, qty: 1}]}, expect: {json: {Items: [{Sku: a}]}, strict: false}}\n"
        "  - name: b\n    template: '#set($context.requestOverride.header.X = \"y\")'\n"
        "    expect: {overrides: {requestOverride: {header: {X: y}}}}\n"
        "  - name: c\n    template: '#set($context.responseOverride.status = 404)'\n    phase: response\n"
        "    expect: {overrides: {responseOverride: {status: 500}}}\n"
    )
    done = project.run_pytest()
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["overrides: $.responseOverride.status: expected 500, got 404"])


DEFINITION = """{
  "type": "HTTP", "httpMethod": "POST", "uri": "http://backend/orders",
  "requestTemplates": {"application/json": "file://orders.vtl"},
  "integrationResponses": {"200": {"statusCode": "200",
    "responseTemplates": {"application/json": "{\\"id\\": $input.json('$.id')}"}}}
}"""


def test_a_definition_goes_the_whole_way(project):
    project.write("d.json", DEFINITION)
    project.write(
        "d.vtltest.yaml",
        """
defaults: {definition: d.json, body: {items: [{sku: a, qty: 1}]}}
tests:
  - name: sent
    expect:
      integrationRequest: {method: POST, uri: 'http://backend/orders', json: {Items: [{Sku: a, Qty: 1}]}}
  - name: answered
    backend: {status: 200, body: {id: 7}}
    expect: {status: 200, json: {id: 7}, response: {headers: {Content-Type: application/json}}}
  - name: wrong
    backend: {status: 200, body: {id: 7}}
    expect: {status: 201, response: {json: {id: 8}}, integrationRequest: {json: {Items: [{Sku: b, Qty: 1}]}}}
""",
    )
    done = project.run_pytest()
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(
        [
            "status: expected 201, got 200",
            'integrationRequest.body $.Items[[]0].Sku: expected "b", got "a"',
            "orders.vtl:6:15: this wrote a",
            "response.body $.id: expected 8, got 7",
            "d.json:5:*: this wrote 7",
            "  rerun: vtlsim test d.vtltest.yaml::wrong --trace",
        ]
    )


def test_folders_of_the_vtl_editor(project):
    for name, phase, template, request, expected in (
        ("one", "request", '{"v": $input.json("$.x"), "e": "$stageVariables.e"}', 'POST /r HTTP/1.1\n\n{"x":[1]}\n',
         '{"v": [1], "e": "dev"}'),
        ("two", "response", "Action=$context.stage&B=$input.body", "HTTP/1.1 200 OK\nA: b\n\n{}\n", "Action=dev&B={}"),
        ("bad", "request", "1", "POST / HTTP/1.1\n\n", "2"),
    ):  # fmt: skip
        project.write(f"{name}/template.vtl", template)
        project.write(f"{name}/{phase}.http", request)
        project.write(f"{name}/context.json", '{"context": {"stage": "dev"}, "stageVariables": {"e": "dev"}}')
        project.write(f"{name}/expected.json", expected)
    project.write("none/template.vtl", "no case")
    done = project.run_pytest("-v")
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["*one/template.vtl::one PASSED*", "*two/template.vtl::two PASSED*"])
    done.stdout.fnmatch_lines(["  rerun: vtlsim render bad/template.vtl -e bad --format trace"])


# -- snapshots --------------------------------------------------------------------------------------------------------

SNAPSHOT = "  - {name: 'one item', body: {items: [{sku: a, qty: QTY}]}, expect: {snapshot: true}}\n"


def test_a_snapshot_is_written_kept_and_held_to(project):
    project.cases(SNAPSHOT.replace("QTY", "1"))
    missing = project.run_pytest()
    missing.assert_outcomes(failed=1)
    missing.stdout.fnmatch_lines(["there is no snapshot of this case yet; --vtl-update*"])
    project.run_pytest("--vtl-update").assert_outcomes(passed=1)
    project.run_pytest().assert_outcomes(passed=1)
    project.cases(SNAPSHOT.replace("QTY", "2"))
    changed = project.run_pytest()
    changed.assert_outcomes(failed=1)
    changed.stdout.fnmatch_lines(["$.Items[[]0].Qty: expected 1, got 2", "orders.vtl:7:14: this wrote 2"])
    project.run_pytest("--vtl-update").assert_outcomes(passed=1)
    project.run_pytest().assert_outcomes(passed=1)


def test_an_unused_snapshot_fails_until_it_is_removed(project):
    project.cases(SNAPSHOT.replace("QTY", "1"))
    project.run_pytest("--vtl-update")
    project.cases(SNAPSHOT.replace("QTY", "1").replace("one item", "another"))
    done = project.run_pytest()
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(["snapshots that no case uses*", "*__snapshots__*one-item-*.txt"])
    project.run_pytest("--vtl-update").assert_outcomes(passed=2)
    project.run_pytest().assert_outcomes(passed=1)


@pytest.mark.parametrize("expect", ["{snapshot: true}", "{snapshot: true, error: true}"])
def test_a_snapshot_of_what_fails_is_not_written(project, expect):
    project.cases(f"  - {{name: a, template: '#if(', expect: {expect}}}\n")
    project.run_pytest("--vtl-update")
    assert not (project.path / "__snapshots__").exists()
