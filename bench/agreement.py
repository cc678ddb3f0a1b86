"""How far each engine agrees with what API Gateway was recorded to render: no measure of time.

Measured: our own engine and stock airspeed, each as `--engine` offers it. Against whom: the facts of
`fixtures/velocity/engine_renders.json` and, where they lie beside the project, the recorded cases themselves.
`--verbose` names the cases that differ.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from vtlsim.values.json_reader import read
from vtlsim.velocity import Template, VelocityError
from vtlsim.velocity.airspeed_engine import AirspeedTemplate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "fixtures" / "velocity" / "engine_renders.json"
RECORDED = ROOT.parent / "shared" / "cases" / "aws_cases.json"
EVIDENCE = "airspeed-fork-aws-snapshot"


class Case(NamedTuple):
    """A template over variables, and whether an output is the recorded one."""

    id: str
    template: str
    variables: str
    accepts: Callable[[str], bool]


ENGINES: Mapping[str, Callable[[str, Any], str]] = {
    "velocity": lambda template, variables: Template(template).render(variables),
    "airspeed": lambda template, variables: AirspeedTemplate(template).render(variables),
}


def case(name: str, template: str, variables: object, expect: Mapping[str, Any]) -> Case:
    return Case(name, template, json.dumps(variables), lambda text: accepts(text, expect))


def accepts(text: str, expect: Mapping[str, Any]) -> bool:
    if "output_json" in expect:
        try:
            return bool(json.loads(text) == expect["output_json"])
        except ValueError:
            return False
    if expect.get("compare") == "collapse-whitespace":
        return bool(text.split() == expect["output"].split())
    return bool(text == expect["output"])


def cases() -> dict[str, list[Case]]:
    facts = json.loads(FIXTURE.read_text(encoding="utf-8"))
    found = {"our fixture": [case(fact["id"], fact["template"], fact["variables"], fact) for fact in facts]}
    if RECORDED.exists():
        recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
        found["recorded"] = [
            case(each["id"], each["given"]["template"], each["given"]["variables"], each["expect"])
            for each in recorded
            if each["kind"] == "render" and each["evidence"] == EVIDENCE
        ]
    return found


def difference(engine: Callable[[str, Any], str], each: Case) -> str | None:
    """What an engine gives instead of what was recorded; None where it agrees."""
    try:
        text = engine(each.template, read(each.variables))  # read anew: templates change what they are given
    except VelocityError as error:
        return f"{type(error).__name__}: {error}"
    return None if each.accepts(text) else repr(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--verbose", action="store_true", help="name the cases that differ, with what came instead")
    verbose = parser.parse_args().verbose
    print(f"{'cases':<14}{'engine':<12}{'right':>6}{'of':>6}")
    for title, group in cases().items():
        for name, engine in ENGINES.items():
            differing = [(each.id, shown) for each in group if (shown := difference(engine, each)) is not None]
            print(f"{title:<14}{name:<12}{len(group) - len(differing):>6}{len(group):>6}")
            if verbose:
                for identity, shown in differing:
                    print(f"    {identity}: {shown}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
