"""What of the templates ran: counted from what watched renderings saw, and put together over processes.

What may live here: the counts, watching every rendering of this process, and the form in which counts travel.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from vtlsim.surfaces.coverage.places import places
from vtlsim.velocity.template import Template
from vtlsim.velocity.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vtlsim.surfaces.coverage.places import Places
    from vtlsim.velocity.watch import Sighting


class Counts:
    """What ran of one template: indexes into its places."""

    __slots__ = ("arms", "loops", "pieces")

    def __init__(self) -> None:
        self.pieces: set[int] = set()
        self.arms: set[int] = set()
        self.loops: set[tuple[int, str]] = set()

    def add(self, found: Places, sightings: Iterable[Sighting]) -> None:
        """Counts one rendering."""
        seen: set[tuple[int, int]] = set()
        times: dict[tuple[int, int], int] = {}
        taken: dict[tuple[int, int], int] = {}
        runs: dict[tuple[int, int], set[str]] = {}
        for each in sightings:
            if each.kind == "taken":
                taken[each.span] = taken.get(each.span, 0) + 1
            elif each.kind == "loop":
                seen.add(each.span)
                count = each.value if isinstance(each.value, int) else 2
                runs.setdefault(each.span, set()).add("never" if count <= 0 else "once" if count == 1 else "often")
            elif each.kind in {"value", "output"}:
                seen.add(each.span)
                if each.kind == "value":
                    times[each.span] = times.get(each.span, 0) + 1
        self.pieces.update(at for at, piece in enumerate(found.pieces) if piece.seen in seen)
        for at, arm in enumerate(found.arms):
            if arm.seen is not None:
                if arm.seen in taken:
                    self.arms.add(at)
            elif times.get(arm.first, 0) > sum(taken.get(other, 0) for other in arm.others):
                self.arms.add(at)
        for at, loop in enumerate(found.loops):
            self.loops.update((at, each) for each in runs.get(loop.seen, ()))


class Recorder:
    """Counts over many renderings, for each template by its name and text."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], Counts] = {}

    def saw(self, name: str, text: str, sightings: Iterable[Sighting]) -> None:
        """Counts one rendering of a template."""
        found = places(text, name)
        if found is not None:
            self._of(name, text).add(found, sightings)

    def know(self, name: str, text: str) -> None:
        """Lets a template count that nothing may render."""
        if not any(known == text for _, known in self.counts):
            self._of(name, text)

    def _of(self, name: str, text: str) -> Counts:
        counts = self.counts.get((name, text))
        if counts is None:
            counts = self.counts[name, text] = Counts()
        return counts

    def dump(self) -> list[dict[str, Any]]:
        """The counts as plain values, for another process."""
        return [
            {
                "name": name,
                "text": text,
                "pieces": sorted(counts.pieces),
                "arms": sorted(counts.arms),
                "loops": [list(each) for each in sorted(counts.loops)],
            }
            for (name, text), counts in self.counts.items()
        ]

    def merge(self, dumped: Iterable[dict[str, Any]]) -> None:
        """Adds the counts of another process."""
        for each in dumped:
            counts = self._of(each["name"], each["text"])
            counts.pieces.update(each["pieces"])
            counts.arms.update(each["arms"])
            counts.loops.update((at, state) for at, state in each["loops"])


@contextmanager
def recording(recorder: Recorder) -> Iterator[None]:
    """While it lasts, every rendering of a template in this process is watched and counted.

    It observes at the one door through which templates are rendered, from outside: templates know nothing of it.
    """
    render_in = Template.render_in

    def watched(
        self: Template,
        variables: dict[str, Any],
        *,
        watch: Watch | None = None,
        notices: list[Any] | None = None,
        keep: bool = True,
    ) -> str:
        own = Watch() if watch is None else watch
        try:
            return render_in(self, variables, watch=own, notices=notices, keep=keep)
        finally:
            recorder.saw(self.name, self.source.text, own.sightings)

    Template.render_in = watched  # type: ignore[method-assign] # put back below
    try:
        yield
    finally:
        Template.render_in = render_in  # type: ignore[method-assign] # as it was
