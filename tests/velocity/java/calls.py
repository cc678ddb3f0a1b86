"""Calls of Java methods: the values that they are made on and with, and how to ask Java and us for the answer.

A value has a name. For Java it is a variable that a template's beginning sets up; for us a function makes it. A call is
(receiver, method, arguments), all by name; its answer is what it printed, of which class it was, and what the receiver
looked like afterwards.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product
from math import prod
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from vtlsim.values.collections import Entry, EntrySet, JavaArray, JSONArray, KeySet, SubList, ValuesView
from vtlsim.values.numbers import BigInteger, Byte, Float, Long, Short
from vtlsim.values.objects import JavaException
from vtlsim.values.text import Character, text
from vtlsim.velocity import methods
from vtlsim.velocity.java.types import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reference.harness import Case, Result


class Value(NamedTuple):
    """``json`` is given to Java as a variable; or ``setup``, an expression, makes it from such."""

    make: Callable[[], Any]
    json: Any = None
    setup: str | None = None


def _plain(value: Any) -> Value:
    return Value(lambda: value, json=value)


def _array(component: str, items: Iterable[Any]) -> JavaArray:
    return JavaArray(items, component)


def _characters(word: str) -> JavaArray:
    return _array("char", map(Character, word))


_MAP: dict[object, object] = {"a": 1, "b": "x", "c": None}


def _second_of(word: str) -> Any:
    iterator = methods.call(JSONArray([*word]), "listIterator", (1,))
    methods.call(iterator, "next", ())
    return iterator


VALUES: dict[str, Value] = {
    # texts
    "text": _plain("Hello, World"),
    "empty": _plain(""),
    "blank": _plain("  a b\t"),
    "a": _plain("a"),
    "l": _plain("l"),
    "comma": _plain(","),
    "letters": _plain("abcABC"),
    "mixed": _plain("éÀß Ωσς"),
    "wide": _plain("a😀b"),
    "seven": _plain("7"),
    "minus": _plain("-12"),
    "hex": _plain("0x1F"),
    "decimal": _plain("3.50"),
    "true_word": _plain("tRue"),
    "lines": _plain("one\n  two\r\n\tthree\r"),
    "escapes": _plain('a\\tb\\101\\s\\"x'),
    "format": _plain("%s|%5d|%-4s|%x"),
    "utf": _plain("UTF-16"),
    "unknown_charset": _plain("nope"),
    # numbers
    "zero": _plain(0),
    "one": _plain(1),
    "two": _plain(2),
    "minus_one": _plain(-1),
    "twelve": _plain(12),
    "large": _plain(2147483647),
    "small": _plain(-2147483648),
    "long": _plain(9876543210),
    "minus_long": _plain(-9223372036854775808),
    "long_three": Value(lambda: Long(3), setup="$three.longValue()"),
    "three": _plain(3),
    "short": Value(lambda: Short(-5), setup="$minus_five.shortValue()"),
    "minus_five": _plain(-5),
    "byte": Value(lambda: Byte(100), setup="$hundred.byteValue()"),
    "hundred": _plain(100),
    "big": _plain(123456789012345678901234567890),
    "minus_big": _plain(-36893488147419103232),
    "big_three": Value(lambda: BigInteger(3), setup="$big.valueOf(3)"),
    "half": _plain(0.5),
    "minus_double": _plain(-2.75),
    "huge": _plain(1.0e21),
    "tiny": _plain(1.25e-7),
    "nan": Value(lambda: float("nan"), setup='$half.parseDouble("NaN")'),
    "infinity": Value(lambda: float("inf"), setup='$half.parseDouble("Infinity")'),
    "minus_zero": Value(lambda: -0.0, setup='$half.parseDouble("-0.0")'),
    "float": Value(lambda: Float(0.1), setup="$tenth.floatValue()"),
    "tenth": _plain(0.1),
    "big_decimal": Value(lambda: Decimal("12.3400"), setup="$precise.valueOf(123400, 4)"),
    "precise": Value(lambda: Decimal("123456789012345678901234567890.5"), setup="$big + $half"),
    "minus_decimal": Value(lambda: Decimal("-0.5"), setup="$precise.valueOf(-5, 1)"),
    "round_decimal": Value(lambda: Decimal("7E+3"), setup="$precise.valueOf(7, -3)"),
    "zero_decimal": Value(lambda: Decimal("0.00"), setup="$precise.valueOf(0, 2)"),
    # the rest of what a text is made of
    "yes": _plain(True),
    "no": _plain(False),
    "null": Value(lambda: None, setup=None),
    "char": Value(lambda: Character("x"), setup="$xyz.charAt(0)"),
    "digit_char": Value(lambda: Character("7"), setup="$seven.charAt(0)"),
    "omega": Value(lambda: Character("Ω"), setup="$mixed.charAt(4)"),
    "xyz": _plain("xyz"),
    # arrays
    "words": Value(lambda: _array("java.lang.String", ["a", "b"]), setup='$a_b.split(" ")'),
    "a_b": _plain("a b"),
    "no_words": Value(lambda: _array("java.lang.String", []), setup='$space.split(" ")'),
    "space": _plain(" "),
    "objects": Value(lambda: _array("java.lang.Object", [1, "b", None]), setup="$list.toArray()"),
    "chars": Value(lambda: _characters("xyz"), setup="$xyz.toCharArray()"),
    "bytes": Value(lambda: _array("byte", map(Byte, b"xyz")), setup="$xyz.getBytes()"),
    "ints": Value(lambda: _array("int", [120, 121, 122]), setup="$xyz.chars().toArray()"),
    # collections
    "list": Value(lambda: [1, "b", None], setup='[1, "b", $null]'),
    "letters_list": Value(lambda: ["b", "a", "c", "a"], setup='["b", "a", "c", "a"]'),
    "no_items": Value(list, setup="[]"),
    "json_array": Value(lambda: JSONArray([1, "x/y", {"k": 2.5}]), json=[1, "x/y", {"k": 2.5}]),
    "json_words": Value(lambda: JSONArray(["a", "b", "b"]), json=["a", "b", "b"]),
    "sub_list": Value(lambda: SubList(JSONArray([1, 2, 3]), 1, 3), setup="$numbers.subList(1, 3)"),
    "numbers": _plain([1, 2, 3]),
    "map": Value(lambda: dict(_MAP), json=_MAP),
    "no_keys": Value(dict, json={}),
    "keys": Value(lambda: KeySet(dict(_MAP)), setup="$map.keySet()"),
    "map_values": Value(lambda: ValuesView(dict(_MAP)), setup="$map.values()"),
    "entries": Value(lambda: EntrySet({"a": 1, "b": "x"}), setup="$pairs.entrySet()"),
    "pairs": Value(lambda: {"a": 1, "b": "x"}, json={"a": 1, "b": "x"}),
    "entry": Value(lambda: Entry(dict(_MAP), "a"), setup="$map.entrySet().iterator().next()"),
    "iterator": Value(lambda: methods.call([1, "b", None], "iterator", ()), setup="$list.iterator()"),
    "key_iterator": Value(lambda: methods.call(KeySet(dict(_MAP)), "iterator", ()), setup="$map.keySet().iterator()"),
    "list_iterator": Value(lambda: methods.call([1, "b", None], "listIterator", (1,)), setup="$list.listIterator(1)"),
    "class": Value(lambda: methods.call("x", "getClass", ()), setup="$xyz.getClass()"),
    "list_class": Value(lambda: methods.call([], "getClass", ()), setup="$no_items.getClass()"),
    # what only Java's methods hand out
    "optional": Value(lambda: methods.call("xyz", "describeConstable", ()), setup="$xyz.describeConstable()"),
    "no_optional": Value(
        lambda: methods.call([], "stream", ()).__class__ and _no_optional(), setup="$no_items.stream().findFirst()"
    ),
    "stream": Value(lambda: methods.call(["b", "a", "c", "a"], "stream", ()), setup="$letters_list.stream()"),
    "int_stream": Value(lambda: methods.call("cab", "chars", ()), setup="$cab.chars()"),
    "cab": _plain("cab"),
    "by_key": Value(
        lambda: methods.call(Entry(dict(_MAP), "a"), "comparingByKey", ()), setup="$entry.comparingByKey()"
    ),
    "fixed_list": Value(lambda: methods.call([], "of", (1, "b")), setup='$no_items.of(1, "b")'),
    "fixed_set": Value(lambda: methods.call(KeySet({}), "of", (1,)), setup="$keys.of(1)"),
    "fixed_map": Value(lambda: methods.call({}, "of", ("a", 1)), setup='$no_keys.of("a", 1)'),
    "fixed_entry": Value(lambda: methods.call({}, "entry", ("a", 1)), setup='$no_keys.entry("a", 1)'),
}


def _no_optional() -> Any:
    return methods.call(methods.call([], "stream", ()), "findFirst", ())


def _by_key() -> Any:
    return methods.call(Entry(dict(_MAP), "a"), "comparingByKey", ())


class Call(NamedTuple):
    """What is asked: all parts are names. ``how`` is one of ``HOW``; the name of an index or a loop is empty."""

    on: str
    name: str = ""
    args: tuple[str, ...] = ()
    how: str = "call"


HOW = {
    "call": "#set($answer = $ON.NAME(ARGS))$answer",
    "get": "#set($answer = $ON.NAME)$answer",
    "get index": "#set($answer = $ON[ARGS])$answer",
    "set": "#set($ON.NAME = ARGS)",
    "set index": "#set($ON[FIRST] = SECOND)",
    "foreach": "#foreach($item in $ON)<$item>#end",
    "foreach and add": "#foreach($item in $ON)<$item>#set($answer = $ON.add($item))#end",
    "foreach and remove": "#foreach($item in $ON)<$item>#set($answer = $ON.remove($item))#end",
}


class Answer(NamedTuple):
    """``text`` is None for null; ``error`` is a Java exception's class and message."""

    text: str | None = None
    kind: str | None = None
    after: str | None = None
    error: str | None = None


