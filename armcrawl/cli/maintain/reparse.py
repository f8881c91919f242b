"""`armcrawl reparse`: today's parser over the archive, without fetching a page again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.days import day_options
from armcrawl.cli.engine import existing, reading_pool, url_of, with_engine
from armcrawl.cli.options import cluster_option, json_option, option
from armcrawl.cli.output import Table, counted, emit, listed
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.cli.progress import Tell
    from armcrawl.jobs.reread_report import RereadReport
    from armcrawl.jobs.rereading import Chunk
    from armcrawl.processes.pool import Pool
    from armcrawl.store.articles.reread_pages import Wanted

# A line of the table; more of a text tells no more.
MAX_EXAMPLE_LENGTH = 90


@click.command()
@click.option("--site", metavar="NAME", help="Only this site.")
@click.option("--section", "sections", multiple=True, metavar="NAME", help="Only this section; may be repeated.")
@click.option("--ids", metavar="1-30000", help="Only these ids; separate several ranges by commas.")
@day_options("Only pages fetched (UTC) on")
@apply_option
@option("jobs", help="Processes.")
@cluster_option
@click.option("--report", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write all changes into FILE.html or FILE.jsonl; - is JSON Lines on standard output  "
              "[default: both, in a folder beside the archive]")  # fmt: skip
@with_engine(job="reparse", archive=True)
@json_option
def reparse(
    site: str | None,
    sections: tuple[str, ...],
    ids: str | None,
    since: date | None,
    until: date | None,
    is_applied: bool,
    jobs: int | None,
    cluster: str | None,
    report: str | None,
    storage: Storage,
    engine: Engine,
    as_json: bool,
) -> None:
    """Read the archived pages again with today's parser.

    What would change is shown; with --apply it is written, and can be taken back the same way.
    """
    from datetime import timedelta

    from armcrawl.discovery.goal import ranges_of
    from armcrawl.jobs.reread_report import RereadReport
    from armcrawl.store.articles.reread_pages import Wanted

    if report == "-" and as_json:
        raise UsageError("--report - and --json both write to standard output: leave out one of them.")
    _check_sections(site, sections)
    end = _begin_of(until + timedelta(days=1)) if until else None
    wanted = Wanted(site, sections, ranges_of(ids) if ids else (), _begin_of(since) if since else None, end)
    with (
        reading_pool(engine, cluster, existing(storage), jobs) as pool,
        RereadReport(_report_paths(report, storage.local)) as found,
    ):
        _reread(engine, storage, wanted, pool, found, is_applied=is_applied)
    told = found.to_json() | {"is_written": is_applied}
    emit(told, _shown(found, is_applied=is_applied), as_json=as_json, err=report == "-")


def _begin_of(day: date) -> datetime:
    from datetime import UTC, datetime

    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _check_sections(site: str | None, sections: Sequence[str]) -> None:
    """Raise UsageError for a site or a section that there is not."""
    from armcrawl.sites import check_sections, known_sites, site_named

    if site is not None:
        check_sections(site_named(site), sections)
    known = {section.name for one in known_sites().values() for section in one.sections}
    if unknown := [name for name in sections if name not in known]:
        raise UsageError(f"No site has a section {unknown[0]!r}: the sections are {', '.join(sorted(known))}.")


def _report_paths(report: str | None, folder: Path) -> tuple[Path, ...]:
    """Return the files that changes are written to; raises UsageError for a name that tells no format."""
    from armcrawl import clock
    from armcrawl.jobs.reread_report import LINES, PAGE
    from armcrawl.reporting.delivery import writable

    if (path := writable(report)) is not None:
        if report != "-" and path.suffix not in {PAGE, LINES}:
            raise UsageError(f"{path.name!r} names no report: it must end in {PAGE} or {LINES}.")
        return (path,)
    # «.» has a name only where it is written out.
    beside = folder if folder.name else folder.resolve()
    where = beside.parent / f"{beside.name}-reparse-{clock.now():%Y%m%dT%H%M%SZ}"
    return (where / f"report{PAGE}", where / f"changes{LINES}")


def _reread(
    engine: Engine, storage: Storage, wanted: Wanted, pool: Pool | None, found: RereadReport, *, is_applied: bool
) -> None:
    from armcrawl.cli.progress import bar_or_lines, carry_out_decided
    from armcrawl.jobs.rereading import reread_all
    from armcrawl.jobs.rewriting import write_reread
    from armcrawl.store.runs.verdicts import heal

    with bar_or_lines("pages read again") as tell:
        chunks = _telling(reread_all(engine, url_of(engine), storage, wanted, pool), found, tell)
        if is_applied:
            write_reread(engine, storage, wanted, chunks, found)
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


def _shown(found: RereadReport, *, is_applied: bool) -> Iterator[Table | str]:
    from armcrawl.reporting.outcome import healed

    yield from (healed(run_id, unjudged) for run_id, unjudged in found.healed.items())
    yield f"Pages: {listed(found.counts)}. Read otherwise: {found.changed}."
    for problem in found.problems[:5]:
        click.echo(f"  {problem}", err=True)
    if not found.changed:
        return
    yield Table("Fields", ("field", "gained", "lost", "changed"), found.rows())
    examples = [(key, change.field, _short(change.before), _short(change.after)) for key, change in found.examples()]
    yield Table("The largest changes", ("page", "field", "before", "after"), examples)
    yield f"All {counted(found.changed, 'page')}: {' and '.join(map(str, found.paths))}."
    yield whether_written(is_applied=is_applied)


def _short(value: object) -> str:
    from armcrawl.store.articles.documents import pieces_of

    text = " ".join((value if isinstance(value, str) else "; ".join(pieces_of(value))).split())
    return text if len(text) <= MAX_EXAMPLE_LENGTH else f"{text[:MAX_EXAMPLE_LENGTH]}… ({len(text)} characters)"
