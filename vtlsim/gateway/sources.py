"""What a parameter mapping's source holds for one exchange.

What may live here: looking values up, for the request's mapping, the response's and the gateway responses' alike. Which
targets they go to, and what an unreadable body means, is the stages' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from vtlsim.gateway import locations as at
from vtlsim.gateway.utf8 import text_of
from vtlsim.gateway.variables.method import ENTRY_DROPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vtlsim.gateway.findings import Absence
    from vtlsim.gateway.model import BackendResponse, MethodRequest, Surroundings

CONTEXT_NUMBERS: Final = "GW017"
"""Register: numbers and booleans of ``context.*`` are mapped as text, maps are not mapped."""

BODY_VALUES: Final = "GW018"
"""Register: a body path's number or boolean is mapped as text, an object or a list as compact JSON."""


class BodyUnreadableError(ValueError):
    """A mapping reads the body, which looks like JSON and is none. ``str()`` is the reader's word."""


class Found:
    """What a source held: ``values``, or None with the reason and a name that differs in case only."""

    __slots__ = ("absence", "codes", "near", "values")

    def __init__(
        self,
        values: tuple[str, ...] | None,
        absence: Absence | None = None,
        near: str | None = None,
        codes: tuple[str, ...] = (),
    ) -> None:
        self.values = values
        self.absence = absence
        self.near = near
        self.codes = codes


class Sources:
    """What one exchange can be asked for. ``context`` is made when the first ``context.*`` source asks."""

    __slots__ = ("_body", "_context", "_make_context", "_parsed", "around", "path", "request", "response", "stage")

    def __init__(
        self,
        request: MethodRequest,
        path_parameters: Mapping[str, str],
        stage_variables: Mapping[str, str],
        around: Surroundings,
        make_context: Callable[[], Mapping[str, object]],
        response: BackendResponse | None = None,
    ) -> None:
        self.request = request
        self.path = path_parameters
        self.stage = stage_variables
        self.around = around
        self.response = response
        self._make_context = make_context
        self._context: Mapping[str, object] | None = None
        self._body: object = None
        self._parsed = False

    @property
    def context(self) -> Mapping[str, object]:
        """``$context`` as plain values, made when it is first asked for."""
        if self._context is None:
            self._context = self._make_context()
        return self._context

    def find(self, source: at.Source) -> Found:
        """The values of a source. Raises BodyUnreadableError."""
        match source:
            case at.RequestParameter():
                return self._parameter(source)
            case at.Static(text):
                return Found((text,)) if text else Found(None, "empty")
            case at.ResponseHeader(name, multiple):
                pairs = () if self.response is None else self.response.headers.pairs
                return _named(pairs, name, all_values=multiple, joined=True)
            case at.StageVariable(name):
                value = self.stage.get(name)
                return Found((value,)) if value else Found(None, "absent" if value is None else "empty")
            case at.ContextValue(steps):
                return self._context_value(steps)
            case at.RequestBody(path) | at.ResponseBody(path):
                return self._body_value(path)
            case _:
                assert_never(source)

    def _parameter(self, source: at.RequestParameter) -> Found:
        place, name = source
        match place:
            case "header":
                return _named(self._visible(name), name, all_values=False, joined=False)
            case "multivalueheader":
                return _named(self._visible(name), name, all_values=True, joined=True)
            case "querystring":
                return _named(self.request.query, name, all_values=False, joined=False)
            case "multivaluequerystring":
                return _named(self.request.query, name, all_values=True, joined=False)
            case "path":
                return _named(tuple(self.path.items()), name, all_values=False, joined=False)
            case _:
                assert_never(place)

    def _visible(self, name: str) -> tuple[tuple[str, str], ...]:
        """The header fields among which one of that name is looked for: none when API Gateway takes it off."""
        return () if name.lower() in ENTRY_DROPPED else self.request.headers.pairs

    def _context_value(self, steps: tuple[str, ...]) -> Found:
        value: object = self.context
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
            if value is None:
                return Found(None, "absent")
        if isinstance(value, str):
            return Found((value,)) if value else Found(None, "empty")
        if isinstance(value, dict | list):
            return Found(None, "not_text", codes=(CONTEXT_NUMBERS,))
        from vtlsim.values.text import text

        return Found((text(value),), codes=(CONTEXT_NUMBERS,))

    def _body_value(self, path: str | None) -> Found:
        data = self.request.body if self.response is None else self.response.body
        body = text_of(data).strip() or "{}"
        document = self._document(body)
        if path is None:
            return Found((body,))
        from vtlsim.jsonpath import JsonPathError, engine

        try:
            value = engine(self.around.jsonpath)(path).read(document)
        except JsonPathError:
            return Found(None, "no_such_path")
        if value is None:
            return Found(None, "empty")
        if isinstance(value, str):
            return Found((value,)) if value else Found(None, "empty")
        from vtlsim.values.json_writer import write

        return Found((write(value),), codes=(BODY_VALUES,))

    def _document(self, body: str) -> object:
        if not self._parsed:
            if body[0] in "{[\"'":
                from vtlsim.values.json_reader import JsonError, read

                try:
                    self._body = read(body)
                except JsonError as error:
                    raise BodyUnreadableError(str(error)) from error
            else:
                self._body = body
            self._parsed = True
        return self._body


def _named(pairs: tuple[tuple[str, str], ...], name: str, *, all_values: bool, joined: bool) -> Found:
    values = tuple([value for each, value in pairs if each == name])
    if not values:
        folded = name.lower()
        for each, _ in pairs:
            if each.lower() == folded:
                return Found(None, "other_case", each)
        return Found(None, "absent")
    if not all_values:
        values = values[-1:]
    elif joined:
        values = (",".join(values),)
    return Found(values) if any(values) else Found(None, "empty")
