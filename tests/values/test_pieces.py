import pytest

from vtlsim.values.objects import TEXT_CHARACTERS, JavaException
from vtlsim.values.pieces import LONG, Pieces


def test_pieces_are_put_together():
    pieces = Pieces()
    pieces.append("a")
    pieces.add_long("b" * 100)
    pieces.settle()
    assert pieces.join() == "a" + "b" * 100


def test_short_pieces_count_too():
    pieces = Pieces()
    pieces.extend(["x" * LONG] * (TEXT_CHARACTERS // LONG + 1))
    with pytest.raises(JavaException, match="OutOfMemoryError"):
        pieces.settle()


def test_no_piece_is_counted_twice():
    pieces = Pieces()
    pieces.add_long("x" * (TEXT_CHARACTERS - 30_000))
    pieces.extend(["y"] * 30_000)
    assert len(pieces.join()) == TEXT_CHARACTERS
