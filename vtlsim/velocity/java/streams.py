"""java.util.stream.Stream and IntStream, java.util.Optional and its kin, as far as they need no function.

What may live here: these objects as values and the tables of their methods. No template can write a function, so what
is left of a stream is counting, sorting, cutting and collecting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn

from vtlsim.values import text as texts
from vtlsim.values.collections import JavaArray, JavaIterator, key_of
from vtlsim.values.numbers import integer, long
from vtlsim.values.objects import JavaObject
from vtlsim.values.order import java_equals, java_hash
from vtlsim.velocity.java import comparing, lists
from vtlsim.velocity.java.problems import check_items, illegal_argument, illegal_state, no_such_element, null_pointer

if TYPE_CHECKING:
    from collections.abc import Callable

    from vtlsim.velocity.java.introspection import Table


def _no_function(*_arguments: object) -> NoReturn:
    """A method that takes a function: no template can get one, null alone"""
    raise null_pointer()


# -- Optional ---------------------------------------------------------------------------------------------------------


class Optional(JavaObject):
    """java.util.Optional; without a value it is None"""

    __slots__ = ("value",)

    java_class: ClassVar[str] = "java.util.Optional"
    shown: ClassVar[str] = "Optional"

    def __init__(self, value: object = None) -> None:
        self.value = value

    def java_text(self) -> str:
        """``toString()``"""
        return f"{self.shown}.empty" if self.value is None else f"{self.shown}[{texts.text(self.value)}]"

    def java_equals(self, other: object) -> bool:
        """Equal values, or none in both."""
        return type(other) is type(self) and java_equals(self.value, other.value)

    def java_hash(self) -> int:
        """The value's."""
        return java_hash(self.value)


class Described(JavaObject):
    """java.lang.constant.DynamicConstantDesc, of which there is nothing but its text"""

    __slots__ = ("shown",)

    java_class: ClassVar[str] = "java.lang.constant.DynamicConstantDesc"

    def __init__(self, shown: str) -> None:
        self.shown = shown

    def java_text(self) -> str:
        """``toString()``"""
        return self.shown


class OptionalInt(Optional):
    """java.util.OptionalInt"""

    __slots__ = ()

    java_class: ClassVar[str] = "java.util.OptionalInt"
    shown: ClassVar[str] = "OptionalInt"


class OptionalLong(Optional):
    """java.util.OptionalLong"""

    __slots__ = ()

    java_class: ClassVar[str] = "java.util.OptionalLong"
    shown: ClassVar[str] = "OptionalLong"


class OptionalDouble(Optional):
    """java.util.OptionalDouble"""

    __slots__ = ()

    java_class: ClassVar[str] = "java.util.OptionalDouble"
    shown: ClassVar[str] = "OptionalDouble"


def _present(optional: Optional) -> object:
    if optional.value is None:
        raise no_such_element("No value present")
    return optional.value


def _given(value: object) -> Optional:
    if value is None:
        raise null_pointer()
    return Optional(value)


def _or_thrown(optional: Optional, _supplier: object) -> object:
    return _no_function() if optional.value is None else optional.value


def _primitive_optional(kind: type[Optional], name: str, primitive: str) -> dict[str, Callable[..., Any]]:
    wraps: dict[str, Callable[[Any], object]] = {"int": integer, "long": long, "double": float}
    wrap = wraps[primitive]
    return {
        "equals(Object)": java_equals,
        "toString()": texts.text,
        "hashCode()": java_hash,
        "isEmpty()": lambda optional: optional.value is None,
        "isPresent()": lambda optional: optional.value is not None,
        f"static of({primitive})": lambda value: kind(wrap(value)),
        "static empty()": kind,
        f"orElse({primitive})": lambda optional, other: wrap(other) if optional.value is None else optional.value,
        "orElseThrow(Supplier)": _or_thrown,
        "orElseThrow()": _present,
        f"ifPresent({name}Consumer)": lambda optional, _: "" if optional.value is None else _no_function(),
        f"ifPresentOrElse({name}Consumer,Runnable)": _no_function,
        f"orElseGet({name}Supplier)": _or_thrown,
        f"getAs{name}()": _present,
    }


