"""The sample portal shows all that is known of the real site."""

from __future__ import annotations

import re
from datetime import date

import pytest

from armcrawl.errors import UsageError
from armcrawl.sample.articles import Sample, SampleArticle, shorten
from armcrawl.sample.portal import MARKUPS, TEASERS, Portal, header_day
from armcrawl.sites import address_of, site_named
from tests.conftest import TODAY

ARMTORG = site_named("armtorg")


@pytest.fixture(params=MARKUPS)
def portal(request: pytest.FixtureRequest) -> Portal:
    return Portal(request.param)


def page(portal: Portal, target: str, today: date = TODAY) -> str:
    answer = portal.respond(target, today)
    assert answer.status == 200
    return answer.body.decode(portal.charset)


def oldest(sample: Sample) -> SampleArticle:
    return min(sample.articles.values(), key=lambda article: article.day)


def test_the_header_shows_the_day_of_the_request_and_its_rates(portal: Portal, sample: Sample) -> None:
    path = oldest(sample).path
    first, second = page(portal, path, date(2026, 1, 28)), page(portal, path, date(2026, 1, 29))
    assert header_day(date(2026, 1, 28)) == "28 Января 2026г, Среда"
    assert header_day(date(2026, 1, 28)) in first
    assert re.findall(r"€ — (\S+),", first) != re.findall(r"€ — (\S+),", second)


def test_teasers_are_the_newest_at_the_time_of_the_request_on_every_page(portal: Portal, sample: Sample) -> None:
    html = page(portal, oldest(sample).path)
    assert all(article.path in html for article in sample.newest(TEASERS))


def test_a_teaser_repeats_a_long_title_cut(sample: Sample) -> None:
    newest = sample.newest(TEASERS)
    assert any(article.cut_title.endswith("...") for article in sample.articles.values())
    assert all(article.cut_title in page(Portal("bootstrap"), "/news/1") for article in newest)


def test_the_app_links_and_the_library_are_around_the_article(portal: Portal, sample: Sample) -> None:
    html = page(portal, oldest(sample).path)
    assert "загрузить приложение" in html
    assert "Предложить книгу" in html


@pytest.mark.parametrize("lead", ["own", "title", "first", "none"])
def test_leads_of_every_kind_occur(sample: Sample, lead: str) -> None:
    assert len([article for article in sample.articles.values() if article.lead == lead]) > 20


def test_a_lead_repeats_the_title_or_the_first_paragraph(portal: Portal, sample: Sample) -> None:
    of_kind = {lead: next(a for a in sample.articles.values() if a.lead == lead) for lead in ("title", "first", "none")}
    titles = {lead: page(portal, article.path).count(article.title) for lead, article in of_kind.items()}
    openings = {lead: page(portal, article.path).count(article.paragraphs[0][:40]) for lead, article in of_kind.items()}
    assert titles["title"] == titles["none"] + 1
    assert openings["first"] == openings["none"] + 1


@pytest.mark.parametrize("path", ["/news/1", "/news/1/", "//news/1", "/news/1?page=126&per-page=1", "/news//1/"])
def test_an_article_is_served_under_every_variant_of_its_address(portal: Portal, path: str) -> None:
    assert portal.respond(path, TODAY) == portal.respond("/news/1", TODAY)


def test_an_unknown_id_is_404(portal: Portal) -> None:
    assert portal.respond("/news/999999", TODAY).status == 404


def test_some_ids_answer_without_an_article(portal: Portal, sample: Sample) -> None:
    for key in sample.without_article:
        html = page(portal, address_of(key).removeprefix(ARMTORG.home.rstrip("/")))
        assert "<h1" not in html


def test_some_ids_redirect_home(portal: Portal, sample: Sample) -> None:
    for key in sample.redirected_home:
        answer = portal.respond(address_of(key).removeprefix(ARMTORG.home.rstrip("/")), TODAY)
        assert (answer.status, answer.location) == (302, "/")


def test_no_id_is_two_things(sample: Sample) -> None:
    assert not sample.without_article & sample.redirected_home
    assert not sample.articles.keys() & (sample.without_article | sample.redirected_home)


def test_ids_have_holes(sample: Sample) -> None:
    for section in ARMTORG.sections:
        numbers = {article.number for article in sample.of_section(section.name)}
        assert len(numbers) < max(numbers)


def test_every_article_is_in_a_listing(portal: Portal, sample: Sample) -> None:
    for section in ARMTORG.sections:
        articles = sample.of_section(section.name)
        listings = "".join(page(portal, f"{section.listing}?page={number}") for number in range(1, 25))
        assert all(f'{article.path}"' in listings or f"{article.path}/" in listings for article in articles)


@pytest.mark.parametrize("query", ["page=0", "page=-3", "page=no", "page="])
def test_a_listing_with_a_strange_page_is_its_first(portal: Portal, query: str) -> None:
    assert portal.respond(f"/news/?{query}", TODAY) == portal.respond("/news/", TODAY)


def test_robots_txt_allows_the_articles(portal: Portal) -> None:
    answer = portal.respond("/robots.txt", TODAY)
    assert answer.content_type.startswith("text/plain")
    assert b"Disallow: /admin/" in answer.body


def test_old_pages_say_their_charset_only_inside() -> None:
    answer = Portal("tables").respond("/news/1", TODAY)
    assert answer.content_type == "text/html"
    assert b"windows-1251" in answer.body


def test_the_generated_markup_has_no_labels(sample: Sample) -> None:
    html = page(Portal("generated"), next(a for a in sample.articles.values() if a.tags).path)
    assert "Метки" not in html
    assert "Смотрите также" not in html


def test_an_unknown_markup_is_refused() -> None:
    with pytest.raises(UsageError, match="bootstrap, tables, html5, generated"):
        Portal("xhtml")


def test_a_text_is_cut_at_a_words_end() -> None:
    assert shorten("клиновая задвижка", 12) == "клиновая..."
    assert shorten("клиновая задвижка", 17) == "клиновая задвижка"


def test_texts_have_the_variety_of_the_real_ones(sample: Sample) -> None:
    articles = sample.articles.values()
    assert any(not article.attribution for article in articles)
    assert any(not article.tags for article in articles)
    assert any(tag.printed != tag.name and " " in tag.printed for article in articles for tag in article.tags)
    assert any(article.title.startswith("Фото недели") for article in articles)
    assert any("Голосования ARMTORG №" in article.title for article in articles)
    assert any(re.match(r"(?:Armtorg|[А-Я]\.\s?[А-Я]\.):", text) for a in articles for text in a.paragraphs)
    assert any("„" in text for article in articles for text in article.paragraphs)
