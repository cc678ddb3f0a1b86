"""Which parameters does the mapping write into the integration request?

What may live here: ``requestParameters``, entry by entry. A source that holds nothing leaves its target out: recorded
on AWS. Names match exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import MappedParameter, ParametersMapped
from vtlsim.gateway.refusals import DEFAULT_4XX, Refused
from vtlsim.gateway.sources import BodyUnreadableError

if TYPE_CHECKING:
    from vtlsim.gateway.model import Integration
    from vtlsim.gateway.sources import Sources

INVALID_JSON: Final = "GW019"
"""Register: a body mapping over a body that only looks like JSON is a 400 ``Invalid JSON in request body``."""

_NOTHING: Final = ParametersMapped("request", ())


def map_parameters(integration: Integration, sources: Sources) -> ParametersMapped:
    """What each entry wrote or why it wrote nothing. Raises Refused with 400 when the body cannot be read."""
    if not integration.request_parameters:
        return _NOTHING
    mapped: list[MappedParameter] = []
    codes: list[str] = []
    for target, source in integration.request_parameters:
        try:
            found = sources.find(source)
        except BodyUnreadableError as error:
            raise Refused(
                DEFAULT_4XX,
                because=ParametersMapped("request", tuple(mapped), str(error), (*codes, INVALID_JSON)),
                message="Invalid JSON in request body",
                status=400,
            ) from error
        mapped.append(MappedParameter(target, source, found.values, found.absence, found.near))
        codes += [code for code in found.codes if code not in codes]
    return ParametersMapped("request", tuple(mapped), None, tuple(codes))
