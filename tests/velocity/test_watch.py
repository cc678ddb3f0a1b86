"""A watched rendering sees every part of the output once, and prints what an unwatched one prints."""

from __future__ import annotations

import json

import pytest
from reference.generator import VARIABLES, Generator

from vtlsim.values.json_reader import read
from vtlsim.velocity import APACHE, API_GATEWAY, Template, VelocityError, Watch

TEXT = json.dumps(VARIABLES)


def rendered(template, watch=None):
    try:
        return template.render(read(TEXT), watch=watch)
    except VelocityError as problem:
        return type(problem)


@pytest.mark.parametrize("dialect", [APACHE, API_GATEWAY], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("seed", range(8))
def test_the_parts_cover_the_output_without_gap_or_overlap(dialect, seed):
    generator = Generator(f"watch {seed}")
    seen = 0
    for _ in range(60):
        text = generator.template()
        try:
            template = Template(text, "t", dialect)
        except VelocityError:
            continue
        watch = Watch()
        output = rendered(template, watch)
        assert output == rendered(template), text
        if isinstance(output, type):
            continue
        at = 0
        for sighting in watch.sightings:
            if sighting.kind == "output":
                assert sighting.start == at, text
                assert sighting.end > sighting.start
                at = sighting.end
                seen += 1
        assert at == len(output), text
    assert seen > 50


def kinds(text, kind, **variables):
    watch = Watch()
    template = Template(text)
    template.render(variables, watch=watch)
    return [
        (template.source.slice(found.span), found.value, found.loops) for found in watch.sightings if found.kind == kind
    ]


def test_a_reference_shows_its_value():
    assert ("$x.a", 1, ()) in kinds("$x.a", "value", x={"a": 1})


def test_a_loop_says_how_often_it_ran_and_each_iteration_which_it_is():
    text = "#foreach($i in $l)#foreach($j in $i)$j#end#end"
    assert [value for _, value, _ in kinds(text, "loop", l=[["a"], []])] == [2, 1, 0]
    assert [(value, loops) for place, value, loops in kinds(text, "value", l=[["a", "b"], ["c"]]) if place == "$j"] == [
        ("a", (0, 0)),
        ("b", (0, 1)),
        ("c", (1, 0)),
    ]


@pytest.mark.parametrize("value, place", [(True, "yes"), (False, "no")])
def test_the_branch_that_was_taken_is_seen(value, place):
    assert any(place in taken for taken, _, _ in kinds("#if($x)yes#{else}no#end", "taken", x=value))


def test_what_an_interpolated_string_writes_is_no_output_yet():
    watch = Watch()
    output = Template('#set($s = "<#if(true)$x#end>")$s').render({"x": "v"}, watch=watch)
    assert output == "<v>"
    assert [(found.start, found.end) for found in watch.sightings if found.kind == "output"] == [(0, 3)]


def test_a_watch_keeps_no_more_than_its_limit():
    watch = Watch(limit=10)
    assert Template("#foreach($i in [1..500])$i#end").render({}, watch=watch)
    assert len(watch.sightings) == 10


def test_nothing_is_seen_as_null_and_a_value_as_it_was():
    assert ("$nope.a", None, ()) in kinds("$nope.a", "value")
    seen = [
        value for place, value, _ in kinds("#set($a = [1])$a#set($ignored = $a.add(2))$a", "value") if place == "$a"
    ]
    assert seen == [[1], [1, 2]]
