"""One operation of an OpenAPI document becomes a Method.

What may live here: parameters, bodies, responses and security as OpenAPI 2 and 3 write them, and the integration
extension's spelling.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from vtlsim.config.fields import Fields, Spelling, is_unknown, wrong_kind
from vtlsim.config.integration import FIELDS, read_integration
from vtlsim.config.integration_response import API as RESPONSE_FIELDS
from vtlsim.config.integration_response import read_integration_response
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain
from vtlsim.config.method import BUILT_IN_MODELS, authorization_type, names_of, ordered_parameters, ordered_responses
from vtlsim.config.problems import nearest, place_of
from vtlsim.config.schemas import local_references
from vtlsim.gateway.locations import LocationError, method_parameter
from vtlsim.gateway.model import DeclaredParameter, DeclaredResponse, Method, Model, Validator

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.references import References
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import AuthorizationType, Integration, IntegrationResponse

EXTENSION: Final = "x-amazon-apigateway-"

OPERATION_EXTENSIONS: Final = tuple(
    f"{EXTENSION}{name}" for name in ("integration", "request-validator", "auth", "documentation")
)
"""The extensions that an operation may have."""

INTEGRATION: Final = Spelling(
    f"{EXTENSION}integration",
    {**{name: name for name in FIELDS}, "responses": "responses"},
    # HTTP APIs' own, what came later, and what tools leave there.
    frozenset(
        (
            "payloadFormatVersion",
            "responseTransferMode",
            "integrationTarget",
            "isDefaultRoute",
            "$ref",
        )
    ),
    # CFG013: a field that the extension does not have is let pass with a warning, as ImportRestApi was seen to do.
    unknown="warning",
    any_case=True,
    code="CFG013",
)
RESPONSE: Final = RESPONSE_FIELDS._replace(
    what="integration response", ignored=frozenset(("description",)), unknown="warning", any_case=True, code="CFG013"
)

_HTTP_API: Final = "integrationSubtype"
_PLACES: Final = {"header": "header", "query": "querystring", "path": "path"}
_MODELS: Final = ("definitions", "components/schemas")


class Security(NamedTuple):
    """A security scheme as API Gateway takes it."""

    authorization: AuthorizationType
    authorizer: str | None = None
    api_key: bool = False


class OperationReader:
    """Reads operations of one document; holds what they may name."""

    def __init__(
        self,
        *,
        root: Mapping,
        references: References,
        templates: TemplateReader,
        problems: Problems,
        models: dict[str, Model],
        validators: Dict[str, Validator],
        security: Dict[str, Security],
    ) -> None:
        self.root = root
        self.references = references
        self.templates = templates
        self.problems = problems
        self.models = models
        self.validators = validators
        self.security = security

    def method(self, verb: str, operation: Mapping, shared: Node | None) -> Method | None:
        """The Method of an operation; ``shared`` are the parameters of its path."""
        for name in operation:
            if name.startswith(EXTENSION) and name not in OPERATION_EXTENSIONS:
                self.problems.unknown(operation.key(name), "extension", name, OPERATION_EXTENSIONS, severity="warning")
        parameters, body = self.parameters(shared, operation.get("parameters"))
        models = self.request_models(operation, body)
        responses = self.responses(operation.get("responses"), operation)
        declared = ordered_parameters(parameters)
        security = self.required(operation)
        identifier = operation.get("operationId")
        return Method(
            http_method=verb,
            integration=self._integration(operation, declared, responses),
            request_parameters=declared,
            request_models=MappingProxyType(models),
            validator=self._validator(operation),
            api_key_required=security.api_key,
            authorization_type=security.authorization,
            authorizer=security.authorizer,
            responses=responses,
            operation_name=identifier.text if isinstance(identifier, Scalar) else None,
            origin=place_of(operation),
        )

    def parameters(self, *lists: Node | None) -> tuple[list[DeclaredParameter], Mapping | None]:
        """Declared parameters, those of the operation instead of the path's of the same name; and OpenAPI 2's body."""
        found: dict[str, DeclaredParameter] = {}
        body: Mapping | None = None
        for node in lists:
            if node is not None and not isinstance(node, Sequence):
                wrong_kind(node, "parameters", "a list", self.problems)
                continue
            for each in node or ():
                parameter = self.references.follow(each)
                if not isinstance(parameter, Mapping):
                    continue
                place, name = parameter.get("in"), parameter.get("name")
                if not isinstance(place, Scalar) or not isinstance(name, Scalar):
                    self.problems.error(parameter, "a parameter needs a name and where it is in", code="parameter")
                    continue
                if place.text == "body":
                    body = parameter
                elif place.text in _PLACES:
                    declared = self._parameter(parameter, _PLACES[place.text], name)
                    if declared is not None:
                        found[f"{place.text} {name.text}"] = declared
                elif place.text not in {"cookie", "formData"}:
                    valid = (*_PLACES, "body", "formData", "cookie")
                    self.problems.error(
                        place,
                        f"a parameter is not in {place.text!r}",
                        code="parameter",
                        expected=valid,
                        nearest=nearest(place.text, valid),
                    )
        return list(found.values()), body

    def _parameter(self, node: Mapping, place: str, name: Scalar) -> DeclaredParameter | None:
        try:
            parameter = method_parameter(f"method.request.{place}.{name.text}")
        except LocationError:
            # CFG014: a name with other characters (ids[], say) is left out with a warning.
            self.problems.warning(
                name, f"API Gateway cannot map a parameter named {name.text!r}; it is left out", code="CFG014"
            )
            return None
        required = node.get("required")
        return DeclaredParameter(parameter, isinstance(required, Scalar) and required.text == "true")

    def request_models(self, operation: Mapping, body: Mapping | None) -> dict[str, str]:
        """Media type -> model, from OpenAPI 2's body parameter or OpenAPI 3's requestBody."""
        schema = None if body is None else body.get("schema")
        if schema is not None:
            types = self._media_types(operation, "consumes")
            name = self.model_name(schema)
            return dict.fromkeys(types, name) if name is not None else {}
        node = operation.get("requestBody")
        request = None if node is None else self.references.follow(node)
        return self._content_models(request.get("content")) if isinstance(request, Mapping) else {}

    def _content_models(self, content: Node | None) -> dict[str, str]:
        models: dict[str, str] = {}
        for media_type, each in content.items() if isinstance(content, Mapping) else ():
            schema = each.get("schema") if isinstance(each, Mapping) else None
            name = None if schema is None else self.model_name(schema)
            if name is not None:
                models[media_type] = name
        return models

    def model_name(self, schema: Node) -> str | None:
        """The model that a schema refers to; one written in place becomes a model named after its place."""
        name = self.references.name_of(schema, _MODELS)
        if name is not None:
            if name not in self.models and name not in BUILT_IN_MODELS:
                self.references.follow(schema)
                return None
            return name
        if not isinstance(schema, Mapping) or not schema.entries:
            return None
        place = place_of(schema)
        name = f"inline{place.line}x{place.column}"
        self.models[name] = Model(name, local_references(plain(schema)))
        return name

    def _media_types(self, operation: Mapping, name: str) -> list[str]:
        for holder in (operation, self.root):
            node = holder.get(name)
            if isinstance(node, Sequence) and node.items:
                return [each.text for each in node if isinstance(each, Scalar)]
        return ["application/json"]

    def responses(self, node: Node | None, operation: Mapping) -> tuple[DeclaredResponse, ...]:
        """CFG015: a response named ``default`` or ``2XX`` declares no status. Only three digits are a status code in
        PutMethodResponse; an import of such a document would settle it.
        """
        found: list[DeclaredResponse] = []
        for status, each in node.items() if isinstance(node, Mapping) else ():
            response = self.references.follow(each)
            if not isinstance(response, Mapping) or not (status.isdecimal() and len(status) == 3):
                continue
            headers = response.get("headers")
            names = dict.fromkeys(headers, False) if isinstance(headers, Mapping) else {}
            schema = response.get("schema")
            if schema is not None:
                model = self.model_name(schema)
                types = self._media_types(operation, "produces")
                models = dict.fromkeys(types, model) if model is not None else {}
            else:
                models = self._content_models(response.get("content"))
            found.append(DeclaredResponse(status, MappingProxyType(names), MappingProxyType(models)))
        return ordered_responses(found)

    def required(self, operation: Mapping) -> Security:
        """What of security an operation needs. The root's ``security`` is ignored: documented."""
        auth = operation.get(f"{EXTENSION}auth")
        kind = auth.get("type") if isinstance(auth, Mapping) else None
        found = Security(authorization_type(kind.text if isinstance(kind, Scalar) else None))
        node = operation.get("security")
        for each in node if isinstance(node, Sequence) else ():
            for name in each if isinstance(each, Mapping) else ():
                scheme = self.security.get(name)
                if scheme is None:
                    assert isinstance(each, Mapping), "its names were taken"
                    self.problems.error(
                        each.key(name),
                        f"there is no security scheme {name!r}",
                        code="security",
                        expected=tuple(self.security),
                        nearest=nearest(name, self.security),
                    )
                elif scheme.api_key:
                    found = found._replace(api_key=True)
                elif scheme.authorization != "NONE":
                    found = found._replace(authorization=scheme.authorization, authorizer=scheme.authorizer)
        return found

    def _validator(self, operation: Mapping) -> Validator:
        for holder in (operation, self.root):
            node = holder.get(f"{EXTENSION}request-validator")
            if isinstance(node, Scalar) and node.value is not None:
                if node.text not in self.validators and not is_unknown(node):
                    self.problems.error(
                        node,
                        "Invalid Request Validator identifier specified",
                        code="no-validator",
                        expected=tuple(self.validators),
                        nearest=nearest(node.text, self.validators),
                    )
                return self.validators.get(node.text, Validator())
        return Validator()

    def _integration(
        self, operation: Mapping, declared: tuple[DeclaredParameter, ...], responses: tuple[DeclaredResponse, ...]
    ) -> Integration | None:
        reference = operation.get(f"{EXTENSION}integration")
        if reference is None:
            message = f"this operation has no {EXTENSION}integration; API Gateway refuses to deploy it"
            self.problems.warning(operation, message, code="no-integration")
            return None
        node = self.references.follow(reference)
        if not isinstance(node, Mapping):
            if node is not None:
                wrong_kind(node, f"{EXTENSION}integration", "a mapping", self.problems)
            return None
        if _HTTP_API in node:
            message = f"{_HTTP_API} belongs to an HTTP API, which has no mapping templates"
            self.problems.error(node.key(_HTTP_API), message, code="http-api")
            return None
        fields = Fields(node, INTEGRATION, self.problems)
        answers = self._integration_responses(fields.mapped("responses"), responses)
        return read_integration(fields, self.templates, declared=names_of(declared), responses=answers)

    def _integration_responses(
        self, node: Mapping | None, declared: tuple[DeclaredResponse, ...]
    ) -> list[IntegrationResponse]:
        """``responses`` of the extension: the name is the selection pattern, or ``default``."""
        found: list[IntegrationResponse] = []
        for name, each in node.items() if node is not None else ():
            inner = self.references.follow(each)
            if not isinstance(inner, Mapping):
                if inner is not None:
                    wrong_kind(inner, f"responses.{name}", "a mapping", self.problems)
                continue
            assert node is not None, "its items were taken"
            pattern = None if name == "default" else node.key(name)
            response = read_integration_response(
                inner, RESPONSE, self.templates, self.problems, pattern=pattern, declared=declared
            )
            if response is not None:
                found.append(response)
        return found
