"""What the verdict on a run decides, carried out: its versions are shown, or forgotten, a piece at a time.

The verdict is written in one short transaction (`verdicts.py`), however much the run stored. What follows
from it takes a millisecond a version, so it is done in pieces, each in a transaction of its own: an article is shown
with its tags, its place in the search index and its cluster, or not yet. Whoever comes next goes on where a piece was
the last: the next run, or `armcrawl runs publish`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from armcrawl import clock
from armcrawl.errors import ArmcrawlError
from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.articles.captures import pasts_of
from armcrawl.store.articles.refolding import refold
from armcrawl.store.articles.responses import standings_of, write_outcomes
from armcrawl.store.articles.unreadable import read_all
from armcrawl.store.articles.versions import index_all_waiting, number_unindexed, prepare, rows_of, version_of
from armcrawl.store.base.database import PAUSE_SECONDS, reading, writing
from armcrawl.store.base.enumerations import GOOD, REJECTED
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, is_withheld, pages, quarantine, runs
from armcrawl.store.base.sql import among
from armcrawl.store.clusters.clustering import join_some, number_unjoined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

# Versions in one transaction: a fifth of a second, for which another writer waits.
PIECE = 100
# Where one of a piece cannot be shown, so many are tried one by one: as long as a piece takes, or a few times that.
FEW = 30
# What a row raises whose content is no article's, or that the database refuses; that it is away is a DatabaseError.
SPOILT = (AttributeError, LookupError, TypeError, ValueError, SQLAlchemyError)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is decided and not carried out: versions to show or forget, articles that wait for search or clusters."""

    to_show: int
    to_forget: int
    to_index: int
    to_join: int

    @property
    def versions(self) -> int:
        """What is carried out a piece at a time."""
        return self.to_show + self.to_forget

    def __bool__(self) -> bool:
        return any((self.to_show, self.to_forget, self.to_index, self.to_join))

    def __str__(self) -> str:
        told = (
            (self.to_show, "article may be shown and is not yet", "articles may be shown and are not yet"),
            (self.to_forget, "rejected version is not forgotten yet", "rejected versions are not forgotten yet"),
            (self.to_index, "article is not found by a new name yet", "articles are not found by new names yet"),
            (self.to_join, "article waits to be compared with others", "articles wait to be compared with others"),
        )
        return "; ".join(f"{number:,} {one if number == 1 else more}" for number, one, more in told if number)


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
        .where(is_withheld, runs.c.verdict.in_((*GOOD, REJECTED)))
        .group_by(runs.c.verdict)
    )
    with reading(engine) as connection:
        numbers = {row[0]: row[1] for row in connection.execute(decided)}
    shown = sum(numbers.get(verdict, 0) for verdict in GOOD)
    return Backlog(shown, numbers.get(REJECTED, 0), number_unindexed(engine), number_unjoined(engine))


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
    join_waiting(engine)
    if broken:
        raise ArmcrawlError(broken_sentence(broken))


def join_waiting(engine: Engine) -> int:
    """Have all articles that wait be indexed and join clusters, a piece at a time; return how many joined."""
    index_all_waiting(engine)
    joined = 0
    while some := join_some(engine):
        joined += some
        time.sleep(PAUSE_SECONDS)  # so that others come to write
    return joined


def broken_sentence(broken: Sequence[str]) -> str:
    """Return the sentence about versions that cannot be shown."""
    more = f"; and {len(broken) - 1} more" if len(broken) > 1 else ""
    return (
        f"What is new cannot be shown whole, all else is: {broken[0]}{more}. `armcrawl reparse --apply` mends a "
        "document; report all else."
    )


def carry_out_piece(engine: Engine, after: int) -> Step:
    """Show or forget some versions behind a row, in one transaction; one by one if any of them cannot be shown."""
    if not _prepare(engine, after):
        return Step(0, after)
    try:
        return _carried_out(engine, after, PIECE)
    except SPOILT:
        return _one_by_one(engine, after)


