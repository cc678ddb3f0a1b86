"""Sessions: a line in, a reply out."""

from __future__ import annotations

import pytest

from vtlsim.surfaces.repl.completion import candidates
from vtlsim.surfaces.repl.disk import Disk
from vtlsim.surfaces.repl.session import COMMANDS, Session

TEMPLATE = """\
#set($r = $input.path('$'))
{"Items": [
#foreach($i in $r.items)
  "$i.sku"#if($foreach.hasNext),#end

#end
]}
"""
CASES = """\
# kept by hand
defaults: {template: orders.vtl}
tests:
  - name: one  # the first
    body: {items: [{sku: a}]}
    expect: {json: {Items: [b]}}

# the end
"""


@pytest.fixture
def session(tmp_path):
    (tmp_path / "orders.vtl").write_text(TEMPLATE)
    (tmp_path / "orders.vtltest.yaml").write_text(CASES)
    return Session(Disk(tmp_path))


def fed(session, *lines):
    reply = None
    for line in lines:
        reply = session.feed(line)
    return reply


BODY = ':set body={"items": [{"sku": "a", "price": null}, {"sku": "b"}]}'

REPLIES = [
    # lines, what the last reply's text holds, what its note holds
    (["$input.json('$')"], "{}", ""),
    ([BODY, "$input.path('$.items[1].sku')"], "b", ""),
    (["#set($x = 5)"], "", "$x = 5 (java.lang.Integer)"),
    (["#set($x = 5)", "$x and $x"], "5 and 5", ""),
    (["$nothing"], "", "it printed nothing; :why $nothing"),
    (["#foreach($i in [1..3])", "$i,", "#end"], "1,\n2,\n3,\n", ""),
    (["#if(true)", "yes", "#end"], "yes", ""),
    (["#if($x", "", "after"], "after", ""),
    (["#end"], "without a directive that it could belong to", ""),
    (["#set($x 1)"], "line:1:9: error:", ""),
    (["$util.urlDecode('%zz')"], "line:1:1: error:", ""),
    ([":set stage=prod", "$context.stage"], "prod", ""),
    ([":set header.X-T=1", "$input.params('X-T')"], "1", ""),
    ([":set query.q=1", ":set query.q=2", "$input.params('q')"], "2", ""),
    ([":set path.id=7", "$input.params('id')"], "7", ""),
    ([":set stage_variables.e=dev", "$stageVariables.e"], "dev", ""),
    ([":set context.identity.user=u", "$context.identity.user"], "u", ""),
    (["#set($own = 1)", ":set stage=prod", "$own"], "1", ""),
    ([":set stag=prod"], "there is no setting stag; did you mean stage?", ""),
    ([":set engine=fast"], "engine is velocity or airspeed", ""),
    ([":set"], "stage = test", ""),
    ([BODY, ":path $.items[*].sku"], '["a","b"]', "indefinite: a list of 2 hits"),
    ([BODY, ":path $.items[0].sku"], '"a"', "definite"),
    ([BODY, ":path $.itms"], "did you mean items?", ""),
    ([BODY, ":path $["], "$[", ""),
    ([BODY, ":type $input.path('$.items')"], "(net.minidev.json.JSONArray)", ""),
    ([":type 1.5"], "1.5 (java.lang.Double)", ""),
    ([BODY, "#set($x = $input.path('$.items[0]'))", ":why $x.prize"], "did you mean $x.price?", ""),
    ([BODY, "#set($x = $input.path('$.items[0]'))", ":why $x.price"], "is there, and is null", ""),
    (["#set($x = 1)", ":vars"], "$x = 1 (java.lang.Integer)", "and $input"),
    ([":trace on", "#set($x = 1)$x"], "1", "$x = 1"),
    ([":nope"], "there is no command :nope; :help lists the commands", ""),
    ([":brek 3"], "did you mean :break?", ""),
    ([":help break"], "stop there", ""),
    ([":run"], "there is no template", ""),
    (["a", ":run"], "a", ""),
    ([":template orders.vtl", ":run"], '{"Items": [', ""),
    ([":template order.vtl"], "order.vtl: no such file", ""),
    ([":load orders.vtltest.yaml::one"], "case one, template orders.vtl", ""),
    ([":load orders.vtltest.yaml"], "case one", ""),
    ([":load orders.vtltest.yaml::on"], "did you mean 'one'?", ""),
    ([":load orders.vtltest.yaml::one", ":diff"], '$.Items[0]: expected "b", got "a"', ""),
    ([":load orders.vtltest.yaml::one", ":diff"], "orders.vtl:4:4: this wrote a", ""),
    (["a $nothing", ":diff"], "+++ airspeed", ""),
    (["plain", ":diff"], "stock airspeed gives the same", ""),
    (["#set($x = 1)", ":reset", "$x"], "", "printed nothing"),
    ([":break 3", ":break"], "there is no template", ""),
]  # fmt: skip


