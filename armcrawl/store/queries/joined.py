"""What the articles of a run did to the clusters: how many have a text that stands elsewhere, and what is doubtful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from armcrawl.checks import ClusterSeen, DaySeen, doubts_of, unjudged_of
from armcrawl.checks.joining import MAX_CLUSTER
from armcrawl.stats import stat
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import is_published
from armcrawl.store.clusters.clustering import number_unjoined

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Engine, Select

runs, pages, articles, versions = schema.runs, schema.pages, schema.articles, schema.article_versions
clusters, members = schema.clusters, schema.cluster_members
# More doubts say nothing new: the others are counted.
MAX_DOUBTS = 5


def cluster_stats(engine: Engine, run_id: int) -> dict[str, int | str]:
    """Return what is to stand in the record of a run about clusters, by the names of `armcrawl.stats`."""
    with reading(engine) as connection:
        days, duplicates = _days(connection, run_id)
        large, usual = _large_clusters(connection, run_id), _usual(connection, run_id)
        withheld = connection.execute(_withheld(run_id)).scalar_one()
    doubts = list(doubts_of(large, days, usual))
    more = [f"and {len(doubts) - MAX_DOUBTS} more"] if len(doubts) > MAX_DOUBTS else []
    unjudged = [
        unjudged_of(days, usual),
        f"what clusters {withheld} withheld versions would join" if withheld else None,
    ]
    told: dict[str, int | str | None] = {
        "articles/duplicate": duplicates,
        "clusters/doubts": "; ".join(doubts[:MAX_DOUBTS] + more),
        "clusters/not_judged": "; ".join(filter(None, unjudged)),
        "clusters/waiting": number_unjoined(engine),
    }
    return {stat(name): value for name, value in told.items() if value}


def _is_of(run_id: int) -> ColumnElement[bool]:
    return versions.c.run_id == run_id


def _is_of_others(run_id: int) -> ColumnElement[bool]:
    """Return the condition for versions of other runs, and of none."""
    return versions.c.run_id.is_distinct_from(run_id)


def _withheld(run_id: int) -> Select[Any]:
    """Return a query for how many versions of a run are not shown: they join clusters when they are."""
    return select(func.count()).select_from(versions).where(schema.is_withheld, _is_of(run_id))


def _shown(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return a query for articles that were compared, with the versions that are shown of them."""
    return select(*columns).select_from(
        members.join(articles, articles.c.id == members.c.article_id).join(versions, is_published())
    )


def _days(connection: Connection, run_id: int) -> tuple[list[DaySeen], int]:
    """Return the days of a run's articles, and how many articles have a text that stands on another page as well."""
    found: dict[date, tuple[int, list[str]]] = {}
    query = _shown(versions.c.published_on, articles.c.key, members.c.cluster_id).where(_is_of(run_id))
    duplicates = 0
    for day, key, cluster_id in connection.execute(query.order_by(articles.c.key)):
        duplicates += cluster_id is not None
        if day is not None:
            number, keys = found.get(day, (0, []))
            found[day] = (number + 1, keys if cluster_id is None else [*keys, key])
    return [DaySeen(day, number, tuple(keys)) for day, (number, keys) in sorted(found.items())], duplicates


def _large_clusters(connection: Connection, run_id: int) -> Sequence[ClusterSeen]:
    """Return the clusters that hold articles of a run, and are larger than plausible."""
    size, day = func.count(members.c.article_id), versions.c.published_on
    ours = _shown(members.c.cluster_id).where(_is_of(run_id))
    query = _shown(clusters.c.key, size, func.min(day), func.max(day)).join(
        clusters, clusters.c.id == members.c.cluster_id
    )
    query = query.where(clusters.c.id.in_(ours)).group_by(clusters.c.id, clusters.c.key).having(size > MAX_CLUSTER)
    return [ClusterSeen(*row) for row in connection.execute(query.order_by(clusters.c.key))]


def _usual(connection: Connection, run_id: int) -> tuple[int, int]:
    """Return how many earlier articles of a run's site are in clusters, and how many there are.

    One that shares its text with articles of this run alone is in no cluster: it is this run's doing.
    """
    site = select(runs.c.site).where(runs.c.id == run_id).scalar_subquery()
    of_site = (
        _shown(func.count(members.c.cluster_id), func.count())
        .join(pages, pages.c.id == articles.c.page_id)
        .where(pages.c.site == site, _is_of_others(run_id))
    )
    ours = _shown(members.c.cluster_id).where(_is_of(run_id), members.c.cluster_id.is_not(None))
    left = _shown(members.c.cluster_id).where(members.c.cluster_id.in_(ours), _is_of_others(run_id))
    single = left.group_by(members.c.cluster_id).having(func.count() == 1)
    joined, number = connection.execute(of_site).one()
    by_this_run = of_site.where(members.c.cluster_id.in_(single))
    return joined - connection.execute(by_this_run).one()[0], number
