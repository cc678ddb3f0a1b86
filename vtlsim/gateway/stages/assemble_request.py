"""What exactly is sent to the backend?

What may live here: method, address, query string, headers and body of the integration request, by integration type.
What the types forward, drop and forbid stands in :mod:`vtlsim.gateway.header_rules`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from vtlsim.gateway import addresses
from vtlsim.gateway.findings import QueryFate, RequestAssembled, header_fates
from vtlsim.gateway.header_rules import FORBIDDEN, NOT_DELIVERED, PROXY_WITHHELD, UNSEEN_FORBIDDEN
from vtlsim.gateway.headers import Headers
from vtlsim.gateway.lambda_event import FORWARDED_HEADERS, lambda_event
from vtlsim.gateway.model import Endpoint, Function, IntegrationRequest, Service
from vtlsim.gateway.refusals import API_CONFIGURATION_ERROR, INTEGRATION_FAILURE, Refused
from vtlsim.gateway.service_requests import TARGET_HEADER, function_arn, service_arn, target_of
from vtlsim.gateway.utf8 import size_of
from vtlsim.gateway.variables.method import ENTRY_DROPPED
from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from vtlsim.gateway.findings import BodyConverted, HeaderVerdict, OverridesApplied
    from vtlsim.gateway.model import Api, Carried, ConnectionType, Destination, IntegrationType, Surroundings
    from vtlsim.gateway.sources import Sources

CONTENT_TYPE_FORWARDED: Final = "GW035"
"""Register: HTTP forwards the client's Content-Type unless the client's method is GET; AWS sends application/json."""

BODYLESS: Final = "GW033"
"""Register: no body is sent when the integration's method is GET, HEAD or OPTIONS."""

PLACEHOLDER_LEFT: Final = "GW036"
"""Register: a ``{name}`` that nothing fills makes the endpoint address invalid."""

SIGNED: Final = "GW037"
"""Register: the headers of a signed request are named; nothing is signed."""

INVALID_ADDRESS: Final = "Execution failed due to configuration error: Invalid endpoint address"
_BODYLESS_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class _Address(NamedTuple):
    """Where a request goes, or ``destination`` None when the address is none."""

    uri: str
    query: tuple[QueryFate, ...]
    destination: Destination | None
    host_region: str = ""
    codes: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The query string's pairs alone."""
        return tuple([(name, value) for name, value, _ in self.query])


