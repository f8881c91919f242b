"""Which groups of addresses are articles."""

from __future__ import annotations

from datetime import date

import pytest

from armcrawl.discovery.drafting.judging import Families, holds_articles, is_of_others
from armcrawl.discovery.drafting.looks import FeedSeen, LinkSeen, PageSeen
from armcrawl.discovery.sighted.pagination import Further

HOME = "https://gazette.example/"
DAY = date(2026, 5, 12)


def page(*links: LinkSeen, address: str = HOME, outcome: str = "listing", is_dated: bool = False) -> PageSeen:
    return PageSeen(address, links, Further(), outcome, is_dated=is_dated)


def headline(path: str, day: date | None = DAY) -> LinkSeen:
    return LinkSeen(HOME + path, "Завод в Кургане отгрузил двадцать задвижек", day)


def article(path: str) -> PageSeen:
    return page(address=HOME + path, outcome="article", is_dated=True)


@pytest.mark.parametrize(
    "name",
    ["wp-sitemap-posts-post-1.xml", "post-sitemap2.xml", "sitemap-posts.xml", "news_pages.xml", "sitemap-news.xml.gz"],
)
def test_a_file_of_articles_is_told_by_its_name(name: str) -> None:
    assert holds_articles(HOME + name)
    assert not is_of_others(HOME + name)


@pytest.mark.parametrize(
    "name",
    ["wp-sitemap-posts-page-1.xml", "page-sitemap.xml", "wp-sitemap-taxonomies-category-1.xml", "authors/anna.xml"],
)
def test_a_file_of_other_pages_is_told_by_its_name(name: str) -> None:
    assert is_of_others(HOME + name)
    assert not holds_articles(HOME + name)


def test_headlines_with_days_that_read_as_articles_are_articles() -> None:
    families = Families()
    families.take_page(page(*(headline(f"news/{number}") for number in range(1, 6))))
    families.take_look(article("news/3"), HOME + "news/3")
    assert [family.shape.text([]) for family in families.articles()] == ["/news/{id:int}"]


def test_what_reads_as_something_else_is_none() -> None:
    families = Families()
    families.take_page(page(*(headline(f"goods/{number}") for number in range(1, 6))))
    families.take_look(page(address=HOME + "goods/3", outcome="article"), HOME + "goods/3")
    assert families.articles() == []


def test_tags_are_no_articles_however_long_their_names_are() -> None:
    families = Families()
    families.take_page(page(*(headline(f"tag/slug-{number}") for number in range(5))))
    families.take_look(article("tag/slug-3"), HOME + "tag/slug-3")
    assert families.articles() == []


def test_a_rubric_that_was_not_looked_at_is_as_the_others() -> None:
    families = Families()
    families.take_page(
        page(*(headline(f"{rubric}/slug-{number}") for rubric in ("rynok", "zavody") for number in range(3)))
    )
    families.take_look(article("rynok/slug-1"), HOME + "rynok/slug-1")
    assert {family.shape.text(["slug"]) for family in families.articles()} == {"/rynok/{slug}", "/zavody/{slug}"}


def test_a_page_that_menus_link_to_is_none_of_the_articles_at_the_root() -> None:
    families = Families()
    menu = LinkSeen(HOME + "o-nas/", "О нас")
    for number in range(3):
        families.take_page(page(menu, *(headline(f"slug-{number}-{place}/") for place in range(3))))
    families.take_feed(FeedSeen(HOME + "feed/", (HOME + "slug-1-1/",)))
    family, _ = families.of(HOME + "slug-1-1/") or pytest.fail("no family")
    assert family.in_menus == {"/o-nas"}
