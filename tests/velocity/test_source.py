"""Offsets to lines and columns, and back to text."""

from __future__ import annotations

import pytest

from vtlsim.velocity.source import Position, Source, Span


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("ab", 0, 1, 1),
        ("ab", 2, 1, 3),
        ("a\nb", 1, 1, 2),
        ("a\nb", 2, 2, 1),
        ("a\n", 2, 2, 1),
        ("a\r\nb", 2, 1, 3),
        ("a\r\nb", 3, 2, 1),
        ("a\rb", 2, 2, 1),
        ("a\r\rb", 2, 2, 1),
        ("a\n\r\nb", 2, 2, 1),
        ("a\n\r\nb", 4, 3, 1),
        ("\tx", 1, 1, 2),
        ("\U0001f600x", 1, 1, 2),
    ],
)
def test_position(text: str, offset: int, line: int, column: int) -> None:
    assert Source(text).position(offset) == Position(line, column)


def test_every_line_is_found_without_its_end() -> None:
    source = Source("one\r\ntwo\rthree\n\nfive")
    assert [source.line(number) for number in range(1, 6)] == ["one", "two", "three", "", "five"]
    assert source.starts == [0, 5, 9, 15, 16]


def test_a_span_is_half_open() -> None:
    assert Source("hello $name!").slice(Span(6, 11)) == "$name"
