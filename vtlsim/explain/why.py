"""Why a reference prints nothing: which step of it leads nowhere, and what stands there instead.

What may live here: walking a reference step by step over live values, and words for what is found. The reference is
evaluated by the engine itself, a step more at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.explain.phrases import listed, shortened
from vtlsim.velocity import nodes as n
from vtlsim.velocity.dialect import APACHE
from vtlsim.velocity.errors import RenderError, TemplateSyntaxError
from vtlsim.velocity.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES: Final = 12
"""Names that are listed; of more, the first are."""

_PROBE: Final = "vtlsim_probe"
BUILT_IN: Final = ("input", "util", "context", "stageVariables", "method")


class NotAReferenceError(ValueError):
    """The text is no reference. The text of the error says what was expected."""


def why(text: str, variables: Mapping[str, Any]) -> list[str]:
    """The story of a reference, a line each: what it gives, or where it ends. Raises NotAReferenceError."""
    reference, source = _read(text)
    name = reference.name
    if variables.get(name) is None:
        return [f"there is no variable ${name}", *_hint(name, [*BUILT_IN, *variables], "$")]
    value: Any = variables[name]
    shown = f"${name}"
    for step in reference.steps:
        before, value_before = shown, value
        shown = f"${source[reference.span.start : step.span.end].lstrip('$!{')}"
        try:
            value = evaluate(shown, variables)
        except RenderError as error:
            return [f"{shown} throws: {error.message}"]
        if value is None:
            return _missing(step, before, value_before, variables)
    return _there(shown, value)


def evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    """What a reference gives; None where Velocity has null. Raises RenderError, TemplateSyntaxError."""
    scope = dict(variables)
    scope.pop(_PROBE, None)
    Template(f"#set(${_PROBE} = {text})", "probe", APACHE).render_in(scope)
    return scope.get(_PROBE)


def _read(text: str) -> tuple[n.Reference, str]:
    written = text.strip()
    if not written.startswith("$"):
        written = f"${written}"
    try:
        template = Template(written, "reference")
    except TemplateSyntaxError as error:
        raise NotAReferenceError(f"{written} does not parse: {error.message}") from None
    found = template.tree.statements
    if len(found) != 1 or not isinstance(found[0], n.Reference) or found[0].runt:
        raise NotAReferenceError(f"{written} is not one reference: give it as $x.price or $input.path('$.a')")
    return found[0], written


def _there(shown: str, value: Any) -> list[str]:
    from vtlsim.values.text import class_name, text

    said = f"{shown} is {described(value)}"
    if value == "" or not text(value):
        what = "an empty string" if value == "" else f"a {class_name(value)}, which prints as nothing"
        return [f"{shown} is {what}", *_hint(None, _names(value), f"{shown}.")]
    return [said]


def described(value: Any) -> str:
    """A value with its class: ``{a=1} (java.util.LinkedHashMap)``."""
    from vtlsim.values.objects import JavaException
    from vtlsim.values.text import class_name, text

    if value is None:
        return "null"
    try:
        return f"{shortened(text(value)) or '(prints nothing)'} ({class_name(value)})"
    except JavaException as error:
        return f"({error.java_class})"


def _missing(step: n.Step, before: str, value: Any, variables: Mapping[str, Any]) -> list[str]:
    from vtlsim.values.text import class_name

    if isinstance(step, n.Property):
        if isinstance(value, dict) and step.name in value:
            return [f"{before}.{step.name} is there, and is null"]
        return [
            f"{before} has no {step.name}: it is {described(value)}",
            *_hint(step.name, _names(value), f"{before}."),
        ]
    if isinstance(step, n.Index):
        size = len(value) if isinstance(value, (list, dict)) else None
        held = f" with {size:,} items" if isinstance(value, list) else ""
        return [f"{before} has nothing at that index: it is a {class_name(value)}{held}"]
    path = _path_of(step)
    if before == "$input" and path is not None and step.name == "path":
        return missing_path(path, variables["input"])
    from vtlsim.velocity.methods import exists

    if exists(value, step.name, len(step.arguments)):
        return [f"{before}.{step.name}(…) gives null"]
    arguments = f"{len(step.arguments)} argument{'' if len(step.arguments) == 1 else 's'}"
    return [
        f"{before} has no method {step.name} with {arguments}: it is a {class_name(value)}",
        *_hint(step.name, _names(value), f"{before}."),
    ]


def _path_of(step: n.Call) -> str | None:
    if len(step.arguments) == 1 and isinstance(step.arguments[0], n.StringLiteral):
        return step.arguments[0].value
    return None


def missing_path(path: str, given: Any) -> list[str]:
    """Why ``$input.path`` of a path gives nothing. ``given`` is ``$input``."""
    from vtlsim.jsonpath import JsonPathError
    from vtlsim.jsonpath import compile as compiled
    from vtlsim.jsonpath.gaps import explain_missing

    try:
        gap = explain_missing(compiled(path), given.document)
    except JsonPathError as error:
        return [f"{path}: {error}"]
    if gap is None:
        return [f"{path} finds null"]
    lines = [f"{path} finds nothing: {gap.before} has no {gap.step}"]
    if gap.length is not None and not gap.names:
        lines[0] += f"; it is an array of {gap.length:,}"
    elif gap.found and not gap.names:
        lines[0] += f"; it is {listed(gap.found, 'or')}"
    return lines + _hint(gap.name, list(gap.names), "")


def _names(value: Any) -> list[str]:
    from vtlsim.velocity.methods import names

    if isinstance(value, dict):
        keys = [str(key) for key in value]
        if keys:
            return keys
    return list(names(value))


def _hint(name: str | None, names: list[str], prefix: str) -> list[str]:
    if not names:
        return ["  there are no names in it"]
    lines = []
    if name is not None:
        from vtlsim.config.problems import nearest

        near = nearest(name, names)
        if near is not None:
            lines.append(f"  did you mean {prefix}{near}?")
    shown = list(dict.fromkeys(names))
    more = f" and {len(shown) - NAMES} more" if len(shown) > NAMES else ""
    lines.append(f"  there {'is' if len(shown) == 1 else 'are'} {', '.join(shown[:NAMES])}{more}")
    return lines
