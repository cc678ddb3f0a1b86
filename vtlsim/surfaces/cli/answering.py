"""Who answers and who calls: the options of a command that takes a request the whole way round.

What may live here: those options, and turning them into what the library takes, with a fault of one line where that is
not possible.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from vtlsim.surfaces.cli import Stopped, reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vtlsim.surfaces.library import Exchange

    F = TypeVar("F", bound=Callable[..., Any])

LAMBDA: Final = click.option(
    "--lambda",
    "functions",
    multiple=True,
    metavar="[NAME=]WHAT",
    help="A Lambda function: MODULE:FUNCTION, the URL of an Invoke API, @FILE with its answer, or a command that "
    "reads the event on stdin; repeatable.",
)
VPC_LINK: Final = click.option(
    "--vpc-link", multiple=True, metavar="ID=URL", help="What stands behind a VPC link; repeatable."
)
OPTIONS: Final = (
    click.option(
        "--backend",
        metavar="URL|@FILE|MODULE:FUNCTION",
        help="Who answers every integration: a server, a file with the answer, a callable.",
    ),
    LAMBDA,
    click.option("--aws-endpoint", metavar="URL", help="Where AWS integrations go: LocalStack, moto, DynamoDB Local."),
    VPC_LINK,
    click.option("--api-key", multiple=True, metavar="VALUE[=ID]", help="An API key that is known; repeatable."),
    click.option("--authorizer", metavar="FILE", help="An authorizer's result: JSON of principalId, context, claims."),
)


ANSWERING: Final = frozenset({"backend", "lambdas", "aws_endpoint", "vpc_links"})
"""The keywords that say who answers."""


def options(command: F) -> F:
    """Adds the options to a command, in their order."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@contextmanager
def telling() -> Iterator[None]:
    """What user code prints goes to stderr; a backend that cannot be used ends the run with its one line."""
    import sys
    from contextlib import redirect_stdout

    try:
        with redirect_stdout(sys.stderr):
            yield
    except ValueError as error:
        from vtlsim.surfaces.backends import BackendError
        from vtlsim.surfaces.callers import CallerError

        if isinstance(error, (BackendError, CallerError)):
            raise Stopped(4, f"error: {error}") from None
        raise


def given(
    backend: str | None,
    functions: tuple[str, ...],
    aws_endpoint: str | None,
    vpc_link: tuple[str, ...],
    api_key: tuple[str, ...],
    authorizer: str | None,
) -> dict[str, Any]:
    """What the options say, as keywords of ``Api.invoke``; only what was given is in it. Use it within telling()."""
    made: dict[str, Any] = {}
    if backend is not None:
        made["backend"] = _backend(backend)
    if functions:
        from vtlsim.surfaces.lambdas import runnable, split_name

        made["lambdas"] = {name: runnable(what) for name, what in map(split_name, functions)}
    if aws_endpoint is not None:
        made["aws_endpoint"] = aws_endpoint
    if vpc_link:
        made["vpc_links"] = dict(reading.assignments("--vpc-link", vpc_link))
    if api_key:
        pairs = (each.partition("=") for each in api_key)
        made["api_keys"] = {value: name or f"key{at}" for at, (value, _, name) in enumerate(pairs, 1)}
    if authorizer is not None:
        from vtlsim.surfaces import callers

        try:
            made["authorizer"] = callers.authorization(reading.mapping(authorizer))
        except callers.CallerError as error:
            raise Stopped(4, f"error: {reading.shown(authorizer)}: {error}") from None
    return made


def _backend(value: str) -> Any:
    from vtlsim.surfaces.backends import CALLABLE, callable_of, canned, checked

    if value.startswith("@"):
        return canned(reading.text(value[1:]), reading.shown(value[1:]))
    if value.startswith(("http://", "https://")):
        return value
    if CALLABLE.fullmatch(value):
        return checked(callable_of(value), value)
    raise click.UsageError(f"--backend {value!r}: give http(s)://host:port, @FILE with a response, or MODULE:FUNCTION")


def complain_of_silence(exchange: Exchange) -> None:
    """Says why nobody answered, where somebody was meant to."""
    sent = exchange.integration_request
    if exchange.status is None and sent is not None:
        from vtlsim.surfaces.backends import nobody

        writing.complain(f"note: {nobody(sent)}")
