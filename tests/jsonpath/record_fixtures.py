"""Writes fixtures/jsonpath from what Jayway answers.

Usage: python -m jsonpath.record_fixtures CLASSES_OF_2_9     (in tests/, with the repository on the path)

CLASSES_OF_2_9 is a directory of the classes of json-path 2.9.0, compiled from its tag; 2.0.0 is Debian's jar. The cases
are in fixtures/jsonpath/questions.json (by hand: documents by name, paths by document); the generated ones are made
anew from a fixed seed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jsonpath.generator import Generator
from jsonpath.oracle import java_answers

FIXTURES = Path(__file__).parents[2] / "fixtures" / "jsonpath"
EVIDENCE = (
    "Answered by Jayway JsonPath {} over json-smart 2.2 (Debian 12) on OpenJDK 17, through "
    "tests/jsonpath/JsonPathOracle.java. 2.0.0 is Debian's libjsonpath-java 2.0.0-5; 2.9.0 was compiled from its tag."
)
GENERATED = {"definite": 100, "simple": 300, "rich": 500, "filter": 500, "broken": 400}


def record(jayway: Path) -> None:
    asked = json.loads((FIXTURES / "questions.json").read_text("utf-8"))
    documents = asked["documents"]
    questions = [(name, path) for name, paths in asked["paths"].items() for path in paths]
    put = [(documents[name], path) for name, path in questions]
    new, old = java_answers(put, jayway), java_answers(put)
    rows = [
        {"document": name, "path": path, "2.9": one, **({} if one == other else {"2.0": other})}
        for (name, path), one, other in zip(questions, new, old, strict=True)
    ]
    _write("corpus.json", EVIDENCE.format("2.9.0 and 2.0.0") + " Without 2.0 both gave the same.", documents, rows)
    documents, questions = generated(20)
    answers = java_answers([(documents[name], path) for name, path in questions], jayway)
    rows = [
        {"document": name, "path": path, "2.9": answer}
        for (name, path), answer in zip(questions, answers, strict=True)
        if "\\ufffd" not in json.dumps(answer)
    ]
    _write("generated.json", EVIDENCE.format("2.9.0"), documents, rows)


def generated(seed: int) -> tuple[dict[str, str], list[tuple[str, str]]]:
    maker = Generator(seed)
    documents: dict[str, str] = {}
    questions: list[tuple[str, str]] = []
    for kind, count in GENERATED.items():
        for number in range(count):
            if number % 10 == 0:
                name = str(len(documents))
                documents[name] = maker.document()
            questions.append((name, maker.path(kind)))
    return documents, questions


def _write(name: str, evidence: str, documents: dict[str, str], rows: list[dict[str, object]]) -> None:
    lines = [
        '{"evidence": ' + json.dumps(evidence) + ",",
        '"documents": {',
        ",\n".join(f"{json.dumps(key)}: {json.dumps(text)}" for key, text in documents.items()),
        "},",
        '"cases": [',
        ",\n".join(json.dumps(row) for row in rows),
        "]}",
    ]
    (FIXTURES / name).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    record(Path(sys.argv[1]))
