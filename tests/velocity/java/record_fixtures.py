"""Asks Java and writes what it answers to fixtures/velocity/methods*.json, to be replayed where there is no Java.

Run by hand: PYTHONPATH=.:tests python -m velocity.java.record_fixtures
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reference.harness import _CLASS_PATH, _JARS, Reference

from velocity.java import calls, format_cases, number_cases, regex_cases, sequence_cases
from vtlsim.values.text import text

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).parents[3] / "fixtures" / "velocity"
EVIDENCE = "Apache Velocity 1.7 on OpenJDK 17, through tests/reference/Reference.java"
PROGRAM = Path(__file__).with_name("ListMethods.java")


def write(name: str, evidence: str, rows: Iterable[Any]) -> None:
    """One row a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=True, separators=(",", ":")) for row in rows)
    path = FOLDER / f"{name}.json"
    path.write_text(f'{{"evidence": {json.dumps(evidence)},\n"rows": [\n{lines}\n]}}\n', encoding="ascii")
    sys.stdout.write(f"{path.name}: {lines.count(chr(10)) + 1} rows, {path.stat().st_size // 1000} KB\n")


def call_rows(reference: Reference) -> Iterable[list[Any]]:
    """[receiver, how, name, arguments, text, class, receiver's text if it changed, error]"""
    questions = calls.recorded_calls()
    results = reference.render_all([calls.case(question) for question in questions])
    for question, result in zip(questions, results, strict=True):
        answer = calls.comparable(calls.java_answer(result))
        before = calls.comparable(calls.Answer(after=text(calls.VALUES[question.on].make()))).after
        after = None if answer.after == before else answer.after
        yield [
            question.on,
            question.how,
            question.name,
            [*question.args],
            answer.text,
            answer.kind,
            after,
            answer.error,
        ]


def methods_by_type() -> dict[str, list[str]]:
    """What ListMethods.java prints."""
    class_path = ":".join(str(_JARS / f"{name}.jar") for name in _CLASS_PATH)
    with tempfile.TemporaryDirectory() as folder:
        command = ["javac", "-nowarn", "-cp", class_path, "-d", folder, str(PROGRAM)]
        subprocess.run(command, check=True, capture_output=True)
        run = ["java", "-cp", f"{class_path}:{folder}", "ListMethods"]
        listed = subprocess.run(run, check=True, capture_output=True, text=True)
    found: dict[str, list[str]] = json.loads(listed.stdout)
    return found


def main() -> None:
    """Write all of them."""
    found = methods_by_type()
    write("methods_of_types", "OpenJDK 17, by reflection: tests/velocity/java/ListMethods.java", sorted(found.items()))
    with Reference() as reference:
        write("methods", EVIDENCE, call_rows(reference))
        write("methods_regexes", EVIDENCE, regex_cases.rows(reference))
        write("methods_formats", EVIDENCE, format_cases.rows(reference))
        write("methods_numbers", EVIDENCE, number_cases.rows(reference))
        write("methods_sequences", EVIDENCE, sequence_cases.rows(reference))


if __name__ == "__main__":
    main()
