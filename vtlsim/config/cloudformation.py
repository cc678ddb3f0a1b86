"""CloudFormation templates: resources of type ``AWS::ApiGateway::*`` become Apis.

What may live here: finding the Apis of a template and what belongs to each. A method is read in
cloudformation_method.py, functions in intrinsics.py, what SAM adds in sam.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.api_keys import add_template_keys
from vtlsim.config.assembly import Assembly
from vtlsim.config.cloudformation_method import read_method
from vtlsim.config.conditions import function_name
from vtlsim.config.fields import Fields, Spelling, is_unknown, wrong_kind
from vtlsim.config.gateway_responses import read_gateway_response, response_type
from vtlsim.config.intrinsics import Resolver
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain
from vtlsim.config.method import text_map, validator_of, verb_of
from vtlsim.config.openapi import into_assembly, settings
from vtlsim.config.schemas import local_references
from vtlsim.gateway.model import Model, Stage, Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import Api

PREFIX: Final = "AWS::ApiGateway::"

_DEEPEST: Final = 50
"""Resources under one another. A bound of ours, and what ends a circle of them."""

REST_API: Final = Spelling(
    "AWS::ApiGateway::RestApi",
    {
        "ApiKeySourceType": "apiKeySource",
        "BinaryMediaTypes": "binaryMediaTypes",
        "Body": "body",
        "BodyS3Location": "bodyS3Location",
        "Description": "description",
        "EndpointConfiguration": "endpointConfiguration",
        "MinimumCompressionSize": "minimumCompressionSize",
        "Name": "name",
    },
    frozenset(
        (
            "CloneFrom",
            "DisableExecuteApiEndpoint",
            "EndpointAccessMode",
            "FailOnWarnings",
            "Mode",
            "Parameters",
            "Policy",
        )
    )
    | frozenset(("SecurityPolicy", "Tags")),
)

GATEWAY_RESPONSE: Final = Spelling(
    "AWS::ApiGateway::GatewayResponse",
    {"StatusCode": "statusCode", "ResponseParameters": "responseParameters", "ResponseTemplates": "responseTemplates"},
    frozenset(("ResponseType", "RestApiId")),
)


class Draft:
    """One Api of a template, while it is being found."""

    __slots__ = ("assembly", "paths", "resource", "settings", "validators")

    def __init__(self, problems: Problems, resource: Mapping | None) -> None:
        self.assembly = Assembly(problems)
        self.resource = resource
        self.settings: dict[str, object] = {}
        self.paths: dict[str, str] = {}
        self.validators: dict[str, Validator] = {}

    def api(self, name: str) -> Api:
        """The finished Api, named as its template names it."""
        return self.assembly.api(**{"name": name, **self.settings})


def read_cloudformation(
    root: Mapping, templates: TemplateReader, files: Files, problems: Problems, parameters: Dict[str, str]
) -> dict[str, Api]:
    """Every REST API of a template, by logical id. SAM's resources count too."""
    template = Template(root, templates, files, problems, parameters)
    template.check_parameters(parameters)
    return template.apis()


