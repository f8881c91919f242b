"""Pages and paragraphs that show what a run did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder
from armcrawl.checks import Breach
from armcrawl.items import Outcome, Reason
from armcrawl.reporting.page_lines import lines_beside
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.queries.run_examples import Repeated, examples_of
from armcrawl.store.queries.runs import run_record
from armcrawl.store.runs.run_record import begin_run
from tests.store.conftest import LATER, answered, stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

SHARED = "Выставка насосов и арматуры пройдёт в июне в Сокольниках."


def test_a_paragraph_counts_once_for_each_article_that_has_it(engine: Engine) -> None:
    run = begin_run(engine, "armtorg", "crawl", {})
    texts: list[tuple[str, ...]] = [(f"Завод отгрузил {number} задвижек.", SHARED, SHARED) for number in range(1, 5)]
    texts += [(f"Завод отгрузил {number} клапанов.",) for number in range(5, 7)]
    write_batch(engine, [stored(number, paragraphs=one) for number, one in enumerate(texts, 1)], run, is_judged=True)
    breach = Breach("a paragraph twice", "yes", 4, 6, (0.0, 0.0), ("armtorg/news/1",), "armtorg/news/1")
    found = examples_of(engine, replace(run_record(engine, run), breaches=(breach,)))
    assert found.repeated == (Repeated("text", SHARED, 4, 6),)


def test_a_page_that_the_site_blocks_shows_no_older_answer_as_its_last_one(engine: Engine) -> None:
    write_batch(engine, [stored(1), stored(2)], None)
    run = begin_run(engine, "armtorg", "crawl", {})
    blocked = answered(Outcome.FAILED, 1, fetched_at=LATER, reason=f"{Reason.BLOCKED}: captcha", digest=None)
    write_batch(engine, [blocked, stored(2, fetched_at=LATER)], run, is_judged=True)
    key = "armtorg/news/1"
    breach = Breach("page", Reason.BLOCKED, 1, 2, None, (key, "armtorg/news/2"), key)
    named = examples_of(engine, replace(run_record(engine, run), breaches=(breach,))).named
    assert [(page.key, page.is_kept, page.read_at) for page in named] == [
        *((key, False, LATER), ("armtorg/news/2", True, LATER))
    ]
    assert lines_beside(engine, Folder(Path("nowhere")), replace(named[0], beside=key)).missing == (
        "the last answer of the site is not kept"
    )
