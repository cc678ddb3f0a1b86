"""What ``aws apigateway get-resources --embed methods`` answers (and get-resource, get-method).

What may live here: that format. A file may also hold what the sister calls answer beside it: an object that has
``items`` and any of ``restApi``, ``models``, ``gatewayResponses``, ``requestValidators``, ``stages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.assembly import Assembly
from vtlsim.config.fields import Fields, Spelling
from vtlsim.config.gateway_responses import API as GATEWAY_RESPONSE
from vtlsim.config.gateway_responses import read_gateway_response, response_type
from vtlsim.config.integration import FIELDS, read_integration
from vtlsim.config.integration_response import API, read_by_status
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain
from vtlsim.config.method import (
    authorization_type,
    check_models,
    declared_parameters,
    declared_response,
    names_of,
    ordered_responses,
    text_map,
    validator_of,
    verb_of,
)
from vtlsim.config.problems import place_of
from vtlsim.config.schemas import local_references
from vtlsim.gateway.model import Api, Method, Model, Stage, Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import DeclaredResponse

METHOD: Final = Spelling(
    "method",
    {
        name: name
        for name in (
            *(
                "httpMethod",
                "authorizationType",
                "authorizerId",
                "apiKeyRequired",
                "requestValidatorId",
                "operationName",
            ),
            *("requestParameters", "requestModels", "methodResponses", "methodIntegration"),
        )
    },
    frozenset(("authorizationScopes", "_links", "_embedded", "ResponseMetadata")),
)

INTEGRATION: Final = Spelling(
    "integration",
    {**{name: name for name in FIELDS}, "integrationResponses": "integrationResponses"},
    frozenset(("_links", "_embedded", "responseTransferMode", "integrationTarget")),
)


def read_resources(mapping: Mapping, templates: TemplateReader, problems: Problems) -> Api:
    """An Api from the resources, and from what else the file holds."""
    reader = _Resources(mapping, templates, problems)
    return reader.read()


def read_method(mapping: Mapping, templates: TemplateReader, problems: Problems) -> Api:
    """An Api that serves every path by one method, from what get-method answers."""
    method = _Resources(mapping, templates, problems).method(mapping, None)
    return Api(fallback=method)


class _Resources:
    def __init__(self, mapping: Mapping, templates: TemplateReader, problems: Problems) -> None:
        self.mapping = mapping
        self.templates = templates
        self.problems = problems
        self.assembly = Assembly(problems)
        self.validators: dict[str, Validator] = {}

    def read(self) -> Api:
        root = self.mapping
        for each in _items(root.get("requestValidators")):
            text = _texts(each)
            self.validators[text.get("id", "")] = validator_of(
                text.get("name"),
                text.get("validateRequestBody") == "true",
                text.get("validateRequestParameters") == "true",
            )
        for each in _items(root.get("models")):
            self.model(each)
        for each in _items(root.get("gatewayResponses")):
            self.gateway_response(each)
        for each in _items(root.get("stages")):
            text = _texts(each)
            if "stageName" in text:
                variables = text_map(each.get("variables"), "variables", self.problems)
                canary = True if isinstance(each.get("canarySettings"), Mapping) else None
                name = text["stageName"]
                self.assembly.stages[name] = Stage(name, variables, canary, text.get("deploymentId"))
        for each in [root] if "resourceMethods" in root or "path" in root else _items(root):
            self.resource(each)
        return self.api()

    def api(self) -> Api:
        rest = self.mapping.get("restApi")
        rest = rest if isinstance(rest, Mapping) else Mapping(self.mapping.document, 0, 0)
        text = _texts(rest)
        binary = rest.get("binaryMediaTypes")
        kinds = rest.get("endpointConfiguration")
        types = kinds.get("types") if isinstance(kinds, Mapping) else None
        endpoint = plain(types.items[0]) if isinstance(types, Sequence) and types.items else "EDGE"
        size = text.get("minimumCompressionSize", "")
        return self.assembly.api(
            binary_media_types=tuple(
                each.text.lower()
                for each in (binary if isinstance(binary, Sequence) else ())
                if isinstance(each, Scalar)
            ),
            api_key_source=text.get("apiKeySource", "HEADER"),
            endpoint_type=endpoint,
            minimum_compression_size=int(size) if size.isdecimal() else None,
            name=text.get("name", ""),
            id=text.get("id"),
            description=text.get("description", ""),
        )

    def model(self, mapping: Mapping) -> None:
        text = _texts(mapping)
        schema = mapping.get("schema")
        if "name" not in text or not isinstance(schema, Scalar):
            return
        from vtlsim.config.marked import read

        node = read(schema.text, schema.document.name, self.problems, schema.origin)
        if node is not None:
            content_type = text.get("contentType", "application/json")
            self.assembly.models[text["name"]] = Model(text["name"], local_references(plain(node)), content_type)

    def gateway_response(self, mapping: Mapping) -> None:
        kind = mapping.get("responseType")
        if isinstance(kind, Scalar) and _texts(mapping).get("defaultResponse") != "true":
            name = response_type(kind, self.problems)
            if name is not None:
                self.assembly.responses[name] = read_gateway_response(
                    name, mapping, GATEWAY_RESPONSE, self.templates, self.problems
                )

    def resource(self, mapping: Mapping) -> None:
        text = _texts(mapping)
        path = text.get("path")
        if path is None:
            self.problems.error(mapping, "a resource needs a path", code="no-path")
            return
        node = mapping.get("path")
        assert node is not None, "its text was read"
        self.assembly.check_path(path, node)
        if "id" in text:
            self.assembly.ids[path] = text["id"]
        methods = mapping.get("resourceMethods")
        if not isinstance(methods, Mapping):
            return
        for name, each in methods.items():
            verb = verb_of(methods.key(name), self.problems)
            if verb is None or not isinstance(each, Mapping):
                continue
            if not each.entries:
                self.problems.error(
                    methods.key(name),
                    "this method says nothing of itself; ask for it with: aws apigateway get-resources --embed methods",
                    code="not-embedded",
                )
                continue
            method = self.method(each, verb)
            if method is not None:
                self.assembly.add(path, verb, method, methods.key(name))

    def method(self, mapping: Mapping, verb: str | None) -> Method | None:
        problems = self.problems
        fields = Fields(mapping, METHOD, problems)
        own = fields.scalar("httpMethod")
        if verb is None:
            verb = "ANY" if own is None else verb_of(own, problems)
        declared = declared_parameters(fields.mapped("requestParameters"), problems)
        models = text_map(fields.get("requestModels"), "requestModels", problems)
        if self.assembly.models:
            check_models(fields.get("requestModels"), models, self.assembly.models, problems)
        responses = self.responses(fields.mapped("methodResponses"))
        node = fields.mapped("methodIntegration")
        integration = None
        if node is not None:
            inner = Fields(node, INTEGRATION, problems)
            answers = read_by_status(inner.mapped("integrationResponses"), API, self.templates, problems, responses)
            integration = read_integration(inner, self.templates, declared=names_of(declared), responses=answers)
        else:
            problems.warning(fields.mapping, "this method has no integration", code="no-integration")
        if verb is None:
            return None
        return Method(
            http_method=verb,
            integration=integration,
            request_parameters=declared,
            request_models=models,
            validator=self.validator(fields),
            api_key_required=fields.boolean("apiKeyRequired") or False,
            authorization_type=authorization_type(fields.text("authorizationType")),
            authorizer=fields.text("authorizerId"),
            responses=responses,
            operation_name=fields.text("operationName"),
            origin=place_of(mapping),
        )

    def validator(self, fields: Fields) -> Validator:
        node = fields.scalar("requestValidatorId")
        if node is None:
            return Validator()
        if node.text not in self.validators:
            self.problems.warning(
                node,
                "this file does not say what the request validator validates; nothing is validated. Add what "
                "get-request-validators answers under requestValidators",
                code="no-validator",
                expected=tuple(self.validators),
            )
        return self.validators.get(node.text, Validator())

    def responses(self, node: Mapping | None) -> tuple[DeclaredResponse, ...]:
        found: list[DeclaredResponse] = []
        for name, each in node.items() if node is not None else ():
            if isinstance(each, Mapping):
                parameters, models = each.get("responseParameters"), each.get("responseModels")
                found.append(declared_response(name, parameters, models, self.problems))
        return ordered_responses(found)


def _items(node: Node | None) -> Iterator[Mapping]:
    """The mappings of a list, of the CLI's ``items``, or of HAL's ``_embedded.item``."""
    if isinstance(node, Mapping):
        embedded = node.get("_embedded")
        for name in ("items", "item"):
            inner = node.get(name)
            if inner is None and isinstance(embedded, Mapping):
                inner = embedded.get(name)
            if inner is not None:
                node = inner
                break
    if isinstance(node, Mapping):
        yield node
    elif isinstance(node, Sequence):
        for each in node:
            if isinstance(each, Mapping):
                yield each


def _texts(mapping: Mapping) -> dict[str, str]:
    return {name: node.text for name, node in mapping.items() if isinstance(node, Scalar) and node.value is not None}
