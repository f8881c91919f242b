"""Clusters at scale: what it takes to join one article among many, in a series, and in a component of thousands.

The index is filled with the sketches of texts that nobody reads: random hashes, of which every second text has one that
many have, as set phrases are, and the real sketches of a series of notes from one template. The articles that join are
real ones, through the store.
"""

from __future__ import annotations

from contextlib import closing
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
from sqlalchemy import text

from armcrawl.fingerprints.shingles import BITS, SKETCH_OF_FACTS, SKETCH_OF_SHINGLES, shingled, sketch
from armcrawl.items import Article
from armcrawl.refining.chain import refine
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.clusters.clustering import JOINED_AT_ONCE, join_some
from armcrawl.store.clusters.shingle_index import END, LOW, LOW_BITS, MAX_LISTED, POSTING, packed
from benchmarks.articles import FETCHED_AT, generated, page_of
from benchmarks.batches import batched
from benchmarks.curves import Curve, record
from benchmarks.databases import each_kind
from benchmarks.report import PROCESSOR, WALL, Figure, amount, once
from benchmarks.timing import Stopwatch, Taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Page

MANY = {"SQLite": 1_000_000, "PostgreSQL": 200_000}
# Among so many, one article more is timed for the curve.
SIZES = (10_000, 100_000, 1_000_000)
# At most every tenth text is of the series.
SERIES, COPIES = 10_000, 5_000
# Of these one in a hundred is another note of the series.
JOINING, ALONE, OF_SERIES = 1_500, 500, 100
MAX_MEDIAN, MAX_P99, MAX_BYTES = {"SQLite": 2.0, "PostgreSQL": 3.0}, 50.0, 500
ROUNDS, MAX_COMPONENT = 9, 200.0
SIZE_OF_SKETCH = SKETCH_OF_SHINGLES + SKETCH_OF_FACTS
PHRASES = 2_000


def scale() -> list[Figure]:
    """Measure on each kind of database."""
    figures: list[Figure] = []
    pages, curves = _pages(), list[Curve]()
    with each_kind() as kinds:
        for kind, make in kinds.items():
            points = list[tuple[int, float]]()
            for size in sorted({*SIZES, MANY[kind]}):
                alone, rows = _among(make(), kind, size, pages)
                points.append((size, alone))
                figures += rows
            curves.append(Curve(f"joining a cluster, an article alone, {kind}", "ms", points))
            few = open_database(make())
            component = list(_in_component(few))
            few.dispose()
            name = f"joining a component of {COPIES:,}, ms, {kind}"
            figures.append(amount(name, component, MAX_COMPONENT, by=_clock(kind), units=1000))
    return [*figures, *record(curves)]


def _clock(kind: str) -> str:
    # All of SQLite works in this process; of PostgreSQL half does.
    return PROCESSOR if kind == "SQLite" else WALL


def _among(database: str, kind: str, size: int, pages: Sequence[Page]) -> tuple[float, list[Figure]]:
    """Return what an article alone takes among so many in milliseconds, and the rows where these have limits."""
    engine, figures = open_database(database), list[Figure]()
    among, empty = f"among {size:,}, {kind}", _size(engine)
    _fill(engine, size)
    has_limits = size == MANY[kind]
    if has_limits:
        bytes_each = (_size(engine) - empty) / size
        steps = list(_joined(engine, pages[ALONE:]))
        name = f"joining an article in a step of {JOINED_AT_ONCE} {among}, median ms"
        figures.append(amount(name, steps, MAX_MEDIAN[kind], by=_clock(kind), units=1000))
        figures.append(once(f"bytes of index an article, {among}", bytes_each, MAX_BYTES))
    alone = list(_each(engine, pages[:ALONE]))
    if has_limits:
        figures.append(once(f"joining an article alone {among}, 99th percentile ms", _p99(alone), MAX_P99))
    engine.dispose()
    return median(one.processor if _clock(kind) == PROCESSOR else one.wall for one in alone) * 1000, figures


def _p99(taken: Sequence[Taken]) -> float:
    return quantiles([one.wall * 1000 for one in taken], n=100)[-1]


def note(number: int) -> str:
    """Return a note of a series: one template, other numbers."""
    random = Random(number)  # noqa: S311 - a benchmark must repeat itself
    prices = [random.randint(10_000, 99_999) for _ in range(12)]
    lines = (
        "За неделю средняя цена стальной задвижки на складах составила {} рублей за штуку, изменение {} рублей.",
        "Шаровые краны предлагали по {} рублей, а поворотные затворы по {} рублей, поставщики ждут роста до {} рублей.",
        "Трубу бесшовную отгружали по {} рублей за тонну, электросварную по {} рублей, лист стальной по {} рублей.",
        "Отводы стоили {} рублей, фланцы {} рублей, крепёж {} рублей за тонну, тройники {} рублей за штуку.",
        "Следующий обзор выйдет через неделю, предложения по ценам принимает редакция портала по будним дням.",
    )
    return "\n\n".join(("Цены недели на складах", *lines)).format(*prices)


