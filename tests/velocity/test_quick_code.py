"""What is done at once in code for templates that are rendered often, case by case: it prints what the other code prints,
whatever the values are.
"""

from __future__ import annotations

import itertools
import sys

import pytest

from vtlsim.values.collections import HashMap, JSONArray, QuietMap
from vtlsim.values.text import text as text_of
from vtlsim.velocity import APACHE, API_GATEWAY, Template, VelocityError
from vtlsim.velocity.compiler import compile_tree
from vtlsim.velocity.inlining import MOST_STATEMENTS
from vtlsim.velocity.rendering import Block

DIALECTS = pytest.mark.parametrize("dialect", [APACHE, API_GATEWAY], ids=lambda dialect: dialect.name)

BLOCKS = (
    "#define($b)<$x>#end$b$b",
    "#define($b)<$x>#end#foreach($x in $list)$b#if($foreach.hasNext), #end#end|$b",
    "#define($b)$foreach.index#end#foreach($x in $list)$b#end",
    "#define($b)#foreach($y in $list)$y#if($y == 2)#break#end#end#end#foreach($x in $list)[$b]#end",
    "#define($in)$x#end#define($out)($in)#end#foreach($x in $list)$out#end",
    "#define($b)#set($n = $n + 1)$n#end#set($n = 0)$b$b$b",
    "#foreach($x in $list)#define($b)<$x>#end$b#end",
    "$b#define($b)<$x>#end$b",
    "#define($b)a#break b#end$b c",
    "#define($b)a#end#define($b)b#end$b",
    "#define($b)<$x>#end$b.length()$b.x",
    "#define($b)<$x>#end#set($c = $b)$c",
    '#define($b)<$x>#end#set($c = "[$b]")$c',
    "#define($b)<$x>#end#if($b)y#end$!b \\$b \\\\$b",
    "#define($b)$b#end$b",
    "#define($b)$velocityCount#end#foreach($x in $list)$b#end",
    "#define($b)#foreach($x in $list)$x#end#end#foreach($x in $list)$b#end$x",
    "#define($b)#stop#end a$b c",
    "#define($a)x#end"
    + "".join(f"#define($a{'b' * n})$a{'b' * (n - 1)}$a{'b' * (n - 1)}#end" for n in range(1, 9))
    + "$abbbbbbbb",
)
PIECES = (
    "$map.k$map.z#if($map.k)a#{else}b#end.",
    "$map.k$map.d.e$map.d.f$map.none$map.none.more",
    "$map.d.e.f$map.k.f$list.k$x.k$none.k$text.length$map.class$map.size",
    "#foreach($m in $maps)$m.a:$m.b#if($m.a == 1)one#elseif($m.b == 'b')b#{else}none#end;#end",
    "#foreach($m in $maps)$m.a $m.c.d #end",
    "$quiet.k$quiet.q$quiet$table.k$table.q",
    "#foreach($n in $numbers)<$n>#end",
    "#foreach($n in $numbers)#if($n > 1)more#{else}less#end#if($n == 1)one#end#if($n)is#end\n#end",
    "#if($map.k)x#end#if($none)y#end#if(!$none)z#end",
)
CALLS = (
    "$text.split(',').size()$text.split(',').get(0)$text.split(',')[1]$text.split(';')[0]$none.split(',')$list.split(',')",
    "#foreach($p in $text.split(','))<$p>#end#foreach($p in $ends.split(','))<$p>#end$ends.split(',').size()",
    "$empty.split(',').size()$commas.split(',').size()",
    "$text.replace('a', 'X')$text.replaceAll('a', 'X')$far.replace('a', 'b')$list.replaceAll('a', 'b')$none.replace('a', 'b')",
    "$text.replaceAll('[ab]', '<$0>')$text.replaceAll('a', '$0$0')$text.replaceAll('', '-')$text.replace('', '-')",
    "#foreach($k in $map.keySet())$k,#end#foreach($v in $map.values())$v,#end#foreach($v in $list.values())$v#end",
    "#foreach($k in $table.keySet())$k,#end#foreach($v in $table.values())$v,#end#foreach($k in $none.keySet())$k#end",
    "#set($m = {1: 'a', true: 'b', 'c': 2.5})#foreach($k in $m.keySet())$k #end#foreach($k in $m.values())$k #end",
    "#foreach($k in $map.keySet())#set($r = $map.remove($k))$k#end",
    "$list[0]$list[2]$list[3]$list[-1]$list[-4]$text[0]$map[0]$none[0]$map['k']$range[1]",
)


