"""Pieces of Python code at places of a template.

What may live here: how an AST node of Python's is made, where in the template it stands, and the function under
construction. What is made of which template node is :mod:`expressions`' and :mod:`compiler`'s business.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from vtlsim.velocity.dialect import Dialect
    from vtlsim.velocity.source import Source
    from vtlsim.velocity.survey import Survey

LOAD: Final = ast.Load()
STORE: Final = ast.Store()
IS: Final = ast.Is()
IS_NOT: Final = ast.IsNot()
EQ: Final = ast.Eq()
NE: Final = ast.NotEq()
AND: Final = ast.And()
OR: Final = ast.Or()
NOT: Final = ast.Not()


class Frame:
    """One function under construction."""

    __slots__ = ("assigned", "loops", "name", "pending", "temporaries")

    def __init__(self, name: str) -> None:
        self.name = name
        self.temporaries = 0
        self.pending: list[ast.stmt] = []
        """Functions that the statement under construction needs before it."""
        self.assigned: set[str] = set()
        self.loops: list[Loop] = []


class Loop:
    """The locals of a loop that is being emitted in the plain shape."""

    __slots__ = ("index", "last")

    def __init__(self, depth: int) -> None:
        self.index = f"index{depth}"
        self.last = f"last{depth}"


class Emitter:
    """Makes Python code for one template."""

    def __init__(self, source: Source, dialect: Dialect, survey: Survey, *, watched: bool, open_shape: bool) -> None:
        self.source = source
        self.dialect = dialect
        self.survey = survey
        self.watched = watched
        self.open = open_shape
        """Whether variables live in a scope object rather than in locals."""
        self.batches = not open_shape and not (survey.has_define and survey.has_stop)
        """Whether pieces of output can be joined before they are written. A block writes its own output; if a ``#stop``
        in it ends the rendering, what was written before it in the same breath must stand."""
        self.bound: dict[tuple[str, tuple[str, int]], str] = {}
        """Methods of variables that the template never sets: looked up once, at the beginning. The variable, the method
        and its number of arguments -> the local."""
        self.spans: list[Span] = []
        self.frame = Frame("render")
        self.functions = 0
        self._ascii = source.text.isascii()
        self.at: dict[str, Any] = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}

    # -- places -------------------------------------------------------------------------------------------------------

    def place(self, span: Span) -> None:
        """Lets what is emitted next stand at a span of the template."""
        line, column = self.source.position(span.start)
        end_line, end_column = self.source.position(max(span.start, span.end))
        if not self._ascii:
            column, end_column = self._bytes(line, column), self._bytes(end_line, end_column)
        self.at = {
            "lineno": line,
            "col_offset": column - 1,
            "end_lineno": end_line,
            "end_col_offset": end_column - 1,
        }

    def _bytes(self, line: int, column: int) -> int:
        start = self.source.starts[line - 1]
        return len(self.source.text[start : start + column - 1].encode("utf-8", "surrogatepass")) + 1

    def number(self, span: Span) -> ast.expr:
        """The number under which a watched compile speaks of a span."""
        self.spans.append(span)
        return self.constant(len(self.spans) - 1)

    # -- small pieces of Python ---------------------------------------------------------------------------------------

    def constant(self, value: Any) -> ast.expr:
        """A constant."""
        return ast.Constant(value=value, **self.at)

    def load(self, name: str) -> ast.expr:
        """A name's value."""
        return ast.Name(id=name, ctx=LOAD, **self.at)

    def store(self, name: str) -> ast.Name:
        """A name to assign to."""
        return ast.Name(id=name, ctx=STORE, **self.at)

    def call(self, function: str, *arguments: ast.expr) -> ast.Call:
        """A call of a function by name."""
        return ast.Call(func=self.load(function), args=list(arguments), keywords=[], **self.at)

    def method(self, owner: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
        """A call of a method of a Python object of ours."""
        function = ast.Attribute(value=owner, attr=name, ctx=LOAD, **self.at)
        return ast.Call(func=function, args=list(arguments), keywords=[], **self.at)

    def pack(self, items: list[ast.expr]) -> ast.expr:
        """A tuple."""
        return ast.Tuple(elts=items, ctx=LOAD, **self.at)

    def assign(self, name: str, value: ast.expr) -> ast.stmt:
        """``name = value``"""
        return ast.Assign(targets=[self.store(name)], value=value, **self.at)

    def do(self, value: ast.expr) -> ast.stmt:
        """An expression for its effect."""
        return ast.Expr(value=value, **self.at)

    def test(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
        """``left operator right``"""
        return ast.Compare(left=left, ops=[operator], comparators=[right], **self.at)

    def choose(self, test: ast.expr, yes: ast.expr, no: ast.expr) -> ast.expr:
        """``yes if test else no``"""
        return ast.IfExp(test=test, body=yes, orelse=no, **self.at)

    def is_type(self, value: ast.expr, name: str) -> ast.expr:
        """``type(value) is name``"""
        return self.test(self.call("type", value), IS, self.load(name))

    def temporary(self) -> str:
        """A local that no other part of the current statement uses."""
        self.frame.temporaries += 1
        return f"t{self.frame.temporaries}"

    def held(self, value: ast.expr) -> tuple[ast.expr, str]:
        """The first use of a value and the name for its later uses; a bare local is its own name."""
        if isinstance(value, ast.Name):
            return value, value.id
        name = self.temporary()
        return ast.NamedExpr(target=self.store(name), value=value, **self.at), name

    def attribute(self, owner: ast.expr, name: str) -> ast.expr:
        """``owner.name``, of a Python object of ours."""
        return ast.Attribute(value=owner, attr=name, ctx=LOAD, **self.at)
