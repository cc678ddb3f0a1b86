"""A template's face: text in, rendered text out.

What may live here: parsing and compiling once, the cache of what was compiled, and turning whatever ends a rendering
into an error with its place.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from sys import gettrace
from typing import TYPE_CHECKING, Any, Final

from vtlsim.values.objects import JavaException
from vtlsim.velocity import limits
from vtlsim.velocity.compiler import compile_tree
from vtlsim.velocity.dialect import API_GATEWAY
from vtlsim.velocity.errors import LimitExceededError, RenderError, TemplateSyntaxError, VelocityError
from vtlsim.velocity.java.problems import LimitReached
from vtlsim.velocity.parser import parse
from vtlsim.velocity.rendering import Rendering, join
from vtlsim.velocity.scopes import RootScope
from vtlsim.velocity.signals import Nearest, Stop, TemplateFault
from vtlsim.velocity.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType, TracebackType

    from vtlsim.velocity import nodes
    from vtlsim.velocity.compiler import Unit
    from vtlsim.velocity.dialect import Dialect
    from vtlsim.velocity.watch import Notice, Watch

_CACHE_SIZE: Final = 256
_OFTEN: Final = 12
"""Renderings after which a template is worth code that is quicker to run and slower to make."""
_cache: dict[tuple[str, str, Dialect], _Compiled] = {}


class _Compiled:
    """A parsed template with the code that was made of it, each shape when it is first needed."""

    __slots__ = ("_open", "_plain", "_quick", "_tried", "_uses", "dialect", "source", "tree")

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect
        self.tree: nodes.Block = parse(source, dialect)
        self._plain: Unit | None = None
        self._quick: Unit | None = None
        self._tried = False
        """Whether code that is quick to run was asked for."""
        self._uses = 0
        self._open: Unit | None = None

    def unit(self, *, watched: bool, keeps: bool) -> Unit:
        """The code, watched or not; that of a rendering whose variables are kept does keep them all."""
        if watched:
            if self._open is None:
                self._open = compile_tree(self.tree, self.source, self.dialect, watched=True)
            return self._open
        quick = self._quick
        if quick is not None and (quick.complete or not keeps) and not _is_traced():
            return quick
        self._uses += 1
        if self._plain is None:
            self._plain = compile_tree(self.tree, self.source, self.dialect, quick=False)
        elif self._uses >= _OFTEN and not self._tried and self._plain.plain and not _is_traced():
            self._tried = True
            with suppress(TemplateSyntaxError):  # nested too deeply for the longer code
                quick = self._quick = compile_tree(self.tree, self.source, self.dialect, quick=True, keeps=keeps)
                if quick.complete or not keeps:
                    return quick
        return self._plain

    @property
    def latest(self) -> Unit:
        """The code that was made last of an unwatched rendering, or is made now."""
        return self._quick or self._plain or self.unit(watched=False, keeps=False)


def _is_traced() -> bool:
    """Whether a debugger or a coverage tool looks on: it gets the code that stands line by line as the template does."""
    return gettrace() is not None or (_monitoring is not None and any(map(_monitoring.get_tool, range(6))))


_monitoring: Final = getattr(sys, "monitoring", None)  # since Python 3.12


class Template:
    """A mapping template.

    ``text`` is at most 300 KB in UTF-8; ``name`` is what errors, tracebacks and debuggers call it.

    :raises TemplateSyntaxError: when the text does not parse, with the place.
    """

    __slots__ = ("_compiled", "dialect", "name")

    def __init__(self, text: str, name: str = "template", dialect: Dialect = API_GATEWAY) -> None:
        self.name = name
        self.dialect = dialect
        key = (text, name, dialect)
        compiled = _cache.get(key)
        if compiled is None:
            source = Source(text, name)
            if len(text) > limits.TEMPLATE_BYTES // 4 and len(text.encode("utf-8", "replace")) > limits.TEMPLATE_BYTES:
                message = f"the template has more than {limits.TEMPLATE_BYTES:,} bytes"
                raise TemplateSyntaxError(message, source, Span(0, 0))
            compiled = _Compiled(source, dialect)
            if len(_cache) >= _CACHE_SIZE:
                for oldest in list(_cache)[: _CACHE_SIZE // 4]:
                    _cache.pop(oldest, None)
            _cache[key] = compiled
        self._compiled = compiled

    @property
    def source(self) -> Source:
        """The text and its name."""
        return self._compiled.source

    @property
    def tree(self) -> nodes.Block:
        """The parsed template."""
        return self._compiled.tree

    @property
    def code(self) -> CodeType:
        """The code object of an unwatched rendering: its file and lines are the template's."""
        return self._compiled.latest.code

    def render(
        self, variables: Mapping[str, object], *, watch: Watch | None = None, notices: list[Notice] | None = None
    ) -> str:
        """The template's text over ``variables``, which are not changed (what they hold can be: values are live). They hold
        values as :mod:`vtlsim.values` has them; a dict of another class may act by itself when it is read.

        :raises RenderError: when a method throws, or a bound is met (:class:`LimitExceededError`).
        """
        return self._render(variables, None, watch, notices, keeps=False)

    def render_in(
        self,
        variables: dict[str, Any],
        *,
        watch: Watch | None = None,
        notices: list[Notice] | None = None,
        keep: bool = True,
    ) -> str:
        """As :meth:`render`, with the template's own variables left in ``variables`` afterwards. Nobody relies on them who
        does not ``keep`` them.
        """
        return self._render(variables, variables, watch, notices, keeps=keep)

    def _render(
        self,
        variables: Any,
        own: dict[str, Any] | None,
        watch: Watch | None,
        notices: list[Notice] | None,
        *,
        keeps: bool,
    ) -> str:
        """``own`` are the variables that a rendering may change, where it may."""
        compiled = self._compiled
        unit = compiled.unit(watched=watch is not None, keeps=keeps)
        rendering = Rendering(self._evaluated, notices, watch, self.dialect.foreach_iterations, keeps=keeps)
        if watch is not None:
            watch.spans = unit.spans
        out: list[str] = []
        scope: Any = variables if unit.plain else RootScope(dict(variables) if own is None else own)
        try:
            unit.function(scope, out, rendering)
            return join(out)
        except (Nearest, Stop):
            return self._joined(out)
        except (JavaException, LimitReached, TemplateFault, RecursionError) as problem:
            raise self._located(problem, unit) from problem

    def _joined(self, out: list[str]) -> str:
        try:
            return join(out)
        except LimitReached as problem:
            raise LimitExceededError(limits.met(problem.limit), self.source, Span(0, 0), problem.limit) from problem

    def _evaluated(self, text: str, rendering: Rendering) -> Callable[[Any, list[str]], None]:
        """The function that renders an ``#evaluate``'s text."""
        try:
            source = Source(text, self.name)
            tree = parse(source, self.dialect, macros=rendering.macros)
            unit = compile_tree(tree, source, self.dialect, open_shape=True)
        except TemplateSyntaxError as problem:
            raise TemplateFault(problem.message) from problem
        return lambda scope, out: unit.function(scope, out, rendering)

    def _located(self, problem: Exception, unit: Unit) -> VelocityError:
        span = _span(problem.__traceback__, unit, self.source)
        if isinstance(problem, LimitReached):
            return LimitExceededError(limits.met(problem.limit), self.source, span, problem.limit)
        if isinstance(problem, RecursionError):
            return LimitExceededError(limits.met("RENDER_DEPTH"), self.source, span, "RENDER_DEPTH")
        return RenderError(str(problem), self.source, span)


def _span(trace: TracebackType | None, unit: Unit, source: Source) -> Span:
    """Where in the template an exception passed last: read from the position that its instruction carries."""
    found: tuple[int | None, int | None, int | None, int | None] | None = None
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == source.name and trace.tb_frame.f_globals is unit.function.__globals__:
            for at, position in enumerate(code.co_positions()):
                if at == trace.tb_lasti // 2:
                    found = position
                    break
        trace = trace.tb_next
    if found is None or found[0] is None:
        return Span(0, 0)
    line, end_line, column, end_column = found
    assert line is not None
    start = _offset(source, line, column)
    return Span(start, max(start, _offset(source, end_line or line, end_column)))


def _offset(source: Source, line: int, column: int | None) -> int:
    """The offset of a place given as Python gives it: columns in UTF-8 bytes from 0."""
    starts = source.starts
    start = starts[min(line, len(starts)) - 1]
    if column is None:
        return start
    end = starts[line] if line < len(starts) else len(source.text)
    text = source.text[start:end]
    if text.isascii():
        return start + column
    return start + len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
