"""What was taken down leaves backups, and comes back from none."""

from __future__ import annotations

import gzip
import shutil
from typing import TYPE_CHECKING

import pytest

from armcrawl.jobs.backing_up import back_up
from armcrawl.jobs.backup_contents import LIST, check, contents_of
from armcrawl.jobs.forgetting import forget_removed, note_taken, tell_backups
from armcrawl.jobs.removing import carry_out, plan
from armcrawl.jobs.restoring import restore
from armcrawl.store.articles.removal_lists import beside, catch_up, lines_of, removals_of
from armcrawl.store.articles.removals import Removal, listed
from armcrawl.store.base.database import open_database
from tests.conftest import FETCHED_AT
from tests.jobs.conftest import Press, bodies_of, die
from tests.store.conftest import key

if TYPE_CHECKING:
    from pathlib import Path

    from armcrawl.archive.folder import Folder
    from armcrawl.jobs.backup_contents import Contents

GONE, STAYS = "Новость 1", "Новость 2"


def take_down(press: Press, *, told: bool = True) -> list[Removal]:
    """Take the first page down; return what the database lists."""
    engine = open_database(press.url)
    carry_out(engine, press.storage, plan(engine, press.storage, key(1), "по решению суда"))
    if told:
        tell_backups(engine)
    removals = listed(engine)
    engine.dispose()
    return removals


def keep(press: Press, folder: Path) -> None:
    note(press, folder, back_up(press.url, press.storage, folder))


def note(press: Press, folder: Path, contents: Contents) -> None:
    engine = open_database(press.url)
    note_taken(engine, folder, contents)
    engine.dispose()


