"""One ``http`` event of serverless.yml becomes a method.

What may live here: the framework's reading of its settings (parameters, passThrough, templates, statusCodes, cors,
schemas), handed on to the one place where integrations are made.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from vtlsim.config.expressions import declared_parameter, response_source_of
from vtlsim.config.fields import Fields, Spelling, wrong_kind
from vtlsim.config.integration import FIELDS, read_integration
from vtlsim.config.integration_response import API as RESPONSE_FIELDS
from vtlsim.config.integration_response import read_integration_response
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain
from vtlsim.config.method import ordered_parameters, ordered_responses, validator_of, verb_of
from vtlsim.config.preflight import preflight
from vtlsim.config.problems import nearest, place_of
from vtlsim.config.schemas import local_references
from vtlsim.config.serverless_defaults import CORS_HEADERS, STATUS_CODES, request_templates
from vtlsim.gateway.model import DEFAULT_SURROUNDINGS, DeclaredParameter, DeclaredResponse, Method, Model, Validator

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from vtlsim.config.assembly import Assembly
    from vtlsim.config.marked import Node, Plain
    from vtlsim.config.problems import Problems
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import AuthorizationType, Integration, IntegrationResponse, Origin

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
RESPONSE: Final = Spelling(
    "response",
    {name: name for name in ("contentHandling", "headers", "statusCodes", "template")},
    frozenset(("transferMode",)),
    unknown="warning",
)
STATUS: Final = Spelling("status code", {name: name for name in ("headers", "pattern", "template")}, unknown="warning")
INTEGRATION: Final = Spelling("integration", {name: name for name in FIELDS}, any_case=True)
ANSWER: Final = RESPONSE_FIELDS._replace(any_case=True)

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
                self.assembly.add(path, "OPTIONS", self._preflight(settings, verbs), settings)

    def function_name(self, name: str) -> str:
        """A function's deployed name."""
        function = self._functions.get(name)
        own = function.get("name") if function is not None else None
        return own.text if isinstance(own, Scalar) else f"{self.service}-{self.stage}-{name}"

    # -- one event ----------------------------------------------------------------------------------------------------

    def _short(self, node: Scalar) -> Mapping:
        """``http: GET orders/{id}``."""
        verb, _, path = node.text.partition(" ")
        entries: dict[str, Node] = {"method": _made(node, verb), "path": _made(node, path.strip())}
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
        request = _fields(fields, "request", REQUEST)
        declared, mappings = self._parameters(request)
        responses, answers = self._responses(fields, kind)
        models, validator = self._schemas(request, declared, full, verb)
        authorization, authorizer = self._authorizer(fields)
        if self._cors_headers(fields):
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
                parameter = declared_parameter(_made(key, f"method.request.{kind}.{name}"), self.problems)
                if parameter is None:
                    continue
                own = value.get("required") if isinstance(value, Mapping) else value
                required = not isinstance(own, Scalar) or own.text.lower() == "true"
                declared.append(DeclaredParameter(parameter, required))
                source = value.get("mappedValue") if isinstance(value, Mapping) else None
                target = f"integration.request.{kind}.{name}"
                mappings[target] = source if isinstance(source, Scalar) else _made(key, parameter.expression)
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
        entries: dict[str, Node] = {"type": _made(at, kind)}
        own = request.get if request is not None else _nothing
        if kind in {"AWS", "AWS_PROXY"}:
            entries["uri"] = _made(at, self._invocation(name))
            entries["httpMethod"] = _made(at, "POST")
        elif kind in {"HTTP", "HTTP_PROXY"}:
            method = own("method")
            entries["httpMethod"] = _made(
                at if method is None else method, (method.text if isinstance(method, Scalar) else verb).upper()
            )
            _put(entries, "uri", own("uri"))
            connection = fields.scalar("connectionType")
            if connection is not None:
                entries["connectionType"] = _made(connection, connection.text.upper().replace("-", "_"))
                _put(entries, "connectionId", fields.get("connectionId"))
        timeout = fields.get("timeoutInMillis")
        gateway = self.provider.get("apiGateway")
        _put(
            entries,
            "timeoutInMillis",
            timeout or (gateway.get("timeoutInMillis") if isinstance(gateway, Mapping) else None),
        )
        if kind in {"AWS", "HTTP", "MOCK"}:
            passing = own("passThrough")
            # The framework's own default for Lambda is NEVER; it leaves the others to AWS's.
            _put(entries, "passthroughBehavior", _made(at, "NEVER") if passing is None and kind == "AWS" else passing)
            _put(entries, "contentHandling", own("contentHandling"))
            entries["requestTemplates"] = self._request_templates(kind, fields, own("template"))
        if kind != "MOCK" and kind != "AWS_PROXY" and mappings:
            entries["requestParameters"] = _mapping(at, dict(mappings))
        if fields.boolean("async"):
            extra = {**mappings, "integration.request.header.X-Amz-Invocation-Type": _made(at, "'Event'")}
            entries["requestParameters"] = _mapping(at, dict(extra))
        return read_integration(
            Fields(_mapping(at, entries), INTEGRATION, self.problems),
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
                entries[media_type] = _made(at, text)
        if isinstance(node, Mapping):
            for media_type, template in node.items():
                if isinstance(template, Scalar) and template.value is None:
                    entries.pop(media_type, None)
                else:
                    entries[media_type] = template
                    keys[media_type] = node.key(media_type)
        elif node is not None:
            wrong_kind(node, "request.template", "a mapping from media types to templates", self.problems)
        return _mapping(at, entries, keys)

    def _claims(self, fields: Fields) -> tuple[str, ...]:
        authorizer = fields.get("authorizer")
        claims = authorizer.get("claims") if isinstance(authorizer, Mapping) else None
        return tuple(each.text for each in claims if isinstance(each, Scalar)) if isinstance(claims, Sequence) else ()

    def _invocation(self, name: str) -> str:
        account = DEFAULT_SURROUNDINGS.account_id
        function = f"arn:aws:lambda:{self.region}:{account}:function:{self.function_name(name)}"
        return f"arn:aws:apigateway:{self.region}:lambda:path/2015-03-31/functions/{function}/invocations"

    # -- responses ----------------------------------------------------------------------------------------------------

    def _responses(self, fields: Fields, kind: str) -> tuple[tuple[DeclaredResponse, ...], list[IntegrationResponse]]:
        response = _fields(fields, "response", RESPONSE)
        if kind in {"AWS_PROXY", "HTTP_PROXY"} or (response is None and kind != "AWS"):
            return (), []
        at = fields.mapping if response is None else response.mapping
        shared = response.mapped("headers") if response is not None else None
        headers = dict(self._cors_headers(fields))
        headers.update(shared.entries if shared is not None else {})
        handling = response.get("contentHandling") if response is not None else None
        common = response.get("template") if response is not None else None
        declared: list[DeclaredResponse] = []
        answers: list[IntegrationResponse] = []
        for status, settings in sorted(self._status_codes(response, at), key=lambda each: each[0].text):
            own = Fields(settings, STATUS, self.problems)
            inner = own.mapped("headers")
            mapped = {**headers, **(inner.entries if inner is not None else {})}
            declared.append(DeclaredResponse(status.text, MappingProxyType(dict.fromkeys(mapped, True))))
            entries: dict[str, Node] = {"statusCode": status}
            _put(entries, "selectionPattern", own.get("pattern"))
            parameters = {f"method.response.header.{name}": node for name, node in mapped.items()}
            if parameters:
                entries["responseParameters"] = _mapping(at, parameters, _named(shared, inner))
            templates: dict[str, Node] = {} if common is None else {"application/json": common}
            template = own.get("template")
            if isinstance(template, Mapping):
                templates.update(template.entries)
            elif template is not None:
                templates["application/json"] = template
            if templates:
                entries["responseTemplates"] = _mapping(at, templates)
            if status.text.startswith("2"):
                _put(entries, "contentHandling", handling)
            found = ordered_responses(declared)
            answer = read_integration_response(
                _mapping(settings, entries), ANSWER, self.templates, self.problems, declared=found
            )
            if answer is not None:
                answers.append(answer)
        return ordered_responses(declared), answers

    def _status_codes(self, response: Fields | None, at: Mapping) -> list[tuple[Scalar, Mapping]]:
        """Status code and settings; the framework's own where there are none, and its 200 where none is the default."""
        node = response.mapped("statusCodes") if response is not None else None
        if node is None:
            return [
                (_made(at, code), _mapping(at, {"pattern": _made(at, pattern)}))
                for code, pattern in STATUS_CODES.items()
            ]
        found = [
            (node.key(code), settings if isinstance(settings, Mapping) else _mapping(node, {}))
            for code, settings in node.items()
        ]
        patterns = [settings.get("pattern") for _, settings in found]
        if not any(isinstance(each, Scalar) and each.value == "" for each in patterns):
            found = [each for each in found if each[0].text != "200"]
            found.append((_made(at, "200"), _mapping(at, {"pattern": _made(at, "")})))
        return found

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

    def _cors_headers(self, fields: Fields) -> dict[str, Node]:
        """What ``cors`` adds to the method's own responses."""
        node = fields.get("cors")
        if node is None or (isinstance(node, Scalar) and node.text.lower() != "true"):
            return {}
        found: dict[str, Node] = {"Access-Control-Allow-Origin": _made(node, f"'{self._allowed(node, ',')}'")}
        credentials = node.get("allowCredentials") if isinstance(node, Mapping) else None
        if isinstance(credentials, Scalar) and credentials.text.lower() == "true":
            # The framework writes true without quotation marks here, which AWS refuses.
            found["Access-Control-Allow-Credentials"] = _made(credentials, "'true'")
        return found

    def _allowed(self, node: Node, delimiter: str) -> str:
        origin = node.get("origin") if isinstance(node, Mapping) else None
        origins = node.get("origins") if isinstance(node, Mapping) else None
        if isinstance(origins, Sequence) and origins.items:
            return delimiter.join(each.text for each in origins if isinstance(each, Scalar))
        return origin.text if isinstance(origin, Scalar) else "*"

    def _preflight(self, settings: Mapping, verbs: list[str]) -> Method:
        texts = {name: each.text for name, each in settings.items() if isinstance(each, Scalar)}
        is_cors = "path" not in settings
        own = settings.get("headers") if is_cors else None
        headers = (
            [each.text for each in own if isinstance(each, Scalar)] if isinstance(own, Sequence) else list(CORS_HEADERS)
        )
        if isinstance(own, Scalar):
            headers = [own.text]
        methods = ["OPTIONS", *verbs]
        origins = self._allowed(settings, ",").split(",") if is_cors else ["*"]
        values = {
            "Access-Control-Allow-Origin": origins[0].strip(),
            "Access-Control-Allow-Headers": ",".join(headers),
            "Access-Control-Allow-Methods": ",".join(dict.fromkeys(methods)).replace(
                "ANY", "DELETE,GET,HEAD,PATCH,POST,PUT"
            ),
        }
        if is_cors and texts.get("allowCredentials", "").lower() == "true":
            values["Access-Control-Allow-Credentials"] = "true"
        if is_cors and "maxAge" in texts:
            values["Access-Control-Max-Age"] = texts["maxAge"]
        if is_cors and "cacheControl" in texts:
            values["Cache-Control"] = texts["cacheControl"]
        sources = {name: response_source_of(f"'{value}'", None, self.problems) for name, value in values.items()}
        place: Origin = place_of(settings)
        return preflight(
            {name: source for name, source in sources.items() if source is not None},
            place,
            request="{statusCode:200}",
            response=_origin_template(origins) if len(origins) > 1 else "",
            content_handling="CONVERT_TO_TEXT",
        )


def _origin_template(origins: list[str]) -> str:
    """A response template that answers with the client's origin when it is one of several allowed ones."""
    patterns = [each.strip().replace(".", "[.]").replace("*", ".+") for each in origins]
    tests = " || ".join(f'$origin.matches("{each}")' for each in patterns)
    return (
        '#set($origin = $input.params("Origin"))\n'
        '#if($origin == "") #set($origin = $input.params("origin")) #end\n'
        f"#if({tests}) #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin) #end"
    )


def _fields(fields: Fields, name: str, spelling: Spelling) -> Fields | None:
    node = fields.mapped(name)
    return None if node is None else Fields(node, spelling, fields.problems)


def _nothing(_: str) -> None:
    return None


def _put(entries: dict[str, Node], name: str, node: Node | None) -> None:
    if node is not None:
        entries[name] = node


def _mapping(at: Node, entries: dict[str, Node], keys: Dict[str, Scalar] | None = None) -> Mapping:
    """A mapping that stands where a node stands, its names where ``keys`` says."""
    places: dict[str, int | Scalar] = {**dict.fromkeys(entries, at.start), **(keys or {})}
    return Mapping(at.document, at.start, at.end, entries, places)


def _named(*headers: Mapping | None) -> dict[str, Scalar]:
    """Where the names of response headers stand."""
    return {
        f"method.response.header.{name}": _made(each.key(name), f"method.response.header.{name}")
        for each in headers
        if each is not None
        for name in each
    }


def _made(at: Node, value: Plain) -> Scalar:
    from vtlsim.config.origin import Piece, TextOrigin

    if isinstance(at, Scalar) and at.is_made:
        origin = at.origin.fixed()
    else:
        origin = TextOrigin((Piece(0, at.document, at.start, moving=False),))
    return Scalar(at.document, at.start, at.end, value, "made", origin)
