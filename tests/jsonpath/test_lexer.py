import pytest

from vtlsim.jsonpath.errors import Malformed
from vtlsim.jsonpath.lexer import Cursor, is_digit, unescape


@pytest.mark.parametrize(
    "text, value",
    [
        ("", ""),
        ("plain", "plain"),
        (r"\'\"\\\/", "'\"\\/"),
        (r"\b\f\n\r\t", "\b\f\n\r\t"),
        (r"\x\0", "x0"),
        (r"\u0041b", "Ab"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d", "\ud83d"),
        ("\\", "\\"),
        (r"\u004", ""),
        (r"a\u", "a"),
        (r"\u+041", "A"),
    ],
)
def test_escapes(text, value):
    assert unescape(text) == value


@pytest.mark.parametrize("text", [r"\u00g1", r"\u 041", r"\u0_41"])
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match="Unable to parse unicode value"):
        unescape(text)


@pytest.mark.parametrize(
    "character, yes", [("0", True), ("9", True), ("٣", True), ("a", False), ("²", False), ("𝟎", False)]
)
def test_digits(character, yes):
    assert is_digit(character) is yes


def test_only_spaces_are_blank_and_the_last_character_stays():
    cursor = Cursor("  a  ")
    cursor.trim()
    assert (cursor.position, cursor.end) == (2, 2)
    cursor = Cursor("   ")
    cursor.trim()
    assert (cursor.position, cursor.end) == (2, 2)
    cursor = Cursor("\ta")
    cursor.trim()
    assert cursor.position == 0


@pytest.mark.parametrize(
    "text, closing",
    [
        ("(a)", 2),
        ("((a))", 4),
        ("(')')", 4),
        ('(")" )', 5),
        (r"('\')')", 6),
        ("(/)/)", 4),
        ("(a", -1),
        ("('a''b)')", 6),  # after one string the next quote begins none
    ],
)
def test_closing_brackets(text, closing):
    assert Cursor(text).find_closing(0, ")", skip_patterns=True) == closing


def test_quotes_that_do_not_close():
    with pytest.raises(Malformed) as caught:
        Cursor("(a == 'b)").find_closing(0, ")", skip_patterns=True)
    assert caught.value.position == 6
