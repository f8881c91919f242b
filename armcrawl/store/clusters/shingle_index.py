"""The index of shingles: which texts' sketches hold a hash, found by it.

An inverted index of posting lists: a row is a bucket of hashes, with every posting (a hash and a text's number) whose
hash falls into it. A row for each posting would take PostgreSQL 100 bytes, a packed posting takes 12.

Of a hash that many texts have, as those of one template do, the list has the lowest numbers only. These are hashes of
the texts, so that which texts are listed does not depend on the order in which they came.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, literal, or_, select

from armcrawl.fingerprints.shingles import BITS
from armcrawl.store.base import schema
from armcrawl.store.base.sql import write_among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import Connection

table, texts = schema.shingle_postings, schema.texts
# A million texts of 22 hashes make lists of about 90 postings, one kilobyte: short enough to be written again for
# each new one, long enough that a row's own 40 bytes weigh little (from 60,000 texts on).
BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
LOW_BITS = BITS - BUCKET_BITS
LOW = (1 << LOW_BITS) - 1
# Little-endian on every machine: the rest of a hash, a signed text's number of 64 bits.
POSTING = Struct("<Iq")
BYTES_OF_HASH = BITS // 8
# A run of words that more texts have is a formula: these texts are found by their other runs, or are copies of one
# text, for which it is enough that all are compared with the few first ones.
MAX_COMMON, LEADERS = 16, 4
# So many texts of a formula are listed, 12 kilobytes; behind them stands END, as there may be others. When half of
# them have gone the list is filled up.
MAX_LISTED = 1_024
END = (1 << 63) - 1
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


class State(NamedTuple):
    """Which texts of a list are compared with one another: all, or, of a formula, all with the leaders."""

    is_formula: bool
    leaders: tuple[int, ...]


@dataclass(slots=True)
class Index:
    """The lists of some hashes, as they are in the database or will be when they are saved."""

    connection: Connection
    lists: dict[int, list[int]] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    buckets: dict[int, bytes] = field(default_factory=dict)

    def load(self, hashes: Collection[int]) -> None:
        """Read the lists of hashes that were not read yet."""
        wanted = set(hashes) - self.lists.keys()
        self.lists |= {value: [] for value in wanted}
        if not wanted:
            return
        found = read_lists(self.connection, {value >> LOW_BITS for value in wanted})
        self.buckets |= found
        for bucket, postings in found.items():
            first = bucket << LOW_BITS
            for low, text_id in POSTING.iter_unpack(postings):
                if first + low in wanted:
                    self.lists[first + low].append(text_id)
        for value in wanted:
            self.lists[value].sort()

    def state(self, value: int) -> State:
        """Return how the texts of a list are compared."""
        found = self.lists[value]
        is_formula = len(found) > MAX_COMMON
        return State(is_formula, tuple(found[:LEADERS]) if is_formula else ())

    def add(self, text_id: int, hashes: Iterable[int]) -> None:
        """List a text."""
        for value in hashes:
            found = self.lists[value]
            if self.is_open(value) and text_id > found[-2]:
                continue
            if text_id not in found[(place := bisect_left(found, text_id)) : place + 1]:
                insort(found, text_id)
                self.changed.add(value)
            if len(found) > MAX_LISTED:
                found[MAX_LISTED:] = [END]

    def remove(self, text_id: int, hashes: Iterable[int]) -> None:
        """Take a text out of its lists."""
        for value in hashes:
            if text_id in self.lists[value]:
                self.lists[value].remove(text_id)
                self.changed.add(value)

    def fill_up(self) -> None:
        """Find the texts that lists lack of which many went."""
        for value in sorted(self.changed):
            if self.is_open(value) and len(self.listed(value)) <= max(MAX_COMMON, MAX_LISTED // 2):
                found = [text_id for text_id, _ in texts_with(self.connection, [value], MAX_LISTED + 1)]
                self.lists[value] = found if len(found) <= MAX_LISTED else [*found[:MAX_LISTED], END]

    def is_open(self, value: int) -> bool:
        """Tell whether more texts have a hash than are listed."""
        return self.lists[value][-1:] == [END]

    def listed(self, value: int) -> list[int]:
        """Return the texts that are listed for a hash."""
        return self.lists[value][:-1] if self.is_open(value) else self.lists[value]

    def save(self) -> None:
        """Write the lists that changed."""
        added: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
        for value in sorted(self.changed):
            low = value & LOW
            added[value >> LOW_BITS][low] = b"".join(POSTING.pack(low, text_id) for text_id in self.lists[value])
        lists = {
            bucket: _without(self.buckets.get(bucket, b""), changed) + b"".join(changed.values())
            for bucket, changed in added.items()
        }
        write_lists(self.connection, lists)
        self.changed.clear()


def packed(sketch: Iterable[int]) -> bytes:
    """Return a sketch as its text's row keeps it."""
    return b"".join(value.to_bytes(BYTES_OF_HASH, "big") for value in sorted(sketch))


