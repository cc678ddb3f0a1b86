"""May this client call the method?

What may live here: API keys, and whose word is taken for an authorizer. Authorizers are not run: their result comes
with the surroundings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.gateway.findings import ApiKeyChecked, AuthorizationSupplied
from vtlsim.gateway.refusals import INVALID_API_KEY, Refused

if TYPE_CHECKING:
    from vtlsim.gateway.model import Api, Method, MethodRequest, Surroundings


def check_api_key(request: MethodRequest, method: Method, api: Api, around: Surroundings) -> ApiKeyChecked | None:
    """Whether the API key that the method requires was sent; None when it requires none. Raises Refused with 403."""
    if not method.api_key_required:
        return None
    sent: object = None
    if api.api_key_source == "HEADER":
        sent = request.headers.first("x-api-key")
    elif around.authorization is not None:
        sent = around.authorization.context.get("usageIdentifierKey")
    key_id = api.api_keys.get(sent) if isinstance(sent, str) else None
    if key_id is None and around.identity.api_key is not None and sent in (None, around.identity.api_key):
        # the caller says outright who calls, as TestInvokeMethod does
        key_id = around.identity.api_key_id or "test-invoke-api-key-id"
    finding = ApiKeyChecked(api.api_key_source, sent is not None, key_id, len(api.api_keys))
    if key_id is None:
        raise Refused(INVALID_API_KEY, because=finding)
    return finding


def take_authorization(method: Method, around: Surroundings) -> AuthorizationSupplied | None:
    """What is taken for the authorizer's result; None when the method has no authorizer."""
    if method.authorization_type == "NONE":
        return None
    given = around.authorization
    return AuthorizationSupplied(
        method.authorization_type,
        method.authorizer,
        given is not None,
        None if given is None else given.principal_id,
    )
