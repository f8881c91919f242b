"""What is written is WARC 1.1, as every tool reads it."""

from __future__ import annotations

import gzip
import resource
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from armcrawl.archive.folder import Folder, file_in, files_of, folder_beside
from armcrawl.archive.reading import Captured, captured_at, records_of
from armcrawl.archive.records import Earlier, build
from armcrawl.archive.storage import OPEN
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.errors import ArchiveError
from armcrawl.reading.response import unpacked
from tests.archive.conftest import URL, exchange
from tests.conftest import FETCHED_AT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from armcrawl.archive.records import Exchange


def read(data: bytes) -> list[Any]:
    """Return the records in some bytes, each with its head and its payload."""
    return [
        (record.rec_type, record.rec_headers, record.http_headers, record.raw_stream.read())
        for record in ArchiveIterator(BytesIO(data), check_digests="raise")
    ]


def answer_of(written: Exchange) -> Any:
    built = build(written)
    return read(built.data)[1]


def test_a_request_is_recorded_with_its_query_and_its_own_host() -> None:
    kind, warc, http, _ = read(build(exchange()).data)[0]
    assert kind == "request"
    assert warc.get_header("WARC-Target-URI") == URL
    assert http.protocol == "GET"
    assert http.statusline == "/news/7?print=1 HTTP/1.1"
    assert http.headers == [("Host", "armtorg.ru"), ("User-Agent", "armcrawl")]


def test_an_answer_keeps_every_header_as_often_as_it_was_sent_and_its_body_to_the_byte() -> None:
    kind, warc, http, body = answer_of(exchange())
    assert kind == "response"
    assert (http.protocol, http.statusline) == ("HTTP/1.1", "200 OK")
    assert http.headers == [*exchange().headers]
    assert body == exchange().body
    assert warc.get_header("WARC-Date") == "2026-11-23T07:00:00.000000Z"


def test_request_and_answer_name_each_other() -> None:
    request, answer = read(build(exchange()).data)
    assert request[1].get_header("WARC-Concurrent-To") == answer[1].get_header("WARC-Record-ID")


@pytest.mark.parametrize(("status", "line"), [(404, "404 Not Found"), (200, "200 OK"), (799, "799 Unknown")])
def test_a_status_has_its_standard_phrase(status: int, line: str) -> None:
    assert answer_of(exchange(status=status))[2].statusline == line


def test_a_transfer_encoding_is_renamed_as_the_body_has_none_any_more() -> None:
    http = answer_of(exchange(headers=(("Transfer-Encoding", "chunked"),)))[2]
    assert http.headers == [("X-Archive-Orig-Transfer-Encoding", "chunked")]


def test_a_compressed_body_stays_as_it_was_received_and_is_unpacked_for_reading(tmp_path: Path) -> None:
    packed = gzip.compress(exchange().body)
    written = exchange(body=packed, headers=(("Content-Encoding", "gzip"), ("Content-Type", "text/html")))
    assert answer_of(written)[3] == packed
    with (tmp_path / "x.warc.gz").open("w+b") as file:
        built = build(written)
        file.write(built.data)
        captured = captured_at(file, built.offset)
    assert captured.body == packed
    assert unpacked(captured.response(URL)).body == exchange().body


def test_the_same_payload_is_a_revisit_without_a_body() -> None:
    first = build(exchange())
    again = exchange(earlier=Earlier(first.payload_digest, FETCHED_AT), fetched_at=FETCHED_AT + timedelta(days=1))
    kind, warc, http, body = answer_of(again)
    assert (kind, body) == ("revisit", b"")
    assert warc.get_header("WARC-Profile").endswith("identical-payload-digest")
    assert warc.get_header("WARC-Refers-To-Date") == "2026-11-23T07:00:00.000000Z"
    assert http.headers == [*exchange().headers]


def test_another_payload_is_written_in_full() -> None:
    earlier = Earlier(build(exchange()).payload_digest, FETCHED_AT)
    assert answer_of(exchange(body=b"<p>new", earlier=earlier))[0] == "response"


def test_not_modified_is_a_revisit_of_its_own_kind() -> None:
    written = exchange(status=304, body=b"", earlier=Earlier("sha1:ABC", FETCHED_AT))
    kind, warc, _, _ = answer_of(written)
    assert kind == "revisit"
    assert warc.get_header("WARC-Profile").endswith("server-not-modified")
    assert warc.get_header("WARC-Payload-Digest") == "sha1:ABC"


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[ArchiveWriter]:
    made = ArchiveWriter(ArchiveTarget(Folder(tmp_path), "armtorg", (("run", "1"),)))
    yield made
    if made.file is not None:
        made.file.close()


