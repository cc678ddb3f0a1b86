"""Execution logs of API Gateway, read back: what was asked, what was sent, what came back.

What may live here: the text of a log -> facts, each with what the log does not hold of it. The console's text,
TestInvokeMethod's answer and CloudWatch's exports hold the same lines (execution_log.py writes them); requests may be
interleaved, a body may have many lines. What a log masks or cuts is never guessed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

TRUNCATED: Final = "[TRUNCATED]"
BINARY: Final = "[Binary Data]"

_ID: Final = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_HEAD: Final = re.compile(r"Execution log for request ?(?P<id>\S*)\s*$")
_STAMPED: Final = re.compile(
    r"(?:[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} [A-Z]{3,4} \d{4}) : ?(?P<text>.*)$", re.DOTALL
)
_PREFIXED: Final = re.compile(rf"^(?P<before>.{{0,200}}?)\((?P<id>{_ID})\) (?P<text>.*)$", re.DOTALL)
_STARTED: Final = re.compile(r"Starting execution for request: (\S+)")
_MASK: Final = re.compile(r"\*{4,}")
_PAIR: Final = re.compile(r", (?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)")
_DIRECTIVES: Final = frozenset(
    {"max-age", "s-maxage", "stale-while-revalidate", "stale-if-error", "max-stale", "min-fresh"}
)


class Fields(NamedTuple):
    """A map of a log. ``masked`` names what holds asterisks in its value's place; ``cut`` says that its end is missing,
    and then the last pair is left out too.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    masked: tuple[str, ...] = ()
    cut: bool = False


class Body(NamedTuple):
    """A body of a log; ``text`` None when it is binary or was cut, as ``missing`` says."""

    text: str | None
    missing: str = ""


class Recorded(NamedTuple):
    """One request, as far as a log tells. None: the log has no such line."""

    request_id: str
    method: str | None = None
    path: str | None = None
    path_parameters: Fields | None = None
    query: Fields | None = None
    headers: Fields | None = None
    body: Body | None = None
    uri: str | None = None
    sent_headers: Fields | None = None
    sent_body: Body | None = None
    backend_status: int | None = None
    latency_ms: int | None = None
    backend_headers: Fields | None = None
    backend_body: Body | None = None
    answer_body: Body | None = None
    answer_headers: Fields | None = None
    failure: str | None = None
    status: int | None = None
    extended_request_id: str | None = None
    api_stage: str | None = None
    is_test: bool = False


_LINES: Final[tuple[tuple[str, str], ...]] = (
    ("Method request path: ", "path_parameters"),
    ("Method request query string: ", "query"),
    ("Method request headers: ", "headers"),
    ("Method request body before transformations:", "body"),
    ("Endpoint request URI: ", "uri"),
    ("Endpoint request headers: ", "sent_headers"),
    ("Endpoint request body after transformations:", "sent_body"),
    ("Endpoint response headers: ", "backend_headers"),
    ("Endpoint response body before transformations:", "backend_body"),
    ("Method response body after transformations:", "answer_body"),
    ("Method response headers: ", "answer_headers"),
    ("Execution failed due to ", "failure"),
    ("Network error communicating with endpoint", "failure"),
    ("Extended Request Id: ", "extended_request_id"),
)
_FIELDS: Final = frozenset({"path_parameters", "query", "headers", "sent_headers", "backend_headers", "answer_headers"})
_BODIES: Final = frozenset({"body", "sent_body", "backend_body", "answer_body"})
_METHOD: Final = re.compile(r"HTTP Method: (\S+), Resource Path: (.*)", re.DOTALL)
_RECEIVED: Final = re.compile(r"Received response\.(?: Status: (\d+),)? Integration latency: (\d+) ms")
_COMPLETED: Final = re.compile(r"Method completed with status: (\d+)")
_API_STAGE: Final = re.compile(r"Verifying Usage Plan for request: .*API Stage: (\S+)")


def read_log(text: str) -> tuple[Recorded, ...]:
    """Every request of a log, in the order in which they begin. Empty when it is no execution log."""
    found: dict[str, dict[str, Any]] = {}
    for request_id, message, is_test in _messages(text):
        facts = found.setdefault(request_id, {"is_test": is_test})
        _note(facts, message)
    return tuple(
        Recorded(request_id, **facts)
        for request_id, facts in found.items()
        if facts.keys() - {"is_test", "extended_request_id", "api_stage"}
    )


