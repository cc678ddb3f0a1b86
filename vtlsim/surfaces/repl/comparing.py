"""``:diff``: the open template's output against the case's expectation, or against stock airspeed's.

What may live here: the two comparisons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.gateway.findings import RenderFailed

if TYPE_CHECKING:
    from vtlsim.surfaces.repl.session import Session


def has_expectation(session: Session) -> bool:
    """Whether the case that was loaded expects something of an output."""
    expect = session.situation.case.expect
    return not expect.body.is_empty or expect.error is not None or expect.overrides is not None


def against_case(session: Session) -> tuple[str, bool]:
    """What differs from the case's expectation, and whether nothing does."""
    from vtlsim.cases.verdict import Outcome, judge
    from vtlsim.explain.record import plain
    from vtlsim.explain.wrote import block, writer
    from vtlsim.surfaces.repl.session import render

    found = render(session)
    case = session.situation.case
    if isinstance(found, RenderFailed):
        faults = judge(case, Outcome(None, found))
    else:
        overrides = {
            "requestOverride": plain(found.overrides.request),
            "responseOverride": plain(found.overrides.response),
        }
        faults = judge(case, Outcome(found.text, None, overrides))
    if not faults:
        return f"as the case {case.name!r} expects", True
    lines = []
    for fault in faults:
        lines.append(fault.said)
        place = None
        if fault.part is not None and not isinstance(found, RenderFailed):
            place = writer(found, fault.part)
        if place is not None:
            lines.append(block(place))
    return "\n".join(lines), False


def against_airspeed(session: Session) -> tuple[str, bool]:
    """How stock airspeed's output differs, and whether it does not."""
    from vtlsim.explain.console import failure
    from vtlsim.explain.difference import of_texts
    from vtlsim.surfaces.repl.session import render
    from vtlsim.surfaces.repl.situation import Situation

    own = render(session)
    template = session.current()
    other = Situation(session.situation.case._replace(engine="airspeed")).call(template).run()
    if isinstance(own, RenderFailed) or isinstance(other, RenderFailed):
        lines = []
        for name, found in (("vtlsim", own), ("airspeed", other)):
            said = failure(found) if isinstance(found, RenderFailed) else "renders"
            lines.append(f"{name}: {said}")
        return "\n".join(lines), isinstance(own, RenderFailed) and isinstance(other, RenderFailed)
    difference = of_texts(own.text, other.text, "vtlsim", "airspeed")
    return (difference, False) if difference else ("stock airspeed gives the same", True)
