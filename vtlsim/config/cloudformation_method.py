"""``AWS::ApiGateway::Method`` becomes a Method.

What may live here: CloudFormation's spelling of methods, integrations and their responses.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from vtlsim.config.fields import Fields, Spelling, is_unknown
from vtlsim.config.integration import FIELDS, TLS, read_integration
from vtlsim.config.integration_response import read_listed
from vtlsim.config.marked import Mapping, Scalar, Sequence
from vtlsim.config.method import (
    authorization_type,
    check_models,
    declared_parameters,
    declared_response,
    names_of,
    ordered_responses,
)
from vtlsim.config.problems import place_of
from vtlsim.gateway.model import Method, Validator

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from vtlsim.config.cloudformation import Draft, Template
    from vtlsim.config.marked import Node
    from vtlsim.gateway.model import DeclaredResponse


def _pascal(name: str) -> str:
    return name[0].upper() + name[1:]


METHOD: Final = Spelling(
    "AWS::ApiGateway::Method",
    {
        "ApiKeyRequired": "apiKeyRequired",
        "AuthorizationType": "authorizationType",
        "AuthorizerId": "authorizerId",
        "HttpMethod": "httpMethod",
        "Integration": "methodIntegration",
        "MethodResponses": "methodResponses",
        "OperationName": "operationName",
        "RequestModels": "requestModels",
        "RequestParameters": "requestParameters",
        "RequestValidatorId": "requestValidatorId",
    },
    frozenset(("AuthorizationScopes", "ResourceId", "RestApiId")),
)

INTEGRATION: Final = Spelling(
    "Integration",
    {
        **{_pascal(name): name for name in FIELDS if name not in {"httpMethod", "tlsConfig"}},
        "IntegrationHttpMethod": "httpMethod",
        "IntegrationResponses": "integrationResponses",
        "TlsConfig": "tlsConfig",
    },
    frozenset(("IntegrationTarget", "ResponseTransferMode")),
)
TLS_CONFIG: Final = TLS._replace(names={"InsecureSkipVerification": "insecureSkipVerification"})

RESPONSE: Final = Spelling(
    "IntegrationResponse",
    {
        _pascal(name): name
        for name in ("statusCode", "selectionPattern", "responseParameters", "responseTemplates", "contentHandling")
    },
)

_STRUCTURAL: Final = frozenset(
    ("RestApiId", "ResourceId", "AuthorizerId", "RequestValidatorId", "RequestModels", "MethodResponses")
)


def read_method(template: Template, draft: Draft | None, verb: str, resource: Mapping) -> Method | None:
    """The Method of a resource; None without its Api."""
    problems = template.problems
    properties = template.resolved(resource, METHOD.names.keys() - _STRUCTURAL)
    fields = Fields(properties, METHOD, problems)
    declared = declared_parameters(fields.mapped("requestParameters"), problems)
    models = _models(template, fields.get("requestModels"))
    if draft is not None:
        check_models(fields.get("requestModels"), models, draft.assembly.models, problems)
    responses = _responses(template, template.resolver.chosen(fields.get("methodResponses")))
    node = fields.mapped("methodIntegration")
    integration = None
    if node is None:
        problems.warning(
            properties, "this method has no Integration; API Gateway refuses to deploy it", code="no-integration"
        )
    else:
        inner = Fields(node, INTEGRATION, problems)
        answers = read_listed(
            inner.listed("integrationResponses") or (), RESPONSE, template.templates, problems, declared=responses
        )
        integration = read_integration(
            inner, template.templates, declared=names_of(declared), responses=answers, tls=TLS_CONFIG
        )
    return Method(
        http_method=verb,
        integration=integration,
        request_parameters=declared,
        request_models=models,
        validator=_validator(template, draft, fields.get("requestValidatorId")),
        api_key_required=fields.boolean("apiKeyRequired") or False,
        authorization_type=authorization_type(fields.text("authorizationType")),
        authorizer=template.referred(fields.get("authorizerId")),
        responses=responses,
        operation_name=fields.text("operationName"),
        origin=place_of(resource),
    )


def _validator(template: Template, draft: Draft | None, node: Node | None) -> Validator:
    name = template.referred(node)
    if name is None or draft is None:
        return Validator()
    if name not in draft.validators:
        assert node is not None, "it was referred to"
        if not is_unknown(template.resolver.resolve(node)):
            template.problems.warning(
                node,
                f"the request validator {name} is outside this template; nothing is validated",
                code="no-validator",
            )
        return Validator()
    return draft.validators[name]


def _models(template: Template, node: Node | None) -> Dict[str, str]:
    """Media type -> the model's name; a model of the template may be referred to by its logical id."""
    node = template.resolver.chosen(node)
    found: dict[str, str] = {}
    for media_type, value in node.items() if isinstance(node, Mapping) else ():
        name = template.referred(value)
        if name is not None:
            found[media_type] = template.models.get(name, name)
    return MappingProxyType(found)


def _responses(template: Template, node: Node | None) -> tuple[DeclaredResponse, ...]:
    found: list[DeclaredResponse] = []
    for each in node if isinstance(node, Sequence) else ():
        response = template.resolver.chosen(each)
        status = template.resolver.resolve(response.get("StatusCode")) if isinstance(response, Mapping) else None
        if not isinstance(response, Mapping) or not isinstance(status, Scalar):
            continue
        parameters = template.resolver.resolve(response.get("ResponseParameters"))
        declared = declared_response(status.text, parameters, None, template.problems)
        found.append(declared._replace(models=_models(template, response.get("ResponseModels"))))
    return ordered_responses(found)
