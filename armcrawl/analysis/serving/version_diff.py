"""What changed between two versions of an article: paragraph by paragraph, and within a paragraph word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Time rises with the square of the words: 2,000 take at most a second, and no person writes a longer paragraph.
MAX_WORDS = 2_000
WORD = re.compile(r"\s+|\w+|[^\w\s]")


class Edit(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a paragraph, and what became of it."""

    fate: Edit
    text: str


def changed_paragraphs(older: Sequence[str], newer: Sequence[str]) -> list[list[Piece]]:
    """Return each paragraph that is not the same in both, in pieces."""
    found: list[list[Piece]] = []
    matcher = SequenceMatcher(None, older, newer, autojunk=False)
    for operation, first, last, new_first, new_last in matcher.get_opcodes():
        if operation != "equal":
            pairs = zip_longest(older[first:last], newer[new_first:new_last])
            found += [list(_pieces(before, after)) for before, after in pairs]
    return found


def _pieces(before: str | None, after: str | None) -> Iterator[Piece]:
    old, new = WORD.findall(before or ""), WORD.findall(after or "")
    if not old or not new or max(len(old), len(new)) > MAX_WORDS:
        yield from _replaced(before or "", after or "")
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for operation, first, last, new_first, new_last in matcher.get_opcodes():
        if operation == "equal":
            yield Piece(Edit.SAME, "".join(old[first:last]))
        else:
            yield from _replaced("".join(old[first:last]), "".join(new[new_first:new_last]))


def _replaced(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece(Edit.REMOVED, before)
    if after:
        yield Piece(Edit.ADDED, after)
