import json
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from values.samples import paired
from values.words import written
from vtlsim.values.collections import JSONArray
from vtlsim.values.json_permissive import PermissiveReader
from vtlsim.values.json_reader import NESTING, JsonError, read
from vtlsim.values.numbers import DIGITS, BigInteger, Float, integer_of_digits
from vtlsim.values.objects import JavaException

# json-smart 2.2; fixtures/values/json_read.json has its own answers
READ = [
    ("", ""),
    (" \n", ""),
    ("{a:1}", {"a": 1}),
    ("{'a':'b'}", {"a": "b"}),
    ('{"a":1,"b":2,"a":3}', {"a": 3, "b": 2}),
    ("[1,,2,]", JSONArray([1, 2])),
    ("[a b]", JSONArray(["a b"])),
    ('["a" "b"{}[]1]', JSONArray(["a", "b", {}, JSONArray(), 1])),
    ("{a:,b: c d }", {"a": "", "b": "c d"}),
    ("{a:b]c}", {"a": "b]c"}),
    ('{"a":1} and more', {"a": 1}),
    ("not json", "not json"),
    ("a=b", "a=b"),
    ("x[", "x["),
    ("null{", "null{"),
    (" null ", None),
    ("NaN", Float("nan")),
    ("Infinity", "Infinity"),
    ("[-Infinity]", JSONArray(["-Infinity"])),
    ("-", 0),
    ("007", 7),
    ("0" * 19 + "7", BigInteger(7)),
    ("2147483648", 2**31),
    ("9223372036854775808", 2**63),
    ("+1", "+1"),
    ("1.", 1.0),
    (".5", ".5"),
    ("-.5", -0.5),
    ("1e400", float("inf")),
    ("1.2345678901234567", 1.2345678901234567),
    ("1.23456789012345678", Decimal("1.23456789012345678")),
    ("-0.00000000000000000", Decimal("0E-17")),
    ('"\\ud83d\\ude00"', "😀"),
    ('"\\ud800"', "\ud800"),
    ('"\\ud83d\ude00"', "😀"),
    ('"\\😀"', "\ude00"),
    ('"\\x41\\q\\/"', "A/"),
    ("'\"'", '"'),
    ('"a\nb\x00\x1a\x7f"', "a\nb\x00\x1a\x7f"),
    ('"a\nb\x00\x7f\\t"', "ab\t"),
    ("[1é]", JSONArray([1, "é"])),
    ("[1~2]", JSONArray([1, "~2"])),
    ("\x01null", "null"),
]
REFUSED = [
    ("{a", "Unexpected End Of File position 1: null", 1),
    ("[a", "Unexpected End Of File position 1: EOF", 1),
    ('{"a":', "Unexpected End Of File position 4: EOF", 4),
    ("}", "Unexpected character (}) at position 0.", 0),
    ("{[}", "Unexpected character ([) at position 1.", 1),
    ('{"a" 1}', "Unexpected character (1) at position 4.", 4),
    ('{"a":"b" c}', "Unexpected token c at position 8.", 8),
    ('"abc', "Unexpected End Of File position 4: null", 4),
    ('"\\u12G4"', "Unexpected unicode escape sequence G at position 5.", 5),
    ('"😀\\u😀', "Unexpected End Of File position 7: null", 7),
    ('"😀\\u😀"', "Unexpected unicode escape sequence \ud83d at position 5.", 5),
    ("[1\x1a]", "Unexpected End Of File position 1: EOF", 1),
    ("1e+", 'For input string: "1e+"', -1),
    ("1.00000000000000000e9999999999", "Exponent overflow.", -1),
]


@pytest.mark.parametrize("text, expected", READ, ids=lambda value: repr(value)[:30])
def test_read(text, expected):
    assert written(read(text)) == written(expected)


@pytest.mark.parametrize("text, message, position", REFUSED, ids=lambda value: repr(value)[:30])
def test_refused(text, message, position):
    with pytest.raises(JsonError) as refused:
        read(text)
    assert (refused.value.message, refused.value.position) == (message, position)
    assert str(refused.value) == message


def answer(reader, text):
    try:
        return written(reader(text))
    except JsonError as refused:
        return (refused.java_class, refused.position, refused.message)


