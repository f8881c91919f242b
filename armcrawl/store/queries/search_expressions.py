"""A search query in the languages of FTS5 and of PostgreSQL, which find the same by it.

A query may be narrowed to some columns. What must not be there counts wherever it stands, and the site is never
narrowed. FTS5 has no choice inside a phrase: it gets every combination of a phrase's tokens.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise, product
from typing import TYPE_CHECKING

from armcrawl.russian.search_query import SITE, Either, Every, In, Near, Node, Phrase
from armcrawl.russian.search_tokens import PREFIX
from armcrawl.store.articles.search_index import FILLER, WEIGHTS, pair_of
from armcrawl.store.base.fts import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.russian.search_query import Position

ALL = frozenset(COLUMNS)
HEADING = frozenset(("title", "tags", "sources"))
TITLE = frozenset(("title",))
# A token that no article has; an empty expression is an error to FTS5.
NOTHING = FILLER * 2


def fts5(node: Node, columns: frozenset[str] = ALL) -> str:
    """Return what FTS5's MATCH takes to find a node in some columns."""
    match node:
        case Phrase(positions):
            phrases = [_fts5_phrase(tokens) for tokens in product(*positions)]
            return _in_columns(_any(phrases, " OR "), ALL if _is_site(positions) else columns)
        case Near(one, other, distance):
            pairs = [f"NEAR({_fts5_phrase([a])} {_fts5_phrase([b])}, {distance})" for a, b in product(one, other)]
            return _in_columns(_any(pairs, " OR "), columns)
        case Every(wanted, unwanted):
            found = _any([fts5(one, columns) for one in wanted], " AND ")
            return f"({found} NOT {_any([fts5(one) for one in unwanted], ' OR ')})" if unwanted else found
        case Either(nodes):
            return _any([fts5(one, columns) for one in nodes], " OR ")
        case In(zone, inner):
            return fts5(inner, columns & {zone})


def tsquery(
    node: Node,
    columns: frozenset[str] = ALL,
    vector: frozenset[str] = ALL,
    *,
    unwanted: bool = True,
    distances: bool = True,
) -> str:
    """Return the tsquery that finds a node in some columns of a vector: by weights, if the vector has others as well.

    Without what must not be there, and without distances, if told so: then it finds more.
    """
    within = partial(tsquery, vector=vector, unwanted=unwanted, distances=distances)
    match node:
        case Phrase(positions):
            places = ALL if _is_site(positions) else columns
            phrase = _any([_choice(position, places, vector) for position in positions], " <-> ")
            return _any([phrase, *(_pairs(positions) if places == vector == ALL else ())], " & ")
        case Near(one, other, distance):
            first, second = _choice(one, columns, vector), _choice(other, columns, vector)
            if not distances:
                return f"({first} & {second})"
            steps = [f"<{step}>" for step in range(1, distance + 2)]
            pairs = [f"({a} {step} {b})" for a, b in ((first, second), (second, first)) for step in steps]
            # To FTS5 a token is near itself.
            return _any([*(_lexeme(token, columns, vector) for token in one if token in other), *pairs], " | ")
        case Every(wanted, without):
            found = _any([within(one, columns) for one in wanted], " & ")
            return f"({found} & !{_any([tsquery(one) for one in without], ' | ')})" if unwanted and without else found
        case Either(nodes):
            return _any([within(one, columns) for one in nodes], " | ")
        case In(zone, inner):
            return within(inner, columns & {zone})


def fts5_in_order(node: Node) -> list[str]:
    """Return what finds all hits in the title, all others in title, tags and sources, and all others."""
    title, heading = fts5(node, TITLE), fts5(node, HEADING)
    return [title, f"({heading} NOT {title})", f"({fts5(node)} NOT {heading})"]


def _fts5_phrase(tokens: Sequence[str]) -> str:
    text = " ".join(tokens)
    return f'"{text[:-1]}" *' if text.endswith(PREFIX) else f'"{text}"'


def _in_columns(expression: str, columns: frozenset[str]) -> str:
    if columns == ALL:
        return expression
    names = " ".join(name for name in COLUMNS if name in columns)
    return f"({{{names}}} : {expression})" if names else f'"{NOTHING}"'


def _choice(position: Position, columns: frozenset[str], vector: frozenset[str]) -> str:
    return _any([_lexeme(token, columns, vector) for token in position], " | ")


def _pairs(positions: tuple[Position, ...]) -> list[str]:
    """Return what PostgreSQL's index knows of tokens that stand next to each other."""
    each = [
        {None if other.endswith(PREFIX) else pair_of(one, other) for one, other in product(*two)}
        for two in pairwise(positions)
    ]
    return [_any(sorted(f"'{pair}'" for pair in pairs), " | ") for pairs in each if None not in pairs]


def _lexeme(token: str, columns: frozenset[str], vector: frozenset[str]) -> str:
    """Return a token of some columns as a tsquery has it.

    With their weights, for which each article is read, if the vector has others; D is that of a lexeme without one.
    """
    if not columns:
        return f"'{NOTHING}'"
    weights = "" if columns >= vector else "".join(WEIGHTS[name] or "D" for name in COLUMNS if name in columns)
    label = f"*{weights}" if token.endswith(PREFIX) else weights
    return f"'{token.removesuffix(PREFIX)}'" + (f":{label}" if label else "")


def _any(expressions: Iterable[str], between: str) -> str:
    found = list(expressions)
    return found[0] if len(found) == 1 else f"({between.join(found)})"


def _is_site(positions: tuple[Position, ...]) -> bool:
    return positions[0][0].startswith(SITE)
