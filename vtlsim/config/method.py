"""The parts of a method that formats share: its verb, what it declares, its models and validator.

What may live here: the checks of PutMethod and PutMethodResponse, with the messages that were recorded on AWS.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from vtlsim.config.expressions import declared_header, declared_parameter
from vtlsim.config.fields import boolean_of, is_unknown, wrong_kind
from vtlsim.config.marked import Mapping, Scalar
from vtlsim.config.problems import nearest
from vtlsim.gateway.model import AuthorizationType, DeclaredParameter, DeclaredResponse, Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Mapping as Dict

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.gateway.locations import RequestParameter

VERBS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
"""In the order in which AWS's message lists them."""

WRONG_VERB: Final = f"Invalid HttpMethod specified. Valid options are {','.join(VERBS)}"
NOT_UNIQUE: Final = "Parameter names must be unique across querystring, header and path"
BUILT_IN_MODELS: Final = ("Empty", "Error")
"""Models that every new REST API has."""

AUTHORIZATION_TYPES: Final = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")


def verb_of(node: Scalar, problems: Problems, *, any_case: bool = False) -> str | None:
    """An HTTP method as a method's own; None when it is none, which is reported."""
    text = node.text.upper() if any_case else node.text
    if text in VERBS:
        return text
    if not is_unknown(node):
        problems.error(node, WRONG_VERB, code="wrong-method", expected=VERBS, nearest=nearest(text, VERBS))
    return None


def declared_parameters(node: Node | None, problems: Problems) -> tuple[DeclaredParameter, ...]:
    """A method's ``requestParameters``: ``method.request.header.X`` -> whether it is required."""
    found: list[DeclaredParameter] = []
    if not isinstance(node, Mapping):
        return ()
    for name, value in node.items():
        key = node.key(name)
        parameter = declared_parameter(key, problems)
        # CFG009: a value that is no boolean counts as "not required", as CloudFormation was seen to take it.
        required = boolean_of(value, name, problems) if isinstance(value, Scalar) and value.value is not None else False
        if parameter is not None:
            if any(each.parameter.name == parameter.name and each.parameter.place != parameter.place for each in found):
                problems.error(key, NOT_UNIQUE, code="not-unique")
            found.append(DeclaredParameter(parameter, bool(required)))
    return ordered_parameters(found)


def ordered_parameters(found: Iterable[DeclaredParameter]) -> tuple[DeclaredParameter, ...]:
    """Declared parameters in one order whatever the document's: AWS keeps them in a map."""
    return tuple(sorted(found, key=lambda each: each.parameter.expression))


def names_of(declared: Iterable[DeclaredParameter]) -> frozenset[RequestParameter]:
    """The parameters alone."""
    return frozenset(each.parameter for each in declared)


def declared_response(
    status: str, parameters: Node | None, models: Node | None, problems: Problems
) -> DeclaredResponse:
    """A method response from ``responseParameters`` (``method.response.header.X`` -> required) and ``responseModels``."""
    headers: dict[str, bool] = {}
    if isinstance(parameters, Mapping):
        for name, value in parameters.items():
            header = declared_header(parameters.key(name), problems)
            if header is not None:
                headers[header] = isinstance(value, Scalar) and value.text.lower() == "true"
    return DeclaredResponse(status, MappingProxyType(headers), text_map(models, "responseModels", problems))


def ordered_responses(found: Iterable[DeclaredResponse]) -> tuple[DeclaredResponse, ...]:
    """Method responses by status, whatever the document's order."""
    return tuple(sorted(found, key=lambda each: each.status_code))


def text_map(
    node: Node | None, what: str, problems: Problems, named: Callable[[Node], str | None] | None = None
) -> Dict[str, str]:
    """A mapping of texts. ``named`` reads a value that need not be a text (a reference to a model)."""
    if node is None or (isinstance(node, Scalar) and (node.value is None or is_unknown(node))):
        return MappingProxyType({})
    if not isinstance(node, Mapping):
        wrong_kind(node, what, "a mapping", problems)
        return MappingProxyType({})
    found: dict[str, str] = {}
    for name, value in node.items():
        text = named(value) if named is not None else None
        if text is None and isinstance(value, Scalar):
            text = value.text
        if text is None:
            wrong_kind(value, f"{what}.{name}", "a text", problems)
        else:
            found[name] = text
    return MappingProxyType(found)


def check_models(node: Node | None, names: Dict[str, str], models: Iterable[str], problems: Problems) -> None:
    """Report each model that the Api does not have."""
    known = (*models, *BUILT_IN_MODELS)
    for media_type, name in names.items():
        if name in known or not isinstance(node, Mapping):
            continue
        at = node.get(media_type) or node
        if not is_unknown(at):
            problems.error(
                at,
                f"Invalid model identifier specified: {name}",
                code="no-model",
                expected=known,
                nearest=nearest(name, known),
            )


def validator_of(name: str | None, body: bool | None, parameters: bool | None) -> Validator:
    """A request validator's settings; what is not said is not validated."""
    return Validator(bool(body), bool(parameters), name)


def authorization_type(text: str | None) -> AuthorizationType:
    """An authorization type as the model's, in any case; NONE for one that is none of AWS's."""
    upper = (text or "NONE").upper()
    return cast("AuthorizationType", upper if upper in AUTHORIZATION_TYPES else "NONE")
