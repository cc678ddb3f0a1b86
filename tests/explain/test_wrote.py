"""From a place in an output back to the template."""

from __future__ import annotations

import pytest

from vtlsim.explain.mismatch import mismatches, place
from vtlsim.explain.wrote import block, writer
from vtlsim.surfaces.rendering import call
from vtlsim.velocity.source import Span

BODY = '{"items": [{"n": 1}, {"n": 22}], "s": "abc"}'

WRITERS = [
    # template, the part of the output, what wrote it, loops
    ("a$input.path('$.s')z", "abc", "$input.path('$.s')", ()),
    ("a$input.path('$.s')z", "c", "$input.path('$.s')", ()),
    ("a${input.path('$.s')}z", "z", "z", ()),
    ("one two", "two", "two", ()),
    ("#foreach($i in $input.path('$.items'))[$i.n]#end", "22", "$i.n", (1,)),
    ("#set($x = 5)\n{$x}", "5", "$x", ()),
    ('{"a": $nothing }', "}", "$nothing", ()),
]


@pytest.mark.parametrize("template, part, wrote, loops", WRITERS)
def test_what_wrote_a_part(template, part, wrote, loops):
    found = call(template, BODY).run(watched=True)
    start = found.text.index(part)
    made = writer(found, Span(start, start + len(part)))
    assert (made.source.slice(made.span), made.loops) == (wrote, loops)


def test_the_block():
    found = call("{\n  $input.path('$.s')}", BODY).run(watched=True)
    start = found.text.index("abc")
    shown = block(writer(found, Span(start, start + 1))).split("\n")
    assert shown[0] == "template:2:3: this wrote a"
    assert shown[1] == "   2 |   $input.path('$.s')}"
    assert shown[2].endswith("  ^^^^^^^^^^^^^^^^^^")


def test_without_a_watch_nothing_is_known():
    assert writer(call("x").run(), Span(0, 1)) is None


PLACES = [
    ('{"a": [1, {"b": "x"}]}', ("a", 1, "b"), None, '"x"'),
    ('{"a": [1, {"b": "x"}]}', ("a", 0), None, "1"),
    ('{"a": [1, {"b": "xyz"}]}', ("a", 1, "b"), 2, "z"),
    (r'{"a": "\u00e9\nq"}', ("a",), 2, "q"),
    ('{"a": 1}', (), None, '{"a": 1}'),
]


@pytest.mark.parametrize("text, path, at, part", PLACES)
def test_where_a_path_leads(text, path, at, part):
    found = place(text, path, at)
    assert text[found.start : found.end] == part


@pytest.mark.parametrize("text, path", [("{", ()), ('{"a": 1}', ("b",)), ("[1]", (3,)), ("[1]", ("a",))])
def test_where_nothing_can_be_told(text, path):
    assert place(text, path) is None


def test_a_long_text_is_shown_around_its_difference():
    (found,) = mismatches("x" * 500 + "a" + "y" * 500, "x" * 500 + "b" + "y" * 500)
    assert found.at == 500
    assert len(found.said) < 400
    assert "(1,001 characters)" in found.said
    assert "xa" in found.said
    assert "xb" in found.said
