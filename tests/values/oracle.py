"""Questions about values: put to Java (ValuesOracle.java), and answered by us in the same words.

A question is a word and values as words.py writes them: ``add I1 L2``. An answer is a value, or ``!`` and the
class, position (-1 for none) and message of what was thrown.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from values.words import escaped, reads, unescaped, written
from vtlsim.values import arithmetic, json_reader, json_writer, order, text
from vtlsim.values.objects import JavaException

JARS = Path("/usr/share/java")
CLASSPATH = [
    JARS / f"{name}.jar"
    for name in ("velocity", "commons-collections3", "commons-lang", "json-smart", "accessors-smart", "asm")
]
SOURCE = Path(__file__).with_name("ValuesOracle.java")

OURS = {
    "text": text.text,
    "class": text.class_name,
    "hash": order.java_hash,
    "equals": order.java_equals,
    "json": json_writer.write,
    "json-web": json_writer.write_array,
    "parse": json_reader.read,
    **{name: getattr(order, name) for name in ("equal", "less", "less_or_equal", "greater", "greater_or_equal")},
    **{name: getattr(arithmetic, name) for name in ("add", "subtract", "multiply", "divide", "modulo")},
}


def question(name: str, *values: object) -> str:
    return " ".join([name, *map(written, values)])


def our_answer(asked: str) -> str:
    """What we answer, in Java's words."""
    name, _, words = asked.partition(" ")
    try:
        return written(OURS[name](*reads(words)))
    except JavaException as thrown:
        return f"! {thrown.java_class} -1 S{'-' if thrown.message is None else escaped(thrown.message)}"
    except json_reader.JsonError as refused:
        message = "-" if refused.message == refused.java_class else escaped(refused.message)
        return f"! {refused.java_class} {refused.position} S{message}"


def missing() -> str | None:
    """Why Java cannot be asked; None when it can."""
    if shutil.which("java") is None or shutil.which("javac") is None:
        return "no java and javac"
    absent = [jar.name for jar in CLASSPATH if not jar.exists()]
    return f"no {', '.join(absent)} in {JARS}" if absent else None


def java_answers(questions: list[str]) -> list[str]:
    """What Java answers, one for each question."""
    built = Path(tempfile.gettempdir()) / f"vtlsim-values-oracle-{os.getuid()}-{SOURCE.stat().st_mtime_ns}"
    classpath = os.pathsep.join(map(str, [built, *CLASSPATH]))
    if not (built / "ValuesOracle.class").exists():
        fresh = tempfile.mkdtemp()
        subprocess.run(
            ["javac", "-nowarn", "-cp", classpath, "-d", fresh, str(SOURCE)], check=True, capture_output=True
        )
        try:
            Path(fresh).rename(built)
        except OSError:  # another process was faster
            shutil.rmtree(fresh)
    command = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", classpath, "ValuesOracle"]
    asked = "\n".join(questions) + "\n"
    ran = subprocess.run(command, input=asked, capture_output=True, check=True, encoding="ascii")
    return ran.stdout.splitlines()


def same(java: str, ours: str) -> bool:
    """Whether two answers agree, up to what differs by the JDK's version alone.

    Before JDK 19 some floating-point numbers were printed with a digit too many or not the nearest digits (JDK-4511638);
    a text agrees if it differs in such numbers only and ours are not longer. The words of an IllegalAccessError name
    classes made at run time.
    """
    if java == ours or (
        java.startswith("! java.lang.IllegalAccessError") and ours.startswith(java.split(" S", maxsplit=1)[0])
    ):
        return True
    return java[0] == ours[0] == "S" and _same_but_for_digits(unescaped(java[1:]), unescaped(ours[1:]))


def _same_but_for_digits(java: str, ours: str) -> bool:
    import re
    import struct

    number = re.compile(r"(-?\d+\.\d+(?:E-?\d+)?)")
    theirs, mine = number.split(java), number.split(ours)
    if len(theirs) != len(mine):
        return False

    def one_number(first: str, second: str) -> bool:
        if len(second) > len(first):
            return False
        if float(first) == float(second):
            return True
        return abs(float(first)) < 3e38 and struct.pack("f", float(first)) == struct.pack("f", float(second))

    return all(
        one == two or (place % 2 and one_number(one, two))
        for place, (one, two) in enumerate(zip(theirs, mine, strict=True))
    )
