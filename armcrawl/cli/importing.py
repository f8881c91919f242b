"""`armcrawl backfill --warc`: what archives hold of a site comes into the database."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.runs.importing import Import


def import_archives(site: str, settings: dict[str, Any], named: Sequence[str]) -> None:
    """Import archives and tell what came of it; raises ArmcrawlError."""
    from armcrawl.archive.sources import files_to_import
    from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
    from armcrawl.runs.configuration import archive_of, configure
    from armcrawl.runs.extension import begin
    from armcrawl.runs.importing import Import
    from armcrawl.store import runs
    from armcrawl.store.database import open_database
    from armcrawl.store.lock import lock_site

    files = files_to_import(tuple(Path(name) for name in named))
    configuration = configure(site, settings | {"ARMCRAWL_KIND": "import"})
    folder = archive_of(configuration.database, settings["ARMCRAWL_ARCHIVE"])
    # What we fetched ourselves is no import, into whichever database it comes.
    is_ours = all(path.resolve().parent == folder.resolve() for path in files)
    lock = lock_site(configuration.database, site, "import", lambda _: None)
    try:
        run_id = begin(configuration)
        engine = open_database(configuration.database)
        writer = ArchiveWriter(ArchiveTarget(str(folder), f"{site}-import", (("files", str(len(files))),)))
        work = Import(engine, folder, writer, run_id, "fetch" if is_ours else "import")
        outcome, pages = "failed", Counter[str]()
        try:
            written = Counter[str]()
            for batch in work.run(files, None if configuration.origin.is_site else configuration.origin):
                pages += batch.pages
                written += Counter(new=batch.new, changed=batch.changed, unchanged=batch.unchanged)
            outcome = "done"
        finally:
            runs.end_run(engine, run_id, outcome, 0, dict(pages), dict(work.counts))
            engine.dispose()
    finally:
        lock.release()
    _print(work, pages, written)


def _print(work: Import, pages: Counter[str], written: Counter[str]) -> None:
    counts = ", ".join(f"{name} {number}" for name, number in sorted(work.counts.items()) if number) or "none"
    click.echo(f"Archives: {counts}.")
    told = ", ".join(f"{name} {number}" for name, number in sorted(pages.items()) if number) or "none"
    articles = ", ".join(f"{name} {written[name]}" for name in ("new", "changed", "unchanged"))
    click.echo(f"Pages: {told}. Articles: {articles}.")
    for problem in work.problems:
        click.echo(f"  not read: {problem}", err=True)
