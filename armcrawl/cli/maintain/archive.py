"""`armcrawl archive`: what the raw archive holds, whether it is sound, and a page as it once was."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.explore.keys import key_of
from armcrawl.cli.options import archive_option, database_option
from armcrawl.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from armcrawl.archive.reading import Captured
    from armcrawl.sites import PageKey

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"])


@click.group()
def archive() -> None:
    """Look into the archive of raw pages."""


@archive.command(name="list")
@click.argument("key", required=False)
@archive_option
@database_option
def list_(key: str | None, archive: str | None, database: str | None) -> None:
    """List the files of the archive, or the captures of one page. KEY is SITE/SECTION/ID or an address."""
    from armcrawl.archive.folder import files_of
    from armcrawl.cli.tables import print_table
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.store.articles.captures import captures_of
    from armcrawl.store.base.database import open_database

    url = database or config.database_url()
    if key is None:
        files = files_of(archive_of(url, archive))
        rows = [(path.name, f"{path.stat().st_size / 1e6:.1f}") for path in files]
        print_table(str(archive_of(url, archive)), ("file", "MB"), rows)
        return
    engine = open_database(url, create=False)
    found = list(captures_of(engine, key_of(key)))
    engine.dispose()
    print_table(
        key,
        ("captured (UTC)", "status", "file", "offset"),
        [(f"{one.fetched_at:%Y-%m-%d %H:%M:%S}", one.http_status, one.file, one.offset) for one in found],
    )


@archive.command()
@archive_option
@database_option
def verify(archive: str | None, database: str | None) -> None:
    """Read every file to its end, check every digest, and that each capture of the database is where it should be."""
    from armcrawl.archive.checking import check_file
    from armcrawl.archive.folder import OPEN, files_of
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.store.articles.captures import captures_of
    from armcrawl.store.base.database import open_database

    url = database or config.database_url()
    folder = archive_of(url, archive)
    answers: dict[str, dict[int, str]] = {}
    problems = 0
    for path in files_of(folder):
        checked = check_file(path)
        answers[path.name.removesuffix(OPEN)] = checked.answers
        counts = ", ".join(f"{kind} {number}" for kind, number in sorted(checked.records.items()))
        click.echo(f"{checked.name}: {counts or 'nothing'}")
        for problem in checked.problems:
            click.echo(f"  {problem}", err=True)
        problems += len(checked.problems)
    engine = open_database(url, create=False)
    number = 0
    for capture in captures_of(engine):
        number += 1
        if answers.get(capture.file, {}).get(capture.offset) not in {capture.digest, ""}:
            problems += 1
            click.echo(f"  {capture.key} of {capture.fetched_at}: not at {capture.offset} of {capture.file}", err=True)
    engine.dispose()
    click.echo(f"{len(answers)} files, {number} captures of the database, {problems} problems.")
    if problems:
        raise ArchiveError(f"The archive in {folder} is not sound.")


@archive.command()
@click.argument("key")
@click.option("--at", "moment", type=MOMENT, metavar="TIME", help="As it was at this time (UTC)  [default: newest]")
@archive_option
@database_option
def cat(key: str, moment: datetime | None, archive: str | None, database: str | None) -> None:
    """Print the raw page of an article. KEY is SITE/SECTION/ID or an address."""
    from armcrawl.reading.response import shown

    captured = _captured(key_of(key), moment, archive, database)
    sys.stdout.buffer.write(shown(captured.response(captured.url)).body)


@archive.command()
@click.argument("key")
@click.option("--at", "moment", type=MOMENT, metavar="TIME", help="As it was at this time (UTC)  [default: newest]")
@click.option("--folder", type=click.Path(file_okay=False), default="tests/golden", show_default=True, metavar="FOLDER")
@archive_option
@database_option
def save_fixture(key: str, moment: datetime | None, folder: str, archive: str | None, database: str | None) -> None:
    """Save a page and what today's parser reads on it, for the tests: look at the JSON before you trust it."""
    from armcrawl.jobs.fixtures import save

    wanted = key_of(key)
    saved = save(wanted, _captured(wanted, moment, archive, database), Path(folder))
    click.echo(f"{saved} and its page are saved: every field is a test now.")


def _captured(key: PageKey, moment: datetime | None, archive: str | None, database: str | None) -> Captured:
    """Return the newest capture of a page with its body, at a time if that is given; raises ArmcrawlError."""
    from dataclasses import replace
    from datetime import UTC

    from armcrawl.archive.reading import read_at
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.store.articles.captures import captures_of
    from armcrawl.store.base.database import open_database

    url = database or config.database_url()
    engine = open_database(url, create=False)
    found = list(captures_of(engine, key))
    engine.dispose()
    if moment is not None:
        found = [one for one in found if one.fetched_at <= moment.replace(tzinfo=UTC)]
    if not found:
        raise UsageError(f"The archive holds no capture of {key}{f' of {moment} or earlier' if moment else ''}.")
    folder, newest = archive_of(url, archive), found[-1]
    captured = read_at(folder, newest.file, newest.offset)
    if captured.refers_to is None:
        return captured
    original = next((one for one in found if one.fetched_at == captured.refers_to), None)
    if original is None:
        raise ArchiveError(f"The page is unchanged since {captured.refers_to}, which the archive does not hold.")
    return replace(read_at(folder, original.file, original.offset), fetched_at=captured.fetched_at)
