"""``--vtl-cov``: what of the templates ran."""

from __future__ import annotations

pytest_plugins = ["pytester"]

ONE_LINE = "#if($input.path('$.a'))A#elseif($input.path('$.b'))B#{else}C#end#foreach($i in $input.path('$.l'))$i#end"

CASES = """\
  - {name: a, template: one.vtl, body: {a: false, b: 1, l: [1]}}
  - {name: b, template: one.vtl, body: {a: 1, l: []}}
"""


def test_a_template_on_one_line_tells_its_branches_and_loops(project):
    project.write("one.vtl", ONE_LINE)
    project.cases(CASES)
    done = project.run_pytest("--vtl-cov")
    done.stdout.fnmatch_lines(
        [
            "template *lines *branches *loops*",
            "one.vtl *1/1 *2/3 *2/3 *71 %",
            "*: #else of #if($input.path('$.a')) never taken",
            "*: #foreach($i in $input.path('$.l')) never with several items",
        ]
    )


def test_lines_that_did_not_run_are_listed(project):
    project.write("lines.vtl", "#if($input.path('$.a'))\nx\ny\n#else\nz\n#end\n")
    project.cases("  - {name: a, template: lines.vtl, body: {a: false}}\n")
    done = project.run_pytest("--vtl-cov")
    done.stdout.fnmatch_lines(
        ["lines.vtl *2/4 *1/2 *", "    not run: lines 2-3", "    1:5: #if($input.path('$.a')) never true"]
    )


def test_a_threshold_fails_the_run(project):
    project.write("one.vtl", ONE_LINE)
    project.cases(CASES)
    low = project.run_pytest("--vtl-cov-fail-under", "71")
    assert low.ret == 0
    high = project.run_pytest("--vtl-cov-fail-under", "72")
    assert high.ret == 1
    high.stdout.fnmatch_lines(["FAIL coverage of templates: 71.43 % is less than 72 %"])


def test_templates_that_nothing_rendered_count_where_asked(project):
    project.write("src/never.vtl", "$x\n")
    project.cases("  - {name: a, body: {}}\n")
    done = project.run_pytest("--vtl-cov-source", "src")
    done.stdout.fnmatch_lines(["src/never.vtl *0/1*", "    not run: line 1"])


def test_the_page_shows_the_template(project):
    project.write("one.vtl", ONE_LINE)
    project.cases(CASES)
    project.run_pytest("--vtl-cov-html", "cov")
    page = (project.path / "cov" / "index.html").read_text(encoding="utf-8")
    assert '<span class="gone">C</span>' in page
    assert '<span class="ran">A</span>' in page
    assert "never taken" in page


def test_rendering_from_python_counts_and_the_definitions_templates_too(project):
    project.write("d.json", '{"type": "MOCK", "requestTemplates": {"application/json": "file://t.vtl"}}')
    project.write("t.vtl", '{"statusCode": 200}#if($x == 1)y#end')
    project.write(
        "test_it.py", "def test_it(vtl, vtl_api):\n    vtl.render('orders.vtl', {})\n    vtl_api('d.json').invoke()\n"
    )
    done = project.run_pytest("--vtl-cov")
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["orders.vtl *", "t.vtl *1/1 *1/2 *"])
