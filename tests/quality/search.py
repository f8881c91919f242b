"""Search for words in their forms: of sentences, which does a form of a word find, and which should it.

The entries of `search` are sentences, with the forms that each has of some words. Those of `search-words` are words,
each with a sentence for each of some forms, and sentences with words that only look like it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from armcrawl.russian.search_query import Either, Every, Phrase, parse_query
from armcrawl.russian.search_tokens import bare_tokens
from armcrawl.russian.terms import bare_terms
from tests.postgresql import server, server_folder
from tests.quality.measures import share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from armcrawl.russian.search_query import Node, Position
    from tests.quality.corpus import Entry
    from tests.quality.measures import Measures

    Finder = Callable[[str], set[int]]
    Case = tuple[str, str, set[int], set[int]]


def of_search(entries: Sequence[Entry], find: Finder) -> Measures:
    """Return which share of the sentences with a word its forms find, and which share of what they find has it."""
    return _shares("search", cases(entries, find))


def of_words(words: Sequence[Entry], find: Finder) -> Measures:
    """Return the same of words with sentences of their own; a form is not counted as finding its own sentence."""
    return _shares("words", cases_of_words(words, find))


def _shares(name: str, found: Sequence[Case]) -> Measures:
    return {
        f"{name}, recall": share(number in got for _, _, gold, got in found for number in gold),
        f"{name}, precision": share(number in gold for _, _, gold, got in found for number in got),
    }


def cases(entries: Sequence[Entry], find: Finder) -> list[Case]:
    """Return for each form of each word the sentences that have the word, and those that the form finds."""
    having: dict[str, set[int]] = defaultdict(set)
    forms: dict[str, set[str]] = defaultdict(set)
    for number, entry in enumerate(entries):
        for word in entry["words"]:
            having[word["word"]].add(number)
            forms[word["word"]].update(word["forms"])
    return [(word, form, having[word], find(form)) for word in having for form in sorted(forms[word])]


def sentences_of(words: Sequence[Entry]) -> list[Entry]:
    """Return the sentences of words, in order: those with a form, and those with another word."""
    return [sentence for word in words for sentence in (*word["forms"], *word["others"])]


def cases_of_words(words: Sequence[Entry], find: Finder) -> list[Case]:
    """Return for each form of a word, and its lemma, the sentences of its others, and which of its word's it finds."""
    found: list[Case] = []
    start = 0
    for word in words:
        own = {start + at: sentence["form"] for at, sentence in enumerate(word["forms"])}
        end = start + len(own) + len(word["others"])
        typed = {form.casefold(): form for form in (word["word"], *own.values())}
        for form in typed.values():
            asked = {number for number in range(start, end) if own.get(number, "").casefold() != form.casefold()}
            found.append((word["word"], form, asked & own.keys(), asked & find(form)))
        start = end
    return found


def ours(entries: Sequence[Entry]) -> Finder:
    """Return our search: what is typed as a query, a phrase in quotes; compounds stand behind the text."""
    found = [bare_tokens(entry["text"]) for entry in entries]
    texts = _Texts([[*words, "", *joined] for words, joined in found])
    return lambda form: texts.find(parse_query(f'"{form}"' if " " in form else form).node)


def by_stems(entries: Sequence[Entry]) -> Finder:
    """Return a search for plain stems."""
    texts = _Texts([bare_terms(entry["text"]) for entry in entries])
    return lambda form: texts.having([(term,) for term in bare_terms(form)])


class _Texts:
    """Tokens of texts, and which texts have each."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.texts = texts
        self.numbers: dict[str, set[int]] = defaultdict(set)
        for number, text in enumerate(texts):
            for token in text:
                self.numbers[token].add(number)

    def find(self, node: Node) -> set[int]:
        """Return the numbers of the texts that a query finds."""
        match node:
            case Phrase(positions):
                return self.having(positions)
            case Either(nodes):
                return set[int]().union(*map(self.find, nodes))
            case Every(wanted=nodes):
                return set.intersection(*map(self.find, nodes))
        raise AssertionError(node)

    def having(self, positions: Sequence[Position]) -> set[int]:
        """Return the numbers of the texts that have tokens next to one another."""
        first = set[int]().union(*(self.numbers.get(token, ()) for token in positions[0]))
        return {number for number in first if _has(positions, self.texts[number])}


def _has(positions: Sequence[Position], text: Sequence[str]) -> bool:
    return any(
        all(text[at + step] in tokens for step, tokens in enumerate(positions))
        for at in range(len(text) - len(positions) + 1)
    )


def by_unicode61(entries: Sequence[Entry]) -> Finder:
    """Return a search with the tokenizer that FTS5 brings along."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(text)")
    connection.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", _numbered(entries))

    def find(form: str) -> set[int]:
        return {row[0] for row in connection.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (f'"{form}"',))}

    return find


@contextmanager
def by_postgresql(entries: Sequence[Entry]) -> Iterator[Finder]:
    """Yield a search with the configuration `russian` of PostgreSQL."""
    with server_folder() as folder, server(folder) as address:
        url = address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TEMP TABLE texts (number integer, words tsvector)")
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO texts VALUES (%s, to_tsvector('russian', %s))", _numbered(entries))

            def find(form: str) -> set[int]:
                query = "SELECT number FROM texts WHERE words @@ phraseto_tsquery('russian', %s)"
                return {row[0] for row in connection.execute(query, (form,))}

            yield find


def _numbered(entries: Sequence[Entry]) -> list[tuple[int, str]]:
    return [(number, entry["text"]) for number, entry in enumerate(entries)]