def _fill(engine: Engine, number: int) -> None:
    """Load the sketches of many texts, into an empty index."""
    random = np.random.default_rng(number)
    hashes = random.integers(0, 1 << BITS, size=(number, SIZE_OF_SKETCH), dtype=np.int64)
    phrases = random.integers(0, 1 << BITS, size=PHRASES, dtype=np.int64)
    of_phrase = np.minimum(random.zipf(1.5, size=number) - 1, PHRASES - 1)
    hashes[::2, 0] = phrases[of_phrase[::2]]
    ids = random.integers(-END, END, size=number, dtype=np.int64)
    for place in range(min(SERIES, number // 10)):
        found = sorted(sketch(shingled(note(place))))
        hashes[place, : len(found)] = found
    order = np.lexsort((np.repeat(ids, SIZE_OF_SKETCH), hashes.ravel()))
    flat, texts = hashes.ravel()[order], np.repeat(ids, SIZE_OF_SKETCH)[order]
    starts = np.flatnonzero(np.r_[True, flat[1:] != flat[:-1]])
    rank = np.arange(len(flat)) - np.repeat(starts, np.diff(np.r_[starts, len(flat)]))
    texts[rank == MAX_LISTED] = END
    kept = rank <= MAX_LISTED
    flat, texts = flat[kept], texts[kept]
    postings = np.empty(len(flat), dtype=[("low", "<u2"), ("text", "<i8")])
    postings["low"], postings["text"] = flat & LOW, texts
    whole = postings.tobytes()
    buckets, starts = np.unique(flat >> LOW_BITS, return_index=True)
    ends = [*starts[1:].tolist(), len(flat)]
    lists = (
        (bucket, whole[start * POSTING.size : end * POSTING.size])
        for bucket, start, end in zip(buckets.tolist(), starts.tolist(), ends, strict=True)
    )
    rows = ((int(ids[place]), packed(hashes[place].tolist())) for place in np.argsort(ids))
    _copy(engine, "texts (id, sketch)", rows)
    _copy(engine, "shingle_postings (bucket, postings)", lists)


def _copy(engine: Engine, table: str, rows: Iterable[tuple[int, bytes]]) -> None:
    connection = engine.raw_connection()
    with closing(connection.cursor()) as cursor:
        if engine.dialect.name == "sqlite":
            cursor.execute("BEGIN")
            cursor.executemany(f"INSERT INTO {table} VALUES (?, ?)", list(rows))  # noqa: S608 - a name of our own
        else:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    connection.commit()
    connection.close()


def _joined(engine: Engine, pages: Sequence[Page]) -> Iterator[Taken]:
    """Have articles join as many at once as a step takes, and yield what each of them took."""
    for some in batched(pages, JOINED_AT_ONCE):
        with patch("armcrawl.store.articles.writing.join_after_batch"):
            write_batch(engine, some, None)
        watch = Stopwatch()
        join_some(engine)
        yield watch.taken().each(len(some))


def _pages() -> list[Page]:
    pages = list(generated(JOINING, seed=1))
    for place in range(0, JOINING, OF_SERIES):
        pages[place] = _page(place + 1, note(SERIES + place))
    return pages


def _each(engine: Engine, pages: Iterable[Page]) -> Iterator[Taken]:
    for page in pages:
        with patch("armcrawl.store.articles.writing.join_after_batch"):
            write_batch(engine, [page], None)
        watch = Stopwatch()
        join_some(engine)
        yield watch.taken()


def _page(external_id: int, text: str) -> Page:
    title, *paragraphs = text.split("\n\n")
    article = Article(title=title, paragraphs=tuple(paragraphs), date_text="31 Мая 2016")
    return page_of(external_id, refine(article, FETCHED_AT).article)


def _in_component(engine: Engine) -> Iterator[Taken]:
    """Store many copies of one text, have some more join, and yield what each took."""
    whole = note(0)
    pages = [_page(place, f"{whole} Строка {place}х.") for place in range(1, COPIES + ROUNDS + 1)]
    for some in batched(pages[:COPIES], 500):
        write_batch(engine, some, None)
        while join_some(engine):
            pass
    yield from _each(engine, pages[COPIES:])


def _size(engine: Engine) -> int:
    """Return the bytes of texts and lists."""
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        else:
            query = "SELECT pg_total_relation_size('shingle_postings') + pg_total_relation_size('texts')"
        size: int = connection.execute(text(query)).scalar_one()
        return size
