"""The room's face: what may be read, called, set and gone through, and that nothing else may."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from velocity.java.calls import VALUES
from vtlsim.values.collections import HashMap, JavaArray, JavaIterator, JSONArray, LazyRange, QuietMap
from vtlsim.values.objects import JavaException, JavaObject
from vtlsim.values.text import class_name, text
from vtlsim.velocity import limits, methods
from vtlsim.velocity.java import everyday
from vtlsim.velocity.methods import LimitReached

if TYPE_CHECKING:
    from collections.abc import Callable


class Lent(JavaObject):
    """An object as the gateway lends them."""

    __slots__ = ("secret",)

    java_class: ClassVar[str] = "example.Lent"

    def __init__(self) -> None:
        self.secret = "hidden"

    def java_text(self) -> str:
        return "lent"


Lent.methods = {
    ("path", 1): lambda _lent, path: f"<{path}>",
    ("params", 0): lambda _lent: {"a": 1},
    ("params", 1): lambda _lent, name: name * 2,
    ("getBody", 0): lambda _lent: "body",
    ("isReady", 0): lambda _lent: True,
}
Lent.properties = {"size": lambda _lent: 7}


class Keyed(JavaObject):
    """An object with ``get(String)``."""

    __slots__ = ()


Keyed.methods = {("get", 1): lambda _keyed, name: f"got {name}"}

# -- objects that were lent ---------------------------------------------------------------------------------------------


def test_a_lent_objects_methods_are_those_of_its_table() -> None:
    lent = Lent()
    assert methods.call(lent, "path", ("$.a",)) == "<$.a>"
    assert methods.call(lent, "params", ()) == {"a": 1}
    assert methods.call(lent, "params", ("x",)) == "xx"
    assert methods.call(lent, "path", ()) is None
    assert methods.call(lent, "secret", ()) is None
    assert methods.get_property(lent, "secret") is None


def test_a_lent_objects_method_without_parameters_takes_any_and_fails_as_in_velocity() -> None:
    with pytest.raises(JavaException, match="wrong number of arguments"):
        methods.call(Lent(), "params", (1, 2))


def test_a_lent_object_has_what_every_object_has() -> None:
    lent = Lent()
    assert methods.call(lent, "toString", ()) == "lent"
    assert methods.call(lent, "equals", (lent,)) is True
    assert text(methods.get_property(lent, "class")) == "class example.Lent"


@pytest.mark.parametrize(
    "name, expected",
    [("size", 7), ("Size", 7), ("body", "body"), ("Body", "body"), ("ready", True), ("Ready", True), ("nope", None)],
)
def test_a_lent_objects_properties(name: str, expected: object) -> None:
    assert methods.get_property(Lent(), name) == expected


def test_get_of_a_string_serves_any_property() -> None:
    assert methods.get_property(Keyed(), "anything") == "got anything"
    assert methods.get_index(Keyed(), "other") == "got other"


# -- maps, lists, classes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mapping", [{"a": 1}, HashMap({"a": 1}), QuietMap({"a": 1})])
def test_a_maps_properties_are_its_keys_but_for_its_class(mapping: Any) -> None:
    assert methods.get_property(mapping, "a") == 1
    assert methods.get_property(mapping, "size") is None
    assert methods.get_property(mapping, "empty") is None
    assert text(methods.get_property(mapping, "class")).startswith("class java.util.")


def test_setting() -> None:
    mapping: dict[object, object] = {}
    assert methods.set_property(mapping, "a", [1])
    assert methods.set_index(mapping, 1, "one")
    assert methods.set_index(mapping, 1.0, "a double")
    assert text(mapping) == "{a=[1], 1=one, 1.0=a double}"
    assert methods.get_index(mapping, 1) == "one"
    items = [1, 2, 3]
    assert methods.set_index(items, -1, "last")
    assert items == [1, 2, "last"]
    assert not methods.set_index("text", 0, "x")
    assert not methods.set_property("text", "a", "x")


def test_a_range_is_a_list() -> None:
    numbers = LazyRange(1, 5)
    assert methods.call(numbers, "size", ()) == 5
    assert methods.get_index(numbers, -1) == 5
    assert methods.call(numbers, "contains", (3,)) is True
    assert methods.call(numbers, "add", (9,)) is True
    assert text(numbers) == "[1, 2, 3, 4, 5, 9]"
    assert list(methods.iterate(numbers) or ()) == [1, 2, 3, 4, 5, 9]


def test_statics_through_an_instance_and_through_its_class() -> None:
    assert methods.call(0, "parseInt", ("7",)) == 7
    assert methods.call("", "join", (",", ["a", "b"])) == "a,b"
    assert methods.call(methods.get_property("", "class"), "valueOf", (7,)) == "7"
    with pytest.raises(JavaException, match="object is not an instance of declaring class"):
        methods.call(methods.get_property("", "class"), "length", ())


def test_what_a_class_shows() -> None:
    java_class = methods.get_property("x", "class")
    assert methods.get_property(java_class, "name") == "java.lang.String"
    for name in ("classLoader", "class", "methods", "simpleName", "package"):
        assert methods.get_property(java_class, name) is None
    for name in ("forName", "getClassLoader", "newInstance", "getMethods"):
        assert methods.call(java_class, name, ("java.lang.Runtime",)) is None
    assert methods.iterate(java_class) is None


def test_nothing_of_the_machine_is_told() -> None:
    assert methods.call(1, "getInteger", ("os.arch",)) is None
    assert methods.call(2**40, "getLong", ("java.version", 7)) == 7
    assert methods.call(True, "getBoolean", ("any",)) is False


# -- loops --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, expected",
    [
        ([1, 2], [1, 2]),
        (JSONArray([1]), [1]),
        ({"a": 1, "b": 2}, [1, 2]),
        (JavaArray(["x"], "java.lang.String"), ["x"]),
        ([], []),
        ("text", None),
        (5, None),
        (1.5, None),
        (True, None),
        (Lent(), None),
    ],
)
def test_what_loops_go_through(value: object, expected: list[object] | None) -> None:
    found = methods.iterate(value)
    assert (None if found is None else list(found)) == expected


def test_an_iterator_is_used_up_by_whoever_takes_from_it() -> None:
    iterator = methods.call([1, 2, 3], "iterator", ())
    assert isinstance(iterator, JavaIterator)
    assert methods.call(iterator, "next", ()) == 1
    loop = methods.iterate(iterator)
    assert loop is not None
    assert next(loop) == 2
    assert methods.call(iterator, "next", ()) == 3
    assert list(loop) == []


def test_a_list_that_grows_under_a_loop() -> None:
    items: list[object] = [1, 2]
    loop = methods.iterate(items)
    assert loop is not None
    items.append(next(loop))
    with pytest.raises(JavaException, match="ConcurrentModificationException"):
        next(loop)


def test_a_list_that_loses_its_last_but_one_item_ends_the_loop_quietly() -> None:
    items = ["a", "b", "c"]
    seen = []
    for item in methods.iterate(items) or ():
        seen.append(item)
        if item == "b":
            methods.call(items, "remove", ("b",))
    assert seen == ["a", "b"]


def test_a_loop_over_a_map_sees_what_it_holds_when_it_gets_there() -> None:
    mapping: dict[object, object] = {"a": 1, "b": 2}
    loop = methods.iterate(mapping)
    assert loop is not None
    assert next(loop) == 1
    mapping["b"] = "new"
    assert next(loop) == "new"
    mapping["c"] = "after the last"
    assert list(loop) == []


def test_a_map_that_grows_under_a_loop() -> None:
    mapping: dict[object, object] = {"a": 1, "b": 2}
    loop = methods.iterate(methods.call(mapping, "keySet", ()))
    assert loop is not None
    assert next(loop) == "a"
    mapping["c"] = 3
    with pytest.raises(JavaException, match="ConcurrentModificationException"):
        next(loop)


# -- names --------------------------------------------------------------------------------------------------------------


def test_names_are_hints() -> None:
    assert {"length", "substring", "empty", "bytes"} <= set(methods.names("x"))
    assert {"a", "put", "keySet"} <= set(methods.names({"a": 1}))
    assert {"size", "path", "body"} <= set(methods.names(Lent()))
    assert {"get", "size", "contains"} <= set(methods.names(JavaArray(())))
    assert not any(name.startswith("_") for value in VALUES.values() for name in methods.names(value.make() or 0))


@pytest.mark.parametrize(
    "value, name, arity, expected",
    [
        ("x", "substring", 1, True),
        ("x", "substring", 3, False),
        ("x", "format", 5, True),
        ("x", "wait", 0, False),
        ("x", "nope", 0, False),
        (JavaArray(()), "size", 0, True),
        (Lent(), "path", 1, True),
        (Lent(), "path", 2, False),
        (Lent(), "toString", 0, True),
    ],
)
def test_exists(value: object, name: str, arity: int, expected: bool) -> None:
    assert methods.exists(value, name, arity) is expected


# -- the short way is the long way --------------------------------------------------------------------------------------

SHORT_WAY_ARGUMENTS = ["", "a", ",", "l", ".", "é", "a😀", 0, 1, 2, -1, 99, None, True, 1.5, [1], {"a": 1}, "$1", "\\"]


@pytest.mark.parametrize("kind, name, count", everyday.DIRECT)
def test_the_short_way_gives_what_the_long_way_gives(kind: type, name: str, count: int) -> None:
    receivers: list[Any] = [
        *(
            "",
            "Hello, World",
            "a,b,,",
            "é, l",
            "a😀b",
            5,
            -(2**70),
            [1, "a", None],
            [],
            JSONArray(["a"]),
            {"a": 1, "b": None},
        ),
        *(HashMap({"a": 1}), QuietMap({"x": 2}), JavaArray(["a", "b"], "java.lang.String"), LazyRange(1, 3)),
        *(methods.call({"a": 1}, view, ()) for view in ("keySet", "values", "entrySet")),
    ]
    tried = 0
    for receiver in receivers:
        if type(receiver) is not kind:
            continue
        for number in range(len(SHORT_WAY_ARGUMENTS) if count else 1):
            args = tuple(SHORT_WAY_ARGUMENTS[(number + 5 * i) % len(SHORT_WAY_ARGUMENTS)] for i in range(count))
            one, other = _copy(receiver), _copy(receiver)
            assert _result(methods.call, one, name, args) == _result(_long_way, other, name, args), (receiver, args)
            assert text(one) == text(other)
            tried += 1
    assert tried


def _long_way(value: Any, name: str, args: Any) -> Any:
    found = methods._call(value, name, args)
    return None if found is methods._MISSING else found


def _copy(value: Any) -> Any:
    if isinstance(value, JavaArray):
        return JavaArray(value, value.component)
    if isinstance(value, JSONArray):
        return JSONArray(value)
    return value.copy() if isinstance(value, dict | list) else value


def _result(way: Any, value: Any, name: str, args: Any) -> tuple[str, str] | str | None:
    try:
        answer = way(value, name, args)
    except JavaException as problem:
        return str(problem)
    return None if answer is None else (text(answer), class_name(answer))


# -- bounds -------------------------------------------------------------------------------------------------------------

LONG = "x" * 1_000_000
MANY = [0] * 600_000

TOO_MUCH = [
    ("x", "repeat", (2**31 - 1,)),
    (LONG, "repeat", (21,)),
    (LONG, "replace", ("x", "y" * 21)),
    (LONG, "replace", ("", "y" * 21)),
    (LONG, "replaceAll", ("x", "y" * 21)),
    (LONG, "replaceAll", ("[x]", "y" * 21)),
    (LONG, "indent", (2**31 - 1,)),
    ("x" * 15_000_000, "concat", ("x" * 15_000_000,)),
    (LONG, "join", (LONG, ["a"] * 25)),
    ("%s", "format", ("%99999999d", 1)),
    (LONG + "y", "toCharArray", ()),
    (LONG + "y", "getBytes", ()),
    (MANY, "addAll", (MANY,)),
    (MANY, "ensureCapacity", (2**31 - 1,)),
    ("\n" * 1_500_000, "lines", ()),
    (",".join("ab" * 600_000), "split", (",",)),
]


@pytest.mark.parametrize("value, name, args", TOO_MUCH)
def test_what_is_too_much_is_refused_before_it_is_made(
    value: Any, name: str, args: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REGEX_SECONDS", 60.0)  # a slow machine would meet that bound first
    receiver = list(value) if isinstance(value, list) else value
    with pytest.raises(LimitReached) as caught:
        methods.call(receiver, name, args)
    assert caught.value.limit in {"STRING_CHARACTERS", "COLLECTION_ITEMS"}


@pytest.mark.parametrize(
    "value, name, args",
    [
        (10**30, "pow", (2**31 - 1,)),
        (10**30, "shiftLeft", (2**31 - 1,)),
        (10**30, "setBit", (2**31 - 1,)),
        (10**30, "flipBit", (2**31 - 1,)),
        (Decimal("1.1"), "pow", (999_999_999,)),
        (Decimal("1.1"), "setScale", (2**31 - 1,)),
        (Decimal("1E+999999"), "toBigInteger", ()),
        (Decimal("1.1"), "divide", (Decimal(3), 2**31 - 1, 4)),
    ],
)
def test_numbers_that_outgrow_their_bound_are_javas_own_overflow(value: Any, name: str, args: tuple[Any, ...]) -> None:
    with pytest.raises(JavaException, match="ArithmeticException"):
        methods.call(value, name, args)


def test_a_list_can_be_added_to_itself() -> None:
    items: list[object] = [1, 2]
    assert methods.call(items, "addAll", (items,)) is True
    assert items == [1, 2, 1, 2]


def test_comparing_long_lists_takes_no_time() -> None:
    one, other = list(range(50_000)), list(range(50_000))
    assert methods.call(one, "containsAll", (other,)) is True
    assert methods.call(one, "removeAll", (other,)) is True
    assert one == []


# -- safety -------------------------------------------------------------------------------------------------------------

PYTHON_NAMES = sorted(
    {name for value in VALUES.values() for name in dir(value.make())}
    | set(dir(type))
    | set(dir(len))
    | set(dir(methods))
)
SURELY_PYTHON = [name for name in PYTHON_NAMES if name.startswith("_")]
NAMES = st.one_of(st.sampled_from(PYTHON_NAMES), st.sampled_from(SURELY_PYTHON), st.text(max_size=12))


def _is_java(value: object) -> bool:
    if value is None:
        return True
    class_name(value)  # raises TypeError for what stands for no Java type
    if isinstance(value, dict):
        return all(map(_is_java, value.values()))
    return all(map(_is_java, value)) if isinstance(value, list) else True


@settings(max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(VALUES)), NAMES, st.lists(st.sampled_from(sorted(VALUES)), max_size=3))
def test_no_name_reaches_python(on: str, name: str, args: list[str]) -> None:
    value = VALUES[on].make()
    if value is None:
        return
    given_args = [VALUES[arg].make() for arg in args]
    for ask, about in ((methods.get_property, name), (methods.get_index, name), (_call_with(given_args), name)):
        try:
            found = ask(value, about)
        except (JavaException, LimitReached):
            continue
        assert _is_java(found)


def _call_with(args: list[Any]) -> Callable[[Any, str], object]:
    return lambda value, name: methods.call(value, name, args)


@pytest.mark.parametrize("on", VALUES)
def test_no_name_with_an_underscore_is_anything(on: str) -> None:
    value = VALUES[on].make()
    if value is None:
        return
    for name in SURELY_PYTHON:
        assert methods.get_property(value, name) is None
        assert methods.call(value, name, ()) is None
        assert methods.call(value, name, ("x",)) is None
        assert not methods.exists(value, name, 0)
        if not isinstance(value, dict) and on != "fixed_map":
            assert not methods.set_property(value, name, 1)


# -- start-up -----------------------------------------------------------------------------------------------------------


def test_importing_the_room_brings_nothing_heavy() -> None:
    heavy = ("regex", "decimal", "locale", "unicodedata", "json", "vtlsim.velocity.java.strings", "vtlsim.values.order")
    script = f"import sys, vtlsim.velocity.methods as m; print([n for n in {heavy!r} if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() in ("[]", "['vtlsim.values.order']")
