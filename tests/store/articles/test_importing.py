"""Captures come in any order: the newest wins, older ones become the page's history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from armcrawl.fingerprints.shingles import shingled, sketch
from armcrawl.items import Outcome, Page
from armcrawl.store.articles.imported_captures import write_imported
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import enumerations, schema
from armcrawl.store.base.database import reading
from armcrawl.store.clusters.shingle_index import LOW, POSTING, all_lists
from armcrawl.store.clusters.texts import text_of
from armcrawl.store.ledger.schedule import ARTICLE_DAYS
from armcrawl.store.runs import publishing, run_record, verdicts
from armcrawl.store.runs.publishing import join_waiting
from tests.conftest import FETCHED_AT
from tests.store.conftest import ARTICLE, answered, key, quarantined, stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from tests.store.conftest import Ask


def on(day: int) -> datetime:
    return FETCHED_AT + timedelta(days=day)


def text(words: str, day: int) -> Page:
    return stored(1, paragraphs=(words,), fetched_at=on(day))


def missing(day: int) -> Page:
    return answered(Outcome.MISSING, 1, fetched_at=on(day))


def history(ask: Ask) -> list[str]:
    rows = ask("SELECT body, number FROM article_versions ORDER BY number")
    assert [number for _, number in rows] == list(range(1, len(rows) + 1))
    assert ask("SELECT current_version, published_version FROM articles") == [(len(rows), len(rows))]
    return [body for body, _ in rows]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_import_does_not_matter(engine: Engine, ask: Ask, order: Sequence[int]) -> None:
    captures = [text("А", 0), text("Б", 5), text("Б", 10), text("В", 20)]
    for index in order:
        write_imported(engine, [captures[index]], None, "import")
    assert history(ask) == ["А", "Б", "В"]
    assert ask("SELECT outcome FROM pages") == [("stored",)]
    assert ask("SELECT count(*) FROM captures") == [(4,)]


def test_captures_of_one_batch_come_in_their_true_order(engine: Engine, ask: Ask) -> None:
    write_imported(engine, [text("В", 20), text("А", 0), text("Б", 5)], None, "import")
    assert history(ask) == ["А", "Б", "В"]


def test_captures_of_a_page_without_an_article_are_found_also_where_only_their_date_differs(
    engine: Engine, ask: Ask
) -> None:
    write_batch(engine, [missing(30)], None)
    history = [stored(1, fetched_at=on(0), date_text="1 Мая 2016"), stored(1, fetched_at=on(1))]
    write_imported(engine, history, None, "import")
    join_waiting(engine)
    assert ask("SELECT count(*) FROM article_versions") == [(2,)]
    assert ask("SELECT count(*) FROM search_documents") == [(1,)]
    assert ask("SELECT count(*) FROM shingle_postings") != [(0,)]


def test_an_older_text_goes_before_what_was_crawled(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [text("Сегодня", 0)], None)
    write_imported(engine, [text("Вчера", -1), text("Давно", -400)], None, "import")
    assert history(ask) == ["Давно", "Вчера", "Сегодня"]
    assert ask("SELECT cause FROM article_versions ORDER BY number") == [("import",), ("import",), ("fetch",)]
    assert ask("SELECT count(*) FROM search_documents") == [(1,)]


def test_an_older_capture_of_the_same_text_is_no_version(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [text("Сегодня", 0)], None)
    write_imported(engine, [text("Сегодня", -30)], None, "import")
    assert history(ask) == ["Сегодня"]


def test_what_a_site_deleted_comes_back_as_gone(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(2), missing(0)], None)
    write_imported(engine, [text("Давно", -400)], None, "import")
    assert ask("SELECT outcome FROM pages WHERE number = 1") == [("gone",)]
    assert ask("SELECT body FROM v_articles WHERE key LIKE '%/1'") == [("Давно",)]


def test_the_last_text_before_a_page_was_taken_away_is_the_current_one(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [text("А", 0)], None)
    write_batch(engine, [missing(10)], None)
    write_imported(engine, [text("Б", 5)], None, "import")
    assert history(ask) == ["А", "Б"]
    assert ask("SELECT body FROM v_articles") == [("Б",)]


def test_nothing_of_an_earlier_text_stays_in_the_index_when_texts_come_before_and_after_it(
    engine: Engine, ask: Ask
) -> None:
    write_batch(engine, [text("Завод открыл новый цех на берегу реки", 0)], None)
    write_batch(engine, [missing(30)], None)
    last = text("Цех выпустил первую тысячу задвижек", 10)
    write_imported(engine, [text("Завод строит цех и набирает рабочих", -10), last], None, "import")
    join_waiting(engine)
    assert len(history(ask)) == 3
    assert last.article is not None
    with reading(engine) as connection:
        lists = [one for _, some in all_lists(connection) for one in some.values()]
    listed = sorted(value for one in lists for value, _ in POSTING.iter_unpack(one))
    assert listed == sorted(value & LOW for value in sketch(shingled(text_of(last.article.title, last.article.body))))


def test_a_text_that_was_seen_again_after_an_imported_one_stays_the_current_one(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [text("А", 0)], None)
    write_batch(engine, [text("А", 10)], None)
    write_imported(engine, [text("Б", 5)], None, "import")
    assert history(ask) == ["А", "Б", "А"]
    assert ask("SELECT body FROM v_articles") == [("А",)]


def withheld(engine: Engine, ask: Ask, *pages: Page) -> int:
    """Store pages, one after another, in a run that is refused."""
    run = run_record.begin_run(engine, "armtorg", "crawl", {})
    for page in pages:
        write_batch(engine, [page], run, is_judged=True)
    with engine.begin() as connection:
        connection.execute(update(schema.runs).where(schema.runs.c.id == run).values(verdict=enumerations.REFUSED))
    assert ("В",) not in ask("SELECT body FROM v_articles")
    return run


SHOWN_WHOLE = """SELECT v.body, v.title, (SELECT count(*) FROM article_tags), (SELECT count(*) FROM search_documents)
FROM v_articles v"""


def test_an_import_below_what_may_not_be_shown_is_shown_with_all_that_hangs_on_it(engine: Engine, ask: Ask) -> None:
    run = withheld(engine, ask, text("В", 20))
    write_imported(engine, [text("А", 0)], None, "import")
    whole = [("А", ARTICLE.title, len(ARTICLE.tags), 1)]
    assert ask(SHOWN_WHOLE) == whole
    verdicts.reject(engine, run)
    publishing.carry_out(engine)
    assert ask(SHOWN_WHOLE) == whole
    assert history(ask) == ["А"]


def test_an_import_between_two_looks_leaves_what_may_not_be_shown_aside(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [text("А", 0)], None)
    run = withheld(engine, ask, text("В", 10), text("В", 30))
    write_imported(engine, [text("Б", 20)], None, "import")
    assert [body for body, *_ in ask(SHOWN_WHOLE)] == ["Б"]
    verdicts.reject(engine, run)
    publishing.carry_out(engine)
    assert [body for body, *_ in ask(SHOWN_WHOLE)] == ["Б"]
    assert ask("SELECT body FROM article_versions WHERE body = 'В'") == []


def test_a_page_that_was_taken_down_stays_so(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [text("А", 0)], None)
    remove(engine, key(1), "asked to")
    write_imported(engine, [text("А", -5), text("А", 5)], None, "import")
    assert ask("SELECT outcome FROM pages") == [("removed",)]
    assert ask("SELECT count(*) FROM articles") == [(0,)]
    assert ask("SELECT count(*) FROM captures") == [(0,)]


def test_a_page_that_only_failed_gets_its_article(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [answered(Outcome.FAILED, 1, fetched_at=on(0))], None)
    write_imported(engine, [text("Давно", -400)], None, "import")
    assert history(ask) == ["Давно"]
    assert ask("SELECT outcome, attempts FROM pages") == [("stored", 0)]


def test_what_is_unchanged_since_an_imported_answer_leaves_its_schedule_and_what_to_ask_by(
    engine: Engine, ask: Ask
) -> None:
    old = replace(text("А", -1_000), etag='"x"')
    unchanged = answered(Outcome.STORED, 1, fetched_at=on(5), reason=None)
    write_imported(engine, [old, unchanged], None)
    assert ask("SELECT checks, next_check_at, etag FROM pages") == [(len(ARTICLE_DAYS) + 1, None, '"x"')]
    assert ask("SELECT count(*), max(last_seen_at) FROM captures") == [(1, "2026-11-28 07:00:00.000000")]


def test_a_page_that_was_quarantined_before_it_was_taken_away_waits_in_quarantine(engine: Engine, ask: Ask) -> None:
    doubtful = replace(quarantined(fetched_at=on(1)), key=key(1))
    write_imported(engine, [doubtful, missing(4)], None)
    waiting = ask("SELECT stage, resolved_at FROM quarantine")
    assert waiting == [("validate", None)]


def test_an_older_response_that_is_quarantined_waits_until_a_later_one_is_understood(engine: Engine, ask: Ask) -> None:
    doubtful = replace(quarantined(fetched_at=on(1)), key=key(1))
    write_imported(engine, [missing(4)], None)
    write_imported(engine, [doubtful], None)
    assert ask("SELECT count(*) FROM quarantine") == [(1,)]
    write_imported(engine, [text("А", 5)], None)
    assert ask("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(0,)]


def test_what_an_archive_says_is_unchanged_brings_back_what_was_away(engine: Engine, ask: Ask) -> None:
    write_imported(engine, [text("А", 1), missing(3)], None)
    write_imported(engine, [answered(Outcome.STORED, 1, fetched_at=on(5), reason=None, confirms=on(1))], None)
    assert ask("SELECT outcome FROM pages") == [("stored",)]


def test_of_two_answers_of_one_second_the_article_counts(engine: Engine, ask: Ask) -> None:
    write_imported(engine, [text("А", 1)], None)
    write_batch(engine, [missing(1)], None)
    assert ask("SELECT body FROM v_articles") == [("А",)]


def test_an_older_import_takes_no_field_away(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1, author="Иван Петров", fetched_at=on(5))], None)
    write_imported(engine, [stored(1, fetched_at=on(1))], None)
    assert ask("SELECT author FROM v_articles") == [("Иван Петров",)]
    assert ask("SELECT number, created_at FROM article_versions WHERE number IS NOT NULL") == [
        (1, "2026-11-24 07:00:00.000000")
    ]
