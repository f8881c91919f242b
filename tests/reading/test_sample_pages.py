"""Every article of the sample portal, in every markup, field by field."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from armcrawl.items import Article, NotAnArticle, Reason
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import MARKUPS, Portal
from armcrawl.sites import address_of
from tests.conftest import FETCHED_AT, TODAY

if TYPE_CHECKING:
    from armcrawl.sample.articles import Sample, SampleArticle
    from armcrawl.sites import PageKey

# Words of the page around the article: none of them is in any article of the sample.
BOILERPLATE = (
    "Метки",
    "Смотрите также",
    "Предложить книгу",
    "Последние добавления",
    "Пресс-служба МЦ",
    "€ —",
    "© 2007",
)


@cache  # it takes seconds, and many tests look at what is read
def all_read(markup: str) -> dict[PageKey, Article]:
    """Read every article of the sample in a markup."""
    portal = Portal(markup)
    return {key: read(portal, article) for key, article in load_sample().articles.items()}


def read(portal: Portal, article: SampleArticle) -> Article:
    body = portal.render_article(article, TODAY)
    reading = read_page(body, address_of(article.key), FETCHED_AT, "text/html")
    assert isinstance(reading.result, Article), (article.key, reading.result)
    refined = refine(reading.result, FETCHED_AT)
    assert refined.fault is None, (article.key, refined.fault)
    return refined.article


@pytest.fixture(params=MARKUPS)
def portal(request: pytest.FixtureRequest) -> Portal:
    return Portal(request.param)


def wrong(markup: str, field: str) -> list[tuple[str, object, object]]:
    """Return the articles of which a field is read otherwise than it was written."""
    found = []
    for article in load_sample().articles.values():
        expected, got = gold(article)[field], fields(all_read(markup)[article.key])[field]
        if expected != got:
            found.append((str(article.key), expected, got))
    return found


def gold(article: SampleArticle) -> dict[str, object]:
    return {
        "title": article.title,
        "date": article.day,
        "paragraphs": article.paragraphs,
        "attribution": article.attribution or None,
        "tags": [(tag.printed, tag.address) for tag in article.tags],
        "author": article.author or None,
        "images": [(f"https://armtorg.ru{image.path}", image.caption or None) for image in article.images],
        "section": article.key.section,
        "external_id": article.key.external_id,
    }


def fields(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "date": article.published.date if article.published else None,
        "paragraphs": article.paragraphs,
        "attribution": article.attribution.line if article.attribution else None,
        "tags": [(tag.printed, tag.address) for tag in article.tags],
        "author": article.author,
        "images": [(image.address, image.caption) for image in article.images],
        "section": article.section,
        "external_id": article.external_id,
    }


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(
    "field", ["title", "date", "paragraphs", "attribution", "tags", "author", "images", "section", "external_id"]
)
def test_every_article_is_read_as_it_was_written(markup: str, field: str) -> None:
    assert wrong(markup, field) == []


@pytest.mark.parametrize("markup", MARKUPS)
def test_no_boilerplate_is_in_any_body(markup: str) -> None:
    for key, article in all_read(markup).items():
        assert [phrase for phrase in BOILERPLATE if phrase in article.body] == [], key


def test_all_markups_give_the_same_article() -> None:
    hashes = [{key: article.content_hash for key, article in all_read(markup).items()} for markup in MARKUPS]
    assert all(other == hashes[0] for other in hashes)


def test_the_sample_has_the_size_and_the_span_that_it_claims(sample: Sample) -> None:
    days = [article.day for article in sample.articles.values()]
    assert len(sample.articles) >= 400
    assert (min(days).year, max(days).year) == (2013, 2026)


def test_ids_rise_with_the_date_in_every_section(sample: Sample) -> None:
    for section in ("news", "reviews", "articles"):
        days = [article.day for article in reversed(sample.of_section(section))]
        assert days == sorted(days)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/", Reason.LISTING),
        ("/news/", Reason.LISTING),
        ("/news/?page=2", Reason.LISTING),
        ("/reviews/", Reason.LISTING),
        ("/photo/1", Reason.PHOTO_LIST),
        ("/news/999999", Reason.MISSING),
    ],
)
def test_pages_that_are_no_articles_are_known_for_what_they_are(portal: Portal, target: str, reason: Reason) -> None:
    response = portal.respond(target, TODAY)
    reading = read_page(
        response.body, "https://armtorg.ru" + target, FETCHED_AT, response.content_type, response.status
    )
    assert isinstance(reading.result, NotAnArticle)
    assert reading.result.reason is reason


def test_a_page_without_an_article_is_empty(portal: Portal, sample: Sample) -> None:
    for key in sample.without_article:
        response = portal.respond(address_of(key).removeprefix("https://armtorg.ru"), TODAY)
        reading = read_page(response.body, address_of(key), FETCHED_AT, response.content_type)
        assert isinstance(reading.result, NotAnArticle)
        assert reading.result.reason is Reason.EMPTY


def test_a_missing_page_that_answers_200_is_missing_all_the_same(portal: Portal) -> None:
    response = portal.respond("/news/999999", TODAY)
    reading = read_page(response.body, "https://armtorg.ru/news/999999", FETCHED_AT, response.content_type, status=200)
    assert isinstance(reading.result, NotAnArticle)
    assert reading.result.reason is Reason.MISSING
