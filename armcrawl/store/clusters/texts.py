"""The texts of articles, each once: which articles have one, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.fingerprints.shingles import Shingled, shingled, sketch
from armcrawl.store.base import schema
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.clusters.shingle_index import packed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

articles, versions, members = schema.articles, schema.article_versions, schema.cluster_members
# An article of images alone has no text that another could share: «Фото дня» is a title.
SHOWN = (
    select(articles.c.id, versions.c.title, versions.c.body).join(versions, is_published()).where(versions.c.body != "")
)
# Texts that are kept as they are compared, some 40 MB: those of a template are compared with the same few.
MAX_KEPT = 2_048
# By their numbers, which are hashes of them: what is kept stays right.
_kept: dict[int, Shingled] = {}


def text_of(title: str, body: str) -> str:
    """Return what is compared of an article."""
    return f"{title}\n\n{body}"


def number_of(text: str) -> int:
    """Return the number of a text: 64 bits of a hash, the same in every database."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def sketched(shown: dict[int, str]) -> tuple[dict[int, int], dict[int, bytes]]:
    """Return the numbers of articles' texts, and by these the sketches as rows keep them."""
    numbers = {article_id: number_of(text) for article_id, text in shown.items()}
    texts = {numbers[article_id]: text for article_id, text in shown.items()}
    return numbers, {number: packed(sketch(shingled(text))) for number, text in texts.items()}


def shown_texts(connection: Connection, article_ids: Collection[int]) -> dict[int, str]:
    """Return the texts of those of some articles that have one, of the versions that are shown."""
    return {row.id: text_of(row.title, row.body) for row in among(connection, SHOWN, articles.c.id, article_ids)}


@dataclass(slots=True)
class Texts:
    """What texts say: those at hand, and those of the articles in `source`, whose texts `members` tells."""

    members: Connection
    source: Connection
    at_hand: Mapping[int, str] = field(default_factory=dict)

    def shingled(self, text_id: int) -> Shingled:
        """Return a text as it is compared, one that is at hand or was fetched."""
        if text_id not in _kept and text_id in self.at_hand:
            _keep(text_id, shingled(self.at_hand[text_id]))
        elif text_id not in _kept:
            self.fetch((text_id,))
        return _kept[text_id]

    def fetch(self, text_ids: Iterable[int]) -> set[int]:
        """Have texts at hand; return those that are not to be had, as their article has another one by now."""
        wanted = set(text_ids)
        for one in wanted & _kept.keys():  # they are the last to be thrown away
            _keep(one, _kept.pop(one))
        missing = wanted - _kept.keys() - self.at_hand.keys()
        first = select(func.min(members.c.article_id)).group_by(members.c.text_id)
        for owners in (first, select(members.c.article_id)):
            wanted = missing - _kept.keys()
            ids = {row[0] for row in among(self.members, owners, members.c.text_id, wanted)}
            query = select(versions.c.title, versions.c.body)
            for row in among(self.source, query, versions.c.article_id, ids):
                text = text_of(row.title, row.body)
                if (text_id := number_of(text)) in wanted:
                    _keep(text_id, shingled(text))
        return missing - _kept.keys()


def _keep(text_id: int, text: Shingled) -> None:
    while len(_kept) >= MAX_KEPT:
        del _kept[next(iter(_kept))]
    _kept[text_id] = text
