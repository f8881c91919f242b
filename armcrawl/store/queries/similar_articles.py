"""Which articles share text with an article: copies, excerpts, and others of which it shares a part.

Copies and excerpts are written down. Of others it is found anew which ones share passages, by the index of shingles:
those that share enough of the lowest hashes of both.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from armcrawl.fingerprints.comparing import compare
from armcrawl.items import Grade
from armcrawl.store.base import schema
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.clusters.relations import ENDS, MIN_IN_COMMON
from armcrawl.store.clusters.shingle_index import Index, unpacked
from armcrawl.store.clusters.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from sqlalchemy import Connection

    from armcrawl.fingerprints.comparing import Rule

articles, versions, members = schema.articles, schema.article_versions, schema.cluster_members
texts, relations = schema.texts, schema.relations

# Articles of each sort that are listed, and texts that are compared anew: each takes some milliseconds.
MAX_SIMILAR, MAX_COMPARED = 20, 12

# What less of a text shares is a set phrase or two: a paragraph of background is a tenth of a page of news.
MIN_SHARED = 0.1


class Similar(NamedTuple):
    """An article that shares text with another one.

    Of the other's text `of_other` is in this one, from 0 to 1, and of this one's text `of_own` in the other. `grade` is
    `different` where the two tell different news, and `rule` then tells why.
    """

    key: str
    title: str
    published_on: date | None
    date_precision: str | None
    grade: Grade
    rule: Rule | None
    of_other: float
    of_own: float
    is_in_cluster: bool


def similar_to(connection: Connection, key: str) -> list[Similar]:
    """Return the articles that share text with an article: copies first, then excerpts, then others, by what is shared.

    At most MAX_SIMILAR of each sort; none for an article that waits to be compared.
    """
    own = select(members.c.article_id, members.c.text_id, members.c.cluster_id)
    row = connection.execute(
        own.join(articles, articles.c.id == members.c.article_id).where(articles.c.key == key)
    ).first()
    if row is None:
        return []
    related = _related(connection, row.text_id)
    found = [
        *_shown(connection, row, {row.text_id: _Shared(Grade.SAME, None, 1.0, 1.0)} | related),
        *_shown(connection, row, _of_background(connection, row.text_id, related)),
    ]
    order = {grade: rank for rank, grade in enumerate(Grade)}
    found.sort(key=lambda one: (order[one.grade], -max(one.of_other, one.of_own), one.key))
    numbers: Counter[Grade] = Counter()
    kept = []
    for one in found:
        numbers[one.grade] += 1
        if numbers[one.grade] <= MAX_SIMILAR:
            kept.append(one)
    return kept


class _Shared(NamedTuple):
    grade: Grade
    rule: Rule | None
    of_other: float
    of_own: float


def _related(connection: Connection, text_id: int) -> dict[int, _Shared]:
    """Return the texts whose relation to a text is written down."""
    found = {}
    for end, other, is_first in ((*ENDS, True), (*reversed(ENDS), False)):
        for row in connection.execute(select(relations).where(end == text_id)):
            shares = row.containment_second, row.containment_first
            of_other, of_own = shares if is_first else reversed(shares)
            found[getattr(row, other.name)] = _Shared(Grade(row.grade), None, of_other, of_own)
    return found


def _of_background(connection: Connection, text_id: int, related: Collection[int]) -> dict[int, _Shared]:
    """Compare a text with those that share hashes of its sketch, and are neither copies nor excerpts."""
    sketch = connection.execute(select(texts.c.sketch).where(texts.c.id == text_id)).scalar_one()
    hashes = unpacked(sketch)
    index = Index(connection)
    index.load(hashes)
    lists = (state.leaders or index.listed(value) for value in hashes for state in (index.state(value),))
    shared = Counter(chain.from_iterable(lists))
    near = [one for one, number in shared.items() if number >= MIN_IN_COMMON and one != text_id and one not in related]
    near = sorted(near, key=lambda one: (-shared[one], one))[:MAX_COMPARED]
    known = Texts(connection, connection)
    lost = known.fetch([text_id, *near])
    found = {}
    for other in near if text_id not in lost else ():
        if other in lost:
            continue
        compared = compare(known.shingled(other), known.shingled(text_id))
        if compared.grade is Grade.DIFFERENT and max(compared.containment_a, compared.containment_b) >= MIN_SHARED:
            found[other] = _Shared(compared.grade, compared.rule, compared.containment_a, compared.containment_b)
    return found


def _shown(connection: Connection, own: Any, shared: Mapping[int, _Shared]) -> Iterator[Similar]:
    """Yield the articles that have some texts, but for the one that was asked for."""
    told = (versions.c.title, versions.c.published_on, versions.c.date_precision)
    query = select(members.c.text_id, members.c.article_id, members.c.cluster_id, articles.c.key, *told)
    query = query.join(articles, articles.c.id == members.c.article_id).join(versions, is_published())
    for row in among(connection, query, members.c.text_id, shared):
        if row.article_id != own.article_id:
            is_in_cluster = row.cluster_id is not None and row.cluster_id == own.cluster_id
            yield Similar(row.key, row.title, row.published_on, row.date_precision, *shared[row.text_id], is_in_cluster)
