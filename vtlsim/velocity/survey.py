"""What a template uses, found in one walk over its nodes before code is made of it.

What may live here: questions about a whole tree whose answers decide which code is emitted. Nothing here emits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.velocity import nodes as n

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.velocity.dialect import Dialect

MUTATORS: Final = frozenset(
    [
        "add",
        "addAll",
        "addFirst",
        "addLast",
        "clear",
        "compute",
        "computeIfAbsent",
        "computeIfPresent",
        "merge",
        "put",
        "putAll",
        "putIfAbsent",
        "remove",
        "removeAll",
        "removeFirst",
        "removeIf",
        "removeLast",
        "replaceAll",
        "retainAll",
    ]
)
"""Methods that may change the size of the collection that a loop runs over."""

PLAIN_LOOPS: Final = 12
"""Loops inside one another that Python's compiler takes inside one function (its bound is 20 blocks)."""

PIECES_AT_ONCE: Final = 12
"""Texts and references in a row that are made into one string, each within its own bound."""

SCOPE_PROPERTIES: Final = frozenset({"index", "count", "hasNext", "first", "last"})
"""What may be asked of ``$foreach`` without making the object that it stands for."""


class Survey:
    """The facts about one template.

    ``names``: every variable that is read or set. ``assigned``: those that are set. ``open``: whether its variables
    need a scope object at run time, because macros, ``#evaluate`` or an oddity make them unknowable beforehand;
    otherwise each variable is a local of the compiled function.
    """

    __slots__ = (
        "_elements",
        "_elsewhere",
        "_within",
        "assigned",
        "defined",
        "dialect",
        "foreach_object",
        "has_define",
        "has_stop",
        "macros",
        "mutates",
        "mutating",
        "names",
        "open",
        "stops_in_string",
    )

    def __init__(self, tree: n.Block, dialect: Dialect) -> None:
        self.dialect = dialect
        self.names: set[str] = set()
        self.assigned: set[str] = set()
        self.macros: list[n.MacroDefinition] = []
        self.has_define = False
        self.has_stop = False
        self.stops_in_string = False
        """Whether a ``#stop`` stands in an interpolated string: evaluating an expression may end the rendering."""
        self.defined: set[str] = set()
        """The variables that ``#define`` binds to blocks."""
        self.mutates = False
        """Whether a collection may be changed in a place that is run from elsewhere: a block, a macro, a string."""
        self.mutating: set[int] = set()
        """The loops (their nodes' ids) in whose own body a collection may be changed."""
        self._within: list[int] = []
        self._elements: set[str] = set()
        self._elsewhere: set[str] = set()
        """What is set in a place that is run from elsewhere."""
        self.foreach_object = False
        """Whether ``$foreach`` is used in a way that needs the object itself."""
        self.open = False
        self._statements(tree, loops=(), function="main")
        if not self.in_one_breath:
            # Every string is a function then (see Emitter.batches), and loops are not seen from inside it.
            self.macros.clear()
            self._statements(tree, loops=(), function="main")
        if not self._elements.isdisjoint(self._elsewhere):
            self.open = True  # as where the loop's own body sets its element

    @property
    def in_one_breath(self) -> bool:
        """Whether pieces of output can be joined before they are written. A block writes its own output; if a ``#stop`` in
        it, or in a string, ends the rendering, what was written before it in the same breath must stand.
        """
        return not (self.stops_in_string or (self.has_define and self.has_stop))

    @property
    def changing(self) -> set[str]:
        """The variables whose value may change while the template renders."""
        return self.assigned | {"foreach", "velocityCount", "velocityHasNext"}

    # -- the walk -----------------------------------------------------------------------------------------------------

    def _statements(self, block: n.Block, loops: tuple[str, ...], function: str) -> None:
        for statement in block.statements:
            self._statement(statement, loops, function)

    def _statement(self, node: n.Statement, loops: tuple[str, ...], function: str) -> None:
        match node:
            case n.Text() | n.FailingDirective():
                pass
            case n.LiteralDirective():
                if self.dialect.inline_macros and node.body is not None:
                    self._statements(node.body, (), "block")  # macros are known wherever they stand
            case n.Reference():
                self._expression(node, loops, function)
            case n.SetDirective():
                self._expression(node.value, loops, function)
                self._assign(node.key if not node.target.steps else node.target.name, loops, bool(node.target.steps))
                if function != "main" and not node.target.steps:
                    self._elsewhere.add(node.key)
                if node.target.steps:
                    self._changes(function)
                    self._expression(node.target, loops, function)
            case n.IfDirective():
                for branch in node.branches:
                    self._expression(branch.condition, loops, function)
                    self._statements(branch.body, loops, function)
                if node.otherwise is not None:
                    self._statements(node.otherwise, loops, function)
            case n.ForeachDirective():
                self._expression(node.iterable, loops, function)
                self._assign(node.element, loops, stepped=False)
                self._elements.add(node.element)
                inner = (*loops, node.element)
                if len(inner) > PLAIN_LOOPS:
                    self.open = True
                self._within.append(id(node))
                self._statements(node.body, inner, function)
                self._within.pop()
            case n.DefineDirective():
                self.has_define = True
                self.defined.add(node.name)
                self._assign(node.name, loops, stepped=False)
                self._statements(node.body, (), "block")
            case n.BreakDirective():
                if node.arguments or (function == "string"):
                    self.open = True
                self._expressions(node.arguments, loops, function)
            case n.StopDirective():
                self.has_stop = True
                self.stops_in_string = self.stops_in_string or function == "string"
                self._expressions(node.arguments, loops, function)
            case n.ResourceDirective():
                self._expressions(node.arguments, loops, function)
            case n.EvaluateDirective():
                self.open = True
                self._expressions(node.arguments, loops, function)
            case n.MacroDefinition():
                if self.dialect.inline_macros:
                    self.open = True
                    self._statements(node.body, (), "macro")
                    self.macros.append(node)  # after those inside it, as Velocity registers them
            case n.MacroCall():
                if self.dialect.inline_macros:
                    self._expressions(node.arguments, loops, function)
                    if node.body is not None:
                        self.open = True
                        self._statements(node.body, (), "block")

    def _expressions(self, found: Iterable[n.Expression], loops: tuple[str, ...], function: str) -> None:
        for node in found:
            self._expression(node, loops, function)

    def _expression(self, node: n.Expression, loops: tuple[str, ...], function: str) -> None:
        match node:
            case n.Reference():
                self.names.add(node.name)
                if node.name == "foreach" and not (loops and is_scope_property(node)):
                    self.foreach_object = True
                for step in node.steps:
                    if type(step) is n.Call:
                        if step.name in MUTATORS:
                            self._changes(function)
                        self._expressions(step.arguments, loops, function)
                    elif type(step) is n.Index:
                        self._expression(step.argument, loops, function)
            case n.Interpolation():
                # Text and references alone are one expression; directives inside make it a function of its own.
                simple = is_simple(node) and self.in_one_breath
                self._statements(node.body, loops if simple else (), function if simple else "string")
            case n.ListLiteral():
                self._expressions(node.items, loops, function)
            case n.MapLiteral():
                for key, value in node.entries:
                    self._expression(key, loops, function)
                    self._expression(value, loops, function)
            case n.RangeLiteral():
                self._expression(node.first, loops, function)
                self._expression(node.last, loops, function)
            case n.Group():
                self._expression(node.inner, loops, function)
            case n.Not():
                self._expression(node.operand, loops, function)
            case n.Binary():
                operand: n.Expression = node
                while type(operand) is n.Binary:  # a long chain leans to the left: no recursion along it
                    self._expression(operand.right, loops, function)
                    operand = operand.left
                self._expression(operand, loops, function)
            case _:
                pass

    def _changes(self, function: str) -> None:
        if function == "main":
            self.mutating.update(self._within)
        else:
            self.mutates = True

    def _assign(self, name: str, loops: tuple[str, ...], stepped: bool) -> None:
        self.names.add(name)
        if stepped:
            return
        self.assigned.add(name)
        if name in loops:
            # Velocity hides a variable that is set while the loop's element is null: rare, and a scope object's task.
            self.open = True
        if name == "foreach":
            self.foreach_object = True


def is_scope_property(reference: n.Reference) -> bool:
    """Whether a reference to ``$foreach`` asks for one plain property of it."""
    if len(reference.steps) != 1 or reference.escaped:
        return False
    step = reference.steps[0]
    if type(step) is n.Property:
        return step.name in SCOPE_PROPERTIES
    return type(step) is n.Call and step.name == "hasNext" and not step.arguments


def is_simple(node: n.Interpolation) -> bool:
    """Whether an interpolated string holds text and references only, and few of them, so that it is one expression: its
    size is looked at when it is made.
    """
    return len(node.body.statements) <= PIECES_AT_ONCE and all(
        type(statement) is n.Text or type(statement) is n.Reference for statement in node.body.statements
    )


def is_pure(node: n.Expression) -> bool:
    """Whether evaluating a node can neither fail nor change anything, so that it need not be guarded."""
    if type(node) is n.Reference:
        return all(type(step) is n.Property for step in node.steps)
    return type(node) in (n.StringLiteral, n.IntegerLiteral, n.FloatLiteral, n.BooleanLiteral)
