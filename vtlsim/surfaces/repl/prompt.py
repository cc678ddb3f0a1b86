"""The session in a terminal, or in a pipe.

What may live here: prompt_toolkit, the plain fallback where it is absent or there is no terminal, colours and history.
What a line means is the session's.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Final

from vtlsim.surfaces.cli.writing import wants_colour
from vtlsim.surfaces.repl.completion import candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vtlsim.surfaces.repl.session import Reply, Session

_COLOURS: Final = {"error": "\x1b[31m", "note": "\x1b[36m", "output": ""}
_END: Final = "\x1b[0m"


def run(session: Session, *, greet: bool = True) -> int:
    """Reads lines until the session or its input ends; 0, or 1 when the input was a pipe and a line of it failed."""
    terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    read = _reader(session) if terminal else _piped()
    if terminal and greet:
        _say("vtlsim: every line is VTL; :help lists the commands, Ctrl-D ends", "note")
    failed = False
    while True:
        if terminal:
            session.width = get_terminal_size((80, 24)).columns
        try:
            line = read(session.prompt)
        except KeyboardInterrupt:
            session.interrupt()
            continue
        except EOFError:
            break
        reply = _fed(session, line)
        if reply is None:
            _say("interrupted", "note")
            continue
        show(reply)
        failed = failed or reply.kind == "error"
        if reply.done:
            break
    return 1 if failed and not terminal else 0


def _fed(session: Session, line: str) -> Reply | None:
    """The reply to a line; None when Ctrl-C ended it."""
    try:
        return session.feed(line)
    except KeyboardInterrupt:
        session.interrupt()
        return None


def show(reply: Reply) -> None:
    """Prints a reply: output as it is, what is said about it in colour."""
    if reply.text:
        _say(reply.text, reply.kind)
    if reply.note:
        _say(reply.note, "note")


def _say(text: str, kind: str) -> None:
    stream = sys.stderr if kind == "error" and not sys.stdout.isatty() else sys.stdout
    colour = _COLOURS[kind] if wants_colour(stream) else ""
    ending = "" if text.endswith("\n") else "\n"
    shown = text if stream.encoding is None else text.encode(stream.encoding, "replace").decode(stream.encoding)
    stream.write(f"{colour}{shown}{_END if colour else ''}{ending}")
    stream.flush()


def _piped() -> Callable[[str], str]:
    lines: Iterator[str] = iter(sys.stdin or ())

    def read(prompt: str) -> str:
        del prompt
        for line in lines:
            return line
        raise EOFError

    return read


def history_file() -> Path:
    """Where the lines of earlier sessions are kept: ``$XDG_STATE_HOME/vtlsim/history``."""
    state = os.environ.get("XDG_STATE_HOME")
    folder = Path(state) if state else Path.home() / ".local" / "state"
    return folder / "vtlsim" / "history"


def _reader(session: Session) -> Callable[[str], str]:
    """What reads a line from a terminal, with history and completion as far as they can be had."""
    history = history_file()
    try:
        history.parent.mkdir(parents=True, exist_ok=True)
        history.touch()
    except OSError:
        history = Path(os.devnull)
    try:
        import prompt_toolkit  # noqa: F401 - whether it is there
    except ImportError:
        return _plain(session, history)
    return _rich(session, history)


def _plain(session: Session, history: Path) -> Callable[[str], str]:
    try:
        import readline
    except ImportError:
        return input
    import atexit

    with suppress(OSError):
        readline.read_history_file(history)
    found: list[str] = []

    def complete(text: str, state: int) -> str | None:
        if state == 0:
            before = readline.get_line_buffer()[: readline.get_endidx()]
            found[:] = [text[: len(text) - count] + name for name, count in candidates(session, before)]
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n")
    readline.parse_and_bind("tab: complete")
    atexit.register(_keep, readline, history)
    return input


def _keep(readline: Any, history: Path) -> None:
    with suppress(OSError):
        readline.set_history_length(1_000)
        readline.write_history_file(history)


def _rich(session: Session, history: Path) -> Callable[[str], str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.history import FileHistory, InMemoryHistory
    from prompt_toolkit.output import ColorDepth

    class Candidates(Completer):
        """What the session knows."""

        def get_completions(self, document: Any, complete_event: Any) -> Iterator[Completion]:
            """The candidates before the cursor."""
            del complete_event
            for name, count in candidates(session, document.text_before_cursor):
                yield Completion(name, start_position=-count)

    colour = wants_colour(sys.stdout)
    reader: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)) if str(history) != os.devnull else InMemoryHistory(),
        completer=Candidates(),
        complete_while_typing=False,
        lexer=_highlighting() if colour else None,
        color_depth=None if colour else ColorDepth.DEPTH_1_BIT,
        enable_history_search=True,
    )
    return reader.prompt


def _highlighting() -> Any:
    try:
        from prompt_toolkit.lexers import PygmentsLexer

        from vtlsim.surfaces.repl.lexer import LineLexer
    except ImportError:
        return None
    return PygmentsLexer(LineLexer)
