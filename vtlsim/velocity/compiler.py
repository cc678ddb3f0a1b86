"""Nodes become Python code on the template's own lines.

What may live here: the emission of code, and nothing that runs while a template renders (that is :mod:`runtime`). The
code object's file is the template's name and each of its instructions carries the line and column of the template, so
tracebacks, debuggers and coverage tools work on templates; the place of an error is read from there too.

Two shapes of code come out. In the plain shape each template variable is a local variable of one function, named as it
is typed (``$item``). In the open shape, for templates with macros, ``#evaluate`` and other things that make variables
unknowable beforehand, and for watched renderings, variables live in a scope object that is handed along.

Expressions are :mod:`expressions`' business.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.velocity import limits, runtime
from vtlsim.velocity import nodes as n
from vtlsim.velocity.emission import AND, IS, IS_NOT, NOT, OR, STORE, Frame, Loop
from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.expressions import ExpressionCompiler, never_null
from vtlsim.velocity.source import Span
from vtlsim.velocity.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from vtlsim.velocity.dialect import Dialect
    from vtlsim.velocity.rendering import Rendering
    from vtlsim.velocity.source import Source

_PIECES: Final = 12
"""Texts and references in a row that are written as one string."""

_LONG_IF: Final = 40
"""Branches of one ``#if`` that may nest in each other in the emitted code."""


class Unit(NamedTuple):
    """A compiled template."""

    function: Callable[[dict[str, Any], list[str], Rendering], None]
    code: CodeType
    spans: tuple[Span, ...]
    """What a watched compile numbered: expressions, texts and branches by their index."""
    plain: bool
    """Whether the function takes the variables as a dict; otherwise as a scope object."""


def compile_tree(
    tree: n.Block,
    source: Source,
    dialect: Dialect,
    *,
    watched: bool = False,
    open_shape: bool = False,
    quick: bool = True,
) -> Unit:
    """Code for a parsed template, in the open shape where the template or the caller needs it.

    Code that is ``quick`` to run takes about twice as long to make: for a template that is rendered a few times the
    other is the better deal.

    :raises TemplateSyntaxError: when it is nested more deeply than Python's compiler takes.
    """
    try:
        return Compiler(tree, source, dialect, watched=watched, open_shape=open_shape, quick=quick).unit()
    except (RecursionError, MemoryError):
        raise TemplateSyntaxError("nested too deeply", source, Span(0, 0)) from None


