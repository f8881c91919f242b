"""Reading an archive again in a cluster's workers, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.archive.folder import Folder
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.items import Outcome
from armcrawl.jobs import importing, rereading
from armcrawl.jobs.cluster import cluster_pool
from armcrawl.jobs.importing import Import
from armcrawl.jobs.rereading import reread_all
from armcrawl.refining.pages import page_from
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sites import site_named
from armcrawl.store.admin.rebuilding import rebuild
from armcrawl.store.articles.reread_pages import Wanted
from armcrawl.store.base.database import open_database
from armcrawl.store.base.enumerations import IMPORT
from armcrawl.store.runs import publishing, run_record, verdicts
from tests.archive.conftest import foreign
from tests.conftest import TODAY
from tests.jobs.cluster_readers import slow
from tests.jobs.readers import crash
from tests.rows import engine_rows
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from armcrawl.processes.pool import Pool

# A scheduler and three workers import much.
pytestmark = pytest.mark.soak

NUMBERS = sorted(one.number or 0 for one in load_sample().articles if one.section == "news")[:24]
FATAL = NUMBERS[5]
WORKERS, AT_ONCE = 3, 2
# A worker that was killed may not be back before its chunk kills the next one.
ALLOWED = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with three workers, each of which is started again when it dies."""
    folder = tmp_path_factory.mktemp("cluster")
    told = folder / "scheduler.json"
    options = ("--scheduler-file", str(told), "--no-dashboard")
    worker = ("worker", *options, "--nthreads", "1", "--local-directory", str(folder))
    with ExitStack() as running:
        for command in (("scheduler", *options, "--host", "127.0.0.1", "--port", "0"), *[worker] * WORKERS):
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                env=os.environ | ALLOWED,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            running.enter_context(process)
            running.callback(process.terminate)
            wait_for(told.exists)
        from distributed import Client

        with Client(scheduler_file=str(told), set_as_default=False) as client:
            client.wait_for_workers(WORKERS, timeout=120)
            yield client.scheduler.address


@pytest.fixture
def engine(postgresql_database: str) -> Iterator[Engine]:
    opened = open_database(postgresql_database)
    yield opened
    opened.dispose()


@pytest.fixture
def archive(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """An archive of some pages that the database holds, to be read some at a time; one of them kills some readers."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    portal = Portal("bootstrap")
    bodies = {number: portal.respond(f"/news/{number}", TODAY).body for number in NUMBERS}
    bodies[FATAL] += b"<!-- crash -->"
    file = tmp_path / "foreign.warc"
    file.write_bytes(b"".join(foreign(number, head + body) for number, body in bodies.items()))
    storage = Folder(tmp_path / "archive")
    work = Import(engine, storage, site_named("armtorg"), ArchiveWriter(ArchiveTarget(storage, "x")), IMPORT)
    run_id = run_record.begin_run(engine, "armtorg", "import", {})
    with monkeypatch.context() as here:
        # In this process: the pages are only to be there.
        here.setattr(importing, "spread", lambda task, calls: (task.function(*one) for one in calls))
        for _ in work.run(work.scan([file], None, ("news",)), run_id):
            pass
    verdicts.note_import(engine, run_id)
    publishing.carry_out(engine)
    with engine.begin() as connection:
        # As an earlier parser would have read it.
        connection.execute(text("UPDATE article_versions SET title = 'Прежний заголовок'"))
    monkeypatch.setattr(rereading, "PAGES_AT_ONCE", AT_ONCE)
    return storage


def found(engine: Engine, url: str, storage: Folder, pool: Pool | None, read: Callable[..., Page] = page_from) -> str:
    """Return all that a rereading finds, as one text."""
    chunks = list(reread_all(engine, url, storage, Wanted(), pool, read=read))
    assert sum(chunk.counts["read"] for chunk in chunks) == len(NUMBERS)
    return repr([(one.target.key, one.page, one.changes) for chunk in chunks for one in chunk.rereads])


def test_a_cluster_reads_as_this_machine_does_also_when_two_of_three_workers_are_killed_in_the_middle(
    scheduler: str, engine: Engine, postgresql_database: str, archive: Folder, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    begun.mkdir()

    def kill() -> None:
        wait_for(lambda: len(list(begun.iterdir())) >= WORKERS)
        for process in sorted(begun.iterdir())[: WORKERS - 1]:
            os.kill(int(process.name), signal.SIGKILL)

    here = found(engine, postgresql_database, archive, None)
    killing = Thread(target=kill)
    killing.start()
    with cluster_pool(scheduler, engine, postgresql_database, archive) as pool:
        there = found(engine, postgresql_database, archive, pool, partial(slow, str(begun)))
    killing.join()
    assert len(list(begun.iterdir())) >= WORKERS
    assert there == here
    assert here.count("Прежний заголовок") == len(NUMBERS)


def test_a_page_that_kills_worker_after_worker_is_quarantined_and_the_others_are_read(
    scheduler: str, engine: Engine, postgresql_database: str, archive: Folder
) -> None:
    with cluster_pool(scheduler, engine, postgresql_database, archive) as pool:
        chunks = list(reread_all(engine, postgresql_database, archive, Wanted(), pool, read=crash))
    outcomes = {one.page.key.number: one.page.outcome for chunk in chunks for one in chunk.rereads}
    assert outcomes == dict.fromkeys(NUMBERS, Outcome.STORED) | {FATAL: Outcome.QUARANTINED}
    assert [said for chunk in chunks for said in chunk.problems] == [
        f"armtorg/news/{FATAL}: the page crashes its reader"
    ]


@pytest.mark.usefixtures("archive")
def test_clusters_of_articles_come_out_the_same(scheduler: str, engine: Engine, postgresql_database: str) -> None:
    rebuild(engine)
    before = engine_rows(engine)
    with cluster_pool(scheduler, engine, postgresql_database, None) as pool:
        rebuild(engine, pool=pool)
    assert engine_rows(engine) == before


def test_what_a_cluster_cannot_do_is_refused(
    scheduler: str,
    engine: Engine,
    postgresql_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
) -> None:
    sqlite = open_database(database, create=True)
    with pytest.raises(UsageError, match="PostgreSQL"), cluster_pool(scheduler, sqlite, database, None):
        pass
    sqlite.dispose()
    with (
        pytest.raises(UsageError, match="cannot help: The database"),
        cluster_pool(scheduler, engine, "postgresql://nobody@127.0.0.1:9/none", None),
    ):
        pass
    # Relative to a folder that the workers are not in.
    monkeypatch.chdir(tmp_path)
    here = Folder(Path("only-here"))
    here.path.mkdir()
    (here.path / "a.warc.gz").touch()
    with (
        pytest.raises(UsageError, match="does not see a"),
        cluster_pool(scheduler, engine, postgresql_database, here),
    ):
        pass
    with pytest.raises(ArmcrawlError, match="No scheduler"), cluster_pool("tcp://127.0.0.1:9", engine, "", None):
        pass
