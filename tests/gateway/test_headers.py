from __future__ import annotations

from vtlsim.gateway.headers import NO_HEADERS, Headers

SENT = Headers.of({"X-Tea": ["green", "black"], "x-tea": "mint", "Accept": "*/*"})


def test_exact_look_up_minds_the_case() -> None:
    assert SENT.exact("X-Tea") == ("green", "black")
    assert SENT.last_exact("X-Tea") == "black"
    assert SENT.last_exact("X-TEA") is None


def test_http_look_up_does_not() -> None:
    assert SENT.folded("X-TEA") == ("green", "black", "mint")
    assert SENT.first("ACCEPT") == "*/*"
    assert SENT.first("none") is None
    assert SENT.holds("x-Tea")


def test_single_keeps_the_last_and_multiple_all() -> None:
    assert SENT.single() == {"X-Tea": "black", "x-tea": "mint", "Accept": "*/*"}
    assert SENT.multiple() == {"X-Tea": ["green", "black"], "x-tea": ["mint"], "Accept": ["*/*"]}


def test_changes_make_new_headers() -> None:
    assert SENT.without(["x-tEa"]).pairs == (("Accept", "*/*"),)
    assert SENT.replaced("accept", ["a", "b"]).pairs[-2:] == (("accept", "a"), ("accept", "b"))
    assert len(SENT) == 4
    assert Headers(list(SENT)) == SENT
    assert hash(SENT) == hash(Headers(list(SENT)))
    assert not NO_HEADERS.pairs
