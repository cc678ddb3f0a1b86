"""``$input``: the payload and the parameters of the method request.

What may live here: the object that templates see under that name. The payload is parsed once, when a path first needs
it, and is live: what a template changes in it shows in a later ``$input.json``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from vtlsim.values.objects import JavaException, JavaObject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vtlsim.jsonpath import Engine, EvaluationError, JsonPathError, PathNotFoundError
    from vtlsim.values.json_reader import JsonError

EMPTY_BODY: Final = "{}"
"""What an empty payload reads as, in both phases. Recorded on AWS for ``$input.body``."""

NOTHING_AS_JSON: Final = '""'
"""``$input.json`` of a missing path or of null: two quotation marks. Seen on AWS's console (GW003)."""

ILLEGAL_ARGUMENT: Final = "java.lang.IllegalArgumentException"
INVALID_PATH: Final = "com.jayway.jsonpath.InvalidPathException"
INVALID_JSON: Final = "com.jayway.jsonpath.InvalidJsonException"


class Input(JavaObject):
    """``$input`` of one rendering.

    ``parameters`` is ``{"path": {…}, "querystring": {…}, "header": {…}}``. ``unreadable`` is set when a path needed
    the payload and json-smart refused it, ``missing_as_json`` when ``$input.json`` found nothing.
    """

    __slots__ = ("_compile", "_document", "_parsed", "body", "missing_as_json", "parameters", "unreadable")

    java_class: ClassVar[str] = "com.amazonaws.apigateway.Input"

    def __init__(self, body: str, parameters: dict[str, dict[str, object]], compile_path: Engine) -> None:
        self.body = body or EMPTY_BODY
        self.parameters = parameters
        self.unreadable: JsonError | None = None
        self.missing_as_json = False
        self._compile = compile_path
        self._document: object = None
        self._parsed = False

    @property
    def document(self) -> object:
        """The payload as values, parsed at the first use. Raises JavaException when it cannot be."""
        if not self._parsed:
            from vtlsim.values.json_reader import JsonError, read

            try:
                self._document = read(self.body)
            except JsonError as error:
                self.unreadable = error
                raise JavaException(INVALID_JSON, str(error)) from error
            self._parsed = True
        return self._document

    def path(self, expression: object) -> object:
        """``$input.path(x)``: the value, None where there is none."""
        if expression is not None and type(expression) is not str:
            return None  # no such method: a path is a String
        if not expression:
            raise JavaException(ILLEGAL_ARGUMENT, "path can not be null or empty")
        document = self.document
        if document is None:
            raise JavaException(ILLEGAL_ARGUMENT, "json object can not be null")
        try:
            return self._compile(expression).read(document)
        except _path_errors()[0]:
            return None
        except _path_errors()[1] as error:
            raise JavaException(error.java_class, error.message) from error
        except _path_errors()[2] as error:
            raise JavaException(INVALID_PATH, error.message) from error

    def json(self, expression: object) -> object:
        """``$input.json(x)``: the value as compact JSON text."""
        if expression is not None and type(expression) is not str:
            return None
        value = self.path(expression)
        if value is None:
            self.missing_as_json = True
            return NOTHING_AS_JSON
        from vtlsim.values.json_writer import write

        return write(value)

    def all_params(self) -> object:
        """``$input.params()``"""
        return self.parameters

    def params(self, name: object) -> object:
        """``$input.params(x)``: path, then query string, then header; nothing is the empty string."""
        if name is not None and type(name) is not str:
            # Velocity 1.7 takes a method without parameters for one that fits any arguments, and then fails to call it
            raise JavaException(ILLEGAL_ARGUMENT, "wrong number of arguments")
        for values in self.parameters.values():
            value = values.get(name)  # type: ignore[arg-type] # a null key is a key that no map has
            if value is not None:
                return value
        return ""

    def java_text(self) -> str:
        """Nothing: GW004."""
        return ""

    def _body(self) -> str:
        return self.body

    methods: ClassVar[Mapping[tuple[str, int], Callable[..., object]]] = {
        ("path", 1): path,
        ("json", 1): json,
        ("params", 0): all_params,
        ("params", 1): params,
        ("getBody", 0): _body,  # what Velocity calls for $input.body
    }
    properties: ClassVar[Mapping[str, Callable[..., object]]] = {"body": _body}


@cache
def _path_errors() -> tuple[type[PathNotFoundError], type[EvaluationError], type[JsonPathError]]:
    """How reading a path can end, asked for when it has."""
    from vtlsim.jsonpath import EvaluationError, JsonPathError, PathNotFoundError

    return PathNotFoundError, EvaluationError, JsonPathError
