"""Which articles of some texts are clusters, told from the relations of these texts and from the articles' dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import select

from armcrawl.fingerprints.comparing import MIN_SHARED, compare
from armcrawl.fingerprints.partition import partition
from armcrawl.items import Precision
from armcrawl.store.base import schema
from armcrawl.store.base.graph import connected_components
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.clusters.relations import JOINING, related_pairs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from armcrawl.store.clusters.relations import Pair
    from armcrawl.store.clusters.texts import Texts

articles, versions, members = schema.articles, schema.article_versions, schema.cluster_members
LAST = datetime.max.replace(tzinfo=UTC)
TOLD = [versions.c[name] for name in ("published_on", "date_precision", "published_at")]
MEMBERS, DATES = select(members), select(articles.c.id, articles.c.key, *TOLD).join(versions, is_published())

# What articles are ordered by: whether no day is known, the day, the moment, the key.
Place = tuple[bool, date, datetime, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that are a cluster: their text that came first, and their lowest key."""

    anchor: int
    key: str
    articles: frozenset[int]


@dataclass(slots=True)
class Grouping:
    """Finds clusters. `known` are texts that are copies of an anchor for sure, by the anchor."""

    texts: Texts
    known: Mapping[int, Collection[int]]
    threshold: float = MIN_SHARED

    def groups(self, text_ids: Collection[int], having: Mapping[int, Collection[int]], pairs: set[Pair]) -> list[Group]:
        """Return the clusters of some texts, by the articles that have each, and the pairs of copies among them."""
        pieces = [
            piece
            for piece in connected_components(text_ids, pairs)
            if sum(len(having.get(text_id, ())) for text_id in piece) > 1
        ]
        places = places_of(self.texts.source, set(chain.from_iterable(having.get(one, ()) for one in chain(*pieces))))
        copies: dict[int, set[int]] = {}
        for one, other in pairs:
            copies.setdefault(one, set()).add(other)
            copies.setdefault(other, set()).add(one)
        return [group for piece in pieces for group in self._parted(piece, having, copies, places)]

    def _parted(
        self,
        piece: Collection[int],
        having: Mapping[int, Collection[int]],
        copies: Mapping[int, set[int]],
        places: Mapping[int, Place],
    ) -> list[Group]:
        first = {
            text_id: min(shown)
            for text_id in piece
            if (shown := [places[one] for one in having.get(text_id, ()) if one in places])
        }

        def are_copies(anchor: int, others: Sequence[int]) -> set[int]:
            known = copies.get(anchor, set()).union(self.known.get(anchor, ()))
            open_ones = [other for other in others if other not in known]
            return known | self._copies_among(anchor, open_ones)

        groups = []
        for anchor, *others in partition(sorted(first, key=lambda text_id: first[text_id]), are_copies):
            found = {one for text_id in (anchor, *others) for one in having[text_id] if one in places}
            if len(found) > 1:
                groups.append(Group(anchor, min(places[one][-1] for one in found), frozenset(found)))
        return groups

    def _copies_among(self, anchor: int, others: Sequence[int]) -> set[int]:
        """Compare texts with an anchor that they were not compared with."""
        found = set[int]()
        for other in others:
            if self.texts.fetch((anchor, other)):
                continue
            grade = compare(self.texts.shingled(anchor), self.texts.shingled(other), self.threshold).grade
            if grade in JOINING:
                found.add(other)
        return found


def reach(connection: Connection, text_ids: Collection[int]) -> tuple[set[int], set[Pair]]:
    """Return the texts that copies of copies lead to from some texts, and all pairs of copies among them."""
    seen, pairs, new = set[int](), set[tuple[int, int]](), set(text_ids)
    while new:
        found = related_pairs(connection, new, are_copies=True)
        seen |= new
        pairs |= found
        new = set(chain.from_iterable(found)) - seen
    return seen, pairs


def having_texts(connection: Connection, text_ids: Collection[int]) -> dict[int, dict[int, int | None]]:
    """Return the articles that have some texts, by these, each with its cluster."""
    found: dict[int, dict[int, int | None]] = {}
    for row in among(connection, MEMBERS, members.c.text_id, text_ids):
        found.setdefault(row.text_id, {})[row.article_id] = row.cluster_id
    return found


def places_of(connection: Connection, article_ids: Collection[int]) -> dict[int, Place]:
    """Return the places of those of some articles that are shown; who has no exact day comes last."""
    return {
        row.id: (
            row.date_precision != Precision.DAY,
            row.published_on or date.max,
            row.published_at or LAST,
            row.key,
        )
        for row in among(connection, DATES, articles.c.id, article_ids)
    }
