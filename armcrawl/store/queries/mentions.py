"""Where the database tells of a page elsewhere: in other articles, in what sources showed, and in its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from armcrawl.sites import PageKey
from armcrawl.store.base.database import reading
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, cluster_members, pages, sightings
from armcrawl.store.base.sql import is_one_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Engine


class Wording(NamedTuple):
    """What was read on pages: titles, and texts."""

    titles: frozenset[str]
    texts: frozenset[str]


def wording_of(engine: Engine, keys: Collection[PageKey]) -> Wording:
    """Return all titles and texts that the database has of pages, also what sources say of them."""
    query = select(versions.c.title, versions.c.lead, versions.c.body).join(
        articles, articles.c.id == versions.c.article_id
    )
    query = query.join(pages, pages.c.id == articles.c.page_id).where(is_one_of(keys))
    titles, texts = set[str](), set[str]()
    with reading(engine) as connection:
        for row in connection.execute(query):
            titles.add(row.title)
            texts |= {row.lead or "", row.body}
        for key in keys:
            of_page = [sightings.c[name] == value for name, value in key._asdict().items()]
            shown = select(sightings.c.title, sightings.c.text).where(*of_page)
            for title, text in connection.execute(shown):
                titles.add(title or "")
                texts.add(text or "")
    return Wording(frozenset(filter(None, titles)), frozenset(filter(None, texts)))


def copies_elsewhere(engine: Engine, keys: Collection[PageKey]) -> list[str]:
    """Return the keys of other articles in the clusters of pages: reprints, on this site or another."""
    own = (
        select(cluster_members.c.cluster_id)
        .join(articles, articles.c.id == cluster_members.c.article_id)
        .where(articles.c.key.in_([str(key) for key in keys]), cluster_members.c.cluster_id.is_not(None))
    )
    query = select(articles.c.key).join(cluster_members, cluster_members.c.article_id == articles.c.id)
    with reading(engine) as connection:
        found = connection.execute(query.where(cluster_members.c.cluster_id.in_(own))).scalars()
        return sorted(set(found) - {str(key) for key in keys})


def told_elsewhere(engine: Engine, keys: Collection[PageKey], passages: Collection[str]) -> list[str]:
    """Return the keys of other pages whose article, or what sources say of them, has one of some passages."""
    if not passages:
        return []
    own, found = {str(key) for key in keys}, set[str]()
    of_articles = select(articles.c.key, versions.c.title, versions.c.lead, versions.c.body, versions.c.document)
    of_articles = of_articles.join(versions, versions.c.article_id == articles.c.id)
    shown = select(sightings.c.site, sightings.c.section, sightings.c.external_id, sightings.c.title, sightings.c.text)
    with reading(engine) as connection:
        for key, *texts in connection.execution_options(yield_per=500).execute(of_articles):
            if key not in own and _has(passages, *texts):
                found.add(key)
        for site, section, external_id, *texts in connection.execute(shown):
            key = str(PageKey(site, section, external_id))
            if key not in own and _has(passages, *texts):
                found.add(key)
    return sorted(found)


def _has(passages: Collection[str], *texts: object) -> bool:
    whole = " ".join(" ".join(map(str, filter(None, texts))).split())
    return any(one in whole for one in passages)
