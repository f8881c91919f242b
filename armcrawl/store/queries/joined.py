"""What the articles of a run did to clusters and tags: how many have a text that stands elsewhere, what is doubtful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from armcrawl.checks import AddressSeen, ClusterSeen, DaySeen, doubt_of_addresses, doubts_of, unjudged_of
from armcrawl.checks.joining import MAX_CLUSTER
from armcrawl.stats import stat
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import is_published
from armcrawl.store.clusters.clustering import number_unjoined
from armcrawl.store.entities.listing import names_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Engine, Select

runs, pages, articles, versions = schema.runs, schema.pages, schema.articles, schema.article_versions
clusters, members = schema.clusters, schema.cluster_members
# More doubts say nothing new: the others are counted.
MAX_DOUBTS = 5


def projection_stats(engine: Engine, run_id: int) -> dict[str, int | str]:
    """Return what is to stand in the record of a run about clusters and tags, by the names of `armcrawl.stats`."""
    with reading(engine) as connection:
        days, duplicates = _days(connection, run_id)
        large = _large_clusters(connection, run_id)
        # Of days on which nothing joined nothing is to be compared, and no article of earlier runs is counted.
        usual = _usual(connection, run_id) if any(day.joined for day in days) else (0, 0)
        withheld = connection.execute(_withheld(run_id)).scalar_one()
        addresses = _addresses_of_unrelated_tags(connection, run_id)
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
        "tags/doubts": next(doubt_of_addresses(addresses), None),
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
    site = connection.execute(select(runs.c.site).where(runs.c.id == run_id)).scalar_one()
    counts, is_its = (func.count(members.c.cluster_id), func.count()), pages.c.site == site
    compared = members.join(articles, articles.c.id == members.c.article_id).join(pages, _is_its_page())
    of_site = select(*counts).select_from(compared).where(is_its, articles.c.published_version.is_not(None))
    of_run = _shown(*counts).join(pages, _is_its_page()).where(is_its, _is_of(run_id))
    # Less those of the run: to look at each version whose it is takes longest.
    (joined, number), (joined_now, new) = (connection.execute(query).one() for query in (of_site, of_run))
    ours = _shown(members.c.cluster_id).where(_is_of(run_id), members.c.cluster_id.is_not(None))
    left = _shown(members.c.cluster_id, func.min(pages.c.site)).join(pages, _is_its_page())
    left = left.where(members.c.cluster_id.in_(ours), _is_of_others(run_id))
    single = connection.execute(left.group_by(members.c.cluster_id).having(func.count() == 1))
    by_this_run = sum(its == site for _, its in single)
    return joined - joined_now - by_this_run, number - new


def _is_its_page() -> ColumnElement[bool]:
    return pages.c.id == articles.c.page_id


def _addresses_of_unrelated_tags(connection: Connection, run_id: int) -> list[AddressSeen]:
    """Return the addresses that tags of a run's articles link to, and that tell nothing of their names."""
    links, addresses = schema.article_tags, schema.entity_addresses
    of_run = _published(links.c.address).join(links, links.c.article_id == articles.c.id).where(_is_of(run_id))
    query = select(addresses.c.address, func.count()).where(~addresses.c.is_evidence, addresses.c.address.in_(of_run))
    rows = connection.execute(query.group_by(addresses.c.address)).all()
    return [AddressSeen(address, forms, names_at(connection, address)) for address, forms in rows]


def _published(*columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).select_from(articles.join(versions, is_published()))