def _messages(text: str) -> Iterator[tuple[str, str, bool]]:
    """Request id, message, and whether it is of TestInvokeMethod; continued lines are joined to their message."""
    key, held, is_test = "", None, False
    count = 0
    for line in _events(text):
        head = _HEAD.search(line)
        stamped = None if head is not None else _STAMPED.search(line)
        prefixed = None if head is not None or stamped is not None else _PREFIXED.match(line)
        if head is None and stamped is None and prefixed is None:
            if held is not None:
                held += f"\n{line}"
            continue
        if held is not None:
            yield key, held, is_test
        held = None
        if head is not None:
            count += 1
            key, is_test = head["id"] or f"request-{count}", True
        elif stamped is not None:
            held = stamped["text"]
            started = _STARTED.match(held)
            if started is not None and not is_test:
                key = started[1]
        elif prefixed is not None:
            key, is_test, held = prefixed["id"], False, prefixed["text"]
    if held is not None:
        yield key, held.removesuffix("\n") if is_test else held.rstrip("\n"), is_test


def _events(text: str) -> Iterator[str]:
    """The lines of a log out of whatever holds them: JSON of TestInvokeMethod or of CloudWatch, CSV, or plain text."""
    stripped = text.lstrip()
    if stripped.startswith(("{", "[")):
        import json

        try:
            found = json.loads(stripped)
        except (ValueError, RecursionError):
            found = None
        if found is not None:
            for message in _texts(found):
                yield from message.split("\n")
            return
    first = stripped.partition("\n")[0].lower()
    if "message" in first and "," in first:
        import csv

        try:
            rows = list(csv.reader(stripped.splitlines(keepends=True)))
        except csv.Error:
            return
        columns = [each.strip().lstrip("@").lower() for each in rows[0]]
        at = columns.index("message") if "message" in columns else -1
        for row in rows[1:]:
            if len(row) > max(at, 0):
                yield from row[at].rstrip("\n").split("\n")
        return
    yield from text.replace("\r\n", "\n").split("\n")


def _texts(found: object) -> Iterator[str]:
    """The log of an answer of TestInvokeMethod, or the messages of CloudWatch's events."""
    if isinstance(found, list):
        for each in found:
            yield from _texts(each)
    elif isinstance(found, dict):
        if isinstance(found.get("log"), str):
            yield found["log"]
        elif isinstance(found.get("message"), str):
            yield found["message"].rstrip("\n")
        elif isinstance(found.get("events"), list):
            yield from _texts(found["events"])


def _note(facts: dict[str, Any], message: str) -> None:
    match = _METHOD.fullmatch(message)
    if match is not None:
        facts["method"], facts["path"] = match[1], match[2]
        return
    match = _RECEIVED.match(message)
    if match is not None:
        if match[1] is not None:
            facts["backend_status"] = int(match[1])
        facts["latency_ms"] = int(match[2])
        return
    match = _COMPLETED.match(message)
    if match is not None:
        facts["status"] = int(match[1])
        return
    match = _API_STAGE.match(message)
    if match is not None:
        facts["api_stage"] = match[1]
        return
    for start, name in _LINES:
        if not message.startswith(start):
            continue
        rest = message[len(start) :]
        if name in _FIELDS:
            facts[name] = _fields(rest, of_headers=name.endswith("headers"))
        elif name in _BODIES:
            facts[name] = _body(rest.removeprefix(" "))
        elif name == "failure":
            facts.setdefault(name, message)
        else:
            facts[name] = rest
        return


def _body(text: str) -> Body:
    if text.rstrip().endswith(TRUNCATED):
        return Body(None, "cut in the log")
    if text.strip() == BINARY:
        return Body(None, "binary")
    return Body(text)


def _fields(text: str, *, of_headers: bool) -> Fields:
    text = text.strip()
    cut = text.endswith(TRUNCATED)
    if cut:
        text = text.removesuffix(TRUNCATED).rstrip()
    text = text.removeprefix("{")
    if not cut:
        text = text.removesuffix("}")
    found: list[tuple[str, str]] = []
    masked: list[str] = []
    for part in _PAIR.split(text) if text else ():
        name, equals, value = part.partition("=")
        if not equals:
            continue
        if of_headers and name.lower() in _DIRECTIVES and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}, {part}")
        elif _MASK.match(value) is not None:
            masked.append(name)
        else:
            found.append((name, value))
    if cut and found:
        found.pop()
    return Fields(tuple(found), tuple(masked), cut)
