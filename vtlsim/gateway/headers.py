"""HTTP header fields as they travel: ordered, repeatable, their names kept as they were sent.

What may live here: the container and its two ways of looking up. API Gateway compares names exactly where a template
or a mapping names a header, and as HTTP does (without regard to case) where HTTP's own rules speak: Content-Type,
Accept, what is forwarded, dropped or renamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Headers:
    """An immutable list of ``(name, value)`` pairs.

    ``exact`` and ``last_exact`` compare names character by character; ``folded`` and ``first`` as HTTP does.
    """

    __slots__ = ("_firsts", "pairs")

    pairs: tuple[tuple[str, str], ...]

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs = tuple(pairs)
        self._firsts: dict[str, str] | None = None

    @classmethod
    def of(cls, fields: Mapping[str, str | Iterable[str]] | None) -> Headers:
        """Headers from a mapping whose values are one text or several."""
        pairs: list[tuple[str, str]] = []
        for name, value in (fields or {}).items():
            if isinstance(value, str):
                pairs.append((name, value))
            else:
                pairs.extend((name, each) for each in value)
        return cls(pairs)

    def exact(self, name: str) -> tuple[str, ...]:
        """Every value of the fields so spelled, in the order sent."""
        return tuple([value for each, value in self.pairs if each == name])

    def last_exact(self, name: str) -> str | None:
        """The last value of the fields so spelled: what a mapping of a repeated header reads."""
        for each, value in reversed(self.pairs):
            if each == name:
                return value
        return None

    def folded(self, name: str) -> tuple[str, ...]:
        """Every value of the fields of that name in any case, in the order sent."""
        folded = name.lower()
        return tuple([value for each, value in self.pairs if each.lower() == folded])

    def first(self, name: str) -> str | None:
        """The first value of the fields of that name in any case."""
        firsts = self._firsts
        if firsts is None:
            firsts = self._by_folded_name()
        return firsts.get(name.lower())

    def holds(self, name: str) -> bool:
        """Whether there is a field of that name in any case."""
        return self.first(name) is not None

    def single(self) -> dict[str, str]:
        """Name as sent -> last value, in the order of first appearance."""
        return dict(self.pairs)

    def multiple(self) -> dict[str, list[str]]:
        """Name as sent -> every value, in the order of first appearance."""
        found: dict[str, list[str]] = {}
        for name, value in self.pairs:
            found.setdefault(name, []).append(value)
        return found

    def without(self, names: Iterable[str]) -> Headers:
        """These fields without those of the given names (in any case)."""
        gone = {name.lower() for name in names}
        return Headers([pair for pair in self.pairs if pair[0].lower() not in gone])

    def plus(self, pairs: Iterable[tuple[str, str]]) -> Headers:
        """These fields followed by others."""
        return Headers((*self.pairs, *pairs))

    def replaced(self, name: str, values: Iterable[str]) -> Headers:
        """These fields with all of that name (in any case) replaced by the given ones, at the end."""
        return self.without((name,)).plus((name, value) for value in values)

    def _by_folded_name(self) -> dict[str, str]:
        """Folded name -> first value, made when a field is first looked up."""
        self._firsts = firsts = {name.lower(): value for name, value in reversed(self.pairs)}
        return firsts

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self.pairs == other.pairs

    def __hash__(self) -> int:
        return hash(self.pairs)

    def __reduce__(self) -> tuple[type[Headers], tuple[tuple[tuple[str, str], ...]]]:
        return Headers, (self.pairs,)

    def __repr__(self) -> str:
        return f"Headers({list(self.pairs)!r})"


NO_HEADERS: Final = Headers()
