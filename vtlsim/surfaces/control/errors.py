"""The control plane's refusals: API Gateway's error types with its own messages.

What may live here: the exception, and messages that more than one operation says. Where a message was recorded on AWS,
a test says so; the others are known from the answers that users quote, or are ours and plain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from vtlsim.config.fields import JAVA_BOOLEAN, JAVA_NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vtlsim.config.problems import Problems

ACCOUNT: Final = "123456789012"
"""The account that everything belongs to."""

UNKNOWN_API: Final = "CTL004"
"""Register: what is said of an unknown API. Users quote it; for resources and below it is recorded."""

ALREADY_THERE: Final = "CTL005"
"""Register: what is said of a thing that is there already. Users quote what is said of a resource."""

BEYOND_LIMITS: Final = "CTL006"
"""Register: what is said beyond a quota. The quotas are documented, the words are not."""

STATUSES: Final = {
    "BadRequestException": 400,
    "ValidationException": 400,
    "SerializationException": 400,
    "NotFoundException": 404,
    "UnknownOperationException": 404,
    "ConflictException": 409,
    "LimitExceededException": 429,
    "InternalFailureException": 500,
    "NotImplementedException": 501,
}

_VALIDATION: Final = re.compile(r"\d+ validation errors? detected: ")


class ControlError(Exception):
    """An operation says no. ``code`` is the error's type as ``x-amzn-ErrorType`` names it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUSES[self.code]


def bad_request(message: str) -> ControlError:
    """400 BadRequestException."""
    return ControlError("BadRequestException", message)


def not_found(message: str) -> ControlError:
    """404 NotFoundException."""
    return ControlError("NotFoundException", message)


def conflict(message: str) -> ControlError:
    """409 ConflictException."""
    return ControlError("ConflictException", message)


def limit_exceeded(message: str) -> ControlError:
    """429 LimitExceededException."""
    return ControlError("LimitExceededException", message)


def serialization(message: str) -> ControlError:
    """400 SerializationException."""
    return ControlError("SerializationException", message)


def not_implemented(operation: str) -> ControlError:
    """501: an operation of the service that vtlsim does not serve."""
    return ControlError(
        "NotImplementedException", f"{operation} is an operation of API Gateway that vtlsim does not serve"
    )


def constraints(found: Sequence[str]) -> ControlError:
    """400 ValidationException of every constraint that a request does not satisfy, as AWS joins them: recorded."""
    plural = "" if len(found) == 1 else "s"
    return ControlError("ValidationException", f"{len(found)} validation error{plural} detected: {'; '.join(found)}")


def no_api(api_id: str) -> ControlError:
    """404 of operations on an API as a whole. (Those on a resource, a method or below speak of the resource: recorded.)"""
    return not_found(f"Invalid API identifier specified {ACCOUNT}:{api_id}")


def no_resource() -> ControlError:
    """404, also where the API itself is unknown: recorded."""
    return not_found("Invalid Resource identifier specified")


def no_method() -> ControlError:
    """404: recorded."""
    return not_found("Invalid Method identifier specified")


def no_integration() -> ControlError:
    """404: recorded."""
    return not_found("Invalid Integration identifier specified")


def no_response() -> ControlError:
    """404: recorded."""
    return not_found("Invalid Response status code specified")


def from_problems(problems: Problems) -> ControlError | None:
    """The refusal that a document's problems make: the first error that cannot stand; None without one."""
    for each in problems.all():
        if each.severity == "error":
            message = each.message
            if _VALIDATION.match(message):
                return ControlError("ValidationException", message)
            if message in {JAVA_BOOLEAN, JAVA_NUMBER}:
                return serialization(message)
            hint = (
                f"; did you mean {each.nearest!r}?"
                if each.nearest is not None and each.code.startswith("unknown-")
                else ""
            )
            return bad_request(message + hint)
    return None
