"""Connected pieces of a graph."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def pieces_of(members: Collection[int], edges: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Return the pieces that edges make of some members; an edge that leads out of them does not count."""
    parent = {member: member for member in members}

    def root(member: int) -> int:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for one, other in edges:
        if one in parent and other in parent:
            parent[root(one)] = root(other)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for member in parent:
        found[root(member)].add(member)
    return list(found.values())
