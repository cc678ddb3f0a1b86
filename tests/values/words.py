"""How a value is written on a line, for Java and in the fixtures: JSON has no words for most of Java's types.

``I5`` is an Integer, ``L5`` a Long, ``B5`` a BigInteger, ``H5`` a Short, ``Y5`` a Byte; ``D`` and ``F`` are a Double and
a Float by their bits in hexadecimal, ``M1.50`` a BigDecimal; ``Sabc`` a String and ``Ca`` a Character, in which anything
but printable ASCII is ``\\uXXXX``; ``n t f`` are null, true and false. Between a word and ``]`` stand the items of a list
(``a`` ArrayList, ``j`` JSONArray, ``u`` subList, ``o`` Object[], ``s`` String[]) or the keys and values of a map (``l``
LinkedHashMap, ``h`` HashMap by put, ``h32`` with a capacity, ``c`` HashMap by copying, ``q`` QuietMap), where ``-`` and
a key take it out again; ``p`` is a HashMap by put and then putAll; ``K V E e`` and a map are its keySet, values, entrySet
and first entry.
"""

from __future__ import annotations

import re
import struct
from decimal import Decimal
from math import isnan

from vtlsim.values.collections import (
    Entry,
    EntrySet,
    HashMap,
    JavaArray,
    JSONArray,
    KeySet,
    LazyRange,
    QuietMap,
    SubList,
    ValuesView,
    key_of,
    key_value,
)
from vtlsim.values.numbers import Byte, Float, Short, big_integer, integer_type, long
from vtlsim.values.text import Character

_INTEGERS = {"I": int, "L": long, "B": big_integer, "H": Short, "Y": Byte}
_LETTERS = {"Integer": "I", "Long": "L", "BigInteger": "B", "Short": "H", "Byte": "Y"}
_SIMPLE = {"n": None, "t": True, "f": False}
_MAPS = {"l": dict, "h": HashMap, "c": dict, "q": QuietMap}
_VIEWS = {"K": KeySet, "V": ValuesView, "E": EntrySet}


def escaped(text: str) -> str:
    units = text.encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2)]
    return "".join(chr(code) if 0x20 < code < 0x7F and code != 0x5C else f"\\u{code:04x}" for code in codes)


def unescaped(word: str) -> str:
    text = re.sub(r"\\u(....)", lambda match: chr(int(match[1], 16)), word)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def bits(value: float, layout: str) -> str:
    if isnan(value):
        return "7fc00000" if layout == ">f" else "7ff8000000000000"
    return format(int.from_bytes(struct.pack(layout, value), "big"), "x")


def written(value: object) -> str:
    """A value as words."""
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return ("C" if isinstance(value, Character) else "S") + escaped(value)
    if isinstance(value, int):
        return _LETTERS[integer_type(value)] + str(Decimal(value))
    if isinstance(value, float):
        return f"F{bits(value, '>f')}" if isinstance(value, Float) else f"D{bits(value, '>d')}"
    if isinstance(value, Decimal):
        return f"M{value}"
    for kind, letter in ((KeySet, "K"), (ValuesView, "V"), (EntrySet, "E"), (Entry, "e")):
        if isinstance(value, kind):
            return f"{letter} {written(value.map)}"
    if isinstance(value, dict):
        letter = "q" if isinstance(value, QuietMap) else "h" if isinstance(value, HashMap) else "l"
        items = [item for key in dict.__iter__(value) for item in (key_value(key), value[key])]
    else:
        letters = {JSONArray: "j", SubList: "u", list: "a", LazyRange: "a", JavaArray: "o"}
        letter = "s" if getattr(value, "component", "") == "java.lang.String" else letters[type(value)]
        items = list(value)
    return " ".join([letter, *map(written, items), "]"])


def read(text: str) -> object:
    """The value that words spell."""
    return reads(text)[0]


def reads(text: str) -> list[object]:
    """The values that words spell."""
    words = text.split(" ")[::-1]
    values = []
    while words:
        values.append(_next(words))
    return values


def _next(words: list[str]) -> object:
    word = words.pop()
    letter, rest = word[0], word[1:]
    if letter in _SIMPLE:
        return _SIMPLE[letter]
    if letter in _INTEGERS:
        return _INTEGERS[letter](int(Decimal(rest)))
    if letter == "D":
        return struct.unpack(">d", int(rest, 16).to_bytes(8, "big"))[0]
    if letter == "F":
        return Float(struct.unpack(">f", int(rest, 16).to_bytes(4, "big"))[0])
    if letter == "M":
        return Decimal(rest)
    if letter in "SC":
        return unescaped(rest) if letter == "S" else Character(unescaped(rest))
    if letter in _VIEWS:
        return _VIEWS[letter](_next(words))
    if letter == "e":
        mapping = _next(words)
        return Entry(mapping, next(iter(mapping)))
    if letter == "p":
        both = _filled(HashMap(), words)
        both.update(_filled({}, words))
        return both
    if letter in _MAPS:
        result = _filled(HashMap(capacity=int(rest)) if rest else _MAPS[letter](), words)
        return HashMap(result) if letter == "c" else result
    items = []
    while words[-1] != "]":
        items.append(_next(words))
    words.pop()
    if letter == "u":
        return SubList(items, 0, len(items))
    if letter in "os":
        return JavaArray(items, "java.lang.String" if letter == "s" else "java.lang.Object")
    return JSONArray(items) if letter == "j" else items


def _filled(result: dict, words: list[str]) -> dict:
    while words[-1] != "]":
        if words[-1] == "-":
            words.pop()
            result.pop(key_of(_next(words)), None)
        else:
            key = key_of(_next(words))
            result[key] = _next(words)
    words.pop()
    return result
