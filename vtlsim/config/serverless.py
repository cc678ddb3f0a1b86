"""serverless.yml: functions' http events, and the raw CloudFormation under ``resources``.

What may live here: the document's own level. An event is read in serverless_http.py, variables in
serverless_variables.py, what is deployed where the document is silent in serverless_defaults.py.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from vtlsim.config.api_keys import add_service_keys
from vtlsim.config.cloudformation import Draft, Template, api_settings
from vtlsim.config.fields import Fields, Spelling, wrong_kind
from vtlsim.config.made import made, made_mapping
from vtlsim.config.marked import Mapping, Scalar, Sequence
from vtlsim.config.serverless_http import HttpEvents
from vtlsim.config.serverless_variables import Variables
from vtlsim.config.stand_ins import NAMES
from vtlsim.gateway.model import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import Api

REST_API: Final = "ApiGatewayRestApi"
"""The logical id that the framework gives its REST API, and that raw resources refer to."""

_PROXIES: Final = "apiGatewayServiceProxies"
_PROVIDER: Final = frozenset(("apiGateway", "apiKeys", "apiName", "endpointType", "name", "region", "stage"))
_FUNCTION: Final = frozenset(("events", "name"))

API_GATEWAY: Final = Spelling(
    "provider.apiGateway",
    {
        "apiKeySourceType": "apiKeySource",
        "binaryMediaTypes": "binaryMediaTypes",
        "description": "description",
        "minimumCompressionSize": "minimumCompressionSize",
    },
    unknown=None,
)


def read_serverless(
    root: Mapping,
    templates: TemplateReader,
    files: Files,
    problems: Problems,
    options: Dict[str, str],
    environment: Dict[str, str],
) -> dict[str, Api]:
    """Every REST API of a service: the framework's own, and any among the raw resources."""
    variables = Variables(root, files, problems, options, environment)
    return _Service(root, templates, files, problems, variables).apis()