# -- Java ---------------------------------------------------------------------------------------------------------------

_VARIABLES = {name: value.json for name, value in VALUES.items() if value.json is not None}


def _needed(names: Iterable[str]) -> Iterator[str]:
    """Names with those that they are made from before them."""
    for name in names:
        setup = VALUES[name].setup
        if setup is not None:
            yield from _needed(other for other in re.findall(r"\$(\w+)", setup) if other != name)
        yield name


def case(call: Call) -> Case:
    """The template that asks Java."""
    lines = []
    done: set[str] = set()
    for name in _needed((call.on, *call.args)):
        setup = VALUES[name].setup
        if name not in done and setup is not None:
            lines.append(f"#set(${name} = {setup})")
        done.add(name)
    arguments = [f"${name}" for name in call.args]
    question = HOW[call.how].replace("$ON", f"${call.on}").replace("NAME", call.name)
    question = question.replace("ARGS", ", ".join(arguments)).replace("FIRST", "".join(arguments[:1]))
    question = question.replace("SECOND", "".join(arguments[1:]))
    template = f"{''.join(lines)}{question}§§$!answer.class.name§§$!{call.on}"
    return {"template": template, "vars": _VARIABLES}


_THROWN = (
    re.compile(r"threw exception ([\w.$]+?)(?:: (.*?))?(?: at \S*\[line \d+, column \d+\])?$", re.DOTALL),
    re.compile(r"^()(A 'size\(\)' method required for negative value .*?) at \S*\[line \d+, column \d+\]$", re.DOTALL),
)
_UNNAMED = re.compile(r"Error invoking method 'get\(|Exception calling method")
"""Of an exception inside of ``[...]`` Velocity says only where it was."""


