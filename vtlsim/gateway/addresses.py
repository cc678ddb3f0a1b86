"""URIs and query strings: filling their placeholders, taking them apart, writing them.

What may live here: text <-> address. No name is resolved and nothing is fetched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import PlaceholderFilled
from vtlsim.gateway.utf8 import bytes_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_STAGE: Final = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}|\$\{stageVariables\['([A-Za-z0-9_]+)'\]\}")
_PLACE: Final = re.compile(r"(?<!\$)\{([^{}/?#&$]+)\}")
_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HOST: Final = rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?"
_NEVER: Final = r"""\x00-\x20"<>\\^`{|}\x7f"""
"""Characters that a URI may not hold."""
_ILLEGAL: Final = re.compile(f"[{_NEVER}]")
_HTTP_URL: Final = re.compile(rf"[Hh][Tt][Tt][Pp][Ss]?://(?:[^/?#{_NEVER}]*@)?{_HOST}(?:[/?#][^{_NEVER}]*)?")

_UNRESERVED: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_QUERY: Final = {byte: chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in range(256)}
_HEXADECIMAL: Final = re.compile(rb"%([0-9A-Fa-f]{2})")

ENCODED_QUERY: Final = "GW031"
"""Register: parameters that API Gateway adds to a query string are percent-encoded, a blank as ``%20``."""


def fill(
    uri: str, path: Mapping[str, tuple[str, ...]], stage_variables: Mapping[str, str]
) -> tuple[str, tuple[PlaceholderFilled, ...]]:
    """A URI with ``{name}`` from the integration's path parameters and ``${stageVariables.name}`` from the stage.

    A name that is not mapped stays as typed; a stage variable that is missing is empty: recorded on AWS.
    """
    if "{" not in uri:
        return uri, ()
    filled: list[PlaceholderFilled] = []

    def parameter(match: re.Match[str]) -> str:
        values = path.get(match[1])
        if values is None:
            filled.append(PlaceholderFilled(match[0], None))
            return match[0]
        value = ",".join(values)
        filled.append(PlaceholderFilled(match[0], value))
        return _ILLEGAL.sub(lambda each: f"%{ord(each[0]):02X}", value)

    def variable(match: re.Match[str]) -> str:
        value = stage_variables.get(match[1] or match[2])
        filled.append(PlaceholderFilled(match[0], value))
        return value or ""

    uri = _PLACE.sub(parameter, uri)
    if "${" in uri:
        uri = _STAGE.sub(variable, uri)
    return uri, tuple(filled)


def is_http_url(uri: str) -> bool:
    """Whether a URI is one that can be sent to: http or https, a host, no character that a URI may not hold."""
    return _HTTP_URL.fullmatch(uri) is not None


def split_query(uri: str) -> tuple[str, str, str]:
    """A URI as what stands before its query string, the query string, and its fragment (each without its mark)."""
    rest, _, fragment = uri.partition("#")
    before, _, query = rest.partition("?")
    return before, query, fragment


def pairs(query: str) -> tuple[tuple[str, str], ...]:
    """The decoded pairs of a query string, in order. ``+`` is a blank; an empty part is no pair."""
    found: list[tuple[str, str]] = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            found.append((decoded(name), decoded(value)))
    return tuple(found)


def decoded(text: str) -> str:
    """Percent-escapes and ``+`` undone; a broken escape stays as it is."""
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    return text_of(_HEXADECIMAL.sub(lambda match: bytes((int(match[1], 16),)), bytes_of(text)))


def written(found: Iterable[tuple[str, str]]) -> str:
    """A query string of pairs."""
    return "&".join([f"{encoded(name)}={encoded(value)}" for name, value in found])


def encoded(text: str) -> str:
    """A text as it stands in a query string."""
    return "".join([_QUERY[byte] for byte in bytes_of(text)])
