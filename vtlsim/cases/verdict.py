"""What came of a case held against what was expected of it.

What may live here: deciding, and saying what differs and which part of which output it is in. Making the outcome, and
showing the template's line, are the surfaces'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from vtlsim.cases.case import ABSENT
from vtlsim.velocity.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vtlsim.cases.case import Case, ExpectedError, ExpectedMessage, Text
    from vtlsim.gateway.findings import RenderFailed
    from vtlsim.gateway.model import IntegrationRequest


class Outcome(NamedTuple):
    """What came of a case.

    ``text`` is what ``expect`` itself is about: a template's output, the client's answer, or the integration request's
    body where there is no answer. ``failure`` is why a template did not render. ``answer`` is the client's answer's
    status, headers and body; None where the journey ended before, and for a template alone.
    """

    text: str | bytes | None
    failure: RenderFailed | None = None
    overrides: Mapping[str, Any] | None = None
    sent: IntegrationRequest | None = None
    answer: tuple[int, tuple[tuple[str, str], ...], str | bytes] | None = None


class Fault(NamedTuple):
    """One thing that is not as expected. ``output`` is the text in which ``part`` is where it begins to differ; both
    None where there is no such place.
    """

    said: str
    output: str | None = None
    part: Span | None = None


SNAPSHOT_MISSING: Final = "there is no snapshot of this case yet; --vtl-update (vtlsim test: --update) writes it"


def judge(case: Case, outcome: Outcome, snapshot: str | None = None) -> tuple[Fault, ...]:
    """Everything that is not as expected; empty when the case passes. ``snapshot`` is the stored one."""
    return tuple(_faults(case, outcome, snapshot))


def _faults(case: Case, outcome: Outcome, snapshot: str | None) -> Iterator[Fault]:
    expect = case.expect
    failure = outcome.failure
    if expect.error is not None:
        if failure is None:
            yield Fault("it rendered, and an error was expected", _whole(outcome.text))
        else:
            yield from _error(expect.error, failure)
    elif failure is not None and (outcome.text is None or (expect.status is None and expect.response is None)):
        from vtlsim.explain.console import failure as shown

        yield Fault(f"the template was not rendered\n{shown(failure)}")
        return
    if expect.status is not None:
        actual = None if outcome.answer is None else outcome.answer[0]
        if actual != expect.status:
            got = "there is no answer (give the case a backend)" if actual is None else f"got {actual}"
            yield Fault(f"status: expected {expect.status}, {got}")
    if outcome.text is not None:
        yield from _text(expect.body, outcome.text, "")
        if expect.snapshot:
            yield from _snapshot(snapshot, outcome.text)
    if expect.overrides is not None:
        from vtlsim.explain.mismatch import mismatches, page

        found = mismatches(expect.overrides, outcome.overrides or {}, strict=False)
        if found:
            yield Fault("overrides: " + page(found).replace("\n", "\noverrides: "))
    if expect.integration_request is not None:
        yield from _sent(expect.integration_request, outcome.sent)
    if expect.response is not None:
        yield from _response(expect.response, outcome.answer)


def _whole(text: str | bytes | None) -> str | None:
    return text if isinstance(text, str) else None


def _error(expected: ExpectedError, failure: RenderFailed) -> Iterator[Fault]:
    from vtlsim.explain.console import failure as shown

    place = failure.position
    said = []
    if expected.line is not None and (place is None or place.line != expected.line):
        said.append(f"error: expected on line {expected.line}, got {'no place' if place is None else place.line}")
    if expected.column is not None and (place is None or place.column != expected.column):
        said.append(f"error: expected at column {expected.column}, got {'no place' if place is None else place.column}")
    if expected.message is not None and expected.message not in failure.message:
        said.append(f"error: the message has no {expected.message!r}")
    if said:
        yield Fault("\n".join([*said, shown(failure)]))


def _text(expected: Text, actual: str | bytes, subject: str) -> Iterator[Fault]:
    """What of a text is not as expected; ``subject`` begins each line."""
    if expected.is_empty:
        return
    if isinstance(actual, bytes):
        yield Fault(f"{subject}it is binary ({len(actual):,} bytes), and text was expected")
        return
    if expected.json is not ABSENT:
        yield from _json(expected.json, actual, subject, strict=expected.strict)
    elif expected.valid_json:
        yield from _not_json(actual, subject)
    if expected.valid_json is False and not list(_not_json(actual, subject)):
        yield Fault(f"{subject}it is JSON, and should not be", actual, Span(0, len(actual)))
    if expected.text is not None and expected.text != actual:
        yield _differing(expected.text, actual, subject)
    if expected.regex is not None:
        import re

        if re.search(expected.regex, actual) is None:
            yield Fault(f"{subject}nothing matches {expected.regex!r}\n{_shown(actual)}", actual)
    for each in expected.contains:
        if each not in actual:
            yield Fault(f"{subject}it does not contain {each!r}\n{_shown(actual)}", actual)


def _shown(actual: str) -> str:
    from vtlsim.explain.phrases import one_line

    return f"  in {one_line(actual)}"


def _not_json(actual: str, subject: str) -> Iterator[Fault]:
    import json

    try:
        json.loads(actual)
    except json.JSONDecodeError as error:
        yield _json_fault(actual, error.pos, error.msg, subject)
    except RecursionError:
        yield Fault(f"{subject}not JSON: nested too deeply")


def _json_fault(actual: str, at: int, message: str, subject: str) -> Fault:
    from vtlsim.explain.excerpt import excerpt
    from vtlsim.velocity.source import Source

    part = Span(at, at + 1)
    source = Source(actual, "output")
    line, column = source.position(at)
    lines = [f"{subject}not JSON: {message} at line {line}, column {column} of the output", *excerpt(source, part)]
    if at >= len(actual):
        part = Span(max(0, len(actual) - 1), len(actual))
    return Fault("\n".join(lines), actual, part)


def _json(expected: object, actual: str, subject: str, *, strict: bool) -> Iterator[Fault]:
    import json

    from vtlsim.explain.mismatch import mismatches, page, place

    try:
        value = json.loads(actual)
    except json.JSONDecodeError as error:
        yield _json_fault(actual, error.pos, error.msg, subject)
        return
    found = mismatches(expected, value, strict=strict)
    if found:
        said = page(found)
        lines = said if not subject else subject + said.replace("\n", f"\n{subject}")
        first = next((each for each in found if not each.missing), found[0])
        yield Fault(lines, actual, place(actual, first.path, first.at))


def _differing(expected: str, actual: str, subject: str) -> Fault:
    from vtlsim.explain.difference import of_texts
    from vtlsim.explain.mismatch import first_difference

    at = first_difference(expected, actual)
    if at >= len(actual):
        at = max(0, len(actual) - 1)
    said = of_texts(expected, actual, "expected", "got")
    return Fault(f"{subject}{said}", actual, Span(at, at + 1))


def _snapshot(stored: str | None, actual: str | bytes) -> Iterator[Fault]:
    if isinstance(actual, bytes):
        yield Fault("a binary body has no snapshot")
    elif stored is None:
        yield Fault(SNAPSHOT_MISSING)
    elif stored != actual:
        import json

        from vtlsim.explain.mismatch import mismatches, page

        fault = _differing(stored, actual, "")
        try:
            found = mismatches(json.loads(stored), json.loads(actual))
        except ValueError:
            found = []
        said = page(found) if found else fault.said
        yield fault._replace(said=f"the output is not the snapshot (--vtl-update would replace it)\n{said}")


def _sent(expected: ExpectedMessage, sent: IntegrationRequest | None) -> Iterator[Fault]:
    what = "integrationRequest"
    if sent is None:
        yield Fault(f"{what}: there is none: the request was turned back before")
        return
    if expected.method is not None and expected.method.upper() != sent.method:
        yield Fault(f"{what}.method: expected {expected.method.upper()}, got {sent.method}")
    if expected.uri is not None and expected.uri != sent.uri:
        yield Fault(f"{what}.uri: expected {expected.uri}\n{'':>{len(what)}}            got {sent.uri}")
    yield from _headers(expected.headers, list(sent.headers), what)
    for name, wanted in expected.query.items():
        values = tuple(value for key, value in sent.query if key == name)
        if values != ((wanted,) if isinstance(wanted, str) else wanted):
            got = ", ".join(values) if values else "none"
            yield Fault(
                f"{what}.query.{name}: expected {wanted if isinstance(wanted, str) else ', '.join(wanted)}, got {got}"
            )
    yield from _text(expected.body, sent.body, f"{what}.body ")


def _response(
    expected: ExpectedMessage, answer: tuple[int, tuple[tuple[str, str], ...], str | bytes] | None
) -> Iterator[Fault]:
    if answer is None:
        yield Fault("response: there is none (give the case a backend)")
        return
    status, headers, body = answer
    if expected.status is not None and expected.status != status:
        yield Fault(f"response.status: expected {expected.status}, got {status}")
    yield from _headers(expected.headers, headers, "response")
    yield from _text(expected.body, body, "response.body ")


def _headers(expected: Mapping[str, str | None], actual: Any, what: str) -> Iterator[Fault]:
    for name, wanted in expected.items():
        values = [value for key, value in actual if key.lower() == name.lower()]
        if wanted is None and values:
            yield Fault(f"{what}.headers.{name}: expected none, got {', '.join(values)}")
        elif wanted is not None and values != [wanted] and ", ".join(values) != wanted and ",".join(values) != wanted:
            near = "" if values else _near(name, [key for key, _ in actual])
            yield Fault(
                f"{what}.headers.{name}: expected {wanted}, got {', '.join(values) if values else 'none'}{near}"
            )


def _near(name: str, names: list[str]) -> str:
    from vtlsim.config.problems import nearest

    near = nearest(name, names)
    return f" (there is {near})" if near is not None else ""
