"""What follows from the versions that are shown: tags, sources, images, links, and the rows that search reads.

Clusters are compared with others' texts, and follow behind (`armcrawl.store.admin.reclustering`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from armcrawl.store.admin import reclustering
from armcrawl.store.articles.links import LINKED
from armcrawl.store.articles.unreadable import quarantine_unreadable, read_all
from armcrawl.store.articles.versions import (
    ids_shown,
    index,
    index_all_waiting,
    relink,
    rows_shown,
    text_only_of,
    version_of,
)
from armcrawl.store.base.database import reading, writing_a_piece
from armcrawl.store.base.schema import articles, search_documents
from armcrawl.store.entities.regrouping import regroup_all
from armcrawl.store.runs.publishing import PIECE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from armcrawl.processes.pool import Pool


def rebuild(
    engine: Engine, tell: Callable[[int, int | None], None] | None = None, pool: Pool | None = None
) -> tuple[int, list[str]]:
    """Make all that follows from the versions that are shown anew, in pieces; return how many articles these are.

    With them comes a sentence for each whose document cannot be read: that is in quarantine, and what follows from it
    stays as it was.

    A piece at a time is whole: who is killed has lost nothing, and the next one completes it. Others write meanwhile;
    hold the lock of such jobs.
    """
    done, problems = 0, list[str]()
    with reading(engine) as connection:
        total = connection.execute(
            select(func.count()).select_from(articles).where(articles.c.published_version.is_not(None))
        ).scalar_one()
    for ids in ids_shown(engine, PIECE):
        with writing_a_piece(engine) as connection:
            rows = list(rows_shown(connection, ids))
            found, unreadable = read_all(rows, version_of)
            lost = {one.article_id for one in unreadable}
            problems += quarantine_unreadable(connection, unreadable, [version.article_id for version in found])
            relink(connection, found, [version.article_id for version in found])
            index(connection, [*found, *(text_only_of(row) for row in rows if row.article_id in lost)])
        done += len(ids)
        if tell is not None:
            tell(done, total)
    _forget_the_rest(engine)
    regroup_all(engine)
    index_all_waiting(engine)
    reclustering.rebuild_clusters(engine, pool=pool)
    return done, problems


def _forget_the_rest(engine: Engine) -> None:
    """Delete what follows from versions that are not shown."""
    hidden = select(articles.c.id).where(articles.c.published_version.is_(None))
    with writing_a_piece(engine) as connection:
        for table in (*LINKED, search_documents):
            connection.execute(delete(table).where(table.c.article_id.in_(hidden)))
