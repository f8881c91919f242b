"""The index of shingles: which articles' sketches hold a hash, found by it.

An inverted index of posting lists: a row is a bucket of hashes, with every posting (a hash and an article's id) whose
hash falls into it. A row for each posting would take PostgreSQL 100 bytes, a packed posting takes 12.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from struct import Struct
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import delete, select

from armcrawl.store import schema
from armcrawl.store.queries import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

# Articles' hashes, by their ids; postings, by their buckets.
Sketches: TypeAlias = "Mapping[int, frozenset[int]]"
Lists: TypeAlias = "dict[int, bytes]"

table = schema.shingle_postings
# A million articles of 24 hashes make lists of about 90 postings, one kilobyte: short enough to be written again for
# each new one, long enough that a row's own 40 bytes weigh little. A power of two, so that the lowest bits choose.
BUCKETS = 1 << 18
# Little-endian on every machine: a signed hash of 64 bits, an article's id of 32.
POSTING = Struct("<qI")
# One hash in common may be a set phrase.
LEAST_IN_COMMON = 2
UPSERT = (
    f"INSERT INTO {table.name} (bucket, postings) {{}} ON CONFLICT (bucket) DO UPDATE SET postings = excluded.postings"
)
FROM_POSTGRESQL = (
    "SELECT bucket::int, decode(postings, 'hex') "
    "FROM unnest(string_to_array(%s, ','), string_to_array(%s, ',')) AS given (bucket, postings)"
)
# Some megabytes at a time.
BUCKETS_AT_ONCE = 4_096


def lists_of(connection: Connection, sketches: Sketches) -> Lists:
    """Return the lists in which the hashes of these sketches may stand."""
    found: Lists = {}
    for some in chunks(sorted({value % BUCKETS for hashes in sketches.values() for value in hashes})):
        # Numbers of our own, written out: thousands of parameters would take longer than the search.
        wanted = f"SELECT bucket, postings FROM {table.name} WHERE bucket IN ({','.join(map(str, some))})"  # noqa: S608
        found |= dict(map(tuple, connection.exec_driver_sql(wanted)))
    return found


def candidates(lists: Lists, sketches: Sketches) -> dict[int, set[int]]:
    """Return for each article which others, of its lists or given, share enough hashes with it to be compared."""
    owners: dict[int, set[int]] = defaultdict(set)
    for article_id, hashes in sketches.items():
        for value in hashes:
            owners[value].add(article_id)
    for postings in lists.values():
        for value, article_id in POSTING.iter_unpack(postings):
            if value in owners:
                owners[value].add(article_id)
    found: dict[int, set[int]] = {}
    for article_id, hashes in sketches.items():
        shared = Counter(other for value in hashes for other in owners[value] if other != article_id)
        found[article_id] = {other for other, number in shared.items() if number >= LEAST_IN_COMMON}
    return found


def add(connection: Connection, lists: Lists, sketches: Sketches) -> None:
    """Add articles to their lists; whoever calls holds the lock of clusters, so that nobody else writes these."""
    added: dict[int, bytearray] = defaultdict(bytearray)
    for article_id, hashes in sketches.items():
        for value in hashes:
            added[value % BUCKETS] += POSTING.pack(value, article_id)
    _write(connection, {bucket: lists.get(bucket, b"") + postings for bucket, postings in added.items()})


def remove(connection: Connection, sketches: Sketches) -> None:
    """Take articles out of their lists."""
    removed = {POSTING.pack(value, article_id) for article_id, hashes in sketches.items() for value in hashes}
    kept = {
        bucket: b"".join(posting for posting in _split(postings) if posting not in removed)
        for bucket, postings in lists_of(connection, sketches).items()
    }
    _write(connection, kept)


def all_postings(connection: Connection) -> Iterator[list[tuple[int, int]]]:
    """Yield the postings of each bucket: hashes and ids of articles."""
    for first in range(0, BUCKETS, BUCKETS_AT_ONCE):
        query = select(table.c.postings).where(table.c.bucket >= first, table.c.bucket < first + BUCKETS_AT_ONCE)
        for postings in connection.execute(query).scalars().all():
            yield list(POSTING.iter_unpack(postings))


def _split(postings: bytes) -> Iterator[bytes]:
    return (postings[start : start + POSTING.size] for start in range(0, len(postings), POSTING.size))


def _write(connection: Connection, lists: Lists) -> None:
    """Write lists in the place of what stands there; an empty one has no row.

    In the drivers' own words: an article is in 24 of them, and all else about it takes a millisecond.
    """
    filled = {bucket: postings for bucket, postings in lists.items() if postings}
    if filled and connection.dialect.name == "postgresql":
        buckets, postings = ",".join(map(str, filled)), ",".join(map(bytes.hex, filled.values()))
        connection.exec_driver_sql(UPSERT.format(FROM_POSTGRESQL), (buckets, postings))
    elif filled:
        connection.exec_driver_sql(UPSERT.format("VALUES (?, ?)"), list(filled.items()))
    for some in chunks(list(lists.keys() - filled.keys())):
        connection.execute(delete(table).where(table.c.bucket.in_(some)))