def java_answer(result: Result) -> Answer:
    """What Java said, in our words."""
    if result.out is not None:
        shown, kind, after = result.out.split("§§")
        return Answer(after=after) if shown == "$answer" else Answer(shown, kind, after)
    error = result.error or ""
    for pattern in _THROWN:
        found = pattern.search(error)
        if found is not None:
            java_class = found[1] or "org.apache.velocity.exception.VelocityException"
            return Answer(error=java_class if found[2] is None else f"{java_class}: {found[2]}")
    if _UNNAMED.search(error):
        return Answer(error="unnamed")
    java_class = f"{_PACKAGES.get(result.exception or '', 'java.lang')}.{result.exception}"
    if java_class.endswith("VelocityException"):
        return Answer(error=java_class)
    return Answer(error=java_class if error in {"", "null"} else f"{java_class}: {error}")


_PACKAGES = {"ConcurrentModificationException": "java.util", "VelocityException": "org.apache.velocity.exception"}
_OF_REFLECTION = {"wrong number of arguments", "object is not an instance of declaring class"}

# -- us -----------------------------------------------------------------------------------------------------------------


def our_answer(call: Call) -> Answer:
    """What we say."""
    values: dict[str, Any] = {name: VALUES[name].make() for name in (call.on, *call.args)}
    receiver = values[call.on]
    try:
        return _ask(call, receiver, [values[name] for name in call.args])
    except JavaException as problem:
        thrown_by_java = problem.java_class.startswith("java.")
        if "index" in call.how and thrown_by_java and problem.message not in _OF_REFLECTION:
            return Answer(error="unnamed")
        return Answer(error=str(problem))
    except methods.LimitReached:
        return Answer(error="limit")


