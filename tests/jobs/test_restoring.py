"""A backup is brought back as it was, into either kind of database, and over nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armcrawl import clock
from armcrawl.archive.wiping import wipe
from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.jobs.backing_up import back_up
from armcrawl.jobs.backup_contents import ARCHIVE, LIST, check, contents_of
from armcrawl.jobs.restoring import restore
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.jobs.conftest import Press, bodies_of
from tests.rows import rows_of
from tests.store.conftest import stored

if TYPE_CHECKING:
    from armcrawl.archive.folder import Folder

NOTHING_ELSE = ()


def test_what_is_restored_is_what_was_backed_up(press: Press, kept: Path, new: tuple[str, Folder]) -> None:
    back_up(press.url, press.storage, kept)
    press.publish(3)
    restore(kept, *new)
    assert bodies_of(*new) == [f"<html><h1>Новость {number}</h1></html>" for number in (1, 2)]
    expected = rows_of(press.url, without=NOTHING_ELSE, columns=NOTHING_ELSE)
    restored = rows_of(new[0], without=NOTHING_ELSE, columns=NOTHING_ELSE)
    assert restored["articles"] < expected["articles"]
    assert restored["captures"] < expected["captures"]


def test_a_backup_of_either_kind_goes_into_postgresql(
    press: Press, kept: Path, own_database: str, new: tuple[str, Folder]
) -> None:
    back_up(press.url, press.storage, kept)
    restore(kept, own_database, new[1])
    assert rows_of(own_database, without=NOTHING_ELSE, columns=NOTHING_ELSE) == rows_of(
        press.url, without=NOTHING_ELSE, columns=NOTHING_ELSE
    )
    assert len(bodies_of(own_database, new[1])) == 2


def test_a_backup_in_which_a_page_was_wiped_is_still_whole(
    press_file: Press, kept: Path, new: tuple[str, Folder]
) -> None:
    back_up(press_file.url, press_file.storage, kept)
    wipe(press_file.storage.path, *press_file.archived(1), clock.now())
    assert not check(kept, contents_of(kept))
    restore(kept, *new)


@pytest.mark.parametrize("damaged", ["database", "archive", "list"])
def test_a_damaged_backup_is_not_restored(press_file: Press, kept: Path, new: tuple[str, Folder], damaged: str) -> None:
    contents = back_up(press_file.url, press_file.storage, kept)
    places = {"database": contents.database.name, "archive": f"{ARCHIVE}/{contents.archive[0].name}", "list": LIST}
    file = kept / places[damaged]
    told = bytearray(file.read_bytes())
    middle = len(told) // 2
    told[middle : middle + 8] = bytes(255 - one for one in told[middle : middle + 8])
    file.unlink()  # it may be the archive's own
    file.write_bytes(told)
    with pytest.raises(ArmcrawlError, match=r"was changed|is damaged"):
        restore(kept, *new)
    assert not Path(new[0].removeprefix("sqlite:///")).exists()
    assert not new[1].exists()


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_nothing_is_restored_over_a_database_or_what_one_has_left(
    press_file: Press, kept: Path, new: tuple[str, Folder], end: str
) -> None:
    back_up(press_file.url, press_file.storage, kept)
    left = Path(new[0].removeprefix("sqlite:///") + end)
    left.parent.mkdir()
    left.write_bytes(b"precious")
    with pytest.raises(UsageError, match=f"{left.name} is there already: move it away"):
        restore(kept, *new)
    assert left.read_bytes() == b"precious"


def test_an_archive_of_another_database_is_not_mixed_in(press_file: Press, kept: Path, new: tuple[str, Folder]) -> None:
    back_up(press_file.url, press_file.storage, kept)
    new[1].path.mkdir(parents=True)
    (new[1].path / "other.warc.gz").write_bytes(b"precious")
    with pytest.raises(UsageError, match=r"holds other\.warc\.gz, which is not the backup's"):
        restore(kept, *new)


def test_a_restore_that_was_interrupted_is_done_again(press_file: Press, kept: Path, new: tuple[str, Folder]) -> None:
    contents = back_up(press_file.url, press_file.storage, kept)
    new[1].put(kept / ARCHIVE / contents.archive[0].name)
    restore(kept, *new)
    assert len(bodies_of(*new)) == 2


def test_a_file_of_that_name_with_other_bytes_is_left_alone(
    press_file: Press, kept: Path, new: tuple[str, Folder]
) -> None:
    contents = back_up(press_file.url, press_file.storage, kept)
    new[1].path.mkdir(parents=True)
    other = new[1].path / contents.archive[0].name
    other.write_bytes(b"-" * contents.archive[0].size)
    with pytest.raises(UsageError, match="holds another"):
        restore(kept, *new)
    assert set(other.read_bytes()) == {ord("-")}


def test_a_folder_that_is_no_backup_is_told(tmp_path: Path, new: tuple[str, Folder]) -> None:
    with pytest.raises(UsageError, match="is no backup: `armcrawl backup"):
        restore(tmp_path, *new)


def test_a_postgresql_restore_over_rows_is_refused(
    press_file: Press, kept: Path, own_database: str, new: tuple[str, Folder]
) -> None:
    back_up(press_file.url, press_file.storage, kept)
    engine = open_database(own_database)
    write_batch(engine, [stored(9)], None)
    engine.dispose()
    with pytest.raises(UsageError, match="holds rows already"):
        restore(kept, own_database, new[1])
