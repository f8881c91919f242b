"""Each page is one row of the ledger, whatever is answered for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl.items import Outcome
from armcrawl.sites import identify
from armcrawl.store.articles.writing import write_batch
from tests.conftest import FETCHED_AT
from tests.store.conftest import LATER, NEW_TEXT, answered, key, later, stored, write

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask


# The row


def test_a_page_is_in_the_ledger_with_what_was_answered(engine: Engine, ask: Ask) -> None:
    page = replace(stored(), etag='"abc"', last_modified="Tue, 31 May 2016 10:00:00 GMT", digest="d1")
    write(engine, page)
    sql = """SELECT site, section, external_id, number, address, outcome, http_status, etag, last_modified, digest
             FROM pages"""
    assert ask(sql) == [
        (
            "armtorg",
            "news",
            "9911",
            9911,
            "https://armtorg.ru/news/9911",
            "stored",
            200,
            '"abc"',
            "Tue, 31 May 2016 10:00:00 GMT",
            "d1",
        )
    ]


@pytest.mark.parametrize("outcome", [Outcome.MISSING, Outcome.NOT_ARTICLE, Outcome.QUARANTINED, Outcome.FAILED])
def test_a_page_without_an_article_is_known_with_its_reason(engine: Engine, ask: Ask, outcome: Outcome) -> None:
    write(engine, answered(outcome, reason="статья снята"))
    assert ask("SELECT outcome, reason FROM pages") == [(outcome.value, "статья снята")]


@pytest.mark.parametrize(
    "address",
    [
        "http://www.armtorg.ru/news/9911/",
        "https://armtorg.ru//news//9911?page=126&per-page=1",
        "https://armtorg.ru/news/%39911#top",
        "https://armtorg.ru/news/0009911",
    ],
)
def test_an_article_under_two_addresses_is_one_row(engine: Engine, ask: Ask, address: str) -> None:
    variant = identify(address)
    assert variant is not None
    write(engine, stored(), replace(stored(), key=variant, address=address))
    assert ask("SELECT address FROM pages") == [("https://armtorg.ru/news/9911",)]
    assert ask("SELECT key, current_version FROM articles") == [("armtorg/news/9911", 1)]


def test_an_article_under_two_addresses_in_one_batch_is_one_row(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(), replace(stored(), address="http://www.armtorg.ru/news/9911/")], None)
    assert ask("SELECT address FROM pages") == [("https://armtorg.ru/news/9911",)]
    assert ask("SELECT count(*) FROM article_versions") == [(1,)]


def test_one_id_in_two_sections_is_two_pages(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(7, section="news"), stored(7, section="reviews")], None)
    assert ask("SELECT key FROM articles ORDER BY key") == [("armtorg/news/7",), ("armtorg/reviews/7",)]


def test_of_two_answers_in_a_batch_the_later_one_counts(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(), stored(paragraphs=NEW_TEXT)], None)
    assert ask("SELECT body FROM article_versions") == [NEW_TEXT]


def test_a_page_keeps_the_time_when_it_was_first_seen(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), stored(fetched_at=LATER))
    assert ask("SELECT first_seen_at, fetched_at FROM pages") == [
        ("2026-11-23 07:00:00.000000", "2026-11-24 07:00:00.000000")
    ]


def test_times_are_utc(engine: Engine, ask: Ask) -> None:
    moscow = datetime.fromisoformat("2026-11-23T10:00:00+03:00")
    write(engine, stored(fetched_at=moscow))
    assert ask("SELECT fetched_at FROM pages") == [("2026-11-23 07:00:00.000000",)]


def test_a_validator_stays_when_an_answer_has_none(engine: Engine, ask: Ask) -> None:
    write(engine, replace(stored(), etag='"abc"'), answered(Outcome.FAILED, fetched_at=LATER))
    assert ask("SELECT etag FROM pages") == [('"abc"',)]


def test_a_long_id_fits(engine: Engine, ask: Ask) -> None:
    write(engine, stored(10**18 - 1))
    assert ask("SELECT number FROM pages") == [(10**18 - 1,)]


def test_a_page_key_is_the_articles_public_key(engine: Engine, ask: Ask) -> None:
    write(engine, stored(203, section="articles"))
    assert ask("SELECT key FROM articles") == [(str(key(203, "articles")),)]


# What becomes of a page


def outcomes(engine: Engine, ask: Ask, *pages: Page) -> list[str]:
    found: list[str] = []
    for minutes, page in enumerate(pages):
        write(engine, later(page, minutes))
        found += (row[0] for row in ask("SELECT outcome FROM pages"))
    return found


def test_an_unseen_page_that_answers_404_is_missing(engine: Engine, ask: Ask) -> None:
    assert outcomes(engine, ask, answered(Outcome.MISSING, http_status=404)) == ["missing"]


def test_a_stored_page_that_answers_404_is_gone(engine: Engine, ask: Ask) -> None:
    assert outcomes(engine, ask, stored(), answered(Outcome.MISSING, http_status=404)) == ["stored", "gone"]


def test_a_page_that_is_gone_stays_gone(engine: Engine, ask: Ask) -> None:
    missing = answered(Outcome.MISSING, http_status=404)
    assert outcomes(engine, ask, stored(), missing, missing) == ["stored", "gone", "gone"]


def test_an_article_that_is_gone_is_kept(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), answered(Outcome.MISSING, http_status=404))
    assert ask("SELECT key, published_version FROM articles") == [("armtorg/news/9911", 1)]
    assert ask("SELECT count(*) FROM article_tags") == [(2,)]


def test_an_article_may_come_back(engine: Engine, ask: Ask) -> None:
    assert outcomes(engine, ask, stored(), answered(Outcome.MISSING), stored()) == ["stored", "gone", "stored"]
    assert ask("SELECT count(*) FROM article_versions") == [(1,)]


def test_a_missing_page_may_become_an_article(engine: Engine, ask: Ask) -> None:
    assert outcomes(engine, ask, answered(Outcome.MISSING), stored()) == ["missing", "stored"]
    assert ask("SELECT key FROM articles") == [("armtorg/news/9911",)]


def test_a_page_that_was_never_stored_is_missing_whatever_others_were(engine: Engine, ask: Ask) -> None:
    write(engine, stored(1), answered(Outcome.FAILED, 2))
    write(engine, answered(Outcome.MISSING, 2, http_status=404))
    assert ask("SELECT outcome FROM pages WHERE number = 2") == [("missing",)]


@pytest.mark.parametrize("between", [Outcome.NOT_ARTICLE, Outcome.QUARANTINED])
def test_a_page_that_was_ever_stored_is_gone_and_never_missing(engine: Engine, ask: Ask, between: Outcome) -> None:
    found = outcomes(engine, ask, stored(), answered(between), answered(Outcome.MISSING, http_status=404))
    assert found[-1] == "gone"


def test_a_page_that_only_failed_before_is_missing(engine: Engine, ask: Ask) -> None:
    assert outcomes(engine, ask, answered(Outcome.FAILED), answered(Outcome.MISSING)) == ["failed", "missing"]


# Failures


@pytest.mark.parametrize(
    "known", [stored(), *(answered(outcome) for outcome in (Outcome.MISSING, Outcome.NOT_ARTICLE, Outcome.QUARANTINED))]
)
def test_a_failure_does_not_undo_what_is_known(engine: Engine, ask: Ask, known: Page) -> None:
    write(engine, known, answered(Outcome.FAILED, reason="TimeoutError"))
    assert ask("SELECT outcome, reason FROM pages") == [(known.outcome.value, known.reason)]


def test_a_failure_after_an_answer_in_one_batch_does_not_undo_it(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(), answered(Outcome.FAILED, reason="TimeoutError")], None)
    assert ask("SELECT outcome FROM pages") == [("stored",)]
    assert ask("SELECT key FROM articles") == [("armtorg/news/9911",)]


def test_failures_in_a_row_are_counted(engine: Engine, ask: Ask) -> None:
    later = [FETCHED_AT + timedelta(days=days) for days in range(3)]
    write(engine, *(answered(Outcome.FAILED, reason="status 500", fetched_at=moment) for moment in later))
    assert ask("SELECT outcome, attempts, last_error FROM pages") == [("failed", 3, "status 500")]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.MISSING])
def test_a_batch_that_is_written_twice_counts_once(engine: Engine, ask: Ask, outcome: Outcome) -> None:
    write(engine, stored(2), answered(outcome, 1))
    for _ in range(3):
        write(engine, answered(outcome, 1, fetched_at=LATER))
    counted = ask("SELECT attempts, checks FROM pages WHERE number = 1")
    assert counted == [(2, 0) if outcome is Outcome.FAILED else (0, 1)]


def test_a_success_ends_a_row_of_failures(engine: Engine, ask: Ask) -> None:
    write(engine, answered(Outcome.FAILED, reason="status 500"), stored())
    assert ask("SELECT outcome, attempts, last_error, reason FROM pages") == [("stored", 0, None, None)]


def test_a_failure_of_a_stored_page_is_remembered(engine: Engine, ask: Ask) -> None:
    later = FETCHED_AT + timedelta(days=1)
    write(engine, stored(), answered(Outcome.FAILED, reason="status 500", fetched_at=later))
    assert ask("SELECT attempts, last_error FROM pages") == [(1, "status 500")]


def test_a_failed_page_has_no_article(engine: Engine, ask: Ask) -> None:
    write(engine, answered(Outcome.FAILED))
    assert ask("SELECT count(*) FROM articles") == [(0,)]
