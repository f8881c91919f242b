"""Who had a text first, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from armcrawl.fingerprints.first_publisher import Member, evidence_against, first_publisher
from armcrawl.items import PublisherEvidence

ONE = Member("armtorg/news/1", "armtorg", date(2016, 5, 31), True, None, "https://armtorg.ru/news/1", holds=1.0)  # noqa: FBT003
TWO = replace(ONE, key="armavest/news/2", site="armavest", address="https://armavest.ru/news/2")
LATER = date(2016, 6, 1)
NAMES = {"armtorg": frozenset({"armtorg", "armtorg.ru"}), "armavest": frozenset({"armavest", "armavest.ru"})}


def first(*members: Member) -> tuple[str | None, PublisherEvidence, float]:
    found = first_publisher(members, NAMES)
    return found.key, found.reason, found.confidence


def test_the_earlier_day_is_first() -> None:
    assert first(ONE, replace(TWO, published_on=LATER)) == (ONE.key, PublisherEvidence.DAY, 0.8)


def test_on_one_day_the_earlier_time_is_first() -> None:
    morning, evening = datetime(2016, 5, 31, 9, tzinfo=UTC), datetime(2016, 5, 31, 18, tzinfo=UTC)
    assert first(replace(ONE, published_at=evening), replace(TWO, published_at=morning)) == (
        TWO.key,
        PublisherEvidence.TIME,
        0.85,
    )


def test_who_links_to_the_other_had_it_second() -> None:
    assert first(replace(ONE, links=frozenset({TWO.address})), TWO) == (TWO.key, PublisherEvidence.LINK, 0.95)


def test_who_names_the_others_site_had_it_second() -> None:
    assert first(ONE, replace(TWO, sources=frozenset({"armtorg.ru"}))) == (ONE.key, PublisherEvidence.ATTRIBUTION, 0.9)


def test_a_date_that_says_otherwise_makes_it_less_sure() -> None:
    copy = replace(ONE, links=frozenset({TWO.address}))
    assert first(copy, replace(TWO, published_on=LATER)) == (TWO.key, PublisherEvidence.LINK, 0.6)


def test_else_who_holds_most_of_the_text_is_first() -> None:
    assert first(ONE, replace(TWO, holds=0.7)) == (ONE.key, PublisherEvidence.LENGTH, 0.55)


def test_a_tie_stays_a_tie() -> None:
    found = first_publisher([TWO, ONE], NAMES)
    assert (found.key, found.reason, found.confidence) == (None, PublisherEvidence.TIE, 0.0)
    assert found.tied == ("armavest/news/2", "armtorg/news/1")


def test_a_date_without_a_day_is_no_evidence() -> None:
    month = replace(TWO, published_on=date(2016, 5, 1), has_day=False)
    assert first(ONE, month)[1] is PublisherEvidence.TIE


def test_two_that_link_to_each_other_are_told_by_their_dates() -> None:
    one, two = (
        replace(ONE, links=frozenset({TWO.address})),
        replace(TWO, links=frozenset({ONE.address}), published_on=LATER),
    )
    assert first(one, two) == (ONE.key, PublisherEvidence.DAY, 0.8)


def test_a_link_to_one_of_several_others_is_enough_to_have_had_it_second() -> None:
    three = replace(TWO, key="armavest/news/3", address="https://armavest.ru/news/3")
    linked = (replace(one, links=frozenset({TWO.address})) for one in (ONE, three))
    assert first(*linked, TWO) == (TWO.key, PublisherEvidence.LINK, 0.95)


def test_of_each_article_is_told_by_what_it_shows_that_another_was_before_it() -> None:
    later = replace(TWO, published_on=LATER, links=frozenset({ONE.address}), holds=0.5)
    assert evidence_against(later, ONE, NAMES) == (
        PublisherEvidence.LINK,
        PublisherEvidence.DAY,
        PublisherEvidence.LENGTH,
    )
    assert evidence_against(replace(TWO, sources=frozenset({"armtorg.ru"})), ONE, NAMES) == (
        PublisherEvidence.ATTRIBUTION,
    )
    assert evidence_against(ONE, TWO, NAMES) == ()
