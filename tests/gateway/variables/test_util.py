"""``$util``, function by function: fixtures/gateway/util.json has the answers that Java 17 and commons-lang 2.6 gave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vtlsim.gateway.variables.util import Util, base64_decode, url_decode
from vtlsim.values.objects import JavaException

ANSWERS: list[list[Any]] = json.loads(
    (Path(__file__).parents[3] / "fixtures" / "gateway" / "util.json").read_text(encoding="utf-8")
)


def _call(function: str, *arguments: object) -> object:
    return Util.methods[(function, len(arguments))](Util(), *arguments)


@pytest.mark.parametrize("function, given, answer", ANSWERS, ids=[f"{row[0]}-{row[1]!a}" for row in ANSWERS])
def test_answers_as_java(function: str, given: str, answer: str) -> None:
    if answer.startswith("!"):
        with pytest.raises(JavaException) as thrown:
            _call(function, given)
        assert f"!{thrown.value.java_class}: {thrown.value.message}" == answer
    else:
        assert _call(function, given) == answer


@pytest.mark.parametrize("argument", [5, 1.5, True, {"a": 1}, [1], None])
@pytest.mark.parametrize(
    "function", ["escapeJavaScript", "parseJson", "urlEncode", "urlDecode", "base64Encode", "base64Decode"]
)
def test_what_is_no_string_finds_no_method(function: str, argument: object) -> None:
    if argument is None and function not in ("escapeJavaScript", "parseJson"):
        with pytest.raises(JavaException) as thrown:
            _call(function, None)
        assert thrown.value.java_class == "java.lang.NullPointerException"
    else:
        assert _call(function, argument) is None


@pytest.mark.parametrize(
    "text, value",
    [
        ('{"a":[1,{"b":null}]}', {"a": [1, {"b": None}]}),
        ("[1,2,]", [1, 2]),
        ('"tea"', "tea"),
        ("not json", "not json"),
        ("1", 1),
        ("1.50", 1.5),
        ("true", True),
        ("null", None),
    ],
)
def test_parse_json(text: str, value: object) -> None:
    assert _call("parseJson", text) == value


def test_parse_json_of_what_is_refused_is_empty_and_remembered() -> None:
    util = Util()
    assert Util.methods[("parseJson", 1)](util, "{a") == ""
    assert len(util.refused) == 1


@pytest.mark.parametrize("text", ["%41" * 100_000, "+" * 100_000])
def test_url_decode_takes_time_in_proportion(text: str) -> None:
    assert len(url_decode(text)) == 100_000


def test_url_decode_of_much_that_is_no_escape() -> None:
    with pytest.raises(JavaException, match="Illegal hex"):
        url_decode("%" * 100_000)


def test_base64_of_a_large_text() -> None:
    assert len(base64_decode("QUJD" * 250_000)) == 750_000
