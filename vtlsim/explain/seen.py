"""What each line of a template did, from what a watched rendering saw.

What may live here: putting sightings back to the statements that made them, folding loops, and the table of lines. Text
that is only printed has no line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.explain.excerpt import printable
from vtlsim.explain.phrases import counted, shortened
from vtlsim.explain.places import located
from vtlsim.velocity import nodes as n
from vtlsim.velocity.dialect import API_GATEWAY, EMPTY_INVALID_REFERENCES
from vtlsim.velocity.errors import VelocityError
from vtlsim.velocity.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vtlsim.gateway.model import TemplateText
    from vtlsim.velocity.watch import Sighting

TEXT_WIDTH: Final = 40
"""Columns of a template's line that are shown beside what it did."""

DIFFERENT: Final = 3
"""Different values of one place, in a loop, that are shown; the rest is counted."""

_VALUE_WIDTH: Final = 60


class Row(NamedTuple):
    """One thing that a line did. ``depth`` counts the loops and branches around it; ``code`` is a register code."""

    line: int
    depth: int
    outcome: str
    code: str = ""


def lines(template: TemplateText, sightings: Sequence[Sighting]) -> list[str]:
    """The table: number, text and outcome of each line that did something, in the order of the template.

    Numbers are those of the document where the template stands in one, as in its errors and warnings.
    """
    source = Source(template.text, template.name)
    found = rows(template, sightings)
    numbers = {row.line: _number(template, source, row.line) for row in found}
    digits = max((len(number) for number in numbers.values()), default=1)
    made: list[str] = []
    last = 0
    for row in found:
        text = ""
        if row.line != last:
            text = "  " * row.depth + _cut(source.line(row.line).strip(), TEXT_WIDTH - 2 * row.depth)
        number = numbers[row.line] if row.line != last else ""
        last = row.line
        made.append(f"{number:>{digits}}  {text:<{TEXT_WIDTH}}  {row.outcome}{f'  {row.code}' if row.code else ''}")
    return made


def _number(template: TemplateText, source: Source, line: int) -> str:
    if template.places is None:
        return str(line)
    text = source.line(line)
    start = source.starts[line - 1] + len(text) - len(text.lstrip())
    document, there = located(template, Span(start, start))
    return str(document.position(there.start).line)


def rows(template: TemplateText, sightings: Sequence[Sighting]) -> list[Row]:
    """What each line did, in the order of the template."""
    from vtlsim.velocity.template import Template

    try:
        made = Template(template.text, template.name, API_GATEWAY)
    except VelocityError:
        return []
    seen: dict[tuple[str, Span], list[Sighting]] = {}
    for each in sightings:
        seen.setdefault((each.kind, each.span), []).append(each)
    return list(_Table(made.source, seen).block(made.tree, 0))


def _cut(text: str, width: int) -> str:
    shown = printable(text)
    return shown if len(shown) <= width else f"{shown[: max(1, width - 1)]}…"


class _Table:
    """One walk over a template with what was seen of it."""

    def __init__(self, source: Source, seen: dict[tuple[str, Span], list[Sighting]]) -> None:
        self.source = source
        self.seen = seen

    def block(self, block: n.Block, depth: int) -> Iterator[Row]:
        for statement in block.statements:
            yield from self.statement(statement, depth)

    def statement(self, node: n.Statement, depth: int) -> Iterator[Row]:
        match node:
            case n.Reference():
                yield from self._reference(node, depth)
            case n.SetDirective():
                target = self.source.slice(node.target.span)
                yield from self._values(node.span, node.value.span, f"{_cut(target, 30)} = ", depth)
            case n.IfDirective():
                yield from self._branches(node, depth)
            case n.ForeachDirective():
                yield from self._loop(node, depth)
            case n.DefineDirective() | n.MacroDefinition():
                yield from self.block(node.body, depth)
            case _:
                pass

    def _line(self, span: Span) -> int:
        return self.source.position(span.start).line

    def _values(self, at: Span, span: Span, head: str, depth: int) -> Iterator[Row]:
        found = self.seen.get(("value", span))
        if found:
            yield Row(self._line(at), depth, head + _folded([_shown(each.value) for each in found]))

    def _reference(self, node: n.Reference, depth: int) -> Iterator[Row]:
        found = self.seen.get(("value", node.span))
        if not found:
            return
        name = _cut(self.source.slice(node.span), 40)
        if all(each.value is None or each.value == "" for each in found):
            missing = any(each.value is None for each in found)
            why = "has no value: printed nothing" if missing else "printed nothing"
            times = f" ({len(found):,} times)" if len(found) > 1 else ""
            yield Row(self._line(node.span), depth, f"{name} {why}{times}", EMPTY_INVALID_REFERENCES if missing else "")
        else:
            shown = ["nothing" if each.value is None or each.value == "" else _shown(each.value) for each in found]
            yield Row(self._line(node.span), depth, f"{name} = {_folded(shown)}")

    def _branches(self, node: n.IfDirective, depth: int) -> Iterator[Row]:
        for at, branch in enumerate(node.branches):
            found = self.seen.get(("value", branch.condition.span))
            if found:
                word = "#if" if at == 0 else "#elseif"
                held = sum(_holds(each.value) for each in found)
                if len(found) == 1:
                    outcome = "true" if held else "false"
                else:
                    outcome = f"true {held:,}, false {len(found) - held:,} times"
                condition = _cut(self.source.slice(branch.condition.span), 40)
                yield Row(self._line(branch.condition.span), depth, f"{word}({condition}) {outcome}")
            yield from self.block(branch.body, depth + 1)
        if node.otherwise is not None:
            yield from self.block(node.otherwise, depth + 1)

    def _loop(self, node: n.ForeachDirective, depth: int) -> Iterator[Row]:
        begun = self.seen.get(("loop", node.span), [])
        times = len(self.seen.get(("iteration", node.span), ()))
        over = self.seen.get(("value", node.iterable.span), [])
        if begun or over:
            runs = f" in {counted(len(begun), 'loop')}" if len(begun) > 1 else ""
            first = next((each.value[0] for each in over if isinstance(each.value, list) and each.value), None)
            element = ""
            if first is not None and times:
                element = f"{', first' if times > 1 else ''} ${node.element} = {_shown(first)}"
            yield Row(self._line(node.span), depth, f"x{times:,}{runs}{element}")
        yield from self.block(node.body, depth + 1)


def _holds(value: object) -> bool:
    from vtlsim.values.truth import is_true

    return is_true(value)


def _shown(value: object) -> str:
    from vtlsim.values.objects import JavaException
    from vtlsim.values.text import text

    if value is None:
        return "null"
    try:
        found = text(value)
    except JavaException as error:
        return f"({error.java_class})"
    return shortened(found, _VALUE_WIDTH) if found else '""'


def _folded(shown: list[str]) -> str:
    """The values of one place: the first few different ones, and how many there were."""
    if len(shown) == 1:
        return shown[0]
    different = list(dict.fromkeys(shown))
    kept = [each if len(each) <= _VALUE_WIDTH // 2 else f"{each[: _VALUE_WIDTH // 2]}…" for each in different]
    if len(different) == 1:
        return f"{different[0]} ({len(shown):,} times)"
    more = ", …" if len(different) > DIFFERENT else ""
    return f"{', '.join(kept[:DIFFERENT])}{more} ({len(shown):,} times)"
