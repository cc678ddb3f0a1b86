"""Asks Java and writes what it answers to fixtures/values/, to be replayed where there is no Java. Run by hand, in
tests/: ``python -m values.record_fixtures``.

A row is [question, answer] in the words of words.py. The questions are the ones below, chosen for what they show,
and some by chance.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from values.oracle import java_answers, our_answer, question, same
from values.samples import Samples
from values.words import escaped
from vtlsim.values.collections import HashMap, JSONArray

FOLDER = Path(__file__).parents[2] / "fixtures" / "values"
SEED = 20_240_229
EVIDENCE = (
    "Answered by {} on OpenJDK 17, through tests/values/ValuesOracle.java. "
    "Left out: rows in which a floating-point number's text depends on the JDK's version."
)

READ = [
    *[
        "",
        " ",
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "NaN",
        "0",
        "-",
        "-0",
        "+1",
        "1.",
        ".5",
        "-.5",
        "01",
        "1e5",
        "1E400",
    ],
    *[
        "not json",
        "a=b",
        "x[",
        "null{",
        "nullx",
        "{a",
        "[a",
        "{",
        "[",
        "}",
        "]",
        ":",
        ",",
        "{a:1}",
        "{'a':'b'}",
        "{a:b c}",
    ],
    *[
        "[1,]",
        "[,1]",
        "[1,,2]",
        "[1 2]",
        '["a" "b"]',
        "{a:1,}",
        "{,a:1}",
        "{a:1,,b:2}",
        "{a:}",
        "{a:,b:1}",
        "{:1}",
        "{a 1}",
    ],
    *[
        "{'a':1 'b':2}",
        "{a:[}",
        "{a:{]",
        "[1}",
        "[a:b]",
        "{a:b]c}",
        "[{a:1}{b:2}]",
        "{a:1}{b:2}",
        "[1]x",
        '"a"b',
        "1,2",
    ],
    *['{"a":1,"a":2}', '{"a":1,"b":2,"a":3}', '{"\\u0061":1,a:2}', '{"":1}', '{" a ":1}', "{ a : 1 }", "{a,b:1}"],
    *[
        '"',
        '"abc',
        "'abc",
        '"a\\"',
        '"a\\',
        '"\\u12"',
        '"\\u12G4"',
        '"\\u12',
        '"\\x41"',
        '"\\q"',
        "'\\''",
        '"\\/"',
        "'\"'",
    ],
    *[
        '"\\ud83d\\ude00"',
        '"\\ud83d"',
        '"\\ude00\\ud83d"',
        '"\\ud83d\ude00"',
        '"\ud83d\\ude00"',
        '"\\😀"',
        "{😀",
        "[😀",
        "{a:😀",
    ],
    *[
        '"a\nb"',
        '"a\nb\\n"',
        '"a\x00b"',
        '"a\x00b\\n"',
        '"a\x7fb"',
        '"a\x7fb\\n"',
        '"a\x1ab"',
        '"a\x1ab\\n"',
        "\x1a",
        "[1\x1a]",
    ],
    *[
        "\x00",
        "\x01null",
        " null ",
        "[null\x00]",
        "{a\x00:\x001\x00}",
        "\ufeff{}",
        "\u2028",
        "\xa0{}",
        "[1\xe9]",
        "[1~]",
        "{a:1~}",
    ],
    *["2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808"],
    *["-9223372036854775808", "-9223372036854775809", "0000000000000000000", "00000000000000000001", "1" + "0" * 40],
    *["1.2345678901234567", "1.23456789012345678", "0.10000000000000000", "0.100000000000000000", "1e2147483647"],
    *["1.0000000000000000e2147483647", "1.0000000000000000e2147483648", "1.0000000000000000e99999999999", "1e+", "-e5"],
    *["1.00000000000000000e+", "-.", "-.00000000000000000000", "-0.0", "-0.0000000000000000000", "[NaN]", "[Infinity]"],
    *["[" * 400 + "]" * 400, "[" * 401 + "]" * 401, '{"a":' * 400 + "1" + "}" * 400, '{"a":' * 401 + "1", "[" * 400],
    *["//x", "/* x */{}", "<a/>", "(1)", "a\nb", "[tru]", "[true false]", "[True]", "{null:null}", "{true:1}", "[n]"],
]
SHOWN = {"b": JSONArray([{"c": 5}])}
VALUES = [
    *[None, True, False, "", "a/b", '"\\\b\f\n\r\t/', "\x00\x1f\x7f\x80\x9f\xa0\u1fff\u2000\u20ff\u2100", "é😀\ud800"],
    *[
        {},
        [],
        JSONArray(),
        {"a": 1, "b": "x"},
        ["a", 1.0, None],
        JSONArray(["a", 1.0, None, "a/b"]),
        SHOWN,
        [SHOWN, [SHOWN]],
    ],
    *[HashMap(dict.fromkeys(["zeta", "alpha", "requestId", "accountId", "stage", "Aa", "BB"], 1)), {"a": None}],
]


def table(name: str, subject: str, questions: list[str]) -> None:
    answers = java_answers(questions)
    rows = []
    for asked, answer in zip(questions, answers, strict=True):
        ours = our_answer(asked)
        if not same(answer, ours):
            sys.stderr.write(f"differs: {asked}\n  java {answer}\n  ours {ours}\n")
        if answer == ours or not same(answer, ours):
            rows.append([asked, answer])
    lines = ",\n".join(json.dumps(row) for row in rows)
    evidence = json.dumps(EVIDENCE.format(subject))
    (FOLDER / f"{name}.json").write_text(f'{{"evidence": {evidence},\n"cases": [\n{lines}\n]}}\n')


def main() -> None:
    samples = Samples(SEED)
    smart = "json-smart 2.2 as Debian 12 has it (libjson-smart-java)"
    velocity = "Velocity 1.7 (Debian 12's velocity)"
    table("json_read", smart, [f"parse S{escaped(text)}" for text in READ] + [samples.about_json() for _ in range(400)])
    named = [question(name, value) for value in VALUES for name in ("text", "hash", "json", "json-web")]
    table("one_value", f"the JDK and {smart}", named + [samples.about_one() for _ in range(400)])
    table("two_values", f"the JDK and {velocity}", [samples.about_two() for _ in range(900)])
    table("hash_map", "java.util.HashMap", [samples.about_table() for _ in range(60)])


if __name__ == "__main__":
    main()
