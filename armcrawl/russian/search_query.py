"""What a person types into a search: words, "phrases", and -words that must not occur."""

from __future__ import annotations

import re
from dataclasses import dataclass

from armcrawl.errors import UsageError
from armcrawl.russian.terms import terms

# A quoted phrase, up to the closing quote of its own kind, or a word; with a minus before it if it must not occur.
ITEM = re.compile(
    r"""(?P<minus>(?<!\w)[-−–](?=["«“„\w]))?
    (?:"(?P<straight>[^"]*)"? | «(?P<angled>[^»]*)»? | [“„](?P<curled>[^”“]*)[”“]? | (?P<word>[^\s"«»“”„]+))""",
    re.VERBOSE,
)
QUOTED = ("straight", "angled", "curled")
# More words than anybody types; each costs a look into the index.
MAX_ITEMS = 32


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Phrases, each a run of terms, that must and must not occur; a word is a phrase of one term."""

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[tuple[str, ...], ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """All wanted terms."""
        return frozenset(term for phrase in self.wanted for term in phrase)


def parse_query(text: str) -> SearchQuery:
    """Read a query.

    A word that is several terms («научно-технический») must occur as it is written. Raises UsageError
    for a query without a word to look for.
    """
    wanted: dict[tuple[str, ...], None] = {}
    unwanted: dict[tuple[str, ...], None] = {}
    items = list(ITEM.finditer(text))
    if len(items) > MAX_ITEMS:
        raise UsageError(f"That are {len(items)} words and phrases: a search takes {MAX_ITEMS}.")
    for item in items:
        written = next((item[kind] for kind in (*QUOTED, "word") if item[kind] is not None), "")
        phrase = tuple(term.term for term in terms(written))
        if phrase:
            (unwanted if item["minus"] else wanted)[phrase] = None
    if not wanted:
        raise UsageError(f'There is no word to look for in {text!r}: write words, "phrases", and -words to leave out.')
    return SearchQuery(tuple(wanted), tuple(unwanted))
