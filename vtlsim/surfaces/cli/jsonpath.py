"""`vtlsim jsonpath`: one path over one document, as `$input.json` would give it.

What may live here: the command's options and what it prints. Paths are vtlsim.jsonpath's.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from vtlsim.surfaces.cli import Command, Stopped, reading, writing

if TYPE_CHECKING:
    from vtlsim.jsonpath import InvalidPathError

ENGINES: Final = ("jayway", "jayway-2.0", "jsonpath-ng")


class Answer(NamedTuple):
    """What an engine gave: its value as JSON text, or why there is none."""

    text: str | None
    reason: str = ""
    invalid: InvalidPathError | None = None


@click.command(cls=Command)
@click.argument("path")
@click.option("-b", "--body", metavar="BODY|@FILE|-", help="The document; stdin where it is no terminal.")
@click.option("--jsonpath", "engine", type=click.Choice(ENGINES), default="jayway", show_default=True)
@click.option("--compare", is_flag=True, help="Every engine's answer; exit 1 where they differ.")
def command(path: str, body: str | None, engine: str, compare: bool) -> int:
    r"""Read PATH from a JSON document and print the value as $input.json would.

    \b
    vtlsim jsonpath '$.items[*].sku' -b @order.json
    cat order.json | vtlsim jsonpath '$.items[0]'

    Exits 1 when the path leads nowhere.
    """
    document = _document(body)
    if compare:
        return _compare(path, document)
    answer = _answer(engine, path, document)
    if answer.invalid is not None:
        raise Stopped(2, _invalid(path, answer.invalid))
    if answer.text is None:
        raise Stopped(1, f"no value: {answer.reason}")
    writing.product(answer.text + "\n")
    return 0


def _document(body: str | None) -> object:
    if body is None:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError("no document: give it with -b or on stdin")
        body = "-"
    from vtlsim.gateway.utf8 import text_of
    from vtlsim.values.json_reader import JsonError, read

    given = reading.payload(body)
    text = text_of(given) if isinstance(given, bytes) else given or ""
    try:
        return read(text or "{}")
    except JsonError as error:
        from vtlsim.explain.console import fault
        from vtlsim.velocity.source import Source, Span

        name = "stdin" if body == "-" else reading.shown(body[1:]) if body.startswith("@") else "body"
        place = Span(error.position, error.position + 1)
        raise Stopped(4, fault(Source(text, name), place, f"not JSON: {error.message}")) from None


def _answer(engine: str, path: str, document: object) -> Answer:
    from vtlsim.jsonpath import InvalidPathError, PathNotFoundError
    from vtlsim.jsonpath import engine as named
    from vtlsim.jsonpath.errors import JsonPathError
    from vtlsim.values.json_writer import write

    try:
        return Answer(write(named(engine)(path).read(document)))
    except PathNotFoundError as error:
        return Answer(None, error.message or "the path leads nowhere")
    except InvalidPathError as error:
        return Answer(None, f"invalid path: {error.message}", error)
    except JsonPathError as error:
        return Answer(None, error.message)


def _compare(path: str, document: object) -> int:
    answers = [(engine, _answer(engine, path, document)) for engine in ENGINES]
    width = max(len(engine) for engine in ENGINES)
    lines = [
        f"{engine:<{width}}  {answer.text if answer.text is not None else f'no value: {answer.reason}'}"
        for engine, answer in answers
    ]
    writing.product("\n".join(lines) + "\n")
    return 0 if len({answer.text for _, answer in answers}) == 1 else 1


def _invalid(path: str, error: InvalidPathError) -> str:
    from vtlsim.explain.console import fault
    from vtlsim.velocity.source import Source, Span

    span = None if error.position is None else Span(error.position, error.position + 1)
    return fault(Source(path, "path"), span, f"not a JsonPath: {error.message}")
