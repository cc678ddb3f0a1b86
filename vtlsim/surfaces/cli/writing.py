"""What a command writes: the product to stdout, everything else to stderr.

What may live here: bytes and the two streams. A reader that goes away (`vtlsim ... | head`) is no fault: what it no
longer wants is dropped. Colour is for terminals, and `NO_COLOR` is honoured.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from vtlsim.gateway.utf8 import bytes_of

_COLOURS: Final = {"error": "31;1", "warning": "33;1", "note": "36", "help": "32", "rerun": "36"}


def product(content: str | bytes) -> None:
    """Writes what the command was asked for, exactly; text as UTF-8, a lone surrogate as ``?``, as Java writes it."""
    data = content if isinstance(content, bytes) else bytes_of(content)
    if sys.stdout is None:
        raise OSError("stdout is closed")
    try:
        buffer = getattr(sys.stdout, "buffer", None)
        if buffer is None:
            sys.stdout.write(data.decode("utf-8", "replace"))
        else:
            sys.stdout.flush()
            buffer.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()
    except OSError as error:
        _stop_writing()
        raise OSError(f"stdout: {error.strerror or error}") from None


def last_line(text: str) -> str:
    """A line end, where a text without one would leave a terminal's prompt on the same line."""
    return "\n" if not text.endswith("\n") and sys.stdout is not None and sys.stdout.isatty() else ""


def complain(text: str) -> None:
    """Writes a diagnostic to stderr, with a line end; the kinds of its lines in colour where there is a terminal."""
    stream = sys.stderr
    if stream is None or not text:
        return
    if wants_colour(stream):
        text = "\n".join(_coloured(line) for line in text.split("\n"))
    try:
        stream.write(text.encode("utf-8", "replace").decode(stream.encoding or "utf-8", "replace") + "\n")
        stream.flush()
    except (OSError, ValueError):
        return


def wants_colour(stream: object) -> bool:
    """True for a terminal, unless ``NO_COLOR`` is set to anything or ``TERM`` is ``dumb``."""
    is_terminal = getattr(stream, "isatty", None)
    return (
        not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
        and is_terminal is not None
        and bool(is_terminal())
    )


def _coloured(line: str) -> str:
    for kind, colour in _COLOURS.items():
        at = line.find(f"{kind}: ")
        if at >= 0:
            return f"{line[:at]}\x1b[{colour}m{kind}:\x1b[0m{line[at + len(kind) + 1 :]}"
    if line.strip(" |^") == "" and "^" in line:
        at = line.index("^")
        return f"{line[:at]}\x1b[31;1m{line[at:]}\x1b[0m"
    return line


def _stop_writing() -> None:
    """Points stdout at nothing, so that the interpreter's own last flush stays quiet too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    finally:
        os.close(nowhere)