def texts_under(folder: Path) -> str:
    """Return all that files below a folder say, packed or not."""
    said = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            said.append(data.decode("utf-8", "ignore"))
            if path.name.endswith(".gz"):
                said.append(gzip.decompress(data).decode("utf-8", "ignore"))
    return "".join(said)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a backup whose files are its own, as on another disk."""

    def refuse(*paths: Path) -> None:
        raise OSError(18, "Invalid cross-device link", *paths)

    monkeypatch.setattr("armcrawl.jobs.backing_up.os.link", refuse)
    return tmp_path / "elsewhere"


def test_a_backup_that_was_told_brings_nothing_back(
    press_file: Press, elsewhere: Path, new: tuple[str, Folder], tmp_path: Path
) -> None:
    keep(press_file, elsewhere)
    take_down(press_file)
    _, forgotten = restore(elsewhere, *new)
    assert forgotten == 1
    restored = texts_under(tmp_path / "new")
    assert GONE not in restored
    assert STAYS in restored
    assert len(bodies_of(*new)) == 1


def test_into_postgresql_nothing_comes_back_either(
    press_file: Press, elsewhere: Path, own_database: str, new: tuple[str, Folder]
) -> None:
    keep(press_file, elsewhere)
    take_down(press_file)
    _, forgotten = restore(elsewhere, own_database, new[1])
    assert forgotten == 1
    assert bodies_of(own_database, new[1]) == [f"<html><h1>{STAYS}</h1></html>"]


def test_a_list_from_elsewhere_counts_too(press_file: Press, elsewhere: Path, new: tuple[str, Folder]) -> None:
    keep(press_file, elsewhere)
    told = lines_of(take_down(press_file, told=False))
    _, forgotten = restore(elsewhere, *new, removals_of(told))
    assert forgotten == 1


def test_the_list_beside_the_archive_counts_too(press_file: Press, elsewhere: Path, new: tuple[str, Folder]) -> None:
    keep(press_file, elsewhere)
    take_down(press_file, told=False)
    new[1].path.mkdir(parents=True)
    shutil.copy(press_file.storage.path / "removals.jsonl", new[1].path)
    _, forgotten = restore(elsewhere, *new)
    assert forgotten == 1


def test_a_restore_that_died_in_the_middle_of_wiping_is_done_again(
    press_file: Press, elsewhere: Path, new: tuple[str, Folder], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(press_file, elsewhere)
    take_down(press_file)

    with monkeypatch.context() as patched:
        patched.setattr("armcrawl.jobs.restoring.in_one_file", die)
        with pytest.raises(KeyboardInterrupt):
            restore(elsewhere, *new)
    restore(elsewhere, *new)
    assert len(bodies_of(*new)) == 1


def test_a_backup_is_wiped_of_what_was_taken_down_since(press_file: Press, elsewhere: Path) -> None:
    keep(press_file, elsewhere)
    assert GONE in texts_under(elsewhere)
    assert forget_removed(elsewhere, take_down(press_file, told=False)) == 1
    left = texts_under(elsewhere)
    assert GONE not in left
    assert STAYS in left
    assert not check(elsewhere, contents_of(elsewhere))


def test_a_backup_of_the_database_alone_is_wiped_as_well(
    press_file: Press, elsewhere: Path, new: tuple[str, Folder]
) -> None:
    back_up(press_file.url, None, elsewhere)
    assert forget_removed(elsewhere, take_down(press_file, told=False)) == 1
    assert GONE not in texts_under(elsewhere)
    restore(elsewhere, *new)


def test_wiping_that_died_leaves_a_whole_backup_and_is_done_again(
    press_file: Press, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(press_file, elsewhere)
    removals = take_down(press_file, told=False)

    with monkeypatch.context() as patched:
        patched.setattr("armcrawl.jobs.forgetting.in_one_file", die)
        with pytest.raises(KeyboardInterrupt):
            forget_removed(elsewhere, removals)
    assert not check(elsewhere, contents_of(elsewhere))
    forget_removed(elsewhere, removals)
    assert GONE not in texts_under(elsewhere)


def test_backups_that_keep_it_are_named_whether_they_are_here_or_not(press_file: Press, elsewhere: Path) -> None:
    keep(press_file, elsewhere)
    take_down(press_file, told=False)
    engine = open_database(press_file.url)
    [here] = tell_backups(engine)
    assert f"still has it: wipe it by `armcrawl backup --forget-removed {elsewhere}`" in here
    shutil.rmtree(elsewhere)
    [away] = tell_backups(engine)
    assert "may still have it, where it is kept" in away
    engine.dispose()


def test_what_is_taken_down_while_a_backup_is_taken_is_not_kept_in_it(press_file: Press, elsewhere: Path) -> None:
    contents = back_up(press_file.url, press_file.storage, elsewhere)
    take_down(press_file)
    note(press_file, elsewhere, contents)
    assert GONE not in texts_under(elsewhere)


def test_a_backup_that_was_rid_of_it_is_named_no_more(press_file: Press, elsewhere: Path) -> None:
    keep(press_file, elsewhere)
    forget_removed(elsewhere, take_down(press_file, told=False))
    engine = open_database(press_file.url)
    assert tell_backups(engine) == []
    engine.dispose()


def test_one_list_that_cannot_be_read_hides_no_other_backup(press_file: Press, elsewhere: Path, kept: Path) -> None:
    keep(press_file, elsewhere)
    keep(press_file, kept)
    (kept / LIST).unlink()
    (kept / LIST).mkdir()
    take_down(press_file, told=False)
    engine = open_database(press_file.url)
    assert len(tell_backups(engine)) == 2
    engine.dispose()


def test_what_is_wiped_in_a_backup_stays_in_an_archive_whose_file_it_shares(press_file: Press, kept: Path) -> None:
    keep(press_file, kept)
    [file] = press_file.storage.path.iterdir()
    before = file.read_bytes()
    gone = Removal(key(1), "по решению суда", FETCHED_AT)
    forget_removed(kept, [gone])
    assert file.read_bytes() == before
    assert GONE not in texts_under(kept)


def test_a_restore_into_postgresql_that_died_goes_on(
    press_file: Press, elsewhere: Path, own_database: str, new: tuple[str, Folder], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(press_file, elsewhere)
    take_down(press_file)

    with monkeypatch.context() as patched:
        patched.setattr("armcrawl.store.admin.copying._index", die)
        with pytest.raises(KeyboardInterrupt):
            restore(elsewhere, own_database, new[1])
    restore(elsewhere, own_database, new[1], resume=True)
    assert bodies_of(own_database, new[1]) == [f"<html><h1>{STAYS}</h1></html>"]
    assert not list(new[1].path.glob(".*"))


def test_what_was_wiped_once_is_not_wiped_again(press_file: Press, elsewhere: Path) -> None:
    keep(press_file, elsewhere)
    removals = take_down(press_file)
    assert [forget_removed(elsewhere, removals) for _ in range(2)] == [1, 0]


def test_the_list_lies_beside_a_restored_archive_also_where_the_backup_is_the_newer_one(
    press_file: Press, elsewhere: Path, new: tuple[str, Folder]
) -> None:
    removals = take_down(press_file)
    keep(press_file, elsewhere)
    _, forgotten = restore(elsewhere, *new)
    assert forgotten == 0
    assert [one.key for one in beside(new[1])] == [one.key for one in removals]


def test_a_list_that_was_left_behind_is_made_anew_by_the_next_run(press_file: Press) -> None:
    removals = take_down(press_file)
    (press_file.storage.path / "removals.jsonl").unlink()
    engine = open_database(press_file.url)
    assert catch_up(engine, press_file.storage) == []
    engine.dispose()
    assert [one.key for one in beside(press_file.storage)] == [one.key for one in removals]
