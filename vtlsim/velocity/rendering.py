"""The state of one rendering.

What may live here: what is left of each bound, the macros, the notices and the watch of one rendering, and the
constructs that need them: blocks, macros, ``#evaluate``, loops over a scope object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from vtlsim.values.objects import JavaObject
from vtlsim.values.text import text
from vtlsim.velocity import limits
from vtlsim.velocity.java.problems import LimitReached
from vtlsim.velocity.java.units import joined
from vtlsim.velocity.loops import NO_LOOP, ForeachScope, items
from vtlsim.velocity.scopes import MacroScope, NullHolder
from vtlsim.velocity.signals import BreakScope, Nearest, Stop, TemplateFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.velocity.scopes import Argument
    from vtlsim.velocity.watch import Notice, Watch

    Body = Callable[[Any, list[str]], None]


class Rendering:
    """The state of one rendering that is not a variable: what is left of each bound, macros, notices, the watch."""

    # of the class until something is counted: most renderings are over before that
    iterations = 0
    characters = 0
    """Characters of the long pieces of output so far."""
    depth = 0
    macro_depth = 0

    def __init__(
        self,
        compile_text: Callable[[str, Rendering], Callable[[Any, list[str]], None]],
        notices: list[Notice] | None,
        watch: Watch | None,
        loops: int,
        *,
        keeps: bool,
    ) -> None:
        self.compile_text = compile_text
        """Text of an ``#evaluate`` -> a function ``(scope, out)``."""
        self.notices = notices
        self.watch = watch
        self.loops = loops
        """Iterations that one ``#foreach`` may make."""
        self.keeps = keeps
        """Whether the template's variables outlive the rendering."""
        self.macros: dict[str, tuple[tuple[str, ...], Body]] = {}

    def charge(self, iterations: int, out: list[str]) -> None:
        """Counts iterations to come and bounds what was written so far."""
        self.iterations += iterations
        if self.iterations > limits.TOTAL_ITERATIONS:
            raise LimitReached("TOTAL_ITERATIONS")
        if len(out) > limits.OUTPUT_PIECES:
            compact(out)

    def writer(self, out: list[str]) -> Callable[..., None]:
        """What writes pieces of output, joined to one."""
        append = out.append

        def write(*pieces: str) -> None:
            piece = "".join(pieces)
            if len(piece) < limits.LONG_PIECE:
                append(piece)
            else:
                self.write_long(out, piece)

        return write

    def write_long(self, out: list[str], piece: str) -> None:
        """Writes a piece of output of any length."""
        self.characters += len(piece)
        if self.characters > limits.OUTPUT_CHARACTERS:
            raise LimitReached("OUTPUT_CHARACTERS")
        out.append(piece)

    def enter(self) -> None:
        """Counts a block inside a block."""
        self.depth += 1
        if self.depth > limits.RENDER_DEPTH:
            raise LimitReached("RENDER_DEPTH")

    def string(self, scope: Any, function: Body, drop_last: bool) -> str:
        """The text of an interpolated string that holds directives."""
        out: list[str] = []
        watch, self.watch = self.watch, None
        self.enter()
        try:
            if watch is None:
                function(scope, out)
            else:
                with watch.inside_string():
                    self.watch = watch
                    function(scope, out)
        finally:
            self.depth -= 1
            self.watch = watch
        made = join(out)
        return made[:-1] if drop_last else made

    def evaluate(self, scope: Any, out: list[str], source: object, number: int | None = None) -> None:
        """``#evaluate(source)``: renders the source's text as a template over the same variables."""
        function = self.compile_text("" if source is None else text(source), self)
        self.enter()
        watch, self.watch = self.watch, None
        made = out if watch is None else []
        try:
            function(scope, made)
        except (Nearest, Stop):
            pass
        finally:
            self.depth -= 1
            self.watch = watch
        if watch is not None and number is not None:
            written = join(made)
            watch.wrote(number, out, written)
            out.append(written)

    # -- #foreach with a scope object ---------------------------------------------------------------------------------

    def foreach(
        self,
        scope: Any,
        out: list[str],
        iterable: object,
        element: str,
        body: Body,
        place: tuple[int, int],
        number: int | None = None,
    ) -> None:
        """``#foreach($element in iterable) body #end`` over a scope object."""
        found = items(self, out, iterable, True, place)
        if self.watch is not None and number is not None:
            self.watch.loop(number, min(len(found), self.loops))
        if found is NO_LOOP:
            return
        last = len(found) - 1
        saved = [(name, scope.get(name)) for name in (element, "velocityCount", "velocityHasNext")]
        foreach = ForeachScope(scope.get("foreach"))
        scope.put("foreach", foreach)
        holder: NullHolder | None = None
        try:
            for index, value in enumerate(found):
                scope.put("velocityCount", index + 1)
                scope.put("velocityHasNext", index < last)
                scope.put(element, value)
                foreach.advance(index, last)
                if len(out) > limits.OUTPUT_PIECES:
                    compact(out)
                if self.watch is not None and number is not None:
                    self.watch.iteration(number, index)
                try:
                    if value is None:
                        holder = holder or NullHolder(scope, element)
                        body(holder, out)
                    else:
                        body(scope, out)
                except Nearest:
                    break
                except BreakScope as stop:
                    if stop.scope is not foreach:
                        raise
                    break
        finally:
            if self.watch is not None and number is not None:
                self.watch.loop_ended(number)
            for name, value in saved:
                if value is None:
                    scope.remove(name)
                else:
                    scope.put(name, value)
            current = scope.get("foreach")
            if type(current) is ForeachScope:
                previous = current.parent if current.parent is not None else current.replaced
                if previous is None:
                    scope.remove("foreach")
                else:
                    scope.put("foreach", previous)

    # -- macros -------------------------------------------------------------------------------------------------------

    def add_macro(self, name: str, parameters: tuple[str, ...], body: Body) -> None:
        """``#macro(name parameters) body #end``"""
        self.macros[name] = (parameters, body)

    def call_macro(
        self,
        scope: Any,
        out: list[str],
        name: str,
        arguments: tuple[Argument, ...],
        block: Block | None,
        literal: str,
        number: int | None = None,
    ) -> None:
        """``#name(arguments)``: renders the macro of that name, or prints the call as typed where there is none."""
        macro = self.macros.get(name)
        if macro is None:
            if self.watch is not None and number is not None:
                self.watch.wrote(number, out, literal)
            out.append(literal)
            return
        for argument in arguments:
            if argument.is_word:
                raise TemplateFault(f"Invalid arg '{argument.literal}' in macro #{name}")
        parameters, body = macro
        inner = MacroScope(scope)
        for parameter, argument in zip(parameters, arguments, strict=False):
            inner.bind(parameter, argument)
        if block is not None:
            if len(arguments) < len(parameters):
                # To Velocity the body is one more argument, without a value: it shows where parameters share a name.
                inner.local[parameters[len(arguments)]] = None
            inner.local["bodyContent"] = block
        if self.macro_depth >= limits.MACRO_DEPTH:
            raise TemplateFault(f"Max calling depth of {limits.MACRO_DEPTH} was exceeded in macro '{name}'")
        self.macro_depth += 1
        self.charge(1, out)
        try:
            body(inner, out)
        except Nearest:
            pass
        finally:
            self.macro_depth -= 1


