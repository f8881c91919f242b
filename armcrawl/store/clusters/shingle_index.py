"""The index of shingles: which texts' sketches hold a hash, found by it.

An inverted index of posting lists: a row is a bucket of hashes, with every posting (a hash and a text's number) whose
hash falls into it. A row for each posting would take PostgreSQL 100 bytes, a packed posting takes 12.

Of a hash that many texts have, as those of one template do, the list has the lowest numbers only. These are hashes of
the texts, so that which texts are listed does not depend on the order in which they came.
"""

from __future__ import annotations

from bisect import bisect_left, insort
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
# A million texts of 24 hashes make lists of about 90 postings, one kilobyte: short enough to be written again for
# each new one, long enough that a row's own 40 bytes weigh little (from 60,000 texts on).
BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
LOW_BITS = BITS - BUCKET_BITS
LOW = (1 << LOW_BITS) - 1
# Little-endian on every machine: the rest of a hash, a signed text's number of 64 bits.
POSTING, LOW_OF_POSTING = Struct("<Iq"), Struct("<I")
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


NO_FORMULA = State(is_formula=False, leaders=())


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
        if not wanted:
            return
        self.buckets |= read_lists(self.connection, {value >> LOW_BITS for value in wanted})
        for value in wanted:
            postings = self.buckets.get(value >> LOW_BITS, b"")
            found = POSTING.iter_unpack(postings[_place_of(value & LOW, postings)])
            self.lists[value] = [text_id for _, text_id in found]

    def state(self, value: int) -> State:
        """Return how the texts of a list are compared."""
        found = self.lists[value]
        return State(is_formula=True, leaders=tuple(found[:LEADERS])) if len(found) > MAX_COMMON else NO_FORMULA

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
        return bool(found := self.lists[value]) and found[-1] == END

    def listed(self, value: int) -> list[int]:
        """Return the texts that are listed for a hash."""
        return self.lists[value][:-1] if self.is_open(value) else self.lists[value]

    def save(self) -> None:
        """Write the lists that changed."""
        for value in sorted(self.changed):
            bucket, low = value >> LOW_BITS, value & LOW
            postings = self.buckets.get(bucket, b"")
            place = _place_of(low, postings)
            own = b"".join(POSTING.pack(low, text_id) for text_id in self.lists[value])
            self.buckets[bucket] = postings[: place.start] + postings[place.stop :] + own
        write_lists(
            self.connection, {bucket: self.buckets[bucket] for bucket in {one >> LOW_BITS for one in self.changed}}
        )
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
    # Closed, as the walk may end early: PostgreSQL's cursor would stay open.
    with connection.execute(query, execution_options={"yield_per": MAX_LISTED}) as rows:
        for row in rows:
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

    In the drivers' own words: a text is in 24 of them, and all else about it takes a millisecond.
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


def _place_of(low: int, postings: bytes) -> slice:
    """Return where in a bucket the postings of a hash stand, which is side by side and in the order of texts.

    They are searched for as bytes: of 90 postings that a bucket has, one or none is wanted.
    """
    needle, start = LOW_OF_POSTING.pack(low), 0
    while (start := postings.find(needle, start)) % POSTING.size and start >= 0:
        start += 1
    start = stop = len(postings) if start < 0 else start
    while postings.startswith(needle, stop):
        stop += POSTING.size
    return slice(start, stop)
