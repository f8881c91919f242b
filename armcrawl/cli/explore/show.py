"""`armcrawl show`: an article and its history."""

from __future__ import annotations

from difflib import ndiff
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from armcrawl.cli.engine import with_engine
from armcrawl.cli.keys import key_argument
from armcrawl.cli.options import json_option
from armcrawl.cli.output import Table, emit
from armcrawl.errors import UsageError
from armcrawl.redaction import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine

    from armcrawl.sites import PageKey
    from armcrawl.store.queries.history import History, Version


# Articles of a cluster that are named; `--json` names all.
NAMED = 5


@click.command()
@key_argument
@click.option("--revisions", is_flag=True, help="List every version: when, why, how long.")
@click.option("--diff", is_flag=True, help="Tell what changed from version to version, piece by piece.")
@with_engine(reads=True)
@json_option
def show(key: PageKey, revisions: bool, diff: bool, engine: Engine, as_json: bool) -> None:
    """Show an article, or its history.

    KEY is 9911, news/9911, SITE/news/9911, or the page's address.
    """
    from armcrawl.store.queries.history import history

    found = history(engine, key)
    if found is None:
        raise UsageError(f"The database does not know {key}.")
    shown: Iterable[Table | str] = _article(found)
    if revisions:
        shown = [_revisions(found)]
    elif diff:
        shown = _differences(found.versions)
    emit(found, shown, as_json=as_json)


def _article(found: History) -> Iterator[str]:
    said = f"{found.key} · {found.outcome}{f' ({found.reason})' if found.reason else ''} · {found.address}"
    if not found.versions:
        yield said
        return
    version = found.versions[-1]
    line = [str(version.published_on) if version.published_on else None, version.author, version.attribution]
    yield harmless("\n".join([version.title, " · ".join(piece for piece in line if piece), "", version.body, "", said]))
    if found.cluster is not None:
        first = found.cluster.first
        by = f"first in {first} ({found.cluster.reason}, {found.cluster.confidence:.2f})" if first else "first: a tie"
        others = [key for key in found.cluster.keys if key != found.key]
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        yield f"The same text in {', '.join(others[:NAMED])}{more}; {by}."
    if found.is_waiting:
        yield "It waits to be compared with others: `armcrawl dedupe join`."


def _revisions(found: History) -> Table:
    rows = [
        (version.number, version.created_at, version.cause, version.parser_version, len(version.body.split()),
         version.title)
        for version in found.versions
    ]  # fmt: skip
    return Table(found.key, ("version", "written (UTC)", "why", "parser", "words", "title"), rows)


def _differences(versions: tuple[Version, ...]) -> Iterator[str]:
    for older, newer in pairwise(versions):
        yield f"{older.number} → {newer.number}, {newer.created_at:%Y-%m-%d %H:%M}, {newer.cause}"
        for version in (older, newer):
            if version.problem:
                yield f"  of version {version.number} only the text is compared: {version.problem}"
        told = "paragraphs" if older.problem or newer.problem else "pieces"
        for line in ndiff(getattr(older, told), getattr(newer, told)):
            if line[0] in "+-":
                yield f"  {harmless(line)}"
    if len(versions) < 2:
        yield "There is one version." if versions else "There is no version."
