"""What is known, what is missing, and where pages came from."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.sites.single_pages import MAX_LENGTH
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database
from armcrawl.store.ledger.ledger import (
    check_origin,
    claim_origin,
    count_wanted,
    due,
    failed_numbers,
    fates,
    head,
    wanted_numbers,
)
from armcrawl.store.queries import id_ranges as ranges_module
from armcrawl.store.queries.id_ranges import id_ranges
from armcrawl.store.queries.status import SectionStatus, failing, outcomes_of, section_status
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, later, stored
from tests.thoroughness import examples

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask


def fill(engine: Engine, *pages: Page) -> None:
    write_batch(engine, pages, None)


def wanted(engine: Engine, first: int, last: int) -> list[int]:
    return wanted_numbers(engine, "armtorg", "news", first, last)


def only_status(engine: Engine) -> SectionStatus:
    (found,) = section_status(engine)
    return found


def test_an_empty_ledger_has_no_head(engine: Engine) -> None:
    assert head(engine, "armtorg", "news") == 0


def test_the_head_is_the_highest_id_as_a_number(engine: Engine) -> None:
    fill(engine, stored(9), stored(10), stored(2))
    assert head(engine, "armtorg", "news") == 10


@pytest.mark.parametrize("outcome", [Outcome.MISSING, Outcome.FAILED, Outcome.NOT_ARTICLE])
def test_a_page_that_never_was_an_article_is_no_head(engine: Engine, outcome: Outcome) -> None:
    fill(engine, stored(5), answered(outcome, 9))
    assert head(engine, "armtorg", "news") == 5


def test_an_article_that_is_gone_still_is_the_head(engine: Engine) -> None:
    fill(engine, stored(5))
    fill(engine, later(answered(Outcome.MISSING, 5)))
    assert head(engine, "armtorg", "news") == 5


def test_an_article_in_quarantine_may_be_the_head(engine: Engine) -> None:
    fill(engine, stored(5), answered(Outcome.QUARANTINED, 6, stage="validate"))
    assert head(engine, "armtorg", "news") == 6


def test_each_section_has_a_head_of_its_own(engine: Engine) -> None:
    fill(engine, stored(50), stored(3, section="reviews"))
    assert head(engine, "armtorg", "reviews") == 3


def test_everything_is_wanted_of_an_empty_ledger_newest_first(engine: Engine) -> None:
    assert wanted(engine, 1, 4) == [4, 3, 2, 1]


@pytest.mark.parametrize("outcome", [Outcome.MISSING, Outcome.NOT_ARTICLE, Outcome.QUARANTINED])
def test_what_is_known_is_not_wanted_again(engine: Engine, outcome: Outcome) -> None:
    fill(engine, stored(4), answered(outcome, 2))
    assert wanted(engine, 1, 4) == [3, 1]


def test_what_is_gone_is_not_wanted_again(engine: Engine) -> None:
    fill(engine, stored(2))
    fill(engine, answered(Outcome.MISSING, 2))
    assert wanted(engine, 1, 2) == [1]


def test_a_page_that_failed_is_to_be_tried_again_apart_from_what_was_never_asked(engine: Engine) -> None:
    fill(engine, stored(4), answered(Outcome.FAILED, 3), stored(1))
    assert wanted(engine, 1, 4) == [2]
    assert failed_numbers(engine, "armtorg", "news", 1, 4, 10) == [3]
    assert count_wanted(engine, "armtorg", "news", 1, 4) == 2


def test_only_of_an_article_that_we_hold_the_server_may_say_that_nothing_changed(engine: Engine) -> None:
    held = replace(stored(1), etag='"a"', last_modified="Mon, 23 Nov 2026 07:00:00 GMT")
    lost = answered(Outcome.QUARANTINED, 2, etag='"b"', last_modified="Mon, 23 Nov 2026 07:00:00 GMT", digest="b")
    fill(engine, held, lost)
    with engine.begin() as connection:
        connection.execute(update(schema.pages).values(next_check_at=FETCHED_AT))
    asked = {page.key.number: page.etag for page in due(engine, "armtorg", ["news"], FETCHED_AT, 10)}
    assert asked == {1: '"a"', 2: None}


def test_what_is_tried_again_is_limited_to_the_newest(engine: Engine) -> None:
    fill(engine, *(answered(Outcome.FAILED, number) for number in range(1, 6)))
    assert failed_numbers(engine, "armtorg", "news", 1, 4, 2) == [4, 3]


def test_what_fails_is_grouped_by_its_reason(engine: Engine) -> None:
    fill(engine, *(answered(Outcome.FAILED, number, reason="status 500") for number in (1, 2, 4)))
    later = FETCHED_AT + timedelta(days=1)
    fill(engine, stored(3), stored(5))
    fill(engine, answered(Outcome.FAILED, 5, reason="no answer in time", fetched_at=later))
    first, second = failing(engine)
    assert (first.reason, first.pages, first.ranges) == ("status 500", 3, {"armtorg/news": [(1, 2), (4, 4)]})
    assert (second.reason, second.pages, second.last_try_at) == ("no answer in time", 1, later)


def test_a_page_of_another_section_settles_nothing(engine: Engine) -> None:
    fill(engine, stored(1, section="reviews"))
    assert wanted(engine, 1, 1) == [1]


def test_nothing_is_wanted_of_no_ids(engine: Engine) -> None:
    assert wanted(engine, 1, 0) == []


@given(known=st.sets(st.integers(1, 20)), last=st.integers(0, 20))
@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_wanted_and_what_is_known_are_all_ids(engine: Engine, known: set[int], last: int) -> None:
    with engine.begin() as connection:
        connection.execute(schema.pages.delete())
    if known:
        fill(engine, *(answered(Outcome.MISSING, number) for number in known))
    assert wanted(engine, 1, last) == [number for number in range(last, 0, -1) if number not in known]


# Origins


def test_the_first_origin_is_remembered(engine: Engine, ask: Ask) -> None:
    claim_origin(engine, "armtorg", "site")
    assert ask("SELECT site, origin FROM origins") == [("armtorg", "site")]


def test_the_same_origin_may_come_again(engine: Engine, ask: Ask) -> None:
    claim_origin(engine, "armtorg", "site")
    claim_origin(engine, "armtorg", "site")
    assert ask("SELECT count(*) FROM origins") == [(1,)]


def test_another_origin_is_refused_with_both_names_and_the_way_out(engine: Engine) -> None:
    claim_origin(engine, "armtorg", "site")
    with pytest.raises(UsageError, match=r"filled from site, not from http://mirror.*--mixed-origin"):
        check_origin(engine, "armtorg", "http://mirror")


def test_a_database_that_was_not_filled_takes_any_origin(engine: Engine, ask: Ask) -> None:
    check_origin(engine, "armtorg", "http://mirror")
    assert ask("SELECT count(*) FROM origins") == [(0,)]


def test_origins_may_be_mixed_if_one_says_so(engine: Engine) -> None:
    claim_origin(engine, "armtorg", "site")
    check_origin(engine, "armtorg", "http://mirror", mixed=True)


def test_an_origin_that_was_mixed_in_may_come_again(engine: Engine) -> None:
    claim_origin(engine, "armtorg", "site")
    claim_origin(engine, "armtorg", "http://mirror")
    check_origin(engine, "armtorg", "site")
    check_origin(engine, "armtorg", "http://mirror")


def test_another_site_may_have_another_origin(engine: Engine, ask: Ask) -> None:
    claim_origin(engine, "armtorg", "site")
    claim_origin(engine, "armavest", "http://mirror")
    assert ask("SELECT site FROM origins ORDER BY site") == [("armavest",), ("armtorg",)]


# Status


def test_an_empty_ledger_has_no_status(engine: Engine) -> None:
    assert section_status(engine) == []


def test_the_status_counts_every_outcome(engine: Engine) -> None:
    fill(engine, stored(5), stored(3), answered(Outcome.MISSING, 2), answered(Outcome.FAILED, 4))
    found = only_status(engine)
    assert found.outcomes == {"stored": 2, "missing": 1, "failed": 1}
    assert (found.head, found.known, found.never_asked) == (5, 4, 1)


def test_each_section_has_a_status_of_its_own(engine: Engine) -> None:
    fill(engine, stored(5), stored(2, section="reviews"), stored(1, section="articles"))
    assert [(found.section, found.head) for found in section_status(engine)] == [
        ("articles", 1),
        ("news", 5),
        ("reviews", 2),
    ]


def test_the_ranges_tell_every_id_up_to_the_head(engine: Engine) -> None:
    numbers = [2, 3, 6, 9]
    fill(engine, *map(stored, numbers), answered(Outcome.MISSING, 7), answered(Outcome.FAILED, 8))
    assert id_ranges(engine, only_status(engine)) == {
        "stored": [(2, 3), (6, 6), (9, 9)],
        "missing": [(7, 7)],
        "failed": [(8, 8)],
        "never_asked": [(1, 1), (4, 5)],
    }


def test_of_many_ranges_the_last_are_told_and_one_that_tells_of_more(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges_module, "IDS_AT_FIRST", 1)
    fill(engine, *map(stored, (1, 2, 4, 6, 7, 9, 11)))
    found = only_status(engine)
    assert id_ranges(engine, found, last=2) == {
        "stored": [(6, 7), (9, 9), (11, 11)],
        "never_asked": [(5, 5), (8, 8), (10, 10)],
    }
    assert id_ranges(engine, found, last=4)["never_asked"] == [(3, 3), (5, 5), (8, 8), (10, 10)]


def test_ids_above_the_head_were_not_left_out(engine: Engine) -> None:
    fill(engine, stored(1), stored(2), answered(Outcome.FAILED, 9))
    found = only_status(engine)
    assert found.never_asked == 0
    assert "never_asked" not in id_ranges(engine, found)


def test_the_span_of_days_is_that_of_the_articles(engine: Engine) -> None:
    fill(engine, stored(1, date_text="8 Февраля 2013"), stored(2, date_text="4 Марта 2020"), stored(3, date_text=None))
    found = only_status(engine)
    assert (found.first_day, found.last_day) == ("2013-02-08", "2020-03-04")


def test_a_changed_date_changes_the_span(engine: Engine) -> None:
    fill(engine, stored(1, date_text="8 Февраля 2013"))
    fill(engine, later(stored(1, date_text="8 Февраля 2014")))
    assert only_status(engine).first_day == "2014-02-08"


def test_without_an_article_there_is_no_span(engine: Engine) -> None:
    fill(engine, answered(Outcome.MISSING, 1))
    found = only_status(engine)
    assert (found.head, found.first_day, found.last_day) == (0, None, None)


def test_a_section_is_complete_when_every_fate_is_known(engine: Engine) -> None:
    fill(engine, stored(3), answered(Outcome.MISSING, 2), answered(Outcome.NOT_ARTICLE, 1))
    assert only_status(engine).complete == 1


@pytest.mark.parametrize("rest", [[], [answered(Outcome.FAILED, 2)]])
def test_what_failed_or_was_never_asked_is_not_complete(engine: Engine, rest: list[Page]) -> None:
    fill(engine, stored(4), stored(3), stored(1), *rest)
    assert only_status(engine).complete == 0.75


def test_a_failure_above_the_head_makes_nothing_less_complete(engine: Engine) -> None:
    fill(engine, stored(1), answered(Outcome.FAILED, 2), answered(Outcome.FAILED, 3))
    assert only_status(engine).complete == 1


def test_what_became_of_pages_is_told_also_of_the_longest_key(each_database: str) -> None:
    random = Random(7)  # noqa: S311 - of letters that PostgreSQL cannot pack
    longest = "zavod.example/" + "".join(random.choices(string.ascii_letters, k=MAX_LENGTH - len("zavod.example/")))
    keys = [PageKey("any", "pages", name) for name in (longest, "zavod.example/net", "zavod.example/upal")]
    without = [answered(outcome, 2, reason=f"it is {outcome}") for outcome in (Outcome.MISSING, Outcome.FAILED)]
    engine = open_database(each_database)
    fill(engine, *(replace(page, key=key) for page, key in zip((stored(1), *without), keys, strict=True)))
    assert fates(engine, [*keys, PageKey("any", "pages", "zavod.example/x")]) == {
        keys[0]: (Outcome.STORED, None),
        keys[1]: (Outcome.MISSING, "it is missing"),
        keys[2]: (Outcome.FAILED, "it is failed"),
    }
    assert outcomes_of(engine, "any") == {"pages": {"stored": 1, "missing": 1, "failed": 1}}
    engine.dispose()
