"""What listings, feeds and sitemaps show, in the ledger: what was never asked for, what changed, what is a gap."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from armcrawl.items import Announced, Outcome, Page, Sighting
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import writing
from armcrawl.store.ledger import sightings, walks
from armcrawl.store.ledger.walks import SourcePage, WalkRecord
from armcrawl.store.queries.seen import source_status, unseen
from armcrawl.store.queries.status import seen_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

SITE, SECTION = "armavest", "news"
LISTING, FEED, SITEMAP = "listing /news/", "feed /rss.xml", "sitemap /sitemap.xml"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NIGHT = timedelta(days=1)


def key(slug: str) -> PageKey:
    return PageKey(SITE, SECTION, slug)


def seen(slug: str, day: date | None = None, changed_at: datetime | None = None) -> Sighting:
    return Sighting(key(slug), f"https://armavest.ru/news/zavody/{slug}", day, f"О {slug}", changed_at)


def show(engine: Engine, found: Sequence[Sighting], source: str = LISTING, moment: datetime = NOW) -> set[PageKey]:
    with writing(engine) as connection:
        return set(sightings.write_sightings(connection, SITE, source, "here", found, moment).before)


def answered(slug: str, moment: datetime, outcome: Outcome = Outcome.MISSING) -> Page:
    return Page(key(slug), f"https://armavest.ru/news/zavody/{slug}", moment, outcome, reason="missing")


def unasked(engine: Engine, *days: date | None) -> list[str]:
    first, last = days or (None, None)
    return [due.key.external_id for due in sightings.unasked(engine, SITE, [SECTION], 10, (first, last))]


def test_what_was_never_asked_for_comes_newest_first(engine: Engine) -> None:
    show(engine, [seen("b", date(2026, 11, 2)), seen("a", date(2026, 11, 9)), seen("none"), seen("later")])
    show(engine, [seen("c", changed_at=datetime(2026, 11, 5, tzinfo=UTC))], SITEMAP)
    assert unasked(engine) == ["a", "c", "b", "none", "later"]
    write_batch(engine, [answered("c", NOW)], None)
    assert unasked(engine) == ["a", "b", "none", "later"]
    assert sightings.count_unasked(engine, SITE, [SECTION]) == 4


def test_the_day_that_one_source_tells_counts_for_those_that_tell_none(engine: Engine) -> None:
    show(engine, [seen("a", changed_at=NOW), seen("b", changed_at=NOW), seen("c", changed_at=NOW)], SITEMAP)
    show(engine, [seen("a", date(2026, 11, 2)), seen("b", date(2026, 11, 9))])
    first, last = date(2026, 11, 5), date(2026, 11, 12)
    assert sorted(unasked(engine, first, last)) == ["b", "c"]
    dated = sightings.unasked(engine, SITE, [SECTION], 10, (first, last), is_dated=True)
    assert [due.key.external_id for due in dated] == ["b"]


def test_the_same_seen_in_two_sources_is_asked_for_once_and_the_address_comes_with_it(engine: Engine) -> None:
    show(engine, [seen("a")])
    show(engine, [seen("a", date(2026, 11, 9))], FEED)
    (due,) = sightings.unasked(engine, SITE, [SECTION], 10)
    assert (due.key, due.address) == (key("a"), "https://armavest.ru/news/zavody/a")


def test_of_some_days_are_those_and_what_may_be(engine: Engine) -> None:
    show(engine, [seen("old", date(2026, 10, 1)), seen("in", date(2026, 11, 2)), seen("new", date(2026, 11, 9))])
    show(engine, [seen("dateless"), seen("unchanged", changed_at=datetime(2026, 10, 5, tzinfo=UTC))], SITEMAP)
    assert unasked(engine, date(2026, 11, 1), date(2026, 11, 5)) == ["in", "dateless"]


def test_what_a_source_has_shown_before_is_told(engine: Engine) -> None:
    assert show(engine, [seen("a")]) == set()
    assert show(engine, [seen("a"), seen("b")], moment=NOW + NIGHT) == {key("a")}
    assert show(engine, [seen("a")], FEED) == set()


def test_the_first_day_stays_so_that_a_page_is_dated_as_it_was(engine: Engine) -> None:
    show(engine, [seen("a")])
    show(engine, [seen("a", date(2026, 11, 2))], moment=NOW + NIGHT)
    show(engine, [seen("a", date(2026, 11, 9))], moment=NOW + 2 * NIGHT)
    assert sightings.announced(engine, [key("a")])[key("a")] == Announced("listing", date(2026, 11, 2), "О a")


def test_a_feeds_word_comes_before_a_listings(engine: Engine) -> None:
    show(engine, [seen("a", date(2026, 11, 9))])
    show(engine, [seen("a", date(2026, 11, 8))], FEED)
    show(engine, [seen("b")], FEED)
    said = sightings.announced(engine, [key("a"), key("b"), key("c")])
    assert said == {key("a"): Announced("feed", date(2026, 11, 8), "О a"), key("b"): Announced("feed", None, "О b")}


def test_the_text_of_a_feed_is_kept_when_it_has_a_summary_only(engine: Engine) -> None:
    show(engine, [replace(seen("a"), text="Завод пустил цех.")], FEED)
    show(engine, [seen("a")], FEED)
    assert sightings.announced(engine, [key("a")])[key("a")].text == "Завод пустил цех."


def test_a_later_time_of_change_is_a_reason_to_look_once(engine: Engine) -> None:
    write_batch(engine, [answered("a", NOW), answered("b", NOW)], None)
    show(engine, [seen("a", changed_at=NOW - NIGHT), seen("b", changed_at=NOW + NIGHT)], SITEMAP, NOW + 2 * NIGHT)
    assert [due.key for due in sightings.changed(engine, SITE, [SECTION], 10, ())] == [key("b")]
    assert sightings.changed(engine, SITE, [SECTION], 10, [SITEMAP]) == []
    write_batch(engine, [answered("b", NOW + 3 * NIGHT)], None)
    assert sightings.changed(engine, SITE, [SECTION], 10, ()) == []


def test_a_day_of_change_that_moves_counts_although_it_is_no_later_than_our_look(engine: Engine) -> None:
    show(engine, [seen("a", changed_at=NOW - 5 * NIGHT)], SITEMAP, NOW - NIGHT)
    write_batch(engine, [answered("a", NOW)], None)
    assert sightings.changed(engine, SITE, [SECTION], 10, ()) == []
    show(engine, [seen("a", changed_at=NOW - timedelta(hours=3))], SITEMAP, NOW + NIGHT)
    assert [due.key for due in sightings.changed(engine, SITE, [SECTION], 10, ())] == [key("a")]


def test_a_change_the_day_after_tomorrow_is_a_slip(engine: Engine) -> None:
    write_batch(engine, [answered("a", NOW)], None)
    show(engine, [seen("a", changed_at=NOW + 5 * NIGHT)], SITEMAP, NOW + NIGHT)
    assert sightings.changed(engine, SITE, [SECTION], 10, ()) == []


def test_a_step_that_is_written_twice_says_the_same(engine: Engine) -> None:
    walk = WalkRecord(SITE, LISTING, NOW, NOW, left_at="there")
    page = SourcePage("here", NOW, etag='"1"')
    first, _ = walks.write_step(engine, walk, page, "here", [seen("a")])
    again, _ = walks.write_step(engine, walk, page, "here", [seen("a")])
    assert first.id == again.id
    assert walks.open_walks(engine, SITE, LISTING) == [first]
    assert walks.pages_of(engine, SITE, LISTING) == {"here": page}


def test_a_page_that_is_as_it_was_keeps_what_it_showed(engine: Engine) -> None:
    walk = WalkRecord(SITE, SITEMAP, NOW, NOW, is_whole=True, ended="end")
    walks.write_step(engine, walk, None, "one.xml", [seen("a"), seen("b")])
    walks.write_step(engine, walk, None, "two.xml", [seen("c")])
    write_batch(engine, [replace(answered(slug, NOW), outcome=Outcome.QUARANTINED) for slug in "abc"], None)
    later = replace(walk, began_at=NOW + NIGHT, last_at=NOW + NIGHT)
    walks.write_step(engine, later, None, "one.xml", None)
    assert unseen(engine) == []


def test_what_is_known_of_seen_and_gaps_are_told(engine: Engine) -> None:
    walks.write_step(engine, WalkRecord(SITE, FEED, NOW, NOW, ended="end"), None, "here", [seen("a"), seen("b")])
    write_batch(engine, [answered("a", NOW)], None)
    later = NOW + NIGHT
    gap = WalkRecord(SITE, FEED, later, later, ended="end", gap_from=date(2026, 11, 2), gap_to=date(2026, 11, 9))
    walks.write_step(engine, gap, None, "here", [seen("c")])
    (status,) = source_status(engine)
    assert (status.seen, status.known, status.state) == (3, 1, "gap")
    assert [(one.since, one.until) for one in status.gaps] == [(date(2026, 11, 2), date(2026, 11, 9))]
    whole = WalkRecord(SITE, LISTING, later, later, is_whole=True, ended="end")
    walks.write_step(engine, whole, None, "here", [seen("c")])
    assert [one.gaps for one in source_status(engine)] == [(), ()]


def test_a_section_without_numbers_is_complete_as_far_as_what_was_seen_is_known(engine: Engine) -> None:
    show(engine, [seen(slug) for slug in "abcd"])
    write_batch(engine, [answered("a", NOW), answered("b", NOW), answered("unseen", NOW)], None)
    (status,) = seen_status(engine, SITE, ())
    assert (status.head, status.known, status.never_asked, status.complete) == (0, 3, 2, 0.6)
