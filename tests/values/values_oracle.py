"""Questions about values, put to Java itself: the other end of ValuesOracle.java, and how values are written for it.

A value is a few words on a line: ``I5`` an Integer, ``L5`` a Long, ``S0061`` a String by its UTF-16 units, ``D`` and
``F`` floats by their bits, ``M1.50`` a BigDecimal, ``a ... ]`` an ArrayList, ``l key value ... ]`` a LinkedHashMap, and
so on; the fixtures are written so too, since JSON has no words for most of it.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

from vtlsim.values.collections import (
    Entry,
    EntrySet,
    HashMap,
    JavaArray,
    JSONArray,
    KeySet,
    QuietMap,
    SubList,
    ValuesView,
    key_of,
    key_value,
)
from vtlsim.values.numbers import BigInteger, Byte, Float, Long, Short, integer_type
from vtlsim.values.text import Character

JARS = Path("/usr/share/java")
CLASSPATH = [
    JARS / name
    for name in (
        "velocity.jar",
        "commons-collections3.jar",
        "commons-lang.jar",
        "json-path.jar",
        "json-smart.jar",
        "accessors-smart.jar",
        "asm.jar",
        "slf4j-api.jar",
        "slf4j-nop.jar",
    )
]
SOURCE = Path(__file__).with_name("ValuesOracle.java")


def missing() -> str | None:
    """Why Java cannot be asked, None when it can."""
    if shutil.which("java") is None or shutil.which("javac") is None:
        return "no java and javac"
    absent = [jar.name for jar in CLASSPATH if not jar.exists()]
    return f"no {', '.join(absent)} in {JARS}" if absent else None


def hexed(text: str) -> str:
    return text.encode("utf-16-be", "surrogatepass").hex()


def unhexed(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", "surrogatepass")


_LETTERS = {"Integer": "I", "Long": "L", "BigInteger": "B", "Short": "H", "Byte": "Y"}


def written(value: object) -> str:
    """A value as words."""
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, Character):
        return "C" + hexed(str(value))
    if isinstance(value, str):
        return "S" + hexed(value)
    if isinstance(value, int):
        digits = str(Decimal(value)) if abs(value) > 10**4000 else str(int(value))
        return _LETTERS[integer_type(value)] + digits
    if isinstance(value, Float):
        return "F" + format(0x7FC00000 if value != value else int.from_bytes(struct.pack(">f", value), "big"), "x")
    if isinstance(value, float):
        return "D" + format(0x7FF8 << 48 if value != value else int.from_bytes(struct.pack(">d", value), "big"), "x")
    if isinstance(value, Decimal):
        return f"M{value}"
    for kind, letter in ((KeySet, "K"), (ValuesView, "V"), (EntrySet, "E"), (Entry, "e")):
        if isinstance(value, kind):
            return f"{letter} {written(value.map)}"
    if isinstance(value, dict):
        letter = "q" if isinstance(value, QuietMap) else "h" if isinstance(value, HashMap) else "l"
        words = [word for key in dict.__iter__(value) for word in (written(key_value(key)), written(value[key]))]
        return " ".join([letter, *words, "]"])
    letter = "j" if isinstance(value, JSONArray) else "u" if isinstance(value, SubList) else "a"
    if isinstance(value, JavaArray):
        letter = "s" if value.component == "java.lang.String" else "o"
    return " ".join([letter, *map(written, value), "]"])


def read(text: str) -> object:
    """A value from words."""
    return _read(iter(text.split(" ")))


def _read(words) -> object:
    word = next(words)
    letter, rest = word[0], word[1:]
    if letter in "IBLHY":
        sign, digits = ("-", rest[1:]) if rest[0] == "-" else ("", rest)
        number = int(Decimal(sign + digits))
        return {"I": int, "B": BigInteger, "L": Long, "H": Short, "Y": Byte}[letter](
            number,
        ) if not (letter == "B" and not -(1 << 63) <= number < 1 << 63) and not (
            letter == "L" and not -(1 << 31) <= number < 1 << 31
        ) else number
    if letter in "lhcq":
        result: dict = {"l": dict, "h": HashMap, "c": HashMap, "q": QuietMap}[letter]()
        pairs = _until_end(words)
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            result[key_of(key)] = value
        return HashMap(dict(zip(map(key_of, pairs[::2]), pairs[1::2], strict=True))) if letter == "c" else result
    simple = {"n": None, "t": True, "f": False}
    if letter in simple:
        return simple[letter]
    if letter == "D":
        return struct.unpack(">d", int(rest, 16).to_bytes(8, "big"))[0]
    if letter == "F":
        return Float(struct.unpack(">f", int(rest, 16).to_bytes(4, "big"))[0])
    if letter == "M":
        return Decimal(rest)
    if letter == "S":
        return unhexed(rest)
    if letter == "C":
        return Character(unhexed(rest))
    if letter in "KVEe":
        mapping = _read(words)
        if letter == "e":
            return Entry(mapping, next(iter(mapping)))
        return {"K": KeySet, "V": ValuesView, "E": EntrySet}[letter](mapping)
    items = _until_end(words)
    if letter == "u":
        return SubList(items, 0, len(items))
    if letter in "os":
        return JavaArray(items, "java.lang.String" if letter == "s" else "java.lang.Object")
    return JSONArray(items) if letter == "j" else items


class _End:
    pass


def _until_end(words) -> list:
    items: list = []
    for word in words:
        if word == "]":
            break
        items.append(_read(_chain(word, words)))
    return items


def _chain(first, rest):
    yield first
    yield from rest


class Problem(Exception):
    """What Java threw."""

    def __init__(self, java_class: str, position: int, message: str | None) -> None:
        super().__init__(java_class, position, message)
        self.java_class = java_class
        self.position = position
        self.message = message


def ask(questions: list[str]) -> list[str]:
    """Java's answers, one for each question."""
    built = Path(tempfile.gettempdir()) / f"vtlsim-values-oracle-{os.getuid()}"
    if not (built / "ValuesOracle.class").exists() or (built / "ValuesOracle.class").stat().st_mtime < SOURCE.stat().st_mtime:
        built.mkdir(exist_ok=True)
        classpath = os.pathsep.join(map(str, CLASSPATH))
        subprocess.run(["javac", "-nowarn", "-cp", classpath, "-d", str(built), str(SOURCE)], check=True, capture_output=True)
    ran = subprocess.run(
        ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", os.pathsep.join(map(str, [built, *CLASSPATH])), "ValuesOracle"],
        input="\n".join(questions) + "\n",
        capture_output=True,
        check=True,
        text=True,
        encoding="ascii",
    )
    return ran.stdout.splitlines()


def problem_of(answer: str) -> Problem | None:
    """The exception that an answer tells of."""
    if not answer.startswith("! "):
        return None
    _, name, position, message = answer.split(" ")
    return Problem(name, int(position), None if message == "S-" else unhexed(message[1:]))