@pytest.mark.parametrize("lines, text, note", REPLIES)
def test_replies(session, lines, text, note):
    reply = fed(session, *(lines[:1] if lines[0] == ":break 3" else lines))
    assert text in reply.text
    assert note in reply.note


def test_the_prompt_tells_where_one_is(session):
    assert session.prompt == "vtl> "
    assert session.feed("#if(true)").more
    assert session.prompt == "...> "
    session.interrupt()
    assert session.prompt == "vtl> "
    fed(session, ":load orders.vtltest.yaml::one", ":step")
    assert session.prompt == "orders.vtl:1> "


@pytest.mark.parametrize("line", [f":{name}" for name in COMMANDS] + [":set x", ":break x", ":save", ":trace maybe"])
def test_no_command_ends_the_session_or_raises(session, line):
    reply = session.feed(line)
    assert reply.done is (line == ":quit")


# -- the debugger -----------------------------------------------------------------------------------------------------


def stops(session, *commands):
    fed(session, ":load orders.vtltest.yaml::one", ':set body={"items": [{"sku": "a"}, {"sku": "b"}]}')
    return [session.feed(command) for command in commands]


def test_steps_go_line_by_line(session):
    found = stops(session, *[":step"] * 8)
    assert [reply.text.split("\n")[0] for reply in found[:7]] == [
        "orders.vtl:1",
        "orders.vtl:2",
        "orders.vtl:3",
        "orders.vtl:4, iteration 1",
        "orders.vtl:4, iteration 2",
        "orders.vtl:7",
        '{"Items": [',
    ]
    assert "(the end)" in found[6].text


def test_next_goes_over_a_loop_and_back_goes_back(session):
    found = stops(session, ":step", ":step", ":step", ":next", ":back", ":back")
    assert [reply.text.split("\n")[0] for reply in found[3:]] == [
        "orders.vtl:7",
        "orders.vtl:4, iteration 2",
        "orders.vtl:4, iteration 1",
    ]


def test_continue_stops_at_breakpoints_with_the_output_so_far(session):
    found = stops(session, ":break 4", ":watch $i.sku", ":continue", ":vars", "$i.sku!", ":continue", ":continue")
    first, variables, line, second, end = found[2:]
    assert "output so far (12 characters)" in first.text
    assert "  $i.sku = a (java.lang.String)" in first.text
    assert "$i = {sku=a}" in variables.text
    assert "$foreach.index = 0" in variables.text
    assert line.text == "a!"
    assert "$i.sku = b" in second.text
    assert "(the end)" in end.text


def test_a_wide_terminal_has_the_output_beside_the_template(session):
    session.width = 160
    page = stops(session, ":break 4", ":continue")[-1].text
    assert "┊ output so far" in page.split("\n")[0]
    assert all(len(line) <= 160 for line in page.split("\n"))


def test_breakpoints_are_checked_and_taken_away(session):
    found = stops(session, ":break 6", ":break 4", ":break", ":break 4", ":break")
    assert found[0].text == "nothing happens on line 6; the next line that can stop is 7"
    assert [reply.text for reply in found[2:]] == [
        "breakpoints: 4",
        "no breakpoint on line 4 any more",
        "breakpoints: none",
    ]


def test_an_error_ends_stepping_with_its_place(session, tmp_path):
    (tmp_path / "bad.vtl").write_text("one\n$util.urlDecode('%zz')\n")
    reply = fed(session, ":template bad.vtl", ":step", ":step", ":step")
    assert "bad.vtl:2:1: error:" in reply.text


# -- saving -----------------------------------------------------------------------------------------------------------


