"""Backups: database and archive of one moment, whole or untouched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from armcrawl import clock
from armcrawl.archive.wiping import wipe
from armcrawl.errors import ArchiveError, DatabaseError, LockedError, UsageError
from armcrawl.jobs.backing_up import back_up
from armcrawl.jobs.backup_contents import ARCHIVE, LIST, Contents, alone_in, check, contents_of
from armcrawl.jobs.restoring import restore
from tests.archive.conftest import exchange
from tests.jobs.conftest import Press, bodies_of, die
from tests.rows import rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from armcrawl.archive.folder import Folder


def refuse(*paths: Path) -> None:
    """Give no second name, as between two disks."""
    raise OSError(18, "Invalid cross-device link", *paths)


def test_a_file_that_is_still_written_to_is_kept_up_to_what_the_database_names(
    press_file: Press, kept: Path, new: tuple[str, Folder]
) -> None:
    press_file.publish(3)
    press_file.writer.write(exchange(url="https://armtorg.ru/news/4", body="Никто о ней ещё не знает".encode()))
    back_up(press_file.url, press_file.storage, kept)
    assert not [path for path in (kept / ARCHIVE).iterdir() if path.suffix == ".open"]
    restore(kept, *new)
    assert len(bodies_of(*new)) == 3
    last = new[1].path / press_file.writer.name
    assert last.stat().st_size < (press_file.storage.path / f"{press_file.writer.name}.open").stat().st_size


def test_closed_files_take_no_room_on_the_archives_disk(press_file: Press, kept: Path) -> None:
    back_up(press_file.url, press_file.storage, kept)
    [file] = press_file.storage.path.iterdir()
    assert (kept / ARCHIVE / file.name).samefile(file)


def test_where_no_second_name_can_be_given_files_are_copied_once(
    press_file: Press, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.link", refuse)
    back_up(press_file.url, press_file.storage, kept)
    [copy] = (kept / ARCHIVE).iterdir()
    before = copy.stat().st_ino
    back_up(press_file.url, press_file.storage, kept)
    assert copy.stat().st_ino == before
    assert not check(kept, contents_of(kept))


def test_a_page_that_was_wiped_since_is_wiped_in_the_next_backup(
    press_file: Press, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.link", refuse)
    back_up(press_file.url, press_file.storage, kept)
    file, offset = press_file.archived(1)
    wipe(press_file.storage.path, file, offset, clock.now())
    back_up(press_file.url, press_file.storage, kept)
    assert (kept / ARCHIVE / file).read_bytes() == (press_file.storage.path / file).read_bytes()


def test_the_next_backup_takes_the_place_of_the_last(press_file: Press, kept: Path, new: tuple[str, Folder]) -> None:
    first = back_up(press_file.url, press_file.storage, kept)
    press_file.publish(3)
    press_file.writer.close()
    second = back_up(press_file.url, press_file.storage, kept)
    assert not (kept / first.database.name).exists()
    assert (kept / second.database.name).exists()
    restore(kept, *new)
    assert len(bodies_of(*new)) == 3


def test_a_backup_that_fails_leaves_the_last_one_whole(
    press_file: Press, kept: Path, new: tuple[str, Folder], monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(press_file.url, press_file.storage, kept)
    press_file.publish(3)
    press_file.writer.close()

    monkeypatch.setattr(Contents, "write", die)
    with pytest.raises(KeyboardInterrupt):
        back_up(press_file.url, press_file.storage, kept)
    restore(kept, *new)
    assert len(bodies_of(*new)) == 2


def test_what_a_dead_backup_has_left_is_gone_after_the_next(
    press_file: Press, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Contents, "write", die)
        with pytest.raises(KeyboardInterrupt):
            back_up(press_file.url, press_file.storage, kept)
    contents = back_up(press_file.url, press_file.storage, kept)
    assert {path.name for path in kept.iterdir()} == {LIST, ARCHIVE, ".lock", contents.database.name}


def test_a_backup_stays_whole_while_a_file_that_it_holds_grows(
    press_file: Press, kept: Path, new: tuple[str, Folder], monkeypatch: pytest.MonkeyPatch
) -> None:
    press_file.publish(3)
    back_up(press_file.url, press_file.storage, kept)
    press_file.publish(4)

    with monkeypatch.context() as patched:
        patched.setattr(Contents, "write", die)
        with pytest.raises(KeyboardInterrupt):
            back_up(press_file.url, press_file.storage, kept)
    restore(kept, *new)
    assert len(bodies_of(*new)) == 3


def test_what_else_lies_in_a_backup_stays(press_file: Press, kept: Path) -> None:
    back_up(press_file.url, press_file.storage, kept)
    (kept / "README").write_text("Не трогать")
    (kept / "armcrawl-export.jsonl").write_text("{}")
    (kept / "more").mkdir()
    back_up(press_file.url, press_file.storage, kept)
    assert {"README", "armcrawl-export.jsonl", "more"} < {path.name for path in kept.iterdir()}


def test_a_backup_that_keeps_an_archive_does_not_lose_it(press_file: Press, kept: Path) -> None:
    back_up(press_file.url, press_file.storage, kept)
    with pytest.raises(UsageError, match="keeps an archive as well, which would go"):
        back_up(press_file.url, None, kept)
    assert not check(kept, contents_of(kept))


def test_a_record_that_is_damaged_while_its_file_is_open_is_told(press_file: Press, kept: Path) -> None:
    press_file.publish(3)
    file, offset = press_file.archived(3)
    with (press_file.storage.path / f"{file}.open").open("r+b") as opened:
        opened.seek(offset + 20)
        opened.write(b"\xff" * 30)
    with pytest.raises(ArchiveError, match="cannot be copied"):
        back_up(press_file.url, press_file.storage, kept)


def test_an_archive_that_lacks_a_file_is_no_backup(press_file: Press, kept: Path) -> None:
    back_up(press_file.url, press_file.storage, kept)
    before = (kept / LIST).read_bytes()
    [file] = press_file.storage.path.iterdir()
    file.rename(file.with_name("elsewhere"))
    with pytest.raises(ArchiveError, match=f"lacks {file.name}, which the database names"):
        back_up(press_file.url, press_file.storage, kept)
    assert (kept / LIST).read_bytes() == before
    assert not check(kept, contents_of(kept))


def test_the_database_alone_is_backed_up_as_well(press_file: Press, kept: Path, new: tuple[str, Folder]) -> None:
    back_up(press_file.url, None, kept)
    restore(kept, *new)
    assert not new[1].exists()
    assert rows_of(new[0]) == rows_of(press_file.url)


def test_nothing_but_a_backup_is_written_over(press_file: Press, kept: Path) -> None:
    kept.mkdir()
    (kept / "notes.txt").write_text("precious")
    with pytest.raises(UsageError, match=r"holds notes\.txt, and is no backup"):
        back_up(press_file.url, press_file.storage, kept)
    assert [path.name for path in kept.iterdir()] == ["notes.txt"]


def test_two_backups_at_once_do_not_meet(press_file: Press, kept: Path) -> None:
    kept.mkdir()
    with alone_in(kept), pytest.raises(LockedError, match="Another backup is at work"):
        back_up(press_file.url, press_file.storage, kept)


def test_a_damaged_database_is_no_backup(press_file: Press, kept: Path, tmp_path: Path) -> None:
    back_up(press_file.url, press_file.storage, kept)
    file = tmp_path / "test.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    damaged = bytearray(file.read_bytes())
    # Half of it: some of a database's pages hold nothing, and what stands there is nobody's.
    quarter = len(damaged) // 4
    damaged[quarter : 3 * quarter] = b"\x55" * (2 * quarter)
    file.write_bytes(damaged)
    with pytest.raises(DatabaseError):
        back_up(press_file.url, press_file.storage, kept)
    assert not check(kept, contents_of(kept))


def test_a_folder_that_cannot_be_made_is_told(press_file: Press, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be a backup: Not a directory"):
        back_up(press_file.url, press_file.storage, tmp_path / "file" / "backup")
