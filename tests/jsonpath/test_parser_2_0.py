import pytest

from vtlsim.jsonpath import InvalidPathError, compile  # noqa: A004 - its name
from vtlsim.jsonpath.nodes import FromEnd, Here, Index, Property, Slice
from vtlsim.jsonpath.parser_2_0 import parse


@pytest.mark.parametrize(
    "text, steps",
    [
        ("$.a[(@.length-1)]", (Property(("a",)), FromEnd(-1))),
        ("$[(@.size() - 2)]", (FromEnd(-2),)),
        ("$['a]']", (Property(()), Property(("",)))),
        ("$[1,]", (Index((1,)),)),
        ("$[1::2]", (Slice(1, None),)),
        ('$["a1"]', (Index((1,)),)),
        ("$[0]$", (Index((0,)), Here())),
        ("@.a", (Property(("a",)),)),
    ],
)
def test_steps(text, steps):
    assert parse(text).steps == steps


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "$.",
        "$..",
        "$a",
        "$.a b",
        "$[",
        "$[:]",
        "$[(@.nope-1)]",
        "$['a",
        "$[?(@.a == 1",
        "$[?(@..a == 1)]",
        "$[?(1)]",
        "$[?(@.a == 1 &&)]",
        "$[?(@.a |||@.b == 1)]",
    ],
)
def test_what_does_not_parse(text):
    with pytest.raises(InvalidPathError) as caught:
        compile(text, "2.0")
    assert 0 <= caught.value.position <= len(text)
