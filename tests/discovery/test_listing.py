"""Listings, read page by page over real HTTP: to what is known, to a day, to the end, and no further."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from tests.discovery.gazette import FEED, LISTING, SITEMAP, Gazette, Piece, html, pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.discovery.conftest import Nights

    Query = Callable[[str], list[tuple[object, ...]]]

STORED = "SELECT count(*) FROM pages WHERE outcome = 'stored'"
WALKS = "SELECT ended, pages, reached_known, is_whole FROM walks ORDER BY id"


@pytest.mark.parametrize("further", ["next", "numbers", "falls", "words", "button"])
def test_a_listing_is_followed_to_its_end(nights: Nights, gazette: Gazette, query: Query, further: str) -> None:
    gazette.further = further
    nights.crawl()
    assert query(STORED) == [(12,)]
    assert query(WALKS) == [("end", 3, False, True)]


def test_the_newest_are_asked_for_first(nights: Nights, gazette: Gazette) -> None:
    nights.crawl()
    assert gazette.articles_asked()[:5] == [f"otgruzka-{number}" for number in (12, 11, 10, 9, 8)]


def test_an_idle_night_costs_robots_and_one_page(nights: Nights, gazette: Gazette, query: Query) -> None:
    nights.crawl()
    nights.crawl()
    assert [path for path in gazette.asked if "otgruzka" not in path] == ["/robots.txt", "/news/"]
    assert query(WALKS)[1] == ("unchanged", 1, True, False)


def test_a_night_reads_to_the_first_page_that_holds_nothing_new(nights: Nights, gazette: Gazette, query: Query) -> None:
    nights.crawl()
    gazette.shown = [*pieces(19, date(2026, 11, 27))[:7], *gazette.shown]
    nights.crawl()
    assert query(STORED) == [(19,)]
    assert [path for path in gazette.asked if path.startswith("/news/?")] == ["/news/?page=2", "/news/?page=3"]
    assert query(WALKS)[1] == ("known", 3, True, False)


def test_a_listing_that_shifts_while_it_is_read_loses_nothing(nights: Nights, gazette: Gazette, query: Query) -> None:
    new = pieces(24, date(2026, 11, 28))[:5]

    def shift(path: str) -> None:
        if path == "/news/?page=2" and new[0] not in gazette.shown:
            gazette.shown = [*new, *gazette.shown]

    gazette.before = shift
    nights.crawl()
    nights.crawl()
    assert query(STORED) == [(17,)]


@pytest.mark.parametrize("past_end", ["first", "last", "empty"])
def test_a_server_that_has_a_page_for_every_number_ends_all_the_same(
    nights: Nights, gazette: Gazette, query: Query, past_end: str
) -> None:
    gazette.past_end = past_end
    nights.declare(LISTING + 'pages = "/news/?page={page}"\n')
    nights.crawl()
    assert query(STORED) == [(12,)]
    # One page behind the last, and one more: a listing that shifts repeats a page once.
    assert len([path for path in gazette.asked if path.startswith("/news/?")]) == (3 if past_end == "empty" else 4)


def test_addresses_that_lead_round_in_a_circle_end(nights: Nights, gazette: Gazette, query: Query) -> None:
    one, two = pieces(10)[:5], pieces(10)[5:]
    gazette.shown = [*one, *two]
    gazette.other["/news/"] = lambda _: html(gazette.entries(one) + '<a rel="next" href="/more/">далее</a>')
    gazette.other["/more/"] = lambda _: html(gazette.entries(two) + '<a rel="next" href="/news/">далее</a>')
    nights.crawl()
    assert query(STORED) == [(10,)]
    assert query(WALKS) == [("loop", 2, False, True)]


def test_side_columns_on_every_page_do_not_keep_a_listing_going(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.past_end = "empty"
    gazette.beside = (
        "<aside>" + "".join(f'<a href="{one.path}">{one.title}</a>' for one in gazette.shown[:2]) + "</aside>"
    )
    nights.crawl()
    assert query(STORED) == [(12,)]
    assert len([path for path in gazette.asked if path.startswith("/news/?")]) <= 5


def test_a_walk_that_the_budget_ends_goes_on_the_next_night(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.shown = pieces(40)
    nights.crawl("--max-requests", "14")
    assert query("SELECT left_at IS NOT NULL FROM walks") == [(True,)]
    gazette.shown = [*pieces(42, date(2026, 11, 22))[:2], *gazette.shown]
    for _ in range(6):
        nights.crawl("--max-requests", "25")
    assert query(STORED) == [(42,)]
    assert query("SELECT count(*) FROM walks WHERE left_at IS NOT NULL") == [(0,)]


def test_a_backfill_reads_on_to_the_first_page_that_is_older(nights: Nights, gazette: Gazette) -> None:
    gazette.shown = pieces(40)
    nights.run("backfill", "--since", "2026-11-11", "--until", "2026-11-15")
    assert sorted(gazette.articles_asked()) == [f"otgruzka-{number}" for number in range(31, 36)]
    assert len([path for path in gazette.asked if path.startswith("/news/")]) == 15 - 5 - 2


def test_a_backfill_that_was_stopped_goes_on(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.shown = pieces(30)
    nights.run("backfill", "--all", "--max-requests", "12")
    for _ in range(4):
        before = set(query("SELECT external_id FROM pages"))
        nights.run("backfill", "--all", "--max-requests", "15")
        assert not {(slug,) for slug in gazette.articles_asked()} & before
    assert query(STORED) == [(30,)]


def test_ids_are_refused_in_one_sentence(nights: Nights) -> None:
    done = nights.run("backfill", "--ids", "1-10", code=2)
    assert "The articles of gazette have no ids that rise with time: say days with --since and --until" in done.err


def test_one_page_only_is_doubted(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.further = "none"
    done = nights.crawl()
    assert "listing /news/ shows 5 articles on one page only: if the site has more, say with `pages`" in done.err
    assert "Doubts: listings of one page only 1." in done.out
    assert query(WALKS) == [("end", 1, False, False)]


def test_a_listing_that_fits_on_one_page_is_doubted_until_its_first_new_article_displaces_none(
    nights: Nights, gazette: Gazette, query: Query
) -> None:
    gazette.shown, gazette.a_page, gazette.further = pieces(7), 20, "none"
    assert "on one page only" in nights.crawl().err
    gazette.shown = pieces(9, date(2026, 11, 22))
    done = nights.crawl()
    assert (done.err.strip(), query(STORED)) == ("", [(9,)])
    assert query(WALKS)[1] == ("end", 1, True, True)
    # Where there is more behind it, what is new displaces what is old.
    gazette.shown = pieces(16, date(2026, 11, 29))[:9]
    nights.crawl()
    assert query(WALKS)[2] == ("end", 1, True, False)


def test_a_button_that_only_a_script_can_press_is_told(nights: Nights, gazette: Gazette) -> None:
    gazette.further = "script"
    assert "a button for more that only a script can press" in nights.crawl().err


@pytest.mark.parametrize("discovery", [LISTING, FEED, SITEMAP])
def test_a_wall_is_told_on_every_night_and_says_nothing_of_what_is_behind_it(
    nights: Nights, gazette: Gazette, query: Query, discovery: str
) -> None:
    nights.declare(discovery)
    gazette.has_feed = gazette.has_sitemap = gazette.is_walled = True
    assert "cannot be read: blocked: status 403." in nights.crawl(code=3).err
    gazette.is_walled = False
    nights.crawl()
    gazette.is_walled = True
    assert "cannot be read: blocked: status 403." in nights.crawl(code=3).err
    assert len(gazette.asked) == 2
    assert query(STORED) == [(10 if discovery == FEED else 12,)]


def test_a_page_in_the_middle_that_fails_is_tried_again(nights: Nights, gazette: Gazette, query: Query) -> None:
    broken = [True]

    def listing(request: web.Request) -> web.Response:
        if broken[0] and request.query.get("page") == "2":
            return web.Response(status=500)
        return gazette.listing(int(request.query.get("page", "1")))

    gazette.other["/news/"] = listing
    done = nights.crawl()
    assert "cannot be read on from https://gazette.example/news/?page=2 (status 500)" in done.err
    broken[0] = False
    nights.crawl()
    assert query(STORED) == [(12,)]


def test_what_failed_and_what_is_due_is_asked_for_again(nights: Nights, gazette: Gazette, query: Query) -> None:
    broken = gazette.shown[3]
    gazette.other[f"{broken.path}/"] = lambda _: web.Response(status=500)
    nights.crawl()
    assert query("SELECT external_id FROM pages WHERE outcome = 'failed'") == [(broken.slug,)]
    del gazette.other[f"{broken.path}/"]
    nights.crawl()
    assert query(STORED) == [(12,)]


def test_an_article_that_moves_to_another_rubric_keeps_its_key(nights: Nights, gazette: Gazette, query: Query) -> None:
    class Moved(Piece):
        @property
        def path(self) -> str:
            return f"/news/arhiv/{self.slug}"

    nights.crawl()
    old = gazette.shown[0]
    gazette.shown[0] = Moved(old.number, old.day)
    nights.crawl()
    assert query("SELECT count(*) FROM pages") == [(12,)]


def test_a_day_without_a_year_is_read_by_its_neighbours(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.shown = pieces(60, date(2026, 2, 10), every=9)
    gazette.in_listing = lambda piece: " ".join(piece.printed.split()[:2])
    nights.crawl()
    seen = query("SELECT external_id, day FROM sightings")
    assert {slug: str(day) for slug, day in seen} == {one.slug: str(one.day) for one in gazette.shown}


def test_a_page_without_a_date_has_that_of_its_listing(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.shown = [replace(one, is_dated=one.number != 12) for one in gazette.shown]
    nights.crawl()
    where = "JOIN articles a ON a.id = v.article_id WHERE a.key = 'gazette/news/otgruzka-12'"
    found = query(f"SELECT published_on, date_text, document FROM article_versions v {where}")
    assert [(str(day), printed) for day, printed, _ in found] == [("2026-11-20", None)]
    assert '"listing"' in str(found[0][2])
    told = nights.armcrawl("reparse", "--database", nights.database, ARMCRAWL_SITES=str(nights.folder))
    assert told.code == 0, told.err
    assert "otgruzka-12" not in told.out


def test_a_page_that_says_another_date_wins_and_is_counted(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.in_listing = lambda piece: replace(piece, day=date(2026, 11, 1)).printed
    nights.crawl()
    assert query("SELECT count(*) FROM v_articles WHERE published_on = '2026-11-20'") == [(1,)]
    assert query("SELECT stats ->> 'armcrawl/date/announced_otherwise' FROM runs") == [(12,)]


def test_a_trial_finds_articles_on_the_listing_too(nights: Nights, gazette: Gazette) -> None:
    gazette.other["/"] = lambda _: html("<p>Газета о трубопроводной арматуре.</p>")
    where = ("--pages", "3", "--base-url", nights.url)
    done = nights.armcrawl("trial", "gazette", *where, ARMCRAWL_SITES=str(nights.folder))
    assert done.code == 0, done.err
    assert "otgruzka-12" in done.out


def test_a_status_tells_what_is_known_of_seen(nights: Nights, gazette: Gazette, query: Query) -> None:
    gazette.shown = pieces(30)
    nights.crawl("--max-requests", "12")
    told = nights.armcrawl("status", "--json", "--database", nights.database, ARMCRAWL_SITES=str(nights.folder))
    found = json.loads(told.out)
    (source,) = found["sources"]
    assert (source["source"], source["state"]) == ("listing /news/", "goes on")
    assert 0 < source["known"] < source["seen"]
    unasked = source["seen"] - source["known"]
    assert found["sections"][0]["never_asked"] == unasked
    assert query("SELECT shown_in, shown, stored, never_asked, last_on FROM v_seen") == [
        (source["source"], source["seen"], source["known"], unasked, "2026-11-20")
    ]


def test_the_doctor_tells_what_sources_leave_doubtful(nights: Nights, gazette: Gazette) -> None:
    def said() -> str:
        arguments = ("--offline", "--json", "--database", nights.database)
        done = nights.armcrawl("doctor", "gazette", *arguments, ARMCRAWL_SITES=str(nights.folder))
        return next(str(one["said"]) for one in json.loads(done.out) if one["check"] == "sources")

    gazette.further = "none"
    nights.crawl()
    nights.crawl()
    assert said().startswith("gazette, listing /news/ shows 5 articles on one page")
    nights.declare(LISTING + 'pages = "/news/?page={page}"\n')
    nights.run("backfill", "--all")
    assert said() == "All listings, feeds and sitemaps were read without a gap."
    file = nights.folder / "gazette.toml"
    blog = '[[sections]]\nname = "blog"\naddresses = ["/blog/{slug}"]\n[unjudged]'
    file.write_text(file.read_text(encoding="utf-8").replace("[unjudged]", blog), encoding="utf-8")
    assert said().startswith("gazette/blog: no listing, feed or sitemap has shown a page of it: does /blog/{slug} fit")


def test_a_site_that_is_not_verified_says_so_at_its_first_crawl(nights: Nights) -> None:
    file = nights.folder / "gazette.toml"
    file.write_text("verified = false\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    said = "`armcrawl trial gazette` shows how they are read"
    assert said in nights.crawl().err
    assert said not in nights.crawl().err
