"""References become Python expressions: a variable and the steps from it.

What may live here: the code of a reference's value, and what is done at once in code that is quick to run. What it prints
is :mod:`printing`'s business.
"""

from __future__ import annotations

import ast
from typing import Final, TypeGuard

from vtlsim.velocity import limits
from vtlsim.velocity import nodes as n
from vtlsim.velocity.emission import AND, EQ, IS, LOAD, OR, Emitter
from vtlsim.velocity.java.everyday import META
from vtlsim.velocity.source import Span
from vtlsim.velocity.survey import is_pure, is_scope_property

_REPLACES: Final = frozenset({"replace", "replaceAll"})
_CLASS: Final = frozenset({"class", "Class"})
"""Properties that every object has, maps included, before a map's own keys: ``getClass()``."""


class ReferenceCompiler(Emitter):
    """Emits the code of references."""

    def expression(self, node: n.Expression) -> ast.expr:
        """Code for an expression's value: the one door through which every value is emitted."""
        raise NotImplementedError

    def variable(self, name: str) -> ast.expr:
        """A variable's value, None where there is none."""
        if self.open:
            return self.call("get", self.constant(name))
        return self.load(f"${name}")

    def chain(self, node: n.Reference) -> ast.expr:
        """A reference's value, None where it has none."""
        if node.name == "foreach" and not self.open and not self.survey.foreach_object and is_scope_property(node):
            return self._loop_property(node.steps[0])
        value = self.variable(node.name)
        for step in node.steps:
            value = self.step(value, step, node.span.start)
        return value

    def _loop_property(self, step: n.Step) -> ast.expr:
        """``$foreach.index`` and its like from the loop's locals, without the object."""
        loop = self.frame.loops[-1]
        self.place(step.span)
        index, last = self.load(loop.index), self.load(loop.last)
        name = "" if isinstance(step, n.Index) else step.name
        if name == "index":
            return index
        if name == "count":
            return self.node(ast.BinOp, left=index, op=ast.Add(), right=self.constant(1))
        if name == "first":
            return self.test(index, EQ, self.constant(0))
        return self.test(index, ast.Lt() if name == "hasNext" else ast.GtE(), last)

    def step(self, owner: ast.expr, step: n.Step, start: int) -> ast.expr:
        """A step from a value that may be None to the next, in a reference that starts at ``start``: an error in it is
        told of the reference up to there.
        """
        place = Span(start, step.span.end)
        self.place(place)
        if isinstance(step, n.Property):
            name = self.constant(step.name)
            if step.name in _CLASS:
                return self.call("get_class", owner, name)
            if not self.quick:
                return self.call("get_property", owner, name)
            if self.direct:
                return self.node(ast.Subscript, value=owner, slice=name, ctx=LOAD)
            first, held = self.held(owner)
            quick = self.method(self.load(held), "get", name)
            return self.choose(self.is_type(first, "dict"), quick, self.call("get_property", self.load(held), name))
        if isinstance(step, n.Index):
            arguments: list[ast.expr] = [self.expression(step.argument)]
            pure = is_pure(step.argument)
            self.place(place)
            if pure:
                return self._item(owner, arguments[0])
            first, held = self.held(owner)
            made = self.call("get_index", self.load(held), arguments[0])
        else:
            arguments = [self.expression(argument) for argument in step.arguments]
            pure = all(is_pure(argument) for argument in step.arguments)
            self.place(place)
            function = "call" if len(arguments) > 2 else f"call{len(arguments)}"
            key = self.constant((step.name, len(arguments)))
            if self.quick and self._is_fixed(owner):
                # A method of a null is called too, and the arguments are evaluated: nobody can tell, they are pure.
                if pure:
                    return self.node(ast.Call, func=self.load(self._bound(owner, step)), args=arguments, keywords=[])
                method = self.node(ast.Call, func=self.load(self._bound(owner, step)), args=arguments, keywords=[])
                absent = self.test(owner, IS, self.constant(None))
                return self.choose(absent, self.constant(None), method)
            if (
                self.quick
                and step.name == "get"
                and len(arguments) == 1
                and isinstance(step.arguments[0], n.Reference)
                and pure
            ):
                return self._map_get(owner, key, arguments[0])
            if pure:
                at_once = self._at_once(step, owner, key, arguments) if self.quick else None
                return at_once or self.call(function, owner, key, *arguments)
            first, held = self.held(owner)
            made = self.call(function, self.load(held), key, *arguments)
        # Java stops at the first null: what comes after it, arguments included, is not evaluated.
        return self.choose(self.test(first, IS, self.constant(None)), self.constant(None), made)

    def _item(self, owner: ast.expr, index: ast.expr) -> ast.expr:
        """``owner[index]``, at once where the index is a number and the owner a JSON array or one that was split."""
        if not (self.quick and isinstance(index, ast.Constant) and type(index.value) is int and index.value >= 0):
            return self.call("get_index", owner, index)
        first, held = self.held(owner)
        kind = self.temporary()
        found = self.node(ast.NamedExpr, target=self.store(kind), value=self.call("type", first))
        array = self.test(found, IS, self.load("JavaArray"))
        json = self.test(self.load(kind), IS, self.load("JSONArray"))
        there = self.test(self.call("len", self.load(held)), ast.Gt(), index)
        plain = self.node(ast.BoolOp, op=AND, values=[self.node(ast.BoolOp, op=OR, values=[array, json]), there])
        item = self.node(ast.Subscript, value=self.load(held), slice=index, ctx=LOAD)
        return self.choose(plain, item, self.call("get_index", self.load(held), index))

    def _at_once(self, step: n.Call, owner: ast.expr, key: ast.expr, arguments: list[ast.expr]) -> ast.expr | None:
        """A string's method with constant arguments, as Python does it; None where there is nothing better than the way
        of all calls.
        """
        given: list[str] = []
        for argument in arguments:
            if not (isinstance(argument, ast.Constant) and type(argument.value) is str):
                return None
            given.append(argument.value)
        if step.name == "split" and len(given) == 1 and given[0] and META.isdisjoint(given[0]):
            return self.call("split", owner, arguments[0])
        if step.name not in _REPLACES or len(given) != 2 or not given[0] or not "".join(given).isascii():
            return None
        old, new = given
        if step.name == "replaceAll" and not (META.isdisjoint(old) and "\\" not in new and "$" not in new):
            return None
        first, held = self.held(owner)
        short = self.test(
            self.call("len", self.load(held)), ast.Lt(), self.constant(limits.STRING_CHARACTERS // (len(new) + 1))
        )
        ascii_only = self.method(self.load(held), "isascii")
        plain = self.node(ast.BoolOp, op=AND, values=[self.is_type(first, "str"), ascii_only, short])
        done = self.method(self.load(held), "replace", *arguments)
        return self.choose(plain, done, self.call("call2", self.load(held), key, *arguments))

    def _map_get(self, owner: ast.expr, key: ast.expr, argument: ast.expr) -> ast.expr:
        """``.get(name)``, at once where it is a map's and the name is a string."""
        first, held = self.held(owner)
        named, name = self.held(argument)
        found = self.method(self.load(held), "get", self.load(name))
        other = self.call("call1", self.load(held), key, self.load(name))
        quick = self.choose(self.is_type(named, "str"), found, other)
        return self.choose(self.is_type(first, "dict"), quick, self.call("call1", self.load(held), key, argument))

    def _is_fixed(self, owner: ast.expr) -> TypeGuard[ast.Name]:
        """Whether code is a variable, a local, that the template never sets: what it holds was handed to it."""
        return isinstance(owner, ast.Name) and owner.id[:1] == "$" and owner.id[1:] not in self.survey.changing

    def _bound(self, owner: ast.Name, step: n.Call) -> str:
        """The local that holds a method of such a variable."""
        key = (owner.id[1:], (step.name, len(step.arguments)))
        return self.bound.setdefault(key, f"method{len(self.bound)}")

    def raw_or_empty(self, node: n.Reference) -> ast.expr:
        """A reference's value as the dialect sees it: ``""`` or None where it has none."""
        if self.dialect.invalid_reference_is_empty and not self.quick and self.ends_in_property(node):
            return self.last_property("property_or_empty", node)
        value = self.chain(node)
        self.place(node.span)
        if not self.dialect.invalid_reference_is_empty:
            return value
        if isinstance(value, (ast.Compare, ast.BinOp)):
            return value
        if not self.quick and not isinstance(value, ast.Name):
            return self.call("or_empty", value)
        first, held = self.held(value)
        return self.choose(self.test(first, IS, self.constant(None)), self.constant(""), self.load(held))

    def ends_in_property(self, node: n.Reference) -> bool:
        """Whether what the last step of a reference gives and what becomes of it can be one call: at the same place, and
        not ``class``.
        """
        if not node.steps or node.name == "foreach":
            return False
        last = node.steps[-1]
        return type(last) is n.Property and last.name not in _CLASS and last.span.end == node.span.end

    def last_property(self, function: str, node: n.Reference) -> ast.expr:
        """Code for what a function makes of a reference's last property."""
        owner = self.variable(node.name)
        for step in node.steps[:-1]:
            owner = self.step(owner, step, node.span.start)
        self.place(node.span)
        return self.call(function, owner, self.constant(node.steps[-1].name))  # type: ignore[union-attr] # a Property
