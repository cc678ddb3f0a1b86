"""``cdk.out``: the manifest of a cloud assembly and the templates that it names.

What may live here: finding the stacks. Each is a CloudFormation template and is read as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.cloudformation import Template
from vtlsim.config.marked import Mapping, Scalar, read
from vtlsim.config.reader import beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dict

    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import Api

STACK: Final = "aws:cloudformation:stack"
ASSEMBLY: Final = "cdk:cloud-assembly"
_ASSET: Final = "aws:asset:path"
_DEEPEST: Final = 5
"""Assemblies and nested stacks inside one another. A bound of ours."""


def read_manifest(
    root: Mapping, templates: TemplateReader, files: Files, problems: Problems, parameters: Dict[str, str]
) -> dict[str, Api]:
    """Every REST API of every stack, by logical id; one that two stacks share gets its stack's name before it."""
    found: list[tuple[str, str, Api]] = []
    for stack, node in _stacks(root, files, problems, 0):
        found.extend(_apis(stack, node, templates, files, problems, parameters, 0))
    ids = [logical_id for _, logical_id, _ in found]
    return {
        logical_id if ids.count(logical_id) == 1 else f"{stack}.{logical_id}": api for stack, logical_id, api in found
    }


def _stacks(root: Mapping, files: Files, problems: Problems, depth: int) -> Iterator[tuple[str, Mapping]]:
    artifacts = root.get("artifacts")
    for name, artifact in artifacts.items() if isinstance(artifacts, Mapping) else ():
        kind = artifact.get("type") if isinstance(artifact, Mapping) else None
        properties = artifact.get("properties") if isinstance(artifact, Mapping) else None
        if not isinstance(kind, Scalar) or not isinstance(properties, Mapping):
            continue
        if kind.text == STACK:
            node = _file(properties.get("templateFile"), "", files, problems)
            if node is not None:
                yield name, node
        elif kind.text == ASSEMBLY and depth < _DEEPEST:
            node = _file(properties.get("directoryName"), "manifest.json", files, problems)
            if node is not None:
                yield from _stacks(node, files, problems, depth + 1)


def _apis(
    stack: str,
    root: Mapping,
    templates: TemplateReader,
    files: Files,
    problems: Problems,
    parameters: Dict[str, str],
    depth: int,
) -> Iterator[tuple[str, str, Api]]:
    template = Template(root, templates, files, problems, parameters)
    for logical_id, api in template.apis().items():
        yield stack, logical_id, api
    if depth >= _DEEPEST:
        return
    for logical_id, resource in template.of_type("Stack", "AWS::CloudFormation::"):
        metadata = resource.get("Metadata")
        asset = metadata.get(_ASSET) if isinstance(metadata, Mapping) else None
        node = _file(asset, "", files, problems) if asset is not None else None
        if node is None:
            continue
        given = template.resolver.resolve(template.properties(resource).get("Parameters"))
        handed = {
            name: value.text
            for name, value in (given.items() if isinstance(given, Mapping) else ())
            if isinstance(value, Scalar)
        }
        yield from _apis(f"{stack}.{logical_id}", node, templates, files, problems, handed, depth + 1)


def _file(path: object, inside: str, files: Files, problems: Problems) -> Mapping | None:
    if not isinstance(path, Scalar):
        return None
    name = path.text if not inside else beside(f"{path.text}/", inside)
    document = files.read(path, name, problems)
    node = None if document is None else read(document.text, document.name, problems)
    return node if isinstance(node, Mapping) else None
