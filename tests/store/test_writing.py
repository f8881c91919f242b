"""A batch of pages is written whole or not at all, and each page is one row whatever happens to it."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, StatementError

from armcrawl import PARSER_VERSION
from armcrawl.items import Attribution, Evidence, ExchangeRates, Image, Link, Outcome, Precision, Published, Tag
from armcrawl.russian.attribution import read_attribution
from armcrawl.sites import identify
from armcrawl.store import runs, schema
from armcrawl.store.database import open_database, reading
from armcrawl.store.writing import write_batch
from tests.conftest import FETCHED_AT, attributed
from tests.store.conftest import ARTICLE, answered, fill_disk, key, stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask

LATER = FETCHED_AT + timedelta(days=1)
NEW_TEXT = ("Цех рассчитан на четыре тысячи приводов в год.",)


def write(engine: Engine, *pages: Page) -> None:
    """Write pages one after another, each in a batch of its own."""
    for page in pages:
        write_batch(engine, [page], None)


# The ledger


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


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.STORED])
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


# What becomes of a page


def outcomes(engine: Engine, ask: Ask, *pages: Page) -> list[str]:
    found: list[str] = []
    for page in pages:
        write(engine, page)
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
    later = FETCHED_AT + timedelta(days=1)
    write(engine, stored(2), answered(outcome, 1), *[answered(outcome, 1, fetched_at=later)] * 3)
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


# Versions


def test_an_article_is_stored_with_every_field(engine: Engine, ask: Ask) -> None:
    page = stored(
        lead="Цех рассчитан на три тысячи приводов в год.",
        date_text="31.05.2016 10:20",
        author="Ирина Селезнёва",
        attribution=attributed("Источник: ТАСС", "ТАСС"),
    )
    write(engine, page)
    assert page.article is not None
    sql = """SELECT title, lead, body, published_on, date_precision, published_at, date_text, attribution, author,
             word_count FROM article_versions"""
    assert ask(sql) == [
        (
            "Завод «Салют» открыл новый цех",
            "Цех рассчитан на три тысячи приводов в год.",
            "Цех рассчитан на три тысячи приводов в год.\n\nВложено 400 млн рублей.",
            "2016-05-31",
            "day",
            "2016-05-31 07:20:00.000000",
            "31.05.2016 10:20",
            "Источник: ТАСС",
            "Ирина Селезнёва",
            12,
        )
    ]
    assert ask("SELECT content_hash, text_hash FROM article_versions") == [
        (page.article.content_hash, page.article.text_hash)
    ]


def test_a_version_says_how_it_came_about(engine: Engine, ask: Ask) -> None:
    run_id = runs.begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, [stored()], run_id)
    assert ask("SELECT number, run_id, cause, parser_version, created_at FROM article_versions") == [
        (1, run_id, "fetch", PARSER_VERSION, "2026-11-23 07:00:00.000000")
    ]


def test_the_evidence_of_each_field_is_kept(engine: Engine) -> None:
    write(engine, stored(evidence={"title": Evidence("heading", "title element", agrees=True)}))
    with reading(engine) as connection:
        (found,) = connection.execute(schema.article_versions.select()).all()
    assert found.document["evidence"] == {"title": {"method": "heading", "witness": "title element", "agrees": True}}


def test_an_article_without_a_date_is_stored_without(engine: Engine, ask: Ask) -> None:
    write(engine, stored(date_text=None))
    assert ask("SELECT published_on, date_precision, published_at FROM article_versions") == [(None, None, None)]


def test_a_month_is_stored_as_a_month(engine: Engine, ask: Ask) -> None:
    write(engine, stored(date_text="май 2016"))
    assert ask("SELECT published_on, date_precision FROM article_versions") == [("2016-05-01", "month")]


def test_what_is_stored_is_published(engine: Engine, ask: Ask) -> None:
    write(engine, stored())
    assert ask("SELECT current_version, published_version FROM articles") == [(1, 1)]


def test_equal_text_on_another_page_is_an_article_of_its_own(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(9911), stored(9912)], None)
    assert ask("SELECT key FROM articles ORDER BY key") == [("armtorg/news/9911",), ("armtorg/news/9912",)]
    assert ask("SELECT count(*), count(DISTINCT text_hash) FROM article_versions") == [(2, 1)]


def test_unchanged_content_makes_no_new_version(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), stored(fetched_at=LATER))
    assert ask("SELECT number, created_at FROM article_versions") == [(1, "2026-11-23 07:00:00.000000")]


def test_unchanged_content_keeps_its_links(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), stored(fetched_at=LATER))
    assert ask("SELECT position, form FROM article_tags ORDER BY position") == [(0, "Салют"), (1, "приводы")]


def test_changed_content_makes_version_2(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), stored(paragraphs=NEW_TEXT, fetched_at=LATER))
    assert ask("SELECT current_version, published_version FROM articles") == [(2, 2)]
    assert ask("SELECT number, body FROM article_versions ORDER BY number") == [
        (1, "\n\n".join(ARTICLE.paragraphs)),
        (2, *NEW_TEXT),
    ]


def test_content_that_is_changed_back_makes_version_3(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), stored(paragraphs=NEW_TEXT), stored())
    assert ask("SELECT current_version FROM articles") == [(3,)]
    assert ask("SELECT count(*), count(DISTINCT content_hash) FROM article_versions") == [(3, 2)]


def test_a_change_of_one_article_leaves_the_others(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1), stored(2)], None)
    write_batch(engine, [stored(1), stored(2, paragraphs=NEW_TEXT)], None)
    assert ask("SELECT key, current_version FROM articles ORDER BY key") == [
        ("armtorg/news/1", 1),
        ("armtorg/news/2", 2),
    ]
    assert ask("SELECT count(*) FROM article_tags") == [(4,)]


def test_changed_content_replaces_every_kind_of_link(engine: Engine, ask: Ask) -> None:
    old = stored(
        tags=(Tag("Салют"), Tag("приводы"), Tag("цех")),
        attribution=attributed("Источник: ТАСС", "ТАСС"),
        images=(Image("https://armtorg.ru/1.jpg", "Цех"), Image("https://armtorg.ru/2.jpg")),
        links=(Link("https://salut.example/", "сайте"), Link("https://tass.ru/", "ТАСС")),
    )
    new = stored(
        paragraphs=NEW_TEXT,
        tags=(Tag("задвижки"),),
        attribution=attributed("Источник: Интерфакс", "Интерфакс"),
        images=(Image("https://armtorg.ru/3.jpg"),),
        links=(Link("https://interfax.ru/", "Интерфакс"),),
    )
    write(engine, old, new)
    assert ask("SELECT position, form FROM article_tags") == [(0, "задвижки")]
    assert ask("SELECT position, form FROM article_sources") == [(0, "Интерфакс")]
    assert ask("SELECT position, address, caption FROM images") == [(0, "https://armtorg.ru/3.jpg", None)]
    assert ask("SELECT position, address, text FROM article_links") == [(0, "https://interfax.ru/", "Интерфакс")]


def test_links_that_a_new_version_lacks_are_taken_away(engine: Engine, ask: Ask) -> None:
    write(engine, stored(attribution=attributed("Источник: ТАСС", "ТАСС")), stored(tags=()))
    assert ask("SELECT count(*) FROM article_tags") == [(0,)]
    assert ask("SELECT count(*) FROM article_sources") == [(0,)]


def test_a_batch_says_what_it_did(engine: Engine) -> None:
    write_batch(engine, [stored(1), stored(2)], None)
    batch = [stored(1), stored(2, paragraphs=NEW_TEXT), stored(3), answered(Outcome.MISSING, 4)]
    written = write_batch(engine, batch, None)
    assert (written.new, written.changed, written.unchanged) == (1, 1, 1)


def test_an_empty_batch_writes_nothing(engine: Engine, ask: Ask) -> None:
    written = write_batch(engine, [], None)
    assert (written.new, written.changed, written.unchanged) == (0, 0, 0)
    assert ask("SELECT count(*) FROM pages") == [(0,)]


# Captures


def test_each_time_that_bytes_come_in_is_a_capture(engine: Engine, ask: Ask) -> None:
    write(engine, replace(stored(), digest="d1"), replace(stored(fetched_at=LATER), digest="d2"))
    assert ask("SELECT fetched_at, http_status, digest FROM captures ORDER BY id") == [
        ("2026-11-23 07:00:00.000000", 200, "d1"),
        ("2026-11-24 07:00:00.000000", 200, "d2"),
    ]


def test_an_answer_without_bytes_is_no_capture(engine: Engine, ask: Ask) -> None:
    write(engine, answered(Outcome.FAILED))
    assert ask("SELECT count(*) FROM captures") == [(0,)]


def test_a_version_names_the_capture_that_it_was_read_from(engine: Engine, ask: Ask) -> None:
    failed = answered(Outcome.FAILED, 2)
    write_batch(engine, [stored(3), failed, stored(1)], None)
    sql = """SELECT p.external_id FROM article_versions v
             JOIN articles a ON a.id = v.article_id
             JOIN captures c ON c.id = v.capture_id AND c.page_id = a.page_id
             JOIN pages p ON p.id = c.page_id ORDER BY 1"""
    assert ask(sql) == [("1",), ("3",)]


# Tags and sources


def test_tags_are_linked_in_the_order_of_the_page(engine: Engine, ask: Ask) -> None:
    write(engine, stored())
    sql = """SELECT position, t.name, t.key, t.slug, at.form, at.address
             FROM article_tags at JOIN tags t ON t.id = at.tag_id ORDER BY position"""
    assert ask(sql) == [
        (0, "Салют", "салют", "saliut", "Салют", "https://armtorg.ru/tags/1"),
        (1, "приводы", "приводы", "privody", "приводы", "https://armtorg.ru/tags/2"),
    ]


def test_two_spellings_in_one_batch_are_one_tag_with_two_forms(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1, tags=(Tag("С-400"),)), stored(2, tags=(Tag("C-400"),))], None)
    assert ask("SELECT count(*) FROM tags") == [(1,)]
    assert ask("SELECT form FROM tag_forms ORDER BY form") == [("C-400",), ("С-400",)]
    assert ask("SELECT form FROM article_tags ORDER BY article_id") == [("С-400",), ("C-400",)]


def test_two_spellings_in_two_batches_are_one_tag(engine: Engine, ask: Ask) -> None:
    write(engine, stored(1, tags=(Tag("Салют"),)), stored(2, tags=(Tag("САЛЮТ"),)))
    assert ask("SELECT name FROM tags") == [("Салют",)]
    assert ask("SELECT count(DISTINCT tag_id), count(*) FROM article_tags") == [(1, 2)]


def test_a_source_is_one_in_all_cases_and_with_what_it_is(engine: Engine, ask: Ask) -> None:
    lines = ("По материалам портала «Энергетика»", "Источник: портал «Энергетика»", "Ссылка на источник «Энергетика»")
    attributions = [read_attribution(line) for line in lines]
    write(engine, *(stored(number, attribution=line) for number, line in enumerate(attributions, 1)))
    assert ask("SELECT count(*) FROM sources") == [(1,)]
    assert ask("SELECT kind FROM article_sources ORDER BY article_id") == [("web site",), ("web site",), (None,)]


def test_all_sources_of_a_line_are_kept_in_their_order(engine: Engine, ask: Ask) -> None:
    write(engine, stored(attribution=read_attribution("По материалам Минэнерго России и ПАО «Газпром»")))
    sql = "SELECT x.position, s.name, x.kind FROM article_sources x JOIN sources s ON s.id = x.source_id ORDER BY 1"
    assert ask(sql) == [(0, "Минэнерго России", "ministry"), (1, "ПАО «Газпром»", None)]


def test_a_source_is_linked_with_its_printed_form(engine: Engine, ask: Ask) -> None:
    write(engine, stored(attribution=attributed("Источник: ТАСС", "ТАСС", "https://tass.ru/")))
    sql = """SELECT s.name, s.key, x.position, x.form, x.address
             FROM article_sources x JOIN sources s ON s.id = x.source_id"""
    assert ask(sql) == [("ТАСС", "тасс", 0, "ТАСС", "https://tass.ru/")]


def test_two_spellings_of_a_source_are_one_source(engine: Engine, ask: Ask) -> None:
    attributions = [attributed(f"Источник: {name}", name) for name in ("АО «Салют»", 'АО "Салют"')]
    write(engine, *(stored(number, attribution=line) for number, line in enumerate(attributions, 1)))
    assert ask("SELECT count(*) FROM sources") == [(1,)]
    assert ask("SELECT form FROM article_sources ORDER BY article_id") == [("АО «Салют»",), ('АО "Салют"',)]


def test_an_attribution_to_the_house_names_no_source(engine: Engine, ask: Ask) -> None:
    write(engine, stored(attribution=Attribution("Пресс-служба МЦ Armtorg")))
    assert ask("SELECT attribution FROM article_versions") == [("Пресс-служба МЦ Armtorg",)]
    assert ask("SELECT count(*) FROM sources") == [(0,)]


def test_pictures_and_links_stay_in_their_order(engine: Engine, ask: Ask) -> None:
    page = stored(
        images=(Image("https://armtorg.ru/2.jpg", "Цех"), Image("https://armtorg.ru/1.jpg")),
        links=(Link("https://salut.example/", "сайте"), Link("https://armtorg.ru/news/5", "ранее")),
    )
    write(engine, page)
    assert ask("SELECT position, address, caption FROM images ORDER BY position") == [
        (0, "https://armtorg.ru/2.jpg", "Цех"),
        (1, "https://armtorg.ru/1.jpg", None),
    ]
    assert ask("SELECT position, address, text FROM article_links ORDER BY position") == [
        (0, "https://salut.example/", "сайте"),
        (1, "https://armtorg.ru/news/5", "ранее"),
    ]


# Quarantine and rates


def quarantined(reason: str = "date: wrong weekday", fetched_at: datetime = FETCHED_AT) -> Page:
    page = stored(fetched_at=fetched_at)
    page.outcome, page.stage, page.reason = Outcome.QUARANTINED, "validate", reason
    page.body, page.content_type = b"<html>" * 100, "text/html; charset=windows-1251"
    return page


def test_a_page_in_quarantine_keeps_stage_reason_and_bytes(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined())
    ((stage, reason, body, content_type, resolved_at),) = ask(
        "SELECT stage, reason, body, content_type, resolved_at FROM quarantine"
    )
    assert (stage, reason, content_type, resolved_at) == (
        "validate",
        "date: wrong weekday",
        "text/html; charset=windows-1251",
        None,
    )
    assert zlib.decompress(body) == b"<html>" * 100


def test_what_is_in_quarantine_is_no_article(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined())
    assert ask("SELECT count(*) FROM articles") == [(0,)]


def test_an_article_whose_new_state_is_in_quarantine_stays_published(engine: Engine, ask: Ask) -> None:
    write(engine, stored(), quarantined())
    assert ask("SELECT published_version FROM articles") == [(1,)]


def test_a_page_that_gets_stuck_again_is_one_row_with_the_new_reason(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined("no title"), quarantined("date: before 1990", LATER))
    assert ask("SELECT reason, created_at FROM quarantine") == [("date: before 1990", "2026-11-24 07:00:00.000000")]


def test_a_page_that_is_understood_leaves_quarantine(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined(), stored(fetched_at=LATER))
    assert ask("SELECT resolved_at FROM quarantine") == [("2026-11-24 07:00:00.000000",)]


def test_another_page_that_is_stored_resolves_nothing(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined(), stored(9912))
    assert ask("SELECT resolved_at FROM quarantine") == [(None,)]


def test_a_page_that_gets_stuck_after_all_is_in_quarantine_again(engine: Engine, ask: Ask) -> None:
    write(engine, quarantined(), stored(), quarantined())
    assert ask("SELECT resolved_at FROM quarantine") == [(None,)]


def test_exchange_rates_are_one_exact_row_a_day(engine: Engine) -> None:
    rates = ExchangeRates(date(2026, 1, 28), Decimal("90.9329"), Decimal("76.5519"))
    write(engine, replace(stored(1), rates=rates), replace(answered(Outcome.NOT_ARTICLE, 2), rates=rates))
    with reading(engine) as connection:
        found = [tuple(row) for row in connection.execute(schema.exchange_rates.select())]
    assert found == [("armtorg", date(2026, 1, 28), Decimal("90.9329"), Decimal("76.5519"))]


# All or nothing


def counts(engine: Engine) -> dict[str, int]:
    """Count the rows of every table."""
    with reading(engine) as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in schema.metadata.tables.items()
        }


def broken(number: int) -> Page:
    """Return a page whose article cannot be written: its moment has no zone."""
    page = stored(number)
    assert page.article is not None
    naive = datetime(2016, 5, 31, 10, 20)  # noqa: DTZ001 - the database refuses it
    published = Published(date(2016, 5, 31), Precision.DAY, naive)
    return replace(page, article=replace(page.article, published=published))


def test_of_a_batch_with_a_broken_page_nothing_is_written(engine: Engine) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        write_batch(engine, [stored(1), quarantined(), broken(2), stored(3)], None)
    assert set(counts(engine).values()) == {0}


@pytest.mark.parametrize("table", ["captures", "articles", "article_versions", "tag_forms", "article_tags", "images"])
def test_of_a_batch_that_fails_at_any_table_nothing_is_written(engine: Engine, table: str) -> None:
    fill_disk(engine, table)
    with pytest.raises(IntegrityError, match="disk is full"):
        write_batch(
            engine, [stored(1, images=(Image("https://armtorg.ru/1.jpg"),)), answered(Outcome.MISSING, 2)], None
        )
    assert set(counts(engine).values()) == {0}


def test_a_change_that_fails_in_the_middle_leaves_the_old_version_whole(engine: Engine, ask: Ask) -> None:
    write(engine, stored())
    before = counts(engine)
    fill_disk(engine, "article_tags")
    with pytest.raises(IntegrityError):
        write_batch(engine, [stored(paragraphs=NEW_TEXT, fetched_at=LATER)], None)
    assert counts(engine) == before
    assert ask("SELECT current_version FROM articles") == [(1,)]
    assert ask("SELECT fetched_at FROM pages") == [("2026-11-23 07:00:00.000000",)]


def test_the_next_batch_after_a_broken_one_is_written(engine: Engine, ask: Ask) -> None:
    with pytest.raises(StatementError):
        write_batch(engine, [broken(1)], None)
    write(engine, stored(1))
    assert ask("SELECT outcome FROM pages") == [("stored",)]


def test_two_writers_at_once_write_each_article_once(ask: Ask, database: str) -> None:
    def write_all(pages: list[Page]) -> None:
        own = open_database(database)
        for page in pages:
            write_batch(own, [page], None)
        own.dispose()

    pages = [stored(number) for number in range(1, 21)]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write_all, [pages, pages[::-1]]))
    assert ask("SELECT count(*) FROM articles") == [(20,)]
    assert ask("SELECT count(*) FROM article_versions") == [(20,)]
    assert ask("SELECT count(*) FROM tags") == [(2,)]


def test_batches_do_not_change_what_is_stored(engine: Engine, ask: Ask) -> None:
    pages = [stored(1), stored(2, tags=(Tag("САЛЮТ"),)), answered(Outcome.MISSING, 3), stored(4, tags=(Tag("С-400"),))]
    write_batch(engine, pages, None)
    sql = """SELECT a.key, t.key, at.form FROM article_tags at
             JOIN articles a ON a.id = at.article_id JOIN tags t ON t.id = at.tag_id ORDER BY 1, at.position"""
    at_once = ask(sql)
    with engine.begin() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            connection.execute(table.delete())
    write(engine, *pages)
    assert ask(sql) == at_once


def test_a_page_key_is_the_articles_public_key(engine: Engine, ask: Ask) -> None:
    write(engine, stored(203, section="articles"))
    assert ask("SELECT key FROM articles") == [(str(key(203, "articles")),)]


def test_a_moment_of_publication_is_utc(engine: Engine) -> None:
    write(engine, stored(date_text="01.01.2016 01:30"))
    with reading(engine) as connection:
        (found,) = connection.execute(schema.article_versions.select()).all()
    assert found.published_at == datetime(2015, 12, 31, 22, 30, tzinfo=UTC)
    assert found.published_on == date(2016, 1, 1)