class Compiler(ExpressionCompiler):
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
    ) -> None:
        survey = Survey(tree, dialect)
        open_shape = open_shape or watched or survey.open
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
        return Unit(function, function.__code__, tuple(self.spans), not self.open)

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
            body.append(self.assign("get", self.attribute(self.load("scope"), "get")))
            body.extend(self.assign(f"${name}", self.call("get", self.constant(name))) for name in sorted(survey.names))
            tail = [
                self.do(self.call("keep", self.load("scope"), self.constant(name), self.load(f"${name}")))
                for name in sorted(survey.assigned)
            ]
        at = self.at
        body.append(self.assign("write", self.attribute(self.load("out"), "append")))
        statements = self.block(self.tree)
        self.at = at
        body.extend(
            self.assign(name, self.call("bind", self.load(f"${owner}"), self.constant(key)))
            for (owner, key), name in self.bound.items()
        )
        if tail and statements:
            kept = self.attribute(self.load("rendering"), "keeps")
            last: list[ast.stmt] = [self.node(ast.If, test=kept, body=tail, orelse=[])]
            body.append(self.node(ast.Try, body=statements, handlers=[], orelse=[], finalbody=last))
        else:
            body.extend(statements)
        return self._function("render", ["scope", "out", "rendering"], body)

    def _function(self, name: str, parameters: list[str], body: list[ast.stmt]) -> ast.stmt:
        return self.node(
            ast.FunctionDef,
            name=name,
            args=ast.arguments(
                posonlyargs=[],
                args=[self.node(ast.arg, arg=parameter) for parameter in parameters],
                kwonlyargs=[],
                kw_defaults=[],
                defaults=[],
            ),
            body=body or [self.node(ast.Pass)],
            decorator_list=[],
        )

    def nested(self, block: n.Block, name: str) -> tuple[str, ast.stmt]:
        """A function ``(scope, out)`` that renders a block, and the name it is defined under."""
        outer, at = self.frame, self.at
        self.functions += 1
        self.frame = Frame(f"{name}{self.functions}")
        body: list[ast.stmt] = []
        if self.open:
            body.append(self.assign("get", self.attribute(self.load("scope"), "get")))
        body.append(self.assign("write", self.attribute(self.load("out"), "append")))
        body.extend(self.block(block))
        self.at = at
        if self.frame.assigned and not self.open:
            body.insert(0, self.node(ast.Nonlocal, names=sorted(self.frame.assigned)))
        made = self.frame.name
        self.frame = outer
        return made, self._function(made, ["scope", "out"], body)

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
        pieces: list[n.Text | n.Reference] = []
        outer, self.frame.pending = self.frame.pending, []
        for statement in block.statements:
            if isinstance(statement, (n.Text, n.Reference)):
                alone = self._is_block(statement)
                if pieces and (alone or len(pieces) >= _PIECES):
                    self._pieces(pieces, emitted)
                    pieces = []
                pieces.append(statement)
                if alone:
                    self._pieces(pieces, emitted)
                    pieces = []
                continue
            if pieces:
                self._pieces(pieces, emitted)
                pieces = []
            self.frame.temporaries = 0
            self.place(statement.span)
            made = self.statement(statement)
            self._flush(emitted)
            emitted.extend(made)
        if pieces:
            self._pieces(pieces, emitted)
        self.frame.pending = outer
        return emitted

    def _flush(self, emitted: list[ast.stmt]) -> None:
        emitted.extend(self.frame.pending)
        self.frame.pending.clear()

    def _is_block(self, piece: n.Statement) -> bool:
        """Whether a piece is a variable that ``#define`` binds: written on its own, it need not become a string."""
        return isinstance(piece, n.Reference) and not piece.steps and piece.name in self.survey.defined

    def _pieces(self, pieces: list[n.Text | n.Reference], emitted: list[ast.stmt]) -> None:
        self.frame.temporaries = 0
        if self.batches and len(pieces) > 1:
            start, end = pieces[0].span.start, pieces[-1].span.end
            parts = self.joined(pieces)
            self.place(Span(start, end))
            self._flush(emitted)
            emitted.append(self.do(self._write(self.node(ast.JoinedStr, values=parts))))
            return
        at = 0
        while at < len(pieces):
            piece = pieces[at]
            self.place(piece.span)
            self.frame.temporaries = 0
            if isinstance(piece, n.Text):
                if piece.text:
                    emitted.append(self.do(self._write_text(piece)))
            elif self._is_block(piece) and not self.open and not piece.escaped:
                emitted.append(self._write_block(piece))
            else:
                made = self._write_reference(piece)
                self._flush(emitted)
                emitted.append(self.do(made))
            at += 1

    def _write_block(self, piece: n.Reference) -> ast.stmt:
        """Code that lets a variable write its own output, when it is a block as it should be."""
        value = self.variable(piece.name)
        rendered = self.method(value, "render", self.constant(None), self.load("out"))
        hidden = self.call("write", self.constant(piece.escape_prefix * 2 + piece.more_prefix + piece.null_string))
        failed = self.node(
            ast.If, test=self.node(ast.UnaryOp, op=NOT, operand=rendered), body=[self.do(hidden)], orelse=[]
        )
        otherwise: list[ast.stmt] = [self.do(self._write_reference(piece))]
        return self.node(ast.If, test=self.is_type(value, "PlainBlock"), body=[failed], orelse=otherwise)

    def _write_text(self, text: n.Text) -> ast.expr:
        if self.watched:
            return self.call(
                "watched_text",
                self.load("rendering"),
                self.load("out"),
                self.number(text.span),
                self.constant(text.text),
            )
        return self.call("write", self.constant(text.text))

    def _write_reference(self, node: n.Reference) -> ast.expr:
        """Code that prints a reference to the current output, a ``#define`` block's text included."""
        if node.runt:
            return self._write_text(n.Text(node.span, node.name))
        if not self.batches or (self.survey.has_define and not node.escaped):
            return self._show(node)
        return self._write(self.printed(node))

    def _write(self, text: ast.expr) -> ast.expr:
        """Code that writes a string which may be long."""
        if not self.quick:
            return self.method(self.load("rendering"), "write_piece", self.load("out"), text)
        first, held = self.held(text)
        short = self.test(self.call("len", first), ast.Lt(), self.constant(limits.LONG_PIECE))
        long = self.method(self.load("rendering"), "write_long", self.load("out"), self.load(held))
        return self.choose(short, self.call("write", self.load(held)), long)

    def _show(self, node: n.Reference) -> ast.expr:
        """The general way to print: the value may be a block that writes its own output."""
        plain = not (self.watched or node.escaped or node.escape_prefix or node.more_prefix or self.survey.macros)
        value = self.chain(node) if plain or self.watched else self._raw_or_empty(node)
        self.place(node.span)
        scope = self.load("scope") if self.open else self.constant(None)
        if self.watched:
            return self.call(
                "watched_show",
                self.load("rendering"),
                scope,
                self.load("out"),
                value,
                self.constant(node.escaped),
                self.constant(node.escape_prefix),
                self.constant(node.more_prefix),
                self.constant(node.null_string),
                self.constant(self.dialect.invalid_reference_is_empty),
                self.number(node.span),
            )
        if plain:
            first, held = self.held(value)
            show = "show_or_empty" if self.dialect.invalid_reference_is_empty else "show"
            otherwise = self.call(show, scope, self.load("out"), self.load(held), self.constant(node.null_string))
            return self.choose(self.is_type(first, "str"), self._write(self.load(held)), otherwise)
        return self.call(
            "show_prefixed",
            scope,
            self.load("out"),
            value,
            self.constant(node.escaped),
            self.constant(node.escape_prefix),
            self.constant(node.more_prefix),
            self.constant(node.null_string),
        )

    def statement(self, node: n.Statement) -> list[ast.stmt]:
        """The code of one statement other than text and references."""
        match node:
            case n.SetDirective():
                return self._set(node)
            case n.IfDirective():
                return self._if(node)
            case n.ForeachDirective():
                return self._foreach_open(node) if self.open else self._foreach(node)
            case n.DefineDirective():
                return self._define(node)
            case n.BreakDirective():
                return self._break(node)
            case n.StopDirective():
                return self._stop(node)
            case n.EvaluateDirective():
                argument = self.expression(node.arguments[0]) if node.arguments else self.constant("")
                self.place(node.span)
                return [
                    self.do(
                        self.method(
                            self.load("rendering"),
                            "evaluate",
                            self.load("scope"),
                            self.load("out"),
                            argument,
                            *self._watch_number(node.span),
                        )
                    )
                ]
            case n.ResourceDirective():
                return self._resource(node)
            case n.FailingDirective():
                return [self.do(self.call("fault", self.constant(node.message)))]
            case n.LiteralDirective():
                return [self.do(self._write_text(n.Text(node.span, node.text)))] if node.text else []
            case n.MacroDefinition():
                return []  # registered before anything is rendered, or refused
            case n.MacroCall():
                return self._macro_call(node)
            case n.Text() | n.Reference():  # handled by block(), which joins them
                emitted: list[ast.stmt] = []
                self._pieces([node], emitted)
                return emitted

    def _watch_number(self, span: Span) -> list[ast.expr]:
        return [self.number(span)] if self.watched else []

    def _set(self, node: n.SetDirective) -> list[ast.stmt]:
        value = self.expression(node.value)
        self.place(node.span)
        target = node.target
        if not target.steps:
            return self._set_variable(node.key, value)
        name = self.temporary()
        emitted = [self.assign(name, value)]
        store = self._store_step(target, name)
        self.place(node.span)
        guard = self.test(self.load(name), IS_NOT, self.constant(None))
        emitted.append(self.node(ast.If, test=guard, body=[self.do(store)], orelse=[]))
        return emitted

    def _set_variable(self, key: str, value: ast.expr) -> list[ast.stmt]:
        if self.open:
            return [self.do(self.call("put", self.load("scope"), self.constant(key), value))]
        self.frame.assigned.add(f"${key}")
        if never_null(value):
            return [self.assign(f"${key}", value)]
        name = self.temporary()
        guard = self.test(self.node(ast.NamedExpr, target=self.store(name), value=value), IS_NOT, self.constant(None))
        return [self.node(ast.If, test=guard, body=[self.assign(f"${key}", self.load(name))], orelse=[])]

    def _store_step(self, target: n.Reference, value: str) -> ast.expr:
        """Code that sets the last step of a reference; nothing happens when an earlier one is missing."""
        owner = self.variable(target.name)
        for step in target.steps[:-1]:
            owner = self.step(owner, step, target.span.start)
        last = target.steps[-1]
        self.place(last.span)
        if isinstance(last, n.Index):
            first, held = self.held(owner)
            argument = self.expression(last.argument)
            self.place(last.span)
            store = self.call("set_index", self.load(held), argument, self.load(value))
            return self.choose(self.test(first, IS, self.constant(None)), self.constant(None), store)
        return self.call("set_property", owner, self.constant(last.name), self.load(value))

    def _if(self, node: n.IfDirective) -> list[ast.stmt]:
        otherwise: list[ast.stmt] = []
        if node.otherwise is not None:
            otherwise = self._arm(node.otherwise.span, self.block(node.otherwise))
        if len(node.branches) > _LONG_IF:
            return self._long_if(node, otherwise)
        for branch in reversed(node.branches):
            self.place(branch.span)
            self.frame.temporaries = 0
            test = self.condition(branch.condition)
            body = self._arm(branch.span, self.block(branch.body))
            self.place(branch.span)
            made = self.node(ast.If, test=test, body=body or [self.node(ast.Pass)], orelse=otherwise)
            otherwise = [made]
        return otherwise

    def _long_if(self, node: n.IfDirective, otherwise: list[ast.stmt]) -> list[ast.stmt]:
        """Many branches, one after the other instead of one inside the other, with a mark once one was taken."""
        taken = f"taken{self.functions}_{len(self.spans)}_{node.span.start}"
        emitted = [self.assign(taken, self.constant(False))]
        for branch in node.branches:
            self.place(branch.span)
            self.frame.temporaries = 0
            waiting = self.node(ast.UnaryOp, op=NOT, operand=self.load(taken))
            test = self.node(ast.BoolOp, op=AND, values=[waiting, self.condition(branch.condition)])
            mark = self.assign(taken, self.constant(True))
            body = self._arm(branch.span, self.block(branch.body))
            self.place(branch.span)
            emitted.append(self.node(ast.If, test=test, body=[mark, *body], orelse=[]))
        if otherwise:
            self.place(node.span)
            waiting = self.node(ast.UnaryOp, op=NOT, operand=self.load(taken))
            emitted.append(self.node(ast.If, test=waiting, body=otherwise, orelse=[]))
        return emitted

    def _arm(self, span: Span, body: list[ast.stmt]) -> list[ast.stmt]:
        """A branch's body, with the mark by which a watch knows that it was taken."""
        if not self.watched:
            return body
        self.place(span)
        return [
            self.do(self.call("watched_event", self.load("rendering"), self.number(span), self.constant("taken"))),
            *body,
        ]

    def _foreach(self, node: n.ForeachDirective) -> list[ast.stmt]:
        """A loop in the plain shape: a Python loop over a list, its bookkeeping only where the template asks for it."""
        frame, survey = self.frame, self.survey
        iterable = node.iterable
        if isinstance(iterable, n.Reference) and iterable.computable and not iterable.runt:
            value = self.chain(iterable)  # of nothing there is no loop, be it null or the empty string
        else:
            value = self.expression(iterable)
        frame.loops.append(loop := Loop(len(frame.loops)))
        depth = len(frame.loops)
        items = f"items{depth}"
        self.place(iterable.span)
        emitted = [
            self.assign(items, value),
            *self._items(items, iterable.span, live=survey.mutates or id(node) in survey.mutating),
        ]
        saved: list[tuple[str, str]] = []
        body: list[ast.stmt] = []
        element = f"${node.element}"
        for variable in ("velocityCount", "velocityHasNext", "foreach"):
            wanted = survey.foreach_object if variable == "foreach" else variable in survey.names
            if wanted:
                saved.append((f"${variable}", f"saved{depth}_{variable}"))
        saved.append((element, f"saved{depth}"))
        for variable, _ in saved:
            frame.assigned.add(variable)
        index, last = self.load(loop.index), self.load(loop.last)
        counted = not survey.names.isdisjoint(("foreach", "velocityCount", "velocityHasNext"))
        prepare: list[ast.stmt] = [self.assign(keep, self.load(variable)) for variable, keep in saved]
        if counted:
            count = self.call("len", self.load(items))
            prepare.append(
                self.assign(loop.last, self.node(ast.BinOp, left=count, op=ast.Sub(), right=self.constant(1)))
            )
        if survey.foreach_object:
            prepare.append(self.assign("$foreach", self.call("ForeachScope", self.load(f"saved{depth}_foreach"))))
            scope = f"scope{depth}"
            prepare.append(self.assign(scope, self.load("$foreach")))
            body.append(self.do(self.method(self.load(scope), "advance", index, last)))
        if "velocityCount" in survey.names:
            number = self.node(ast.BinOp, left=index, op=ast.Add(), right=self.constant(1))
            body.append(self.assign("$velocityCount", number))
        if "velocityHasNext" in survey.names:
            body.append(self.assign("$velocityHasNext", self.test(index, ast.Lt(), last)))
        body.extend(self.block(node.body))
        frame.loops.pop()
        self.place(node.span)
        walk: ast.expr = self.load(items)
        target: ast.expr = self.store(element)
        if counted:
            walk = self.call("enumerate", walk)
            target = self.node(ast.Tuple, elts=[self.store(loop.index), target], ctx=STORE)
        run = self.node(ast.For, target=target, iter=walk, body=body or [self.node(ast.Pass)], orelse=[])
        after = [self.assign(variable, self.load(keep)) for variable, keep in reversed(saved)]
        there = self.test(self.load(items), IS_NOT, self.constant(None))
        emitted.append(self.node(ast.If, test=there, body=[*prepare, run, *after], orelse=[]))
        return emitted

    def _items(self, items: str, span: Span, *, live: bool) -> list[ast.stmt]:
        """Makes a value what its loop runs over. A JSON array within the bound is that already: it is only counted."""
        found = self.load(items)
        place = self.constant(tuple(span))
        general = self.call("items", self.load("rendering"), self.load("out"), found, self.constant(live), place)
        otherwise = self.assign(items, general)
        if live or not self.quick:
            return [otherwise]
        length = self.call("len", found)
        most = self.constant(self.dialect.foreach_iterations)
        plain = self.node(
            ast.BoolOp, op=AND, values=[self.is_type(found, "JSONArray"), self.test(length, ast.LtE(), most)]
        )
        total = self.node(ast.Attribute, value=self.load("rendering"), attr="iterations", ctx=STORE)
        spent = self.test(
            self.attribute(self.load("rendering"), "iterations"), ast.Gt(), self.constant(limits.TOTAL_ITERATIONS)
        )
        written = self.test(self.call("len", self.load("out")), ast.Gt(), self.constant(limits.OUTPUT_PIECES))
        charge = self.method(self.load("rendering"), "charge", self.constant(0), self.load("out"))
        count: list[ast.stmt] = [
            self.node(ast.AugAssign, target=total, op=ast.Add(), value=length),
            self.node(
                ast.If, test=self.node(ast.BoolOp, op=OR, values=[spent, written]), body=[self.do(charge)], orelse=[]
            ),
        ]
        return [self.node(ast.If, test=plain, body=count, orelse=[otherwise])]

    def _foreach_open(self, node: n.ForeachDirective) -> list[ast.stmt]:
        iterable = self.expression(node.iterable)
        self.place(node.span)
        name, function = self.nested(node.body, "body")
        run = self.method(
            self.load("rendering"),
            "foreach",
            self.load("scope"),
            self.load("out"),
            iterable,
            self.constant(node.element),
            self.load(name),
            self.constant(tuple(node.iterable.span)),
            *self._watch_number(node.span),
        )
        return [function, self.do(run)]

    def _define(self, node: n.DefineDirective) -> list[ast.stmt]:
        name, function = self.nested(node.body, "block")
        scope = self.load("scope") if self.open else self.constant(None)
        kind = "Block" if self.open else "PlainBlock"
        made = self.call(kind, self.load("rendering"), scope, self.load(name), self.constant(limits.DEFINE_DEPTH))
        return [function, *self._set_variable(node.name, made)]

    def _break(self, node: n.BreakDirective) -> list[ast.stmt]:
        if node.arguments:
            target = self.expression(node.arguments[0])
            self.place(node.span)
            return [
                self.do(self.call("break_out_of", target, self.constant(self.source.slice(node.arguments[0].span))))
            ]
        if self.open:
            return [self.node(ast.Raise, exc=self.load("Nearest"), cause=None)]
        if self.frame.loops:
            return [
                self.node(
                    ast.Break,
                )
            ]
        return [self.node(ast.Return, value=None)]

    def _stop(self, node: n.StopDirective) -> list[ast.stmt]:
        emitted: list[ast.stmt] = [self.do(self.expression(argument)) for argument in node.arguments]
        self.place(node.span)
        emitted.append(self.node(ast.Raise, exc=self.load("Stop"), cause=None))
        return emitted

    def _resource(self, node: n.ResourceDirective) -> list[ast.stmt]:
        """``#include`` and ``#parse``: an error once there is something to look for."""
        if node.name == "parse":
            missing = "#parse(): argument missing"
            first = self.expression(node.arguments[0]) if node.arguments else self.call("fault", self.constant(missing))
            self.place(node.span)
            return [self.do(self.call("no_resource", self.constant(node.name), first))]
        emitted: list[ast.stmt] = []
        for at, argument in enumerate(node.arguments):
            self.place(argument.span)
            if isinstance(argument, (n.StringLiteral, n.Interpolation, n.Reference)):
                value = self.expression(argument)
            else:
                value = self.call("fault", self.constant("invalid #include() argument"))
            written = self.call("no_resource", self.constant(node.name), value)
            note = f"<!-- include error : error with arg {at} please see log. see error log -->"
            emitted += [self.do(written), self.do(self._write_text(n.Text(argument.span, note)))]
        return emitted

    def _macro_call(self, node: n.MacroCall) -> list[ast.stmt]:
        if not self.dialect.inline_macros:
            return [self.do(self._write_text(n.Text(node.span, node.literal)))] if node.literal else []
        if not self.open:  # no macro is defined anywhere in this template
            return [self.do(self._write_text(n.Text(node.span, node.literal)))] if node.literal else []
        emitted: list[ast.stmt] = []
        arguments: list[ast.expr] = []
        for argument in node.arguments:
            if isinstance(argument, n.Word):
                arguments.append(self.call("word", self.constant(argument.text)))
                continue
            self.functions += 1
            name = f"argument{self.functions}"
            self.frame, outer = Frame(name), self.frame
            at = self.at
            value = self.expression(argument)
            self.at = at
            body: list[ast.stmt] = [
                self.assign("get", self.attribute(self.load("scope"), "get")),
                *self.frame.pending,
                self.node(ast.Return, value=value),
            ]
            self.frame = outer
            emitted.append(self._function(name, ["scope"], body))
            constant = type(argument) in (n.IntegerLiteral, n.FloatLiteral, n.BooleanLiteral)
            literal = argument.literal if isinstance(argument, n.Reference) else self.source.slice(argument.span)
            arguments.append(self.call("Argument", self.load(name), self.constant(literal), self.constant(constant)))
        block: ast.expr = self.constant(None)
        if node.body is not None:
            name, function = self.nested(node.body, "content")
            emitted.append(function)
            block = self.call(
                "Block", self.load("rendering"), self.load("scope"), self.load(name), self.constant(limits.MACRO_DEPTH)
            )
        run = self.method(
            self.load("rendering"),
            "call_macro",
            self.load("scope"),
            self.load("out"),
            self.constant(node.name),
            self.pack(arguments),
            block,
            self.constant(node.literal),
            *self._watch_number(node.span),
        )
        emitted.append(self.do(run))
        return emitted
