"""`vtlsim repl`: explore a template line by line.

What may live here: the command's options. The session is vtlsim.surfaces.repl's.
"""

from __future__ import annotations

from typing import Any

import click

from vtlsim.surfaces.cli import Command, Stopped


@click.command(cls=Command)
@click.argument("template", required=False)
@click.option("-e", "--example", metavar="CASEFILE::NAME", help="Begin with the request of a case.")
@click.option("-b", "--body", metavar="BODY|@FILE", help="Begin with this payload.")
@click.option("--engine", type=click.Choice(["velocity", "airspeed"]), help="The engine of :run.")
@click.option("--jsonpath", type=click.Choice(["jayway", "jayway-2.0", "jsonpath-ng"]), help="Who reads JSON paths.")
def command(template: str | None, example: str | None, body: str | None, engine: Any, jsonpath: Any) -> int:
    r"""Every line is VTL and state persists; commands begin with a colon (:help).

    \b
    vtlsim repl orders.vtl -b @order.json
    vtlsim repl orders.vtl -e 'orders.vtltest.yaml::two items'

    Lines may also come through a pipe; the exit code is then 1 when one of them failed.
    """
    from vtlsim.surfaces.repl.disk import Disk
    from vtlsim.surfaces.repl.prompt import run
    from vtlsim.surfaces.repl.session import FilesError, Session
    from vtlsim.surfaces.repl.situation import UnknownSettingError

    session = Session(Disk())
    try:
        if example is not None:
            session.open_case(example)
        if template is not None:
            session.open_template(template)
        for name, value in (("body", _body(body)), ("engine", engine), ("jsonpath", jsonpath)):
            if value is not None:
                session.situation.set(name, value)
        session.refresh()
    except (FilesError, UnknownSettingError) as error:
        raise Stopped(4, f"error: {error}") from None
    return run(session)


def _body(given: str | None) -> str | None:
    from vtlsim.surfaces.cli import reading

    if given in {"-", "@-"}:
        raise click.UsageError("stdin is where the REPL's lines come from: give the body as text or @FILE")
    content = reading.payload(given)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else content
