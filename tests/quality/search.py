"""Search for words in their forms: of sentences, which does a form of a word find, and which should it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from armcrawl.russian.search_tokens import bare_tokens, looked_for
from armcrawl.russian.terms import bare_terms
from tests.postgresql import server, server_folder
from tests.quality.measures import share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.quality.corpus import Entry
    from tests.quality.measures import Measures

    Finder = Callable[[str], set[int]]
    Case = tuple[str, str, set[int], set[int]]


def of_search(entries: Sequence[Entry], find: Finder) -> Measures:
    """Return which share of the sentences with a word its forms find, and which share of what they find has it."""
    found = cases(entries, find)
    return {
        "search, recall": share(number in got for _, _, gold, got in found for number in gold),
        "search, precision": share(number in gold for _, _, gold, got in found for number in got),
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


def ours(entries: Sequence[Entry]) -> Finder:
    """Return our search: all tokens of a form, next to one another."""
    return _by_phrases([bare_tokens(entry["text"]).words for entry in entries], looked_for)


def by_stems(entries: Sequence[Entry]) -> Finder:
    """Return a search for plain stems."""
    texts = [bare_terms(entry["text"]) for entry in entries]
    return _by_phrases(texts, lambda form: [(term,) for term in bare_terms(form)])


def _by_phrases(texts: Sequence[Sequence[str]], positions: Callable[[str], list[tuple[str, ...]]]) -> Finder:
    def find(form: str) -> set[int]:
        wanted = positions(form)
        return {
            number
            for number, text in enumerate(texts)
            if any(
                all(text[at + step] in tokens for step, tokens in enumerate(wanted))
                for at in range(len(text) - len(wanted) + 1)
            )
        }

    return find


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
