"""What printing a value gives: Java's ``toString()`` of every type, and the names of its classes.

What may live here: values -> text. JSON text is json_writer's, the digits of numbers are numbers'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.values import json_writer
from vtlsim.values.collections import (
    ByType,
    Entry,
    EntrySet,
    HashMap,
    JavaArray,
    JavaIterator,
    JSONArray,
    KeySet,
    LazyRange,
    QuietMap,
    SubList,
    ValuesView,
    key_value,
)
from vtlsim.values.numbers import (
    BigInteger,
    Byte,
    Float,
    Long,
    Short,
    decimal_text,
    double_text,
    float_text,
    integer_text,
    is_decimal,
    number_type,
)
from vtlsim.values.objects import DEPTH, TEXT_CHARACTERS, JavaObject, out_of_memory, stack_overflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Character(str):
    """java.lang.Character: one UTF-16 unit, so a character beyond U+FFFF is two of them."""

    __slots__ = ()


def text(value: object) -> str:
    """``toString()``; ``null`` for None, as Java prints it inside a collection.

    Raises JavaException: StackOverflowError for collections inside one another deeper than :data:`DEPTH`,
    OutOfMemoryError for text longer than :data:`TEXT_CHARACTERS`. An object whose ``toString()`` gives null is
    ``null`` here; whoever must tell the two apart asks :func:`text_or_none`.
    """
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is int:
        try:
            return f"{value}"
        except ValueError:  # Python's bound on the digits of one conversion
            return integer_text(value)  # type: ignore[arg-type]
    write = _TEXTS[kind]
    if write is not None:
        return write(value)
    written = text_or_none(value)
    return "null" if written is None else written


def text_or_none(value: object) -> str | None:
    """``toString()`` of a value that is not null, which an object of a class of its own may answer with null."""
    write = _TEXTS[type(value)]
    if write is not None:
        return write(value)
    if isinstance(value, JavaObject):
        return value.java_text()
    if is_decimal(value):
        return decimal_text(value)  # type: ignore[arg-type]
    raise TypeError(f"no Java type stands behind a {type(value).__name__}")


def class_name(value: object) -> str:
    """The full name of the value's class, as ``$value.class.name`` would give it; ``null`` has none and is a fault."""
    number = number_type(value)
    if number is not None:
        return f"java.math.{number}" if number.startswith("Big") else f"java.lang.{number}"
    if isinstance(value, JavaObject | JavaIterator):
        return value.java_class
    if isinstance(value, KeySet | ValuesView | EntrySet | Entry):
        return _VIEWS[type(value)][isinstance(value.map, HashMap)]
    if isinstance(value, JavaArray):
        return _PRIMITIVE_ARRAYS.get(value.component) or f"[L{value.component};"
    name = _CLASSES[type(value)]
    if name is None:
        raise TypeError(f"no Java type stands behind a {type(value).__name__}")
    return name


# -- collections ------------------------------------------------------------------------------------------------------


def _nested(value: object) -> str:
    """The text of collections inside one another, without recursion: a value may hold itself."""
    out: list[str] = []
    characters = 0
    open_ = [_opened(value)]
    while open_:
        for piece in open_[-1]:
            if type(piece) is str:
                out.append(piece)
                characters += len(piece)
                if characters > TEXT_CHARACTERS:
                    raise out_of_memory()
            else:
                if len(open_) == DEPTH:
                    raise stack_overflow()
                open_.append(_opened(piece))
                break
        else:
            open_.pop()
    return "".join(out)


def _opened(value: object) -> Iterator[object]:
    pieces = _PIECES[type(value)]
    assert pieces is not None
    return pieces(value)