def test_a_file_is_open_until_it_is_closed_and_is_found_under_its_final_name_either_way(
    writer: ArchiveWriter, tmp_path: Path
) -> None:
    record = writer.write(exchange())
    assert [path.name for path in files_of(tmp_path)] == [f"{record.file}{OPEN}"]
    assert file_in(tmp_path, record.file).exists()
    writer.close()
    assert [path.name for path in files_of(tmp_path)] == [record.file]
    assert file_in(tmp_path, record.file).exists()


def test_a_record_is_found_where_it_is_said_to_be(writer: ArchiveWriter, tmp_path: Path) -> None:
    records = [writer.write(exchange(body=f"<p>{number}".encode())) for number in range(20)]
    writer.close()
    with (tmp_path / records[0].file).open("rb") as file:
        for number in reversed(range(20)):
            assert captured_at(file, records[number].offset).body == f"<p>{number}".encode()


def test_a_record_that_is_read_from_the_whole_file_says_where_it_is_found_again(
    writer: ArchiveWriter, tmp_path: Path
) -> None:
    written = [writer.write(exchange(body=f"<p>{number}".encode())) for number in range(3)]
    writer.close()
    with (tmp_path / written[0].file).open("rb") as file:
        found = [one for one in records_of(file) if isinstance(one, Captured)]
    assert [record.offset for record in found] == [record.offset for record in written]


def test_every_tool_reads_the_file(writer: ArchiveWriter, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = writer.write(exchange())
    writer.write(exchange(status=404))
    writer.close()
    path = tmp_path / record.file
    fast = [str(found.record_type).rpartition(".")[2] for found in FastIterator(str(path))]
    assert fast == ["warcinfo", "request", "response", "request", "response"]
    command = type("Command", (), {"inputs": [str(path)], "verbose": True})
    checker = Checker(command)
    checker.process_all()
    assert checker.exit_value == 0
    assert capsys.readouterr().out.count("digest pass") == 5


def test_a_large_file_is_followed_by_another(tmp_path: Path) -> None:
    writer = ArchiveWriter(ArchiveTarget(Folder(tmp_path), "armtorg"), largest=5_000)
    names = {writer.write(exchange(body=bytes(number % 251 for number in range(3_000)))).file for _ in range(20)}
    writer.close()
    assert len(names) > 2
    assert {path.name for path in files_of(tmp_path)} == names


def test_a_new_day_begins_a_new_file(writer: ArchiveWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    first = writer.write(exchange())
    monkeypatch.setattr("armcrawl.clock.now", lambda: FETCHED_AT + timedelta(days=400))
    assert writer.write(exchange()).file != first.file
    writer.close()


def test_what_a_dead_run_left_is_never_written_to(writer: ArchiveWriter, tmp_path: Path) -> None:
    left = writer.write(exchange())
    size = file_in(tmp_path, left.file).stat().st_size
    another = ArchiveWriter(replace(writer.target))
    another.number = 1  # as two processes with one number would
    assert another.write(exchange()).file != left.file
    another.close()
    assert file_in(tmp_path, left.file).stat().st_size == size


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    writer = ArchiveWriter(ArchiveTarget(Folder(tmp_path / "file" / "archive"), "armtorg"))
    with pytest.raises(ArchiveError, match=r"archive cannot be written \(Not a directory\)|Not a directory"):
        writer.write(exchange())


def test_a_record_that_the_disk_takes_in_part_is_an_error(writer: ArchiveWriter, tmp_path: Path) -> None:
    record = writer.write(exchange())
    size = file_in(tmp_path, record.file).stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python ignores the signal; the operating system takes what still fits, and says how much that was.
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, hard))
    try:
        with pytest.raises(ArchiveError, match="No space left on device"):
            writer.write(exchange())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_is_deleted_while_it_is_written_is_noticed(writer: ArchiveWriter, tmp_path: Path) -> None:
    record = writer.write(exchange())
    file_in(tmp_path, record.file).unlink()
    with pytest.raises(ArchiveError, match="deleted or moved"):
        writer.sync()


@pytest.mark.parametrize(
    ("database", "is_file", "folder"),
    [("data/armcrawl.db", True, "data/armcrawl-archive"), ("press", False, "data/press-archive")],
)
def test_the_archive_is_beside_its_database(database: str, folder: str, *, is_file: bool) -> None:
    assert str(folder_beside(database, is_file=is_file)) == folder


@pytest.mark.parametrize("name", ["../x.warc.gz", "/etc/passwd", "a/b.warc.gz"])
def test_only_files_of_the_folder_are_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        file_in(tmp_path / "inner", name)