OPTIONAL: Final[Table] = {
    "get()": _present,
    "equals(Object)": java_equals,
    "toString()": texts.text,
    "hashCode()": java_hash,
    "isEmpty()": lambda optional: optional.value is None,
    "map(Function)": _no_function,
    "stream()": lambda optional: Stream([] if optional.value is None else [optional.value]),
    "static of(Object)": _given,
    "filter(Predicate)": _no_function,
    "static empty()": Optional,
    "flatMap(Function)": _no_function,
    "isPresent()": lambda optional: optional.value is not None,
    "orElse(Object)": lambda optional, other: other if optional.value is None else optional.value,
    "orElseThrow(Supplier)": _or_thrown,
    "orElseThrow()": _present,
    "static ofNullable(Object)": Optional,
    "ifPresent(Consumer)": lambda optional, _: "" if optional.value is None else _no_function(),
    "ifPresentOrElse(Consumer,Runnable)": _no_function,
    "or(Supplier)": _no_function,
    "orElseGet(Supplier)": _or_thrown,
}
OPTIONAL_INT: Final[Table] = {
    **_primitive_optional(OptionalInt, "Int", "int"),
    "stream()": lambda optional: IntStream([] if optional.value is None else [optional.value]),
}
OPTIONAL_LONG: Final[Table] = _primitive_optional(OptionalLong, "Long", "long")
OPTIONAL_DOUBLE: Final[Table] = _primitive_optional(OptionalDouble, "Double", "double")

# -- streams ----------------------------------------------------------------------------------------------------------


class Stream(JavaObject):
    """java.util.stream.Stream: items that can be used once"""

    __slots__ = ("items", "used")

    java_class: ClassVar[str] = "java.util.stream.ReferencePipeline$Head"

    def __init__(self, items: list[object]) -> None:
        self.items = items
        self.used = False

    def take(self) -> list[object]:
        """The items; the stream is used up."""
        if self.used:
            raise illegal_state("stream has already been operated upon or closed")
        self.used = True
        return self.items


class IntStream(Stream):
    """java.util.stream.IntStream"""

    __slots__ = ()

    java_class: ClassVar[str] = "java.util.stream.IntPipeline$Head"

    def __init__(self, items: list[int]) -> None:
        super().__init__([*items])


class Spliterator(JavaObject):
    """java.util.Spliterator, of which a template can ask nothing but its size"""

    __slots__ = ("source",)

    java_class: ClassVar[str] = "java.util.Spliterator"

    def __init__(self, source: Any) -> None:
        self.source = source


def _like(stream: Stream, items: list[object]) -> Stream:
    fresh = type(stream)([])
    fresh.items = items
    return fresh


def _limit(stream: Stream, size: int) -> Stream:
    if size < 0:
        raise illegal_argument(str(size))
    return _like(stream, stream.take()[:size])


def _skip(stream: Stream, count: int) -> Stream:
    if count < 0:
        raise illegal_argument(str(count))
    return _like(stream, stream.take()[count:])


def _distinct(stream: Stream) -> Stream:
    seen: dict[object, object] = {}
    for item in stream.take():
        seen.setdefault(key_of(item), item)
    return _like(stream, list(seen.values()))


def _sorted(stream: Stream, comparator: comparing.Comparator | None = None) -> Stream:
    return _like(stream, comparing.sort(stream.take(), comparator))


def _sorted_by(stream: Stream, comparator: comparing.Comparator | None) -> Stream:
    if comparator is None:
        raise null_pointer()
    return _sorted(stream, comparator)


def _best(stream: Stream, comparator: comparing.Comparator | None, sign: int) -> Optional:
    if comparator is None:
        raise null_pointer()
    items = stream.take()
    if not items:
        return Optional()
    best = items[0]
    for item in items[1:]:
        order = comparator.order(best, item) * sign
        if order > 0:
            best = item
    return _given(best)


def _first(stream: Stream) -> Optional:
    items = stream.take()
    return _given(items[0]) if items else Optional()


def _to_list(stream: Stream) -> object:
    from vtlsim.velocity.java.immutable import ListWithNull

    return ListWithNull(stream.take())


def _to_array(stream: Stream) -> JavaArray:
    return JavaArray(stream.take())


def _iterator(stream: Stream) -> JavaIterator:
    from vtlsim.velocity.java.iterators import FixedIterator

    return FixedIterator(stream.take(), "java.util.Spliterators$1Adapter")


def _close(stream: Stream) -> str:
    stream.used = True
    return ""


def _concat(one: Stream | None, other: Stream | None) -> Stream:
    if one is None or other is None:
        raise null_pointer()
    items = one.take() + other.take()
    check_items(len(items))
    return _like(one, items)


_SHARED: Final[Table] = {
    "count()": lambda stream: long(len(stream.take())),
    "limit(long)": _limit,
    "skip(long)": _skip,
    "distinct()": _distinct,
    "sorted()": _sorted,
    "iterator()": _iterator,
    "spliterator()": lambda stream: Spliterator(stream.take()),
    "close()": _close,
    "parallel()": lambda stream: stream,
    "sequential()": lambda stream: stream,
    "unordered()": lambda stream: stream,
    "isParallel()": lambda _stream: False,
    "onClose(Runnable)": _no_function,
}