def _prepare(engine: Engine, after: int) -> bool:
    """Tell whether anything behind a row is decided; on PostgreSQL, where others wait to write, also read its words."""
    with reading(engine) as connection:
        ids = _decided(connection, after, PIECE)
        rows = list(rows_of(connection, ids)) if engine.dialect.name == "postgresql" else []
    prepare(read_all(rows, version_of)[0])
    return bool(ids)


def _one_by_one(engine: Engine, after: int) -> Step:
    """Show or forget a few versions behind a row, each in a transaction, and tell which of them cannot be."""
    with reading(engine) as connection:
        ids = _decided(connection, after, FEW)
        names = {row.id: PageKey(*row[1:4]) for row in _with_pages(connection, ids)}
    broken: list[str] = []
    for version_id in ids:
        try:
            broken += _carried_out(engine, version_id - 1, 1).broken
        except SPOILT as error:
            broken.append(f"{names[version_id]}: {type(error).__name__}: {getattr(error, 'orig', error)}")
    if len(broken) == FEW:
        # That is no version's fault, and thousands may follow.
        raise ArmcrawlError(f"What is new cannot be shown: {broken[0]}. Mend that, then `armcrawl runs publish`.")
    return Step(len(ids), ids[-1] if ids else after, tuple(broken))


def _carried_out(engine: Engine, after: int, most: int) -> Step:
    with writing(engine) as connection:
        ids = _decided(connection, after, most)
        rows = _with_pages(connection, ids)
        keys = {row.page_id: PageKey(*row[1:4]) for row in rows}
        standings = standings_of(connection, keys)
        rejected = sorted({row.page_id for row in rows if row.verdict == REJECTED})
        found = refold(connection, keys, pasts_of(connection, keys), {})
        write_outcomes(connection, found.histories, standings)
        _ask_again(connection, rejected)
        _wait_again(connection, [one for one in rejected if found.histories[one].outcome == Outcome.QUARANTINED])
    return Step(len(ids), ids[-1] if ids else after, tuple(found.problems))


def _decided(connection: Connection, after: int, most: int) -> list[int]:
    """Return the rows of some versions behind one that are to be shown or forgotten.

    What is withheld is walked through by its index, and each row asked for its verdict. PostgreSQL, as long as it has
    not counted the rows of a large run, would rather read and sort all of them for every piece.
    """
    verdict = select(runs.c.verdict).where(runs.c.id == versions.c.run_id).scalar_subquery()
    query = select(versions.c.id).where(is_withheld, versions.c.id > after, verdict.in_((*GOOD, REJECTED)))
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        connection.exec_driver_sql("SET LOCAL enable_sort = off")
    found = list(connection.execute(query.order_by(versions.c.id).limit(most)).scalars())
    if is_postgresql:
        connection.exec_driver_sql("SET LOCAL enable_sort TO DEFAULT")
    return found


def _with_pages(connection: Connection, ids: Sequence[int]) -> list[Any]:
    """Return rows of versions with the keys of their pages, and the verdicts on their runs."""
    query = (
        select(versions.c.id, *(pages.c[name] for name in PageKey._fields), pages.c.id.label("page_id"), runs.c.verdict)
        .join(articles, articles.c.id == versions.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id)
        .join(runs, runs.c.id == versions.c.run_id)
    )
    return list(among(connection, query, versions.c.id, ids))


def _ask_again(connection: Connection, page_ids: Sequence[int]) -> None:
    """Have pages asked for again, and in full: what they showed last was rejected."""
    again = {"checks": 0, "etag": None, "last_modified": None, "next_check_at": clock.now(), "digest": None}
    connection.execute(update(pages).where(pages.c.id.in_(page_ids)).values(again))


def _wait_again(connection: Connection, page_ids: Sequence[int]) -> None:
    """Let pages wait in quarantine again: that they were understood was rejected."""
    connection.execute(update(quarantine).where(quarantine.c.page_id.in_(page_ids)).values(resolved_at=None))
