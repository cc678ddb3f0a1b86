"""HTTP messages as people read them: what is sent to a backend, and what the client gets.

What may live here: the layout of a request and of a response. Bodies that are no text are told by their size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtlsim.explain.excerpt import printable
from vtlsim.explain.phrases import size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vtlsim.gateway.model import IntegrationRequest


def request(sent: IntegrationRequest) -> str:
    """Method and whole URI, headers, an empty line, the body."""
    return _message(f"{sent.method} {sent.uri}", sent.headers, sent.body)


def response(status: int, headers: Iterable[tuple[str, str]], body: str | bytes) -> str:
    """The status line, headers, an empty line, the body."""
    from http import HTTPStatus

    try:
        phrase = f" {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = ""
    return _message(f"HTTP/1.1 {status}{phrase}", headers, body)


def _message(first: str, headers: Iterable[tuple[str, str]], body: str | bytes) -> str:
    lines = [printable(first)]
    lines += (printable(f"{name}: {value}") for name, value in headers)
    if body:
        lines.append("")
        lines.append(body if isinstance(body, str) else f"[Binary Data] ({size(len(body))})")
    text = "\n".join(lines)
    return text if text.endswith("\n") else text + "\n"
