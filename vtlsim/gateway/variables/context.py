"""``$context``: who calls, what is called, when, and the overrides that a template may write.

What may live here: the map, its values and their order. Keys come in java.util.HashMap's order and maps print as
nothing; both were recorded on AWS. What an override changes is a stage's business.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from vtlsim.gateway.model import EMPTY, Overrides
from vtlsim.values.collections import QuietMap
from vtlsim.values.objects import JavaException, JavaObject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import Authorization, MethodRequest, Surroundings

REQUEST_PLACES: Final = ("path", "header", "querystring")
"""The maps of an untouched ``$context.requestOverride``. Recorded on AWS."""

TEST_STAGE: Final = "test-invoke-stage"
"""The stage's name under TestInvokeMethod."""

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MAPS: Final = ("identity", "authorizer")
"""The maps of :func:`plain_context`."""

DEPTH: Final = 100
"""Maps and lists inside one another in what an override may hold."""
_LEAVES: Final = (str, int, float)


class OverrideWrittenTwiceError(JavaException):
    """A template set the same override a second time: documented as a 5XX (GW006)."""

    def __init__(self, place: str, name: str) -> None:
        super().__init__("java.lang.IllegalStateException", f"override of {place} {name} written twice")
        self.place = place
        self.name = name


class OverrideMap(QuietMap):
    """One of the maps that overrides are written to; each key may be written once in a rendering."""

    __slots__ = ("place", "written")

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place
        self.written: set[object] = set()

    def __setitem__(self, key: object, value: object) -> None:
        if key in self.written and self.place:
            raise OverrideWrittenTwiceError(self.place, str(key))
        self.written.add(key)
        super().__setitem__(key, value)


class StatusMap(OverrideMap):
    """``$context.responseOverride``: its ``status`` may be written once; its other keys are nobody's business."""

    __slots__ = ()

    def __setitem__(self, key: object, value: object) -> None:
        if key == "status":
            super().__setitem__(key, value)
        else:
            QuietMap.__setitem__(self, key, value)


def quiet(values: Mapping[str, object]) -> QuietMap:
    """A map of ``$context`` from plain values; nested mappings become such maps too.

    Its table is as if the keys were put one by one, not copied at once: recorded, twelve keys of ``identity`` lie in a
    table of 16.
    """
    made = QuietMap()
    dict.update(made, values)
    for key, value in values.items():
        if isinstance(value, dict):
            dict.__setitem__(made, key, quiet(value))
    return made


def context_map(
    request: MethodRequest,
    resource_path: str,
    resource_id: str,
    around: Surroundings,
    overrides: Overrides,
    api_key_id: str | None = None,
    endpoint_request_id: str | None = None,
) -> QuietMap:
    """``$context`` of one rendering. ``overrides`` is what an earlier rendering of the same exchange left."""
    values = plain_context(request, resource_path, resource_id, around, api_key_id)
    made = QuietMap()
    dict.update(made, values)
    for name in _MAPS:
        held = values.get(name)
        if isinstance(held, dict):
            dict.__setitem__(made, name, quiet(held))
    dict.__setitem__(made, "requestOverride", _request_override(overrides))
    dict.__setitem__(made, "responseOverride", _response_override(overrides))
    if endpoint_request_id is not None:
        dict.__setitem__(made, "awsEndpointRequestId", endpoint_request_id)
    if around.context:
        _overlay(made, around.context)
    return made


def plain_context(
    request: MethodRequest,
    resource_path: str,
    resource_id: str,
    around: Surroundings,
    api_key_id: str | None = None,
) -> dict[str, object]:
    """``$context`` without the overrides, as nested dicts of plain values: what parameter mappings read too."""
    domain = around.domain_name or f"{around.api_id}.execute-api.{around.region}.amazonaws.com"
    values: dict[str, object] = {
        "resourceId": resource_id,
        "resourcePath": resource_path,
        "httpMethod": request.method,
        "extendedRequestId": around.extended_request_id,
        "requestTime": request_time(around.time_ms),
        "path": f"/{around.stage}{request.path}",
        "accountId": around.account_id,
        "protocol": around.protocol,
        "stage": around.stage,
        "domainPrefix": domain.partition(".")[0],
        "requestTimeEpoch": around.time_ms,  # a number: AWS's own samples add to it
        "requestId": around.request_id,
        "identity": _identity(request, around, api_key_id),
        "domainName": domain,
        "deploymentId": around.deployment_id,
        "apiId": around.api_id,
    }
    if around.authorization is not None:
        values["authorizer"] = _authorizer(around.authorization)
    if around.canary is not None:
        values["isCanaryRequest"] = around.canary
    if around.waf_response_code is not None:
        values["wafResponseCode"] = around.waf_response_code
    if around.web_acl_arn is not None:
        values["webaclArn"] = around.web_acl_arn
    return values


def overrides_of(context: object) -> Overrides:
    """What a rendering left in ``$context``, as plain values of their own."""
    if not isinstance(context, dict):
        return Overrides()
    return Overrides(_left(context.get("requestOverride")), _left(context.get("responseOverride")))


def _left(override: object) -> Mapping[str, object]:
    """One of the two, whose own keys need no order; its maps come in theirs."""
    if not isinstance(override, dict):
        return EMPTY
    return {
        key if type(key) is str else _name(key): {} if type(value) is OverrideMap and not value else plain(value)
        for key, value in dict.items(override)
    }


