"""`armcrawl backfill --warc`: what archives hold of a site comes into the database."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.engine import opened
from armcrawl.cli.output import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from armcrawl.archive.imported_files import File
    from armcrawl.archive.storage import Storage
    from armcrawl.jobs.importing import Import
    from armcrawl.reporting.report import RunReport


def import_archives(site: str, settings: dict[str, Any], named: Sequence[str], *, is_planned: bool) -> int:
    """Import archives, tell what came of it, and return the exit code; raises ArmcrawlError."""
    from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
    from armcrawl.cli.collect.plan import database_to_plan
    from armcrawl.cli.progress import carry_out_decided
    from armcrawl.crawling.configuration import archive_of, configure
    from armcrawl.crawling.run_extension import begin
    from armcrawl.jobs.importing import Import
    from armcrawl.reporting.report import report_of
    from armcrawl.stats import stats_of
    from armcrawl.store.base.enumerations import FETCH, IMPORT, RunEnd
    from armcrawl.store.base.lock import lock_site
    from armcrawl.store.ledger.ledger import claim_origin
    from armcrawl.store.queries.joined import projection_stats
    from armcrawl.store.runs import run_record, verdicts

    configuration = configure(site, settings | {"ARMCRAWL_KIND": "import"})
    files = _files(named, configuration.database)
    storage = archive_of(configuration.database, settings.get("ARMCRAWL_ARCHIVE"))
    # What we fetched ourselves is no import, into whichever database it comes.
    is_ours = all(storage.holds(file) for file in files)
    writer = ArchiveWriter(ArchiveTarget(storage, f"{site}-import", (("files", str(len(files))),)))
    with ExitStack() as held:
        if is_planned:
            engine = held.enter_context(database_to_plan(configuration.database))
        else:
            held.callback(lock_site(configuration.database, site, "import", lambda _: None).release)
            engine = held.enter_context(opened(configuration.database, create=True))
        work = Import(engine, storage, configuration.site, writer, FETCH if is_ours else IMPORT)
        origin = None if configuration.origin.is_site else configuration.origin
        found = work.scan(files, origin, configuration.sections)
        if is_planned:
            _print_met(work)
            click.echo(f"{counted(len(found), 'capture')} would be imported.")
            return 0
        run_id = begin(configuration)
        claim_origin(engine, site, configuration.origin_name)
        outcome, pages, written = RunEnd.FAILED, Counter[str](), Counter[str]()
        joined: dict[str, int | str] = {}
        try:
            for batch in work.run(found, run_id):
                pages += batch.pages
                written += Counter(
                    new=batch.new, changed=batch.changed, unchanged=batch.unchanged, kept_apart=batch.apart
                )
            joined = _wiped(engine, storage)
            verdicts.note_import(engine, run_id)
            carry_out_decided(engine)
            joined |= projection_stats(engine, run_id)
            outcome = RunEnd.DONE
        finally:
            stats = stats_of("import", work.totals) | stats_of("articles", written) | joined
            run_record.end_run(engine, run_id, outcome, 0, dict(pages), stats, 0 if outcome == RunEnd.DONE else 1)
        report = report_of(engine, run_id, configuration.archive)
    _print(work, pages, written, report)
    return 0 if configuration.reports.tell(report) and not work.waits else 1


def _files(named: Sequence[str], database: str) -> list[File]:
    """Return the files to import: those that are named, and those of folders and archives."""
    from armcrawl.archive.addresses import source_at
    from armcrawl.archive.imported_files import files_to_import
    from armcrawl.crawling.configuration import archive_beside

    beside = archive_beside(database)
    return files_to_import([source_at(name, beside) for name in named])


def _wiped(engine: Engine, storage: Storage) -> dict[str, int | str]:
    """Wipe what was copied of pages that were taken down; return how much that was."""
    from armcrawl.stats import stats_of
    from armcrawl.store.articles.returning import wipe_returned

    wiped, problems = wipe_returned(engine, storage)
    for problem in problems:
        click.echo(f"armcrawl: {problem}", err=True)
    return {**stats_of("removals", {"wiped": wiped, "unwiped": len(problems)})}


def _print_met(work: Import) -> None:
    click.echo(f"Archives: {listed(work.counts)}.")
    if work.left_out:
        click.echo(f"Left out: {listed(work.left_out)}.")


def _print(work: Import, pages: Counter[str], written: Counter[str], report: RunReport) -> None:
    from armcrawl.reporting.report import doubts

    _print_met(work)
    articles = ", ".join(f"{name} {written[name]}" for name in ("new", "changed", "unchanged"))
    click.echo(f"Pages: {listed(pages)}. Articles: {articles}.")
    for problem in work.problems:
        click.echo(f"  not read: {problem}", err=True)
    if work.waits:
        click.echo(f"armcrawl: {work.waits}", err=True)
    for name, value in doubts(report.to_json()):
        click.echo(f"{name.capitalize()}: {value}.")