class _Service:
    def __init__(
        self, root: Mapping, templates: TemplateReader, files: Files, problems: Problems, variables: Variables
    ) -> None:
        self.root = root
        self.templates = templates
        self.files = files
        self.problems = problems
        self.variables = variables
        self.provider = self.resolved(root.get("provider"), _PROVIDER)

    def resolved(self, node: Node | None, names: frozenset[str]) -> Mapping:
        """A mapping's entries of the given names, resolved: the others are none of our business."""
        node = None if node is None else self.variables.resolve(node) if isinstance(node, Scalar) else node
        if not isinstance(node, Mapping):
            return Mapping(self.root.document, self.root.start, self.root.start)
        entries = {name: self.variables.resolve(each) for name, each in node.items() if name in names}
        return Mapping(node.document, node.start, node.end, entries, node.keys)

    def apis(self) -> dict[str, Api]:
        cloud = self.provider.get("name")
        if isinstance(cloud, Scalar) and cloud.text != "aws":
            self.problems.error(
                cloud, f"this service is deployed to {cloud.text}; only aws has API Gateway", code="provider"
            )
            return {}
        draft = Draft(self.problems, None)
        events = HttpEvents(
            assembly=draft.assembly,
            templates=self.templates,
            problems=self.problems,
            service=self.service_name(),
            stage=self.variables.stage,
            region=self.variables.region,
            provider=self.provider,
        )
        functions = dict(self.functions())
        for name, function in functions.items():
            events.function(name, function)
        events.finish()
        self.settings(draft)
        stage = self.variables.stage
        draft.assembly.stages[stage] = Stage(stage)
        template = self.template(draft, functions, events)
        return template.apis()

    def service_name(self) -> str:
        node = self.variables.section("service")
        if isinstance(node, Mapping):
            node = node.get("name")
        return node.text if isinstance(node, Scalar) else "service"

    def functions(self) -> Iterator[tuple[str, Mapping]]:
        """Every function; the section may be a list of mappings."""
        for each in _each(self.root.get("functions")):
            section = self.variables.resolve(each) if isinstance(each, Scalar) else each
            if not isinstance(section, Mapping):
                if not (isinstance(section, Scalar) and (section.value is None or section.is_made)):
                    wrong_kind(section, "functions", "a mapping", self.problems)
                continue
            for name, node in section.items():
                function = self.variables.resolve(node) if isinstance(node, Scalar) else node
                if isinstance(function, Mapping):
                    yield name, self.resolved(function, _FUNCTION)
                elif not isinstance(function, Scalar) or not function.is_made:
                    wrong_kind(function, name, "a mapping", self.problems)

    def settings(self, draft: Draft) -> None:
        gateway = self.provider.get("apiGateway")
        spelled = (
            gateway if isinstance(gateway, Mapping) else Mapping(self.root.document, self.root.start, self.root.start)
        )
        draft.settings.update(api_settings(Fields(spelled, API_GATEWAY, self.problems)))
        name = self.provider.get("apiName")
        # The framework's own naming, but where shouldStartNameWithService turns it round.
        first = spelled.get("shouldStartNameWithService")
        service, stage = self.service_name(), self.variables.stage
        default = f"{service}-{stage}" if isinstance(first, Scalar) and first.value is True else f"{stage}-{service}"
        draft.settings["name"] = name.text if isinstance(name, Scalar) else default
        kind = self.provider.get("endpointType")
        if isinstance(kind, Scalar) and kind.text.upper() in {"EDGE", "REGIONAL", "PRIVATE"}:
            draft.settings["endpoint_type"] = kind.text.upper()
        add_service_keys(draft.assembly, (spelled.get("apiKeys"), self.provider.get("apiKeys")))
        self.plugins()

    def plugins(self) -> None:
        """CFG027: methods that a plugin makes are left out."""
        custom = self.root.get("custom")
        if isinstance(custom, Mapping) and _PROXIES in custom:
            self.problems.warning(custom.key(_PROXIES), f"{_PROXIES} are a plugin's; they are not read", code="CFG027")
        section = self.root.get("stepFunctions")
        machines = section.get("stateMachines") if isinstance(section, Mapping) else None
        for name, machine in machines.items() if isinstance(machines, Mapping) else ():
            events = machine.get("events") if isinstance(machine, Mapping) else None
            for event in events.items if isinstance(events, Sequence) else ():
                if isinstance(event, Mapping) and "http" in event:
                    self.problems.warning(
                        event.key("http"),
                        f"http events of the state machine {name} are a plugin's; they are not read",
                        code="CFG027",
                    )

    def template(self, draft: Draft, functions: Dict[str, Mapping], events: HttpEvents) -> Template:
        """The raw resources as a template that knows the framework's own resources by their logical ids."""
        raw: dict[str, Node] = {}
        keys: dict[str, int | Scalar] = {}
        sections: dict[str, Node] = {}
        for each in _each(self.root.get("resources")):
            part = self.variables.resolve(each) if isinstance(each, Scalar) else each
            for name, inner in part.items() if isinstance(part, Mapping) else ():
                node = self.variables.resolve(inner) if isinstance(inner, Scalar) else inner
                if name == "Resources" and isinstance(node, Mapping):
                    raw.update((logical_id, self.raw_resource(resource)) for logical_id, resource in node.items())
                    keys.update(node.keys)
                elif isinstance(node, Mapping) and name != "Outputs":
                    resolved = self.variables.resolve(node)
                    if isinstance(resolved, Mapping):
                        sections[name] = resolved
        for name in functions:
            logical_id = f"{name[:1].upper()}{name[1:].replace('-', 'Dash').replace('_', 'Underscore')}LambdaFunction"
            properties = made_mapping(self.root, {"FunctionName": made(self.root, events.function_name(name))})
            raw.setdefault(logical_id, self.kind("AWS::Lambda::Function", properties))
        raw[REST_API] = self.kind("AWS::ApiGateway::RestApi")
        for path in draft.assembly.methods:
            logical_id = resource_id(path)
            draft.paths[logical_id] = path
            raw.setdefault(logical_id, self.kind("AWS::ApiGateway::Resource"))
        at = self.root.start
        sections["Resources"] = Mapping(self.root.document, at, self.root.end, raw, {**dict.fromkeys(raw, at), **keys})
        root = made_mapping(self.root, sections)
        given = {"AWS::Region": self.variables.region, **self.variables.options}
        template = Template(root, self.templates, self.files, self.problems, MappingProxyType(given))
        template.drafts[REST_API] = draft
        return template

    def kind(self, name: str, properties: Mapping | None = None) -> Mapping:
        """A resource of a type that the framework makes."""
        entries: dict[str, Node] = {"Type": made(self.root, name)}
        if properties is not None:
            entries["Properties"] = properties
        return made_mapping(self.root, entries)

    def raw_resource(self, node: Node) -> Node:
        """A raw resource: API Gateway's with all its variables resolved, any other with those of its name."""
        if isinstance(node, Scalar):
            return self.variables.resolve(node)
        kind = node.get("Type") if isinstance(node, Mapping) else None
        properties = node.get("Properties") if isinstance(node, Mapping) else None
        text = kind.text if isinstance(kind, Scalar) else ""
        if not isinstance(node, Mapping) or text.startswith("AWS::ApiGateway::"):
            return self.variables.resolve(node)
        named = self.resolved(properties, frozenset((NAMES.get(text, ""),)))
        return Mapping(node.document, node.start, node.end, {**node.entries, "Properties": named}, node.keys)


def resource_id(path: str) -> str:
    """The logical id that the framework gives the resource of a path."""
    parts = []
    for part in path.strip("/").split("/"):
        name = part.replace("-", "Dash").replace("_", "Underscore")
        inner = name.strip("{}").removesuffix("+")
        parts.append(inner[:1].upper() + inner[1:] + ("Var" if name.startswith("{") else ""))
    return "ApiGatewayResource" + "".join(parts)


def _each(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Sequence):
        yield from node
    elif node is not None:
        yield node
