"""The index of shingles: which articles' sketches hold a hash, found by it.

An inverted index of posting lists: a row is a bucket of hashes, with every posting (a hash and an article's id) whose
hash falls into it. A row for each posting would take PostgreSQL 100 bytes, a packed posting takes 12.

What an article costs depends on the article alone: a hash is listed for so many articles and no more, and an article is
compared with so many others and no more, however many were made from its template.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from heapq import nsmallest
from itertools import chain
from struct import Struct
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import delete, select

from armcrawl.fingerprints.shingles import SKETCH
from armcrawl.store.base import schema
from armcrawl.store.base.sql import write_among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection

# Articles' hashes, by their ids; postings, by their buckets.
Sketches: TypeAlias = "Mapping[int, frozenset[int]]"
Lists: TypeAlias = "dict[int, bytes]"

table = schema.shingle_postings
# A million articles of 24 hashes make lists of about 90 postings, one kilobyte: short enough to be written again for
# each new one, long enough that a row's own 40 bytes weigh little (from 60,000 articles on). A power of two, so that
# the lowest bits choose.
BUCKETS = 1 << 18
# Little-endian on every machine: a signed hash of 64 bits, an article's id of 32. Ids are counted up from 1, and no
# press prints four billion articles.
POSTING = Struct("<qI")
# One hash in common may be a set phrase.
MIN_IN_COMMON = 2
# A run of words that so many articles have among their lowest is a formula: later ones are found by their other
# runs, or through these: they are more than an article is compared with.
MAX_LISTED = 16
# Of 24 hashes at most twelve texts that have nothing in common with one another can share two each: a digest finds
# all its parts, and of a hundred copies of one text an article is compared with enough to be one of them.
MAX_COMPARED = 12
UPSERT = (
    f"INSERT INTO {table.name} (bucket, postings) {{}} ON CONFLICT (bucket) DO UPDATE SET postings = excluded.postings"
)
FROM_POSTGRESQL = (
    "SELECT bucket::int, decode(postings, 'hex') "
    "FROM unnest(string_to_array(%s, ','), string_to_array(%s, ',')) AS given (bucket, postings)"
)
# Some megabytes at a time.
BUCKETS_AT_ONCE = 4_096
# The numbers are one text: thousands of parameters, or of numbers in the statement, would take longer than the search.
WANTED = f"SELECT bucket, postings FROM {table.name} WHERE bucket {{}}"  # noqa: S608 - a name of our own
IN_POSTGRESQL, IN_SQLITE = "= ANY(CAST(%s AS int[]))", "IN (SELECT value FROM json_each(?))"


def add(connection: Connection, sketches: Sketches) -> dict[int, list[int]]:
    """Put articles into the index, one after another; return for each with which before it it is to be compared.

    One that is in it is listed where it is not yet, and compared anew. In a transaction of `writing`, so that nobody
    else changes the lists meanwhile.
    """
    lists = _lists_of(connection, sketches)
    owners = _owners(lists, set(chain.from_iterable(sketches.values())))
    added: defaultdict[int, bytearray] = defaultdict(bytearray)
    found: dict[int, list[int]] = {}
    for article_id, hashes in sketches.items():
        shared = Counter(chain.from_iterable(owners[value] for value in hashes if value in owners))
        del shared[article_id]
        found[article_id] = _most_alike(shared)
        for value in hashes:
            listed = owners[value]
            if len(listed) < MAX_LISTED and article_id not in listed:
                listed.append(article_id)
                added[value % BUCKETS] += POSTING.pack(value, article_id)
    write_lists(connection, {bucket: lists.get(bucket, b"") + bytes(postings) for bucket, postings in added.items()})
    return found


def remove(connection: Connection, sketches: Sketches) -> None:
    """Take articles out of their lists, in a transaction of `writing`."""
    removed = {POSTING.pack(value, article_id) for article_id, hashes in sketches.items() for value in hashes}
    kept = {
        bucket: b"".join(posting for posting in _split(postings) if posting not in removed)
        for bucket, postings in _lists_of(connection, sketches).items()
    }
    write_lists(connection, kept)


def without(lists: Lists, article_ids: Collection[int]) -> Lists:
    """Return lists without the postings of some articles."""
    if not article_ids:
        return lists
    return {
        bucket: b"".join(one for one in _split(postings) if POSTING.unpack(one)[1] not in article_ids)
        for bucket, postings in lists.items()
    }


def all_lists(connection: Connection) -> Iterator[tuple[range, Lists]]:
    """Yield all lists, a range of buckets at a time."""
    for first in range(0, BUCKETS, BUCKETS_AT_ONCE):
        buckets = range(first, first + BUCKETS_AT_ONCE)
        query = select(table).where(table.c.bucket >= buckets.start, table.c.bucket < buckets.stop)
        yield buckets, {row.bucket: row.postings for row in connection.execute(query)}


def write_lists(connection: Connection, lists: Mapping[int, bytes]) -> None:
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
    empty = [bucket for bucket, postings in lists.items() if not postings]
    write_among(connection, delete(table), table.c.bucket, empty)


def _lists_of(connection: Connection, sketches: Sketches) -> Lists:
    """Return the lists in which the hashes of these sketches may stand."""
    wanted = ",".join(map(str, sorted({value % BUCKETS for hashes in sketches.values() for value in hashes})))
    if connection.dialect.name == "postgresql":
        rows = connection.exec_driver_sql(WANTED.format(IN_POSTGRESQL), (f"{{{wanted}}}",))
    else:
        rows = connection.exec_driver_sql(WANTED.format(IN_SQLITE), (f"[{wanted}]",))
    return dict(map(tuple, rows))


def _owners(lists: Lists, wanted: Collection[int]) -> defaultdict[int, list[int]]:
    """Return the articles that are listed for each wanted hash."""
    owners: defaultdict[int, list[int]] = defaultdict(list)
    for postings in lists.values():
        for value, article_id in POSTING.iter_unpack(postings):
            if value in wanted:
                owners[value].append(article_id)
    return owners


def _most_alike(shared: Mapping[int, int]) -> list[int]:
    """Return which articles share most hashes, of equals those that came first.

    Who shares half of a sketch is alike for sure, and more does not count: so the articles of a series are compared
    with the same few, which are in memory.
    """
    enough = [
        (-min(number, SKETCH // 2), article_id) for article_id, number in shared.items() if number >= MIN_IN_COMMON
    ]
    return [article_id for _, article_id in nsmallest(MAX_COMPARED, enough)]


def _split(postings: bytes) -> Iterator[bytes]:
    return (postings[start : start + POSTING.size] for start in range(0, len(postings), POSTING.size))
