"""Which format is this? Decided by what the document says, never by its name.

What may live here: recognition, and nothing that reads further than recognition must.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from vtlsim.config.integration import FIELDS
from vtlsim.config.marked import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from vtlsim.config.marked import Node

Format: TypeAlias = Literal[
    "put-integration",
    "get-method",
    "get-resources",
    "openapi",
    "cloudformation",
    "sam",
    "cdk",
    "terraform",
    "serverless",
]

SIGNS: Final[tuple[tuple[str, str], ...]] = (
    ("put-integration or get-integration", "type, with uri, httpMethod, requestTemplates …"),
    ("get-resources --embed methods", "items, each with a path and resourceMethods"),
    ("OpenAPI 2 or 3", "swagger or openapi"),
    ("CloudFormation", "Resources, each with a Type"),
    ("SAM", "Resources with a Type of AWS::Serverless"),
    ("cdk.out", "artifacts of its manifest.json"),
    ("terraform show -json", "planned_values or values"),
    ("serverless.yml", "service and provider"),
)
"""Each format by the name people know, and what it is known by."""


def detect(root: Node) -> Format | None:
    """The format of a document; None when it shows the signs of none."""
    if not isinstance(root, Mapping):
        return None
    if "swagger" in root or "openapi" in root:
        return "openapi"
    if "planned_values" in root or ("values" in root and ("format_version" in root or "terraform_version" in root)):
        return "terraform"
    if "lineage" in root and "terraform_version" in root:
        return "terraform"
    resources = root.get("Resources")
    if isinstance(resources, Mapping):
        types = [_type(each) for each in resources.entries.values()]
        if any(text.startswith("AWS::Serverless::") for text in types) or _transforms(root.get("Transform")):
            return "sam"
        if "AWSTemplateFormatVersion" in root or any("::" in text for text in types):
            return "cloudformation"
    if "artifacts" in root and "version" in root:
        return "cdk"
    if "provider" in root and ("functions" in root or "service" in root or "resources" in root):
        return "serverless"
    if "resourceMethods" in root or _lists_resources(root):
        return "get-resources"
    if "methodIntegration" in root:
        return "get-method"
    if "paths" in root and "info" in root:
        return "openapi"
    if sum(name in root for name in (*FIELDS, "integrationHttpMethod")) >= (1 if "type" in root else 2):
        return "put-integration"
    return None


def _type(node: Node) -> str:
    kind = node.get("Type") if isinstance(node, Mapping) else None
    return kind.text if isinstance(kind, Scalar) else ""


def _transforms(node: Node | None) -> bool:
    each = node.items if isinstance(node, Sequence) else [node]
    return any(isinstance(one, Scalar) and one.text.startswith("AWS::Serverless") for one in each)


def _lists_resources(root: Mapping) -> bool:
    items = root.get("items")
    embedded = root.get("_embedded")
    if items is None and isinstance(embedded, Mapping):
        items = embedded.get("item")
    if isinstance(items, Sequence):
        return any(isinstance(each, Mapping) and "path" in each for each in items)
    return isinstance(items, Mapping) and "path" in items
