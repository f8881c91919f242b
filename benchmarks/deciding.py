"""One decision of a person among many entities: it regroups what it concerns, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from armcrawl.store.admin.copying import set_sequences
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, writing
from armcrawl.store.entities import deciding as decisions
from benchmarks.articles import generated
from benchmarks.databases import each_kind
from benchmarks.report import PROCESSOR, WALL, amount
from benchmarks.timing import Taken, timed

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from benchmarks.report import Figure

# As many tags as ten years of twenty journals have; what a person waits for without noticing.
TAGS, MAX_MS = 100_000, 50
ROUNDS = 9
ME = "benchmark"
POSITION = "https://armtorg.ru/news/tags/0/"


def deciding() -> list[Figure]:
    """Time a merge, and taking it back, among many tags, which all link to one position as well."""
    figures = []
    with each_kind() as databases:
        for kind, make in databases.items():
            engine = open_database(make())
            _fill(engine)
            merges, undone = zip(*(_decided(engine, number) for number in range(ROUNDS + 1)), strict=True)
            by = PROCESSOR if kind == "SQLite" else WALL  # PostgreSQL works in processes of its own
            for name, taken in (("a merge", merges), ("taking it back", undone)):
                # The first one composes the statements.
                what = f"{name} among {TAGS:,} tags in {kind}, ms"
                figures.append(amount(what, taken[1:], MAX_MS, by=by, units=1000))
            engine.dispose()
    return figures


def _decided(engine: Engine, number: int) -> tuple[Taken, Taken]:
    names = f"Предприятие {2 * number}", f"Предприятие {2 * number + 1}"
    merged = timed(partial(decisions.merge, engine, *names, ME))
    return merged, timed(partial(decisions.undo, engine, decisions.all_decisions(engine)[-1].number))


def _fill(engine: Engine) -> None:
    write_batch(
        engine, [replace(page, article=replace(page.article, tags=())) for page in generated(1) if page.article], None
    )
    names = {number: f"Предприятие {number}" for number in range(TAGS)}
    with writing(engine) as connection:
        connection.execute(
            insert(schema.entities),
            [{"id": one, "key": name.casefold(), "name": name, "slug": "x"} for one, name in names.items()],
        )
        connection.execute(
            insert(schema.entity_forms),
            [
                {"id": one, "entity_id": one, "used_as": "tag", "form": name, "name": name, "key": name.casefold()}
                for one, name in names.items()
            ],
        )
        article_id = connection.execute(select(schema.articles.c.id)).scalar_one()
        connection.execute(
            insert(schema.article_tags),
            [{"article_id": article_id, "position": one, "entity_id": one, "form_id": one} for one in names],
        )
        for address, is_evidence in ((POSITION, False), ("https://armtorg.ru/tags/{}", True)):
            rows = [{"address": address.format(one), "form_id": one, "is_evidence": is_evidence} for one in names]
            connection.execute(insert(schema.entity_addresses), rows)
    if engine.dialect.name == "postgresql":
        set_sequences(engine, [schema.entities, schema.entity_forms])
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
