"""What AWS would do silently and a person would want to know: the warnings of a rendering.

What may live here: words for notices, for members that do not exist, and for texts that could not be read. A warning
changes nothing about the outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vtlsim.explain.excerpt import excerpt, printable
from vtlsim.explain.phrases import shortened
from vtlsim.explain.places import located
from vtlsim.velocity.source import Source

if TYPE_CHECKING:
    from vtlsim.gateway.findings import BodyRendered, UnknownMember
    from vtlsim.gateway.model import TemplateText
    from vtlsim.velocity.source import Position, Span
    from vtlsim.velocity.watch import Notice


class Caution(NamedTuple):
    """One warning. ``line`` and ``column`` count from 1 in ``file``, which is the document where the template stands in
    one; both are 0 where the place is not known. ``span`` and ``position`` are places in the template's own text.

    ``str()`` is ``file:line:column: warning: message``; :func:`block` adds the line and carets, which are ``shown``.
    """

    message: str
    file: str
    line: int
    column: int
    code: str = ""
    help: str = ""
    span: Span | None = None
    position: Position | None = None
    shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{printable(place)}: warning: {self.message}"


def cautions(found: BodyRendered) -> tuple[Caution, ...]:
    """Every warning of a rendering, in the order of the template; those without a place come last."""
    template = found.template
    made = [_notice(notice, template) for notice in found.notices]
    made += [_unknown(member, template) for member in found.unknown]
    made += [
        _at(template, None, f"$util.parseJson could not read its text and gave an empty string: {shortened(fault)}")
        for fault in found.unreadable
    ]
    return tuple(sorted(made, key=lambda each: (each.span is None, each.span or (0, 0))))


def block(caution: Caution) -> str:
    """A warning with its line, carets and help."""
    lines = [str(caution), *caution.shown]
    if caution.help:
        lines.append(f"  help: {caution.help}")
    if caution.code:
        lines.append(f"  note: vtlsim explain {caution.code}")
    return "\n".join(lines)


def _at(template: TemplateText, span: Span | None, message: str, *, code: str = "", hint: str = "") -> Caution:
    if span is None:
        return Caution(message, template.name, 0, 0, code, hint)
    source, there = located(template, span)
    line, column = source.position(there.start)
    position = Source(template.text).position(span.start)
    return Caution(message, source.name, line, column, code, hint, span, position, excerpt(source, there))


def _notice(notice: Notice, template: TemplateText) -> Caution:
    from vtlsim.velocity.dialect import FOREACH_STOPS

    if notice.code == FOREACH_STOPS:
        count, bound = notice.facts
        message = f"a loop over {count:,} items stopped silently after {bound:,}, as on AWS"
        return _at(template, notice.span, message, code=notice.code)
    facts = ", ".join(str(fact) for fact in notice.facts)
    return _at(template, notice.span, facts or notice.code, code=notice.code)


def _unknown(member: UnknownMember, template: TemplateText) -> Caution:
    name = f"${member.root}.{member.name}" if member.root else f"${member.name}"
    if member.appsync:
        message = f"{name} is AppSync's: API Gateway has none, and it reads as nothing"
    else:
        message = f"there is no {name}: it reads as nothing"
    hint = ""
    if member.nearest is not None:
        near = f"${member.root}.{member.nearest}" if member.root else f"${member.nearest}"
        hint = f"did you mean {near}?"
    return _at(template, member.span, message, hint=hint)
