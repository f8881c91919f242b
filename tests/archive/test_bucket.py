"""An archive in S3: files are put once, read back before they are deleted here, and read by ranges."""

from __future__ import annotations

import fcntl
import hashlib
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armcrawl.archive import sending
from armcrawl.archive.addresses import source_at, storage_at
from armcrawl.archive.checking import check_file
from armcrawl.archive.folder import Folder, files_of
from armcrawl.archive.moving import delete_all, move
from armcrawl.archive.reading import read_at, records_of
from armcrawl.archive.s3 import client, ranges
from armcrawl.archive.s3.bucket import NOTE, Bucket
from armcrawl.archive.sending import adopt, claim, send, waiting
from armcrawl.archive.storage import OPEN
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.errors import ArchiveAwayError, ArchiveError, ArchiveWaitsError, UsageError
from tests.archive.conftest import exchange
from tests.s3_server import BUCKET, S3, SECRET, s3_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from armcrawl.items import Record

pytestmark = pytest.mark.store
PREFIX = "press/raw"


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with s3_server() as made:
        yield made


@pytest.fixture
def s3(server: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """The server, with an empty bucket, and named by the environment."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    # What fails is tried again for half a minute, which no test waits for.
    monkeypatch.setattr("armcrawl.archive.s3.client.TIMES", 0)
    client.store.cache_clear()
    yield server
    server.empty()


@pytest.fixture
def bucket(s3: S3, tmp_path: Path) -> Bucket:
    """The archive of a database in the test's folder."""
    assert s3.objects() == {}
    ranges.forget()
    return Bucket.at(f"s3://{BUCKET}/{PREFIX}", tmp_path / "test-archive")


def body(number: int) -> bytes:
    """Return bytes that do not pack, so that a file is as large as its pages."""
    return hashlib.shake_128(bytes([number % 251])).digest(3000)


def written(bucket: Bucket, number: int = 3, largest: int | None = None) -> list[Record]:
    """Write so many pages, and close the archive."""
    writer = ArchiveWriter(ArchiveTarget(bucket, "test"), largest)
    records = [writer.write(exchange(body=body(page))) for page in range(number)]
    writer.close()
    return records


def left_behind(bucket: Bucket, name: str = "test-1.warc.gz") -> Path:
    """Return a whole file that waits on this machine."""
    other = Folder(bucket.local.parent / "elsewhere")
    writer = ArchiveWriter(ArchiveTarget(other, "test"))
    writer.write(exchange())
    writer.close()
    (path,) = files_of(other.path)
    bucket.local.mkdir(parents=True, exist_ok=True)
    return path.rename(bucket.local / name)


def test_a_closed_file_is_in_the_bucket_once_and_no_longer_on_this_machine(bucket: Bucket, s3: S3) -> None:
    records = written(bucket)
    assert list(s3.objects()) == [f"{PREFIX}/{records[0].file}"]
    assert files_of(bucket.local) == []
    assert [path for method, path, _ in s3.requests if method == "PUT"] == [f"/{BUCKET}/{PREFIX}/{records[0].file}"]


def test_a_file_is_read_from_this_machine_while_it_is_written(bucket: Bucket, s3: S3) -> None:
    writer = ArchiveWriter(ArchiveTarget(bucket, "test"))
    record = writer.write(exchange())
    assert read_at(bucket, record.file, record.offset).body == exchange().body
    assert [one.name for one in bucket.files()] == [f"{record.file}{OPEN}"]
    assert not [one for one in s3.requests if one[0] == "GET" and record.file in one[1]]
    writer.close()
    assert [one.name for one in bucket.files()] == [record.file]


def test_a_page_is_fetched_by_its_range_alone(bucket: Bucket, s3: S3) -> None:
    records = written(bucket, 60)
    s3.requests.clear()
    found = read_at(bucket, records[40].file, records[40].offset)
    assert found.offset == records[40].offset
    ((_, _, fetched),) = [one for one in s3.requests if one[0] == "GET"]
    first, last = fetched.removeprefix("bytes=").split("-")
    assert (int(first), int(last) - int(first) < ranges.PAGE) == (records[40].offset, True)


def test_neighbours_are_read_in_one_request_and_what_is_kept_of_them_is_bounded(bucket: Bucket, s3: S3) -> None:
    records = written(bucket, 30)
    s3.requests.clear()
    for record in reversed(records):
        with bucket.open(record.file) as file:
            file.seek(record.offset)
            assert file.read(2) == b"\x1f\x8b"
    assert len([one for one in s3.requests if one[0] == "GET"]) == 1
    assert ranges.BLOCK * ranges.BLOCKS == 64 << 20


def test_every_byte_is_the_same_as_on_disk(bucket: Bucket, s3: S3) -> None:
    records = written(bucket, 500)
    whole = s3.objects()[f"{PREFIX}/{records[0].file}"]
    assert len(whole) > ranges.BLOCK
    with bucket.open(records[0].file) as file:
        assert file.read() == whole
        file.seek(-5, 2)
        assert (file.read(99), file.read(1)) == (whole[-5:], b"")
    (stored,) = bucket.files()
    assert check_file(stored).problems == []


def test_a_file_that_is_not_there_is_named(bucket: Bucket) -> None:
    with pytest.raises(ArchiveError, match=rf"s3://{BUCKET}/{PREFIX}/none.warc.gz is missing"):
        read_at(bucket, "none.warc.gz", 0)


@pytest.mark.parametrize("name", ["../x.warc.gz", "a/b.warc.gz"])
def test_only_files_below_the_prefix_are_read(bucket: Bucket, s3: S3, name: str) -> None:
    s3.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/a/b.warc.gz", Body=b"x")
    with pytest.raises(FileNotFoundError):
        bucket.open(name)
    assert bucket.files() == []


def test_a_line_that_breaks_says_nothing_of_a_page(bucket: Bucket, s3: S3) -> None:
    records = written(bucket, 500)
    with bucket.open(records[0].file) as file:
        assert file.read(2) == b"\x1f\x8b"
        s3.is_away = True
        with pytest.raises(ArchiveAwayError, match=r"cannot be read: no answer"):
            list(records_of(file))
    with pytest.raises(ArchiveAwayError, match=r"cannot be read: no answer"):
        read_at(bucket, records[0].file, records[0].offset)


def test_another_process_reads_it_as_well(bucket: Bucket) -> None:
    (record,) = written(bucket, 1)
    assert read_at(pickle.loads(pickle.dumps(bucket)), record.file, record.offset).status == 200  # noqa: S301 - ours


def test_a_large_file_is_followed_by_another_and_all_are_put(bucket: Bucket, s3: S3) -> None:
    names = {record.file for record in written(bucket, 9, largest=5_000)}
    assert len(names) > 2
    assert {key.rpartition("/")[2] for key in s3.objects()} == names


def test_two_writers_never_have_one_name(bucket: Bucket, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    # As two containers, whose processes have the same number.
    monkeypatch.setattr("os.getpid", lambda: 7)
    there = Bucket(bucket.bucket, bucket.prefix, bucket.local.with_name("other"))
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(written, (bucket, there))
    assert len({first[0].file, second[0].file}) == 2
    assert len(s3.objects()) == 2


def test_a_lost_connection_loses_nothing_and_is_told(bucket: Bucket, s3: S3) -> None:
    writer = ArchiveWriter(ArchiveTarget(bucket, "test"))
    record = writer.write(exchange())
    s3.is_away = True
    with pytest.raises(ArchiveWaitsError, match=r"no answer.*A file of raw pages waits in .*archive adopt") as told:
        writer.close()
    assert SECRET not in str(told.value)
    assert waiting(bucket) == [record.file]
    assert read_at(bucket, record.file, record.offset).body == exchange().body
    s3.is_away = False
    assert adopt(bucket, bucket.local).sent == [record.file]
    assert (waiting(bucket), len(s3.objects())) == ([], 1)


def test_what_found_no_way_goes_with_the_next_file(bucket: Bucket, s3: S3) -> None:
    writer = ArchiveWriter(ArchiveTarget(bucket, "test"))
    s3.is_away = True
    first = writer.write(exchange())
    writer.finish()
    assert writer.sender.is_done(60)
    s3.is_away = False
    second = writer.write(exchange())
    writer.close()
    assert {key.rpartition("/")[2] for key in s3.objects()} == {first.file, second.file}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_put_that_was_interrupted_is_finished_by_the_next_run(bucket: Bucket, s3: S3, when: str) -> None:
    path = left_behind(bucket)
    whole = path.read_bytes()
    s3.breaks = ("PUT", when)
    with pytest.raises(ArchiveAwayError):
        send(bucket, path)
    assert path.exists()
    s3.breaks = None
    adopt(bucket, bucket.local)
    assert not path.exists()
    assert s3.objects() == {f"{PREFIX}/{path.name}": whole}
    assert s3.versions(f"{PREFIX}/{path.name}") == 1


def test_a_file_that_a_dead_run_left_open_is_put_as_it_is(bucket: Bucket, s3: S3) -> None:
    path = left_behind(bucket)
    cut = path.read_bytes()[:-9]
    path.unlink()
    path.with_name(f"{path.name}{OPEN}").write_bytes(cut)
    assert adopt(bucket, bucket.local).sent == [f"{path.name}{OPEN}"]
    assert s3.objects() == {f"{PREFIX}/{path.name}": cut}


def test_a_file_that_a_run_still_writes_is_left_alone(bucket: Bucket, s3: S3) -> None:
    writer = ArchiveWriter(ArchiveTarget(bucket, "test"))
    record = writer.write(exchange())
    found = adopt(bucket, bucket.local)
    assert (found.sent, found.busy) == ([], [f"{record.file}{OPEN}"])
    assert waiting(bucket) == []
    writer.close()
    assert len(s3.objects()) == 1


def test_a_file_that_another_process_sends_is_waited_for(bucket: Bucket, s3: S3) -> None:
    path = left_behind(bucket)
    with path.open("rb") as held, ThreadPoolExecutor(1) as thread:
        fcntl.flock(held, fcntl.LOCK_EX)
        sending = thread.submit(send, bucket, path)
        path.unlink()
        fcntl.flock(held, fcntl.LOCK_UN)
        sending.result()
    assert s3.objects() == {}


def test_a_file_that_is_looked_at_while_it_is_made_is_held_all_the_same(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = sending.hold

    def looked_at(file: IO[bytes]) -> None:
        with Path(file.name).open("rb") as other, ThreadPoolExecutor(1) as thread:
            assert claim(other)
            held = thread.submit(hold, file)
            other.close()
            held.result()

    monkeypatch.setattr("armcrawl.archive.writing.hold", looked_at)
    writer = ArchiveWriter(ArchiveTarget(bucket, "test"))
    writer.write(exchange())
    assert waiting(bucket) == []
    assert len(adopt(bucket, bucket.local).busy) == 1
    writer.close()


@pytest.mark.parametrize("look", [waiting, lambda bucket: adopt(bucket, bucket.local).sent])
def test_a_file_that_was_sent_meanwhile_waits_no_more(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, look: Callable[[Bucket], list[str]]
) -> None:
    gone = bucket.local / "gone.warc.gz"
    monkeypatch.setattr(sending, "files_of", lambda _: [gone])
    assert look(bucket) == []


def test_another_file_of_the_same_name_is_never_overwritten(bucket: Bucket, s3: S3) -> None:
    path = left_behind(bucket)
    s3.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{path.name}", Body=b"theirs")
    with pytest.raises(ArchiveError, match=r"another file than .*neither is touched"):
        send(bucket, path)
    assert path.exists()
    assert s3.objects() == {f"{PREFIX}/{path.name}": b"theirs"}


def test_one_file_that_cannot_be_put_does_not_keep_others_back(bucket: Bucket, s3: S3) -> None:
    stuck, fine = left_behind(bucket, "a.warc.gz"), left_behind(bucket, "b.warc.gz")
    s3.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{stuck.name}", Body=b"theirs")
    found = adopt(bucket, bucket.local)
    assert (found.sent, len(found.problems), waiting(bucket)) == ([fine.name], 1, [stuck.name])


def test_a_takedown_leaves_no_version_of_the_old_file(bucket: Bucket, s3: S3, tmp_path: Path) -> None:
    (record,) = written(bucket, 1)
    key = f"{PREFIX}/{record.file}"
    s3.client.delete_object(Bucket=BUCKET, Key=key)
    s3.client.put_object(Bucket=BUCKET, Key=key, Body=b"once more")
    assert s3.versions(key) == 3
    cleaned = tmp_path / "cleaned.warc.gz"
    cleaned.write_bytes(b"without the page")
    bucket.put(cleaned)
    bucket.delete(record.file)
    assert s3.versions(key) == 0
    assert s3.objects() == {f"{PREFIX}/cleaned.warc.gz": b"without the page"}


def test_a_file_is_deleted_from_a_bucket_without_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with s3_server("plain", is_versioned=False) as plain:
        for name, value in plain.environment.items():
            monkeypatch.setenv(name, value)
        client.store.cache_clear()
        bucket = Bucket.at("s3://plain", tmp_path / "test-archive")
        (record,) = written(bucket, 1)
        bucket.delete(record.file)
        bucket.delete(record.file)
        assert plain.objects() == {}


def test_a_file_is_deleted_on_a_server_that_knows_no_versions(bucket: Bucket, s3: S3) -> None:
    (record,) = written(bucket, 1)
    s3.knows_versions = False
    bucket.delete(record.file)
    assert s3.objects() == {}


def test_a_file_that_may_not_be_deleted_is_named(bucket: Bucket, s3: S3) -> None:
    (record,) = written(bucket, 1)
    s3.is_read_only = True
    with pytest.raises(ArchiveAwayError, match=rf"{record.file} cannot be deleted: who has the key .* may not do it"):
        bucket.delete(record.file)
    assert len(s3.objects()) == 1


def test_what_waits_on_this_machine_is_deleted_as_well(bucket: Bucket) -> None:
    path = left_behind(bucket)
    bucket.delete(path.name)
    assert not path.exists()


def test_a_bucket_that_is_not_there_is_named(s3: S3, tmp_path: Path) -> None:
    assert s3.objects() == {}
    with pytest.raises(ArchiveAwayError, match=r"There is no bucket of s3://nowhere/x: make it"):
        Bucket.at("s3://nowhere/x", tmp_path).check()


def test_credentials_that_the_server_does_not_take_are_told_without_the_secret(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER")
    client.store.cache_clear()
    with pytest.raises(ArchiveAwayError, match=r"does not take the credentials of AWS_ACCESS_KEY_ID") as told:
        bucket.check()
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("lacking", [["AWS_ACCESS_KEY_ID"], ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]])
def test_credentials_that_nobody_has_set_are_asked_for(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, lacking: list[str]
) -> None:
    for name in lacking:
        monkeypatch.delenv(name)
    # Where a machine in a cloud would have its own.
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")
    client.store.cache_clear()
    with pytest.raises(ArchiveAwayError, match=r"cannot be listed: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        bucket.check()


def test_who_may_not_write_learns_it_at_once(bucket: Bucket, s3: S3) -> None:
    s3.is_read_only = True
    with pytest.raises(
        ArchiveAwayError, match=r"cannot be written: who has the key of AWS_ACCESS_KEY_ID may not do it"
    ):
        bucket.check()
    s3.is_read_only = False
    bucket.check()
    bucket.check()
    assert list(s3.objects()) == [f"{PREFIX}/{NOTE}"]
    assert s3.versions(f"{PREFIX}/{NOTE}") == 1
    assert bucket.files() == []


def test_a_server_that_is_away_is_told(bucket: Bucket, s3: S3) -> None:
    s3.is_away = True
    with pytest.raises(ArchiveAwayError, match=r"cannot be listed: no answer; see whether AWS_ENDPOINT_URL"):
        bucket.check()


@pytest.mark.parametrize(
    "named",
    ["s3://", "s3://a", "s3://key:secret@pages/x", "s3://pages/../x", "s3://pages/a//b", "s3://pages/x?versionId=1",
     "https://pages.example.org", "gs://pages/x"],
)  # fmt: skip
def test_what_is_no_place_of_an_archive_is_refused_and_not_repeated(named: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="s3://BUCKET/PREFIX") as told:
        storage_at(named, tmp_path)
    assert "secret@" not in str(told.value)


def test_a_path_is_a_folder_and_files_of_it_are_paths(tmp_path: Path) -> None:
    assert storage_at("data/s3", tmp_path) == Folder(Path("data/s3"))
    assert source_at("data/s3", tmp_path) == Path("data/s3")


def test_an_archive_moves_there_and_back_byte_for_byte(bucket: Bucket, s3: S3, tmp_path: Path) -> None:
    here, back = Folder(tmp_path / "here"), Folder(tmp_path / "back")
    writer = ArchiveWriter(ArchiveTarget(here, "test"), 5_000)
    for page in range(9):
        writer.write(exchange(body=body(page)))
    writer.finish()
    left = sorted(path.name for path in here.path.iterdir())
    first = here.path / left[0]
    first.rename(first.with_name(f"{first.name}{OPEN}"))  # as a dead run leaves it
    before = {name: path.read_bytes() for name, path in zip(left, sorted(here.path.iterdir()), strict=True)}
    assert [one.is_new for one in move(here, bucket)] == [True] * len(left)
    assert {key.rpartition("/")[2]: data for key, data in s3.objects().items()} == before
    moved = list(move(bucket, back))
    delete_all(bucket, back, moved)
    assert {path.name: path.read_bytes() for path in back.path.iterdir()} == before
    assert (s3.objects(), s3.versions(PREFIX)) == ({}, 0)
    assert not list(tmp_path.rglob("*-moving-*"))


def test_a_move_that_was_interrupted_goes_on(bucket: Bucket, s3: S3, tmp_path: Path) -> None:
    here = Folder(tmp_path / "here")
    writer = ArchiveWriter(ArchiveTarget(here, "test"), 5_000)
    for page in range(9):
        writer.write(exchange(body=body(page)))
    writer.close()
    begun = move(here, bucket)
    next(begun)
    s3.is_away = True
    with pytest.raises(ArchiveAwayError, match="no answer"):
        next(begun)
    s3.is_away = False
    assert [one.is_new for one in move(here, bucket)][:2] == [False, True]
    assert len(here.files()) == len(s3.objects())


def test_a_move_ends_at_another_file_of_the_same_name_and_deletes_nothing(
    bucket: Bucket, s3: S3, tmp_path: Path
) -> None:
    here = Folder(tmp_path / "here")
    here.path.mkdir()
    path = left_behind(bucket)
    path = path.rename(here.path / path.name)
    s3.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{path.name}", Body=path.read_bytes()[::-1])
    with pytest.raises(ArchiveError, match="neither is touched"):
        list(move(here, bucket))
    assert path.exists()


def test_an_archive_is_not_moved_to_itself(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    with pytest.raises(UsageError, match="already"):
        list(move(Folder(tmp_path / "here"), Folder(tmp_path / "here" / ".." / "here")))
