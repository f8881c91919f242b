"""A version is what an article said from one time on, and the bytes that it was read from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from armcrawl import PARSER_VERSION
from armcrawl.items import Evidence, Outcome
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.runs import run_record
from tests.conftest import attributed
from tests.store.conftest import ARTICLE, LATER, NEW_TEXT, answered, later, stored, write

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.store.conftest import Ask


# Fields


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
    run_id = run_record.begin_run(engine, "armtorg", "crawl", {})
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


def test_a_moment_of_publication_is_utc(engine: Engine) -> None:
    write(engine, stored(date_text="01.01.2016 01:30"))
    with reading(engine) as connection:
        (found,) = connection.execute(schema.article_versions.select()).all()
    assert found.published_at == datetime(2015, 12, 31, 22, 30, tzinfo=UTC)
    assert found.published_on == date(2016, 1, 1)


# Changes


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
    write_batch(engine, [later(stored(1)), later(stored(2, paragraphs=NEW_TEXT))], None)
    assert ask("SELECT key, current_version FROM articles ORDER BY key") == [
        ("armtorg/news/1", 1),
        ("armtorg/news/2", 2),
    ]
    assert ask("SELECT count(*) FROM article_tags") == [(4,)]


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
