"""Backups by command: taken at any moment of a crawl, and whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from tests.conftest import COMMAND_SECONDS
from tests.reader import HALF_WRITTEN
from tests.rows import rows_of
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    [file] = backup.glob("*.db")
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
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
        done = armcrawl("backup", f"backup-{len(numbers)}", "--database", database)
        if done.code == 0:
            numbers.append(articles_in(tmp_path / f"backup-{len(numbers)}"))
        else:
            assert "is empty" in done.err, done.err
        # The first one is of an empty database, or none; the others wait for articles.
        wait_for(lambda: has_articles(tmp_path / "test.db") or crawl.poll() is not None)
    _, err = crawl.communicate(COMMAND_SECONDS)
    assert crawl.returncode == 0, err
    assert numbers == sorted(numbers)
    taken = [number for number, articles in enumerate(numbers) if 0 < articles < len(undisturbed.rows["articles"])]
    assert taken, numbers
    url = f"sqlite:///{tmp_path}/restored.db"
    assert armcrawl("restore", f"backup-{taken[0]}", "--database", url).code == 0
    assert armcrawl("db", "check", "--database", url).code == 0
    verified = armcrawl("archive", "verify", "--database", url)
    assert verified.code == 0, verified.err
    done = armcrawl("crawl", "--base-url", slow_portal, "--database", url, "--delay", "0", "--concurrency", "8")
    assert done.code == 0, done.err
    compared = ("articles", "article_tags", "pages", "images")
    assert {name: rows_of(url)[name] for name in compared} == {name: undisturbed.rows[name] for name in compared}


def test_a_backup_tells_what_it_holds_and_is_checked_by_command(
    armcrawl: Command, crawled: str, tmp_path: Path
) -> None:
    done = armcrawl("backup", "kept", "--database", crawled)
    assert done.code == 0, done.err
    assert "1 file of the archive" in done.out
    assert armcrawl("backup", "kept", "--check").code == 0
    [file] = (tmp_path / "kept").glob("*.db")
    file.write_bytes(file.read_bytes()[:-1])
    damaged = armcrawl("backup", "kept", "--check")
    assert (damaged.code, damaged.out) == (1, "")
    assert "is missing, or was changed" in damaged.err


def test_what_cannot_be_backed_up_is_told(armcrawl: Command, crawled: str, tmp_path: Path) -> None:
    missing = armcrawl("backup", "kept", "--database", f"sqlite:///{tmp_path}/none.db")
    (tmp_path / "notes.txt").write_text("precious")
    no_folder = armcrawl("backup", "notes.txt", "--database", crawled)
    foreign = armcrawl("backup", ".", "--database", crawled)
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    noise = armcrawl("backup", "kept", "--database", f"sqlite:///{tmp_path}/noise.db")
    assert [done.code for done in (missing, no_folder, foreign, noise)] == [1, 2, 2, 1]
    assert "There is no database" in missing.err
    assert "is no backup: name an empty folder" in foreign.err
    assert "cannot be used" in noise.err
    assert (tmp_path / "notes.txt").read_text() == "precious"
    assert not list((tmp_path / "kept").glob("*.db"))


def test_a_server_that_is_away_is_one_sentence_without_its_password(armcrawl: Command) -> None:
    done = armcrawl("backup", "kept", "--database", "postgresql://me:secret@127.0.0.1:1/press")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert "secret" not in done.err
