"""What a case is: the request, what it meets, and what is expected of it.

What may live here: immutable types and the names of the case file's members. Reading a file into them is load.py's,
holding an outcome against an expectation verdict.py's, making the outcome the surfaces'.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vtlsim.gateway.model import BackendFailure, BackendResponse, EngineName, JsonPathName, Phase

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

ENDINGS: Final = (".vtltest.yaml", ".vtltest.yml", ".vtltest.json")
"""How the name of a case file ends."""

TEMPLATE_SIGNS: Final = frozenset("\n$#{")
"""What makes the text under ``template`` a template rather than the name of its file."""


class Absent:
    """Nothing is expected: JSON's null is a value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


class ExpectedError(NamedTuple):
    """A rendering that must fail. What is None may be anything; ``message`` is a part of the message."""

    line: int | None = None
    column: int | None = None
    message: str | None = None


class Text(NamedTuple):
    """What a text (an output, a body) must be. Each part that is set must hold.

    ``json`` is compared as JSON; ``strict`` False lets objects have further members. ``regex`` must be found in the
    text, each of ``contains`` must be part of it.
    """

    json: Any = ABSENT
    text: str | None = None
    regex: str | None = None
    contains: tuple[str, ...] = ()
    valid_json: bool | None = None
    strict: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked."""
        return (
            self.json is ABSENT
            and self.text is None
            and self.regex is None
            and not self.contains
            and self.valid_json is None
        )


class ExpectedMessage(NamedTuple):
    """What an integration request or a client's answer must be.

    ``headers`` maps names (in any case) to their value, to None for a header that must not be there. ``query`` maps
    names to one value or several.
    """

    method: str | None = None
    uri: str | None = None
    status: int | None = None
    headers: Mapping[str, str | None] = NOTHING
    query: Mapping[str, str | tuple[str, ...]] = NOTHING
    body: Text = Text()


class Expectation(NamedTuple):
    """What must come of a case. ``body`` is about the output of a template; of a definition, about the client's answer
    or, where there is none, the integration request's body.
    """

    body: Text = Text()
    snapshot: bool = False
    error: ExpectedError | None = None
    status: int | None = None
    overrides: Mapping[str, Any] | None = None
    integration_request: ExpectedMessage | None = None
    response: ExpectedMessage | None = None


class Mark(NamedTuple):
    """A mark of pytest: ``skip``, ``xfail`` and the like, with its arguments by name."""

    name: str
    arguments: Mapping[str, Any] = NOTHING


class Case(NamedTuple):
    """One case.

    ``file`` and ``line`` are where it stands. Either ``template`` (a file's path beside ``file``, or the text itself,
    see :attr:`template_is_text`) or ``definition`` (a file beside it) is set. ``path`` is the request's path, with its
    query string; ``path_parameters`` are given ones. ``body`` is the payload's text.
    """

    name: str
    file: str
    line: int
    template: str | None = None
    definition: str | None = None
    phase: Phase = "request"
    api: str | None = None
    method: str = "POST"
    path: str = "/"
    stage: str | None = None
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    path_parameters: Mapping[str, str] = NOTHING
    stage_variables: Mapping[str, str] | None = None
    context: Mapping[str, Any] = NOTHING
    variables: Mapping[str, Any] = NOTHING
    engine: EngineName = "velocity"
    jsonpath: JsonPathName = "jayway"
    backend: BackendResponse | BackendFailure | None = None
    marks: tuple[Mark, ...] = ()
    expect: Expectation = Expectation()

    @property
    def id(self) -> str:
        """``file::name``: what a person types to mean this case."""
        return f"{self.file}::{self.name}"

    @property
    def template_is_text(self) -> bool:
        """Whether ``template`` is a template's text."""
        return self.template is not None and not TEMPLATE_SIGNS.isdisjoint(self.template)
