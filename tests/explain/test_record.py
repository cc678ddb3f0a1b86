"""The record of a trace is JSON, whatever the findings hold."""

from __future__ import annotations

import json

import pytest

import vtlsim
from vtlsim.explain.record import plain
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.locations import RequestParameter
from vtlsim.velocity.source import Position, Span

PLAIN = [
    (None, None),
    (True, True),
    (1.5, 1.5),
    ("é", "é"),
    (b"\xff", {"base64": "/w=="}),
    ((1, (2,)), [1, [2]]),
    ({"a": (1,)}, {"a": [1]}),
    (Span(1, 2), [1, 2]),
    (Position(1, 2), {"line": 1, "column": 2}),
    (Headers([("A", "1")]), [["A", "1"]]),
    (RequestParameter("header", "X"), "method.request.header.X"),
]


@pytest.mark.parametrize("value, made", PLAIN)
def test_plain_values(value, made):
    assert plain(value) == made


def test_what_a_watched_template_saw_is_in_it():
    made = vtlsim.render("#foreach($i in [1, 2])$i$input.path('$')#end", body='{"a": [1]}').trace.record
    seen = made["findings"][0]["data"]["sightings"]
    json.dumps(made)
    assert {"kind": "iteration", "span": seen[0]["span"], "loops": [1], "count": 1} in [
        {**each, "span": seen[0]["span"]} for each in seen
    ]
    assert any(each["kind"] == "value" and each.get("value") == "{a=[1]}" for each in seen)
    assert any(each["kind"] == "output" and each["output"] == [0, 1] for each in seen)


def test_a_value_that_holds_itself_and_one_that_is_huge_are_bounded():
    made = vtlsim.render("#set($l = [])#set($x = $l.add($l))$l#set($y = $s)", variables={"s": "v" * 9_999}).trace.record
    text = json.dumps(made)
    assert '"length": 9999' in text
    assert len(text) < 20_000
