"""``terraform show -json`` of a plan or a state: resources of type ``aws_api_gateway_*`` become Apis.

What may live here: the Apis of a plan and what each of their resources says. How resources find one another is in
terraform_links.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.config.api_keys import add_plan_keys
from vtlsim.config.assembly import Assembly
from vtlsim.config.fields import Fields, Spelling, is_unknown
from vtlsim.config.gateway_responses import read_gateway_response, response_type
from vtlsim.config.integration import FIELDS, TLS, read_integration
from vtlsim.config.integration_response import read_integration_response
from vtlsim.config.marked import Mapping, Scalar, Sequence, plain, read
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
from vtlsim.config.openapi import into_assembly, settings
from vtlsim.config.problems import place_of
from vtlsim.config.schemas import local_references
from vtlsim.config.terraform_links import Links
from vtlsim.gateway.model import Method, Model, Stage, Validator

if TYPE_CHECKING:
    from vtlsim.config.problems import Problems
    from vtlsim.config.reader import Files
    from vtlsim.config.templates import TemplateReader
    from vtlsim.config.terraform_links import Instance
    from vtlsim.gateway.model import Api, DeclaredResponse, IntegrationResponse

PREFIX: Final = "aws_api_gateway_"


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def _spelling(kind: str, *names: str, **others: str) -> Spelling:
    return Spelling(f"{PREFIX}{kind}", {**{_snake(name): name for name in names}, **others}, unknown=None)


REST_API: Final = _spelling(
    *("rest_api", "apiKeySource", "binaryMediaTypes", "body", "description", "endpointConfiguration"),
    *("minimumCompressionSize", "name"),
)
METHOD: Final = _spelling(
    *("method", "apiKeyRequired", "authorizerId", "httpMethod", "operationName", "requestModels", "requestParameters"),
    authorization="authorizationType",
)
INTEGRATION: Final = _spelling(
    "integration",
    *(name for name in FIELDS if name not in {"httpMethod", "timeoutInMillis"}),
    integration_http_method="httpMethod",
    timeout_milliseconds="timeoutInMillis",
)
RESPONSE: Final = _spelling(
    *(
        "integration_response",
        "statusCode",
        "selectionPattern",
        "responseParameters",
        "responseTemplates",
        "contentHandling",
    )
)
GATEWAY_RESPONSE: Final = _spelling("gateway_response", "statusCode", "responseParameters", "responseTemplates")
TLS_CONFIG: Final = TLS._replace(names={"insecure_skip_verification": "insecureSkipVerification"})


def read_terraform(root: Mapping, templates: TemplateReader, files: Files, problems: Problems) -> dict[str, Api]:
    """Every REST API of a plan or state, by its address."""
    return _Plan(root, templates, files, problems).apis()


class _Draft:
    def __init__(self, problems: Problems, instance: Instance | None) -> None:
        self.assembly = Assembly(problems)
        self.instance = instance
        self.settings: dict[str, object] = {}


class _Plan:
    def __init__(self, root: Mapping, templates: TemplateReader, files: Files, problems: Problems) -> None:
        self.templates = templates
        self.files = files
        self.problems = problems
        self.links = Links(root, problems)
        self.drafts: dict[str, _Draft] = {}
        self.validators: dict[str, Validator] = {}
        self.responses: dict[tuple[str, str, str], list[DeclaredResponse]] = {}
        self.answers: dict[tuple[str, str, str], list[Instance]] = {}
        self.integrations: dict[tuple[str, str, str], Instance] = {}
        self._paths: dict[str, str | None] = {}

    def apis(self) -> dict[str, Api]:
        for instance in self.of_type("rest_api"):
            self.rest_api(instance)
        for instance in self.of_type("model"):
            self.model(instance)
        for instance in self.of_type("request_validator"):
            texts = instance.texts
            self.validators[instance.address] = validator_of(
                texts.get("name"),
                texts.get("validate_request_body") == "true",
                texts.get("validate_request_parameters") == "true",
            )
        for instance in self.of_type("gateway_response"):
            self.gateway_response(instance)
        for kind in ("stage", "deployment"):
            for instance in self.of_type(kind):
                self.stage(instance)
        for instance in self.of_type("method_response"):
            self.method_response(instance)
        for instance in self.of_type("integration_response"):
            key = self.key(instance)
            if key is not None:
                self.answers.setdefault(key, []).append(instance)
        for instance in self.of_type("integration"):
            key = self.key(instance)
            if key is not None:
                self.integrations[key] = instance
        for instance in self.of_type("method"):
            self.method(instance)
        add_plan_keys(self.links, {address: draft.assembly for address, draft in self.drafts.items()})
        return {
            address: draft.assembly.api(**draft.settings)
            for address, draft in self.drafts.items()
            if draft.assembly.methods or draft.instance is not None
        }

    def of_type(self, kind: str) -> list[Instance]:
        return self.links.by_type.get(f"{PREFIX}{kind}", [])

    # -- what belongs to what -----------------------------------------------------------------------------------------

    def draft(self, instance: Instance) -> _Draft | None:
        """The Api that ``rest_api_id`` names; the only one where that cannot be told."""
        name = self.api_of(instance)
        if name is None:
            self.problems.warning(
                instance.values,
                f"{instance.address}: the plan does not tell which REST API this belongs to; it is left out",
                code="CFG023",
            )
            return None
        if name not in self.drafts:
            self.drafts[name] = _Draft(self.problems, None)
        return self.drafts[name]

    def api_of(self, instance: Instance) -> str | None:
        found = self.links.target(instance, "rest_api_id")
        if found is not None:
            return found.address
        text = instance.texts.get("rest_api_id")
        if text is not None:
            return text
        apis = self.of_type("rest_api")
        return apis[0].address if len(apis) == 1 else None

    def path_of(self, instance: Instance, field: str = "resource_id", depth: int = 0) -> str | None:
        """The path of the resource that a field names. CFG024: one outside the plan counts as the root."""
        target = self.links.target(instance, field)
        if target is None:
            text = instance.texts.get(field)
            references = self.links.references(instance, field)
            if text is None and not references:
                self.problems.warning(
                    instance.values,
                    f"{instance.address}: the plan does not tell its {field}; it counts as the root",
                    code="CFG024",
                )
            return "/"
        if target.type == f"{PREFIX}rest_api":
            return "/"
        if target.type != f"{PREFIX}resource" or depth > 50:
            return None
        if target.address not in self._paths:
            known = target.texts.get("path")
            parent = self.path_of(target, "parent_id", depth + 1)
            part = target.texts.get("path_part")
            path = f"{(parent or '/').rstrip('/')}/{part}" if part is not None else known
            self._paths[target.address] = path
            draft = self.draft(target)
            if draft is not None and part is not None:
                node = target.values.get("path_part")
                draft.assembly.check_path("/" + part, target.values if node is None else node)
        return self._paths[target.address]

    def key(self, instance: Instance) -> tuple[str, str, str] | None:
        api, path, verb = self.api_of(instance), self.path_of(instance), instance.texts.get("http_method")
        if verb is None:
            method = self.links.target(instance, "http_method")
            verb = method.texts.get("http_method") if method is not None else None
        return None if api is None or path is None or verb is None else (api, path, verb)

    # -- resources ----------------------------------------------------------------------------------------------------

    def rest_api(self, instance: Instance) -> None:
        draft = self.drafts[instance.address] = _Draft(self.problems, instance)
        fields = Fields(instance.values, REST_API, self.problems)
        body = fields.scalar("body")
        if body is not None and is_unknown(body):
            self.problems.warning(body, f"{instance.address}: its body is known only after apply", code="CFG020")
        elif body is not None and body.text:
            node = read(body.text, body.document.name, self.problems, body.origin)
            if isinstance(node, Mapping):
                into_assembly(node, draft.assembly, self.templates, self.files, self.problems)
                draft.settings.update(settings(node, self.problems))
        found = draft.settings
        for name in ("name", "description"):
            text = fields.text(name)
            if text:
                found[name] = text
        binary = fields.listed("binaryMediaTypes")
        if binary is not None and len(binary):
            found["binary_media_types"] = tuple(each.text.lower() for each in binary if isinstance(each, Scalar))
        source = fields.one_of("apiKeySource", ("HEADER", "AUTHORIZER"))
        if source is not None:
            found["api_key_source"] = source
        size = instance.texts.get("minimum_compression_size", "")
        if size.isdecimal():
            found["minimum_compression_size"] = int(size)
        endpoint = first(fields.get("endpointConfiguration"))
        types = endpoint.get("types") if isinstance(endpoint, Mapping) else None
        kind = plain(types.items[0]) if isinstance(types, Sequence) and types.items else None
        if kind in {"EDGE", "REGIONAL", "PRIVATE"}:
            found["endpoint_type"] = kind

    def model(self, instance: Instance) -> None:
        draft = self.draft(instance)
        schema = instance.values.get("schema")
        name = instance.texts.get("name")
        if draft is None or name is None or not isinstance(schema, Scalar) or not schema.text or is_unknown(schema):
            return
        node = read(schema.text, schema.document.name, self.problems, schema.origin)
        if node is not None:
            content_type = instance.texts.get("content_type", "application/json")
            draft.assembly.models[name] = Model(name, local_references(plain(node)), content_type)

    def gateway_response(self, instance: Instance) -> None:
        draft = self.draft(instance)
        kind = instance.values.get("response_type")
        name = response_type(kind, self.problems) if isinstance(kind, Scalar) else None
        if draft is not None and name is not None:
            draft.assembly.responses[name] = read_gateway_response(
                name, instance.values, GATEWAY_RESPONSE, self.templates, self.problems
            )

    def stage(self, instance: Instance) -> None:
        name = instance.texts.get("stage_name")
        draft = self.draft(instance) if name is not None else None
        if draft is not None and name is not None and name not in draft.assembly.stages:
            variables = text_map(instance.values.get("variables"), "variables", self.problems)
            canary = True if first(instance.values.get("canary_settings")) is not None else None
            draft.assembly.stages[name] = Stage(name, variables, canary)

    def method_response(self, instance: Instance) -> None:
        key, status = self.key(instance), instance.texts.get("status_code")
        if key is not None and status is not None:
            parameters, models = instance.values.get("response_parameters"), instance.values.get("response_models")
            self.responses.setdefault(key, []).append(declared_response(status, parameters, models, self.problems))

    def method(self, instance: Instance) -> None:
        problems = self.problems
        fields = Fields(instance.values, METHOD, problems)
        node = fields.scalar("httpMethod")
        verb = verb_of(node, problems) if node is not None else None
        draft, key = self.draft(instance), self.key(instance)
        if draft is None or key is None or verb is None:
            return
        declared = declared_parameters(fields.mapped("requestParameters"), problems)
        models = text_map(fields.get("requestModels"), "requestModels", problems)
        check_models(fields.get("requestModels"), models, draft.assembly.models, problems)
        responses = ordered_responses(self.responses.get(key, ()))
        integration = None
        found = self.integrations.get(key)
        if found is None:
            problems.warning(instance.values, f"{instance.address} has no integration", code="no-integration")
        else:
            values = self.links.known_uri(found)
            values = Mapping(values.document, values.start, values.end, {**values.entries, **tls(values)}, values.keys)
            answers = self.integration_responses(self.answers.get(key, []), responses)
            integration = read_integration(
                Fields(values, INTEGRATION, problems),
                self.templates,
                declared=names_of(declared),
                responses=answers,
                tls=TLS_CONFIG,
            )
        validator = self.links.target(instance, "request_validator_id")
        authorizer = self.links.target(instance, "authorizer_id")
        method = Method(
            http_method=verb,
            integration=integration,
            request_parameters=declared,
            request_models=models,
            validator=self.validators.get(validator.address, Validator()) if validator is not None else Validator(),
            api_key_required=fields.boolean("apiKeyRequired") or False,
            authorization_type=authorization_type(fields.text("authorizationType")),
            authorizer=fields.text("authorizerId")
            if authorizer is None
            else authorizer.texts.get("name", authorizer.name),
            responses=responses,
            operation_name=fields.text("operationName") or None,
            origin=place_of(instance.values),
        )
        draft.assembly.add(key[1], verb, method, instance.values)

    def integration_responses(
        self, instances: list[Instance], declared: tuple[DeclaredResponse, ...]
    ) -> list[IntegrationResponse]:
        """In the order of their status codes: a plan sorts resources by their addresses.

        CFG025: which of two matching patterns AWS takes was recorded only where both orders agree.
        """
        found = []
        for instance in instances:
            response = read_integration_response(
                instance.values, RESPONSE, self.templates, self.problems, declared=declared
            )
            if response is not None:
                found.append(response)
        return sorted(found, key=lambda each: each.status_code)


def first(node: object) -> Mapping | None:
    """The one block of a list of blocks, as Terraform writes nested blocks."""
    if isinstance(node, Sequence) and node.items:
        node = node.items[0]
    return node if isinstance(node, Mapping) else None


def tls(values: Mapping) -> dict[str, Mapping | Scalar]:
    """``tls_config`` as the block that it is, not as a list of it."""
    if "tls_config" not in values:
        return {}
    block = first(values.get("tls_config"))
    nothing = Scalar(values.document, values.start, values.start, None, "made")
    return {"tls_config": nothing if block is None else block}
