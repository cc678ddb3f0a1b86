from __future__ import annotations

from typing import Any

import pytest

from vtlsim.gateway import locations as at
from vtlsim.gateway.findings import MappedParameter, ParametersMapped
from vtlsim.gateway.stages.apply_overrides import apply_request_overrides, apply_response_overrides


def mapped(*entries: tuple[Any, tuple[str, ...] | None]) -> ParametersMapped:
    return ParametersMapped(
        "request", tuple(MappedParameter(target, at.Static("x"), values) for target, values in entries)
    )


def test_an_override_beats_a_mapped_parameter_of_exactly_that_name() -> None:
    found = apply_request_overrides(
        mapped(
            (at.RequestTarget("header", "X"), ("mapped",)),
            (at.RequestTarget("querystring", "q"), ("1", "2")),
            (at.RequestTarget("path", "p"), ("mapped",)),
            (at.RequestTarget("header", "gone"), None),
        ),
        {"header": {"X": "own", "x": "beside", "many": ["a", 2]}, "querystring": {"q": "own"}, "path": {}},
    )
    assert found.parameters.header == (("X", ("own",)), ("x", ("beside",)), ("many", ("a", "2")))
    assert found.parameters.querystring == (("q", ("own",)),)
    assert found.parameters.path == (("p", ("mapped",)),)
    assert [(each.place, each.name, each.replaced) for each in found.written] == [
        ("header", "X", ("mapped",)),
        ("header", "x", None),
        ("header", "many", None),
        ("querystring", "q", ("1", "2")),
    ]


@pytest.mark.parametrize("overrides", [{}, {"header": "replaced"}, {"header": None}])
def test_no_overrides(overrides: Any) -> None:
    found = apply_request_overrides(mapped((at.RequestTarget("header", "X"), ("1",))), overrides)
    assert (found.written, found.parameters.header) == ((), (("X", ("1",)),))


def test_null_changes_nothing() -> None:
    found = apply_request_overrides(mapped(), {"header": {"X": None}})
    assert (found.parameters.header, found.written[0].used) == ((), False)


@pytest.mark.parametrize(
    "value, status",
    [
        (404, 404),
        (100, 100),
        (599, 599),
        (99, None),
        (600, None),
        ("404", 404),
        ("4o4", None),
        (True, None),
        (4.5, None),
        ("", None),
    ],
)
def test_status(value: object, status: int | None) -> None:
    found = apply_response_overrides(mapped(), {"status": value, "header": {"X": "1"}})
    assert (found.status, found.parameters.header) == (status, (("X", ("1",)),))
    assert found.written[-1].used is (status is not None)