def plain(value: object, depth: int = 0) -> object:
    """A copy of a template's value that no template can reach: maps as dicts, lists as lists."""
    if isinstance(value, _LEAVES) or value is None:
        return value
    if depth > DEPTH:
        return None
    if isinstance(value, dict):
        return {_name(key): plain(each, depth + 1) for key, each in value.items()} if value else {}
    if isinstance(value, list):
        return [plain(each, depth + 1) for each in value]
    if isinstance(value, JavaObject):
        return value.java_text()
    from vtlsim.values.text import text

    return text(value)


def _name(key: object) -> str:
    """A key of a template's map as the name that it is to HTTP."""
    if type(key) is str:
        return key
    from vtlsim.values.collections import key_value
    from vtlsim.values.text import text

    value = key_value(key)
    return "null" if value is None else text(value)


def texts_of(value: object) -> tuple[str, ...]:
    """The values that an override or a context value stands for: each item of a list, or the one text."""
    from vtlsim.values.text import text

    if isinstance(value, list):
        return tuple("" if each is None else text(each) for each in value)
    return ("",) if value is None else (text(value),)


def request_time(time_ms: int) -> str:
    """The time of the common log format, in UTC: ``02/Jan/2026:03:04:05 +0000``."""
    return _request_time(time_ms // 1000)


@lru_cache(maxsize=4)
def _request_time(seconds: int) -> str:
    year, month, day, hour, minute, second = calendar(seconds * 1000)
    return f"{day:02}/{_MONTHS[month - 1]}/{year:04}:{hour:02}:{minute:02}:{second:02} +0000"


def calendar(time_ms: int) -> tuple[int, int, int, int, int, int]:
    """Year, month, day, hour, minute and second in UTC of milliseconds since 1970."""
    day, seconds = divmod(time_ms // 1000, 86_400)
    # days since 1970 by the calendar that starts in March, in eras of 400 years
    era, of_era = divmod(day + 719_468, 146_097)
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    march = (5 * of_year + 2) // 153
    month = march + 3 if march < 10 else march - 9
    return (
        year_of_era + era * 400 + (month <= 2),
        month,
        of_year - (153 * march + 2) // 5 + 1,
        seconds // 3_600,
        seconds // 60 % 60,
        seconds % 60,
    )


def _identity(request: MethodRequest, around: Surroundings, api_key_id: str | None) -> dict[str, object]:
    identity = around.identity
    user_agent = identity.user_agent
    if user_agent is None:
        user_agent = request.headers.first("user-agent")
    values: dict[str, object] = {
        "cognitoIdentityPoolId": identity.cognito_identity_pool_id,
        "accountId": identity.account_id,
        "cognitoIdentityId": identity.cognito_identity_id,
        "caller": identity.caller,
        "sourceIp": identity.source_ip,
        "principalOrgId": identity.principal_org_id,
        "accessKey": identity.access_key,
        "cognitoAuthenticationType": identity.cognito_authentication_type,
        "cognitoAuthenticationProvider": identity.cognito_authentication_provider,
        "userArn": identity.user_arn,
        "userAgent": user_agent,
        "user": identity.user,
    }
    key_id = identity.api_key_id or api_key_id
    key = identity.api_key
    if key is None and api_key_id is not None:
        key = request.headers.first("x-api-key")
    if key is not None:
        values["apiKey"] = key
    if key_id is not None:
        values["apiKeyId"] = key_id
    if identity.vpc_id is not None:
        values["vpcId"] = identity.vpc_id
    if identity.vpce_id is not None:
        values["vpceId"] = identity.vpce_id
    if identity.client_cert is not None:
        values["clientCert"] = dict(identity.client_cert)
    return values


def _authorizer(authorization: Authorization) -> dict[str, object]:
    values: dict[str, object] = {}
    for key, value in authorization.context.items():
        # a Lambda authorizer's values arrive as text: 1 as "1", true as "true"
        values[key] = _stringified(value)
    if authorization.principal_id is not None:
        values["principalId"] = authorization.principal_id
    if authorization.claims is not None:
        values["claims"] = {key: _stringified(value) for key, value in authorization.claims.items()}
    return values


def _stringified(value: object) -> object:
    if value is None or isinstance(value, str):
        return value
    from vtlsim.values.text import text

    return text(value)


def _request_override(overrides: Overrides) -> QuietMap:
    made = QuietMap()
    for place in REQUEST_PLACES:
        dict.__setitem__(made, place, OverrideMap(place))
    if overrides.request:
        _restore(made, overrides.request)
    return made


def _response_override(overrides: Overrides) -> QuietMap:
    made = StatusMap("status")
    dict.__setitem__(made, "header", OverrideMap("header"))
    if overrides.response:
        _restore(made, overrides.response)
    return made


def _restore(into: QuietMap, left: Mapping[str, object]) -> None:
    for key, value in left.items():
        held = into.get(key)
        if isinstance(value, dict) and isinstance(held, OverrideMap):
            for name, each in value.items():
                dict.__setitem__(held, name, _lent(each))
        else:
            QuietMap.__setitem__(into, key, _lent(value))


def _lent(value: object) -> object:
    if isinstance(value, dict):
        return {key: _lent(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_lent(each) for each in value]
    return value


def _overlay(made: QuietMap, given: Mapping[str, object]) -> None:
    for key, value in given.items():
        held = made.get(key)
        if isinstance(value, dict) and isinstance(held, dict):
            for name, each in value.items():
                dict.__setitem__(held, name, quiet(each) if isinstance(each, dict) else each)
        else:
            QuietMap.__setitem__(made, key, quiet(value) if isinstance(value, dict) else value)
