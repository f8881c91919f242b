"""How a chain of copies becomes clusters."""

from __future__ import annotations

from armcrawl.fingerprints.partition import partition


def test_each_cluster_holds_what_is_left_of_the_copies_of_its_earliest_text() -> None:
    copies = {1: {2}, 2: {1, 3}, 3: {2, 4}, 4: {3}}
    assert partition([1, 2, 3, 4], lambda anchor, _: copies[anchor]) == [[1, 2], [3, 4]]
