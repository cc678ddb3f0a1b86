"""What the page is told: one exchange as a document of plain values.

What may live here: the shape of that document. Its words come from explain; what it says is found out again from what
the journal kept (:mod:`vtlsim.surfaces.server.exchanges`).
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from vtlsim.explain.cautions import cautions
from vtlsim.explain.console import failure
from vtlsim.explain.execution_log import execution_log
from vtlsim.explain.record import VALUE_LENGTH, plain, record
from vtlsim.explain.register import find
from vtlsim.gateway.findings import BodyRendered, RenderFailed
from vtlsim.gateway.model import BackendFailure
from vtlsim.surfaces.server.copies import case, curl
from vtlsim.surfaces.server.provenance import links
from vtlsim.velocity.errors import VelocityError
from vtlsim.velocity.template import Template

if TYPE_CHECKING:
    from vtlsim.gateway.headers import Headers
    from vtlsim.surfaces.server.exchanges import Answer, Exchange, Story
    from vtlsim.surfaces.server.provenance import Link
    from vtlsim.velocity.watch import Sighting

BODY_BYTES: Final = 512 * 1024
"""Bytes of a body that the page is given; of a larger one it gets the beginning and the size."""

VALUES: Final = 50
"""Values of one place of a template that the page is given; the rest is counted."""

PLACES: Final = 5_000


def turned_away(exchange: Exchange) -> dict[str, object]:
    """An exchange that had no journey."""
    return {
        "summary": exchange.summary,
        "request": _request(exchange),
        "note": exchange.note,
        "trace": [],
        "renderings": [],
        "copies": {},
    }


def unreadable(exchange: Exchange) -> dict[str, object]:
    """An exchange whose definition cannot be read any more."""
    gone = "its definition is not in the journal any more, so its story cannot be told again"
    return turned_away(exchange) | {"note": gone, "backend": _backend(exchange.answer)}


def document(
    exchange: Exchange, story: Story, address: str, definition: str, api: str | None = None
) -> dict[str, object]:
    """An exchange with its whole story."""
    findings = [
        found._replace(sightings=()) if isinstance(found, (BodyRendered, RenderFailed)) else found
        for found in story.findings
    ]
    told: Any = record(findings)["findings"]
    codes = {code for each in told for code in each["codes"]}
    response = story.response
    sent = story.sent
    return {
        "summary": exchange.summary,
        "resource": {
            "path": sent.carried.resource_path if sent is not None else None,
            "type": sent.type if sent is not None else None,
        },
        "request": _request(exchange),
        "integrationRequest": None
        if sent is None or sent.type == "MOCK"
        else {
            "method": sent.method,
            "uri": sent.uri,
            "headers": fields(sent.headers),
            "body": body(sent.payload),
            "timeout": sent.timeout_ms,
        },
        "backend": None if sent is None or sent.type == "MOCK" else _backend(story.answer),
        "response": None
        if response is None
        else {"status": response.status, "headers": fields(response.headers), "body": body(response.body)},
        "note": exchange.note,
        "trace": told,
        "renderings": [
            rendering(found, at)
            for at, found in enumerate(story.findings)
            if isinstance(found, (BodyRendered, RenderFailed))
        ],
        "rules": {code: entry.title for code in codes if (entry := find(code)) is not None},
        "copies": {
            "case": case(story, definition, api),
            "curl": curl(exchange.request, address, exchange.target),
            "log": execution_log(
                story.request,
                story.findings,
                request_id=story.around.request_id,
                time_ms=story.around.time_ms,
                failure=story.failure,
                sent=sent,
            ),
        },
    }


def rendering(found: BodyRendered | RenderFailed, at: int) -> dict[str, object]:
    """A rendering with everything that links its template and its output. ``at`` is its place in the trace."""
    template = found.template
    about: dict[str, Any] = {
        "finding": at,
        "phase": found.phase,
        "name": template.name,
        "origin": None if template.origin is None else list(template.origin),
        "template": template.text,
    }
    if isinstance(found, RenderFailed):
        about |= {"failure": failure(found), "span": None if found.span is None else list(found.span)}
        return about
    pieces: list[Link] = []
    left_out = 0
    with suppress(VelocityError):  # another engine rendered what ours cannot parse
        pieces, left_out = links(Template(template.text, template.name).tree, found.sightings)
    return about | {
        "output": found.text,
        "links": [_link(each) for each in pieces],
        "leftOut": left_out,
        "places": _places(found.sightings),
        "cautions": [
            {
                "message": each.message,
                "line": each.line if each.position is None else each.position.line,
                "column": each.column if each.position is None else each.position.column,
                "help": each.help,
                "code": each.code,
                "span": None if each.span is None else list(each.span),
            }
            for each in cautions(found)
        ],
        "overrides": {"request": plain(found.overrides.request), "response": plain(found.overrides.response)},
    }


def _link(link: Link) -> list[object]:
    """``[start, end, output start, output end, loops]``, and for an expression its value and JsonPath."""
    made: list[object] = [link.span.start, link.span.end, link.start, link.end, list(link.loops)]
    if not link.is_text:
        made += [None if link.is_null else _shown(link.value), link.path]
    return made


def _places(sightings: tuple[Sighting, ...]) -> list[dict[str, object]]:
    """What each expression of a template gave, and how often each branch and loop was taken."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for seen in sightings:
        if seen.kind not in {"value", "taken", "loop"}:
            continue
        place = found.get((seen.span.start, seen.span.end))
        if place is None:
            if len(found) >= PLACES:
                continue
            place = {"span": [seen.span.start, seen.span.end], "kind": seen.kind, "count": 0, "values": []}
            found[seen.span.start, seen.span.end] = place
        place["count"] += 1
        if seen.kind != "taken" and len(place["values"]) < VALUES:
            place["values"].append([list(seen.loops), seen.value if seen.kind == "loop" else _shown(seen.value)])
    return list(found.values())


def _shown(value: object) -> str | None:
    from vtlsim.values.objects import JavaException
    from vtlsim.values.text import text

    if value is None:
        return None
    try:
        found = text(value)
    except JavaException as error:
        return f"({error.java_class})"
    return found if len(found) <= VALUE_LENGTH else f"{found[:VALUE_LENGTH]}… ({len(found):,} characters)"


def fields(headers: Headers) -> list[list[str]]:
    """Header fields as pairs."""
    return [list(pair) for pair in headers.pairs]


def body(data: bytes) -> dict[str, object]:
    """A body: its text, or its bytes where they are no text, as far as the bound goes."""
    shown = data[:BODY_BYTES]
    try:
        text = shown.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(shown) == len(data) or error.start < len(shown) - 3:
            return {"base64": b64encode(shown[:4096]).decode("ascii"), "size": len(data)}
        text = shown[: error.start].decode("utf-8")
    return {"text": text, "size": len(data), "cut": len(data) > BODY_BYTES}


def _request(exchange: Exchange) -> dict[str, object]:
    request = exchange.request
    return {
        "method": request.method,
        "target": exchange.target,
        "path": request.path,
        "query": [list(pair) for pair in request.query],
        "headers": fields(request.headers),
        "body": body(request.body),
    }


def _backend(answer: Answer | None) -> dict[str, object] | None:
    if answer is None:
        return None
    if isinstance(answer, BackendFailure):
        return {"failure": answer.kind, "detail": answer.detail}
    return {
        "status": answer.status,
        "headers": fields(answer.headers),
        "body": body(answer.body),
        "latency": answer.latency_ms,
    }
