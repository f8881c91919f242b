"""Every command that only reads works on an SQLite file that one may only read: another user's, or on other media."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from armcrawl.items import Outcome
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.entities import deciding
from armcrawl.store.runs.run_record import begin_run
from tests.conftest import COMMAND_SECONDS
from tests.press import serving
from tests.store.conftest import answered, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]

# Root without its privileges: files and folders say what it may, as for any other user. (The version of the structure:
# https://man7.org/linux/man-pages/man2/capget.2.html.)
AS_ANYBODY = """import ctypes, sys
header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert ctypes.CDLL(None).capset(header, none) == 0
from armcrawl.cli import main
sys.exit(main())
"""
READING = (
    ("search", "цех"),
    ("search", "верблюд", "--tag", "верблюд"),
    ("search", "цех", "--sql"),
    ("export", "-"),
    ("export", "-", "--search", "цех", "--one-per-cluster"),
    ("export", "-", "--since-run", "1"),
    ("stats",),
    ("stats", "--by", "tag"),
    ("show", "9911"),
    ("show", "9911", "--diff"),
    ("entities", "list"),
    ("entities", "show", "Салют"),
    ("entities", "review"),
    ("entities", "decisions"),
    ("dedupe", "explain", "9911", "9912"),
    ("status",),
    ("status", "--json"),
    ("runs", "list"),
    ("runs", "show", "1"),
    ("quarantine", "list"),
    ("sites", "show", "armtorg"),
    ("db", "check"),
    ("backfill", "--plan", "--all"),
)


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    """A folder in which only its owner may write, with a database that one more process writes to."""
    made = tmp_path / "media"
    made.mkdir()
    engine = open_database(f"sqlite:///{made}/test.db")
    begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, [stored(), stored(9912), answered(Outcome.QUARANTINED, 3)], None)
    deciding.rename(engine, "Салют", "Завод «Салют»", "редактор")
    yield made
    made.chmod(0o755)
    engine.dispose()


@pytest.fixture
def at_rest(media: Path) -> Iterator[Path]:
    """A folder with a copy of the file alone, and no right to write for anybody."""
    made = media.with_name("copied")
    made.mkdir()
    engine = open_database(f"sqlite:///{media}/test.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    shutil.copy(media / "test.db", made / "test.db")
    (made / "test.db").chmod(0o444)
    made.chmod(0o555)
    yield made
    made.chmod(0o755)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def read(armcrawl: Command, folder: Path, command: tuple[str, ...]) -> str:
    before = names(folder)
    done = armcrawl(*command, "--database", f"sqlite:///{folder}/test.db", script=AS_ANYBODY)
    assert (done.code, "Traceback" in done.err) == (0, False), (command, done.err)
    assert names(folder) == before, command
    return done.out


def test_what_nobody_writes_to_is_read_on_media_that_one_may_only_read(armcrawl: Command, at_rest: Path) -> None:
    assert names(at_rest) == ["test.db"]
    told = {command: read(armcrawl, at_rest, command) for command in READING}
    assert len(json.loads(told["status", "--json"])) > 0
    assert "2 of 2 articles." in told["search", "цех"]


def test_what_another_user_writes_to_is_read_as_it_is_now(armcrawl: Command, media: Path) -> None:
    for file in (*media.iterdir(), media):
        file.chmod(0o555)
    assert (media / "test.db-wal").stat().st_size
    told = {command: read(armcrawl, media, command) for command in READING}
    assert "2 of 2 articles." in told["search", "цех"]


def test_pages_are_served_from_media_that_one_may_only_read(at_rest: Path, tmp_path: Path) -> None:
    script = tmp_path / "anybody.py"
    script.write_text(AS_ANYBODY)
    with serving(f"sqlite:///{at_rest}/test.db", [str(script)]) as address:
        for page in ("/", "/search?q=armtorg", "/press/v_articles"):
            with urlopen(f"http://{address.removeprefix('http://')}{page}", timeout=COMMAND_SECONDS) as answer:
                assert answer.status == 200
    assert names(at_rest) == ["test.db"]


def test_a_backup_and_a_copy_are_taken_of_media_that_one_may_only_read(
    armcrawl: Command, at_rest: Path, tmp_path: Path
) -> None:
    for command in (("backup", str(tmp_path / "kept"), "--database"), ("db", "copy")):
        target = (f"sqlite:///{tmp_path}/copy.db",) if command[0] == "db" else ()
        done = armcrawl(*command, f"sqlite:///{at_rest}/test.db", *target, script=AS_ANYBODY)
        assert done.code == 0, done.err
    assert names(at_rest) == ["test.db"]


@pytest.mark.parametrize(
    "command",
    [
        ("entities", "rename", "Салют", "Маяк", "--by", "я", "--apply"),
        ("runs", "publish"),
        ("db", "rebuild"),
        ("recheck", "9911"),
        ("crawl", "--max-requests", "1"),
        ("doctor", "--offline"),
    ],
)
def test_what_writes_says_in_a_sentence_that_it_may_not(
    armcrawl: Command, at_rest: Path, command: tuple[str, ...]
) -> None:
    done = armcrawl(
        *command, "--database", f"sqlite:///{at_rest}/test.db", script=AS_ANYBODY, ARMCRAWL_CONTACT="a@b.ru"
    )
    assert done.code == 1, (done.out, done.err)
    assert "Traceback" not in done.err
    assert any(word in done.out + done.err for word in ("readonly", "Permission denied", "cannot be written")), done.err
