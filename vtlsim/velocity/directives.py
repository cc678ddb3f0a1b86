"""Directives become Python statements.

What may live here: the code of each directive. Functions, blocks and the whole are :mod:`compiler`'s business; what
runs while a template renders is :mod:`runtime`'s.
"""

from __future__ import annotations

import ast
from typing import Final

from vtlsim.velocity import limits
from vtlsim.velocity import nodes as n
from vtlsim.velocity.emission import AND, IS, IS_NOT, LOAD, NOT, OR, STORE, Frame, Loop
from vtlsim.velocity.expressions import never_null
from vtlsim.velocity.output import OutputCompiler
from vtlsim.velocity.source import Span

_VIEWS: Final = {"keySet": "loop_keys", "values": "loop_values"}
_LONG_IF: Final = 40
"""Branches of one ``#if`` that may nest in each other in the emitted code."""


_LONG_BODY: Final = 50
"""Statements of a loop's body up to which the output is looked at before the loop only."""


def _statements(block: n.Block) -> int:
    """How many statements one run through a block takes at most; loops inside look after themselves."""
    count = 0
    for statement in block.statements:
        count += 1
        if isinstance(statement, n.IfDirective):
            count += max(map(_statements, statement.bodies))
    return count


class DirectiveCompiler(OutputCompiler):
    """Emits the code of directives."""

    def block(self, block: n.Block) -> list[ast.stmt]:
        """The statements of a block."""
        raise NotImplementedError

    def nested(self, block: n.Block, name: str) -> tuple[str, ast.stmt]:
        """A function ``(scope, out)`` that renders a block, and the name it is defined under."""
        raise NotImplementedError

    def function(self, name: str, parameters: list[str], body: list[ast.stmt]) -> ast.stmt:
        """``def name(parameters): body``"""
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
                return [self.do(self.write_text(n.Text(node.span, node.text)))] if node.text else []
            case n.MacroDefinition():
                return []  # registered before anything is rendered, or refused
            case n.MacroCall():
                return self._macro_call(node)
            case n.Text() | n.Reference():  # handled by block(), which joins them
                emitted: list[ast.stmt] = []
                self.write_pieces([node], emitted)
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
        live = survey.mutates or id(node) in survey.mutating
        if isinstance(iterable, n.Reference) and iterable.computable and not iterable.runt:
            # of nothing there is no loop, be it null or the empty string
            value = self._view(iterable) if self.quick and not live else self.chain(iterable)
        else:
            value = self.expression(iterable)
        frame.loops.append(loop := Loop(len(frame.loops)))
        depth = len(frame.loops)
        items = f"items{depth}"
        self.place(iterable.span)
        emitted = self._items(items, value, iterable.span, live=live)
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
        if _statements(node.body) > _LONG_BODY:
            body.append(self._look_at_output())
        body.extend(self.block(node.body))
        frame.loops.pop()
        self.place(node.span)
        walk: ast.expr = self.node(ast.Name, id=items, ctx=LOAD)
        target: ast.expr = self.store(element)
        if counted:
            walk = self.call("enumerate", walk)
            target = self.node(ast.Tuple, elts=[self.store(loop.index), target], ctx=STORE)
        run = self.node(ast.For, target=target, iter=walk, body=body or [self.node(ast.Pass)], orelse=[])
        after = [self.assign(variable, self.load(keep)) for variable, keep in reversed(saved)]
        return [*emitted, *prepare, run, *after]

    def _look_at_output(self, spent: ast.expr | None = None) -> ast.stmt:
        """Code that bounds what was written so far, where it is much or iterations are ``spent``: before a loop, and in
        each iteration of one that writes much in each.
        """
        test = self.test(self.call("len", self.load("out")), ast.Gt(), self.constant(limits.OUTPUT_PIECES))
        if spent is not None:
            test = self.node(ast.BoolOp, op=OR, values=[spent, test])
        charge = self.method(self.load("rendering"), "charge", self.constant(0), self.load("out"))
        return self.node(ast.If, test=test, body=[self.do(charge)], orelse=[])

    def _view(self, node: n.Reference) -> ast.expr:
        """The value that a loop which changes nothing runs over: of a map's keys or values no view is made."""
        last = node.steps[-1] if node.steps else None
        function = _VIEWS.get(last.name) if isinstance(last, n.Call) and not last.arguments else None
        if function is None or last is None:
            return self.chain(node)
        owner = self.chain(node._replace(steps=node.steps[:-1]))
        self.place(Span(node.span.start, last.span.end))
        return self.call(function, owner)

    def _items(self, items: str, value: ast.expr, span: Span, *, live: bool) -> list[ast.stmt]:
        """Makes a value what its loop runs over. A JSON array within the bound is that already: it is only counted."""
        plain_loop = self.quick and not live
        found = self.load(items) if plain_loop else value
        place = self.constant(tuple(span))
        general = self.call("items", self.load("rendering"), self.load("out"), found, self.constant(live), place)
        otherwise = self.assign(items, general)
        if not plain_loop:
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
        count = [self.node(ast.AugAssign, target=total, op=ast.Add(), value=length), self._look_at_output(spent)]
        return [self.assign(items, value), self.node(ast.If, test=plain, body=count, orelse=[otherwise])]

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
            emitted += [self.do(written), self.do(self.write_text(n.Text(argument.span, note)))]
        return emitted

    def _macro_call(self, node: n.MacroCall) -> list[ast.stmt]:
        if not self.dialect.inline_macros:
            return [self.do(self.write_text(n.Text(node.span, node.literal)))] if node.literal else []
        if not self.open:  # no macro is defined anywhere in this template
            return [self.do(self.write_text(n.Text(node.span, node.literal)))] if node.literal else []
        emitted: list[ast.stmt] = []
        arguments: list[ast.expr] = []
        for argument in node.arguments:
            if isinstance(argument, n.Word):
                arguments.append(self.call("word", self.constant(argument.text)))
                continue
            self.functions += 1
            name = f"argument{self.functions}"
            self.frame, outer = Frame(name), self.frame
            span = self.span
            value = self.expression(argument)
            self.place(span)
            body: list[ast.stmt] = [
                self.assign("get", self.attribute(self.load("scope"), "get")),
                *self.frame.pending,
                self.node(ast.Return, value=value),
            ]
            self.frame = outer
            emitted.append(self.function(name, ["scope"], body))
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
