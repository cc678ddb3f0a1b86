"""`vtlsim invoke`: one request through a definition.

What may live here: the command's options and what it prints. The journey is the library's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vtlsim.surfaces.cli import Command, Stopped, answering, defining, reading, writing

if TYPE_CHECKING:
    from vtlsim.surfaces.library import Api, Exchange


@click.command(cls=Command)
@click.argument("definition")
@click.argument("method", required=False)
@click.argument("path", required=False)
@click.option("-b", "--body", metavar="BODY|@FILE|-", help="The request's body: text, a file, or stdin.")
@click.option("-H", "--header", multiple=True, metavar="'NAME: VALUE'", help="A header of the request; repeatable.")
@click.option("-s", "--stage-variable", multiple=True, metavar="NAME=VALUE", help="A stage variable; repeatable.")
@click.option("--context", metavar="FILE", help="JSON that overlays $context.")
@answering.options
@click.option("--dry-run", is_flag=True, help="Send nothing: end with the integration request.")
@click.option("--stage", metavar="NAME", help="The stage; the definition's own where it has one.")
@defining.API
@defining.PARAMETER
@click.option("--engine", type=click.Choice(["velocity", "airspeed"]), default="velocity", show_default=True)
@click.option(
    "--jsonpath", type=click.Choice(["jayway", "jayway-2.0", "jsonpath-ng"]), default="jayway", show_default=True
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "log", "trace"]), default="text", show_default=True
)
def command(
    definition: str,
    method: str | None,
    path: str | None,
    body: str | None,
    header: tuple[str, ...],
    stage_variable: tuple[str, ...],
    context: str | None,
    backend: str | None,
    functions: tuple[str, ...],
    aws_endpoint: str | None,
    vpc_link: tuple[str, ...],
    api_key: tuple[str, ...],
    authorizer: str | None,
    dry_run: bool,
    stage: str | None,
    api: str | None,
    parameter: tuple[str, ...],
    engine: Any,
    jsonpath: Any,
    form: str,
) -> int:
    r"""Take one request through DEFINITION (a file, - for stdin, or the folder of a CDK, serverless or SAM project).

    METHOD and PATH may be left out where the definition leaves no choice; a bare integration gets POST /.

    \b
    vtlsim invoke put-integration.json -b '{"items": []}'
    vtlsim invoke openapi.yaml POST '/orders?dry=1' -b @order.json --backend http://localhost:9000
    vtlsim invoke template.yaml GET /orders --lambda orders=app:handler --aws-endpoint http://localhost:4566

    Where nobody answers, the journey ends with the integration request; nothing is ever sent to AWS itself. The text
    format prints messages to stdout and the trace to stderr.
    """
    reading.only_one_stdin(
        DEFINITION=definition,
        body=body,
        context=context,
        authorizer=authorizer,
        backend=backend,
    )
    headers = reading.headers(header)
    stage_variables = dict(reading.assignments("-s", stage_variable)) if stage_variable else None
    if method is not None and method.startswith("/") and path is None:
        method, path = None, method
    parameters = dict(reading.assignments("--parameter", parameter))
    loaded = defining.load(definition, api, parameters, stage, as_json=form == "json")
    wanted, target = _route(loaded, method, path)
    _check_stage(loaded, stage)
    with answering.telling():
        if dry_run:
            backend, functions, aws_endpoint, vpc_link = None, (), None, ()
        given = answering.given(backend, functions, aws_endpoint, vpc_link, api_key, authorizer)
        exchange = loaded.invoke(
            wanted,
            target,
            reading.payload(body),
            headers,
            stage=stage,
            stage_variables=stage_variables,
            context=None if context is None else reading.mapping(context),
            engine=engine,
            jsonpath=jsonpath,
            **given,
        )
    _print(exchange, form, loaded)
    if not answering.ANSWERING.isdisjoint(given):
        answering.complain_of_silence(exchange)
    for each in exchange.warnings:
        from vtlsim.explain.cautions import block

        writing.complain(block(each))
    failed = exchange.template_failure
    if failed is None or failed.fault in {"unreadable_body", "binary_body"}:
        return 0
    from vtlsim.explain.console import failure

    raise Stopped(3, failure(failed))


def _route(loaded: Api, method: str | None, path: str | None) -> tuple[str, str]:
    if path is not None and not path.startswith("/"):
        raise click.UsageError(f"a path begins with a slash: {path!r}")
    if loaded.model.fallback is not None:
        return method or "POST", path or "/"
    routes = loaded.routes
    if method is not None and path is not None:
        return method, path
    fitting = [
        (known, place)
        for known, place in routes
        if (method is None or known in {method.upper(), "ANY"}) and (path is None or place == path.partition("?")[0])
    ]
    if len(fitting) == 1 and "{" not in fitting[0][1]:
        known, place = fitting[0]
        return method or ("POST" if known == "ANY" else known), path or place
    lines = "\n".join(f"  {known} {place}" for known, place in routes)
    raise click.UsageError(f"say which METHOD and PATH; the definition has\n{lines}")


def _check_stage(loaded: Api, stage: str | None) -> None:
    stages = loaded.model.stages
    if stage is not None and stages and stage not in stages:
        from vtlsim.explain.phrases import listed

        raise Stopped(4, f"error: no stage {stage!r}: the definition has {listed(stages)}")


def _print(exchange: Exchange, form: str, loaded: Api) -> None:
    if form == "log":
        writing.product(exchange.log)
    elif form == "json":
        writing.product(_json(exchange, loaded))
    elif form == "trace":
        writing.product(f"{exchange.trace}\n")
    else:
        writing.product(_text(exchange))
        writing.complain(str(exchange.trace))


def _text(exchange: Exchange) -> str:
    from vtlsim.explain import messages

    parts = []
    sent = exchange.integration_request
    if sent is not None and sent.type != "MOCK":
        parts.append(messages.request(sent))
    if exchange.status is not None:
        pairs = [(name, value) for name, values in exchange.multi_value_headers.items() for value in values]
        parts.append(messages.response(exchange.status, pairs, exchange.body))
    return "\n".join(parts)


def _json(exchange: Exchange, loaded: Api) -> str:
    """TestInvokeMethod's fields, the integration request, the definition's warnings and the trace."""
    import json

    from vtlsim.explain.problems import record

    body, encoded = _transported(exchange.body)
    answer: dict[str, object] = {
        "status": exchange.status,
        "headers": exchange.headers,
        "multiValueHeaders": exchange.multi_value_headers,
        "body": body,
    }
    if encoded:
        answer["isBase64Encoded"] = True
    answer |= {"log": exchange.log, "latency": exchange.latency, "integrationRequest": None}
    sent = exchange.integration_request
    if sent is not None and sent.type != "MOCK":
        content, is_base64 = _transported(sent.body)
        query: dict[str, list[str]] = {}
        for name, value in sent.query:
            query.setdefault(name, []).append(value)
        answer["integrationRequest"] = {
            "httpMethod": sent.method,
            "uri": sent.uri,
            "headers": {name: ",".join(values) for name, values in sent.headers.multiple().items()},
            "queryString": {name: values[0] if len(values) == 1 else values for name, values in query.items()},
            "body": content,
            "isBase64Encoded": is_base64,
        }
    answer["problems"] = record(loaded.warnings)
    answer["trace"] = exchange.trace.record
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _transported(body: str | bytes) -> tuple[str, bool]:
    if isinstance(body, str):
        return body, False
    from base64 import b64encode

    return b64encode(body).decode("ascii"), True