def join(out: list[str]) -> str:
    """The pieces of an output as one text, bounded before it is made."""
    if len(out) > limits.SMALL_OUTPUT and sum(map(len, out)) > limits.OUTPUT_CHARACTERS:
        raise LimitReached("OUTPUT_CHARACTERS")
    return joined("".join(out))


def compact(out: list[str]) -> None:
    """Makes one piece of all that was written so far."""
    made = join(out)
    if len(made) > limits.OUTPUT_CHARACTERS:
        raise LimitReached("OUTPUT_CHARACTERS")
    out[:] = [made]


class Block(JavaObject):
    """What ``#define($name)`` binds: a block that is rendered wherever it is printed."""

    __slots__ = ("body", "bound", "depth", "rendering", "scope")

    java_class: ClassVar[str] = "org.apache.velocity.runtime.directive.Block$Reference"

    def __init__(self, rendering: Rendering, scope: Any, body: Body, bound: int) -> None:
        self.rendering = rendering
        self.scope = scope
        self.body = body
        self.bound = bound
        self.depth = 0

    def render(self, scope: Any, out: list[str]) -> bool:
        """Renders the block; False, and nothing, where it is inside itself too often."""
        if self.depth >= self.bound:
            return False
        rendering = self.rendering
        self.depth += 1
        rendering.depth += 1
        rendering.iterations += 1
        if rendering.depth > limits.RENDER_DEPTH:
            raise LimitReached("RENDER_DEPTH")
        if rendering.iterations > limits.TOTAL_ITERATIONS or len(out) > limits.OUTPUT_PIECES:
            rendering.charge(0, out)
        try:
            self.body(scope, out)
        except Nearest:
            pass
        finally:
            rendering.depth -= 1
            self.depth -= 1
        return True

    def java_text(self) -> str | None:
        """``toString()``: the rendered block, None where it is inside itself too often"""
        out: list[str] = []
        watch, self.rendering.watch = self.rendering.watch, None
        try:
            rendered = self.render(self.scope, out)
        finally:
            self.rendering.watch = watch
        return join(out) if rendered else None


Block.methods = {("toString", 0): Block.java_text}


class PlainBlock(Block):
    """A block whose code is a function of its own that nothing leaves early but the end of the rendering."""

    __slots__ = ()

    def render(self, scope: Any, out: list[str]) -> bool:
        """As :meth:`Block.render`, without what that does for signals."""
        if self.depth >= self.bound:
            return False
        self.depth += 1
        rendering = self.rendering
        rendering.iterations += 1
        if rendering.iterations > limits.TOTAL_ITERATIONS or len(out) > limits.OUTPUT_PIECES:
            rendering.charge(0, out)
        self.body(scope, out)
        self.depth -= 1
        return True
