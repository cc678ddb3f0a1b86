"""Stock airspeed behind the face of :class:`vtlsim.velocity.Template`.

What may live here: what it takes to run airspeed as it is over vtlsim's variables, safely. airspeed is a second engine
for comparing; imported only when asked for. What it prints is its own: nothing is mended on the way.

airspeed looks names up with ``getattr`` on Python objects and has no bounds. A copy of its module, private to this one,
gets a ``getattr`` that knows only what a template should reach, and operators, loops and output with an end to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values.collections import JSONArray, QuietMap, key_value
from vtlsim.values.objects import JavaException, JavaObject
from vtlsim.velocity import limits
from vtlsim.velocity.errors import LimitExceededError, RenderError, TemplateSyntaxError
from vtlsim.velocity.java.problems import LimitReached
from vtlsim.velocity.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from vtlsim.velocity.watch import Notice, Watch

_FORBIDDEN: Final = frozenset(
    # Format strings reach attributes; the others make strings of any length of a short one.
    [
        "format",
        "format_map",
        "ljust",
        "rjust",
        "center",
        "zfill",
        "expandtabs",
        "to_bytes",
        "from_bytes",
        "translate",
        "maketrans",
    ]
)
_PLAIN: Final[tuple[type, ...]] = (
    str,
    bool,
    int,
    float,
    list,
    dict,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
    range,
    tuple,
)
_module: ModuleType | None = None


class AirspeedTemplate:
    """A template that stock airspeed renders; the same face as :class:`vtlsim.velocity.Template`.

    :raises TemplateSyntaxError: when airspeed does not parse the text.
    """

    def __init__(self, text: str, name: str = "template") -> None:
        self.name = name
        self.source = Source(text, name)
        self._airspeed = _guarded_airspeed()
        self._template = self._airspeed.Template(text, name)
        try:
            self._template.ensure_compiled()
        except self._airspeed.TemplateSyntaxError as problem:
            offset = min(problem.element.end, len(text))
            raise TemplateSyntaxError(str(problem), self.source, Span(offset, offset)) from problem
        except RecursionError:
            raise TemplateSyntaxError("nested too deeply", self.source, Span(0, 0)) from None

    def render(
        self, variables: Mapping[str, object], *, watch: Watch | None = None, notices: list[Notice] | None = None
    ) -> str:
        """The template's text over ``variables``. airspeed cannot be watched and notices nothing.

        :raises RenderError: when airspeed raises, in airspeed's own words.
        """
        del watch, notices
        stream = self._airspeed.BoundedStream()
        try:
            self._template.merge_to({name: _plain(value) for name, value in variables.items()}, stream)
            return str(stream.getvalue())
        except LimitReached as problem:
            raise LimitExceededError(limits.met(problem.limit), self.source, Span(0, 0), problem.limit) from problem
        except Exception as problem:
            raise self._error(problem) from problem

    def _error(self, problem: Exception) -> RenderError:
        cause = problem.__cause__
        if isinstance(cause, LimitReached):
            return LimitExceededError(limits.met(cause.limit), self.source, Span(0, 0), cause.limit)
        start, end = getattr(problem, "start", 0), getattr(problem, "end", 0)
        shown = problem if cause is None else cause
        return RenderError(f"{type(shown).__name__}: {shown}", self.source, Span(start, end))


def _plain(value: object) -> object:
    """A value as a user of airspeed would hand it over: Python's own lists and dicts."""
    if type(value) is JSONArray:
        return [_plain(item) for item in value]
    if isinstance(value, QuietMap):
        return value  # $context: what a template writes there must be found afterwards
    if isinstance(value, dict):
        return {key_value(key): _plain(item) for key, item in value.items()}
    return value


def _lookup(owner: object, name: str) -> object:
    """``getattr`` for templates: public names of plain values, members of lent objects, nothing else."""
    if isinstance(owner, JavaObject):
        read = owner.properties.get(name)
        if read is not None:
            return _plain(read(owner))
        if any(name == known for known, _ in owner.methods):
            return _bound(owner, name)
        raise AttributeError(name)
    if name.startswith("_") or name in _FORBIDDEN or type(owner) not in _PLAIN:
        raise AttributeError(name)
    return getattr(owner, name)


