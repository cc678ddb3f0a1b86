"""What ``cors`` of an http event adds: headers to the method's responses, and a method OPTIONS.

What may live here: the framework's reading of ``cors``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.config.expressions import response_source_of
from vtlsim.config.made import made
from vtlsim.config.marked import Mapping, Scalar, Sequence
from vtlsim.config.preflight import preflight
from vtlsim.config.problems import place_of
from vtlsim.config.serverless_defaults import CORS_HEADERS

if TYPE_CHECKING:
    from vtlsim.config.marked import Node
    from vtlsim.config.problems import Problems
    from vtlsim.gateway.model import Method


def cors_headers(node: Node | None) -> dict[str, Node]:
    """What ``cors`` adds to the method's own responses."""
    if node is None or (isinstance(node, Scalar) and node.text.lower() != "true"):
        return {}
    found: dict[str, Node] = {"Access-Control-Allow-Origin": made(node, f"'{_allowed(node, ',')}'")}
    credentials = node.get("allowCredentials") if isinstance(node, Mapping) else None
    if isinstance(credentials, Scalar) and credentials.text.lower() == "true":
        # The framework writes true without quotation marks here, which AWS refuses.
        found["Access-Control-Allow-Credentials"] = made(credentials, "'true'")
    return found


def _allowed(node: Node, delimiter: str) -> str:
    origin = node.get("origin") if isinstance(node, Mapping) else None
    origins = node.get("origins") if isinstance(node, Mapping) else None
    if isinstance(origins, Sequence) and origins.items:
        return delimiter.join(each.text for each in origins if isinstance(each, Scalar))
    return origin.text if isinstance(origin, Scalar) else "*"


def cors_method(settings: Mapping, verbs: list[str], problems: Problems) -> Method:
    """The method OPTIONS of a path. ``settings`` are those of ``cors``, or the event's own where it says but ``true``."""
    texts = {name: each.text for name, each in settings.items() if isinstance(each, Scalar)}
    is_cors = "path" not in settings
    own = settings.get("headers") if is_cors else None
    headers = (
        [each.text for each in own if isinstance(each, Scalar)] if isinstance(own, Sequence) else list(CORS_HEADERS)
    )
    if isinstance(own, Scalar):
        headers = [own.text]
    methods = ["OPTIONS", *verbs]
    origins = _allowed(settings, ",").split(",") if is_cors else ["*"]
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
    sources = {name: response_source_of(f"'{value}'", None, problems) for name, value in values.items()}
    place = place_of(settings)
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
