"""Every method that reflection finds on JDK 17 is there or is named here with the reason; and overloads are chosen alike
whatever the order in which they are listed."""

from __future__ import annotations

from itertools import product

import pytest

from velocity.java.fixture_rows import rows
from vtlsim.velocity.java import introspection
from vtlsim.velocity.java.introspection import Overload, read_signature
from vtlsim.velocity.java.types import type_of

JAVA: dict[str, list[str]] = dict(rows("methods_of_types"))

REFUSED_BY_VELOCITY = {"wait", "notify"}

OUT_OF_REACH = {
    "Class": ("the secure introspector lets nothing through but getName", {"getName"}),
}
"""Types of which only the named methods may be called."""

LEFT_OUT = {
    ("OptionalLong", "stream()"): "a LongStream, which nothing else makes",
    ("OptionalDouble", "stream()"): "a DoubleStream, which nothing else makes",
    ("Stream", "static builder()"): "a Stream.Builder: List.of and Stream.of do the same",
    ("IntStream", "static builder()"): "an IntStream.Builder: IntStream.of does the same",
    ("IntStream", "asLongStream()"): "a LongStream",
    ("IntStream", "asDoubleStream()"): "a DoubleStream",
    ("IntStream", "summaryStatistics()"): "an IntSummaryStatistics: count, sum, min, max and average are there",
    ("Spliterator", "forEachRemaining(Consumer)"): "takes a function, and a Spliterator is good for nothing else",
    ("Spliterator", "tryAdvance(Consumer)"): "as above",
    ("Spliterator", "trySplit()"): "as above",
    ("Spliterator", "characteristics()"): "as above",
    ("Spliterator", "hasCharacteristics(int)"): "as above",
    ("Spliterator", "getComparator()"): "as above",
    ("List of array", "getClass()"): "an array's own",
    ("List of array", "notifyAll()"): "an array's own",
}


def _short(name: str) -> str:
    if name.endswith("[]"):
        return _short(name[:-2]) + "[]"
    return name.rpartition(".")[2].replace("Map$Entry", "Map.Entry")


def _in_short(signature: str) -> str:
    name, parameters, static = read_signature(signature)
    return f"{'static ' if static else ''}{name}({','.join(map(_short, parameters))})"


def _ours(kind: str) -> set[str]:
    return {
        f"{'static ' if overload.static else ''}{name}({','.join(overload.parameters)})"
        for name, overloads in type_of(kind).methods.items()
        for overload in overloads
    }


@pytest.mark.parametrize("kind", JAVA)
def test_every_method_of_java_is_there_or_is_left_out_with_a_reason(kind: str) -> None:
    wanted = {_in_short(signature) for signature in JAVA[kind]}
    wanted = {signature for signature in wanted if read_signature(signature)[0] not in REFUSED_BY_VELOCITY}
    if kind in OUT_OF_REACH:
        wanted = {signature for signature in wanted if read_signature(signature)[0] in OUT_OF_REACH[kind][1]}
    left_out = {signature for of, signature in LEFT_OUT if of == kind}
    assert left_out <= wanted
    assert _ours(kind) == wanted - left_out


KINDS = (
    *("", "String", "Character", "Integer", "Long", "Short", "Byte", "BigInteger", "Double", "Float", "BigDecimal"),
    *("Boolean", "ArrayList", "LinkedHashMap", "KeySet", "Entry", "String[]", "Object[]", "byte[]", "char[]", "int[]"),
)
FEW_KINDS = ("", "String", "Integer", "Long", "Object[]", "char[]", "ArrayList")


@pytest.mark.parametrize("kind", JAVA)
def test_the_order_of_overloads_does_not_matter(kind: str) -> None:
    for name, ours in type_of(kind).methods.items():
        signatures = [read_signature(signature) for signature in JAVA[kind]]
        listed = [
            Overload(tuple(map(_short, parameters)), len, static=static, root=False)
            for other, parameters, static in signatures
            if other == name
        ]
        if len(listed) < 2:
            continue
        for count in range(4):
            for kinds in product(KINDS if count < 3 else FEW_KINDS, repeat=count):
                one = introspection._find(ours, kinds)
                other = introspection._find(listed, kinds)
                assert (one and one.parameters) == (other and other.parameters), (name, kinds)


CHOICES = [
    ("String", "valueOf", ("Integer",), ("int",)),
    ("String", "valueOf", ("Short",), ("int",)),
    ("String", "valueOf", ("",), ("Object",)),
    ("String", "valueOf", (), ("char[]",)),
    ("String", "valueOf", ("Character", "Character"), ("char[]",)),
    ("String", "getBytes", ("",), None),
    ("String", "indexOf", ("Character",), None),
    ("String", "join", ("String", "ArrayList"), ("CharSequence", "Iterable")),
    ("String", "join", ("String", "String", "String"), ("CharSequence", "CharSequence[]")),
    ("String", "join", ("String", "Object[]"), None),
    ("String", "replace", ("Character", "String"), None),
    ("String", "length", ("Integer",), ()),
    ("ArrayList", "remove", ("Integer",), ("int",)),
    ("ArrayList", "remove", ("Long",), ("Object",)),
    ("ArrayList", "remove", ("",), ("Object",)),
    ("ArrayList", "of", ("Object[]",), ("Object[]",)),
    ("ArrayList", "of", ("String[]",), ("Object",)),
    ("Long", "min", ("Integer", "Byte"), ("long", "long")),
]


@pytest.mark.parametrize("kind, name, kinds, expected", CHOICES)
def test_the_choice_among_overloads(
    kind: str, name: str, kinds: tuple[str, ...], expected: tuple[str, ...] | None
) -> None:
    chosen = type_of(kind).choose(name, kinds)
    assert (None if chosen is None else chosen.parameters) == expected
