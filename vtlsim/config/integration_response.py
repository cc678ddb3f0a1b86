"""A mapping becomes an IntegrationResponse: the one place where that happens, whatever the format.

What may live here: the checks of PutIntegrationResponse, with AWS's own messages where known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast, get_args

from vtlsim.config.expressions import NO_METHOD_RESPONSE, response_mappings, undeclared
from vtlsim.config.fields import Fields, Spelling, enum_message, is_unknown
from vtlsim.config.marked import Mapping, Scalar
from vtlsim.config.problems import nearest, place_of
from vtlsim.gateway.model import ContentHandling, IntegrationResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import DeclaredResponse

WRONG_STATUS: Final = (
    "1 validation error detected: Value '{}' at 'statusCode' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [1-5]\\d\\d"
)
WRONG_PATTERN: Final = "Invalid selection pattern specified"
WRONG_CONTENT_HANDLING: Final = enum_message("putIntegrationResponseInput.contentHandling", get_args(ContentHandling))

_STATUS: Final = re.compile(r"[1-5][0-9][0-9]", re.ASCII)
_HARMLESS: Final = re.compile(r"(?:[\w \-.,:;/'\"!@#%&=~<>`|^$]|\\[dwsDWS.]|\.[*+?]|\\d\{[0-9]\})*")

API: Final = Spelling(
    "integration response",
    {
        name: name
        for name in ("statusCode", "selectionPattern", "responseParameters", "responseTemplates", "contentHandling")
    },
    frozenset(("_links",)),
)
"""As the API reference spells it."""


def read_integration_response(
    mapping: Mapping,
    spelling: Spelling,
    templates: TemplateReader,
    problems: Problems,
    *,
    pattern: Scalar | None = None,
    status: Scalar | None = None,
    declared: tuple[DeclaredResponse, ...] | None = None,
) -> IntegrationResponse | None:
    """One integration response; None without a valid status code. Everything wrong is reported.

    ``pattern`` and ``status`` are given by formats that write them as the name of the mapping. ``declared`` are the
    method responses; None when the document has no place for them.
    """
    fields = Fields(mapping, spelling, problems)
    code = _status(fields, status)
    selection = fields.scalar("selectionPattern") if pattern is None else pattern
    if selection is not None:
        check_pattern(selection, problems)
    node = fields.get("responseParameters")
    mappings = response_mappings(node, problems)
    handling = fields.one_of("contentHandling", get_args(ContentHandling), WRONG_CONTENT_HANDLING)
    response_templates = templates.templates(fields.get("responseTemplates"), "responseTemplates")
    if code is None:
        return None
    response = IntegrationResponse(
        status_code=code,
        selection_pattern=None if selection is None else selection.text or None,
        response_parameters=mappings,
        response_templates=response_templates,
        content_handling=cast("ContentHandling | None", handling),
        origin=place_of(mapping),
    )
    if declared is not None:
        _check_declared(response, fields, node, declared, problems)
    return response


def read_by_status(
    node: Node | None,
    spelling: Spelling,
    templates: TemplateReader,
    problems: Problems,
    declared: tuple[DeclaredResponse, ...] | None = None,
) -> tuple[IntegrationResponse, ...]:
    """``integrationResponses`` as GetIntegration answers them: status code -> response."""
    if not isinstance(node, Mapping):
        return ()
    found: list[IntegrationResponse] = []
    for name, each in node.items():
        if isinstance(each, Mapping):
            status = None if "statusCode" in each else node.key(name)
            response = read_integration_response(each, spelling, templates, problems, status=status, declared=declared)
            if response is not None:
                found.append(response)
        else:
            problems.error(each, f"integrationResponses.{name}: expected a mapping", code="wrong-kind")
    return tuple(found)


def read_listed(
    nodes: Iterable[Node],
    spelling: Spelling,
    templates: TemplateReader,
    problems: Problems,
    declared: tuple[DeclaredResponse, ...] | None = None,
) -> tuple[IntegrationResponse, ...]:
    """Integration responses in a list, as CloudFormation writes them."""
    found: list[IntegrationResponse] = []
    for each in nodes:
        if isinstance(each, Mapping):
            response = read_integration_response(each, spelling, templates, problems, declared=declared)
            if response is not None:
                found.append(response)
        elif not is_unknown(each):
            problems.error(each, "an integration response: expected a mapping", code="wrong-kind")
    return tuple(found)


def check_pattern(node: Scalar, problems: Problems) -> None:
    """Report a selection pattern that is no regular expression. Most need no engine to be seen as one."""
    text = node.text
    if is_unknown(node) or _HARMLESS.fullmatch(text):
        return
    from vtlsim.values.objects import JavaException
    from vtlsim.velocity.java.problems import LimitReached
    from vtlsim.velocity.java.regexes import compiled

    try:
        compiled(text)
    except (JavaException, LimitReached):
        problems.error(node, WRONG_PATTERN, code="selection-pattern")


def _status(fields: Fields, given: Scalar | None) -> str | None:
    node = fields.scalar("statusCode") if given is None else given
    if node is None:
        if fields.get("statusCode") is None:
            fields.problems.error(fields.mapping, "an integration response needs a statusCode", code="no-status-code")
        return None
    if is_unknown(node):
        return None
    if not _STATUS.fullmatch(node.text):
        fields.problems.error(
            node, WRONG_STATUS.replace("{}", node.text), code="status-code", expected=("three digits, 100 to 599",)
        )
        return None
    return node.text


def _check_declared(
    response: IntegrationResponse,
    fields: Fields,
    node: Node | None,
    declared: tuple[DeclaredResponse, ...],
    problems: Problems,
) -> None:
    """CFG008: a status without parameters that the method does not declare is let pass with a warning, because
    deployed APIs were seen to fail on it when a request comes (``Output mapping refers to an invalid method response``)
    and so must have been importable. A header that differs in case alone is let pass as a mapped request header is.
    """
    method_response = next((each for each in declared if each.status_code == response.status_code), None)
    at = fields.key("statusCode")
    if method_response is None:
        codes = tuple(each.status_code for each in declared)
        if response.response_parameters:
            problems.error(at, NO_METHOD_RESPONSE, code="no-method-response", expected=codes)
        else:
            problems.warning(
                at,
                f"the method declares no response {response.status_code}; API Gateway answers 500 when this one is chosen "
                f"(Output mapping refers to an invalid method response: {response.status_code})",
                code="CFG008",
                expected=codes,
            )
        return
    folded = {name.lower(): name for name in method_response.headers}
    for mapping in response.response_parameters:
        name = mapping.target.name
        if name in method_response.headers:
            continue
        expression = mapping.target.expression
        place: Node = node.key(expression) if isinstance(node, Mapping) and expression in node else fields.mapping
        if name.lower() in folded:
            problems.warning(
                place,
                f"the method response declares this header as {folded[name.lower()]}",
                code="CFG008",
                nearest=folded[name.lower()],
            )
            continue
        valid = tuple(f"method.response.header.{each}" for each in method_response.headers)
        problems.error(
            place, undeclared(expression), code="undeclared-header", expected=valid, nearest=nearest(expression, valid)
        )