def assemble_request(
    carried: Carried,
    applied: OverridesApplied,
    body: str | bytes,
    converted: BodyConverted,
    sources: Sources,
    api: Api,
    around: Surroundings,
) -> tuple[RequestAssembled, IntegrationRequest]:
    """The integration request. Raises Refused with 500: a forbidden header, an invalid endpoint address."""
    integration, request = carried.integration, carried.request
    kind = integration.type
    method = integration.http_method or request.method
    if method == "ANY":
        method = request.method
    parameters = applied.parameters
    uri, filled = addresses.fill(integration.uri or "", dict(parameters.path), sources.stage)
    client = request.query if kind == "HTTP_PROXY" else ()
    make = _address if filled or client or parameters.querystring else _declared_address
    address = make(kind, uri, parameters.querystring, client, integration.connection_type, integration.connection_id)
    codes = list(address.codes)
    namespace = integration.cache_namespace or carried.resource_id
    key: tuple[tuple[str, str | None], ...] = ()
    if integration.cache_key_parameters:
        key = tuple(
            [(each.expression, _joined(sources.find(each).values)) for each in integration.cache_key_parameters]
        )
    credentials = integration.credentials
    if credentials is not None:
        credentials, more = addresses.fill(credentials, {}, sources.stage)
        filled += more
    fates = _headers(carried, applied, address, api, around)
    forbidden: str | None = None
    for name, _ in parameters.header:
        if name.lower() in FORBIDDEN[kind]:
            forbidden = name
            if name.lower() == "x-amzn-trace-id":
                codes.append(UNSEEN_FORBIDDEN)
            break

    payload: str | bytes = body
    if isinstance(address.destination, Function) and kind == "AWS" and not body:
        payload = "{}"  # recorded: the function's event is an empty object
    elif kind == "AWS_PROXY" and isinstance(address.destination, Function):
        from vtlsim.values.json_writer import write

        codes.append(FORWARDED_HEADERS)
        payload = write(
            lambda_event(
                request,
                carried.resource_path,
                carried.path_parameters,
                sources.stage,
                sources.context,
                converted,
                carried.trace_id or "",
                around,
                title_cased=api.endpoint_type == "EDGE",
            )
        )
    elif kind in ("HTTP", "HTTP_PROXY") and method in _BODYLESS_METHODS and body:
        payload = ""
        codes.append(BODYLESS)
    headers = Headers([(sent_as, value) for _, value, _, sent_as in fates if sent_as is not None])
    if kind == "HTTP" and request.headers.holds("content-type"):
        codes.append(CONTENT_TYPE_FORWARDED)
    elif kind in ("AWS", "AWS_PROXY"):
        codes.append(SIGNED)
    destination = address.destination
    if isinstance(destination, Endpoint) and destination.connection_id is not None:
        link, more = addresses.fill(destination.connection_id, {}, sources.stage)
        destination, filled = destination._replace(connection_id=link), filled + more
    if isinstance(destination, Function) and (headers.first("x-amz-invocation-type") or "").lower() == "event":
        destination = destination._replace(asynchronous=True)

    finding = RequestAssembled(
        kind,
        method,
        address.uri,
        header_fates(fates),
        address.query,
        filled,
        destination,
        len(payload) if isinstance(payload, bytes) else size_of(payload),
        next((value for name, value in headers.pairs if name.lower() == "content-type"), None),
        namespace,
        key,
        credentials,
        codes=tuple(codes),
    )
    if forbidden is not None:
        raise Refused(
            API_CONFIGURATION_ERROR,
            because=finding._replace(fault="forbidden_header", fault_detail=forbidden),
            log_message=f"Execution failed due to configuration error: {forbidden} header already present",
        )
    if destination is None:
        if any(each.value is None and not each.text.startswith("$") for each in filled):
            finding = finding._replace(codes=(*finding.codes, PLACEHOLDER_LEFT))
        raise Refused(
            API_CONFIGURATION_ERROR,
            because=finding._replace(fault="invalid_address", fault_detail=address.uri),
            log_message=INVALID_ADDRESS,
        )
    if kind == "AWS_PROXY" and method != "POST":
        # recorded: GetGatewayResponse says 504 for this type, and yet 500 is what the client gets
        raise Refused(
            INTEGRATION_FAILURE,
            because=finding._replace(fault="non_post", fault_detail=method),
            message="Internal server error",
            status=500,
        )
    return finding, IntegrationRequest(
        kind,
        method,
        address.uri,
        headers,
        address.pairs,
        payload,
        destination,
        carried,
        credentials,
        integration.timeout_in_millis,
        integration.insecure_skip_verification,
        namespace,
        _cache_key(namespace, key) if key else None,
    )


# -- the address ------------------------------------------------------------------------------------------------------


def _address(
    kind: IntegrationType,
    uri: str,
    mapped: tuple[tuple[str, tuple[str, ...]], ...],
    client: tuple[tuple[str, str], ...],
    connection_type: ConnectionType,
    connection_id: str | None,
) -> _Address:
    if kind in ("HTTP", "HTTP_PROXY"):
        return _http(uri, mapped, client, Endpoint(connection_type, connection_id))
    return _service(uri, mapped)


_declared_address: Final = lru_cache(maxsize=256)(_address)
"""The address of a URI as the definition has it, with nothing of a request in it."""


def _http(
    uri: str, mapped: tuple[tuple[str, tuple[str, ...]], ...], client: tuple[tuple[str, str], ...], endpoint: Endpoint
) -> _Address:
    """Recorded on AWS: the URI's own query string first, then the client's (HTTP_PROXY), then mapped parameters."""
    if not mapped and not client and "?" not in uri and "#" not in uri:
        return _Address(uri, (), endpoint if addresses.is_http_url(uri) else None)
    before, query, fragment = addresses.split_query(uri)
    added = [(name, value) for name, values in mapped for value in values]
    parts = [part for part in (query, addresses.written(client), addresses.written(added)) if part]
    whole = before + ("?" + "&".join(parts) if parts else "") + ("#" + fragment if fragment else "")
    fates = (
        *[QueryFate(name, value, "uri") for name, value in addresses.pairs(query)],
        *[QueryFate(name, value, "client") for name, value in client],
        *[QueryFate(name, value, "mapped") for name, value in added],
    )
    destination = endpoint if addresses.is_http_url(whole) else None
    return _Address(whole, fates, destination, codes=(addresses.ENCODED_QUERY,) if added or client else ())


