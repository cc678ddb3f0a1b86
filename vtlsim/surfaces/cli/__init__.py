"""The command `vtlsim`: which commands there are, and how a run ends.

What may live here: the list of commands, each a module of this package that is imported when it is called, and the one
place that turns what happened into an exit code. Start-up is a feature: nothing is imported here but click.

Exit codes: 0 ok; 1 a mismatch or finding; 2 usage; 3 the template failed; 4 a definition or I/O; 130 interrupted.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

import click

COMMANDS: Final = ("render", "invoke", "test", "repl", "serve", "jsonpath", "import-log", "explain")
"""In the order in which help lists them; each is ``command`` of the module of that name beside this file."""


class Stopped(Exception):  # noqa: N818 - the end of a run, not a fault in it
    """Ends the run: a diagnostic for stderr (without colour or line end), and the exit code."""

    def __init__(self, exit_code: int, diagnostic: str) -> None:
        super().__init__(diagnostic)
        self.exit_code = exit_code
        self.diagnostic = diagnostic


def _print_help(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from vtlsim.surfaces.cli.writing import product

        product(context.get_help() + "\n")
        context.exit()


HELP: Final = click.Option(
    ["-h", "--help"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_help,
    help="Show this message and exit.",
)
"""click's own looks for translations on the disk when it is made, which is at every start."""


class Command(click.Command):
    """A command with our help option, whose short options cost no detour.

    click looks a short option up among the long ones first and makes an error of not finding it there, with a search
    for similar names and for translations, at every ``-b``.
    """

    def make_parser(self, ctx: click.Context) -> Any:
        """The parser of click, with the short options among the long ones, where this click has them as expected."""
        parser = super().make_parser(ctx)
        long: dict[str, object] = getattr(parser, "_long_opt", {})
        for name, option in getattr(parser, "_short_opt", {}).items():
            long.setdefault(name, option)
        return parser

    def get_help_option(self, ctx: click.Context) -> click.Option | None:  # noqa: ARG002 - click's signature
        """The one option that every command has."""
        return HELP


class Commands(click.Group):
    """A group that imports a command's module when the command is called, or when help lists them all."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command's name."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"vtlsim.surfaces.cli.{cmd_name.replace('-', '_')}").command
        return command

    def get_help_option(self, ctx: click.Context) -> click.Option | None:  # noqa: ARG002 - click's signature
        """The one option that every command has."""
        return HELP

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click resolves it, with the nearest name where there is none."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are {', '.join(COMMANDS)}."
            ctx.fail(f"No such command {name!r}.{hint}")
        return super().resolve_command(ctx, args)


def _print_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from vtlsim import __version__
        from vtlsim.surfaces.cli.writing import product

        product(f"vtlsim {__version__}\n")
        context.exit()


@click.group(cls=Commands)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def vtlsim() -> None:
    """Amazon API Gateway mapping templates, rendered offline as the service renders them, and why."""


def run(arguments: list[str] | None = None) -> int:
    """Runs one command line (default: the process's) and gives its exit code; writes to stdout and stderr."""
    from vtlsim.surfaces.cli.writing import complain

    try:
        code = vtlsim.main(arguments, prog_name="vtlsim", standalone_mode=False)
    except Stopped as stopped:
        complain(stopped.diagnostic)
        return stopped.exit_code
    except click.UsageError as error:
        error.show()
        return 2
    except click.ClickException as error:
        complain(f"error: {error.format_message()}")
        return 4
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        return 0
    except RecursionError:
        complain("error: the input is nested too deeply")
        return 4
    except OSError as error:
        complain(f"error: {error}")
        return 4
    except Exception as error:  # a fault of ours is told in a line; the traceback is for those who ask
        import os

        if os.environ.get("VTLSIM_TRACEBACK"):
            raise
        complain(f"error: vtlsim itself failed: {type(error).__name__}: {error}")
        complain("  note: please report it, with what VTLSIM_TRACEBACK=1 prints")
        return 4
    return code if isinstance(code, int) else 0


def main() -> None:
    """The console script."""
    code = run()
    import atexit
    import os

    if atexit._ncallbacks():  # noqa: SLF001 - somebody (coverage, a debugger) waits for the end: give it one
        sys.exit(code)
    # Everything is written. The interpreter's tidying-up would take as long as two starts of it.
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
