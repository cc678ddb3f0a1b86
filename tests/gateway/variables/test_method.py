from __future__ import annotations

from typing import Any

from vtlsim.gateway.headers import Headers
from vtlsim.gateway.model import Api, MethodRequest, Stage, Surroundings
from vtlsim.gateway.variables.method import method_map, parameters, visible_headers
from vtlsim.gateway.variables.stage import stage_map, stage_variables
from vtlsim.values.text import text

REQUEST = MethodRequest(
    query=(("leaf", "green"), ("leaf", "black")),
    headers=Headers.of({"X-Tea": ["1", "2"], "Connection": "close", "Accept": "*/*"}),
)


def test_single_values_are_the_last_and_places_come_in_order() -> None:
    found = parameters(REQUEST, {"id": "7"})
    assert list(found) == ["path", "querystring", "header"]
    assert found == {"path": {"id": "7"}, "querystring": {"leaf": "black"}, "header": {"X-Tea": "2", "Accept": "*/*"}}


def test_many_values_are_lists() -> None:
    found: Any = method_map(REQUEST, {})["request"]
    assert found["multivaluequerystring"] == {"leaf": ["green", "black"]}
    assert found["multivalueheader"] == {"X-Tea": ["1", "2"], "Accept": ["*/*"]}
    assert found["header"] == {"X-Tea": "2", "Accept": "*/*"}


def test_nothing_is_taken_off_when_there_is_nothing_to_take_off() -> None:
    headers = Headers.of({"Accept": "*/*"})
    assert visible_headers(headers) is headers


def test_stage_variables_are_the_callers_or_the_stages() -> None:
    api = Api(stages={"prod": Stage("prod", {"leaf": "green"})})
    assert stage_variables(api, Surroundings(stage="prod")) == {"leaf": "green"}
    assert stage_variables(api, Surroundings(stage="other")) == {}
    assert stage_variables(api, Surroundings(stage="prod", stage_variables={"leaf": "black"})) == {"leaf": "black"}
    made = stage_map({"leaf": "green"})
    assert (made["leaf"], text(made)) == ("green", "")
