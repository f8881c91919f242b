"""Feeds: what they show, where they are found, and what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.discovery.protocol import LeadError, LeadResponse
from armcrawl.discovery.sighted.feed import read_feed
from armcrawl.sites import Origin, Section, Site
from tests.discovery.gazette import FEED, LISTING, Gazette, pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.discovery.conftest import Nights

    Query = Callable[[str], list[tuple[object, ...]]]

SITE = Site(name="gazette", hosts=("gazette.example",), sections=(Section(name="news", addresses=("/news/{slug}",)),))
ORIGIN = Origin.of(SITE, None)
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
STORED = "SELECT count(*) FROM pages WHERE outcome = 'stored'"


def read(feed: str, content_type: str = "application/xml") -> list[tuple[str, str | None, str | None, str | None]]:
    response = LeadResponse("https://gazette.example/rss.xml", NOW, feed.encode(), content_type)
    return [
        (
            one.key.external_id,
            one.title,
            one.day.isoformat() if one.day else None,
            one.changed_at.isoformat() if one.changed_at else None,
        )
        for one in read_feed(response, ORIGIN, ["news"]).sightings
    ]


def rss(items: str, namespaces: str = "", doctype: str = "") -> str:
    return f'<?xml version="1.0"?>{doctype}<rss version="2.0" {namespaces}><channel>{items}</channel></rss>'


def test_rss_shows_titles_and_days_in_the_sites_zone() -> None:
    items = (
        "<item><title>Завод пустил &quot;линию&quot;</title><link>https://gazette.example/news/a</link>"
        "<pubDate>Fri, 20 Nov 2026 22:30:00 GMT</pubDate></item>"
    )
    assert read(rss(items)) == [("a", 'Завод пустил "линию"', "2026-11-21", None)]


def test_atom_tells_when_an_article_was_changed() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Пуск</title><link href="/news/a"/>'
        "<published>2026-11-20T10:00:00+03:00</published><updated>2026-11-22T10:00:00+03:00</updated></entry></feed>"
    )
    assert read(feed) == [("a", "Пуск", "2026-11-20", "2026-11-22T07:00:00+00:00")]


def test_the_full_text_beside_a_summary_is_taken_block_by_block() -> None:
    block = "Завод <a href='/k'>«Вентиль»</a> пустил в Кургане цех шаровых кранов большого диаметра. " * 8
    items = (
        "<item><link>https://gazette.example/news/a</link><description>Коротко</description>"
        f"<content:encoded><![CDATA[<p>{block}</p><p>Второй абзац.</p>]]></content:encoded></item>"
    )
    feed = rss(items, 'xmlns:content="http://purl.org/rss/1.0/modules/content/"')
    response = LeadResponse("https://gazette.example/rss.xml", NOW, feed.encode(), "application/xml")
    text = read_feed(response, ORIGIN, ["news"]).sightings[0].text or ""
    assert text.startswith("Завод «Вентиль» пустил в Кургане")
    assert text.endswith("\nВторой абзац.")


def test_guid_and_origlink_are_addresses_too() -> None:
    items = (
        '<item><title>Один</title><guid isPermaLink="true">https://gazette.example/news/a</guid></item>'
        "<item><title>Два</title><link>https://feeds.example/~r/1</link>"
        "<feedburner:origLink>https://gazette.example/news/b</feedburner:origLink></item>"
    )
    namespaces = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    assert [slug for slug, *_ in read(rss(items, namespaces))] == ["a", "b"]


def test_a_date_as_people_print_it_is_read() -> None:
    items = "<item><link>https://gazette.example/news/a</link><pubDate>20 ноября 2026, 10:15</pubDate></item>"
    assert read(rss(items))[0][2] == "2026-11-20"


def test_a_date_to_come_is_none() -> None:
    items = "<item><link>https://gazette.example/news/a</link><pubDate>Fri, 20 Nov 2027 22:30:00 GMT</pubDate></item>"
    assert read(rss(items))[0][2] is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<!DOCTYPE html><html><body>Вход</body></html>", "is a page of HTML, and no feed"),
        ("<html><body>Вход</body></html>", "is a page of HTML, and no feed"),
        ("{}", "is no feed"),
        ("", "is no feed"),
    ],
)
def test_what_is_no_feed_is_told_in_a_sentence(body: str, said: str) -> None:
    with pytest.raises(LeadError, match=said):
        read(body)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;<!ENTITY x "&p;">]>',
        '<!DOCTYPE rss [<!ENTITY a "хахахаха"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;">]>',
    ],
)
def test_entities_are_neither_fetched_nor_blown_up(doctype: str) -> None:
    items = "<item><title>Пуск &x;</title><link>https://gazette.example/news/a</link></item>"
    with pytest.raises(LeadError, match="declares entities of its own"):
        read(rss(items, doctype=doctype))


def test_a_feed_that_the_home_page_names_is_read_every_night(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.has_feed = True
    nights.declare(FEED)
    nights.crawl()
    assert query(STORED) == [(10,)]
    nights.crawl()
    assert gazette.asked == ["/robots.txt", "/lenta.xml"]
    gazette.shown = [*pieces(14, date(2026, 11, 22))[:2], *gazette.shown]
    nights.crawl()
    assert query(STORED) == [(12,)]
    assert query("SELECT count(*) FROM walks WHERE NOT reached_known") == [(1,)]


def test_a_feed_that_lost_its_thread_has_a_gap_with_its_days(nights: Nights, gazette: Gazette) -> None:
    gazette.has_feed = True
    nights.declare(FEED)
    nights.crawl()
    gazette.shown = pieces(40, date(2026, 11, 29))
    done = nights.crawl()
    assert "feed /lenta.xml goes back to 2026-11-20, and what it showed before ends at 2026-11-20: " in done.err
    status = nights.armcrawl("status", "--database", nights.database, ARMCRAWL_SITES=str(nights.folder))
    assert "gazette, feed /lenta.xml: what came between" in status.out


def test_a_listing_beside_the_feed_closes_its_gap(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.has_feed = True
    nights.declare(FEED + "\n" + LISTING)
    nights.crawl()
    gazette.shown = pieces(40, date(2026, 11, 30))
    nights.crawl()
    assert query(STORED) == [(40,)]
    status = nights.armcrawl("status", "--database", nights.database, ARMCRAWL_SITES=str(nights.folder))
    assert "what came between" not in status.out


def test_a_site_without_a_feed_is_asked_for_one_once_a_week(nights: Nights, gazette: Gazette) -> None:
    nights.declare(FEED + "\n" + LISTING)
    assert "gazette names no feed, and has none where they usually are" in nights.crawl().err
    nights.crawl()
    assert [path for path in gazette.asked if "otgruzka" not in path] == ["/robots.txt", "/news/"]


def test_a_site_whose_only_source_is_a_feed_that_it_does_not_have_is_told_what_to_do(
    nights: Nights, gazette: Gazette
) -> None:
    nights.declare(FEED)
    nights.crawl(code=1)
    assert "names no feed: if it has one, say where with `start` under [[discovery]]" in nights.crawl(code=1).err
    assert gazette.asked == []


def test_a_feed_without_entries_is_told(nights: Nights, gazette: Gazette) -> None:
    gazette.other["/rss.xml"] = lambda _: web.Response(text=rss(""), content_type="text/xml")
    nights.declare(FEED + 'start = ["/rss.xml"]\n' + LISTING)
    assert "feed /rss.xml: none of its 0 entries has an address" in nights.crawl().err


def test_a_feed_larger_than_any_is_not_read(nights: Nights, gazette: Gazette) -> None:
    gazette.other["/rss.xml"] = lambda _: web.Response(body=b"<rss>" + b" " * (9 << 20), content_type="text/xml")
    nights.declare(FEED + 'start = ["/rss.xml"]\n')
    assert "the answer is larger than any page" in nights.crawl(code=1).err


def test_an_unknown_option_is_named_with_the_nearest(nights: Nights) -> None:
    nights.declare(FEED + 'strat = ["/rss.xml"]\n')
    assert "feed discovery has no option 'strat': write 'start' if that is meant." in nights.crawl(code=2).err
