"""Where a piece of output came from: the JsonPath in the payload of what an expression printed.

What may live here: following values through a watched rendering, from ``$input.path('…')`` by way of ``#set`` and
``#foreach`` to what was written. A path is only told when the expression leads to it step by step; whether it leads to
the value that was seen is checked with the payload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.explain.statements import bodies
from vtlsim.velocity import nodes as n

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vtlsim.velocity.source import Span
    from vtlsim.velocity.watch import Sighting

_READERS: Final = frozenset({"path", "json"})
_SAME_VALUE: Final = frozenset({"toString", "trim"})


class Link(NamedTuple):
    """A piece of output and what wrote it.

    ``span`` is the place in the template, ``start`` and ``end`` that in the output. ``value`` is what the expression
    gave (None for plain text, and for null: then ``is_null``), ``path`` where in the payload it stands.
    """

    span: Span
    start: int
    end: int
    loops: tuple[int, ...]
    is_text: bool
    value: object = None
    is_null: bool = False
    path: str | None = None


def links(tree: n.Block, sightings: Sequence[Sighting], most: int = 20_000) -> tuple[list[Link], int]:
    """The pieces of an output in order, as far as ``most`` goes, and how many were left out."""
    roles = _Roles(tree)
    found: list[Link] = []
    left_out = 0
    known: dict[str, str] = {}
    iterated: dict[Span, str | None] = {}
    keys: dict[Span, list[str] | None] = {}
    last: dict[Span, Sighting] = {}
    for seen in sightings:
        if seen.kind == "value":
            last[seen.span] = seen
            target = roles.sets.get(seen.span)
            if target is not None:
                path = roles.path(target.value, known)
                if path is None:
                    known.pop(target.key, None)
                else:
                    known[target.key] = path
            loop = roles.loops.get(seen.span)
            if loop is not None:
                iterated[loop.span] = roles.path(loop.iterable, known)
                keys[loop.span] = [str(key) for key in seen.value] if isinstance(seen.value, dict) else None
        elif seen.kind == "iteration":
            each = roles.bodies.get(seen.span)
            if each is not None:
                base = iterated.get(seen.span)
                names = keys.get(seen.span)
                if base is None:
                    known.pop(each.element, None)
                elif names is None:
                    known[each.element] = f"{base}[{seen.value}]"
                elif seen.value < len(names):
                    known[each.element] = base + _step(names[seen.value])
        elif seen.kind == "output":
            if len(found) >= most:
                left_out += 1
                continue
            reference = roles.references.get(seen.span)
            if reference is None:
                found.append(Link(seen.span, seen.start, seen.end, seen.loops, is_text=True))
                continue
            value = last.get(seen.span)
            found.append(
                Link(
                    seen.span,
                    seen.start,
                    seen.end,
                    seen.loops,
                    is_text=False,
                    value=None if value is None else value.value,
                    is_null=value is not None and value.value is None,
                    path=roles.path(reference, known),
                )
            )
    return found, left_out


class _Roles:
    """What each place of a template is there for."""

    def __init__(self, tree: n.Block) -> None:
        self.sets: dict[Span, n.SetDirective] = {}
        self.loops: dict[Span, n.ForeachDirective] = {}
        self.bodies: dict[Span, n.ForeachDirective] = {}
        self.references: dict[Span, n.Reference] = {}
        for statement in _statements(tree):
            if isinstance(statement, n.SetDirective):
                if not statement.target.steps:
                    self.sets[statement.value.span] = statement
            elif isinstance(statement, n.ForeachDirective):
                self.loops[statement.iterable.span] = statement
                self.bodies[statement.span] = statement
            elif isinstance(statement, n.Reference):
                self.references[statement.span] = statement

    def path(self, expression: n.Expression, known: Mapping[str, str]) -> str | None:
        """The JsonPath that an expression leads to; None when it does not just read the payload."""
        if isinstance(expression, n.Group):
            return self.path(expression.inner, known)
        if not isinstance(expression, n.Reference):
            return None
        steps = expression.steps
        if expression.name == "input" and steps:
            first = steps[0]
            if not isinstance(first, n.Call) or first.name not in _READERS or len(first.arguments) != 1:
                return None
            argument = first.arguments[0]
            if not isinstance(argument, n.StringLiteral):
                return None
            base: str | None = argument.value.strip()
            if base and not base.startswith("$"):
                base = f"$.{base}"
            steps = steps[1:]
        else:
            base = known.get(expression.name)
        if not base:
            return None
        for step in steps:
            if isinstance(step, n.Property):
                base += _step(step.name)
            elif isinstance(step, n.Index):
                if not isinstance(step.argument, n.IntegerLiteral):
                    return None
                base += f"[{step.argument.value}]"
            elif step.name == "get" and len(step.arguments) == 1:
                argument = step.arguments[0]
                if isinstance(argument, n.StringLiteral):
                    base += _step(argument.value)
                elif isinstance(argument, n.IntegerLiteral):
                    base += f"[{argument.value}]"
                else:
                    return None
            elif step.name in _SAME_VALUE and not step.arguments:
                continue
            else:
                return None
        return base


def _step(name: str) -> str:
    if name.isascii() and name.replace("_", "a").isalnum() and not name[:1].isdigit():
        return f".{name}"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"


def _statements(block: n.Block) -> Iterator[n.Statement]:
    for statement in block.statements:
        yield statement
        for body in bodies(statement):
            yield from _statements(body)