def test_a_session_becomes_a_case_and_the_rest_of_the_file_stays(session, tmp_path):
    reply = fed(session, ":load orders.vtltest.yaml::one", ":set header.X=1", ':save case "two items"')
    assert reply.text == "added to orders.vtltest.yaml; run it: vtlsim test 'orders.vtltest.yaml::two items'"
    text = (tmp_path / "orders.vtltest.yaml").read_text()
    head, _ = CASES.split("\n# the end")
    assert text.startswith(head)
    assert text.endswith("\n# the end\n")
    from vtlsim.cases.load import load

    found = load(text, "orders.vtltest.yaml")
    assert not found.problems
    saved = found.cases[1]
    assert (saved.name, saved.body, saved.headers) == ("two items", '{"items":[{"sku":"a"}]}', (("X", "1"),))
    assert saved.expect.body.json == {"Items": ["a"]}


SAVES = [
    # lines, the file, what it holds afterwards
    (['#set($x = {"a": 1})', "$x", ':save case "lines"'], "repl.vtltest.yaml", "template: |"),
    (["on", ":save new.vtltest.yaml case 'yes'"], "new.vtltest.yaml", "name: 'yes'"),
    ([":template orders.vtl", ":set body={a", ':save case "bad"'], "orders.vtltest.yaml", "error: {line: 1}"),
    (["#if(true) x \n#end ", ":save a name"], "repl.vtltest.yaml", "name: a name"),
    (['{"a": 1, "a": 2}', ':save "twice"'], "repl.vtltest.yaml", 'text: \'{"a": 1, "a": 2}\''),
    (["[1e400]", ':save "huge"'], "repl.vtltest.yaml", "text: |"),
]


@pytest.mark.parametrize("lines, file, held", SAVES)
def test_what_is_saved(session, tmp_path, lines, file, held):
    reply = fed(session, *lines)
    assert reply.kind == "note", reply.text
    assert held in (tmp_path / file).read_text()


def test_a_name_is_saved_once(session):
    reply = fed(session, "x", ':save case "n"', ':save case "n"')
    assert "two cases named 'n'" in reply.text
    assert reply.kind == "error"


@pytest.mark.parametrize(
    "text",
    [
        "tests: []\n",
        "tests: [{name: a, template: 't\\n'}]\n",
        "tests:\n- name: a\n  template: |\n    t $x\n\n# tail\n",
        "tests:\n    - name: a\n      template: orders.vtl\ndefaults: {body: 1}\n",
        '{"tests": [{"name": "a", "template": "t\\n"}]}',
        "defaults: {stage_variables: {a: b}}\n",
        "",
    ],
)
def test_a_case_is_added_to_any_layout(session, tmp_path, text):
    file = "x.vtltest.json" if text.startswith("{") else "x.vtltest.yaml"
    (tmp_path / file).write_text(text)
    reply = fed(session, "a $nothing b", f':save {file} case "new one"')
    assert reply.kind == "note", reply.text
    assert session.files.check(file, (tmp_path / file).read_text(), "new one") == ""


def test_a_file_with_mistakes_is_left_alone(session, tmp_path):
    (tmp_path / "x.vtltest.yaml").write_text("tests: {\n")
    reply = fed(session, "a", ":save x.vtltest.yaml case n")
    assert "has mistakes" in reply.text
    assert (tmp_path / "x.vtltest.yaml").read_text() == "tests: {\n"


# -- completion -------------------------------------------------------------------------------------------------------

COMPLETIONS = [
    (":br", ["break"]),
    (":set sta", ["stage=", "stage_variables.", "stageVariables."]),
    ("$in", ["input"]),
    ("$", ["context", "input", "method", "own", "stageVariables", "util"]),
    ("$own.", ["sku", "price"]),
    ("$own.p", ["price"]),
    ("$util.url", ["urlEncode(", "urlDecode("]),
    ("$input.", ["path('$", "json('$", "params('", "params()", "body"]),
    ("$context.requestT", ["requestTime", "requestTimeEpoch"]),
    ("$context.identity.sour", ["sourceIp"]),
    ("$input.path('$.", ["items[*]"]),
    ('$input.json("$.items[*].s', ["sku"]),
    (":path $.items[0].", ["sku", "price"]),
    ("#for", ["foreach("]),
    ("$nothing.", []),
    ("plain", []),
]


@pytest.mark.parametrize("before, names", COMPLETIONS)
def test_completion(session, before, names):
    fed(session, BODY, "#set($own = $input.path('$.items[0]'))")
    found = [name for name, _ in candidates(session, before)]
    assert found[: len(names)] == names
    assert bool(found) is bool(names)
    for name, count in candidates(session, before):
        assert name.lower().startswith(before[len(before) - count :].lower())
