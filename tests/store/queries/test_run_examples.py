"""Pages and paragraphs that show what a run did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.checks import Breach
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.queries.run_examples import Repeated, examples_of
from armcrawl.store.queries.runs import run_record
from armcrawl.store.runs.run_record import begin_run
from tests.store.conftest import stored

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
    assert found.repeated == (Repeated(SHARED, 4, 6),)
