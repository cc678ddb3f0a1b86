"""The parts of a regular expression while it is being translated: sets of characters, and pieces of the result.

What may live here: immutable parts, how they are written for Python, and what is known of their length and time.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from vtlsim.values.records import NamedTuple

MAX_REPEATS: Final = 0x7FFFFFFF
"""Java's unbounded repetition."""
_SHORT: Final = 32
"""Characters before the last piece that each place of a text may be compared with and still be quick."""


class Piece(NamedTuple):
    """A part of a pattern, with what Java's own study of it finds: for look-behinds, which must have a bounded length."""

    text: str
    minimum: int = 0
    maximum: int = 0
    bounded: bool = True
    deterministic: bool = True
    one: bool = False
    """Whether it is a single character or class: what Java repeats with a node of its own."""
    plain: bool = False
    counted: bool = False
    """Whether Java repeats it with the node that notices a length that is too large."""
    branches: bool = False
    """Whether alternatives are in it."""


def wrapped(number: int) -> int:
    """Java's int arithmetic."""
    return (number + 0x80000000 & 0xFFFFFFFF) - 0x80000000


def chain(pieces: list[Piece]) -> Piece:
    """Pieces one after the other."""
    if len(pieces) == 1 and not (pieces[0].counted and pieces[0].maximum < 0):
        return pieces[0]
    minimum = before = maximum = 0
    bounded = deterministic = True
    for piece in pieces:
        minimum = wrapped(minimum + piece.minimum)
        total = wrapped(maximum + piece.maximum)
        if total < maximum and piece.counted:
            bounded = False
        maximum = total
        if piece.branches:  # Java reckons what follows from nothing again, and adds the two
            before, maximum = wrapped(before + maximum), 0
        bounded = bounded and piece.bounded
        deterministic = deterministic and piece.deterministic
    return Piece(
        "".join(piece.text for piece in pieces),
        minimum,
        wrapped(before + maximum),
        bounded=bounded,
        deterministic=deterministic,
        plain=takes_linear_time(pieces),
        branches=any(piece.branches for piece in pieces),
    )


def takes_linear_time(pieces: list[Piece]) -> bool:
    """Whether all but the last piece are of a fixed length, so that no text makes the search go back and forth."""
    if not all(piece.plain for piece in pieces):
        return False
    if sum(piece.minimum for piece in pieces[:-1]) > _SHORT:
        return False
    return all(piece.minimum == piece.maximum for piece in pieces[:-1])


# -- sets -------------------------------------------------------------------------------------------------------------


class Bits:
    """The single characters of a class. Java keeps them in one object that an intersection before them shares."""

    __slots__ = ("codes",)

    def __init__(self) -> None:
        self.codes: set[int] = set()


class Items(NamedTuple):
    """Items that stand between brackets."""

    text: str
    plain: bool = True


class Union(NamedTuple):
    """What is in either."""

    left: CharacterSet
    right: CharacterSet


class Both(NamedTuple):
    """What is in both."""

    left: CharacterSet
    right: CharacterSet


class Complement(NamedTuple):
    """What is not in it."""

    inner: CharacterSet


CharacterSet: TypeAlias = Bits | Items | Union | Both | Complement


def escaped(code: int) -> str:
    """One character, outside or inside of brackets."""
    if 48 <= code <= 57 or 65 <= code <= 90 or 97 <= code <= 122 or code == 95:
        return chr(code)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def span(first: int, last: int) -> str:
    """A range, inside of brackets."""
    return f"{escaped(first)}-{escaped(last)}"


def between_brackets(what: CharacterSet) -> str:
    """A set as it is written inside of brackets."""
    match what:
        case Bits(codes=codes):
            return "".join(map(escaped, sorted(codes)))
        case Items(text=text):
            return text
        case Union(left=left, right=right):
            return between_brackets(left) + between_brackets(right)
        case Both(left=left, right=right):
            return f"[{between_brackets(left)}&&{between_brackets(right)}]"
        case Complement(inner=inner):
            return f"[^{between_brackets(inner)}]"


def is_plain(what: CharacterSet) -> bool:
    """Whether ``re`` knows such a set."""
    match what:
        case Bits():
            return True
        case Items(plain=plain):
            return plain
        case Union(left=left, right=right):
            return is_plain(left) and is_plain(right)
        case _:
            return False


def set_piece(what: CharacterSet) -> Piece:
    """A set as a piece."""
    if isinstance(what, Complement) and is_plain(what.inner):
        return one(between_brackets(what), plain=True)
    return one(f"[{between_brackets(what)}]", plain=is_plain(what))


def one(text: str, *, plain: bool) -> Piece:
    """A piece that matches one character."""
    return Piece(text, 1, 1, one=True, plain=plain)
