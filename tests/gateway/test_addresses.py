from __future__ import annotations

import pytest

from vtlsim.gateway import addresses

VARIABLES = {"host": "tea.example", "leaf": "green"}


@pytest.mark.parametrize(
    "uri, path, filled",
    [
        ("https://${stageVariables.host}/a", {}, "https://tea.example/a"),
        ("https://x/a?b=${stageVariables.leaf}", {}, "https://x/a?b=green"),
        ("https://x/${stageVariables.none}", {}, "https://x/"),  # recorded: uri-stagevars-missing-500
        ("https://x/${stageVariables['leaf']}", {}, "https://x/green"),  # documented spelling
        ("https://x/${leaf}", {}, "https://x/${leaf}"),
        ("https://x/${leaf\\}", {}, "https://x/${leaf\\}"),
        ("https://x/{way}", {"way": "a/b"}, "https://x/a/b"),
        ("https://x/{other}", {"way": "a"}, "https://x/{other}"),
        ("https://x/{other}/{way}", {"way": "a"}, "https://x/{other}/a"),
        ("https://x?q={way}", {"way": "a b{"}, "https://x?q=a%20b%7B"),
        ("https://x/{way}", {"way": "${stageVariables.leaf}"}, "https://x/$%7BstageVariables.leaf%7D"),
    ],
)
def test_fill(uri: str, path: dict[str, str], filled: str) -> None:
    assert addresses.fill(uri, {name: (value,) for name, value in path.items()}, VARIABLES)[0] == filled


def test_fill_says_what_was_filled() -> None:
    _, filled = addresses.fill("https://${stageVariables.none}/{a}/{b}", {"a": ("1",)}, {})
    assert [(each.text, each.value) for each in filled] == [
        ("{a}", "1"),
        ("{b}", None),
        ("${stageVariables.none}", None),
    ]


@pytest.mark.parametrize(
    "uri, valid",
    [
        ("https://tea.example", True),
        ("HTTP://tea.example:8080/a?b=c#d", True),
        ("http://localhost/a", True),
        ("http://service_name:80", True),
        ("http://[::1]:80/", True),
        ("http://user:secret@tea.example/", True),
        ("http://user@other@tea.example", True),
        ("http://tea.example@", False),
        ("http://us er@tea.example", False),
        ("http://tea.example/@ ", False),
        ("http\u017f://tea.example", False),
        ("https://", False),
        ("https:///a", False),  # recorded: testinvoke-failure-invalid-endpoint
        ("https://?a=b", False),
        ("tea.example/a", False),
        ("ftp://tea.example", False),
        ("https://tea example", False),
        ("https://tea.example/{a}", False),
        ("https://-tea.example", False),
        ("https://tea..example", False),
        ("https://tea.example:port", False),
    ],
)
def test_is_http_url(uri: str, valid: bool) -> None:
    assert addresses.is_http_url(uri) is valid


def test_is_http_url_takes_no_time_over_a_long_host() -> None:
    assert addresses.is_http_url("https://" + "a-" * 50_000) is False
    assert addresses.is_http_url("https://" + "a" * 50_000 + "!") is False


@pytest.mark.parametrize(
    "query, pairs",
    [
        ("a=1&b=2&a=3", (("a", "1"), ("b", "2"), ("a", "3"))),
        ("a&b=&=c", (("a", ""), ("b", ""), ("", "c"))),
        ("&&a=b=c&", (("a", "b=c"),)),
        ("a=%2B+%C3%A9%zz%", (("a", "+ é%zz%"),)),
        ("a=%ff", (("a", "\ufffd"),)),
        ("", ()),
    ],
)
def test_pairs(query: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert addresses.pairs(query) == pairs


def test_written() -> None:
    assert addresses.written((("a b", "1+2%~"), ("é", "/?&="))) == "a%20b=1%2B2%25~&%C3%A9=%2F%3F%26%3D"


@pytest.mark.parametrize(
    "uri, parts",
    [
        ("https://x/a?b=c#d", ("https://x/a", "b=c", "d")),
        ("https://x/a#d?e", ("https://x/a", "", "d?e")),
        ("https://x", ("https://x", "", "")),
    ],
)
def test_split_query(uri: str, parts: tuple[str, str, str]) -> None:
    assert addresses.split_query(uri) == parts
