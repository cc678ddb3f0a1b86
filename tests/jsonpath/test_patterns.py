"""What the patterns match is recorded from Java in fixtures/jsonpath/corpus.json (document ``texts``)."""

import pytest

from vtlsim.jsonpath.patterns import Pattern


@pytest.mark.parametrize(
    "expression, flags, text, yes",
    [
        ("a.c", "", "abc", True),
        ("a.c", "", "abcd", False),
        ("a.c", "", "a\u2028c", False),
        ("a.c", "s", "a\u2028c", True),
        ("a.c", "d", "a\rc", True),
        (r"\w+", "", "é", False),
        (r"\w+", "U", "é", True),
        ("é", "i", "É", False),
        ("é", "iu", "É", True),
        ("[a-c]+", "i", "ABC", True),
        ("k", "i", "\u212a", False),
        (r"\Qa.c\E", "", "a.c", True),
        (r"\Qa.c\E", "", "abc", False),
        ("[a-z&&[^b]]+", "", "ac", True),
        (" a # b", "x", "a", True),
        ("(?i)a(?-i)b", "", "Ab", True),
        ("(?i)a(?-i)b", "", "AB", False),
        ("((?i)a)b", "", "AB", False),
        (r"\1a", "", "a", False),
        (r"\ud83d\ude00", "", "😀", True),
    ],
)
def test_java_s_meaning(expression, flags, text, yes):
    assert Pattern(expression, flags).matches(text, 1.0) is yes


@pytest.mark.parametrize(
    "expression",
    [
        "(",
        ")",
        "[",
        "*a",
        "a**",
        "a|*",
        "{",
        "a{x}",
        "a{,2}",
        "\\",
        r"\y",
        "(?z)",
        "[b-a]",
        r"\p{Nope}",
        r"\k<n>",
        "(?<n>a)(?<n>b)",
        r"\x{110000}",
        "(" * 5000,
    ],
)
def test_what_java_refuses(expression):
    with pytest.raises(ValueError):
        Pattern(expression)
