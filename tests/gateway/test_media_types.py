from __future__ import annotations

import pytest

from vtlsim.gateway import media_types


@pytest.mark.parametrize(
    "header, media_type",
    [
        (None, None),
        ("", None),
        (" ; charset=x", None),
        ("Application/JSON", "application/json"),
        (" text/plain ; charset=utf-8", "text/plain"),
    ],
)
def test_bare(header: str | None, media_type: str | None) -> None:
    assert media_types.bare(header) == media_type


@pytest.mark.parametrize(
    "header, media_type",
    [(None, None), ("image/webp;q=1,*/*", "image/webp"), ("*/*", "*/*"), (", text/plain", None)],
)
def test_first_of(header: str | None, media_type: str | None) -> None:
    assert media_types.first_of(header) == media_type


@pytest.mark.parametrize(
    "registered, media_type, covered",
    [
        ("image/png", "image/png", True),
        ("image/png", "image/jpg", False),
        ("*/*", "anything/else", True),  # documented
        ("image/*", "image/png", True),  # observed
        ("image/*", "imagery/png", False),
        ("*/test", "random/test", False),  # recorded: proxy-binary-media-random_test
        ("*/test", "*/test", False),  # recorded: proxy-binary-media-star_test
        ("image/png", "*/*", False),  # recorded: proxy-binary-media-star_star
        ("image/png", "image/*", False),  # recorded: proxy-binary-media-image_star
    ],
)
def test_matches(registered: str, media_type: str, covered: bool) -> None:
    assert media_types.matches(registered, media_type) is covered
    assert (media_types.matching(("a/b", registered), media_type) is not None) is covered
