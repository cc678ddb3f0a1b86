"""JSON and YAML texts as values that know their places."""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter

import pytest

from config.documents import marked, places
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain

YAML = """\
text: plain
  goes on
number: 012
typed: 1.0
bools: [yes, No, on, off, true, "true"]
nulls: [~, null, '', ]
date: 2020-01-01
on: key
200: status
hex: 0x1F
sexagesimal: 1:30
float: 1e3
real: 1.5e+3
"""


def test_yaml_is_read_as_yaml_1_1_but_for_dates_and_names():
    node, problems = marked(YAML)
    assert problems == ()
    assert node is not None
    assert plain(node) == {
        "text": "plain goes on",
        "number": 10,
        "typed": 1.0,
        "bools": [True, False, True, False, True, "true"],
        "nulls": [None, None, ""],
        "date": "2020-01-01",
        "on": "key",
        "200": "status",
        "hex": 31,
        "sexagesimal": 90,
        "float": "1e3",
        "real": 1500.0,
    }


def test_a_number_keeps_what_was_typed():
    node, _ = marked("a: 012\nb: 1.0\nc: &x 5\nd: yes\ne: ~\n")
    assert isinstance(node, Mapping)
    assert {name: each.text for name, each in node.items() if isinstance(each, Scalar)} == {
        "a": "012",
        "b": "1.0",
        "c": "5",
        "d": "true",
        "e": "",
    }


def test_json_is_what_rfc_8259_says():
    node, problems = marked(
        '\ufeff {"a": "x\\n\\ud83d\\ude00\\ud800", "b": [1, -2.5e3, true, null, {}], "c": 10000000000000000000000}\n'
    )
    assert problems == ()
    assert node is not None
    assert plain(node) == {"a": "x\n\U0001f600\ud800", "b": [1, -2500.0, True, None, {}], "c": 10**22}


def test_every_node_knows_its_place():
    for text in ('{"a": {"b": ["x",\n  7]}}', "a:\n  b:\n    - x\n    - 7\n"):
        node, _ = marked(text)
        assert isinstance(node, Mapping)
        inner = node.get("a")
        assert isinstance(inner, Mapping)
        items = inner.get("b")
        assert isinstance(items, Sequence)
        for each, typed in zip(items, ("x", "7"), strict=True):
            assert isinstance(each, Scalar)
            assert text[each.start : each.end].strip('"') == typed
        key = inner.key("b")
        assert text[key.start : key.end].strip('"') == "b"


def test_short_tags_are_the_long_form():
    node, problems = marked(
        "a: !Sub x${y}\nb: !GetAtt A.B\nc: !Ref R\nd: !If [C, !Ref D, 1]\ne: !Condition C\nf: !Join ['', [a]]\n"
    )
    assert problems == ()
    assert node is not None
    assert plain(node) == {
        "a": {"Fn::Sub": "x${y}"},
        "b": {"Fn::GetAtt": "A.B"},
        "c": {"Ref": "R"},
        "d": {"Fn::If": ["C", {"Ref": "D"}, 1]},
        "e": {"Condition": "C"},
        "f": {"Fn::Join": ["", ["a"]]},
    }


def test_an_unknown_tag_is_told_and_left_out():
    node, problems = marked("a: !Subb x")
    assert node is not None
    assert plain(node) == {"a": "x"}
    assert [(problem.severity, problem.text, problem.nearest) for problem in problems] == [("warning", "!Subb", "!Sub")]


def test_anchors_aliases_and_merges():
    node, problems = marked("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\nboth: {<<: [*b, {z: 4}]}\nsame: *b\n")
    assert problems == ()
    assert node is not None
    assert plain(node) == {
        "base": {"x": 1, "y": 2},
        "own": {"y": 3, "x": 1},
        "both": {"x": 1, "y": 2, "z": 4},
        "same": {"x": 1, "y": 2},
    }


