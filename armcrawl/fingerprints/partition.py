"""How texts that are copies of one another in a chain become clusters, each of copies of one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def partition(texts: Sequence[int], are_copies: Callable[[int, Sequence[int]], set[int]]) -> list[list[int]]:
    """Return the clusters of some texts, given the earliest first: each begins with its anchor.

    The earliest text that is in no cluster yet is the anchor of the next one, which holds all copies of it that are
    left; `are_copies` tells which of some texts are copies of one. So a text is a copy of the anchor, however long the
    chain of copies is that leads to it.
    """
    clusters, left = [], list(texts)
    while left:
        anchor, *others = left
        copies = are_copies(anchor, others)
        clusters.append([anchor, *(text for text in others if text in copies)])
        left = [text for text in others if text not in copies]
    return clusters