def _bound(owner: JavaObject, name: str) -> Callable[..., object]:
    def method(*arguments: object) -> object:
        function = owner.methods.get((name, len(arguments)))
        if function is None:
            raise AttributeError(f"no {name} with {len(arguments)} arguments")
        try:
            return _plain(function(owner, *arguments))
        except JavaException as problem:
            raise ValueError(str(problem)) from problem

    return method


def _guarded_airspeed() -> Any:
    """Airspeed's module, loaded once more for this one alone, with ends to what it does."""
    global _module  # noqa: PLW0603 - loaded once, when first asked for
    if _module is not None:
        return _module
    from importlib.util import find_spec, module_from_spec

    spec = find_spec("airspeed")
    assert spec is not None
    assert spec.loader is not None
    module: Any = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.getattr = _lookup
    _bound_loops(module)
    _bound_operators(module)
    strings = module.__additional_methods__[str]
    strings["replaceAll"] = _replace_all
    strings["matches"] = _matches
    _module = module
    return module


def _bound_loops(module: Any) -> None:
    stock_namespace: Any = module.LocalNamespace
    stock_stream: Any = module.StoppableStream

    class LocalNamespace(stock_namespace):  # type: ignore[misc]  # airspeed has no types
        """One is made for each iteration: the place to count them."""

        def __init__(self, parent: Any) -> None:
            super().__init__(parent)
            self.count: list[int] = parent.count if isinstance(parent, LocalNamespace) else [0]
            self.count[0] += 1
            if self.count[0] > limits.TOTAL_ITERATIONS // 30:  # airspeed is that much slower
                raise LimitReached("TOTAL_ITERATIONS")

    class BoundedStream(stock_stream):  # type: ignore[misc]  # as above
        """Output with an end."""

        def write(self, text: str) -> None:
            if self.tell() + len(text) > limits.OUTPUT_CHARACTERS:
                raise LimitReached("OUTPUT_CHARACTERS")
            super().write(text)

    module.LocalNamespace = LocalNamespace
    module.StoppableStream = module.BoundedStream = BoundedStream


def _bound_operators(module: Any) -> None:
    def bounded(operator: Callable[[Any, Any], Any], symbol: str) -> Callable[[Any, Any], Any]:
        def run(left: Any, right: Any) -> Any:
            if symbol == "%" and isinstance(left, str):
                raise TypeError("unsupported operand type(s) for %")
            if symbol in "*+" and _size(left, right, symbol) > limits.STRING_CHARACTERS:
                raise LimitReached("STRING_CHARACTERS")
            return operator(left, right)

        return run

    for owner in list(vars(module).values()):
        operators = getattr(owner, "OPERATORS", None) if isinstance(owner, type) else None
        if operators:
            for symbol in ("+", "*", "%"):
                if symbol in operators:
                    operators[symbol] = bounded(operators[symbol], symbol)


def _size(left: Any, right: Any, symbol: str) -> int:
    """About how large the result of an operator is: characters, items, or bits of a number."""
    sizes = [len(side) if isinstance(side, (str, list)) else 0 for side in (left, right)]
    if symbol == "+":
        return sum(sizes)
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() + right.bit_length()
    count = max((side for side in (left, right) if isinstance(side, int)), default=0)
    return max(sizes) * count


def _replace_all(text: str, pattern: str, replacement: str) -> str:
    import regex

    try:
        made = regex.sub(pattern, replacement, text, timeout=limits.REGEX_SECONDS)
    except TimeoutError:
        raise LimitReached("REGEX_SECONDS") from None
    if len(made) > limits.STRING_CHARACTERS:
        raise LimitReached("STRING_CHARACTERS")
    return str(made)


def _matches(text: str, pattern: str) -> object:
    import regex

    try:
        return regex.match(pattern, text, timeout=limits.REGEX_SECONDS)
    except TimeoutError:
        raise LimitReached("REGEX_SECONDS") from None
