"""What might have been meant by a search that finds nothing, each with the number of articles that it finds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from armcrawl.errors import UsageError
from armcrawl.russian.look_alikes import CYRILLIC
from armcrawl.russian.misspellings import one_edit_away, other_layout
from armcrawl.russian.query_hints import in_signs
from armcrawl.russian.search_query import parse_query, plain_words
from armcrawl.russian.search_tokens import bare_tokens
from armcrawl.store.queries.choice import EVERYTHING, Choice
from armcrawl.store.queries.full_text_search import MAX_COUNTED_HITS, Finder
from armcrawl.store.queries.indexed_tokens import indexed_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

EITHER = r"(?:OR|ИЛИ|\|+)"
EMPTY_BRACKET = re.compile(r"\(\s*\)")
EITHER_TWICE = re.compile(rf"(\s{EITHER})(?:\s+{EITHER})+(?=\s)")
EITHER_ALONE = re.compile(rf"(?:^|(?<=\())\s*{EITHER}(?=\s)|(?<=\s){EITHER}\s*(?:$|(?=\)))")
# Letters: a shorter word is one edit away from too many others.
MIN_LENGTH = 4


class Change(StrEnum):
    """By what a suggestion differs from what was typed."""

    SIGNS = "as operators"
    SPELLING = "spelling"
    LAYOUT = "keyboard layout"
    WITHOUT = "without the rarest word"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that finds something, how it differs, and how many articles it finds; of many, `is_more` than that."""

    text: str
    change: Change
    total: int
    is_more: bool = False


def suggestions(connection: Connection, text: str, choice: Choice) -> list[Suggestion]:
    """Return what finds something within the same choice.

    Words for operators, other letters, the other keyboard layout, fewer words.
    """
    meant = in_signs(text)
    tried = [
        (Change.SIGNS, meant),
        (Change.SPELLING, respelled(connection, meant)),
        (Change.LAYOUT, other_layout(text)),
        (Change.WITHOUT, _without_rarest(connection, meant, choice)),
    ]
    found: dict[str, Suggestion] = {}
    for change, other in tried:
        total = count(connection, other, choice) if other and other != text else 0
        if total and other not in found:
            found[other] = Suggestion(other, change, min(total, MAX_COUNTED_HITS), total > MAX_COUNTED_HITS)
    return list(found.values())


def respelled(connection: Connection, text: str) -> str:
    """Return a query in which each word that no article has is replaced by one that many have, one edit away."""
    for start, end in reversed(plain_words(text)):
        word = text[start:end]
        if len(word) >= MIN_LENGTH and word.isalpha() and not count(connection, word):
            text = text[:start] + _closest(connection, word) + text[end:]
    return text


def _closest(connection: Connection, word: str) -> str:
    """Return the word one edit away that most articles have; of several the one of the likeliest edit."""
    others = {other: bare_tokens(other).words for other in one_edit_away(word.casefold())}
    found = indexed_tokens(connection, {tokens[0] for tokens in others.values() if len(tokens) == 1})
    counts = [(found.get(tokens[0], 0) if len(tokens) == 1 else 0, other) for other, tokens in others.items()]
    best, other = max(counts, key=lambda count: count[0], default=(0, word))
    if not best:
        return word
    return other.capitalize() if word[0].isupper() and CYRILLIC.search(other) else other


def _without_rarest(connection: Connection, text: str, choice: Choice) -> str:
    """Return a query without the word that the fewest articles have, if something is found without it."""
    spans = plain_words(text)
    if len(spans) < 2:
        return ""
    rarest_first = sorted(spans, key=lambda span: count(connection, text[slice(*span)]))
    return next((other for other in _shortened(text, rarest_first) if count(connection, other, choice)), "")


def _shortened(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return a query without each of some words, and without signs that have nothing to part then."""
    found = []
    for start, end in spans:
        other = f"{text[:start]} {text[end:]}"
        for needless, instead in ((EMPTY_BRACKET, " "), (EITHER_ALONE, " "), (EITHER_TWICE, r"\1")):
            other = needless.sub(instead, other)
        found.append(" ".join(other.split()))
    return found


def count(connection: Connection, text: str, choice: Choice = EVERYTHING) -> int:
    """Return how many articles a query finds; none for what is no query."""
    try:
        return Finder(connection, parse_query(text), choice).count()
    except UsageError:
        return 0