def _ask(call: Call, receiver: Any, args: list[Any]) -> Answer:
    answer: Any = ""
    match call.how:
        case "call":
            answer = methods.call(receiver, call.name, args)
        case "get":
            answer = methods.get_property(receiver, call.name)
        case "get index":
            answer = methods.get_index(receiver, args[0])
        case "set":
            methods.set_property(receiver, call.name, args[0])
            return Answer("", "", text(receiver))
        case "set index":
            methods.set_index(receiver, args[0], args[1])
            return Answer("", "", text(receiver))
        case _:
            return _loop(call.how, receiver)
    after = text(receiver)
    if answer is None:
        return Answer(after=after)
    return Answer(text(answer), _class_of(answer), after)


def _loop(how: str, receiver: Any) -> Answer:
    printed, last = "", None
    for item in methods.iterate(receiver) or ():
        printed += f"<{'$item' if item is None else text(item)}>"
        if how != "foreach":
            last = methods.call(receiver, how.rpartition(" ")[2], (item,))
    return Answer(printed, "" if last is None else _class_of(last), text(receiver))


def _class_of(value: Any) -> str:
    java_class = methods.get_property(value, "class")
    name = None if java_class is None else methods.get_property(java_class, "name")
    return "" if name is None else text(name)


# -- the questions ------------------------------------------------------------------------------------------------------

RECEIVERS = {
    "String": (
        "text",
        "empty",
        "blank",
        "mixed",
        "wide",
        "seven",
        "minus",
        "hex",
        "lines",
        "escapes",
        "format",
        "letters",
    ),
    "Character": ("char", "digit_char", "omega"),
    "Integer": ("zero", "twelve", "minus_one", "large", "small"),
    "Long": ("long", "minus_long", "long_three"),
    "Short": ("short",),
    "Byte": ("byte",),
    "BigInteger": ("big", "minus_big", "big_three"),
    "Double": ("half", "minus_double", "huge", "nan", "infinity", "minus_zero", "tiny"),
    "Float": ("float",),
    "BigDecimal": ("big_decimal", "precise", "minus_decimal", "round_decimal", "zero_decimal"),
    "Boolean": ("yes", "no"),
    "ArrayList": ("list", "letters_list", "no_items"),
    "JSONArray": ("json_array", "json_words"),
    "SubList": ("sub_list",),
    "List of array": ("words", "no_words", "objects", "chars", "bytes", "ints"),
    "LinkedHashMap": ("map", "no_keys"),
    "KeySet": ("keys",),
    "Values": ("map_values",),
    "EntrySet": ("entries",),
    "Entry": ("entry",),
    "Iterator": ("iterator", "key_iterator"),
    "ListIterator": ("list_iterator",),
    "Class": ("class", "list_class"),
    "Optional": ("optional", "no_optional"),
    "Stream": ("stream",),
    "IntStream": ("int_stream",),
    "Comparator": ("by_key",),
    "ImmutableList": ("fixed_list",),
    "ImmutableSet": ("fixed_set",),
    "ImmutableMap": ("fixed_map",),
}

