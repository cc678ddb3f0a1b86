"""Characters of strings and where they stand in the file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.documents import marked
from vtlsim.config.marked import Document, Mapping, Scalar, Sequence
from vtlsim.config.origin import joined, whole_file

STYLES = """\
plain: words on
  two lines
double: "qu\\u00e9\\n\\U0001F600x \\
   cont\tz"
single: 'it''s
  here'
literal: |
  #set($x = 1)
    {"a": $x}

  last
kept: |+

  first line is blank

folded: >-
  folded
  text

  para
tagged: !Sub |
   hi ${A}
   there
anchored: &a !Sub 'x ${B}'
indented: |2
    two
   one
accents: "plain é quoted"
"""


def _strings(node):
    if isinstance(node, Mapping):
        for each in node.entries.values():
            yield from _strings(each)
    elif isinstance(node, Sequence):
        for each in node:
            yield from _strings(each)
    elif isinstance(node, Scalar) and isinstance(node.value, str):
        yield node


def _differing(scalar: Scalar, lines: list[str]) -> list[tuple[str, str]]:
    """Each character whose place holds another: the value's, and the file's."""
    found = []
    for offset, character in enumerate(scalar.text):
        place = scalar.origin.place(offset)
        there = (lines[place.line - 1] + "\n")[place.column - 1]
        if there != character:
            found.append((character, there))
    return found


def test_each_character_stands_where_the_file_has_it():
    node, problems = marked(STYLES)
    assert problems == ()
    lines = STYLES.split("\n")
    assert isinstance(node, Mapping)
    differing = {
        name: [pair for each in _strings(value) for pair in _differing(each, lines)] for name, value in node.items()
    }
    # What differs is what stands there in another form: an escape, or a line end that folds to a blank.
    assert differing == {
        "plain": [(" ", "\n")],
        "double": [("é", "\\"), ("\n", "\\"), ("\U0001f600", "\\")],
        "single": [(" ", "\n")],
        "literal": [],
        "kept": [],
        "folded": [(" ", "\n")],
        "tagged": [],
        "anchored": [],
        "indented": [],
        "accents": [],
    }


def test_through_the_escapes_of_a_json_string():
    text = '{"t": "#set($a = \\"x\\")\\n\\ud83d\\ude00 \\u0024b end"}'
    node, _ = marked(text)
    scalar = next(_strings(node))
    for word in ("#set", "x", "b end", "end"):
        place = scalar.origin.place(scalar.text.index(word))
        assert text[place.column - 1 :].startswith(word)
    dollar = scalar.origin.place(scalar.text.index("$b"))
    assert text[dollar.column - 1 :].startswith("\\u0024")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.booleans())
def test_any_json_string_maps_each_plain_character_to_itself(value, ascii_only):
    text = '{"t": ' + json.dumps(value, ensure_ascii=ascii_only) + "}"
    node, problems = marked(text)
    assert problems == ()
    scalar = next(_strings(node))
    document = scalar.document
    for offset, character in enumerate(scalar.text):
        if character.isascii() and character.isalnum():
            place = scalar.origin.place(offset)
            at = document.source.starts[place.line - 1] + place.column - 1
            assert text[at] == character


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(alphabet="abc$#{}' \"", max_size=12).map(str.rstrip).filter(lambda line: not line.startswith(" ")),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 6),
)
def test_any_literal_block_maps_each_character_to_itself(lines, indent):
    if not lines[0]:
        lines[0] = "x"
    text = "t: |\n" + "".join((" " * indent + line if line else "") + "\n" for line in lines)
    node, problems = marked(text)
    assert problems == ()
    scalar = next(_strings(node))
    assert _differing(scalar, text.split("\n")) == []


def test_a_part_of_a_text_keeps_its_places():
    node, _ = marked('a: "x\\n\\ty${b}z"')
    scalar = next(_strings(node))
    start = scalar.text.index("y")
    part = scalar.origin.part(start, len(scalar.text))
    for offset in range(len(scalar.text) - start):
        assert part.place(offset) == scalar.origin.place(start + offset)


def test_texts_put_together_keep_theirs():
    first, second = Document("abc", "one"), Document("x\nyz", "two")
    whole = joined(((3, whole_file(first)), (0, whole_file(second)), (4, whole_file(second))))
    assert [tuple(whole.place(offset)) for offset in (0, 2, 3, 5, 6)] == [
        ("one", 1, 1),
        ("one", 1, 3),
        ("two", 1, 1),
        ("two", 2, 1),
        ("two", 2, 2),
    ]


@pytest.mark.parametrize("offset, column", [(0, 8), (1, 9), (2, 11), (3, 17)])
def test_a_document_inside_a_string_has_the_places_of_the_outer_file(offset, column):
    node, _ = marked('{"b": "[\\n\\u0031]"}')
    outer = next(_strings(node))
    inner = Document(outer.text, "d", within=outer.origin)
    assert inner.file is outer.document
    assert tuple(inner.place(offset)) == ("d", 1, column)
