"""Every way in which API Gateway says no.

What may live here: the table of gateway response types with what AWS answers by default, and the exception with which
a stage turns a request back. A bug is not a refusal.

Statuses were recorded from AWS (GetGatewayResponses); error types and messages are from recorded answers where the
table says so, else from transcripts and an emulator's reading (GW001).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from vtlsim.values.records import NamedTuple

if TYPE_CHECKING:
    from vtlsim.gateway.findings import Finding

RefusalType: TypeAlias = Literal[
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
]


class Refusal(NamedTuple):
    """A row of the table.

    ``family`` is the type that a definition may set for the whole family. ``status`` is None for the families
    themselves. ``spaced`` says whether the built-in body has a blank after the colon: ``{"message": "…"}``; ``key`` is
    its member's name.
    """

    type: RefusalType
    status: int | None
    error_type: str
    message: str | None
    spaced: bool
    family: Literal["DEFAULT_4XX", "DEFAULT_5XX"]
    key: str = "message"


def _row(
    type: RefusalType,  # noqa: A002 - AWS's name
    status: int | None,
    error_type: str,
    message: str | None,
    *,
    spaced: bool,
    key: str = "message",
) -> Refusal:
    is_server = type == "DEFAULT_5XX" or (status is not None and status >= 500)
    return Refusal(type, status, error_type, message, spaced, "DEFAULT_5XX" if is_server else "DEFAULT_4XX", key)


# Before the method request is validated: no blank after the colon (GW001).
ACCESS_DENIED: Final = _row("ACCESS_DENIED", 403, "AccessDeniedException", "Access Denied", spaced=False, key="Message")
EXPIRED_TOKEN: Final = _row(
    "EXPIRED_TOKEN", 403, "ExpiredTokenException", "The security token included in the request is expired", spaced=False
)
INVALID_API_KEY: Final = _row("INVALID_API_KEY", 403, "ForbiddenException", "Forbidden", spaced=False)
INVALID_SIGNATURE: Final = _row(
    "INVALID_SIGNATURE",
    403,
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided.",
    spaced=False,
)
MISSING_AUTHENTICATION_TOKEN: Final = _row(
    "MISSING_AUTHENTICATION_TOKEN",
    403,
    "MissingAuthenticationTokenException",
    "Missing Authentication Token",  # recorded
    spaced=False,
)
WAF_FILTERED: Final = _row("WAF_FILTERED", 403, "ForbiddenException", "Forbidden", spaced=False)
UNAUTHORIZED: Final = _row("UNAUTHORIZED", 401, "UnauthorizedException", "Unauthorized", spaced=False)
RESOURCE_NOT_FOUND: Final = _row("RESOURCE_NOT_FOUND", 404, "NotFoundException", "Not Found", spaced=False)
REQUEST_TOO_LARGE: Final = _row(
    "REQUEST_TOO_LARGE", 413, "RequestEntityTooLargeException", "Request Too Long", spaced=False
)
QUOTA_EXCEEDED: Final = _row("QUOTA_EXCEEDED", 429, "LimitExceededException", "Limit Exceeded", spaced=False)
THROTTLED: Final = _row("THROTTLED", 429, "TooManyRequestsException", "Too Many Requests", spaced=False)
AUTHORIZER_CONFIGURATION_ERROR: Final = _row(
    "AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException", None, spaced=False
)
AUTHORIZER_FAILURE: Final = _row("AUTHORIZER_FAILURE", 500, "AuthorizerFailureException", None, spaced=False)

# From method-request validation on: a blank after the colon.
BAD_REQUEST_PARAMETERS: Final = _row(
    "BAD_REQUEST_PARAMETERS", 400, "BadRequestException", "Missing required request parameters: []", spaced=True
)
BAD_REQUEST_BODY: Final = _row("BAD_REQUEST_BODY", 400, "BadRequestException", "Invalid request body", spaced=True)
UNSUPPORTED_MEDIA_TYPE: Final = _row(
    "UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException", "Unsupported Media Type", spaced=True
)
API_CONFIGURATION_ERROR: Final = _row(
    "API_CONFIGURATION_ERROR",
    500,
    "InternalServerErrorException",  # recorded, with the body's 36 bytes
    "Internal server error",
    spaced=True,
)
INTEGRATION_FAILURE: Final = _row(
    "INTEGRATION_FAILURE",
    504,
    "InternalServerErrorException",
    "Network error communicating with endpoint",
    spaced=True,
)
INTEGRATION_TIMEOUT: Final = _row(
    "INTEGRATION_TIMEOUT", 504, "InternalServerErrorException", "Endpoint request timed out", spaced=True
)
DEFAULT_4XX: Final = _row("DEFAULT_4XX", None, "BadRequestException", None, spaced=True)
DEFAULT_5XX: Final = _row("DEFAULT_5XX", None, "InternalServerErrorException", "Internal server error", spaced=True)

REFUSALS: Final[dict[str, Refusal]] = {
    row.type: row
    for row in (
        ACCESS_DENIED,
        API_CONFIGURATION_ERROR,
        AUTHORIZER_CONFIGURATION_ERROR,
        AUTHORIZER_FAILURE,
        BAD_REQUEST_BODY,
        BAD_REQUEST_PARAMETERS,
        DEFAULT_4XX,
        DEFAULT_5XX,
        EXPIRED_TOKEN,
        INTEGRATION_FAILURE,
        INTEGRATION_TIMEOUT,
        INVALID_API_KEY,
        INVALID_SIGNATURE,
        MISSING_AUTHENTICATION_TOKEN,
        QUOTA_EXCEEDED,
        REQUEST_TOO_LARGE,
        RESOURCE_NOT_FOUND,
        THROTTLED,
        UNAUTHORIZED,
        UNSUPPORTED_MEDIA_TYPE,
        WAF_FILTERED,
    )
}
"""Every gateway response type by name."""


class Refused(Exception):  # noqa: N818 - a refusal is an outcome, not an error
    """A stage turns the request back.

    ``because`` is the finding that made it. ``message``, ``status`` and ``error_type`` stand in for the row's own.
    ``log_message`` is AWS's line for the execution log, without its time stamp; None when AWS logs none.
    ``validation_error`` is ``$context.error.validationErrorString``.
    """

    def __init__(
        self,
        refusal: Refusal,
        because: Finding,
        *,
        message: str | None = None,
        status: int | None = None,
        error_type: str | None = None,
        log_message: str | None = None,
        validation_error: str | None = None,
    ) -> None:
        super().__init__(refusal.type)
        self.refusal = refusal
        self.because = because
        self.message = refusal.message if message is None else message
        self.status = status or refusal.status or (500 if refusal.family == "DEFAULT_5XX" else 400)
        self.error_type = error_type or refusal.error_type
        self.log_message = log_message
        self.validation_error = validation_error
