"""Calls one after the other on one object, by chance: what an iterator, a part of a list or a view remembers.

A case is (object, calls), a call being (method, names of arguments).
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from velocity.java.calls import VALUES, Answer, comparable, java_answer
from vtlsim.values.collections import JSONArray
from vtlsim.values.objects import JavaException
from vtlsim.values.text import text
from vtlsim.velocity import methods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reference.harness import Case, Reference, Result

SequenceCase = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]

# for each object: how Java makes it from $list or $map, and how we do
OBJECTS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "list": ("$list", lambda items, _map: items),
    "iterator": ("$list.iterator()", lambda items, _map: methods.call(items, "iterator", ())),
    "list iterator": ("$list.listIterator(1)", lambda items, _map: methods.call(items, "listIterator", (1,))),
    "sub list": ("$list.subList(1, 3)", lambda items, _map: methods.call(items, "subList", (1, 3))),
    "sub list iterator": (
        "$list.subList(1, 3).listIterator()",
        lambda items, _map: methods.call(methods.call(items, "subList", (1, 3)), "listIterator", ()),
    ),
    "map": ("$map", lambda _list, mapping: mapping),
    "keys": ("$map.keySet()", lambda _list, mapping: methods.call(mapping, "keySet", ())),
    "values": ("$map.values()", lambda _list, mapping: methods.call(mapping, "values", ())),
    "entries": ("$map.entrySet()", lambda _list, mapping: methods.call(mapping, "entrySet", ())),
    "key iterator": (
        "$map.keySet().iterator()",
        lambda _list, mapping: methods.call(methods.call(mapping, "keySet", ()), "iterator", ()),
    ),
    "entry": (
        "$map.entrySet().iterator().next()",
        lambda _list, mapping: methods.call(
            methods.call(methods.call(mapping, "entrySet", ()), "iterator", ()), "next", ()
        ),
    ),
}
_ITERATOR = (("next", 0), ("next", 0), ("hasNext", 0), ("remove", 0))
_LIST_ITERATOR = (
    *_ITERATOR,
    ("add", 1),
    ("set", 1),
    ("previous", 0),
    ("hasPrevious", 0),
    ("nextIndex", 0),
    ("previousIndex", 0),
)
_COLLECTION = (
    ("size", 0),
    ("contains", 1),
    ("remove", 1),
    ("removeAll", 1),
    ("retainAll", 1),
    ("containsAll", 1),
    ("toString", 0),
)
_LIST = (
    *_COLLECTION,
    *(("add", 1), ("add", 2), ("get", 1), ("set", 2), ("addAll", 1), ("addAll", 2), ("indexOf", 1), ("lastIndexOf", 1)),
    *(("sort", 1), ("hashCode", 0), ("isEmpty", 0), ("equals", 1)),
)
_MAP = (
    *(
        ("put", 2),
        ("put", 2),
        ("get", 1),
        ("remove", 1),
        ("remove", 2),
        ("replace", 2),
        ("replace", 3),
        ("putIfAbsent", 2),
    ),
    *(("getOrDefault", 2), ("containsKey", 1), ("containsValue", 1), ("putAll", 1), ("size", 0), ("keySet", 0)),
    *(("values", 0), ("entrySet", 0), ("hashCode", 0), ("equals", 1), ("clone", 0)),
)
_METHODS = {
    "list": _LIST,
    "iterator": _ITERATOR,
    "list iterator": _LIST_ITERATOR,
    "sub list": _LIST,
    "sub list iterator": _LIST_ITERATOR,
    "map": _MAP,
    "keys": _COLLECTION,
    "values": _COLLECTION,
    "entries": _COLLECTION,
    "key iterator": _ITERATOR,
    "entry": (("getKey", 0), ("getValue", 0), ("setValue", 1), ("toString", 0), ("hashCode", 0)),
}
_ARGUMENTS = (
    "a",
    "one",
    "zero",
    "two",
    "three",
    "null",
    "xyz",
    "letters_list",
    "no_items",
    "long_three",
    "half",
    "json_words",
)
_SETUPS = {name: VALUES[name].setup for name in _ARGUMENTS if VALUES[name].setup is not None}


def sequence_cases(seed: int, count: int) -> Iterator[SequenceCase]:
    """Seven calls each."""
    chance = Random(seed)
    names = sorted(OBJECTS)
    for number in range(count):
        name = names[number % len(names)]
        steps = [chance.choice(_METHODS[name]) for _ in range(7)]
        yield name, tuple((method, tuple(chance.choice(_ARGUMENTS) for _ in range(size))) for method, size in steps)


def case(question: SequenceCase) -> Case:
    """The template that asks Java: each call's result, then the list and the map."""
    name, steps = question
    setups = "".join(f"#set(${other} = {setup})" for other, setup in _SETUPS.items())
    lines = [
        f'#set($answer = "null")#set($answer = $object.{method}({", ".join(f"${arg}" for arg in args)}))$answer|'
        for method, args in steps
    ]
    template = (
        f'#set($list = ["a", "b", "c", "a"]){setups}#set($object = {OBJECTS[name][0]}){"".join(lines)}$list|$map§§§§'
    )
    values = {other: VALUES[other].json for other in (*_ARGUMENTS, "minus_five") if VALUES[other].json is not None}
    return {"template": template, "vars": {**values, "map": {"a": 1, "b": "x", "xyz": [1]}}}


def java_text(result: Result) -> str:
    """What Java printed, or its exception's class."""
    answer = comparable(java_answer(result))
    return answer.text if answer.text is not None else (answer.error or "").partition(":")[0]


def our_text(question: SequenceCase) -> str:
    """What we say."""
    name, steps = question
    items: list[object] = ["a", "b", "c", "a"]
    mapping: dict[object, object] = {"a": 1, "b": "x", "xyz": JSONArray([1])}
    shown = []
    arguments = {other: VALUES[other].make() for other in _ARGUMENTS}
    try:
        value = OBJECTS[name][1](items, mapping)
        for method, args in steps:
            answer = methods.call(value, method, [arguments[arg] for arg in args])
            shown.append("null" if answer is None else text(answer))
    except JavaException as problem:
        return problem.java_class
    shown += [text(items), text(mapping)]
    return comparable(Answer("|".join(shown))).text or ""


def rows(reference: Reference) -> Iterator[list[Any]]:
    """[object, calls, what was printed]"""
    questions = list(sequence_cases(1, 2_200))
    for question, result in zip(questions, reference.render_all(map(case, questions)), strict=True):
        yield [question[0], question[1], java_text(result)]
