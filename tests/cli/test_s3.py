"""An archive in S3 in use: every command takes it as it takes a folder, and a broken line loses nothing."""

from __future__ import annotations

import json
import os
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.server import serving
from tests.cli.test_killed_jobs import kill
from tests.conftest import COMMAND_SECONDS, TODAY
from tests.rows import rows_of
from tests.s3_server import BUCKET, S3, SECRET, s3_server
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.forking import Finished, Forking, Started

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

FAST = ("--delay", "0", "--concurrency", "8")
SMALL = ("--section", "articles")
PLACE = f"s3://{BUCKET}/press"
WITHOUT_LIBRARY = """
import sys
sys.modules["obstore"] = None
from armcrawl.cli import main
if __name__ == "__main__":
    main()
"""


@pytest.fixture
def s3() -> Iterator[S3]:
    with s3_server() as server:
        yield server


@pytest.fixture
def command(armcrawl: Command, s3: S3, database: str) -> Command:
    """Run a command with the archive in S3, as the environment says."""
    return partial(armcrawl, ARMCRAWL_ARCHIVE=PLACE, ARMCRAWL_DATABASE_URL=database, **s3.environment)


@pytest.fixture(scope="module")
def made(forks: Forking, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database and the archive of a crawl to disk."""
    folder = tmp_path_factory.mktemp("made")
    with serving("bootstrap", today=lambda: TODAY) as url:
        options = ("--base-url", url, "--database", f"sqlite:///{folder}/test.db", *SMALL, *FAST)
        done = forks.run(("crawl", *options), folder=folder, environment=os.environ, timeout=COMMAND_SECONDS)
    assert done.code == 0, done.err
    return folder


@pytest.fixture
def on_disk(made: Path, tmp_path: Path, database: str) -> Path:
    """The archive of that crawl; its database is where `database` says."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    assert database.endswith(f"{tmp_path}/test.db")
    return tmp_path / "test-archive"


def waiting(folder: Path) -> list[str]:
    """Return the files that wait beside the database."""
    return [path.name for path in (folder / "test-archive-not-yet-in-s3" / BUCKET / "press").glob("*")]


def test_everything_works_with_an_archive_in_s3(
    portal: str, command: Command, s3: S3, query: Query, tmp_path: Path
) -> None:
    done = command("crawl", "--base-url", portal, *SMALL, *FAST)
    assert done.code == 0, done.err
    ((name,),) = query("SELECT DISTINCT archive_file FROM captures")
    assert sorted(s3.objects()) == ["press/armcrawl-archive.txt", f"press/{name}"]
    assert waiting(tmp_path) == []
    ((key,),) = query("SELECT key FROM v_articles ORDER BY key LIMIT 1")
    for arguments, said in (
        (("archive", "list"), str(name)),
        (("archive", "list", str(key)), str(name)),
        (("archive", "verify"), "0 problems"),
        (("archive", "cat", str(key)), "<html"),
        (("archive", "save-fixture", str(key), "--folder", "golden"), "are saved"),
        (("runs", "show", "1"), "articles"),
        (("reparse", "--jobs", "2"), "Read otherwise: 0."),
        (("remove", str(key), "--reason", "probe"), "archived page"),
        (("doctor", "--offline"), f"{PLACE} can be written, and holds the 1 files"),
    ):
        done = command(*arguments)
        assert said in done.out, (arguments, done.out, done.err)
        assert SECRET not in done.out + done.err
    again = command("crawl", "--base-url", portal, *SMALL, *FAST)
    assert again.code == 0, again.err
    assert command("archive", "verify").code == 0
    removed = command("remove", str(key), "--reason", "probe", "--apply")
    assert removed.code == 0, removed.err
    assert s3.versions(f"press/{name}") == 0
    assert command("archive", "cat", str(key)).code != 0
    assert command("archive", "verify").code == 0


def test_a_database_made_from_s3_is_the_one_made_from_disk(
    on_disk: Path, command: Command, s3: S3, tmp_path: Path
) -> None:
    moved = command("archive", "move", str(on_disk), PLACE, "--json")
    assert moved.code == 0, moved.err
    assert [one["is_new"] for one in json.loads(moved.out)["files"]] == [True]
    first, second = (f"sqlite:///{tmp_path}/{name}.db" for name in ("disk", "s3"))
    for database, place in ((first, str(on_disk)), (second, PLACE)):
        done = command("backfill", "--warc", place, "--archive", place, "--database", database)
        assert done.code == 0, done.err
    assert rows_of(first, columns=()) == rows_of(second, columns=())
    assert len(s3.objects()) == 2


def test_the_database_needs_no_change_when_its_archive_moves(
    on_disk: Path, command: Command, s3: S3, database: str
) -> None:
    before = rows_of(database, columns=())
    moved = command("archive", "move", str(on_disk), PLACE, "--delete-source")
    assert moved.code == 0, moved.err
    assert list(on_disk.iterdir()) == []
    assert rows_of(database, columns=()) == before
    verified = command("archive", "verify")
    assert (verified.code, "0 problems" in verified.out) == (0, True), verified.err
    assert len(s3.objects()) == 2


@pytest.mark.parametrize(
    ("place", "environment", "said"),
    [
        (PLACE, {"AWS_ACCESS_KEY_ID": "AKIAOTHER"}, "does not take the credentials of AWS_ACCESS_KEY_ID"),
        ("s3://elsewhere", {}, "There is no bucket of s3://elsewhere: make it"),
        (PLACE, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "no answer; see whether AWS_ENDPOINT_URL"),
    ],
)
def test_what_is_wrong_with_the_bucket_is_told_before_a_page_is_fetched(
    portal: str, command: Command, requests: list[str], place: str, environment: dict[str, str], said: str
) -> None:
    done = command("crawl", "--base-url", portal, "--archive", place, *SMALL, *FAST, **environment)
    assert done.code == 1
    assert said in done.err
    assert "Traceback" not in done.err
    assert SECRET not in done.err
    assert requests == []


def test_without_the_library_it_is_named(portal: str, command: Command, requests: list[str]) -> None:
    done = command("crawl", "--base-url", portal, *SMALL, *FAST, script=WITHOUT_LIBRARY)
    assert (done.code, requests) == (2, [])
    assert "install armcrawl[s3]" in done.err


def test_a_line_that_breaks_loses_nothing_and_the_next_run_puts_what_waits(
    portal: str, command: Command, s3: S3, query: Query, tmp_path: Path
) -> None:
    s3.breaks = ("PUT", "before")
    done = command("crawl", "--base-url", portal, *SMALL, *FAST, "--report", "night.json")
    assert done.code == 1, done.err
    assert "A file of raw pages waits in" in done.err
    report = json.loads((tmp_path / "night.json").read_text(encoding="utf-8"))
    assert (report["stats"]["armcrawl/archive/waiting"], report["articles"]["new"] > 20) == (1, True)
    assert query("SELECT count(*) > 20 FROM v_articles") == [(1,)]
    (name,) = waiting(tmp_path)
    doctor = command("doctor", "--offline")
    assert (doctor.code, "armcrawl archive adopt" in doctor.out) == (1, True)
    assert command("archive", "verify").code == 0
    s3.breaks = None
    assert command("crawl", "--base-url", portal, *SMALL, *FAST).code == 0
    assert (waiting(tmp_path), f"press/{name}" in s3.objects()) == ([], True)


@pytest.mark.parametrize(
    "arguments", [("reparse", "--jobs", "1"), ("archive", "verify"), ("backfill", "--warc", PLACE), ("archive", "list")]
)
def test_a_line_that_breaks_ends_a_command_and_condemns_no_page(
    on_disk: Path, command: Command, s3: S3, arguments: tuple[str, ...]
) -> None:
    assert command("archive", "move", str(on_disk), PLACE).code == 0
    s3.breaks = ("GET", "before")
    s3.is_away = arguments == ("archive", "list")
    done = command(*arguments)
    assert done.code == 1, done.out
    assert f"{PLACE} cannot be" in done.err
    assert "Traceback" not in done.err
    assert "unreadable" not in done.out


def test_the_next_run_puts_what_a_killed_one_was_writing(
    start: Callable[[], Started],
    slow_options: Sequence[str],
    asked: list[str],
    command: Command,
    s3: S3,
    query: Query,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (s3.environment | {"ARMCRAWL_ARCHIVE": PLACE}).items():
        monkeypatch.setenv(name, value)
    crawl = start()
    archived = "SELECT count(*) FROM captures WHERE archive_file IS NOT NULL"
    wait_for(lambda: len(asked) > 30 and query(archived) != [(0,)])
    kill(crawl)
    (left,) = waiting(tmp_path)
    assert (left.endswith(".open"), list(s3.objects())) == (True, ["press/armcrawl-archive.txt"])
    done = command("crawl", *slow_options, "--max-requests", "20")
    assert done.code == 0, done.err
    assert f"{left}, which an earlier run had left here, is in {PLACE} now." in done.err
    assert (waiting(tmp_path), f"press/{left.removesuffix('.open')}" in s3.objects()) == ([], True)
    read = json.loads(command("reparse", "--jobs", "1", "--json").out)["pages"]
    # Those of the killed run, and of the next one.
    pages = query("SELECT count(DISTINCT page_id) FROM captures WHERE archive_file IS NOT NULL")
    assert (read.get("unreadable", 0), [(read["read"],)]) == (0, pages), read


def test_files_of_a_worker_that_is_gone_are_put_by_hand(
    on_disk: Path, command: Command, s3: S3, tmp_path: Path
) -> None:
    gone = tmp_path / "disk-of-another-machine"
    on_disk.rename(gone)
    (path,) = gone.iterdir()
    path.rename(gone / f"{path.name}.open")
    done = command("archive", "adopt", str(gone))
    assert done.code == 0, done.err
    assert (list(gone.iterdir()), f"press/{path.name}" in s3.objects()) == ([], True)
    assert command("archive", "verify").code == 0
    assert "0 files put" in command("archive", "adopt").out
    (gone / f"{path.name}.open").write_bytes(b"left open")
    assert "1 file put" in command("archive", "adopt", "--archive", str(gone)).out
    assert list(gone.iterdir()) == [path]
