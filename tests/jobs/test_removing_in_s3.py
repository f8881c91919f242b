"""A takedown whose archive lies in S3: no version keeps the page, whoever is killed or comes at the same time."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from armcrawl.archive.folder import Folder, files_of
from armcrawl.archive.moving import move
from armcrawl.archive.reading import read_at
from armcrawl.archive.s3.bucket import Bucket
from armcrawl.sites import PageKey
from armcrawl.store.articles import removal, returning
from armcrawl.store.articles.captures import captures_of
from armcrawl.store.articles.removal_lists import beside, carry_list, catch_up
from armcrawl.store.articles.removals import listed
from armcrawl.store.base.database import open_database
from tests.jobs.world import SENTENCES, TITLE, URL, World
from tests.s3_server import BUCKET, S3

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


pytestmark = pytest.mark.store


def versions(s3: S3) -> list[bytes]:
    """Return all versions of all files, unpacked."""
    told = s3.client.list_object_versions(Bucket=BUCKET).get("Versions", [])
    bodies = [
        s3.client.get_object(Bucket=BUCKET, Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
        for one in told
        if one["Key"].endswith(".warc.gz")
    ]
    return [gzip.decompress(body) for body in bodies]


def leave(world: World, url: str = URL) -> None:
    """Have the record of a page wait to be wiped."""
    (file,) = {one.closed_name for one in world.storage.files() if one.name.startswith("both")}
    offset = next(one.offset for one in world.captured() if one.url == url)
    with world.engine.begin() as connection:
        removal.leave_unwiped(connection, [(file, offset)])


def test_no_version_of_a_file_in_s3_has_the_page_and_all_others_stand_where_they_stood(far: World, s3: S3) -> None:
    places = "SELECT external_id, archive_offset FROM captures JOIN pages ON pages.id = page_id WHERE external_id = '5'"
    before = far.ask(places)
    far.remove()
    assert [one.url for one in far.captured()] == ["https://armtorg.ru/news/5"]
    assert not any(TITLE.encode() in body or SENTENCES[0].encode() in body for body in versions(s3))
    assert far.ask("SELECT DISTINCT archive_file FROM captures") == [("both-w1.warc.gz",)]
    assert far.ask(places) == before


@pytest.mark.parametrize(("step", "calls"), [("put", 0), ("put", 1), ("delete", 1), ("delete", 2), ("delete", 3)])
def test_who_is_killed_while_files_in_s3_are_replaced_completes_it(
    far: World, s3: S3, monkeypatch: pytest.MonkeyPatch, step: str, calls: int
) -> None:
    done, left = getattr(Bucket, step), [calls]

    def die(*arguments: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        done(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, step, die)
        with pytest.raises(KeyboardInterrupt):
            far.remove()
    far.remove()
    assert [one.url for one in far.captured()] == ["https://armtorg.ru/news/5"]
    assert not any(TITLE.encode() in body for body in versions(s3))
    assert len(far.ask("SELECT outcome FROM pages WHERE outcome = 'removed'")) == 1
    assert far.ask("SELECT DISTINCT archive_file FROM captures") == [("both-w1.warc.gz",)]


def test_who_is_killed_before_the_database_names_the_new_file_completes_it(
    far: World, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(returning, "writing", die)
        with pytest.raises(KeyboardInterrupt):
            far.remove()
    far.remove()
    assert [one.url for one in far.captured()] == ["https://armtorg.ru/news/5"]
    assert not any(TITLE.encode() in body for body in versions(s3))


def test_a_file_in_s3_goes_also_if_who_replaced_it_was_killed_before(
    far: World, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(far)
    delete = Bucket.delete

    def die(bucket: Bucket, name: str) -> None:
        if name == "both.warc.gz":
            raise KeyboardInterrupt
        delete(bucket, name)

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "delete", die)
        with pytest.raises(KeyboardInterrupt):
            returning.wipe_returned(far.engine, far.storage)
    returning.wipe_returned(far.engine, far.storage)
    assert returning.unwiped_places(far.engine) == []
    assert "press/both.warc.gz" not in s3.objects()
    assert far.ask("SELECT DISTINCT archive_file FROM captures WHERE archive_file IS NOT NULL") == [
        ("both-w1.warc.gz",)
    ]


def test_of_two_runs_that_end_together_one_replaces_files(far: World, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(far)
    told = list[tuple[int, list[str]]]()
    put = Bucket.put

    def meanwhile(*arguments: Any) -> None:
        put(*arguments)
        told.append(returning.wipe_returned(far.engine, far.storage))

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "put", meanwhile)
        assert returning.wipe_returned(far.engine, far.storage) == (1, [])
    assert told == [(0, ["Another run wipes what it found: the next one wipes the rest"])]
    assert sum("both" in name for name in s3.objects()) == 1
    assert "https://armtorg.ru/news/5" in [one.url for one in far.captured()]


def test_a_file_that_was_put_and_still_waits_here_is_wiped_at_both_places(far: World, s3: S3) -> None:
    far.storage.local.mkdir(parents=True, exist_ok=True)
    (far.storage.local / "both.warc.gz").write_bytes(s3.objects()["press/both.warc.gz"])
    far.remove()
    assert not any(TITLE.encode() in body for body in versions(s3))
    assert files_of(far.storage.local) == []


def test_an_older_database_finds_the_others_in_the_file_that_took_the_place_of_theirs(
    far: World, tmp_path: Path
) -> None:
    far.engine.dispose()
    (tmp_path / "older.db").write_bytes((tmp_path / "test.db").read_bytes())
    far.remove()
    older = World(open_database(f"sqlite:///{tmp_path / 'older.db'}"), far.storage)
    (other,) = captures_of(older.engine, PageKey("armtorg", "news", "5"))
    assert read_at(far.storage, other.file, other.offset).url == "https://armtorg.ru/news/5"
    catch_up(older.engine, older.storage)
    assert older.ask("SELECT DISTINCT archive_file FROM captures") == [("both-w1.warc.gz",)]
    older.remove()
    assert older.ask("SELECT outcome FROM pages ORDER BY external_id") == [("removed",), ("stored",)]
    older.engine.dispose()


def test_an_archive_that_is_away_leaves_what_waits(far: World, s3: S3) -> None:
    leave(far)
    s3.is_away = True
    wiped, (problem,) = returning.wipe_returned(far.engine, far.storage)
    s3.is_away = False
    assert (wiped, problem.startswith(str(far.storage))) == (0, True)
    assert returning.wipe_returned(far.engine, far.storage) == (1, [])


def test_the_list_goes_where_the_archive_goes_and_lies_in_its_bucket(far: World, s3: S3, tmp_path: Path) -> None:
    far.remove()
    assert "press/removals.jsonl" in s3.objects()
    there = Folder(tmp_path / "there")
    for _ in move(far.storage, there):
        pass
    carry_list(far.storage, there, ())
    assert beside(there) == listed(far.engine)
