"""``response`` of an http event: what becomes of the backend's answers.

What may live here: status codes, patterns, headers and templates as serverless.yml writes them, and the framework's own
where it writes none.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from vtlsim.config.fields import Fields, Spelling
from vtlsim.config.integration_response import API as RESPONSE_FIELDS
from vtlsim.config.integration_response import read_integration_response
from vtlsim.config.made import made, made_mapping
from vtlsim.config.marked import Mapping, Scalar
from vtlsim.config.method import ordered_responses
from vtlsim.config.serverless_cors import cors_headers
from vtlsim.config.serverless_defaults import STATUS_CODES
from vtlsim.gateway.model import DeclaredResponse

if TYPE_CHECKING:
    from vtlsim.config.marked import Node
    from vtlsim.config.templates import TemplateReader
    from vtlsim.gateway.model import IntegrationResponse

RESPONSE: Final = Spelling(
    "response",
    {name: name for name in ("contentHandling", "headers", "statusCodes", "template")},
    frozenset(("transferMode",)),
    unknown="warning",
)
STATUS: Final = Spelling("status code", {name: name for name in ("headers", "pattern", "template")}, unknown="warning")
ANSWER: Final = RESPONSE_FIELDS._replace(any_case=True)


def responses(
    fields: Fields, kind: str, reader: TemplateReader
) -> tuple[tuple[DeclaredResponse, ...], list[IntegrationResponse]]:
    """What the method declares, and its integration responses. A proxy has none."""
    response = settings_of(fields, "response", RESPONSE)
    if kind in {"AWS_PROXY", "HTTP_PROXY"} or (response is None and kind != "AWS"):
        return (), []
    at = fields.mapping if response is None else response.mapping
    shared = response.mapped("headers") if response is not None else None
    headers = dict(cors_headers(fields.get("cors")))
    headers.update(shared.entries if shared is not None else {})
    handling = response.get("contentHandling") if response is not None else None
    common = response.get("template") if response is not None else None
    declared: list[DeclaredResponse] = []
    answers: list[IntegrationResponse] = []
    for status, settings in sorted(_status_codes(response, at), key=lambda each: each[0].text):
        own = Fields(settings, STATUS, fields.problems)
        inner = own.mapped("headers")
        mapped = {**headers, **(inner.entries if inner is not None else {})}
        declared.append(DeclaredResponse(status.text, MappingProxyType(dict.fromkeys(mapped, True))))
        entries: dict[str, Node] = {"statusCode": status}
        put(entries, "selectionPattern", own.get("pattern"))
        parameters = {f"method.response.header.{name}": node for name, node in mapped.items()}
        if parameters:
            entries["responseParameters"] = made_mapping(at, parameters, _named(shared, inner))
        templates: dict[str, Node] = {} if common is None else {"application/json": common}
        template = own.get("template")
        if isinstance(template, Mapping):
            templates.update(template.entries)
        elif template is not None:
            templates["application/json"] = template
        if templates:
            entries["responseTemplates"] = made_mapping(at, templates)
        if status.text.startswith("2"):
            put(entries, "contentHandling", handling)
        found = ordered_responses(declared)
        answer = read_integration_response(
            made_mapping(settings, entries), ANSWER, reader, fields.problems, declared=found
        )
        if answer is not None:
            answers.append(answer)
    return ordered_responses(declared), answers


def _status_codes(response: Fields | None, at: Mapping) -> list[tuple[Scalar, Mapping]]:
    """Status code and settings; the framework's own where there are none, and its 200 where none is the default."""
    node = response.mapped("statusCodes") if response is not None else None
    if node is None:
        return [
            (made(at, code), made_mapping(at, {"pattern": made(at, pattern)})) for code, pattern in STATUS_CODES.items()
        ]
    found = [
        (node.key(code), settings if isinstance(settings, Mapping) else made_mapping(node, {}))
        for code, settings in node.items()
    ]
    patterns = [settings.get("pattern") for _, settings in found]
    if not any(isinstance(each, Scalar) and each.value == "" for each in patterns):
        found = [each for each in found if each[0].text != "200"]
        found.append((made(at, "200"), made_mapping(at, {"pattern": made(at, "")})))
    return found


def _named(*headers: Mapping | None) -> dict[str, Scalar]:
    """Where the names of response headers stand."""
    return {
        f"method.response.header.{name}": made(each.key(name), f"method.response.header.{name}")
        for each in headers
        if each is not None
        for name in each
    }


def put(entries: dict[str, Node], name: str, node: Node | None) -> None:
    """An entry for a field that is there."""
    if node is not None:
        entries[name] = node


def settings_of(fields: Fields, name: str, spelling: Spelling) -> Fields | None:
    """The fields of a mapping inside; None without it."""
    node = fields.mapped(name)
    return None if node is None else Fields(node, spelling, fields.problems)
