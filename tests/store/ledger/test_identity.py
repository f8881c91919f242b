"""Two pages that share a slug are two articles; one that moved is one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.items import Outcome, Page
from armcrawl.refining.chain import refine
from armcrawl.sites import identify
from armcrawl.store.articles.imported_captures import write_imported
from armcrawl.store.articles.writing import write_batch
from tests.conftest import FETCHED_AT
from tests.sites.conftest import declare
from tests.store.conftest import ARTICLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.store.conftest import Ask

__all__ = ["declare"]
BLOG = """
name = "blog"
hosts = ["blog.example"]

[[sections]]
name = "news"
addresses = ["/{year}/{month}/{slug}/", "/{rubric}/{slug}"]
"""
OLD, NEW, MOVED = (f"https://blog.example/{path}" for path in ("2016/05/itogi/", "2017/05/itogi/", "otrasl/itogi"))


@pytest.fixture(autouse=True)
def _blog(declare: Callable[..., Path]) -> None:
    declare(BLOG, "blog")


def page(address: str, **fields: Any) -> Page:
    key = identify(address)
    assert key is not None
    if outcome := fields.pop("outcome", None):
        return Page(key, address, FETCHED_AT, outcome, reason="status 404", http_status=404)
    article = refine(replace(ARTICLE, **fields), FETCHED_AT).article
    return Page(key, address, FETCHED_AT, Outcome.STORED, article=article, http_status=200, digest=article.content_hash)


def another(address: str) -> Page:
    return page(address, title="Итоги года подвели иначе", paragraphs=("Союз назвал новые цифры выпуска кранов.",))


@pytest.mark.parametrize("write", [write_batch, write_imported])
@pytest.mark.parametrize("at_once", [False, True])
def test_another_article_under_a_slug_is_kept_apart(engine: Engine, ask: Ask, write: Any, *, at_once: bool) -> None:
    batches = [[page(OLD), another(NEW)]] if at_once else [[page(OLD)], [another(NEW)]]
    apart = sum(write(engine, batch, None).apart for batch in batches)
    assert apart == 1
    assert sorted(ask("SELECT key, address FROM articles JOIN pages ON pages.id = page_id")) == [
        ("blog/news/2017/05/itogi", NEW),
        ("blog/news/itogi", OLD),
    ]


def test_who_was_kept_apart_stays_so(engine: Engine, ask: Ask) -> None:
    for batch in ([page(OLD)], [another(NEW)], [another(NEW)], [page(OLD)]):
        write_batch(engine, batch, None)
    assert ask("SELECT count(*) FROM article_versions") == [(2,)]


def test_an_article_that_moves_keeps_its_key(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [page(OLD)], None)
    assert write_batch(engine, [page(MOVED)], None).apart == 0
    assert ask("SELECT external_id, address FROM pages") == [("itogi", MOVED)]


def test_an_article_whose_title_is_edited_as_it_moves_keeps_its_key(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [page(OLD)], None)
    write_batch(engine, [page(MOVED, title="Новый цех открыт")], None)
    assert ask("SELECT count(*) FROM articles") == [(1,)]


def test_that_another_address_has_no_page_says_nothing_of_the_article(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [page(OLD)], None)
    write_batch(engine, [page(NEW, outcome=Outcome.MISSING)], None)
    assert sorted(ask("SELECT external_id, outcome FROM pages")) == [("2017/05/itogi", "missing"), ("itogi", "stored")]


def test_a_key_of_a_missing_page_is_free_for_an_article(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [page(OLD, outcome=Outcome.MISSING)], None)
    write_batch(engine, [page(NEW)], None)
    assert ask("SELECT external_id, outcome, address FROM pages") == [("itogi", "stored", NEW)]
