import json
from pathlib import Path

import pytest

from jsonpath.oracle import agrees, our_answer

FIXTURES = Path(__file__).parents[2] / "fixtures" / "jsonpath"
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "jsonpath_corpus.json"


def rows(name):
    recorded = json.loads((FIXTURES / name).read_text("utf-8"))
    return [(recorded["documents"][row["document"]], row) for row in recorded["cases"]]


def differences(cases, rules, *, messages):
    """Each case is (document, path, wanted answer)."""
    out = []
    for document, path, wanted in cases:
        given = our_answer(document, path, rules)
        if not agrees(wanted, given, messages=messages):
            out.append((path, wanted, given))
    return out


def test_every_recorded_answer_of_2_9():
    cases = [(document, row["path"], row["2.9"]) for document, row in rows("corpus.json")]
    assert len(cases) > 1400
    assert differences(cases, "2.9", messages=True) == []


def test_every_recorded_answer_of_2_0():
    # Its messages name the indexes that a wildcard has come to; ours name the wildcard.
    cases = [(document, row["path"], row.get("2.0", row["2.9"])) for document, row in rows("corpus.json")]
    assert differences(cases, "2.0", messages=False) == []


def test_generated_paths_as_2_9_answered_them():
    cases = [(document, row["path"], row["2.9"]) for document, row in rows("generated.json")]
    assert len(cases) > 1500
    assert differences(cases, "2.9", messages=True) == []


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not beside this repository")
@pytest.mark.parametrize("rules, version", [("2.9", "2.9.0"), ("2.0", "2.0.0")])
def test_shared_corpus(rules, version):
    recorded = json.loads(SHARED.read_text("utf-8"))
    cases = []
    for case in recorded["cases"]:
        answer = case["jayway"][version]["default"]
        wanted = {key: answer[key] for key in ("status", "definite", "compiled", "value") if key in answer}
        cases.append((recorded["documents"][case["doc"]], case["path"], wanted))
    assert len(cases) == 507
    assert differences(cases, rules, messages=False) == []