def given():
    return {
        "x": "X",
        "text": "a,b,ab",
        "ends": ",a,,b,,",
        "empty": "",
        "commas": ",,,",
        "far": "näh a",
        "list": JSONArray([1, 2, 3]),
        "range": [4, 5],
        "numbers": JSONArray([0, 1, -1, 2**31, 10**18, -(10**18), 10**5000, 1.5, True, None, "1"]),
        "map": {"k": "v", "d": {"e": 1, "f": [1, "x"]}, "z": 0},
        "maps": JSONArray(
            [{"a": 1, "b": "b", "c": {"d": 1}}, {"a": 2}, {"b": "b"}, {}, None, "s", {"a": 1, "c": {"d": None}}]
        ),
        "nulls": JSONArray([1, None, 3]),
        "quiet": QuietMap({"k": "v", "q": QuietMap()}),
        "table": HashMap({"k": "v", "q": 1}),
    }


def both(text, dialect):
    """What both grades of code print, or how they fail; and the variables that they leave."""
    template = Template(text, "t", dialect)
    found = []
    for _ in range(2):
        for keeps in (False, True):
            variables = given()
            try:
                output = template.render_in(variables) if keeps else template.render(variables)
            except VelocityError as error:
                output = (type(error), error.span)
            left = {
                name: "a block" if isinstance(value, Block) else text_of(value) for name, value in variables.items()
            }
            found.append((output, left if keeps else variables == given()))
        template._compiled._quick = compile_tree(template.tree, template.source, dialect, quick=True)
    return found


@DIALECTS
@pytest.mark.parametrize("text", BLOCKS + PIECES + CALLS)
def test_both_grades_print_the_same(text, dialect):
    cold, kept_cold, quick, kept_quick = both(text, dialect)
    assert quick == cold
    assert kept_quick == kept_cold
    assert quick[1] or "remove" in text, "a rendering binds no other variables for whoever handed it some"
    assert quick[0] == kept_quick[0]


def quick_unit(text):
    template = Template(text, "t")
    return compile_tree(template.tree, template.source, API_GATEWAY, quick=True)


@pytest.mark.parametrize("text", BLOCKS[:6])
def test_a_block_that_is_only_printed_is_written_out(text):
    unit = quick_unit(text)
    assert not unit.complete
    assert "PlainBlock" not in unit.code.co_names


@pytest.mark.parametrize("text", BLOCKS[6:14])
def test_a_block_that_is_more_than_printed_stays_one(text):
    assert quick_unit(text).complete


def test_blocks_that_double_are_not_written_out_for_ever():
    names = ["b" * n for n in range(1, 40)]
    text = "#define($b)x#end" + "".join(f"#define(${two})${one} ${one}#end" for one, two in itertools.pairwise(names))
    assert quick_unit(text + "$b").complete
    assert len(Template(text + "$bbbb").render({})) == 2 * 8 - 1
    assert MOST_STATEMENTS < 10_000


def test_a_value_that_is_missing_once_does_not_stop_the_rest():
    template = Template("#foreach($m in $l)${m.a}-$m.b;#end")
    rows = [{"a": 1, "b": 2}, {"a": 1}, {"b": 2}, {"a": 3, "b": 4}]
    for _ in range(20):
        assert template.render({"l": JSONArray(rows)}) == "1-2;1-;-2;3-4;"


