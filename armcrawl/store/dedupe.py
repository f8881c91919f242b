"""Making all clusters anew, and telling what that changes; comparing two articles passage by passage."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from tempfile import gettempdir
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.fingerprints.comparing import NEAR_MOST
from armcrawl.store import schema
from armcrawl.store.clustering import recluster
from armcrawl.store.database import reading, writing
from armcrawl.store.relations import fingerprint, read_common, relate_indexed, text_of
from armcrawl.store.shingle_index import Filling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection, Engine

    from armcrawl.addresses import PageKey

articles, versions = schema.articles, schema.article_versions
# A rebuild holds so many articles in memory at a time.
CHUNK = 500
# A run of words in so many articles tells nothing of any two of them; and it must be in this share of all.
COMMON_LEAST, COMMON_SHARE = 20, 0.005


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild changed: clusters by their articles' keys, before and after."""

    articles: int
    clusters: int
    gained: tuple[tuple[str, ...], ...]
    lost: tuple[tuple[str, ...], ...]


class _TriedOnlyError(Exception):
    """Ends the transaction of a rebuild that was only tried."""


def rebuild(engine: Engine, *, threshold: float = NEAR_MOST, is_tried: bool = False) -> Rebuilt:
    """Make the list of common shingles, the index, relations and clusters anew, in one transaction.

    `threshold` is the containment above which two texts are near; `is_tried` leaves all as it was.
    """
    found: list[Rebuilt] = []
    try:
        with writing(engine) as connection:
            found.append(_rebuild(connection, threshold))
            _undo(is_tried=is_tried)
    except _TriedOnlyError:
        pass
    except OSError as error:
        raise ArmcrawlError(
            f"No room for temporary files in {gettempdir()} ({error.strerror}): set TMPDIR to a larger disk's folder."
        ) from error
    return found[0]


def _undo(*, is_tried: bool) -> None:
    if is_tried:
        raise _TriedOnlyError


def _rebuild(connection: Connection, threshold: float) -> Rebuilt:
    before = clusters_by_key(connection)
    for table in (schema.clusters, schema.relations, schema.common_shingles):
        connection.execute(delete(table))
    number = connection.execute(select(func.count()).select_from(articles)).scalar_one()
    with Filling() as filling:
        _fill(connection, filling, ())
        rows = [{"hash": value} for value in filling.held_by(max(COMMON_LEAST, ceil(COMMON_SHARE * number)))]
        if rows:
            connection.execute(insert(schema.common_shingles), rows)
    common = read_common(connection)
    with Filling() as filling:
        _fill(connection, filling, common)
        filling.write(connection)
    for chunk in _texts(connection):
        relate_indexed(connection, dict(chunk), common, threshold)
    recluster(connection)
    after = clusters_by_key(connection)
    return Rebuilt(number, len(after), tuple(sorted(after - before)), tuple(sorted(before - after)))


def _fill(connection: Connection, filling: Filling, common: Collection[int]) -> None:
    """Take in the postings of all articles, without what is common."""
    for chunk in _texts(connection):
        filling.add({article_id: fingerprint(text, common).sketch for article_id, text in chunk})


def _texts(connection: Connection) -> Iterator[list[tuple[int, str]]]:
    """Yield the shown texts of all articles in pieces, in the order of their ids."""
    after = 0
    is_shown = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.published_version)
    query = select(articles.c.id, versions.c.title, versions.c.body).join(versions, is_shown).order_by(articles.c.id)
    while rows := connection.execute(query.where(articles.c.id > after).limit(CHUNK)).all():
        yield [(row.id, text_of(row.title, row.body)) for row in rows]
        after = rows[-1].id


def clusters_by_key(connection: Connection) -> set[tuple[str, ...]]:
    """Return each cluster as the sorted keys of its articles."""
    members = schema.cluster_members
    query = select(members.c.cluster_id, articles.c.key).join(articles, articles.c.id == members.c.article_id)
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.cluster_id, []).append(row.key)
    return {tuple(sorted(keys)) for keys in found.values()}


def text_by_key(engine: Engine, key: PageKey) -> str:
    """Return the text of an article; raises UsageError for one that is not stored."""
    is_shown = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.published_version)
    query = select(versions.c.title, versions.c.body).join(articles, is_shown).where(articles.c.key == str(key))
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise UsageError(f"The database has no article {key}.")
    return text_of(row.title, row.body)
