"""What do the template's overrides change?

What may live here: ``$context.requestOverride`` and ``$context.responseOverride`` over what the parameter mapping
wrote. An override beats a mapped parameter of the same name, exactly spelled; a header that differs in case only is
added beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vtlsim.gateway.findings import OverridesApplied, OverrideWritten, ParameterSet
from vtlsim.gateway.variables.context import texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from vtlsim.gateway.findings import ParametersMapped

OVERRIDE_WINS: Final = "GW025"
"""Register: an override beats the mapped parameter of exactly that name; a list is several values."""

STATUS_RANGE: Final = "GW026"
"""Register: an overriding status counts when it is a whole number from 100 to 599."""

_NOTHING_TO_SEND: Final = OverridesApplied("request", (), ParameterSet())
_NOTHING_TO_ANSWER: Final = OverridesApplied("response", (), ParameterSet())


def apply_request_overrides(mapped: ParametersMapped, overrides: Mapping[str, object]) -> OverridesApplied:
    """The integration's parameters with the request template's overrides."""
    entries = mapped.mapped
    if not entries and not overrides:
        return _NOTHING_TO_SEND
    places: dict[str, dict[str, tuple[str, ...]]] = {"header": {}, "querystring": {}, "path": {}}
    for target, _, values, _, _ in entries:
        if values is not None:
            places[getattr(target, "place", "header")][target.name] = values
    written: list[OverrideWritten] = []
    if overrides:
        for place in ("header", "querystring", "path"):
            _write(place, overrides.get(place), places[place], written)
    return OverridesApplied(
        "request",
        tuple(written),
        ParameterSet(
            tuple(places["header"].items()), tuple(places["querystring"].items()), tuple(places["path"].items())
        ),
        codes=_codes(written),
    )


def apply_response_overrides(mapped: ParametersMapped, overrides: Mapping[str, object]) -> OverridesApplied:
    """The response's headers and status with the templates' overrides."""
    if not mapped.mapped and not overrides:
        return _NOTHING_TO_ANSWER
    headers: dict[str, tuple[str, ...]] = {
        entry.target.name: entry.values for entry in mapped.mapped if entry.values is not None
    }
    written: list[OverrideWritten] = []
    _write("header", overrides.get("header"), headers, written)
    codes = _codes(written)
    status: int | None = None
    value = overrides.get("status")
    if value is not None:
        status = _status(value)
        written.append(OverrideWritten("status", "status", texts_of(value), used=status is not None))
        if status is None or not isinstance(value, int):
            codes += (STATUS_RANGE,)
    return OverridesApplied("response", tuple(written), ParameterSet(tuple(headers.items())), status, codes)


def _codes(written: list[OverrideWritten]) -> tuple[str, ...]:
    return (OVERRIDE_WINS,) if written and any(each.replaced is not None for each in written) else ()


def _write(
    place: Literal["header", "querystring", "path"],
    given: object,
    into: dict[str, tuple[str, ...]],
    written: list[OverrideWritten],
) -> None:
    if not isinstance(given, dict):
        return
    for name, value in given.items():
        values = texts_of(value)
        written.append(OverrideWritten(place, str(name), values, into.get(str(name)), used=value is not None))
        if value is not None:
            into[str(name)] = values


def _status(value: object) -> int | None:
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) == 3 else None
    if not isinstance(value, int) or isinstance(value, bool) or not 100 <= value <= 599:
        return None
    return int(value)
