"""What the operators of filters decide, as Jayway 2.9 does.

What may live here: Jayway's own types of value in filters, and a table of operators over them. The values are: MISSING
for its undefined node; None, bool, str and numbers for themselves; dict and list for what was found in the document;
Json for JSON that is still text; Pattern; and OPAQUE for a string in a list that looks like a path, which Jayway takes
for one and then finds equal to nothing.

An operator that cannot take its operands raises Invalid, which ends the whole filter as "no match": ``!(...)`` around
it does not turn it into a match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vtlsim.jsonpath.decimals import compare, is_number, parse_number, to_text
from vtlsim.jsonpath.errors import Malformed
from vtlsim.jsonpath.lexer import unescape
from vtlsim.jsonpath.patterns import Pattern
from vtlsim.jsonpath.reading import MISSING, Invalid, Reading, Thrown, as_list, failed
from vtlsim.values.order import java_equals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OPAQUE: Final = object()


class Json:
    """JSON as text, read when somebody looks inside."""

    __slots__ = ("_items", "_value", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._value: object = MISSING
        self._items: list[object] | None = None

    def value(self) -> object:
        """The JSON's value."""
        if self._value is MISSING:
            from vtlsim.values.json_reader import JsonError, read

            try:
                self._value = read(self.text)
            except JsonError as fault:
                raise Thrown("java.lang.IllegalArgumentException", str(fault)) from None
        return self._value

    def items(self, reading: Reading) -> list[object] | None:
        """The array's items as they count in filters, None when it is no array."""
        if self._items is None:
            self._items = _list_items(self.value(), reading)
        return self._items


def finite(value: Any) -> Any:
    """A number as Jayway can take it: of NaN and the infinities there is no BigDecimal."""
    if isinstance(value, float) and value - value != 0:
        raise Thrown("java.lang.NumberFormatException", f"no BigDecimal: {value}")
    return value


# -- lists ------------------------------------------------------------------------------------------------------------


def _items(node: object, reading: Reading) -> list[object] | None:
    """``asValueListNode`` of a JSON node: its items, None when it is no array. Raises Invalid for other nodes."""
    if isinstance(node, Json):
        return node.items(reading)
    if isinstance(node, dict):
        return None
    items = _list_items(node, reading)
    if items is None:
        raise Invalid("Expected value list node")
    return items


def _list_items(value: object, reading: Reading) -> list[object] | None:
    values = as_list(value)
    if values is None:
        return None
    reading.bounds.visit(len(values))
    return [_item(value) for value in values]


def _item(value: object) -> object:
    """One item of a list. Objects and arrays cannot be one; strings are looked into, quotes are taken off."""
    if isinstance(value, str):
        return _string_item(value)
    if value is None or isinstance(value, bool):
        return value
    if is_number(value):
        return finite(value)
    raise failed("Could not determine value type")


def _string_item(value: str) -> object:
    if not value:
        return value
    trimmed = value.strip(_TRIMMED) if value[0] <= " " or value[-1] <= " " else value
    first = trimmed[:1]
    if first and first in "$@" and _is_path(trimmed):
        return OPAQUE
    if len(trimmed) > 1 and trimmed[0] + trimmed[-1] in ("[]", "{}"):
        node = Json(value)
        try:
            node.value()
        except Thrown:
            pass
        else:
            return node
    if len(value) > 1:
        if value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        try:
            return unescape(value)
        except ValueError as fault:
            raise failed(str(fault)) from None
    return value


_TRIMMED: Final = "".join(map(chr, range(33)))


def _is_path(text: str) -> bool:
    from vtlsim.jsonpath.parser import parse

    try:
        parse(text)
    except Malformed:
        return False
    return True


# -- equality ---------------------------------------------------------------------------------------------------------


def _equals(left: object, right: object, _reading: Reading) -> bool:
    if isinstance(left, Json | dict) or as_list(left) is not None:
        if isinstance(left, Json):
            # Its text is compared with the other's value, and they never are the same; but the other must be readable.
            if isinstance(right, Json):
                right.value()
            return False
        value = right.value() if isinstance(right, Json) else right
        return (isinstance(value, dict) or as_list(value) is not None) and java_equals(left, value)
    return _same(left, right)


def _same(left: object, right: object) -> bool:
    """``left.equals(right)`` of two nodes. Strings and numbers meet, by text or by value as the left one wants."""
    if left is None:
        return right is None
    if isinstance(left, bool):
        return left is right
    if isinstance(left, str):
        if isinstance(right, str):
            return left == right
        return is_number(right) and left == to_text(right)
    if is_number(left):
        if is_number(right):
            return compare(left, right) == 0
        if isinstance(right, str):
            try:
                return compare(left, parse_number(right)) == 0
            except ValueError:
                return False
        return False
    return isinstance(left, Json) and isinstance(right, Json) and left.text == right.text


def _kind(node: object) -> object:
    if isinstance(node, Json | dict) or as_list(node) is not None:
        return Json
    if isinstance(node, str):
        return str
    return "number" if is_number(node) else type(node)


def _type_safe_equals(left: object, right: object, reading: Reading) -> bool:
    return _kind(left) == _kind(right) and _equals(left, right, reading)


# -- order ------------------------------------------------------------------------------------------------------------


def _order(left: object, right: object) -> int | None:
    """Negative, zero or positive; None for what has no order: two numbers and two strings do, a mixture does not."""
    if isinstance(left, str):
        return _compare_text(left, right) if isinstance(right, str) else None
    return compare(left, right) if is_number(left) and is_number(right) else None


