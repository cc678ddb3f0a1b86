"""What the Serverless Application Model adds to CloudFormation.

What may live here: ``AWS::Serverless::Api``, the Api events of functions and state machines, and Globals. What they
become is stated in SAM's specification; what was read in its translator is said where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.api_keys import add_key
from vtlsim.config.assembly import tidy
from vtlsim.config.cloudformation import Draft, api_settings
from vtlsim.config.conditions import function_name
from vtlsim.config.expressions import response_source_of
from vtlsim.config.fields import Fields, Spelling, is_unknown, wrong_kind
from vtlsim.config.gateway_responses import read_by_type
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain, read
from vtlsim.config.method import VERBS, text_map, verb_of
from vtlsim.config.openapi import into_assembly, settings
from vtlsim.config.preflight import preflight
from vtlsim.config.problems import place_of
from vtlsim.config.sam_events import EVENT, function_method, state_machine_method
from vtlsim.config.schemas import local_references
from vtlsim.gateway.model import (
    Model,
    Stage,
)

if TYPE_CHECKING:
    from vtlsim.config.cloudformation import Template
    from vtlsim.config.marked import Node
    from vtlsim.gateway.locations import ResponseSource
    from vtlsim.gateway.model import AuthorizationType

PREFIX: Final = "AWS::Serverless::"
IMPLICIT: Final = "ServerlessRestApi"

API: Final = Spelling(
    "AWS::Serverless::Api",
    {
        "ApiKeySourceType": "apiKeySource",
        "Auth": "auth",
        "BinaryMediaTypes": "binaryMediaTypes",
        "CanarySetting": "canarySetting",
        "Cors": "cors",
        "DefinitionBody": "definitionBody",
        "DefinitionUri": "definitionUri",
        "Description": "description",
        "EndpointConfiguration": "endpointConfiguration",
        "GatewayResponses": "gatewayResponses",
        "MergeDefinitions": "mergeDefinitions",
        "MinimumCompressionSize": "minimumCompressionSize",
        "Models": "models",
        "Name": "name",
        "StageName": "stageName",
        "Variables": "variables",
    },
    frozenset(
        (
            "AccessLogSetting",
            "AlwaysDeploy",
            "CacheClusterEnabled",
            "CacheClusterSize",
            "DisableExecuteApiEndpoint",
            "Domain",
        )
    )
    | frozenset(
        ("EndpointAccessMode", "FailOnWarnings", "MethodSettings", "Mode", "OpenApiVersion", "Policy", "PropagateTags")
    )
    | frozenset(("SecurityPolicy", "Tags", "TracingEnabled")),
)

GATEWAY_RESPONSE: Final = Spelling(
    "GatewayResponses",
    {"StatusCode": "statusCode", "ResponseParameters": "responseParameters", "ResponseTemplates": "responseTemplates"},
)

_CORS: Final = {
    "AllowOrigin": "Access-Control-Allow-Origin",
    "AllowHeaders": "Access-Control-Allow-Headers",
    "AllowMethods": "Access-Control-Allow-Methods",
    "MaxAge": "Access-Control-Max-Age",
    "AllowCredentials": "Access-Control-Allow-Credentials",
}
_FUNCTION_GLOBALS: Final = frozenset(("AutoPublishAlias",))
_GATEWAY_PLACES: Final = {"Headers": "header", "Paths": "path", "QueryStrings": "querystring"}


def add_serverless(template: Template) -> None:
    """Add the Apis that SAM's resources make."""
    Sam(template).add()