class Template:
    """One template: its resources by type, and the Apis found among them."""

    def __init__(
        self, root: Mapping, templates: TemplateReader, files: Files, problems: Problems, parameters: Dict[str, str]
    ) -> None:
        self.root = root
        self.templates = templates
        self.files = files
        self.problems = problems
        self.resolver = Resolver(root, files, problems, parameters)
        self.drafts: dict[str, Draft] = {}
        self.models: dict[str, str] = {}

    def apis(self) -> dict[str, Api]:
        """Every Api that has a method."""
        for logical_id, resource in self.of_type("RestApi"):
            self._rest_api(logical_id, resource)
        if any(kind.startswith("AWS::Serverless::") for kind, _, _ in self._resources()):
            from vtlsim.config.sam import add_serverless

            add_serverless(self)
        for read, kind in (
            (self._model, "Model"),
            (self._validator, "RequestValidator"),
            (self._gateway_response, "GatewayResponse"),
            (self._method, "Method"),
            (self._stage, "Stage"),
            (self._deployment, "Deployment"),
        ):
            for logical_id, resource in self.of_type(kind):
                read(logical_id, resource)
        add_template_keys(self)
        return {
            name: draft.api(name)
            for name, draft in self.drafts.items()
            if draft.assembly.methods or (draft.resource is not None and len(self.drafts) == 1)
        }

    def of_type(self, kind: str, prefix: str = PREFIX) -> Iterator[tuple[str, Mapping]]:
        """Logical id and resource, for each resource of a type whose condition holds."""
        for found, logical_id, resource in self._resources():
            if found == prefix + kind and self.resolver.holds(resource.get("Condition")):
                yield logical_id, resource

    def _resources(self) -> Iterator[tuple[str, str, Mapping]]:
        for logical_id, resource in self.resolver.resources.items():
            kind = resource.get("Type") if isinstance(resource, Mapping) else None
            if isinstance(kind, Scalar) and isinstance(resource, Mapping):
                yield kind.text, logical_id, resource

    def properties(self, resource: Mapping) -> Mapping:
        """A resource's properties, unresolved."""
        node = self.resolver.chosen(resource.get("Properties"))
        if isinstance(node, Mapping):
            return node
        if node is not None:
            wrong_kind(node, "Properties", "a mapping", self.problems)
        return Mapping(resource.document, resource.start, resource.start)

    def resolved(self, resource: Mapping, names: Iterable[str]) -> Mapping:
        """A resource's properties, those of the given names resolved. The others are none of our business, or refer to
        other resources of the template.
        """
        properties = self.properties(resource)
        wanted = frozenset(names)
        entries: dict[str, Node] = {}
        for name, node in properties.items():
            found = self.resolver.resolve(node) if name in wanted else node
            if found is not None:
                entries[name] = found
        return Mapping(properties.document, properties.start, properties.end, entries, properties.keys)

    def referred(self, node: Node | None) -> str | None:
        """The logical id that ``Ref`` (or ``GetAtt``) names; any other text as it is; None without one."""
        node = self.resolver.chosen(node)
        if isinstance(node, Mapping):
            name = function_name(node)
            argument = node.entries[name] if name is not None else None
            if name == "Ref" and isinstance(argument, Scalar):
                return argument.text if argument.text in self.resolver.resources else self._elsewhere(node)
            if name == "Fn::GetAtt":
                first = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
                logical_id = first.text.partition(".")[0] if isinstance(first, Scalar) else ""
                return logical_id if logical_id in self.resolver.resources else self._elsewhere(node)
            if name == "Fn::Sub" and isinstance(argument, Scalar):
                inner = argument.text.removeprefix("${").removesuffix("}").partition(".")[0]
                if inner in self.resolver.resources:
                    return inner
        return self._elsewhere(node) if node is not None else None

    def _elsewhere(self, node: Node) -> str | None:
        found = self.resolver.resolve(node)
        return found.text if isinstance(found, Scalar) and found.value is not None else None

    def draft(self, node: Node | None, resource: Mapping) -> Draft | None:
        """The Api that a resource's ``RestApiId`` names; one outside the template is named after what names it."""
        name = self.referred(node)
        if name is None:
            self.problems.error(resource, "RestApiId is missing", code="no-rest-api")
            return None
        draft = self.drafts.get(name)
        if draft is None:
            draft = self.drafts[name] = Draft(self.problems, None)
        return draft

    def check_parameters(self, parameters: Dict[str, str]) -> None:
        """Report each given parameter that the template does not have."""
        for name in parameters:
            if name not in self.resolver.parameters and not name.startswith("AWS::"):
                self.problems.unknown(self.root, "parameter", name, tuple(self.resolver.parameters), severity="warning")

    # -- resources ----------------------------------------------------------------------------------------------------

    def _rest_api(self, logical_id: str, resource: Mapping) -> None:
        if logical_id in self.drafts:
            return  # made by a tool that adds its own methods
        draft = self.drafts[logical_id] = Draft(self.problems, resource)
        fields = Fields(self.resolved(resource, REST_API.names), REST_API, self.problems)
        body = fields.get("body")
        if isinstance(body, Mapping):
            into_assembly(body, draft.assembly, self.templates, self.files, self.problems)
            draft.settings.update(settings(body, self.problems))
        elif body is not None and not is_unknown(body):
            wrong_kind(body, "Body", "an OpenAPI document", self.problems)
        elif fields.get("bodyS3Location") is not None:
            self.problems.error(
                fields.key("bodyS3Location"),
                "the API's definition is in S3; nothing is fetched from the network",
                code="network",
            )
        draft.settings.update(api_settings(fields))

    def _model(self, logical_id: str, resource: Mapping) -> None:
        properties = self.resolved(resource, ("Name", "Schema", "ContentType"))
        draft = self.draft(properties.get("RestApiId"), resource)
        name = properties.get("Name")
        schema = properties.get("Schema")
        text = name.text if isinstance(name, Scalar) else logical_id
        self.models[logical_id] = text
        if draft is None or schema is None:
            return
        if isinstance(schema, Scalar):
            from vtlsim.config.marked import read

            found = read(schema.text, schema.document.name, self.problems, schema.origin)
        else:
            found = schema
        kind = properties.get("ContentType")
        if found is not None:
            content_type = kind.text if isinstance(kind, Scalar) else "application/json"
            draft.assembly.models[text] = Model(text, local_references(plain(found)), content_type)

    def _validator(self, logical_id: str, resource: Mapping) -> None:
        properties = self.resolved(resource, ("Name", "ValidateRequestBody", "ValidateRequestParameters"))
        draft = self.draft(properties.get("RestApiId"), resource)
        if draft is not None:
            name = properties.get("Name")
            body, parameters = (
                isinstance(node, Scalar) and node.text.lower() == "true"
                for node in (properties.get("ValidateRequestBody"), properties.get("ValidateRequestParameters"))
            )
            draft.validators[logical_id] = validator_of(
                name.text if isinstance(name, Scalar) else logical_id, body, parameters
            )

    def _gateway_response(self, _: str, resource: Mapping) -> None:
        properties = self.resolved(resource, ("ResponseType", *GATEWAY_RESPONSE.names))
        draft = self.draft(properties.get("RestApiId"), resource)
        kind = properties.get("ResponseType")
        if not isinstance(kind, Scalar):
            self.problems.error(properties, "a gateway response needs a ResponseType", code="no-type")
            return
        name = response_type(kind, self.problems)
        if draft is not None and name is not None:
            draft.assembly.responses[name] = read_gateway_response(
                name, properties, GATEWAY_RESPONSE, self.templates, self.problems
            )

    def _method(self, _: str, resource: Mapping) -> None:
        properties = self.properties(resource)
        draft = self.draft(properties.get("RestApiId"), resource)
        verb_node = self.resolver.resolve(properties.get("HttpMethod"))
        verb = verb_of(verb_node, self.problems) if isinstance(verb_node, Scalar) else None
        if verb_node is None:
            self.problems.error(properties, "a method needs an HttpMethod", code="wrong-method")
        path = self.path(properties.get("ResourceId"), draft, resource)
        method = read_method(self, draft, verb or "ANY", resource)
        if draft is not None and verb is not None and path is not None and method is not None:
            draft.assembly.add(path, verb, method, resource)

    def path(self, node: Node | None, draft: Draft | None, at: Mapping, depth: int = 0) -> str | None:
        """The path of a resource that a node refers to.

        CFG022: a parent outside the template counts as the root.
        """
        if draft is None:
            return None
        logical_id = self.referred(node)
        if logical_id is None:
            self.problems.error(at, "ResourceId is missing", code="no-resource")
            return None
        if depth > _DEEPEST:
            self.problems.error(at, "resources that are each other's parents", code="ref-circle")
            return None
        if logical_id in draft.paths:
            return draft.paths[logical_id]
        resource = self.resolver.resources.get(logical_id)
        kind = resource.get("Type") if isinstance(resource, Mapping) else None
        if not isinstance(resource, Mapping) or not isinstance(kind, Scalar) or kind.text != f"{PREFIX}Resource":
            if node is not None and logical_id not in self.drafts and self._exists(node, logical_id):
                self.problems.warning(
                    node, f"{logical_id} is a resource outside this template; it counts as the root", code="CFG022"
                )
            draft.paths[logical_id] = "/"
            return "/"
        properties = self.properties(resource)
        parent = self.path(properties.get("ParentId"), draft, resource, depth + 1)
        part = self.resolver.resolve(properties.get("PathPart"))
        if parent is None or not isinstance(part, Scalar):
            self.problems.error(properties, "a resource needs a PathPart", code="no-path")
            return None
        path = f"{parent.rstrip('/')}/{part.text}"
        draft.assembly.check_path("/" + part.text, part)
        draft.paths[logical_id] = path
        return path

    def _exists(self, node: Node, name: str) -> bool:
        """Whether what a node refers to is there at all; that it is not was reported."""
        chosen = self.resolver.chosen(node)
        return function_name(chosen) != "Ref" or name in self.resolver.names() if chosen is not None else False

    def _stage(self, logical_id: str, resource: Mapping) -> None:
        properties = self.resolved(resource, ("StageName", "Variables", "CanarySetting"))
        draft = self.draft(properties.get("RestApiId"), resource)
        name = properties.get("StageName")
        if draft is not None:
            variables = text_map(properties.get("Variables"), "Variables", self.problems)
            canary = True if isinstance(properties.get("CanarySetting"), Mapping) else None
            text = name.text if isinstance(name, Scalar) else logical_id
            draft.assembly.stages[text] = Stage(text, variables, canary)

    def _deployment(self, _: str, resource: Mapping) -> None:
        properties = self.resolved(resource, ("StageName", "StageDescription"))
        draft = self.draft(properties.get("RestApiId"), resource)
        name = properties.get("StageName")
        if draft is None or not isinstance(name, Scalar) or name.text in draft.assembly.stages:
            return
        description = properties.get("StageDescription")
        variables = description.get("Variables") if isinstance(description, Mapping) else None
        draft.assembly.stages[name.text] = Stage(name.text, text_map(variables, "Variables", self.problems))


def api_settings(fields: Fields) -> dict[str, object]:
    """What the properties of an Api say of it as a whole: fields of model.Api."""
    found: dict[str, object] = {}
    for name in ("name", "description"):
        text = fields.text(name)
        if text is not None:
            found[name] = text
    binary = fields.listed("binaryMediaTypes")
    if binary is not None:
        found["binary_media_types"] = tuple(
            each.text.replace("~1", "/").lower() for each in binary if isinstance(each, Scalar)
        )
    source = fields.one_of("apiKeySource", ("HEADER", "AUTHORIZER"))
    if source is not None:
        found["api_key_source"] = source
    size = fields.integer("minimumCompressionSize")
    if size is not None:
        found["minimum_compression_size"] = size
    endpoint = fields.get("endpointConfiguration")
    if isinstance(endpoint, Mapping):
        types = endpoint.get("Types") or endpoint.get("Type")
        endpoint = types.items[0] if isinstance(types, Sequence) and types.items else types
    if isinstance(endpoint, Scalar) and endpoint.text in {"EDGE", "REGIONAL", "PRIVATE"}:
        found["endpoint_type"] = endpoint.text
    return found
