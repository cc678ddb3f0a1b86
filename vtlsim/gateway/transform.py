"""The two journeys of an exchange, stage by stage, in API Gateway's order. This file is the only place that states it.

What may live here: the order, and what is handed from one stage to the next. Decisions are the stages'.

The journeys call nothing outside: :func:`transform_request` ends with what would be sent, :func:`transform_response`
starts with what came back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import BodyRendered
from vtlsim.gateway.headers import NO_HEADERS, Headers
from vtlsim.gateway.journey import follow
from vtlsim.gateway.model import (
    DEFAULT_SURROUNDINGS,
    BackendResponse,
    Carried,
    IntegrationRequest,
    Mock,
    Overrides,
)
from vtlsim.gateway.rendering import Scene
from vtlsim.gateway.sources import Sources
from vtlsim.gateway.stages.apply_overrides import apply_request_overrides, apply_response_overrides
from vtlsim.gateway.stages.assemble_request import assemble_request
from vtlsim.gateway.stages.assemble_response import assemble_response
from vtlsim.gateway.stages.check_access import check_api_key, take_authorization
from vtlsim.gateway.stages.check_backend import check_backend
from vtlsim.gateway.stages.convert_body import convert_body
from vtlsim.gateway.stages.convert_response import convert_response
from vtlsim.gateway.stages.make_gateway_response import make_gateway_response
from vtlsim.gateway.stages.map_parameters import map_parameters
from vtlsim.gateway.stages.map_response_parameters import map_response_parameters
from vtlsim.gateway.stages.match_resource import effective_request, match_resource
from vtlsim.gateway.stages.read_mock_status import read_mock_status
from vtlsim.gateway.stages.read_proxy_response import read_proxy_response
from vtlsim.gateway.stages.render_body import render_body
from vtlsim.gateway.stages.render_response import render_response, select_response_template
from vtlsim.gateway.stages.select_response import select_response
from vtlsim.gateway.stages.select_template import select_template
from vtlsim.gateway.stages.validate_request import validate_request
from vtlsim.gateway.tracing import trace_id
from vtlsim.gateway.variables.context import plain_context
from vtlsim.gateway.variables.stage import stage_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vtlsim.gateway.findings import BodyPassed, GatewayResponseMade
    from vtlsim.gateway.journey import Arrived, Journey, TurnedBack
    from vtlsim.gateway.model import (
        Api,
        BackendFailure,
        GatewayResponse,
        MethodRequest,
        MethodResponse,
        Resource,
        Surroundings,
    )
    from vtlsim.gateway.refusals import Refused

STAGE_ORDER: Final = "GW002"
"""Register: which of two refusals wins: 415, then base64, then unreadable mapped bodies, then the template's."""


NO_OVERRIDES: Final = Overrides()


def transform_request(
    request: MethodRequest, api: Api, around: Surroundings = DEFAULT_SURROUNDINGS, *, resource: Resource | None = None
) -> Arrived[IntegrationRequest] | TurnedBack:
    """A client's request -> the integration request, with the trace; or the gateway response of its refusal.

    ``resource`` skips the routing, as TestInvokeMethod does.
    """
    request = effective_request(request)
    variables = stage_variables(api, around)
    route: list[tuple[str, str, Mapping[str, str]]] = [("", "", request.path_parameters or {})]

    def answer(refused: Refused) -> tuple[GatewayResponseMade, GatewayResponse]:
        path, resource_id, parameters = route[0]
        sources = Sources(
            request, parameters, variables, around, lambda: _context(request, path, resource_id, around, None)
        )
        return make_gateway_response(refused, sources, api, around)

    return follow(_to_integration(request, api, around, variables, resource, route), answer)


def transform_response(
    answer: BackendResponse | BackendFailure,
    sent: IntegrationRequest,
    api: Api,
    around: Surroundings = DEFAULT_SURROUNDINGS,
) -> Arrived[MethodResponse] | TurnedBack:
    """The backend's answer to ``sent`` -> the method response, with the trace; or the gateway response of a refusal."""
    carried = sent.carried
    variables = stage_variables(api, around)

    def context() -> Mapping[str, object]:
        return _context(carried.request, carried.resource_path, carried.resource_id, around, carried.api_key_id)

    def turn_back(refused: Refused) -> tuple[GatewayResponseMade, GatewayResponse]:
        sources = Sources(carried.request, carried.path_parameters, variables, around, context)
        return make_gateway_response(refused, sources, api, around)

    return follow(_to_client(answer, sent, api, around, variables, context), turn_back)


def answer_mock(sent: IntegrationRequest) -> BackendResponse:
    """What API Gateway itself answers for a MOCK integration: a status, and no body (observed)."""
    assert isinstance(sent.destination, Mock)
    return BackendResponse(sent.destination.status)


