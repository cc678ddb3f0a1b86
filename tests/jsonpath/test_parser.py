from contextlib import suppress

import pytest

from vtlsim.jsonpath import InvalidPathError, compile  # noqa: A004 - its name
from vtlsim.jsonpath.limits import NESTING, PATH_CHARACTERS, STEPS
from vtlsim.jsonpath.nodes import Filter, Function, Index, JsonArgument, Path, Property, Scan, Slice, Wildcard
from vtlsim.jsonpath.parser import parse


@pytest.mark.parametrize(
    "text, steps",
    [
        ("$", ()),
        ("$.a", (Property(("a",)),)),
        ("a.b", (Property(("a",)), Property(("b",)))),
        (".a", (Scan(), Property(("a",)))),
        ('$["a"]', (Property(("a",), '"'),)),
        ("$['a' , 'b']", (Property(("a", "b")),)),
        ("$.a[ 0 ]", (Property(("a",)), Index((0,)))),
        ("$[0, -1]", (Index((0, -1)),)),
        ("$[1:2:3]", (Slice(1, 2),)),
        ("$..*", (Scan(), Wildcard())),
        ("$.a[0]bc", (Property(("a",)), Index((0,)), Property(("bc",)))),
        ("$.a[0]b", (Property(("a",)), Index((0,)))),
        ("$.a.keys().b", (Property(("a",)), Function("keys", None), Property((")",)), Property(("b",)))),
        ("$.sum($.n, 1)", (Function("sum", (Path("$", (Property(("n",)),)), JsonArgument("1"))),)),
        ("$.a[", (Property(("a",)),)),
    ],
)
def test_steps(text, steps):
    assert parse(text).steps == steps


@pytest.mark.parametrize(
    "text, position",
    [
        ("", 0),
        ("$.a b", 3),
        ("a b", 1),
        ("$.a[", None),
        ("$.a[]", 3),
        ("$.a[x]", 3),
        ("$.a.", 3),
        ("$..", 2),
        ("$a", 1),
        ("$.a[0", 3),
        ("$['a", 2),
        ("$['a''b']", 4),
        ("$.a[?(@.b == 'c)]", 13),
        ("$.a[?(@.b = 1)]", 10),
        ("$.a[?(@.b == c)]", 13),
        ("$.a[?(@.b[?(@.c ==)])]", 18),
        ("a[?(@.b == c)]", 11),
        ("$.a[?]", 4),
        ("$.f($.x[)", 3),
        ("$.f(1", 3),
    ],
)
def test_a_path_that_does_not_parse_names_itself_and_the_place(text, position):
    if position is None:
        assert compile(text).definite
        return
    with pytest.raises(InvalidPathError) as caught:
        compile(text)
    assert (caught.value.path, caught.value.position) == (text, position)
    assert caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "$" + "[?(@" * 1000,
        "$" + "[?(@.a" * 200 + ")]" * 200,
        "$[?(" + "(" * 5000 + "@.a" + ")" * 5000 + ")]",
        "$[?(" + "!(" * 500 + "@.a" + ")" * 500 + ")]",
        "$" + ".sum($" * 300 + ")" * 300,
        "$" + "[*]" * (STEPS + 1),
        "$" + ".a" * PATH_CHARACTERS,
        "$[?(@.a == " + "[" * 50_000,
    ],
)
def test_paths_are_bounded(text):
    with pytest.raises(InvalidPathError):
        compile(text)
    with suppress(InvalidPathError):  # 2.0 has no nesting to count in some of them
        compile(text, "2.0")


def test_nesting_up_to_the_bound_is_fine():
    levels = NESTING - 3
    path = compile("$[?(" + "(" * levels + "@.a" + ")" * levels + ")]")
    assert path.read({"a": 1}) == [{"a": 1}]


def test_placeholders_need_a_java_program():
    with pytest.raises(InvalidPathError, match="Not enough predicates"):
        compile("$.a[?]")


def test_filters_keep_their_expression():
    (step,) = parse("$[?(@.a)]").steps
    assert isinstance(step, Filter)
    assert step.expression is not None
