"""Every bound: AWS's behave as AWS does, ours end the rendering with an error at its place."""

from __future__ import annotations

import tracemalloc

import pytest

from vtlsim.velocity import APACHE, LimitExceededError, Template, TemplateSyntaxError, limits


def ended(text, dialect=APACHE, **variables):
    with pytest.raises(LimitExceededError) as caught:
        Template(text, "t", dialect).render(variables)
    position = caught.value.position
    return caught.value.limit, (position.line, position.column)


def test_a_template_of_300_kb_is_taken_and_one_byte_more_is_not():
    assert len(Template("x" * limits.TEMPLATE_BYTES).render({})) == limits.TEMPLATE_BYTES
    with pytest.raises(TemplateSyntaxError, match="307,200"):
        Template("x" * (limits.TEMPLATE_BYTES - 1) + "é")


def test_a_loop_stops_after_1000_iterations_and_says_so():
    notices = []
    output = Template("#foreach($i in $l)$i#if(!$foreach.hasNext)last#end#end").render(
        {"l": list(range(1_500))}, notices=notices
    )
    assert output == "".join(map(str, range(1_000)))
    assert [(notice.code, notice.span, notice.facts) for notice in notices] == [("VTL004", (15, 17), (1_500, 1_000))]


def test_two_billion_numbers_cost_nothing_until_they_are_used():
    tracemalloc.start()
    assert Template("#set($r = [1..2000000000])$r.size() $r.get(5) $r[7]#foreach($i in $r)#break#end").render({}) == (
        "2000000000 6 8"
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


# Each line: what is written, the bound that ends it, the place that did.
ENDED = [
    ("#set($s = 'ab')\n#foreach($i in [1..40])#set($s = $s + $s)#end", "STRING_CHARACTERS", (2, 34)),
    ("#set($s = 'ab')\n#foreach($i in [1..40])#set($s = \"$s$s\")#end$s", "STRING_CHARACTERS", (2, 34)),
    ("$b$b$b" * 7, "OUTPUT_CHARACTERS", None),
    ("#set($s = 'ab')$s.repeat(100000000)", "STRING_CHARACTERS", (1, 16)),
    ("#foreach($a in [1..999])#foreach($b in [1..999])#foreach($c in [1..999])#end#end#end", "TOTAL_ITERATIONS", None),
    ("#define($a)$b$b#end#define($b)$a$a#end" * 1 + "#foreach($i in [1..1000])" * 3 + "$a" + "#end" * 3, None, None),
]


@pytest.mark.parametrize("text, limit, place", ENDED)
def test_a_bound_ends_the_rendering_where_it_was_met(text, limit, place):
    met, position = ended(text, b="x" * 1_000_000)
    assert limit is None or met == limit
    assert place is None or position == place


def test_a_regular_expression_that_never_ends_is_ended():
    limit, position = ended("\n  $s.matches('(a|aa)+$')", s="a" * 80 + "b")
    assert (limit, position) == ("REGEX_SECONDS", (2, 3))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "#if(" + "(" * 50_000,
        "#set($x = " + "[" * 50_000,
        "#if(true)" * 20_000,
        '#set($x = "' + "$a[" * 50_000,
    ],
)
def test_nesting_is_refused_or_plain_text_but_never_a_crash(text):
    try:
        output = Template(text).render({})
    except TemplateSyntaxError as problem:
        output = problem.message
    assert output


def test_a_long_chain_of_operators_or_branches_is_no_nesting():
    assert Template("#set($x = 0" + " + 1" * 200 + ")$x").render({}) == "200"
    branches = "".join(f"#elseif($x == {number}){number}" for number in range(1, 3_000))
    assert Template(f"#if($x == 0)0{branches}#end").render({"x": 2_345}) == "2345"


def test_macros_inside_one_another_end_as_velocity_ends_them():
    from vtlsim.velocity import RenderError

    with pytest.raises(RenderError, match="Max calling depth of 20"):
        Template("#macro(a)#a()#end#a()", "t", APACHE).render({})


def test_a_list_that_holds_itself_prints_as_java_prints_it():
    assert Template("#set($l = [1])#set($ignored = $l.add($l))$l").render({}) == "[1, (this Collection)]"


def test_blocks_that_use_each_other_end():
    text = "".join(f"#define($b{number})$b{number + 1}$b{number + 1}#end" for number in range(60))
    assert ended(text + "$b0")[0] in {"TOTAL_ITERATIONS", "RENDER_DEPTH", "OUTPUT_CHARACTERS"}


def test_a_loop_that_writes_much_in_each_iteration_is_looked_at_in_each():
    """Else what one loop wrote would be a gigabyte before anybody looked."""
    template = Template("#foreach($i in [1..1000])" + "$a$i#set($q = 1)" * 300 + "#end")
    tracemalloc.start()
    try:
        with pytest.raises(LimitExceededError) as caught:
            template.render({"a": "x" * 950})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.limit == "OUTPUT_CHARACTERS"
    assert peak < 200_000_000
