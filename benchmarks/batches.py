"""Lists in pieces (itertools has this from Python 3.12 on)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield pieces of at most `size` items."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