def _map_pieces(value: dict[object, object]) -> Iterator[object]:
    """AbstractMap's text as strings and the collections between them."""
    separator = "{"
    for key, item in value.items():
        if type(key) is str:
            start = f"{separator}{key}="
        else:
            plain = key_value(key)
            if plain is not value and _PIECES[type(plain)] is not None:
                yield separator
                yield plain
                start = "="
            else:
                start = f"{separator}{'(this Map)' if plain is value else text(plain)}="
        separator = ", "
        if type(item) is str:
            yield start + item
        elif item is value:
            yield start + "(this Map)"
        elif _PIECES[type(item)] is not None:
            yield start
            yield item
        else:
            yield start + text(item)
    yield "{}" if separator == "{" else "}"


def _collection_pieces(value: Any) -> Iterator[object]:
    """AbstractCollection's text as strings and the collections between them."""
    separator = "["
    for item in value:
        if type(item) is str:
            yield separator + item
        elif item is value:
            yield separator + "(this Collection)"
        elif _PIECES[type(item)] is not None:
            yield separator
            yield item
        else:
            yield separator + text(item)
        separator = ", "
    yield "[]" if separator == "[" else "]"


def _entry_pieces(value: Entry) -> Iterator[object]:
    for part, end in ((value.key, "="), (value.value, "")):
        yield text(part) if _PIECES[type(part)] is None else part
        yield end


_PIECES: Final[ByType[Callable[[Any], Iterator[object]]]] = ByType(
    {
        dict: _map_pieces,
        HashMap: _map_pieces,
        list: _collection_pieces,
        LazyRange: _collection_pieces,
        SubList: _collection_pieces,
        KeySet: _collection_pieces,
        ValuesView: _collection_pieces,
        EntrySet: _collection_pieces,
        Entry: _entry_pieces,
        JSONArray: None,
        JavaArray: None,
        QuietMap: None,
    }
)
"""The collections that print their items; those with None print otherwise."""

# -- by type ----------------------------------------------------------------------------------------------------------


def _identity(value: object) -> str:
    """Object's own text: the class and a number, which in Java is another one in every run."""
    name = class_name(value)
    number = 0
    for character in name:
        number = (31 * number + ord(character)) & 0x7FFFFFFF
    return f"{name}@{number:x}"


_NESTED: Final[dict[type, Callable[[Any], str]]] = {
    kind: _nested for kind, pieces in _PIECES.items() if pieces is not None
}
_OWN: Final[dict[type, Callable[[Any], str]]] = {
    str: str.__str__,
    Character: str.__str__,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    int: integer_text,
    Byte: integer_text,
    Short: integer_text,
    Long: integer_text,
    BigInteger: integer_text,
    float: double_text,
    Float: float_text,
    JSONArray: json_writer.write_array,
    QuietMap: lambda _: "",
    JavaArray: _identity,
    JavaIterator: _identity,
}
_TEXTS: Final[ByType[Callable[[Any], str]]] = ByType(_OWN | _NESTED)

_CLASSES: Final[ByType[str]] = ByType(
    {
        str: "java.lang.String",
        Character: "java.lang.Character",
        bool: "java.lang.Boolean",
        dict: "java.util.LinkedHashMap",
        HashMap: "java.util.HashMap",
        list: "java.util.ArrayList",
        LazyRange: "java.util.ArrayList",
        JSONArray: "net.minidev.json.JSONArray",
        SubList: "java.util.ArrayList$SubList",
    }
)

_VIEWS: Final[dict[type, tuple[str, str]]] = {
    KeySet: ("java.util.LinkedHashMap$LinkedKeySet", "java.util.HashMap$KeySet"),
    ValuesView: ("java.util.LinkedHashMap$LinkedValues", "java.util.HashMap$Values"),
    EntrySet: ("java.util.LinkedHashMap$LinkedEntrySet", "java.util.HashMap$EntrySet"),
    Entry: ("java.util.LinkedHashMap$Entry", "java.util.HashMap$Node"),
}
"""The class of a view of a LinkedHashMap, and of a HashMap."""

_PRIMITIVE_ARRAYS: Final = {"byte": "[B", "char": "[C", "int": "[I", "long": "[J", "double": "[D", "boolean": "[Z"}
