"""`vtlsim serve`: the gateway over HTTP, and the page that tells what happened to each request.

What may live here: the options, and what is printed before the server answers. The server is vtlsim.surfaces.server's.
"""

from __future__ import annotations

import os
from errno import EADDRINUSE
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vtlsim.surfaces.cli import Stopped, answering, defining, reading, writing

if TYPE_CHECKING:
    from socket import socket

    from vtlsim.surfaces.control.app import ControlPlane
    from vtlsim.surfaces.server.backing import Backing
    from vtlsim.surfaces.server.reload import Watched
    from vtlsim.surfaces.server.running import Options, Running


@click.command()
@click.argument("definitions", nargs=-1, metavar="[BASE=]DEFINITION...")
@click.option("--backend", metavar="URL|@FILE|MODULE:FUNCTION", help="Who answers every integration.")
@click.option("--backends", metavar="FILE", help="Who answers which path: a map in JSON or YAML.")
@answering.LAMBDA
@click.option("--aws-endpoint", metavar="URL", help="Where AWS integrations go; without it they reach nothing.")
@answering.VPC_LINK
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--base-path", metavar="NAME", default="", help="A first segment before the stage.")
@click.option("--stage", multiple=True, metavar="NAME", help="Stages, where the definition names none; repeatable.")
@click.option("--api", metavar="NAME", help="Which API, where the definition has several; else all are served.")
@defining.PARAMETER
@click.option("--allow-host", multiple=True, metavar="NAME", help="A further Host that is answered; * for any.")
@click.option("--record", metavar="FILE", help="Append each exchange to FILE, a line of JSON each.")
@click.option("--journal", metavar="FILE", help="Where exchanges are kept; by default in the user's state folder.")
@click.option("--no-journal", is_flag=True, help="Keep exchanges for this run only.")
@click.option("--no-mask", is_flag=True, help="Keep Authorization, cookies and API keys as they are.")
@click.option("--quiet", is_flag=True, help="Print no line for each request.")
@click.option("--engine", type=click.Choice(["velocity", "airspeed"]), default="velocity", show_default=True)
@click.option(
    "--jsonpath", type=click.Choice(["jayway", "jayway-2.0", "jsonpath-ng"]), default="jayway", show_default=True
)
def command(
    definitions: tuple[str, ...],
    backend: str | None,
    backends: str | None,
    functions: tuple[str, ...],
    aws_endpoint: str | None,
    vpc_link: tuple[str, ...],
    host: str,
    port: int,
    base_path: str,
    stage: tuple[str, ...],
    api: str | None,
    parameter: tuple[str, ...],
    allow_host: tuple[str, ...],
    record: str | None,
    journal: str | None,
    no_journal: bool,
    no_mask: bool,
    quiet: bool,
    engine: Any,
    jsonpath: Any,
) -> int:
    r"""Serve DEFINITION on http://127.0.0.1:8080/STAGE/... and tell what happens on /_vtlsim/.

    \b
    vtlsim serve openapi.yaml --backend http://localhost:9000
    vtlsim serve orders=orders.yaml users=users.yaml --backends backends.yaml
    vtlsim serve template.yaml --lambda orders=app:handler --aws-endpoint http://localhost:4566

    Without a DEFINITION there is only API Gateway's own API, for the AWS CLI and SDKs, to make APIs with. Files are
    read again when they change. Nothing reaches AWS unless --aws-endpoint says where. Ctrl-C stops.
    """
    try:
        import aiohttp  # noqa: F401 - only whether it is there
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise Stopped(4, f"error: {error.name} is not installed\n  help: pip install 'vtlsim[server]'") from None
    plane = _control_plane()
    if plane is None and not definitions:
        raise click.UsageError(
            "give a definition to serve; without one vtlsim serves API Gateway's own API alone, "
            "for which botocore is needed: pip install 'vtlsim[aws]'"
        )
    from vtlsim.surfaces.server.dataplane import Settings
    from vtlsim.surfaces.server.journal import default_file
    from vtlsim.surfaces.server.running import Options

    watched = _watched(definitions, base_path.strip("/"), api, dict(reading.assignments("--parameter", parameter)))
    backing = _backing(backend, backends, functions, aws_endpoint, vpc_link)
    for each in watched:
        if not each.read().can_be_served:
            raise Stopped(4, "\n".join(trouble.text for trouble in each.troubles))
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}"
    file = None if no_journal else Path(journal) if journal else default_file([each.definition for each in watched])
    options = Options(
        host=host,
        backing=backing,
        stages=stage,
        settings=Settings(address, engine, jsonpath, not no_mask),
        allowed_hosts=allow_host,
        journal=file,
        record=None if record is None else Path(record),
        beside=os.name == "posix",  # elsewhere a process inherits no socket
    )
    running = _running(watched, options, plane, lines=not quiet)
    running.mount_all()
    _print(running)
    return _run(running, listening)


