"""`armcrawl search`: find articles by words, phrases and codes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.choosing import choice_options
from armcrawl.cli.engine import with_engine
from armcrawl.cli.options import json_option
from armcrawl.cli.output import counted, emit
from armcrawl.redaction import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.analysis.search import Found, Hit
    from armcrawl.russian.query_hints import Hint
    from armcrawl.store.queries.choice import Choice


# Search reads it as it reads a hyphen.
MINUS = "−"
# By what was typed for something else than words.
HINTS = {
    "days": "{written!r} is looked for as words: days stand beside the query, "
    "as --since 2015-01-01 --until 2015-12-31.",
    "field": "{written}: is no field, so it is looked for as a word: there are заголовок: тег: источник: сайт: "
    "(title: tag: source: site:).",
    "empty": "{written}: has no word, phrase or bracket behind it, so it is looked for as a word.",
    "tilde": '{written} stands behind a phrase in quotes, with a number: "two words"~5; elsewhere it says nothing.',
    "star": "{written} stands at the end of a word or a phrase; elsewhere it says nothing.",
    "distance": "{written} counts as ~20: search looks no further.",
    "not": "{written} is looked for as a word: -word leaves one out.",
    "or": "{written!r} is looked for as a word: OR and ИЛИ, in capitals, mean one of both.",
    "and": "{written} is looked for as a word: all words are wanted anyway.",
    "near": '{written} is looked for as a word: "two words"~5 finds them near each other.',
}


class Searching(click.Command):
    """Takes «-насос» and `-valve` for words of the query, which click would take for options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write the minus of a word as a sign that is no option's."""
        short = {name[1:] for option in self.params for name in option.opts if len(name) == 2} | {"h"}
        for at, written in enumerate(args):
            if written == "--":
                break
            word = written[1:]
            if written.startswith("-") and word[:1] not in ("", "-") and not set(word) <= short:
                args[at] = f"{MINUS}{word}"
        return super().parse_args(ctx, args)


@click.command(cls=Searching)
@click.argument("words", nargs=-1, required=True, metavar="QUERY...")
@choice_options
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N", help="At most so many."
)
@click.option(
    "--order",
    type=click.Choice(["best", "newest", "oldest"]),
    default="best",
    show_default=True,
    help="Hits in the title first, then in tags and sources; or all by their day.",
)
@click.option("--sql", "as_sql", is_flag=True, help="Print the SQL statement that finds the same in this database.")
@with_engine(reads=True)
@json_option
def search(
    words: tuple[str, ...],
    choice: Choice,
    limit: int,
    order: str,
    as_sql: bool,
    engine: Engine,
    as_json: bool,
) -> None:
    """Find articles by words, phrases and codes.

    All words in any form, codes however they are written; "phrases", -words to leave out, OR, brackets, клап*,
    "two words"~5, and тег: источник: заголовок: сайт: (tag: source: title: site:) before a word. Signs that a shell
    takes for its own stand in single quotes: docs/search.md.
    """
    from armcrawl.analysis import search as searching
    from armcrawl.russian.query_hints import hints
    from armcrawl.russian.search_query import parse_query
    from armcrawl.store.queries.full_text_search import Order

    query = " ".join(words)
    if as_sql:
        for line in (*left_out(parse_query(query).dropped), *hinted(hints(query))):
            click.echo(line, err=True)
        click.echo(searching.statement(engine, query, choice))
        return
    found = searching.search(engine, query, limit, choice, order=Order(order))
    if as_json:
        for line in _said(found):
            click.echo(line, err=True)
    emit([_as_json(hit) for hit in found.hits], [*_shown(found.hits), *_said(found)], as_json=as_json)


def _as_json(hit: Hit) -> dict[str, Any]:
    article = hit.article
    return {
        "key": article.key,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "title": article.title,
        "source": article.source,
        "tags": list(article.tags),
        "address": article.address,
        "excerpt": {"text": hit.excerpt.text, "marks": hit.excerpt.marks},
    }


def _shown(hits: list[Hit]) -> Iterator[str]:
    """Yield the lines of hits; what was looked for is bold on a terminal."""
    bold, plain = click.style("", bold=True, reset=False), click.style("", reset=True)
    for hit in hits:
        day = hit.article.published_on.isoformat() if hit.article.published_on else "no date"
        title, excerpt = (replace(snippet, text=harmless(snippet.text)) for snippet in (hit.title, hit.excerpt))
        yield f"{day}  {title.marked(bold, plain)}"
        yield f"            {excerpt.marked(bold, plain)}"
        yield f"            {hit.article.key}" + (f" · {harmless(hit.article.source)}" if hit.article.source else "")


def _said(found: Found) -> Iterator[str]:
    """Yield how many there are, what was left out of the query, and what may have been meant."""
    if found.hits:
        yield f"{len(found.hits)} of {_number(found.total, is_more=found.is_more)}."
    else:
        yield "Nothing was found."
    yield from left_out(found.dropped)
    yield from hinted(found.hints)
    yield from (unknown.said for unknown in found.unknown)
    for other in found.suggestions:
        number = _number(other.total, is_more=other.is_more)
        yield f"Did you mean ({other.change.value}, {number}): {harmless(other.text)}"


def left_out(dropped: Sequence[str]) -> Iterator[str]:
    """Yield what of a query was left out, if anything was."""
    if dropped:
        yield f"Left out of the query, as it says nothing: {harmless(' '.join(dropped))}"


def hinted(found: Sequence[Hint]) -> Iterator[str]:
    """Yield what of a query may have been meant otherwise, and how that is written."""
    yield from (HINTS[hint.kind].format(written=harmless(hint.written)) for hint in found)


def _number(total: int, *, is_more: bool) -> str:
    return f"more than {total} articles" if is_more else counted(total, "article")
