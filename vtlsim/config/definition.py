"""A text becomes an Api: the room's door.

What may live here: choosing the reader of a format, and what a load gives back. Files are reached through the Reader
that is handed in; nothing is fetched from a network; nothing is raised for a document, however broken.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.config.detect import SIGNS, detect
from vtlsim.config.marked import Document, Mapping, Scalar, read
from vtlsim.config.problems import Problem, Problems
from vtlsim.config.reader import Files, Texts
from vtlsim.config.templates import TemplateReader
from vtlsim.gateway.model import Origin

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Dict

    from vtlsim.config.detect import Format
    from vtlsim.config.origin import TextOrigin
    from vtlsim.config.reader import Reader
    from vtlsim.gateway.model import Api

_FUNCTIONS: Final = re.compile(r"Fn::|!(?:Sub|Ref|GetAtt|Join|If|ImportValue|FindInMap)\b|[\"']?Ref[\"']?\s*:")
"""What an OpenAPI document written for a template shows of it."""

_HCL: Final = re.compile(r"^(?:resource|data|module|provider)\s+(?:\"[^\"\n]+\"\s*)+\{", re.MULTILINE)
"""What Terraform's own language shows of itself; in a line's first column, no other document has it."""

_HEAD: Final = 100_000
"""Characters of a document that are searched for that."""

NOTHING: Final[Dict[str, str]] = MappingProxyType({})


class Inputs(NamedTuple):
    """What a document may be given from outside.

    ``parameters`` are CloudFormation's (``--parameter Name=value``), serverless' ``${opt:…}`` and ``${param:…}``;
    pseudo-parameters may be among them. ``environment`` is serverless' ``${env:…}``. ``api`` is the name or logical id
    of the wanted one of several.
    """

    parameters: Dict[str, str] = NOTHING
    environment: Dict[str, str] = NOTHING
    api: str | None = None


class Loaded(NamedTuple):
    """What a definition gave.

    ``api`` is None when nothing could be made of the document; with errors among the problems it is what could be
    made. ``name`` is the Api's name or logical id. ``problems`` are all of them, in the order of their places;
    ``left_out`` counts those beyond the bound. ``files`` are the paths read beside the definition, relative to its
    folder. ``origins`` maps the name of a template to the places of its characters: see :meth:`place`.
    """

    format: Format | None
    api: Api | None
    name: str
    problems: tuple[Problem, ...]
    files: tuple[str, ...] = ()
    origins: Dict[str, TextOrigin] = MappingProxyType({})
    left_out: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that cannot stand."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def place(self, template: str, offset: int) -> Origin | None:
        """File, line and column of a character of a template; None for a template of another definition."""
        origin = self.origins.get(template)
        return None if origin is None else origin.place(offset)


class AmbiguousApi(NamedTuple):
    """A document with several APIs, none of which was asked for by its name. ``names`` are what may be asked for."""

    format: Format
    names: tuple[str, ...]
    problems: tuple[Problem, ...]
    asked: str | None = None


def load_definition(
    text: str,
    name: str,
    reader: Reader | None = None,
    *,
    parameters: Dict[str, str] | None = None,
    environment: Dict[str, str] | None = None,
    api: str | None = None,
) -> Loaded | AmbiguousApi:
    """The Api that a document defines.

    ``name`` is what people call the file: it stands before every line number. ``reader`` reaches the files that the
    document refers to; without one there are none. ``parameters``, ``environment`` and ``api``: see :class:`Inputs`.
    """
    problems = Problems()
    files = Files(Texts() if reader is None else reader, name)
    templates = TemplateReader(problems)
    inputs = Inputs(parameters or NOTHING, environment or NOTHING, api)
    if _HCL.search(text[:_HEAD]):
        at = Scalar(Document(text, name), 0, 0, None, "plain")
        problems.error(
            at,
            "this is Terraform's own language; give the plan: terraform plan -out p && terraform show -json p",
            code="unknown-format",
        )
        return Loaded(None, None, "", problems.all())
    root = read(text, name, problems)
    if root is None:
        return Loaded(None, None, "", problems.all())
    kind = detect(root)
    if kind is None or not isinstance(root, Mapping):
        signs = "; ".join(f"{what}: {sign}" for what, sign in SIGNS)
        expected = tuple(what for what, _ in SIGNS)
        problems.error(
            root, f"this is no definition that vtlsim knows ({signs})", code="unknown-format", expected=expected
        )
        return Loaded(None, None, "", problems.all())
    found = _READERS[kind](root, templates, files, problems, inputs)
    names = tuple(found)
    if not names:
        if not problems.any_error:
            problems.error(root, "this document defines no REST API", code="no-api")
        return _loaded(kind, None, "", templates, files, problems)
    wanted = _chosen(found, api)
    if wanted is None:
        return AmbiguousApi(kind, names, problems.all(), api)
    return _loaded(kind, found[wanted], wanted, templates, files, problems)


def _chosen(found: Dict[str, Api], asked: str | None) -> str | None:
    if asked is None:
        return next(iter(found)) if len(found) == 1 else None
    if asked in found:
        return asked
    named = [name for name, api in found.items() if api.name == asked or api.id == asked]
    return named[0] if len(named) == 1 else None


def _loaded(
    kind: Format, api: Api | None, name: str, templates: TemplateReader, files: Files, problems: Problems
) -> Loaded:
    origins = MappingProxyType(templates.origins)
    return Loaded(kind, api, name, problems.all(), files.paths, origins, problems.left_out)


def _put_integration(
    root: Mapping, templates: TemplateReader, files: Files, problems: Problems, _: Inputs
) -> dict[str, Api]:
    from vtlsim.config.put_integration import read_put_integration

    templates.files = files
    return _one(read_put_integration(root, templates, problems))


def _get_method(
    root: Mapping, templates: TemplateReader, files: Files, problems: Problems, _: Inputs
) -> dict[str, Api]:
    from vtlsim.config.get_resources import read_method

    templates.files = files
    return _one(read_method(root, templates, problems))


def _get_resources(
    root: Mapping, templates: TemplateReader, files: Files, problems: Problems, _: Inputs
) -> dict[str, Api]:
    from vtlsim.config.get_resources import read_resources

    templates.files = files
    return _one(read_resources(root, templates, problems))


def _openapi(
    root: Mapping, templates: TemplateReader, files: Files, problems: Problems, inputs: Inputs
) -> dict[str, Api]:
    from vtlsim.config.openapi import read_openapi

    if _FUNCTIONS.search(root.document.text):
        from vtlsim.config.intrinsics import Resolver

        found = Resolver(root, files, problems, inputs.parameters, alone=True).resolve(root)
        root = found if isinstance(found, Mapping) else root
    return _one(read_openapi(root, templates, files, problems))


def _cloudformation(
    root: Mapping, templates: TemplateReader, files: Files, problems: Problems, inputs: Inputs
) -> dict[str, Api]:
    from vtlsim.config.cloudformation import read_cloudformation

    return read_cloudformation(root, templates, files, problems, inputs.parameters)


def _cdk(root: Mapping, templates: TemplateReader, files: Files, problems: Problems, inputs: Inputs) -> dict[str, Api]:
    from vtlsim.config.cdk import read_manifest

    return read_manifest(root, templates, files, problems, inputs.parameters)


def _terraform(root: Mapping, templates: TemplateReader, files: Files, problems: Problems, _: Inputs) -> dict[str, Api]:
    from vtlsim.config.terraform import read_terraform

    return read_terraform(root, templates, files, problems)


def _serverless(
    root: Mapping, templates: TemplateReader, files: Files, problems: Problems, inputs: Inputs
) -> dict[str, Api]:
    from vtlsim.config.serverless import read_serverless

    return read_serverless(root, templates, files, problems, inputs.parameters, inputs.environment)


def _one(api: Api) -> dict[str, Api]:
    empty = not api.resources and api.fallback is None
    return {} if empty else {api.name or "api": api}


_READERS: Final[Dict[Format, Callable[[Mapping, TemplateReader, Files, Problems, Inputs], dict[str, Api]]]] = {
    "put-integration": _put_integration,
    "get-method": _get_method,
    "get-resources": _get_resources,
    "openapi": _openapi,
    "cloudformation": _cloudformation,
    "sam": _cloudformation,
    "cdk": _cdk,
    "terraform": _terraform,
    "serverless": _serverless,
}
