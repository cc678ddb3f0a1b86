"""Our nodes in the shape in which Reference.java gives Velocity's, so that the two can be compared.

What may live here: one function from nodes to lists, and the only knowledge of that shape on this side.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from vtlsim.velocity import nodes as n

if TYPE_CHECKING:
    from vtlsim.velocity.source import Source


def tree(block: n.Block, source: Source) -> list[Any]:
    """A block's statements. References carry the line and column at which they begin."""
    return [_tree(statement, source) for statement in block.statements]


def without_places(found: Any) -> Any:
    """A tree without lines and columns: inside strings Velocity counts them from the string."""
    if not isinstance(found, list):
        return found
    kept = [without_places(item) for item in found]
    if kept[:1] == ["reference"]:
        del kept[10]
    return kept


def _tree(node: Any, source: Source) -> list[Any]:
    def down(inner: Any) -> list[Any]:
        return _tree(inner, source)

    match node:
        case n.Text():
            return ["text", node.text]
        case n.Reference():
            return [
                "reference",
                node.name,
                node.quiet,
                node.escaped,
                node.escape_prefix,
                node.more_prefix,
                node.null_string,
                node.computable,
                node.runt,
                node.literal,
                list(source.position(node.span.start)),
                [down(step) for step in node.steps],
            ]
        case n.Property():
            return ["property", node.name]
        case n.Call():
            return ["call", node.name, *map(down, node.arguments)]
        case n.Index():
            return ["index", down(node.argument)]
        case n.StringLiteral():
            return ["string", node.value]
        case n.Interpolation():
            return ["interpolation", node.drop_last, tree(node.body, source)]
        case n.IntegerLiteral():
            return ["integer", str(node.value)]
        case n.FloatLiteral():
            return ["float", f"{struct.unpack('>Q', struct.pack('>d', node.value))[0]:x}"]
        case n.BooleanLiteral():
            return ["boolean", node.value]
        case n.ListLiteral():
            return ["list", [down(item) for item in node.items]]
        case n.MapLiteral():
            return ["map", [down(part) for entry in node.entries for part in entry]]
        case n.RangeLiteral():
            return ["range", [down(node.first), down(node.last)]]
        case n.Group():
            return ["group", node.literal, down(node.inner)]
        case n.Not():
            return ["not", node.literal, down(node.operand)]
        case n.Binary():
            return ["binary", node.operator, node.literal, down(node.left), down(node.right)]
        case n.Word():
            return ["word", node.text]
        case n.SetDirective():
            return ["set", node.key, down(node.target), down(node.value)]
        case n.IfDirective():
            branches = [[down(branch.condition), tree(branch.body, source)] for branch in node.branches]
            return ["if", branches, None if node.otherwise is None else tree(node.otherwise, source)]
        case n.ForeachDirective():
            return ["foreach", node.element, down(node.iterable), tree(node.body, source)]
        case n.FailingDirective():
            return ["failing"]
        case n.DefineDirective():
            return ["define", node.name, tree(node.body, source)]
        case n.MacroDefinition():
            return ["macro", [node.name, *node.parameters], tree(node.body, source)]
        case n.LiteralDirective():
            return ["literal", node.text, None if node.body is None else tree(node.body, source)]
        case n.BreakDirective():
            return ["break", [down(argument) for argument in node.arguments]]
        case n.StopDirective():
            return ["stop", [down(argument) for argument in node.arguments]]
        case n.EvaluateDirective():
            return ["evaluate", [down(argument) for argument in node.arguments]]
        case n.ResourceDirective():
            return ["resource", node.name, [down(argument) for argument in node.arguments]]
        case n.MacroCall():
            body = None if node.body is None else tree(node.body, source)
            return ["call", node.name, [down(argument) for argument in node.arguments], body, node.literal]
    message = f"no tree for {node!r}"
    raise TypeError(message)