def _functions(*signatures: str) -> dict[str, Callable[..., Any]]:
    return dict.fromkeys(signatures, _no_function)


STREAM: Final[Table] = {
    "min(Comparator)": lambda stream, comparator: _best(stream, comparator, 1),
    "max(Comparator)": lambda stream, comparator: _best(stream, comparator, -1),
    "toArray()": _to_array,
    "toList()": _to_list,
    "static of(Object[])": lambda items: Stream(lists.items_of(items)),
    "static of(Object)": lambda item: Stream([item]),
    "static concat(Stream,Stream)": _concat,
    "static empty()": lambda: Stream([]),
    "findAny()": _first,
    "findFirst()": _first,
    "static ofNullable(Object)": lambda item: Stream([] if item is None else [item]),
    "sorted(Comparator)": _sorted_by,
    **_SHARED,
    **_functions(
        "toArray(IntFunction)",
        "map(Function)",
        "collect(Supplier,BiConsumer,BiConsumer)",
        "collect(Collector)",
        "filter(Predicate)",
        "anyMatch(Predicate)",
        "flatMap(Function)",
        "forEach(Consumer)",
        "peek(Consumer)",
        "reduce(Object,BiFunction,BinaryOperator)",
        "reduce(Object,BinaryOperator)",
        "reduce(BinaryOperator)",
        "allMatch(Predicate)",
        "static iterate(Object,Predicate,UnaryOperator)",
        "static iterate(Object,UnaryOperator)",
        "static generate(Supplier)",
        "forEachOrdered(Consumer)",
        "mapToInt(ToIntFunction)",
        "mapToLong(ToLongFunction)",
        "mapToDouble(ToDoubleFunction)",
        "flatMapToInt(Function)",
        "flatMapToDouble(Function)",
        "flatMapToLong(Function)",
        "mapMulti(BiConsumer)",
        "mapMultiToInt(BiConsumer)",
        "mapMultiToLong(BiConsumer)",
        "mapMultiToDouble(BiConsumer)",
        "takeWhile(Predicate)",
        "dropWhile(Predicate)",
        "noneMatch(Predicate)",
    ),
}


def _int_optional(stream: Stream, choose: Callable[[Any], Any]) -> OptionalInt:
    items = stream.take()
    return OptionalInt(choose(items) if items else None)


def _average(stream: Stream) -> OptionalDouble:
    items: Any = stream.take()
    return OptionalDouble(sum(items) / len(items) if items else None)


def _range(first: int, last: int) -> IntStream:
    check_items(max(last - first, 0))
    return IntStream(list(range(first, last)))


INT_STREAM: Final[Table] = {
    "min()": lambda stream: _int_optional(stream, min),
    "max()": lambda stream: _int_optional(stream, max),
    "toArray()": lambda stream: JavaArray(stream.take(), "int"),
    "static of(int)": lambda value: IntStream([value]),
    "static of(int[])": lambda items: IntStream(lists.items_of(items)),  # type: ignore[arg-type]
    "static concat(IntStream,IntStream)": _concat,
    "static empty()": lambda: IntStream([]),
    "findAny()": lambda stream: _int_optional(stream, lambda items: items[0]),
    "findFirst()": lambda stream: _int_optional(stream, lambda items: items[0]),
    "sum()": lambda stream: integer(sum(stream.take())),
    "static range(int,int)": _range,
    "static rangeClosed(int,int)": lambda first, last: _range(first, last + 1),
    "boxed()": lambda stream: Stream(stream.take()),
    "average()": _average,
    **_SHARED,
    **_functions(
        "map(IntUnaryOperator)",
        "collect(Supplier,ObjIntConsumer,BiConsumer)",
        "filter(IntPredicate)",
        "anyMatch(IntPredicate)",
        "flatMap(IntFunction)",
        "forEach(IntConsumer)",
        "peek(IntConsumer)",
        "reduce(int,IntBinaryOperator)",
        "reduce(IntBinaryOperator)",
        "allMatch(IntPredicate)",
        "static iterate(int,IntPredicate,IntUnaryOperator)",
        "static iterate(int,IntUnaryOperator)",
        "static generate(IntSupplier)",
        "mapToObj(IntFunction)",
        "forEachOrdered(IntConsumer)",
        "mapToLong(IntToLongFunction)",
        "mapToDouble(IntToDoubleFunction)",
        "mapMulti(IntStream$IntMapMultiConsumer)",
        "takeWhile(IntPredicate)",
        "dropWhile(IntPredicate)",
        "noneMatch(IntPredicate)",
    ),
}
SPLITERATOR: Final[Table] = {
    "estimateSize()": lambda value: long(len(value.source)),
    "getExactSizeIfKnown()": lambda value: long(len(value.source)),
}
