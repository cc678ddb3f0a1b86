"""``$method.request`` and the parameters behind ``$input.params``: the method request as maps.

What may live here: those maps. A repeated parameter has its last value in a single-valued map and all of them, in a
list, in a multi-valued one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.headers import Headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import MethodRequest

ENTRY_DROPPED: Final = frozenset(
    {
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "transfer-encoding",
        "trailer",
        "upgrade",
        "www-authenticate",
    }
)
"""Headers that API Gateway takes off at its door: no template, mapping or backend sees them. Recorded on AWS."""


def visible_headers(headers: Headers) -> Headers:
    """The headers that are left once API Gateway has taken off its own."""
    visible = [pair for pair in headers.pairs if pair[0].lower() not in ENTRY_DROPPED]
    return headers if len(visible) == len(headers.pairs) else Headers(visible)


def parameters(request: MethodRequest, path_parameters: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """``$input.params()``: ``path``, ``querystring``, ``header``, each name -> (last) value."""
    return {
        "path": dict(path_parameters),
        "querystring": dict(request.query),
        "header": {name: value for name, value in request.headers.pairs if name.lower() not in ENTRY_DROPPED},
    }


def method_map(request: MethodRequest, path_parameters: Mapping[str, str]) -> dict[str, object]:
    """``$method``: undocumented now, used in production templates (GW007)."""
    maps: dict[str, object] = dict(parameters(request, path_parameters))
    maps["multivaluequerystring"] = request.query_multiple()
    maps["multivalueheader"] = visible_headers(request.headers).multiple()
    return {"request": maps}
