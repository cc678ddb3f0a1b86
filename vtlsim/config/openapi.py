"""OpenAPI 2 and 3.0 documents with API Gateway's extensions: what ImportRestApi takes and get-export gives.

What may live here: the document's own level (models, validators, gateway responses, settings) and its paths. One
operation is read in openapi_operation.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.assembly import Assembly
from vtlsim.config.fields import Fields, Spelling, is_unknown, wrong_kind
from vtlsim.config.gateway_responses import API as GATEWAY_RESPONSE
from vtlsim.config.gateway_responses import read_by_type
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain
from vtlsim.config.method import validator_of
from vtlsim.config.openapi_operation import OperationReader, Security
from vtlsim.config.problems import nearest
from vtlsim.config.references import References
from vtlsim.config.schemas import local_references
from vtlsim.gateway.model import Model, Validator

if TYPE_CHECKING:
    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import Api

EXTENSION: Final = "x-amazon-apigateway-"
ANY_METHOD: Final = f"{EXTENSION}any-method"
VERBS: Final = ("get", "put", "post", "delete", "options", "head", "patch")

EXTENSIONS: Final = tuple(
    EXTENSION + name
    for name in (
        *(
            "any-method",
            "api-key-source",
            "auth",
            "authorizer",
            "authtype",
            "binary-media-types",
            "cors",
            "documentation",
        ),
        *("endpoint-configuration", "gateway-responses", "importexport-version", "integration", "integrations"),
        *(
            "minimum-compression-size",
            "policy",
            "request-validator",
            "request-validators",
            "security-policy",
            "tag-value",
        ),
        "endpoint-access-mode",
    )
)

VALIDATOR: Final = Spelling(
    "request validator",
    {"validateRequestBody": "validateRequestBody", "validateRequestParameters": "validateRequestParameters"},
    unknown="warning",
)
_PATH_LEVEL: Final = frozenset(("parameters", "summary", "description", "servers", "$ref"))


def read_openapi(root: Mapping, templates: TemplateReader, files: Files, problems: Problems) -> Api:
    """An Api from the whole document."""
    assembly = into_assembly(root, Assembly(problems), templates, files, problems)
    return assembly.api(**settings(root, problems))


def into_assembly(
    root: Mapping, assembly: Assembly, templates: TemplateReader, files: Files, problems: Problems
) -> Assembly:
    """Add the document's methods, models and gateway responses to an Api being assembled.

    CFG012: the path of ``basePath`` and ``servers`` is left out of the resources, as ImportRestApi does by default
    (``basepath=ignore``). Documented.
    """
    references = References(root, files, problems)
    assembly.responses.update(
        read_by_type(root.get(f"{EXTENSION}gateway-responses"), GATEWAY_RESPONSE, templates, problems)
    )
    _models(root, assembly)
    validators = _validators(root.get(f"{EXTENSION}request-validators"), problems)
    operations = OperationReader(
        root=root,
        references=references,
        templates=templates,
        problems=problems,
        models=assembly.models,
        validators=validators,
        security=_security(root, references),
    )
    paths = root.get("paths")
    if paths is None:
        problems.error(root, "an OpenAPI document needs paths", code="no-paths")
    elif not isinstance(paths, Mapping):
        wrong_kind(paths, "paths", "a mapping", problems)
    else:
        _check_extensions(root, problems)
        for path, node in paths.items():
            if path.startswith("x-"):
                continue
            item = references.follow(node)
            if not isinstance(item, Mapping):
                if item is not None:
                    wrong_kind(node, f"paths.{path}", "a mapping", problems)
                continue
            assembly.check_path(path, paths.key(path))
            _path(path, item, assembly, operations)
    return assembly


def _path(path: str, item: Mapping, assembly: Assembly, operations: OperationReader) -> None:
    problems = assembly.problems
    for name, node in item.items():
        key = item.key(name)
        if name in VERBS or name == ANY_METHOD:
            verb = "ANY" if name == ANY_METHOD else name.upper()
            if isinstance(node, Mapping):
                method = operations.method(verb, node, item.get("parameters"))
                if method is not None:
                    assembly.add(path, verb, method, key)
            elif not (isinstance(node, Scalar) and node.value is None):
                wrong_kind(node, name, "a mapping", problems)
        elif name == "trace":
            problems.warning(key, "API Gateway has no TRACE methods; this one is left out", code="trace")
        elif name.startswith(EXTENSION):
            problems.unknown(key, "extension", name, (ANY_METHOD,), severity="warning")
        elif name not in _PATH_LEVEL and not name.startswith("x-"):
            valid = (*VERBS, ANY_METHOD, *sorted(_PATH_LEVEL))
            closest = ANY_METHOD if name.lower() == "any" else nearest(name, valid)
            problems.error(key, f"unknown method {name!r}", code="unknown-method", expected=valid, nearest=closest)


def settings(root: Mapping, problems: Problems) -> dict[str, object]:
    """What the document says of the Api as a whole: fields of model.Api."""
    found: dict[str, object] = {}
    info = root.get("info")
    for name, field in (("title", "name"), ("description", "description")):
        node = info.get(name) if isinstance(info, Mapping) else None
        if isinstance(node, Scalar):
            found[field] = node.text
    binary = root.get(f"{EXTENSION}binary-media-types")
    if isinstance(binary, Sequence):
        found["binary_media_types"] = tuple(each.text.lower() for each in binary if isinstance(each, Scalar))
    elif binary is not None and not is_unknown(binary):
        wrong_kind(binary, "binary media types", "a list", problems)
    fields = Fields(
        root,
        Spelling(
            "document",
            {
                f"{EXTENSION}api-key-source": "apiKeySource",
                f"{EXTENSION}minimum-compression-size": "minimumCompressionSize",
            },
            frozenset(root),
            any_case=True,
        ),
        problems,
    )
    source = fields.one_of("apiKeySource", ("HEADER", "AUTHORIZER"))
    if source is not None:
        found["api_key_source"] = source
    size = fields.integer("minimumCompressionSize")
    if size is not None:
        found["minimum_compression_size"] = size
    return found


def _models(root: Mapping, assembly: Assembly) -> None:
    components = root.get("components")
    for definitions in (
        root.get("definitions"),
        components.get("schemas") if isinstance(components, Mapping) else None,
    ):
        if isinstance(definitions, Mapping):
            for name, schema in definitions.items():
                assembly.models[name] = Model(name, local_references(plain(schema)))


def _validators(node: Node | None, problems: Problems) -> dict[str, Validator]:
    found: dict[str, Validator] = {}
    for name, each in node.items() if isinstance(node, Mapping) else ():
        if isinstance(each, Mapping):
            fields = Fields(each, VALIDATOR, problems)
            body, parameters = fields.boolean("validateRequestBody"), fields.boolean("validateRequestParameters")
            found[name] = validator_of(name, body, parameters)
    return found


def _security(root: Mapping, references: References) -> dict[str, Security]:
    """Security schemes by name: which need an API key, which an authorizer."""
    components = root.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, Mapping) else root.get("securityDefinitions")
    found: dict[str, Security] = {}
    for name, node in schemes.items() if isinstance(schemes, Mapping) else ():
        scheme = references.follow(node)
        if not isinstance(scheme, Mapping):
            continue
        texts = {key: each.text for key, each in scheme.items() if isinstance(each, Scalar)}
        kind = texts.get(f"{EXTENSION}authtype", "").lower()
        authorizer = scheme.get(f"{EXTENSION}authorizer")
        inner = authorizer.get("type") if isinstance(authorizer, Mapping) else None
        cognito = isinstance(inner, Scalar) and inner.text.lower() == "cognito_user_pools"
        if kind == "awssigv4":
            found[name] = Security("AWS_IAM")
        elif kind == "cognito_user_pools" or cognito:
            found[name] = Security("COGNITO_USER_POOLS", name)
        elif authorizer is not None or kind:
            found[name] = Security("CUSTOM", name)
        elif (
            texts.get("type") == "apiKey"
            and texts.get("name", "").lower() == "x-api-key"
            and texts.get("in") == "header"
        ):
            found[name] = Security("NONE", api_key=True)
        else:
            found[name] = Security("NONE")
    return found


def _check_extensions(root: Mapping, problems: Problems) -> None:
    for name in root:
        if name.startswith(EXTENSION) and name not in EXTENSIONS:
            problems.warning(
                root.key(name),
                f"unknown extension {name!r}",
                code="unknown-extension",
                nearest=nearest(name, EXTENSIONS),
            )