def unpacked(sketch: bytes) -> frozenset[int]:
    """Return the sketch of a row."""
    return frozenset(
        int.from_bytes(sketch[start : start + BYTES_OF_HASH], "big") for start in range(0, len(sketch), BYTES_OF_HASH)
    )


def texts_with(
    connection: Connection, hashes: Collection[int], at_most: int | None = None
) -> list[tuple[int, frozenset[int]]]:
    """Return the texts that have any of some hashes, in their order, with their sketches: a walk over all texts."""
    needles = [literal(value.to_bytes(BYTES_OF_HASH, "big")) for value in hashes]
    if connection.dialect.name == "postgresql":
        places = [func.position(needle.op("IN")(texts.c.sketch)) for needle in needles]
    else:
        places = [func.instr(texts.c.sketch, needle) for needle in needles]
    query = select(texts).where(or_(*(place > 0 for place in places))).order_by(texts.c.id)
    found: list[tuple[int, frozenset[int]]] = []
    for row in connection.execute(query, execution_options={"yield_per": MAX_LISTED}):
        sketch = unpacked(row.sketch)
        if not sketch.isdisjoint(hashes):
            found.append((row.id, sketch))
        if len(found) == at_most:
            break
    return found


def read_lists(connection: Connection, buckets: Collection[int]) -> dict[int, bytes]:
    """Return what stands in some buckets."""
    wanted = ",".join(map(str, sorted(buckets)))
    if connection.dialect.name == "postgresql":
        rows = connection.exec_driver_sql(WANTED.format(IN_POSTGRESQL), (f"{{{wanted}}}",))
    else:
        rows = connection.exec_driver_sql(WANTED.format(IN_SQLITE), (f"[{wanted}]",))
    return dict(map(tuple, rows))


def all_lists(connection: Connection) -> Iterator[tuple[range, dict[int, bytes]]]:
    """Yield all lists, a range of buckets at a time."""
    for first in range(0, BUCKETS, BUCKETS_AT_ONCE):
        buckets = range(first, first + BUCKETS_AT_ONCE)
        query = select(table).where(table.c.bucket >= buckets.start, table.c.bucket < buckets.stop)
        yield buckets, {row.bucket: row.postings for row in connection.execute(query)}


def write_lists(connection: Connection, lists: Mapping[int, bytes]) -> None:
    """Write lists in the place of what stands there; an empty one has no row.

    In the drivers' own words: a text is in 22 of them, and all else about it takes a millisecond.
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


def _without(postings: bytes, lows: Collection[int]) -> bytes:
    """Return the postings of a bucket without those of some hashes."""
    starts = range(0, len(postings), POSTING.size)
    kept = (
        postings[start : start + POSTING.size]
        for start, (low, _) in zip(starts, POSTING.iter_unpack(postings), strict=True)
        if low not in lows
    )
    return b"".join(kept)
