"""Sitemaps: indexes, packed files, news, times of change that are believed and others."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl.discovery.protocol import LeadError, LeadResponse
from armcrawl.discovery.sighted.sitemap import MAX_SIZE, SitemapFile, read_sitemap
from armcrawl.sites import Origin, Section, Site
from tests.discovery.gazette import NAMESPACE, SITEMAP, Gazette, pieces, xml

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.discovery.conftest import Nights

    Query = Callable[[str], list[tuple[object, ...]]]

SITE = Site(name="gazette", hosts=("gazette.example",), sections=(Section(name="news", addresses=("/news/{slug}",)),))
ORIGIN = Origin.of(SITE, None)
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
STORED = "SELECT count(*) FROM pages WHERE outcome = 'stored'"
HOME = "https://gazette.example"


def read(body: str | bytes) -> SitemapFile:
    octets = body.encode() if isinstance(body, str) else body
    return read_sitemap(LeadResponse(f"{HOME}/sitemap.xml", NOW, octets, "application/xml"), ORIGIN, ["news"])


def urlset(*urls: str, namespaces: str = "") -> str:
    return (
        f'<?xml version="1.0"?><urlset {NAMESPACE} {namespaces}>{"".join(f"<url>{one}</url>" for one in urls)}</urlset>'
    )


def test_only_addresses_that_a_section_describes_count() -> None:
    found = read(
        urlset(f"<loc>{HOME}/news/a</loc>", f"<loc>{HOME}/photo/1</loc>", "<loc>https://other.example/news/b</loc>")
    )
    assert [str(one.key) for one in found.sightings] == ["gazette/news/a"]
    assert found.addresses == 3


@pytest.mark.parametrize(
    ("told", "changed_at"),
    [
        ("2026-11-20T10:00:00+03:00", "2026-11-20T07:00:00+00:00"),
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20", "2026-11-19T21:00:00+00:00"),
        ("вчера", None),
        ("2026-13-40", None),
    ],
)
def test_a_time_of_change_is_read_as_w3c_writes_it(told: str, changed_at: str | None) -> None:
    (one,) = read(urlset(f"<loc>{HOME}/news/a</loc><lastmod>{told}</lastmod>")).sightings
    assert (one.changed_at.isoformat() if one.changed_at else None) == changed_at


def test_news_have_days_and_titles() -> None:
    news = (
        f"<loc>{HOME}/news/a</loc><n:news><n:publication><n:name>Газета</n:name></n:publication>"
        "<n:publication_date>2026-11-20T23:30:00Z</n:publication_date><n:title>Пуск линии</n:title></n:news>"
    )
    found = read(urlset(news, namespaces='xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'))
    assert [(one.title, str(one.day)) for one in found.sightings] == [("Пуск линии", "2026-11-21")]


def test_packed_files_and_lists_of_lines_are_read() -> None:
    assert len(read(gzip.compress(urlset(f"<loc>{HOME}/news/a</loc>").encode())).sightings) == 1
    assert len(read(f"{HOME}/news/a\n{HOME}/news/b\n").sightings) == 2


def test_an_index_leads_to_files_of_the_site_alone() -> None:
    index = (
        f"<sitemapindex {NAMESPACE}><sitemap><loc>{HOME}/a.xml</loc><lastmod>2026-01-01</lastmod></sitemap>"
        f"<sitemap><loc>{HOME}/b.xml</loc><lastmod>2026-02-01</lastmod></sitemap>"
        "<sitemap><loc>https://other.example/c.xml</loc></sitemap></sitemapindex>"
    )
    assert read(index).files == ((f"{HOME}/b.xml", "2026-02-01"), (f"{HOME}/a.xml", "2026-01-01"))


@pytest.mark.parametrize("told", ["2026-11-01", NOW.isoformat(), (NOW - timedelta(minutes=5)).isoformat()])
def test_one_time_of_change_for_all_tells_nothing(told: str) -> None:
    found = read(urlset(*(f"<loc>{HOME}/news/a{one}</loc><lastmod>{told}</lastmod>" for one in range(20))))
    assert found.is_lying
    assert all(one.changed_at is None for one in found.sightings)


@pytest.mark.parametrize("body", ["<html><body></body></html>", "{}", "", "<sitemaps></sitemaps>"])
def test_what_is_no_sitemap_is_told(body: str) -> None:
    with pytest.raises(LeadError, match="no sitemap"):
        read(body)


def test_a_packed_file_that_never_ends_is_not_unpacked() -> None:
    with pytest.raises(LeadError, match="cannot be unpacked"):
        read(gzip.compress(b" " * (MAX_SIZE + 1)))


@pytest.mark.parametrize("entity", ['<!ENTITY x "ха">', '<!ENTITY x SYSTEM "file:///etc/passwd">'])
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_entities_are_neither_fetched_nor_blown_up(entity: str, charset: str) -> None:
    body = f'<?xml version="1.0" encoding="{charset}"?><!DOCTYPE urlset [{entity}]><urlset {NAMESPACE}>&x;</urlset>'
    with pytest.raises(LeadError, match="declares entities of its own, as no sitemap does"):
        read(body.encode(charset))


def test_an_index_is_read_with_all_its_packed_files(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.has_sitemap, gazette.robots = True, "Sitemap: {}/sitemap.xml\n".format("http://gazette.example")
    gazette.shown = pieces(23)
    nights.declare(SITEMAP)
    nights.crawl()
    assert query(STORED) == [(23,)]
    assert query("SELECT is_whole, pages, seen FROM walks") == [(True, 6, 23)]


def test_an_idle_night_reads_no_file_twice(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.has_sitemap = True
    index = (
        f"<sitemapindex {NAMESPACE}><sitemap><loc>{HOME}/sitemap-0.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap>"
        f"<sitemap><loc>{HOME}/sitemap-1.xml.gz</loc><lastmod>2026-11-10</lastmod></sitemap></sitemapindex>"
    )
    gazette.other["/sitemap.xml"] = lambda _: xml(index)
    gazette.shown = pieces(10)
    nights.declare(SITEMAP + 'start = ["/sitemap.xml"]\n')
    nights.crawl()
    nights.crawl()
    assert gazette.asked == ["/robots.txt", "/sitemap.xml"]
    assert query("SELECT count(*) FROM sightings WHERE last_seen_at > first_seen_at") == [(10,)]


def test_an_index_that_names_itself_ends(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.has_sitemap = True
    gazette.other["/sitemap.xml"] = lambda _: xml(
        f"<sitemapindex {NAMESPACE}><sitemap><loc>{HOME}/sitemap.xml</loc></sitemap>"
        f"<sitemap><loc>{HOME}/sitemap-0.xml.gz</loc></sitemap></sitemapindex>"
    )
    nights.declare(SITEMAP)
    nights.crawl()
    assert query(STORED) == [(5,)]


def test_a_later_time_of_change_is_a_reason_to_look_again(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.has_sitemap = True
    days = [datetime(2026, 10, 1 + number, tzinfo=UTC) for number in range(12)]
    gazette.shown = [replace(one, changed_at=day) for one, day in zip(pieces(12, days[0].date()), days, strict=True)]
    nights.declare(SITEMAP)
    nights.crawl()
    nights.crawl()
    assert gazette.articles_asked() == []
    changed = gazette.shown[4]
    gazette.shown[4] = replace(
        changed, changed_at=datetime(2026, 10, 30, tzinfo=UTC), extra="<p>Дополнено: цех работает.</p>"
    )
    nights.crawl()
    assert gazette.articles_asked() == [changed.slug]
    assert query("SELECT max(current_version) FROM articles") == [(2,)]
    nights.crawl()
    assert gazette.articles_asked() == []


def test_times_of_change_that_moved_in_vain_are_ignored_in_the_end(
    nights: Nights, gazette: Gazette, query: Query
) -> None:
    gazette.has_sitemap, gazette.files_of = True, 50
    first = pieces(24, datetime(2026, 9, 1, tzinfo=UTC).date())
    for night in range(3):
        moment = datetime(2026, 10, 1 + night, tzinfo=UTC)
        gazette.shown = [replace(one, changed_at=moment + timedelta(minutes=one.number)) for one in first]
        if night == 0:
            nights.declare(SITEMAP)
        nights.crawl()
    assert gazette.articles_asked() == []
    assert query("SELECT stats ->> 'armcrawl/discovery/lastmod_ignored' FROM runs ORDER BY id DESC LIMIT 1") == [(1,)]


def test_what_is_in_no_source_any_more_is_told(nights: Nights, gazette: Gazette) -> None:
    gazette.has_sitemap = True
    nights.declare(SITEMAP)
    nights.crawl()
    del gazette.shown[2]
    nights.crawl()
    status = nights.armcrawl("status", "--database", nights.database, ARMCRAWL_SITES=str(nights.folder))
    assert "gazette: 1 stored article is in no source any more, as gazette/news/otgruzka-10." in status.out
