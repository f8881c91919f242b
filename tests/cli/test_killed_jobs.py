"""Jobs that write much, killed in their midst: nothing is lost or doubled, no process stays, the next one goes on."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text, update

from armcrawl.store.admin.copying import copy_database
from armcrawl.store.base import enumerations, schema
from armcrawl.store.base.database import open_database, reading
from tests.alive import family, is_alive
from tests.cli.conftest import starting
from tests.conftest import COMMAND_SECONDS
from tests.reader import SecondReader
from tests.rows import rows_of
from tests.templates import serving_notes
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished, Forking, Started

    Command = Callable[..., Finished]
    Start = Callable[..., Started]
    Asking = Callable[[str], Callable[[str], int]]

# Shown in several pieces, so that there is a midst.
NOTES = 330
# What such a piece holds where it is slow.
SLOW_PIECE = 100
# Once so many were compared with one another for two minutes, and then withheld.
TEMPLATE = 1_500
# A command that takes its time between its transactions, and between the pieces of what it shows: so it has a midst,
# however fast or busy the machine is.
SLOWLY = """
import time
from sqlalchemy import Engine, event
from armcrawl.cli import main
from armcrawl.store.admin import reclustering
from armcrawl.store.runs import publishing
def wait(connection):
    if "index.db" not in str(connection.engine.url):  # a rebuild's own, which nobody reads
        time.sleep(0.5)
event.listen(Engine, "commit", wait)
publishing.PIECE, publishing.PAUSE_SECONDS = 100, 3.0  # SLOW_PIECE
write_clusters = reclustering._write_clusters
def write_slowly(*arguments):
    time.sleep(3)
    write_clusters(*arguments)
reclustering._write_clusters = write_slowly
if __name__ == "__main__":
    main()