_FITTING = {
    "int": ("zero", "one", "two", "minus_one", "twelve", "large", "three"),
    "long": ("zero", "three", "long", "minus_one", "minus_long"),
    "short": ("short",),
    "byte": ("byte",),
    "double": ("half", "minus_double", "nan", "twelve", "infinity"),
    "float": ("float", "three"),
    "char": ("char", "digit_char", "omega"),
    "boolean": ("yes", "no"),
    "String": (
        "a",
        "l",
        "empty",
        "text",
        "seven",
        "minus",
        "hex",
        "comma",
        "mixed",
        "decimal",
        "true_word",
        "utf",
        "null",
    ),
    "CharSequence": ("a", "comma", "empty", "wide", "null"),
    "Object": ("a", "one", "list", "null", "yes", "long_three"),
    "BigInteger": ("big", "minus_big", "big_three", "null"),
    "BigDecimal": ("big_decimal", "minus_decimal", "round_decimal", "zero_decimal", "null"),
    "Collection": ("letters_list", "no_items", "json_words", "keys", "null"),
    "Iterable": ("letters_list", "list", "keys", "null"),
    "List": ("list", "null"),
    "Map": ("map", "no_keys", "null"),
    "Map.Entry": ("entry", "null"),
    "Object[]": ("words", "objects", "a", "null"),
    "CharSequence[]": ("words", "a", "null"),
    "char[]": ("chars", "char", "null"),
    "int[]": ("ints", "one", "null"),
    "byte[]": ("bytes", "null"),
    "Map.Entry[]": ("entry", "null"),
    "Comparator": ("by_key", "null"),
    "Integer": ("twelve", "null"),
    "Long": ("long", "null"),
    "Double": ("half", "minus_double", "null"),
    "Float": ("float", "null"),
    "Boolean": ("yes", "null"),
    "Character": ("char", "null"),
    "Short": ("short", "null"),
    "Byte": ("byte", "null"),
}
_ODD = ("null", "text", "one", "long", "half", "char", "list", "map", "words", "chars", "big", "big_decimal", "yes")
"""Arguments of which most do not fit."""


def fitting_calls(kind: str, most: int) -> Iterator[Call]:
    """Calls of every method of a type with arguments that fit its parameters, at most so many of each."""
    chance = Random(kind)
    for name, overloads in type_of(kind).methods.items():
        for overload in overloads:
            choices = [_FITTING.get(parameter, ("null",)) for parameter in overload.parameters]
            combinations = len(RECEIVERS[kind]) * prod(map(len, choices))
            if not choices or combinations <= most:
                yield from (Call(on, name, args) for args in product(*choices) for on in RECEIVERS[kind])
                continue
            for _ in range(most):
                args = [chance.choice(choice) for choice in choices]
                if overload.parameters[-1].endswith("[]") and chance.random() < 0.5:
                    args = args[:-1] + [args[-1]] * chance.choice((0, 2))
                yield Call(chance.choice(RECEIVERS[kind]), name, tuple(args))


def odd_calls(kind: str) -> Iterator[Call]:
    """Calls of every method of a type with arguments of other kinds, too many, or none."""
    for number, (name, overloads) in enumerate(type_of(kind).methods.items()):
        counts = {len(overload.parameters) for overload in overloads}
        on = RECEIVERS[kind][number % len(RECEIVERS[kind])]
        yield Call(on, name)
        for place, odd in enumerate(_ODD):
            yield Call(on, name, (odd,))
            other = _ODD[(place * 5 + number) % len(_ODD)]
            if counts - {0, 1} or place % 4 == 0:
                yield Call(on, name, (odd, other))
            if max(counts) > 2 and place % 3 == 0:
                yield Call(on, name, (odd, other, _ODD[(place + number) % len(_ODD)]))


_PROPERTIES = (
    *("class", "Class", "empty", "Empty", "blank", "bytes", "Bytes", "size", "length", "key", "Key", "value", "name"),
    *(
        "naN",
        "NaN",
        "infinite",
        "lowestSetBit",
        "present",
        "first",
        "a",
        "b",
        "nope",
        "parallel",
        "finite",
        "0",
        "next",
    ),
)
_SETTERS = (("value", "one"), ("bit", "three"), ("scale", "one"), ("a", "text"), ("class", "one"))
_INDICES = ("zero", "one", "minus_one", "twelve", "minus_five", "long", "a", "null", "half", "list")


def other_questions() -> Iterator[Call]:
    """Properties, indices, loops on everything."""
    for receivers in RECEIVERS.values():
        for on in receivers:
            yield from (Call(on, name, how="get") for name in _PROPERTIES if name[0].isalpha())
            yield from (Call(on, name, (new,), "set") for name, new in _SETTERS)
            for index in _INDICES:
                yield Call(on, "", (index,), "get index")
                yield from (Call(on, "", (index, new), "set index") for new in ("seven", "one"))
            yield from (Call(on, how=how) for how in HOW if how.startswith("foreach"))


def all_calls(most: int = 8) -> list[Call]:
    """Every question, once."""
    found: dict[Call, None] = {}
    for kind in RECEIVERS:
        for call in (*fitting_calls(kind, most), *odd_calls(kind)):
            found[call] = None
    found.update(dict.fromkeys(other_questions()))
    return [call for call in found if not _unanswerable(call)]


