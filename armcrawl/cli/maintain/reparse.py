"""`armcrawl reparse`: today's parser over the archive, without fetching a page again."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.options import Number, archive_option, database_option, json_option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine

    from armcrawl.cli.progress import Tell
    from armcrawl.jobs.reread_report import RereadReport
    from armcrawl.jobs.rereading import Chunk
    from armcrawl.store.articles.reread_pages import Wanted

DAY = click.DateTime(["%Y-%m-%d"])
# A line of the table; more of a text tells no more.
MAX_EXAMPLE_LENGTH = 90


@click.command()
@click.option("--site", metavar="NAME", help="Only this site.")
@click.option("--section", "sections", multiple=True, metavar="NAME", help="Only this section; may be repeated.")
@click.option("--ids", metavar="1-30000", help="Only these ids; several ranges are parted by commas.")
@click.option("--since", type=DAY, metavar="D", help="Only what was fetched on this day (UTC) or later.")
@click.option("--apply", "is_applied", is_flag=True, help="Write it; without this only tell what would change.")
@click.option("--jobs", type=Number(1), metavar="N", help="Processes  [default: one for each core]")
@click.option(
    "--report", type=click.Path(file_okay=False), metavar="FOLDER", help="The report  [default: beside the archive]"
)
@archive_option
@database_option
@json_option
def reparse(
    site: str | None,
    sections: tuple[str, ...],
    ids: str | None,
    since: datetime | None,
    is_applied: bool,
    jobs: int | None,
    report: str | None,
    archive: str | None,
    database: str | None,
    as_json: bool,
) -> None:
    """Read the archived pages again with today's parser, and show what would change, before anything does."""
    from datetime import UTC

    from armcrawl import clock
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.discovery.goal import ranges_of
    from armcrawl.jobs.reread_report import RereadReport
    from armcrawl.sites import site_named
    from armcrawl.store.articles.reread_pages import Wanted
    from armcrawl.store.base.database import open_database
    from armcrawl.store.base.lock import locking_all

    if site is not None:
        site_named(site)
    wanted = Wanted(site, sections, ranges_of(ids) if ids else (), since.replace(tzinfo=UTC) if since else None)
    url = database or config.database_url()
    folder = archive_of(url, archive)
    engine = open_database(url, create=False)
    # «.» has a name only where it is written out.
    beside = folder if folder.name else folder.resolve()
    where = Path(report) if report else beside.parent / f"{beside.name}-reparse-{clock.now():%Y%m%dT%H%M%SZ}"
    with locking_all(url, "reparse") if is_applied else nullcontext(), RereadReport(where) as found:
        _reread(engine, url, folder, wanted, jobs, found, is_applied=is_applied)
    engine.dispose()
    if as_json:
        import json

        click.echo(json.dumps(found.to_json() | {"is_written": is_applied}, ensure_ascii=False, indent=2))
    else:
        _print(found, is_applied=is_applied)


def _reread(
    engine: Engine, url: str, folder: Path, wanted: Wanted, jobs: int | None, found: RereadReport, *, is_applied: bool
) -> None:
    from armcrawl.cli.progress import bar_or_lines, carry_out_decided
    from armcrawl.jobs.rereading import reread_all
    from armcrawl.store.runs.verdicts import heal

    with bar_or_lines("pages read again") as tell:
        chunks = _telling(reread_all(engine, url, folder, wanted, jobs), found, tell)
        if is_applied:
            _apply(engine, folder, wanted, chunks, found)
        else:
            for chunk in chunks:
                found.add(chunk)
    if is_applied:
        found.healed = heal(engine, wanted.site)
        carry_out_decided(engine)


def _telling(chunks: Iterator[Chunk], found: RereadReport, tell: Tell) -> Iterator[Chunk]:
    """Yield chunks, and tell how many pages the report holds before each."""
    for chunk in chunks:
        tell(sum(found.counts.values()), None)
        yield chunk


def _apply(engine: Engine, folder: Path, wanted: Wanted, chunks: Iterator[Chunk], found: RereadReport) -> None:
    from armcrawl.stats import stats_of
    from armcrawl.store.entities.tagging import regroup_tags
    from armcrawl.store.runs import run_record

    run_record.mark_dead(engine, None)
    run_id = run_record.begin_run(engine, wanted.site or run_record.ALL_SITES, "reparse", {"archive": str(folder)})
    outcome = "failed"
    try:
        for chunk in chunks:
            found.add(chunk)
            _write(engine, chunk, run_id)
        regroup_tags(engine)
        outcome = "done"
    finally:
        stats = stats_of("reread", found.counts + Counter(changed=found.changed))
        run_record.end_run(engine, run_id, outcome, 0, dict(found.counts), stats)


def _write(engine: Engine, chunk: Chunk, run_id: int) -> None:
    from armcrawl import clock
    from armcrawl.store.articles.reread_pages import write_rereadings
    from armcrawl.store.articles.unreadable import quarantine_unreadable
    from armcrawl.store.base.database import writing

    if chunk.unreadable:
        with writing(engine) as connection:
            quarantine_unreadable(connection, chunk.unreadable)
    if chunk.rereads:
        write_rereadings(engine, [(one.target, one.page) for one in chunk.rereads], run_id, clock.now())


def _print(found: RereadReport, *, is_applied: bool) -> None:
    from armcrawl.cli.tables import print_table

    for healed in found.healed:
        click.echo(f"Run {healed} passes its checks now: what it stored is shown.")
    counts = ", ".join(f"{name} {number}" for name, number in sorted(found.counts.items())) or "none"
    click.echo(f"Pages: {counts}. Read otherwise: {found.changed}.")
    for problem in found.problems[:5]:
        click.echo(f"  {problem}", err=True)
    if not found.changed:
        return
    print_table("Fields", ("field", "gained", "lost", "changed"), found.rows())
    print_table(
        "The largest changes",
        ("page", "field", "before", "after"),
        [(key, change.field, _short(change.before), _short(change.after)) for key, change in found.examples()],
    )
    click.echo(f"All of it: {found.folder / 'report.html'} and changes.jsonl beside it.")
    click.echo("It is written." if is_applied else "Nothing is written yet: add --apply.")


def _short(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= MAX_EXAMPLE_LENGTH else f"{text[:MAX_EXAMPLE_LENGTH]}… ({len(text)} characters)"