ODD = (
    "#define($velocityCount)B#end#foreach($i in [1,2])$velocityCount#end",
    "#define($foreach)B#end#foreach($i in [1,2])$foreach#end",
    "#define($velocityHasNext)B#end#foreach($i in [1,2])$velocityHasNext #end",
    'a#if("#stop" == "x")b#end',
    'x$map.k #if("#stop"=="x")y#end',
    'x#if($text.foo("#stop"))y#end',
    'a$text.concat("#stop")c',
    "#define($b)#set($n = $n + 1)$n#end#set($c = $b)#set($n = 0)$c$map.z$map.none|$n",
    "#define($b)#set($n = $n + 1)$n#end#set($c = [$b])#set($n = 0)$c$map.z$map.none|$n",
    "#define($c)B#end$a.b(#)c",
    "#define($y)B#end$x#*c*#y",
    "#define($b)#set($x=5)$x#end#foreach($x in $nulls)[$x$b$x]#end$x",
    "#foreach($k in $map.keySet())$k#set($z=$map.remove('z'))#end",
    "#foreach($v in $map.values())$velocityCount#set($z=$map.remove('z'))#end",
    "#foreach($e in $map.entrySet())$e.key#set($z=$map.remove('z'))#end",
    "#if($none)x" + "#elseif($none)" * 1000 + "#end.",
    '#set($s = "' + "$x" * 400 + '")$s',
)


@DIALECTS
@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_oddities_print_the_same(text, dialect):
    cold, kept_cold, quick, kept_quick = both(text, dialect)
    assert quick[0] == cold[0]
    assert kept_quick == kept_cold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#define($velocityCount)B#end#foreach($i in [1,2])$velocityCount#end", "12"),
        ('a#if("#stop" == "x")b#end', "a"),
        ('a$text.concat("#stop")c', "a"),
        ("#define($c)B#end$a.b(#)c", "$a.b(#)c"),
        ("#define($y)B#end$x#*c*#y", "Xy"),
        ("#define($b)#set($x=5)$x#end#foreach($x in $nulls)[$x$b$x]#end$x", "[155][$x$x$x][355]$x"),
    ],
)
def test_oddities_print_what_velocity_prints(text, expected):
    """As Velocity 1.7 prints them in its own dialect, seen in the reference."""
    template = Template(text, "t", APACHE)
    variables = given() if "$x=5" not in text else {"nulls": JSONArray([1, None, 3])}
    assert [template.render(variables) for _ in range(15)] == [expected] * 15


@pytest.mark.parametrize("inner", ["#if($t)$B$B\n#end", "#foreach($i in $l)$B$B#end"])
def test_blocks_that_double_inside_something_are_not_written_out_for_ever(inner):
    names = ["b" * n for n in range(1, 40)]
    pairs = itertools.pairwise(names)
    text = "#define($b)x#end" + "".join(f"#define(${two}){inner.replace('$B', '$' + one)}#end" for one, two in pairs)
    assert quick_unit(text + f"${names[-1]}").complete


def test_a_template_that_nests_too_deeply_for_the_longer_code_stays_with_the_other():
    blocks = "".join(f"#define($b{k})" + "#if($t)\n" * 90 + f"$b{k - 1}" + "#end" * 90 + "#end" for k in range(1, 5))
    template = Template("#define($b0)x#end" + blocks + "$b4")
    assert {template.render({"t": True}) for _ in range(20)} == {"x"}


def test_a_traced_rendering_has_the_code_that_stands_as_the_template_does():
    template = Template("#define($b)\nin\n#end\nx\n$b\ny")
    lines = set()

    def local(frame, event, _):
        lines.add(frame.f_lineno)
        return local

    for _ in range(20):
        template.render({})
    before = sys.gettrace()
    sys.settrace(lambda frame, *_: local if frame.f_code.co_filename == "template" else None)
    try:
        template.render({})
    finally:
        sys.settrace(before)
    assert {2, 5} <= lines


def test_the_notice_of_a_long_loop_counts_all_values():
    template = Template("#foreach($v in $m.values())#end")
    facts = []
    for _ in range(15):
        notices = []
        template.render({"m": {str(n): n for n in range(1500)}}, notices=notices)
        facts.append(str(notices))
    assert len(set(facts)) == 1
    assert "1500" in facts[0] or "1,500" in facts[0]
