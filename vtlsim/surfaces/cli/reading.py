"""What a command is given: files, stdin, and options of the form ``name=value``.

What may live here: turning argv and files into values that the library takes, with a fault of one line where that is
not possible.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from vtlsim.surfaces.cli import Stopped

if TYPE_CHECKING:
    from collections.abc import Sequence


def content(name: str) -> bytes:
    """A file's bytes, or stdin's for ``-``. Raises Stopped(4) with one line."""
    try:
        if name == "-":
            if sys.stdin is None:
                raise Stopped(4, "error: stdin is closed")
            return sys.stdin.buffer.read()
        with open(name, "rb") as file:  # noqa: PTH123 - pathlib is not needed to read a file
            return file.read()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Stopped(4, f"error: {shown(name)}: {reason}") from None


def text(name: str) -> str:
    """A file of UTF-8 text, or stdin for ``-``; a byte order mark at its head is no part of it. Raises Stopped(4)."""
    data = content(name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Stopped(4, f"error: {shown(name)}:{line}: not UTF-8 at byte {error.start}") from None


def shown(name: str) -> str:
    """A file's name on one line, whatever bytes it is made of."""
    if name == "-":
        return "stdin"
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


def payload(option: str | None) -> bytes | str | None:
    """``-b``: the body itself, ``@FILE``, or ``-`` for stdin."""
    if option is None:
        return None
    if option in {"-", "@-"}:
        return content("-")
    if option.startswith("@"):
        return content(option[1:])
    return _argument(option)


def _argument(value: str) -> str | bytes:
    """An argument as typed; its bytes where they are no UTF-8."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape")
    return value


def headers(values: Sequence[str]) -> list[tuple[str, str]]:
    """``-H 'Name: value'``, in the order given, names as typed. Raises UsageError."""
    pairs = []
    for value in values:
        name, colon, rest = value.partition(":")
        if not colon or not name.strip():
            raise click.UsageError(f"-H {value!r}: a header is given as 'Name: value'")
        pairs.append((name.strip(), rest.strip(" \t")))
    return pairs


def assignments(flag: str, values: Sequence[str]) -> list[tuple[str, str]]:
    """``name=value``, in the order given; the value may be empty and may hold ``=``. Raises UsageError."""
    pairs = []
    for value in values:
        name, equals, rest = value.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{flag} {value!r}: give it as name=value")
        pairs.append((name, rest))
    return pairs


def only_one_stdin(**inputs: str | None) -> None:
    """Stdin can be read once. Raises UsageError when two inputs are ``-``."""
    asking = [name for name, value in inputs.items() if value in {"-", "@-"}]
    if len(asking) > 1:
        raise click.UsageError(f"stdin can be read once, and {' and '.join(asking)} both ask for it")


def mapping(name: str) -> dict[str, object]:
    """A file that holds one JSON object. Raises Stopped(4)."""
    import json

    read = text(name)
    try:
        found = json.loads(read)
    except json.JSONDecodeError as error:
        place = f"{shown(name)}:{error.lineno}:{error.colno}"
        raise Stopped(4, f"error: {place}: not JSON: {error.msg}") from None
    except RecursionError:
        raise Stopped(4, f"error: {shown(name)}: nested too deeply") from None
    if not isinstance(found, dict):
        raise Stopped(4, f"error: {shown(name)}: not a JSON object")
    return found
