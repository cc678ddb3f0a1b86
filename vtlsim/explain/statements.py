"""The statements of a template in the order of its text, whatever they are inside of.

What may live here: walking a parsed template. Nothing is worded here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.velocity import nodes as n

if TYPE_CHECKING:
    from collections.abc import Iterator


def statements(block: n.Block, depth: int = 0) -> Iterator[tuple[n.Statement, int]]:
    """Each statement with the number of directives around it."""
    for statement in block.statements:
        yield statement, depth
        for inner in bodies(statement):
            yield from statements(inner, depth + 1)


def bodies(statement: n.Statement) -> Iterator[n.Block]:
    """The blocks that a statement may render."""
    match statement:
        case n.IfDirective():
            yield from statement.bodies
        case n.ForeachDirective() | n.DefineDirective() | n.MacroDefinition():
            yield statement.body
        case n.MacroCall():
            if statement.body is not None:
                yield statement.body
        case _:
            pass