def _control_plane() -> ControlPlane | None:
    """API Gateway's own API; None without botocore, which knows it."""
    try:
        import botocore  # noqa: F401 - only whether it is there
    except ImportError:
        return None
    from vtlsim.surfaces.control.app import ControlPlane

    return ControlPlane()


def _running(watched: list[Watched], options: Options, plane: ControlPlane | None, *, lines: bool) -> Running:
    from vtlsim.surfaces.server.running import Running

    if plane is None:
        return Running(watched, options, writing.complain, lines=lines)
    from vtlsim.surfaces.control.app import router
    from vtlsim.surfaces.control.mounting import join

    running = Running(watched, options, writing.complain, lines=lines, routers=[router(plane)])
    join(running, plane)
    return running


def _watched(
    definitions: tuple[str, ...], base_path: str, api: str | None, parameters: dict[str, str]
) -> list[Watched]:
    from vtlsim.surfaces.server.reload import Watched

    made = []
    for given in definitions:
        base, equals, name = given.partition("=")
        if not equals or Path(given).exists():
            base, name = base_path, given
        if "/" in base or (base and not base.isprintable()):
            raise click.UsageError(f"{base!r} is no base path: give one segment")
        made.append(Watched(defining.file_of(name), base, api, parameters or None))
    bases = [each.base for each in made if each.base]
    for base in bases:
        if bases.count(base) > 1:
            raise click.UsageError(
                f"two definitions have the base path {base!r}: give each its own, as BASE=DEFINITION"
            )
    return made


def _backing(
    backend: str | None,
    backends: str | None,
    functions: tuple[str, ...],
    aws_endpoint: str | None,
    vpc_link: tuple[str, ...],
) -> Backing:
    from vtlsim.surfaces.backends import BackendError
    from vtlsim.surfaces.lambdas import runnable, split_name
    from vtlsim.surfaces.server.backing import Backing, backend_of, base_url, rules_of

    links = dict(reading.assignments("--vpc-link", vpc_link))
    try:
        return Backing(
            None if backend is None else backend_of(backend, Path.cwd()),
            () if backends is None else rules_of(Path(backends)),
            None if aws_endpoint is None else base_url(aws_endpoint),
            {name: runnable(what, Path.cwd()) for name, what in map(split_name, functions)},
            {name: base_url(url) for name, url in links.items()},
        )
    except BackendError as error:
        raise Stopped(4, f"error: {error}") from None


def _listen(host: str, port: int) -> socket:
    import socket as sockets

    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    # asyncio sends small pieces at once only on sockets that say that they are TCP, which create_server's do not.
    made = sockets.socket(family, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)
    try:
        made.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(1024)
    except OSError as error:
        made.close()
        reason = (error.strerror or str(error)).lower()
        hint = "\n  help: another server runs there; --port 0 takes a free port" if error.errno == EADDRINUSE else ""
        raise Stopped(4, f"error: {host}:{port}: {reason}{hint}") from None
    return made


def _print(running: Running) -> None:
    from vtlsim.surfaces.server.running import routes

    address = running.settings.address
    for watched in running.definitions:
        for trouble in watched.troubles:
            writing.complain(trouble.text)
    lines = []
    for mount in running.mounts:
        for stage in mount.stages:
            start = "/".join(part for part in (address, mount.base, stage) if part)
            lines.append(f"{mount.name or 'api'}: {start}/")
        found = routes(mount.api)
        width = max((len(path) for _, path, _, _ in found), default=0)
        lines += [
            f"  {method:<7} {path:<{width}}  {kind:<10}  {templates}".rstrip()
            for method, path, kind, templates in found
        ]
    if running.journal_note is not None:
        writing.complain(f"warning: {running.journal_note}")
    if running.is_control is not None:
        lines.append(f"API Gateway's own API: aws apigateway get-rest-apis --endpoint-url {address}")
    lines.append(f"what happens: {address}/_vtlsim/")
    writing.product("\n".join(lines) + "\n")


def _run(running: Running, listening: socket) -> int:
    import asyncio

    from vtlsim.surfaces.server import collector

    collector.settle()
    try:
        asyncio.run(running.serve([listening]))
    finally:
        listening.close()
    return 0
