"""What the verdict on a run decides, carried out: its versions are shown, or forgotten, a piece at a time.

The verdict is written in one short transaction (`verdicts.py`), however much the run stored. What follows
from it takes a millisecond a version, so it is done in pieces, each in a transaction of its own: an article is shown
with its tags, its place in the search index and its cluster, or not yet. Whoever comes next goes on where a piece was
the last: the next run, or `armcrawl runs publish`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from armcrawl import clock
from armcrawl.errors import ArmcrawlError
from armcrawl.fingerprints.first_publisher import PublisherEvidence
from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.articles.folding import GOOD, REJECTED
from armcrawl.store.articles.pasts import pasts_of
from armcrawl.store.articles.refolding import refold
from armcrawl.store.articles.responses import said_now, settle
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.sql import among, chunks
from armcrawl.store.clusters.clustering import rejoin_fallen
from armcrawl.store.clusters.first_publishers import judge_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

# Versions in one transaction: half a second, for which another writer waits.
PIECE = 300
# Where one of a piece cannot be shown, so many are tried one by one: as long as a piece takes, or a few times that.
FEW = 30
# What a row raises whose content is no article's, or that the database refuses; that it is away is a DatabaseError.
SPOILT = (AttributeError, LookupError, TypeError, ValueError, SQLAlchemyError)
# Between two pieces, so that others come to write: who waits for an SQLite file looks for it every tenth of a second,
# and gives up after BUSY_TIMEOUT_MS if it is never free then.
PAUSE_SECONDS = 0.02
# What comes after the versions, each a piece at a time until it did nothing: who was first is told of whole clusters.
REST = (rejoin_fallen, judge_waiting)

runs, versions, articles, pages, clusters = (
    schema.runs,
    schema.article_versions,
    schema.articles,
    schema.pages,
    schema.clusters,
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is decided and not carried out: versions to show or forget, articles to compare anew, clusters to judge."""

    to_show: int
    to_forget: int
    to_compare: int
    to_judge: int

    @property
    def versions(self) -> int:
        """What is carried out a piece at a time."""
        return self.to_show + self.to_forget

    def __bool__(self) -> bool:
        return any((self.to_show, self.to_forget, self.to_compare, self.to_judge))

    def __str__(self) -> str:
        told = (
            (self.to_show, "{:,} articles may be shown and are not yet"),
            (self.to_forget, "{:,} rejected versions are not forgotten yet"),
            (self.to_compare, "{:,} articles fell out of their clusters and are not compared anew yet"),
            (self.to_judge, "of {:,} clusters nobody has told yet who was first"),
        )
        return "; ".join(sentence.format(number) for number, sentence in told if number)


@dataclass(frozen=True, slots=True)
class Step:
    """What a piece did: so many versions, up to this row; none when nothing is left.

    `broken` tells which of them cannot be shown, and why.
    """

    versions: int
    after: int
    broken: tuple[str, ...] = ()


def backlog(engine: Engine) -> Backlog:
    """Return what is decided and not carried out."""
    decided = (
        select(runs.c.verdict, func.count())
        .join(versions, versions.c.run_id == runs.c.id)
        .where(schema.is_withheld, runs.c.verdict.in_((*GOOD, REJECTED)))
        .group_by(runs.c.verdict)
    )
    waiting = select(func.count()).select_from(clusters).where(clusters.c.reason == PublisherEvidence.WAITING)
    with reading(engine) as connection:
        numbers = {row[0]: row[1] for row in connection.execute(decided)}
        to_compare = connection.execute(select(func.count()).select_from(schema.fallen)).scalar_one()
        to_judge = connection.execute(waiting).scalar_one()
    return Backlog(sum(numbers.get(verdict, 0) for verdict in GOOD), numbers.get(REJECTED, 0), to_compare, to_judge)


def carry_out(engine: Engine, tell: Callable[[int, int | None], None] | None = None) -> None:
    """Carry out all that is decided; `tell` hears how many versions are done, and of how many.

    Raises ArmcrawlError if a version cannot be shown, when all the others are.
    """
    done, total, after = 0, backlog(engine).versions, 0
    broken: list[str] = []
    while (step := carry_out_piece(engine, after)).versions:
        done, after = done + step.versions, step.after
        broken += step.broken
        if tell is not None:
            tell(done, total)
        time.sleep(PAUSE_SECONDS)
    carry_out_rest(engine)
    if broken:
        raise ArmcrawlError(told_of(broken))