"""


@dataclass(frozen=True)
class Made:
    """A database of notes, its archive, and its rows when everything is done."""

    url: str
    archive: str
    rows: dict[str, Counter[str]]


@pytest.fixture(scope="module")
def notes() -> Iterator[str]:
    with serving_notes(NOTES) as url:
        yield url


@pytest.fixture(scope="module")
def made(notes: str, forks: Forking, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    url = f"sqlite:///{folder}/test.db"
    options = ("--base-url", notes, "--database", url, "--delay", "0", "--max-requests", "0")
    crawl = starting(forks, *options, "--concurrency", "4", folder=folder)
    _, err = crawl.communicate(COMMAND_SECONDS)
    assert crawl.returncode == 0, err
    return Made(url, str(folder / "test-archive"), rows_of(url))


@pytest.fixture
def database(each_database: str) -> str:
    return each_database


@pytest.fixture
def copied(made: Made, database: str) -> str:
    """A copy of the made database, of the kind that the test wants."""
    source, target = open_database(made.url), open_database(database)
    copy_database(source, target)
    source.dispose()
    target.dispose()
    return database


@pytest.fixture
def start_command(forks: Forking, tmp_path: Path) -> Start:
    """Start a command that takes its time."""
    return lambda *arguments: forks.start(arguments, folder=tmp_path, environment=os.environ, script=SLOWLY)


def kill(process: Started) -> None:
    """Kill a process for good, and wait until all that it started is gone."""
    assert process.poll() is None, f"it ended before it was killed: {process.communicate(COMMAND_SECONDS)}"
    everyone = list(family(process.pid))
    process.kill()
    process.communicate(COMMAND_SECONDS)
    wait_for(lambda: not any(map(is_alive, everyone)))


@pytest.fixture
def asking() -> Iterator[Asking]:
    """Return what asks a database for a number, and waits for no writer."""
    with ExitStack() as opened:

        def of(database: str) -> Callable[[str], int]:
            engine = open_database(database)
            opened.callback(engine.dispose)

            def ask(sql: str) -> int:
                with reading(engine) as connection:
                    return int(connection.execute(text(sql)).scalar() or 0)

            return ask

        yield of


def verdict_on(database: str, verdict: str) -> None:
    """Take back what the run of the notes shows, as if its checks had not held, and decide so."""
    engine = open_database(database)
    with engine.begin() as connection:
        connection.execute(update(schema.runs).values(verdict=verdict))
    engine.dispose()


SHOWN = "SELECT count(*) FROM v_articles"


@pytest.mark.e2e  # on both kinds: how a server takes a client's death is its own
def test_a_crawl_killed_while_it_shows_what_it_stored(
    notes: str, made: Made, database: str, start_command: Start, armcrawl: Command, asking: Asking
) -> None:
    options = ("--base-url", notes, "--database", database, "--delay", "0", "--max-requests", "0")
    ask = asking(database)
    with SecondReader(database) as reader:
        crawl = start_command("crawl", *options, "--concurrency", "4")
        wait_for(lambda: ask(SHOWN) > 0)
        kill(crawl)
        told = armcrawl("status", "--database", database)
        assert ask(SHOWN) == NOTES or "may be shown and are not yet" in told.out
        again = armcrawl("crawl", *options)
    assert again.code == 0, again.err
    assert reader.looks
    assert ask(SHOWN) == NOTES
    assert _without_index(rows_of(database)) == _without_index(made.rows)


def test_a_signal_while_it_shows_what_it_stored_ends_a_crawl_and_the_next_one_goes_on(
    notes: str, start_command: Start, armcrawl: Command, tmp_path: Path, asking: Asking
) -> None:
    database = f"sqlite:///{tmp_path}/test.db"
    options = ("--base-url", notes, "--database", database, "--delay", "0", "--max-requests", "0")
    ask = asking(database)
    crawl = start_command("crawl", *options, "--concurrency", "4")
    wait_for(lambda: ask(SHOWN) > 0)
    crawl.send_signal(signal.SIGTERM)
    _, err = crawl.communicate(COMMAND_SECONDS)
    assert crawl.returncode == 128 + signal.SIGTERM, err
    assert "Traceback" not in err
    assert armcrawl("runs", "publish", "--database", database).code == 0
    assert ask(SHOWN) == NOTES


@pytest.mark.soak  # the other tests show a fifth as many
def test_a_run_over_a_template_that_fills_an_archive_is_published(
    armcrawl: Command, database: str, asking: Asking
) -> None:
    with serving_notes(TEMPLATE) as url:
        options = ("--base-url", url, "--database", database, "--delay", "0", "--max-requests", "0", "--no-archive")
        done = armcrawl("crawl", *options, "--concurrency", "8")
    assert done.code == 0, done.err
    ask = asking(database)
    assert ask(SHOWN) == TEMPLATE
    assert ask("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == 0


def test_an_import_killed_in_its_midst(
    made: Made, database: str, start_command: Start, armcrawl: Command, tmp_path: Path, asking: Asking
) -> None:
    command = ("backfill", "--warc", made.archive, "--database", database, "--archive", str(tmp_path / "archive"))
    ask = asking(database)
    process = start_command(*command)
    wait_for(lambda: ask("SELECT count(*) FROM articles") > 0)
    kill(process)
    assert armcrawl(*command).code == 0
    assert ask(SHOWN) == NOTES
    assert ask("SELECT count(*) FROM article_versions") == NOTES


def test_a_copy_killed_in_its_midst(
    made: Made, database: str, start_command: Start, armcrawl: Command, asking: Asking
) -> None:
    ask = asking(database)
    process = start_command("db", "copy", made.url, database)
    wait_for(lambda: ask("SELECT count(*) FROM articles") > 0)
    kill(process)
    done = armcrawl("db", "copy", "--resume", made.url, database)
    assert done.code == 0, done.err
    assert rows_of(database) == made.rows


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_a_decision_killed_while_it_is_carried_out(
    notes: str, database: str, start_command: Start, armcrawl: Command, decision: str, asking: Asking
) -> None:
    options = ("--base-url", notes, "--database", database, "--delay", "0", "--max-requests", "0")
    ask = asking(database)
    crawl = start_command("crawl", *options, "--concurrency", "4")
    wait_for(lambda: ask("SELECT count(*) FROM article_versions WHERE state = 'withheld'") >= NOTES // 2)
    kill(crawl)
    # Half of the notes are withheld, and nobody has judged their run.
    verdict_on(database, enumerations.REFUSED)
    stored = ask("SELECT count(*) FROM article_versions WHERE state = 'withheld'")
    process = start_command("runs", decision, "1", "--database", database)
    # As soon as it is decided, and before all of it is carried out.
    wait_for(lambda: ask(f"SELECT count(*) FROM runs WHERE verdict <> '{enumerations.REFUSED}'") == 1)
    kill(process)
    done = armcrawl("runs", "publish", "--database", database)
    assert done.code == 0, done.err
    assert ask("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == 0
    assert ask(SHOWN) == (stored if decision == "accept" else 0)
    assert ask("SELECT count(*) FROM articles") == ask(SHOWN)
    assert armcrawl("crawl", *options).code == 0
    assert ask(SHOWN) == NOTES


def test_a_rebuild_killed_in_its_midst(
    made: Made, copied: str, start_command: Start, armcrawl: Command, asking: Asking
) -> None:
    engine = open_database(copied)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM relations")
        connection.exec_driver_sql("DELETE FROM clusters")
    engine.dispose()
    ask = asking(copied)
    process = start_command("dedupe", "rebuild", "--apply", "--database", copied)
    wait_for(lambda: ask("SELECT count(*) FROM relations") > 0)
    kill(process)
    assert armcrawl("dedupe", "rebuild", "--apply", "--database", copied).code == 0
    rows = rows_of(copied)
    assert [rows[name] for name in ("clusters", "cluster_members")] == [
        made.rows[name] for name in ("clusters", "cluster_members")
    ]


@pytest.mark.parametrize("lost", ["SELECT min(id) FROM articles", "SELECT id FROM articles"], ids=["one", "all"])
def test_a_rebuild_of_all_that_follows_killed_in_its_midst(
    made: Made, copied: str, start_command: Start, armcrawl: Command, lost: str, asking: Asking
) -> None:
    engine = open_database(copied)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM article_tags WHERE article_id IN ({lost})")
    engine.dispose()
    ask = asking(copied)
    with_tags = "SELECT count(DISTINCT article_id) FROM article_tags"
    before = ask(with_tags)
    with SecondReader(copied) as reader:
        process = start_command("db", "rebuild", "--database", copied)
        wait_for(lambda: ask(with_tags) > before)
        kill(process)
    assert reader.looks
    # A piece is there in whole.
    assert ask(with_tags) in {*range(SLOW_PIECE, NOTES, SLOW_PIECE), NOTES}
    done = armcrawl("db", "rebuild", "--database", copied)
    assert done.code == 0, done.err
    assert _without_index(rows_of(copied)) == _without_index(made.rows)


def test_a_reparse_killed_in_its_midst(
    made: Made, copied: str, start_command: Start, armcrawl: Command, tmp_path: Path, asking: Asking
) -> None:
    engine = open_database(copied)
    with engine.begin() as connection:
        # As an earlier parser would have read it.
        for table in (schema.captures, schema.article_versions):
            hashes = {name: "ранее" + table.c[name] for name in ("content_hash", "document_hash")}
            connection.execute(update(table).values(hashes))
        connection.execute(update(schema.article_versions).values(title="Чужой заголовок"))
    engine.dispose()
    archive = tmp_path / "archive"
    shutil.copytree(made.archive, archive)
    ask = asking(copied)
    command = ("reparse", "--apply", "--database", copied, "--archive", str(archive))
    process = start_command(*command)
    wait_for(lambda: ask("SELECT count(*) FROM article_versions") > NOTES)
    kill(process)
    assert armcrawl(*command).code == 0
    assert ask("SELECT count(*) FROM article_versions") == 2 * NOTES
    assert ask("SELECT count(*) FROM v_articles WHERE title = 'Чужой заголовок'") == 0
    assert ask("SELECT count(*) FROM article_tags") == sum(made.rows["article_tags"].values())


def _without_index(rows: dict[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Leave out what depends on the order of arrival: which of three hundred notes are compared."""
    return {name: found for name, found in rows.items() if name not in {"relations", "shingle_postings"}}
