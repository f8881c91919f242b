"""The form of an address: what is the same for all pages of one kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.discovery.drafting.shapes import refined, shape_of
from armcrawl.sites.addresses import path_of
from armcrawl.sites.patterns import pattern
from armcrawl.sites.site import AMP

SEGMENT = st.one_of(
    st.text("abcxyz0123456789-_.абв", min_size=1, max_size=12),
    st.integers(0, 3000).map(str),
    st.sampled_from(["news", "2024", "05", "page", "index.html", "tag", "12-slug.html", "{id}", "%D0%B0", "a b"]),
)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/news/9911", "/news/{id:int}"),
        ("/2024/05/12/zavod/", "/{year}/{month}/{day}/{slug}"),
        ("/2024/05/zavod", "/{year}/{month}/{slug}"),
        ("/novosti/zavod.html", "/novosti/{slug}.html"),
        ("/новости/завод", "/новости/{slug}"),
        ("/item/5512/zavod", "/item/{id:int}/{slug}"),
        ("/?p=17", "/?p={id:int}"),
        ("/news.php?utm_source=a&id=17", "/news.php?id={id:int}"),
        ("/index.php?do=news&newsid=3", "/index.php?do=news&newsid={id:int}"),
    ],
)
def test_numbers_days_and_the_last_word_are_fields(address: str, text: str) -> None:
    found = shape_of(f"https://gazette.example{address}")
    assert found is not None
    shape, stem = found
    assert shape.text([stem]) == text


@pytest.mark.parametrize(
    "address",
    ["/", "/2024/", "/2024/05/", "/2024/05/12", "/news/page/3/", "/page/2", "/index2.html", "/feed", "/a.pdf"],
)
def test_calendars_pages_of_listings_and_files_are_no_articles(address: str) -> None:
    assert shape_of(f"https://gazette.example{address}") is None


@pytest.mark.parametrize(
    ("stems", "text"),
    [
        (["12-zavod", "15-kran", "19-750-zadvizhek"], "{id:int}-{slug}"),
        (["zavod-12", "kran-15"], "{slug}-{id:int}"),
        (["news_12", "news_15"], "news_{id:int}"),
        (["zavod", "kran", "10-let-zavodu", "itogi-2023"], "{slug}"),
        (["2024-05-zavod", "2024-06-kran"], "{slug}"),
        (["12-zavod"], "{slug}"),
    ],
)
def test_numbers_that_nearly_all_have_and_no_two_share_are_ids(stems: list[str], text: str) -> None:
    assert refined(stems) == text


@given(st.lists(SEGMENT, min_size=1, max_size=4), st.booleans())
def test_the_pattern_of_any_address_takes_this_address(segments: list[str], slashed: bool) -> None:
    address = "https://gazette.example/" + "/".join(segments) + "/" * slashed
    found = shape_of(address)
    if found is not None:
        shape, stem = found
        assert pattern(shape.text([stem])).match(AMP.sub("", path_of(address) or "")) is not None