@pytest.mark.parametrize(
    "text, place, message",
    [
        ('{"a": 1,}', "1:9 error json", "expected a name in quotation marks, found '}'"),
        ('{"a" 1}', "1:6 error json", "expected ':' after the name, found '1'"),
        ('{"a": "x', "1:7 error json", "a string that does not end"),
        ('{"a": "x\ny"}', "1:9 error json", "a string must end in the line it begins in"),
        ('{"a": 01}', "1:8 error json", "expected ',' or '}', found '1'"),
        ('{"a": tru}', "1:7 error json", "expected a value, found 't'"),
        ('{"a": 1} x', "1:10 error json", "text after the end"),
        ('{"a": "\\q"}', "1:8 error json", "\\q is not an escape of JSON"),
        ('{"a": "\x01"}', "1:8 error json", "control character (U+0001)"),
        ('{"a":\n [1, 2', "2:7 error json", "found the end of the document"),
        ("[" * 200, "1:101 error json", "more than 100 objects"),
        ("a:\n\t- b", "2:1 error yaml", "a tab cannot indent YAML"),
        ("a: *b", "1:4 error yaml", "there is no &b above"),
        ("a: &x [*x]", "1:8 error yaml", "*x stands inside its own &x"),
        ("a: 1\n---\nb: 1", "2:1 error yaml", "a second document begins here"),
        ("? {a: b}\n: c", "1:3 error yaml", "the name of an entry must be a text"),
        ("a: \x01", "1:4 error yaml", "U+0001 may not stand in it"),
        ("a: \ud800", "1:4 error yaml", "half of a surrogate pair"),
        ("a: [1\nb: 2", "2:2 error yaml", "did not find expected ',' or ']'"),
        ("- " * 300, "1:201 error yaml", "more than 100 mappings"),
        ("a: {<<: 5}", "1:5 error yaml", "<< merges mappings"),
    ],
)
def test_what_does_not_parse_says_where_and_why(text, place, message):
    _, problems = marked(text)
    assert places(problems) == [place]
    assert message in problems[0].message


@pytest.mark.parametrize("text, place", [('{"a": 1,\n "a": 2}', "2:2"), ("a: 1\na: 2\n", "2:1")])
def test_a_name_that_is_there_twice_is_told_and_the_later_one_counts(text, place):
    node, problems = marked(text)
    assert node is not None
    assert plain(node) == {"a": 2}
    assert places(problems) == [f"{place} warning CFG001"]
    assert "first in line 1" in problems[0].message


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    node, problems = marked("\ufeffa: |\r\n  one\r\n  two\r\nb: {c: x}\r\n")
    assert problems == ()
    assert node is not None
    assert plain(node) == {"a": "one\ntwo\n", "b": {"c": "x"}}
    assert isinstance(node, Mapping)
    inner = node.get("b")
    assert isinstance(inner, Mapping)
    value = inner.get("c")
    assert isinstance(value, Scalar)
    assert value.document.place(value.start)[1:] == (4, 8)


def _bomb(levels: int) -> str:
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    "text",
    [_bomb(12), "[" * 100_000, "{a: " * 100_000, "- " * 50_000, '{"a":' * 100_000, "&a [" * 5_000],
    ids=["bomb", "brackets", "braces", "dashes", "json", "anchors"],
)
def test_documents_made_to_hurt_get_an_answer_quickly(text):
    start = perf_counter()
    node, problems = marked(text)
    assert node is None
    assert len(problems) == 1
    assert perf_counter() - start < 2


@pytest.mark.parametrize("language", ["json", "yaml"])
def test_a_document_of_six_megabytes_gets_an_answer(language):
    value = "x" * 350
    rows = [f'"k{n}": {{"type": "http", "uri": "{value}", "list": [1, 2, 3]}}' for n in range(15_000)]
    text = "{" + ",\n".join(rows) + "}" if language == "json" else "\n".join(f"{row}" for row in rows)
    assert len(text) > 5_500_000
    start = perf_counter()
    node, problems = marked(text)
    assert problems == ()
    assert isinstance(node, Mapping)
    assert len(node) == 15_000
    assert perf_counter() - start < 30


def test_reading_json_imports_neither_yaml_nor_json():
    code = (
        "import sys\n"
        "from vtlsim.config.definition import load_definition\n"
        "before = set(sys.modules)\n"
        "load_definition('{\"type\": \"MOCK\"}', 'd.json')\n"
        "print(sorted({'yaml', 'json', 'regex', 'jsonschema', 'difflib', 'dataclasses', 'enum'} & (set(sys.modules) - before)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
