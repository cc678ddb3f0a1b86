"""The caret stands under the part that is meant, whatever the line is made of."""

from __future__ import annotations

import pytest

from vtlsim.explain.excerpt import WIDTH, excerpt, printable
from vtlsim.velocity.source import Source, Span

CASES = [
    pytest.param('  "a": "$input.x"', "$input.x", '   1 |   "a": "$input.x"', "     |         ^^^^^^^^", id="plain"),
    pytest.param("\t$x", "$x", "   1 |     $x", "     |     ^^", id="tab at the head"),
    pytest.param("ab\t$x", "$x", "   1 | ab  $x", "     |     ^^", id="tab runs to the next stop"),
    pytest.param("\t\tq$x\t.", "$x\t", "   1 |         q$x .", "     |          ^^^", id="tab under the caret"),
    pytest.param("漢字 $x", "$x", "   1 | 漢字 $x", "     |      ^^", id="wide characters take two columns"),
    pytest.param("$漢字", "$漢字", "   1 | $漢字", "     | ^^^^^", id="carets under wide characters"),
    pytest.param("e\u0301 $x", "$x", "   1 | e\u0301 $x", "     |   ^^", id="combining marks take none"),
    pytest.param("😀$x", "$x", "   1 | 😀$x", "     |   ^^", id="emoji take two"),
    pytest.param("\x1b[31m$x", "$x", "   1 | ␛[31m$x", "     |      ^^", id="escape sequences are defused"),
    pytest.param("\u202e$x", "$x", "   1 | �$x", "     |  ^^", id="writing is not turned round"),
    pytest.param("\ud800$x", "$x", "   1 | �$x", "     |  ^^", id="lone surrogates"),
]


@pytest.mark.parametrize("text, meant, line, carets", CASES)
def test_the_caret_stands_under_what_is_meant(text, meant, line, carets):
    start = text.index(meant)
    assert excerpt(Source(text), Span(start, start + len(meant))) == (line, carets)


def test_the_line_is_the_one_on_which_the_span_begins():
    source = Source("one\ntwo $x\nthree")
    assert excerpt(source, Span(8, 10)) == ("   2 | two $x", "     |     ^^")


def test_a_span_over_lines_is_marked_to_the_end_of_its_first():
    source = Source("#if($a\n == 1)")
    assert excerpt(source, Span(4, 12)) == ("   1 | #if($a", "     |     ^^")


@pytest.mark.parametrize("text, at", [("", 0), ("abc", 3), ("abc\n", 4)])
def test_an_empty_span_and_the_end_of_the_text_get_one_caret(text, at):
    assert excerpt(Source(text), Span(at, at))[1].count("^") == 1


@pytest.mark.parametrize("before, after", [(0, 500), (500, 0), (500, 500), (95, 0), (96, 0), (97, 3), (60, 60)])
def test_a_long_line_is_cut_around_the_place(before, after):
    text = "a" * before + "$bad" + "b" * after
    line, carets = excerpt(Source(text), Span(before, before + 4))
    assert len(line) <= len("   1 | ") + WIDTH
    marked = line[carets.index("^") : carets.rindex("^") + 1]
    assert marked == "$bad"
    assert ("…" in line) == (len(text) > WIDTH)


def test_a_span_longer_than_the_window_is_cut_with_it():
    line, carets = excerpt(Source("x" * 400), Span(0, 400))
    assert len(carets) <= len(line)


def test_printable_leaves_ordinary_text_alone():
    assert printable("Grüße, 漢字") == "Grüße, 漢字"
    assert printable("a\r\nb\x00") == "a␍␊b␀"