def _compare_text(left: str, right: str) -> int:
    if max(left, default="") > "\ud7ff" and max(right, default="") > "\ud7ff":
        # Java compares UTF-16 units: what lies beyond U+FFFF comes before U+E000.
        one, other = (text.encode("utf-16-be", "surrogatepass") for text in (left, right))
        return (one > other) - (one < other)
    return (left > right) - (left < right)


def _less(left: object, right: object, _reading: Reading) -> bool:
    order = _order(left, right)
    return order is not None and order < 0


def _less_or_equal(left: object, right: object, _reading: Reading) -> bool:
    order = _order(left, right)
    return order is not None and order <= 0


def _greater(left: object, right: object, _reading: Reading) -> bool:
    order = _order(left, right)
    return order is not None and order > 0


def _greater_or_equal(left: object, right: object, _reading: Reading) -> bool:
    order = _order(left, right)
    return order is not None and order >= 0


# -- membership -------------------------------------------------------------------------------------------------------


def _in(left: object, right: object, reading: Reading) -> bool:
    items = _items(right, reading)
    return items is not None and _contains_item(items, left)


def _contains_item(items: Iterable[object], node: object) -> bool:
    return any(_same(node, item) for item in items)


def _contains(left: object, right: object, reading: Reading) -> bool:
    if isinstance(left, str):
        return isinstance(right, str) and right in left
    if isinstance(left, Json | dict) or as_list(left) is not None:
        items = _items(left, reading)
        return items is not None and _contains_item(items, right)
    return False


def _subset_of(left: object, right: object, reading: Reading) -> bool:
    pair = _two_lists(left, right, reading)
    return pair is not None and all(_contains_item(pair[1], item) for item in pair[0])


def _any_of(left: object, right: object, reading: Reading) -> bool:
    pair = _two_lists(left, right, reading)
    return pair is not None and any(_contains_item(pair[1], item) for item in pair[0])


def _none_of(left: object, right: object, reading: Reading) -> bool:
    pair = _two_lists(left, right, reading)
    return pair is not None and not any(_contains_item(pair[1], item) for item in pair[0])


def _two_lists(left: object, right: object, reading: Reading) -> tuple[list[object], list[object]] | None:
    all_ = _items(right, reading)
    if all_ is None:
        return None
    some = _items(left, reading)
    if some is None:
        return None
    reading.bounds.visit(len(some) * len(all_))
    return some, all_


# -- the others -------------------------------------------------------------------------------------------------------


def _size(left: object, right: object, _reading: Reading) -> bool:
    if not is_number(right):
        return False
    size = ((int(right) + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
    if isinstance(left, str):
        return len(left) + sum(character > "\uffff" for character in left) == size
    value = left.value() if isinstance(left, Json) else left
    items = as_list(value)
    if items is not None:
        return len(items) == size
    return isinstance(value, dict) and size == -1


def _empty(left: object, right: object, _reading: Reading) -> bool:
    if isinstance(left, str):
        empty = not left
    else:
        value = left.value() if isinstance(left, Json) else left
        if isinstance(value, dict):
            raise Thrown(
                "java.lang.ClassCastException",
                "class java.util.LinkedHashMap cannot be cast to class java.util.Collection",
            )
        items = as_list(value)
        if items is None:
            return False
        empty = not items
    if not isinstance(right, bool):
        raise Invalid("Expected boolean node")
    return empty is right


def _exists_operator(left: object, right: object, _reading: Reading) -> bool:
    if not isinstance(left, bool) and not isinstance(right, bool):
        raise failed("Failed to evaluate exists expression")
    if not isinstance(left, bool) or not isinstance(right, bool):
        raise Invalid("Expected boolean node")
    return left is right


def _matches(left: object, right: object, reading: Reading) -> bool:
    """``=~``: exactly one side must be a pattern; an array matches when one of its items does."""
    pattern, value = (left, right) if isinstance(left, Pattern) else (right, left)
    if not isinstance(pattern, Pattern) or isinstance(value, Pattern):
        return False
    if isinstance(value, Json) or as_list(value) is not None:
        items = _items(value, reading)
        if items is not None:
            return any(reading.bounds.match(pattern, _pattern_input(item)) for item in items)
    return reading.bounds.match(pattern, _pattern_input(value))


def _pattern_input(node: object) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, bool):
        return "true" if node else "false"
    return to_text(node) if is_number(node) else ""


def _never_applies(_left: object, _right: object, _reading: Reading) -> bool:
    """``all``, ``type`` and ``matches`` want what only a Java program can hand over."""
    raise Invalid("Expected value list node")


OPERATORS: Final[dict[str, Callable[[Any, Any, Reading], bool]]] = {
    "==": _equals,
    "!=": lambda left, right, reading: not _equals(left, right, reading),
    "===": _type_safe_equals,
    "!==": lambda left, right, reading: not _type_safe_equals(left, right, reading),
    "<": _less,
    "<=": _less_or_equal,
    ">": _greater,
    ">=": _greater_or_equal,
    "=~": _matches,
    "IN": _in,
    "NIN": lambda left, right, reading: not _in(left, right, reading),
    "CONTAINS": _contains,
    "SUBSETOF": _subset_of,
    "ANYOF": _any_of,
    "NONEOF": _none_of,
    "SIZE": _size,
    "EMPTY": _empty,
    "EXISTS": _exists_operator,
    "ALL": _never_applies,
    "TYPE": _never_applies,
    "MATCHES": _never_applies,
}
