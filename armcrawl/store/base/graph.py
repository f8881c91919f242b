"""Connected components of a graph: which nodes its edges connect."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Node = TypeVar("Node", int, str)


def connected_components(nodes: Collection[Node], edges: Iterable[tuple[Node, Node]]) -> list[set[Node]]:
    """Return the components that edges make of some nodes; an edge that leads out of them does not count."""
    parent = {node: node for node in nodes}

    def root(node: Node) -> Node:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        if one in parent and other in parent:
            parent[root(one)] = root(other)
    found: defaultdict[Node, set[Node]] = defaultdict(set)
    for node in parent:
        found[root(node)].add(node)
    return list(found.values())
