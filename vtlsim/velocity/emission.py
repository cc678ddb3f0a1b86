"""Pieces of Python code at places of a template.

What may live here: how an AST node of Python's is made, where in the template it stands, and the function under
construction. What is made of which template node is :mod:`expressions`' and :mod:`compiler`'s business.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final, TypeVar

from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from vtlsim.velocity.dialect import Dialect
    from vtlsim.velocity.source import Source
    from vtlsim.velocity.survey import Survey

N = TypeVar("N", bound=ast.AST)

_NEW_CONSTANT: Final = ast.Constant.__new__
_NEW_NAME: Final = ast.Name.__new__
_NEW_CALL: Final = ast.Call.__new__

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

    def __init__(
        self, source: Source, dialect: Dialect, survey: Survey, *, watched: bool, open_shape: bool, quick: bool
    ) -> None:
        self.source = source
        self.dialect = dialect
        self.survey = survey
        self.watched = watched
        self.quick = quick and not (watched or open_shape)
        """Whether what is common is done at once in Python, which makes more code of it."""
        self.open = open_shape
        """Whether variables live in a scope object rather than in locals."""
        self.batches = not open_shape and survey.in_one_breath
        """Whether pieces of output are joined before they are written."""
        self.bound: dict[tuple[str, tuple[str, int]], str] = {}
        """Methods of variables that the template never sets: looked up once, at the beginning. The variable, the method
        and its number of arguments -> the local."""
        self.direct = False
        """Whether properties are read as if their owners were maps that have them."""
        self.flags: list[str] = []
        """The locals that tell whether a piece of output could be written so up to now."""
        self.spans: list[Span] = []
        self.frame = Frame("render")
        self.functions = 0
        self._ascii = source.text.isascii()
        self._starts = source.starts
        self.span: Span = Span(-1, -1)
        """Where what is emitted next stands."""
        self._loads: dict[str, ast.Name] = {}
        self._at: dict[str, Any] = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
        self._begin: dict[str, Any] = {"lineno": 1, "col_offset": 0}
        """The same without its end, for what cannot fail: nobody looks for the place of a name or a constant."""
        self._places: dict[Span, tuple[dict[str, Any], dict[str, Any], dict[str, ast.Name]]] = {}

    # -- places -------------------------------------------------------------------------------------------------------

    def place(self, span: Span) -> None:
        """Lets what is emitted next stand at a span of the template."""
        if span is self.span:
            return
        self.span = span
        found = self._places.get(span)
        if found is not None:
            self._at, self._begin, self._loads = found
            return
        start, end = span
        starts = self._starts
        line = bisect_right(starts, start)
        first = starts[line - 1]
        if end <= start:
            end, end_line, last = start, line, first
        elif line == len(starts) or end < starts[line]:
            end_line, last = line, first
        else:
            end_line = bisect_right(starts, end)
            last = starts[end_line - 1]
        column = start - first if self._ascii else self._bytes(first, start)
        self._begin = {"lineno": line, "col_offset": column}
        self._at = {
            **self._begin,
            "end_lineno": end_line,
            "end_col_offset": end - last if self._ascii else self._bytes(last, end),
        }
        self._loads = {}
        self._places[span] = (self._at, self._begin, self._loads)

    def on_one_line(self, span: Span) -> bool:
        """Whether a span begins and ends on the same line."""
        return bisect_right(self._starts, span.start) == bisect_right(self._starts, span.end)

    def _bytes(self, start: int, end: int) -> int:
        """Python counts columns in bytes of UTF-8."""
        return len(self.source.text[start:end].encode("utf-8", "surrogatepass"))

    def number(self, span: Span) -> ast.expr:
        """The number under which a watched compile speaks of a span."""
        self.spans.append(span)
        return self.constant(len(self.spans) - 1)

    # -- small pieces of Python ---------------------------------------------------------------------------------------

    def node(self, kind: type[N], /, **fields: Any) -> N:
        """A node of Python's at the current place, made in a third of the time that its constructor takes."""
        made = kind.__new__(kind)
        fields.update(self._at)
        made.__dict__ = fields
        return made

    def constant(self, value: Any) -> ast.expr:
        """A constant."""
        made = _NEW_CONSTANT(ast.Constant)
        made.__dict__ = {"value": value, "kind": None, **self._begin}
        return made

    def load(self, name: str) -> ast.expr:
        """A name's value."""
        found = self._loads.get(name)
        if found is None:
            found = _NEW_NAME(ast.Name)
            found.__dict__ = {"id": name, "ctx": LOAD, **self._begin}
            self._loads[name] = found
        return found

    def store(self, name: str) -> ast.Name:
        """A name to assign to."""
        return self.node(ast.Name, id=name, ctx=STORE)

    def call(self, function: str, *arguments: ast.expr) -> ast.Call:
        """A call of a function by name."""
        made = _NEW_CALL(ast.Call)
        made.__dict__ = {"func": self.load(function), "args": list(arguments), "keywords": [], **self._at}
        return made

    def method(self, owner: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
        """A call of a method of a Python object of ours."""
        return self.node(ast.Call, func=self.attribute(owner, name), args=list(arguments), keywords=[])

    def pack(self, items: list[ast.expr]) -> ast.expr:
        """A tuple."""
        return self.node(ast.Tuple, elts=items, ctx=LOAD)

    def assign(self, name: str, value: ast.expr) -> ast.stmt:
        """``name = value``"""
        return self.node(ast.Assign, targets=[self.store(name)], value=value, type_comment=None)

    def do(self, value: ast.expr) -> ast.stmt:
        """An expression for its effect."""
        return self.node(ast.Expr, value=value)

    def test(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
        """``left operator right``"""
        return self.node(ast.Compare, left=left, ops=[operator], comparators=[right])

    def choose(self, test: ast.expr, yes: ast.expr, no: ast.expr) -> ast.expr:
        """``yes if test else no``"""
        return self.node(ast.IfExp, test=test, body=yes, orelse=no)

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
        return self.node(ast.NamedExpr, target=self.store(name), value=value), name

    def attribute(self, owner: ast.expr, name: str) -> ast.expr:
        """``owner.name``, of a Python object of ours."""
        made = ast.Attribute.__new__(ast.Attribute)
        # without its end: CPython 3.11 tells of a call over several lines that it begins where this ends
        made.__dict__ = {"value": owner, "attr": name, "ctx": LOAD, **self._begin}
        return made
