"""`armcrawl show`, `forget` and `remove`: one page, by its key or address."""

from __future__ import annotations

import json
from dataclasses import asdict
from difflib import ndiff
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.options import archive_option, database_option, json_option
from armcrawl.cli.terminal import harmless
from armcrawl.errors import ArchiveError, UsageError
from armcrawl.sites import PageKey, default_site, identify, known_sites
from armcrawl.sites.site import NAME

if TYPE_CHECKING:
    from armcrawl.store.queries.history import History, Version


def key_of(text: str) -> PageKey:
    """Return the key that somebody typed, as a key or as any address of the page; raises UsageError."""
    key = identify(text) or _written_key(text)
    if key is None:
        site = default_site()
        example = PageKey(site.name, site.sections[0].name, "9911")
        raise UsageError(f"{text!r} is no page: write a key ({example}) or an address ({site.home}...).")
    return key


def _written_key(text: str) -> PageKey | None:
    """Return the key that a text is; leading zeros of a number do not matter."""
    name, _, rest = text.strip("/").partition("/")
    section, _, external_id = rest.partition("/")
    site = known_sites().get(name)
    if site is None and NAME.fullmatch(name) and NAME.fullmatch(section) and external_id:
        return PageKey(name, section, external_id)  # of a site that is not declared here any more
    if site is None or not external_id or section not in [known.name for known in site.sections]:
        return None
    has_numbers = site.section(section).patterns[0].kind == "id:int"
    key = PageKey(name, section, external_id.lstrip("0") if has_numbers else external_id)
    return None if has_numbers and key.number is None else key


@click.command()
@click.argument("key")
@click.option("--revisions", is_flag=True, help="List every version: when, why, how long.")
@click.option("--diff", is_flag=True, help="Tell what changed from version to version, piece by piece.")
@database_option
@json_option
def show(key: str, revisions: bool, diff: bool, database: str | None, as_json: bool) -> None:
    """Show an article, or its history. KEY is SITE/SECTION/ID or the page's address."""
    from armcrawl.store.base.database import open_database
    from armcrawl.store.queries.history import history

    wanted = key_of(key)
    engine = open_database(database or config.database_url(), create=False)
    found = history(engine, wanted)
    engine.dispose()
    if found is None:
        raise UsageError(f"The database does not know {wanted}.")
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=str))
    elif revisions:
        _list(found)
    elif diff:
        _compare(found.versions)
    else:
        _print(found)


def _print(found: History) -> None:
    said = f"{found.key} · {found.outcome}{f' ({found.reason})' if found.reason else ''} · {found.address}"
    if not found.versions:
        click.echo(said)
        return
    version = found.versions[-1]
    line = [str(version.published_on) if version.published_on else None, version.author, version.attribution]
    text = "\n".join([version.title, " · ".join(piece for piece in line if piece), "", version.body, "", said])
    click.echo(harmless(text))
    if found.cluster is not None:
        first = found.cluster.first
        by = f"first in {first} ({found.cluster.reason}, {found.cluster.confidence:.2f})" if first else "first: a tie"
        click.echo(f"The same text in {', '.join(key for key in found.cluster.keys if key != found.key)}; {by}.")


def _list(found: History) -> None:
    from armcrawl.cli.tables import print_table

    print_table(
        found.key,
        ("version", "written", "why", "parser", "words", "title"),
        [
            (
                version.number,
                f"{version.created_at:%Y-%m-%d %H:%M}",
                version.cause,
                version.parser_version,
                len(version.body.split()),
                version.title,
            )
            for version in found.versions
        ],
    )


def _compare(versions: tuple[Version, ...]) -> None:
    for older, newer in pairwise(versions):
        click.echo(f"{older.number} → {newer.number}, {newer.created_at:%Y-%m-%d %H:%M}, {newer.cause}")
        for version in (older, newer):
            if version.problem:
                click.echo(f"  of version {version.number} only the text is compared: {version.problem}")
        told = "paragraphs" if older.problem or newer.problem else "pieces"
        for line in ndiff(getattr(older, told), getattr(newer, told)):
            if line[0] in "+-":
                click.echo(f"  {harmless(line)}")
    if len(versions) < 2:
        click.echo("There is one version." if versions else "There is no version.")


@click.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@database_option
def forget(keys: tuple[str, ...], database: str | None) -> None:
    """Have pages asked for again by the next run. KEY is SITE/SECTION/ID or an address."""
    from armcrawl.store.articles import decisions
    from armcrawl.store.base.database import open_database

    wanted = [key_of(key) for key in keys]
    engine = open_database(database or config.database_url(), create=False)
    decisions.forget(engine, wanted)
    engine.dispose()
    click.echo(f"The next run asks for {', '.join(map(str, wanted))} again.")


@click.command()
@click.argument("key")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stays in the database.")
@archive_option
@database_option
def remove(key: str, reason: str, archive: str | None, database: str | None) -> None:
    """Take a page down: its text, versions, index and archived bytes go for good, and it is never asked for again."""
    from armcrawl import clock
    from armcrawl.archive.wiping import wipe
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.jobs.importing import places_of
    from armcrawl.store.articles import decisions
    from armcrawl.store.articles.captures import captures_of
    from armcrawl.store.base.database import open_database

    wanted = key_of(key)
    url = database or config.database_url()
    engine = open_database(url, create=False)
    folder = archive_of(url, archive)
    # The bytes first: while the database still knows where they are, this can be done again.
    known = {(capture.file, capture.offset) for capture in captures_of(engine, wanted)}
    for file, offset in {*known, *places_of(folder, wanted)}:
        try:
            wipe(folder, file, offset, clock.now())
        except ArchiveError as error:
            click.echo(f"armcrawl: {error}", err=True)
    decisions.remove(engine, wanted, reason)
    engine.dispose()
    click.echo(f"{wanted} is removed: {reason}")
