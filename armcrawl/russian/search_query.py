"""Search queries as people type them: words, "phrases", and -words that must not occur."""

from __future__ import annotations

import re
from dataclasses import dataclass

from armcrawl.errors import UsageError
from armcrawl.russian.terms import terms

# A quoted phrase up to the matching closing quote, or a word; a minus before it means that it must not occur.
ITEM = re.compile(
    r"""(?P<minus>(?<!\w)[-−–](?=["«“„\w]))?
    (?:"(?P<straight>[^"]*)"? | «(?P<angled>[^»]*)»? | [“„](?P<curled>[^”“]*)[”“]? | (?P<word>[^\s"«»“”„]+))""",
    re.VERBOSE,
)
QUOTED = ("straight", "angled", "curled")
# Words and phrases: more than anybody types, as each one costs a search in the index.
MAX_ITEMS = 32


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The phrases that must occur and those that must not, each a sequence of terms; a word is a phrase of one term."""

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
        raise UsageError(f"A search takes at most {MAX_ITEMS} words and phrases, not {len(items)}: leave some out.")
    for item in items:
        written = next((item[kind] for kind in (*QUOTED, "word") if item[kind] is not None), "")
        phrase = tuple(term.term for term in terms(written))
        if phrase:
            (unwanted if item["minus"] else wanted)[phrase] = None
    if not wanted:
        raise UsageError(f'There is no word to look for in {text!r}: write words, "phrases", and -words to leave out.')
    return SearchQuery(tuple(wanted), tuple(unwanted))
