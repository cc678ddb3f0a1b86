"""Nodes become Python code on the template's own lines.

What may live here: the emission of code, and nothing that runs while a template renders (that is :mod:`runtime`). The
code object's file is the template's name and each of its instructions carries the line and column of the template, so
tracebacks, debuggers and coverage tools work on templates; the place of an error is read from there too.

Two shapes of code come out. In the plain shape each template variable is a local variable of one function, named as it
is typed (``$item``). In the open shape, for templates with macros, ``#evaluate`` and other things that make variables
unknowable beforehand, and for watched renderings, variables live in a scope object that is handed along.

Compiling is spread over a chain of classes, each in a file of its own: pieces of Python at a place (:mod:`emission`),
references, printing, expressions, output, directives, and here the functions and the whole.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from vtlsim.values.records import NamedTuple
from vtlsim.velocity import nodes as n
from vtlsim.velocity import runtime
from vtlsim.velocity.directives import DirectiveCompiler
from vtlsim.velocity.emission import STORE, Frame
from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.inlining import written_out
from vtlsim.velocity.source import Span
from vtlsim.velocity.survey import PIECES_AT_ONCE, Survey

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from vtlsim.velocity.dialect import Dialect
    from vtlsim.velocity.rendering import Rendering
    from vtlsim.velocity.source import Source


class Unit(NamedTuple):
    """A compiled template."""

    function: Callable[[dict[str, Any], list[str], Rendering], None]
    code: CodeType
    spans: tuple[Span, ...]
    """What a watched compile numbered: expressions, texts and branches by their index."""
    plain: bool
    """Whether the function takes the variables as a mapping that it does not change; otherwise as a scope object."""
    complete: bool
    """Whether every variable that the template sets can be kept afterwards."""


def compile_tree(
    tree: n.Block,
    source: Source,
    dialect: Dialect,
    *,
    watched: bool = False,
    open_shape: bool = False,
    quick: bool = True,
    keeps: bool = False,
) -> Unit:
    """Code for a parsed template, in the open shape where the template or the caller needs it.

    Code that is ``quick`` to run takes about twice as long to make: for a template that is rendered a few times the
    other is the better deal. Code that ``keeps`` variables has all of them in the end.

    :raises TemplateSyntaxError: when it is nested more deeply than Python's compiler takes.
    """
    try:
        compiler = Compiler(tree, source, dialect, watched=watched, open_shape=open_shape, quick=quick, keeps=keeps)
        return compiler.unit()
    except (RecursionError, MemoryError):
        raise TemplateSyntaxError("nested too deeply", source, Span(0, 0)) from None


class Compiler(DirectiveCompiler):
    """Emits the code of one template."""

    def __init__(
        self,
        tree: n.Block,
        source: Source,
        dialect: Dialect,
        *,
        watched: bool = False,
        open_shape: bool = False,
        quick: bool = True,
        keeps: bool = False,
    ) -> None:
        survey = Survey(tree, dialect)
        open_shape = open_shape or watched or survey.open
        self.complete = True
        if quick and not (keeps or open_shape) and survey.has_define and not survey.has_stop:
            flat = written_out(tree, survey.defined)
            flat_survey = survey if flat is None else Survey(flat, dialect)
            if flat is not None and not flat_survey.open:
                tree, survey, self.complete = flat, flat_survey, False
        super().__init__(source, dialect, survey, watched=watched, open_shape=open_shape, quick=quick)
        self.tree = tree

    def unit(self) -> Unit:
        """The compiled template."""
        module = ast.Module(body=[self._main()], type_ignores=[])
        code = compile(module, self.source.name, "exec", dont_inherit=True)
        names: dict[str, Any] = dict(runtime.NAMES)
        names["__name__"] = self.source.name
        exec(code, names)  # noqa: S102 - code of our own making: nothing of the template but constants is in it
        function = names["render"]
        return Unit(function, function.__code__, tuple(self.spans), not self.open, self.complete)

    # -- functions ----------------------------------------------------------------------------------------------------

    def _main(self) -> ast.stmt:
        self.place(Span(0, 0))
        survey = self.survey
        body: list[ast.stmt] = []
        tail: list[ast.stmt] = []
        if self.open:
            body.append(self.assign("get", self.attribute(self.load("scope"), "get")))
            for macro in survey.macros:
                body.extend(self._macro(macro))
        else:
            names = survey.names if survey.foreach_object else survey.names - {"foreach"}
            body.extend(self._found(sorted(names)))
            kept = self.constant(tuple(sorted(survey.assigned)))
            tail = (
                [self.do(self.call("keep", self.load("scope"), self.call("locals"), kept))] if survey.assigned else []
            )
        span = self.span
        body.append(self._writer())
        statements = self.block(self.tree)
        self.place(span)
        body.extend(
            self.assign(name, self.call("bind", self.load(f"${owner}"), self.constant(key)))
            for (owner, key), name in self.bound.items()
        )
        body.extend(self.assign(flag, self.constant(True)) for flag in self.flags)
        if tail and statements:
            keeps = self.attribute(self.load("rendering"), "keeps")
            last: list[ast.stmt] = [self.node(ast.If, test=keeps, body=tail, orelse=[])]
            body.append(self.node(ast.Try, body=statements, handlers=[], orelse=[], finalbody=last))
        else:
            body.extend(statements)
        return self.function("render", ["scope", "out", "rendering"], body)

    def _found(self, names: list[str]) -> list[ast.stmt]:
        """``$a, $b = map(scope.get, ("a", "b"))``"""
        if not names:
            return []
        targets: list[ast.expr] = [self.store(f"${name}") for name in names]
        get = self.attribute(self.load("scope"), "get")
        found = self.call("map", get, self.constant(tuple(names)))
        target = self.node(ast.Tuple, elts=targets, ctx=STORE)
        return [self.node(ast.Assign, targets=[target], value=found, type_comment=None)]

    def _writer(self) -> ast.stmt:
        """``write`` of a function: in code that is quick to run a list's method, otherwise one that joins and counts."""
        if self.quick:
            return self.assign("write", self.attribute(self.load("out"), "append"))
        return self.assign("write", self.method(self.load("rendering"), "writer", self.load("out")))

    def nested(self, block: n.Block, name: str) -> tuple[str, ast.stmt]:
        """A function ``(scope, out)`` that renders a block, and the name it is defined under."""
        outer, span = self.frame, self.span
        self.functions += 1
        self.frame = Frame(f"{name}{self.functions}")
        body: list[ast.stmt] = []
        if self.open:
            body.append(self.assign("get", self.attribute(self.load("scope"), "get")))
        body.append(self._writer())
        body.extend(self.block(block))
        self.place(span)
        if self.frame.assigned and not self.open:
            body.insert(0, self.node(ast.Nonlocal, names=sorted(self.frame.assigned)))
        made = self.frame.name
        self.frame = outer
        return made, self.function(made, ["scope", "out"], body)

    def string_function(self, node: n.Interpolation) -> str:
        """The name of a function that renders an interpolated string with directives in it."""
        name, function = self.nested(node.body, "string")
        self.frame.pending.append(function)
        return name

    def _macro(self, macro: n.MacroDefinition) -> list[ast.stmt]:
        self.place(macro.span)
        name, function = self.nested(macro.body, "macro")
        parameters = self.pack([self.constant(parameter) for parameter in macro.parameters])
        register = self.method(
            self.load("rendering"), "add_macro", self.constant(macro.name), parameters, self.load(name)
        )
        return [function, self.do(register)]

    # -- statements ---------------------------------------------------------------------------------------------------

    def block(self, block: n.Block) -> list[ast.stmt]:
        """The statements of a block, neighbouring pieces of output joined where that cannot be told."""
        emitted: list[ast.stmt] = []
        pieces: list[n.Text | n.Reference | n.IfDirective] = []
        outer, self.frame.pending = self.frame.pending, []
        for statement in block.statements:
            if isinstance(statement, (n.Text, n.Reference)) or self.is_piece(statement):
                alone = self.is_block(statement)
                if pieces and (alone or len(pieces) >= PIECES_AT_ONCE):
                    self.write_pieces(pieces, emitted)
                    pieces = []
                pieces.append(statement)
                if alone:
                    self.write_pieces(pieces, emitted)
                    pieces = []
                continue
            if pieces:
                self.write_pieces(pieces, emitted)
                pieces = []
            self.frame.temporaries = 0
            self.place(statement.span)
            made = self.statement(statement)
            self.flush(emitted)
            emitted.extend(made)
        if pieces:
            self.write_pieces(pieces, emitted)
        self.frame.pending = outer
        return emitted
