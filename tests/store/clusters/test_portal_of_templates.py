"""A portal of bulletins, tenders, congratulations and follow-ups: its copies are one text, and nothing else is."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from armcrawl.store.admin.reclustering import rebuild_clusters
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import writing
from armcrawl.store.base.enumerations import PASSED
from armcrawl.store.base.graph import connected_components
from armcrawl.store.base.schema import runs
from armcrawl.store.queries.choice import Choice
from armcrawl.store.queries.view_rows import Selection, rows_of_view
from armcrawl.store.runs.publishing import carry_out
from armcrawl.store.runs.run_record import begin_run
from tests.series import pairs
from tests.store.conftest import key, later, stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask

NIGHT = 60


def articles() -> tuple[list[Page], set[frozenset[str]]]:
    """Return two articles for each pair of some of the corpus, and the clusters that they are."""
    pages: list[Page] = []
    edges: list[tuple[int, int]] = []
    equal: dict[str, int] = {}
    for number, entry in enumerate(pairs()):
        for place, text in enumerate((entry["a"], entry["b"]), 2 * number + 1):
            title, *paragraphs = text.split("\n\n")
            day = date(2013, 1, 1) + timedelta(days=place)
            pages.append(stored(place, title=title, paragraphs=tuple(paragraphs), date_text=f"{day:%d.%m.%Y}"))
            edges.append((equal.setdefault(text, place), place))
        if entry["label"] == "copy":
            edges.append((2 * number + 1, 2 * number + 2))
    pieces = connected_components(range(1, len(pages) + 1), edges)
    return pages, {frozenset(str(key(one)) for one in piece) for piece in pieces if len(piece) > 1}


def crawl(engine: Engine, pages: list[Page]) -> None:
    """Store pages as a run does, and publish them."""
    run = begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, pages, run, is_judged=True)
    with writing(engine) as connection:
        connection.execute(runs.update().where(runs.c.id == run).values(verdict=PASSED))
    carry_out(engine)


@pytest.mark.parametrize("order", ["newest first", "oldest first", "mixed"])
def test_all_copies_of_a_portal_of_templates_are_found_and_nothing_else(engine: Engine, ask: Ask, order: str) -> None:
    pages, gold = articles()
    coming = pages[::-1] if order == "newest first" else pages[:]
    if order == "mixed":
        Random(order).shuffle(coming)  # noqa: S311 - a test must repeat itself
    for start in range(0, len(coming), NIGHT):
        some = coming[start : start + NIGHT]
        # What came in the night before had another text, which they shared.
        first = [stored(int(one.key.external_id), title="Скоро", paragraphs=("Здесь новость.",)) for one in some[::7]]
        crawl(engine, first)
        crawl(engine, [later(one) for one in some])
    members: dict[str, set[str]] = {}
    for cluster, member in ask("SELECT cluster, key FROM v_reprints"):
        members.setdefault(cluster, set()).add(member)
    assert set(map(frozenset, members.values())) == gold
    with engine.connect() as connection:
        selection = Selection("v_articles", choice=Choice(once=True))
        rows = [row for some in rows_of_view(connection, selection) for row in some]
    assert len(rows) == len(pages) - sum(len(cluster) - 1 for cluster in gold)
    found = rebuild_clusters(engine)
    assert (found.gained, found.lost) == ((), ())
