"""What a watched rendering saw.

What may live here: the record that the code of a watched compile writes, and the notices of any rendering. It records;
it neither words nor decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vtlsim.values.collections import JSONArray
from vtlsim.values.records import NamedTuple
from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from types import TracebackType

_COPIED = 200
"""Items of a collection up to which a sighting keeps what it held then, not what becomes of it."""


class Notice(NamedTuple):
    """Something that AWS would do silently and a person would want to know.

    ``code`` is a register code; ``facts`` are what its wording needs. ``span`` is None where the place is not known.
    """

    code: str
    span: Span | None
    facts: tuple[object, ...]


def foreach_stopped(place: tuple[int, int], count: int, bound: int) -> Notice:
    """A loop over ``count`` items (one more than it may, where nobody counted on) ended after ``bound``."""
    from vtlsim.velocity.dialect import FOREACH_STOPS

    return Notice(FOREACH_STOPS, Span(*place), (count, bound))


class Sighting(NamedTuple):
    """One thing that happened.

    ``kind`` is ``value`` (an expression was evaluated: ``value`` is what it gave, None for null, also where the dialect
    then sees the empty string; a small collection is a copy, of its outermost level), ``output`` (text was
    written: the rendered output's ``[start:end]``), ``taken`` (a branch of an ``#if``: its span), ``loop`` (a
    ``#foreach`` began: ``value`` is the number of items) or ``iteration`` (``value`` is its index, from 0). ``loops``
    is the path of iteration indexes in which it happened, outermost first.
    """

    kind: str
    span: Span
    value: Any
    start: int
    end: int
    loops: tuple[int, ...]


class Watch:
    """Records a rendering. Make one for each rendering and read :attr:`sightings` afterwards."""

    __slots__ = ("_loops", "_written", "in_string", "limit", "sightings", "spans")

    def __init__(self, limit: int = 200_000) -> None:
        self.limit = limit
        """Sightings that are kept; what happens after that is not recorded (a watch must not take the machine)."""
        self.sightings: list[Sighting] = []
        self.spans: tuple[Span, ...] = ()
        self._written = 0
        self.in_string = 0
        self._loops: tuple[tuple[int, int], ...] = ()

    def _add(self, kind: str, number: int, value: object, start: int, end: int) -> None:
        if len(self.sightings) < self.limit:
            path = tuple(index for _, index in self._loops)
            self.sightings.append(Sighting(kind, self.spans[number], value, start, end, path))

    def value(self, number: int, value: object) -> None:
        """An expression was evaluated."""
        self._add("value", number, _as_it_is(value), self._written, self._written)

    def wrote(self, number: int, out: list[str], text: str) -> None:
        """Text is about to be written; inside an interpolated string it is no output yet."""
        del out
        if self.in_string or not text:
            return
        start = self._written
        self._written = start + len(text)
        self._add("output", number, None, start, self._written)

    def event(self, number: int, kind: str) -> None:
        """A branch was taken."""
        self._add(kind, number, None, self._written, self._written)

    def loop(self, number: int, count: int) -> None:
        """A loop begins, or does not because there is nothing to run over."""
        self._loops = tuple(entry for entry in self._loops if entry[0] != number)
        self._add("loop", number, count, self._written, self._written)

    def iteration(self, number: int, index: int) -> None:
        """A loop's next iteration begins."""
        kept: list[tuple[int, int]] = []
        for entry in self._loops:
            if entry[0] == number:
                break
            kept.append(entry)
        self._loops = (*kept, (number, index))
        self._add("iteration", number, index, self._written, self._written)

    def loop_ended(self, number: int) -> None:
        """A loop is over."""
        kept: list[tuple[int, int]] = []
        for entry in self._loops:
            if entry[0] == number:
                break
            kept.append(entry)
        self._loops = tuple(kept)

    def inside_string(self) -> _InsideString:
        """While an interpolated string is rendered, what is written is no output."""
        return _InsideString(self)


def _as_it_is(value: Any) -> Any:
    """A value that is not changed by what the template does next, where that is cheap to have."""
    kind = type(value)
    if (kind is dict or kind is list or kind is JSONArray) and len(value) <= _COPIED:
        return kind(value)
    return value


class _InsideString:
    __slots__ = ("watch",)

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def __enter__(self) -> None:
        self.watch.in_string += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.watch.in_string -= 1
