"""JSON text -> value, as json-smart 2.2 reads it in its permissive mode.

What may live here: the reader's face, and a fast path for documents that are JSON in the strict sense. Its answers are
those of json_permissive, which reads all others.

It is what Jayway's ``jsonProvider().parse`` is, so ``$input.path`` and ``$util.parseJson`` see its values: objects are
LinkedHashMaps, arrays JSONArrays, whole numbers Integer, Long or BigInteger, others Double, or BigDecimal when they are
written in more than 18 characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values.collections import JSONArray
from vtlsim.values.numbers import Float, decimal_of
from vtlsim.values.objects import JavaException

if TYPE_CHECKING:
    from collections.abc import Callable


NESTING: Final = 400
"""Objects and arrays inside one another that a document may have: json-smart's own bound (2.2 as Debian mended it, and
2.4.9 and later)."""

DOUBLE_CHARACTERS: Final = 18
"""A number with a point or an exponent is a Double up to this length as written, a BigDecimal beyond."""

PARSE_EXCEPTION: Final = "net.minidev.json.parser.ParseException"


class JsonError(ValueError):
    """The text is refused. ``message`` is json-smart's own, ``position`` counts UTF-16 units from 0 (-1: none given);
    ``java_class`` is the exception's class, since some are not its ParseException.
    """

    def __init__(self, message: str, position: int, java_class: str = PARSE_EXCEPTION) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.java_class = java_class


def read(text: str) -> object:
    """The value that ``text`` is, or begins with. Raises JsonError.

    Refused besides what json-smart refuses: numbers of more than :data:`~vtlsim.values.numbers.DIGITS` digits.
    """
    start = 0 if text[:1] not in _BLANKS else len(text) - len(text.lstrip(_BLANKS))
    if text[start : start + 1] in _STRICT_STARTS and not _differs_from_strict(text):
        try:
            value, _ = _strict_scanner()(text, start)
        except (ValueError, StopIteration, RecursionError, JavaException):
            pass  # not strict, or with something too deep or too large: the permissive reader says what it is
        else:
            arrays, objects = text.count("["), text.count("{")
            is_shallow = arrays + objects <= NESTING
            if type(value) is str or (not arrays and is_shallow):
                return value
            document = _with_arrays(value, arrays, 0 if is_shallow else objects)
            if document is not None:
                return document
    from vtlsim.values.json_permissive import PermissiveReader

    return PermissiveReader(text).document()


# -- strict documents -------------------------------------------------------------------------------------------------

_STRICT_STARTS: Final = frozenset('{["')
_BLANKS: Final = " \r\n\t"


def _differs_from_strict(text: str) -> bool:
    """Whether a backslash may have effects in json-smart that it has not in a strict reader: it makes U+007F vanish
    from its string, and an escaped surrogate makes a pair with one that stands beside it as itself.
    """
    if "\\" not in text:
        return False
    return "\x7f" in text or (not text.isascii() and "\\u" in text and _has_surrogates(text))


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


_scanner: Callable[[str, int], tuple[Any, int]] | None = None


def _strict_scanner() -> Callable[[str, int], tuple[Any, int]]:
    """Python's own scanner, with json-smart's numbers; made at its first use, so that a render without JSON need not
    import it.
    """
    global _scanner  # noqa: PLW0603 - made once
    if _scanner is None:
        from json import JSONDecoder

        constants: dict[str, object] = {"NaN": Float("nan"), "Infinity": "Infinity", "-Infinity": "-Infinity"}
        decoder = JSONDecoder(parse_float=_float, parse_constant=constants.__getitem__)
        _scanner = decoder.scan_once  # type: ignore[attr-defined]  # typeshed does not know it
    return _scanner


def _float(digits: str) -> object:
    return float(digits) if len(digits) <= DOUBLE_CHARACTERS else decimal_of(digits)


def _with_arrays(root: Any, arrays: int, objects: int) -> Any:
    """The same document with its lists as JSONArrays, looked through level by level; None when it is too deep.

    At most so many arrays and objects are in it, so nothing is left to look for when they are all found. No ``objects``
    says that it is not too deep for sure, and arrays alone are looked for.
    """
    each_object = 1 if objects else 0
    left = arrays + objects
    if type(root) is list:
        root = JSONArray(root)
        left -= 1
    else:
        left -= each_object
    level: list[Any] = [root]
    for _ in range(NESTING):
        if not left:
            return root
        below: list[Any] = []
        for collection in level:
            for place, item in collection.items() if type(collection) is dict else enumerate(collection):
                kind = type(item)
                if kind is dict:
                    below.append(item)
                    left -= each_object
                elif kind is list:
                    collection[place] = array = JSONArray(item)
                    below.append(array)
                    left -= 1
        if not below:
            return root
        level = below
    return None
