"""`vtlsim import-log`: what AWS did, as a case file.

What may live here: the command's options and what it prints. Logs are read by vtlsim.explain.log_reading.
"""

from __future__ import annotations

import click

from vtlsim.surfaces.cli import Command, Stopped, reading, writing


@click.command(cls=Command)
@click.argument("file")
@click.option(
    "--definition", metavar="FILE", help="The definition that the cases name, as a path beside the case file."
)
@click.option("-o", "--output", metavar="FILE", help="Where the case file goes; stdout by default.")
def command(file: str, definition: str | None, output: str | None) -> int:
    r"""Turn FILE (- for stdin), an execution log of API Gateway, into a case file.

    FILE is the console's text, the answer of TestInvokeMethod, or an export from CloudWatch; requests may be
    interleaved.

    \b
    aws apigateway test-invoke-method ... | vtlsim import-log - --definition openapi.yaml -o orders.vtltest.yaml
    vtlsim test orders.vtltest.yaml

    What the log masks or cuts is left out: comments in the file and warnings on stderr say what.
    """
    from vtlsim.explain.log_reading import read_log
    from vtlsim.explain.phrases import counted
    from vtlsim.surfaces.log_import import PLACEHOLDER, cases, written

    found = read_log(reading.text(file))
    if not found:
        raise Stopped(4, f"error: {reading.shown(file)}: no line of an execution log")
    made = cases(found, definition or PLACEHOLDER)
    text = written(made)
    if output is None:
        writing.product(text)
    else:
        from pathlib import Path

        Path(output).write_bytes(text.encode("utf-8", "replace"))
        writing.complain(f"{output}: {counted(len(made), 'case')}")
    for case in made:
        for each in case.left_out:
            writing.complain(f"warning: {case.members['name']}: left out: {' '.join(each.split())}")
    if definition is None:
        writing.complain(f"help: --definition FILE names the definition; the cases say {PLACEHOLDER}")
    return 0
