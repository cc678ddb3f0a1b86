"""The definition that a command is given: its options, and what is said of its faults.

What may live here: the options that every command with a definition has, reading it from a file, a project's folder or
stdin, and its problems on stderr (and on stdout, where JSON was asked for).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from vtlsim.surfaces.cli import Stopped, reading, writing

if TYPE_CHECKING:
    from vtlsim.config.definition import AmbiguousApi, Loaded
    from vtlsim.surfaces.files import Folder
    from vtlsim.surfaces.library import Api, DefinitionError

API: Final = click.option("--api", metavar="NAME", help="Which API, where the definition has several.")
PARAMETER: Final = click.option(
    "--parameter",
    "--opt",
    "parameter",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of CloudFormation, SAM or CDK, or an option of serverless; repeatable.",
)


def file_of(definition: str) -> str:
    """The file that is meant: a folder stands for the definition that a project keeps in it. Raises Stopped(4)."""
    from pathlib import Path

    from vtlsim.surfaces.files import NoDefinitionError, definition_in

    path = Path(definition)
    try:
        found = definition_in(path)
    except NoDefinitionError as error:
        raise Stopped(4, f"error: {reading.shown(definition)}: {error}") from None
    except (OSError, ValueError):
        return definition  # what is wrong with it is told by who opens it
    return definition if found is path else str(found)


def load(
    definition: str, api: str | None, parameters: dict[str, str], stage: str | None = None, *, as_json: bool = False
) -> Api:
    """The Api of a definition; its warnings go to stderr. Raises Stopped(4) with all of its faults.

    With ``as_json`` the faults are on stdout too, as ``{"problems": [...]}``. serverless' own stage is ``stage``.
    """
    from pathlib import Path

    from vtlsim.config.definition import Loaded
    from vtlsim.explain.problems import page
    from vtlsim.surfaces.files import Folder
    from vtlsim.surfaces.library import DefinitionError, accepted

    file = definition if definition == "-" else file_of(definition)
    name = "stdin" if file == "-" else file
    folder = Folder(Path.cwd() if file == "-" else Path(file).parent)
    text = reading.text(file)
    found = _read(text, name, folder, parameters, api)
    if stage is not None and "stage" not in parameters and isinstance(found, Loaded) and found.format == "serverless":
        # The framework's --stage, which its ${opt:stage} and ${sls:stage} are.
        given = {**parameters, "stage": stage}
        found = _read(text, name, folder, given, api)
    try:
        loaded = accepted(found, reading.shown(file))
    except DefinitionError as error:
        if as_json:
            _print(error)
        hint = "\n  help: --api NAME" if error.names else ""
        raise Stopped(4, f"{error}{hint}") from None
    if loaded.warnings:
        writing.complain(page(loaded.warnings))
    return loaded


def _read(text: str, name: str, folder: Folder, parameters: dict[str, str], api: str | None) -> Loaded | AmbiguousApi:
    import gc
    import os

    from vtlsim.config.definition import load_definition

    # A document of megabytes becomes a million objects, none of them garbage: looking for some takes as long again.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return load_definition(text, name, folder, parameters=parameters, environment=os.environ, api=api)
    finally:
        if was_enabled:
            gc.enable()


def _print(error: DefinitionError) -> None:
    import json

    from vtlsim.explain.problems import record

    answer: dict[str, object] = {"problems": record(error.problems)}
    if error.message:
        answer["error"] = error.message.removeprefix("error: ")
    if error.names:
        answer["apis"] = list(error.names)
    writing.product(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
