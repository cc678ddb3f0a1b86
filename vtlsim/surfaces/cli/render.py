"""`vtlsim render`: one template over one request.

What may live here: the command's options and what it prints. Rendering is vtlsim.surfaces.rendering's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vtlsim.surfaces.cli import Command, Stopped, reading, writing

if TYPE_CHECKING:
    from vtlsim.surfaces.rendering import Call, Rendering


@click.command(cls=Command)
@click.argument("template", required=False)
@click.option("-e", "--example", metavar="CASEFILE::NAME", help="A case's request; TEMPLATE may then be left out.")
@click.option("-b", "--body", metavar="BODY|@FILE|-", help="The payload: text, a file, or stdin.")
@click.option("-H", "--header", multiple=True, metavar="'NAME: VALUE'", help="A header of the request; repeatable.")
@click.option("-q", "--query", multiple=True, metavar="NAME=VALUE", help="A query parameter; repeatable.")
@click.option("-p", "--path", multiple=True, metavar="NAME=VALUE", help="A path parameter; repeatable.")
@click.option("-s", "--stage-variable", multiple=True, metavar="NAME=VALUE", help="A stage variable; repeatable.")
@click.option("--context", metavar="FILE", help="JSON that overlays $context.")
@click.option("--response", is_flag=True, help="A response template: the payload is the backend's.")
@click.option("--engine", type=click.Choice(["velocity", "airspeed"]), default="velocity", show_default=True)
@click.option(
    "--jsonpath", type=click.Choice(["jayway", "jayway-2.0", "jsonpath-ng"]), default="jayway", show_default=True
)
@click.option("--format", "form", type=click.Choice(["text", "json", "trace"]), default="text", show_default=True)
@click.option("--expect", metavar="FILE", help="Exit 1 unless the output is this file's (a .json file: as JSON).")
def command(
    template: str | None,
    example: str | None,
    body: str | None,
    header: tuple[str, ...],
    query: tuple[str, ...],
    path: tuple[str, ...],
    stage_variable: tuple[str, ...],
    context: str | None,
    response: bool,
    engine: Any,
    jsonpath: Any,
    form: str,
    expect: str | None,
) -> int:
    r"""Render TEMPLATE (a file, or - for stdin) as API Gateway would.

    \b
    vtlsim render orders.vtl -b '{"items": []}' -H 'X-Tenant: acme'
    vtlsim render orders.vtl -b @order.json --format trace
    """
    reading.only_one_stdin(TEMPLATE=template, body=body, context=context)
    headers = reading.headers(header)
    queries = reading.assignments("-q", query)
    paths = dict(reading.assignments("-p", path))
    stage = dict(reading.assignments("-s", stage_variable))

    from vtlsim.gateway.model import TemplateText
    from vtlsim.surfaces.rendering import call

    if example is not None:
        given = [body, context, *header, *query, *path, *stage_variable]
        return _example(example, template, form, any(each is not None for each in given) or response, expect)
    if template is None:
        raise click.UsageError("give a TEMPLATE, or a case with -e")
    ready = call(
        TemplateText(reading.text(template), reading.shown(template)),
        reading.payload(body),
        headers,
        queries,
        paths,
        stage,
        None if context is None else reading.mapping(context),
        phase="response" if response else "request",
        engine=engine,
        jsonpath=jsonpath,
    )
    expected = None if expect is None else reading.text(expect)
    if form == "trace":
        return _trace(ready)
    if form == "json":
        return _json(ready)
    rendering = _rendered(ready)
    writing.product(rendering.text + writing.last_line(rendering.text))
    _warn(rendering)
    if expected is None:
        return 0
    return 0 if _as_expected(rendering.text, expected, str(expect)) else 1


def _example(place: str, template: str | None, form: str, other: bool, expect: str | None) -> int:
    """``-e``: the request of a case, over the case's own template or another."""
    from vtlsim.gateway.model import TemplateText
    from vtlsim.surfaces.case_running import CaseError, Definitions, call_of, find

    if other:
        raise click.UsageError("-e brings the request: leave -b, -H, -q, -p, -s, --context and --response out")
    try:
        case, path = find(place)
        if case.template is None:
            raise Stopped(2, f"error: {place} is a case of a definition\n  help: vtlsim test {place!r} --trace")
        ready = call_of(case, path, Definitions())
    except CaseError as error:
        raise Stopped(4, str(error)) from None
    if template is not None:
        ready.template = TemplateText(reading.text(template), reading.shown(template))
    if form == "trace":
        return _trace(ready)
    if form == "json":
        return _json(ready)
    rendering = _rendered(ready)
    writing.product(rendering.text + writing.last_line(rendering.text))
    _warn(rendering)
    return 0 if expect is None or _as_expected(rendering.text, reading.text(expect), expect) else 1


def _rendered(ready: Call) -> Rendering:
    from vtlsim.surfaces.rendering import TemplateError, outcome

    try:
        return outcome(ready)
    except TemplateError as error:
        raise Stopped(3, str(error)) from None


def _warn(rendering: Rendering) -> None:
    warnings = rendering.warnings
    if warnings:
        from vtlsim.explain.cautions import block

        writing.complain("\n".join(block(each) for each in warnings))


def _trace(ready: Call) -> int:
    from vtlsim.explain.console import failure
    from vtlsim.gateway.findings import RenderFailed
    from vtlsim.surfaces.rendering import Rendering, Trace

    found = ready.run(watched=True)
    writing.product(f"{Trace((found,))}\n")
    if isinstance(found, RenderFailed):
        raise Stopped(3, failure(found))
    _warn(Rendering(found, ready))
    return 0


def _json(ready: Call) -> int:
    """AppSync's members of EvaluateMappingTemplate, and ours: the same for a rendering that failed."""
    import json

    from vtlsim.explain.record import plain, record
    from vtlsim.gateway.findings import RenderFailed
    from vtlsim.surfaces.rendering import Rendering

    found = ready.run(watched=True)
    answer: dict[str, object] = {"evaluationResult": None, "error": None, "logs": []}
    if isinstance(found, RenderFailed):
        from vtlsim.explain.console import failure

        place = plain(found.position)
        answer["error"] = {"message": found.message, "fault": found.fault, "position": place, "text": failure(found)}
        answer |= {"overrides": {}, "warnings": []}
    else:
        rendering = Rendering(found, ready)
        answer["evaluationResult"] = found.text
        answer["overrides"] = rendering.overrides
        answer["warnings"] = [
            {"message": each.message, "line": each.line, "column": each.column, "code": each.code, "help": each.help}
            for each in rendering.warnings
        ]
    answer["trace"] = record((found,))
    writing.product(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    return 3 if isinstance(found, RenderFailed) else 0


def _as_expected(actual: str, expected: str, name: str) -> bool:
    from vtlsim.explain.difference import of_texts, of_values

    if name.endswith(".json"):
        import json

        try:
            wanted = json.loads(expected)
        except ValueError as error:
            raise Stopped(4, f"error: {name}: not JSON: {error}") from None
        try:
            difference = of_values(wanted, json.loads(actual))
        except ValueError as error:
            difference = f"the output is not JSON: {error}"
    else:
        difference = of_texts(expected, actual, name, "output")
    if difference:
        writing.complain(f"error: the output is not what {reading.shown(name)} holds\n{difference}")
    return not difference
