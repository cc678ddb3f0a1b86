"""Mapping templates as documents hold them.

What may live here: media type -> template, and a template kept in a file of its own. Parsing a template is velocity's
business, and happens when it is used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.config.fields import is_unknown, strict_text, wrong_kind
from vtlsim.config.marked import Mapping, Scalar
from vtlsim.config.problems import place_of
from vtlsim.config.reader import TEXT_FILE
from vtlsim.gateway.model import NO_TEMPLATES, Origin, Templates, TemplateText
from vtlsim.velocity.limits import TEMPLATE_BYTES

if TYPE_CHECKING:
    from vtlsim.config.marked import Node
    from vtlsim.config.origin import TextOrigin
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files

FILE: Final = "file://"
_MEDIA_TYPE: Final = re.compile(r"\s*[^\s/;,]+/[^\s/,]+.*|\$default")


class TemplateReader:
    """Reads the templates of one definition and remembers where each of them stands.

    ``origins`` maps a template's name to the place of each of its characters. With ``files``, a template may be
    ``file://orders.vtl``, as the AWS CLI writes it; a template of its own file is named after it.
    """

    __slots__ = ("files", "origins", "problems")

    def __init__(self, problems: Problems, files: Files | None = None) -> None:
        self.problems = problems
        self.files = files
        self.origins: dict[str, TextOrigin] = {}

    def templates(self, node: Node | None, what: str) -> Templates:
        """``requestTemplates`` or ``responseTemplates``."""
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return NO_TEMPLATES
        if not isinstance(node, Mapping):
            if not is_unknown(node):
                wrong_kind(node, what, "a mapping from media types to templates", self.problems)
            return NO_TEMPLATES
        found: list[tuple[str, TemplateText]] = []
        for key, each in node.items():
            if not _MEDIA_TYPE.fullmatch(key):
                self.problems.error(
                    node.key(key),
                    f"Validation Result: warnings : [], errors : [Invalid content type specified: {key}]",
                    code="content-type",
                    expected=("application/json",),
                )
            template = self.template(each)
            if template is not None:
                found.append((key, template))
        return Templates(found)

    def template(self, node: Node) -> TemplateText | None:
        """One template; None when it is no text, which is reported. Null is the empty template: recorded on AWS, which
        gives an empty response template back as null.
        """
        text = strict_text(node, "a template", self.problems)
        if text is None or not isinstance(node, Scalar):
            return None
        if self.files is not None and text.startswith(FILE):
            return self._file(node, text.removeprefix(FILE))
        if len(text) * 4 > TEMPLATE_BYTES and len(text.encode("utf-8", "surrogatepass")) > TEMPLATE_BYTES:
            self._too_large(node)
        place = place_of(node)
        begins = node.origin.place(0) if node.style in {"|", ">"} else place
        # A template of its own file is named after it, one inside a document after its place there.
        own_file = node.document.language == TEXT_FILE
        name = place.file if own_file else f"{place.file}:{begins.line}:{begins.column}"
        self.origins[name] = node.origin
        return TemplateText(text, name, begins, node.origin)

    def _file(self, node: Scalar, path: str) -> TemplateText | None:
        assert self.files is not None, "only a definition with files has templates in files"
        document = self.files.read(node, path, self.problems)
        if document is None:
            return None
        from vtlsim.config.origin import whole_file

        if len(document.text.encode("utf-8", "surrogatepass")) > TEMPLATE_BYTES:
            self._too_large(node)
        origin = self.origins[document.name] = whole_file(document)
        return TemplateText(document.text, document.name, Origin(document.name), origin)

    def _too_large(self, node: Scalar) -> None:
        self.problems.error(
            node, f"a template may hold {TEMPLATE_BYTES // 1024} KB; this one is larger", code="template-size"
        )
