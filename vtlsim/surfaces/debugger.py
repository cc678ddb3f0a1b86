"""Python's debugger on template lines.

What may live here: what pdb lacks to stop in a template and to read its variables. A template's code carries the
template's file name and lines, so everything else (stepping, the call stack, a debugger of another make) works as it
is. ``p $item.sku`` prints a reference; the variables are also locals of the frame, under the names ``$item`` and so on.
"""

from __future__ import annotations

import linecache
import os.path
import pdb  # noqa: T100 - this is what it is about
from typing import TYPE_CHECKING, Any

from vtlsim.velocity.errors import TemplateSyntaxError
from vtlsim.velocity.lines import executable_lines
from vtlsim.velocity.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

TEMPLATE_ENDINGS = (".vtl", ".vm")


class TemplatePdb(pdb.Pdb):
    """pdb that takes breakpoints on lines of a template (``break orders.vtl:7``) and references (``p $item.sku``).

    pdb itself refuses lines that begin with ``#``, which for it are comments, and knows no ``$``.
    """

    def checkline(self, filename: str, lineno: int, module_globals: dict[str, Any] | None = None) -> int:
        """The line to stop at, 0 with a message where nothing happens on that line."""
        if not filename.endswith(TEMPLATE_ENDINGS):
            return int(super().checkline(filename, lineno, module_globals))  # type: ignore[call-arg] # typeshed lacks it
        text = "".join(linecache.getlines(filename))
        try:
            lines = executable_lines(Template(text, filename))
        except TemplateSyntaxError as problem:
            self.error(f"{filename}:{problem.position.line}: {problem.message}")
            return 0
        if lineno in lines:
            return lineno
        after = min((line for line in lines if line > lineno), default=None)
        self.error(f"nothing happens on line {lineno}" + ("" if after is None else f"; the next is {after}"))
        return 0

    def lookupmodule(self, filename: str) -> str | None:
        """A template's full name; other names are pdb's business."""
        if filename.endswith(TEMPLATE_ENDINGS) and os.path.exists(filename):  # noqa: PTH110 - pdb's names are str
            return os.path.abspath(filename)  # noqa: PTH100 - as above
        return super().lookupmodule(filename)

    def default(self, line: str) -> Any:
        """A line that is no command: a reference, or Python."""
        if line.startswith("$") and self._in_template():
            return self._print(line)
        return super().default(line)

    def do_p(self, arg: str) -> Any:
        """P expression, or p $reference in a template."""
        if arg.startswith("$") and self._in_template():
            return self._print(arg)
        return super().do_p(arg)

    do_pp = do_p

    def _in_template(self) -> bool:
        frame: FrameType | None = self.curframe
        return frame is not None and frame.f_code.co_filename.endswith(TEMPLATE_ENDINGS)

    def _print(self, text: str) -> None:
        from vtlsim.explain.why import described, evaluate
        from vtlsim.velocity.errors import VelocityError

        assert self.curframe is not None
        try:
            self.message(described(evaluate(text, variables(self.curframe))))
        except VelocityError as error:
            self.error(error.message)


def variables(frame: FrameType) -> dict[str, Any]:
    """The template's variables in a frame of its code, whichever shape the code has."""
    local = frame.f_locals
    scope = local.get("scope")
    found: dict[str, Any] = dict(scope if isinstance(scope, dict) else getattr(scope, "variables", {}))
    for name, value in local.items():
        if name.startswith("$"):
            if value is None:
                found.pop(name[1:], None)
            else:
                found[name[1:]] = value
    return found


def show_source(template: Template) -> None:
    """Lets debuggers and tracebacks show the lines of a template that is no file of that name."""
    source = template.source
    if source.name not in linecache.cache and not os.path.exists(source.name):  # noqa: PTH110 - as above
        lines = [line + "\n" for line in source.text.splitlines()]
        linecache.cache[source.name] = (len(source.text), None, lines, source.name)


def debug(template: Template, variables: Mapping[str, object], *, debugger: pdb.Pdb | None = None) -> str:
    """Render under the debugger, stopped before the first line; the template's text when it is done."""
    show_source(template)
    return str((debugger or TemplatePdb()).runcall(template.render, variables))
