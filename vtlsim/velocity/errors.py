"""What can go wrong with a template, each with its place.

What may live here: exception types that carry facts. Their wording for people is explain's business; the message kept
here is the bare fact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vtlsim.velocity.source import Position, Source, Span


class VelocityError(Exception):
    """A template failed. ``span`` is the place in ``source``; ``str()`` is the bare fact without it."""

    def __init__(self, message: str, source: Source, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.span = span

    @property
    def position(self) -> Position:
        """Line and column at which the fault begins."""
        return self.source.position(self.span.start)


class TemplateSyntaxError(VelocityError):
    """The template does not parse. ``expected`` names what could have stood there, in the language's own words."""

    def __init__(self, message: str, source: Source, span: Span, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message, source, span)
        self.expected = expected


class RenderError(VelocityError):
    """The template parsed but its rendering was ended: by a method that threw, or by a bound."""


class LimitExceededError(RenderError):
    """A bound of :mod:`vtlsim.velocity.limits` ended the rendering. ``limit`` names it."""

    def __init__(self, message: str, source: Source, span: Span, limit: str) -> None:
        super().__init__(message, source, span)
        self.limit = limit
