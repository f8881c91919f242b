"""`armcrawl archive`: what the raw archive holds, whether it is sound, and a page as it once was."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl.analysis.page_keys import key_in
from armcrawl.cli.engine import archive_storage, database_url, existing, opened, url_of, with_engine
from armcrawl.cli.keys import KEY, key_argument
from armcrawl.cli.options import archive_option, database_option, json_option
from armcrawl.cli.output import Table, counted, emit, listed
from armcrawl.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from datetime import datetime
    from typing import TextIO

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.sites import PageKey

moment_option = click.option(
    "--at", "moment", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]), metavar="TIME",
    help="As it was at this time (UTC)  [default: newest]",
)  # fmt: skip


@click.group()
def archive() -> None:
    """Look into the archive of raw pages."""


@archive.command(name="list")
@click.argument("key", type=KEY, required=False)
@archive_option
@database_option
@json_option
def list_(key: PageKey | None, archive: str | None, database: str | None, as_json: bool) -> None:
    """List the files of the archive, or the captures of one page.

    KEY is 9911, news/9911, SITE/news/9911, or the page's address.
    """
    from armcrawl.store.articles.captures import captures_of

    url = database_url(database)
    if key is None:
        storage = existing(archive_storage(url, archive))
        found = storage.files()
        files = [{"file": one.name, "bytes": one.size} for one in found]
        rows = [(one.name, f"{one.size / 1e6:.1f}") for one in found]
        emit(files, [Table(str(storage), ("file", "MB"), rows)], as_json=as_json)
        return
    with opened(url, reads=True) as engine:
        wanted = key_in(engine, key)
        captures = list(captures_of(engine, wanted))
    told = [asdict(one) | {"key": str(one.key)} for one in captures]
    places = [(f"{one.fetched_at:%Y-%m-%d %H:%M:%S}", one.http_status, one.file, one.offset) for one in captures]
    emit(told, [Table(str(wanted), ("captured (UTC)", "status", "file", "offset"), places)], as_json=as_json)


@archive.command()
@with_engine(reads=True, archive=True)
@json_option
def verify(storage: Storage, engine: Engine, as_json: bool) -> None:
    """Read every file to its end, check every digest, and that each capture of the database is where it should be."""
    from armcrawl.archive.checking import check_file
    from armcrawl.store.articles.captures import captures_of

    answers: dict[str, dict[int, str]] = {}
    files, problems = list[dict[str, object]](), list[str]()
    for stored in existing(storage).files():
        checked = check_file(stored)
        answers[stored.closed_name] = checked.answers
        files.append({"file": checked.name, "records": checked.records, "problems": checked.problems})
        problems += checked.problems
        # Line by line: an archive of years takes an hour.
        if not as_json:
            click.echo(f"{checked.name}: {listed(checked.records, empty='nothing')}")
        for problem in checked.problems:
            click.echo(f"  {problem}", err=True)
    number = 0
    for capture in captures_of(engine):
        number += 1
        if answers.get(capture.file, {}).get(capture.offset) not in {capture.digest, ""}:
            problems.append(f"{capture.key} of {capture.fetched_at}: not at {capture.offset} of {capture.file}")
            click.echo(f"  {problems[-1]}", err=True)
    read = f"{counted(len(answers), 'file')}, {counted(number, 'capture')} of the database"
    told = {"files": files, "captures": number, "problems": problems}
    emit(told, [f"{read}, {counted(len(problems), 'problem')}."], as_json=as_json)
    if problems:
        raise ArchiveError(f"The archive in {storage} is not sound.")


@archive.command()
@key_argument
@moment_option
@with_engine(reads=True, archive=True)
def cat(key: PageKey, moment: datetime | None, storage: Storage, engine: Engine) -> None:
    """Print the raw page of an article.

    KEY is 9911, news/9911, SITE/news/9911, or the page's address.
    """
    from armcrawl.reading.response import shown
    from armcrawl.store.queries.archived_pages import archived_page

    captured = archived_page(engine, storage, key, moment)
    sys.stdout.buffer.write(shown(captured.response(captured.url)).body)


@archive.command()
@key_argument
@moment_option
@click.option("--folder", "fixtures", type=click.Path(file_okay=False, path_type=Path), default="tests/golden",
              show_default=True, metavar="FOLDER", help="Where the tests look for such pages.")  # fmt: skip
@with_engine(reads=True, archive=True)
def save_fixture(key: PageKey, moment: datetime | None, fixtures: Path, storage: Storage, engine: Engine) -> None:
    """Save a page and what today's parser reads on it, for the tests: look at the JSON before you trust it.

    KEY is 9911, news/9911, SITE/news/9911, or the page's address.
    """
    from armcrawl.jobs.fixtures import save
    from armcrawl.store.queries.archived_pages import archived_page

    saved = save(key, archived_page(engine, storage, key, moment), fixtures)
    click.echo(f"{saved} and its page are saved: every field is a test now.")


@archive.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@archive_option
@database_option
@json_option
def adopt(folder: Path | None, archive: str | None, database: str | None, as_json: bool) -> None:
    """Put files into the archive that a run left on this machine, because it died or S3 was away.

    They lie in FOLDER: the disk of a worker that is gone, or without one where this machine's runs write, also if that
    is the archive's own folder: what was left open there is closed. A file that a run still writes is left alone.
    """
    from armcrawl.archive import sending

    storage = archive_storage(database_url(database), archive)
    storage.check()
    found = sending.adopt(storage, folder or storage.local)
    lines = [
        f"{counted(len(found.sent), 'file')} put into {storage}{_named(found.sent)}",
        f"{counted(len(found.busy), 'file')} of runs that go on{_named(found.busy)}",
    ]
    for problem in found.problems:
        click.echo(f"  {problem}", err=True)
    emit(asdict(found), lines, as_json=as_json)
    if found.problems:
        raise ArchiveError(f"{counted(len(found.problems), 'file')} could not be put, and stay where they are.")


@archive.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--delete-source", is_flag=True, help="Delete the files at FROM once all are at TO, in all versions.")
@with_engine(lock="archive move")
@json_option
def move(source: str, target: str, delete_source: bool, engine: Engine, as_json: bool) -> None:
    """Copy the archive to another place, folder or s3://BUCKET/PREFIX, and read every file back.

    Run it again to go on. The database needs no change: say --archive TO from then on. No run goes on meanwhile.
    """
    from armcrawl.archive import moving
    from armcrawl.archive.addresses import storage_at
    from armcrawl.crawling.configuration import archive_beside
    from armcrawl.fleet.setting_up import carry_mark
    from armcrawl.store.articles.captures import archive_files
    from armcrawl.store.articles.removal_lists import carry_list
    from armcrawl.store.articles.removals import listed

    beside = archive_beside(url_of(engine))
    here, there = existing(storage_at(source, beside)), storage_at(target, beside)
    there.check()
    moved = list[moving.Moved]()
    for one in moving.move(here, there):
        moved.append(one)
        if not as_json:
            click.echo(f"{one.name}: {'copied' if one.is_new else 'was there'}, {one.size / 1e6:.1f} MB read back")
    carry_list(here, there, listed(engine))
    carry_mark(here, there)
    lacking = sorted({*archive_files(engine)} - {one.name for one in moved})
    if delete_source:
        moving.delete_all(here, there, moved)
    told = {"files": [asdict(one) for one in moved], "lacking": lacking, "is_deleted": delete_source}
    there_now = f"{counted(len(moved), 'file')} of {here} were read back at {there}"
    said = f"{there_now}, and deleted where they were." if delete_source else f"{there_now}. {here} has them still."
    emit(told, [said, *_lacking(lacking)], as_json=as_json)


def _lacking(names: list[str]) -> list[str]:
    return [f"{counted(len(names), 'file')} that the database names, and FROM has not{_named(names)}"] if names else []


def _named(names: list[str]) -> str:
    return f": {', '.join(names)}." if names else "."


@archive.command(name="export")
@click.option("--wacz", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE",
              help="The package that is written, FILE.wacz.")  # fmt: skip
@click.option("--query", "words", metavar="Q", help="Only articles that `armcrawl search` finds by this.")
@click.option("--keys", "listed_keys", type=click.File("r", encoding="utf-8"), metavar="FILE",
              help="Only these pages: a key or an address a line; - for standard input.")  # fmt: skip
@with_engine(reads=True, archive=True)
def export(file: Path, words: str | None, listed_keys: TextIO | None, storage: Storage, engine: Engine) -> None:
    """Write pages with all their captures into a package (WACZ) that browsers and other archives replay.

    Without --query and --keys these are all pages of the archive. `backfill --warc FILE` reads it back.
    """
    from armcrawl.analysis.page_keys import read_key
    from armcrawl.cli.explore.search import hinted, left_out
    from armcrawl.files import leaving_nothing, part_of
    from armcrawl.jobs.packaging import package
    from armcrawl.russian.query_hints import hints
    from armcrawl.russian.search_query import parse_query

    if file.suffix.lower() != ".wacz":
        raise UsageError(f"{file.name!r} names no package: it must end in .wacz.")
    if words is not None and listed_keys is not None:
        raise UsageError("--query and --keys both say which pages: leave out one of them.")
    query = parse_query(words) if words is not None else None
    for line in (*left_out(query.dropped if query else ()), *hinted(hints(words or ""))):
        click.echo(line, err=True)
    keys = None
    if listed_keys is not None:
        keys = [key_in(engine, read_key(line.strip())) for line in listed_keys if line.strip()]
    with leaving_nothing(part_of(file)):
        found = package(engine, existing(storage), file, keys, query)
    for problem in found.problems:
        click.echo(f"  not in the package: {problem}", err=True)
    click.echo(f"{counted(found.counts['pages'], 'page')}, {counted(found.counts['captures'], 'capture')} in {file}.")
    if found.problems:
        raise ArchiveError(f"{counted(len(found.problems), 'capture')} could not be packed.")
