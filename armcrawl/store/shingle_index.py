"""The index of shingles: which articles' sketches hold a hash, found by it.

An inverted index of posting lists: a row is a bucket of hashes, with every posting (a hash and an article's id) whose
hash falls into it. A row for each posting would take PostgreSQL 100 bytes, a packed posting takes 12.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from struct import Struct
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Self, TypeAlias

from sqlalchemy import delete, select

from armcrawl.store import schema
from armcrawl.store.queries import chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection

# Articles' hashes, by their ids; postings, by their buckets.
Sketches: TypeAlias = "Mapping[int, frozenset[int]]"
Lists: TypeAlias = "dict[int, bytes]"

table = schema.shingle_postings
# A million articles of 24 hashes make lists of about 90 postings, one kilobyte: short enough to be written again for
# each new one, long enough that a row's own 40 bytes weigh little (from 60,000 articles on). A hash that many articles
# share makes a long one, until `dedupe rebuild` finds it common. A power of two, so that the lowest bits choose.
BUCKETS = 1 << 18
# Little-endian on every machine: a signed hash of 64 bits, an article's id of 32. Ids are counted up from 1, and no
# press prints four billion articles.
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


class Filling:
    """Postings of all articles, on their way into an empty index: sorted on disk, so that each list is written once.

    PostgreSQL would keep every version of a list until the transaction ends. Each file of the temporary folder holds a
    range of buckets; all of them take 288 bytes an article.
    """

    def __init__(self) -> None:
        self.parts = [TemporaryFile() for _ in range(0, BUCKETS, BUCKETS_AT_ONCE)]  # noqa: SIM115 - __exit__ closes them

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for part in self.parts:
            part.close()

    def add(self, sketches: Sketches) -> None:
        """Take articles in."""
        for article_id, hashes in sketches.items():
            for value in hashes:
                self.parts[value % BUCKETS // BUCKETS_AT_ONCE].write(POSTING.pack(value, article_id))

    def held_by(self, least: int) -> Iterator[int]:
        """Yield the hashes that so many articles or more hold."""
        for part in self._read():
            counted = Counter(value for value, _ in POSTING.iter_unpack(part))
            yield from (value for value, times in counted.items() if times >= least)

    def write(self, connection: Connection) -> None:
        """Put all of it in the place of what is in the index."""
        connection.execute(delete(table))
        for part in self._read():
            lists: defaultdict[int, bytearray] = defaultdict(bytearray)
            for value, article_id in POSTING.iter_unpack(part):
                lists[value % BUCKETS] += POSTING.pack(value, article_id)
            _append(connection, {}, lists)

    def _read(self) -> Iterator[bytes]:
        for part in self.parts:
            part.seek(0)
            yield part.read()


def lists_of(connection: Connection, sketches: Sketches) -> Lists:
    """Return the lists in which the hashes of these sketches may stand."""
    return _read(connection, {value % BUCKETS for hashes in sketches.values() for value in hashes})


def _read(connection: Connection, buckets: Collection[int]) -> Lists:
    found: Lists = {}
    for some in chunks(sorted(buckets)):
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
    """Add articles to their lists, as they were read in this transaction of `writing`: nobody else changes them."""
    added: defaultdict[int, bytearray] = defaultdict(bytearray)
    _pack(sketches, added)
    _append(connection, lists, added)


def _pack(sketches: Sketches, lists: defaultdict[int, bytearray]) -> None:
    for article_id, hashes in sketches.items():
        for value in hashes:
            lists[value % BUCKETS] += POSTING.pack(value, article_id)


def _append(connection: Connection, lists: Lists, added: Mapping[int, bytearray]) -> None:
    _write(connection, {bucket: lists.get(bucket, b"") + bytes(postings) for bucket, postings in added.items()})


def remove(connection: Connection, sketches: Sketches) -> None:
    """Take articles out of their lists, in a transaction of `writing`."""
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
    filled = sorted((bucket, postings) for bucket, postings in lists.items() if postings)
    for start in range(0, len(filled), BUCKETS_AT_ONCE):
        some = filled[start : start + BUCKETS_AT_ONCE]
        if connection.dialect.name == "postgresql":
            buckets, postings = ",".join(str(one) for one, _ in some), ",".join(one.hex() for _, one in some)
            connection.exec_driver_sql(UPSERT.format(FROM_POSTGRESQL), (buckets, postings))
        else:
            connection.exec_driver_sql(UPSERT.format("VALUES (?, ?)"), some)
    for empty in chunks([bucket for bucket, postings in lists.items() if not postings]):
        connection.execute(delete(table).where(table.c.bucket.in_(empty)))
