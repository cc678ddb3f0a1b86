"""Questions about paths: put to Jayway JsonPath on a JVM (JsonPathOracle.java), and answered by us in the same words.

A question is (document, path), both texts. An answer is a dict: ``status`` (value, not_found, invalid_path,
invalid_path_eval, error), for a path that parses ``definite`` and ``compiled``, and ``value`` or ``exception``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from vtlsim.jsonpath import EvaluationError, InvalidPathError, PathNotFoundError
from vtlsim.jsonpath.paths import JsonPath
from vtlsim.values.collections import KeySet
from vtlsim.values.json_reader import read

JARS = Path("/usr/share/java")
JAYWAY_2_0 = JARS / "json-path.jar"
"""Debian's libjsonpath-java."""
BESIDES = [JARS / f"{name}.jar" for name in ("json-smart", "accessors-smart", "asm", "slf4j-api", "slf4j-nop")]
SOURCE = Path(__file__).with_name("JsonPathOracle.java")


def missing() -> str | None:
    """Why Java cannot be asked; None when it can."""
    if shutil.which("java") is None or shutil.which("javac") is None:
        return "no java and javac"
    absent = [jar.name for jar in (JAYWAY_2_0, *BESIDES) if not jar.exists()]
    return f"no {', '.join(absent)} in {JARS}" if absent else None


def java_answers(questions: list[tuple[str, str]], jayway: Path = JAYWAY_2_0) -> list[dict[str, object]]:
    """What the library answers. ``jayway`` is its jar or a directory of its classes."""
    classpath = os.pathsep.join(map(str, [jayway, *BESIDES]))
    with tempfile.TemporaryDirectory() as built:
        subprocess.run(
            ["javac", "-nowarn", "-cp", classpath, "-d", built, str(SOURCE)], check=True, capture_output=True
        )
        asked = "".join(
            json.dumps({"id": number, "document": document, "path": path}) + "\n"
            for number, (document, path) in enumerate(questions)
        )
        told = subprocess.run(
            ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{built}{os.pathsep}{classpath}", "JsonPathOracle"],
            input=asked.encode(),
            capture_output=True,
            check=True,
        ).stdout.decode("utf-8", "replace")
    answers = [json.loads(line) for line in told.split("\n") if line]
    assert [answer["id"] for answer in answers] == list(range(len(questions)))
    return [_recorded(answer) for answer in answers]


def _recorded(answer: dict[str, object]) -> dict[str, object]:
    """The part of an answer that does not depend on the JDK and that we promise."""
    kept = {key: answer[key] for key in ("status", "definite", "compiled") if key in answer}
    if answer["status"] == "value":
        kept["value"] = json.loads(str(answer["value"]))
    elif answer["status"] == "error":
        kept["exception"] = answer["exception"]
    elif answer["status"] == "not_found":
        kept["message"] = answer["message"]
    return kept


def our_answer(document: str, path: str, rules: str = "2.9") -> dict[str, object]:
    """What we answer, in the same words."""
    try:
        parsed = JsonPath(path, rules)
    except InvalidPathError as fault:
        names_its_place = fault.path == path and fault.position is not None and 0 <= fault.position <= len(path)
        return {"status": "invalid_path" if names_its_place else f"no place: {fault.position}"}
    answer: dict[str, object] = {"definite": parsed.definite, "compiled": str(parsed)}
    try:
        return {"status": "value", **answer, "value": _json(parsed.read(read(document)))}
    except PathNotFoundError as absent:
        return {"status": "not_found", **answer, "message": absent.message}
    except InvalidPathError:
        return {"status": "invalid_path_eval", **answer}
    except EvaluationError as error:
        return {"status": "error", **answer, "exception": error.java_class}


def _json(value: object) -> object:
    """The value as json-smart would write it and Python read it."""
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list | KeySet):
        return [_json(item) for item in value]
    return None if isinstance(value, float) and value - value != 0 else value


def same(one: object, other: object) -> bool:
    """Whether two JSON values are the same: 1 is not 1.0, and the order of keys counts."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def agrees(wanted: dict[str, object], given: dict[str, object], *, messages: bool = True) -> bool:
    """Whether an answer of ours is the one wanted. ``messages``: also the words of a path that leads nowhere."""
    left_out = () if messages else ("message",)
    return all(same(wanted[key], given.get(key)) for key in wanted if key not in left_out)
