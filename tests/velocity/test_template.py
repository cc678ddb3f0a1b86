"""The face of the room: texts, variables, errors with their place, the cache, the tools that come with compiling."""

from __future__ import annotations

import traceback

import pytest

from vtlsim.velocity import APACHE, API_GATEWAY, RenderError, Template, TemplateSyntaxError


def test_variables_are_not_changed_and_values_are_live():
    given = {"x": 1, "m": {}}
    assert Template("#set($x = 2)#set($m.k = $x)$x").render(given) == "2"
    assert given == {"x": 1, "m": {"k": 2}}


def test_render_in_leaves_the_variables_that_the_template_set():
    state = {"x": 1}
    Template("#set($y = $x + 1)#foreach($i in [1..3])#end").render_in(state)
    assert state == {"x": 1, "y": 2}


def test_what_a_failing_template_had_set_is_left_too():
    state = {"s": "abc"}
    with pytest.raises(RenderError):
        Template("#set($y = 1)$s.substring(9)").render_in(state)
    assert state["y"] == 1


def test_the_same_text_is_compiled_once():
    assert Template("a$x", "n").tree is Template("a$x", "n").tree
    assert Template("a$x", "n").tree is not Template("a$x", "n", APACHE).tree


# Each line: a template, the place of the error and a word of its message.
RENDER_ERRORS = [
    ("$s.substring(9)", (1, 1), "StringIndexOutOfBoundsException"),
    ("line one\n  #set($x = $s.substring(9))", (2, 13), "StringIndexOutOfBoundsException"),
    ("žluť $s.substring(9)", (1, 6), "StringIndexOutOfBoundsException"),
    ("#foreach($i in $l)\n$i.foo $l.get(99)#end", (2, 8), "IndexOutOfBoundsException"),
    ("#if(true)\n\n#include('x')#end", (3, 10), "Unable to find resource 'x'"),
    ("#define($b)\n $s.charAt(-1)\n#end\n$b", (2, 2), "StringIndexOutOfBoundsException"),
]


@pytest.mark.parametrize("dialect", [APACHE, API_GATEWAY], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("text, place, message", RENDER_ERRORS)
def test_a_render_error_has_its_place(text, place, message, dialect):
    with pytest.raises(RenderError, match=message) as caught:
        Template(text, "t", dialect).render({"s": "abc", "l": [1]})
    assert tuple(caught.value.position) == place


def test_a_syntax_error_has_its_place():
    with pytest.raises(TemplateSyntaxError) as caught:
        Template("one\n#if($x == )\n#end")
    assert caught.value.position.line == 2
    assert caught.value.expected


def test_a_python_traceback_shows_the_template_s_line(tmp_path):
    file = tmp_path / "orders.vtl"
    file.write_text("{\n  #foreach($i in $l)$i.get(7)#end\n}\n", encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        Template(file.read_text(encoding="utf-8"), str(file)).render({"l": [[1]]})
    shown = "".join(traceback.format_exception(caught.value))
    assert f'File "{file}", line 2, in render' in shown
    assert "#foreach($i in $l)$i.get(7)#end" in shown


def test_the_code_s_lines_are_the_template_s():
    from vtlsim.velocity.lines import arcs, executable_lines

    template = Template("text\n#if($x)\n  yes\n#else\n  no\n#end\nend\n")
    assert executable_lines(template) >= {1, 2, 3, 5, 7}
    assert {(2, 3), (2, 5)} <= {(first, second) for first, second in arcs(template) if first > 0}


def test_nothing_of_python_is_in_the_reach_of_the_code():
    names = Template("$x").code
    function = Template("$x")._compiled.unit(watched=False, keeps=False).function
    assert function.__globals__["__builtins__"] == {}
    assert "__import__" not in names.co_names


NAMES = ["class__", "func_globals", "gi_frame", "mro", "encode", "format_map", "tb_next", "real", "imag", "appendleft"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["text", 1, 1.5, True, [1], {"a": 1}], ids=repr)
def test_names_of_python_mean_nothing_to_a_template(name, value):
    text = f"[$x.{name}][$x.{name}()][$x.__{name}][$x.get('__{name}__')]"
    shown = Template(text, dialect=APACHE).render({"x": value})
    first = str(value).lower() if isinstance(value, bool) else {"{'a': 1}": "{a=1}"}.get(str(value), str(value))
    assert shown == text.replace("[$x.__", f"[{first}.__")


def test_a_macros_body_is_an_argument_without_a_value():
    """As Velocity 1.7 renders it: the body of ``#@`` counts as an argument, which shows where two parameters share a name."""
    template = Template("#macro(m $a $a)<${a}>#end#m(1)#m(1 2)#@m(false)x#end#@m(1 2)x#end", "t", APACHE)
    assert template.render({}) == "<1><2><${a}><2>"


def test_a_loop_has_a_class_before_it_has_what_is_kept_in_it():
    """As Velocity 1.7 prints it."""
    name = "org.apache.velocity.runtime.directive.ForeachScope"
    template = Template(
        "#foreach($i in [1])$foreach.put('class', 1)$foreach.class.name $foreach.getClass()#end", "t", APACHE
    )
    assert template.render({}).endswith(f"{name} class {name}")
