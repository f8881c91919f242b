"""What a verdict decides is carried out in pieces, each whole, at a cost that what is there already does not raise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from sqlalchemy import event, update

from armcrawl.errors import ArmcrawlError
from armcrawl.fingerprints.comparing import compare
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import enumerations, schema
from armcrawl.store.clusters import relations, shingle_index
from armcrawl.store.runs import run_record, verdicts
from armcrawl.store.runs.publishing import FEW, PIECE, Backlog, backlog, carry_out, carry_out_piece
from tests.reader import SecondReader
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Article, Page
    from tests.store.conftest import Ask

SHOWN = "SELECT count(*) FROM v_articles"
NOTE = (
    "За неделю средняя цена стальной задвижки на складах региона составила {price} рублей за штуку.",
    "Поставщики объясняют это сезонным спросом и тем, что склады пополнялись весной с запасом на всё лето.",
    "Шаровые краны почти не изменились в цене, а вот поворотные затворы подешевели из-за новых поставок.",
    "Следующий обзор выйдет через неделю, предложения по ценам принимает редакция портала по будним дням.",
)


def different(number: int) -> Page:
    """Return an article of its own words."""
    text = " ".join(f"слово{number}х{place}" for place in range(60))
    return stored(number, title=f"Новость {number}", paragraphs=(f"Завод {text}.",))


def article_of(page: Page) -> Article:
    """Return the article of a page that shows one."""
    assert page.article is not None
    return page.article


def note(number: int) -> Page:
    """Return one of many notes that only a figure parts."""
    paragraphs = tuple(text.format(price=900 + number) for text in NOTE)
    return stored(number, title=f"Цены недели, выпуск {number}", paragraphs=paragraphs)


def dated(number: int) -> Page:
    """Return such a note with another day than the next one: no site prints hundreds in one day."""
    paragraphs = tuple(text.format(price=900 + number) for text in NOTE)
    day = f"{1 + number % 10}.05.2016"
    return stored(number, title=f"Цены недели, выпуск {number}", paragraphs=paragraphs, date_text=day)


def store_run(engine: Engine, pages: Sequence[Page], verdict: str | None = enumerations.PASSED) -> int:
    """Store pages as a run does, and decide on it."""
    run = run_record.begin_run(engine, "armtorg", "crawl", {})
    for start in range(0, len(pages), PIECE):
        write_batch(engine, pages[start : start + PIECE], run, is_judged=True)
    with engine.begin() as connection:
        connection.execute(update(schema.runs).where(schema.runs.c.id == run).values(verdict=verdict))
    return run


def carried_out(engine: Engine) -> int:
    """Carry out what is decided; return how many comparisons of texts that took."""
    with patch.object(relations, "compare", wraps=compare) as compared:
        carry_out(engine)
    return compared.call_count


def test_a_run_of_several_pieces_is_shown_whole_whatever_a_reader_sees_meanwhile(
    engine: Engine, database: str, ask: Ask
) -> None:
    store_run(engine, [different(number) for number in range(1, 2 * PIECE + 10)])
    with SecondReader(database) as reader:
        first = carry_out_piece(engine, 0)
        assert (first.versions, ask(SHOWN)) == (PIECE, [(PIECE,)])
        assert backlog(engine) == Backlog(PIECE + 9, 0, 0, PIECE)
        carry_out(engine)
    assert reader.looks
    assert ask(SHOWN) == [(2 * PIECE + 9,)]
    assert not backlog(engine)


def test_what_was_interrupted_is_carried_out_once_and_no_more(engine: Engine, ask: Ask) -> None:
    store_run(engine, [note(number) for number in range(1, PIECE + 20)])
    carry_out_piece(engine, 0)
    carry_out(engine)
    before = ask("SELECT count(*) FROM relations"), ask("SELECT articles FROM v_clusters")
    carry_out(engine)
    assert (ask("SELECT count(*) FROM relations"), ask("SELECT articles FROM v_clusters")) == before
    assert ask(SHOWN) == [(PIECE + 19,)]
    assert ask("SELECT count(*) FROM search_documents") == [(PIECE + 19,)]


def test_a_version_whose_document_cannot_be_read_is_named_and_waits_in_quarantine(engine: Engine, ask: Ask) -> None:
    store_run(engine, [different(number) for number in range(1, 6)])
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE article_versions SET document = '[]' WHERE id = 2")
    with pytest.raises(ArmcrawlError, match=r"whole, all else is: armtorg/news/2: the document is damaged\."):
        carry_out(engine)
    assert ask("SELECT count(*), count(DISTINCT key) FROM v_article_tags") == [(8, 4)]
    assert ask("SELECT stage, reason FROM quarantine") == [("document", "the document is damaged")]
    assert not backlog(engine)


def refuse(engine: Engine, articles: int) -> None:
    """Let the database refuse what makes so many articles findable, the first ones."""
    refusal = "an index is broken"
    trigger = "CREATE TRIGGER refusing BEFORE INSERT ON search_documents FOR EACH ROW"
    if engine.dialect.name == "sqlite":
        body = f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        statements = [f"{trigger} WHEN NEW.article_id <= {articles} {body}"]
    else:
        body = f"BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'check_violation'; END"
        statements = [
            f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            f"{trigger} WHEN (NEW.article_id <= {articles}) EXECUTE FUNCTION refuse()",
        ]
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_version_that_cannot_be_shown_is_one_sentence_and_holds_up_no_other(engine: Engine, ask: Ask) -> None:
    refuse(engine, 1)
    store_run(engine, [different(number) for number in range(1, 6)])
    with pytest.raises(ArmcrawlError, match=r"all else is: armtorg/news/1: .*an index is broken"):
        carry_out(engine)
    assert ask(SHOWN) == [(4,)]
    assert backlog(engine) == Backlog(1, 0, 0, 0)


def test_where_many_in_a_row_cannot_be_shown_nothing_more_is_tried(engine: Engine, ask: Ask) -> None:
    refuse(engine, FEW)
    store_run(engine, [different(number) for number in range(1, FEW + 2)])
    with pytest.raises(ArmcrawlError, match=r"^What is new cannot be shown: armtorg/news/1: .*an index is broken"):
        carry_out(engine)
    assert ask(SHOWN) == [(0,)]


def test_a_refused_run_before_it_does_not_hold_up_one_that_passed(engine: Engine, ask: Ask) -> None:
    store_run(engine, [different(number) for number in range(1, PIECE + 5)], enumerations.REFUSED)
    store_run(engine, [different(number) for number in range(1_001, 1_004)])
    carry_out(engine)
    assert ask("SELECT key FROM v_articles ORDER BY key") == [(f"armtorg/news/{n}",) for n in (1001, 1002, 1003)]
    assert verdicts.shares_withheld(engine)["armtorg"][0] == PIECE + 4


def test_a_rejected_run_of_several_pieces_is_forgotten(engine: Engine, ask: Ask) -> None:
    run = store_run(engine, [different(number) for number in range(1, PIECE + 5)], enumerations.REFUSED)
    assert verdicts.reject(engine, run) == PIECE + 4
    assert backlog(engine) == Backlog(0, PIECE + 4, 0, 0)
    carry_out_piece(engine, 0)
    carry_out(engine)
    assert ask("SELECT count(*) FROM articles") == [(0,)]
    assert ask("SELECT DISTINCT outcome FROM pages") == [("failed",)]


def test_the_later_of_two_withheld_versions_is_shown_in_whatever_order_they_pass(engine: Engine, ask: Ask) -> None:
    first = store_run(engine, [different(1)], enumerations.REFUSED)
    later = stored(1, title="Завод «Салют» закрыл цех", fetched_at=different(1).fetched_at.replace(year=2027))
    store_run(engine, [later])
    carry_out(engine)
    assert ask("SELECT title FROM v_articles") == [("Завод «Салют» закрыл цех",)]
    verdicts.accept(engine, first)
    carry_out(engine)
    assert ask("SELECT title FROM v_articles") == [("Завод «Салют» закрыл цех",)]
    assert ask("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == [(0,)]


def test_the_verdict_is_decided_in_one_short_transaction_that_touches_no_article(engine: Engine) -> None:
    run = store_run(engine, [different(number) for number in range(1, PIECE)], None)
    statements = list[str]()
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    verdicts.judge_run(engine, run)
    assert [sql.split()[:2] for sql in statements if not sql.lstrip().startswith(("SELECT", "BEGIN", "SET LOCAL"))] == [
        ["UPDATE", "runs"]
    ]


def test_what_is_to_be_shown_is_found_by_walking_through_what_is_withheld(engine: Engine) -> None:
    """Else each piece would read the whole run, or the whole archive, to find its own versions."""
    store_run(engine, [different(number) for number in range(1, 2 * PIECE)])
    statements = list[tuple[str, Any]]()
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append((told[2], told[3])))
    carry_out_piece(engine, 0)
    number = next(number for number, told in enumerate(statements) if "LIMIT" in told[0])
    (before, _), (query, values) = statements[number - 1 : number + 1]
    kind = "QUERY PLAN " if engine.dialect.name == "sqlite" else ""
    with engine.connect() as connection:
        if before.startswith("SET"):
            connection.exec_driver_sql(before)
        plan = str(connection.exec_driver_sql(f"EXPLAIN {kind}{query}", values).all())
    assert "withheld" in plan
    assert not [words for words in ("ix_article_versions_run_id", "Sort", "TEMP B-TREE", "Hash") if words in plan]


def test_notes_of_one_template_are_hardly_compared_however_many_there_are(engine: Engine, ask: Ask) -> None:
    nights = []
    for night in range(6):
        first = night * 50 + 1
        store_run(engine, [note(number) for number in range(first, first + 50)])
        nights.append(carried_out(engine))
    assert max(nights) <= 50 * shingle_index.MAX_COMMON
    assert ask("SELECT count(*) FROM v_clusters") == [(0,)]


def test_what_a_run_without_a_verdict_left_withheld_is_published(engine: Engine, ask: Ask) -> None:
    """Their checks broke, as it said, so that they have no verdict."""
    dead = store_run(engine, [dated(number) for number in range(1, PIECE + 2)], None)
    now = run_record.begin_run(engine, "armtorg", "crawl", {})
    assert verdicts.undecided(engine, "armtorg", now) == [dead]
    verdicts.judge_run(engine, dead)
    carry_out(engine)
    assert ask(SHOWN) == [(PIECE + 1,)]
