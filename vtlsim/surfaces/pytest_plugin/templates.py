"""What the fixture ``vtl`` is: :func:`vtlsim.render` for tests.

What may live here: finding a template beside the test, and plain Python values as payloads. Rendering is the
library's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vtlsim.gateway.model import TemplateText
    from vtlsim.surfaces.rendering import Rendering


class Templates:
    """Renders templates for the tests of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def render(
        self,
        template: str | Path,
        body: str | bytes | Mapping[str, Any] | Sequence[Any] | None = None,
        **given: Any,
    ) -> Rendering:
        """Renders a template and gives what :func:`vtlsim.render` gives.

        ``template`` is a file's name, looked for in the folder of the test, or the text of a template. ``body`` may
        also be a mapping or a list, which becomes compact JSON in the order of its keys. The rest is
        :func:`vtlsim.render`'s, and so is what it raises; FileNotFoundError for a name like a template's that is no file.
        """
        __tracebackhide__ = True
        from vtlsim.surfaces.rendering import call, outcome

        return outcome(call(self._found(template), payload(body), **given))

    def _found(self, template: str | Path) -> str | TemplateText:
        from vtlsim.gateway.model import TemplateText
        from vtlsim.surfaces.files import text_of

        if isinstance(template, Path):
            return TemplateText(text_of(self.folder / template), str(template))
        if "\n" in template or len(template) > 255 or "\0" in template:
            return template
        path = self.folder / template
        if path.is_file():
            return TemplateText(text_of(path), template)
        if path.suffix in {".vtl", ".vm", ".template"} and not set(template) & set("${}#\"'"):
            raise FileNotFoundError(f"no template {template!r} in {self.folder}{self._near(template)}")
        return template

    def _near(self, name: str) -> str:
        from difflib import get_close_matches

        there = [str(path.relative_to(self.folder)) for path in self.folder.rglob(f"*{Path(name).suffix}")]
        near = get_close_matches(name, there, n=1)
        return f": did you mean {near[0]!r}?" if near else ""


def payload(body: object) -> str | bytes | None:
    """A payload as it travels: text and bytes as they are, other values as compact JSON in the order of their keys."""
    if body is None or isinstance(body, (str, bytes)):
        return body
    import json

    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)
