"""The search index: made with the article in one transaction, and asked the same way on both databases.

PostgreSQL gets a tsvector of our tokens and their positions, FTS5 a text of our tokens that its tokenizer
cannot split: what is found never depends on the server's own idea of a word.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy import delete, insert, select

from armcrawl.russian.search_query import MAX_DISTANCE, SITE, site_name
from armcrawl.russian.search_tokens import bare_tokens
from armcrawl.sites import known_sites
from armcrawl.store.base.article_order import DAY_SHIFT, SECTION_BITS, place_of
from armcrawl.store.base.fts import COLUMNS
from armcrawl.store.base.schema import search_documents as documents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from armcrawl.sites import PageKey

# A tsvector takes 16,383 positions, 256 of one lexeme and 1 MB: with these limits none of the three is reached.
MAX_TOKENS = {"title": 1_000, "tags": 1_500, "sources": 500, "text": 10_000}
MAX_OF_ONE_TOKEN = 200
# No phrase, and no two words that are near each other, reach from one part into another.
GAP = MAX_DISTANCE + 1
# Stands for a token that is left out, so that the others keep their distances; no token is spelled so.
FILLER = "_"
BETWEEN_PARTS = [FILLER] * GAP
# How PostgreSQL tells the columns apart in one vector.
WEIGHTS = dict(zip(COLUMNS, ("A", "B", "C", ""), strict=True))
# PostgreSQL's index has no positions: of "в два раза" it shows all articles with the three words, and each is read.
# So it gets a token for each two words that stand together, too: their hash, as to name all pairs would double the
# index. Of 16,384 hashes an article has one in a hundred, so that of a hundred others one is read for nothing.
PAIR, PAIRS = "~", 1 << 14
# Nor can it go from the newest article on: it gets the period of each, to be asked for some of them at a time. Of the
# trade's press, a million articles in fourteen years, ten days have two thousand. And longer periods, each of four, as
# to ask for many at once takes longer than the words.
PERIOD, DAYS_OF_PERIOD = "/", 10
LEVELS, LEVEL_BITS = 4, 2


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What search finds an article by; parts of a text that no phrase joins are items of their own."""

    article_id: int
    key: PageKey
    day: date | None
    title: str
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def index_articles(connection: Connection, articles: Sequence[SearchDocument]) -> None:
    """Index articles anew."""
    if not articles:
        return
    connection.execute(delete(documents).where(documents.c.article_id.in_([one.article_id for one in articles])))
    wanted = [place_of(one.day, one.key) for one in articles]
    taken = set(connection.execute(select(documents.c.place).where(documents.c.place.in_(wanted))).scalars())
    columns_of = _tsvectors if connection.dialect.name == "postgresql" else _texts
    rows: list[dict[str, Any]] = []
    for place, article in zip(wanted, articles, strict=True):
        free = _next_free(connection, place, taken) if place in taken else place
        taken.add(free)
        rows.append({"place": free, "article_id": article.article_id} | columns_of(tokens_of(article), free))
    connection.execute(insert(documents), rows)


def _next_free(connection: Connection, place: int, taken: Collection[int]) -> int:
    """Return the next place of the same day and section: two sections of many sites may share a hash."""
    query = select(documents.c.place)
    while place in taken or connection.execute(query.where(documents.c.place == place)).first() is not None:
        place += 1 << SECTION_BITS
    return place


def tokens_of(article: SearchDocument) -> dict[str, list[str]]:
    """Return the tokens of each column; those that the article has too often become fillers."""
    found = {
        "title": _parted((article.title,)),
        "tags": _parted(article.tags),
        "sources": _parted(article.sources),
        "text": _parted(article.texts),
    }
    found = {column: tokens[: MAX_TOKENS[column]] for column, tokens in found.items()}
    # Counting is dear, and only a long article can have one token so often.
    if sum(map(len, found.values())) > MAX_OF_ONE_TOKEN:
        counts = Counter(token for tokens in found.values() for token in tokens)
        del counts[FILLER]
        if max(counts.values(), default=0) > MAX_OF_ONE_TOKEN:
            found = _thinned(found)
    found["title"] += _site_tokens(article.key)
    return found


def _parted(texts: Iterable[str]) -> list[str]:
    """Return the tokens of several texts, and behind them the compounds, with a gap between each two.

    A text with the tokens of an earlier one, such as a tag's name in another case, adds nothing.
    """
    found = dict.fromkeys(map(_tokens_and_compounds, texts))
    parts = [words for words, _ in found if words]
    if joined := [word for _, compounds in found for word in compounds]:
        parts.append(tuple(joined))
    return [token for part in parts for token in (*BETWEEN_PARTS, *part)][GAP:]


def _tokens_and_compounds(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = bare_tokens(text)
    return tuple(found.words), tuple(found.joined)


def _thinned(found: Mapping[str, list[str]]) -> dict[str, list[str]]:
    counts: Counter[str] = Counter()
    kept: dict[str, list[str]] = {}
    for column, tokens in found.items():
        kept[column] = []
        for token in tokens:
            counts[token] += 1
            kept[column].append(token if counts[token] <= MAX_OF_ONE_TOKEN else FILLER)
    return kept


def _site_tokens(key: PageKey) -> list[str]:
    """Return the tokens by which a site is found: its name, and the page's host where it is that of all hosts."""
    site = known_sites().get(key.site)
    hosts = [key.external_id.partition("/")[0]] if site is not None and site.is_any else []
    return [SITE + name for name in map(site_name, (key.site, *hosts)) if name]


def period_of(place: int) -> int:
    """Return the number of the period in which an article's place is; those without a day are in the first one."""
    return (place >> DAY_SHIFT) // DAYS_OF_PERIOD


def places_of(first: int, last: int) -> tuple[int, int]:
    """Return the lowest and the highest place of some periods."""
    return first * DAYS_OF_PERIOD << DAY_SHIFT, ((last + 1) * DAYS_OF_PERIOD << DAY_SHIFT) - 1


def period_token(period: int, level: int) -> str:
    """Return the token that all articles of a period have: of ten days at level 0, four times as long at the next."""
    return f"{PERIOD * (level + 1)}{period >> level * LEVEL_BITS}"


def pair_of(one: str, other: str) -> str | None:
    """Return the token of two that stand next to each other; None for what is rare enough by itself."""
    if one.isdecimal() or other.isdecimal() or FILLER in (one, other):
        return None
    return f"{PAIR}{crc32(f'{one} {other}'.encode()) % PAIRS:x}"


def _texts(found: Mapping[str, list[str]], _: int) -> dict[str, str]:
    return {column: " ".join(tokens) for column, tokens in found.items()}


def _tsvectors(found: Mapping[str, list[str]], place: int) -> dict[str, str]:
    """Write tokens with their positions and weights, PostgreSQL gathers those of one; `text` has all of them."""
    written: dict[str, str] = {}
    periods = [period_token(period_of(place), level) for level in range(LEVELS)]
    whole = [*periods, *{name for tokens in found.values() for pair in pairwise(tokens) if (name := pair_of(*pair))}]
    first = 1
    for column in COLUMNS:
        tokens, weight = found[column], WEIGHTS[column]
        # From GAP on, so that no phrase reaches over when vectors are put together.
        written[column] = _vector(tokens, GAP, weight)
        whole.append(_vector(tokens, first, weight))
        first += len(tokens) + GAP
    return written | {"title": " ".join((written["title"], *periods)), "text": " ".join(whole)}


def _vector(tokens: list[str], first: int, weight: str) -> str:
    return " ".join([f"{token}:{at}{weight}" for at, token in enumerate(tokens, first) if token != FILLER])
