"""Who calls: the API keys that are known, and what an authorizer would have said.

What may live here: reading both from plain values. No authorizer is run and nothing is signed; what follows from the two
is the gateway's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from vtlsim.gateway.model import Authorization

if TYPE_CHECKING:
    from collections.abc import Iterable

_MEMBERS: Final = ("principalId", "context", "claims", "usageIdentifierKey", "policyDocument")


class CallerError(ValueError):
    """What was given is no authorizer's result, or no API key."""


def authorization(given: object) -> Authorization | None:
    """An authorizer's result: ``{"principalId": ..., "context": {...}}`` as a Lambda authorizer returns it, or
    ``{"claims": {...}}`` of a Cognito one. Raises CallerError.

    A policy is not evaluated: one that denies is refused here, since the request would not have come this far.
    """
    if given is None or isinstance(given, Authorization):
        return given
    if not isinstance(given, Mapping):
        raise CallerError("an authorizer's result is an object with principalId, context and claims")
    for name in given:
        if name not in _MEMBERS:
            from difflib import get_close_matches

            near = get_close_matches(str(name), _MEMBERS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(_MEMBERS)}"
            raise CallerError(f"unknown member {name!r}{hint}")
    if _denies(given.get("policyDocument")):
        raise CallerError("the policy denies: give the result of a caller who is let in")
    context = dict(_map(given, "context") or {})
    for name, value in context.items():
        if isinstance(value, (Mapping, list)):
            raise CallerError(f"context.{name}: a Lambda authorizer's context holds texts, numbers and booleans only")
    key = given.get("usageIdentifierKey")
    if key is not None:
        context["usageIdentifierKey"] = key
    principal = given.get("principalId")
    return Authorization(None if principal is None else str(principal), context, _map(given, "claims"))


def _map(given: Mapping[Any, Any], name: str) -> Mapping[str, object] | None:
    found = given.get(name)
    if found is None or isinstance(found, Mapping):
        return found
    raise CallerError(f"{name} is no object")


def _denies(policy: object) -> bool:
    statements = policy.get("Statement") if isinstance(policy, Mapping) else None
    found = statements if isinstance(statements, list) else [statements]
    return any(isinstance(each, Mapping) and each.get("Effect") == "Deny" for each in found)


def api_keys(given: Mapping[str, str] | Iterable[str] | str | None) -> dict[str, str]:
    """Keys that are known, value -> id. Of bare values each gets an id after its place: ``key1``, ``key2``."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {str(value): str(name) for value, name in given.items()}
    values = [given] if isinstance(given, str) else list(given)
    return {str(value): f"key{at}" for at, value in enumerate(values, 1)}