def _service(uri: str, mapped: tuple[tuple[str, tuple[str, ...]], ...]) -> _Address:
    arn = service_arn(uri)
    if arn is None:
        return _Address(uri, (), None)
    function = function_arn(arn)
    before, query, _ = addresses.split_query(arn.api)
    codes: tuple[str, ...] = ()
    fates: list[QueryFate] = []
    path, target = before.lstrip("/"), None
    if arn.kind == "action":
        path = ""
        action, _, more = before.partition("&")
        target = target_of(arn.service, action)
        codes = (TARGET_HEADER,)
        if target is None:
            fates.append(QueryFate("Action", action, "uri"))
        query = "&".join(part for part in (more, query) if part)
    fates += [QueryFate(name, value, "uri") for name, value in addresses.pairs(query)]
    fates += [QueryFate(name, value, "mapped") for name, values in mapped for value in values]
    text = addresses.written((fate.name, fate.value) for fate in fates)
    whole = f"https://{arn.host}/{path}" + (f"?{text}" if text else "")
    destination: Destination | None
    if not addresses.is_http_url(whole):
        destination = None
    elif function is not None:
        destination = Function(function.arn, function.name, function.region, function.qualifier)
    else:
        destination = Service(arn.region, arn.service, arn.subdomain, arn.kind, arn.api, target)
    return _Address(whole, tuple(fates), destination, arn.region, codes)


def _joined(values: tuple[str, ...] | None) -> str | None:
    return None if values is None else ",".join(values)


def _cache_key(namespace: str, key: tuple[tuple[str, str | None], ...]) -> str:
    return namespace + "".join(f"|{name}={'' if value is None else value}" for name, value in key)


# -- the headers ------------------------------------------------------------------------------------------------------


def _headers(
    carried: Carried,
    applied: OverridesApplied,
    address: _Address,
    api: Api,
    around: Surroundings,
) -> list[tuple[str, str, HeaderVerdict, str | None]]:
    """What becomes of each header, as a HeaderFate has it, in the order in which they are sent."""
    kind = carried.integration.type
    request = carried.request
    fates: list[tuple[str, str, HeaderVerdict, str | None]] = []
    mapped = applied.parameters.header if kind != "AWS_PROXY" else ()
    written = {name.lower() for name, _ in mapped}
    for name, value in request.headers.pairs:
        folded = name.lower()
        if folded in ENTRY_DROPPED:
            fates.append((name, value, "dropped", None))
        elif kind == "HTTP_PROXY":
            if folded in written or folded == "x-amzn-trace-id":
                fates.append((name, value, "replaced", None))
            elif folded in PROXY_WITHHELD:
                fates.append((name, value, "dropped", None))
            else:
                fates.append((name, value, "forwarded", name))
        elif kind == "HTTP" and folded == "content-type" and request.method != "GET" and folded not in written:
            fates.append((name, value, "forwarded", name))
        elif kind != "AWS_PROXY":
            fates.append((name, value, "not_forwarded", None))
    for name, values in mapped:
        folded = name.lower()
        for value in values:
            if folded in FORBIDDEN[kind]:
                fates.append((name, value, "forbidden", None))
            elif folded in NOT_DELIVERED[kind]:
                fates.append((name, value, "not_delivered", None))
            else:
                fates.append((name, value, "mapped", name))
    for name, value in _added(carried, address, api, around):
        if name.lower() not in written:
            fates.append((name, value, "added", name))
    return fates


def _added(carried: Carried, address: _Address, api: Api, around: Surroundings) -> list[tuple[str, str]]:
    """The headers that API Gateway adds, in the order of its logs."""
    kind = carried.integration.type
    api_id = api.id or around.api_id
    trace = ("X-Amzn-Trace-Id", carried.trace_id or "")
    own = ("x-amzn-apigateway-api-id", api_id)
    if kind == "HTTP_PROXY":
        return [own, trace]
    agent = ("User-Agent", f"AmazonAPIGateway_{api_id}")
    accept = ("Accept", "application/json")
    if kind == "HTTP":
        return [own, accept, agent, trace]
    date, scope = _signing_date(around.time_ms), "lambda"
    added: list[tuple[str, str]] = []
    if isinstance(address.destination, Function):
        added.append(("x-amzn-lambda-integration-tag", around.request_id))
    elif isinstance(address.destination, Service):
        scope = address.destination.service
        if address.destination.target is not None:
            added.append(("X-Amz-Target", address.destination.target))
    credential = f"{date[:8]}/{address.host_region}/{scope}/aws4_request"
    added.append(
        (
            "Authorization",
            f"AWS4-HMAC-SHA256 Credential=VTLSIM/{credential}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
        )
    )
    added += [("X-Amz-Date", date), own, accept, agent, trace, ("Content-Type", "application/json")]
    return added


def _signing_date(time_ms: int) -> str:
    """``20260102T030405Z``"""
    from vtlsim.gateway.variables.context import calendar

    year, month, day, hour, minute, second = calendar(time_ms)
    return f"{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z"
