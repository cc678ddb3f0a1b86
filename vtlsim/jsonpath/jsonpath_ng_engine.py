"""jsonpath-ng behind the same face.

What may live here: paths that the jsonpath-ng package (its ``ext`` parser) parses and reads, and its exceptions turned
into ours. Importing this file imports the package, so it is imported only when somebody asks for the engine.
"""

from __future__ import annotations

import re
import warnings
from typing import Any, Final

from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext.iterable import Len
from jsonpath_ng.ext.parser import parse
from jsonpath_ng.ext.string import Split, Str, Sub
from jsonpath_ng.jsonpath import Child, Fields, Index, Parent, Root, This

from vtlsim.jsonpath.errors import EvaluationError, InvalidPathError, LimitError, PathNotFoundError
from vtlsim.jsonpath.limits import CACHED_PATHS, PATH_CHARACTERS, VISITS
from vtlsim.values.collections import JSONArray

_PLACE: Final = re.compile(r"\b(?:line )?1(?::|, col )(\d+)\b")


class NgPath:
    """A path that jsonpath-ng parsed. Definite is what can find one value only, as Jayway means it."""

    __slots__ = ("_expression", "definite", "path")

    def __init__(self, path: str) -> None:
        """Parse ``path``. Raises InvalidPathError with jsonpath-ng's own message."""
        self.path = path
        if len(path) > PATH_CHARACTERS:
            raise InvalidPathError(path, PATH_CHARACTERS, f"longer than {PATH_CHARACTERS} characters")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # about operators that are the path's author's
                self._expression: Any = parse(path)
        except JSONPathError as fault:
            raise InvalidPathError(path, _position(path, str(fault)), str(fault)) from None
        except RecursionError:
            raise InvalidPathError(path, 0, "nested too deep") from None
        except Exception as fault:  # noqa: BLE001 - its parser lets other exceptions out for some faults
            raise InvalidPathError(path, 0, f"{type(fault).__name__}: {fault}") from None
        self.definite = _is_definite(self._expression)

    def __repr__(self) -> str:
        return f"NgPath({self.path!r})"

    def read(self, document: Any) -> Any:
        """The value, or the JSONArray of values. Raises PathNotFoundError for a definite path that finds nothing."""
        if ".." in self.path:
            _check_size(self.path, document)
        try:
            found = [match.value for match in self._expression.find(document)]
        except RecursionError:
            raise LimitError(self.path, "values are nested too deep") from None
        except Exception as fault:
            raise EvaluationError(self.path, type(fault).__qualname__, str(fault)) from fault
        if not self.definite:
            return JSONArray(found)
        if not found:
            raise PathNotFoundError(self.path, f"No results for path: {self.path}")
        return found[0]


def _check_size(path: str, document: object) -> None:
    """jsonpath-ng would walk a document that holds itself for ever: raise LimitError for that and for too large a one."""
    left = VISITS
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            left -= len(value)
            if left < 0:
                raise LimitError(path, f"more than {VISITS} values were looked at")
            waiting += value.values() if isinstance(value, dict) else value


def _position(path: str, message: str) -> int:
    place = _PLACE.search(message)
    return min(int(place[1]), len(path)) if place is not None else len(path)


def _is_definite(expression: Any) -> bool:
    waiting = [expression]
    while waiting:
        step = waiting.pop()
        if isinstance(step, Child):
            waiting += [step.left, step.right]
        elif isinstance(step, Fields):
            if len(step.fields) != 1 or step.fields[0] == "*":
                return False
        elif isinstance(step, Index):
            if len(step.indices) != 1:
                return False
        elif not isinstance(step, Root | This | Parent | Len | Sub | Split | Str):
            return False
    return True


class _Paths(dict[str, NgPath]):
    """Parsed paths by their text; the oldest makes room."""

    def __missing__(self, path: str) -> NgPath:
        made = NgPath(path)
        if len(self) >= CACHED_PATHS:
            try:
                del self[next(iter(self))]
            except (KeyError, RuntimeError):  # another thread was here at the same time
                self.clear()
        self[path] = made
        return made


_PATHS: Final = _Paths()


def compile_path(path: str) -> NgPath:
    """The parsed path, kept for the next time. Raises InvalidPathError."""
    return _PATHS[path]