def recorded_calls() -> list[Call]:
    """Those that the fixtures hold: all that fit, and some of the others."""
    fitting = {call for kind in RECEIVERS for call in fitting_calls(kind, 6)}
    return [call for number, call in enumerate(all_calls(6)) if call in fitting or number % 4 == 0]


# -- how far answers must agree -----------------------------------------------------------------------------------------

_OF_SETS_AND_MAPS = {"map", "no_keys", "keys", "entries", "fixed_set", "fixed_map", "class"}
_NAMELESS = {
    "words",
    "no_words",
    "objects",
    "chars",
    "bytes",
    "ints",
    "stream",
    "int_stream",
    "by_key",
    "class",
    "map_values",
}


def _unanswerable(call: Call) -> bool:
    """Whether Java's own answer is another one in every run: numbers that stand for an object, the order of sets and
    maps that cannot be changed; or has nothing to do with the method: a map that is made twice here and once there."""
    if call.name == "hashCode":
        return call.on in _NAMELESS or "iterator" in call.on
    if call.name in {"of", "ofEntries", "copyOf"} and call.on in _OF_SETS_AND_MAPS:
        return len(call.args) != 1 or call.args[0] in {"letters_list", "words", "objects", "list", "json_words", "keys"}
    if call.on.startswith("json_") and not {"chars", "bytes", "ints"}.isdisjoint(call.args):
        return True  # json-smart cannot write an array of primitives: it is the printing afterwards that fails
    return "map" in call.args and call.on in {"entry", "keys", "map_values", "map"}


_IDENTITY = re.compile(r"@[0-9a-f]+")
_LAMBDA = re.compile(r"(\$\$Lambda)\$\d+/0x[0-9a-f]+")
_TOO_MUCH = ("java.lang.OutOfMemoryError", "java.lang.ArithmeticException: BigInteger would overflow supported range")


def comparable(answer: Answer) -> Answer:
    """An answer without what is another in every run of Java: the numbers of objects and nameless classes, whether a
    null pointer or a reflective call has a message (which depends on how often the call was made before)."""
    shown, kind, after, error = (
        None if part is None else _LAMBDA.sub(r"\1", _IDENTITY.sub("@", part)) for part in answer
    )
    if kind == "java.lang.Float" and shown is not None:
        shown = repr(Float(shown))  # the JDK's digits of a float have changed with version 19
    if error is not None:
        if error.startswith("java.lang.NullPointerException"):
            error = "java.lang.NullPointerException"
        elif error.startswith("org.apache.velocity") and "A 'size()'" not in error:
            error = error.partition(":")[0]
        elif error == "java.lang.IllegalArgumentException":
            error = "java.lang.IllegalArgumentException: wrong number of arguments"
        elif error.startswith("java.lang.IllegalArgumentException: java.lang.ClassCastException@"):
            error = "java.lang.IllegalArgumentException: object is not an instance of declaring class"
    return Answer(shown, kind, after, error)


DIFFERENCES: tuple[tuple[str, str, str], ...] = (
    (r".*", r"spliterator", "no template can do anything with a Spliterator: its class is not Java's"),
    (r"stream|int_stream", r".*", "a step of a stream is made at once and of one class: Java's say what they will do"),
    (
        r".*words|objects|chars|bytes|ints",
        r"subList",
        "a part of an array is an AbstractList$SubList; ours says ArrayList",
    ),
    (
        r".*decimal|precise",
        r"valueOf|scaleByPowerOfTen|setScale|movePoint.*",
        "a zero with a scale beyond Python's exponents",
    ),
    (r"float", r"toString", "the digits of a float: JDK 19's, not JDK 17's"),
    (
        r"fixed_.*",
        r"subList|keySet|values|entrySet|iterator",
        "views of what cannot be changed are copies, of another class",
    ),
)
"""Where our answer is another than Java's: receivers, methods, and why."""


def excused(call: Call, ours: Answer, theirs: Answer) -> bool:
    """Whether two answers may differ: by one of the differences above, or because Java ran out of memory where we met
    a bound."""
    if theirs.error is not None and theirs.error.startswith(_TOO_MUCH):
        return ours.error == "limit" or ours.error is not None
    if ours.error == "limit":
        return True
    if ours.error == _TOO_MUCH[1]:
        return theirs.error is not None and theirs.error.startswith("java.lang.ArithmeticException")
    return any(re.fullmatch(on, call.on) and re.fullmatch(name, call.name) for on, name, _ in DIFFERENCES)
