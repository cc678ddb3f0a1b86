"""A definition's problems as people read them: all at once, each with its place, its line and the nearest valid name.

What may live here: laying out :class:`vtlsim.config.problems.Problem`. Finding problems is config's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.explain.excerpt import excerpt, printable
from vtlsim.explain.phrases import counted, listed
from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vtlsim.config.problems import Problem

NAMES: Final = 12
"""Valid names that a help line lists; of a longer list only the nearest is told."""


def page(problems: Sequence[Problem]) -> str:
    """Every problem with its line and carets, and a closing line that counts them; nothing for none."""
    if not problems:
        return ""
    return "\n".join([*(block(problem) for problem in problems), total(problems)])


def block(problem: Problem) -> str:
    """One problem: ``file:line:column: severity: message``, the line, the carets, and what could stand there."""
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    lines = [f"{printable(place)}: {problem.severity}: {printable(problem.message)}"]
    if problem.source is not None and problem.line:
        start = problem.source.starts[problem.line - 1] + problem.column - 1
        lines += excerpt(problem.source, Span(start, start + len(problem.text)))
    hint = _hint(problem)
    if hint:
        lines.append(f"  help: {hint}")
    if problem.code[-1:].isdigit():
        lines.append(f"  note: vtlsim explain {problem.code}")
    return "\n".join(lines)


def _hint(problem: Problem) -> str:
    valid = listed((printable(name) for name in problem.expected), "or")
    if problem.nearest is not None:
        rest = f" (valid: {valid})" if 1 < len(problem.expected) <= NAMES else ""
        return f"did you mean {printable(problem.nearest)}?{rest}"
    return f"valid: {valid}" if 0 < len(problem.expected) <= NAMES else ""


def record(problems: Sequence[Problem]) -> list[dict[str, object]]:
    """Problems as plain values for JSON: every field but the document's text."""
    return [
        {name: value for name, value in each._asdict().items() if name != "source"} | {"expected": list(each.expected)}
        for each in problems
    ]


def total(problems: Sequence[Problem]) -> str:
    """The closing line: ``2 errors, 1 warning``."""
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    parts = [counted(errors, "error")] if errors else []
    if warnings:
        parts.append(counted(warnings, "warning"))
    return ", ".join(parts)
