"""Making all clusters anew: how long it takes, and whether it takes more memory the longer it goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import count, islice
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from armcrawl.sample.articles import load_sample
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading, writing
from benchmarks.articles import PARAGRAPHS, generated, of_its_own
from benchmarks.batches import batched
from benchmarks.crawling import family, memory_mb
from benchmarks.curves import Curve, record
from benchmarks.databases import each_kind
from benchmarks.report import Figure, once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

# The first is for the curve alone; a million would take a quarter of an hour.
FEWEST, FEW, MANY = 10_000, 20_000, 100_000
ROWS_AT_ONCE = 1_000
# Every so manieth text is that of the article before.
COPIED = 25
MAX_SECONDS, MAX_GROWTH, MAX_BYTES = 90, 1.1, 500
SECONDS_BETWEEN_LOOKS = 0.25
INDEX_OF_POSTGRESQL = "SELECT pg_total_relation_size('shingle_postings') + pg_total_relation_size('texts')"


def rebuilding() -> list[Figure]:
    """Rebuild over few articles and over many, in processes of their own, and record the curve."""
    figures, curves = list[Figure](), list[Curve]()
    with each_kind() as kinds:
        for kind, make in kinds.items():
            _, least, _ = _rebuilt(kind, make(), FEWEST)
            few, less, _ = _rebuilt(kind, make(), FEW)
            many, seconds, size = _rebuilt(kind, make(), MANY)
            points = [(FEWEST, least), (FEW, less), (MANY, seconds)]
            curves.append(Curve(f"rebuilding all clusters, {kind}", "s", points))
            figures += [
                once(f"memory of a rebuild, {MANY:,} articles against {FEW:,}, {kind}", many / few, MAX_GROWTH),
                once(f"seconds of a rebuild of {MANY:,} articles, {kind}", seconds, MAX_SECONDS),
            ]
            if size is not None:
                figures.append(once(f"bytes of index an article after a rebuild of {MANY:,}, {kind}", size, MAX_BYTES))
    return [*figures, *record(curves)]


def _rebuilt(kind: str, database: str, number: int) -> tuple[float, float, float | None]:
    """Return a rebuild's most memory in MB, its seconds, and PostgreSQL's bytes of index an article afterwards."""
    engine = open_database(database)
    _fill(engine, number)
    samples = list[float]()
    before = time.perf_counter()
    command = [sys.executable, "-m", "armcrawl", "dedupe", "rebuild", "--apply", "--database", database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            samples.append(sum(map(memory_mb, family(process.pid))))
            time.sleep(SECONDS_BETWEEN_LOOKS)
        assert process.stdout is not None
        said = process.stdout.readline().strip()
    if process.returncode:
        raise RuntimeError(f"the rebuild ended with {process.returncode}")
    seconds = time.perf_counter() - before
    print(f"  {kind}: {said} {seconds:.0f} s, at most {max(samples):.0f} MB")
    size = None
    if kind == "PostgreSQL":
        with reading(engine) as connection:
            size = connection.execute(text(INDEX_OF_POSTGRESQL)).scalar_one() / number
    engine.dispose()
    return max(samples), seconds, size


def _fill(engine: Engine, number_of_articles: int) -> None:
    """Write one article through the store, and the others as rows like its own, each with a text: a minute, not ten."""
    write_batch(engine, list(generated(1)), None)
    with reading(engine) as connection:
        page, article, version = (
            _row(connection, table) for table in (schema.pages, schema.articles, schema.article_versions)
        )
    texts = islice(_texts(), number_of_articles - 1)
    for some in batched(list(zip(count(2), texts, strict=False)), ROWS_AT_ONCE):
        pages, articles, versions = [], [], []
        for number, (title, body) in some:
            address = f"https://armtorg.ru/news/{number}"
            own = {"id": number, "external_id": str(number), "number": number, "place": number, "address": address}
            pages.append(page | own)
            articles.append(article | {"id": number, "page_id": number, "key": f"armtorg/news/{number}"})
            versions.append(version | {"id": number, "article_id": number, "title": title, "body": body})
        with writing(engine) as connection:
            connection.execute(insert(schema.pages), pages)
            connection.execute(insert(schema.articles), articles)
            connection.execute(insert(schema.article_versions), versions)


def _row(connection: Connection, table: Any) -> dict[str, Any]:
    return dict(connection.execute(select(table)).mappings().one())


def _texts() -> Iterator[tuple[str, str]]:
    random = Random(1)  # noqa: S311 - a benchmark must repeat itself
    sample = list(load_sample().articles.values())
    paragraphs = [one for article in sample for one in article.paragraphs]
    found = ("", "")
    for number in count():
        if number % COPIED or not number:
            body = "\n\n".join(of_its_own(paragraph, random) for paragraph in random.sample(paragraphs, PARAGRAPHS))
            found = (of_its_own(random.choice(sample).title, random), body)
        yield found
