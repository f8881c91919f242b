"""Relating all texts anew, in a file beside the database.

Joining finds for each text the few that it changes; here all are there before any is related. So postings are sorted
once instead of being listed one by one, and what is to be compared is told by the lists as they come.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import combinations, groupby, product, starmap
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy import create_engine, insert, text

from armcrawl.errors import ArmcrawlError
from armcrawl.processes.pool import Task, spread
from armcrawl.store.articles.versions import ids_shown
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.clusters.clustering import stored_texts
from armcrawl.store.clusters.relations import MIN_OF_FORMULAS, PAIRS_AT_ONCE, Relating
from armcrawl.store.clusters.shingle_index import (
    HASH,
    LOW,
    LOW_BITS,
    POSTING,
    cut,
    state_of,
    table,
    unpacked,
    write_lists,
)
from armcrawl.store.clusters.texts import Texts, shown_texts, sketched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

    from armcrawl.processes.pool import Pool
    from armcrawl.store.clusters.relations import Pair

texts, relations, members = schema.texts, schema.relations, schema.cluster_members
# Articles whose texts are in memory at a time, and rows that are written together.
CHUNK = 500
ROWS_AT_ONCE = 5_000
# Articles from which it is worth the second that processes of their own take to start.
SPREAD_FROM = 4_000
MADE = (
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = OFF",
    "CREATE TABLE sketched (hash INTEGER, text_id INTEGER)",
    # Texts that share a hash; `is_led`: it is a formula, and one of them leads it.
    "CREATE TABLE pairs (first_id INTEGER, second_id INTEGER, is_led INTEGER)",
    "CREATE TABLE with_formula (text_id INTEGER)",
)
# What no candidate lacks (see `relations`), told from counts alone: two hashes in common, or most of one sketch.
COUNTED = f"""
CREATE TABLE formal AS SELECT text_id, count(*) >= {MIN_OF_FORMULAS} * length(sketch) / {HASH.size} AS is_most
FROM with_formula JOIN texts ON id = text_id GROUP BY text_id ORDER BY text_id
"""  # noqa: S608 - numbers of our own
MAY_BE_COPIES = """
SELECT first_id, second_id FROM pairs GROUP BY first_id, second_id
HAVING sum(NOT is_led) > 1
OR sum(NOT is_led) AND first_id IN (SELECT text_id FROM formal)
OR first_id IN (SELECT text_id FROM formal WHERE is_most)
OR second_id IN (SELECT text_id FROM formal WHERE is_most)
"""


@contextmanager
def scratch() -> Iterator[Engine]:
    """Open an empty index and relations in a file of their own; what a power failure leaves of it is thrown away."""
    with TemporaryDirectory(prefix="armcrawl-") as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'index.db'}")
        with engine.begin() as connection:
            for statement in MADE:
                connection.exec_driver_sql(statement)
            schema.metadata.create_all(connection, [texts, table, relations, members])
        yield engine
        engine.dispose()


def relate_all(
    engine: Engine,
    own: Engine,
    number: int,
    threshold: float,
    tell: Callable[[int, int | None], None] | None,
    pool: Pool | None = None,
) -> int:
    """Relate the texts of all articles, about `number`, in a `scratch`; return how many articles there are.

    They are taken apart in a process for each core, if they are many, or in a pool.
    """
    done = 0
    calls = _texts(engine)
    is_spread = pool is not None or number >= SPREAD_FROM
    found = spread(Task(sketched, _each, _without), calls, pool) if is_spread else starmap(sketched, calls)
    for numbers, sketches in found:
        with own.begin() as connection:
            _admit(connection, numbers, sketches)
        done += len(numbers)
        if tell is not None:
            tell(done, None)
    with own.begin() as connection:
        _list(connection)
    _compare(engine, own, threshold)
    return done


def _texts(engine: Engine) -> Iterator[tuple[dict[int, str]]]:
    """Yield the texts of all articles, some at a time."""
    for ids in ids_shown(engine, CHUNK):
        with reading(engine) as connection:
            shown = shown_texts(connection, ids)
        if shown:
            yield (shown,)


def _each(shown: dict[int, str]) -> Iterator[tuple[dict[int, str]]]:
    for article_id, shown_text in shown.items():
        yield ({article_id: shown_text},)


def _without(error: Exception, shown: dict[int, str]) -> NoReturn:
    """Raise ArmcrawlError: without one text the others' clusters would be wrong."""
    raise ArmcrawlError(
        f"The text of the article with id {', '.join(map(str, shown))} cannot be compared ({error}): the clusters are "
        "as they were; run the command again where there is more memory."
    )


def _admit(own: Connection, numbers: dict[int, int], sketches: dict[int, bytes]) -> None:
    new = sorted(sketches.keys() - set(stored_texts(own, sketches)))
    if new:
        own.execute(insert(texts), [{"id": one, "sketch": sketches[one]} for one in new])
        rows = [(value, one) for one in new for value in unpacked(sketches[one])]
        own.exec_driver_sql("INSERT INTO sketched VALUES (?, ?)", rows)
    own.execute(insert(members), [{"article_id": one, "text_id": text_id} for one, text_id in numbers.items()])


def _list(own: Connection) -> None:
    """Write the lists of all hashes, and which texts share one that makes candidates."""
    buckets: dict[int, bytes] = {}
    pairs, formulas = list[tuple[int, int, bool]](), list[tuple[int]]()

    def write() -> None:
        write_lists(own, buckets)
        if pairs:
            own.exec_driver_sql("INSERT INTO pairs VALUES (?, ?, ?)", pairs)
        if formulas:
            own.exec_driver_sql("INSERT INTO with_formula VALUES (?)", formulas)
        for one in (buckets, pairs, formulas):
            one.clear()

    # As the driver has them: to make a row of SQLAlchemy takes longer than all else.
    rows = own.connection.cursor()
    rows.execute("SELECT hash, text_id FROM sketched ORDER BY hash, text_id")
    for bucket, held in groupby(iter(rows.fetchone, None), lambda row: row[0] >> LOW_BITS):
        postings = []
        for value, found in groupby(held, itemgetter(0)):
            ids = [text_id for _, text_id in found]
            postings += [POSTING.pack(value & LOW, text_id) for text_id in cut(ids)]
            state = state_of(ids)
            if state.is_formula:
                led = product(state.leaders, ids)
                pairs += {(min(pair), max(pair), True) for pair in led if pair[0] != pair[1]}
                formulas += zip(ids)
            else:
                pairs += [(one, other, False) for one, other in combinations(ids, 2)]
        buckets[bucket] = b"".join(postings)
        if len(buckets) + len(pairs) > ROWS_AT_ONCE:
            write()
    write()
    own.exec_driver_sql(COUNTED)


def _compare(engine: Engine, own: Engine, threshold: float) -> None:
    """Compare all candidates, and write their relations."""
    with own.begin() as connection:
        for pairs in _pieces(connection):
            with reading(engine) as source:
                Relating(connection, Texts(connection, source), threshold).relate(pairs)


def _pieces(own: Connection) -> Iterator[set[Pair]]:
    rows = own.execute(text(MAY_BE_COPIES))
    while some := {(row[0], row[1]) for row in rows.fetchmany(PAIRS_AT_ONCE)}:
        yield some
