"""Which headers does the mapping write into the method response?

What may live here: an integration response's ``responseParameters``, entry by entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import MappedParameter, ParametersMapped
from vtlsim.gateway.refusals import DEFAULT_5XX, Refused
from vtlsim.gateway.sources import BodyUnreadableError

if TYPE_CHECKING:
    from vtlsim.gateway.model import IntegrationResponse
    from vtlsim.gateway.sources import Sources

INVALID_JSON: Final = "GW020"
"""Register: a body mapping over a backend's body that only looks like JSON is a 500 InternalFailureException."""

_NOTHING: Final = ParametersMapped("response", ())


def map_response_parameters(chosen: IntegrationResponse, sources: Sources) -> ParametersMapped:
    """What each entry wrote or why it wrote nothing. Raises Refused with 500 when the body cannot be read."""
    if not chosen.response_parameters:
        return _NOTHING
    mapped: list[MappedParameter] = []
    codes: list[str] = []
    for target, source in chosen.response_parameters:
        try:
            found = sources.find(source)
        except BodyUnreadableError as error:
            raise Refused(
                DEFAULT_5XX,
                because=ParametersMapped("response", tuple(mapped), str(error), (*codes, INVALID_JSON)),
                error_type="InternalFailureException",
            ) from error
        mapped.append(MappedParameter(target, source, found.values, found.absence, found.near))
        codes += [code for code in found.codes if code not in codes]
    return ParametersMapped("response", tuple(mapped), None, tuple(codes))
