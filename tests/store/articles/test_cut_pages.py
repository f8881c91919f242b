"""A page that ended in the middle of a sentence: it is looked at again soon, and never takes the place of more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from armcrawl.items import CUT
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.ledger.schedule import EARLIER
from tests.conftest import FETCHED_AT
from tests.store.conftest import ARTICLE, Ask, stored

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from armcrawl.items import Page

NIGHT = timedelta(days=1)
WHOLE = " ".join(ARTICLE.paragraphs)
PART = WHOLE[:20]


def cut(fetched_at: datetime = FETCHED_AT) -> Page:
    return stored(paragraphs=(PART,), notes=(CUT,), fetched_at=fetched_at)


def body(ask: Ask) -> str:
    ((shown,),) = ask("SELECT body FROM v_articles")
    return str(shown)


def test_a_cut_page_takes_no_longer_text_away(engine: Engine, ask: Ask) -> None:
    for page in (stored(), cut(FETCHED_AT + NIGHT)):
        written = write_batch(engine, [page], None)
    assert (written.changed, written.unchanged) == (0, 1)
    assert body(ask) == "\n\n".join(ARTICLE.paragraphs)


def test_half_an_article_is_better_than_none_until_the_rest_comes_in(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [cut()], None)
    assert body(ask) == PART
    write_batch(engine, [stored(fetched_at=FETCHED_AT + NIGHT)], None)
    assert body(ask) == "\n\n".join(ARTICLE.paragraphs)


def test_an_article_that_was_shortened_by_its_site_is_shorter(engine: Engine, ask: Ask) -> None:
    short = replace(stored(paragraphs=(ARTICLE.paragraphs[0],)), fetched_at=FETCHED_AT + NIGHT)
    for page in (stored(), short):
        write_batch(engine, [page], None)
    assert body(ask) == ARTICLE.paragraphs[0]


def test_a_cut_page_is_due_the_next_night_however_old_its_article_is(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1), replace(cut(), key=stored(2).key, address=stored(2).address)], None)
    assert ask("SELECT external_id FROM pages WHERE next_check_at IS NOT NULL") == [("2",)]
    ((moment,),) = ask("SELECT next_check_at FROM pages WHERE external_id = '2'")
    assert str(moment)[:16] == str(FETCHED_AT + NIGHT - EARLIER)[:16]
