"""A path that was parsed, and where parsed paths are kept.

What may live here: JsonPath, ``compile`` and its caches, and the engines by name. What the room raises inside becomes
its public errors here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from vtlsim.jsonpath.errors import EvaluationError, InvalidPathError, LimitError, Malformed, PathNotFoundError
from vtlsim.jsonpath.limits import CACHED_PATHS, PATH_CHARACTERS
from vtlsim.jsonpath.plain import PlainSteps, plain_steps, plain_steps_of, read_plain
from vtlsim.jsonpath.reading import Bounds, Invalid, LimitReached, NotFound, Reading, Thrown
from vtlsim.values.objects import JavaException

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.jsonpath.nodes import Path


class CompiledPath(Protocol):
    """What every engine makes of a path."""

    @property
    def path(self) -> str:
        """The path as given."""

    @property
    def definite(self) -> bool:
        """Whether the path finds one value or none."""

    def read(self, document: Any) -> Any:
        """The value, or the JSONArray of values. Raises PathNotFoundError, InvalidPathError, EvaluationError."""


Engine: TypeAlias = "Callable[[str], CompiledPath]"


class _Reader(Protocol):
    """What a set of rules makes of a path."""

    definite: bool
    text: str

    def read(self, value: object, reading: Reading) -> object: ...


class JsonPath:
    """A parsed path. Its text, ``str()``, is the path as Jayway prints it back: ``$['items'][0]['sku']``."""

    __slots__ = ("_parsed", "_reader", "_steps", "definite", "path", "rules")

    def __init__(self, path: str, rules: str) -> None:
        """Parse ``path``. Raises InvalidPathError."""
        self.path = path
        self.rules = rules
        """``2.9`` or ``2.0``: the version of Jayway whose answers it gives"""
        self._parsed: Path | None = None
        self._reader: _Reader | None = None
        if len(path) > PATH_CHARACTERS:
            raise InvalidPathError(path, PATH_CHARACTERS, f"longer than {PATH_CHARACTERS} characters")
        self._steps: PlainSteps | None = plain_steps_of(path)
        self.definite = True
        """Whether the path finds one value or none; otherwise it gives a JSONArray, which may be empty."""
        if self._steps is None:
            parsed = self._parse()
            self._steps = plain_steps(parsed, negative=rules == "2.9")
            if self._steps is None:
                self._reader = self._made()
                self.definite = self._reader.definite

    def __str__(self) -> str:
        return self._made().text

    def __repr__(self) -> str:
        return f"JsonPath({self.path!r}, {self.rules!r})"

    def read(self, document: Any) -> Any:
        """The value that the path finds, or the JSONArray of all values.

        ``document`` is a value as :mod:`vtlsim.values` has them; what is found are its own parts, not copies. Raises
        PathNotFoundError where Jayway throws PathNotFoundException, InvalidPathError where it finds only now that the
        path is wrong, EvaluationError for other exceptions.
        """
        steps = self._steps
        if steps:
            value = document
            for kind, key in steps:
                if type(value) is not kind:
                    break
                try:
                    value = value[key]  # type: ignore[index] # mypy takes `kind` for `object`
                except LookupError:
                    break
            else:
                return value
        elif steps is not None and document is not None:
            return document
        return self._read(document)

    def _read(self, document: object) -> object:
        if document is None:
            raise EvaluationError(self.path, "java.lang.IllegalArgumentException", "root can not be null")
        try:
            if self._steps is not None and self.rules == "2.9":
                return read_plain(self._steps, document, self._parse)
            return self._made().read(document, Reading(document, Bounds()))
        except NotFound as missing:
            raise PathNotFoundError(self.path, missing.message) from None
        except Invalid as invalid:
            raise InvalidPathError(self.path, None, invalid.message) from None
        except Thrown as thrown:
            raise EvaluationError(self.path, thrown.java_class, thrown.message) from None
        except JavaException as thrown:
            raise EvaluationError(self.path, thrown.java_class, thrown.message or "") from None
        except LimitReached as limit:
            raise LimitError(self.path, str(limit)) from None
        except RecursionError:
            raise LimitError(self.path, "values or filters are nested too deep") from None

    def parsed(self) -> Path:
        """The path's steps."""
        return self._parse()

    def _parse(self) -> Path:
        if self._parsed is None:
            try:
                self._parsed = _parse_by(self.rules, self.path)
            except Malformed as fault:
                position = min(max(fault.position, 0), len(self.path))
                raise InvalidPathError(self.path, position, fault.message) from None
            except RecursionError:
                raise InvalidPathError(self.path, 0, "filters are nested too deep") from None
        return self._parsed

    def _made(self) -> _Reader:
        if self._reader is None:
            if self.rules == "2.9":
                from vtlsim.jsonpath import evaluate

                self._reader = evaluate.Reader(self._parse())
            else:
                from vtlsim.jsonpath import evaluate_2_0

                self._reader = evaluate_2_0.Reader(self._parse())
        return self._reader


def _parse_by(rules: str, path: str) -> Path:
    if rules == "2.9":
        from vtlsim.jsonpath import parser

        return parser.parse(path)
    from vtlsim.jsonpath import parser_2_0

    return parser_2_0.parse(path)


class _Paths(dict[str, JsonPath]):
    """Parsed paths by their text. Looking one up that is not there parses it; the oldest makes room."""

    __slots__ = ("rules",)

    def __init__(self, rules: str) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, path: str) -> JsonPath:
        made = JsonPath(path, self.rules)
        if len(self) >= CACHED_PATHS:
            try:
                del self[next(iter(self))]
            except (KeyError, RuntimeError):  # another thread was here at the same time
                self.clear()
        self[path] = made
        return made


_LATEST: Final = _Paths("2.9")
_PATHS: Final = {"2.9": _LATEST, "2.0": _Paths("2.0")}


def compile(path: str, rules: str = "2.9") -> JsonPath:  # noqa: A001 - Jayway's own word
    """The parsed path, kept for the next time. Raises InvalidPathError; ValueError for rules that there are not.

    ``rules`` are those of Jayway 2.9 or, by name, of 2.0.
    """
    if rules == "2.9":
        return _LATEST[path]
    if rules not in _PATHS:
        raise ValueError(f"no such rules: {rules!r}; there are {', '.join(_PATHS)}")
    return _PATHS[rules][path]


def engine(name: str) -> Engine:
    """What compiles paths: ``jayway``, ``jayway-2.0`` or ``jsonpath-ng``. Raises ValueError for any other name.

    The two of Jayway are a look-up in a dict of parsed paths.
    """
    if name == "jayway":
        return _PATHS["2.9"].__getitem__
    if name == "jayway-2.0":
        return _PATHS["2.0"].__getitem__
    if name == "jsonpath-ng":
        from vtlsim.jsonpath.jsonpath_ng_engine import compile_path

        return compile_path
    raise ValueError(f"no such JsonPath engine: {name!r}; there are jayway, jayway-2.0, jsonpath-ng")