def carry_out_rest(engine: Engine) -> None:
    """Carry out what comes after the versions, a piece at a time."""
    for work_off in REST:
        while work_off(engine):
            time.sleep(PAUSE_SECONDS)


def told_of(broken: Sequence[str]) -> str:
    """Return the sentence about versions that cannot be shown."""
    more = f"; and {len(broken) - 1} more" if len(broken) > 1 else ""
    return (
        f"What is new cannot be shown whole, all else is: {broken[0]}{more}. `armcrawl reparse --apply` mends a "
        "document; report all else."
    )


def carry_out_piece(engine: Engine, after: int) -> Step:
    """Show or forget some versions behind a row, in one transaction; one by one if any of them cannot be shown."""
    try:
        return _carried_out(engine, after, PIECE)
    except SPOILT:
        return _one_by_one(engine, after)


def _one_by_one(engine: Engine, after: int) -> Step:
    """Show or forget a few versions behind a row, each in a transaction, and tell which of them cannot be."""
    with reading(engine) as connection:
        ids = _decided(connection, after, FEW)
        keys = _keys(connection, ids)
    broken: list[str] = []
    for version_id in ids:
        try:
            broken += _carried_out(engine, version_id - 1, 1).broken
        except SPOILT as error:
            broken.append(f"{keys[version_id][1]}: {type(error).__name__}: {getattr(error, 'orig', error)}")
    if len(broken) == FEW:
        # That is no version's fault, and thousands may follow.
        raise ArmcrawlError(f"What is new cannot be shown: {broken[0]}. Mend that, then `armcrawl runs publish`.")
    return Step(len(ids), ids[-1] if ids else after, tuple(broken))


def _carried_out(engine: Engine, after: int, most: int) -> Step:
    with writing(engine) as connection:
        ids = _decided(connection, after, most)
        keys = dict(_keys(connection, ids).values())
        said = said_now(connection, keys)
        rejected = _rejected(connection, ids)
        found = refold(connection, keys, pasts_of(connection, keys), {})
        settle(connection, found.histories, said)
        _ask_again(connection, rejected)
        _wait_again(connection, [one for one in rejected if found.histories[one].outcome == Outcome.QUARANTINED])
    return Step(len(ids), ids[-1] if ids else after, tuple(found.problems))


def _decided(connection: Connection, after: int, most: int) -> list[int]:
    """Return the rows of some versions behind one that are to be shown or forgotten.

    What is withheld is walked through by its index, and each row asked for its verdict. PostgreSQL, as long as it has
    not counted the rows of a large run, would rather read and sort all of them for every piece.
    """
    verdict = select(runs.c.verdict).where(runs.c.id == versions.c.run_id).scalar_subquery()
    query = select(versions.c.id).where(schema.is_withheld, versions.c.id > after, verdict.in_((*GOOD, REJECTED)))
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        connection.exec_driver_sql("SET LOCAL enable_sort = off")
    found = list(connection.execute(query.order_by(versions.c.id).limit(most)).scalars())
    if is_postgresql:
        connection.exec_driver_sql("SET LOCAL enable_sort TO DEFAULT")
    return found


def _keys(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, PageKey]]:
    """Return for rows of versions the id and the key of the page."""
    query = (
        select(versions.c.id, pages.c.id.label("page_id"), pages.c.site, pages.c.section, pages.c.external_id)
        .join(articles, articles.c.id == versions.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id)
    )
    rows = among(connection, query, versions.c.id, ids)
    return {row.id: (row.page_id, PageKey(row.site, row.section, row.external_id)) for row in rows}


def _rejected(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Return the pages of those rows of versions that are to be forgotten."""
    query = (
        select(articles.c.page_id)
        .join(versions, versions.c.article_id == articles.c.id)
        .join(runs, runs.c.id == versions.c.run_id)
        .where(runs.c.verdict == REJECTED)
        .distinct()
    )
    return [row.page_id for row in among(connection, query, versions.c.id, ids)]


def _ask_again(connection: Connection, page_ids: Sequence[int]) -> None:
    """Have pages asked for again, and in full: what they showed last was rejected."""
    again = {"checks": 0, "etag": None, "last_modified": None, "next_check_at": clock.now(), "digest": None}
    for some in chunks(page_ids):
        connection.execute(update(pages).where(pages.c.id.in_(some)).values(again))


def _wait_again(connection: Connection, page_ids: Sequence[int]) -> None:
    """Let pages wait in quarantine again: that they were understood was rejected."""
    table = schema.quarantine
    for some in chunks(page_ids):
        connection.execute(update(table).where(table.c.page_id.in_(some)).values(resolved_at=None))
