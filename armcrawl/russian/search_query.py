"""Search queries as people type them: words, "phrases", -minus, OR and |, brackets, клап*, "a b"~5, тег:клапан."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from armcrawl.errors import UsageError
from armcrawl.russian.codes import SIZES
from armcrawl.russian.search_tokens import PREFIX, beginning, compounds, like_compound, looked_for
from armcrawl.sites import known_sites

if TYPE_CHECKING:
    from collections.abc import Iterator

# Before a site's name, which an article has as one more token.
SITE = "@"
# Words between two that are near each other: less than between two parts of an article, so that they are in one.
MAX_DISTANCE = 20
# Words and phrases: more than anybody types, as each one costs a search in the index.
MAX_ITEMS = 32
# Signs of the language: brackets are read by a function that calls itself.
MAX_SIGNS = 4 * MAX_ITEMS
# FTS5 has no choice inside a phrase: it gets all combinations of the forms. A longer phrase is several that overlap.
MAX_COMBINATIONS = 256


class Zone(StrEnum):
    """A part of an article that a query can be narrowed to."""

    TITLE = "title"
    TAGS = "tags"
    SOURCES = "sources"


# What is typed before a colon; None is the site.
FIELDS: dict[str, Zone | None] = {
    **dict.fromkeys(("заголовок", "title"), Zone.TITLE),
    **dict.fromkeys(("тег", "tag"), Zone.TAGS),
    **dict.fromkeys(("источник", "source"), Zone.SOURCES),
    **dict.fromkeys(("сайт", "site"), None),
}
LEXEME = re.compile(
    rf"""(?P<minus>(?<![\w)])[-−–](?=["«“„\w(]))?
    (?:(?P<field>(?<!\w)(?i:{"|".join(FIELDS)})):\s*(?=["«“„\w(]))?
    (?: (?P<open>\() | (?P<close>\)) | (?P<either>\|+ | (?<![^\s()])(?:OR|ИЛИ)(?![^\s()]))
    | (?:"(?P<straight>[^"]*)"? | «(?P<angled>[^»]*)»* | [“„](?P<curled>[^”“]*)[”“]?)(?:~(?P<near>\d+))?
    | (?P<word>[^\s"«»“”„()|]+) | (?P<stray>[»”]) )""",
    re.VERBOSE,
)
NOT_HOST = re.compile(r"^(?:https?://)?(?:www\.)?")
NO_PART_OF_HOST = re.compile(r"[^\w.-]")
QUOTED = ("straight", "angled", "curled")


class TooManyWordsError(UsageError):
    """A query of more words or signs than a search takes."""


# The tokens that a text may have at one place; one that ends in PREFIX may go on.
Position = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens next to one another; a word is a phrase of one."""

    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two tokens with at most so many others between them, in any order."""

    one: Position
    other: Position
    distance: int


@dataclass(frozen=True, slots=True)
class Every:
    """All of some, and none of others; something is wanted always."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of several."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class In:
    """What must stand in one zone."""

    zone: Zone
    node: Node


Node = Phrase | Near | Every | Either | In


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for, and what of the typed text says nothing, and was left out."""

    node: Node
    dropped: tuple[str, ...] = ()

    def phrases(self, zone: Zone | None = None) -> list[tuple[Position, ...]]:
        """Return what is wanted in a zone, or in the text: sequences of tokens."""
        return list(_phrases(self.node, {zone, None}))


def parse_query(text: str) -> SearchQuery:
    """Read a query; whatever is no part of the language is words.

    A word that is several tokens («научно-технический», «33259-2015») must occur as it is written. Raises UsageError
    for a query without a word to look for, and for more words than MAX_ITEMS.
    """
    lexemes = list(LEXEME.finditer(text))
    items = sum(not (lexeme["open"] or lexeme["close"] or lexeme["either"]) for lexeme in lexemes)
    if items > MAX_ITEMS:
        raise TooManyWordsError(f"A search takes at most {MAX_ITEMS} words and phrases, not {items}: leave some out.")
    if len(lexemes) > MAX_SIGNS:
        raise TooManyWordsError(
            f"A search takes at most {MAX_SIGNS} words and signs, not {len(lexemes)}: leave some out."
        )
    parser = _Parser(lexemes)
    node = parser.alternatives()
    while parser.at < len(lexemes):  # behind a bracket that nothing opened
        parser.drop(")")
        parser.at += 1
        node = _every([one for one in (node, parser.alternatives()) if one])
    if node is None:
        raise UsageError(f'There is no word to look for in {text!r}: write words, "phrases", and -words to leave out.')
    return SearchQuery(node, tuple(parser.dropped))


def plain_words(text: str) -> list[tuple[int, int]]:
    """Return where in a query words and phrases stand that are wanted anywhere in an article, each as typed."""
    found = [lexeme for lexeme in LEXEME.finditer(text) if not (lexeme["minus"] or lexeme["field"])]
    plain = (lexeme for lexeme in found if not (lexeme["open"] or lexeme["close"] or lexeme["either"]))
    return [lexeme.span() for lexeme in plain if _node_of(lexeme) is not None]


def fielded(text: str) -> list[tuple[str, Zone | None, str]]:
    """Return what of a query is wanted in a field, with the field, None for the site, and what stands behind it."""
    found = [lexeme for lexeme in LEXEME.finditer(text) if lexeme["field"] and not lexeme["minus"]]
    given = [(one, next((one[kind] for kind in (*QUOTED, "word") if one[kind]), "")) for one in found]
    return [(one[0], FIELDS[one["field"].casefold()], name) for one, name in given if name]


def site_name(written: str) -> str:
    """Return the name or the host of a site, as search knows it."""
    host = NOT_HOST.sub("", written.casefold()).partition("/")[0]
    return NO_PART_OF_HOST.sub("", host)


class _Parser:
    """Reads lexemes from left to right, and keeps what says nothing."""

    def __init__(self, lexemes: list[re.Match[str]]) -> None:
        self.lexemes = lexemes
        self.at = 0
        # Whether a bracket is open that holds names of sites.
        self.is_of_sites = False
        self.dropped: list[str] = []

    def drop(self, written: str) -> None:
        if written not in self.dropped:
            self.dropped.append(written)

    def alternatives(self) -> Node | None:
        """Read up to a closing bracket or the end: what OR parts."""
        found = [self._sequence()]
        while self.at < len(self.lexemes) and self.lexemes[self.at]["either"]:
            self.at += 1
            found.append(self._sequence())
        nodes = tuple(dict.fromkeys(node for node in found if node))
        if len(found) > 1 and len(nodes) <= 1:
            self.drop("OR")
        return Either(nodes) if len(nodes) > 1 else next(iter(nodes), None)

    def _sequence(self) -> Node | None:
        """Read what must all be there."""
        wanted: list[Node] = []
        unwanted: list[Node] = []
        written = ""
        while self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            if lexeme["close"] or lexeme["either"]:
                break
            self.at += 1
            node = self._item(lexeme)
            if node is None:
                continue
            if lexeme["minus"]:
                unwanted.append(node)
                written = f"{written} {lexeme[0]}".strip()
            elif wanted and lexeme["word"] and not self.is_of_sites and (sized := _sized(wanted[-1], node)):
                wanted[-1] = sized
            else:
                wanted.append(node)
        if unwanted and not wanted:
            self.drop(written)
        return _every(wanted, unwanted)

    def _item(self, lexeme: re.Match[str]) -> Node | None:
        written = lexeme[0]
        is_of_sites = self.is_of_sites or _is_of_site(lexeme)
        if lexeme["near"] and isinstance(_node_of(lexeme), Phrase):
            self.drop(f"~{lexeme['near']}")  # of one word
        if lexeme["open"]:
            before, self.is_of_sites = self.is_of_sites, is_of_sites
            node = self.alternatives()
            self.is_of_sites = before
            if self.at < len(self.lexemes):
                self.at += 1
                written += ")"
            else:
                self.drop(written)
        else:
            node = _node_of(lexeme, is_of_site=is_of_sites)
        if node is None:
            self.drop(written)
            return None
        zone = FIELDS[lexeme["field"].casefold()] if lexeme["field"] else None
        return In(zone, node) if zone else node


def _is_of_site(lexeme: re.Match[str]) -> bool:
    return bool(lexeme["field"]) and FIELDS[lexeme["field"].casefold()] is None


def _node_of(lexeme: re.Match[str], *, is_of_site: bool = False) -> Node | None:
    written = next((lexeme[kind] for kind in QUOTED if lexeme[kind] is not None), None)
    word = (lexeme["word"] or "") if written is None else written
    if is_of_site or _is_of_site(lexeme):
        return _site(site_name(word))
    positions = _positions(word)
    if lexeme["near"] and len(positions) > 1:
        distance = min(int(lexeme["near"][:3]), MAX_DISTANCE)
        return _every([Near(*pair, distance) for pair in pairwise(positions)])
    if written is None and len(positions) == 2 and (sized := _sized(*(Phrase((one,)) for one in positions))):
        return sized
    phrase = _phrase(positions)
    joined = compounds(word) if written is None else []
    if phrase and len(joined) == 1 and len(looked_for(joined[0])) == 1 and PREFIX not in word:
        return Either((phrase, Phrase((like_compound(joined[0]),))))
    return phrase


def _site(name: str) -> Node | None:
    """Return what finds the articles of a site by its name, or by one of its hosts."""
    names = [name, *(site.name for site in known_sites().values() if name in site.all_hosts)]
    return Phrase((tuple(SITE + one for one in names),)) if name else None


def _positions(written: str) -> list[Position]:
    """Return the tokens of a word or phrase; the last one may go on, if a star stands behind it."""
    if not written.endswith(PREFIX):
        return looked_for(written)
    before, _, last = written.rstrip(PREFIX).rpartition(" ")
    return [*looked_for(before), *beginning(last)]


def _phrase(positions: list[Position]) -> Node | None:
    """Return a phrase, or several that overlap where it has too many combinations."""
    phrases: list[list[Position]] = []
    combinations = 0
    for position in positions:
        if not phrases or combinations * len(position) > MAX_COMBINATIONS:
            phrases.append(phrases[-1][-1:] if phrases else [])
            combinations = len(phrases[-1][0]) if phrases[-1] else 1
        phrases[-1].append(position)
        combinations *= len(position)
    return _every([Phrase(tuple(phrase)) for phrase in phrases])


def _every(wanted: list[Node], unwanted: list[Node] | None = None) -> Node | None:
    """Return all of some nodes and none of others; None where nothing is wanted."""
    distinct, without = tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted or ()))
    if len(distinct) == 1 and not without:
        return distinct[0]
    return Every(distinct, without) if distinct else None


def _sized(node: Node, number: Node) -> Near | None:
    """Return a size with its number, «DN 500», or that of a range, «DN 200–500»; None for what is no size."""
    match node, number:
        case Phrase((size,)), Phrase((value,)) if size[0] in SIZES and value[0].isdecimal():
            return Near(size, value, 1)
    return None


def _phrases(node: Node, zones: set[Zone | None], zone: Zone | None = None) -> Iterator[tuple[Position, ...]]:
    """Yield the phrases of a node that are wanted in some zones; `zone` is the one that it stands in."""
    match node:
        case Phrase() if zone in zones:
            yield node.positions
        case Near() if zone in zones:
            yield from ((node.one,), (node.other,))
        case Every(wanted=nodes) | Either(nodes=nodes):
            for one in nodes:
                yield from _phrases(one, zones, zone)
        case In():
            yield from _phrases(node.node, zones, node.zone)