def _to_integration(
    request: MethodRequest,
    api: Api,
    around: Surroundings,
    variables: Mapping[str, str],
    resource: Resource | None,
    routed: list[tuple[str, str, Mapping[str, str]]],
) -> Journey[IntegrationRequest]:
    found, route = match_resource(request, api, resource)
    routed[0] = (route.resource_path, route.resource_id, route.path_parameters)
    yield found
    method = route.method
    key = check_api_key(request, method, api, around)
    if key is not None:
        yield key
    authorization = take_authorization(method, around)
    if authorization is not None:
        yield authorization
    validated = validate_request(request, method, route.path_parameters, api, around)
    if validated is not None:
        yield validated

    integration = route.integration
    key_id = None if key is None else key.key_id
    is_mock = integration.type == "MOCK"
    sources = Sources(
        request,
        route.path_parameters,
        variables,
        around,
        lambda: _context(request, route.resource_path, route.resource_id, around, key_id),
    )
    scene = Scene(
        request, route.resource_path, route.resource_id, route.path_parameters, variables, NO_OVERRIDES, key_id
    )
    yield (selected := select_template(request, integration))
    yield (converted := convert_body(request, integration, api.binary_media_types))
    yield (mapped := map_parameters(integration, sources))
    yield (body := render_body(selected, converted, scene, around))
    overrides = _overrides(body)
    yield (applied := apply_request_overrides(mapped, overrides.request))
    carried = Carried(
        request,
        route.resource_path,
        route.resource_id,
        method,
        integration,
        route.path_parameters,
        overrides,
        None if is_mock else trace_id(request, around),
        key_id,
    )
    if is_mock:
        yield (answered := read_mock_status(body))
        assert answered.status is not None
        return IntegrationRequest(
            "MOCK",
            integration.http_method or request.method,
            "",
            NO_HEADERS,
            (),
            _content(body),
            Mock(answered.status),
            carried,
        )
    assembled, made = assemble_request(carried, applied, _content(body), converted, sources, api, around)
    yield assembled
    return made


def _to_client(
    answer: BackendResponse | BackendFailure,
    sent: IntegrationRequest,
    api: Api,
    around: Surroundings,
    variables: Mapping[str, str],
    context: Callable[[], Mapping[str, object]],
) -> Journey[MethodResponse]:
    carried = sent.carried
    request = carried.request
    if sent.type != "MOCK":
        yield check_backend(answer, sent.timeout_ms)
    assert isinstance(answer, BackendResponse)
    if sent.type == "AWS_PROXY":
        read, content = read_proxy_response(request, answer, api.binary_media_types)
        yield read
        assembled, response = assemble_response(read.status, Headers(read.headers), (), content, sent, around)
        yield assembled
        return response
    selected, chosen = select_response(answer, sent)
    yield selected
    if chosen is None:
        yield (converted := convert_response(request, answer, None, api.binary_media_types, proxy=True))
        assembled, response = assemble_response(answer.status, answer.headers, (), converted.body, sent, around)
        yield assembled
        return response
    yield (converted := convert_response(request, answer, chosen.content_handling, api.binary_media_types, proxy=False))
    sources = Sources(request, carried.path_parameters, variables, around, context, answer)
    yield (mapped := map_response_parameters(chosen, sources))
    yield (template := select_response_template(request, chosen.response_templates))
    scene = Scene(
        request,
        carried.resource_path,
        carried.resource_id,
        carried.path_parameters,
        variables,
        carried.overrides,
        carried.api_key_id,
        _endpoint_request_id(answer) if sent.type == "AWS" else None,
    )
    yield (body := render_response(template, converted, scene, around))
    overrides = _overrides(body, carried.overrides)
    yield (applied := apply_response_overrides(mapped, overrides.response))
    assembled, response = assemble_response(
        applied.status or int(chosen.status_code),
        answer.headers,
        applied.parameters.header,
        _content(body),
        sent,
        around,
    )
    yield assembled
    return response


def _endpoint_request_id(answer: BackendResponse) -> str | None:
    """``$context.awsEndpointRequestId``: what the AWS service called the request."""
    return answer.headers.first("x-amzn-requestid") or answer.headers.first("x-amz-request-id")


def _content(body: BodyRendered | BodyPassed) -> str | bytes:
    return body.text if isinstance(body, BodyRendered) else body.body


def _overrides(body: BodyRendered | BodyPassed, before: Overrides = NO_OVERRIDES) -> Overrides:
    return body.overrides if isinstance(body, BodyRendered) else before


def _context(
    request: MethodRequest, resource_path: str, resource_id: str, around: Surroundings, key_id: str | None
) -> Mapping[str, object]:
    """``$context`` for mappings, the event and gateway responses: plain values with the caller's overlay."""
    return _merged(plain_context(request, resource_path, resource_id, around, key_id), around.context)


def _merged(values: dict[str, object], given: Mapping[str, object]) -> dict[str, object]:
    for key, value in given.items():
        held = values.get(key)
        values[key] = _merged(dict(held), value) if isinstance(held, dict) and isinstance(value, dict) else value
    return values