class Sam:
    """The SAM resources of one template."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.problems = template.problems
        self.resolver = template.resolver
        self.globals = self._globals(template.root)
        self.managed: set[str] = set()
        self.merging: set[str] = set()
        self.fields: dict[str, Fields] = {}
        self.unsecured: set[tuple[str, str, str]] = set()
        self.keyed: dict[tuple[str, str, str], bool] = {}

    def _globals(self, root: Mapping) -> Mapping:
        """Globals, with what is our business of it resolved."""
        node = root.get("Globals")
        entries: dict[str, Node] = {}
        for section, values in node.items() if isinstance(node, Mapping) else ():
            kept = {
                name: found
                for name, value in (values.items() if isinstance(values, Mapping) else ())
                if name in API.names or name in _FUNCTION_GLOBALS
                for found in [value if name == "Auth" else self.resolver.resolve(value)]
                if found is not None
            }
            keys = values.keys if isinstance(values, Mapping) else {}
            entries[section] = Mapping(values.document, values.start, values.end, kept, keys)
        return Mapping(root.document, root.start, root.end, entries)

    def add(self) -> None:
        """Read the Apis, then the events that belong to them, then what goes for all of their methods."""
        for logical_id, resource in self.template.of_type("Api", PREFIX):
            self._api(logical_id, resource)
        for kind in ("Function", "StateMachine"):
            for logical_id, resource in self.template.of_type(kind, PREFIX):
                self._events(logical_id, resource, kind)
        for logical_id in (*self.fields, IMPLICIT):
            draft = self.template.drafts.get(logical_id)
            if draft is not None:
                fields = self.fields.get(logical_id) or self._global_fields(logical_id, draft)
                self._secure(logical_id, draft, fields)
                self._cors(draft, fields)
                self._api_key(logical_id, draft, fields)

    # -- Apis ---------------------------------------------------------------------------------------------------------

    def _api(self, logical_id: str, resource: Mapping) -> None:
        draft = self.template.drafts[logical_id] = Draft(self.problems, resource)
        properties = self.template.resolved(resource, API.names.keys() - {"Auth"})
        fields = Fields(self._with_globals("Api", properties), API, self.problems)
        self.fields[logical_id] = fields
        body = self._definition(fields)
        if body is not None:
            into_assembly(body, draft.assembly, self.template.templates, self.template.files, self.problems)
            draft.settings.update(settings(body, self.problems))
        if body is None and not fields.has("definitionUri"):
            self.managed.add(logical_id)
        elif fields.boolean("mergeDefinitions"):
            self.managed.add(logical_id)
            self.merging.add(logical_id)
        self._settings(logical_id, draft, fields)

    def _definition(self, fields: Fields) -> Mapping | None:
        body = fields.get("definitionBody")
        if isinstance(body, Mapping):
            return body
        uri = fields.get("definitionUri")
        if uri is None or is_unknown(uri):
            return None
        if not isinstance(uri, Scalar) or "://" in uri.text:
            self.problems.error(
                fields.key("definitionUri"),
                "the API's definition is in S3; nothing is fetched from the network",
                code="network",
            )
            return None
        document = self.template.files.read(uri, uri.text, self.problems)
        root = None if document is None else read(document.text, document.name, self.problems)
        if root is not None and not isinstance(root, Mapping):
            wrong_kind(root, "DefinitionUri", "an OpenAPI document", self.problems)
        return root if isinstance(root, Mapping) else None

    def _global_fields(self, logical_id: str, draft: Draft) -> Fields:
        """The implicit Api: Globals alone."""
        empty = Mapping(self.globals.document, self.globals.start, self.globals.start)
        fields = Fields(self._with_globals("Api", empty), API, self.problems)
        self._settings(logical_id, draft, fields)
        return fields

    def _settings(self, logical_id: str, draft: Draft, fields: Fields) -> None:
        draft.settings.update(api_settings(fields))
        assembly = draft.assembly
        responses = fields.get("gatewayResponses")
        if isinstance(responses, Mapping):
            spelled = Mapping(
                responses.document,
                responses.start,
                responses.end,
                {name: _gateway_response(each) for name, each in responses.items()},
                responses.keys,
            )
            assembly.responses.update(read_by_type(spelled, GATEWAY_RESPONSE, self.template.templates, self.problems))
        models = fields.mapped("models")
        for name, schema in models.items() if models is not None else ():
            assembly.models[name] = Model(name, local_references(plain(schema)))
        # The implicit Api's stage is Prod: SAM's specification.
        stage = fields.text("stageName") or ("Prod" if logical_id == IMPLICIT else None)
        if stage is not None:
            variables = text_map(fields.get("variables"), "Variables", self.problems)
            canary = True if fields.get("canarySetting") is not None else None
            assembly.stages[stage] = Stage(stage, variables, canary)

    def _with_globals(self, section: str, properties: Mapping) -> Mapping:
        shared = self.globals.get(section)
        return merged(shared, properties) if isinstance(shared, Mapping) else properties

    # -- events -------------------------------------------------------------------------------------------------------

    def _events(self, logical_id: str, resource: Mapping, kind: str) -> None:
        properties = self.template.properties(resource)
        events = self.resolver.chosen(properties.get("Events"))
        for name, node in events.items() if isinstance(events, Mapping) else ():
            event = self.resolver.chosen(node)
            what = event.get("Type") if isinstance(event, Mapping) else None
            inner = self.resolver.chosen(event.get("Properties")) if isinstance(event, Mapping) else None
            if not isinstance(what, Scalar) or not isinstance(event, Mapping):
                continue
            if what.text == "HttpApi":
                self.problems.warning(
                    what, f"{name} belongs to an HTTP API, which has no mapping templates", code="http-api"
                )
            elif what.text == "Api" and isinstance(inner, Mapping):
                self._event(logical_id, properties, inner, kind)

    def _event(self, logical_id: str, owner: Mapping, event: Mapping, kind: str) -> None:
        reference = event.get("RestApiId")
        api = IMPLICIT if reference is None else self.template.referred(reference)
        resolved = self.resolver.resolve(
            Mapping(
                event.document, event.start, event.end, {k: v for k, v in event.items() if k != "RestApiId"}, event.keys
            )
        )
        if api is None or not isinstance(resolved, Mapping):
            return
        fields = Fields(resolved, EVENT, self.problems)
        path, verb_node = fields.scalar("path"), fields.scalar("method")
        if path is None or verb_node is None:
            self.problems.error(event, "an Api event needs a Path and a Method", code="no-path")
            return
        verb = verb_of(verb_node, self.problems, any_case=True)
        draft = self.template.drafts.get(api)
        if draft is None:
            draft = self.template.drafts[api] = Draft(self.problems, None)
            self.managed.add(api)
        if verb is None or (api not in self.managed and draft.resource is not None):
            # The Api has a definition of its own: the event only lets it call the function. SAM's specification.
            return
        draft.assembly.check_path(path.text, path)
        self._auth(api, tidy(path.text), verb, fields)
        if kind == "StateMachine":
            method = state_machine_method(logical_id, fields, verb, self.resolver)
        else:
            alias = self.resolver.text(owner.get("AutoPublishAlias") or self._global("Function", "AutoPublishAlias"))
            method = function_method(logical_id, alias, fields, verb, draft.assembly.models, self.resolver)
        if api in self.merging:
            draft.assembly.drop(path.text, verb)
        draft.assembly.add(path.text, verb, method, event)

    def _global(self, section: str, name: str) -> Node | None:
        node = self.globals.get(section)
        return node.get(name) if isinstance(node, Mapping) else None

    # -- security and CORS --------------------------------------------------------------------------------------------

    def _auth(self, api: str, path: str, verb: str, fields: Fields) -> None:
        auth = fields.mapped("auth")
        name = auth.get("Authorizer") if auth is not None else None
        if isinstance(name, Scalar) and name.text == "NONE":
            self.unsecured.add((api, path, verb))
        key = auth.get("ApiKeyRequired") if auth is not None else None
        if isinstance(key, Scalar):
            self.keyed[api, path, verb] = key.text.lower() == "true"

    def _secure(self, logical_id: str, draft: Draft, fields: Fields) -> None:
        """``Auth``: the default authorizer and API key of every method but the preflight's."""
        for (api, path, verb), keyed in self.keyed.items():
            methods = draft.assembly.methods.get(path, {}) if api == logical_id else {}
            if keyed and verb in methods:
                methods[verb] = methods[verb]._replace(api_key_required=True)
        auth = fields.mapped("auth")
        if auth is None:
            return
        default, key = (self.resolver.resolve(auth.get(name)) for name in ("DefaultAuthorizer", "ApiKeyRequired"))
        needs_key = isinstance(key, Scalar) and key.text.lower() == "true"
        kind = self._authorization(auth, default.text) if isinstance(default, Scalar) else "NONE"
        for path, methods in draft.assembly.methods.items():
            for verb, method in methods.items():
                if verb == "OPTIONS" or (logical_id, path, verb) in self.unsecured:
                    continue
                if method.authorization_type == "NONE" and kind != "NONE" and isinstance(default, Scalar):
                    methods[verb] = method._replace(authorization_type=kind, authorizer=default.text)
                if needs_key and self.keyed.get((logical_id, path, verb), True):
                    methods[verb] = methods[verb]._replace(api_key_required=True)

    def _api_key(self, logical_id: str, draft: Draft, fields: Fields) -> None:
        """``Auth.UsagePlan``: SAM makes a key, one for each Api or one for all, whose value AWS makes."""
        auth = fields.mapped("auth")
        plan = self.resolver.resolve(auth.get("UsagePlan")) if auth is not None else None
        kind = plan.get("CreateUsagePlan") if isinstance(plan, Mapping) else None
        if isinstance(kind, Scalar) and kind.text in {"PER_API", "SHARED"}:
            name = f"{logical_id}ApiKey" if kind.text == "PER_API" else "ServerlessApiKey"
            add_key(draft.assembly, name, None, name, kind)

    def _authorization(self, auth: Mapping, name: str) -> AuthorizationType:
        if name == "AWS_IAM":
            return "AWS_IAM"
        authorizers = auth.get("Authorizers")
        authorizer = authorizers.get(name) if isinstance(authorizers, Mapping) else None
        cognito = isinstance(authorizer, Mapping) and "UserPoolArn" in authorizer
        return "COGNITO_USER_POOLS" if cognito else "CUSTOM"

    def _cors(self, draft: Draft, fields: Fields) -> None:
        node = fields.get("cors")
        if node is None or fields.get("definitionUri") is not None:
            return
        given: dict[str, Node] = {"AllowOrigin": node} if isinstance(node, Scalar) else {}
        if isinstance(node, Mapping):
            for name, value in node.items():
                if name in _CORS:
                    given[name] = value
                else:
                    self.problems.unknown(node.key(name), "Cors field", name, _CORS)
        for methods in draft.assembly.methods.values():
            if "OPTIONS" not in methods:
                headers = self._cors_headers(given, tuple(methods))
                methods["OPTIONS"] = preflight(
                    headers, place_of(fields.key("cors")), request='{\n  "statusCode" : 200\n}\n', response="{}\n"
                )

    def _cors_headers(self, given: dict[str, Node], verbs: tuple[str, ...]) -> dict[str, ResponseSource]:
        headers: dict[str, ResponseSource] = {}
        for name, header in _CORS.items():
            node = given.get(name)
            text = node.text if isinstance(node, Scalar) else None
            if name == "AllowOrigin" and text is None:
                text = "'*'"
            elif name == "AllowMethods" and text is None:
                allowed = [verb for verb in VERBS if verb != "ANY"] if "ANY" in verbs else [*verbs, "OPTIONS"]
                text = f"'{','.join(sorted(set(allowed)))}'"
            elif name == "AllowCredentials":
                text = "'true'" if text == "true" else None
            elif isinstance(node, Scalar) and type(node.value) is int:
                # CFG028: a number without quotation marks. Deployed templates have it; that it is taken as a static
                # value was not recorded.
                self.problems.warning(
                    node, f"{name} is a static value and belongs in quotes: \"'{text}'\"", code="CFG028"
                )
                text = f"'{text}'"
            if text is not None:
                at = node if isinstance(node, Scalar) and node.text == text else None
                source = response_source_of(text, at, self.problems)
                if source is not None:
                    headers[header] = source
        return headers


