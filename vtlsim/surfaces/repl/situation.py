"""What the templates of a session see: the request, its surroundings, and what ``:set`` changes of them.

What may live here: settings by name, and the variables made of them. Rendering is the session's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.cases.case import Case

if TYPE_CHECKING:
    from vtlsim.gateway.model import TemplateText
    from vtlsim.surfaces.rendering import Call

CHOICES: Final = {
    "phase": ("request", "response"),
    "engine": ("velocity", "airspeed"),
    "jsonpath": ("jayway", "jayway-2.0", "jsonpath-ng"),
}
GROUPS: Final = {
    "header": "headers",
    "headers": "headers",
    "query": "query",
    "path": "path_parameters",
    "stage_variables": "stage_variables",
    "stageVariables": "stage_variables",
    "context": "context",
}
"""What may stand before the dot of ``:set NAME.KEY=VALUE``, and the setting that it changes."""

PLAIN: Final = ("body", "stage", *CHOICES)
EMPTY: Final = Case("", "", 0)


class UnknownSettingError(ValueError):
    """There is no such setting, or it takes no such value. The text says what there is."""


class Situation:
    """A case that is still being made."""

    def __init__(self, case: Case = EMPTY) -> None:
        self.case = case

    def set(self, name: str, value: str) -> None:
        """Changes a setting. Raises UnknownSettingError."""
        group, dot, key = name.partition(".")
        if dot and group in GROUPS and key:
            self._set_member(GROUPS[group], key, value)
        elif name in CHOICES:
            if value not in CHOICES[name]:
                raise UnknownSettingError(f"{name} is {' or '.join(CHOICES[name])}")
            self._replace(name, value)
        elif name == "body":
            self.case = self.case._replace(body=value)
        elif name == "stage":
            self.case = self.case._replace(context={**self.case.context, "stage": value})
        else:
            from vtlsim.config.problems import nearest

            known = (*PLAIN, *(f"{each}.NAME" for each in ("header", "query", "path", "stage_variables", "context")))
            near = nearest(name, known)
            hint = f"did you mean {near}?" if near is not None else f"there are {', '.join(known)}"
            raise UnknownSettingError(f"there is no setting {name}; {hint}")

    def _replace(self, field: str, value: Any) -> None:
        changed: dict[str, Any] = {field: value}
        self.case = self.case._replace(**changed)

    def _set_member(self, field: str, key: str, value: str) -> None:
        if field in {"headers", "query"}:
            pairs = tuple(pair for pair in getattr(self.case, field) if pair[0] != key)
            self._replace(field, (*pairs, (key, value)))
        elif field == "context":
            context = _with(dict(self.case.context), key.split("."), value)
            self.case = self.case._replace(context=context)
        else:
            self._replace(field, {**(getattr(self.case, field) or {}), key: value})

    def call(self, template: TemplateText) -> Call:
        """The rendering of a template in this situation."""
        from vtlsim.surfaces.case_running import rendering_of

        return rendering_of(self.case, template)

    def variables(self) -> dict[str, Any]:
        """The variables that a template of this situation begins with, made anew."""
        from vtlsim.gateway.model import TemplateText
        from vtlsim.gateway.variables.context import context_map
        from vtlsim.gateway.variables.input import Input
        from vtlsim.gateway.variables.method import method_map, parameters
        from vtlsim.gateway.variables.stage import stage_map
        from vtlsim.gateway.variables.util import Util
        from vtlsim.jsonpath import engine

        ready = self.call(TemplateText("", "repl"))
        scene, around = ready.scene, ready.around
        made: dict[str, Any] = {
            "input": Input(ready.body, parameters(scene.request, scene.path_parameters), engine(around.jsonpath)),
            "util": Util(),
            "context": context_map(
                scene.request, scene.resource_path, scene.resource_id, around, scene.overrides, scene.api_key_id
            ),
            "stageVariables": stage_map(scene.stage_variables),
            "method": method_map(scene.request, scene.path_parameters),
        }
        made.update(around.variables)
        return made


def _with(context: dict[str, Any], keys: list[str], value: str) -> dict[str, Any]:
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    return {**context, keys[0]: _with(dict(inner) if isinstance(inner, dict) else {}, keys[1:], value)}
