"""Relations between texts that have passages in common: found in the index, decided by the texts themselves.

Which texts are compared depends on the texts alone: those that share two hashes, of which not many texts have one; and
of many that share most of their hashes each one with the first of them. So the relations are the same whatever came
first, and a thousand copies have some thousands of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, tuple_

from armcrawl.fingerprints.comparing import MIN_SHARED, compare
from armcrawl.fingerprints.shingles import sketch
from armcrawl.items import Grade
from armcrawl.store.base import schema
from armcrawl.store.base.sql import among, chunks, upsert, write_among
from armcrawl.store.clusters.shingle_index import Index, packed, texts_with, unpacked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from armcrawl.store.clusters.shingle_index import State
    from armcrawl.store.clusters.texts import Texts

texts, relations = schema.texts, schema.relations
ENDS = (relations.c.first_id, relations.c.second_id)
# Grades that put two texts into one cluster.
JOINING = (Grade.SAME, Grade.NEAR)
PAIRS, SKETCHES = select(*ENDS), select(texts)
COPIES = PAIRS.where(relations.c.grade.in_(JOINING))
# One hash in common may be a set phrase.
MIN_IN_COMMON = 2
# The share of its hashes that a text shares with the leaders of a formula to be compared with them: copies that differ
# in words share more, and notes of one template, which have facts of their own, up to 0.6.
MIN_OF_FORMULAS = 2 / 3
# Pairs whose texts are in memory at a time.
PAIRS_AT_ONCE = 500

Pair = tuple[int, int]


def related_pairs(connection: Connection, text_ids: Collection[int], *, are_copies: bool = False) -> set[Pair]:
    """Return the relations that some texts have, or those to copies."""
    query = COPIES if are_copies else PAIRS
    return {(row[0], row[1]) for end in ENDS for row in among(connection, query, end, text_ids)}


@dataclass(slots=True)
class Relating:
    """A change of the texts that are there, and what follows from it for the relations of all of them.

    `has_dropped` tells whether a relation between texts that stay went.
    """

    connection: Connection
    texts: Texts
    threshold: float = MIN_SHARED
    sketches: dict[int, frozenset[int]] = field(default_factory=dict, init=False)
    has_dropped: bool = field(default=False, init=False)

    def admit(self, came: Collection[int]) -> None:
        """Write the rows of texts."""
        self.sketches |= {one: sketch(self.texts.shingled(one)) for one in came}
        rows = [{"id": text_id, "sketch": packed(self.sketches[text_id])} for text_id in sorted(came)]
        upsert(self.connection, texts, rows, ("id",))

    def settle(self, came: Collection[int], gone: Collection[int]) -> set[int]:
        """List texts that were admitted, and forget others; return those that stay whose relations may be others."""
        self._read_sketches(gone)
        index = Index(self.connection)
        index.load({value for text_id in (*came, *gone) for value in self.sketches.get(text_id, ())})
        before = {value: index.state(value) for value in index.lists}
        related = {one for pair in related_pairs(self.connection, gone) for one in pair}
        for end in ENDS:
            write_among(self.connection, delete(relations), end, gone)
        write_among(self.connection, delete(texts), texts.c.id, gone)
        for text_id in gone:
            index.remove(text_id, self.sketches.pop(text_id, ()))
        for text_id in came:
            index.add(text_id, self.sketches[text_id])
        index.fill_up()
        index.save()
        pairs, doubtful = self._pairs(index, before, came)
        touched = self._drop(index, doubtful) | self._relate(index, pairs)
        return (related | touched).difference(gone)

    def relate(self, pairs: set[Pair]) -> None:
        """Compare the candidates among pairs of texts that are listed, and write their relations."""
        self._relate(Index(self.connection), pairs)

    def _pairs(self, index: Index, before: Mapping[int, State], came: Collection[int]) -> tuple[set[Pair], set[int]]:
        """Return the pairs that may have to be compared, and the texts that may have relations without reason now."""
        pairs = {(text_id, other) for text_id in came for other in self._neighbours(index, text_id)}
        doubtful, leading = set[int](), dict[int, list[int]]()
        for value, earlier in before.items():
            now, listed = index.state(value), index.listed(value)
            if now.is_formula and not earlier.is_formula:
                doubtful.update(listed)
            if earlier.is_formula and not now.is_formula:
                pairs |= set(combinations(listed, 2))
            doubtful |= set(earlier.leaders).difference(now.leaders)
            for leader in set(now.leaders).difference(earlier.leaders):
                leading.setdefault(leader, []).append(value)
        for leader, values in leading.items():
            others = set(chain.from_iterable(index.listed(value) for value in values))
            if unlisted := [value for value in values if index.is_open(value)]:
                found = dict(texts_with(self.connection, unlisted))
                self.sketches |= found
                others |= found.keys()
            pairs |= {(leader, other) for other in others}
        return {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}, doubtful

    def _neighbours(self, index: Index, text_id: int) -> list[int]:
        """Return the texts that are listed with a text, as often as a candidate is at least."""
        states = {value: index.state(value) for value in self.sketches[text_id]}
        formulas = sum(state.is_formula for state in states.values())
        lists = (state.leaders or index.listed(value) for value, state in states.items())
        shared = Counter(chain.from_iterable(lists))
        return [other for other, number in shared.items() if number + formulas >= MIN_IN_COMMON]

    def _drop(self, index: Index, doubtful: Collection[int]) -> set[int]:
        """Delete the relations of texts that are to be compared no more; return their ends."""
        pairs = related_pairs(self.connection, doubtful)
        dropped = sorted(pairs - self._candidates(index, pairs))
        for some in chunks(dropped):
            self.connection.execute(delete(relations).where(tuple_(*ENDS).in_(some)))
        self.has_dropped = bool(dropped)
        return set(chain.from_iterable(dropped))

    def _relate(self, index: Index, pairs: set[Pair]) -> set[int]:
        """Compare the candidates among pairs, and write their relations; return the ends of these."""
        candidates, touched = sorted(self._candidates(index, pairs)), set[int]()
        for start in range(0, len(candidates), PAIRS_AT_ONCE):
            some = candidates[start : start + PAIRS_AT_ONCE]
            lost = self.texts.fetch(set(chain.from_iterable(some)))
            rows = [row for pair in some if lost.isdisjoint(pair) and (row := self._compared(*pair)) is not None]
            told = ("grade", "containment_first", "containment_second", "jaccard")
            upsert(self.connection, relations, rows, ("first_id", "second_id"), told)
            touched |= {row[end.name] for row in rows for end in ENDS}
        return touched

    def _compared(self, first: int, second: int) -> dict[str, Any] | None:
        found = compare(self.texts.shingled(first), self.texts.shingled(second), self.threshold)
        if found.grade is Grade.DIFFERENT:
            return None
        return {
            "first_id": first,
            "second_id": second,
            "grade": found.grade,
            "containment_first": found.containment_a,
            "containment_second": found.containment_b,
            "jaccard": found.jaccard,
        }

    def _candidates(self, index: Index, pairs: set[Pair]) -> set[Pair]:
        """Return the pairs that are to be compared: what they share decides, and who else has it."""
        self._read_sketches(chain.from_iterable(pairs))
        nothing = frozenset[int]()
        shared = {
            pair: common
            for pair in pairs
            if len(common := self.sketches.get(pair[0], nothing) & self.sketches.get(pair[1], nothing)) >= MIN_IN_COMMON
        }
        index.load(frozenset().union(*shared.values()))
        return {pair for pair, common in shared.items() if self._is_candidate(index, pair, common)}

    def _is_candidate(self, index: Index, pair: Pair, shared: frozenset[int]) -> bool:
        states = [index.state(value) for value in shared]
        if not all(state.is_formula for state in states):
            return True
        least = min(len(self.sketches[text_id]) for text_id in pair)
        is_led = any(not set(pair).isdisjoint(state.leaders) for state in states)
        return is_led and len(shared) >= MIN_OF_FORMULAS * least

    def _read_sketches(self, text_ids: Iterable[int]) -> None:
        missing = set(text_ids) - self.sketches.keys()
        rows = among(self.connection, SKETCHES, texts.c.id, missing)
        self.sketches |= {row.id: unpacked(row.sketch) for row in rows}