def merged(shared: Mapping, own: Mapping) -> Mapping:
    """Globals under a resource's own properties: mappings are merged, lists put together, anything else is its own."""
    entries: dict[str, Node] = dict(shared.entries)
    keys = dict(shared.keys)
    for name, node in own.items():
        other = shared.get(name)
        keys[name] = own.keys[name]
        if (
            isinstance(node, Mapping)
            and isinstance(other, Mapping)
            and not function_name(node)
            and not function_name(other)
        ):
            entries[name] = merged(other, node)
        elif isinstance(node, Sequence) and isinstance(other, Sequence):
            entries[name] = Sequence(node.document, node.start, node.end, [*other.items, *node.items])
        else:
            entries[name] = node
    return Mapping(own.document, own.start, own.end, entries, keys)


def _gateway_response(node: Node) -> Node:
    """SAM's ``ResponseParameters: {Headers: {X: …}}`` as ``gatewayresponse.header.X``."""
    parameters = node.get("ResponseParameters") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(parameters, Mapping):
        return node
    entries: dict[str, Node] = {}
    keys: dict[str, int | Scalar] = {}
    for place, values in parameters.items():
        kind = _GATEWAY_PLACES.get(place)
        for name, value in values.items() if isinstance(values, Mapping) and kind is not None else ():
            assert isinstance(values, Mapping), "its items were taken"
            entries[f"gatewayresponse.{kind}.{name}"] = value
            keys[f"gatewayresponse.{kind}.{name}"] = values.keys[name]
    spelled = Mapping(parameters.document, parameters.start, parameters.end, entries, keys)
    return Mapping(node.document, node.start, node.end, {**node.entries, "ResponseParameters": spelled}, node.keys)
