"""Reading the archive again, and importing, whatever a page does to the process that reads it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.archive.folder import Folder
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.jobs import importing
from armcrawl.jobs.importing import Import
from armcrawl.jobs.rereading import reread_all
from armcrawl.processes.pool import local_pool
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sites import PageKey, site_named
from armcrawl.store.articles.reread_pages import Wanted, write_rereadings
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.enumerations import IMPORT
from armcrawl.store.queries.quarantine import cases
from armcrawl.store.runs import run_record, verdicts
from tests.archive.conftest import foreign
from tests.conftest import TODAY
from tests.jobs.readers import crash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

NUMBERS = sorted(one.number or 0 for one in load_sample().articles if one.section == "news")[:3]
FATAL = NUMBERS[1]
KEY = PageKey("armtorg", "news", str(FATAL))
NOW = datetime(2026, 11, 30, tzinfo=UTC)
CRASHES = "the page crashes its reader"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_database(database, create=True)
    yield made
    made.dispose()


def body(number: int) -> bytes:
    page = Portal("bootstrap").respond(f"/news/{number}", TODAY).body
    return page + b"<!-- crash -->" if number == FATAL else page


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A file of three pages, the second of which some readers cannot bear."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    path = tmp_path / "three.warc"
    path.write_bytes(b"".join(foreign(number, head + body(number)) for number in NUMBERS))
    return path


def bring(engine: Engine, archive: Path, **how: object) -> Import:
    storage = Folder(archive.parent / "archive")
    writer = ArchiveWriter(ArchiveTarget(storage, "x"))
    work = Import(engine, storage, site_named("armtorg"), writer, IMPORT, **how)  # type: ignore[arg-type]  # fields of an import
    run_id = run_record.begin_run(engine, "armtorg", "import", {})
    for _ in work.run(work.scan([archive], None, ("news",)), run_id):
        pass
    verdicts.note_import(engine, run_id)
    return work


def outcomes(engine: Engine) -> dict[int, str]:
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT number, outcome FROM pages")).all()
    return {row.number: row.outcome for row in rows}


def test_a_page_that_kills_its_process_is_quarantined_and_named_and_the_others_are_read(
    engine: Engine, database: str, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as here:
        # In this process: the pages are only to be there.
        here.setattr(importing, "spread", lambda task, calls: (task.function(*one) for one in calls))
        bring(engine, archive)
    storage = Folder(archive.parent / "archive")
    chunks = list(reread_all(engine, database, storage, Wanted(), local_pool(1), read=crash))
    assert sum((chunk.counts for chunk in chunks), start=Counter()) == {"read": 2, "crashing": 1}
    assert [problem for chunk in chunks for problem in chunk.problems] == [f"{KEY}: {CRASHES}"]
    (reread,) = [one for chunk in chunks for one in chunk.rereads]
    write_rereadings(engine, [(reread.target, reread.page)], None, NOW)  # type: ignore[arg-type]  # no run is needed
    assert outcomes(engine) == dict.fromkeys(NUMBERS, "stored") | {FATAL: "quarantined"}
    assert [(case.key, case.reason) for case in cases(engine)] == [(KEY, CRASHES)]
    assert reread.page.body == body(FATAL)


def test_an_import_quarantines_and_names_the_page_that_kills_its_process_and_brings_the_others(
    engine: Engine, archive: Path
) -> None:
    work = bring(engine, archive, read=crash)
    assert work.problems == [f"{KEY}: {CRASHES}"]
    assert outcomes(engine) == dict.fromkeys(NUMBERS, "stored") | {FATAL: "quarantined"}
    assert [(case.key, case.reason) for case in cases(engine)] == [(KEY, CRASHES)]
