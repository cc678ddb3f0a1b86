"""The functions that a path may call: ``.length()``, ``.sum($.other)``.

What may live here: one Python function for each of Jayway 2.9's, by name. Each takes the value before it, its bound
arguments and the reading. All numbers are computed as doubles, in the order in which they come.
"""

from __future__ import annotations

from math import nan, sqrt
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from vtlsim.jsonpath.decimals import Number, is_number
from vtlsim.jsonpath.reading import OutOfBounds, Reading, Thrown, as_list, failed
from vtlsim.values.collections import KeySet
from vtlsim.values.text import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vtlsim.jsonpath.evaluate import Reader


class Bound:
    """An argument of one call: a path was read from the root, JSON text is read whenever it is asked for."""

    __slots__ = ("_result", "source")

    def __init__(self, source: Reader | str, reading: Reading) -> None:
        self.source = source
        self._result = None if isinstance(source, str) else source.read(reading.root, reading)

    def value(self) -> object:
        """The argument's value. Raises Thrown for what is no JSON."""
        if not isinstance(self.source, str):
            return self._result
        from vtlsim.values.json_reader import JsonError, read

        try:
            return read(self.source)
        except JsonError as fault:
            raise Thrown("com.jayway.jsonpath.InvalidJsonException", str(fault)) from None


_Function: TypeAlias = "Callable[[Any, list[Bound], Reading], object]"

# -- numbers ----------------------------------------------------------------------------------------------------------


def _numbers(value: object, arguments: list[Bound]) -> list[float]:
    """The numbers of an array and of the arguments, arrays or not; an error if there are none."""
    found = [_double(item) for item in as_list(value) or () if is_number(item)]
    for argument in arguments:
        given = argument.value()
        items = as_list(given)
        found.extend(_double(item) for item in ((given,) if items is None else items) if is_number(item))
    if not found:
        raise failed("Aggregation function attempted to calculate value using empty array")
    return found


def _double(value: Number) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("-inf") if value < 0 else float("inf")


def _add(numbers: list[float]) -> float:
    total = 0.0
    for number in numbers:  # not sum(), which is more exact since Python 3.12
        total += number
    return total


def _sum(value: object, arguments: list[Bound], _reading: Reading) -> float:
    return _add(_numbers(value, arguments))


def _average(value: object, arguments: list[Bound], _reading: Reading) -> float:
    numbers = _numbers(value, arguments)
    return _add(numbers) / len(numbers)


def _minimum(value: object, arguments: list[Bound], _reading: Reading) -> float:
    least = 1.7976931348623157e308
    for number in _numbers(value, arguments):
        least = min(least, number)
    return least


def _maximum(value: object, arguments: list[Bound], _reading: Reading) -> float:
    # Java's Double.MIN_VALUE is the smallest number above zero, so negative numbers have that for their maximum.
    most = 5e-324
    for number in _numbers(value, arguments):
        most = max(most, number)
    return most


def _deviation(value: object, arguments: list[Bound], _reading: Reading) -> float:
    numbers = _numbers(value, arguments)
    count = float(len(numbers))
    total = _add(numbers)
    variance = _add([number * number for number in numbers]) / count - total * total / count / count
    return sqrt(variance) if variance >= 0 else nan


# -- text -------------------------------------------------------------------------------------------------------------


def _concat(value: object, arguments: list[Bound], _reading: Reading) -> str:
    parts = [item for item in as_list(value) or () if isinstance(item, str)]
    for argument in arguments:
        given = argument.value()
        items = as_list(given)
        parts.extend(text(item) for item in ((given,) if items is None else items) if item is not None)
    return "".join(parts)


# -- arrays and objects -----------------------------------------------------------------------------------------------


def _length(value: object, arguments: list[Bound], reading: Reading) -> int | None:
    if arguments:
        source = arguments[0].source
        if isinstance(source, str):
            raise Thrown("java.lang.NullPointerException", "null")
        if value is None:
            raise Thrown("java.lang.IllegalArgumentException", "root can not be null")
        children = as_list(source.read_children(value, Reading(value, reading.bounds)))
        if children is not None:
            return len(children)
    if isinstance(value, dict):
        return len(value)
    items = as_list(value)
    return None if items is None else len(items)


def _append(value: Any, arguments: list[Bound], _reading: Reading) -> object:
    """Adds to the document itself, as Jayway does."""
    if as_list(value) is not None:
        for argument in arguments:
            value.append(argument.value())
    return value


def _keys(value: object, _arguments: list[Bound], _reading: Reading) -> KeySet | None:
    return KeySet(value) if isinstance(value, dict) else None


def _items(value: object) -> list[object]:
    items = as_list(value)
    if items is None:
        raise failed("Aggregation function attempted to calculate value using empty array")
    return items


def _item(items: list[object], index: int) -> object:
    if index < 0:
        place = len(items) + index
        # Jayway's check leaves out the first item: of an array of one, the last cannot be had.
        if place > 0:
            return items[place]
        raise failed(f"Target index:{index} larger than object count:{len(items)}")
    if index >= len(items):
        raise OutOfBounds(f"Index {index} out of bounds for length {len(items)}")
    return items[index]


def _first(value: object, _arguments: list[Bound], _reading: Reading) -> object:
    return _item(_items(value), 0)


def _last(value: object, _arguments: list[Bound], _reading: Reading) -> object:
    return _item(_items(value), -1)


def _index(value: object, arguments: list[Bound], _reading: Reading) -> object:
    items = _items(value)
    return _item(items, next(_argument_numbers(arguments)))


def _argument_numbers(arguments: list[Bound]) -> Iterator[int]:
    for argument in arguments:
        given = argument.value()
        listed = as_list(given)
        for item in (given,) if listed is None else listed:
            if is_number(item):
                yield _integer(item)
    raise OutOfBounds("Index 0 out of bounds for length 0")


def _integer(number: Number) -> int:
    """``Number.intValue()``: of a double the nearest there is, of all others the low 32 bits."""
    if isinstance(number, float):
        return int(max(-(2.0**31), min(number, 2.0**31 - 1))) if number == number else 0  # noqa: PLR0124 - NaN
    return ((int(number) + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


FUNCTIONS: Final[dict[str, _Function]] = {
    "avg": _average,
    "stddev": _deviation,
    "sum": _sum,
    "min": _minimum,
    "max": _maximum,
    "concat": _concat,
    "length": _length,
    "size": _length,
    "append": _append,
    "keys": _keys,
    "first": _first,
    "last": _last,
    "index": _index,
}