def permissive(text):
    return PermissiveReader(text).document()


NUMBERS = st.integers() | st.floats() | st.decimals(allow_nan=False, allow_infinity=False).map(float)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(DOCUMENTS, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_the_fast_path_answers_as_the_permissive_reader_does(document, ascii_only, indent):
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
    assert answer(read, text) == answer(permissive, text)


PIECES = ['{"a":', "[", "]", "}", ",", ":", '"b"', "1", "-1.5e3", "1.23456789012345678901", "null", "NaN", "Infinity"]
PIECES += ['"\\ud83d', "\\ude00", "\ud83d", "\ude00", '"', "\\", "\x7f", "\x1a", "é", "😀", " ", "1" * 30, '"a":']


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(lambda pieces: paired("".join(pieces))))
@example('["\\ud83d\ude00"]')
@example('["\x7f\\n"]')
@example('["\x7f"]')
@example('{"a":1,"a":[2]}')
def test_the_fast_path_answers_alike_for_what_is_nearly_json(text):
    assert answer(read, text) == answer(permissive, text)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused(text):
    assert answer(read, text) == answer(permissive, text)


@pytest.mark.parametrize("opening, end", [("[", "]"), ('{"a":', "}"), ("{a:", "}"), ("[{'a':", "}]")])
def test_nesting_is_bounded_as_json_smart_bounds_it(opening, end):
    fitting = NESTING // sum(map(opening.count, "[{"))
    read(opening * fitting + "1" + end * fitting)
    with pytest.raises(JsonError, match="Malicious payload, having non natural depths") as refused:
        read(opening * (fitting + 1) + "1" + end * (fitting + 1))
    assert refused.value.position == len(opening) * fitting
    with pytest.raises(JsonError, match="Malicious"):
        read(opening * 100_000)


@pytest.mark.parametrize("beside", ["", "{}", "[]", '"[{"', "{}," * NESTING + "[]"])
@pytest.mark.parametrize("innermost", ["{}", "[]"])
@pytest.mark.parametrize("opening, end", [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_what_is_nested_too_deep_is_seen_among_others(opening, end, innermost, beside):
    each = sum(map(opening.count, "[{"))
    for around in ((NESTING - 2) // each, (NESTING - 2) // each + 1):
        for order in (1, -1):
            text = "[" + ",".join([part for part in (f"[{innermost}]", beside) if part][::order]) + "]"
            text = opening * around + text + end * around
            assert answer(read, text) == answer(permissive, text)


def test_brackets_in_strings_and_lists_that_are_gone_hide_no_list():
    read_ = read('{"[": "]", "a": [1], "a": {"b": ["[{", {"c": []}]}, "d": {"e": {"f": [[]]}}}')
    assert written(read_) == written(
        {"[": "]", "a": {"b": JSONArray(["[{", {"c": JSONArray()}])}, "d": {"e": {"f": JSONArray([JSONArray()])}}}
    )
    records = json.dumps(
        [{"tags": ["a", ["b"]], "more": {"none": [{}]}, "note": "[" * (row % 2)} for row in range(NESTING)]
    )
    assert answer(read, records) == answer(permissive, records)


def test_numbers_are_bounded():
    assert read("1" * 10_000) == integer_of_digits("1" * 10_000)
    for text in ("1" * (DIGITS + 1), "[1." + "1" * DIGITS + "]"):
        with pytest.raises(JsonError) as refused:
            read(text)
        assert refused.value.java_class == "java.lang.ArithmeticException"
    assert JavaException is not JsonError


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("unit", ["[1,", "'a',", "\\n", "a", '"\\u00e9"', "{a:1}", "\x00"])
def test_long_texts_of_one_kind_are_read_or_refused(unit, size):
    for text in (
        unit * 20_000 * size,
        "[" + unit * 20_000 * size,
        '"' + unit * 20_000 * size,
        "{" + unit * 20_000 * size,
    ):
        answer(read, text)


def test_each_reading_is_a_document_of_its_own():
    text = '{"a":[{}]}'
    one, two = read(text), read(text)
    one["a"].append(1)
    assert two == {"a": [{}]}
    assert type(one["a"]) is JSONArray
