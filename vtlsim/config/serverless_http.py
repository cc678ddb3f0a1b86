"""One ``http`` event of serverless.yml becomes a method.

What may live here: the framework's reading of its settings (parameters, passThrough, templates, statusCodes, cors,
schemas), handed on to the one place where integrations are made.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from vtlsim.config.expressions import declared_parameter
from vtlsim.config.fields import Fields, Spelling, wrong_kind
from vtlsim.config.integration import FIELDS, read_integration
from vtlsim.config.made import made, made_mapping
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain
from vtlsim.config.method import ordered_parameters, validator_of, verb_of
from vtlsim.config.problems import nearest, place_of
from vtlsim.config.schemas import local_references
from vtlsim.config.serverless_cors import cors_headers, cors_method
from vtlsim.config.serverless_defaults import request_templates
from vtlsim.config.serverless_responses import put, settings_of
from vtlsim.config.serverless_responses import responses as responses_of
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS, DeclaredParameter, Method, Model, Validator

if TYPE_CHECKING:
    from vtlsim.config.assembly import Assembly
    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import AuthorizationType, Integration, IntegrationResponse

INTEGRATIONS: Final = {
    "LAMBDA": "AWS",
    "LAMBDA_PROXY": "AWS_PROXY",
    "AWS": "AWS",
    "AWS_PROXY": "AWS_PROXY",
    "HTTP": "HTTP",
    "HTTP_PROXY": "HTTP_PROXY",
    "MOCK": "MOCK",
}

EVENT: Final = Spelling(
    "http event",
    {
        name: name
        for name in (
            *(
                "async",
                "authorizer",
                "connectionId",
                "connectionType",
                "cors",
                "integration",
                "method",
                "operationId",
                "path",
            ),
            *("private", "request", "response", "timeoutInMillis"),
        )
    },
    # Plugins put their settings beside the framework's.
    frozenset(
        ("caching", "documentation", "reqValidatorName", "throttling", "resourceId", "swaggerVersion", "summary")
    ),
    unknown="warning",
)
REQUEST: Final = Spelling(
    "request",
    {
        name: name
        for name in ("contentHandling", "method", "parameters", "passThrough", "schema", "schemas", "template", "uri")
    },
    unknown="warning",
)
INTEGRATION: Final = Spelling("integration", {name: name for name in FIELDS}, any_case=True)

_PLACES: Final = {"querystrings": "querystring", "paths": "path", "headers": "header"}


class HttpEvents:
    """Reads the http events of every function into one Api."""

    def __init__(
        self,
        *,
        assembly: Assembly,
        templates: TemplateReader,
        problems: Problems,
        service: str,
        stage: str,
        region: str,
        provider: Mapping,
    ) -> None:
        self.assembly = assembly
        self.templates = templates
        self.problems = problems
        self.service = service
        self.stage = stage
        self.region = region
        self.provider = provider
        self._functions: dict[str, Mapping] = {}
        self._told = False
        self._cors: dict[str, tuple[Mapping, list[str]]] = {}

    def function(self, name: str, function: Mapping) -> None:
        """Add the methods of a function's events."""
        self._functions[name] = function
        events = function.get("events")
        for event in events if isinstance(events, Sequence) else ():
            if isinstance(event, Mapping) and "httpApi" in event and not self._told:
                self._told = True
                message = "httpApi events belong to an HTTP API, which has no mapping templates"
                self.problems.warning(event.key("httpApi"), message, code="http-api")
            http = event.get("http") if isinstance(event, Mapping) else None
            if http is None:
                continue
            settings = self._short(http) if isinstance(http, Scalar) else http
            if isinstance(settings, Mapping):
                self._event(name, settings)
            else:
                wrong_kind(http, "http", "a mapping, or a method and a path", self.problems)

    def finish(self) -> None:
        """Add the OPTIONS methods that ``cors`` asks for, once all events are known."""
        for path, (settings, verbs) in self._cors.items():
            if not self.assembly.has(path, "OPTIONS"):
                self.assembly.add(path, "OPTIONS", cors_method(settings, verbs, self.problems), settings)

    def function_name(self, name: str) -> str:
        """A function's deployed name."""
        function = self._functions.get(name)
        own = function.get("name") if function is not None else None
        return own.text if isinstance(own, Scalar) else f"{self.service}-{self.stage}-{name}"

    # -- one event ----------------------------------------------------------------------------------------------------

    def _short(self, node: Scalar) -> Mapping:
        """``http: GET orders/{id}``."""
        verb, _, path = node.text.partition(" ")
        entries: dict[str, Node] = {"method": made(node, verb), "path": made(node, path.strip())}
        return Mapping(node.document, node.start, node.end, entries, dict.fromkeys(entries, node.start))

    def _event(self, name: str, settings: Mapping) -> None:
        problems = self.problems
        fields = Fields(settings, EVENT, problems)
        path, verb_node = fields.scalar("path"), fields.scalar("method")
        if path is None or verb_node is None:
            problems.error(settings, "an http event needs a path and a method", code="no-path")
            return
        verb = verb_of(verb_node, problems, any_case=True)
        kind = self._kind(fields)
        if verb is None or kind is None:
            return
        full = "/" + path.text.strip("/")
        self.assembly.check_path(full, path)
        request = settings_of(fields, "request", REQUEST)
        declared, mappings = self._parameters(request)
        responses, answers = responses_of(fields, kind, self.templates)
        models, validator = self._schemas(request, declared, full, verb)
        authorization, authorizer = self._authorizer(fields)
        if cors_headers(fields.get("cors")):
            self._remember_cors(full, verb, fields)
        integration = self._integration(name, kind, verb, fields, request, mappings, declared, answers)
        operation = fields.text("operationId")
        method = Method(
            http_method=verb,
            integration=integration,
            request_parameters=declared,
            request_models=MappingProxyType(models),
            validator=validator,
            api_key_required=fields.boolean("private") or False,
            authorization_type=authorization,
            authorizer=authorizer,
            responses=responses,
            operation_name=operation,
            origin=place_of(settings),
        )
        self.assembly.add(full, verb, method, settings)

    def _kind(self, fields: Fields) -> str | None:
        node = fields.scalar("integration")
        if node is None:
            return "AWS" if fields.boolean("async") else "AWS_PROXY"
        kind = INTEGRATIONS.get(node.text.upper().replace("-", "_"))
        if kind is None:
            valid = ("lambda", "lambda-proxy", "http", "http-proxy", "mock")
            self.problems.error(
                node,
                f"{node.text!r} is no integration",
                code="wrong-type",
                expected=valid,
                nearest=nearest(node.text.lower(), valid),
            )
        return kind

    def _parameters(self, request: Fields | None) -> tuple[tuple[DeclaredParameter, ...], dict[str, Scalar]]:
        """What the method declares, and what its integration maps: each to its own name unless ``mappedValue`` says."""
        declared: list[DeclaredParameter] = []
        mappings: dict[str, Scalar] = {}
        node = request.mapped("parameters") if request is not None else None
        for place, names in node.items() if node is not None else ():
            kind = _PLACES.get(place)
            if kind is None:
                assert node is not None, "its items were taken"
                self.problems.unknown(node.key(place), "kind of parameter", place, _PLACES)
                continue
            for name, value in names.items() if isinstance(names, Mapping) else ():
                assert isinstance(names, Mapping), "its items were taken"
                key = names.key(name)
                parameter = declared_parameter(made(key, f"method.request.{kind}.{name}"), self.problems)
                if parameter is None:
                    continue
                own = value.get("required") if isinstance(value, Mapping) else value
                required = not isinstance(own, Scalar) or own.text.lower() == "true"
                declared.append(DeclaredParameter(parameter, required))
                source = value.get("mappedValue") if isinstance(value, Mapping) else None
                target = f"integration.request.{kind}.{name}"
                mappings[target] = source if isinstance(source, Scalar) else made(key, parameter.expression)
        return ordered_parameters(declared), mappings

    def _integration(
        self,
        name: str,
        kind: str,
        verb: str,
        fields: Fields,
        request: Fields | None,
        mappings: dict[str, Scalar],
        declared: tuple[DeclaredParameter, ...],
        answers: list[IntegrationResponse],
    ) -> Integration | None:
        at = fields.mapping
        entries: dict[str, Node] = {"type": made(at, kind)}
        own = request.get if request is not None else _nothing
        if kind in {"AWS", "AWS_PROXY"}:
            entries["uri"] = made(at, self._invocation(name))
            entries["httpMethod"] = made(at, "POST")
        elif kind in {"HTTP", "HTTP_PROXY"}:
            method = own("method")
            entries["httpMethod"] = made(
                at if method is None else method, (method.text if isinstance(method, Scalar) else verb).upper()
            )
            put(entries, "uri", own("uri"))
            connection = fields.scalar("connectionType")
            if connection is not None:
                entries["connectionType"] = made(connection, connection.text.upper().replace("-", "_"))
                put(entries, "connectionId", fields.get("connectionId"))
        timeout = fields.get("timeoutInMillis")
        gateway = self.provider.get("apiGateway")
        put(
            entries,
            "timeoutInMillis",
            timeout or (gateway.get("timeoutInMillis") if isinstance(gateway, Mapping) else None),
        )
        if kind in {"AWS", "HTTP", "MOCK"}:
            passing = own("passThrough")
            # The framework's own default for Lambda is NEVER; it leaves the others to AWS's.
            put(entries, "passthroughBehavior", made(at, "NEVER") if passing is None and kind == "AWS" else passing)
            put(entries, "contentHandling", own("contentHandling"))
            entries["requestTemplates"] = self._request_templates(kind, fields, own("template"))
        if kind != "MOCK" and kind != "AWS_PROXY" and mappings:
            entries["requestParameters"] = made_mapping(at, dict(mappings))
        if fields.boolean("async"):
            extra = {**mappings, "integration.request.header.X-Amz-Invocation-Type": made(at, "'Event'")}
            entries["requestParameters"] = made_mapping(at, dict(extra))
        return read_integration(
            Fields(made_mapping(at, entries), INTEGRATION, self.problems),
            self.templates,
            declared=frozenset(each.parameter for each in declared),
            responses=answers,
        )

    def _request_templates(self, kind: str, fields: Fields, node: Node | None) -> Mapping:
        at = fields.mapping
        entries: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        if kind == "AWS":
            for media_type, text in request_templates(self._claims(fields)).items():
                entries[media_type] = made(at, text)
        if isinstance(node, Mapping):
            for media_type, template in node.items():
                if isinstance(template, Scalar) and template.value is None:
                    entries.pop(media_type, None)
                else:
                    entries[media_type] = template
                    keys[media_type] = node.key(media_type)
        elif node is not None:
            wrong_kind(node, "request.template", "a mapping from media types to templates", self.problems)
        return made_mapping(at, entries, keys)

    def _claims(self, fields: Fields) -> tuple[str, ...]:
        authorizer = fields.get("authorizer")
        claims = authorizer.get("claims") if isinstance(authorizer, Mapping) else None
        return tuple(each.text for each in claims if isinstance(each, Scalar)) if isinstance(claims, Sequence) else ()

    def _invocation(self, name: str) -> str:
        account = DEFAULT_SURROUNDINGS.account_id
        function = f"arn:aws:lambda:{self.region}:{account}:function:{self.function_name(name)}"
        return f"arn:aws:apigateway:{self.region}:lambda:path/2015-03-31/functions/{function}/invocations"

    # -- responses ----------------------------------------------------------------------------------------------------

    # -- schemas, authorizers, CORS -----------------------------------------------------------------------------------

    def _schemas(
        self, request: Fields | None, declared: tuple[DeclaredParameter, ...], path: str, verb: str
    ) -> tuple[dict[str, str], Validator]:
        """``request.schemas``: a model each. A schema, or a parameter that is required, makes a validator of both."""
        node = request.get("schemas") if request is not None else None
        if node is None and request is not None:
            node = request.get("schema")
        models: dict[str, str] = {}
        for media_type, schema in node.items() if isinstance(node, Mapping) else ():
            name, definition = self._schema(schema, f"{verb}{path}", media_type)
            self.assembly.models[name] = Model(name, local_references(plain(definition)), media_type)
            models[media_type] = name
        if not models and not any(each.required for each in declared):
            return models, Validator()
        name = f"{self.service}-{self.stage} | Validate request body and querystring parameters"
        return models, validator_of(name, body=True, parameters=True)

    def _schema(self, node: Node, route: str, media_type: str) -> tuple[str, Node]:
        default = f"{route} {media_type}"
        if isinstance(node, Scalar):
            gateway = self.provider.get("apiGateway")
            request = gateway.get("request") if isinstance(gateway, Mapping) else None
            schemas = request.get("schemas") if isinstance(request, Mapping) else None
            shared = schemas.get(node.text) if isinstance(schemas, Mapping) else None
            if shared is None:
                self.problems.unknown(node, "schema", node.text, tuple(schemas) if isinstance(schemas, Mapping) else ())
                return default, node
            default, node = node.text, shared
        if isinstance(node, Mapping) and "schema" in node:
            name = node.get("name")
            definition = node.get("schema")
            assert definition is not None, "it is there"
            return (name.text if isinstance(name, Scalar) else default), definition
        return default, node

    def _authorizer(self, fields: Fields) -> tuple[AuthorizationType, str | None]:
        node = fields.get("authorizer")
        if isinstance(node, Scalar):
            text = node.text
            if text.lower() == "aws_iam":
                return "AWS_IAM", None
            return ("COGNITO_USER_POOLS" if ":cognito-idp:" in text else "CUSTOM"), text.rpartition(":")[2]
        if not isinstance(node, Mapping):
            return "NONE", None
        texts = {name: each.text for name, each in node.items() if isinstance(each, Scalar)}
        kind = texts.get("type", "").upper()
        name = texts.get("name") or texts.get("authorizerId") or texts.get("arn", "").rpartition(":")[2] or None
        if kind == "AWS_IAM":
            return "AWS_IAM", None
        cognito = kind == "COGNITO_USER_POOLS" or ":cognito-idp:" in texts.get("arn", "")
        return ("COGNITO_USER_POOLS" if cognito else "CUSTOM"), name

    def _remember_cors(self, path: str, verb: str, fields: Fields) -> None:
        node = fields.get("cors")
        settings = node if isinstance(node, Mapping) else fields.mapping
        before = self._cors.get(path)
        verbs = [*(before[1] if before is not None else []), verb]
        self._cors[path] = (settings if isinstance(node, Mapping) or before is None else before[0], verbs)


def _nothing(_: str) -> None:
    return None
