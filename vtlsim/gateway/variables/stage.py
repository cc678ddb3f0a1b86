"""``$stageVariables``: the variables of the stage, or those that the caller gives instead.

What may live here: which they are, and the map that templates see. A missing one reads as nothing: recorded on AWS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.values.collections import QuietMap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import Api, Surroundings


def stage_variables(api: Api, around: Surroundings) -> Mapping[str, str]:
    """The stage variables in force: those given, else those of the Api's stage of that name."""
    if around.stage_variables is not None:
        return around.stage_variables
    stage = api.stages.get(around.stage)
    return {} if stage is None else stage.variables


def stage_map(variables: Mapping[str, str]) -> QuietMap:
    """``$stageVariables`` of one rendering; printed whole it is nothing (GW004)."""
    made = QuietMap()
    for name, value in variables.items():
        made[name] = value
    return made
